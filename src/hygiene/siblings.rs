//! Two names in one directory that cannot be told apart: by case, or by look.
//!
//! Only names with capitals or beyond ASCII can start a collision, so that most directories are left after one
//! pass over their bytes. Pairs of ASCII names that look alike (`l1.js`, `ll.js`) are ordinary and left alone, and
//! pairs in two Unicode forms are told by the rule about the form.

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::Finding;
use crate::diagnostic::Severity::{Error, Warning};
use crate::index::{EntryId, Index};
use crate::path;

/// Adds a finding to every entry that collides with an earlier one and has none of its own yet.
pub(super) fn check(index: &Index, directory: EntryId, found: &mut Vec<(EntryId, Finding)>) {
    let odd = index.children(directory).any(|id| !is_lower(index.name(id)));
    if !odd {
        return;
    }
    let by_case = case_collisions(index, directory);
    let by_look = match index.children(directory).all(|id| index.name(id).is_ascii()) {
        true => Vec::new(),
        false => collisions(index, directory, skeleton),
    };
    let told: Vec<EntryId> = found.iter().map(|(id, _)| *id).collect();
    let looks = by_look.into_iter().filter(|&(first, id)| !told.contains(&id) && !told.contains(&first));
    found.extend(looks.filter(|&pair| differ_beyond_ascii(index, pair)).map(|(_, id)| (id, look_finding())));
    let told: Vec<EntryId> = found.iter().map(|(id, _)| *id).collect();
    let cases = by_case.into_iter().filter(|&(first, id)| !told.contains(&id) && !told.contains(&first));
    found.extend(cases.map(|(_, id)| (id, case_finding())));
    found.sort_by_key(|(id, _)| *id);
}

fn is_lower(name: &[u8]) -> bool {
    name.iter().all(|&byte| byte.is_ascii() && !byte.is_ascii_uppercase())
}

fn case_finding() -> Finding {
    let what = "differs from another name in its directory only in upper and lower case";
    Finding { code: "name-case-collision", severity: Warning, what, meant: None }
}

fn look_finding() -> Finding {
    let what = "looks exactly like another name in its directory";
    Finding { code: "name-confusable-collision", severity: Error, what, meant: None }
}

/// Pairs of entries that are equal but for case. Names in plain lower case are looked up, never folded: most
/// directories hold a `README` or two among many of them.
fn case_collisions(index: &Index, directory: EntryId) -> Vec<(EntryId, EntryId)> {
    let mut first: FxHashMap<Vec<u8>, EntryId> = FxHashMap::default();
    let mut pairs = Vec::new();
    for id in index.children(directory).filter(|&id| !is_lower(index.name(id))) {
        let fold = fold_case(index.name(id));
        if let Some(&other) = first.get(&fold) {
            pairs.push((other, id));
            continue;
        }
        let lower = index.id(&path::join(index.path(directory), &fold)).filter(|_| is_lower(&fold));
        pairs.extend(lower.map(|lower| (id, lower)));
        first.insert(fold, id);
    }
    pairs
}

/// Pairs of the first entry with a key and each later one. Entries come in byte order: the first of a pair is the
/// one in capitals or in ASCII, and the later one gets the finding.
fn collisions(index: &Index, directory: EntryId, key: fn(&[u8]) -> Vec<u8>) -> Vec<(EntryId, EntryId)> {
    let mut first: FxHashMap<Vec<u8>, EntryId> = FxHashMap::default();
    let mut pairs = Vec::new();
    for id in index.children(directory) {
        match first.entry(key(index.name(id))) {
            std::collections::hash_map::Entry::Occupied(other) => pairs.push((*other.get(), id)),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(id);
            }
        }
    }
    pairs
}

/// Simple case folding of NFC, near enough: lower case, and the two small letters that have one capital.
fn fold_case(name: &[u8]) -> Vec<u8> {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let Ok(text) = std::str::from_utf8(name) else { return name.to_ascii_lowercase() };
    let simple = |c: char| match c {
        'ς' => 'σ',
        'ſ' => 's',
        _ => c,
    };
    text.nfc().flat_map(char::to_lowercase).map(simple).collect::<String>().into_bytes()
}

fn skeleton(name: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(name) {
        Ok(text) => unicode_security::skeleton(text).collect::<String>().into_bytes(),
        Err(_) => name.to_vec(),
    }
}

/// Exactly one of the two is ASCII: somebody's keyboard made the other by accident, or somebody means harm.
/// Among ideographs and the like, alike skeletons are common and visible to those who read them.
fn differ_beyond_ascii(index: &Index, (first, second): (EntryId, EntryId)) -> bool {
    index.name(first).is_ascii() != index.name(second).is_ascii()
}
