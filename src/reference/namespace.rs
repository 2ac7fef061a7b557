//! Whose rules look a name up.

use super::kind::{
    Action, Ansible, Autoloaded, Base, Content, Context, Defined, Document, Laravel, Loaded, Magento, Nuxt, Partial,
    Phtml, Puppet, Rails, Ruby, Server, Sheet, UrlKind, Want,
};

/// Whose rules look a specifier up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// A path on the file system, started from each of these bases in turn.
    Path(&'static [Base], Want),
    /// A view that a controller names, by the rules of its framework.
    Action(Action),
    /// A URL of the site.
    Url(UrlKind),
    /// A Python module by its dotted name; leading dots are relative levels.
    Python {
        /// The last name may be bound in the module instead of being a submodule (`from m import name`).
        member: bool,
    },
    /// What an Ansible task names, by the search paths of its kind.
    Ansible {
        /// What it names.
        kind: Ansible,
        /// A play holds the task: the file lies where a playbook does.
        play: bool,
    },
    /// A path in the context of a container's build.
    Context(Context),
    /// A resource on the class path of Java, from its roots.
    Classpath,
    /// A PHP class, by the rules of autoloading.
    Class(Autoloaded),
    /// What the content of a site names by a word of its generator.
    Content(Content),
    /// What a document names, by the rules of forges and of generators of sites.
    Document(Document),
    /// A package of Go, by the name of its module and its folder in it.
    GoPackage,
    /// What an application of Laravel names.
    Laravel(Laravel),
    /// What an application of CodeIgniter loads by name.
    Loaded(Loaded),
    /// What a module of Magento's has, by the name of the module.
    Magento(Magento),
    /// A template in PHP.
    Phtml(Phtml),
    /// A module of Lua by its dotted name.
    Lua,
    /// A module by the rules of Node and of bundlers.
    Node,
    /// What a page of Nuxt names.
    Nuxt(Nuxt),
    /// What the list of a build says that it made.
    Output,
    /// A template name, looked up in the roots of its engine.
    Template,
    /// A name of a Puppet module.
    Puppet {
        /// What it names.
        kind: Puppet,
        /// The module is the one that holds the reference, and not part of the name.
        own: bool,
    },
    /// A migration of Django's: the label of its application and its name, with a slash between them.
    Migration,
    /// A library of Ruby.
    Ruby(Ruby),
    /// A name in the configuration of a web server.
    Server(Server),
    /// What a template includes, by the rules of its engine.
    Partial(Partial),
    /// A style sheet by the rules of a preprocessor.
    Sheet(Sheet),
    /// A document of Docusaurus by its id, in the folder that its menus are for.
    Sidebar,
    /// A name that is no file's: another line defines it.
    Defined {
        /// What it names.
        what: Defined,
        /// What [`Fact::Defines`](super::Fact::Defines) is compared by.
        number: u32,
    },
    /// A file below the static folder of the application that holds the reference.
    Static,
    /// A template or an asset of an application in Ruby.
    Rails(Rails),
    /// What Express and its like render, by its name.
    Rendered,
    /// A view by its name, in which a dot is a slash, and which leaves the extension out.
    View,
}

impl Namespace {
    /// The word used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Namespace::Path(..) => "path",
            Namespace::Action(_) => "action",
            Namespace::Url(_) => "url",
            Namespace::Python { .. } => "python",
            Namespace::Ansible { .. } => "ansible",
            Namespace::Class(_) => "class",
            Namespace::Classpath => "classpath",
            Namespace::Context(_) => "context",
            Namespace::Content(_) => "content",
            Namespace::Document(_) => "document",
            Namespace::GoPackage => "go",
            Namespace::Laravel(_) => "laravel",
            Namespace::Loaded(_) => "codeigniter",
            Namespace::Lua => "lua",
            Namespace::Magento(_) => "magento",
            Namespace::Migration => "migration",
            Namespace::Node => "node",
            Namespace::Nuxt(_) => "nuxt",
            Namespace::Output => "output",
            Namespace::Template => "template",
            Namespace::Puppet { .. } => "puppet",
            Namespace::Ruby(_) => "ruby",
            Namespace::Server(_) => "server",
            Namespace::Partial(_) => "partial",
            Namespace::Phtml(_) => "phtml",
            Namespace::Sheet(_) => "sheet",
            Namespace::Sidebar => "sidebar",
            Namespace::Defined { .. } => "defined",
            Namespace::Static => "static",
            Namespace::Rails(_) => "rails",
            Namespace::Rendered => "rendered",
            Namespace::View => "view",
        }
    }
}
