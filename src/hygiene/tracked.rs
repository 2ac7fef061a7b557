//! Names that the disk has in another case or Unicode form than git: a disk that ignores the difference hides it,
//! and whoever gets the files from git has the other name.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::{Diagnostic, Difference, NearMiss, Severity, Status, show};
use crate::index::{EntryId, Index};
use crate::path;

/// Compares the tree with what git tracks of it; each odd name is told once.
pub(super) fn check(index: &Index, tracked: &[Vec<u8>]) -> Vec<Diagnostic> {
    let known: FxHashSet<&[u8]> = tracked.iter().map(Vec::as_slice).collect();
    let mut odd: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    for path in tracked.iter().filter(|path| index.id(path).is_none()) {
        let Some((entry, at)) = otherwise(index, path) else { continue };
        // git may track both spellings, of which the disk has room for one.
        if !known.contains(index.path(entry)) {
            odd.insert(first(index.path(entry), at), first(path, at));
        }
    }
    odd.into_iter().map(|(here, there)| told(here, there)).collect()
}

/// The entry that stands for a path, and the number of the first segment that is spelled otherwise.
fn otherwise(index: &Index, path: &[u8]) -> Option<(EntryId, usize)> {
    let (mut at, mut differs) = (EntryId::ROOT, None);
    for (number, segment) in path::segments(path).enumerate() {
        at = match index.id(&path::join(index.path(at), segment)) {
            Some(exact) => exact,
            None => {
                let mut alike = index.folded(at).alike(segment).iter().filter(|&&id| is_same(index.name(id), segment));
                differs = differs.or(Some(number));
                *alike.next()?
            }
        };
    }
    Some((at, differs?))
}

/// But for case and Unicode form.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let folded = |name| Some(std::str::from_utf8(name).ok()?.to_lowercase().nfc().collect::<String>());
    folded(one).is_some_and(|one| folded(other) == Some(one))
}

/// A path as far as the segment of this number.
fn first(path: &[u8], last: usize) -> Vec<u8> {
    path::segments(path).take(last + 1).collect::<Vec<_>>().join(&b'/')
}

fn told(here: Vec<u8>, there: Vec<u8>) -> Diagnostic {
    let lower = |path: &[u8]| String::from_utf8_lossy(path::name(path)).to_lowercase();
    let difference = if lower(&here) == lower(&there) { Difference::Case } else { Difference::UnicodeForm };
    let (name, meant) = (show(path::name(&here)), show(path::name(&there)));
    Diagnostic {
        code: "name-differs-from-git",
        severity: Severity::Warning,
        status: Status::Active,
        excuse: None,
        message: format!("the name `{name}` is `{meant}` in git"),
        help: Some(format!("`git mv` the one to the other: a server that gets it from git has `{meant}`")),
        file: here,
        location: None,
        subject: None,
        tried: Vec::new(),
        near_misses: vec![NearMiss { path: there, difference, cost: 1, rival: false }],
        more: 0,
        fix: None,
        fingerprint: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Memory, Tree};

    #[test]
    fn another_spelling_is_told_once() {
        let mut tree = Memory::default();
        tree.file("Lib/a.php", "").file("Lib/b.php", "").file("x/Read.md", "").file("both.md", "").file("é.md", "");
        let index = Index::new(tree.list().entries);
        let tracked = ["lib/a.php", "lib/b.php", "x/read.md", "both.md", "BOTH.md", "gone.md", "e\u{301}.md"];
        let tracked: Vec<Vec<u8>> = tracked.iter().map(|path| path.as_bytes().to_vec()).collect();
        let told: Vec<String> = check(&index, &tracked).into_iter().map(|one| one.message).collect();
        let want = ["`Lib` is `lib`", "`Read.md` is `read.md`", "`é.md` is `é.md`"];
        assert_eq!(told.len(), want.len(), "{told:?}");
        assert!(told[0].contains(want[0]) && told[1].contains(want[1]), "{told:?}");
    }
}
