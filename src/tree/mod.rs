//! What gets deployed, as entries and bytes. One file a kind of tree.
//!
//! A tree lists its entries once and reads files when asked; it decides nothing about them.

mod directory;
mod git;
mod laid;
mod memory;
mod overlay;

use std::io;

pub use directory::Directory;
pub use git::{Git, Which};
pub use laid::Laid;
pub use memory::Memory;
pub use overlay::Overlay;

use crate::diagnostic::{KeptOut, Trouble};

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link with its target as it is written.
    Symlink(Vec<u8>),
    /// A FIFO, socket or device: it has a name and is never read.
    Special,
    /// Another repository in this one, of which nothing is known but its place.
    Submodule,
}

/// One entry of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path relative to the root, `/`-separated bytes.
    pub path: Vec<u8>,
    /// What it is.
    pub kind: Kind,
}

/// An entry that is there, but not part of what ships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// The entry. All below a directory is withheld with it.
    pub entry: Entry,
    /// What keeps it out.
    pub why: KeptOut,
}

/// All entries of a tree, and what could not be listed.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// In any order; the index sorts them.
    pub entries: Vec<Entry>,
    /// What stands beside them and does not ship, in any order.
    pub withheld: Vec<Withheld>,
    /// Directories that could not be read.
    pub troubles: Vec<Trouble>,
}

/// A tree that can be deployed.
pub trait Tree: Sync {
    /// Lists every entry but the root itself.
    fn list(&self) -> Listing;

    /// Reads a file whole, at most `limit` bytes and one more (so that a longer file can be told).
    ///
    /// # Errors
    /// Whatever the machine says; [`io::ErrorKind::NotFound`] where the file vanished since it was listed.
    fn read(&self, path: &[u8], limit: usize) -> io::Result<Vec<u8>>;
}
