//! The migration namespace: what a migration of Django's says it comes after (docs.djangoproject.com, "Migrations",
//! "Dependencies"): the label of an application and the name of a module in its `migrations`.
//!
//! A label is mostly the name of the application's folder, and may be another: what stands under the label anywhere is
//! silence. Of the application that holds the reference it is certain; of another one in the tree, likely; one that no
//! folder is called by is a package's.

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::framework::django::OWN_LABELS;
use crate::index::{EntryId, EntryKind};
use crate::path;
use crate::project::modules::{Walked, walk};
use crate::reference::Reference;

/// Most applications of one name that are looked into.
const MAX_APPLICATIONS: usize = 16;

/// Looks a migration up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let Some((label, name)) = reference.expr.as_literal().and_then(split) else {
        return Resolution::Dynamic("a part is only known at run time");
    };
    let own = path::parent(site.directory());
    let is_own = path::name(own) == label && path::name(site.directory()) == b"migrations";
    let homes: Vec<EntryId> = site.world.index.named(label).filter(|&id| migrates(site, id)).collect();
    let mut candidates = Vec::new();
    for home in homes.iter().take(MAX_APPLICATIONS).map(|&id| site.world.index.path(id)) {
        let folder = path::join(home, b"migrations");
        match walk(site.world.index, &folder, &[name]) {
            Walked::Missing { .. } => {}
            Walked::Module(id) | Walked::Package(id, _) | Walked::Within(id) => return Resolution::Found(id),
            Walked::Beyond => return Resolution::Outside,
        }
        candidates.push((home, [&folder, b"/".as_slice(), name, b".py"].concat()));
    }
    // The label of one of Django's own applications may be meant, whatever a folder here is called.
    let brought = OWN_LABELS.iter().any(|own| own.as_bytes() == label);
    let near_only = brought || homes.len() > 1;
    let one = |(home, path): (&[u8], Vec<u8>)| {
        let sure = is_own && home == own && !brought;
        let certainty = if sure { Certainty::Certain } else { Certainty::Likely };
        Candidate { near_only: near_only && !sure, ..Candidate::new(path, certainty) }
    };
    candidates.sort_by_key(|(home, _)| *home != own);
    if candidates.is_empty() {
        Resolution::External("the migrations of a package")
    } else {
        Resolution::Missing(candidates.into_iter().map(one).collect())
    }
}

fn split(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(b'/', text)?;
    Some((&text[..at], &text[at + 1..]))
}

/// Whether a folder is that of an application with migrations.
fn migrates(site: &Site<'_>, id: EntryId) -> bool {
    let index = site.world.index;
    index.kind(id) == EntryKind::Directory && index.is_file(&path::join(index.path(id), b"migrations/__init__.py"))
}
