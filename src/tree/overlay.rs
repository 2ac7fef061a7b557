//! Another tree, as it would be after some edits and renames: nothing is written to see what they do.

use std::collections::BTreeMap;
use std::io;

use super::{Entry, Listing, Tree};

/// A tree with changes on top.
pub struct Overlay<'t> {
    base: &'t dyn Tree,
    entries: &'t [Entry],
    changed: BTreeMap<Vec<u8>, Vec<u8>>,
    renamed: BTreeMap<Vec<u8>, Vec<u8>>,
    before: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl<'t> Overlay<'t> {
    /// The tree of these entries; `place` says where an entry lies afterwards.
    pub fn new(base: &'t dyn Tree, entries: &'t [Entry], place: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        let moved = |entry: &Entry| Some((entry.path.clone(), place(&entry.path))).filter(|(from, to)| from != to);
        let renamed: BTreeMap<Vec<u8>, Vec<u8>> = entries.iter().filter_map(moved).collect();
        let before = renamed.iter().map(|(from, to)| (to.clone(), from.clone())).collect();
        Overlay { base, entries, changed: BTreeMap::new(), renamed, before }
    }

    /// Gives a file other bytes; its path is that before any rename.
    pub fn change(&mut self, path: &[u8], bytes: &[u8]) {
        self.changed.insert(path.to_vec(), bytes.to_vec());
    }
}

impl Tree for Overlay<'_> {
    fn list(&self) -> Listing {
        let moved = |entry: &Entry| match self.renamed.get(&entry.path) {
            Some(path) => Entry { path: path.clone(), kind: entry.kind.clone() },
            None => entry.clone(),
        };
        Listing { entries: self.entries.iter().map(moved).collect(), ..Listing::default() }
    }

    fn read(&self, path: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        let before = match self.before.get(path) {
            Some(before) => before.as_slice(),
            None if self.renamed.contains_key(path) => return Err(io::ErrorKind::NotFound.into()),
            None => path,
        };
        match self.changed.get(before) {
            Some(bytes) => Ok(bytes[..bytes.len().min(limit.saturating_add(1))].to_vec()),
            None => self.base.read(before, limit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Memory;

    #[test]
    fn what_would_be_is_read() {
        let mut base = Memory::default();
        base.file("a ", "1").file("b", "2");
        let listing = base.list();
        let mut overlay = Overlay::new(&base, &listing.entries, |path| path.trim_ascii_end().to_vec());
        overlay.change(b"a ", b"one");
        let paths: Vec<Vec<u8>> = overlay.list().entries.into_iter().map(|entry| entry.path).collect();
        assert_eq!(paths, [b"a".to_vec(), b"b".to_vec()]);
        assert_eq!((overlay.read(b"a", 9).unwrap(), overlay.read(b"b", 9).unwrap()), (b"one".to_vec(), b"2".to_vec()));
        assert!(overlay.read(b"a ", 9).is_err());
    }
}
