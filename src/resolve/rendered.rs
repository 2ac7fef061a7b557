//! The rendered namespace: what Express and its like render by a name (expressjs.com "res.render", "app.set").
//!
//! A name is looked up in the folder of views, with the extension of the engine where it has none, and as the index of
//! a folder. Which folder that is, and which engine, settings say; where they name one of each, they are certain. By
//! convention it is `views` beside the manifest or above the source. A view of that name anywhere in the tree is
//! silence.

use super::{Candidate, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Value, evaluate};
use crate::index::{EntryId, EntryKind, Lookup};
use crate::path;
use crate::reference::{Reference, Want};

/// Extensions of views.
const VIEWS: [&str; 14] = [
    "pug",
    "jade",
    "ejs",
    "hbs",
    "handlebars",
    "html",
    "njk",
    "nunjucks",
    "mustache",
    "twig",
    "eta",
    "liquid",
    "marko",
    "jsx",
];
/// Folders of a package in which its views may be.
const HOMES: [&str; 5] = ["", "app", "lib", "server", "src"];

/// Looks a view up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    each_choice(&evaluate(&reference.expr, &scope, 0), |value| one(site, value))
}

fn one(site: &Site<'_>, value: &Value) -> Resolution {
    let Some(name) = value.exact() else { return Resolution::Dynamic("a part is only known at run time") };
    let name = name.strip_prefix(b"/").unwrap_or(name);
    let Some(name) = path::normalize(name).filter(|name| !name.is_empty()) else { return Resolution::Outside };
    let roots = roots(site);
    let written = VIEWS.iter().any(|known| known.as_bytes() == path::extension(&name));
    let settled = settled(site).filter(|_| !written);
    let names = match settled {
        _ if written => vec![name.to_vec()],
        Some((_, engine)) => with_engine(&name, engine),
        None => forms(&name),
    };
    let in_roots = || roots.iter().flat_map(|root| names.iter().map(move |name| path::join(root, name)));
    for place in in_roots() {
        match site.world.find(&place, Want::File) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => return Resolution::Outside,
            Lookup::Missing => {}
        }
    }
    if let Some(id) = names.iter().find_map(|name| site.world.index.ending_in(name).next()) {
        return Resolution::Found(id);
    }
    if let Some((folder, _)) = settled {
        let one = |name: &Vec<u8>| Candidate::new(path::join(folder, name), Certainty::Certain);
        return Resolution::Missing(names.iter().take(1).map(one).collect());
    }
    let engine = |place: &Vec<u8>| written || roots.iter().any(|root| used(site, root, &path::extension(place)));
    let near_only = site.project.node.home(site.path()).is_some_and(|home| site.project.views.is_open(home));
    let candidate = |place| Candidate { near_only, ..Candidate::new(place, Certainty::Likely) };
    let candidates: Vec<Candidate> = in_roots().filter(engine).map(candidate).collect();
    if candidates.is_empty() {
        Resolution::Dynamic("no folder of views is known")
    } else {
        Resolution::Missing(candidates)
    }
}

/// The one folder and the one engine that the settings of the package name.
fn settled<'s>(site: &Site<'s>) -> Option<(&'s [u8], &'s [u8])> {
    let home = site.project.node.home(site.path())?;
    site.project.node.brings(home, b"express").then(|| site.project.views.settled(home)).flatten()
}

/// A name with one extension, then as the index of a folder.
fn with_engine(name: &[u8], engine: &[u8]) -> Vec<Vec<u8>> {
    vec![[name, b".", engine].concat(), [name, b"/index.", engine].concat()]
}

/// A name with each extension, then as the index of a folder.
fn forms(name: &[u8]) -> Vec<Vec<u8>> {
    let with = |name: &[u8], extension: &str| [name, b".", extension.as_bytes()].concat();
    let index = path::join(name, b"index");
    VIEWS.iter().map(|known| with(name, known)).chain(VIEWS.iter().map(|known| with(&index, known))).collect()
}

/// Folders of views, nearest first.
fn roots(site: &Site<'_>) -> Vec<Vec<u8>> {
    let home = site.project.node.home(site.path());
    let above = path::ancestors(site.directory()).map(<[u8]>::to_vec);
    let of_home = home.into_iter().flat_map(|home| HOMES.map(|below| path::join(home, below.as_bytes())));
    let stated = home.into_iter().flat_map(|home| site.project.views.folders(home));
    let mut roots: Vec<Vec<u8>> = stated.map(<[u8]>::to_vec).collect();
    for above in above.chain(of_home) {
        let folder = path::join(&above, b"views");
        if site.world.index.is_directory(&folder) && !roots.contains(&folder) {
            roots.push(folder);
        }
    }
    roots
}

/// Whether a folder of views holds files with an extension.
fn used(site: &Site<'_>, root: &[u8], extension: &[u8]) -> bool {
    let index = site.world.index;
    let Some(directory) = index.id(root) else { return false };
    let below = |id: EntryId| index.children(id).any(|child| path::extension(index.name(child)) == extension);
    below(directory) || index.children(directory).any(|child| index.kind(child) == EntryKind::Directory && below(child))
}
