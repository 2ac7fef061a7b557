//! Names that what loads them passes over without a word, or loads although nobody means it.
//!
//! A directory of parts (`conf.d`, `cron.d`, `.github/workflows`) is read by a rule about names: `site.cof` beside
//! `*.conf` is not there, `default.bak` in nginx's `sites-enabled/*` is one more site. Only a name that one slip keeps
//! from being loaded is told: `site.conf.disabled`, `README` and their like are left out on purpose. What the
//! configuration in the tree includes goes before what is usual for a directory of that name (run-parts(8), cron(8),
//! the manuals of the servers).

use super::family::{self, Family};
use super::{Around, Finding, Meant};
use crate::diagnostic::Difference;
use crate::diagnostic::Severity::{self, Error, Warning};
use crate::index::{EntryId, EntryKind, Index};
use crate::path;

/// A directory of parts: the name of the one above it (empty for any), its own, the ends of names that are loaded.
struct Loader(&'static str, &'static str, &'static [&'static str]);

const CONF: &[&str] = &[".conf"];

/// Sorted by the directory's own name.
const LOADERS: [Loader; 26] = [
    Loader("fail2ban", "action.d", &[".conf", ".local"]),
    Loader("apache2", "conf-enabled", CONF),
    Loader("httpd", "conf.d", CONF),
    Loader("nginx", "conf.d", CONF),
    Loader("supervisor", "conf.d", CONF),
    Loader("httpd", "conf.modules.d", CONF),
    Loader("", "docker-entrypoint-initdb.d", &[".js", ".sh", ".sql", ".sql.gz", ".sql.xz", ".sql.zst"]),
    Loader("", "docker-entrypoint.d", &[".envsh", ".sh"]),
    Loader("fail2ban", "filter.d", &[".conf", ".local"]),
    Loader("fail2ban", "jail.d", &[".conf", ".local"]),
    Loader("", "journald.conf.d", CONF),
    Loader("", "ld.so.conf.d", CONF),
    Loader("security", "limits.d", CONF),
    Loader("", "modprobe.d", CONF),
    Loader("apache2", "mods-enabled", &[".conf", ".load"]),
    Loader("nginx", "modules-enabled", CONF),
    Loader("", "modules-load.d", CONF),
    Loader("", "pool.d", CONF),
    Loader("", "rsyslog.d", CONF),
    Loader("udev", "rules.d", &[".rules"]),
    Loader("apache2", "sites-enabled", CONF),
    Loader("", "sources.list.d", &[".list", ".sources"]),
    Loader("", "sysctl.d", CONF),
    Loader("", "tmpfiles.d", CONF),
    Loader(".github", "workflows", &[".yaml", ".yml"]),
    Loader("", "yum.repos.d", &[".repo"]),
];
/// Directories below `etc` in which cron, or run-parts for it, takes names of letters, digits, `_` and `-` alone.
const CRON: [&[u8]; 5] = [b"cron.d", b"cron.daily", b"cron.hourly", b"cron.monthly", b"cron.weekly"];
/// Extensions that people give what cron is to run.
const RUN: [&[u8]; 8] = [b"bash", b"cron", b"crontab", b"php", b"pl", b"py", b"rb", b"sh"];
/// What editors and package managers put behind the name of the file that they copy.
const COPIES: [&[u8]; 9] =
    [b"~", b".bak", b".dpkg-dist", b".dpkg-new", b".dpkg-old", b".old", b".orig", b".rej", b".save"];
/// Kinds of units that have drop-ins.
const UNITS: [&[u8]; 6] = [b".mount.d", b".path.d", b".service.d", b".slice.d", b".socket.d", b".timer.d"];
/// Manifests beside which a `Procfile` stands.
const MANIFESTS: [&[u8]; 6] =
    [b"Gemfile", b"Pipfile", b"composer.json", b"package.json", b"pyproject.toml", b"requirements.txt"];

/// Adds a finding to every entry of a directory that has no error yet and that is passed over, or loaded by mistake.
pub(super) fn check(around: &Around<'_>, directory: EntryId, found: &mut Vec<(EntryId, Finding)>) {
    let index = around.index;
    let rules = Rules::of(around, directory);
    let children = index.children(directory).filter_map(|id| {
        let finding = match index.kind(id) {
            EntryKind::File => rules.part(around, id).or_else(|| well_known(around, directory, id)),
            EntryKind::Directory => workflows(index, id),
            _ => None,
        };
        Some((id, finding?))
    });
    let new: Vec<(EntryId, Finding)> = children.collect();
    if !new.is_empty() {
        // Another rule's guess at an odd extension is surer here.
        found.retain(|(id, old)| old.severity == Error || !new.iter().any(|(other, _)| other == id));
        let told: Vec<EntryId> = found.iter().map(|(id, _)| *id).collect();
        found.extend(new.into_iter().filter(|(id, _)| !told.contains(id)));
        found.sort_by_key(|(id, _)| *id);
    }
}

/// What is loaded of a directory.
#[derive(Default)]
struct Rules<'a> {
    /// Patterns for the names that are loaded.
    patterns: Vec<Vec<u8>>,
    /// The tree's own configuration says so.
    stated: bool,
    cron: bool,
    name: &'a [u8],
}

impl<'a> Rules<'a> {
    fn of(around: &'a Around<'_>, directory: EntryId) -> Self {
        let whole = around.index.path(directory);
        let (name, above) = (path::name(whole), path::name(path::parent(whole)));
        let cron = above == b"etc" && CRON.contains(&name);
        let stated = || around.project.loaded.iter().filter_map(|(from, pattern)| part_of(from, pattern, whole));
        let mut patterns: Vec<Vec<u8>> = stated().map(<[u8]>::to_vec).collect();
        let stated = !patterns.is_empty();
        if !stated {
            let start = LOADERS.partition_point(|loader| loader.1.as_bytes() < name);
            let rows = LOADERS[start..].iter().take_while(|loader| loader.1.as_bytes() == name);
            let usual = rows.filter(|loader| loader.0.is_empty() || loader.0.as_bytes() == above);
            patterns = usual.flat_map(|loader| loader.2).map(|end| [b"*", end.as_bytes()].concat()).collect();
            if UNITS.iter().any(|unit| name.ends_with(unit)) {
                patterns.push(b"*.conf".to_vec());
            }
            if (above, name) == (b"nginx", b"sites-enabled") {
                patterns.push(b"*".to_vec());
            }
        }
        Rules { patterns, stated, cron, name }
    }

    fn loads(&self, name: &[u8]) -> bool {
        self.patterns.iter().any(|pattern| path::matches_wildcard(pattern, name) != Some(false))
    }

    fn part(&self, around: &Around<'_>, id: EntryId) -> Option<Finding> {
        let name = around.index.name(id);
        if self.cron {
            return passed_over_by_cron(name);
        }
        if self.patterns.is_empty() || name.starts_with(b".") {
            return None;
        }
        if self.loads(name) {
            let copy = self.name == b"sites-enabled" && COPIES.iter().any(|end| name.ends_with(end));
            let severity = if self.stated { Error } else { Warning };
            return copy.then(|| {
                finding("name-loaded-leftover", severity, "is a copy that is loaded as a part of its own", None)
            });
        }
        let meant = self.mended(name).into_iter().find(|meant| self.loads(meant))?;
        // Beside the real one it is a copy to read.
        let beside = path::join(around.index.path(around.index.parent(id)), &meant);
        if around.index.id(&beside).is_some() {
            return None;
        }
        let meant = Meant::perhaps(meant, Difference::Extension);
        Some(finding("name-not-loaded", Error, "is passed over by what loads this directory", meant))
    }

    /// The names that one slip made this of: capitals, a second extension, a slip of the extension.
    fn mended(&self, name: &[u8]) -> Vec<Vec<u8>> {
        let (stem, extension) = path::split_extension(name);
        let Some(extension) = extension else { return Vec::new() };
        let mut names = vec![[stem, b".", &extension.to_ascii_lowercase()].concat()];
        if extension == b"txt" {
            names.push(stem.to_vec());
        }
        if family::family(name) == Family::Unknown {
            let ends = self.patterns.iter().filter_map(|pattern| path::split_extension(pattern).1);
            let near = ends.filter(|end| end.len() > 2 && is_one_edit(extension, end));
            names.extend(near.map(|end| [stem, b".", end].concat()));
        }
        names
    }
}

/// The last part of a pattern that a file in `from` has for a directory of this name: `conf.d/*.conf`.
fn part_of<'p>(from: &[u8], pattern: &'p [u8], directory: &[u8]) -> Option<&'p [u8]> {
    let (front, last) = (path::parent(pattern), path::name(pattern));
    if !last.contains(&b'*') || front.is_empty() || path::name(front) != path::name(directory) {
        return None;
    }
    let fits = if front.starts_with(b"/") {
        // The directory above is known, too: `/etc/nginx/conf.d` is not Apache's.
        path::name(path::parent(front)) == path::name(path::parent(directory))
    } else {
        // It starts from the directory of the file or from one above it.
        let base = directory.strip_suffix(front).map(|base| base.strip_suffix(b"/").unwrap_or(base));
        base.is_some_and(|base| path::is_below(from, base))
    };
    fits.then_some(last)
}

fn is_one_edit(written: &[u8], right: &[u8]) -> bool {
    strsim::osa_distance(&String::from_utf8_lossy(written), &String::from_utf8_lossy(right)) == 1
}

fn finding(code: &'static str, severity: Severity, what: &'static str, meant: Option<Meant>) -> Finding {
    Finding { code, severity, what, meant }
}

fn passed_over_by_cron(name: &[u8]) -> Option<Finding> {
    let (stem, extension) = path::split_extension(name);
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    if !RUN.contains(&extension?) || stem.is_empty() || !stem.iter().all(plain) {
        return None;
    }
    let meant = Meant::perhaps(stem.to_vec(), Difference::Extension);
    // What puts it on a server may give it another name.
    Some(finding("name-not-loaded", Warning, "has a dot, so that cron passes it over", meant))
}

/// `.htacess`, `.dockerignor`, `procfile`: what looks for the exact name finds nothing.
fn well_known(around: &Around<'_>, directory: EntryId, id: EntryId) -> Option<Finding> {
    let index = around.index;
    let name = index.name(id);
    let has = |name: &[u8]| index.id(&path::join(index.path(directory), name)).is_some();
    let (right, severity): (&[u8], Severity) = match name {
        [b'.', b'h' | b'H' | b't', ..] if is_nearly(name, b".htaccess") => (b".htaccess", Error),
        [b'.', b'd' | b'D' | b'o', ..] if is_nearly(name, b".dockerignore") => (b".dockerignore", Warning),
        [b'h', ..] if name == b"htaccess" && is_served(around, directory) => (b".htaccess", Warning),
        [b'p' | b'P', ..] if name != b"Procfile" && name.eq_ignore_ascii_case(b"Procfile") => {
            MANIFESTS.iter().any(|manifest| has(manifest)).then_some((&b"Procfile"[..], Warning))?
        }
        _ => return None,
    };
    if has(right) {
        return None;
    }
    let meant = Meant::perhaps(right.to_vec(), Difference::Spelling);
    Some(finding("name-not-loaded", severity, "is not the name that is looked for", meant))
}

fn is_nearly(name: &[u8], right: &[u8]) -> bool {
    name.len().abs_diff(right.len()) <= 1
        && name != right
        && (name.eq_ignore_ascii_case(right) || is_one_edit(name, right))
}

fn is_served(around: &Around<'_>, directory: EntryId) -> bool {
    let here = around.index.path(directory);
    around.project.document_roots.iter().any(|root| root.path == here)
}

/// `.github/workflow` holds workflows that never run.
fn workflows(index: &Index, id: EntryId) -> Option<Finding> {
    let name = index.name(id);
    let plain = name.iter().all(u8::is_ascii_alphabetic) && name != b"workflows" && name.len().abs_diff(9) <= 1;
    let above = index.path(index.parent(id));
    if !plain || path::name(above) != b".github" {
        return None;
    }
    let near = name.eq_ignore_ascii_case(b"workflows") || is_one_edit(name, b"workflows");
    let holds =
        index.children(id).any(|child| matches!(path::extension(index.name(child)).as_slice(), b"yml" | b"yaml"));
    let beside = index.id(&path::join(above, b"workflows")).is_some();
    let meant = Meant::perhaps(b"workflows".to_vec(), Difference::Spelling);
    let what = "is not the folder from which workflows are run";
    (near && holds).then(|| finding("name-not-loaded", if beside { Warning } else { Error }, what, meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(LOADERS.is_sorted_by_key(|loader| loader.1));
    }
}
