//! Documents that menus of Docusaurus name by their ids, letter by letter: it stops the build where one is not there
//! ("These sidebar document ids do not exist").
//!
//! The configuration must say for which folder the menus are. Plugins and scripts make documents, too: where one may,
//! where git ignores the place, and in a folder of which the tree has no document, only a near miss is told.

use super::defined::owned;
use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::path;
use crate::project::Folder;
use crate::reference::Reference;

/// Looks a document up by its id.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let Some(written) = reference.expr.as_literal() else { return Resolution::Dynamic("a part is filled in later") };
    let Some(folder) = site.project.sidebars.folder(site.path()) else {
        return Resolution::Dynamic("no configuration says which documents these menus are for");
    };
    let id = of_version(folder, written);
    if let Some(&document) = folder.ids.get(id) {
        return Resolution::Found(document);
    }
    let near_only = folder.open || !holds_more(folder, id) || is_made(site, reference, folder, id);
    let certainty = if near_only { Certainty::Likely } else { Certainty::Certain };
    let names = owned(id, folder.ids.keys().map(Vec::as_slice).filter(|other| is_beside(id, other)));
    Resolution::Missing(vec![Candidate { near_only, names: Some(names), ..Candidate::new(id.to_vec(), certainty) }])
}

/// Early versions wrote the name of the version before each id.
fn of_version<'w>(folder: &Folder, written: &'w [u8]) -> &'w [u8] {
    let version = path::name(&folder.path);
    let rest = written.strip_prefix(version).and_then(|rest| rest.strip_prefix(b"/"));
    rest.filter(|_| version.starts_with(b"version-")).unwrap_or(written)
}

/// Whether the tree has another document in the folder of an id.
fn holds_more(folder: &Folder, id: &[u8]) -> bool {
    folder.ids.keys().any(|other| path::parent(other) == path::parent(id))
}

/// Whether something makes the document.
fn is_made(site: &Site<'_>, reference: &Reference<'_>, folder: &Folder, id: &[u8]) -> bool {
    let place = path::join(&folder.path, id);
    let made = |extension: &[u8]| {
        let place = [&place, extension].concat();
        site.project.exempt(site.world.index, (site.path(), reference.namespace), &place).is_some()
    };
    made(b".md") || made(b".mdx")
}

/// Whether two ids have the folder or the name in common, whatever the case.
fn is_beside(id: &[u8], other: &[u8]) -> bool {
    path::parent(id).eq_ignore_ascii_case(path::parent(other)) || path::name(id) == path::name(other)
}
