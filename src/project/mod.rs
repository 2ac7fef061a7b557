//! Facts of the whole tree, merged and frozen before anything is resolved.
//!
//! Languages say what they saw ([`Fact`]); frameworks say what their names mean ([`crate::framework`]); options
//! say what a person knows. Here they become constants, roots, mounts and exemptions.

pub mod builds;
mod constants;
mod defined;
mod exempt;
pub mod layout;
pub mod modules;
mod mounts;
pub mod node;
mod patterns;
mod placed;
mod platform;
pub mod puppet;
mod roots;
mod sidebars;
mod sites;
pub mod views;
mod zeitwerk;

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

pub use constants::FileScope;
pub use exempt::{IGNORED, PER_MACHINE, WRITTEN};
pub use mounts::{Mount, infer as infer_mounts};
pub use roots::Root;
pub use sidebars::Folder;
pub use sites::Sites;

use crate::diagnostic::Certainty;
use crate::expr::Scope;
use crate::framework;
use crate::index::{EntryId, Index};
use crate::options::Options;
use crate::path;
use crate::reference::Fact;
use constants::Constants;

/// What one file said.
#[derive(Debug)]
pub struct Stated {
    /// The file.
    pub file: EntryId,
    /// Name of its language.
    pub language: &'static str,
    /// What it said.
    pub facts: Vec<Fact>,
}

/// Everything known of the tree as a whole.
#[derive(Debug, Default)]
pub struct Project {
    constants: Constants,
    /// Directories that URLs with a leading `/` may start from, best first.
    pub document_roots: Vec<Root>,
    /// Directories of application objects.
    pub applications: Vec<Vec<u8>>,
    /// Directories of templates that sources or conventions name.
    pub template_roots: Vec<Root>,
    /// Directories of templates by the name of their namespace; `None` where it could not be evaluated.
    pub template_namespaces: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    /// Some root of templates could not be evaluated.
    pub template_roots_open: bool,
    /// Directories of static files with the URL prefix they are served under.
    pub static_roots: Vec<(Root, Vec<u8>)>,
    /// Directories whose files Django serves as static ones, of applications and of settings.
    pub static_folders: Vec<Vec<u8>>,
    /// Directories that PHP includes start from.
    pub include_path: Vec<Vec<u8>>,
    /// Some include path could not be evaluated.
    pub include_path_open: bool,
    /// Directories a program changes to.
    pub working_directories: Vec<Vec<u8>>,
    /// Files that change their working directory.
    pub changes_directory: FxHashSet<EntryId>,
    /// Server paths mapped to places in the tree; longest prefix first.
    pub mounts: Vec<Mount>,
    /// Composer autoload rows: prefix, directory, PSR-0.
    pub autoload: Vec<(Vec<u8>, Vec<u8>, bool)>,
    /// Files and directories whose PHP classes load whatever they are called.
    pub classmap: Vec<Vec<u8>>,
    /// Classes of PHP by their names in lower case: as each is declared, and where.
    pub classes: FxHashMap<Vec<u8>, Vec<(Vec<u8>, EntryId)>>,
    /// Names of packages the project depends on, folded to lower case with `-` for `_`.
    pub dependencies: FxHashSet<Vec<u8>>,
    /// Directories Python imports absolutely from, besides the ancestors of the importing file.
    pub python_roots: Vec<Vec<u8>>,
    /// What Python modules bind: names, and whether there may be more.
    pub python_modules: FxHashMap<EntryId, (FxHashSet<Vec<u8>>, bool)>,
    /// Directories out of whose sources a build makes the pages that are served.
    pub built: Vec<Vec<u8>>,
    /// Sites that generators make.
    pub sites: Sites,
    /// Documents that menus of Docusaurus name.
    pub sidebars: sidebars::Sidebars,
    /// Names of Ansible's roles that something runs, and whether there may be more.
    roles: (FxHashSet<Vec<u8>>, bool),
    /// Directories of Ansible's roles that `ansible.cfg` names.
    pub roles_paths: Vec<Vec<u8>>,
    /// Builds of containers.
    pub builds: builds::Builds,
    /// Where containers have parts of the tree.
    placed: placed::Placed,
    /// Directories of web servers' main configurations, by the name of their language.
    pub server_homes: Vec<(&'static str, Vec<u8>)>,
    /// What names modules of JavaScript.
    pub node: node::Names,
    /// What lists of builds name, some of it.
    pub listed: FxHashMap<EntryId, Vec<Vec<u8>>>,
    /// Where programs of Node have their views.
    pub views: views::Views,
    /// Puppet's modules.
    pub puppet: puppet::Modules,
    /// Patterns of what servers and programs load, as they are written, with the directory of the file that says so.
    pub loaded: Vec<(Vec<u8>, Vec<u8>)>,
    /// Modules of Go: their directories and names.
    pub go_modules: Vec<(Vec<u8>, Vec<u8>)>,
    /// Components of Laravel that are registered by name.
    pub components: Components,
    /// Directories of modules of Magento's, by their names.
    pub magento: FxHashMap<Vec<u8>, Vec<Vec<u8>>>,
    /// Directories of what is built, and runs, on Windows only.
    of_windows: Vec<Vec<u8>>,
    /// Directories that compilers search for headers, behind those of the builds that say so.
    header_folders: Vec<(Vec<u8>, Vec<u8>)>,
    /// Views that code draws itself: paths that their templates would have, without the extension of an engine.
    pub drawn: FxHashSet<Vec<u8>>,
    /// Applications of Rails whose constants are found by the names of files.
    pub zeitwerk: zeitwerk::Applications,
    defined: defined::Names,
    outputs: FxHashSet<Vec<u8>>,
    /// Ends of paths that programs write behind an unknown front, with the slash before them.
    output_tails: Vec<Vec<u8>>,
    ignored: exempt::Ignored,
    /// Where submodules of git lie.
    submodules: Vec<Vec<u8>>,
    generated: crate::options::Globs,
    /// The tree is a finished static site: no application routes URLs.
    pub static_site: bool,
    windows: OnceLock<bool>,
}

impl Project {
    /// Merges and freezes. The result does not depend on the order of `stated`, which is sorted by file first.
    #[must_use]
    pub fn new(index: &Index, options: &Options, mut stated: Vec<Stated>) -> Self {
        stated.sort_by_key(|one| one.file);
        let mut project = Project { generated: options.generated.clone(), ..Project::default() };
        project.constants = Constants::new(index, &stated);
        project.builds = builds::Builds::new(index, &project.constants, &stated);
        project.placed = placed::Placed::new(index, &project.constants, &project.builds, &stated);
        project.node = node::Names::new(index, &project.constants, &stated);
        project.views = views::Views::new(index, &project.constants, &project.node, &stated);
        project.puppet = puppet::Modules::new(index, &stated);
        project.defined = defined::Names::new(&stated);
        project.sidebars = sidebars::Sidebars::new(index, &project.constants, &stated);
        project.zeitwerk = zeitwerk::Applications::new(index, &stated);
        for one in &stated {
            let scope = FileScope::new(&project.constants, index, one.language, one.file);
            let gathered: Vec<Gathered> = one.facts.iter().filter_map(|fact| gather(fact, &scope)).collect();
            project.keep_names(one);
            project.keep_manifest(path::parent(index.path(one.file)), &one.facts);
            for fact in gathered {
                project.keep(one.file, fact);
            }
        }
        project.find_roots(index, options);
        project.mounts = mounts::configured(options, &project.constants);
        project
    }

    /// The scope in which an expression of `file` is evaluated.
    #[must_use]
    pub fn scope<'p>(&'p self, index: &'p Index, language: &'static str, file: EntryId) -> FileScope<'p> {
        FileScope::new(&self.constants, index, language, file)
    }

    /// Whether the tree uses a package of Python.
    #[must_use]
    pub fn uses(&self, package: &str) -> bool {
        self.dependencies.contains(&dependency_name(package.as_bytes()))
    }

    /// Whether a file below a root of templates is one of Jinja's or Django's: the tree uses an engine that reads them.
    #[must_use]
    pub fn is_template(&self, file: &[u8]) -> bool {
        framework::JINJA.iter().chain(&["django"]).any(|engine| self.uses(engine))
            && self.template_roots.iter().any(|root| path::is_below(file, &root.path))
    }

    /// Whether programs are built of the tree on Windows only, as far as it says: disks there do not mind case.
    #[must_use]
    pub fn is_for_windows(&self, index: &Index) -> bool {
        *self.windows.get_or_init(|| platform::is_for_windows(index))
    }

    /// Directories that builds above a file have searched for headers.
    pub fn header_folders<'p>(&'p self, file: &'p [u8]) -> impl Iterator<Item = &'p [u8]> {
        let above = self.header_folders.iter().filter(|(build, _)| path::is_below(file, build));
        above.map(|(_, folder)| folder.as_slice())
    }

    /// Whether a file is of a project that is built, and runs, on Windows only, or of a solution that holds one.
    #[must_use]
    pub fn is_of_windows(&self, file: &[u8]) -> bool {
        let solution = matches!(path::extension(file).as_slice(), b"sln" | b"slnx");
        let holds = |home: &Vec<u8>| solution && path::is_below(home, path::parent(file));
        self.of_windows.iter().any(|home| path::is_below(file, home) || holds(home))
    }

    /// Whether a file is of an Ansible role that nothing in the tree runs, though other roles are run.
    #[must_use]
    pub fn is_of_idle_role(&self, file: &[u8]) -> bool {
        let (run, open) = &self.roles;
        let segments: Vec<&[u8]> = path::segments(path::parent(file)).collect();
        let mut below: &[u8] = b"";
        for segment in segments.into_iter().rev() {
            if segment == b"roles" && !below.is_empty() {
                return !open && !run.is_empty() && !run.contains(below);
            }
            below = segment;
        }
        false
    }

    fn keep_names(&mut self, stated: &Stated) {
        for fact in &stated.facts {
            if let Fact::Listed(named) = fact {
                self.listed.insert(stated.file, named.clone());
            }
            let Fact::PhpClasses(names) = fact else { continue };
            for name in names {
                let declared = self.classes.entry(name.to_ascii_lowercase()).or_default();
                declared.push((name.clone(), stated.file));
            }
        }
    }

    /// What manifests say of the directory they stand in.
    fn keep_manifest(&mut self, directory: &[u8], facts: &[Fact]) {
        for fact in facts {
            match fact {
                Fact::Ignored(patterns) => self.ignored.add(directory, patterns),
                Fact::Submodule(path) => self.submodules.push(path::join(directory, path)),
                Fact::Loads(pattern) => self.loaded.push((directory.to_vec(), pattern.clone())),
                Fact::GoModule(name) => self.go_modules.push((directory.to_vec(), name.clone())),
                Fact::Host(host) => self.sites.add_host(directory.to_vec(), host.clone()),
                Fact::SiteFolder { home, folder, place } => self.sites.add_folder(home, *folder, place),
                Fact::Extended => self.sites.add_extended(directory.to_vec()),
                Fact::MagentoModule(name) => {
                    self.magento.entry(name.clone()).or_default().push(path::parent(directory).to_vec());
                }
                Fact::OfWindows => push_new(&mut self.of_windows, directory.to_vec()),
                Fact::Drawn(view) => drop(self.drawn.insert(view.clone())),
                Fact::Component(name) => self.components.add(name.as_deref()),
                Fact::Builds => push_new(&mut self.built, directory.to_vec()),
                Fact::Role(Some(name)) => drop(self.roles.0.insert(name.clone())),
                Fact::Role(None) => self.roles.1 = true,
                Fact::ServerHome { server, directory } => self.server_homes.push((server, directory.clone())),
                _ => {}
            }
        }
    }

    fn keep(&mut self, file: EntryId, fact: Gathered) {
        match fact {
            Gathered::IncludePath(Some(path)) => push_new(&mut self.include_path, path),
            Gathered::IncludePath(None) => self.include_path_open = true,
            Gathered::ChangeDirectory(path) => {
                self.changes_directory.insert(file);
                if let Some(path) = path {
                    push_new(&mut self.working_directories, path);
                }
            }
            Gathered::OutputTail(tail) => push_new(&mut self.output_tails, tail),
            Gathered::Output(path) => {
                self.outputs.insert(path);
            }
            Gathered::Application(path) => push_new(&mut self.applications, path),
            Gathered::TemplateRoot(Some(path)) => roots::push(&mut self.template_roots, path, Certainty::Certain),
            Gathered::TemplateRoot(None) => self.template_roots_open = true,
            Gathered::HeaderFolder(build, folder) => self.header_folders.push((build, folder)),
            Gathered::TemplateFolder(path) => roots::push(&mut self.template_roots, path, Certainty::Likely),
            Gathered::TemplateNamespace(name, None) if name.is_empty() => self.template_roots_open = true,
            Gathered::TemplateNamespace(name, path) => self.template_namespaces.push((name, path)),
            Gathered::StaticFolder(path) => push_new(&mut self.static_folders, path),
            Gathered::StaticRoot(path, url) => {
                self.static_roots.push((Root { path, certainty: Certainty::Likely }, url));
            }
            Gathered::RolesPath(path) => push_new(&mut self.roles_paths, path),
            Gathered::PythonRoot(path) => push_new(&mut self.python_roots, path),
            Gathered::PythonModule(names, opaque) => {
                self.python_modules.insert(file, (names, opaque));
            }
            Gathered::Autoload(prefix, directory, psr0) => self.autoload.push((prefix, directory, psr0)),
            Gathered::Classmap(entry) => self.classmap.push(entry),
            Gathered::Dependency(name) => {
                self.dependencies.insert(name);
            }
        }
    }
}

/// What is registered by a name that need not be a file's.
#[derive(Debug, Default)]
pub struct Components {
    names: FxHashSet<Vec<u8>>,
    /// There may be more.
    pub open: bool,
}

impl Components {
    fn add(&mut self, name: Option<&[u8]>) {
        match name {
            Some(name) => drop(self.names.insert(name.to_vec())),
            None => self.open = true,
        }
    }

    /// Whether something is registered by this name.
    #[must_use]
    pub fn is_registered(&self, name: &[u8]) -> bool {
        self.names.contains(name)
    }
}

/// A fact with its paths evaluated.
enum Gathered {
    IncludePath(Option<Vec<u8>>),
    ChangeDirectory(Option<Vec<u8>>),
    Output(Vec<u8>),
    OutputTail(Vec<u8>),
    Application(Vec<u8>),
    TemplateRoot(Option<Vec<u8>>),
    TemplateFolder(Vec<u8>),
    HeaderFolder(Vec<u8>, Vec<u8>),
    TemplateNamespace(Vec<u8>, Option<Vec<u8>>),
    StaticFolder(Vec<u8>),
    StaticRoot(Vec<u8>, Vec<u8>),
    RolesPath(Vec<u8>),
    PythonRoot(Vec<u8>),
    PythonModule(FxHashSet<Vec<u8>>, bool),
    Autoload(Vec<u8>, Vec<u8>, bool),
    Classmap(Vec<u8>),
    Dependency(Vec<u8>),
}

fn gather(fact: &Fact, scope: &FileScope<'_>) -> Option<Gathered> {
    Some(match fact {
        Fact::Constant { .. }
        | Fact::Ignored(_)
        | Fact::Submodule(_)
        | Fact::Builds
        | Fact::Theme { .. }
        | Fact::Extended
        | Fact::PuppetDefinition(_)
        | Fact::PhpClasses(_)
        | Fact::Build { .. }
        | Fact::Image(_)
        | Fact::Mounted { .. }
        | Fact::ServerHome { .. }
        | Fact::NotInContext(_)
        | Fact::Package(_)
        | Fact::Alias { .. }
        | Fact::ModuleRoot(_)
        | Fact::Host(_)
        | Fact::Listed(_)
        | Fact::ViewFolder(_)
        | Fact::ViewEngine(_)
        | Fact::TypeScript(_)
        | Fact::Defines { .. }
        | Fact::Component(_)
        | Fact::Drawn(_)
        | Fact::OfWindows
        | Fact::MagentoModule(_)
        | Fact::Connects(_)
        | Fact::DocumentId(_)
        | Fact::SiteFolder { .. }
        | Fact::Menus { .. }
        | Fact::Loads(_)
        | Fact::Autoloading(_)
        | Fact::GoModule(_)
        | Fact::Role(_) => return None,
        Fact::IncludePath(expr) => Gathered::IncludePath(scope.tree_path(expr)),
        Fact::ChangeDirectory(expr) => Gathered::ChangeDirectory(scope.tree_path(expr)),
        Fact::Output(expr) => match scope.tree_path(expr) {
            Some(path) => Gathered::Output(path),
            None => Gathered::OutputTail(scope.tail(expr)?),
        },
        Fact::Application(expr) => Gathered::Application(scope.tree_path(expr)?),
        Fact::HeaderFolder(expr) => Gathered::HeaderFolder(path::parent(scope.file()).to_vec(), scope.tree_path(expr)?),
        Fact::TemplateFolder(expr) => Gathered::TemplateFolder(scope.tree_path(expr)?),
        Fact::TemplateNamespace { name, directory } => {
            Gathered::TemplateNamespace(name.clone(), scope.tree_path(directory))
        }
        Fact::StaticFolder(expr) => Gathered::StaticFolder(scope.tree_path(expr)?),
        Fact::TemplateRoot(expr) => Gathered::TemplateRoot(scope.tree_path(expr)),
        Fact::StaticRoot { directory, url } => Gathered::StaticRoot(scope.tree_path(directory)?, url.clone()),
        Fact::RolesPath(expr) => Gathered::RolesPath(scope.tree_path(expr)?),
        Fact::PythonRoot(expr) => Gathered::PythonRoot(scope.tree_path(expr)?),
        Fact::PythonModule { names, opaque } => Gathered::PythonModule(names.iter().cloned().collect(), *opaque),
        Fact::Autoload { prefix, directory, psr0 } => Gathered::Autoload(prefix.clone(), directory.clone(), *psr0),
        Fact::Classmap(entry) => Gathered::Classmap(entry.clone()),
        Fact::Dependency(name) => Gathered::Dependency(dependency_name(name)),
    })
}

/// A package name as dependencies are compared: lower case, `-` for `_` and `.` (PEP 503).
#[must_use]
pub fn dependency_name(name: &[u8]) -> Vec<u8> {
    name.iter().map(|byte| if matches!(byte, b'_' | b'.') { b'-' } else { byte.to_ascii_lowercase() }).collect()
}

fn push_new(list: &mut Vec<Vec<u8>>, path: Vec<u8>) {
    if !list.contains(&path) {
        list.push(path);
    }
}
