//! The frozen index of a tree: the only file system that later stages know.
//!
//! Names lie in one byte arena; an entry is a number. Exact lookups go by the whole path through one hash
//! table; only where that misses and the tree holds links does a lookup walk the segments. Folded lookups are
//! built per directory on its first miss (see `folded`). Built from a list of entries, so that tests need no
//! disk; no lookup ever asks the disk, and no name is ever compared by the host's rules.

mod folded;
mod withheld;

use std::hash::{BuildHasher, Hasher};
use std::sync::OnceLock;

use hashbrown::HashTable;
use rayon::slice::ParallelSliceMut;
use rustc_hash::{FxBuildHasher, FxHasher};

pub use folded::{Folded, fold};
pub use withheld::Withheld;

use crate::path;
use crate::tree::{Entry, Kind};

/// Most links followed in one lookup, as the kernel's `ELOOP` limit.
const MAX_LINKS: usize = 40;

/// Number of an entry. The root is [`EntryId::ROOT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(u32);

impl EntryId {
    /// The root directory.
    pub const ROOT: EntryId = EntryId(0);

    /// The number as a position in arrays of the index's length.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an entry is, without its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link; [`Index::link_target`] has its target.
    Symlink,
    /// A FIFO, socket or device.
    Special,
}

#[derive(Debug)]
struct Row {
    start: u64,
    length: u32,
    parent: u32,
    kind: EntryKind,
}

/// What a lookup of a path gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The entry, links followed.
    Found(EntryId),
    /// Nothing has that path.
    Missing,
    /// The path runs through a link that leaves the tree, or dangles: what lies there is unknown.
    Beyond,
}

/// All entries of a tree, frozen.
#[derive(Debug)]
pub struct Index {
    arena: Vec<u8>,
    rows: Vec<Row>,
    exact: HashTable<u32>,
    links: Vec<(u32, Vec<u8>)>,
    /// Children of entry `n` are `children[child_start[n]..child_start[n + 1]]`, sorted by name.
    child_start: Vec<u32>,
    children: Vec<u32>,
    folded: Vec<OnceLock<Folded>>,
    by_name: OnceLock<Vec<u32>>,
}

fn hash(path: &[u8]) -> u64 {
    let mut hasher: FxHasher = FxBuildHasher.build_hasher();
    hasher.write(path);
    hasher.finish()
}

impl Index {
    /// Freezes a list of entries, in any order. Directories above an entry that are not listed are added;
    /// of two entries with one path the first in sorted order stays.
    #[must_use]
    pub fn new(mut entries: Vec<Entry>) -> Self {
        entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        entries.dedup_by(|b, a| a.path == b.path);
        let bytes = entries.iter().map(|entry| entry.path.len()).sum();
        let mut index = Index {
            arena: Vec::with_capacity(bytes),
            rows: Vec::with_capacity(entries.len() + 1),
            exact: HashTable::with_capacity(entries.len() + 1),
            links: Vec::new(),
            child_start: Vec::new(),
            children: Vec::new(),
            folded: Vec::new(),
            by_name: OnceLock::new(),
        };
        index.insert(b"", Kind::Directory, 0);
        index.freeze(entries);
        index
    }

    /// This index and more entries; those of this one keep their numbers.
    fn extended(&self, mut more: Vec<Entry>) -> Index {
        more.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let row = |row: &Row| Row { ..*row };
        let mut index = Index {
            arena: self.arena.clone(),
            rows: self.rows.iter().map(row).collect(),
            exact: self.exact.clone(),
            links: self.links.clone(),
            child_start: Vec::new(),
            children: Vec::new(),
            folded: Vec::new(),
            by_name: OnceLock::new(),
        };
        index.freeze(more);
        index
    }

    fn freeze(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.add(&entry.path, entry.kind);
        }
        self.link_children();
        self.folded.resize_with(self.rows.len(), OnceLock::new);
    }

    fn add(&mut self, path: &[u8], kind: Kind) {
        if self.id(path).is_some() {
            return;
        }
        let mut missing = Vec::new();
        let mut parent = None;
        for directory in path::ancestors(path::parent(path)) {
            if let Some(id) = self.id(directory) {
                parent = Some(id);
                break;
            }
            missing.push(directory);
        }
        let mut parent = parent.unwrap_or(EntryId::ROOT).0;
        for directory in missing.into_iter().rev() {
            parent = self.insert(directory, Kind::Directory, parent);
        }
        self.insert(path, kind, parent);
    }

    fn insert(&mut self, path: &[u8], kind: Kind, parent: u32) -> u32 {
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let start = self.arena.len() as u64;
        self.arena.extend_from_slice(path);
        let kind = match kind {
            Kind::File => EntryKind::File,
            Kind::Directory => EntryKind::Directory,
            Kind::Special => EntryKind::Special,
            Kind::Symlink(target) => {
                self.links.push((number, target));
                EntryKind::Symlink
            }
            // What lies in it is unknown, as behind a link that leaves the tree.
            Kind::Submodule => {
                self.links.push((number, b"/".to_vec()));
                EntryKind::Symlink
            }
        };
        let length = u32::try_from(path.len()).unwrap_or(u32::MAX);
        self.rows.push(Row { start, length, parent, kind });
        let Index { exact, arena, rows, .. } = self;
        exact.insert_unique(hash(path), number, |&other| hash(slice(arena, &rows[other as usize])));
        number
    }

    /// Counting sort of entries by parent; entries of one parent stay in path order.
    fn link_children(&mut self) {
        let count = self.rows.len();
        let mut start = vec![0u32; count + 2];
        for row in self.rows.iter().skip(1) {
            start[row.parent as usize + 2] += 1;
        }
        for at in 2..start.len() {
            start[at] += start[at - 1];
        }
        let mut children = vec![0u32; count.saturating_sub(1)];
        for number in 1..count {
            let slot = &mut start[self.rows[number].parent as usize + 1];
            children[*slot as usize] = u32::try_from(number).unwrap_or(u32::MAX);
            *slot += 1;
        }
        start.truncate(count + 1);
        // Entries come in path order, in which `b-c` stands before `b/x`: a directory that was not listed itself
        // is added only there.
        for pair in start.windows(2) {
            let range = &mut children[pair[0] as usize..pair[1] as usize];
            if !range.is_sorted_by_key(|&number| self.name(EntryId(number))) {
                range.sort_unstable_by_key(|&number| self.name(EntryId(number)));
            }
        }
        self.child_start = start;
        self.children = children;
    }

    /// How many entries there are, the root included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the tree holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.len() <= 1
    }

    /// Every entry but the root. Entries with one parent come in byte order of their names.
    pub fn entries(&self) -> impl Iterator<Item = EntryId> + use<> {
        (1..u32::try_from(self.rows.len()).unwrap_or(u32::MAX)).map(EntryId)
    }

    /// The path of an entry, relative to the root.
    #[must_use]
    pub fn path(&self, id: EntryId) -> &[u8] {
        slice(&self.arena, &self.rows[id.index()])
    }

    /// The last segment of an entry's path.
    #[must_use]
    pub fn name(&self, id: EntryId) -> &[u8] {
        path::name(self.path(id))
    }

    /// What an entry is.
    #[must_use]
    pub fn kind(&self, id: EntryId) -> EntryKind {
        self.rows[id.index()].kind
    }

    /// The directory that holds an entry; the root's is the root.
    #[must_use]
    pub fn parent(&self, id: EntryId) -> EntryId {
        EntryId(self.rows[id.index()].parent)
    }

    /// The entries of a directory, in byte order of their names.
    pub fn children(&self, id: EntryId) -> impl ExactSizeIterator<Item = EntryId> + '_ {
        let range = self.child_start[id.index()] as usize..self.child_start[id.index() + 1] as usize;
        self.children[range].iter().map(|&number| EntryId(number))
    }

    /// The target of a symbolic link, as it is written.
    #[must_use]
    pub fn link_target(&self, id: EntryId) -> Option<&[u8]> {
        let at = self.links.binary_search_by_key(&id.0, |&(number, _)| number).ok()?;
        Some(&self.links[at].1)
    }

    /// Every symbolic link, in path order.
    pub fn links(&self) -> impl Iterator<Item = EntryId> + '_ {
        self.links.iter().map(|&(number, _)| EntryId(number))
    }

    /// The entry that has exactly this normal path, links not followed.
    #[must_use]
    pub fn id(&self, path: &[u8]) -> Option<EntryId> {
        let found = self.exact.find(hash(path), |&number| slice(&self.arena, &self.rows[number as usize]) == path);
        found.map(|&number| EntryId(number))
    }

    /// Looks up a normal path, following links inside the tree.
    #[must_use]
    pub fn lookup(&self, path: &[u8]) -> Lookup {
        match self.id(path) {
            Some(id) if self.kind(id) != EntryKind::Symlink => Lookup::Found(id),
            None if self.links.is_empty() => Lookup::Missing,
            _ => self.walk(path),
        }
    }

    /// Whether `path` is a directory, links followed.
    #[must_use]
    pub fn is_directory(&self, path: &[u8]) -> bool {
        matches!(self.lookup(path), Lookup::Found(id) if self.kind(id) == EntryKind::Directory)
    }

    /// Whether `path` is a file, links followed.
    #[must_use]
    pub fn is_file(&self, path: &[u8]) -> bool {
        matches!(self.lookup(path), Lookup::Found(id) if self.kind(id) == EntryKind::File)
    }

    fn walk(&self, path: &[u8]) -> Lookup {
        let mut rest: Vec<Vec<u8>> = path::segments(path).rev().map(<[u8]>::to_vec).collect();
        let mut at = EntryId::ROOT;
        let mut links = 0;
        while let Some(segment) = rest.pop() {
            match segment.as_slice() {
                b"." => continue,
                b".." if at == EntryId::ROOT => return Lookup::Beyond,
                b".." => {
                    at = self.parent(at);
                    continue;
                }
                _ => {}
            }
            let Some(next) = self.id(&path::join(self.path(at), &segment)) else { return Lookup::Missing };
            if self.kind(next) != EntryKind::Symlink {
                at = next;
                continue;
            }
            links += 1;
            let target = self.link_target(next).unwrap_or_default();
            if links > MAX_LINKS || target.starts_with(b"/") || !self.stays(at, target) {
                return Lookup::Beyond;
            }
            rest.extend(path::segments(target).rev().map(<[u8]>::to_vec));
        }
        Lookup::Found(at)
    }

    /// Whether a relative link target can be followed inside the tree. One that dangles is unknown, not missing:
    /// packages link to files that other packages bring.
    fn stays(&self, directory: EntryId, target: &[u8]) -> bool {
        let joined = path::join(self.path(directory), target);
        path::normalize(&joined).is_some_and(|normal| match self.id(&normal) {
            Some(_) => true,
            None => path::ancestors(path::parent(&normal))
                .any(|above| self.id(above).is_some_and(|id| self.kind(id) == EntryKind::Symlink)),
        })
    }

    /// The folded names of a directory, built on the first call.
    #[must_use]
    pub fn folded(&self, directory: EntryId) -> &Folded {
        self.folded[directory.index()].get_or_init(|| Folded::new(self, directory))
    }

    /// Entries anywhere whose last segment is `name`, in path order.
    pub fn named(&self, name: &[u8]) -> impl Iterator<Item = EntryId> + '_ {
        let sorted = self.by_name();
        let from = sorted.partition_point(|&number| self.name(EntryId(number)) < name);
        let to = from + sorted[from..].partition_point(|&number| self.name(EntryId(number)) == name);
        sorted[from..to].iter().map(|&number| EntryId(number))
    }

    /// Entries anywhere whose last segment begins with `prefix`, in the order of their names.
    pub fn starting<'i>(&'i self, prefix: &'i [u8]) -> impl Iterator<Item = EntryId> + 'i {
        let sorted = self.by_name();
        let from = sorted.partition_point(|&number| self.name(EntryId(number)) < prefix);
        let begins = move |id: &EntryId| self.name(*id).starts_with(prefix);
        sorted[from..].iter().map(|&number| EntryId(number)).take_while(begins)
    }

    fn by_name(&self) -> &[u32] {
        self.by_name.get_or_init(|| {
            let mut all: Vec<u32> = (1..u32::try_from(self.rows.len()).unwrap_or(u32::MAX)).collect();
            // Not in parallel: a thread that waits for its share of the sort would take up another file's check,
            // which may ask for this very list, and wait for itself.
            all.sort_by(|&a, &b| self.name(EntryId(a)).cmp(self.name(EntryId(b))));
            all
        })
    }

    /// Entries anywhere whose path is `suffix` or ends in `/suffix`.
    pub fn ending_in<'i>(&'i self, suffix: &'i [u8]) -> impl Iterator<Item = EntryId> + 'i {
        self.named(path::name(suffix)).filter(move |&id| path::ends_in(self.path(id), suffix))
    }
}

fn slice<'a>(arena: &'a [u8], row: &Row) -> &'a [u8] {
    &arena[row.start as usize..row.start as usize + row.length as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Memory, Tree};

    fn index(build: impl FnOnce(&mut Memory)) -> Index {
        let mut tree = Memory::default();
        build(&mut tree);
        Index::new(tree.list().entries)
    }

    #[test]
    fn children_and_lookups() {
        let index = index(|tree| {
            tree.file("b/x", "").file("a", "").file("b-c", "").file("b/y/z", "");
        });
        let names: Vec<_> = index.children(EntryId::ROOT).map(|id| index.name(id).to_vec()).collect();
        assert_eq!(names, [b"a".to_vec(), b"b".to_vec(), b"b-c".to_vec()]);
        assert!(index.is_directory(b"b/y") && index.is_file(b"b/y/z") && !index.is_file(b"b/z"));
        assert_eq!(index.ending_in(b"y/z").count(), 1);
    }

    #[test]
    fn links_are_followed_inside_and_unknown_outside() {
        let index = index(|tree| {
            tree.file("real/x", "").symlink("in", "real").symlink("out", "/usr/share").symlink("up", "../x");
            tree.symlink("loop", "loop").symlink("gone", "nowhere").symlink("deep", "in/x");
        });
        assert!(index.is_file(b"in/x") && index.is_file(b"deep"));
        assert_eq!(index.lookup(b"in/y"), Lookup::Missing);
        for path in ["out/anything", "up/y", "loop/y", "gone", "gone/y"] {
            assert_eq!(index.lookup(path.as_bytes()), Lookup::Beyond, "{path}");
        }
    }
}
