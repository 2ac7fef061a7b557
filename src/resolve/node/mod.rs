//! The node namespace: names of modules, by the rules of Node, TypeScript and bundlers together.
//!
//! A relative name is certain: found where any of their extensions, index files or substitutions finds it, missing
//! where none does (nodejs.org "Modules: CommonJS modules", "All together"; TypeScript Handbook, "Modules
//! Reference"). Other names are looked into where the tree maps them (`baseUrl`, `paths`, `imports`, aliases,
//! its own packages, the folders of its framework); the rest belongs to packages.
//!
//! What this does not do: aliases that do not fold, `exports` of the tree's own packages, modules below
//! `node_modules`.

mod framework;
mod place;

pub use place::sources;

use super::{Candidate, Resolution, Site, any_of, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Anchor, PathExpr, Value, evaluate};
use crate::index::Lookup;
use crate::path;
use crate::project::node::Meant;
use crate::reference::{Reference, Want};
use place::{module, within};

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
    if name.is_empty() || name.iter().any(|byte| b"\0\n*".contains(byte)) {
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

fn is_relative(name: &[u8]) -> bool {
    name.starts_with(b"./") || name.starts_with(b"../") || name == b"." || name == b".."
}

/// A name that is no path: by what the tree maps it to.
fn mapped(site: &Site<'_>, name: &[u8]) -> Resolution {
    let names = &site.project.node;
    match names.meant(site.path(), name) {
        Meant::Places(places) => {
            let resolution = any_of(places.iter().map(|place| placed(site, place)));
            // What no row finds is looked for among the packages (TypeScript Handbook, "paths").
            let installed = matches!(resolution, Resolution::Missing(_)) && names.depends_on(package(name));
            return if installed { EXTERNAL } else { resolution };
        }
        Meant::Outside => return Resolution::Outside,
        Meant::Nothing => {}
    }
    if let Some(resolution) = framework::resolve(site, name) {
        return resolution;
    }
    if let Some(rest) = name.strip_prefix(b"@/").or_else(|| name.strip_prefix(b"~/")) {
        return conventional(site, rest, CONVENTIONS.iter());
    }
    if name.contains(&b':') || is_builtin(name) {
        return EXTERNAL;
    }
    own_package(site, name).or_else(|| from_base(site, name)).unwrap_or(EXTERNAL)
}

/// The module at a place that a row gives, as a disk reads it: `a//b` is `a/b`.
fn placed(site: &Site<'_>, place: &[u8]) -> Resolution {
    match path::normalize(place) {
        Some(place) => module(site, &place, Certainty::Certain),
        None => Resolution::Outside,
    }
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

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::BUILTIN.is_sorted());
    }
}
