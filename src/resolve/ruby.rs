//! The Ruby namespace: what `require_relative` and `require` load (ruby-doc.org, `Kernel#require`).
//!
//! `.rb` is put behind a name that has no extension of a library. A name on the load path is mostly a package's:
//! only what starts like a library of this tree is looked for in it, and missing only where the folder that would hold
//! it is this tree's as well.

use super::{Candidate, Resolution, Site, each_choice, path as paths};
use crate::diagnostic::Certainty;
use crate::expr::{Anchor, Value, evaluate};
use crate::index::Lookup;
use crate::path;
use crate::reference::{Reference, Ruby, Want};

/// Extensions of what can be loaded.
const LIBRARIES: [&[u8]; 6] = [b".rb", b".so", b".bundle", b".dll", b".o", b".jar"];
/// Extensions of what a build makes a source of.
const GRAMMARS: [&[u8]; 7] = [b".y", b".ry", b".rl", b".rex", b".treetop", b".kpeg", b".citrus"];
/// Directories from which libraries are mostly loaded.
const ROOTS: [&[u8]; 4] = [b"lib", b"", b"test", b"spec"];

/// Looks a library up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Ruby) -> Resolution {
    // What generators copy runs where it is put.
    if path::segments(path::parent(site.path())).any(|segment| matches!(segment, b"templates" | b"template")) {
        return Resolution::Dynamic("it is copied to where it runs");
    }
    let scope = site.project.scope(site.world.index, site.language, site.file);
    each_choice(&evaluate(&reference.expr, &scope, 0), |value| one(site, value, kind))
}

fn one(site: &Site<'_>, value: &Value, kind: Ruby) -> Resolution {
    let Some(text) = value.exact() else { return Resolution::Dynamic("a part is only known at run time") };
    if text.is_empty() || text.contains(&0) || text.len() > 4096 {
        return Resolution::Dynamic("no path");
    }
    let from = |directory: &[u8], certainty| {
        let joined = path::join(directory, text);
        path::normalize(&joined).map_or(Resolution::Outside, |place| library(site, &place, certainty, false))
    };
    match value.anchor {
        Anchor::Tree => {
            path::normalize(text).map_or(Resolution::Outside, |place| library(site, &place, value.certainty, false))
        }
        Anchor::Text if text.starts_with(b"/") || text.starts_with(b"~") => Resolution::External("an absolute path"),
        Anchor::Text if kind == Ruby::Relative => from(site.directory(), Certainty::Certain),
        Anchor::Text if text.starts_with(b"./") || text.starts_with(b"../") => {
            if starts_here(site.path()) {
                return from(site.directory(), Certainty::Certain);
            }
            started(site, text)
        }
        Anchor::Text => on_load_path(site, text),
    }
}

/// Rake and Bundler change to the directory of these files before they read them.
fn starts_here(file: &[u8]) -> bool {
    let name = path::name(file);
    matches!(name, b"Rakefile" | b"rakefile" | b"Rakefile.rb") || path::extension(name) == b"gemspec"
}

/// `require './lib/x'` starts where Ruby was started.
fn started(site: &Site<'_>, text: &[u8]) -> Resolution {
    match path::normalize(text) {
        Some(name) if !text.starts_with(b"..") => {
            paths::behind(site, &[b"/", &*with_extension(&name)].concat(), Want::File)
        }
        _ => Resolution::Dynamic("it starts where Ruby was started"),
    }
}

/// The place of a library, whichever form of it stands there.
fn library(site: &Site<'_>, place: &[u8], certainty: Certainty, near_only: bool) -> Resolution {
    let known = is_library(place);
    let stem = if known { path::without_extension(place) } else { place };
    let all: &[&[u8]] = if known && !place.ends_with(b".rb") { &LIBRARIES[1..] } else { &LIBRARIES };
    for extension in all {
        match site.world.find(&[stem, extension].concat(), Want::File) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => return Resolution::Outside,
            Lookup::Missing => {}
        }
    }
    let stands = |extension: &&[u8]| site.world.index.is_file(&[stem, extension].concat());
    if GRAMMARS.iter().any(stands) {
        return Resolution::External("made of a grammar");
    }
    let near_only = near_only || known && !place.ends_with(b".rb") || is_compiled(site, place);
    Resolution::Missing(vec![Candidate { near_only, ..Candidate::new(with_extension(place), certainty) }])
}

/// A package with parts in another language, which its installation puts among its libraries.
fn is_compiled(site: &Site<'_>, place: &[u8]) -> bool {
    path::ancestors(path::parent(place)).any(|above| site.world.index.is_directory(&path::join(above, b"ext")))
}

fn is_library(name: &[u8]) -> bool {
    LIBRARIES.iter().any(|extension| name.ends_with(extension))
}

fn with_extension(name: &[u8]) -> Vec<u8> {
    if is_library(name) { name.to_vec() } else { [name, b".rb"].concat() }
}

/// `require 'shop/cart'`: found anywhere is silence; a library of the tree has a folder of its own.
fn on_load_path(site: &Site<'_>, text: &[u8]) -> Resolution {
    const PACKAGE: Resolution = Resolution::External("a package");
    let Some(name) = path::normalize(text) else { return PACKAGE };
    let index = site.world.index;
    let file = with_extension(&name);
    if let Some(id) = index.ending_in(&file).find(|&id| site.world.fits(id, Want::File)) {
        return Resolution::Found(id);
    }
    let (directory, first) = (path::parent(&name), path::segments(&name).next().unwrap_or_default());
    if directory.is_empty() {
        return PACKAGE;
    }
    for above in path::ancestors(site.directory()) {
        for root in ROOTS.map(|root| path::join(above, root)) {
            if index.is_directory(&path::join(&root, first)) {
                // `a/b` may be another package's where `a` is this one's; `a/b/c` beside files in `a/b` is hardly.
                let deep = directory.contains(&b'/') && holds_sources(site, &path::join(&root, directory));
                return library(site, &path::join(&root, &name), Certainty::Likely, !deep);
            }
        }
    }
    PACKAGE
}

fn holds_sources(site: &Site<'_>, directory: &[u8]) -> bool {
    let index = site.world.index;
    let Some(id) = index.id(directory).filter(|_| index.is_directory(directory)) else { return false };
    index.children(id).any(|child| index.name(child).ends_with(b".rb"))
}
