//! The class namespace: a class must stand in the file in which the autoloader looks for it (PSR-4, PSR-0,
//! Composer's `ClassLoader`).
//!
//! Of declarations only one whose path differs from the expected one by case is a finding: it loads where case is
//! ignored, and nowhere else. Any other difference is a helper, a stub or a second class. A class that is used must
//! be declared somewhere: a rule of the tree names where, and others load what does not lie there by hand.

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::index::{EntryId, Lookup};
use crate::path;
use crate::reference::{Autoloaded, Reference, Want};

/// Packages whose autoloader looks into folders in lower case (wintercms.com "Class autoloading").
const LOWERING: [&str; 2] = ["october/rain", "winter/storm"];

/// Looks for a class where an autoloader would.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Autoloaded) -> Resolution {
    let Some(class) = reference.expr.as_literal() else { return Resolution::Dynamic("no class name") };
    match kind {
        Autoloaded::Declared => declared(site, class),
        Autoloaded::Used => used(site, class),
    }
}

fn declared(site: &Site<'_>, class: &[u8]) -> Resolution {
    let here = site.path();
    if is_loaded_anyway(site, here) {
        return Resolution::External("loaded by a class map");
    }
    let expected = places(site, class, |_| true);
    if expected.iter().any(|expected| expected == here) {
        return Resolution::Found(site.file);
    }
    let in_lower_folders = |expected: &Vec<u8>| lower_folders(expected) == here;
    if LOWERING.iter().any(|package| site.project.uses(package)) && expected.iter().any(in_lower_folders) {
        return Resolution::Found(site.file);
    }
    match expected.into_iter().find(|expected| expected.eq_ignore_ascii_case(here)) {
        Some(expected) => Resolution::Missing(vec![Candidate::new(expected, Certainty::Certain)]),
        None => Resolution::External("no autoload rule of the tree"),
    }
}

/// A path with its folders in lower case.
fn lower_folders(path: &[u8]) -> Vec<u8> {
    path::join(&path::parent(path).to_ascii_lowercase(), path::name(path))
}

fn used(site: &Site<'_>, class: &[u8]) -> Resolution {
    let expected = places(site, class, |prefix| !prefix.is_empty());
    let found = |place: &Vec<u8>| match site.world.find(place, Want::File) {
        Lookup::Found(id) => Some(id),
        _ => None,
    };
    // What the folders of a prefix do not hold, those without one may.
    let fallback = || places(site, class, <[u8]>::is_empty);
    let there = expected.iter().find_map(found).or_else(|| fallback().iter().find_map(found));
    if let Some(id) = there.or_else(|| declarer(site, class)) {
        return Resolution::Found(id);
    }
    if expected.is_empty() {
        return Resolution::External("no autoload rule of the tree");
    }
    let candidate = |place| Candidate::new(place, Certainty::Certain);
    Resolution::Missing(expected.into_iter().map(candidate).collect())
}

/// The file that declares a class as it is named; in any case, where the file is loaded whatever is asked for.
fn declarer(site: &Site<'_>, class: &[u8]) -> Option<EntryId> {
    let declared = site.project.classes.get(&class.to_ascii_lowercase())?;
    let fits =
        |(name, file): &&(Vec<u8>, EntryId)| name == class || is_loaded_anyway(site, site.world.index.path(*file));
    declared.iter().find(fits).map(|(_, file)| *file)
}

fn is_loaded_anyway(site: &Site<'_>, file: &[u8]) -> bool {
    site.project.classmap.iter().any(|entry| path::is_below(file, entry))
}

/// Where the rules look for a class, of those whose prefix is taken; the longest prefix comes first.
fn places(site: &Site<'_>, class: &[u8], takes: impl Fn(&[u8]) -> bool) -> Vec<Vec<u8>> {
    let mut rows: Vec<_> = site.project.autoload.iter().filter(|(prefix, ..)| takes(prefix)).collect();
    rows.sort_by_key(|(prefix, ..)| std::cmp::Reverse(prefix.len()));
    rows.iter().filter_map(|(prefix, directory, psr0)| expected(class, prefix, directory, *psr0)).collect()
}

/// The file in which a rule looks for a class.
fn expected(class: &[u8], prefix: &[u8], directory: &[u8], psr0: bool) -> Option<Vec<u8>> {
    let rest = class.strip_prefix(prefix)?;
    let relative = if psr0 { psr0_path(class) } else { slashes(rest) };
    let relative = [relative.as_slice(), b".php"].concat();
    Some(path::normalize(&path::join(directory, &relative))?.into_owned())
}

fn slashes(name: &[u8]) -> Vec<u8> {
    name.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect()
}

/// The prefix stays; underscores of the class, not of its namespace, are directories too.
fn psr0_path(class: &[u8]) -> Vec<u8> {
    let name = memchr::memrchr(b'\\', class).map_or(0, |at| at + 1);
    let (space, name) = class.split_at(name);
    let name = name.iter().map(|&byte| if byte == b'_' { b'/' } else { byte });
    slashes(space).into_iter().chain(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_name_files() {
        for (class, prefix, psr0, want) in [
            ("App\\Models\\User", "App\\", false, Some("src/Models/User.php")),
            ("App\\User", "", false, Some("src/App/User.php")),
            ("Ns\\Old\\A_C", "Ns\\", true, Some("src/Ns/Old/A/C.php")),
            ("Old_Sub_Thing", "Old_", true, Some("src/Old/Sub/Thing.php")),
            ("Other\\User", "App\\", false, None),
        ] {
            let got = expected(class.as_bytes(), prefix.as_bytes(), b"src", psr0);
            assert_eq!(got.as_deref(), want.map(str::as_bytes), "{class}");
        }
    }
}
