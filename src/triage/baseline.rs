//! The baseline: findings that were there when it was written, so that only new ones fail.
//!
//! A JSON file, sorted and stable, to be committed. An entry is a fingerprint and how many equal findings there
//! were; its other fields are for the people who read the diff.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::fingerprint;
use crate::diagnostic::{Diagnostic, Report, Status, Trouble};
use crate::options::Options;
use crate::path;

const SCHEMA: &str = "preflight-baseline/1";

/// Recorded findings.
#[derive(Debug, Default)]
pub struct Baseline {
    /// How many there are of a fingerprint.
    counts: FxHashMap<String, usize>,
    /// What files were called when they were recorded.
    renamed: FxHashMap<Vec<u8>, Vec<u8>>,
    /// How many there are in each of these files, by what stays when a file is renamed.
    moved: FxHashMap<Moved, usize>,
}

/// Code, the file's old name, and the text of the reference or the odd name itself: a path that starts from the file's
/// directory changes its target when the file moves.
type Moved = (&'static str, Vec<u8>, Vec<u8>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    code: String,
    message: String,
    fingerprint: String,
    count: usize,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// Why the text is no baseline.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let file: File = serde_json::from_slice(text).map_err(|error| format!("not a baseline: {error}"))?;
        if file.schema != SCHEMA {
            return Err(format!("not a baseline: its schema is `{}`, not `{SCHEMA}`", file.schema));
        }
        let mut counts = FxHashMap::default();
        for entry in file.findings {
            *counts.entry(entry.fingerprint).or_default() += entry.count;
        }
        Ok(Baseline { counts, ..Baseline::default() })
    }

    /// Marks what is recorded: of equal findings as many as there were, in the order of the report.
    pub(super) fn mark(&self, diagnostics: &mut [Diagnostic]) {
        let mut left = self.counts.clone();
        let active = diagnostics.iter_mut().filter(|one| one.status == Status::Active);
        active.for_each(|one| take(left.get_mut(&fingerprint::of(one, 0)), one));
        let mut left = self.moved.clone();
        for one in diagnostics.iter_mut().filter(|one| one.status == Status::Active) {
            let Some(old) = self.renamed.get(&one.file) else { continue };
            take(left.get_mut(&moved(one, old)), one);
        }
    }
}

fn take(left: Option<&mut usize>, diagnostic: &mut Diagnostic) {
    let Some(count) = left.filter(|count| **count > diagnostic.more) else { return };
    *count -= 1 + diagnostic.more;
    diagnostic.status = Status::Baselined;
}

fn moved(diagnostic: &Diagnostic, old: &[u8]) -> Moved {
    let text = match &diagnostic.subject {
        Some(subject) => subject.text.clone(),
        None => path::name(&diagnostic.file).to_vec(),
    };
    (diagnostic.code, old.to_vec(), text)
}

/// What was found in an earlier tree, so that only new findings fail; `renamed` holds the new names of files with their
/// old ones. With it, what kept that tree from being read: it must not be taken for one without findings.
#[must_use]
pub fn known(earlier: Report, options: &Options, renamed: &FxHashMap<Vec<u8>, Vec<u8>>) -> (Baseline, Vec<Trouble>) {
    // All of it counts, whatever is asked for of the later one.
    let options = Options { only: None, ..options.clone() };
    let report = super::settle(earlier, &options, None);
    let mut baseline = Baseline { renamed: renamed.clone(), ..Baseline::default() };
    let old: FxHashSet<&[u8]> = renamed.values().map(Vec::as_slice).collect();
    // What the configuration changes of the rules is said of the later tree.
    for one in recorded(&report).filter(|one| one.code != "policy-changed") {
        *baseline.counts.entry(fingerprint::of(one, 0)).or_default() += 1 + one.more;
        if old.contains(one.file.as_slice()) {
            *baseline.moved.entry(moved(one, &one.file)).or_default() += 1 + one.more;
        }
    }
    // A waiver file that could not be read holds nothing, so that less is known.
    let troubles = report.troubles.into_iter().filter(|trouble| trouble.path != super::WAIVERS.as_bytes());
    let told = |trouble: Trouble| Trouble { what: format!("in the tree to compare with: {}", trouble.what), ..trouble };
    (baseline, troubles.map(told).collect())
}

/// The baseline that records every finding of a report that no waiver covers. What is gone is not in it.
#[must_use]
pub fn record(report: &Report) -> String {
    let mut entries: BTreeMap<(&[u8], &str, String), Entry> = BTreeMap::new();
    for diagnostic in recorded(report) {
        let fingerprint = fingerprint::of(diagnostic, 0);
        let entry = entries.entry((&diagnostic.file, diagnostic.code, fingerprint.clone())).or_insert_with(|| Entry {
            file: String::from_utf8_lossy(&diagnostic.file).into_owned(),
            code: diagnostic.code.to_owned(),
            message: diagnostic.message.clone(),
            fingerprint,
            count: 0,
        });
        entry.count += 1 + diagnostic.more;
    }
    let file = File { schema: SCHEMA.to_owned(), findings: entries.into_values().collect() };
    serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
}

/// The findings that a baseline records.
pub fn recorded(report: &Report) -> impl Iterator<Item = &Diagnostic> {
    report.diagnostics.iter().filter(|one| one.status != Status::Waived)
}
