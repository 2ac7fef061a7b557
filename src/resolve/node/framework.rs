//! Names that a framework maps of itself: `@site` of Docusaurus (docusaurus.io "Webpack aliases"), `$lib` of SvelteKit
//! (svelte.dev "$lib"), `~`, `@`, `~~` and `@@` of Nuxt (nuxt.com "alias").
//!
//! Settings that move the folders are rows of the configuration and come first. Names whose modules a framework makes
//! (`$app/…`, `#imports`) are left to it.

use super::super::{Resolution, Site, any_of};
use super::place::module;
use crate::diagnostic::Certainty;
use crate::path;

/// A start of names that a framework maps.
struct Row {
    /// The package that brings the framework.
    package: &'static str,
    start: &'static str,
    /// Folders from the manifest.
    folders: &'static [&'static str],
    /// How sure it is that what is not there breaks the site: parts that nothing uses stay in sites of documentation,
    /// whose template brings them.
    certainty: Certainty,
    /// Others may add to the folders: near misses only.
    near_only: bool,
}

/// Nuxt 4 has its sources in `app`, Nuxt 3 beside the manifest.
const SOURCES: &[&str] = &["app", ""];
const ROWS: [Row; 6] = [
    Row { package: "@docusaurus/core", start: "@site", folders: &[""], certainty: Certainty::Likely, near_only: false },
    Row {
        package: "@sveltejs/kit",
        start: "$lib",
        folders: &["src/lib"],
        certainty: Certainty::Certain,
        near_only: false,
    },
    Row { package: "nuxt", start: "@@", folders: &[""], certainty: Certainty::Likely, near_only: true },
    Row { package: "nuxt", start: "~~", folders: &[""], certainty: Certainty::Likely, near_only: true },
    Row { package: "nuxt", start: "@", folders: SOURCES, certainty: Certainty::Likely, near_only: true },
    Row { package: "nuxt", start: "~", folders: SOURCES, certainty: Certainty::Likely, near_only: true },
];

/// Looks a name up in the folders of the package's framework; `None` where it has none for it.
pub(super) fn resolve(site: &Site<'_>, name: &[u8]) -> Option<Resolution> {
    let home = site.project.node.home(site.path())?;
    let mut rows = ROWS.iter().filter(|row| site.project.node.brings(home, row.package.as_bytes()));
    let (row, rest) = rows.find_map(|row| Some((row, rest(name, row.start)?)))?;
    let place = |folder: &&str| {
        let joined = path::join(&path::join(home, folder.as_bytes()), rest);
        Some(path::normalize(&joined)?.into_owned())
    };
    let places = row.folders.iter().filter_map(place);
    Some(match any_of(places.map(|place| module(site, &place, row.certainty))) {
        Resolution::Missing(mut candidates) if row.near_only => {
            candidates.iter_mut().for_each(|candidate| candidate.near_only = true);
            Resolution::Missing(candidates)
        }
        other => other,
    })
}

/// What stands behind the start of a name and a slash.
fn rest<'n>(name: &'n [u8], start: &str) -> Option<&'n [u8]> {
    let rest = name.strip_prefix(start.as_bytes())?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(b"/") }
}
