//! What stands beside the deployed entries and does not ship: a second index, in which every deployed entry keeps
//! its number, so that a reference can be looked up once more in the tree as it stands where it was written.

use rustc_hash::FxHashMap;

use super::Index;
use crate::diagnostic::KeptOut;
use crate::path;
use crate::tree;

/// The entries that do not ship, and why.
#[derive(Debug)]
pub struct Withheld {
    whole: Index,
    reasons: FxHashMap<Vec<u8>, KeptOut>,
}

impl Withheld {
    /// Freezes what is withheld beside an index of what ships; `None` where nothing is.
    #[must_use]
    pub fn new(index: &Index, withheld: Vec<tree::Withheld>) -> Option<Self> {
        let withheld: Vec<_> = withheld.into_iter().filter(|one| index.id(&one.entry.path).is_none()).collect();
        if withheld.is_empty() {
            return None;
        }
        let reasons = withheld.iter().map(|one| (one.entry.path.clone(), one.why.clone())).collect();
        let whole = index.extended(withheld.into_iter().map(|one| one.entry).collect());
        Some(Withheld { whole, reasons })
    }

    /// Everything that stands there, deployed or not.
    #[must_use]
    pub fn whole(&self) -> &Index {
        &self.whole
    }

    /// Why a path does not ship; `None` for one that does.
    #[must_use]
    pub fn why(&self, path: &[u8]) -> Option<&KeptOut> {
        path::ancestors(path).find_map(|above| self.reasons.get(above))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Memory, Tree};

    #[test]
    fn deployed_entries_keep_their_numbers() {
        let mut tree = Memory::default();
        tree.file("b/x", "").file("z", "").symlink("link", "b/hidden");
        tree.withhold("a/deep", KeptOut::Untracked).withhold("b/hidden", KeptOut::Untracked);
        let listing = tree.list();
        let index = Index::new(listing.entries);
        let withheld = Withheld::new(&index, listing.withheld).unwrap();
        for id in index.entries() {
            assert_eq!(index.path(id), withheld.whole().path(id));
        }
        assert!(!index.is_file(b"a/deep") && withheld.whole().is_file(b"a/deep"));
        assert!(withheld.whole().is_file(b"link"));
        let names: Vec<_> =
            withheld.whole().children(super::super::EntryId::ROOT).map(|id| withheld.whole().name(id)).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert_eq!(withheld.why(b"a/deep/er"), Some(&KeptOut::Untracked));
        assert_eq!(withheld.why(b"b/x"), None);
    }
}
