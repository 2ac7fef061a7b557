//! One line a finding, `file:line:col: severity[code]: message`, as editors and `grep` read it.

use std::io::{self, Write};

use super::{Format, View, escape};
use crate::diagnostic::{Diagnostic, Status};

pub(super) const FORMAT: Format =
    Format { name: "concise", about: "One line a finding, as editors read it", machine: false, write };

fn write(out: &mut dyn Write, view: &View<'_>) -> io::Result<()> {
    for diagnostic in view.report.diagnostics.iter().filter(|one| one.status == Status::Active) {
        writeln!(out, "{}", line(diagnostic))?;
    }
    Ok(())
}

fn line(diagnostic: &Diagnostic) -> String {
    let (severity, code) = (diagnostic.severity.name(), diagnostic.code);
    let place = place(diagnostic);
    // GitHub takes a line that begins with `::` for a command, whoever's name it is.
    let front = if place.starts_with(':') { "./" } else { "" };
    let mut line = format!("{front}{place}: {severity}[{code}]: {}", escape::line(&diagnostic.message));
    if diagnostic.more > 0 {
        line += &format!(" (and {} more)", diagnostic.more);
    }
    line
}

/// `file:line:col`, or the file alone for a finding about its name.
pub(super) fn place(diagnostic: &Diagnostic) -> String {
    let file = escape::name(&diagnostic.file);
    match &diagnostic.location {
        Some(location) => format!("{file}:{}:{}", location.line, location.column),
        None => file.into_owned(),
    }
}
