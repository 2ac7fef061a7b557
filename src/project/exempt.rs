//! Absences that are normal: what builds and programs make, what people configure per machine, what packages bring.
//!
//! An exemption excuses a plain miss only; near misses by white space, invisible characters, case and Unicode
//! form remain findings.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::Project;
use crate::framework;
use crate::index::Index;
use crate::path;
use crate::reference::{Context, Namespace};

/// Directories that programs fill at run time.
const RUNTIME: [&str; 13] = [
    "uploads", "upload", "cache", "tmp", "temp", "log", "logs", "storage", "var", "sessions", "media", "data", "files",
];
/// Directories that package managers fill.
const DEPENDENCIES: [&str; 5] = ["node_modules", "vendor", "bower_components", "site-packages", "third_party"];
/// Directories that are left out of what is deployed.
const TESTS: [&str; 4] = ["test", "tests", "spec", "specs"];
/// Directories that builds fill.
const BUILT: [&str; 8] = ["dist", "build", "out", "_site", "target", "assets/build", "bin", "obj"];
/// Words that mark a sample beside the real file, wherever they stand in its name.
const SAMPLES: [&str; 3] = ["dist", "example", "sample"];
/// Words that mark one where a dot sets them apart: `default.settings.php`, but not `media-template.php` for
/// `media.php`.
const TEMPLATES: [&str; 7] = ["default", "in", "orig", "stub", "template", "tmpl", "tpl"];
/// Extensions of files that are secrets or made at run time.
const MADE: [&[u8]; 9] = [b"pem", b"key", b"pub", b"sock", b"pid", b"sqlite", b"sqlite3", b"db", b"log"];
/// Files that a program writes where it is used, whatever the tree: Copier's answers, coverage.py's report, Flutter's
/// loader.
const WRITES: [&[u8]; 5] =
    [b".copier-answers.yml", b"coverage.xml", b"flutter.js", b"flutter_bootstrap.js", b"flutter_service_worker.js"];
/// Directories in which version control keeps what it knows: of those of a checkout nothing ships.
const REPOSITORIES: [&str; 3] = [".git", ".hg", ".svn"];
/// Names of files that are configured per machine.
const LOCAL: [&[u8]; 7] = [
    b"wp-config.php",
    b"LocalSettings.php",
    b"settings.local.php",
    b"local_settings.py",
    b"settings_local.php",
    b"settings_local.py",
    b"config.local.php",
];

/// The absence of what git ignores is normal.
pub const IGNORED: &str = "ignored by git";
/// The absence of what the program writes is normal.
pub const WRITTEN: &str = "written by the program";
/// The absence of what each machine configures for itself is normal.
pub const PER_MACHINE: &str = "configured per machine";

/// What git ignores, by the directory whose `.gitignore` says so.
#[derive(Debug, Default)]
pub struct Ignored(Vec<(Vec<u8>, Gitignore)>);

impl Ignored {
    pub(super) fn add(&mut self, directory: &[u8], patterns: &[String]) {
        let mut builder = GitignoreBuilder::new("");
        for pattern in patterns {
            // A line that is no pattern is git's to complain of.
            let _ = builder.add_line(None, pattern);
        }
        if let Ok(ignore) = builder.build() {
            self.0.push((directory.to_vec(), ignore));
        }
    }

    fn matches(&self, target: &[u8]) -> bool {
        self.0.iter().any(|(directory, ignore)| {
            let below = if directory.is_empty() { Some(target) } else { target.strip_prefix(directory.as_slice()) };
            let below = below.and_then(|rest| if directory.is_empty() { Some(rest) } else { rest.strip_prefix(b"/") });
            below.is_some_and(|rest| {
                // What has no extension may be a folder, of which some patterns speak only.
                let folder = path::extension(rest).is_empty();
                !rest.is_empty() && ignore.matched_path_or_any_parents(OsStr::from_bytes(rest), folder).is_ignore()
            })
        })
    }
}

impl Project {
    /// Why the absence of `target` is normal, which a file names by the rules of a namespace; `None` where it is not.
    #[must_use]
    pub fn exempt(&self, index: &Index, (file, rules): (&[u8], Namespace), target: &[u8]) -> Option<&'static str> {
        let written = |tail: &Vec<u8>| target.ends_with(tail) || target == &tail[1..];
        let is_written = WRITES.contains(&path::name(target));
        if is_written || self.outputs.contains(target) || self.output_tails.iter().any(written) {
            return Some(WRITTEN);
        }
        if self.generated.matches(target) {
            return Some("generated, by configuration");
        }
        if self.ignored.matches(target) {
            return Some(IGNORED);
        }
        if self.submodules.iter().any(|one| path::is_below(target, one) && is_empty(index, one)) {
            return Some("of a submodule that is not checked out");
        }
        if matches!(rules, Namespace::Context(Context::Applied { .. })) {
            return None;
        }
        // What names the parts of a build, or of a server, does not run where they are put.
        let runs = !matches!(rules, Namespace::Context(_) | Namespace::Ansible { .. } | Namespace::Puppet { .. });
        if runs && self.placed.part(file, target) {
            return Some("containers have the two apart");
        }
        if framework::is_filled_later(index, target) {
            return Some("installed after the deploy");
        }
        if rules == Namespace::Node && framework::packs(index, file, target) {
            return Some("made by MediaWiki");
        }
        if is_local(path::name(target)) {
            return Some(PER_MACHINE);
        }
        if has_sample(index, target) {
            return Some("a sample stands beside it");
        }
        if memchr::memmem::find(path::name(target), b".bundle.").is_some() || is_compiled(index, target) {
            return Some("made by a build");
        }
        // A module is named without its extension: `../build` is the folder, and a program to be.
        let module = path::without_extension(target);
        if rules == Namespace::Node && BUILT.iter().any(|known| known.as_bytes() == path::name(module)) {
            return Some("made by a build");
        }
        absent_directory(index, target)
    }
}

/// A folder that holds nothing, or is not there.
fn is_empty(index: &Index, directory: &[u8]) -> bool {
    index.id(directory).is_none_or(|id| index.children(id).len() == 0)
}

/// `shop/shop.nocache.js`, `shop/shop.js`: what GWT and J2CL make of a module of Java, in a folder of its name.
fn is_compiled(index: &Index, target: &[u8]) -> bool {
    let folder = path::parent(target);
    let module = path::name(target).strip_suffix(b".js");
    let named = module.is_some_and(|module| module == path::name(folder) && !index.is_directory(folder));
    target.ends_with(b".nocache.js") || named && path::segments(folder).any(|segment| segment == b"webapp")
}

fn is_local(name: &[u8]) -> bool {
    let extension = path::extension(name);
    LOCAL.contains(&name)
        || MADE.contains(&extension.as_slice())
        || name.starts_with(b".env") && !matches!(extension.as_slice(), b"epp" | b"erb" | b"j2" | b"tftpl")
        || name.starts_with(b"secrets.")
        || name.starts_with(b"credentials.")
        || memchr::memmem::find(name, b".local.").is_some()
}

/// `config.php` beside `config.php.dist`, `config.sample.php` or `config-sample.php`.
fn has_sample(index: &Index, target: &[u8]) -> bool {
    let (directory, name) = (path::parent(target), path::name(target));
    let exists = |name: Vec<u8>| index.is_file(&path::join(directory, &name));
    let marked = |word: &str, separator: u8| marked(name, word.as_bytes(), separator).into_iter().any(exists);
    let anywhere = |word: &&str| b".-_".iter().any(|&separator| marked(word, separator));
    // Django calls the files of a project's template so.
    let of_django = exists([name, b"-tpl"].concat());
    of_django || SAMPLES.iter().any(anywhere) || TEMPLATES.iter().any(|word| marked(word, b'.'))
}

/// The names of a sample: the word behind the name, before it, or before its extension.
fn marked(name: &[u8], word: &[u8], separator: u8) -> [Vec<u8>; 3] {
    let (stem, extension) = path::split_extension(name);
    let apart = [separator];
    let inside = match extension {
        Some(extension) => [stem, &apart, word, b".", extension].concat(),
        None => [stem, &apart, word].concat(),
    };
    [[name, &apart, word].concat(), [word, &apart, name].concat(), inside]
}

/// A run-time, dependency or build directory on the way that holds nothing in this tree.
fn absent_directory(index: &Index, target: &[u8]) -> Option<&'static str> {
    let holds = |directory: &[u8]| index.id(directory).is_some_and(|id| index.children(id).len() > 0);
    if BUILT.iter().any(|known| known.as_bytes() == path::name(target)) {
        return Some("made by a build");
    }
    for directory in path::ancestors(path::parent(target)).filter(|directory| !directory.is_empty()) {
        let name = path::name(directory);
        let is = |names: &[&str]| names.iter().any(|known| known.as_bytes() == name);
        if holds(directory) {
            // Filled at run time even where some files of it are shipped.
            if is(&RUNTIME[..10]) {
                return Some("filled at run time");
            }
            continue;
        }
        if is(&RUNTIME) {
            return Some("filled at run time");
        }
        if is(&DEPENDENCIES) {
            return Some("installed by a package manager");
        }
        // Where they go by another of these names they are here, and the name is wrong.
        let beside = || TESTS.iter().any(|other| holds(&path::join(path::parent(directory), other.as_bytes())));
        if is(&TESTS) && !beside() {
            return Some("tests are not deployed");
        }
        if is(&BUILT) {
            return Some("made by a build");
        }
        if is(&REPOSITORIES) {
            return Some("kept by version control");
        }
    }
    None
}
