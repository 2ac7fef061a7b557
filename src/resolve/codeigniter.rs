//! What an application of CodeIgniter loads by name (`CI_Loader` of version 3, `CodeIgniter\View\View` of version 4).
//!
//! The framework is proven by its `system` in the tree, or by the manifest of Composer. What stands in a folder of
//! that kind anywhere is silence, for packages and modules have folders of their own; and only where the application
//! has no loader of its own is a name plainly missing.

use super::{Candidate, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::evaluate;
use crate::index::Lookup;
use crate::path;
use crate::reference::{Loaded, Reference, Want};

/// Of the framework, in the folder `system`.
const SYSTEM: &[u8] = b"system/core/CodeIgniter.php";
/// Of it since version 3.
const SINCE_3: &[u8] = b"system/core/Log.php";
/// The package that has version 3.
const PACKAGE: &str = "codeigniter/framework";
/// Marks the directory of an application of version 4.
const SPARK: &[u8] = b"spark";

/// Looks up what is loaded by name.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Loaded) -> Resolution {
    let holds = |above: &&[u8]| {
        let folder = |name: &[u8]| site.world.index.is_directory(&path::join(above, name));
        folder(b"controllers") && folder(b"views") && folder(b"config")
    };
    let Some(home) = path::ancestors(site.directory()).find(holds) else {
        return Resolution::Dynamic("no application of CodeIgniter is known");
    };
    let system =
        site.world.index.ending_in(SYSTEM).next().map(|id| path::parent(path::parent(site.world.index.path(id))));
    if system.is_none() && !site.project.uses(PACKAGE) {
        return Resolution::Dynamic("no application of CodeIgniter is known");
    }
    let scope = site.project.scope(site.world.index, site.language, site.file);
    each_choice(&evaluate(&reference.expr, &scope, 0), |value| match value.exact() {
        Some(name) => one(site, (home, system), name, kind),
        None => Resolution::Dynamic("a part is only known at run time"),
    })
}

fn one(site: &Site<'_>, (home, system): (&[u8], Option<&[u8]>), name: &[u8], kind: Loaded) -> Resolution {
    let old = system.is_some() && site.world.index.ending_in(SINCE_3).next().is_none();
    let names = files(name, kind, old);
    let below = |folder: &[u8]| names.iter().map(|name| path::join(folder, name)).collect::<Vec<_>>();
    if names.iter().any(|name| path::normalize(name).is_none_or(|normal| normal != name.as_slice())) {
        return Resolution::Dynamic("a name that leaves its folder");
    }
    if let Some(id) = names.iter().find_map(|name| site.world.index.ending_in(name).next()) {
        return Resolution::Found(id);
    }
    // What the framework brings is known where it is in the tree.
    let brought = system.is_none() && matches!(kind, Loaded::Helper | Loaded::Library);
    let near_only = brought || has_loader(site, home);
    answer(site, below(home), near_only)
}

/// Every place missed, as it is likely: settings may name others.
fn answer(site: &Site<'_>, places: Vec<Vec<u8>>, near_only: bool) -> Resolution {
    for place in &places {
        match site.world.find(place, Want::File) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => return Resolution::Outside,
            Lookup::Missing => {}
        }
    }
    let candidate = |place| Candidate { near_only, ..Candidate::new(place, Certainty::Likely) };
    Resolution::Missing(places.into_iter().map(candidate).collect())
}

/// Whether the application puts a loader of its own in the place of the framework's (`core/MY_Loader.php`).
fn has_loader(site: &Site<'_>, home: &[u8]) -> bool {
    let index = site.world.index;
    let core = index.id(&path::join(home, b"core"));
    core.is_some_and(|core| index.children(core).any(|child| index.name(child).ends_with(b"_Loader.php")))
}

/// The files that a name may stand for, from the folder of the application.
fn files(name: &[u8], kind: Loaded, old: bool) -> Vec<Vec<u8>> {
    let name = name.strip_prefix(b"/").unwrap_or(name);
    let (folder, last) = name.split_at(memchr::memrchr(b'/', name).map_or(0, |at| at + 1));
    let lower = || last.to_ascii_lowercase();
    let at = |kind: &str, last: &[u8]| [kind.as_bytes(), b"/", folder, last, b".php"].concat();
    match kind {
        Loaded::View if path::split_extension(last).1.is_some() => vec![[b"views/", name].concat()],
        Loaded::View => vec![at("views", last)],
        Loaded::Model if old => vec![at("models", &lower())],
        Loaded::Model => vec![at("models", &capital(last))],
        Loaded::Helper => {
            let plain = lower();
            let plain = plain.strip_suffix(b".php").unwrap_or(&plain);
            let plain = plain.strip_suffix(b"_helper").unwrap_or(plain);
            vec![at("helpers", &[plain, b"_helper"].concat())]
        }
        Loaded::Library => {
            let plain = last.strip_suffix(b".php").unwrap_or(last);
            let class = capital(plain);
            let nested = [&class[..], b"/", &class].concat();
            let mut names = vec![at("libraries", &class), at("libraries", &nested)];
            names.extend(old.then(|| at("libraries", &plain.to_ascii_lowercase())));
            names
        }
    }
}

fn capital(name: &[u8]) -> Vec<u8> {
    let mut name = name.to_vec();
    name.iter_mut().take(1).for_each(|first| first.make_ascii_uppercase());
    name
}

/// A view of version 4, whose name has no dots for slashes; `None` where the file is of no such application.
#[must_use]
pub fn page(site: &Site<'_>, name: &[u8]) -> Option<Resolution> {
    let views = |home: &[u8]| path::join(home, b"app/Views");
    let is = |home: &&[u8]| {
        site.world.index.is_file(&path::join(home, SPARK)) && site.world.index.is_directory(&views(home))
    };
    let home = path::ancestors(site.directory()).find(is)?;
    if name.contains(&b'\\') {
        return Some(Resolution::External("views of a namespace"));
    }
    let written = path::split_extension(path::name(name)).1.is_some();
    let name = if written { name.to_vec() } else { [name, b".php"].concat() };
    let tail = path::join(b"Views", &name);
    if let Some(id) = site.world.index.ending_in(&tail).next() {
        return Some(Resolution::Found(id));
    }
    let place = path::normalize(&path::join(&views(home), &name))?.into_owned();
    Some(answer(site, vec![place], false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        for (name, kind, old, want) in [
            ("a/b", Loaded::View, false, "views/a/b.php"),
            ("a/b.tpl", Loaded::View, false, "views/a/b.tpl"),
            ("shop/user_model", Loaded::Model, false, "models/shop/User_model.php"),
            ("User_model", Loaded::Model, true, "models/user_model.php"),
            ("My_Helper", Loaded::Helper, false, "helpers/my_helper.php"),
            ("cart", Loaded::Library, false, "libraries/Cart.php"),
        ] {
            assert_eq!(files(name.as_bytes(), kind, old)[0], want.as_bytes(), "{name}");
        }
    }
}
