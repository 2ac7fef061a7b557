//! The Puppet namespace: what a name of a module stands for (puppet.com/docs, "Modules fundamentals", "File serving";
//! `puppet/parser/type_loader.rb`).
//!
//! The first part of a name is the module, the rest a path below one of its folders. A class may also stand in the
//! manifest of a name above it, or in a manifest that is always read. A module that the tree does not hold is
//! installed by a package manager: only a module of nearly that name which holds the very file is told.

use super::{Candidate, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Value, evaluate};
use crate::index::{EntryId, Lookup};
use crate::path;
use crate::project::puppet::{first_segment, place};
use crate::reference::{Puppet, Reference, Want};

/// Files by which a tree names modules that it does not hold.
const INSTALLED_BY: [&[u8]; 4] = [b"Puppetfile", b".fixtures.yml", b"Modulefile", b"metadata.json"];
/// Folders that stand directly in a module, by which the module of a file is known.
const FOLDERS: [&[u8]; 4] = [b"manifests", b"functions", b"plans", b"types"];

/// Looks a name of a module up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Puppet, own: bool) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    let values = evaluate(&reference.expr, &scope, 0);
    each_choice(&values, |value| one(site, value, kind, own))
}

fn one(site: &Site<'_>, value: &Value, kind: Puppet, own: bool) -> Resolution {
    let Some(text) = value.exact() else { return Resolution::Dynamic("a part is only known at run time") };
    match kind {
        Puppet::File | Puppet::Template | Puppet::Epp => file(site, text, kind, own),
        Puppet::Data => data(site, text),
        Puppet::Class | Puppet::Type | Puppet::Function => name(site, text, kind),
    }
}

/// `module/path`.
fn file(site: &Site<'_>, text: &[u8], kind: Puppet, own: bool) -> Resolution {
    if text.starts_with(b"/") {
        return Resolution::External("a path of the server");
    }
    let (folder, want): (&[u8], Want) =
        if kind == Puppet::File { (b"files", Want::Any) } else { (b"templates", Want::File) };
    let place = |rest: &[u8]| {
        let epp = kind == Puppet::Epp && !rest.ends_with(b".epp");
        vec![[folder, b"/", rest, if epp { b".epp" } else { b"" }].concat()]
    };
    if own {
        let Some(module) = own_module(site.path()) else { return Resolution::Dynamic("no module holds the manifest") };
        return in_modules(site, &[module.to_vec()], &place(text), want);
    }
    let Some(slash) = memchr::memchr(b'/', text) else { return Resolution::Dynamic("no name of a module") };
    let (module, rest) = (&text[..slash], &text[slash + 1..]);
    if rest.is_empty() {
        return Resolution::Dynamic("all files of a module");
    }
    match lookup(site, module, &place(rest), want) {
        Resolution::Missing(candidates) => Resolution::Missing(as_written(candidates, rest)),
        resolution => resolution,
    }
}

/// Where the name has an extension that is none of Puppet's, `.epp` was added to a slip: `a.epp␠` means `a.epp`.
fn as_written(mut candidates: Vec<Candidate>, rest: &[u8]) -> Vec<Candidate> {
    let plain = |candidate: &Candidate| {
        let path = candidate.path.strip_suffix(b".epp").filter(|path| path.ends_with(rest))?;
        Some(Candidate { path: path.to_vec(), near_only: true, ..candidate.clone() })
    };
    if path::extension(path::name(rest)).starts_with(b"ep") {
        let more: Vec<Candidate> = candidates.iter().filter_map(plain).collect();
        candidates.extend(more);
    }
    candidates
}

/// A level of Hiera's data.
fn data(site: &Site<'_>, text: &[u8]) -> Resolution {
    let from_here = path::join(site.directory(), text);
    let Some(path) = path::normalize(&from_here) else { return Resolution::Outside };
    match site.world.find(&path, Want::File) {
        Lookup::Found(id) => Resolution::Found(id),
        Lookup::Beyond => Resolution::Outside,
        Lookup::Missing => {
            let candidate = Candidate::new(path.into_owned(), Certainty::Certain);
            Resolution::Missing(vec![Candidate { near_only: true, ..candidate }])
        }
    }
}

/// `module::name`.
fn name(site: &Site<'_>, text: &[u8], kind: Puppet) -> Resolution {
    // Puppet folds names to lower case before it looks for their files.
    let name = text.strip_prefix(b"::").unwrap_or(text).to_ascii_lowercase();
    let name = name.as_slice();
    let module = first_segment(name);
    if let Some(manifest) = defining(site, name) {
        return Resolution::Found(manifest);
    }
    let ruby = |folder: &str| [folder.as_bytes(), &slashes(name), b".rb"].concat();
    let places = match kind {
        Puppet::Function => vec![place(b"functions", name), ruby("lib/puppet/functions/")],
        Puppet::Type => vec![place(b"types", name), place(b"manifests", name), ruby("lib/puppet/datatypes/")],
        _ => vec![place(b"manifests", name)],
    };
    lookup(site, module, &places, Want::File)
}

fn slashes(name: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(name).replace("::", "/").into_bytes()
}

/// This manifest, or another that Puppet reads anyway, where it defines the name: that of a name above it in its
/// module, or one outside of every module.
fn defining(site: &Site<'_>, name: &[u8]) -> Option<EntryId> {
    let index = site.world.index;
    let above = |file: &[u8]| {
        let mut name = name;
        loop {
            if path::ends_in(file, &place(b"manifests", name)) {
                return true;
            }
            let Some(cut) = memchr::memmem::rfind(name, b"::") else { break };
            name = &name[..cut];
        }
        false
    };
    site.project.puppet.defining(name).iter().copied().find(|&id| {
        let file = index.path(id);
        id == site.file || above(file) || own_module(file).is_none_or(|module| module.is_empty() && is_site(file))
    })
}

/// `manifests/site.pp` and its like in the directory of an environment.
fn is_site(file: &[u8]) -> bool {
    [&b"site.pp"[..], b"nodes.pp"].contains(&path::name(file))
}

/// The directory of the module that holds a manifest.
fn own_module(file: &[u8]) -> Option<&[u8]> {
    let mut below = path::parent(file);
    loop {
        if FOLDERS.contains(&path::name(below)) {
            return Some(path::parent(below));
        }
        if below.is_empty() {
            return None;
        }
        below = path::parent(below);
    }
}

fn lookup(site: &Site<'_>, module: &[u8], places: &[Vec<u8>], want: Want) -> Resolution {
    let directories = site.project.puppet.directories(site.world.index, module, site.path());
    if directories.is_empty() {
        nearly(site, module, places, want)
    } else {
        in_modules(site, &directories, places, want)
    }
}

/// Found in any of the modules of that name; a finding speaks of the nearest.
fn in_modules(site: &Site<'_>, directories: &[Vec<u8>], places: &[Vec<u8>], want: Want) -> Resolution {
    let mut candidates = Vec::new();
    let near_only = directories.first().is_some_and(|module| is_foreign(site, module));
    for (nearest, directory) in directories.iter().enumerate() {
        for place in places {
            let Some(path) = path::normalize(&path::join(directory, place)).map(std::borrow::Cow::into_owned) else {
                return Resolution::Outside;
            };
            match site.world.find(&path, want) {
                Lookup::Found(id) => return Resolution::Found(id),
                Lookup::Beyond => return Resolution::Outside,
                Lookup::Missing if nearest == 0 => {
                    candidates.push(Candidate { want, near_only, ..Candidate::new(path, Certainty::Certain) });
                }
                Lookup::Missing => {}
            }
        }
    }
    Resolution::Missing(candidates)
}

/// A published module is written against the modules that its metadata names; where the tree has another module of
/// such a name in their place, code of it that never runs here names what that module never had.
fn is_foreign(site: &Site<'_>, module: &[u8]) -> bool {
    let published = |directory: &&[u8]| site.world.index.is_file(&path::join(directory, b"metadata.json"));
    path::ancestors(site.directory()).find(published).is_some_and(|own| !path::is_below(module, own))
}

/// The tree has no such module: one of nearly that name may hold what is meant.
fn nearly(site: &Site<'_>, module: &[u8], places: &[Vec<u8>], want: Want) -> Resolution {
    let index = site.world.index;
    let installs = INSTALLED_BY.iter().any(|name| index.named(name).next().is_some());
    let certainty = if installs { Certainty::Open } else { Certainty::Likely };
    let mut candidates = Vec::new();
    for directory in site.project.puppet.paths(site.path()).into_iter().take(2) {
        for place in places {
            let path = path::join(&path::join(directory, module), place);
            candidates.push(Candidate { want, near_only: true, ..Candidate::new(path, certainty) });
        }
    }
    if candidates.is_empty() {
        Resolution::External("a module that the tree does not hold")
    } else {
        Resolution::Missing(candidates)
    }
}
