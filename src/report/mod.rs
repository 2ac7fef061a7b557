//! The formats of a report: a registry, and one file each.
//!
//! A format writes what triage settled; it decides nothing, reads no file, and never changes the exit status.

pub mod escape;
pub mod refs;

mod concise;
mod excerpt;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod ndjson;
mod sarif;
mod summary;
mod text;

use std::borrow::Cow;
use std::io::{self, Write};

use crate::diagnostic::{Report, Severity, Status};
use crate::exit::Exit;

/// The JSON Schema of the machine-readable formats.
pub const SCHEMA: &str = include_str!("schema.json");

/// A settled report and how to show it.
#[derive(Clone, Copy, Debug)]
pub struct View<'r> {
    /// What to show.
    pub report: &'r Report,
    /// The status it ends in.
    pub exit: Exit,
    /// The lowest severity that fails; `None` where nothing does.
    pub gate: Option<Severity>,
    /// Where the tree lies, seen from the folder in which whoever reads the report looks for files (`www`); empty
    /// where it is that folder.
    pub place: &'r [u8],
    /// Findings only: no summary.
    pub quiet: bool,
}

impl View<'_> {
    /// A path of the tree, seen from where the reader looks for files: pipelines open it in a checkout, of which the
    /// tree may be a folder.
    fn seen<'p>(&self, path: &'p [u8]) -> Cow<'p, [u8]> {
        match self.place {
            b"" => Cow::Borrowed(path),
            place => Cow::Owned([place, b"/", path].concat()),
        }
    }
}

/// A way to write a report.
#[derive(Debug)]
pub struct Format {
    /// The word after `--format`.
    pub name: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// Whether machines read it: then a run is one tree, one object.
    pub machine: bool,
    /// Writes a report.
    pub write: fn(&mut dyn Write, &View<'_>) -> io::Result<()>,
}

/// Every format, sorted by name.
pub const FORMATS: &[Format] = &[
    concise::FORMAT,
    github::FORMAT,
    summary::FORMAT,
    gitlab::FORMAT,
    json::FORMAT,
    junit::FORMAT,
    markdown::FORMAT,
    ndjson::FORMAT,
    sarif::FORMAT,
    text::FORMAT,
];

/// The format for people who say nothing.
pub const DEFAULT: Format = text::FORMAT;

/// The format of this name.
#[must_use]
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// How many findings there are, those that were folded included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    error: usize,
    warning: usize,
    note: usize,
    waived: usize,
    baselined: usize,
}

impl Counts {
    fn of(report: &Report) -> Self {
        let mut counts = Counts::default();
        for one in &report.diagnostics {
            *match (one.status, one.severity) {
                (Status::Waived, _) => &mut counts.waived,
                (Status::Baselined, _) => &mut counts.baselined,
                (Status::Active, Severity::Error) => &mut counts.error,
                (Status::Active, Severity::Warning) => &mut counts.warning,
                (Status::Active, Severity::Note) => &mut counts.note,
            } += 1 + one.more;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_sorted() {
        assert!(FORMATS.is_sorted_by_key(|format| format.name));
    }

    #[test]
    fn the_schema_is_json() {
        assert!(serde_json::from_str::<serde_json::Value>(SCHEMA).is_ok());
    }
}
