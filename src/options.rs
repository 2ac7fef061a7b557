//! What the command line and `preflight.toml` mean: immutable, globs compiled once.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::diagnostic::{Date, Severity};
use crate::path;
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
    /// Codes allowed under globs.
    pub allow: Vec<Allow>,
    /// Report on these files and on all below these folders only (against the whole tree); `None`: on all.
    pub only: Option<Vec<Vec<u8>>>,
    /// The day of the check, in UTC; without one no exception of the waiver file holds.
    pub today: Option<Date>,
    /// What counts as approved.
    pub signoff: Signoff,
    /// What a trusted revision says of that; `None` where there is none.
    pub trusted: Option<Trusted>,
    /// A waiver that covers nothing is an error.
    pub strict_waivers: bool,
    /// All that the configuration says.
    pub stated: Stated,
    /// Threads to use; 0: as many as the machine has.
    pub threads: usize,
}

impl Options {
    /// Whether findings in this file are reported at all.
    #[must_use]
    pub fn reports_on(&self, file: &[u8]) -> bool {
        let asked = |only: &Vec<Vec<u8>>| only.iter().any(|place| path::is_below(file, place));
        self.only.as_ref().is_none_or(asked) && !self.exclude.matches(file)
    }

    /// What counts as approved: what a trusted revision says, or, without one, the tree.
    #[must_use]
    pub fn signoff_in_force(&self) -> &Signoff {
        self.trusted.as_ref().map_or(&self.signoff, |trusted| &trusted.signoff)
    }

    /// What configuration has to say where it allows a code in this file.
    #[must_use]
    pub fn allows(&self, file: &[u8], code: &str) -> Option<&Allow> {
        self.allow.iter().find(|allow| allow.codes.iter().any(|one| one == code) && allow.paths.matches(file))
    }
}

/// What it takes to excuse an error, from the weakest on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Accept {
    /// Two names, typed by anyone.
    Names,
    /// Two people by git's account of who wrote the lines: free text that anyone can forge.
    GitLines,
    /// The signatures of two people.
    #[default]
    Signed,
    /// Two people whose reviews the forge tells of.
    Forge,
}

/// Every level by its name in a configuration, from the weakest on.
pub const LEVELS: [(&str, Accept); 4] =
    [("names", Accept::Names), ("git-lines", Accept::GitLines), ("signed", Accept::Signed), ("forge", Accept::Forge)];

/// What a project says of who may accept what.
#[derive(Clone, Debug)]
pub struct Signoff {
    /// What it takes, at least, to excuse an error by the waiver file.
    pub accept: Accept,
    /// Most days that an exception may hold.
    pub max_days: u32,
    /// How the repository is called: part of what is signed, so that no signature counts in another one.
    pub repository: String,
    /// Where the list of signers lies, from the folder of the configuration.
    pub allowed_signers: String,
    /// The worst that one person may excuse, by a comment or in the configuration; `None`: nothing.
    pub allow_up_to: Option<Severity>,
    /// Who may approve; empty: whoever can.
    pub approvers: Vec<String>,
    /// Accounts of programs, besides those that are known.
    pub robots: Vec<String>,
    /// Other names of people: each with the name that counts.
    pub aliases: BTreeMap<String, String>,
    /// The people of each team that CODEOWNERS names.
    pub teams: BTreeMap<String, Vec<String>>,
    /// Whoever wrote the reference or the waiver is none of the two.
    pub author_may_not_approve: bool,
    /// One of the two owns the file of the finding, and one the waiver file.
    pub owners_approve: bool,
    /// Which releases need a sign-off; `None`: every one.
    pub release: Option<Release>,
}

/// Which releases need a sign-off.
#[derive(Clone, Debug)]
pub struct Release {
    /// Those that bring changes here.
    pub paths: Globs,
    /// Those in which an error is excused.
    pub waived_errors: bool,
}

impl Default for Signoff {
    fn default() -> Self {
        Signoff {
            accept: Accept::default(),
            max_days: 90,
            repository: String::new(),
            allowed_signers: "allowed_signers".to_owned(),
            allow_up_to: Some(Severity::Error),
            approvers: Vec::new(),
            robots: Vec::new(),
            aliases: BTreeMap::new(),
            teams: BTreeMap::new(),
            author_may_not_approve: false,
            owners_approve: false,
            release: None,
        }
    }
}

/// What a configuration says, as text: for each key of a value, what stands there, one entry an item of a list.
pub type Stated = BTreeMap<String, BTreeSet<String>>;

/// What a revision that the change under test cannot touch says.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    /// What counts as approved.
    pub signoff: Signoff,
    /// All that its configuration says.
    pub stated: Stated,
    /// The list of signers, in the format of `ssh-keygen`; empty where there is none.
    pub signers: Vec<u8>,
    /// Its `.mailmap`; empty where there is none.
    pub mailmap: Vec<u8>,
    /// Who owns what; `None` where it does not say.
    pub owners: Option<Owners>,
    /// Who approved the commit that is checked, as the forge tells.
    pub reviewers: Vec<String>,
}

/// A CODEOWNERS file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// Where it lies, from the top of the repository.
    pub file: Vec<u8>,
    /// What is in it.
    pub text: Vec<u8>,
    /// Where the checked tree lies, from the top of the repository.
    pub prefix: Vec<u8>,
}

/// Codes that a person allows under some paths, and why.
#[derive(Clone, Debug, Default)]
pub struct Allow {
    /// Where.
    pub paths: Globs,
    /// What.
    pub codes: Vec<String>,
    /// Why; never empty.
    pub reason: String,
}

/// Where the folder that patterns are relative to and the root of the tree lie, seen from the nearest folder that
/// holds both. Both are empty where they are the same folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The folder that configured paths start from.
    pub base: Vec<u8>,
    /// The root of the tree.
    pub tree: Vec<u8>,
}

impl Place {
    /// The place of a tree from a folder; both absolute, without links.
    #[must_use]
    pub fn between(base: &[u8], tree: &[u8]) -> Self {
        let shared = path::segments(base).zip(path::segments(tree)).take_while(|(a, b)| a == b).count();
        let rest = |path: &[u8]| path::segments(path).skip(shared).collect::<Vec<_>>().join(&b'/');
        Place { base: rest(base), tree: rest(tree) }
    }

    /// A configured path, seen from the folder that holds both; `None` where it leads out of it.
    #[must_use]
    pub fn above(&self, configured: &[u8]) -> Option<Vec<u8>> {
        Some(path::normalize(&path::join(&self.base, configured))?.into_owned())
    }

    /// A configured path, relative to the root of the tree; `None` where it lies outside.
    #[must_use]
    pub fn inside(&self, configured: &[u8]) -> Option<Vec<u8>> {
        let above = self.above(configured)?;
        if !path::is_below(&above, &self.tree) {
            return None;
        }
        let rest = &above[self.tree.len()..];
        Some(rest.strip_prefix(b"/").unwrap_or(rest).to_vec())
    }
}

/// Globs over paths. `*` does not cross `/`; a pattern without a slash matches a name at any depth in the tree; one
/// that names a directory covers all below it.
#[derive(Clone, Debug, Default)]
pub struct Globs(Vec<Set>);

#[derive(Clone, Debug)]
struct Set {
    globs: GlobSet,
    /// Put before a path of the tree to see it from where the patterns start.
    prefix: Vec<u8>,
}

impl Globs {
    /// Compiles patterns that are relative to the root of the tree.
    ///
    /// # Errors
    /// The first pattern that is not a glob, and why.
    pub fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, String> {
        Globs::at(patterns, &Place::default())
    }

    /// Compiles patterns that are relative to another folder.
    ///
    /// # Errors
    /// The first pattern that is not a glob, and why.
    pub fn at<S: AsRef<str>>(patterns: &[S], place: &Place) -> Result<Self, String> {
        let base = globset::escape(&String::from_utf8_lossy(&place.base));
        let (anchored, floating): (Vec<&str>, Vec<&str>) =
            patterns.iter().map(AsRef::as_ref).partition(|pattern: &&str| pattern.trim_end_matches('/').contains('/'));
        let mut globs = Globs::default();
        globs.compile(&floating, "**", Vec::new())?;
        globs.compile(&anchored, &base, place.tree.clone())?;
        Ok(globs)
    }

    fn compile(&mut self, patterns: &[&str], base: &str, prefix: Vec<u8>) -> Result<(), String> {
        if patterns.is_empty() {
            return Ok(());
        }
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let relative = pattern.trim_start_matches("./").trim_matches('/');
            let form = if base.is_empty() { relative.to_owned() } else { format!("{base}/{relative}") };
            for form in [format!("{form}/**"), form] {
                let glob = GlobBuilder::new(&form).literal_separator(true).build();
                set.add(glob.map_err(|error| format!("`{pattern}`: {}", error.kind()))?);
            }
        }
        let globs = set.build().map_err(|error| error.to_string())?;
        self.0.push(Set { globs, prefix });
        Ok(())
    }

    /// Takes the patterns of another set in.
    pub fn add(&mut self, mut other: Globs) {
        self.0.append(&mut other.0);
    }

    /// Whether a path relative to the root of the tree matches.
    #[must_use]
    pub fn matches(&self, path: &[u8]) -> bool {
        self.0.iter().any(|set| set.globs.is_match(OsStr::from_bytes(&set.seen(path))))
    }
}

impl Set {
    fn seen<'p>(&self, path: &'p [u8]) -> Cow<'p, [u8]> {
        if self.prefix.is_empty() { Cow::Borrowed(path) } else { Cow::Owned(path::join(&self.prefix, path)) }
    }
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

    #[test]
    fn globs_start_from_the_folder_of_the_configuration() {
        let above = Place::between(b"/srv/repo", b"/srv/repo/www");
        let globs = Globs::at(&["www/cache/", "*.bak", "www", "docs/*"], &above).unwrap();
        for path in ["cache/x", "a/b.bak"] {
            assert!(globs.matches(path.as_bytes()), "{path}");
        }
        for path in ["index.php", "x/cache/y", "docs/x"] {
            assert!(!globs.matches(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn configured_paths_are_seen_from_the_tree() {
        let above = Place::between(b"/srv/repo", b"/srv/repo/www");
        assert_eq!(above.inside(b"./www/public/"), Some(b"public".to_vec()));
        assert_eq!(above.inside(b"www"), Some(Vec::new()));
        assert_eq!(above.inside(b"docs"), None);
        let below = Place::between(b"/srv/repo/ci", b"/srv/repo");
        assert_eq!(below.inside(b"../public"), Some(b"public".to_vec()));
        assert_eq!(below.inside(b"../../other"), None);
    }

    #[test]
    fn only_narrows_to_files_and_folders() {
        let only = Some(vec![b"a.php".to_vec(), b"lib".to_vec()]);
        let options = Options { only, ..Options::default() };
        assert!(options.reports_on(b"a.php") && options.reports_on(b"lib/x/y"));
        assert!(!options.reports_on(b"a.php5") && Options::default().reports_on(b"anything"));
    }
}
