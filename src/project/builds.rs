//! Builds of containers: which directory each Dockerfile sees, and what is kept out of it.

use rustc_hash::FxHashMap;

use super::patterns::Patterns;
use super::{FileScope, Stated, constants::Constants, push_new};
use crate::diagnostic::KeptOut;
use crate::index::{EntryId, EntryKind, Index};
use crate::path;
use crate::reference::{Fact, Image, Origin};

/// Most sources of one Dockerfile that tell where its context is.
const MAX_VOTERS: usize = 200;

/// Most entries of a directory that are asked whether one of them is sent.
const MAX_BELOW: usize = 10_000;

/// What is known of the builds of a tree.
#[derive(Debug, Default)]
pub struct Builds {
    /// The contexts that something builds a Dockerfile with, by its path.
    contexts: FxHashMap<Vec<u8>, Vec<Vec<u8>>>,
    /// Ignore files, by their path.
    ignored: FxHashMap<Vec<u8>, Patterns>,
    images: FxHashMap<EntryId, Image>,
}

/// Where a Dockerfile may be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contexts {
    /// Directories, best first.
    pub directories: Vec<Vec<u8>>,
    /// The first is the one: what is copied shows it.
    pub shown: bool,
    /// Something builds the Dockerfile with each of them.
    pub stated: bool,
}

impl Builds {
    pub(super) fn new(index: &Index, constants: &Constants, stated: &[Stated]) -> Self {
        let mut builds = Builds::default();
        for one in stated {
            let scope = FileScope::new(constants, index, one.language, one.file);
            for fact in &one.facts {
                match fact {
                    Fact::Build { dockerfile, context } => {
                        let (Some(file), Some(context)) = (scope.tree_path(dockerfile), scope.tree_path(context))
                        else {
                            continue;
                        };
                        push_new(builds.contexts.entry(file).or_default(), context);
                    }
                    Fact::Image(image) => drop(builds.images.insert(one.file, image.clone())),
                    Fact::NotInContext(lines) => {
                        builds.ignored.insert(index.path(one.file).to_vec(), Patterns::new(lines));
                    }
                    _ => {}
                }
            }
        }
        builds
    }

    /// Where a Dockerfile may be built: where something builds it, else in its directory or one above it, best first
    /// by how much of what it copies lies there.
    #[must_use]
    pub fn contexts(&self, index: &Index, file: EntryId) -> Contexts {
        let path = index.path(file);
        if let Some(stated) = self.contexts.get(path) {
            return Contexts { directories: stated.clone(), shown: false, stated: true };
        }
        let here = path::parent(path);
        let mut voted: Vec<(usize, &[u8])> =
            path::ancestors(here).map(|directory| (self.votes(index, file, directory), directory)).collect();
        // A stable sort: of equals the nearest is first.
        voted.sort_by_key(|(votes, _)| std::cmp::Reverse(*votes));
        let most = voted.first().map_or(0, |(votes, _)| *votes);
        let rival = voted.get(1).is_some_and(|(votes, _)| *votes == most);
        let shown = voted.len() == 1 || most > 0 && !rival;
        let directories = voted.into_iter().map(|(_, directory)| directory.to_vec()).collect();
        Contexts { directories, shown, stated: false }
    }

    /// How many of the sources of a Dockerfile lie in a directory, or at least the directory that their paths begin
    /// with; an ignore file of Docker decides between equals.
    fn votes(&self, index: &Index, file: EntryId, directory: &[u8]) -> usize {
        let Some(image) = self.images.get(&file) else { return 0 };
        let copies = image.stages.iter().flat_map(|stage| &stage.copies);
        let sources =
            copies.filter(|copied| copied.from == Origin::Context).filter_map(|copied| copied.source.as_ref());
        let lies_here = |source: &&Vec<u8>| {
            let Some(first) = path::segments(source).next() else { return false };
            let whole = index.id(&path::join(directory, source)).is_some();
            whole || first.len() < source.len() && index.is_directory(&path::join(directory, first))
        };
        let ignores = self.ignored.contains_key(&path::join(directory, b".dockerignore"));
        match sources.take(MAX_VOTERS).filter(lies_here).count() {
            0 => 0,
            votes => votes + usize::from(ignores),
        }
    }

    /// What keeps an entry out of a context of a Dockerfile; `None` where nothing does. A directory is kept out where
    /// all that lies below it is, too.
    #[must_use]
    pub fn kept_out(&self, index: &Index, dockerfile: &[u8], context: &[u8], entry: EntryId) -> Option<KeptOut> {
        let own = [dockerfile, b".dockerignore"].concat();
        let shared = path::join(context, b".dockerignore");
        let (file, patterns) = self.ignored.get_key_value(&own).or_else(|| self.ignored.get_key_value(&shared))?;
        let start = if context.is_empty() { 0 } else { context.len() + 1 };
        let below = |id: EntryId| index.path(id).get(start..).filter(|below| !below.is_empty());
        let by = patterns.excluded(below(entry)?)?;
        let mut left = vec![entry];
        let mut seen = 0;
        while let Some(id) = left.pop() {
            seen += 1;
            let kept = index.kind(id) == EntryKind::Directory || patterns.excluded(below(id)?).is_some();
            if !kept || seen > MAX_BELOW {
                return None;
            }
            left.extend(index.children(id));
        }
        Some(KeptOut::Rule { file: file.clone(), line: by.line, pattern: by.pattern.to_vec() })
    }

    /// What a Dockerfile puts into its images.
    #[must_use]
    pub fn image(&self, dockerfile: EntryId) -> Option<&Image> {
        self.images.get(&dockerfile)
    }
}
