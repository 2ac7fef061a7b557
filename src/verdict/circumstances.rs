//! What is known around a miss: where its file lies and who loads it, what makes or brings the target, what the folder
//! of the target holds.

use rustc_hash::FxHashSet;

use super::{Evidence, target};
use crate::check::Miss;
use crate::diagnostic::{Certainty, KeptOut};
use crate::index::{EntryId, EntryKind, Index};
use crate::matcher::Circumstances;
use crate::path;
use crate::project::{IGNORED, PER_MACHINE, WRITTEN};
use crate::reference::{Autoloaded, Namespace};
use crate::resolve::{Candidate, NotDeployed, node};
use crate::scan;

/// Folders in which missing files are there on purpose, that others maintain, or that nothing runs from any more.
const QUIET: [&[u8]; 34] = [
    b"test",
    b"tests",
    b"e2e",
    b"__benchmarks__",
    b"bench",
    b"benches",
    b"benchmark",
    b"benchmarks",
    b"cypress",
    b"playground",
    b"playgrounds",
    b"spec",
    b"specs",
    b"__tests__",
    b"fixture",
    b"fixtures",
    b"testdata",
    b"example",
    b"examples",
    b"demo",
    b"demos",
    b"sample",
    b"samples",
    b"testing",
    b"tutorial",
    b"tutorials",
    b"external",
    b"externals",
    b"third_party",
    b"thirdparty",
    b"3rdparty",
    b".archive",
    b"_archive",
    b"archived",
];

/// Languages of programs: manifests and documents have the same name in many folders.
const PROGRAMS: [&str; 6] = ["javascript", "perl", "php", "python", "ruby", "shell"];

/// Most folders above a file that may be put over others, and most that they may be put over.
const MAX_OVERLAID: usize = 8;

/// What folders are called of which others are made, behind an underscore.
const TEMPLATES: [&[u8]; 3] = [b"base", b"src", b"template"];

/// Words that make a folder one of tests or of samples.
const TESTS: [&[u8]; 9] =
    [b"benchmark", b"e2e", b"example", b"examples", b"fixtures", b"sample", b"test", b"testing", b"tests"];

/// Formats in which a plain miss is told only where the tree shows that it holds what lies there: configuration also
/// names what is put beside it before it runs. Sorted.
const CONFIGURATIONS: [&str; 14] = [
    "apache",
    "ci",
    "compose",
    "dockerfile",
    "github-actions",
    "kustomize",
    "lighttpd",
    "nginx",
    "procfile",
    "puppet",
    "supervisord",
    "systemd",
    "terraform",
    "uwsgi",
];

/// Whether a language only builds and provisions: nothing of it runs where the tree is deployed.
#[must_use]
pub fn provisions(language: &str) -> bool {
    CONFIGURATIONS.binary_search(&language).is_ok()
}

/// Files by what loads them.
pub(super) struct Loads {
    /// Others include them.
    pub included: FxHashSet<EntryId>,
    /// An autoloader finds them for a class that is called as they are.
    pub autoloaded: FxHashSet<EntryId>,
}

/// What is known of a miss beyond the miss itself.
pub(super) fn circumstances(evidence: &Evidence<'_>, miss: &Miss, loads: &Loads) -> Circumstances {
    let Evidence { world, project, .. } = *evidence;
    let file = world.index.path(miss.file);
    let target = target(miss);
    let named = miss.candidates.first().is_some_and(|candidate| candidate.names.is_some());
    let in_tests = path::segments(path::parent(file)).any(|one| is_quiet(&one.to_ascii_lowercase()) || is_release(one));
    let idle = project.is_of_idle_role(file) && miss.language == "ansible" || is_copied_library(world.index, miss);
    // Under the name of its file a class is loaded, in whatever case it is declared.
    let loaded = miss.namespace == Namespace::Class(Autoloaded::Declared) && loads.autoloaded.contains(&miss.file);
    let windows = miss.language == "c" && project.is_for_windows(world.index);
    let why = |one: &Candidate| {
        let why = project.exempt(world.index, (file, miss.namespace), &one.path);
        why.filter(|why| !stands_there(miss, why))
    };
    // Of the extensions that a module's name leaves out, a build, or the program, may write the one that it needs.
    let is_made = |one: &Candidate| matches!(why(one), Some(IGNORED | WRITTEN));
    let is_compiled =
        || node::sources(target).into_iter().any(|source| is_made(&Candidate::new(source, Certainty::Open)));
    let made = miss.namespace == Namespace::Node && (miss.candidates.iter().any(is_made) || is_compiled());
    let exempt = made || miss.candidates.first().is_some_and(|first| why(first).is_some());
    Circumstances {
        entry: !loads.included.contains(&miss.file) && !project.changes_directory.contains(&miss.file),
        quiet: in_tests || scan::is_vendored(file) || idle || windows || loaded,
        exempt: !named
            && (exempt
                || is_overlaid(evidence, miss, target)
                || !provisions(miss.language) && is_put_elsewhere(world.index, file)),
        closed: is_closed(world.index, target),
        moved: false,
        of_windows: project.is_of_windows(file),
        remote: !named && provisions(miss.language) && is_remote(world.index, target),
    }
}

/// A folder of tests or of samples, by its name or by a word of it: `smoke-tests`.
fn is_quiet(folder: &[u8]) -> bool {
    QUIET.contains(&folder) || folder.split(|byte| b"-_".contains(byte)).any(|word| TESTS.contains(&word))
}

/// `codemirror-5.17.0`: the copy of a package, with what it does not need to work.
fn is_release(folder: &[u8]) -> bool {
    let Some(hyphen) = memchr::memrchr(b'-', folder) else { return false };
    let version = &folder[hyphen + 1..];
    let numbers = || version.split(|&byte| byte == b'.');
    numbers().count() > 1 && numbers().all(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// A manifest of Composer below another project, which nothing was installed by: a copied library is loaded by hand.
fn is_copied_library(index: &Index, miss: &Miss) -> bool {
    let directory = path::parent(index.path(miss.file));
    let installed =
        ["composer.lock", "vendor"].iter().any(|name| index.id(&path::join(directory, name.as_bytes())).is_some());
    miss.language == "composer" && !directory.is_empty() && !installed
}

/// Whether a file is one that a module of Puppet, or a role of Ansible, puts on servers: it runs beside what stands
/// there.
fn is_put_elsewhere(index: &Index, file: &[u8]) -> bool {
    let stands = |above: &[u8], name: &str| index.is_directory(&path::join(above, name.as_bytes()));
    path::ancestors(path::parent(file)).filter(|directory| path::name(directory) == b"files").any(|directory| {
        let above = path::parent(directory);
        stands(above, "manifests") || stands(above, "tasks")
    })
}

/// What git ignores by name is not made later where it stands already; a folder may be filled by a build.
fn stands_there(miss: &Miss, why: &str) -> bool {
    let by_name = |there: &NotDeployed| matches!(there.why, KeptOut::Ignored { folder: false, .. });
    matches!(why, IGNORED | PER_MACHINE) && miss.kept_out.as_deref().is_some_and(by_name)
}

/// A file of a folder whose files are put over those of another one, `environments/dev` over the root: the target is
/// there, and the file itself is there as well or will be, as git ignores it.
fn is_overlaid(evidence: &Evidence<'_>, miss: &Miss, target: &[u8]) -> bool {
    if !PROGRAMS.contains(&miss.language) {
        return false;
    }
    let Evidence { world, project, .. } = *evidence;
    let file = world.index.path(miss.file);
    let ignored = |place: &[u8]| project.exempt(world.index, (place, miss.namespace), place) == Some(IGNORED);
    let over = path::ancestors(path::parent(file)).filter(|over| !over.is_empty() && path::is_below(target, over));
    over.take(MAX_OVERLAID).any(|over| {
        if is_template_of(world.index, over, &ignored) {
            return true;
        }
        path::ancestors(path::parent(over)).take(MAX_OVERLAID).any(|under| {
            let moved = |place: &[u8]| path::join(under, place.get(over.len() + 1..).unwrap_or_default());
            world.index.is_file(&moved(target)) && (world.index.is_file(&moved(file)) || ignored(&moved(file)))
        })
    })
}

/// `widgets_base` beside `widgets`, which git ignores and a build makes of it.
fn is_template_of(index: &Index, folder: &[u8], ignored: &dyn Fn(&[u8]) -> bool) -> bool {
    let name = path::name(folder);
    let stem = TEMPLATES.iter().find_map(|word| name.strip_suffix(*word)?.strip_suffix(b"_"));
    let made = stem.filter(|stem| !stem.is_empty()).map(|stem| path::join(path::parent(folder), stem));
    made.is_some_and(|made| !index.is_directory(&made) && ignored(&made))
}

/// Neither the directory of the target nor the one above it is there.
fn is_remote(index: &Index, target: &[u8]) -> bool {
    let directory = path::parent(target);
    !index.is_directory(directory) && !index.is_directory(path::parent(directory))
}

/// A sibling of the same extension exists, so that the directory is one that the tree fills.
fn is_closed(index: &Index, target: &[u8]) -> bool {
    let extension = path::extension(target);
    let Some(directory) = index.id(path::parent(target)) else { return false };
    index.kind(directory) == EntryKind::Directory
        && index.children(directory).any(|child| path::extension(index.name(child)) == extension)
}
