//! Sites that generators make out of the tree: where they start, which host serves them, and whether a theme from
//! elsewhere is part of them.

use crate::index::{EntryId, EntryKind, Index};
use crate::path;
use crate::reference::SiteFolder;

/// What stands beside the `layouts` of a site or a theme of Hugo (gohugo.io "Directory structure").
const HUGO: [&str; 10] = [
    "archetypes",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config/_default",
    "exampleSite",
    "hugo.json",
    "hugo.toml",
    "hugo.yaml",
    "theme.toml",
];

/// Sites of generators.
#[derive(Clone, Debug, Default)]
pub struct Sites {
    /// Directories with a configuration of Jekyll.
    jekyll: Vec<Vec<u8>>,
    /// Directories of sites and themes of Hugo.
    hugo: Vec<Vec<u8>>,
    /// Folders that settings move, with the directories of their sites.
    folders: Vec<(Vec<u8>, SiteFolder, Vec<u8>)>,
    /// Directories whose configuration names a theme, or more that is elsewhere.
    extended: Vec<Vec<u8>>,
    /// Directories that are roots of sites, with their hosts.
    hosts: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Sites {
    /// Keeps a directory whose configuration names a theme, or more that is elsewhere.
    pub(super) fn add_extended(&mut self, directory: Vec<u8>) {
        super::push_new(&mut self.extended, directory);
    }

    /// Keeps where a setting has a folder of a site.
    pub(super) fn add_folder(&mut self, home: &[u8], folder: SiteFolder, place: &[u8]) {
        if matches!(folder, SiteFolder::Content | SiteFolder::Layouts) {
            super::push_new(&mut self.hugo, home.to_vec());
        }
        self.folders.push((home.to_vec(), folder, place.to_vec()));
    }

    /// Where a setting has a folder of the site in a directory; `None` where none does.
    #[must_use]
    pub fn moved(&self, home: &[u8], folder: SiteFolder) -> Option<&[u8]> {
        let is = |row: &&(Vec<u8>, SiteFolder, Vec<u8>)| row.0 == home && row.1 == folder;
        self.folders.iter().find(is).map(|(_, _, place)| place.as_slice())
    }

    /// Where a site of Hugo has its content.
    #[must_use]
    pub fn content(&self, home: &[u8]) -> Vec<u8> {
        self.moved(home, SiteFolder::Content).map_or_else(|| path::join(home, b"content"), <[u8]>::to_vec)
    }

    /// Where a site or a theme of Hugo has its templates.
    #[must_use]
    pub fn layouts(&self, home: &[u8]) -> Vec<u8> {
        self.moved(home, SiteFolder::Layouts).map_or_else(|| path::join(home, b"layouts"), <[u8]>::to_vec)
    }

    /// Keeps the host that a directory is served by.
    pub(super) fn add_host(&mut self, directory: Vec<u8>, host: Vec<u8>) {
        self.hosts.push((directory, host));
    }

    /// The host that a directory is served by, where it is the root of a site.
    #[must_use]
    pub fn host(&self, directory: &[u8]) -> Option<&[u8]> {
        self.hosts.iter().find(|(root, _)| root == directory).map(|(_, host)| host.as_slice())
    }

    /// Keeps the directory of a file or a folder whose name says that a generator is at work.
    pub(super) fn see(&mut self, index: &Index, id: EntryId) {
        let home = path::parent(index.path(id));
        match (index.name(id), index.kind(id)) {
            (b"_config.yml" | b"_config.yaml", EntryKind::File) => super::push_new(&mut self.jekyll, home.to_vec()),
            (b"hugo.json" | b"hugo.toml" | b"hugo.yaml", EntryKind::File) => {
                super::push_new(&mut self.hugo, home.to_vec())
            }
            (b"layouts", EntryKind::Directory)
                if HUGO.iter().any(|name| index.id(&path::join(home, name.as_bytes())).is_some()) =>
            {
                super::push_new(&mut self.hugo, home.to_vec());
            }
            _ => {}
        }
    }

    /// The nearest directory above a file with a configuration of Jekyll.
    #[must_use]
    pub fn jekyll(&self, file: &[u8]) -> Option<&[u8]> {
        nearest(&self.jekyll, file)
    }

    /// The nearest directory of a site or a theme of Hugo above a file.
    #[must_use]
    pub fn hugo(&self, file: &[u8]) -> Option<&[u8]> {
        nearest(&self.hugo, file)
    }

    /// Whether a theme, or more that is elsewhere, may bring what a file of the site names.
    #[must_use]
    pub fn is_extended(&self, file: &[u8]) -> bool {
        nearest(&self.extended, file).is_some()
    }
}

fn nearest<'h>(homes: &'h [Vec<u8>], file: &[u8]) -> Option<&'h [u8]> {
    let above = homes.iter().filter(|home| path::is_below(file, home));
    above.max_by_key(|home| home.len()).map(Vec::as_slice)
}
