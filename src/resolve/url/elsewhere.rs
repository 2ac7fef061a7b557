//! What the URLs of a page tell together: whether it is served from where it lies.

use super::super::{Candidate, World};
use crate::index::EntryId;
use crate::path;

/// Whether a file of the same name, in a directory of the same name, stands elsewhere in the tree.
#[must_use]
pub fn stands_elsewhere(world: &World<'_>, candidate: &Candidate) -> bool {
    let name = path::name(&candidate.path);
    let directory = path::name(path::parent(&candidate.path));
    !directory.is_empty() && world.index.ending_in(&path::join(directory, name)).next().is_some()
}

/// Whether what a page names stands there from a directory above the page's, or, where it names two folders, from any
/// other: another page shows it.
#[must_use]
pub fn stands_above(world: &World<'_>, page: EntryId, candidate: &Candidate) -> bool {
    let home = path::parent(world.index.path(page));
    let Some(written) = candidate.path.strip_prefix(home).and_then(|rest| rest.strip_prefix(b"/")) else {
        return false;
    };
    let mut above = path::ancestors(home).skip(1);
    let folders = written.iter().filter(|byte| **byte == b'/').count();
    folders > 1 && world.index.ending_in(written).next().is_some()
        || folders > 0 && above.any(|directory| world.index.is_file(&path::join(directory, written)))
}

/// Whether what a page names lies above its folder, in a directory that the tree has not, and nowhere else either.
#[must_use]
pub fn is_left_behind(world: &World<'_>, page: EntryId, candidate: &Candidate) -> bool {
    let directory = path::parent(&candidate.path);
    let above = !path::is_below(&candidate.path, path::parent(world.index.path(page)));
    above && !world.index.is_directory(directory) && !stands_elsewhere(world, candidate)
}
