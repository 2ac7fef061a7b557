//! What the rules of each namespace tell apart: the kinds of names that they look up.

/// Whose rules find a view that a controller names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// ASP.NET's: in the folder of the controller, then in the one that is shared.
    AspNet,
    /// Phoenix's, by the name of a template without its engine: in the folder of the controller.
    Phoenix,
    /// Spring's: below the folder of templates.
    Spring,
}

/// What a PHP file has to do with a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Autoloaded {
    /// It declares the class: the path of autoloading must be its own.
    Declared,
    /// It uses the class: some file must declare it.
    Used,
}

/// A place a relative path may start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// The directory of the file that holds the reference: the language guarantees it.
    FileDirectory,
    /// The directories of PHP's `include_path`, then the file's directory, then the working directory.
    IncludePath,
    /// The working directory of whatever process runs this.
    WorkingDirectory,
    /// The directory of the application object (Flask's `root_path`), else the file's directory.
    Application,
    /// The root of the project whose manifest holds the reference: here, the manifest's directory.
    Manifest,
    /// The directory of the file, where others may be searched as well (`#include "…"`).
    Beside,
    /// Directories that a compiler may be told to search for headers: folders that go by such a name, and what holds
    /// the first folder of the name that is written.
    Headers,
    /// Nowhere of its own: what stands beside the file may be installed from elsewhere in the tree, so that a name
    /// which stands there is not certain to be absent.
    Installed,
    /// The directory of the nearest `package.json`, where its programs are mostly started.
    Package,
}

/// What a path in the context of a build names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// A directory of a repository that a controller fetches and applies, from its root: no program fills it.
    Applied {
        /// It may lie in another repository.
        open: bool,
    },
    /// What is copied out of the context of the Dockerfile that says so: a path or a pattern in Go's syntax.
    Source {
        /// A default that a build may override is part of it.
        default: bool,
    },
    /// A program or a script in the image that a stage makes, as an absolute path.
    Image {
        /// The stage, counted from 0.
        stage: u16,
        /// Where it runs while the image is built, how many copies of the stage stand before it. A name that is copied
        /// under another one is then told of where it is copied.
        built: Option<u16>,
    },
    /// The Dockerfile in a directory that a Compose file gives as the context of a build.
    Dockerfile {
        /// How many segments below the context name it.
        below: u8,
    },
    /// Something that a Compose file names, from the directory of its project.
    Project(Want),
    /// Something that a job names, in a checkout of the repository.
    Workspace {
        /// What satisfies it.
        want: Want,
        /// It may be made before it is used, or lie in another repository.
        open: bool,
    },
}

/// What an Ansible task names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ansible {
    /// A file or directory that is copied, run or read: folder `files`.
    File,
    /// A template: folder `templates`.
    Template,
    /// Variables: folder `vars`.
    Vars,
    /// A file of tasks: folder `tasks`.
    Tasks,
    /// A role.
    Role,
}

/// What the content of a site names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// A page of Hugo, from the page, from the root of the content, or by its bare name.
    HugoPage,
    /// A template of Hugo that content calls.
    HugoShortcode,
    /// Any file of a site of Jekyll, from the root of its source.
    JekyllFile,
    /// A post of Jekyll, without its extension.
    JekyllPost,
}

/// What a page of Nuxt names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nuxt {
    /// What is put around it, in `layouts`.
    Layout,
    /// What runs before it, in `middleware`.
    Middleware,
}

impl Nuxt {
    /// What a name is said not to be.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Nuxt::Layout => "layout",
            Nuxt::Middleware => "middleware",
        }
    }
}

/// What a document names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Document {
    /// Another document, or any file or folder.
    Link,
    /// A picture, or what else is shown in it.
    Image,
    /// A file that is read into it.
    Include,
    /// A page without its extension.
    Page,
}

/// What a name of a Puppet module stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Puppet {
    /// `a::b`: a class or a defined type, in `manifests/b.pp`.
    Class,
    /// `A::B`: a type alias in `types/b.pp`, or a defined type.
    Type,
    /// `a::b`: a function, in `functions/b.pp` or `lib/puppet/functions/a/b.rb`.
    Function,
    /// `a/b`: `files/b`.
    File,
    /// `a/b`: `templates/b`.
    Template,
    /// A file of Hiera's data, from the directory of `hiera.yaml`: skipped without a word where it is absent.
    Data,
    /// `a/b`: `templates/b.epp`, the extension being put where it is not written.
    Epp,
}

/// How a library of Ruby is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ruby {
    /// From the directory of the file (`require_relative`).
    Relative,
    /// On the load path, or from where Ruby was started (`require`).
    Required,
}

/// What is looked up by name among the views and assets of an application in Ruby.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rails {
    /// A template.
    Template,
    /// A template of a controller that inherits from nothing but the application's own.
    Action,
    /// A template whose file's name starts with `_`.
    Partial,
    /// A part of a page of Middleman's, whose file's name may start with `_`.
    Part,
    /// What a template is put into, in the folder `layouts`.
    Layout,
    /// A controller by its name in routes.
    Controller,
    /// The constants that a file defines, one of which its own name must say.
    Constant,
    /// A picture, a style sheet or another file that a page loads.
    Asset {
        /// The folder that it mostly lies in; empty where its kind is not known.
        folder: &'static str,
        /// The extension that may be left out, or empty.
        extension: &'static str,
    },
}

/// What a web server's configuration names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Server {
    /// A file, or a pattern of files, from the directory of the main configuration.
    Configuration {
        /// The file that holds the reference is the main configuration.
        main: bool,
        /// It is mostly put beside the configuration on the server, as keys and passwords are.
        secret: bool,
    },
    /// From the directory that the server was built with.
    Prefix(Want),
    /// A relative name in the configuration of one directory, which starts from the root of the server all the same.
    Apart,
    /// A directory that settings are for, beside those that are served.
    Settings,
    /// An absolute path of what is served.
    Served {
        /// Nothing else answers in its place.
        sure: bool,
    },
}

/// Whose rules name a partial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Partial {
    /// From where the template lies, then from the views.
    Ejs,
    /// A name that a program registers.
    Handlebars,
    /// In `layouts/partials` of the site or of a theme.
    HugoPartial,
    /// In `_includes`.
    JekyllInclude,
    /// In `_layouts`.
    JekyllLayout,
    /// From where the page lies, or from the root of the web application.
    Jsp,
    /// From where the template lies.
    Latte,
    /// From the folders that the environment searches; with dots, from where the template lies.
    Nunjucks,
    /// From where the template lies.
    Pug,
    /// From where the view lies, then from those that are shared; a package may bring it.
    Razor,
    /// In `sections`.
    Section,
    /// From the folders of templates; with dots, from where the template lies.
    Smarty,
    /// In `snippets`, or where Eleventy has its includes.
    Snippet,
}

/// Whose rules name a style sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sheet {
    /// What Less reads as text: it puts no extension.
    Inline,
    /// Less puts `.less` where there is no extension.
    Less,
    /// Sass puts extensions, the underscore of partials, and the index of a folder.
    Sass,
    /// Stylus puts `.styl`, and the index of a folder.
    Stylus,
}

/// What is defined by a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Defined {
    /// A directory that this configuration of Apache serves.
    Directory,
    /// `@app`: a location of the server of nginx with this number in its file.
    Location,
    /// A socket that a program listens on, by its path.
    Socket,
    /// A stage of a Dockerfile, by its place among them; a reference says how many stand before it.
    Stage,
    /// A unit of systemd.
    Unit,
}

impl Defined {
    /// Whether the name holds in its file only.
    #[must_use]
    pub fn is_of_file(self) -> bool {
        matches!(self, Defined::Directory | Defined::Location | Defined::Stage)
    }

    /// What a name is said not to be.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Defined::Directory => "directory that is served here",
            Defined::Location => "location of this server",
            Defined::Socket => "socket that something here listens on",
            Defined::Stage => "earlier stage",
            Defined::Unit => "known unit",
        }
    }
}

/// A template in PHP, by what names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phtml {
    /// A controller of Yii's.
    Action,
    /// A template of CakePHP's, of which it is a part.
    Element,
}

/// What an application of CodeIgniter loads by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loaded {
    /// A file of functions.
    Helper,
    /// A class of the framework's or of the application.
    Library,
    /// A class of data.
    Model,
    /// A template.
    View,
}

/// What a module of Magento's has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Magento {
    /// What browsers load: `Shop_Cart::css/row.css`.
    Asset,
    /// A template of the browser's: `Shop_Cart/row`.
    Markup,
    /// A script: `Shop_Cart/js/row`.
    Script,
    /// A template: `Shop_Cart::row.phtml`.
    Template,
}

/// What an application of Laravel names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Laravel {
    /// A component of Blade: a class, or a view.
    Component,
    /// A component of Livewire.
    Livewire,
    /// A page of Inertia's.
    Page,
    /// A file in the public folder that Mix builds.
    Built,
}

/// What kind of entry satisfies a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Want {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// Either.
    Any,
}

/// What the browser does with a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UrlKind {
    /// Loaded with the page: absent means a broken page.
    Asset,
    /// Followed by a person: may be a route of an application.
    Navigation,
    /// The same on a page that an engine makes: there is an application, whatever else the tree shows.
    Routed,
    /// Loaded by a style sheet: relative to the style sheet, never to the page.
    Style,
}
