//! Mutation: a clean tree is spoiled in one place at a time, and preflight must say where and what was meant.
//!
//! What is spoiled comes from two lists: the references that preflight itself finds, and those that a plain search
//! finds ([`search`]), so that a reference no scanner ever saw counts as missed. Either the reference is spoiled
//! or the name of the file it means. Many are spoiled in one run, in places that do not touch each other; what a
//! run misses is tried again alone, so that no mutation is blamed for its neighbours.
//!
//! Not counted: a mutation that itself resolves, that names another's file (an external module), and references
//! that are guarded, optional, created at run time (by a program of the tree, too), or in folders of tests.

pub mod draw;
pub mod place;
#[allow(dead_code, reason = "only trees of real size are planted in")]
pub mod plant;
pub mod score;
pub mod search;
pub mod spoil;
pub mod tree;

use std::collections::{BTreeMap, BTreeSet};

use preflight::Listed;
use preflight::diagnostic::{Certainty, Diagnostic, Report};
use preflight::options::Options;
use preflight::progress::Progress;
use preflight::resolve::Resolution;

use draw::Draw;
use place::Place;
use score::{Outcome, Score};
use spoil::Kind;
use tree::{Base, Spoiled};

/// Most mutations of one file in one run.
const PER_FILE: usize = 4;
/// Most renames in one run: a renamed file may carry facts that others need.
const RENAMES: usize = 12;
/// Most mutations that are tried again alone.
const RETRIES: usize = 60;

/// How much is tried.
#[derive(Clone, Copy)]
pub struct Effort {
    /// Seed of every choice.
    pub seed: u64,
    /// Most mutations in all.
    pub mutations: usize,
}

/// One thing to spoil.
#[derive(Clone)]
pub struct Mutation {
    place: Place,
    kind: Kind,
    /// Whether the name of the file is spoiled instead of the reference.
    rename: bool,
    /// The spoiled name.
    name: Vec<u8>,
}

/// Spoils a tree and tells how much of it was noticed.
pub fn mutate(base: &Base, effort: Effort) -> Score {
    let options = Options::default();
    let clean = check(&Spoiled::clean(base), &options);
    let listed = preflight::references(&Spoiled::clean(base), &options);
    let places = place::all(base, &listed, &reported(&clean));
    let mut draw = Draw::new(effort.seed);
    let mut mutations: Vec<Mutation> = places.iter().flat_map(|place| variants(base, place, &mut draw)).collect();
    draw.shuffle(&mut mutations);
    mutations.truncate(effort.mutations);

    let mut score = Score::new(places.len(), effort.seed);
    let mut missed = Vec::new();
    while !mutations.is_empty() {
        let (run, rest) = harmless_together(mutations);
        mutations = rest;
        for (mutation, outcome) in try_together(base, run, &options) {
            if outcome.is_missed() { missed.push((mutation, outcome)) } else { score.add(&mutation, outcome) }
        }
    }
    for (number, (mutation, outcome)) in missed.into_iter().enumerate() {
        let again = if number < RETRIES { try_together(base, vec![mutation.clone()], &options).pop() } else { None };
        score.add(&mutation, again.map_or(outcome, |(_, outcome)| outcome));
    }
    score
}

fn check(tree: &Spoiled<'_>, options: &Options) -> Report {
    preflight::check(tree, options, b".", &Progress::default())
}

/// Places that are reported although nothing is spoiled, by file and line.
fn reported(clean: &Report) -> BTreeSet<(Vec<u8>, u32)> {
    let line = |one: &Diagnostic| Some((one.file.clone(), one.location.as_ref()?.line));
    clean.diagnostics.iter().filter_map(line).collect()
}

fn variants(base: &Base, place: &Place, draw: &mut Draw) -> Vec<Mutation> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let spoiled = spoil::reference(kind, place, draw);
        let new = |name: &Vec<u8>| !base.has(&place.sibling(name));
        all.extend(spoiled.filter(new).map(|name| Mutation { place: place.clone(), kind, rename: false, name }));
        // A page that links to itself can't be renamed and still be looked for under its old name.
        let others = place.file != place.target;
        let renamed = spoil::file_name(kind, place.target_name(), draw).filter(|name| others && new(name));
        all.extend(renamed.map(|name| Mutation { place: place.clone(), kind, rename: true, name }));
    }
    all
}

/// Takes as many as can stand in one tree without touching each other.
fn harmless_together(mutations: Vec<Mutation>) -> (Vec<Mutation>, Vec<Mutation>) {
    let (mut run, mut rest) = (Vec::new(), Vec::new());
    let mut busy = Busy::default();
    for mutation in mutations {
        if busy.admits(&mutation) { run.push(mutation) } else { rest.push(mutation) }
    }
    (run, rest)
}

/// What a run has spoiled so far.
#[derive(Default)]
struct Busy {
    edits: BTreeMap<Vec<u8>, Vec<u32>>,
    targets: BTreeSet<Vec<u8>>,
    renamed_in: BTreeSet<Vec<u8>>,
    read_in: BTreeSet<Vec<u8>>,
    renamed: BTreeSet<Vec<u8>>,
}

impl Busy {
    fn admits(&mut self, mutation: &Mutation) -> bool {
        let Place { file, line, target, .. } = &mutation.place;
        let directory = tree::parent(target).to_vec();
        let lines = self.edits.get(file).map_or(&[][..], Vec::as_slice);
        let crowded = lines.len() >= PER_FILE || lines.contains(line) || self.renamed.contains(file);
        if crowded || self.targets.contains(target) || self.renamed_in.contains(&directory) {
            return false;
        }
        if mutation.rename {
            if self.edits.contains_key(target) || self.renamed.len() >= RENAMES || self.read_in.contains(&directory) {
                return false;
            }
            self.renamed_in.insert(directory.clone());
            self.renamed.insert(target.clone());
        }
        self.read_in.insert(directory);
        self.targets.insert(target.clone());
        self.edits.entry(file.clone()).or_default().push(*line);
        true
    }
}

fn try_together(base: &Base, run: Vec<Mutation>, options: &Options) -> Vec<(Mutation, Outcome)> {
    let spoiled = Spoiled::new(base, &run);
    let report = check(&spoiled, options);
    let found: Vec<Option<&Diagnostic>> = run.iter().map(|one| spoiled.told(&report, one)).collect();
    let listed = match found.iter().any(Option::is_none) {
        true => preflight::references(&spoiled, options),
        false => Vec::new(),
    };
    let outcomes: Vec<Outcome> = run
        .iter()
        .zip(found)
        .map(|(mutation, told)| match told {
            Some(diagnostic) => noticed(mutation, diagnostic),
            None if parts_words(mutation) => Outcome::NotCounted,
            None => unnoticed(mutation, spoiled.listed(&listed, mutation)),
        })
        .collect();
    run.into_iter().zip(outcomes).collect()
}

fn noticed(mutation: &Mutation, diagnostic: &Diagnostic) -> Outcome {
    let meant = if mutation.rename { mutation.place.sibling(&mutation.name) } else { mutation.place.target.clone() };
    let right = diagnostic.near_misses.first().is_some_and(|near| near.path == meant);
    let base = diagnostic.subject.as_ref().map_or(Certainty::Open, |subject| subject.base);
    Outcome::Told { base, right }
}

/// Where nothing is quoted, a blank before a name parts words, and is no part of any.
fn parts_words(mutation: &Mutation) -> bool {
    mutation.kind == Kind::LeadingSpace && !mutation.rename && !mutation.place.quoted
}

/// Why nothing was said.
fn unnoticed(mutation: &Mutation, listed: Option<&Listed>) -> Outcome {
    let Some(listed) = listed else { return Outcome::Missed { base: mutation.place.expected, seen: false } };
    // What the tree itself says is made at run time excuses all but what cannot be seen.
    if listed.guarded || listed.exempt.is_some() && !mutation.kind.is_strong() {
        return Outcome::NotCounted;
    }
    match &listed.resolution {
        Resolution::Found(_) | Resolution::Defined | Resolution::External(_) => Outcome::NotCounted,
        Resolution::Missing(candidates) => {
            let base = candidates.iter().map(|candidate| candidate.certainty).max().unwrap_or(Certainty::Open);
            Outcome::Missed { base, seen: true }
        }
        Resolution::NotDeployed(_) => Outcome::Missed { base: Certainty::Certain, seen: true },
        Resolution::Dynamic(_) | Resolution::Outside | Resolution::Unmounted(_) => {
            Outcome::Missed { base: Certainty::Open, seen: true }
        }
    }
}
