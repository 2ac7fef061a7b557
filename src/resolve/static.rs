//! The static namespace: files below the static folder of an application.
//!
//! Folders that sources state and that exist are certain for what lies in their application; else the nearest
//! folder named `static` is likely. A file in any of them is silence: which blueprint serves it is not told apart,
//! and a blueprint that is named may be a package's, so that only near misses are told.

use super::roots::{is_of_application, nearest_first};
use super::{Candidate, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Value, evaluate};
use crate::framework::OF_BLUEPRINT;
use crate::framework::django::BROUGHT;
use crate::index::Lookup;
use crate::path;
use crate::project::Root;
use crate::reference::{Reference, Want};

/// Folders of static files above a page, by the construct that names one: which of them there are, and what a build
/// puts there, is not told (docs.spring.io, "Static Content"; hexdocs.pm, `Plug.Static`; learn.microsoft.com, "Static
/// files in ASP.NET Core").
const SERVED: [(&str, Folders); 6] = [
    ("static_path", PHOENIX),
    ("static_url", PHOENIX),
    ("th:href", SPRING),
    ("th:src", SPRING),
    ("~/", &[b"wwwroot"]),
    ("~p", PHOENIX),
];
/// Names of folders.
type Folders = &'static [&'static [u8]];
const PHOENIX: Folders = &[b"priv/static", b"assets/static"];
const SPRING: Folders = &[b"static", b"public", b"resources", b"META-INF/resources", b"webapp"];

/// The folder of static files by convention.
const CONVENTION: Folders = &[b"static"];

/// Most folders that are named in a finding.
const MAX_ROOTS: usize = 8;

/// Looks a static file up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    let values = evaluate(&reference.expr, &scope, 0);
    let served = SERVED.iter().find(|row| row.0 == reference.construct).map(|row| row.1);
    let near_only = reference.construct == OF_BLUEPRINT || served.is_some();
    each_choice(&values, |value| one(site, value, served, near_only))
}

fn one(site: &Site<'_>, value: &Value, served: Option<Folders>, near_only: bool) -> Resolution {
    let Some(name) = value.exact() else { return Resolution::Dynamic("a part is only known at run time") };
    let name = name.strip_prefix(b"/").unwrap_or(name);
    let Some(relative) = path::normalize(name).filter(|name| !name.is_empty()) else { return Resolution::Outside };
    if site.project.uses("django") && served.is_none() {
        return of_django(site, &relative);
    }
    let roots = roots(site, served.unwrap_or(CONVENTION));
    let mut beyond = false;
    for root in &roots {
        match site.world.find(&path::join(&root.path, &relative), Want::Any) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => beyond = true,
            Lookup::Missing => {}
        }
    }
    let elsewhere = || site.world.index.ending_in(&relative).next();
    if served.is_some()
        && let Some(id) = elsewhere()
    {
        return Resolution::Found(id);
    }
    if beyond {
        return Resolution::Outside;
    }
    let candidates: Vec<Candidate> = relevant(site, &roots, if served.is_some() { MAX_ROOTS } else { 1 })
        .map(|root| Candidate { near_only, ..Candidate::new(path::join(&root.path, &relative), root.certainty) })
        .take(MAX_ROOTS)
        .collect();
    if candidates.is_empty() {
        Resolution::Dynamic("no static folder is known")
    } else {
        Resolution::Missing(candidates)
    }
}

/// In any folder of an application or of the settings. Finders may know others: what stands anywhere is silence, and of
/// a name whose first directory is in no folder, or is mostly a package's, only near misses are told
/// (docs.djangoproject.com, "The staticfiles app").
fn of_django(site: &Site<'_>, relative: &[u8]) -> Resolution {
    let index = site.world.index;
    let folders: Vec<Root> = site
        .project
        .static_folders
        .iter()
        .map(|path| Root { path: path.clone(), certainty: Certainty::Likely })
        .collect();
    let folders = nearest_first(&folders, site.path());
    for folder in &folders {
        match site.world.find(&path::join(&folder.path, relative), Want::Any) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => return Resolution::Outside,
            Lookup::Missing => {}
        }
    }
    if let Some(id) = index.ending_in(relative).next() {
        return Resolution::Found(id);
    }
    let first = path::segments(relative).next().unwrap_or_default();
    let nested = first.len() < relative.len();
    let holds = |folder: &&&Root| !nested || index.is_directory(&path::join(&folder.path, first));
    let brought = BROUGHT.iter().any(|name| name.as_bytes() == first);
    let near_only = brought || !folders.iter().any(|folder| holds(&folder));
    let candidate = |folder: &&Root| Candidate {
        near_only,
        ..Candidate::new(path::join(&folder.path, relative), Certainty::Likely)
    };
    let holding: Vec<Candidate> = folders.iter().filter(holds).map(candidate).take(MAX_ROOTS).collect();
    let all = || folders.iter().map(candidate).take(MAX_ROOTS).collect();
    let candidates: Vec<Candidate> = if holding.is_empty() { all() } else { holding };
    if candidates.is_empty() {
        Resolution::Dynamic("no static folder is known")
    } else {
        Resolution::Missing(candidates)
    }
}

/// Stated folders that exist, nearest first, then those by convention.
fn roots(site: &Site<'_>, names: Folders) -> Vec<Root> {
    let index = site.world.index;
    let stated: Vec<Root> = site.project.static_roots.iter().map(|(root, _)| root.clone()).collect();
    let stated = nearest_first(&stated, site.path());
    let mut roots: Vec<Root> = stated
        .into_iter()
        .filter(|root| index.is_directory(&root.path))
        .map(|root| Root { path: root.path.clone(), certainty: Certainty::Certain })
        .collect();
    for (above, name) in path::ancestors(site.directory()).flat_map(|above| names.iter().map(move |name| (above, name)))
    {
        let path = path::join(above, name);
        if index.is_directory(&path) && !roots.iter().any(|root| root.path == path) {
            roots.push(Root { path, certainty: Certainty::Likely });
        }
    }
    roots
}

/// The folders of the application that holds the file, else the nearest by convention.
fn relevant<'r>(site: &Site<'_>, roots: &'r [Root], most: usize) -> impl Iterator<Item = &'r Root> {
    let stated: Vec<&Root> = roots
        .iter()
        .filter(|root| root.certainty == Certainty::Certain && is_of_application(site, &root.path))
        .collect();
    let most = if stated.is_empty() { most } else { 0 };
    let likely = roots.iter().filter(|root| root.certainty == Certainty::Likely).take(most);
    stated.into_iter().chain(likely)
}
