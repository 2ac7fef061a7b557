//! A URL whose front is only known at run time: the rest is looked for wherever the tree may hold it.

use super::super::{Candidate, Resolution, any_of};
use super::{Asked, Means, is_placeholder, joined, site_path, starts};
use crate::diagnostic::Certainty;
use crate::index::{EntryId, EntryKind, Index};
use crate::path;

/// Most entries that are looked at for a tail behind an unknown front.
const MAX_FRONTS: usize = 8;

impl Asked<'_> {
    /// `{{ base }}/img/a.png`, or a relative URL in a template: any entry that ends so is silence; else near
    /// misses below the page's directory and below every root.
    pub(super) fn behind(&self, tail: &[u8]) -> Resolution {
        const UNKNOWN: Resolution = Resolution::Dynamic("the front of the URL is only known at run time");
        let Ok(path) = site_path(tail.strip_prefix(b"/").unwrap_or(tail)) else { return UNKNOWN };
        let text = path.text.strip_prefix(b"/").unwrap_or(&path.text);
        let mut starts = starts::relative(self.site);
        starts.extend(starts::absolute(self.site, &path.text));
        starts.retain(|start| joined(&start.directory, text).is_some());
        let resolution = self.first_of(starts.iter().map(|start| (start, text)), path.directory);
        let Resolution::Missing(candidates) = resolution else { return resolution };
        if is_placeholder(text) || self.means(text) == Means::Route {
            return UNKNOWN;
        }
        if let Some(id) = self.anywhere(text) {
            return Resolution::Found(id);
        }
        let index = self.site.world.index;
        let stands = |candidate: &Candidate| stands_folded(index, path::parent(&candidate.path));
        let mut known: Vec<Candidate> = candidates.into_iter().filter(stands).take(MAX_FRONTS).collect();
        if known.is_empty() {
            known = self.below_any(text);
        }
        let known = known.into_iter();
        let known = known.map(|candidate| Candidate { certainty: Certainty::Open, near_only: true, ..candidate });
        any_of(std::iter::once(Resolution::Missing(known.collect())))
    }

    /// The text below every directory of the tree that ends in its own.
    fn below_any(&self, text: &[u8]) -> Vec<Candidate> {
        let index = self.site.world.index;
        let Some(text) = path::normalize(text) else { return Vec::new() };
        let directory = path::parent(&text);
        if directory.is_empty() {
            return Vec::new();
        }
        let found = index.ending_in(directory).filter(|&id| index.kind(id) == EntryKind::Directory).take(MAX_FRONTS);
        let below = |id| Candidate::new(path::join(index.path(id), path::name(&text)), Certainty::Open);
        found.map(below).collect()
    }
}

/// Whether a directory stands there, or one whose path differs by case or Unicode form only.
fn stands_folded(index: &Index, directory: &[u8]) -> bool {
    let mut here = EntryId::ROOT;
    for segment in path::segments(directory) {
        let exact = index.id(&path::join(index.path(here), segment));
        let alike = || index.folded(here).alike(segment).first().copied();
        match exact.or_else(alike).filter(|&id| index.kind(id) == EntryKind::Directory) {
            Some(id) => here = id,
            None => return false,
        }
    }
    true
}
