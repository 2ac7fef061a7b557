//! Evaluating and resolving the references of one source: what is satisfied is counted, what is not is kept.
//!
//! Pure and parallel by file. Memory grows with the misses only: of more than a hundred alike in one file the
//! rest is counted.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Fate, References, Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::index::{EntryId, EntryKind};
use crate::project::Project;
use crate::reference::{Autoloaded, Base, Namespace, Reference, Want};
use crate::resolve::{Candidate, NotDeployed, Resolution, World, link, resolve, url};

/// Most misses of one target in one file that are kept one by one.
const KEPT_ALIKE: usize = 100;

/// Fewest misses that show that a page lies elsewhere than it is served.
const MOVED_PAGE: usize = 3;
/// Fewest absent files above the folder of a page that show that its package was left behind.
const TORN_PAGE: usize = 3;

/// A reference that nothing satisfied.
#[derive(Clone, Debug)]
pub struct Miss {
    /// The file that holds it.
    pub file: EntryId,
    /// Name of the language that holds it.
    pub language: &'static str,
    /// The value, in bytes.
    pub span: Span,
    /// What an edit may change, in bytes.
    pub tail: Span,
    /// The construct.
    pub construct: &'static str,
    /// Whose rules looked it up.
    pub namespace: Namespace,
    /// What production does without the target.
    pub strength: Strength,
    /// An existence test or a handler excuses absence.
    pub guarded: bool,
    /// The highest severity it may reach.
    pub ceiling: Severity,
    /// What was tried.
    pub candidates: Vec<Candidate>,
    /// It is there, and does not ship.
    pub kept_out: Option<Box<NotDeployed>>,
    /// Further misses like it, counted only.
    pub more: usize,
    /// It was satisfied in the tree that this one is compared with.
    pub lost: Option<Box<Lost>>,
}

/// A reference that was satisfied once.
#[derive(Clone, Debug)]
pub struct Lost {
    /// The commit at which it was, in short.
    pub at: String,
    /// What satisfied it there, relative to the root.
    pub target: Vec<u8>,
    /// What became of that; `None` where the reference was edited.
    pub fate: Option<Fate>,
}

/// A reference of which nobody can say whether anything satisfies it.
#[derive(Clone, Debug)]
pub struct Undecided {
    /// The reference, as if it had missed; without candidates.
    pub miss: Miss,
    /// A package owns the name; else a part of it is only known at run time.
    pub external: bool,
}

/// What came of one source.
#[derive(Debug, Default)]
pub struct Checked {
    /// What became of its references; misses are not in it yet, but for `found`.
    pub tally: References,
    /// What nothing satisfied.
    pub misses: Vec<Miss>,
    /// Absolute server paths that no mount maps; their miss has no candidates yet.
    pub unmounted: Vec<(Miss, Vec<u8>)>,
    /// What could not be decided, where the tree is compared with another one.
    pub undecided: Vec<Undecided>,
    /// Satisfied although white space stands at the end of the name: one of the two sides is wrong.
    pub odd: Vec<(Miss, EntryId)>,
    /// Files that this one includes.
    pub includes: Vec<EntryId>,
    /// Files that an autoloader finds for a class that this one names as they are called.
    pub autoloaded: Vec<EntryId>,
}

impl Checked {
    /// Adds what came of another source.
    pub fn merge(&mut self, mut other: Checked) {
        let (a, b) = (&mut self.tally, other.tally);
        a.found += b.found;
        a.resolved += b.resolved;
        a.external += b.external;
        a.dynamic += b.dynamic;
        a.outside += b.outside;
        self.misses.append(&mut other.misses);
        self.unmounted.append(&mut other.unmounted);
        self.undecided.append(&mut other.undecided);
        self.odd.append(&mut other.odd);
        self.includes.append(&mut other.includes);
        self.autoloaded.append(&mut other.autoloaded);
    }

    /// Both together.
    #[must_use]
    pub fn put(mut self, other: Checked) -> Checked {
        self.merge(other);
        self
    }
}

/// Checks the references of one file, which is in a language. What cannot be decided is kept where `undecided` asks
/// for it, else counted only.
#[must_use]
pub fn check<'r, 's: 'r>(
    world: &World<'_>,
    project: &Project,
    (file, language): (EntryId, &'static str),
    references: impl IntoIterator<Item = &'r Reference<'s>>,
    undecided: bool,
) -> Checked {
    let mut checked = Checked::default();
    let mut alike: FxHashMap<Vec<u8>, (usize, usize)> = FxHashMap::default();
    for reference in references {
        checked.tally.found += 1;
        let resolution = resolve(world, project, file, language, reference);
        if undecided && matches!(resolution, Resolution::Dynamic(_) | Resolution::External(_)) {
            let external = matches!(resolution, Resolution::External(_));
            checked.undecided.push(Undecided { miss: miss(file, language, reference, Vec::new()), external });
        }
        match resolution {
            Resolution::Found(id) => satisfied(&mut checked, world, file, language, reference, id),
            Resolution::Defined => checked.tally.resolved += 1,
            Resolution::Dynamic(_) => checked.tally.dynamic += 1,
            Resolution::External(_) => checked.tally.external += 1,
            Resolution::Outside => checked.tally.outside += 1,
            Resolution::Unmounted(server) => {
                checked.unmounted.push((miss(file, language, reference, Vec::new()), server));
            }
            Resolution::Missing(candidates) => {
                keep(&mut checked, &mut alike, miss(file, language, reference, candidates))
            }
            Resolution::NotDeployed(one) => {
                let candidates = vec![Candidate::new(one.path.clone(), one.certainty)];
                let miss = miss(file, language, reference, candidates);
                keep(&mut checked, &mut alike, Miss { kept_out: Some(one), ..miss });
            }
        }
    }
    if language == "html" && checked.tally.resolved == 0 {
        spare_moved_page(world, file, &mut checked.misses);
    }
    if language == "html" {
        spare_torn_page(world, file, &mut checked.misses);
    }
    checked
}

/// Checks the symbolic links of a tree but those that are excluded; the bytes of one are the path that it holds.
#[must_use]
pub fn links(world: &World<'_>, excluded: impl Fn(&[u8]) -> bool) -> Checked {
    let mut checked = Checked::default();
    for (id, candidate) in world.index.links().filter_map(|id| Some((id, link::dangling(world, id)?))) {
        if excluded(world.index.path(id)) {
            continue;
        }
        let length = world.index.link_target(id).unwrap_or_default().len();
        let namespace = Namespace::Path(&[Base::FileDirectory], Want::Any);
        let reference =
            Reference::literal(Span::new(0, length), &b""[..], "symbolic link", namespace, Strength::Broken);
        let reference = Reference { tail: Span::default(), ceiling: ceiling(&candidate), ..reference };
        checked.tally.found += 1;
        checked.misses.push(miss(id, "link", &reference, vec![candidate]));
    }
    checked
}

/// A file that stands elsewhere shows what was meant, and not that anything follows the link.
fn ceiling(candidate: &Candidate) -> Severity {
    if candidate.near_only { Severity::Error } else { Severity::Warning }
}

/// A page of which nothing local is found, while each file it names stands elsewhere in the tree, is served from
/// another place than where it lies (a build copies it, or it is shown in another page): a plain miss says nothing
/// there, a near miss still does.
fn spare_moved_page(world: &World<'_>, page: EntryId, misses: &mut [Miss]) {
    let count =
        |stands: &dyn Fn(&Candidate) -> bool| misses.iter().filter(|miss| miss.candidates.iter().any(stands)).count();
    let moved = misses.len() >= MOVED_PAGE && count(&|one| url::stands_elsewhere(world, one)) == misses.len();
    if !moved && count(&|one| url::stands_above(world, page, one)) * 2 < misses.len().max(1) {
        return;
    }
    for candidate in misses.iter_mut().flat_map(|miss| &mut miss.candidates) {
        candidate.near_only = true;
    }
}

/// A page that names several files above its own folder which are nowhere in the tree is a sample of a package of
/// which only a part was copied: a miss is no outage there.
fn spare_torn_page(world: &World<'_>, page: EntryId, misses: &mut [Miss]) {
    let targets = misses.iter().filter_map(|miss| miss.candidates.first());
    let absent: FxHashSet<&[u8]> = targets
        .filter(|target| url::is_left_behind(world, page, target))
        .map(|target| target.path.as_slice())
        .collect();
    if absent.len() < TORN_PAGE {
        return;
    }
    for miss in misses {
        miss.ceiling = miss.ceiling.min(Severity::Warning);
    }
}

fn satisfied(
    checked: &mut Checked,
    world: &World<'_>,
    file: EntryId,
    language: &'static str,
    reference: &Reference<'_>,
    id: EntryId,
) {
    checked.tally.resolved += 1;
    if language == "php"
        && matches!(reference.namespace, Namespace::Path(..))
        && world.index.kind(id) == EntryKind::File
    {
        checked.includes.push(id);
    }
    if reference.namespace == Namespace::Class(Autoloaded::Used) && is_called_so(world, reference, id) {
        checked.autoloaded.push(id);
    }
    if !matches!(reference.namespace, Namespace::Url(_)) && ends_in_space(&reference.expr) {
        checked.odd.push((miss(file, language, reference, Vec::new()), id));
    }
}

/// Whether a file has the very name of a class.
fn is_called_so(world: &World<'_>, reference: &Reference<'_>, id: EntryId) -> bool {
    let class = reference.expr.as_literal().unwrap_or_default();
    let name = memchr::memrchr(b'\\', class).map_or(class, |at| &class[at + 1..]);
    world.index.name(id).strip_prefix(name) == Some(b".php")
}

fn ends_in_space(expr: &PathExpr<'_>) -> bool {
    match expr {
        PathExpr::Literal(text) => text.last().is_some_and(u8::is_ascii_whitespace),
        PathExpr::Concat(parts) | PathExpr::Join(parts) => parts.last().is_some_and(ends_in_space),
        _ => false,
    }
}

fn keep(checked: &mut Checked, alike: &mut FxHashMap<Vec<u8>, (usize, usize)>, miss: Miss) {
    let Some(first) = miss.candidates.first() else { return };
    // Only long pages pay for the map.
    if checked.misses.len() < KEPT_ALIKE {
        checked.misses.push(miss);
        return;
    }
    if alike.is_empty() {
        for (at, kept) in checked.misses.iter().enumerate() {
            let path = kept.candidates.first().map(|candidate| candidate.path.clone()).unwrap_or_default();
            let seen = alike.entry(path).or_default();
            *seen = (seen.0 + 1, at);
        }
    }
    let seen = alike.entry(first.path.clone()).or_default();
    if seen.0 >= KEPT_ALIKE {
        checked.misses[seen.1].more += 1;
    } else {
        *seen = (seen.0 + 1, checked.misses.len());
        checked.misses.push(miss);
    }
}

fn miss(file: EntryId, language: &'static str, reference: &Reference<'_>, candidates: Vec<Candidate>) -> Miss {
    Miss {
        file,
        language,
        span: reference.span,
        tail: reference.tail,
        construct: reference.construct,
        namespace: reference.namespace,
        strength: reference.strength,
        guarded: reference.guarded,
        ceiling: reference.ceiling,
        candidates,
        kept_out: None,
        more: 0,
        lost: None,
    }
}
