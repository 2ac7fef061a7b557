//! The baseline: findings that were there when it was written, so that only new ones fail.
//!
//! A JSON file, sorted and stable, to be committed. An entry is a fingerprint and how many equal findings there
//! were; its other fields are for the people who read the diff.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::fingerprint;
use crate::diagnostic::{Diagnostic, Report, Status};

const SCHEMA: &str = "preflight-baseline/1";

/// Recorded findings.
#[derive(Debug, Default)]
pub struct Baseline(FxHashMap<String, usize>);

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
        Ok(Baseline(counts))
    }

    /// Marks what is recorded: of equal findings as many as there were, in the order of the report.
    pub(super) fn mark(&self, diagnostics: &mut [Diagnostic]) {
        let mut left = self.0.clone();
        for diagnostic in diagnostics.iter_mut().filter(|one| one.status == Status::Active) {
            let Some(count) = left.get_mut(&fingerprint::of(diagnostic, 0)) else { continue };
            if *count > diagnostic.more {
                *count -= 1 + diagnostic.more;
                diagnostic.status = Status::Baselined;
            }
        }
    }
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
