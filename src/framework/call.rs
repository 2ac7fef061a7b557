//! Calls that take a path, as rows: which argument, and what is done with it.

use crate::diagnostic::Strength;
use crate::reference::{Loaded, Magento, Phtml, Want};

/// A call that takes a path.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Its dotted name, with `()` for what a call returns (`flask.Flask().open_resource`); with a leading dot a
    /// method of whatever has it; with `*.` any function of this name.
    pub name: &'static str,
    /// Position of the path among the arguments.
    pub argument: usize,
    /// Keyword of the same argument; empty where there is none.
    pub keyword: &'static str,
    /// What is done with the path.
    pub role: Role,
    /// What production does when the target is absent.
    pub strength: Strength,
}

/// What a call does with its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads what is there, from the working directory.
    Read(Want),
    /// Reads or writes by the mode, which is at this position or in `mode=`.
    Open {
        /// Position of the mode.
        mode: usize,
    },
    /// Reads the path the method is called on.
    ReadSelf,
    /// Makes the path; its absence is normal.
    Write,
    /// Makes the path the method is called on.
    WriteSelf,
    /// Reads the argument and makes the next one.
    Copy,
    /// Asks whether the path exists.
    Test,
    /// Asks whether the path the method is called on exists.
    TestSelf,
    /// Imports the module of this name.
    Import,
    /// Imports the module of this name, or of the first name of a tuple.
    ImportFirst,
    /// Imports what stands behind the last dot out of the module before it.
    ImportMember,
    /// Asks whether the module of this name exists.
    TestImport,
    /// A list whose members name an interpreter and a script.
    Run,
    /// Changes the working directory.
    ChangeDirectory,
    /// Adds a directory that modules are imported from.
    PythonRoot,
    /// Reads a file beside the module that the argument before names.
    Resource,
    /// Loads the template that the first text names, which may stand behind the request.
    Response,
    /// Loads a template, or the first that exists of a list.
    Template,
    /// Adds directories of templates, started where the program runs.
    TemplateFolder,
    /// Adds directories of templates.
    TemplateRoot,
    /// Creates an application whose templates and static files lie beside the module.
    Application {
        /// Name of its directory of templates unless told; empty: none.
        templates: &'static str,
        /// Name of its directory of static files unless told; empty: none.
        statics: &'static str,
    },
    /// Reads a file relative to the application's directory.
    OfApplication(Want),
    /// Reads the next argument below the directory in this one.
    InDirectory,
    /// Reads a file of the static folder.
    Static,
    /// Loads a part of a theme: `slug-name.php` by this and the next argument, else `slug.php`.
    ThemePart,
    /// Loads a file of a theme, of which WordPress has another: `header-name.php` by the name and this front, or what
    /// is named where it is empty.
    ThemeFile(&'static str),
    /// Gives a URL to browsers.
    Load,
    /// Makes a page of a view, which is named with dots.
    View,
    /// Loads a part of an application of CodeIgniter by its name, or by each of a list.
    Loaded(Loaded),
    /// Names a file of a module of Magento's.
    Magento(Magento),
    /// Names a template in PHP.
    Phtml(Phtml),
    /// Names a page of Inertia's.
    Page,
    /// Names a file that Mix builds.
    Built,
    /// Registers a component of Laravel by its name, which is this argument or the next one.
    Component,
    /// Registers components of Laravel by names that it does not say.
    Components,
    /// Builds a URL; that of a static file where the endpoint is `static`.
    StaticUrl,
}

impl Call {
    /// The word reports use.
    #[must_use]
    pub fn construct(&self) -> &'static str {
        if self.name.starts_with('*') {
            return self.name;
        }
        self.name.rsplit('.').next().unwrap_or(self.name)
    }
}

/// A row.
pub(crate) const fn call(
    name: &'static str,
    argument: usize,
    keyword: &'static str,
    role: Role,
    strength: Strength,
) -> Call {
    Call { name, argument, keyword, role, strength }
}
