//! Where builds of containers and bind mounts put parts of the tree: what stood side by side here may stand apart
//! there, so that a relative path out of such a part says nothing of the tree.

use super::{FileScope, Stated, builds::Builds, constants::Constants};
use crate::index::{EntryKind, Index};
use crate::path;
use crate::reference::{Copied, Fact, Origin};

/// Most placements that are kept: each is compared with each miss.
const MAX_PLACEMENTS: usize = 10_000;

/// A part of the tree and the absolute path that it has in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Placement {
    source: Vec<u8>,
    target: Vec<u8>,
}

/// All placements of a tree.
#[derive(Debug, Default)]
pub struct Placed(Vec<Placement>);

impl Placed {
    pub(super) fn new(index: &Index, constants: &Constants, builds: &Builds, stated: &[Stated]) -> Self {
        let mut placed = Placed::default();
        for one in stated {
            let scope = FileScope::new(constants, index, one.language, one.file);
            for fact in &one.facts {
                match fact {
                    Fact::Mounted { source, target } => {
                        placed.add(scope.tree_path(source).map(|source| Placement { source, target: target.clone() }));
                    }
                    Fact::Image(image) => {
                        let contexts = builds.contexts(index, one.file);
                        let certain = if contexts.stated { contexts.directories.len() } else { 1 };
                        for context in contexts.directories.iter().take(certain) {
                            let copies = image.stages.iter().flat_map(|stage| &stage.copies);
                            copies.for_each(|copied| placed.add(copy(index, context, copied)));
                        }
                    }
                    _ => {}
                }
            }
        }
        placed
    }

    fn add(&mut self, placement: Option<Placement>) {
        let Some(placement) = placement else { return };
        if self.0.len() < MAX_PLACEMENTS && !self.0.contains(&placement) {
            self.0.push(placement);
        }
    }

    /// Whether every container that `file` is put into has it apart from `target`: what lies there, seen from the file,
    /// is another part of the tree or none.
    #[must_use]
    pub fn part(&self, file: &[u8], target: &[u8]) -> bool {
        let mut of_file = self.places(file).peekable();
        let together = |here: Vec<&[u8]>| {
            let there = as_seen(&here, file, target);
            self.places(target).any(|place| place == there)
        };
        of_file.peek().is_some() && !of_file.any(together)
    }

    /// Where a path of the tree is put, as segments.
    fn places<'p>(&'p self, file: &'p [u8]) -> impl Iterator<Item = Vec<&'p [u8]>> {
        let below = |one: &&Placement| path::is_below(file, &one.source);
        self.0.iter().filter(below).map(|one| {
            let rest = file.get(one.source.len()..).unwrap_or_default();
            path::segments(&one.target).chain(path::segments(rest)).collect()
        })
    }
}

/// Where a file that stands at `here` finds what the tree has at `target`; `..` stops at the root.
fn as_seen<'p>(here: &[&'p [u8]], file: &[u8], target: &'p [u8]) -> Vec<&'p [u8]> {
    let same = path::segments(file).zip(path::segments(target)).take_while(|(a, b)| a == b).count();
    let up = path::segments(file).count() - same;
    let above = here.iter().copied().take(here.len().saturating_sub(up));
    above.chain(path::segments(target).skip(same)).collect()
}

/// What a copy out of the context places; of a pattern, the directory that it is matched in.
fn copy(index: &Index, context: &[u8], copied: &Copied) -> Option<Placement> {
    if copied.from != Origin::Context {
        return None;
    }
    let (source, target) = (copied.source.as_ref()?, copied.target.as_ref()?);
    let fixed = source
        .iter()
        .position(|byte| b"*?[\\".contains(byte))
        .map_or(source.as_slice(), |at| path::parent(&source[..at]));
    let source = path::normalize(&path::join(context, fixed))?.into_owned();
    let is_file = index.id(&source).is_some_and(|id| index.kind(id) == EntryKind::File);
    let target =
        if is_file && target.ends_with(b"/") { path::join(target, path::name(&source)) } else { target.clone() };
    Some(Placement { source, target })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(placements: &[(&str, &str)]) -> Placed {
        let one = |(source, target): &(&str, &str)| Placement { source: (*source).into(), target: (*target).into() };
        Placed(placements.iter().map(one).collect())
    }

    #[test]
    fn parts_that_move_together_are_not_parted() {
        for (placements, file, target, parted) in [
            (&[][..], "a/x.php", "b/y.php", false),
            (&[("a", "/a")], "c/x.php", "b/y.php", false),
            (&[("a", "/a")], "a/x.php", "a/y.php", false),
            (&[("a", "/a")], "a/x.php", "b/y.php", true),
            (&[("a", "/srv/a"), ("b", "/srv/b")], "a/x.php", "b/y.php", false),
            (&[("a", "/srv"), ("b", "/srv/b")], "a/x.php", "b/y.php", true),
            (&[("a", "/a"), ("", "/app")], "a/x.php", "b/y.php", false),
            (&[("app.py", "/srv/app.py"), ("pages", "/srv/pages")], "app.py", "pages/a.html", false),
            (&[("app.py", "/srv/app.py")], "app.py", "pages/a.html", true),
        ] {
            assert_eq!(placed(placements).part(file.as_bytes(), target.as_bytes()), parted, "{placements:?} {file}");
        }
    }
}
