//! How much was noticed, as a table by certainty and kind, with the first misses spelled out.

use std::collections::BTreeMap;
use std::fmt::Write;

use preflight::diagnostic::{Certainty, show};

use super::Mutation;
use super::spoil::Kind;

/// Misses that are spelled out for each class.
const SHOWN: usize = 25;
/// Shortest stem, in letters, whose right name must come first.
const TELLING_STEM: usize = 4;

/// What became of a mutation.
#[derive(Clone, Copy)]
pub enum Outcome {
    /// It was reported in its place.
    Told {
        /// The certainty of the base.
        base: Certainty,
        /// The first near miss is what was meant.
        right: bool,
    },
    /// Nothing was said of it.
    Missed {
        /// The certainty of the base.
        base: Certainty,
        /// A scanner saw the reference.
        seen: bool,
    },
    /// It resolves, or belongs to somebody else.
    NotCounted,
}

impl Outcome {
    /// Whether it should have been told and was not.
    pub fn is_missed(self) -> bool {
        matches!(self, Outcome::Missed { .. })
    }
}

#[derive(Clone, Copy, Default)]
struct Tally {
    all: usize,
    told: usize,
    telling: usize,
    right: usize,
}

impl Tally {
    fn add(&mut self, told: bool, telling: bool, right: bool) {
        self.all += 1;
        self.told += usize::from(told);
        self.telling += usize::from(told && telling);
        self.right += usize::from(told && telling && right);
    }

    fn told_share(self) -> f64 {
        share(self.told, self.all)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}

/// The whole table.
pub struct Score {
    places: usize,
    seed: u64,
    kinds: BTreeMap<(Certainty, Kind), Tally>,
    not_counted: usize,
    unseen: usize,
    misses: BTreeMap<Certainty, Vec<String>>,
    wrong: Vec<String>,
}

impl Score {
    /// Nothing tried yet, of so many places.
    pub fn new(places: usize, seed: u64) -> Self {
        let (kinds, misses) = (BTreeMap::new(), BTreeMap::new());
        Score { places, seed, kinds, not_counted: 0, unseen: 0, misses, wrong: Vec::new() }
    }

    /// Counts one mutation.
    pub fn add(&mut self, mutation: &Mutation, outcome: Outcome) {
        let telling = stem_letters(mutation.place.target_name()) >= TELLING_STEM;
        match outcome {
            Outcome::NotCounted => self.not_counted += 1,
            Outcome::Told { base, right } => {
                self.tally(base, mutation.kind).add(true, telling, right);
                if telling && !right {
                    self.wrong.push(line(mutation));
                }
            }
            Outcome::Missed { base, seen } => {
                self.tally(base, mutation.kind).add(false, telling, false);
                self.unseen += usize::from(!seen);
                let note = if seen { "" } else { ", which no scanner saw" };
                if base != Certainty::Open || mutation.kind.is_strong() {
                    self.misses.entry(base).or_default().push(line(mutation) + note);
                }
            }
        }
    }

    fn tally(&mut self, base: Certainty, kind: Kind) -> &mut Tally {
        self.kinds.entry((base, kind)).or_default()
    }

    fn sum(&self, keep: impl Fn(Certainty, Kind) -> bool) -> Tally {
        let mut sum = Tally::default();
        for (_, tally) in self.kinds.iter().filter(|((base, kind), _)| keep(*base, *kind)) {
            sum.all += tally.all;
            sum.told += tally.told;
            sum.telling += tally.telling;
            sum.right += tally.right;
        }
        sum
    }

    /// How many mutations were counted.
    pub fn counted(&self) -> usize {
        self.sum(|_, _| true).all
    }

    /// What falls short of the promise: 99 % with a certain base, 95 % with a likely one, all by white space, case
    /// and Unicode with an open one; the right name first for 97 % of telling stems.
    pub fn shortfalls(&self) -> Vec<String> {
        let certain = self.sum(|base, _| base == Certainty::Certain).told_share();
        let likely = self.sum(|base, _| base == Certainty::Likely).told_share();
        let open = self.sum(|base, kind| base == Certainty::Open && kind.is_strong()).told_share();
        let every = self.sum(|_, _| true);
        let right = share(every.right, every.telling);
        let promised = [
            ("with a certain base", certain, 99.0),
            ("with a likely base", likely, 95.0),
            ("with an open base, by white space, case and Unicode", open, 100.0),
            ("with the right name first", right, 97.0),
        ];
        let short = promised.iter().filter(|(_, share, least)| share < least);
        short.map(|(what, share, least)| format!("{share:.2} % {what}, promised are {least} %")).collect()
    }

    /// The table and the first misses.
    pub fn table(&self) -> String {
        let mut out = format!(
            "seed {:#x}: {} places, {} mutations counted, {} not counted, {} unseen\n",
            self.seed,
            self.places,
            self.counted(),
            self.not_counted,
            self.unseen
        );
        for base in [Certainty::Certain, Certainty::Likely, Certainty::Open] {
            row(&mut out, &format!("{base:?}"), self.sum(|other, _| other == base));
            for kind in Kind::ALL {
                row(
                    &mut out,
                    &format!("  {kind:?}"),
                    self.sum(|other, other_kind| other == base && other_kind == kind),
                );
            }
        }
        for (base, misses) in self.misses.iter().rev() {
            list(&mut out, &format!("missed with base {base:?}"), misses);
        }
        list(&mut out, "told, but with another name first", &self.wrong);
        out
    }
}

fn row(out: &mut String, name: &str, tally: Tally) {
    if tally.all > 0 {
        let right = share(tally.right, tally.telling);
        let _ = writeln!(
            out,
            "{name:<18} {:>6} of {:>6} told = {:>6.2} %, right name first {right:>6.2} %",
            tally.told,
            tally.all,
            tally.told_share()
        );
    }
}

fn list(out: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "{title} ({}):", lines.len());
    for line in lines.iter().take(SHOWN) {
        let _ = writeln!(out, "  {line}");
    }
}

fn stem_letters(name: &[u8]) -> usize {
    preflight::path::split_extension(name).0.iter().filter(|byte| byte.is_ascii_alphabetic()).count()
}

fn line(mutation: &Mutation) -> String {
    let place = &mutation.place;
    let what = if mutation.rename { "file renamed" } else { "reference" };
    format!(
        "{}:{} {} ({}): {what} `{}` spoiled as `{}` ({:?})",
        show(&place.file),
        place.line,
        place.construct,
        place.namespace,
        show(&place.target),
        show(&mutation.name),
        mutation.kind,
    )
}
