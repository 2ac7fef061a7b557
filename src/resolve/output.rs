//! The output namespace: what the list of a build says that it made.
//!
//! A name starts at the list's own folder, which is that above `.vite`; with a leading `/` it is a URL, whose start may
//! be any folder above or a document root, and whose first folders may be only the server's. It is missing for certain
//! where half of what is listed stands at the same start, likely where some of it does. Where nothing does, the list
//! lies apart from what was made, and nothing is told.

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::index::Lookup;
use crate::language::has_scheme;
use crate::path;
use crate::reference::{Reference, Want};

/// Looks up what a build made.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let Some(text) = reference.expr.as_literal() else { return Resolution::Dynamic("a part is filled in later") };
    if has_scheme(text) || text.starts_with(b"//") {
        return Resolution::External("another host");
    }
    let starts = starts(site);
    let mut beyond = false;
    for start in &starts {
        match at(site, start, text) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => beyond = true,
            Lookup::Missing => {}
        }
    }
    if beyond {
        return Resolution::Outside;
    }
    // Of starts that are as sure the nearest one.
    let told = starts.iter().rev().filter_map(|start| Some((start, sure(site, start)?)));
    let Some((start, certainty)) = told.max_by_key(|(_, certainty)| *certainty) else {
        return Resolution::Dynamic("what was made lies elsewhere");
    };
    match path::normalize(&path::join(start, relative(text))) {
        Some(place) => Resolution::Missing(vec![Candidate::new(place.into_owned(), certainty)]),
        None => Resolution::Outside,
    }
}

/// Where names may start: the folder of the list, those above it, document roots.
fn starts(site: &Site<'_>) -> Vec<Vec<u8>> {
    let here = site.directory();
    let here = if path::name(here) == b".vite" { path::parent(here) } else { here };
    let roots = site.project.document_roots.iter().map(|root| root.path.as_slice());
    let mut starts: Vec<Vec<u8>> = Vec::new();
    for start in path::ancestors(here).chain(roots) {
        if !starts.iter().any(|have| have == start) {
            starts.push(start.to_vec());
        }
    }
    starts
}

fn relative(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"/").unwrap_or(text)
}

/// What stands at a start by a name; of a URL also without its first folders.
fn at(site: &Site<'_>, start: &[u8], text: &[u8]) -> Lookup {
    let mut rest = relative(text);
    loop {
        let place = path::normalize(&path::join(start, rest)).map(std::borrow::Cow::into_owned);
        match place.map_or(Lookup::Missing, |place| site.world.find(&place, Want::File)) {
            Lookup::Missing => {}
            other => return other,
        }
        match memchr::memchr(b'/', rest).filter(|_| text.starts_with(b"/")) {
            Some(slash) => rest = &rest[slash + 1..],
            None => return Lookup::Missing,
        }
    }
}

/// How sure it is that what is listed starts there; `None` where nothing of it does.
fn sure(site: &Site<'_>, start: &[u8]) -> Option<Certainty> {
    let listed = site.project.listed.get(&site.file)?;
    let stands = |text: &&Vec<u8>| {
        let joined = path::join(start, relative(text));
        path::normalize(&joined).is_some_and(|place| matches!(site.world.find(&place, Want::File), Lookup::Found(_)))
    };
    match listed.iter().filter(stands).count() {
        0 => None,
        some if 2 * some >= listed.len() => Some(Certainty::Certain),
        _ => Some(Certainty::Likely),
    }
}
