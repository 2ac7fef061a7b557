//! Folding: of findings that repeat, a hundred stay and the last of them counts the rest.

use rustc_hash::FxHashMap;

use super::group;
use crate::diagnostic::{Diagnostic, Severity, Status};

/// Most findings with the same code, file and target that stay.
const KEPT: usize = 100;

/// Status and severity belong to what must be alike, so that the counts of a report stay right.
#[derive(PartialEq, Eq, Hash)]
struct Alike {
    code: &'static str,
    file: Vec<u8>,
    target: Vec<u8>,
    status: Status,
    severity: Severity,
}

/// Folds sorted findings; the order stays.
pub(super) fn fold(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if diagnostics.len() <= KEPT {
        return diagnostics;
    }
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut seen: FxHashMap<Alike, (usize, usize)> = FxHashMap::default();
    for diagnostic in diagnostics {
        let (count, last) = seen.entry(alike(&diagnostic)).or_default();
        if *count < KEPT {
            (*count, *last) = (*count + 1, kept.len());
            kept.push(diagnostic);
        } else if let Some(last) = kept.get_mut(*last) {
            last.more += 1 + diagnostic.more;
        }
    }
    kept
}

fn alike(diagnostic: &Diagnostic) -> Alike {
    Alike {
        code: diagnostic.code,
        file: diagnostic.file.clone(),
        target: group::target(diagnostic).to_vec(),
        status: diagnostic.status,
        severity: diagnostic.severity,
    }
}
