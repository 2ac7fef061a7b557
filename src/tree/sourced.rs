//! A tree beside the folder that it was made from: an archive does not hold what does not ship.

use std::io;

use super::{About, Directory, Listing, Tree};

/// A tree with its source.
pub struct Sourced {
    tree: Box<dyn Tree>,
    source: Directory,
}

impl Sourced {
    /// A tree that was made from a folder.
    #[must_use]
    pub fn new(tree: Box<dyn Tree>, source: Directory) -> Self {
        Sourced { tree, source }
    }
}

impl Tree for Sourced {
    fn list(&self) -> Listing {
        self.tree.list()
    }

    fn read(&self, path: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        self.tree.read(path, limit)
    }

    fn copy(&self, path: &[u8], to: &mut dyn io::Write) -> io::Result<()> {
        self.tree.copy(path, to)
    }

    fn about(&self, path: &[u8]) -> io::Result<About> {
        self.tree.about(path)
    }

    fn source(&self) -> Option<&dyn Tree> {
        Some(&self.source)
    }
}
