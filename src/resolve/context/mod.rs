//! The context of a container's build: what `COPY` and `ADD` may take (docs.docker.com/build/concepts/context).
//!
//! Which directory that is, is told to the build and seldom written in the tree. So a source that lies in any
//! directory that may be the context is found; it is missing only where one directory is known to be it.

mod image;

use super::{Candidate, NotDeployed, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Anchor, Value, evaluate};
use crate::index::{EntryKind, Lookup};
use crate::path;
use crate::reference::{Context, Reference, Want, copied_part};

/// Extensions of what is built before it is copied.
const BUILT: [&[u8]; 24] = [
    b"apk",
    b"bin",
    b"deb",
    b"dll",
    b"ear",
    b"exe",
    b"gz",
    b"jar",
    b"node",
    b"phar",
    b"rpm",
    b"so",
    b"squashfs",
    b"tar",
    b"tbz2",
    b"tgz",
    b"war",
    b"wasm",
    b"whl",
    b"xz",
    b"zip",
    b"zst",
    b"bz2",
    b"dylib",
];

/// Looks up what a Dockerfile, or the build of one, names in its context.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Context) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    let values = evaluate(&reference.expr, &scope, 0);
    each_choice(&values, |value| match kind {
        Context::Source { default } => source(site, value, default),
        Context::Image { stage, built } => image::resolve(site, value, usize::from(stage), built),
        Context::Applied { open } => applied(site, value, open),
        Context::Dockerfile { below } => project(site, value, Want::File, usize::from(below)),
        Context::Project(want) => project(site, value, want, 0),
        Context::Workspace { want, open } => workspace(site, value, want, open),
    })
}

fn source(site: &Site<'_>, value: &Value, default: bool) -> Resolution {
    let Some(text) = value.exact() else { return Resolution::Dynamic("a part is only known at build time") };
    if memchr::memmem::find(text, b"://").is_some() || text.starts_with(b"git@") {
        return Resolution::External("fetched by the build");
    }
    let (text, want) = copied_part(text);
    if text.contains(&0) || text.len() > 4096 {
        return Resolution::Dynamic("no path");
    }
    let builds = &site.project.builds;
    let index = site.world.index;
    let contexts = builds.contexts(index, site.file);
    let of_maven = is_of_maven(site);
    let known = !of_maven && (contexts.shown || contexts.stated);
    let certainty = |at: usize| match at {
        0 if of_maven => Certainty::Likely,
        0 => Certainty::Certain,
        _ if known => Certainty::Certain,
        _ => Certainty::Open,
    };
    let mut candidates = Vec::new();
    let mut kept = None;
    for (at, directory) in contexts.directories.iter().enumerate() {
        let place = path::join(directory, &clamped(text));
        let place = place.strip_suffix(b"/").unwrap_or(&place).to_vec();
        match site.world.find(&place, want) {
            Lookup::Found(id) => match builds.kept_out(index, site.path(), directory, id) {
                None => return Resolution::Found(id),
                Some(why) => kept = kept.or(Some(NotDeployed { path: place, certainty: certainty(at), why })),
            },
            Lookup::Beyond => return Resolution::Outside,
            Lookup::Missing if contexts.shown && at > 0 => {}
            Lookup::Missing => {
                let near_only = default || !known || is_made(&place, want);
                candidates.push(Candidate { want, near_only, ..Candidate::new(place, certainty(at)) });
            }
        }
        if kept.is_some() && contexts.shown {
            break;
        }
    }
    match kept {
        Some(kept) => Resolution::NotDeployed(Box::new(kept)),
        None => Resolution::Missing(candidates),
    }
}

/// Whether a Dockerfile is a part of a module of Maven's: plugins put what it copies beside it where they build.
fn is_of_maven(site: &Site<'_>) -> bool {
    let has_module = |directory: &[u8]| site.world.index.is_file(&path::join(directory, b"pom.xml"));
    !has_module(site.directory()) && path::ancestors(site.directory()).skip(1).take(2).any(has_module)
}

/// From the root of the context, which `..` does not leave.
fn clamped(text: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for segment in path::segments(text) {
        match segment {
            b"." => {}
            b".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    kept.join(&b'/')
}

/// Probably made by a build before this one: a package, a program, a directory that nothing of the tree lies in.
fn is_made(place: &[u8], want: Want) -> bool {
    let extension = path::extension(place);
    want == Want::Directory || extension.is_empty() || BUILT.contains(&extension.as_slice())
}

/// Names of Compose files that are found without being named; others are merged with one of them.
const STANDARD: [&[u8]; 4] = [b"compose.yaml", b"compose.yml", b"docker-compose.yaml", b"docker-compose.yml"];

/// Names of Compose files that are merged with one beside them.
const OVERRIDES: [&[u8]; 4] = [
    b"compose.override.yaml",
    b"compose.override.yml",
    b"docker-compose.override.yaml",
    b"docker-compose.override.yml",
];

/// What a Compose file names: from its own directory, or from that of the project it is merged into. What lies there
/// from a directory above is found, as a project's directory may be told to the program. Only the last `below` segments
/// are asked for, where there are any: the directory before them is another reference.
fn project(site: &Site<'_>, value: &Value, want: Want, below: usize) -> Resolution {
    let Some(text) = value.exact() else { return Resolution::Dynamic("a part is only known at run time") };
    match text.first() {
        None => return Resolution::Dynamic("an empty path"),
        Some(b'/' | b'~') => return Resolution::External("a path of the host"),
        _ if text.contains(&0) || text.len() > 4096 => return Resolution::Dynamic("no path"),
        _ => {}
    }
    let place = |directory: &[u8]| path::normalize(&path::join(directory, text)).map(std::borrow::Cow::into_owned);
    let places: Vec<Vec<u8>> = path::ancestors(site.directory()).filter_map(place).collect();
    let mut beyond = false;
    for place in &places {
        match site.world.find(place, want) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => beyond = true,
            Lookup::Missing => {}
        }
    }
    let homes = projects(site);
    let certainty = if homes.len() == 1 { Certainty::Certain } else { Certainty::Likely };
    let tried = homes.iter().filter_map(|home| place(home));
    let stands = |place: &[u8]| path::ancestors(place).nth(below).is_some_and(|context| holds_something(site, context));
    let tried = tried.filter(|place| below == 0 || stands(place));
    // What is merged starts where the first file lies (docs.docker.com "Merge Compose files").
    let name = path::name(site.path());
    let near_only = memchr::memmem::find(name, b"override").is_some() && !OVERRIDES.contains(&name);
    let candidates: Vec<Candidate> =
        tried.map(|place| Candidate { want, near_only, ..Candidate::new(place, certainty) }).collect();
    if beyond || candidates.is_empty() { Resolution::Outside } else { Resolution::Missing(candidates) }
}

/// What a job names in its workspace.
fn workspace(site: &Site<'_>, value: &Value, want: Want, open: bool) -> Resolution {
    let Some(text) = value.exact() else { return Resolution::Dynamic("a part is only known at run time") };
    if value.anchor == Anchor::Text {
        return Resolution::External("a path of the runner");
    }
    let Some(place) = path::normalize(text) else { return Resolution::Outside };
    match site.world.find(&place, want) {
        Lookup::Found(id) => Resolution::Found(id),
        Lookup::Beyond => Resolution::Outside,
        Lookup::Missing => {
            let candidate = Candidate::new(place.into_owned(), Certainty::Certain);
            Resolution::Missing(vec![Candidate { want, near_only: open, ..candidate }])
        }
    }
}

/// What a controller applies. Where the folder that holds it stands here, and not at the root, where every repository
/// has such folders, this is the repository that is meant.
fn applied(site: &Site<'_>, value: &Value, open: bool) -> Resolution {
    let index = site.world.index;
    let here = |place: &[u8]| {
        let above = path::parent(place);
        !path::parent(above).is_empty() && index.is_directory(above)
    };
    match workspace(site, value, Want::Directory, open) {
        Resolution::Missing(mut candidates) => {
            candidates.iter_mut().for_each(|one| one.near_only &= !here(&one.path));
            Resolution::Missing(candidates)
        }
        other => other,
    }
}

/// Directories from which the paths of a Compose file may start.
fn projects<'s>(site: &'s Site<'_>) -> Vec<&'s [u8]> {
    let here = site.directory();
    if STANDARD.contains(&path::name(site.path())) {
        return vec![here];
    }
    let is_project =
        |directory: &&[u8]| STANDARD.iter().any(|name| site.world.index.is_file(&path::join(directory, name)));
    std::iter::once(here).chain(path::ancestors(here).skip(1).filter(is_project)).collect()
}

/// A directory that stands and holds something: a submodule that is not checked out is empty.
fn holds_something(site: &Site<'_>, directory: &[u8]) -> bool {
    let index = site.world.index;
    matches!(index.lookup(directory), Lookup::Found(id)
        if index.kind(id) == EntryKind::Directory && index.children(id).len() > 0)
}
