//! Ansible's search paths (docs.ansible.com, "Search paths in Ansible"; `ansible/parsing/dataloader.py`,
//! `path_dwim_relative_stack`).
//!
//! What a task names is looked for in the role that holds it, beside the task file, and beside the playbook that ran
//! it, each time in the folder of its kind first. Which playbook runs a file is not known: every directory above it
//! may hold one, and a role that includes another's tasks is searched as well, so that a file of that name in any
//! folder of its kind is silence.

use super::{Candidate, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Value, evaluate};
use crate::index::Lookup;
use crate::path;
use crate::project::dependency_name;
use crate::reference::{Ansible, Reference, Want};

/// Folders of a role, by which the role of a file is known.
const FOLDERS: [&[u8]; 5] = [b"tasks", b"handlers", b"vars", b"defaults", b"meta"];
/// Most places that are named in a finding.
const MAX_PLACES: usize = 8;

/// Looks up what a task names.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Ansible, play: bool) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    let values = evaluate(&reference.expr, &scope, 0);
    each_choice(&values, |value| one(site, value, kind, play))
}

fn one(site: &Site<'_>, value: &Value, kind: Ansible, play: bool) -> Resolution {
    let Some(text) = value.exact() else { return Resolution::Dynamic("a part is only known at run time") };
    if text.trim_ascii().is_empty() || text.contains(&b'\n') {
        return Resolution::Dynamic("no path");
    }
    if text.starts_with(b"/") || text.starts_with(b"~") || memchr::memmem::find(text, b"://").is_some() {
        return Resolution::External("a path of the controller, or another host");
    }
    match kind {
        Ansible::Role => role(site, text),
        Ansible::File => file(site, text, b"files", Want::Any, play),
        Ansible::Template => file(site, text, b"templates", Want::File, play),
        Ansible::Vars => file(site, text, b"vars", Want::Any, play),
        Ansible::Tasks => file(site, text, b"tasks", Want::File, play),
    }
}

/// `role/folder/x`, `role/x`, and the same beside the task file and in every directory above.
fn file(site: &Site<'_>, text: &[u8], folder: &[u8], want: Want, play: bool) -> Resolution {
    let here = site.directory();
    let role = own_role(here);
    let places = places(role.into_iter().chain(path::ancestors(here)), text, folder);
    for place in &places {
        match site.world.find(place, want) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => return Resolution::Outside,
            Lookup::Missing => {}
        }
    }
    // The tasks of a play itself are of no role.
    if !play && let Some(id) = of_another_role(site, text, folder, want) {
        return Resolution::Found(id);
    }
    // The playbook that includes a file of tasks may lie elsewhere.
    let certainty = if play || role.is_some() { Certainty::Certain } else { Certainty::Likely };
    let candidate = |place| Candidate { want, ..Candidate::new(place, certainty) };
    Resolution::Missing(likely(site, places, text, folder).into_iter().map(candidate).collect())
}

fn places<'p>(bases: impl Iterator<Item = &'p [u8]>, text: &[u8], folder: &[u8]) -> Vec<Vec<u8>> {
    let mut places: Vec<Vec<u8>> = Vec::new();
    for base in bases {
        let mut fronts = [path::join(base, folder), base.to_vec()];
        // A path with folders of its own is rarely meant to begin in that of its kind.
        if text.contains(&b'/') {
            fronts.reverse();
        }
        for front in fronts {
            let place = path::join(&front, text);
            let Some(place) = path::normalize(&place) else { continue };
            if !places.iter().any(|have| have == place.as_ref()) {
                places.push(place.into_owned());
            }
        }
    }
    places
}

/// The places of which a finding may speak, those first whose directory is there. Beside tasks lie tasks only.
fn likely(site: &Site<'_>, mut places: Vec<Vec<u8>>, text: &[u8], folder: &[u8]) -> Vec<Vec<u8>> {
    let index = site.world.index;
    places.retain(|place| {
        let above = path::name(path::parent(place));
        folder == b"tasks" || folder == above || text.contains(&b'/') || !FOLDERS.contains(&above)
    });
    places.sort_by_key(|place| !index.is_directory(path::parent(place)));
    places.truncate(MAX_PLACES);
    places
}

/// Roles that include one another's tasks are searched one after the other.
fn of_another_role(site: &Site<'_>, text: &[u8], folder: &[u8], want: Want) -> Option<crate::index::EntryId> {
    let index = site.world.index;
    let suffix = path::normalize(&path::join(folder, text))?.into_owned();
    index.ending_in(&suffix).find(|&id| site.world.fits(id, want))
}

/// The directory of the role that holds a file of this directory.
fn own_role(directory: &[u8]) -> Option<&[u8]> {
    let below = path::ancestors(directory).find(|above| FOLDERS.contains(&path::name(above)))?;
    let role = path::parent(below);
    (path::name(path::parent(role)) == b"roles").then_some(role)
}

/// A role, in `roles` of every directory above, beside the role that holds the file, and where `ansible.cfg` says.
fn role(site: &Site<'_>, name: &[u8]) -> Resolution {
    let index = site.world.index;
    if site.project.dependencies.contains(&dependency_name(name)) {
        return Resolution::External("a role that is installed");
    }
    let here = site.directory();
    let own = own_role(here).map(path::parent);
    let mut roots: Vec<Vec<u8>> = path::ancestors(here).map(|above| path::join(above, b"roles")).collect();
    roots.extend(own.map(<[u8]>::to_vec));
    roots.extend(site.project.roles_paths.iter().cloned());
    roots.extend(path::ancestors(here).map(<[u8]>::to_vec));
    let place = |root: &Vec<u8>| path::normalize(&path::join(root, name)).map(std::borrow::Cow::into_owned);
    let found = roots.iter().filter_map(place).find_map(|place| index.id(&place));
    if let Some(id) = found.or_else(|| index.ending_in(&path::join(b"roles", name)).next()) {
        return Resolution::Found(id);
    }
    let installed = [&b"requirements.yml"[..], b"requirements.yaml", b"galaxy.yml"];
    let near_only = installed.iter().any(|list| index.named(list).next().is_some());
    let known = roots.iter().filter(|root| path::name(root) == b"roles" || site.project.roles_paths.contains(root));
    let candidates: Vec<Candidate> = known
        .filter(|root| index.is_directory(root))
        .filter_map(place)
        .take(MAX_PLACES)
        .map(|place| Candidate { want: Want::Directory, near_only, ..Candidate::new(place, Certainty::Likely) })
        .collect();
    if candidates.is_empty() { Resolution::External("no directory of roles") } else { Resolution::Missing(candidates) }
}
