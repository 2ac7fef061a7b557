//! The namespace of resources: names on the class path (maven.apache.org, "Introduction to the Standard Directory
//! Layout"; docs.gradle.org, "Java project layout").
//!
//! A module is the nearest folder that holds `src`. A package, another module and a build bring resources as well, so
//! that only near misses are told, and a name that stands anywhere in the tree is silence.

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::expr::PathExpr;
use crate::index::{EntryId, Lookup};
use crate::path;
use crate::reference::{Reference, Want};

/// Folders of a module whose content is put on the class path, those of its tests last.
const ROOTS: [&[u8]; 6] = [
    b"src/main/resources",
    b"src/main/java",
    b"src/main/kotlin",
    b"src/main/webapp/WEB-INF/classes",
    b"src/test/resources",
    b"src/test/java",
];
/// The same in modules of older builds.
const OLD_ROOTS: [&[u8]; 3] = [b"src", b"resources", b"conf"];
/// What builds write.
const WRITTEN: [&[u8]; 2] = [b"git.properties", b"build-info.properties"];

/// Looks a resource up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let Some(written) = written(&reference.expr) else { return Resolution::Dynamic("a part is filled in later") };
    let written = written.strip_suffix(b"/").unwrap_or(&written);
    let Some(name) = path::normalize(written).filter(|name| !name.is_empty()) else { return Resolution::Outside };
    if name.starts_with(b"META-INF/") || name.ends_with(b".class") || WRITTEN.contains(&path::name(&name)) {
        return Resolution::External("a build or a package");
    }
    let places: Vec<Vec<u8>> = roots(site).iter().map(|root| path::join(root, &name)).collect();
    for place in &places {
        match site.world.find(place, Want::Any) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => return Resolution::Outside,
            Lookup::Missing => {}
        }
    }
    if let Some(id) = site.world.index.ending_in(&name).next().or_else(|| bundle(site, &places)) {
        return Resolution::Found(id);
    }
    if places.is_empty() {
        return Resolution::Dynamic("no folder of resources is known");
    }
    let near = |path| Candidate { near_only: true, want: Want::Any, ..Candidate::new(path, Certainty::Likely) };
    Resolution::Missing(places.into_iter().map(near).collect())
}

/// A bundle of messages by its base name: `messages.properties`, `messages_de.properties` (docs.oracle.com,
/// `ResourceBundle.getBundle`).
fn bundle(site: &Site<'_>, places: &[Vec<u8>]) -> Option<EntryId> {
    let index = site.world.index;
    places.iter().filter(|place| path::extension(place).is_empty()).find_map(|place| {
        let directory = index.id(path::parent(place))?;
        index.children(directory).find(|&child| {
            let rest = index.name(child).strip_prefix(path::name(place));
            rest.is_some_and(|rest| rest == b".properties" || rest.starts_with(b"_") && rest.ends_with(b".properties"))
        })
    })
}

/// The text of an expression that is made of literals only.
pub(super) fn written(expr: &PathExpr<'_>) -> Option<Vec<u8>> {
    match expr {
        PathExpr::Concat(parts) => Some(parts.iter().map(PathExpr::as_literal).collect::<Option<Vec<_>>>()?.concat()),
        one => one.as_literal().map(<[u8]>::to_vec),
    }
}

/// The folders of the module that holds a file; those of tests for tests only.
fn roots(site: &Site<'_>) -> Vec<Vec<u8>> {
    let index = site.world.index;
    let below = |module: &[u8], folder: &[u8]| path::join(module, folder);
    let holds = |module: &&[u8]| index.is_directory(&below(module, b"src"));
    let Some(module) = path::ancestors(site.directory()).find(holds) else { return Vec::new() };
    let is_test = path::is_below(site.path(), &below(module, b"src/test"));
    let standard = index.is_directory(&below(module, b"src/main"));
    let rows: &[&[u8]] = if standard || is_test { &ROOTS } else { &OLD_ROOTS };
    let serves = |row: &&&[u8]| is_test || !row.starts_with(b"src/test");
    let all = rows.iter().filter(serves).map(|row| below(module, row));
    all.filter(|root| index.is_directory(root)).collect()
}
