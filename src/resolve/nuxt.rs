//! Layouts and middleware of Nuxt by their names (nuxt.com "layouts", "middleware"; v2.nuxt.com "Directory Structure").
//!
//! Nuxt 3 names a file by its path below the folder, in small letters with hyphens between the words; Nuxt 2 by the
//! path as it is. Any folder of the name in the tree may be one of the application's, so that each satisfies. Modules,
//! layers and plugins bring more: where there may be some, and of middleware always, only near misses are told.

use super::defined::owned;
use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::index::{EntryId, EntryKind, Index};
use crate::path;
use crate::reference::{Nuxt, Reference};

/// Names of the package.
const PACKAGES: [&[u8]; 5] = [b"nuxt", b"nuxt-edge", b"nuxt-nightly", b"nuxt-ts", b"nuxt3"];
/// Configurations of it.
const CONFIGURATIONS: [&[u8]; 5] =
    [b"nuxt.config.cjs", b"nuxt.config.js", b"nuxt.config.mjs", b"nuxt.config.mts", b"nuxt.config.ts"];
/// Extensions of what it takes for a layout or middleware.
const TAKEN: [&[u8]; 9] = [b"cjs", b"cts", b"js", b"jsx", b"mjs", b"mts", b"ts", b"tsx", b"vue"];
/// Names of layouts that it does without.
const SPARED: [&[u8]; 2] = [b"default", b"error"];
/// Most files that names are made of.
const MAX_FILES: usize = 1_000;

/// Looks a name up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Nuxt) -> Resolution {
    let index = site.world.index;
    let Some(name) = reference.expr.as_literal() else { return Resolution::Dynamic("a part is filled in later") };
    let home = site.project.node.home(site.path());
    let Some(home) = home.filter(|home| PACKAGES.iter().any(|package| site.project.node.brings(home, package))) else {
        return Resolution::External("no application of Nuxt");
    };
    let files = files(index, kind);
    // Its first version had no such call.
    let paths = !reference.construct.contains(' ') && reference.construct != "setPageLayout";
    let answers =
        |&(_, below): &&(EntryId, Vec<u8>)| forms(below).iter().any(|form| form == name) || paths && raw(below) == name;
    let is_own = |id: EntryId| path::is_below(index.path(id), home);
    if let Some((id, _)) = files.iter().filter(answers).max_by_key(|(id, _)| (is_own(*id), std::cmp::Reverse(*id))) {
        return Resolution::Found(*id);
    }
    if name.is_empty() || kind == Nuxt::Layout && SPARED.contains(&name) {
        return Resolution::Dynamic("it does without");
    }
    let own = files.iter().filter(|(id, _)| is_own(*id));
    let names: Vec<Vec<u8>> = own.flat_map(|(_, below)| named(below, paths)).collect();
    if names.is_empty() {
        return Resolution::Dynamic("a module may bring it");
    }
    let near_only = kind == Nuxt::Middleware || !is_closed(site, home);
    let certainty = if near_only { Certainty::Likely } else { Certainty::Certain };
    let names = owned(name, names.iter().map(Vec::as_slice));
    Resolution::Missing(vec![Candidate { near_only, names: Some(names), ..Candidate::new(name.to_vec(), certainty) }])
}

/// Whether nothing else brings layouts, as far as the configuration says.
fn is_closed(site: &Site<'_>, home: &[u8]) -> bool {
    let index = site.world.index;
    CONFIGURATIONS.iter().any(|name| index.is_file(&path::join(home, name)))
        && !site.project.sites.is_extended(site.path())
        && !index.is_directory(&path::join(home, b"layers"))
}

/// Files in folders of a kind, with their paths below them.
fn files(index: &Index, kind: Nuxt) -> Vec<(EntryId, Vec<u8>)> {
    let folder: &[u8] = if kind == Nuxt::Layout { b"layouts" } else { b"middleware" };
    let directory = |id: &EntryId| index.kind(*id) == EntryKind::Directory;
    let mut waiting: Vec<(EntryId, Vec<u8>)> =
        index.named(folder).filter(directory).map(|id| (id, Vec::new())).collect();
    let mut found = Vec::new();
    while let Some((folder, above)) = waiting.pop() {
        for entry in index.children(folder) {
            let below = path::join(&above, index.name(entry));
            match index.kind(entry) {
                EntryKind::Directory => waiting.push((entry, below)),
                _ if TAKEN.contains(&path::extension(&below).as_slice()) => found.push((entry, below)),
                _ => {}
            }
        }
        if found.len() > MAX_FILES {
            break;
        }
    }
    found
}

/// The path of a file below its folder without what ends its name.
fn raw(below: &[u8]) -> &[u8] {
    let stem = path::without_extension(below);
    stem.strip_suffix(b".global").unwrap_or(stem)
}

/// Every name that some version of Nuxt 3 gives a file: of its whole path, without the words that a folder and what
/// lies in it have in common, and of its last segment.
fn forms(below: &[u8]) -> Vec<Vec<u8>> {
    let stem = raw(below);
    let stem = stem.strip_suffix(b"/index").unwrap_or(stem);
    let whole = words(stem);
    let mut single = whole.clone();
    single.dedup();
    [whole, single, words(path::name(stem))].map(|words| words.join(&b'-')).to_vec()
}

/// What is told of a file: its name, and its path where that is one.
fn named(below: &[u8], paths: bool) -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = forms(below).into_iter().skip(1).take(1).collect();
    names.extend(paths.then(|| raw(below).to_vec()));
    names
}

/// The words of a name in small letters: a capital letter starts one, and what is no letter or digit parts two.
fn words(name: &[u8]) -> Vec<Vec<u8>> {
    let mut words: Vec<Vec<u8>> = Vec::new();
    let mut open = false;
    for (at, byte) in name.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| name[at]);
        let after = name.get(at + 1).copied();
        let starts = byte.is_ascii_uppercase()
            && (before.is_some_and(|byte| byte.is_ascii_lowercase())
                || before.is_some_and(|byte| byte.is_ascii_uppercase())
                    && after.is_some_and(|byte| byte.is_ascii_lowercase()));
        if b"-_./ ".contains(byte) {
            open = false;
            continue;
        }
        match words.last_mut().filter(|_| open && !starts) {
            Some(word) => word.push(byte.to_ascii_lowercase()),
            None => words.push(vec![byte.to_ascii_lowercase()]),
        }
        open = true;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        for (below, want) in [
            ("admin.vue", "admin"),
            ("myLayout.vue", "my-layout"),
            ("HTMLPage.vue", "html-page"),
            ("desktop/default.vue", "desktop-default"),
            ("desktop/DesktopBase.vue", "desktop-base"),
            ("desktop/index.vue", "desktop"),
            ("auth.global.ts", "auth"),
            ("01.setup.ts", "01-setup"),
        ] {
            assert!(forms(below.as_bytes()).contains(&want.as_bytes().to_vec()), "{below}");
        }
    }
}
