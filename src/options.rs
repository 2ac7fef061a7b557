//! What the command line and `preflight.toml` mean: immutable, globs compiled once.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::diagnostic::Severity;
use crate::project::Mount;

/// Everything a check depends on besides the tree.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Paths that are indexed but not scanned and never reported on.
    pub exclude: Globs,
    /// Paths whose absence is normal: a build makes them.
    pub generated: Globs,
    /// Document roots, relative to the root of the tree.
    pub document_roots: Vec<Vec<u8>>,
    /// PHP include path, relative to the root of the tree.
    pub include_path: Vec<Vec<u8>>,
    /// Server paths mapped to places in the tree.
    pub mounts: Vec<Mount>,
    /// Severity by code; `None` switches the code off.
    pub severity: BTreeMap<String, Option<Severity>>,
    /// Codes allowed under a glob.
    pub allow: Vec<(Globs, Vec<String>)>,
    /// Report on these files only (against the whole tree); empty: on all.
    pub only: Vec<Vec<u8>>,
    /// Threads to use; 0: as many as the machine has.
    pub threads: usize,
}

/// A set of globs over paths relative to the root. `*` does not cross `/`; a pattern without a slash matches a
/// name at any depth; one that names a directory covers all below it.
#[derive(Clone, Debug, Default)]
pub struct Globs(Option<GlobSet>);

impl Globs {
    /// Compiles patterns.
    ///
    /// # Errors
    /// The first pattern that is not a glob, and why.
    pub fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, String> {
        if patterns.is_empty() {
            return Ok(Globs(None));
        }
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            for form in forms(pattern.as_ref()) {
                let glob = GlobBuilder::new(&form).literal_separator(true).build();
                set.add(glob.map_err(|error| format!("`{}`: {}", pattern.as_ref(), error.kind()))?);
            }
        }
        set.build().map(|set| Globs(Some(set))).map_err(|error| error.to_string())
    }

    /// Whether a path relative to the root matches.
    #[must_use]
    pub fn matches(&self, path: &[u8]) -> bool {
        use std::os::unix::ffi::OsStrExt;
        let path = std::ffi::OsStr::from_bytes(path);
        self.0.as_ref().is_some_and(|set| set.is_match(path))
    }
}

fn forms(pattern: &str) -> [String; 2] {
    let pattern = pattern.trim_start_matches("./");
    let anchored = pattern.trim_end_matches('/');
    let base = match anchored.strip_prefix('/') {
        Some(rest) => rest.to_owned(),
        None if anchored.contains('/') => anchored.to_owned(),
        None => format!("**/{anchored}"),
    };
    [base.clone(), format!("{base}/**")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_cover_directories_and_names() {
        let globs = Globs::new(&["build/", "*.min.js", "a/*.txt", "/top"]).unwrap_or_default();
        for path in ["build/x", "src/build/y/z", "js/x.min.js", "a/b.txt", "top/x"] {
            assert!(globs.matches(path.as_bytes()), "{path}");
        }
        for path in ["builder/x", "a/b/c.txt", "src/top"] {
            assert!(!globs.matches(path.as_bytes()), "{path}");
        }
    }
}
