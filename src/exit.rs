//! The exit status: one type, the same for every format.

use std::process::ExitCode;

use crate::diagnostic::{Coverage, Report, Severity, Status, Trouble};

/// What the process says at its end. Ordered: the worse wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing at or above the gate's severity.
    Clean = 0,
    /// At least one finding at or above the gate's severity.
    Findings = 1,
    /// Bad usage, unreadable input, or nothing to check.
    Trouble = 2,
}

impl Exit {
    /// The status of a finished report; `gate` is the lowest severity that fails, `None` where nothing does.
    #[must_use]
    pub fn of(report: &Report, gate: Option<Severity>) -> Self {
        let fails = |severity| gate.is_some_and(|gate| severity >= gate);
        if !report.troubles.is_empty() {
            return Exit::Trouble;
        }
        let mut active = report.diagnostics.iter().filter(|one| one.status == Status::Active);
        if active.any(|one| fails(one.severity)) { Exit::Findings } else { Exit::Clean }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// What is the matter where a check had nothing to check: a gate that looked at nothing must not be green.
#[must_use]
pub fn nothing_checked(coverage: &Coverage) -> Option<Trouble> {
    let what = match coverage {
        Coverage { indexed: 0, .. } => "nothing to check: the tree holds no file",
        Coverage { scanned: 0, .. } => "nothing to check: no file of the tree is in a language that preflight reads",
        _ => return None,
    };
    Some(Trouble { path: Vec::new(), what: what.to_owned() })
}
