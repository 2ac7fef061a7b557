//! The template namespace: names that a loader looks up in its roots.
//!
//! Names are relative to the roots, never to the template that holds them; empty and `.` segments are ignored, and
//! a name with `..` is refused by every loader. A root is certain where an application states it and holds the
//! file; by convention it is likely. A name whose first directory no root has may be a package's: only near
//! misses are told.

use super::roots::{is_of_application, nearest_first};
use super::{Candidate, Resolution, Site, any_of, codeigniter, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Value, evaluate};
use crate::framework::django::BROUGHT;
use crate::framework::{BRINGS_TEMPLATES, OWN_LOADER};
use crate::index::{EntryKind, Lookup};
use crate::path;
use crate::project::{Root, dependency_name};
use crate::reference::{Reference, Want};

/// Most roots that are named in a finding.
const MAX_ROOTS: usize = 8;

/// What a view's file is called behind its name (laravel.com "Views").
const VIEWS: [&str; 4] = [".blade.php", ".php", ".html", ".css"];
/// Languages of templates whose roots are known by convention alone.
const ENGINES: [&str; 2] = ["blade", "twig"];

/// Looks a template up in the roots.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    let values = evaluate(&reference.expr, &scope, 0);
    let own = OWN_LOADER.contains(&reference.construct);
    each_choice(&values, |value| one(site, value, own))
}

/// Looks a view up: its name with slashes for dots, and with each extension that the engine knows.
#[must_use]
pub fn view(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    let values = evaluate(&reference.expr, &scope, 0);
    let known = site.project.template_roots.iter().any(|root| path::name(&root.path) == b"views");
    each_choice(&values, |value| {
        let Some(name) = value.exact() else { return Resolution::Dynamic("a part is only known at run time") };
        if let Some(page) = codeigniter::page(site, name) {
            return page;
        }
        if !known {
            return Resolution::Dynamic("no folder of views is known");
        }
        if memchr::memmem::find(name, b"::").is_some() || name.contains(&b'\\') {
            return Resolution::External("views of a package");
        }
        if name.trim_ascii().is_empty() {
            return Resolution::Dynamic("no name of a view");
        }
        let path: Vec<u8> = name.iter().map(|&byte| if byte == b'.' { b'/' } else { byte }).collect();
        let with = |extension: &&str| Value::text(&[&path, extension.as_bytes()].concat());
        any_of(VIEWS.iter().map(with).map(|value| one(site, &value, false)))
    })
}

fn one(site: &Site<'_>, value: &Value, own: bool) -> Resolution {
    let Some(name) = value.exact() else { return Resolution::Dynamic("a part is only known at run time") };
    let twig = site.language == "twig" || name.ends_with(b".twig");
    if let Some(name) = name.strip_prefix(b"@").filter(|_| twig) {
        return of_bundle(site, name);
    }
    if let Some(name) = of_old(name).filter(|_| twig) {
        return of_bundle(site, &name);
    }
    let segments: Vec<&[u8]> = path::segments(name).filter(|segment| *segment != b".").collect();
    if segments.is_empty() || name.contains(&b'\n') {
        return Resolution::Dynamic("no name of a template");
    }
    if twig && segments.contains(&b"..".as_slice()) {
        return Resolution::Dynamic("a name that leaves its folder");
    }
    let relative = segments.join(&b'/');
    let roots = nearest_first(&site.project.template_roots, site.path());
    if let Some(hit) = hit(site, &roots, &relative) {
        return hit;
    }
    let django = site.project.uses("django");
    if django && site.language == "python" && segments.contains(&b"..".as_slice()) {
        return climbing(site, &roots, &relative);
    }
    if django && let Some(here) = beside(site, name) {
        return here;
    }
    if django
        && !site.project.template_roots_open
        && let Some(own) = own_namespace(site, &roots, &segments)
    {
        return Resolution::Missing(vec![Candidate::new(path::join(own, &relative), Certainty::Certain)]);
    }
    let named = name.iter().any(|byte| b":@".contains(byte));
    let strange = ENGINES.contains(&site.language) && !roots.iter().any(|root| path::is_below(site.path(), &root.path));
    let open = named || own || strange || site.project.template_roots_open || is_of_package(site, &roots, &segments);
    let candidates: Vec<Candidate> = relevant(site, &roots)
        .into_iter()
        .map(|root| {
            let certainty = if own { Certainty::Likely } else { root.certainty };
            Candidate { near_only: open, ..Candidate::new(path::join(&root.path, &relative), certainty) }
        })
        .collect();
    if candidates.is_empty() {
        Resolution::Dynamic("no root of templates is known")
    } else {
        Resolution::Missing(candidates)
    }
}

/// Django's loaders follow `..` as long as it ends in their folder (`django.utils._os.safe_join`).
fn climbing(site: &Site<'_>, roots: &[&Root], relative: &[u8]) -> Resolution {
    let found = roots.iter().find_map(|root| {
        let joined = path::join(&root.path, relative);
        let place = path::normalize(&joined).filter(|place| path::is_below(place, &root.path))?;
        match site.world.find(&place, Want::File) {
            Lookup::Found(id) => Some(id),
            _ => None,
        }
    });
    found.map_or(Resolution::Dynamic("a name that climbs"), Resolution::Found)
}

/// `./x` and `../x` in a template start where it lies (docs.djangoproject.com, "extends").
fn beside(site: &Site<'_>, name: &[u8]) -> Option<Resolution> {
    let dotted = name.starts_with(b"./") || name.starts_with(b"../");
    let joined = path::join(site.directory(), name);
    let place = path::normalize(&joined).filter(|_| dotted && site.language != "python")?;
    Some(match site.world.find(&place, Want::File) {
        Lookup::Found(id) => Resolution::Found(id),
        Lookup::Beyond => Resolution::Outside,
        Lookup::Missing => Resolution::Missing(vec![Candidate::new(place.into_owned(), Certainty::Certain)]),
    })
}

/// The root of the application after which the first directory of a name is called (`shop/templates/shop/…`): no other
/// brings what is missing there. One that may be a package's is left to it.
fn own_namespace<'r>(site: &Site<'_>, roots: &[&'r Root], segments: &[&[u8]]) -> Option<&'r [u8]> {
    let [first, _, ..] = segments else { return None };
    let owns = |root: &&&Root| path::name(path::parent(&root.path)) == *first && path::name(&root.path) == b"templates";
    let mut own = roots.iter().filter(owns);
    let root = own.next().filter(|_| own.next().is_none() && BROUGHT.iter().all(|name| name.as_bytes() != *first))?;
    site.world.index.is_directory(&path::join(&root.path, first)).then_some(&root.path)
}

/// In any root; beside the template itself or above it, and anywhere in the tree, unless a root is certain.
fn hit(site: &Site<'_>, roots: &[&Root], relative: &[u8]) -> Option<Resolution> {
    let index = site.world.index;
    let sure = relevant(site, roots).iter().any(|root| root.certainty == Certainty::Certain);
    let stated = roots.iter().map(|root| root.path.as_slice());
    let above = path::ancestors(site.directory()).filter(|_| !sure);
    for root in stated.chain(above) {
        match site.world.find(&path::join(root, relative), Want::File) {
            Lookup::Found(id) => return Some(Resolution::Found(id)),
            Lookup::Beyond => return Some(Resolution::Outside),
            Lookup::Missing => {}
        }
    }
    let elsewhere = || index.ending_in(relative).find(|&id| index.kind(id) == EntryKind::File);
    if sure { None } else { elsewhere().map(Resolution::Found) }
}

/// The roots that a finding may speak of: those of the application that holds the file, else all by convention. A
/// template is looked up by the loader that found it: its own root must be among them.
fn relevant<'r>(site: &Site<'_>, roots: &[&'r Root]) -> Vec<&'r Root> {
    let own = roots.iter().find(|root| path::is_below(site.path(), &root.path));
    let by_loader = own.is_none_or(|root| root.certainty == Certainty::Certain);
    let stated: Vec<&Root> = roots
        .iter()
        .copied()
        .filter(|root| root.certainty == Certainty::Certain && by_loader && is_of_application(site, &root.path))
        .collect();
    let mut relevant = if stated.is_empty() { own.map_or_else(|| roots.to_vec(), |own| vec![own]) } else { stated };
    relevant.truncate(MAX_ROOTS);
    relevant
}

/// Whether no root has the first directory of the name, or a package that the project depends on has it, too.
fn is_of_package(site: &Site<'_>, roots: &[&Root], segments: &[&[u8]]) -> bool {
    let [first, _, ..] = segments else { return false };
    let brought = |package: &str| site.project.dependencies.contains(&dependency_name(package.as_bytes()));
    if site.project.uses("django") && BROUGHT.iter().any(|name| name.as_bytes() == *first) {
        return true;
    }
    if BRINGS_TEMPLATES.iter().any(|(package, directory)| directory.as_bytes() == *first && brought(package)) {
        return true;
    }
    *first != b".." && !roots.iter().any(|root| site.world.index.is_directory(&path::join(&root.path, first)))
}

/// `ShopBundle:Cart:show.html.twig`, as it was written before `@Shop/Cart/show.html.twig`.
fn of_old(name: &[u8]) -> Option<Vec<u8>> {
    let parts: Vec<&[u8]> = name.split(|&byte| byte == b':').collect();
    let [bundle, folder, file] = parts.as_slice() else { return None };
    (!bundle.is_empty()).then(|| [*bundle, b"/", folder, b"/", file].concat())
}

/// `@Shop/x`: a template in a folder that is configured under this name, or of the bundle whose class is `ShopBundle`,
/// or one that the application puts in its place (symfony.com "How to Override any Part of a Bundle").
fn of_bundle(site: &Site<'_>, name: &[u8]) -> Resolution {
    let name = name.strip_prefix(b"!").unwrap_or(name);
    let Some(at) = memchr::memchr(b'/', name) else { return Resolution::Dynamic("no name of a template") };
    let (bundle, rest) = (&name[..at], &name[at + 1..]);
    let Some(rest) = path::normalize(rest) else { return Resolution::Outside };
    let stated = || site.project.template_namespaces.iter().filter(|(name, _)| name == bundle);
    let mut roots = bundle_roots(site, bundle);
    roots.extend(stated().filter_map(|(_, root)| root.clone()).filter(|root| site.world.index.is_directory(root)));
    if roots.is_empty() {
        return Resolution::External("templates of a package");
    }
    let near_only = stated().any(|(_, root)| root.as_ref().is_none_or(|root| !site.world.index.is_directory(root)));
    let class = [b"bundles/", bundle, b"Bundle"].concat();
    let overrides = [path::join(&class, &rest), path::join(class.strip_suffix(b"Bundle").unwrap_or(&class), &rest)];
    let over = |relative: &Vec<u8>| site.world.index.ending_in(relative).next();
    let mut places = roots.iter().map(|root| path::join(root, &rest));
    let found = places.find_map(|place| site.world.index.id(&place)).or_else(|| overrides.iter().find_map(over));
    match found {
        Some(id) => Resolution::Found(id),
        None => {
            // The bundle owns its names: nothing else brings them.
            let certainty = if roots.len() == 1 { Certainty::Certain } else { Certainty::Likely };
            let candidate =
                |root: &Vec<u8>| Candidate { near_only, ..Candidate::new(path::join(root, &rest), certainty) };
            Resolution::Missing(roots.iter().map(candidate).collect())
        }
    }
}

/// Folders of templates of the bundle: beside its class, or beside the `src` that holds it.
fn bundle_roots(site: &Site<'_>, bundle: &[u8]) -> Vec<Vec<u8>> {
    let index = site.world.index;
    let classes = [[bundle, b"Bundle.php"].concat(), [bundle, b".php"].concat()];
    let homes = classes.iter().flat_map(|class| index.named(class)).take(MAX_ROOTS).flat_map(|class| {
        let home = path::parent(index.path(class));
        let above = (path::name(home) == b"src").then(|| path::parent(home));
        std::iter::once(home).chain(above)
    });
    homes
        .flat_map(|home| ["Resources/views", "templates"].map(|folder| path::join(home, folder.as_bytes())))
        .filter(|folder| index.is_directory(folder))
        .collect()
}
