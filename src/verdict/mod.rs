//! The verdict over all misses, with what only the whole tree tells: which mounts the absolute paths imply, which
//! files are entry scripts, which directories are closed. Everything before it saw one file at a time.

mod circumstances;

pub use circumstances::provisions;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::check::{Checked, Miss};
use crate::diagnostic::{Certainty, Diagnostic, Difference, Fate, References, Severity, Status};
use crate::history::{Fates, Past};
use crate::index::{EntryId, Lookup};
use crate::matcher::{Circumstances, Judged, Judgement, Near, explain, hints, judge, near_misses};
use crate::path;
use crate::project::{Mount, Project, infer_mounts};
use crate::reference::{Namespace, UrlKind, Want};
use crate::resolve::{Candidate, World};
use crate::scan;
use crate::source::Source;
use crate::tree::Tree;
use circumstances::{Loads, circumstances};

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
