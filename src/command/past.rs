//! What the repository around a tree knows of its past: the commit that it is compared with, and what became of paths
//! that are gone.

use std::path::Path;

use preflight::diagnostic::{Fate, Trouble};
use preflight::git::{Repository, SHORT, Stretch};
use preflight::history::{Base, Fates};
use preflight::path;
use preflight::tree::{Git, Tree, Which};

use rustc_hash::FxHashMap;

use super::inputs::{Inputs, trouble};

/// A tree's repository.
pub struct History {
    repository: Repository,
    /// The commit that the tree stands on.
    to: String,
    /// The commit that it is compared with.
    from: Option<String>,
    /// The tree may hold what is not committed yet.
    uncommitted: bool,
}

/// The repository around a tree, where there is one that git reads; nobody is asked to have one.
pub fn around(inputs: &Inputs) -> Option<History> {
    let root = inputs.root.is_dir().then_some(&inputs.root)?;
    root.ancestors().any(|above| above.join(".git").exists()).then_some(())?;
    let to = inputs.view.revision.clone().unwrap_or_else(|| "HEAD".to_owned());
    let uncommitted = matches!(inputs.view.kind, "directory" | "staged");
    Some(History { repository: Repository::open(root).ok()?, to, from: None, uncommitted })
}

/// The repository, and where the tree parted from a revision.
///
/// # Errors
/// There is no such place at hand, or this kind of tree cannot be compared.
pub fn since(given: &Path, inputs: &Inputs, revision: &str) -> Result<History, Trouble> {
    let failed = |what: String| trouble(given, format!("--base: {what}"));
    if !matches!(inputs.view.kind, "directory" | "git" | "staged") {
        let kind = inputs.view.kind;
        return Err(failed(format!(
            "a folder, what git ships of it and what is staged can be compared, but no {kind}"
        )));
    }
    let repository = Repository::open(&inputs.root).map_err(failed)?;
    let to = inputs.view.revision.clone().unwrap_or_else(|| "HEAD".to_owned());
    let hint = if repository.is_shallow() {
        "; the clone is shallow: fetch all of its history (`git fetch --unshallow`, `fetch-depth: 0`)"
    } else {
        "; is its history fetched?"
    };
    match repository.merge_base(revision, &to) {
        Ok(Some(from)) => Ok(History { repository, to, from: Some(from), uncommitted: false }),
        Ok(None) => Err(failed(format!("`{revision}` and `{to}` have no commit in common{hint}"))),
        Err(what) => Err(failed(format!("{what}{hint}"))),
    }
}

impl History {
    /// The tree to compare with, as the compared one would be made of that commit.
    ///
    /// # Errors
    /// What of it is not at hand.
    pub fn base_tree(&self, inputs: &Inputs) -> Result<Git, String> {
        let from = self.from.as_deref().unwrap_or(&self.to);
        let which = if inputs.view.kind == "directory" { Which::Checkout(from) } else { Which::Revision(from) };
        Git::new(&self.repository, which, inputs.options.threads).map_err(|what| format!("--base: {what}"))
    }

    /// What the tree is compared with.
    ///
    /// # Errors
    /// What git has to say.
    pub fn base<'t>(&self, tree: &'t dyn Tree, inputs: &Inputs) -> Result<Base<'t>, String> {
        let from = self.from.as_deref().unwrap_or(&self.to);
        let to = inputs.view.revision.as_deref();
        let pairs = self.repository.renamed(from, to).map_err(|what| format!("--base: {what}"))?;
        Ok(Base { tree, commit: from.chars().take(SHORT).collect(), renamed: self.inside(pairs) })
    }

    /// What became of paths of the tree that are gone; `there` tells which names it has. Of a file that `base` knows
    /// to be renamed, the new name is the one it has now.
    pub fn fates(&self, gone: &[Vec<u8>], base: Option<&Base<'_>>, there: impl Fn(&[u8]) -> bool) -> Fates {
        let prefix = self.repository.prefix();
        let from_top: Vec<Vec<u8>> = gone.iter().map(|path| path::join(prefix, path)).collect();
        let stretch = Stretch { from: self.from.as_deref(), to: &self.to };
        let inside = |path: &[u8]| self.below(path).is_some_and(|path| there(&path));
        let told = self.repository.fates(stretch, &from_top, inside);
        let here = |(path, fate): (Vec<u8>, Fate)| {
            let became = fate.became.as_deref().and_then(|path| self.below(path));
            Some((self.below(&path)?, Fate { became, ..fate }))
        };
        let mut fates: Fates = told.into_iter().filter_map(here).collect();
        let renamed = base.map_or_else(|| self.not_committed(), |base| base.renamed.clone());
        for (new, old) in renamed {
            for fate in fates.values_mut().filter(|fate| fate.became.as_ref() == Some(&old)) {
                *fate = Fate { became: Some(new.clone()), commit: None };
            }
            if gone.contains(&old) {
                fates.entry(old).or_default().became = Some(new);
            }
        }
        fates
    }

    /// What is renamed and not committed yet: the old names by the new.
    fn not_committed(&self) -> FxHashMap<Vec<u8>, Vec<u8>> {
        let pairs = self.uncommitted.then(|| self.repository.renamed(&self.to, None)).and_then(Result::ok);
        self.inside(pairs.unwrap_or_default())
    }

    /// Those of which both names lie in the tree, seen from its root.
    fn inside(&self, renamed: FxHashMap<Vec<u8>, Vec<u8>>) -> FxHashMap<Vec<u8>, Vec<u8>> {
        renamed.into_iter().filter_map(|(new, old)| Some((self.below(&new)?, self.below(&old)?))).collect()
    }

    /// A path from the top of the repository, seen from the root of the tree; `None` outside of it.
    fn below(&self, path: &[u8]) -> Option<Vec<u8>> {
        let prefix = self.repository.prefix();
        let below = path::is_below(path, prefix).then(|| &path[prefix.len()..])?;
        Some(below.strip_prefix(b"/").unwrap_or(below).to_vec())
    }
}
