//! preflight: finds every reference to a file that the deployed tree will not satisfy.
//!
//! # The flow
//!
//! A [`mod@reference`] is an expression for a path plus the rule by which its language will look it up. A deploy tree
//! is frozen into an [`index`], the only file system that later stages know. Checking is then pure:
//!
//! 1. [`tree`] lists what gets deployed, and [`index`] freezes it.
//! 2. [`scan`] reads each source once; a [`language`] turns it into references, whose paths are expressions
//!    ([`expr`]), and facts.
//! 3. [`project`] merges the facts of the whole tree, with what each [`framework`] says of its names.
//! 4. [`check`](mod@check) evaluates and [`resolve`]s every reference; what is satisfied is counted, what is not is
//!    kept.
//! 5. [`verdict`](mod@verdict) asks the [`matcher`] what was meant, and judges with tree-wide knowledge;
//!    [`hygiene`] adds the names that are wrong in themselves.
//!    With an earlier tree to compare with, [`history`] says before that what was satisfied there.
//! 6. [`triage`] settles what counts, a [`report`] is written, and [`fix`] plans what would mend it; [`mod@mend`]
//!    checks every plan again in memory.
//!
//! # Invariants
//!
//! The same input gives the same bytes, whatever the number of threads. No file name is ever compared by the
//! host's rules. Scanning, evaluating, resolving and matching return values, never errors, and never touch the
//! disk. What cannot be decided is counted, never guessed. A run that could not read something, or checked
//! nothing, says so.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may fail"))]

pub mod check;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod exit;
pub mod expr;
pub mod fix;
pub mod framework;
pub mod git;
pub mod history;
pub mod hygiene;
pub mod index;
pub mod language;
pub mod listing;
pub mod matcher;
pub mod mend;
pub mod options;
pub mod path;
pub mod progress;
pub mod project;
pub mod reference;
pub mod report;
pub mod resolve;
pub mod scan;
pub mod signoff;
pub mod source;
mod stage;
pub mod tree;
pub mod triage;
pub mod verdict;

use config::Detected;
use diagnostic::{Coverage, Exception, KeptOut, Report, Trouble};
use history::{Base, Now, Past, Then};
use index::{EntryId, Index, Withheld};
pub use listing::Listed;
use options::Options;
use progress::Progress;
use project::Project;
use resolve::World;
use stage::{Outcome, Run, Stage, plan, split};
use tree::Tree;
use verdict::Evidence;

/// Who may use whom, sorted: a module of this crate, and the others that it may name. `lib.rs` and `main.rs` wire
/// and may name all. Languages never see the index, resolving never sees source text, reports and fixes see
/// diagnostics only. `tests/tidy.rs` reads the sources and holds them to it.
pub const LAYERS: &[(&str, &[&str])] = &[
    ("check", &["diagnostic", "expr", "index", "project", "reference", "resolve"]),
    ("cli", &["diagnostic", "fix", "report", "signoff"]),
    ("command", &[]),
    ("config", &["diagnostic", "language", "options", "path", "project", "source", "triage"]),
    ("diagnostic", &[]),
    ("exit", &["diagnostic"]),
    ("expr", &["diagnostic", "path"]),
    ("fix", &["diagnostic", "git", "path"]),
    ("framework", &["diagnostic", "expr", "index", "path", "reference"]),
    ("git", &["diagnostic"]),
    (
        "history",
        &[
            "check",
            "diagnostic",
            "index",
            "listing",
            "path",
            "project",
            "reference",
            "resolve",
            "scan",
            "source",
            "tree",
        ],
    ),
    ("hygiene", &["diagnostic", "index", "path", "project"]),
    ("index", &["diagnostic", "path", "tree"]),
    ("language", &["diagnostic", "expr", "framework", "path", "project", "reference", "source"]),
    ("listing", &["diagnostic", "expr", "index", "project", "reference", "resolve", "source"]),
    ("matcher", &["check", "diagnostic", "index", "language", "path", "reference", "resolve", "source"]),
    ("mend", &["diagnostic", "fix", "language", "listing", "path", "tree"]),
    ("options", &["diagnostic", "path", "project"]),
    ("path", &[]),
    ("progress", &[]),
    ("project", &["diagnostic", "expr", "framework", "index", "options", "path", "reference"]),
    ("reference", &["diagnostic", "expr"]),
    ("report", &["diagnostic", "exit", "triage"]),
    ("resolve", &["diagnostic", "expr", "framework", "index", "language", "path", "project", "reference"]),
    ("scan", &["diagnostic", "index", "language", "options", "path", "reference", "source", "tree"]),
    ("signoff", &["diagnostic", "options", "path", "tree"]),
    ("source", &["diagnostic"]),
    (
        "stage",
        &[
            "check",
            "diagnostic",
            "index",
            "language",
            "listing",
            "options",
            "progress",
            "project",
            "reference",
            "resolve",
            "scan",
            "source",
            "tree",
            "triage",
        ],
    ),
    ("tree", &["diagnostic", "git", "path"]),
    ("triage", &["diagnostic", "options", "path", "signoff", "source"]),
    (
        "verdict",
        &[
            "check",
            "diagnostic",
            "history",
            "index",
            "matcher",
            "path",
            "project",
            "reference",
            "resolve",
            "scan",
            "source",
            "tree",
        ],
    ),
];

/// Stack of a scanning thread, in bytes (reserved, not used): parsers recurse as deep as sources nest.
const STACK: usize = 256 << 20;

/// Most bytes of a waiver file, and of one signature, that are read.
const MAX_WAIVERS: usize = 256 << 10;
const MAX_SIGNATURE: usize = 16 << 10;
/// Most signatures of one waiver that are read.
const MAX_SIGNATURES: usize = 8;

/// Checks a tree. `root` is how the tree is called in reports; nothing is read through it.
#[must_use]
pub fn check(tree: &dyn Tree, options: &Options, root: &[u8], progress: &Progress) -> Report {
    check_with(tree, options, &|_| history::Fates::default(), root, progress)
}

/// The same, with what is known of the past.
#[must_use]
pub fn check_with(tree: &dyn Tree, options: &Options, past: &Past<'_>, root: &[u8], progress: &Progress) -> Report {
    on_own_threads(options.threads, || {
        prepared(tree, options, progress, |stage, mut outcome| {
            outcome.merge(stage.check(false));
            reported(stage, outcome, past, root)
        })
    })
}

/// Checks a tree and the one that it is compared with: the reports of both.
#[must_use]
pub fn compare(
    tree: &dyn Tree,
    base: &Base<'_>,
    options: &Options,
    past: &Past<'_>,
    (root, progress): (&[u8], &Progress),
) -> (Report, Report) {
    on_own_threads(options.threads, || {
        prepared(tree, options, progress, |stage, mut outcome| {
            outcome.merge(stage.check(true));
            let now = Now { tree, world: stage.run.world, project: stage.project };
            let watched = history::watched(&now, base, &outcome.checked);
            let earlier = prepared(base.tree, options, progress, |stage, mut earlier| {
                earlier.merge(stage.check(false));
                let then = Then::new(stage.run.world.index, stage.list(|file| watched.contains(file)));
                history::compare(&now, base, &then, past, &mut outcome.checked);
                reported(stage, earlier, &|_| history::Fates::default(), root)
            });
            (reported(stage, outcome, past, root), earlier)
        })
    })
}

/// Runs a check on threads with room for deep parsers; on the caller's where no threads can be had.
fn on_own_threads<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build() {
        Ok(pool) => pool.install(run),
        Err(_) => run(),
    }
}

/// Every reference of a tree with its evaluation and resolution, by file and place.
#[must_use]
pub fn references(tree: &dyn Tree, options: &Options) -> Vec<Listed> {
    on_own_threads(options.threads, || {
        prepared(tree, options, &Progress::default(), |stage, _| {
            let mut listed = stage.list(|_| true);
            listed.sort_by(|a, b| (&a.file, a.location.span).cmp(&(&b.file, b.location.span)));
            listed
        })
    })
}

/// Runs something that needs the check of a tree and of what a plan would make of it.
pub fn with_judge<T>(tree: &dyn Tree, options: &Options, then: impl FnOnce(&mend::Judge<'_>) -> T) -> T {
    let check = |tree: &dyn Tree| triage::settle(check(tree, options, b".", &Progress::default()), options, None);
    let references = |tree: &dyn Tree| references(tree, options);
    then(&mend::Judge { tree, check: &check, references: &references })
}

/// What a first configuration of a tree can say.
#[must_use]
pub fn survey(tree: &dyn Tree, options: &Options) -> Detected {
    on_own_threads(options.threads, || {
        prepared(tree, options, &Progress::default(), |stage, _| {
            let roots = stage.project.document_roots.iter().map(|root| root.path.clone());
            let mounts = verdict::inferred(stage.run.world, &stage.check(false).checked.unmounted);
            Detected { document_roots: roots.collect(), mounts }
        })
    })
}

/// What ships of a tree in the image of a Dockerfile; without a `dockerfile`, in that of the only one there is. What
/// only builds and provisions is left out: it does not run there.
///
/// # Errors
/// Why it cannot be told, in words.
pub fn in_image(tree: Box<dyn Tree>, options: &Options, dockerfile: Option<&[u8]>) -> Result<tree::Laid, String> {
    let view = &*tree;
    let (file, mut layout, other): (Vec<u8>, project::layout::Layout, Vec<Vec<u8>>) =
        on_own_threads(options.threads, || {
            prepared(view, options, &Progress::default(), |stage, _| {
                let index = stage.run.world.index;
                let dockerfiles = stage.kept.iter().filter(|kept| kept.language.name == "dockerfile");
                let all: Vec<EntryId> = dockerfiles.map(|kept| kept.file).collect();
                let file = match (dockerfile, all.as_slice()) {
                    (Some(path), all) => {
                        all.iter().copied().find(|&id| index.path(id) == path).ok_or("it is no Dockerfile")?
                    }
                    (None, [one]) => *one,
                    (None, []) => return Err("there is no Dockerfile".to_owned()),
                    (None, all) => all
                        .iter()
                        .copied()
                        .find(|&id| index.path(id) == b"Dockerfile")
                        .ok_or("there are several Dockerfiles: write docker:FILE")?,
                };
                let layout = project::layout::Layout::new(&stage.project.builds, index, file)?;
                let provisions = stage.kept.iter().filter(|kept| verdict::provisions(kept.language.name));
                let other: Vec<Vec<u8>> = provisions.map(|kept| index.path(kept.file).to_vec()).collect();
                Ok::<_, String>((index.path(file).to_vec(), layout, other))
            })
        })?;
    layout.files.retain(|path, _| !other.contains(path));
    let why = |path: &[u8]| {
        let kept_out = layout.kept_out.get(path).cloned();
        let not_copied = || KeptOut::NotCopied { file: file.clone() };
        (!other.iter().any(|one| one == path)).then(|| kept_out.unwrap_or_else(not_copied))
    };
    Ok(tree::Laid::new(tree, layout.files.clone(), layout.unknown.clone(), why).by(file.clone()))
}

/// Judges what was checked.
fn reported(stage: Stage<'_>, mut outcome: Outcome, past: &Past<'_>, root: &[u8]) -> Report {
    let Stage { run, project, .. } = stage;
    let evidence = Evidence { tree: run.tree, world: run.world, project, past };
    let (mut diagnostics, references) = verdict::verdict(&evidence, outcome.checked);
    let mut names = hygiene::check(run.world.index, project);
    names.extend(hygiene::compared(run.world.index, stage.tracked));
    diagnostics.extend(hygiene::unabsorbed(names, &diagnostics));
    diagnostics.sort_by(|a, b| {
        let start = |one: &diagnostic::Diagnostic| one.location.as_ref().map(|location| location.span);
        (&a.file, start(a), a.code).cmp(&(&b.file, start(b), b.code))
    });
    outcome.troubles.sort();
    let coverage = Coverage { references, ..outcome.coverage };
    let Outcome { troubles, waivers, exceptions, .. } = outcome;
    Report { root: root.to_vec(), diagnostics, troubles, coverage, waivers, exceptions, ..Report::default() }
}

/// Lists, indexes, scans what gives facts and freezes them; `then` goes on from there.
fn prepared<R>(
    tree: &dyn Tree,
    options: &Options,
    progress: &Progress,
    then: impl FnOnce(Stage<'_>, Outcome) -> R,
) -> R {
    let listing = tree.list();
    let excused = exceptions_in(tree, &listing);
    let index = Index::new(listing.entries);
    let withheld = Withheld::new(&index, listing.withheld);
    let world = World { index: &index, withheld: withheld.as_ref() };
    let mut outcome = Outcome { troubles: listing.troubles, ..Outcome::default() };
    match excused {
        Ok(exceptions) => outcome.exceptions = exceptions,
        Err(what) => outcome.troubles.push(Trouble { path: triage::WAIVERS.into(), what }),
    }
    outcome.checked = check::links(&world, |path| options.exclude.matches(path));
    let (facts, streams) = plan(&index, options, &mut outcome.coverage);
    progress.expect(facts.len() + streams.len());
    let run = Run { tree, world: &world, progress };
    let (sources, read) = run.scan_facts(&facts);
    outcome.merge(read);
    let (mut stated, kept) = split(sources);
    stated.extend(run.scan_heads(&streams));
    let project = Project::new(&index, options, stated);
    then(Stage { run, project: &project, kept: &kept, streams: &streams, tracked: &listing.tracked }, outcome)
}

/// What the waiver file of a tree holds, with the signatures that it names. Where it does not ship it is read from what
/// the tree was made from. Links are not followed: what they lead to is not what was reviewed.
///
/// # Errors
/// It cannot be read whole, in words.
pub fn exceptions(tree: &dyn Tree) -> Result<Vec<Exception>, String> {
    exceptions_in(tree, &tree.list())
}

fn exceptions_in(tree: &dyn Tree, listing: &tree::Listing) -> Result<Vec<Exception>, String> {
    // What an attribute keeps out of git's archive still is reviewed and tracked.
    let kept_out = listing.withheld.iter().filter(|one| matches!(one.why, KeptOut::Rule { .. })).map(|one| &one.entry);
    let entries: Vec<&tree::Entry> = match tree.source() {
        Some(_) => listing.entries.iter().collect(),
        None => listing.entries.iter().chain(kept_out).collect(),
    };
    match entries.iter().find(|entry| entry.path == triage::WAIVERS.as_bytes()) {
        Some(entry) if entry.kind != tree::Kind::File => Err("not a regular file".to_owned()),
        Some(_) => excused(tree, &entries),
        None => tree.source().map_or_else(|| Ok(Vec::new()), exceptions),
    }
}

fn excused(tree: &dyn Tree, entries: &[&tree::Entry]) -> Result<Vec<Exception>, String> {
    let is = |path: &[u8], entry: &tree::Entry| entry.path == path && entry.kind == tree::Kind::File;
    let text = tree.read(triage::WAIVERS.as_bytes(), MAX_WAIVERS).map_err(|error| error.kind().to_string())?;
    if text.len() > MAX_WAIVERS {
        return Err(format!("larger than {MAX_WAIVERS} bytes"));
    }
    let text = String::from_utf8(text).map_err(|_| "not UTF-8".to_owned())?;
    let mut all = config::exceptions(&text).map_err(|problem| problem.to_string())?;
    for signature in all.iter_mut().flat_map(|one| one.signatures.iter_mut().take(MAX_SIGNATURES)) {
        let path = signature.path.as_bytes();
        if entries.iter().any(|entry| is(path, entry)) {
            signature.bytes = tree.read(path, MAX_SIGNATURE).ok().filter(|bytes| bytes.len() <= MAX_SIGNATURE);
        }
    }
    Ok(all)
}
