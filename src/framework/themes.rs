//! Themes of WordPress, by what the heads of their style sheets say (developer.wordpress.org "Child Themes").

use rustc_hash::FxHashMap;

use crate::index::Index;
use crate::path;

/// Every theme of a tree.
#[derive(Debug, Default)]
pub struct Themes {
    /// Its directory, with the name of the directory of the theme that it is a child of.
    parents: FxHashMap<Vec<u8>, Option<Vec<u8>>>,
}

impl Themes {
    /// Takes a theme in.
    pub fn add(&mut self, directory: &[u8], parent: Option<&[u8]>) {
        self.parents.insert(directory.to_vec(), parent.map(<[u8]>::to_vec));
    }

    /// The directory of the theme that holds a file.
    #[must_use]
    pub fn of<'f>(&self, file: &'f [u8]) -> Option<&'f [u8]> {
        path::ancestors(path::parent(file)).find(|directory| self.parents.contains_key(*directory))
    }

    /// The directory of the theme that the theme of a file is a child of: itself where it is none, and unknown where
    /// it is not in the tree.
    #[must_use]
    pub fn parent(&self, index: &Index, file: &[u8]) -> Option<Vec<u8>> {
        let theme = self.of(file)?;
        match self.parents.get(theme)? {
            None => Some(theme.to_vec()),
            Some(name) => Some(path::join(path::parent(theme), name)).filter(|parent| index.is_directory(parent)),
        }
    }
}
