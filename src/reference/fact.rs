//! What a scan gives: references, what a source says about the whole tree, and whether the scan was whole.

use super::{Defined, Image, Reference};
use crate::expr::PathExpr;

/// Something a source says about the whole tree. Names are in the spelling of their language.
#[derive(Clone, Debug)]
pub enum Fact {
    /// A constant has this value (in the language of the file).
    Constant {
        /// Its name, as [`PathExpr::Constant`] uses it.
        name: Vec<u8>,
        /// Its value.
        value: PathExpr<'static>,
    },
    /// A directory is searched for includes (`set_include_path`).
    IncludePath(PathExpr<'static>),
    /// The working directory is changed to this.
    ChangeDirectory(PathExpr<'static>),
    /// A path is written by the program: its absence is normal.
    Output(PathExpr<'static>),
    /// The directory of an application object (Flask's `root_path`).
    Application(PathExpr<'static>),
    /// A directory of templates (Flask's `template_folder`, a loader's search path).
    TemplateRoot(PathExpr<'static>),
    /// A directory of templates beside those of applications (Django's `DIRS`).
    TemplateFolder(PathExpr<'static>),
    /// A directory of templates that are named below `@name/` (Twig's namespaces); those of the main one where the name
    /// is empty.
    TemplateNamespace {
        /// Its name.
        name: Vec<u8>,
        /// The directory.
        directory: PathExpr<'static>,
    },
    /// A directory of static files beside those of applications (Django's `STATICFILES_DIRS`).
    StaticFolder(PathExpr<'static>),
    /// A directory of static files (Flask's `static_folder`), and the URL prefix it is served under.
    StaticRoot {
        /// The directory.
        directory: PathExpr<'static>,
        /// The URL prefix, such as `/static`.
        url: Vec<u8>,
    },
    /// A directory from which Python imports absolutely (`sys.path.insert`).
    PythonRoot(PathExpr<'static>),
    /// What a Python module binds at its top level.
    PythonModule {
        /// Names bound by `def`, `class`, assignment, import and so on.
        names: Vec<Vec<u8>>,
        /// Further names may appear (`import *` from elsewhere, `__getattr__`, `globals()`).
        opaque: bool,
    },
    /// A PSR-4 or PSR-0 mapping of a Composer manifest: namespace prefix to directory.
    Autoload {
        /// `App\`, empty for the fallback.
        prefix: Vec<u8>,
        /// The directory, relative to the root.
        directory: Vec<u8>,
        /// PSR-0: the prefix stays in the path and underscores of the class become slashes.
        psr0: bool,
    },
    /// Patterns of paths that git ignores below this file's directory, a line each.
    Ignored(Vec<String>),
    /// A submodule of git lies there, relative to this file's directory.
    Submodule(Vec<u8>),
    /// Full names of classes in namespaces that a PHP file declares.
    PhpClasses(Vec<Vec<u8>>),
    /// A file or directory, relative to the root, whose PHP classes load whatever they are called.
    Classmap(Vec<u8>),
    /// A theme of WordPress lies in the directory of this file.
    Theme {
        /// Name of the directory, beside its own, of the theme that it is a child of.
        parent: Option<Vec<u8>>,
    },
    /// The site of a generator has a folder at another place than by convention.
    SiteFolder {
        /// Directory of the site, relative to the root.
        home: Vec<u8>,
        /// Which folder.
        folder: SiteFolder,
        /// Where it is, relative to the root.
        place: Vec<u8>,
    },
    /// What a package or another repository has is part of the site that is made below this file's directory: a theme,
    /// a layer, a module.
    Extended,
    /// Menus of Docusaurus stand in one file and name documents of one folder, each relative to this file.
    Menus {
        /// The file.
        file: PathExpr<'static>,
        /// The folder.
        folder: PathExpr<'static>,
        /// A plugin may make documents, or a function names them.
        open: bool,
    },
    /// What a document calls itself.
    DocumentId(OwnId),
    /// The directory of this file is served by this host, in lower case.
    Host(Vec<u8>),
    /// A build below this file's directory makes what is served out of what lies there.
    Builds,
    /// A play, a task or another role runs the role of this name; `None` where the name is known at run time only.
    Role(Option<Vec<u8>>),
    /// A directory of Ansible's roles (`roles_path`).
    RolesPath(PathExpr<'static>),
    /// A Puppet manifest defines a class, a defined type, or a type alias of this name.
    PuppetDefinition(Vec<u8>),
    /// A Dockerfile is built with this directory as its context.
    Build {
        /// The Dockerfile.
        dockerfile: PathExpr<'static>,
        /// The directory.
        context: PathExpr<'static>,
    },
    /// What a Dockerfile puts into its images.
    Image(Image),
    /// A part of the tree is mounted into a container.
    Mounted {
        /// The part.
        source: PathExpr<'static>,
        /// The absolute path in the container.
        target: Vec<u8>,
    },
    /// Relative names in the configuration of this web server start from this directory.
    ServerHome {
        /// Name of its language.
        server: &'static str,
        /// Relative to the root.
        directory: Vec<u8>,
    },
    /// The configuration of an application of Rails says something of how constants are found.
    Autoloading(Autoloading),
    /// A name that others refer to is defined.
    Defines {
        /// What it names.
        what: Defined,
        /// Tells equal names of one file apart; see [`Defined`].
        number: u32,
        /// The name.
        name: Vec<u8>,
    },
    /// A server or a program loads what matches this pattern, as it is written.
    Loads(Vec<u8>),
    /// The folder of this file is a module of Go of this name.
    GoModule(Vec<u8>),
    /// Something connects to the socket at this path.
    Connects(Vec<u8>),
    /// Lines of an ignore file of Docker.
    NotInContext(Vec<Vec<u8>>),
    /// What a `package.json` says of modules.
    Package(Box<Package>),
    /// What a configuration of TypeScript says of the names of modules.
    TypeScript(Box<TypeScript>),
    /// The configuration of a bundler maps a name of modules, and those below it unless `exact`, to a place.
    Alias {
        /// `@`.
        name: Vec<u8>,
        /// Only the name itself.
        exact: bool,
        /// A path of the tree, or relative to the configuration or to the manifest above it; else a package.
        target: PathExpr<'static>,
    },
    /// A build made files of these names, some of those that this list of it names.
    Listed(Vec<Vec<u8>>),
    /// A program of Node has its views in this folder.
    ViewFolder(PathExpr<'static>),
    /// Views of a program of Node have this extension where none is written; `None` where it is only known at run time.
    ViewEngine(Option<Vec<u8>>),
    /// Names of modules may start from this directory.
    ModuleRoot(PathExpr<'static>),
    /// A component of Laravel is registered by this name; `None` where the name is known at run time only, or a whole
    /// folder is registered.
    Component(Option<Vec<u8>>),
    /// The module of Magento's of this name lies above the folder of this file.
    MagentoModule(Vec<u8>),
    /// What lies in the folder of this file is built, and runs, on Windows only, whose disks do not mind case.
    OfWindows,
    /// Compilers of what lies in the folder of this file search this directory for headers.
    HeaderFolder(PathExpr<'static>),
    /// Code draws a view itself: the path that its template would have, without the extension of an engine.
    Drawn(Vec<u8>),
    /// A package that the project depends on, by the name of its ecosystem: it owns its modules.
    Dependency(Vec<u8>),
}

/// What a document calls itself in its front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnId {
    /// It leaves its name to that of its file.
    OfFile,
    /// This.
    Is(Vec<u8>),
    /// Something that could not be read.
    Unclear,
}

/// A folder of a site that a setting may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteFolder {
    /// What Hugo makes pages of: `content`.
    Content,
    /// Hugo's templates: `layouts`.
    Layouts,
    /// All that Jekyll makes a site of: the directory of its configuration.
    Source,
    /// What holds the folders of Jekyll's collections: its source.
    Collections,
    /// What Jekyll's pages include: `_includes`.
    Includes,
    /// What Jekyll puts around pages: `_layouts`.
    JekyllLayouts,
}

/// What the configuration of an application of Rails says of how constants are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Autoloading {
    /// Zeitwerk loads them, by the defaults of Rails 6.0 or later.
    Zeitwerk,
    /// Something that is only known when it runs.
    Unknown,
    /// A word that is not only capitalized (`API`).
    Acronym(Vec<u8>),
    /// The constant of one name of a file or folder.
    Named {
        /// The name, without its extension.
        name: Vec<u8>,
        /// The constant.
        constant: Vec<u8>,
    },
    /// A folder of the application, relative to it, is spoken of: rules of its own may hold there.
    Aside(Vec<u8>),
}

/// A name of modules with its targets.
pub type Mapped = (Vec<u8>, Vec<Vec<u8>>);

/// What a `package.json` says of modules.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Its name, where it has one.
    pub name: Vec<u8>,
    /// It has `exports`: what else lies in it is not to be had by its name.
    pub closed: bool,
    /// Names of the packages it depends on.
    pub dependencies: Vec<Vec<u8>>,
    /// Rows of `imports`: a name that starts with `#`, maybe with one `*`, and its targets.
    pub imports: Vec<Mapped>,
}

/// What a configuration of TypeScript says of the names of modules.
#[derive(Clone, Debug, Default)]
pub struct TypeScript {
    /// Configurations that it starts from.
    pub extends: Vec<Vec<u8>>,
    /// `baseUrl`.
    pub base: Option<Vec<u8>>,
    /// Rows of `paths`: a name, maybe with one `*`, and its targets.
    pub paths: Option<Vec<Mapped>>,
}

/// What came of scanning one source.
#[derive(Clone, Debug, Default)]
pub struct Scan<'s> {
    /// References in the order of the source.
    pub references: Vec<Reference<'s>>,
    /// What the source says of the whole tree.
    pub facts: Vec<Fact>,
    /// The parser gave up and a lexical scan took its place.
    pub lexical: bool,
    /// A tool wrote the source: its names are its own, and none was read.
    pub made: bool,
}
