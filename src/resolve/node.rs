//! The node namespace: names of modules, by the rules of Node, TypeScript and bundlers together.
//!
//! A relative name is certain: found where any of their extensions, index files or substitutions finds it, missing
//! where none does (nodejs.org "Modules: CommonJS modules", "All together"; TypeScript Handbook, "Modules
//! Reference"). Other names are looked into where the tree maps them (`baseUrl`, `paths`, `imports`, aliases,
//! its own packages); the rest belongs to packages.
//!
//! What this does not do: aliases that do not fold, `exports` of the tree's own packages, modules below
//! `node_modules`.

use super::{Candidate, Resolution, Site, any_of, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Anchor, PathExpr, Value, evaluate};
use crate::index::{EntryId, EntryKind, Lookup};
use crate::language::{LEFT_OUT, Reference, Want};
use crate::path;
use crate::project::node::Meant;

/// The platform that may stand before an extension (React Native, "Platform-specific code").
const PLATFORMS: [&str; 8] = ["ios", "android", "native", "web", "server", "client", "windows", "macos"];
/// Extensions of sources for the extension that is written (TypeScript Handbook, "File extension substitution").
const SOURCES: [(&str, &[&str]); 7] = [
    ("js", &["ts", "tsx", "jsx", "d.ts", "coffee", "vue", "res", "re"]),
    ("jsx", &["tsx", "d.ts", "js"]),
    ("mjs", &["mts", "d.mts", "ts"]),
    ("cjs", &["cts", "d.cts", "ts"]),
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
/// Where `@/` and `~/` lead by convention, from the directory of the manifest.
const CONVENTIONS: [&str; 7] = ["src", "resources/js", "resources/assets/js", "app", "client", "client/src", ""];
/// Node's own modules.
const BUILTIN: [&str; 42] = [
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "test",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "worker_threads",
    "zlib",
];

const EXTERNAL: Resolution = Resolution::External("a package, or a module of the runtime");

/// Looks a module up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let resolution = looked_up(site, reference);
    match resolution {
        Resolution::Missing(mut candidates) if reference.construct == "require" && is_of_another_loader(site) => {
            candidates.iter_mut().for_each(|candidate| candidate.near_only = true);
            Resolution::Missing(candidates)
        }
        other => other,
    }
}

fn looked_up(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    if let PathExpr::Literal(text) = &reference.expr {
        return specifier(site, text);
    }
    let scope = site.project.scope(site.world.index, site.language, site.file);
    each_choice(&evaluate(&reference.expr, &scope, 0), |value| one(site, value))
}

/// Whether something else than Node gives a file its `require`: where no manifest of a package stands above it, a
/// loader of its own may make what it names (MediaWiki's makes `config.json`). What is sent to browsers as it is runs
/// nowhere with a `require`.
fn is_of_another_loader(site: &Site<'_>) -> bool {
    if site.project.node.home(site.path()).is_none() {
        return true;
    }
    let stated = site.project.static_roots.iter().map(|(root, _)| root.path.as_slice());
    let roots = site.project.document_roots.iter().map(|root| root.path.as_slice()).chain(stated);
    roots.filter(|root| !root.is_empty()).any(|root| path::is_below(site.path(), root))
}

fn one(site: &Site<'_>, value: &Value) -> Resolution {
    match (value.anchor, value.exact()) {
        (Anchor::Text, Some(text)) => specifier(site, text),
        (Anchor::Tree, Some(text)) => match path::normalize(text) {
            Some(place) => module(site, &place, value.certainty),
            None => Resolution::Outside,
        },
        (_, None) => pattern(site, value),
    }
}

/// A name with an unknown part: the directory before it must stand.
fn pattern(site: &Site<'_>, value: &Value) -> Resolution {
    const UNKNOWN: Resolution = Resolution::Dynamic("a part is only known at run time");
    let head = value.head();
    let Some(end) = memchr::memrchr(b'/', head) else { return UNKNOWN };
    let directory = match value.anchor {
        Anchor::Tree => head[..end].to_vec(),
        Anchor::Text if is_relative(head) => path::join(site.directory(), &head[..end]),
        Anchor::Text => return UNKNOWN,
    };
    let Some(directory) = path::normalize(&directory) else { return Resolution::Outside };
    match site.world.find(&directory, Want::Directory) {
        Lookup::Missing if !directory.is_empty() => {
            let candidate = Candidate::new(directory.into_owned(), Certainty::Certain);
            Resolution::Missing(vec![Candidate { want: Want::Directory, near_only: true, ..candidate }])
        }
        _ => UNKNOWN,
    }
}

/// A name as it is written, with loaders before it and a query behind it.
fn specifier(site: &Site<'_>, text: &[u8]) -> Resolution {
    let name = text.rsplit(|&byte| byte == b'!').next().unwrap_or(text);
    let name = name.split(|&byte| byte == b'?').next().unwrap_or(name);
    if name.is_empty() || name.contains(&0) || name.contains(&b'\n') {
        return Resolution::Dynamic("no name of a module");
    }
    if is_relative(name) {
        return relative(site, name);
    }
    if let Some(rest) = name.strip_prefix(b"/") {
        return conventional(site, rest, [""].iter());
    }
    mapped(site, name)
}

/// A path from the directory of the module. The name of a module of ES is a URL: decoded, and without a fragment.
fn relative(site: &Site<'_>, name: &[u8]) -> Resolution {
    let joined = path::join(site.directory(), name);
    let Some(place) = path::normalize(&joined) else { return Resolution::Outside };
    let folder = name.ends_with(b"/") || matches!(path::name(name), b"." | b"..");
    let resolution = if folder { within(site, &place) } else { module(site, &place, Certainty::Certain) };
    let written = name.split(|&byte| byte == b'#').next().unwrap_or(name);
    let decoded = path::percent_decode(written);
    if !matches!(resolution, Resolution::Missing(_)) || *decoded == *name {
        return resolution;
    }
    let as_url = path::normalize(&path::join(site.directory(), &decoded)).map(std::borrow::Cow::into_owned);
    let as_url =
        as_url.map(|place| if folder { within(site, &place) } else { module(site, &place, Certainty::Certain) });
    as_url.filter(|other| matches!(other, Resolution::Found(_))).unwrap_or(resolution)
}

/// `./x/` and `..`: a folder, and never `x.js`.
fn within(site: &Site<'_>, place: &[u8]) -> Resolution {
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

fn is_relative(name: &[u8]) -> bool {
    name.starts_with(b"./") || name.starts_with(b"../") || name == b"." || name == b".."
}

/// A name that is no path: by what the tree maps it to.
fn mapped(site: &Site<'_>, name: &[u8]) -> Resolution {
    let names = &site.project.node;
    match names.meant(site.path(), name) {
        Meant::Places(places) => {
            let resolution = any_of(places.iter().map(|place| module(site, place, Certainty::Certain)));
            // What no row finds is looked for among the packages (TypeScript Handbook, "paths").
            let installed = matches!(resolution, Resolution::Missing(_)) && names.depends_on(package(name));
            return if installed { EXTERNAL } else { resolution };
        }
        Meant::Outside => return Resolution::Outside,
        Meant::Nothing => {}
    }
    if let Some(rest) = name.strip_prefix(b"@/").or_else(|| name.strip_prefix(b"~/")) {
        return conventional(site, rest, CONVENTIONS.iter());
    }
    if name.contains(&b':') || is_builtin(name) {
        return EXTERNAL;
    }
    own_package(site, name).or_else(|| from_base(site, name)).unwrap_or(EXTERNAL)
}

/// A file of one of the tree's own packages by the package's name: near misses only, as a build may put it there.
fn own_package(site: &Site<'_>, name: &[u8]) -> Option<Resolution> {
    let (directory, rest, closed) = site.project.node.package_of(name).filter(|(_, rest, _)| !rest.is_empty())?;
    match module(site, &path::join(directory, rest), Certainty::Likely) {
        Resolution::Missing(_) if closed => None,
        Resolution::Missing(mut candidates) => {
            candidates.iter_mut().for_each(|candidate| candidate.near_only = true);
            Some(Resolution::Missing(candidates))
        }
        other => Some(other),
    }
}

/// The package of a name: `a` of `a/b`, `@a/b` of `@a/b/c`.
fn package(name: &[u8]) -> &[u8] {
    let parts = if name.starts_with(b"@") { 2 } else { 1 };
    let end = memchr::memchr_iter(b'/', name).nth(parts - 1);
    &name[..end.unwrap_or(name.len())]
}

fn is_builtin(name: &[u8]) -> bool {
    let top = name.split(|&byte| byte == b'/').next().unwrap_or(name);
    std::str::from_utf8(top).is_ok_and(|top| BUILTIN.binary_search(&top).is_ok())
}

/// A name below `baseUrl`, where its first directory stands there and no package has the name.
fn from_base(site: &Site<'_>, name: &[u8]) -> Option<Resolution> {
    let (first, _) = name.split_at(memchr::memchr(b'/', name)?);
    if site.project.node.depends_on(first) || name.starts_with(b"@") {
        return None;
    }
    let bases: Vec<&[u8]> = site.project.node.bases(site.path()).collect();
    let owns = |base: &&&[u8]| site.world.index.is_directory(&path::join(base, first));
    let owners: Vec<&&[u8]> = bases.iter().filter(owns).collect();
    let place = |base: &&[u8]| module(site, &path::join(base, name), Certainty::Likely);
    (!owners.is_empty()).then(|| any_of(owners.into_iter().map(place)))
}

/// A name that starts from the root of the project, or from where a convention says: near misses only.
fn conventional<'c>(site: &Site<'_>, rest: &[u8], starts: impl Iterator<Item = &'c &'c str>) -> Resolution {
    const UNKNOWN: Resolution = Resolution::Dynamic("the start of the path is only known at run time");
    let home = site.project.node.home(site.path()).unwrap_or_default();
    let mut candidates = Vec::new();
    for start in starts {
        let Some(place) =
            path::normalize(&path::join(&path::join(home, start.as_bytes()), rest)).map(|p| p.into_owned())
        else {
            continue;
        };
        match module(site, &place, Certainty::Open) {
            Resolution::Missing(more) => candidates.extend(more),
            other => return other,
        }
    }
    candidates.iter_mut().for_each(|candidate| candidate.near_only = true);
    if candidates.is_empty() { UNKNOWN } else { Resolution::Missing(candidates) }
}

/// The module at a place, whatever of its name is left out.
fn module(site: &Site<'_>, place: &[u8], certainty: Certainty) -> Resolution {
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
    if used.is_empty() { vec!["js"] } else { used }
}

/// Whether a tool makes what lies there.
fn is_made(place: &[u8]) -> bool {
    let stem = path::split_extension(path::name(place)).0;
    path::segments(place).any(|segment| GENERATED.contains(&segment))
        || MADE.iter().any(|part| stem.ends_with(part.as_bytes()) || path::name(place).ends_with(part.as_bytes()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::BUILTIN.is_sorted());
    }
}
