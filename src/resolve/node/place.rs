//! The module at a place of the tree: with the extensions that its name leaves out, as the index of a folder, under the
//! extension of its source, or for one platform only (nodejs.org "Modules: CommonJS modules", "All together";
//! TypeScript Handbook, "Modules Reference", "File extension substitution").

use super::super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::index::{EntryId, EntryKind, Lookup};
use crate::language::LEFT_OUT;
use crate::path;
use crate::reference::Want;

/// The platform that may stand before an extension (React Native, "Platform-specific code").
const PLATFORMS: [&str; 8] = ["ios", "android", "native", "web", "server", "client", "windows", "macos"];
/// Extensions of sources for the extension that is written (TypeScript Handbook, "File extension substitution").
const SOURCES: [(&str, &[&str]); 11] = [
    ("js", &["ts", "tsx", "jsx", "d.ts", "coffee", "vue", "res", "re"]),
    ("jsx", &["tsx", "d.ts", "js"]),
    ("mjs", &["mts", "d.mts", "ts"]),
    ("cjs", &["cts", "d.cts", "ts"]),
    ("ts", &["d.ts"]),
    ("tsx", &["d.ts"]),
    ("mts", &["d.mts"]),
    ("cts", &["d.cts"]),
    ("bs.js", &["re", "res", "ml"]),
    ("css", &["css.ts", "css.d.ts"]),
    ("json", &["json5", "json.js"]),
];
/// Extensions of what is no module: none is put behind them.
const ASSETS: [&str; 24] = [
    "avif", "csv", "eot", "gif", "glsl", "ico", "jpeg", "jpg", "md", "mdx", "mp3", "mp4", "ogg", "otf", "pdf", "png",
    "svg", "ttf", "txt", "wav", "webm", "webp", "woff", "woff2",
];
/// Extensions of what Node runs.
const RUN: [&str; 3] = ["js", "mjs", "cjs"];
/// Folders of what a tool generates.
const GENERATED: [&[u8]; 7] =
    [b"__generated__", b"generated", b"+types", b".svelte-kit", b".nuxt", b"artifacts", b"typechain"];
/// Parts of names that tools generate.
const MADE: [&str; 9] = ["_pb", ".pb", ".gen", ".generated", "_grpc", ".graphql", "-generated", "Manifest", "manifest"];
/// Folders whose sources are copied to another place before they run.
const COPIED: [&[u8]; 10] = [
    b"template",
    b"templates",
    b"boilerplate",
    b"boilerplates",
    b"skeleton",
    b"scaffold",
    b"scaffolds",
    b"generators",
    b"stubs",
    b"blueprints",
];
/// `./x/` and `..`: a folder, and never `x.js`.
pub(super) fn within(site: &Site<'_>, place: &[u8]) -> Resolution {
    let index = site.world.index;
    let directory = match index.lookup(place) {
        Lookup::Found(id) if index.kind(id) == EntryKind::Directory => Some(id),
        Lookup::Beyond => return Resolution::Outside,
        _ => None,
    };
    match directory.map(|id| inside(site, id)) {
        Some(Some(id)) => Resolution::Found(id),
        Some(None) => missing(site, &path::join(place, b"index"), Certainty::Certain, &path::extension(site.path())),
        None => {
            let candidate = Candidate::new(place.to_vec(), Certainty::Certain);
            Resolution::Missing(vec![Candidate { want: Want::Directory, ..candidate }])
        }
    }
}

/// The module at a place, whatever of its name is left out.
pub(super) fn module(site: &Site<'_>, place: &[u8], certainty: Certainty) -> Resolution {
    let index = site.world.index;
    let mut directory = None;
    match index.lookup(place) {
        Lookup::Found(id) if index.kind(id) != EntryKind::Directory => return Resolution::Found(id),
        Lookup::Found(id) => directory = Some(id),
        Lookup::Beyond => return Resolution::Outside,
        Lookup::Missing => {}
    }
    let own = path::extension(site.path());
    let found = with_extension(site, place, &own).or_else(|| directory.and_then(|id| inside(site, id)));
    match found.or_else(|| substituted(site, place)).or_else(|| variant(site, place)) {
        Some(id) => Resolution::Found(id),
        None => missing(site, place, certainty, &own),
    }
}

/// `place.ext`, the extension of the importing file first.
fn with_extension(site: &Site<'_>, place: &[u8], own: &[u8]) -> Option<EntryId> {
    let mut name = [place, b"."].concat();
    let stem = name.len();
    let mut try_one = |extension: &[u8]| {
        name.truncate(stem);
        name.extend_from_slice(extension);
        site.world.index.id(&name).filter(|&id| site.world.fits(id, Want::File))
    };
    try_one(own).or_else(|| LEFT_OUT.iter().find_map(|extension| try_one(extension.as_bytes())))
}

/// What a directory stands for: its `package.json`, or its index.
fn inside(site: &Site<'_>, directory: EntryId) -> Option<EntryId> {
    let index = site.world.index;
    let here = index.path(directory);
    let manifest = index.id(&path::join(here, b"package.json"));
    manifest
        .or_else(|| with_extension(site, &path::join(here, b"index"), b"js"))
        .or_else(|| variant(site, &path::join(here, b"index")))
}

/// Where the sources of a module may lie that is named by what it is compiled to.
#[must_use]
pub fn sources(place: &[u8]) -> Vec<Vec<u8>> {
    let row = SOURCES.iter().find(|(written, _)| written.as_bytes() == path::extension(place));
    let stem = path::without_extension(place);
    row.iter().flat_map(|(_, sources)| *sources).map(|source| [stem, b".", source.as_bytes()].concat()).collect()
}

/// The source that an extension stands for, as `a.ts` does for `./a.js`.
fn substituted(site: &Site<'_>, place: &[u8]) -> Option<EntryId> {
    let try_one = |stem: &[u8], extension: &str| {
        site.world.index.id(&[stem, extension.as_bytes()].concat()).filter(|&id| site.world.fits(id, Want::File))
    };
    SOURCES.iter().find_map(|(written, sources)| {
        let stem = place.strip_suffix(written.as_bytes()).filter(|stem| stem.ends_with(b"."))?;
        // Types tell of a program that is built; where it stands there under another extension, they tell of that.
        let typed = is_typed(site.path());
        let runs = !typed && RUN.iter().any(|other| try_one(stem, other).is_some());
        // Only TypeScript takes `a.js` for `./a.jsx`.
        let counts = |source: &str| !(runs && source.starts_with("d.") || !typed && source == "js");
        sources.iter().filter(|source| counts(source)).find_map(|source| try_one(stem, source))
    })
}

fn is_typed(file: &[u8]) -> bool {
    matches!(path::extension(file).as_slice(), b"ts" | b"tsx" | b"mts" | b"cts" | b"vue")
}

/// A name that stands there for a platform or a density only: `icon@2x.png`, `view.ios.js`, `data.d.json.ts`.
fn variant(site: &Site<'_>, place: &[u8]) -> Option<EntryId> {
    let index = site.world.index;
    let directory = index.id(path::parent(place)).filter(|&id| index.kind(id) == EntryKind::Directory)?;
    let name = path::name(place);
    let (stem, extension) = path::split_extension(name);
    index.children(directory).find(|&child| {
        let other = index.name(child);
        let rest = other.strip_prefix(name).and_then(|rest| rest.strip_prefix(b"."));
        let for_platform = rest.is_some_and(is_of_platform);
        for_platform || extension.is_some_and(|extension| is_of_density(other, stem, extension))
    })
}

/// `ios.js`.
fn is_of_platform(rest: &[u8]) -> bool {
    let Some(dot) = memchr::memchr(b'.', rest) else { return false };
    let (platform, extension) = (&rest[..dot], &rest[dot + 1..]);
    PLATFORMS.iter().any(|known| known.as_bytes() == platform)
        && LEFT_OUT.iter().any(|known| known.as_bytes() == extension)
}

/// `icon@2x.png` for `icon.png`, `data.d.json.ts` for `data.json`.
fn is_of_density(other: &[u8], stem: &[u8], extension: &[u8]) -> bool {
    let Some(rest) = other.strip_prefix(stem) else { return false };
    let suffix = [b".", extension].concat();
    let declared = [b".d.", extension, b".ts"].concat();
    rest == declared
        || rest.strip_suffix(suffix.as_slice()).is_some_and(|rest| rest.starts_with(b"@") || is_platform(rest))
}

fn is_platform(rest: &[u8]) -> bool {
    rest.strip_prefix(b".").is_some_and(|rest| PLATFORMS.iter().any(|known| known.as_bytes() == rest))
}

/// What would have satisfied it: with the extensions that the directory has, the importing file's first.
fn missing(site: &Site<'_>, place: &[u8], certainty: Certainty, own: &[u8]) -> Resolution {
    // What asks for the manifest beside it, and lies below one, runs where a build puts the two together.
    let moved = path::name(place) == b"package.json" && site.project.node.home(site.path()).is_some();
    let near_only =
        moved || is_made(place) || path::segments(path::parent(site.path())).any(|segment| COPIED.contains(&segment));
    let candidate = |path: Vec<u8>| Candidate { near_only, ..Candidate::new(path, certainty) };
    let extension = path::extension(place);
    if ASSETS.iter().any(|known| known.as_bytes() == extension) {
        return Resolution::Missing(vec![candidate(place.to_vec())]);
    }
    if LEFT_OUT.iter().any(|known| known.as_bytes() == extension) {
        let with = |known: &&str| candidate([place, b".", known.as_bytes()].concat());
        let more = used(site, place, own);
        return Resolution::Missing(std::iter::once(candidate(place.to_vec())).chain(more.iter().map(with)).collect());
    }
    let mut candidates: Vec<Candidate> =
        used(site, place, own).iter().map(|known| candidate([place, b".", known.as_bytes()].concat())).collect();
    candidates.push(Candidate { want: Want::Any, ..candidate(place.to_vec()) });
    Resolution::Missing(candidates)
}

/// The extensions that files beside `place` have.
fn used(site: &Site<'_>, place: &[u8], own: &[u8]) -> Vec<&'static str> {
    let index = site.world.index;
    let directory = path::ancestors(path::parent(place)).find_map(|above| index.id(above)).unwrap_or(EntryId::ROOT);
    let beside = index.id(path::parent(place)) == Some(directory);
    let has = |known: &&&str| {
        let ending = [b".", known.as_bytes()].concat();
        !beside || index.children(directory).any(|child| index.name(child).ends_with(&ending))
    };
    // Of a directory that is not there the importing file tells most.
    let common = if beside { LEFT_OUT.len() } else { 8 };
    let mut used: Vec<&'static str> = LEFT_OUT
        .iter()
        .enumerate()
        .filter(|(at, known)| *at < common || !beside && known.as_bytes() == own)
        .map(|(_, known)| known)
        .filter(has)
        .copied()
        .collect();
    used.sort_by_key(|known| known.as_bytes() != own);
    // A manifest alone tells nothing of modules; what is compiled may come as a script.
    if used.iter().all(|&known| known == "json") {
        let own = LEFT_OUT.iter().copied().find(|known| known.as_bytes() == own && *known != "js");
        used.splice(0..0, own.into_iter().chain(["js"]));
    }
    used
}

/// Whether a tool makes what lies there.
fn is_made(place: &[u8]) -> bool {
    let stem = path::split_extension(path::name(place)).0;
    path::segments(place).any(|segment| GENERATED.contains(&segment))
        || MADE.iter().any(|part| stem.ends_with(part.as_bytes()) || path::name(place).ends_with(part.as_bytes()))
}
