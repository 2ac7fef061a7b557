//! The parallel stages over the sources of one tree: scanning what gives facts, checking what was kept, streaming the
//! rest, and listing references. What comes from many threads is put together here; what it means is not decided here.

use rayon::prelude::*;

use crate::check::{self, Checked};
use crate::diagnostic::{Coverage, Exception, Trouble, Waiver};
use crate::index::{EntryId, EntryKind, Index};
use crate::language::{Input, Language, Phase};
use crate::listing::{Listed, Listing};
use crate::options::Options;
use crate::progress::Progress;
use crate::project::{Project, Stated};
use crate::reference::Reference;
use crate::resolve::World;
use crate::scan::{self, Choice, Content, Scanned, Skip};
use crate::source::Source;
use crate::tree::Tree;
use crate::triage;

/// A tree whose facts are frozen.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    pub run: Run<'a>,
    pub project: &'a Project,
    pub kept: &'a [Kept],
    pub streams: &'a [Chosen],
    pub tracked: &'a [Vec<u8>],
}

impl Stage<'_> {
    /// Checks everything; `undecided`: what could not be decided is kept, too.
    pub fn check(&self, undecided: bool) -> Outcome {
        let mut outcome = self.run.check_kept(self.project, self.kept, undecided);
        outcome.merge(self.run.check_streams(self.project, self.streams, undecided));
        outcome
    }

    /// Lists the references of all files that are wanted.
    pub fn list(&self, wanted: impl Fn(&[u8]) -> bool + Sync) -> Vec<Listed> {
        let Stage { run, project, .. } = *self;
        let wanted = |file: EntryId| wanted(run.world.index.path(file));
        let kept = self.kept.par_iter().filter(|kept| wanted(kept.file)).flat_map_iter(|kept| {
            let bytes = run.tree.read(run.world.index.path(kept.file), usize::MAX - 1).unwrap_or_default();
            let at = Listing { world: run.world, project, file: kept.file, language: kept.language.name };
            at.list(&Source::new(bytes), &kept.references)
        });
        let streamed = self.streams.par_iter().filter(|chosen| wanted(chosen.0)).flat_map_iter(|&(file, choice)| {
            let path = run.world.index.path(file);
            let Content::Text(language, bytes) = scan::read(run.tree, path, choice) else { return Vec::new() };
            let source = Source::new(bytes);
            let scan = (language.scan)(Input { path, source: &source, project: Some(project) });
            Listing { world: run.world, project, file, language: language.name }.list(&source, &scan.references)
        });
        kept.chain(streamed).collect()
    }
}

/// What has been gathered so far; parts of it come from many threads and are put together here.
#[derive(Default)]
pub struct Outcome {
    pub checked: Checked,
    pub coverage: Coverage,
    pub troubles: Vec<Trouble>,
    pub waivers: Vec<Waiver>,
    pub exceptions: Vec<Exception>,
}

impl Outcome {
    pub fn merge(&mut self, other: Outcome) {
        self.checked.merge(other.checked);
        self.troubles.extend(other.troubles);
        self.waivers.extend(other.waivers);
        self.exceptions.extend(other.exceptions);
        self.coverage.scanned += other.coverage.scanned;
        self.coverage.lexical += other.coverage.lexical;
        self.coverage.skipped.add(other.coverage.skipped);
    }

    fn put(mut self, other: Outcome) -> Outcome {
        self.merge(other);
        self
    }

    fn skipped(skip: Skip) -> Outcome {
        let mut outcome = Outcome::default();
        skip.count(&mut outcome.coverage.skipped);
        outcome
    }

    fn scanned(lexical: bool, checked: Checked, waivers: Vec<Waiver>) -> Outcome {
        let coverage = Coverage { scanned: 1, lexical: usize::from(lexical), ..Coverage::default() };
        Outcome { checked, coverage, waivers, ..Outcome::default() }
    }

    fn trouble(trouble: Trouble) -> Outcome {
        Outcome { troubles: vec![trouble], ..Outcome::default() }
    }
}

pub type Chosen = (EntryId, Choice);

/// What to scan before the facts freeze, and after; the rest is counted with its reason.
pub fn plan(index: &Index, options: &Options, coverage: &mut Coverage) -> (Vec<Chosen>, Vec<Chosen>) {
    let (mut facts, mut streams) = (Vec::new(), Vec::new());
    for id in index.entries() {
        coverage.indexed += usize::from(index.kind(id) != EntryKind::Directory);
        match scan::choose(index, options, id) {
            None => {}
            Some(Choice::Skip(skip)) => skip.count(&mut coverage.skipped),
            Some(choice @ Choice::Scan(language)) if !language.phase.gives_facts(index.path(id)) => {
                streams.push((id, choice));
            }
            Some(choice) => facts.push((id, choice)),
        }
    }
    (facts, streams)
}

/// What the parallel stages have in common.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub tree: &'a dyn Tree,
    pub world: &'a World<'a>,
    pub progress: &'a Progress,
}

impl Run<'_> {
    pub fn scan_facts(&self, files: &[Chosen]) -> (Vec<Scanned>, Outcome) {
        let results: Vec<(Option<Scanned>, Outcome)> = files.par_iter().map(|chosen| self.scan_one(chosen)).collect();
        let mut outcome = Outcome::default();
        let mut sources = Vec::with_capacity(results.len());
        for (scanned, other) in results {
            outcome.merge(other);
            sources.extend(scanned);
        }
        (sources, outcome)
    }

    /// What files that are streamed later begin with, where that tells something.
    pub fn scan_heads(&self, streams: &[Chosen]) -> Vec<Stated> {
        let stands = |names: &[&str]| names.iter().any(|name| self.world.index.named(name.as_bytes()).next().is_some());
        let wanted = |&(file, choice): &Chosen| match choice {
            Choice::Scan(language) => match language.phase {
                Phase::StreamAfter(names) if stands(names) => Some((file, language)),
                _ => None,
            },
            _ => None,
        };
        let heads: Vec<(EntryId, &'static Language)> = streams.iter().filter_map(wanted).collect();
        let told = |&(file, language): &(EntryId, &'static Language)| {
            let facts = scan::head(self.tree, self.world.index.path(file), language);
            (!facts.is_empty()).then_some(Stated { file, language: language.name, facts })
        };
        heads.par_iter().filter_map(told).collect()
    }

    fn scan_one(&self, &(file, choice): &Chosen) -> (Option<Scanned>, Outcome) {
        let path = self.world.index.path(file);
        let content = scan::read(self.tree, path, choice);
        self.progress.step();
        match content {
            Content::Text(language, bytes) => {
                let waivers = triage::waivers(path, &Source::new(bytes.as_slice()));
                let Some(scanned) = scan::facts(file, path, language, &bytes) else {
                    return (None, Outcome::skipped(Skip::Minified));
                };
                let outcome = Outcome::scanned(scanned.lexical, Checked::default(), waivers);
                (Some(scanned), outcome)
            }
            Content::Skip(skip) => (None, Outcome::skipped(skip)),
            Content::Trouble(trouble) => (None, Outcome::trouble(trouble)),
        }
    }

    fn check_kept(&self, project: &Project, kept: &[Kept], undecided: bool) -> Outcome {
        let one = |kept: &Kept| {
            check::check(self.world, project, (kept.file, kept.language.name), &kept.references, undecided)
        };
        let checked =
            kept.par_iter().map(one).fold(Checked::default, Checked::put).reduce(Checked::default, Checked::put);
        Outcome { checked, ..Outcome::default() }
    }

    fn check_streams(&self, project: &Project, files: &[Chosen], undecided: bool) -> Outcome {
        let one = |chosen: &Chosen| self.stream_one(project, chosen, undecided);
        files.par_iter().map(one).fold(Outcome::default, Outcome::put).reduce(Outcome::default, Outcome::put)
    }

    fn stream_one(&self, project: &Project, &(file, choice): &Chosen, undecided: bool) -> Outcome {
        let path = self.world.index.path(file);
        let content = scan::read(self.tree, path, choice);
        self.progress.step();
        match content {
            Content::Skip(skip) => Outcome::skipped(skip),
            Content::Trouble(trouble) => Outcome::trouble(trouble),
            Content::Text(language, bytes) => {
                let source = Source::new(bytes);
                let scan = (language.scan)(Input { path, source: &source, project: Some(project) });
                if scan.made {
                    return Outcome::skipped(Skip::Minified);
                }
                let of = (file, language.name);
                let checked = check::check(self.world, project, of, &scan.references, undecided);
                Outcome::scanned(scan.lexical, checked, triage::waivers(path, &source))
            }
        }
    }
}

/// The references of one source, kept until the facts froze.
pub struct Kept {
    pub file: EntryId,
    pub language: &'static Language,
    pub references: Vec<Reference<'static>>,
}

pub fn split(sources: Vec<Scanned>) -> (Vec<Stated>, Vec<Kept>) {
    let apart = |one: Scanned| {
        let Scanned { file, language, references, facts, .. } = one;
        (Stated { file, language: language.name, facts }, Kept { file, language, references })
    };
    sources.into_iter().map(apart).unzip()
}
