//! What gets deployed, as entries and bytes. One file a kind of tree.
//!
//! A tree lists its entries once and reads files when asked; it decides nothing about them.

mod archive;
mod directory;
mod git;
mod laid;
mod memory;
mod overlay;
mod sourced;

use std::io;

pub use archive::{Archive, is_archive};
pub use directory::Directory;
pub use git::{Git, Which};
pub use laid::Laid;
pub use memory::Memory;
pub use overlay::Overlay;
pub use sourced::Sourced;

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
    /// What git tracks of it, where the disk does not have each of these under that very name; else nothing.
    pub tracked: Vec<Vec<u8>>,
    /// Directories that could not be read.
    pub troubles: Vec<Trouble>,
}

/// What of an entry is deployed besides its name and its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// A file that its owner may run.
    pub program: bool,
    /// The bits beyond those of reading, writing and running (set-user-id and their like), as they stand in a mode.
    pub special: u32,
    /// The commit of a submodule, where it is known.
    pub commit: Option<String>,
}

impl About {
    /// Of the mode of a file on a Unix machine.
    #[must_use]
    pub fn of_mode(mode: u32) -> Self {
        About { program: mode & 0o100 != 0, special: mode & 0o7000, commit: None }
    }
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

    /// Writes the bytes of a file somewhere, however many there are.
    ///
    /// # Errors
    /// Whatever the machine says.
    fn copy(&self, path: &[u8], to: &mut dyn io::Write) -> io::Result<()> {
        to.write_all(&self.read(path, usize::MAX - 1)?)
    }

    /// What else of an entry is deployed. Nothing but a digest asks.
    ///
    /// # Errors
    /// Whatever the machine says.
    fn about(&self, _path: &[u8]) -> io::Result<About> {
        Ok(About::default())
    }

    /// The tree that this one was made from, where what does not ship can be read.
    fn source(&self) -> Option<&dyn Tree> {
        None
    }
}
