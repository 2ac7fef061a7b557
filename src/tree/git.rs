//! What git would ship: a commit or the index, read from the object store and never from the disk.
//!
//! `export-ignore` holds as for `git archive`, which is what most deploys from git come down to. A submodule is
//! unknown, not empty. What stands on the disk beside it is withheld, with the pattern that keeps it out of git
//! where there is one. Knowingly not read: the content of Git LFS pointers; and a file that is only announced to
//! the index (`git add --intent-to-add`) counts as staged, empty as it is there.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{About, Directory, Entry, Kind, Listing, Tree, Withheld};
use crate::diagnostic::{KeptOut, show};
use crate::git::{ATTRIBUTES, Attributes, Item, Mode, Objects, Repository};
use crate::path;

/// Most bytes of a `.gitattributes` that are read.
const MAX_ATTRIBUTES: usize = 4 << 20;
/// Longest target of a link, in bytes.
const MAX_TARGET: usize = 4096;

/// Which of git's trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'r> {
    /// The tree of a commit.
    Revision(&'r str),
    /// The index: what the next commit holds.
    Staged,
    /// All that the tree of a commit holds, whatever is archived of it or stands beside it: what a checkout gives.
    Checkout(&'r str),
}

/// A tree of git.
#[derive(Debug)]
pub struct Git {
    prefix: Vec<u8>,
    objects: Objects,
    /// What lies at each path from the top of the repository, and the name of its object.
    ids: FxHashMap<Vec<u8>, (Mode, String)>,
    listing: Listing,
}

impl Git {
    /// Lists a tree of the repository, as far as it lies in the folder that the repository was opened at.
    ///
    /// # Errors
    /// What git has to say.
    pub fn new(repository: &Repository, which: Which<'_>, threads: usize) -> Result<Self, String> {
        let items = match which {
            Which::Revision(revision) | Which::Checkout(revision) => repository.list(revision)?,
            Which::Staged if repository.top().is_none() => return Err("there is no index without a work tree".into()),
            Which::Staged => repository.staged()?,
        };
        let objects = repository.objects();
        let whole = matches!(which, Which::Checkout(_));
        let attributes = if whole { Attributes::default() } else { attributes(&items, &objects)? };
        let mut sorter = Sorter {
            attributes,
            prefix: repository.prefix(),
            folders: FxHashMap::default(),
            shown: FxHashSet::default(),
            out: Listing::default(),
        };
        for item in &items {
            sorter.put(item, &objects)?;
        }
        let mut listing = sorter.out;
        if !whole {
            listing.withheld.extend(beside(repository, &items, which, threads));
        }
        let ids = items.into_iter().map(|item| (item.path, (item.mode, item.id))).collect();
        Ok(Git { prefix: repository.prefix().to_vec(), objects, ids, listing })
    }

    /// Reads a file by its path from the top of the repository; `None` where the tree has none.
    ///
    /// # Errors
    /// The object is not at hand, or git fails.
    pub fn from_top(&self, path: &[u8], limit: usize) -> io::Result<Option<Vec<u8>>> {
        self.ids.get(path).map(|(_, id)| self.objects.read(id, limit)).transpose()
    }
}

impl Tree for Git {
    fn list(&self) -> Listing {
        self.listing.clone()
    }

    fn read(&self, path: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        self.from_top(&path::join(&self.prefix, path), limit)?.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn about(&self, path: &[u8]) -> io::Result<About> {
        let found = self.ids.get(&path::join(&self.prefix, path));
        let program = found.is_some_and(|(mode, _)| *mode == Mode::Program);
        let commit = found.filter(|(mode, _)| *mode == Mode::Submodule).map(|(_, id)| id.clone());
        Ok(About { program, special: 0, commit })
    }
}

fn attributes(items: &[Item], objects: &Objects) -> Result<Attributes, String> {
    let mut files: Vec<&Item> = items
        .iter()
        .filter(|item| path::name(&item.path) == ATTRIBUTES && matches!(item.mode, Mode::File | Mode::Program))
        .collect();
    files.sort_by_key(|item| path::segments(&item.path).count());
    let mut attributes = Attributes::default();
    for item in files {
        attributes.add(&item.path, read(objects, item, MAX_ATTRIBUTES)?);
    }
    Ok(attributes)
}

fn read(objects: &Objects, item: &Item, limit: usize) -> Result<Vec<u8>, String> {
    objects.read(&item.id, limit).map_err(|error| format!("`{}`: {error}", show(&item.path)))
}

/// The part of a path below the prefix; `None` outside of it.
fn below<'p>(path: &'p [u8], prefix: &[u8]) -> Option<&'p [u8]> {
    if prefix.is_empty() {
        return Some(path);
    }
    path.strip_prefix(prefix)?.strip_prefix(b"/")
}

/// Parts what is archived from what `export-ignore` keeps out.
struct Sorter<'a> {
    attributes: Attributes,
    prefix: &'a [u8],
    /// Folders that were asked for, and what keeps them out.
    folders: FxHashMap<Vec<u8>, Option<KeptOut>>,
    /// Folders that are archived.
    shown: FxHashSet<Vec<u8>>,
    out: Listing,
}

impl Sorter<'_> {
    fn put(&mut self, item: &Item, objects: &Objects) -> Result<(), String> {
        let kind = match item.mode {
            Mode::File | Mode::Program => Kind::File,
            Mode::Submodule => Kind::Submodule,
            Mode::Symlink => Kind::Symlink(read(objects, item, MAX_TARGET)?),
        };
        let above = self.keeps_out(path::parent(&item.path));
        if above.is_none() {
            self.show(path::parent(&item.path));
        }
        match above.or_else(|| self.attributes.export_ignored(&item.path, item.mode == Mode::Submodule)) {
            Some(why) => self.withhold(&item.path, kind, why),
            None => self.out.entries.extend(self.entry(&item.path, kind)),
        }
        Ok(())
    }

    /// A folder is archived where something that is no folder lies in it or below, even if that is kept out itself.
    fn show(&mut self, folder: &[u8]) {
        if !folder.is_empty() && self.shown.insert(folder.to_vec()) {
            self.show(path::parent(folder));
            self.out.entries.extend(self.entry(folder, Kind::Directory));
        }
    }

    /// What keeps a folder out, itself or one above it.
    fn keeps_out(&mut self, folder: &[u8]) -> Option<KeptOut> {
        if folder.is_empty() {
            return None;
        }
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let above = self.keeps_out(path::parent(folder));
        let why = above.or_else(|| self.attributes.export_ignored(folder, true));
        if let Some(why) = &why {
            self.withhold(folder, Kind::Directory, why.clone());
        }
        self.folders.insert(folder.to_vec(), why.clone());
        why
    }

    fn entry(&self, path: &[u8], kind: Kind) -> Option<Entry> {
        let path = below(path, self.prefix)?;
        Some(Entry { path: path.to_vec(), kind })
    }

    fn withhold(&mut self, path: &[u8], kind: Kind, why: KeptOut) {
        let entry = self.entry(path, kind);
        self.out.withheld.extend(entry.map(|entry| Withheld { entry, why }));
    }
}

/// What stands on the disk and is not in the tree.
fn beside(repository: &Repository, items: &[Item], which: Which<'_>, threads: usize) -> Vec<Withheld> {
    let Some(top) = repository.top() else { return Vec::new() };
    let prefix = repository.prefix();
    let known = Known::new(items);
    let root = top.join(OsStr::from_bytes(prefix));
    let mut strangers: Vec<Entry> = Directory::new(root, threads).list().entries;
    strangers.retain(|entry| !known.holds(&path::join(prefix, &entry.path)));
    if strangers.is_empty() {
        return Vec::new();
    }
    for entry in &mut strangers {
        entry.path = path::join(prefix, &entry.path);
    }
    let staged = match which {
        Which::Staged => Known::default(),
        Which::Revision(_) | Which::Checkout(_) => Known::new(&repository.staged().unwrap_or_default()),
    };
    let reasons = reasons(repository, &strangers, &staged);
    let withheld = strangers.iter().filter_map(|entry| {
        let (above, why) = path::ancestors(&entry.path).find_map(|above| Some((above, reasons.get(above)?)))?;
        let mut why = why.clone();
        if let KeptOut::Ignored { folder, .. } = &mut why {
            *folder = above != entry.path;
        }
        let path = below(&entry.path, prefix)?.to_vec();
        Some(Withheld { entry: Entry { path, kind: entry.kind.clone() }, why })
    });
    withheld.collect()
}

/// Why git does not hold these, from the top down; nothing is asked of what lies in a folder that is ignored, which
/// is where the thousands are.
fn reasons<'s>(repository: &Repository, strangers: &'s [Entry], staged: &Known) -> FxHashMap<&'s [u8], KeptOut> {
    let all: FxHashSet<&[u8]> = strangers.iter().map(|entry| entry.path.as_slice()).collect();
    let mut children: FxHashMap<&[u8], Vec<&[u8]>> = FxHashMap::default();
    let mut asked: Vec<&[u8]> = Vec::new();
    for path in all.iter().copied() {
        match path::parent(path) {
            parent if all.contains(parent) => children.entry(parent).or_default().push(path),
            _ => asked.push(path),
        }
    }
    let mut reasons = FxHashMap::default();
    while !asked.is_empty() {
        let mut below = Vec::new();
        for (path, rule) in asked.iter().copied().zip(repository.ignored(&asked)) {
            if rule.is_none() {
                below.extend(children.remove(path).unwrap_or_default());
            }
            let tracked = if staged.holds(path) { KeptOut::NotInRevision } else { KeptOut::Untracked };
            reasons.insert(path, rule.unwrap_or(tracked));
        }
        asked = below;
    }
    reasons
}

/// What a tree of git holds, with its folders.
#[derive(Default)]
struct Known {
    paths: FxHashSet<Vec<u8>>,
    submodules: FxHashSet<Vec<u8>>,
}

impl Known {
    fn new(items: &[Item]) -> Self {
        let mut known = Known::default();
        for item in items {
            if item.mode == Mode::Submodule {
                known.submodules.insert(item.path.clone());
            }
            for folder in path::ancestors(path::parent(&item.path)) {
                if !known.paths.insert(folder.to_vec()) {
                    break;
                }
            }
            known.paths.insert(item.path.clone());
        }
        known
    }

    /// Whether the tree holds it, or cannot know: what lies in a submodule is not told.
    fn holds(&self, path: &[u8]) -> bool {
        let in_submodule = || path::ancestors(path).any(|above| self.submodules.contains(above));
        self.paths.contains(path) || !self.submodules.is_empty() && in_submodule()
    }
}
