//! Sites that generators make out of the tree: where they start, which host serves them, and whether a theme from
//! elsewhere is part of them.

use crate::index::{EntryId, EntryKind, Index};
use crate::path;

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
    /// Directories whose configuration names a theme.
    themed: Vec<Vec<u8>>,
    /// Directories that are roots of sites, with their hosts.
    hosts: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Sites {
    /// Keeps a directory whose configuration names a theme.
    pub(super) fn add_themed(&mut self, directory: Vec<u8>) {
        super::push_new(&mut self.themed, directory);
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

    /// Whether a theme from elsewhere may bring what a file of the site names.
    #[must_use]
    pub fn is_themed(&self, file: &[u8]) -> bool {
        nearest(&self.themed, file).is_some()
    }
}

fn nearest<'h>(homes: &'h [Vec<u8>], file: &[u8]) -> Option<&'h [u8]> {
    let above = homes.iter().filter(|home| path::is_below(file, home));
    above.max_by_key(|home| home.len()).map(Vec::as_slice)
}
