//! The class namespace: a class must stand in the file in which the autoloader looks for it (PSR-4, PSR-0,
//! Composer's `ClassLoader`).
//!
//! Only a declaration whose path differs from the expected one by case is a finding: it loads where case is
//! ignored, and nowhere else. Any other difference is a helper, a stub or a second class.

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::language::Reference;
use crate::path;

/// Looks for the class of a declaration where an autoloader would.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let Some(class) = reference.expr.as_literal() else { return Resolution::Dynamic("no class name") };
    let here = site.path();
    let loaded_anyway = site.project.classmap.iter().any(|entry| path::is_below(here, entry));
    if loaded_anyway {
        return Resolution::External("loaded by a class map");
    }
    let expected: Vec<Vec<u8>> = site
        .project
        .autoload
        .iter()
        .filter_map(|(prefix, directory, psr0)| expected(class, prefix, directory, *psr0))
        .collect();
    if expected.iter().any(|expected| expected == here) {
        return Resolution::Found(site.file);
    }
    match expected.into_iter().find(|expected| expected.eq_ignore_ascii_case(here)) {
        Some(expected) => Resolution::Missing(vec![Candidate::new(expected, Certainty::Certain)]),
        None => Resolution::External("no autoload rule of the tree"),
    }
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
