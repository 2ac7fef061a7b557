//! The report for people: an excerpt with the span underlined, and what to write instead.
//!
//! Findings of one cause are told once. The last line always says what was checked: a gate that looked at nothing
//! must not look green.

use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Counts, Format, View, concise, escape, excerpt};
use crate::diagnostic::{Coverage, Diagnostic, Location, Severity, Skipped, Status, Strength, show};
use crate::triage::group::{self, by_cause};

pub(super) const FORMAT: Format =
    Format { name: "text", about: "For people: excerpts, what was meant, what to write", machine: false, write };

/// Most places of one cause that are named.
const PLACES: usize = 60;
/// Columns of a line of places.
const WIDTH: usize = 100;

/// Colours are always written; a stream that wants none strips them.
fn write(out: &mut dyn Write, view: &View<'_>) -> io::Result<()> {
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii);
    let active = view.report.diagnostics.iter().filter(|one| one.status == Status::Active);
    for group in by_cause(active) {
        write_group(out, &renderer, &group)?;
    }
    if view.quiet {
        return Ok(());
    }
    writeln!(out, "{}: {}", show(&view.report.root), verdict(view))?;
    writeln!(out, "{}", checked(&view.report.coverage))
}

fn write_group(out: &mut dyn Write, renderer: &Renderer, group: &group::Group<'_>) -> io::Result<()> {
    let Some(first) = group.first() else { return Ok(()) };
    for line in renderer.render(&[snippet(first)]).lines().filter(|line| !is_second_arrow(line)) {
        writeln!(out, "{line}")?;
    }
    let others = group.members.get(1..PLACES.min(group.members.len())).unwrap_or_default();
    for line in places(others) {
        writeln!(out, "      {line}")?;
    }
    let left = group.count() - 1 - others.len();
    if left > 0 {
        writeln!(out, "      … and {left} more of this cause")?;
    }
    writeln!(out)
}

/// The place is given apart from the excerpt, as columns of a clipped or escaped line are not those of the file.
/// The renderer then takes the excerpt for one of another file and draws an arrow to nowhere above it.
fn is_second_arrow(line: &str) -> bool {
    anstream::adapter::strip_str(line).to_string().trim() == ":::"
}

/// The title, the excerpt, and the notes below it.
fn snippet(diagnostic: &Diagnostic) -> Group<'static> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(escape::line(&diagnostic.message).into_owned()).id(diagnostic.code);
    let file = escape::name(&diagnostic.file).into_owned();
    let mut group = match &diagnostic.location {
        None => title.element(Origin::path(file)),
        Some(location) => {
            let origin = Origin::path(file).line(location.line as usize).char_column(location.column as usize);
            title.element(origin).element(source(location, consequence(diagnostic)))
        }
    };
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(escape::line(help).into_owned()));
    }
    group
}

fn source(location: &Location, label: Option<&'static str>) -> Snippet<'static, Annotation<'static>> {
    let shown = excerpt::shown(&location.excerpt);
    Snippet::source(shown.text)
        .line_start(location.excerpt.first_line as usize)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(shown.span).label(label))
}

/// What production does without the target.
fn consequence(diagnostic: &Diagnostic) -> Option<&'static str> {
    let subject = diagnostic.subject.as_ref().filter(|subject| !subject.guarded)?;
    match subject.strength {
        Strength::Fatal => Some("without it the request or the start dies"),
        Strength::Broken => Some("without it something visibly breaks"),
        Strength::Silent => Some("without it a feature is gone and nothing is said"),
        Strength::Optional | Strength::Created => None,
    }
}

/// Places by line, as many in a line as fit.
fn places(diagnostics: &[&Diagnostic]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for place in diagnostics.iter().map(|one| concise::place(one)) {
        match lines.last_mut() {
            Some(line) if line.len() + 2 + place.len() <= WIDTH => *line += &format!(", {place}"),
            _ => lines.push(if lines.is_empty() { format!("also {place}") } else { format!("     {place}") }),
        }
    }
    lines
}

/// How many findings there are, and how many are excused.
pub(super) fn verdict(view: &View<'_>) -> String {
    let counts = Counts::of(view.report);
    let all = [
        (counts.error, "error"),
        (counts.warning, "warning"),
        (counts.note, "note"),
        (view.report.troubles.len(), "trouble"),
    ];
    let mut parts: Vec<String> = all.iter().filter(|(n, _)| *n > 0).map(|(n, what)| plural(*n, what)).collect();
    if parts.is_empty() {
        parts.push("no findings".to_owned());
    }
    let excused = [(counts.waived, "waived"), (counts.baselined, "in the baseline")];
    parts.extend(excused.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")));
    parts.join(", ")
}

pub(super) fn plural(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// What was and was not checked.
pub(super) fn checked(coverage: &Coverage) -> String {
    let references = &coverage.references;
    let missing = references.reported + references.open + references.exempt;
    let fates = some(&[
        (references.resolved, "resolved"),
        (missing, "missing"),
        (references.guarded, "guarded"),
        (references.dynamic, "dynamic"),
        (references.external, "external"),
        (references.outside, "outside"),
    ]);
    let unsaid = some(&[(references.open, "with an open base"), (references.exempt, "exempt")]);
    let mut line = format!("checked {}, scanned {}", plural(coverage.indexed, "file"), coverage.scanned);
    line += &clause(" (", &some(&[(coverage.lexical, "lexically")]), ")");
    line += &clause(", skipped ", &some(&skipped(&coverage.skipped)), "");
    line += &format!("; {}", plural(references.found, "reference"));
    line += &clause(": ", &fates, "");
    line + &clause(" (not reported: ", &unsaid, ")")
}

fn skipped(skipped: &Skipped) -> [(usize, &'static str); 9] {
    [
        (skipped.unknown_language, "of unknown language"),
        (skipped.binary, "binary"),
        (skipped.vendored, "vendored"),
        (skipped.minified, "minified"),
        (skipped.too_large, "too large"),
        (skipped.excluded, "excluded"),
        (skipped.special, "special"),
        (skipped.outward_link, "links out of the tree"),
        (skipped.vanished, "vanished"),
    ]
}

fn some(counts: &[(usize, &str)]) -> String {
    let counts = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
    counts.collect::<Vec<_>>().join(", ")
}

fn clause(before: &str, inside: &str, after: &str) -> String {
    if inside.is_empty() { String::new() } else { format!("{before}{inside}{after}") }
}
