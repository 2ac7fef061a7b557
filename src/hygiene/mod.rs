//! Names that are wrong in themselves, whoever refers to them.
//!
//! Independent of references: `index.py` with a space at its end is wrong before anything asks for `index.py`.
//! Every entry is judged by its last segment, once, and gets at most one finding: the first rule that speaks, in
//! the order of `RULES`. The name proposed instead is mended until no rule speaks any more, so that a fixed
//! tree checks clean.
//!
//! Over 57 maintained trees with 189,290 names none had white space at an end, a control, zero-width or
//! direction character, a trailing dot, a form other than NFC or UTF-8, or a sibling equal but for case: these may
//! be errors. Knowingly not reported, because real trees are full of them: spaces inside a name, `:` `*` and other
//! characters that only Windows forbids, a leading `-`, shell metacharacters (`[[...slug]]`, `(group)`, `$id`),
//! literal `%20` and `?ver=1` of mirrored sites, ASCII pairs that look alike (`l1`, `O0`), names longer than one
//! disk encryption allows, unassigned code points (the tables age), and leftovers of editors outside of a document
//! root. What a shebang line or a file's content says against its name is not read here.
//!
//! Folders of other people's code and of tests are narrowed: only what cannot be seen is reported, as a warning.

mod exposed;
mod extension;
mod family;
mod script;
mod siblings;
mod tracked;
mod unloaded;
mod unseen;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::diagnostic::{Applicability, Diagnostic, Difference, Fix, NearMiss, Severity, Status, show};
use crate::index::{EntryId, EntryKind, Index};
use crate::path;
use crate::project::Project;

/// Most times a proposed name is mended further.
const MAX_MENDS: usize = 6;

/// Folders that hold other people's code or deliberately odd names.
const NARROWED: [&[u8]; 20] = [
    b"node_modules",
    b"vendor",
    b"bower_components",
    b".venv",
    b"venv",
    b"site-packages",
    b"third_party",
    b"__pycache__",
    b"__snapshots__",
    b"test",
    b"tests",
    b"testdata",
    b"spec",
    b"specs",
    b"__tests__",
    b"fixture",
    b"fixtures",
    b"example",
    b"examples",
    b"debian",
];

/// A rule's verdict on one name.
struct Finding {
    code: &'static str,
    severity: Severity,
    /// Follows the name in the message: "ends in a space".
    what: &'static str,
    /// The name that was meant.
    meant: Option<Meant>,
}

/// A name that was meant.
struct Meant {
    name: Vec<u8>,
    difference: Difference,
    applicability: Applicability,
}

impl Meant {
    /// Nobody types the odd name, so that renaming can only mend.
    fn surely(name: Vec<u8>, difference: Difference) -> Option<Self> {
        Some(Meant { name, difference, applicability: Applicability::Safe }).filter(Meant::is_name)
    }

    /// Something may ask for the odd name as it is.
    fn perhaps(name: Vec<u8>, difference: Difference) -> Option<Self> {
        Some(Meant { name, difference, applicability: Applicability::Review }).filter(Meant::is_name)
    }

    fn is_name(&self) -> bool {
        !matches!(self.name.as_slice(), b"" | b"." | b"..")
    }
}

/// One name and where it stands.
#[derive(Clone, Copy)]
struct Named<'a> {
    name: &'a [u8],
    kind: EntryKind,
    directory: EntryId,
    around: &'a Around<'a>,
}

/// The tree around a name.
struct Around<'a> {
    index: &'a Index,
    project: &'a Project,
    counts: extension::Counts<'a>,
}

/// Every rule about a single name, in the order in which they speak.
const RULES: [fn(&Named<'_>) -> Option<Finding>; 5] =
    [unseen::bytes, unseen::characters, script::check, extension::check, exposed::check];

/// Checks every name of the tree. The result is in index order of directories, and of entries within each.
#[must_use]
pub fn check(index: &Index, project: &Project) -> Vec<Diagnostic> {
    let around = Around { index, project, counts: extension::Counts::new(index) };
    let directories: Vec<EntryId> = std::iter::once(EntryId::ROOT)
        .chain(index.entries().filter(|&id| index.kind(id) == EntryKind::Directory))
        .collect();
    directories.into_par_iter().flat_map_iter(|directory| check_directory(&around, directory)).collect()
}

/// What the disk calls otherwise than git; `tracked` holds the paths that git tracks.
#[must_use]
pub fn compared(index: &Index, tracked: &[Vec<u8>]) -> Vec<Diagnostic> {
    tracked::check(index, tracked)
}

/// The findings about names that no finding about a reference tells already: where an active one names the entry,
/// or something below it, as what was meant, the two are one.
pub fn unabsorbed(names: Vec<Diagnostic>, told: &[Diagnostic]) -> impl Iterator<Item = Diagnostic> + use<> {
    let mut meant: FxHashSet<Vec<u8>> = FxHashSet::default();
    for near in told.iter().filter(|one| one.status == Status::Active).filter_map(|one| one.near_misses.first()) {
        meant.extend(path::ancestors(&near.path).map(<[u8]>::to_vec));
    }
    names.into_iter().filter(move |name| !meant.contains(&name.file))
}

fn check_directory(around: &Around<'_>, directory: EntryId) -> Vec<Diagnostic> {
    let index = around.index;
    let mut found: Vec<(EntryId, Finding)> = index
        .children(directory)
        .filter_map(|id| Some((id, check_name(around, directory, index.name(id), index.kind(id))?)))
        .collect();
    siblings::check(index, directory, &mut found);
    unloaded::check(around, directory, &mut found);
    if found.is_empty() {
        return Vec::new();
    }
    let narrowed = path::segments(index.path(directory)).any(|segment| NARROWED.contains(&segment));
    found
        .into_iter()
        .filter_map(
            |(id, finding)| if narrowed { narrow(finding).map(|finding| (id, finding)) } else { Some((id, finding)) },
        )
        .map(|(id, finding)| report(around, directory, id, finding))
        .collect()
}

fn check_name(around: &Around<'_>, directory: EntryId, name: &[u8], kind: EntryKind) -> Option<Finding> {
    if is_plain(name) && (kind != EntryKind::File || extension::is_ordinary(name)) {
        return None;
    }
    RULES.iter().find_map(|rule| rule(&Named { name, kind, directory, around }))
}

/// Nearly every name: visible ASCII without a blank or a backslash, not ending in a dot, of a length that any
/// disk takes. A million of them must cost next to nothing.
fn is_plain(name: &[u8]) -> bool {
    name.len() <= 255
        && !name.ends_with(b".")
        && !extension::is_device(name)
        && name.iter().all(|&byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// What is left of a finding in a narrowed folder.
fn narrow(finding: Finding) -> Option<Finding> {
    let unseen = matches!(
        finding.code,
        "name-bidi"
            | "name-control"
            | "name-cr"
            | "name-trailing-space"
            | "name-trailing-ws-unicode"
            | "name-zero-width"
    );
    unseen.then_some(Finding { severity: Severity::Warning, ..finding })
}

fn report(around: &Around<'_>, directory: EntryId, id: EntryId, finding: Finding) -> Diagnostic {
    let index = around.index;
    let file = index.path(id).to_vec();
    let shown = show(index.name(id));
    let mut diagnostic = Diagnostic {
        code: finding.code,
        severity: finding.severity,
        status: Status::Active,
        excuse: None,
        message: format!("the name `{shown}` {}", finding.what),
        help: None,
        file,
        location: None,
        subject: None,
        tried: Vec::new(),
        near_misses: Vec::new(),
        more: 0,
        fix: None,
        fingerprint: String::new(),
    };
    if let Some(meant) = finding.meant {
        propose(around, directory, index.kind(id), meant, &mut diagnostic);
    }
    diagnostic
}

/// Adds the name that was meant; a rename only where its place is free.
fn propose(around: &Around<'_>, directory: EntryId, kind: EntryKind, meant: Meant, diagnostic: &mut Diagnostic) {
    let index = around.index;
    let Meant { name, difference, applicability } = settle(around, directory, kind, meant);
    let right = path::join(index.path(directory), &name);
    let shown = show(&name);
    if index.id(&right).is_some() {
        diagnostic.help = Some(format!("`{shown}` stands beside it: keep one of the two"));
    } else {
        diagnostic.help = Some(format!("rename it to `{shown}`"));
        let renames = vec![(diagnostic.file.clone(), right.clone())];
        diagnostic.fix = Some(Fix { applicability, edits: Vec::new(), renames });
    }
    diagnostic.near_misses.push(NearMiss { path: right, difference, cost: 1, rival: false });
}

/// Mends a proposed name further, until no rule objects to it.
fn settle(around: &Around<'_>, directory: EntryId, kind: EntryKind, mut meant: Meant) -> Meant {
    for _ in 0..MAX_MENDS {
        let further = check_name(around, directory, &meant.name, kind).and_then(|finding| finding.meant);
        let Some(further) = further else { break };
        if further.applicability == Applicability::Review {
            meant.applicability = Applicability::Review;
        }
        meant.name = further.name;
    }
    meant
}

#[cfg(test)]
mod tests;
