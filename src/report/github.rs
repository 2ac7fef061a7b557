//! Annotations in a run of GitHub Actions: workflow commands, one a cause, on standard output of a step.
//!
//! GitHub shows ten annotations of a level for each step and drops the others silently. So the worst come first, no
//! level has more than ten, and a line says how many more there are. (GitHub, "Workflow commands for GitHub Actions";
//! the runner's `ActionCommand.cs` for what is escaped.)

use std::io::{self, Write};

use super::{Format, View, concise, escape, text};
use crate::diagnostic::{Diagnostic, Location, Severity, Status, Trouble};
use crate::triage::group::{Group, by_cause};

pub(super) const FORMAT: Format =
    Format { name: "github", about: "For GitHub Actions: annotations, as many as GitHub shows", machine: true, write };

/// Most annotations of one level that GitHub shows of a step.
const SHOWN: usize = 10;
/// Most characters of a message; GitHub takes 64 KiB, people read less.
const LONGEST: usize = 4096;
/// Most other places of a cause that are named.
const PLACES: usize = 10;

fn write(out: &mut dyn Write, view: &View<'_>) -> io::Result<()> {
    let mut groups = by_cause(view.report.diagnostics.iter().filter(|one| one.status == Status::Active));
    groups.sort_by_key(|group| std::cmp::Reverse(severity(group)));
    let troubles = view.report.troubles.iter().map(trouble);
    let findings = groups.iter().filter_map(|group| annotation(view, group));
    let mut told = [0; 3];
    let mut untold = 0;
    for (level, line) in troubles.chain(findings) {
        let shown = &mut told[level as usize];
        *shown += 1;
        if *shown <= SHOWN {
            writeln!(out, "{line}")?;
        } else {
            untold += 1;
        }
    }
    if untold > 0 {
        writeln!(out, "preflight: {untold} more not annotated, as GitHub shows {SHOWN} of a level for each step")?;
    }
    if view.quiet {
        return Ok(());
    }
    writeln!(out, "preflight: {}; {}", text::verdict(view), text::checked(&view.report.coverage))
}

fn severity(group: &Group<'_>) -> Severity {
    group.first().map_or(Severity::Note, |one| one.severity)
}

fn trouble(trouble: &Trouble) -> (Severity, String) {
    let message = format!("{}: {}", escape::name(&trouble.path), escape::line(&trouble.what));
    (Severity::Error, format!("::error title=preflight::{}", data(escape::clipped(&message, LONGEST).as_ref())))
}

fn annotation(view: &View<'_>, group: &Group<'_>) -> Option<(Severity, String)> {
    let first = group.first()?;
    let command = match first.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let file = property(&path(&view.seen(&first.file)));
    let place = first.location.as_ref().map(place).unwrap_or_default();
    let title = property(&format!("preflight: {}", first.code));
    Some((first.severity, format!("::{command} file={file}{place},title={title}::{}", data(&message(first, group)))))
}

/// Columns hold for one line only.
fn place(location: &Location) -> String {
    let Location { line, end_line, column, end_column, .. } = location;
    let columns = if line == end_line { format!(",col={column},endColumn={end_column}") } else { String::new() };
    format!(",line={line},endLine={end_line}{columns}")
}

fn message(first: &Diagnostic, group: &Group<'_>) -> String {
    let mut message = escape::clipped(&escape::line(&first.message), LONGEST).into_owned();
    if let Some(help) = &first.help {
        message += &format!("\n{}", escape::clipped(&escape::line(help), LONGEST));
    }
    for other in group.members.iter().skip(1).take(PLACES) {
        message += &format!("\nalso {}", escape::clipped(&concise::place(other), LONGEST / 8));
    }
    let left = group.count().saturating_sub(group.members.len().min(PLACES + 1));
    if left > 0 {
        message += &format!("\n… and {left} more of this cause");
    }
    message
}

/// A path as the runner must see it to find the file. What cannot stand in a log is shown in its place, and GitHub
/// then tells of it without a link.
fn path(path: &[u8]) -> String {
    match std::str::from_utf8(path) {
        Ok(text) if !text.contains(|c| escape::hidden(c) && c != '\n' && c != '\r') => text.to_owned(),
        _ => escape::name(path).into_owned(),
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_runner_reads_is_escaped() {
        assert_eq!(property(&path(b"a,b:c%\n::error::x")), "a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax");
        assert_eq!(path(b"a\x1b[1m\xff "), "a\\x1b[1m\\xff\\x20");
        assert_eq!(data("50 %\nx: y, z"), "50 %25%0Ax: y, z");
    }
}
