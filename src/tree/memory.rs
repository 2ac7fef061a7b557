//! A tree in memory: case files and tests.

use std::collections::BTreeMap;
use std::io;

use super::{Entry, Kind, Listing, Tree, Withheld};
use crate::diagnostic::KeptOut;

/// A tree whose files are held in memory.
#[derive(Debug, Default)]
pub struct Memory {
    entries: BTreeMap<Vec<u8>, (Kind, Vec<u8>)>,
    withheld: Vec<Withheld>,
}

impl Memory {
    /// Adds a file, replacing what stood there.
    pub fn file(&mut self, path: impl Into<Vec<u8>>, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.entries.insert(path.into(), (Kind::File, bytes.into()));
        self
    }

    /// Adds an empty directory.
    pub fn directory(&mut self, path: impl Into<Vec<u8>>) -> &mut Self {
        self.entries.insert(path.into(), (Kind::Directory, Vec::new()));
        self
    }

    /// Adds a symbolic link.
    pub fn symlink(&mut self, path: impl Into<Vec<u8>>, target: impl Into<Vec<u8>>) -> &mut Self {
        self.entries.insert(path.into(), (Kind::Symlink(target.into()), Vec::new()));
        self
    }

    /// Adds a file that does not ship.
    pub fn withhold(&mut self, path: impl Into<Vec<u8>>, why: KeptOut) -> &mut Self {
        self.withheld.push(Withheld { entry: Entry { path: path.into(), kind: Kind::File }, why });
        self
    }

    /// Removes an entry; its bytes where it was a file.
    pub fn remove(&mut self, path: &[u8]) -> Option<Vec<u8>> {
        self.entries.remove(path).map(|(_, bytes)| bytes)
    }
}

impl Tree for Memory {
    fn list(&self) -> Listing {
        let entry = |(path, (kind, _)): (&Vec<u8>, &(Kind, Vec<u8>))| Entry { path: path.clone(), kind: kind.clone() };
        let entries = self.entries.iter().map(entry).collect();
        Listing { entries, withheld: self.withheld.clone(), ..Listing::default() }
    }

    fn read(&self, path: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        match self.entries.get(path) {
            Some((Kind::File, bytes)) => Ok(bytes[..bytes.len().min(limit.saturating_add(1))].to_vec()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }
}
