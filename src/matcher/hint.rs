//! What a missing file may have to do with: a path of the same letters, names beside it that differ in a number, or
//! share their words. They make no finding, and are looked for where one is explained.

use super::difference::{Distance, is_variant, tokens};
use super::near::{MAX_NEAR, MAX_TWO_EDITS, Near, mark_rivals, push, rank};
use crate::diagnostic::{Certainty, Difference};
use crate::index::{EntryId, EntryKind};
use crate::path;
use crate::resolve::{Candidate, World};

/// Fewest letters with which two words begin that count as alike.
const SHARED_BEGINNING: usize = 5;
/// How many directories above one are looked below for a name of the same letters.
const MAX_UP: usize = 2;
/// Fewest letters that related names share.
const RELATED_LETTERS: usize = 6;

/// What a path may have to do with that nothing is near to, best first: `tomcat6.xml` for `tomcat8.xml`, `newBrick.js`
/// for `Brick.js`. Rivals are marked.
#[must_use]
pub fn hints(world: &World<'_>, candidate: &Candidate) -> Vec<Near> {
    let index = world.index;
    let mut found = Vec::new();
    if candidate.certainty < Certainty::Certain || candidate.near_only || candidate.names.is_some() {
        return found;
    }
    if let Some(same) = of_the_same_letters(world, candidate) {
        push(&mut found, index.path(same), Distance { difference: Difference::Separator, cost: 1, slip: false });
        found.iter_mut().for_each(|near| near.hint = true);
        return found;
    }
    let directory = index.id(path::parent(&candidate.path)).filter(|&id| index.kind(id) == EntryKind::Directory);
    let Some(directory) = directory.filter(|&id| index.children(id).len() <= MAX_TWO_EDITS) else { return found };
    let written = Written::new(path::name(&candidate.path));
    let beside = index.children(directory).filter(|&id| world.fits(id, candidate.want));
    let mut alike: Vec<_> = beside.filter_map(|id| Some((written.far(index.name(id))?, id))).collect();
    alike.sort_unstable();
    for group in alike.chunk_by(|a, b| a.0 == b.0) {
        let cost = found.last().map_or(1, |last: &Near| last.miss.cost + 1);
        for (_, id) in group {
            push(&mut found, index.path(*id), Distance { difference: Difference::Spelling, cost, slip: false });
        }
    }
    found.iter_mut().for_each(|near| near.hint = true);
    found.sort_by(|a, b| rank(a).cmp(&rank(b)));
    mark_rivals(&mut found);
    found.truncate(MAX_NEAR);
    found
}

/// The one entry whose letters are the same as those of a path, however its names are parted: below the last directory
/// of the path that is there, `user/show.php` for `user_show.php`, or, for its last name alone, beside and above that,
/// `polls/vote.html` for `votes/polls_vote.html`. Names are restyled by the whole, and some uses are left behind.
fn of_the_same_letters(world: &World<'_>, candidate: &Candidate) -> Option<EntryId> {
    let index = world.index;
    let directory = |path: &[u8]| index.id(path).filter(|&id| index.kind(id) == EntryKind::Directory);
    let mut above = path::ancestors(path::parent(&candidate.path));
    let known = above.find_map(|path| Some((path, directory(path)?)));
    let (known, start) = known.unwrap_or((b"", EntryId::ROOT));
    let rest = letters(&candidate.path[known.len()..]);
    let name = letters(path::name(&candidate.path));
    spelled(world, candidate, start, &rest).or_else(|| {
        let mut up = std::iter::once(start).chain(above.take(MAX_UP).filter_map(directory));
        up.find_map(|start| spelled(world, candidate, start, &name))
    })
}

/// The one entry below a directory that has these letters, and not the very name.
fn spelled(world: &World<'_>, candidate: &Candidate, start: EntryId, letters: &[u8]) -> Option<EntryId> {
    let index = world.index;
    let mut open = vec![(start, letters)];
    let mut same = None;
    while let Some((directory, rest)) = open.pop() {
        if index.children(directory).len() > MAX_TWO_EDITS {
            continue;
        }
        for child in index.children(directory) {
            let Some(rest) = without(rest, index.name(child)) else { continue };
            let fits = || world.fits(child, candidate.want) && index.name(child) != path::name(&candidate.path);
            match index.kind(child) {
                EntryKind::Directory if !rest.is_empty() => open.push((child, rest)),
                _ if !rest.is_empty() || !fits() => {}
                _ if same.replace(child).is_some() => return None,
                _ => {}
            }
        }
    }
    same
}

/// What parts no two words is lost; letters of ASCII are compared in lower case.
fn letters(text: &[u8]) -> Vec<u8> {
    text.iter().filter(|byte| !matches!(byte, b'/' | b'-' | b'_' | b' ')).map(u8::to_ascii_lowercase).collect()
}

/// What is left of some letters behind those of a name, which has some.
fn without<'a>(letters: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let name = self::letters(name);
    letters.strip_prefix(name.as_slice()).filter(|_| !name.is_empty())
}

/// The name that others are compared with.
struct Written {
    lower: String,
    words: Vec<String>,
}

impl Written {
    fn new(name: &[u8]) -> Self {
        Written { lower: String::from_utf8_lossy(name).to_lowercase(), words: words(name) }
    }

    /// How far another name is from this one: one that differs in a number is nearer than any that shares words.
    fn far(&self, other: &[u8]) -> Option<(u64, u32)> {
        self.variant(other).or_else(|| Some((u64::MAX, self.related(other)?)))
    }

    /// How far apart the numbers of two names are that are alike but for numbers or a variant, and how many letters
    /// they differ in, at most two.
    fn variant(&self, other: &[u8]) -> Option<(u64, u32)> {
        if self.lower.len().abs_diff(other.len()) > 2 {
            return None;
        }
        let other = String::from_utf8_lossy(other).to_lowercase();
        let edits = is_variant(&self.lower, &other).then(|| strsim::osa_distance(&self.lower, &other))?;
        let edits = u32::try_from(edits).ok().filter(|&edits| edits <= 2)?;
        Some((numbers_apart(&self.lower, &other), edits))
    }

    /// How far two names are apart that share half of their letters in whole words, in tenths: `tutorial.md` and
    /// `rules-tutorial.md`; `None` where they share less.
    fn related(&self, other: &[u8]) -> Option<u32> {
        let letters = |words: &[String]| words.iter().map(String::len).sum::<usize>();
        let mut rest = words(other);
        let all = letters(&self.words) + letters(&rest);
        let mut shared = 0;
        for word in &self.words {
            let best = (0..rest.len()).max_by_key(|&at| (alike(word, &rest[at]), std::cmp::Reverse(at)));
            if let Some((at, letters)) = best.map(|at| (at, alike(word, &rest[at]))).filter(|one| one.1 > 0) {
                shared += letters;
                rest.swap_remove(at);
            }
        }
        // An extension alone is no likeness.
        let most = shared >= RELATED_LETTERS && 4 * shared >= all;
        most.then(|| u32::try_from(10 - 20 * shared / all.max(1)).unwrap_or(0).max(1))
    }
}

/// How many letters two words have in common: all of the same one, or what `numbered` and `numbers` are made of.
fn alike(a: &str, b: &str) -> usize {
    if a == b {
        return a.len();
    }
    let begins = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    if begins >= SHARED_BEGINNING { begins } else { 0 }
}

/// The sum of the differences of the numbers in two names; a word beside a number is as far as one step.
fn numbers_apart(a: &str, b: &str) -> u64 {
    let number = |token: &String| token.parse::<u64>().ok();
    let apart = |(a, b): (&String, &String)| match (number(a), number(b)) {
        (Some(a), Some(b)) => a.abs_diff(b),
        _ => u64::from(a != b),
    };
    tokens(a).iter().zip(&tokens(b)).map(apart).fold(0, u64::saturating_add)
}

/// The words of a name in lower case, those of `newBrick` apart.
fn words(name: &[u8]) -> Vec<String> {
    let name = String::from_utf8_lossy(name);
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for c in name.chars() {
        if after_small && c.is_uppercase() {
            spaced.push(' ');
        }
        after_small = c.is_lowercase();
        spaced.extend(c.to_lowercase());
    }
    tokens(&spaced)
}
