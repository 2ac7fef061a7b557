//! The verdict over all misses, with what only the whole tree tells: which mounts the absolute paths imply, which
//! files are entry scripts, which directories are closed. Everything before it saw one file at a time.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::check::{Checked, Miss};
use crate::diagnostic::{Certainty, Diagnostic, Difference, Fate, KeptOut, References, Severity, Status};
use crate::history::{Fates, Past};
use crate::index::{EntryId, EntryKind, Index, Lookup};
use crate::matcher::{Circumstances, Judged, Judgement, Near, explain, hints, judge, near_misses};
use crate::path;
use crate::project::{IGNORED, Mount, PER_MACHINE, Project, WRITTEN, infer_mounts};
use crate::reference::{Autoloaded, Namespace, UrlKind, Want};
use crate::resolve::{Candidate, NotDeployed, World, node};
use crate::scan;
use crate::source::Source;
use crate::tree::Tree;

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
const TESTS: [&[u8]; 10] =
    [b"benchmark", b"demo", b"e2e", b"example", b"examples", b"fixtures", b"sample", b"test", b"testing", b"tests"];

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

/// All that the verdict is made from.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// Where sources are read again for their excerpts.
    pub tree: &'a dyn Tree,
    /// Which entries exist.
    pub world: &'a World<'a>,
    /// Facts of the tree.
    pub project: &'a Project,
    /// What git's history says of paths that are gone.
    pub past: &'a Past<'a>,
}

/// Judges everything that was not satisfied. The tally gains what became of the misses.
#[must_use]
pub fn verdict(evidence: &Evidence<'_>, mut checked: Checked) -> (Vec<Diagnostic>, References) {
    let mut tally = checked.tally;
    let unmounted = std::mem::take(&mut checked.unmounted);
    mount(evidence, unmounted, &mut checked.misses, &mut tally);
    checked.misses.sort_by_key(|miss| (miss.file, miss.span.start, miss.span.end));
    let loads =
        Loads { included: checked.includes.drain(..).collect(), autoloaded: checked.autoloaded.drain(..).collect() };
    let mut near = all_near(evidence.world, &checked.misses);
    let judgements: Vec<Judgement> = checked.misses.par_iter().map(|miss| one(evidence, miss, &near, &loads)).collect();
    count(&checked.misses, &judgements, &mut tally);
    hint(evidence.world, &checked.misses, &judgements, &mut near);
    let mut diagnostics = explained(evidence, &checked.misses, &judgements, &near);
    diagnostics.extend(odd(evidence, &checked.odd));
    (diagnostics, tally)
}

/// Absolute paths that no mount maps are tried once more, on the mounts that they themselves imply.
fn mount(evidence: &Evidence<'_>, unmounted: Vec<(Miss, Vec<u8>)>, misses: &mut Vec<Miss>, tally: &mut References) {
    let mounts = inferred(evidence.world, &unmounted);
    for (mut miss, server) in unmounted {
        let place = mounts.iter().find_map(|mount: &Mount| mount.map(&server));
        match place.map(|place| (stands(evidence.world, miss.namespace, &place), place)) {
            Some((Lookup::Found(_), _)) => tally.resolved += 1,
            Some((Lookup::Missing, place)) => {
                let candidate = Candidate::new(place, Certainty::Likely);
                miss.candidates.push(Candidate { near_only: true, ..candidate });
                misses.push(miss);
            }
            _ => tally.outside += 1,
        }
    }
}

/// A path of the tree; for that of a module also the package of its name.
fn stands(world: &World<'_>, namespace: Namespace, place: &[u8]) -> Lookup {
    let package = place.strip_suffix(b".py").filter(|_| matches!(namespace, Namespace::Python { .. }));
    match package.map(|package| world.find(package, Want::Directory)) {
        Some(Lookup::Found(id)) => Lookup::Found(id),
        _ => world.find(place, Want::Any),
    }
}

/// The mounts that absolute paths suggest, by what they would find.
#[must_use]
pub fn inferred(world: &World<'_>, unmounted: &[(Miss, Vec<u8>)]) -> Vec<Mount> {
    let mut paths: Vec<Vec<u8>> = unmounted.iter().map(|(_, server)| server.clone()).collect();
    paths.sort();
    paths.dedup();
    infer_mounts(world.index, &paths, |path| is_there(world, path))
}

/// An entry, or one that differs by white space or invisible characters only.
fn is_there(world: &World<'_>, path: &[u8]) -> bool {
    if path.is_empty() || matches!(world.index.lookup(path), Lookup::Found(_)) {
        return !path.is_empty();
    }
    let candidate = Candidate { want: Want::Any, ..Candidate::new(path.to_vec(), Certainty::Likely) };
    near_misses(world, &candidate).first().is_some_and(|near| near.miss.difference <= Difference::Invisible)
}

type Key<'m> = (&'m [u8], Want, bool, Option<&'m [Vec<u8>]>);
type NearBy<'m> = FxHashMap<Key<'m>, Vec<Near>>;

fn key(candidate: &Candidate) -> Key<'_> {
    (&candidate.path, candidate.want, candidate.glued, candidate.names.as_deref())
}

/// The near misses of every distinct candidate, each looked for once.
fn all_near<'m>(world: &World<'_>, misses: &'m [Miss]) -> NearBy<'m> {
    let mut distinct: FxHashMap<Key<'m>, &'m Candidate> = FxHashMap::default();
    for candidate in misses.iter().filter(|miss| miss.kept_out.is_none()).flat_map(|miss| &miss.candidates) {
        distinct.entry(key(candidate)).or_insert(candidate);
    }
    distinct.into_par_iter().map(|(key, candidate)| (key, near_misses(world, candidate))).collect()
}

/// What is reported and near to nothing may have to do with something all the same.
fn hint<'m>(world: &World<'_>, misses: &'m [Miss], judgements: &[Judgement], near: &mut NearBy<'m>) {
    let reported = |(miss, judgement): (&'m Miss, &Judgement)| {
        let Judgement::Report { candidate, .. } = *judgement else { return None };
        miss.candidates.get(candidate)
    };
    let told = misses.iter().zip(judgements).filter_map(reported).map(|candidate| (key(candidate), candidate));
    // One path may be meant with several degrees of certainty.
    let mut alone: FxHashMap<Key<'m>, &Candidate> = FxHashMap::default();
    for (key, candidate) in told.filter(|(key, _)| near.get(key).is_some_and(Vec::is_empty)) {
        let surest = alone.entry(key).or_insert(candidate);
        if candidate.certainty > surest.certainty {
            *surest = candidate;
        }
    }
    let hints: Vec<_> = alone.into_par_iter().map(|(key, candidate)| (key, hints(world, candidate))).collect();
    near.extend(hints);
}

/// Files by what loads them.
struct Loads {
    /// Others include them.
    included: FxHashSet<EntryId>,
    /// An autoloader finds them for a class that is called as they are.
    autoloaded: FxHashSet<EntryId>,
}

fn one(evidence: &Evidence<'_>, miss: &Miss, near: &NearBy<'_>, loads: &Loads) -> Judgement {
    let each: Vec<&[Near]> =
        miss.candidates.iter().map(|one| near.get(&key(one)).map_or(&[][..], Vec::as_slice)).collect();
    let moved = matches!(miss.namespace, Namespace::Url(UrlKind::Style))
        && each.iter().copied().flatten().any(|near| is_moved_whole(target(miss), near));
    judge(miss, &each, Circumstances { moved, ..circumstances(evidence, miss, loads) })
}

fn target(miss: &Miss) -> &[u8] {
    miss.candidates.first().map_or(&b""[..], |candidate| &candidate.path)
}

/// The last folder and the name are elsewhere in the tree: a build that moves the sheet, or a server that searches
/// several folders, brings the two together.
fn is_moved_whole(target: &[u8], near: &Near) -> bool {
    let last_two = |path: &[u8]| path::segments(path).rev().take(2).map(<[u8]>::to_vec).collect::<Vec<_>>();
    near.miss.difference == Difference::Moved
        && last_two(target).len() == 2
        && last_two(target) == last_two(&near.miss.path)
}

fn circumstances(evidence: &Evidence<'_>, miss: &Miss, loads: &Loads) -> Circumstances {
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

fn count(misses: &[Miss], judgements: &[Judgement], tally: &mut References) {
    for (miss, judgement) in misses.iter().zip(judgements) {
        *match judgement {
            Judgement::Report { .. } => &mut tally.reported,
            Judgement::Open => &mut tally.open,
            Judgement::Exempt => &mut tally.exempt,
            Judgement::Guarded => &mut tally.guarded,
        } += miss.more + 1;
    }
}

/// Diagnostics of what is reported; each source is read once more, for its excerpts.
fn explained(evidence: &Evidence<'_>, misses: &[Miss], judgements: &[Judgement], near: &NearBy<'_>) -> Vec<Diagnostic> {
    let reported: Vec<(&Miss, &Judgement)> =
        misses.iter().zip(judgements).filter(|(_, judgement)| matches!(judgement, Judgement::Report { .. })).collect();
    let fates = fates(evidence, &reported);
    let groups: Vec<&[(&Miss, &Judgement)]> = reported.chunk_by(|a, b| a.0.file == b.0.file).collect();
    groups.into_par_iter().flat_map_iter(|group| in_one_file(evidence, group, near, &fates)).collect()
}

/// Languages in which commands run in a directory that is named once.
const STARTING: [&str; 6] = ["dockerfile", "github-actions", "procfile", "supervisord", "systemd", "uwsgi"];

/// Where the directory that commands are started in is not there, what they name below it has the same cause, unless
/// the directory is written there once more.
fn by_one_cause<'g>(source: &[u8], group: &[(&'g Miss, &'g Judgement)]) -> Vec<(&'g Miss, &'g Judgement)> {
    let target = |&(miss, judgement): &(&'g Miss, &'g Judgement)| {
        let Judgement::Report { candidate, .. } = judgement else { return None };
        miss.candidates.get(*candidate)
    };
    let directories: Vec<&Candidate> =
        group.iter().filter(|(miss, _)| STARTING.contains(&miss.language)).filter_map(target).collect();
    let directories: Vec<&[u8]> =
        directories.into_iter().filter(|one| one.want == Want::Directory).map(|one| one.path.as_slice()).collect();
    let follows = |one: &(&'g Miss, &'g Judgement)| {
        let Some(candidate) = target(one) else { return false };
        let below = |directory: &&[u8]| {
            let written = memchr::memmem::find(one.0.span.of(source), path::name(directory)).is_some();
            candidate.path != *directory && path::is_below(&candidate.path, directory) && !written
        };
        directories.iter().any(below)
    };
    group.iter().filter(|one| !follows(one)).copied().collect()
}

/// What became of the paths that are reported missing. Asked once, and only where something is to be explained.
fn fates(evidence: &Evidence<'_>, reported: &[(&Miss, &Judgement)]) -> Fates {
    let target = |(miss, judgement): &(&Miss, &Judgement)| match judgement {
        Judgement::Report { candidate, .. } if miss.kept_out.is_none() && miss.lost.is_none() => {
            let candidate = miss.candidates.get(*candidate).filter(|candidate| candidate.names.is_none());
            candidate.map(|candidate| candidate.path.clone())
        }
        _ => None,
    };
    let mut gone: Vec<Vec<u8>> = reported.iter().filter_map(target).collect();
    gone.sort();
    gone.dedup();
    if gone.is_empty() { Fates::default() } else { (evidence.past)(&gone) }
}

fn in_one_file(
    evidence: &Evidence<'_>,
    group: &[(&Miss, &Judgement)],
    near: &NearBy<'_>,
    fates: &Fates,
) -> Vec<Diagnostic> {
    let Some((first, _)) = group.first() else { return Vec::new() };
    let file = evidence.world.index.path(first.file);
    let source = Source::new(match evidence.world.index.link_target(first.file) {
        Some(target) => target.to_vec(),
        None => evidence.tree.read(file, scan::MAX_STREAMED).unwrap_or_default(),
    });
    let explained = |(miss, judgement): &(&Miss, &Judgement)| {
        let Judgement::Report { code, severity, candidate, certainty } = **judgement else { return None };
        let candidate = miss.candidates.get(candidate)?;
        let near = near.get(&key(candidate)).filter(|_| miss.kept_out.is_none()).map_or(&[][..], Vec::as_slice);
        let target = candidate.path.as_slice();
        let named = candidate.names.is_some();
        let fate = fate(evidence.world, miss, target, fates);
        let fate = fate.as_ref();
        Some(explain(&Judged { miss, file, source: &source, code, severity, target, certainty, near, named, fate }))
    };
    by_one_cause(source.bytes(), group).iter().filter_map(explained).collect()
}

/// What became of a target; a new name that is not in the tree is no name to offer.
fn fate(world: &World<'_>, miss: &Miss, target: &[u8], fates: &Fates) -> Option<Fate> {
    let fate = match &miss.lost {
        Some(lost) => lost.fate.as_ref().filter(|_| lost.target == target),
        None => fates.get(target),
    };
    let there = |path: &Vec<u8>| matches!(world.find(path, Want::Any), Lookup::Found(_));
    fate.map(|fate| Fate { became: fate.became.clone().filter(there), ..fate.clone() })
}

/// A path that ends in white space is a finding even where such a file exists: one of the two is wrong.
fn odd(evidence: &Evidence<'_>, odd: &[(Miss, EntryId)]) -> Vec<Diagnostic> {
    let one = |(miss, target): &(Miss, EntryId)| {
        let file = evidence.world.index.path(miss.file);
        let source = Source::new(evidence.tree.read(file, scan::MAX_STREAMED).unwrap_or_default());
        let target = evidence.world.index.path(*target);
        let judged = Judged {
            miss,
            file,
            source: &source,
            code: "trailing-space",
            severity: Severity::Warning.min(miss.ceiling),
            target,
            certainty: Certainty::Certain,
            near: &[],
            named: false,
            fate: None,
        };
        let shown = crate::diagnostic::show(target);
        let message = format!("`{shown}` ends in white space, in the reference and in the tree");
        Diagnostic {
            message,
            help: Some("drop the white space on both sides".into()),
            status: Status::Active,
            ..explain(&judged)
        }
    };
    odd.iter().map(one).collect()
}
