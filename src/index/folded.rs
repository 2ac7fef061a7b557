//! Folded lookups in one directory: which names look like this one?
//!
//! Built on a directory's first miss. Two maps over its names: one by the loosest fold (white space, invisible
//! characters, case, Unicode form, look-alikes and percent-encoding gone), one by every name with one character
//! deleted, so that all names one edit away are found without comparing against each (symmetric deletion).

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization;

use super::{EntryId, Index};
use crate::diagnostic::is_invisible;
use crate::path;

/// Directories with more entries are searched by fold alone: the deletion map would outweigh the index.
const MAX_SPELLED: usize = 100_000;

/// The folded names of one directory.
#[derive(Debug)]
pub struct Folded {
    by_fold: FxHashMap<Vec<u8>, Vec<EntryId>>,
    by_stem: FxHashMap<Vec<u8>, Vec<EntryId>>,
    by_deletion: FxHashMap<u64, Vec<EntryId>>,
}

impl Folded {
    pub(super) fn new(index: &Index, directory: EntryId) -> Self {
        let mut folded =
            Folded { by_fold: FxHashMap::default(), by_stem: FxHashMap::default(), by_deletion: FxHashMap::default() };
        let spelled = index.children(directory).len() <= MAX_SPELLED;
        for child in index.children(directory) {
            let name = index.name(child);
            let fold = fold(name).into_owned();
            folded.by_stem.entry(stem(&fold).to_vec()).or_default().push(child);
            if spelled {
                for key in deletions(&fold) {
                    folded.by_deletion.entry(key).or_default().push(child);
                }
            }
            folded.by_fold.entry(fold).or_default().push(child);
        }
        folded
    }

    /// Entries whose loosest fold equals that of `name`.
    #[must_use]
    pub fn alike(&self, name: &[u8]) -> &[EntryId] {
        self.by_fold.get(fold(name).as_ref()).map_or(&[], Vec::as_slice)
    }

    /// Entries with the same folded stem, whatever their extension.
    #[must_use]
    pub fn same_stem(&self, name: &[u8]) -> &[EntryId] {
        self.by_stem.get(stem(&fold(name))).map_or(&[], Vec::as_slice)
    }

    /// Entries whose folded name may be one edit away, in index order; the caller measures.
    #[must_use]
    pub fn one_edit(&self, name: &[u8]) -> Vec<EntryId> {
        let mut found = FxHashSet::default();
        for key in deletions(&fold(name)) {
            found.extend(self.by_deletion.get(&key).into_iter().flatten().copied());
        }
        let mut found: Vec<EntryId> = found.into_iter().collect();
        found.sort_unstable();
        found
    }
}

fn stem(fold: &[u8]) -> &[u8] {
    path::split_extension(fold).0
}

/// Hashes of the name and of the name with each one of its characters left out.
fn deletions(name: &[u8]) -> Vec<u64> {
    let mut keys = Vec::with_capacity(name.len() + 1);
    keys.push(super::hash(name));
    let mut shorter = Vec::with_capacity(name.len());
    for (start, end, _) in bstr_char_indices(name) {
        shorter.clear();
        shorter.extend_from_slice(&name[..start]);
        shorter.extend_from_slice(&name[end..]);
        keys.push(super::hash(&shorter));
    }
    keys
}

fn bstr_char_indices(bytes: &[u8]) -> impl Iterator<Item = (usize, usize, char)> + '_ {
    let mut at = 0;
    bytes.utf8_chunks().flat_map(move |chunk| {
        let start = at;
        let valid = chunk.valid();
        at += valid.len() + chunk.invalid().len();
        let invalid_at = start + valid.len();
        let valid = valid.char_indices().map(move |(i, c)| (start + i, start + i + c.len_utf8(), c));
        let invalid = (0..chunk.invalid().len()).map(move |i| (invalid_at + i, invalid_at + i + 1, '\u{FFFD}'));
        valid.chain(invalid)
    })
}

/// The loosest fold of a name: trimmed, invisible characters dropped, NFC, UTS 39 skeleton of what is not ASCII,
/// lower case. Names that fold alike are candidates; how they differ is decided by comparing the names.
#[must_use]
pub fn fold(name: &[u8]) -> Cow<'_, [u8]> {
    if name.is_ascii() {
        return fold_ascii(name);
    }
    let text = String::from_utf8_lossy(name);
    // Lower case before the skeleton, as that of `M` is `M` but that of `m` is `rn`; and after it, as that of `0` is
    // `O`.
    let visible = text.nfc().filter(|&c| !is_invisible(c)).map(plain_space);
    let lower: String = visible.flat_map(char::to_lowercase).collect();
    let skeleton = unicode_security::skeleton(lower.trim()).flat_map(char::to_lowercase);
    // The skeleton of `I` is `l`, but by now it is an `i`.
    let folded: String = skeleton.nfc().map(|c| if c == 'i' { 'l' } else { c }).collect();
    Cow::Owned(folded.into_bytes())
}

fn fold_ascii(name: &[u8]) -> Cow<'_, [u8]> {
    let trimmed = name.trim_ascii();
    let plain = |byte: &u8| !byte.is_ascii_uppercase() && !byte.is_ascii_control() && !b"m01i|".contains(byte);
    if trimmed.iter().all(plain) {
        return Cow::Borrowed(trimmed);
    }
    let mut out = Vec::with_capacity(trimmed.len() + 4);
    for &byte in trimmed {
        match byte.to_ascii_lowercase() {
            // As `unicode_security::skeleton` maps lower case.
            b'm' => out.extend_from_slice(b"rn"),
            b'0' => out.push(b'o'),
            b'1' | b'i' | b'|' => out.push(b'l'),
            byte if byte.is_ascii_control() => {}
            byte => out.push(byte),
        }
    }
    Cow::Owned(out)
}

fn plain_space(c: char) -> char {
    if c.is_whitespace() { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_of_look_alikes_are_equal() {
        for (a, b) in [
            ("Header.php", "header.php"),
            ("Main.php", "main.php"),
            ("IMG|0.png", "img10.png"),
            ("\u{c9}MI.png", "\u{e9}mi.png"),
            ("index.py ", "index.py"),
            ("\u{a0}index.py", "index.py"),
            ("c\u{430}fe.php", "cafe.php"),
            ("e\u{301}t\u{e9}", "\u{e9}te\u{301}"),
            ("a\u{200b}b", "ab"),
            ("home\u{200b}.html", "home.html"),
            ("mаin0I1.js", "main0I1.js"),
        ] {
            assert_eq!(fold(a.as_bytes()), fold(b.as_bytes()), "{a:?} {b:?}");
        }
        assert_ne!(fold(b"main.js"), fold(b"moin.js"));
    }
}
