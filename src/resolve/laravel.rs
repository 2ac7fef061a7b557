//! What an application of Laravel names: components of Blade and Livewire, pages of Inertia, files of Mix.
//!
//! A component of Blade is what is registered by its name, a class, or a view in `components`; where there is none of
//! them the page dies (`Illuminate\View\Compilers\ComponentTagCompiler::componentClass`). Packages register what they
//! like under any name that they like: a name is plainly missing only below a folder that the application has.

use super::{Candidate, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Value, evaluate};
use crate::index::{EntryId, Lookup};
use crate::path;
use crate::reference::{Laravel, Reference, Want};

/// Marks the directory of an application.
const MARKER: &[u8] = b"artisan";
/// Where Livewire has its classes, since version 3 and before.
const LIVEWIRE: [&str; 2] = ["app/Livewire", "app/Http/Livewire"];
/// Where Inertia's pages are by convention.
const PAGES: [&str; 2] = ["resources/js/Pages", "resources/js/pages"];
/// What a page of Inertia's is written in.
const PAGE: [&str; 6] = ["vue", "tsx", "jsx", "svelte", "ts", "js"];

/// Looks up what an application of Laravel names.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Laravel) -> Resolution {
    let above = |above: &&[u8]| site.world.index.is_file(&path::join(above, MARKER));
    let Some(home) = path::ancestors(site.directory()).find(above) else {
        return Resolution::Dynamic("no application of Laravel is known");
    };
    let scope = site.project.scope(site.world.index, site.language, site.file);
    each_choice(&evaluate(&reference.expr, &scope, 0), |value| one(site, home, value, kind))
}

fn one(site: &Site<'_>, home: &[u8], value: &Value, kind: Laravel) -> Resolution {
    let Some(name) = value.exact() else { return Resolution::Dynamic("a part is only known at run time") };
    if kind == Laravel::Built {
        return built(site, home, name);
    }
    if memchr::memmem::find(name, b"::").is_some() {
        return Resolution::External("of a package, or of a folder that is registered");
    }
    let separator = if kind == Laravel::Page { b'/' } else { b'.' };
    let segments: Vec<&[u8]> = name.split(|&byte| byte == separator).collect();
    if segments.iter().any(|segment| segment.is_empty() || *segment == b"..") {
        return Resolution::Dynamic("no name");
    }
    match kind {
        Laravel::Component => component(site, home, name, &segments),
        Laravel::Livewire => livewire(site, home, name, &segments),
        _ => page(site, home, &segments),
    }
}

/// What Mix builds: only where its list of files ships does what is built ship.
fn built(site: &Site<'_>, home: &[u8], name: &[u8]) -> Resolution {
    let public = path::join(home, b"public");
    if !site.world.index.is_file(&path::join(&public, b"mix-manifest.json")) {
        return Resolution::Dynamic("a build makes it");
    }
    let place = path::join(&public, name.strip_prefix(b"/").unwrap_or(name));
    answer(site, vec![place], Certainty::Likely, false)
}

fn component(site: &Site<'_>, home: &[u8], name: &[u8], segments: &[&[u8]]) -> Resolution {
    let components = &site.project.components;
    if components.is_registered(name) {
        return Resolution::Defined;
    }
    let views: Vec<Vec<u8>> = in_views("components/", segments).collect();
    if let Some(id) = anywhere(site, &views) {
        return Resolution::Found(id);
    }
    let views_of = path::join(home, b"resources/views");
    let class = path::join(home, b"app/View/Components");
    let owned = segments.len() > 1
        && [path::join(&views_of, b"components"), class.clone()].iter().any(|folder| owns(site, folder, segments));
    let classes = classes(site, home, b"View/Components", segments);
    let places = views.iter().map(|view| path::join(&views_of, view)).chain(classes).collect();
    let certainty = if components.open { Certainty::Open } else { Certainty::Likely };
    answer(site, places, certainty, components.open || !owned)
}

fn livewire(site: &Site<'_>, home: &[u8], name: &[u8], segments: &[&[u8]]) -> Resolution {
    let components = &site.project.components;
    if components.is_registered(name) {
        return Resolution::Defined;
    }
    // Volt, and Livewire itself since version 4, have components in one file.
    let views = ["livewire/", "components/", "pages/", ""].into_iter().flat_map(|folder| in_views(folder, segments));
    if let Some(id) = anywhere(site, &views.collect::<Vec<_>>()) {
        return Resolution::Found(id);
    }
    let folders = LIVEWIRE.map(|folder| path::join(home, folder.as_bytes()));
    let folders: Vec<_> = folders.into_iter().filter(|folder| site.world.index.is_directory(folder)).collect();
    let owned = segments.len() > 1 && folders.iter().any(|folder| owns(site, folder, segments));
    let places = folders.iter().flat_map(|folder| classes_in(folder, segments)).collect();
    let certainty = if components.open { Certainty::Open } else { Certainty::Likely };
    let volt = site.project.uses("livewire/volt");
    answer(site, places, certainty, components.open || volt || !owned)
}

fn page(site: &Site<'_>, home: &[u8], segments: &[&[u8]]) -> Resolution {
    let name = segments.join(&b'/');
    let names: Vec<Vec<u8>> = PAGE.iter().map(|extension| [&name[..], b".", extension.as_bytes()].concat()).collect();
    if let Some(id) = anywhere(site, &names) {
        return Resolution::Found(id);
    }
    let folders = PAGES.map(|folder| path::join(home, folder.as_bytes()));
    let folders: Vec<_> = folders.into_iter().filter(|folder| site.world.index.is_directory(folder)).collect();
    let owned = folders.iter().any(|folder| segments.len() == 1 || owns_written(site, folder, segments[0]));
    let places = folders.iter().flat_map(|folder| names.iter().map(move |name| path::join(folder, name))).collect();
    answer(site, places, Certainty::Likely, !owned)
}

/// The first place that is there, or all of them.
fn answer(site: &Site<'_>, places: Vec<Vec<u8>>, certainty: Certainty, near_only: bool) -> Resolution {
    for place in &places {
        match site.world.find(place, Want::File) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => return Resolution::Outside,
            Lookup::Missing => {}
        }
    }
    if places.is_empty() {
        return Resolution::Dynamic("no folder of them is known");
    }
    let candidate = |place| Candidate { near_only, ..Candidate::new(place, certainty) };
    Resolution::Missing(places.into_iter().map(candidate).collect())
}

/// A file whose path ends so, wherever it lies: a folder of its own may be registered.
fn anywhere(site: &Site<'_>, tails: &[Vec<u8>]) -> Option<EntryId> {
    tails.iter().find_map(|tail| site.world.index.ending_in(tail).next())
}

/// A view by its name, as the index of a folder, and under the folder's own name.
fn in_views(folder: &str, segments: &[&[u8]]) -> impl Iterator<Item = Vec<u8>> {
    let base = [folder.as_bytes(), &segments.join(&b'/')].concat();
    let last = segments.last().copied().unwrap_or_default();
    let forms = [base.clone(), path::join(&base, b"index"), path::join(&base, last)];
    forms.into_iter().map(|form| [&form[..], b".blade.php"].concat())
}

/// Where a class is below the folders of the application's own namespace.
fn classes(site: &Site<'_>, home: &[u8], below: &[u8], segments: &[&[u8]]) -> Vec<Vec<u8>> {
    let app = path::join(home, b"app");
    let rows = site.project.autoload.iter().map(|(_, directory, _)| directory.strip_suffix(b"/").unwrap_or(directory));
    let other = rows.filter(|directory| path::is_below(directory, home)).map(<[u8]>::to_vec);
    let mut folders: Vec<Vec<u8>> = std::iter::once(app).chain(other).collect();
    folders.dedup();
    folders.iter().flat_map(|folder| classes_in(&path::join(folder, below), segments)).collect()
}

/// A class by its name, under its own name in a folder, and as the index of one.
fn classes_in(folder: &[u8], segments: &[&[u8]]) -> Vec<Vec<u8>> {
    let names: Vec<Vec<u8>> = segments.iter().map(|segment| studly(segment)).collect();
    let base = path::join(folder, &names.join(&b'/'));
    let last = names.last().cloned().unwrap_or_default();
    let forms = [base.clone(), path::join(&base, &last), path::join(&base, b"Index")];
    forms.into_iter().map(|form| [&form[..], b".php"].concat()).collect()
}

/// `user-table` is `UserTable` (`Illuminate\Support\Str::studly`).
fn studly(name: &[u8]) -> Vec<u8> {
    let words = name.split(|byte| b"-_ ".contains(byte));
    words
        .flat_map(|word| {
            word.iter().enumerate().map(|(at, &byte)| if at == 0 { byte.to_ascii_uppercase() } else { byte })
        })
        .collect()
}

/// Whether a folder has one for the first segment of a name, as a view's or as a class's.
fn owns(site: &Site<'_>, folder: &[u8], segments: &[&[u8]]) -> bool {
    segments
        .first()
        .is_some_and(|first| owns_written(site, folder, first) || owns_written(site, folder, &studly(first)))
}

fn owns_written(site: &Site<'_>, folder: &[u8], name: &[u8]) -> bool {
    site.world.index.is_directory(&path::join(folder, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_classes() {
        for (name, want) in [("user-table", "UserTable"), ("userTable", "UserTable"), ("a_b-c", "ABC"), ("", "")] {
            assert_eq!(studly(name.as_bytes()), want.as_bytes());
        }
    }
}
