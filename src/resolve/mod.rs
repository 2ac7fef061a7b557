//! How a reference is looked up: `(World, Project, Reference) -> Resolution`, one file a namespace.

use crate::diagnostic::{Certainty, KeptOut};
use crate::expr::Value;
use crate::index::{EntryId, EntryKind, Index, Lookup, Withheld};
use crate::project::Project;
use crate::reference::{Namespace, Rails, Reference, Want};

pub mod action;
pub mod ansible;
pub mod class;
pub mod classpath;
pub mod codeigniter;
pub mod content;
pub mod context;
pub mod defined;
pub mod document;
pub mod go;
pub mod laravel;
pub mod link;
pub mod lua;
pub mod magento;
pub mod migration;
pub mod node;
pub mod nuxt;
pub mod output;
pub mod partial;
pub mod path;
pub mod phtml;
pub mod puppet;
pub mod python;
pub mod rails;
pub mod rendered;
mod roots;
pub mod ruby;
pub mod server;
pub mod sheet;
pub mod sidebar;
pub mod r#static;
pub mod template;
pub mod url;
pub mod zeitwerk;

/// Which entries exist where a reference runs: the deploy tree, and what stands beside it without being deployed.
#[derive(Clone, Copy, Debug)]
pub struct World<'i> {
    /// All entries that ship.
    pub index: &'i Index,
    /// Those that are there and do not.
    pub withheld: Option<&'i Withheld>,
}

impl<'i> World<'i> {
    /// A world in which everything that is there ships.
    #[must_use]
    pub fn new(index: &'i Index) -> Self {
        World { index, withheld: None }
    }

    /// Looks up a normal path relative to the root for something of the wanted kind.
    #[must_use]
    pub fn find(&self, path: &[u8], want: Want) -> Lookup {
        match self.index.lookup(path) {
            Lookup::Found(id) if !self.fits(id, want) => Lookup::Missing,
            other => other,
        }
    }

    /// Whether an entry is of the wanted kind.
    #[must_use]
    pub fn fits(&self, id: EntryId, want: Want) -> bool {
        match want {
            Want::Any => true,
            Want::Directory => self.index.kind(id) == EntryKind::Directory,
            Want::File => self.index.kind(id) != EntryKind::Directory,
        }
    }
}

/// What became of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It is satisfied by this entry.
    Found(EntryId),
    /// What it names is no file, and is defined.
    Defined,
    /// Every possibility that could be enumerated missed.
    Missing(Vec<Candidate>),
    /// It is there, and does not ship.
    NotDeployed(Box<NotDeployed>),
    /// It depends on something only known at run time.
    Dynamic(&'static str),
    /// Another host, scheme or package owns the name.
    External(&'static str),
    /// It leads out of the tree.
    Outside,
    /// An absolute server path that no mount maps.
    Unmounted(Vec<u8>),
}

/// A target that is there, but not where the reference runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotDeployed {
    /// The entry, relative to the root.
    pub path: Vec<u8>,
    /// How sure the base is from which it was found.
    pub certainty: Certainty,
    /// What keeps it out.
    pub why: KeptOut,
}

/// One path that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Normal path relative to the root.
    pub path: Vec<u8>,
    /// How sure the base is from which the path was built.
    pub certainty: Certainty,
    /// What kind of entry would satisfy it.
    pub want: Want,
    /// Only a near miss may be reported here, never a plain miss: part of the path is unknown, or the base is inferred.
    pub near_only: bool,
    /// The base is the directory of the file that holds the reference, right if that file is an entry script
    /// (no other includes it): the verdict knows.
    pub if_entry: bool,
    /// The path is glued to the root's own name: a slash is missing before it.
    pub glued: bool,
    /// It is no path of the tree: one of these names was meant, if any.
    pub names: Option<Vec<Vec<u8>>>,
}

impl Candidate {
    /// A path to a file from a base of this certainty.
    #[must_use]
    pub fn new(path: Vec<u8>, certainty: Certainty) -> Self {
        Candidate { path, certainty, want: Want::File, near_only: false, if_entry: false, glued: false, names: None }
    }
}

/// Looks a reference up by the rules of its namespace. `language` is the name of the language that holds it.
#[must_use]
pub fn resolve(
    world: &World<'_>,
    project: &Project,
    file: EntryId,
    language: &'static str,
    reference: &Reference<'_>,
) -> Resolution {
    let site = Site { world, project, file, language };
    let resolution = looked_up(&site, reference);
    match world.withheld {
        Some(withheld) if !matches!(resolution, Resolution::Found(_) | Resolution::Defined) => {
            kept_out(&site, withheld, reference, &resolution).unwrap_or(resolution)
        }
        _ => resolution,
    }
}

/// The same reference in the tree as it stands, deployed or not.
fn kept_out(
    site: &Site<'_>,
    withheld: &Withheld,
    reference: &Reference<'_>,
    deployed: &Resolution,
) -> Option<Resolution> {
    let world = World::new(withheld.whole());
    let Resolution::Found(id) = looked_up(&Site { world: &world, ..*site }, reference) else { return None };
    let path = world.index.path(id).to_vec();
    if differs_by_fold(site.world.index, &path) {
        return None;
    }
    let why = withheld.why(&path)?.clone();
    let certainty = match deployed {
        Resolution::Missing(candidates) => candidates.iter().map(sure).min()?,
        // Another reference tells of what it depends on: a name of the module that is imported, a file that is copied.
        Resolution::Dynamic(_) => return None,
        // A package may bring it as well.
        _ => Certainty::Likely,
    };
    Some(Resolution::NotDeployed(Box::new(NotDeployed { path, certainty, why })))
}

/// A deployed entry has the same name in another case or Unicode form: the disk ignores the difference, and that is
/// what has to be told.
fn differs_by_fold(index: &Index, path: &[u8]) -> bool {
    // The first segment that is not deployed: everything below it differs with it.
    let absent = crate::path::ancestors(path).take_while(|above| index.id(above).is_none()).last().unwrap_or(path);
    let Some(directory) = index.id(crate::path::parent(absent)) else { return false };
    !index.folded(directory).alike(crate::path::name(absent)).is_empty()
}

/// A part that is unknown leaves it open whether this entry was meant.
fn sure(candidate: &Candidate) -> Certainty {
    if candidate.near_only { candidate.certainty.min(Certainty::Likely) } else { candidate.certainty }
}

fn looked_up(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    match reference.namespace {
        Namespace::Path(bases, want) => path::resolve(site, reference, bases, want),
        Namespace::Action(kind) => action::resolve(site, reference, kind),
        Namespace::Url(kind) => url::resolve(site, reference, kind),
        Namespace::Python { member } => python::resolve(site, reference, member),
        Namespace::Ansible { kind, play } => ansible::resolve(site, reference, kind, play),
        Namespace::Class(kind) => class::resolve(site, reference, kind),
        Namespace::Classpath => classpath::resolve(site, reference),
        Namespace::Context(kind) => context::resolve(site, reference, kind),
        Namespace::Content(kind) => content::resolve(site, reference, kind),
        Namespace::Document(kind) => document::resolve(site, reference, kind),
        Namespace::GoPackage => go::resolve(site, reference),
        Namespace::Laravel(kind) => laravel::resolve(site, reference, kind),
        Namespace::Loaded(kind) => codeigniter::resolve(site, reference, kind),
        Namespace::Lua => lua::resolve(site, reference),
        Namespace::Magento(kind) => magento::resolve(site, reference, kind),
        Namespace::Migration => migration::resolve(site, reference),
        Namespace::Node => node::resolve(site, reference),
        Namespace::Nuxt(kind) => nuxt::resolve(site, reference, kind),
        Namespace::Output => output::resolve(site, reference),
        Namespace::Template => template::resolve(site, reference),
        Namespace::Puppet { kind, own } => puppet::resolve(site, reference, kind, own),
        Namespace::Ruby(kind) => ruby::resolve(site, reference, kind),
        Namespace::Server(kind) => server::resolve(site, reference, kind),
        Namespace::Defined { what, number } => defined::resolve(site, reference, what, number),
        Namespace::Partial(kind) => partial::resolve(site, reference, kind),
        Namespace::Phtml(kind) => phtml::resolve(site, reference, kind),
        Namespace::Sheet(kind) => sheet::resolve(site, reference, kind),
        Namespace::Sidebar => sidebar::resolve(site, reference),
        Namespace::Static => r#static::resolve(site, reference),
        Namespace::Rails(Rails::Constant) => zeitwerk::resolve(site, reference),
        Namespace::Rails(kind) => rails::resolve(site, reference, kind),
        Namespace::Rendered => rendered::resolve(site, reference),
        Namespace::View => template::view(site, reference),
    }
}

/// Where a reference stands, and all there is to look it up with.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// Which entries exist.
    pub world: &'a World<'a>,
    /// Facts of the tree.
    pub project: &'a Project,
    /// The file that holds the reference.
    pub file: EntryId,
    /// Name of the language that holds it.
    pub language: &'static str,
}

impl Site<'_> {
    /// Path of the file that holds the reference, relative to the root.
    #[must_use]
    pub fn path(&self) -> &[u8] {
        self.world.index.path(self.file)
    }

    /// The directory of the file that holds the reference.
    #[must_use]
    pub fn directory(&self) -> &[u8] {
        crate::path::parent(self.path())
    }
}

/// Resolves every value an expression can have. Values of one choice are alternatives: any hit satisfies it. Each
/// choice must be satisfied; the first that misses decides.
pub fn each_choice(values: &[Value], one: impl Fn(&Value) -> Resolution) -> Resolution {
    let mut choices: Vec<u16> = values.iter().map(|value| value.choice).collect();
    choices.dedup();
    let mut outcome = Resolution::Dynamic("nothing is known");
    let mut found = true;
    for choice in choices {
        let alternatives = values.iter().filter(|value| value.choice == choice).map(&one);
        match any_of(alternatives) {
            missing @ (Resolution::Missing(_) | Resolution::NotDeployed(_)) => return missing,
            Resolution::Found(id) if found => outcome = Resolution::Found(id),
            Resolution::Found(_) => {}
            other => {
                found = false;
                outcome = other;
            }
        }
    }
    outcome
}

/// The outcome of alternatives: found if any is; undecided if any is; else all candidates together.
pub fn any_of(alternatives: impl Iterator<Item = Resolution>) -> Resolution {
    let mut candidates = Vec::new();
    let mut undecided = None;
    for resolution in alternatives {
        match resolution {
            Resolution::Found(_) => return resolution,
            Resolution::Missing(more) => candidates.extend(more),
            other => undecided = Some(other),
        }
    }
    match undecided {
        Some(other) => other,
        None if candidates.is_empty() => Resolution::Dynamic("nothing is known"),
        None => Resolution::Missing(candidates),
    }
}
