//! The view namespace: templates and assets that Rails, Sinatra and Middleman look up by name
//! (guides.rubyonrails.org, "Layouts and Rendering in Rails", "The Asset Pipeline"; middlemanapp.com, "Partials").
//!
//! A template's file is called `name[.locale].format[+variant].handler`: what the name and a dot begin satisfies it. A
//! bare name is looked up in the folders of the controller and of those that it inherits from, which no template tells,
//! and packages bring views and assets of their own: a file of that name anywhere is silence, and what stands nowhere
//! is told where something is like it, or where the folder that would hold it is this application's.

use super::{Candidate, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Anchor, Value, evaluate};
use crate::index::{EntryId, EntryKind};
use crate::path;
use crate::reference::{Rails, Reference};

/// Most folders of views that a finding speaks of.
const MAX_ROOTS: usize = 8;
/// Most folders of views whose files are looked at for how views end.
const MAX_FOLDERS: usize = 64;
/// Most endings of file names that are tried in a folder.
const MAX_SUFFIXES: usize = 4;
/// Most paths that are tried.
const MAX_CANDIDATES: usize = 24;
/// First folders of the views that well-known packages bring, and that applications override one by one.
const PACKAGES: [&[u8]; 14] = [
    b"active_admin",
    b"administrate",
    b"alchemy",
    b"blacklight",
    b"decidim",
    b"devise",
    b"devise_invitable",
    b"doorkeeper",
    b"hyrax",
    b"kaminari",
    b"rails_admin",
    b"refinery",
    b"spree",
    b"will_paginate",
];
/// What a style sheet or a script is compiled from.
const COMPILED: [&[u8]; 2] = [b"css", b"js"];

/// Looks a template or an asset up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Rails) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    each_choice(&evaluate(&reference.expr, &scope, 0), |value| one(site, value, kind))
}

fn one(site: &Site<'_>, value: &Value, kind: Rails) -> Resolution {
    let text = value.exact().filter(|_| value.anchor == Anchor::Text);
    let Some(text) = text else { return Resolution::Dynamic("a part is only known at run time") };
    let text = text.strip_prefix(b"/").unwrap_or(text);
    let odd = |byte: &u8| b"\0\n:@*?<>{}".contains(byte);
    if text.is_empty() || text.ends_with(b"/") || text.len() > 1024 || text.iter().any(odd) {
        return Resolution::Dynamic("no name of a view");
    }
    if path::segments(text).any(|segment| matches!(segment, b"." | b"..")) {
        return Resolution::Dynamic("a path that starts nobody knows where");
    }
    match kind {
        Rails::Controller => routed(site, text),
        Rails::Asset { folder, extension } => asset(site, text, folder.as_bytes(), extension.as_bytes()),
        _ => template(site, text, kind),
    }
}

/// A controller. In which name space a route stands is not told, and packages bring controllers: any that ends so is
/// silence, and only what is like one is told.
fn routed(site: &Site<'_>, text: &[u8]) -> Resolution {
    let index = site.world.index;
    let file = [text, b"_controller.rb"].concat();
    if let Some(id) = index.ending_in(&file).next() {
        return Resolution::Found(id);
    }
    let home = |id: &EntryId| index.kind(*id) == EntryKind::Directory && index.name(index.parent(*id)) == b"app";
    let folders = index.named(b"controllers").filter(home).map(|id| path::join(index.path(id), &file));
    missing(folders.map(|file| Candidate { near_only: true, ..Candidate::new(file, Certainty::Likely) }).collect())
}

/// A template by its name.
fn template(site: &Site<'_>, text: &[u8], kind: Rails) -> Resolution {
    let (directory, last) = (path::parent(text), path::name(text));
    let hidden = matches!(kind, Rails::Partial | Rails::Part);
    let stem = if hidden { [b"_", last].concat() } else { last.to_vec() };
    let in_layouts = kind == Rails::Layout && !path::is_below(text, b"layouts");
    let directory = match (in_layouts, directory) {
        (true, b"") => b"layouts".to_vec(),
        (true, below) => path::join(b"layouts", below),
        (false, directory) => directory.to_vec(),
    };
    let plain = || if kind == Rails::Part { anywhere(site, &directory, last) } else { None };
    if let Some(id) = anywhere(site, &directory, &stem).or_else(plain) {
        return Resolution::Found(id);
    }
    let mut candidates = Vec::new();
    for root in roots(site) {
        for prefix in prefixes(site, &root, &directory) {
            let place = path::join(&root, &prefix);
            let open = path::segments(&directory).next().is_none_or(|first| PACKAGES.contains(&first));
            // Nothing else is asked for what an action of such a controller renders.
            let sure = kind == Rails::Action && directory.is_empty();
            let near_only = !sure && (open || !site.world.index.is_directory(&place));
            let certainty = if sure { Certainty::Certain } else { Certainty::Likely };
            for suffix in suffixes(site, &root, &place) {
                let file = path::join(&place, &[stem.as_slice(), &suffix].concat());
                candidates.push(Candidate { near_only, ..Candidate::new(file, certainty) });
            }
        }
    }
    missing(candidates)
}

fn missing(mut candidates: Vec<Candidate>) -> Resolution {
    candidates.truncate(MAX_CANDIDATES);
    if candidates.is_empty() {
        Resolution::Dynamic("no folder of views is known")
    } else {
        Resolution::Missing(candidates)
    }
}

/// A file in any folder of this name whose own name is the stem, or begins with it and a dot.
fn anywhere(site: &Site<'_>, directory: &[u8], stem: &[u8]) -> Option<EntryId> {
    let index = site.world.index;
    let holds = |&id: &EntryId| {
        let within = directory.is_empty() || path::ends_in(path::parent(index.path(id)), directory);
        index.kind(id) != EntryKind::Directory && within
    };
    let dotted = [stem, b"."].concat();
    let variant = [stem, b"+"].concat();
    index
        .named(stem)
        .find(holds)
        .or_else(|| index.starting(&dotted).find(holds))
        .or_else(|| index.starting(&variant).find(holds))
}

/// The folders of views that may be meant: those of the application that holds the file, else every one.
fn roots(site: &Site<'_>) -> Vec<Vec<u8>> {
    let index = site.world.index;
    let views = || index.named(b"views").filter(|&id| index.kind(id) == EntryKind::Directory);
    let of_rails = |&id: &EntryId| index.name(index.parent(id)) == b"app";
    let all: Vec<&[u8]> = views().filter(of_rails).map(|id| index.path(id)).collect();
    let home = |root: &&[u8]| path::is_below(site.path(), path::parent(path::parent(root)));
    if let Some(own) = all.iter().copied().filter(home).max_by_key(|root| root.len()) {
        return vec![own.to_vec()];
    }
    if !all.is_empty() {
        return all.into_iter().take(MAX_ROOTS).map(<[u8]>::to_vec).collect();
    }
    let above = path::ancestors(site.directory()).filter(|above| matches!(path::name(above), b"source" | b"views"));
    let beside = path::ancestors(site.directory()).map(|above| path::join(above, b"views"));
    let all = above.map(<[u8]>::to_vec).chain(beside).filter(|root| index.is_directory(root));
    all.take(MAX_ROOTS).collect()
}

/// The folders below a root in which a name may be looked up: for a bare one those of the controller, which a template
/// mostly lies in.
fn prefixes(site: &Site<'_>, root: &[u8], directory: &[u8]) -> Vec<Vec<u8>> {
    if !directory.is_empty() {
        return vec![directory.to_vec()];
    }
    let own = below(site.directory(), root).map(<[u8]>::to_vec).or_else(|| controller(site));
    let shared = if path::ends_in(root, b"app/views") { b"application".to_vec() } else { Vec::new() };
    own.into_iter().chain([shared]).collect()
}

fn below<'p>(directory: &'p [u8], root: &[u8]) -> Option<&'p [u8]> {
    let rest = directory.strip_prefix(root)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(b"/") }
}

/// `app/controllers/admin/orders_controller.rb` renders `admin/orders`.
fn controller(site: &Site<'_>) -> Option<Vec<u8>> {
    let path = site.path();
    let start = [&b"app/controllers/"[..], b"app/mailers/"].iter().find_map(|folder| {
        let at = memchr::memmem::rfind(path, folder)?;
        Some(at + folder.len())
    })?;
    let name = path[start..].strip_suffix(b".rb")?;
    Some(name.strip_suffix(b"_controller").unwrap_or(name).to_vec())
}

/// How the files of a folder end; where it is not there, how those of the other folders do, or the file that holds the
/// reference.
fn suffixes(site: &Site<'_>, root: &[u8], place: &[u8]) -> Vec<Vec<u8>> {
    let index = site.world.index;
    let mut found = endings(site, place);
    if found.is_empty() {
        let beside = index.id(root).into_iter().flat_map(|root| index.children(root)).take(MAX_FOLDERS);
        found = beside.flat_map(|folder| endings(site, index.path(folder))).collect();
        found.sort();
        found.dedup();
        found.sort_by_key(|ending| is_no_page(ending));
        found.truncate(MAX_SUFFIXES);
    }
    if found.is_empty() {
        let own = ending(path::name(site.path())).filter(|own| *own != b".rb");
        found.push(own.unwrap_or(b".html.erb").to_vec());
    }
    found
}

fn endings(site: &Site<'_>, directory: &[u8]) -> Vec<Vec<u8>> {
    let index = site.world.index;
    let Some(id) = index.id(directory).filter(|_| index.is_directory(directory)) else { return Vec::new() };
    let mut found: Vec<Vec<u8>> = Vec::new();
    for child in index.children(id).filter(|&child| index.kind(child) == EntryKind::File) {
        let Some(ending) = ending(index.name(child)) else { continue };
        if found.len() < MAX_SUFFIXES && !found.iter().any(|have| have == ending) {
            found.push(ending.to_vec());
        }
    }
    found.sort_by_key(|ending| is_no_page(ending));
    found
}

/// Most of what is rendered is a page: that comes first.
fn is_no_page(ending: &[u8]) -> bool {
    !ending.starts_with(b".html")
}

/// `.html.erb` of `show.html.erb`.
fn ending(name: &[u8]) -> Option<&[u8]> {
    memchr::memchr(b'.', name).filter(|at| *at > 0).map(|at| &name[at..])
}

/// An asset by its name, in the folders of assets that applications have. Packages bring others.
fn asset(site: &Site<'_>, text: &[u8], folder: &[u8], extension: &[u8]) -> Resolution {
    let written = path::extension(text);
    if extension.is_empty() && written.is_empty() {
        return Resolution::Dynamic("no name of a file");
    }
    let named = extension.is_empty() || written == extension;
    let name = if named { text.to_vec() } else { [text, b".", extension].concat() };
    let (directory, last) = (path::parent(&name), path::name(&name));
    let source = if COMPILED.contains(&extension) { path::without_extension(last) } else { last };
    if let Some(id) = anywhere(site, directory, source) {
        return Resolution::Found(id);
    }
    let candidates = asset_roots(site, folder).into_iter().flat_map(|root| {
        let place = if directory.is_empty() { root.clone() } else { path::join(&root, directory) };
        let endings = sources(site, &place, extension);
        let stem = if endings.is_empty() { name.clone() } else { path::without_extension(&name).to_vec() };
        let endings = if endings.is_empty() { vec![Vec::new()] } else { endings };
        endings.into_iter().map(move |ending| path::join(&root, &[stem.as_slice(), &ending].concat()))
    });
    let near = |file| Candidate { near_only: true, ..Candidate::new(file, Certainty::Likely) };
    missing(candidates.map(near).collect())
}

/// How the sources of style sheets or scripts in a folder end; empty for what is not compiled.
fn sources(site: &Site<'_>, directory: &[u8], extension: &[u8]) -> Vec<Vec<u8>> {
    if COMPILED.contains(&extension) { endings(site, directory) } else { Vec::new() }
}

/// `app/assets/images` and its like, of the application that holds the file, else of every one.
fn asset_roots(site: &Site<'_>, folder: &[u8]) -> Vec<Vec<u8>> {
    let index = site.world.index;
    let mut all: Vec<Vec<u8>> = Vec::new();
    for id in index.named(b"assets").filter(|&id| index.kind(id) == EntryKind::Directory) {
        let parent = index.parent(id);
        if matches!(index.name(parent), b"app" | b"lib" | b"vendor") {
            all.push(path::join(index.path(id), folder));
        }
    }
    for id in index.named(b"javascript").filter(|_| folder.is_empty()) {
        if matches!(index.name(index.parent(id)), b"app" | b"vendor") {
            all.push(index.path(id).to_vec());
        }
    }
    for above in path::ancestors(site.directory()) {
        all.push(path::join(&path::join(above, b"public"), folder));
        if path::name(above) == b"source" {
            all.push(path::join(above, folder));
        }
    }
    let home = |root: &Vec<u8>| path::is_below(site.path(), path::parent(path::parent(path::parent(root))));
    all.retain(|root| index.is_directory(root));
    if all.iter().any(home) {
        all.retain(home);
    }
    all.truncate(MAX_ROOTS);
    all
}
