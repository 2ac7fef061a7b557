//! Symbolic links that lead nowhere: what they name is told where something like it stands in the tree.
//!
//! A link that dangles is unknown rather than missing, as packages link to what other packages bring (in one Debian
//! tree of ten 171 do). Only where the directory that it leads to is there, or the very file stands elsewhere while
//! nothing but its directory is not there, is it plain what was meant.

use super::{Candidate, World};
use crate::diagnostic::Certainty;
use crate::index::{EntryId, EntryKind, Lookup};
use crate::path;
use crate::reference::Want;

/// What a link would lead to that leads nowhere.
#[must_use]
pub fn dangling(world: &World<'_>, link: EntryId) -> Option<Candidate> {
    let index = world.index;
    let target = index.link_target(link).filter(|target| !target.starts_with(b"/"))?;
    let place = path::normalize(&path::join(path::parent(index.path(link)), target))?.into_owned();
    let known = |directory: &[u8]| directory.is_empty() || index.is_directory(directory);
    // Through another link, or a directory that is one: what lies there may be anything.
    if place.is_empty() || index.lookup(&place) != Lookup::Missing {
        return None;
    }
    let directory = path::parent(&place);
    let near_only = known(directory);
    let moved = || !directory.is_empty() && known(path::parent(directory)) && stands_once(world, path::name(&place));
    let candidate = Candidate::new(place.clone(), Certainty::Likely);
    let certainty = if near_only { Certainty::Likely } else { Certainty::Certain };
    (near_only || moved()).then_some(Candidate { want: Want::Any, near_only, certainty, ..candidate })
}

/// Whether one file of the tree, and no link, has a name.
fn stands_once(world: &World<'_>, name: &[u8]) -> bool {
    let files = world.index.named(name).filter(|&id| world.index.kind(id) == EntryKind::File);
    files.take(2).count() == 1
}
