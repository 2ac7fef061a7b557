//! A clean tree in memory, and the same tree with a few places spoiled.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use preflight::Listed;
use preflight::diagnostic::{Diagnostic, Report};
use preflight::tree::{Directory, Entry, Kind, Listing, Tree};

use super::Mutation;

/// Largest file that is kept in memory; larger ones are no sources.
const MAX_FILE: usize = 8 << 20;

/// A clean tree.
pub struct Base {
    entries: Vec<Entry>,
    paths: BTreeSet<Vec<u8>>,
    files: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Base {
    /// Reads a folder.
    ///
    /// # Errors
    /// It is not there, or a file of it cannot be read.
    pub fn read(root: &Path) -> Result<Self, String> {
        let listing = Directory::new(root.to_path_buf(), 0).list();
        if !root.is_dir() || !listing.troubles.is_empty() {
            return Err(format!("{} cannot be read: {:?}", root.display(), listing.troubles));
        }
        let mut files = BTreeMap::new();
        for entry in listing.entries.iter().filter(|entry| entry.kind == Kind::File) {
            let full = root.join(std::ffi::OsStr::from_bytes(&entry.path));
            let mut bytes = std::fs::read(&full).map_err(|error| format!("{}: {error}", full.display()))?;
            bytes.truncate(MAX_FILE);
            files.insert(entry.path.clone(), bytes);
        }
        let paths = listing.entries.iter().map(|entry| entry.path.clone()).collect();
        Ok(Base { entries: listing.entries, paths, files })
    }

    /// Everything in it.
    #[allow(dead_code, reason = "only one of the test targets that share this asks for it")]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Its files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&Vec<u8>, &Vec<u8>)> {
        self.files.iter()
    }

    /// The bytes of a file.
    pub fn bytes(&self, path: &[u8]) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Whether it holds such an entry.
    pub fn has(&self, path: &[u8]) -> bool {
        self.paths.contains(path)
    }
}

/// The directory part of a path.
pub fn parent(path: &[u8]) -> &[u8] {
    preflight::path::parent(path)
}

/// A tree with places spoiled.
pub struct Spoiled<'b> {
    base: &'b Base,
    /// New bytes, by old path.
    edited: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Where each edit of a file begins, and by how much the file grows there; sorted.
    shifts: BTreeMap<Vec<u8>, Vec<(usize, isize)>>,
    /// New names, by old path.
    renamed: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl<'b> Spoiled<'b> {
    /// Nothing spoiled.
    pub fn clean(base: &'b Base) -> Self {
        Spoiled::new(base, &[])
    }

    /// Each of these spoiled.
    pub fn new(base: &'b Base, mutations: &[Mutation]) -> Self {
        let mut spoiled = Spoiled { base, edited: BTreeMap::new(), shifts: BTreeMap::new(), renamed: BTreeMap::new() };
        for mutation in mutations.iter().filter(|mutation| mutation.rename) {
            spoiled.renamed.insert(mutation.place.target.clone(), mutation.place.sibling(&mutation.name));
        }
        let mut edits: Vec<&Mutation> = mutations.iter().filter(|mutation| !mutation.rename).collect();
        edits.sort_by_key(|mutation| mutation.place.name.start);
        for mutation in edits.iter().rev() {
            spoiled.edit(mutation);
        }
        spoiled
    }

    /// Edits come from the last to the first, so that offsets of those to come hold.
    fn edit(&mut self, mutation: &Mutation) {
        let place = &mutation.place;
        let old = self.base.bytes(&place.file).unwrap_or_default();
        let bytes = self.edited.entry(place.file.clone()).or_insert_with(|| old.to_vec());
        let (range, new) = (place.edited(mutation.kind), &mutation.name);
        let growth = new.len() as isize - range.len() as isize;
        self.shifts.entry(place.file.clone()).or_default().insert(0, (range.start, growth));
        bytes.splice(range, new.iter().copied());
    }

    /// Where the spoiled name now begins in its file.
    fn offset(&self, mutation: &Mutation) -> usize {
        let at = mutation.place.name.start;
        let shifts = self.shifts.get(&mutation.place.file).map_or(&[][..], Vec::as_slice);
        let before = shifts.iter().filter(|(start, _)| *start < mutation.place.edited(mutation.kind).start);
        at.saturating_add_signed(before.map(|(_, growth)| growth).sum())
    }

    /// The finding that speaks of a mutation.
    pub fn told<'r>(&self, report: &'r Report, mutation: &Mutation) -> Option<&'r Diagnostic> {
        let at = self.offset(mutation);
        report.diagnostics.iter().filter(|one| one.file == mutation.place.file).find(|one| {
            let location = one.location.as_ref();
            location.is_some_and(|location| location.line == mutation.place.line && holds(location.span, at))
        })
    }

    /// The reference that was spoiled, as preflight sees it now.
    pub fn listed<'l>(&self, listed: &'l [Listed], mutation: &Mutation) -> Option<&'l Listed> {
        let at = self.offset(mutation);
        listed.iter().find(|one| one.file == mutation.place.file && holds(one.location.span, at))
    }
}

fn holds(span: preflight::diagnostic::Span, at: usize) -> bool {
    (span.start as usize..=span.end as usize).contains(&at)
}

impl Tree for Spoiled<'_> {
    fn list(&self) -> Listing {
        let rename = |entry: &Entry| match self.renamed.get(&entry.path) {
            Some(path) => Entry { path: path.clone(), kind: entry.kind.clone() },
            None => entry.clone(),
        };
        Listing { entries: self.base.entries.iter().map(rename).collect(), ..Listing::default() }
    }

    fn read(&self, path: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        let old = self.renamed.iter().find(|(_, new)| new.as_slice() == path).map_or(path, |(old, _)| old.as_slice());
        let bytes = self.edited.get(old).map(Vec::as_slice).or_else(|| self.base.bytes(old));
        let bytes = bytes.ok_or(io::ErrorKind::NotFound)?;
        Ok(bytes[..bytes.len().min(limit.saturating_add(1))].to_vec())
    }
}
