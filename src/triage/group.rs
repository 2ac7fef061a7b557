//! Findings of one cause: the same code, target and near miss. One forgotten file can be asked for a thousand
//! times, and a person wants to read of it once.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Severity, Subject};

/// Findings with one cause, in the order of the report.
#[derive(Debug)]
pub struct Group<'d> {
    /// Never empty.
    pub members: Vec<&'d Diagnostic>,
}

impl<'d> Group<'d> {
    /// The finding that stands for all.
    #[must_use]
    pub fn first(&self) -> Option<&'d Diagnostic> {
        self.members.first().copied()
    }

    /// How many findings there are, those that were folded included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.members.iter().map(|member| 1 + member.more).sum()
    }
}

#[derive(PartialEq, Eq, Hash)]
struct Cause<'d> {
    code: &'d str,
    severity: Severity,
    /// The target, or the text where it is not one path, or the odd name itself.
    target: &'d [u8],
    meant: Option<&'d [u8]>,
}

/// Groups findings by cause; groups come in the order of their first member.
#[must_use]
pub fn by_cause<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Vec<Group<'d>> {
    let mut groups: Vec<Group<'d>> = Vec::new();
    let mut known: FxHashMap<Cause<'d>, usize> = FxHashMap::default();
    for diagnostic in diagnostics {
        let at = *known.entry(cause(diagnostic)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.members.push(diagnostic),
            None => groups.push(Group { members: vec![diagnostic] }),
        }
    }
    groups
}

fn cause(diagnostic: &Diagnostic) -> Cause<'_> {
    Cause {
        code: diagnostic.code,
        severity: diagnostic.severity,
        target: target(diagnostic),
        meant: diagnostic.near_misses.first().map(|near| near.path.as_slice()),
    }
}

/// What a finding is about: the path that is not there, else the text, else what the message says of a place, or the
/// odd name itself.
#[must_use]
pub fn target(diagnostic: &Diagnostic) -> &[u8] {
    match &diagnostic.subject {
        Some(Subject { target: Some(target), .. }) => target,
        Some(Subject { text, .. }) => text,
        None if diagnostic.location.is_some() => diagnostic.message.as_bytes(),
        None => &diagnostic.file,
    }
}
