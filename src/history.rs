//! What an earlier tree, and git's history, say of references that nothing satisfies.
//!
//! A reference that was satisfied in the tree that this one is compared with, and is not any more, is the strongest
//! evidence there is, whatever the certainty of its base: its target is gone, or the reference itself was edited. That
//! it was satisfied by accident must be ruled out first: an open base is searched for anywhere in the tree, so that a
//! file in its place, or one that nothing else is called like, is asked for.
//!
//! What this does not do: ask git. What became of a path is asked through [`Past`], by whoever has the repository.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::check::{Checked, Lost, Miss};
use crate::diagnostic::{Certainty, Fate, Location, Span};
use crate::index::{EntryId, Index, Lookup};
use crate::listing::Listed;
use crate::path;
use crate::project::Project;
use crate::reference::{Namespace, UrlKind, Want};
use crate::resolve::{Candidate, World};
use crate::scan;
use crate::source::Source;
use crate::tree::Tree;

/// Tells what became of paths that are gone; those that it knows nothing of are left out.
pub type Past<'p> = dyn Fn(&[Vec<u8>]) -> Fates + Sync + 'p;

/// What became of paths, relative to the root.
pub type Fates = FxHashMap<Vec<u8>, Fate>;

/// The tree that another one is compared with.
pub struct Base<'b> {
    /// The tree.
    pub tree: &'b dyn Tree,
    /// Its commit, in short.
    pub commit: String,
    /// What each file that was renamed since was called there.
    pub renamed: FxHashMap<Vec<u8>, Vec<u8>>,
}

impl Base<'_> {
    /// What a file of the compared tree was called in this one, if it was there.
    #[must_use]
    pub fn name_of<'f>(&'f self, file: &'f [u8]) -> &'f [u8] {
        self.renamed.get(file).map_or(file, Vec::as_slice)
    }
}

/// The compared tree.
#[derive(Clone, Copy)]
pub struct Now<'a> {
    /// Where sources are read again.
    pub tree: &'a dyn Tree,
    /// Which entries exist.
    pub world: &'a World<'a>,
    /// Facts of the tree.
    pub project: &'a Project,
}

/// What was found of the other tree.
pub struct Then<'a> {
    /// Its entries.
    pub index: &'a Index,
    /// The references of the files that [`watched`] names.
    pub references: FxHashMap<Vec<u8>, Vec<Listed>>,
}

impl<'a> Then<'a> {
    /// Puts listed references in order, by file.
    #[must_use]
    pub fn new(index: &'a Index, listed: Vec<Listed>) -> Self {
        let mut references: FxHashMap<Vec<u8>, Vec<Listed>> = FxHashMap::default();
        for one in listed {
            references.entry(one.file.clone()).or_default().push(one);
        }
        references.values_mut().for_each(|all| all.sort_by_key(|one| one.location.span));
        Then { index, references }
    }
}

/// The files of the other tree whose references are worth listing: those that hold something unsatisfied now.
#[must_use]
pub fn watched(now: &Now<'_>, base: &Base<'_>, checked: &Checked) -> FxHashSet<Vec<u8>> {
    let files = checked.misses.iter().map(|miss| miss.file).chain(checked.undecided.iter().map(|one| one.miss.file));
    let files: FxHashSet<EntryId> = files.collect();
    files.into_iter().map(|file| base.name_of(now.world.index.path(file)).to_vec()).collect()
}

/// One reference that is not satisfied: its place among the misses, or among what is undecided.
#[derive(Clone, Copy)]
struct Place {
    miss: bool,
    at: usize,
}

/// What was found of it.
struct Found {
    place: Place,
    lost: Lost,
    candidate: Candidate,
}

/// Marks what was satisfied in the other tree; of what was undecided, that becomes a miss.
pub fn compare(now: &Now<'_>, base: &Base<'_>, then: &Then<'_>, past: &Past<'_>, checked: &mut Checked) {
    let found = all_lost(now, base, then, checked);
    let gone: FxHashSet<Vec<u8>> = found.iter().map(|one| one.lost.target.clone()).collect();
    let mut gone: Vec<Vec<u8>> = gone.into_iter().collect();
    gone.sort();
    let fates = if gone.is_empty() { Fates::default() } else { past(&gone) };
    for Found { place, mut lost, candidate } in found {
        if lost.fate.is_some() {
            lost.fate = fates.get(&lost.target).cloned().or(lost.fate);
        }
        if place.miss {
            if let Some(miss) = checked.misses.get_mut(place.at) {
                mark(miss, lost, candidate);
            }
            continue;
        }
        // A package may take the place of a module that is removed, but not of one that was renamed.
        let renamed = lost.fate.as_ref().is_some_and(|fate| fate.became.is_some());
        let Some(one) = checked.undecided.get(place.at).filter(|one| renamed || !one.external) else { continue };
        let mut miss = one.miss.clone();
        *(if one.external { &mut checked.tally.external } else { &mut checked.tally.dynamic }) -= 1;
        mark(&mut miss, lost, candidate);
        checked.misses.push(miss);
    }
    checked.undecided.clear();
}

fn mark(miss: &mut Miss, lost: Lost, candidate: Candidate) {
    let known = miss.candidates.iter().position(|one| one.path == candidate.path);
    let first = known.map_or(candidate, |at| miss.candidates.remove(at));
    miss.candidates.insert(0, first);
    miss.lost = Some(Box::new(lost));
}

fn all_lost(now: &Now<'_>, base: &Base<'_>, then: &Then<'_>, checked: &Checked) -> Vec<Found> {
    let misses = checked.misses.iter().enumerate().map(|(at, miss)| (Place { miss: true, at }, miss));
    let undecided = checked.undecided.iter().enumerate().map(|(at, one)| (Place { miss: false, at }, &one.miss));
    let mut by_file: FxHashMap<EntryId, Vec<(Place, &Miss)>> = FxHashMap::default();
    for (place, miss) in misses.chain(undecided) {
        // What else is undecided is so for a reason: a route, a build, a variable in the name itself.
        let open = place.miss || matches!(miss.namespace, Namespace::Path(..) | Namespace::Python { .. });
        if open && miss.kept_out.is_none() && !matches!(miss.namespace, Namespace::Class(_)) {
            by_file.entry(miss.file).or_default().push((place, miss));
        }
    }
    let one = |(file, misses): (EntryId, Vec<(Place, &Miss)>)| {
        let path = now.world.index.path(file);
        let Some(references) = then.references.get(base.name_of(path)) else { return Vec::new() };
        let source = Source::new(now.tree.read(path, scan::MAX_STREAMED).unwrap_or_default());
        let at = File { now, then, commit: &base.commit, path, source: &source, references };
        misses.into_iter().filter_map(|(place, miss)| at.lost(place, miss)).collect::<Vec<_>>()
    };
    by_file.into_par_iter().flat_map_iter(one).collect()
}

/// A file of the compared tree, beside what it held in the other one.
struct File<'a> {
    now: &'a Now<'a>,
    then: &'a Then<'a>,
    commit: &'a str,
    path: &'a [u8],
    source: &'a Source<'a>,
    references: &'a [Listed],
}

impl File<'_> {
    fn lost(&self, place: Place, miss: &Miss) -> Option<Found> {
        let text = miss.span.of(self.source.bytes());
        let mut alike = self.references.iter().filter(|then| is_alike(miss, then)).peekable();
        let unchanged = self.references.iter().any(|then| is_alike(miss, then) && then.text == text);
        let (target, path, edited) = if unchanged {
            alike
                .filter(|then| then.text == text)
                .find_map(|then| self.gone(miss, then))
                .map(|path| (path.clone(), path, false))?
        } else {
            alike.peek()?;
            // A miss has every place in it that the reference may start from.
            let known = |path: &[u8]| !place.miss || miss.candidates.iter().any(|one| one.path == path);
            self.edited(miss, text).filter(|(_, path, _)| known(path))?
        };
        let lost = Lost { at: self.commit.to_owned(), target, fate: (!edited).then(Fate::default) };
        let directory = self.then.index.is_directory(&lost.target);
        let want = if directory { Want::Directory } else { Want::File };
        let candidate = Candidate { want, near_only: true, ..Candidate::new(path, Certainty::Open) };
        Some(Found { place, lost, candidate })
    }

    /// What satisfied a reference then, where it is gone, and was no accident.
    fn gone(&self, miss: &Miss, then: &Listed) -> Option<Vec<u8>> {
        let target = then.target.as_deref()?;
        let is_gone = self.now.world.find(target, Want::Any) == Lookup::Missing;
        (is_gone && self.was_meant(miss, then, target)).then(|| target.to_vec())
    }

    /// Whether a target is what the reference means, and not what happens to be called so.
    fn was_meant(&self, miss: &Miss, then: &Listed, target: &[u8]) -> bool {
        let tail = tail(then);
        match miss.namespace {
            // The text may be a name alone, that of another module on another line.
            Namespace::Python { .. } if miss.candidates.is_empty() => is_module(&then.text, target),
            Namespace::Python { .. } => miss.candidates.iter().any(|one| one.path == target),
            Namespace::Url(kind) => names(tail, target) || kind == UrlKind::Style,
            Namespace::Path(..) | Namespace::Template | Namespace::View => {
                let Some(suffix) = path::normalize(tail).filter(|suffix| path::ends_in(target, suffix)) else {
                    return then.certainty == Certainty::Certain;
                };
                let front = target[..target.len() - suffix.len()].strip_suffix(b"/").unwrap_or(b"");
                let alone = self.then.index.ending_in(&suffix).nth(1).is_none();
                let nested = path::segments(&suffix).nth(1).is_some();
                let starts_unknown = then.values.iter().any(|value| value.starts_with("…".as_bytes()));
                let near = self.is_start(front);
                if nested { near || alone } else { near && (alone || !starts_unknown) }
            }
            _ => true,
        }
    }

    /// Whether relative names may start from a directory of the other tree.
    fn is_start(&self, directory: &[u8]) -> bool {
        let project = self.now.project;
        let mut roots = project.document_roots.iter().chain(&project.template_roots).map(|root| &root.path);
        let mut places = project.include_path.iter().chain(&project.working_directories).chain(&project.applications);
        path::is_below(self.path, directory)
            || roots.any(|root| root == directory)
            || places.any(|place| place == directory)
    }

    /// A reference on the same line as one that was satisfied, which it took the place of: what that one named, and
    /// what this one names if it starts from the same directory.
    fn edited(&self, miss: &Miss, text: &[u8]) -> Option<(Vec<u8>, Vec<u8>, bool)> {
        let here = self.source.locate(miss.span);
        let is_before = |then: &&Listed| {
            is_alike(miss, then)
                && surroundings(&then.location) == surroundings(&here)
                && front(&then.text, then.location.span, then.tail) == front(text, miss.span, miss.tail)
                && memchr::memmem::find(self.source.bytes(), &then.text).is_none()
        };
        let similarity = |then: &Listed| {
            strsim::normalized_damerau_levenshtein(&String::from_utf8_lossy(&then.text), &String::from_utf8_lossy(text))
        };
        let before = self.references.iter().filter(is_before).filter(|then| then.target.is_some());
        let before = before.max_by(|a, b| similarity(a).total_cmp(&similarity(b)))?;
        let target = before.target.clone()?;
        if !self.was_meant(miss, before, &target) {
            return None;
        }
        let suffix = path::normalize(tail(before)).filter(|suffix| path::ends_in(&target, suffix))?;
        let front = target[..target.len() - suffix.len()].strip_suffix(b"/").unwrap_or(b"");
        let expected = path::normalize(&path::join(front, miss.tail.of(self.source.bytes())))?.into_owned();
        let is_missing = !expected.is_empty() && self.now.world.find(&expected, Want::Any) == Lookup::Missing;
        is_missing.then_some((target, expected, true))
    }
}

fn is_alike(miss: &Miss, then: &Listed) -> bool {
    miss.construct == then.construct && miss.namespace == then.rules
}

/// The inside of the last literal of a reference.
fn tail(then: &Listed) -> &[u8] {
    let start = then.location.span.start;
    let within = |at: u32| (at.saturating_sub(start)) as usize;
    Span::new(within(then.tail.start), within(then.tail.end)).of(&then.text)
}

/// What stands before the last literal of a reference, which must be as it was where only that was edited.
fn front(text: &[u8], span: Span, tail: Span) -> &[u8] {
    text.get(..tail.start.saturating_sub(span.start) as usize).unwrap_or_default()
}

/// Whether a dotted name is that of a module's file.
fn is_module(dotted: &[u8], file: &[u8]) -> bool {
    let path: Vec<u8> = dotted.iter().map(|&byte| if byte == b'.' { b'/' } else { byte }).collect();
    [b".py".as_slice(), b"/__init__.py"].iter().any(|end| file == [&path[..], end].concat())
}

/// Whether a URL names this very file, and not a directory or a route that it answers for.
fn names(url: &[u8], target: &[u8]) -> bool {
    let end = url.iter().position(|byte| b"?#".contains(byte)).unwrap_or(url.len());
    path::percent_decode(path::name(&url[..end])) == path::name(target)
}

/// What stands before and behind a reference on its lines.
fn surroundings(location: &Location) -> (&[u8], &[u8]) {
    let excerpt = &location.excerpt;
    let (start, end) = (excerpt.highlight.start as usize, excerpt.highlight.end as usize);
    let before = excerpt.text.get(..start).unwrap_or_default();
    (before.trim_ascii_start(), excerpt.text.get(end..).unwrap_or_default().trim_ascii_end())
}
