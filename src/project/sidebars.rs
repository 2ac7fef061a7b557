//! Documents of Docusaurus by their ids: what its menus name (docusaurus.io "Sidebar items", "Create a doc").
//!
//! An id is the path below the folder of documents without numbers in front of its segments and without the extension;
//! what front matter calls `id` stands for its last segment. Each version that was cut has a folder and a file of menus
//! of its own (docusaurus.io "Versioning"). Where a number is part of a name, or a document is not read, the folder is
//! open: more ids than these may be right.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{FileScope, Stated, constants::Constants};
use crate::index::{EntryId, EntryKind, Index};
use crate::path;
use crate::reference::{Fact, OwnId};

/// What each document that was read calls itself.
type OwnIds = FxHashMap<EntryId, OwnId>;

/// Folders of documents by the files of menus that are for them.
#[derive(Debug, Default)]
pub struct Sidebars {
    folders: FxHashMap<Vec<u8>, Folder>,
}

/// The documents of one folder.
#[derive(Debug, Default)]
pub struct Folder {
    /// Relative to the root of the tree.
    pub path: Vec<u8>,
    /// Documents by their ids.
    pub ids: BTreeMap<Vec<u8>, EntryId>,
    /// There may be more.
    pub open: bool,
}

impl Sidebars {
    pub(super) fn new(index: &Index, constants: &Constants, stated: &[Stated]) -> Self {
        let mut own = OwnIds::default();
        let mut menus: Vec<(Vec<u8>, Vec<u8>, bool)> = Vec::new();
        for one in stated {
            let scope = FileScope::new(constants, index, one.language, one.file);
            for fact in &one.facts {
                match fact {
                    Fact::DocumentId(id) => drop(own.insert(one.file, id.clone())),
                    Fact::Menus { file, folder, open } => {
                        let home = path::parent(index.path(one.file));
                        let named = scope.tree_path(file).zip(scope.tree_path(folder));
                        menus.extend(named.map(|(file, folder)| (file, folder, *open)));
                        menus.extend(versions(index, home).into_iter().map(|(file, folder)| (file, folder, *open)));
                    }
                    _ => {}
                }
            }
        }
        let mut sidebars = Sidebars::default();
        for (file, folder, open) in menus {
            sidebars.add(index, &own, file, folder, open);
        }
        sidebars
    }

    fn add(&mut self, index: &Index, own: &OwnIds, file: Vec<u8>, folder: Vec<u8>, open: bool) {
        let file = as_it_lies(index, file);
        match self.folders.get_mut(&file) {
            Some(known) => known.open |= open || known.path != folder,
            None if index.is_directory(&folder) => {
                let read = Folder::new(index, own, folder);
                self.folders.insert(file, Folder { open: open || read.open, ..read });
            }
            None => {}
        }
    }

    /// The documents that a file of menus is for, where a configuration says so.
    #[must_use]
    pub fn folder(&self, file: &[u8]) -> Option<&Folder> {
        self.folders.get(file)
    }
}

/// What is called `sidebars.js` may be written in TypeScript.
fn as_it_lies(index: &Index, file: Vec<u8>) -> Vec<u8> {
    let typed = [path::without_extension(&file), b".ts"].concat();
    if !index.is_file(&file) && index.is_file(&typed) { typed } else { file }
}

/// `versioned_sidebars/version-1.0-sidebars.json` is for `versioned_docs/version-1.0`; the name of another set of
/// documents may stand before both. Without a list of versions none is made.
fn versions(index: &Index, home: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut found = Vec::new();
    let Some(directory) = index.id(home) else { return found };
    for folder in index.children(directory).filter(|&id| index.kind(id) == EntryKind::Directory) {
        let Some(set) = index.name(folder).strip_suffix(b"versioned_sidebars") else { continue };
        if !index.is_file(&path::join(home, &[set, b"versions.json"].concat())) {
            continue;
        }
        for file in index.children(folder) {
            let Some(version) = index.name(file).strip_suffix(b"-sidebars.json") else { continue };
            let documents = [set, b"versioned_docs/", version].concat();
            found.push((index.path(file).to_vec(), path::join(home, &documents)));
        }
    }
    found
}

impl Folder {
    fn new(index: &Index, own: &OwnIds, path: Vec<u8>) -> Self {
        let mut folder = Folder { path, ..Folder::default() };
        let mut waiting: Vec<(EntryId, Vec<u8>)> =
            index.id(&folder.path).into_iter().map(|id| (id, Vec::new())).collect();
        while let Some((directory, above)) = waiting.pop() {
            for entry in index.children(directory) {
                let name = index.name(entry);
                match index.kind(entry) {
                    EntryKind::Directory => waiting.push((entry, path::join(&above, without_number(name)))),
                    EntryKind::File => folder.add(entry, name, &above, own),
                    EntryKind::Symlink => folder.open = true,
                    EntryKind::Special => {}
                }
            }
        }
        folder
    }

    fn add(&mut self, entry: EntryId, name: &[u8], above: &[u8], own: &OwnIds) {
        if !matches!(path::extension(name).as_slice(), b"md" | b"mdx") {
            return;
        }
        let last = match own.get(&entry) {
            Some(OwnId::Is(id)) => id.as_slice(),
            // What is excluded was not read.
            Some(OwnId::Unclear) | None => {
                self.open = true;
                return;
            }
            Some(OwnId::OfFile) => without_number(path::without_extension(name)),
        };
        self.ids.insert(path::join(above, last), entry);
    }
}

/// `01-start` is `start`; `2021-11-foo` and `1.0-foo` stay, as they are dates and versions (docusaurus.io "Number
/// prefixes").
fn without_number(name: &[u8]) -> &[u8] {
    let is_part = |byte: &u8| b"-_.".contains(byte);
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let digits = name.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = &name[digits..];
    if digits == 0 || rest.first().is_some_and(is_part) && is_digit(rest.get(1)) {
        return name;
    }
    let parted = rest.trim_ascii_start();
    let parts = parted.iter().take_while(|byte| is_part(byte)).count();
    let suffix = parted[parts..].trim_ascii_start();
    if parts == 0 || suffix.is_empty() { name } else { suffix }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_front() {
        for (name, want) in [
            ("01-start", "start"),
            ("1. Start here", "Start here"),
            ("3 - b", "b"),
            ("02_x-01", "x-01"),
            ("2021-11-foo", "2021-11-foo"),
            ("1.0-foo", "1.0-foo"),
            ("404", "404"),
            ("7-", "7-"),
            ("x-1", "x-1"),
        ] {
            assert_eq!(without_number(name.as_bytes()), want.as_bytes(), "{name}");
        }
    }
}
