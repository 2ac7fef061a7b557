//! A tree as an image holds it: some of the files of another tree, some of them at other places.

use std::collections::BTreeMap;
use std::io;

use super::{About, Entry, Kind, Listing, Tree, Withheld};
use crate::diagnostic::KeptOut;

/// What ships of another tree.
pub struct Laid {
    tree: Box<dyn Tree>,
    /// The files that ship, with what each is in the other tree.
    files: BTreeMap<Vec<u8>, Vec<u8>>,
    listing: Listing,
    recipe: Vec<u8>,
}

impl Laid {
    /// The file of the other tree that says what ships.
    #[must_use]
    pub fn recipe(&self) -> &[u8] {
        &self.recipe
    }

    /// The same, as this file of the other tree says.
    #[must_use]
    pub fn by(self, recipe: Vec<u8>) -> Self {
        Laid { recipe, ..self }
    }

    /// Of `tree`, with its `listing`, those `files` ship; nothing is known of what lies at `unknown`. `why` says what
    /// keeps another file out; `None` where it may ship after all.
    #[must_use]
    pub fn new(
        tree: Box<dyn Tree>,
        files: BTreeMap<Vec<u8>, Vec<u8>>,
        unknown: Vec<Vec<u8>>,
        why: impl Fn(&[u8]) -> Option<KeptOut>,
    ) -> Self {
        let whole = tree.list();
        let kinds: BTreeMap<&[u8], &Kind> =
            whole.entries.iter().map(|entry| (entry.path.as_slice(), &entry.kind)).collect();
        let shipped = files.iter().map(|(path, from)| {
            let kind = kinds.get(from.as_slice()).map_or(Kind::File, |kind| (*kind).clone());
            Entry { path: path.clone(), kind }
        });
        let unknown: Vec<Vec<u8>> = unknown.into_iter().filter(|path| !files.contains_key(path)).collect();
        let may_ship = |path: &[u8]| files.contains_key(path) || unknown.iter().any(|directory| below(path, directory));
        let others = whole.entries.iter().filter(|entry| entry.kind != Kind::Directory && !may_ship(&entry.path));
        let withheld: Vec<Withheld> =
            others.filter_map(|entry| Some(Withheld { entry: entry.clone(), why: why(&entry.path)? })).collect();
        let nobody_knows = unknown.iter().map(|path| Entry { path: path.clone(), kind: Kind::Submodule });
        let entries = shipped.chain(nobody_knows).collect();
        let listing = Listing { entries, withheld, troubles: whole.troubles.clone(), ..Listing::default() };
        Laid { tree, files, listing, recipe: Vec::new() }
    }
}

fn below(path: &[u8], directory: &[u8]) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

impl Tree for Laid {
    fn list(&self) -> Listing {
        self.listing.clone()
    }

    fn read(&self, path: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        match self.files.get(path) {
            Some(from) => self.tree.read(from, limit),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn copy(&self, path: &[u8], to: &mut dyn io::Write) -> io::Result<()> {
        self.tree.copy(self.files.get(path).ok_or(io::ErrorKind::NotFound)?, to)
    }

    fn about(&self, path: &[u8]) -> io::Result<About> {
        self.files.get(path).map_or_else(|| Ok(About::default()), |from| self.tree.about(from))
    }

    fn source(&self) -> Option<&dyn Tree> {
        Some(&*self.tree)
    }
}
