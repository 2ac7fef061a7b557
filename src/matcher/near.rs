//! Nothing there? The entries that were probably meant by a path.
//!
//! The path is walked as far as it exists; at the first segment that does not, that directory is asked for names
//! like it. Only the directory that the path leads to is searched: a name like it elsewhere was wrong in every
//! case that was counted, and is a hint at most ([`Difference::Moved`]).

use crate::diagnostic::{Difference, NearMiss};
use crate::index::{EntryId, EntryKind, Lookup};
use crate::path;
use crate::reference::Want;
use crate::resolve::{Candidate, World};

use super::difference::{Distance, distance};
use super::extension::TEMPLATES;

/// Most near misses that are kept.
pub(super) const MAX_NEAR: usize = 5;
/// Directories with more entries are not compared name by name for two edits.
pub(super) const MAX_TWO_EDITS: usize = 2_000;
/// Deepest path that is walked by near misses of its directories.
const MAX_SEGMENTS: usize = 64;

/// A near miss, with what only the verdict asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// The near miss as reports show it.
    pub miss: NearMiss,
    /// See [`Distance::slip`].
    pub slip: bool,
    /// It makes no finding: where there is one anyway, it is listed.
    pub hint: bool,
}

/// What was probably meant by a path that is not there, best first; rivals are marked. Deterministic.
#[must_use]
pub fn near_misses(world: &World<'_>, candidate: &Candidate) -> Vec<Near> {
    let mut found = Vec::new();
    if let Some(names) = &candidate.names {
        return among(&candidate.path, names);
    }
    if candidate.glued {
        separator(world, &candidate.path, candidate.want, &mut found);
    } else {
        walk(world, candidate, &mut found);
    }
    found.retain(|near| near.miss.path != candidate.path || candidate.glued);
    found.sort_by(|a, b| rank(a).cmp(&rank(b)));
    found.dedup_by(|b, a| a.miss.path == b.miss.path);
    mark_rivals(&mut found);
    found.truncate(MAX_NEAR);
    if found.is_empty() && candidate.want != Want::Directory {
        moved(world, &candidate.path, &mut found);
    }
    found
}

/// Those of some names that may have been meant.
fn among(written: &[u8], names: &[Vec<u8>]) -> Vec<Near> {
    let mut found = Vec::new();
    for name in names {
        let near = distance(written, name).filter(|near| near.difference != Difference::Extension || near.slip);
        if let Some(near) = near {
            push(&mut found, name, near);
        }
    }
    found.sort_by(|a, b| rank(a).cmp(&rank(b)));
    mark_rivals(&mut found);
    found.truncate(MAX_NEAR);
    found
}

/// In order of confidence. The same stem in another format (`logo.png` for `logo.svg`) is weaker evidence than a slip
/// of the pen: 4 of 16 were meant.
pub(super) fn rank(near: &Near) -> (Difference, bool, u32, &[u8]) {
    let NearMiss { difference, cost, path, .. } = &near.miss;
    let other_format = *difference == Difference::Extension && !near.slip;
    (if other_format { Difference::Spelling } else { *difference }, other_format, *cost, path)
}

pub(super) fn mark_rivals(found: &mut [Near]) {
    let kind = |near: &Near| (near.miss.difference, near.slip, near.miss.cost);
    let Some(best) = found.first().map(kind) else { return };
    let equal = found.iter().take_while(|near| kind(near) == best).count();
    if equal > 1 {
        found.iter_mut().take(equal).for_each(|near| near.miss.rival = true);
    }
}

pub(super) fn push(found: &mut Vec<Near>, path: &[u8], distance: Distance) {
    let Distance { difference, cost, slip } = distance;
    let hint = difference == Difference::Moved;
    found.push(Near { miss: NearMiss { path: path.to_vec(), difference, cost, rival: false }, slip, hint });
}

/// Walks to the first segment that is not there, and looks around it.
fn walk(world: &World<'_>, candidate: &Candidate, found: &mut Vec<Near>) {
    let segments: Vec<&[u8]> = path::segments(&candidate.path).collect();
    if segments.len() > MAX_SEGMENTS {
        return;
    }
    let index = world.index;
    let mut directory = EntryId::ROOT;
    for (at, segment) in segments.iter().enumerate() {
        let below = path::join(index.path(directory), segment);
        let last = at + 1 == segments.len();
        match index.lookup(&below) {
            Lookup::Found(next) if index.kind(next) == EntryKind::Directory && !last => {
                twins(world, directory, next, &segments[at..], candidate.want, found);
                directory = next;
            }
            Lookup::Beyond => return,
            _ => {
                around(world, directory, &segments[at..], candidate.want, found);
                return;
            }
        }
    }
}

/// `segments[0]` is in `directory`, but the path ends nowhere: `src/Models/Post.php` where `src/Models` and
/// `src/models` both stand, and only the other one holds `Post.php`; or `email` and `emails`.
fn twins(world: &World<'_>, directory: EntryId, taken: EntryId, segments: &[&[u8]], want: Want, found: &mut Vec<Near>) {
    let index = world.index;
    let (segment, rest) = (segments[0], &segments[1..]);
    let folded = index.folded(directory);
    let alike = folded.alike(segment);
    let spelled = folded.one_edit(segment).into_iter().filter(|twin| !alike.contains(twin));
    let twins = alike.iter().copied().chain(spelled);
    for twin in twins.filter(|&twin| twin != taken && index.kind(twin) == EntryKind::Directory) {
        match distance(segment, index.name(twin)) {
            Some(near) if near.difference <= Difference::UnicodeForm => through(world, twin, rest, want, near, found),
            Some(near) if near.difference == Difference::Spelling => exactly(world, twin, rest, want, near, found),
            _ => {}
        }
    }
}

/// `segments[0]` is not in `directory`: what is like it there, followed by the rest of the path?
fn around(world: &World<'_>, directory: EntryId, segments: &[&[u8]], want: Want, found: &mut Vec<Near>) {
    let index = world.index;
    let (segment, rest) = (segments[0], &segments[1..]);
    for (entry, near) in like(world, directory, segment) {
        if rest.is_empty() {
            if world.fits(entry, want) {
                push(found, index.path(entry), near);
            }
        } else if index.kind(entry) == EntryKind::Directory {
            through(world, entry, rest, want, near, found);
        }
    }
    let whole = path::join(index.path(directory), &segments.join(&b'/'));
    separator(world, &whole, want, found);
    unglued(world, directory, segments, want, found);
}

/// The directory was a near miss: the rest of the path must be there, or differ only by what folds away.
fn through(world: &World<'_>, directory: EntryId, rest: &[&[u8]], want: Want, near: Distance, found: &mut Vec<Near>) {
    let index = world.index;
    let whole = path::join(index.path(directory), &rest.join(&b'/'));
    if let Lookup::Found(entry) = world.find(&whole, want) {
        push(found, index.path(entry), near);
        return;
    }
    let mut directory = directory;
    let mut total = near;
    for (at, segment) in rest.iter().enumerate() {
        let last = at + 1 == rest.len();
        let wanted = if last { want } else { Want::Directory };
        let below = path::join(index.path(directory), segment);
        directory = match world.find(&below, wanted) {
            Lookup::Found(next) => next,
            _ => {
                let folds = |near: &Distance| near.difference <= Difference::UnicodeForm;
                let next = like(world, directory, segment)
                    .into_iter()
                    .find(|(entry, near)| folds(near) && world.fits(*entry, wanted));
                let Some((next, more)) = next else { return };
                total.cost += more.cost;
                total.difference = total.difference.max(more.difference);
                next
            }
        };
    }
    push(found, index.path(directory), total);
}

/// The directory is another one, a letter from the one that stands: the rest of the path must be there as it is
/// written.
fn exactly(world: &World<'_>, directory: EntryId, rest: &[&[u8]], want: Want, near: Distance, found: &mut Vec<Near>) {
    let whole = path::join(world.index.path(directory), &rest.join(&b'/'));
    if let Lookup::Found(entry) = world.find(&whole, want) {
        push(found, world.index.path(entry), near);
    }
}

/// Entries of a directory that `name` may have meant.
fn like(world: &World<'_>, directory: EntryId, name: &[u8]) -> Vec<(EntryId, Distance)> {
    let index = world.index;
    let folded = index.folded(directory);
    let mut entries: Vec<EntryId> = folded.alike(name).to_vec();
    entries.extend_from_slice(folded.same_stem(name));
    entries.extend(folded.one_edit(name));
    if name.len() >= 8 && index.children(directory).len() <= MAX_TWO_EDITS {
        let letters = Letters::of(name);
        entries.extend(index.children(directory).filter(|&id| letters.may_be_two_edits_from(index.name(id))));
    } else {
        entries.extend(encoded(world, directory, name));
    }
    entries.extend(encoded(world, directory, name));
    entries.extend(bare(world, directory, name));
    entries.extend(templated(world, directory, name));
    entries.sort_unstable();
    entries.dedup();
    entries.into_iter().filter_map(|entry| Some((entry, distance(name, index.name(entry))?))).collect()
}

/// How often each letter stands in a name, in either case: what two edits can't bring together needs no comparison.
struct Letters {
    counts: [i32; 128],
    length: usize,
    ascii: bool,
}

impl Letters {
    fn of(name: &[u8]) -> Self {
        let mut counts = [0; 128];
        name.iter().for_each(|byte| counts[usize::from(byte.to_ascii_lowercase() & 127)] += 1);
        Letters { counts, length: name.len(), ascii: name.is_ascii() }
    }

    /// An edit changes the counts of two letters at most.
    fn may_be_two_edits_from(&self, other: &[u8]) -> bool {
        if self.length.abs_diff(other.len()) > 2 || !self.ascii || !other.is_ascii() {
            return self.length.abs_diff(other.len()) <= 2;
        }
        let mut left = self.counts;
        other.iter().for_each(|byte| left[usize::from(byte.to_ascii_lowercase())] -= 1);
        left.iter().map(|count| count.unsigned_abs()).sum::<u32>() <= 4
    }
}

/// The name decoded once more, or with `%20` for its blanks.
fn encoded(world: &World<'_>, directory: EntryId, name: &[u8]) -> Vec<EntryId> {
    let decoded = path::percent_decode(name);
    let spaced: Vec<u8> = decoded.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let encoded = name.iter().flat_map(|&byte| if byte == b' ' { b"%20".to_vec() } else { vec![byte] }).collect();
    let plus = name.iter().map(|&byte| if byte == b' ' { b'+' } else { byte }).collect();
    let here = world.index.path(directory);
    let forms: [Vec<u8>; 4] = [decoded.into_owned(), spaced, encoded, plus];
    forms.iter().filter_map(|form| world.index.id(&path::join(here, form))).collect()
}

/// `x.html.html` meant `x.html`.
fn bare(world: &World<'_>, directory: EntryId, name: &[u8]) -> Option<EntryId> {
    let (stem, extension) = path::split_extension(name);
    extension?;
    world.index.id(&path::join(world.index.path(directory), stem))
}

/// `site.conf` meant `site.conf.j2`.
fn templated(world: &World<'_>, directory: EntryId, name: &[u8]) -> Vec<EntryId> {
    let here = path::join(world.index.path(directory), name);
    let with = |extension: &&str| world.index.id(&[here.as_slice(), b".", extension.as_bytes()].concat());
    TEMPLATES.iter().filter_map(with).collect()
}

/// Backslashes for slashes, or a slash too few before a path glued to the root's name.
fn separator(world: &World<'_>, written: &[u8], want: Want, found: &mut Vec<Near>) {
    let slashed: Vec<u8> = written.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
    let Some(normal) = path::normalize(&slashed) else { return };
    let Lookup::Found(entry) = world.find(&normal, want) else { return };
    if world.index.path(entry) != written || !slashed.contains(&b'\\') {
        push(found, world.index.path(entry), Distance { difference: Difference::Separator, cost: 1, slip: false });
    }
}

/// `__DIR__ . 'inc/x.php'` in `lib` asks for `libinc/x.php`: a slash is missing after the name of a directory.
fn unglued(world: &World<'_>, directory: EntryId, segments: &[&[u8]], want: Want, found: &mut Vec<Near>) {
    let index = world.index;
    let segment = segments[0];
    for cut in 1..segment.len() {
        let Some(entry) = index.id(&path::join(index.path(directory), &segment[..cut])) else { continue };
        if index.kind(entry) != EntryKind::Directory {
            continue;
        }
        let mut rest = vec![&segment[cut..]];
        rest.extend_from_slice(&segments[1..]);
        let whole = path::join(index.path(entry), &rest.join(&b'/'));
        if let Lookup::Found(target) = world.find(&whole, want) {
            push(found, index.path(target), Distance { difference: Difference::Separator, cost: 1, slip: false });
        }
    }
}

/// The same name elsewhere, nearest first: a hint.
fn moved(world: &World<'_>, written: &[u8], found: &mut Vec<Near>) {
    let common =
        |path: &[u8]| path::segments(path).rev().zip(path::segments(written).rev()).take_while(|(a, b)| a == b).count();
    let index = world.index;
    let mut elsewhere: Vec<&[u8]> = index
        .named(path::name(written))
        .filter(|&id| index.kind(id) == EntryKind::File)
        .take(64)
        .map(|id| index.path(id))
        .collect();
    elsewhere.sort_by(|a, b| common(b).cmp(&common(a)).then_with(|| a.cmp(b)));
    for path in elsewhere.into_iter().take(2) {
        push(found, path, Distance { difference: Difference::Moved, cost: 1, slip: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Certainty;
    use crate::index::Index;
    use crate::tree::{Memory, Tree};

    fn first(files: &[&str], written: &str) -> Option<(Vec<u8>, Difference, bool)> {
        let mut tree = Memory::default();
        for file in files {
            tree.file(*file, "");
        }
        let index = Index::new(tree.list().entries);
        let candidate = Candidate::new(written.as_bytes().to_vec(), Certainty::Certain);
        let near = near_misses(&World::new(&index), &candidate);
        near.into_iter().next().map(|near| (near.miss.path, near.miss.difference, near.miss.rival))
    }

    #[test]
    fn directories_and_names() {
        let files = ["lib/db.php", "lib/sub/x.php", "main.php", "héllo.php"];
        for (written, path, difference) in [
            ("Lib/db.php", "lib/db.php", Difference::Case),
            ("lib/DB.php", "lib/db.php", Difference::Case),
            ("LIB/Sub/X.php", "lib/sub/x.php", Difference::Case),
            ("lib\\db.php", "lib/db.php", Difference::Separator),
            ("libdb.php", "lib/db.php", Difference::Separator),
            ("main.phpp", "main.php", Difference::Extension),
            ("mian.php", "main.php", Difference::Spelling),
            ("he\u{301}llo.php", "héllo.php", Difference::UnicodeForm),
            ("elsewhere/x.php", "lib/sub/x.php", Difference::Moved),
        ] {
            assert_eq!(first(&files, written), Some((path.as_bytes().to_vec(), difference, false)), "{written}");
        }
    }

    #[test]
    fn two_that_are_as_near_are_rivals() {
        assert_eq!(first(&["hello.gif", "hello.svg"], "hello.png").map(|(_, _, rival)| rival), Some(true));
    }
}
