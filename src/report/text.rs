//! The report for people: an excerpt with the span underlined, what was meant, why it differs, what to write.
//!
//! Findings of one cause are told once. The last line always says what was checked: a gate that looked at nothing
//! must not look green.

use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Counts, Format, View, concise, escape, excerpt};
use crate::character::visible;
use crate::diagnostic::{Coverage, Diagnostic, Difference, Location, Severity, Skipped, Status};
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
    writeln!(out, "{}", verdict(view))?;
    writeln!(out, "{}", checked(&view.report.coverage))
}

fn write_group(out: &mut dyn Write, renderer: &Renderer, group: &group::Group<'_>) -> io::Result<()> {
    let Some(first) = group.first() else { return Ok(()) };
    writeln!(out, "{}", renderer.render(&[snippet(first)]))?;
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
            title.element(origin).element(source(location))
        }
    };
    if let Some(why) = why(diagnostic) {
        group = group.element(Level::NOTE.message(why));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(escape::line(help).into_owned()));
    }
    group
}

fn source(location: &Location) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
    let shown = excerpt::shown(&location.excerpt);
    Snippet::source(shown.text)
        .line_start(location.excerpt.first_line as usize)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(shown.span))
}

/// Why the name that was meant is another one, in words.
fn why(diagnostic: &Diagnostic) -> Option<String> {
    let near = diagnostic.near_misses.first()?;
    let meant = visible(&near.path);
    let others = diagnostic.near_misses.len() - 1;
    let mut why = match near.difference {
        Difference::TrailingSpace => "the two names differ by white space at the end".to_owned(),
        Difference::LeadingSpace => "the two names differ by white space at the start".to_owned(),
        Difference::Invisible => "the two names differ by a character that cannot be seen".to_owned(),
        Difference::Case => "the two names differ in upper and lower case: a server compares byte by byte".to_owned(),
        Difference::UnicodeForm => "the two names look alike, and differ in their Unicode form".to_owned(),
        Difference::Separator => "the two paths differ in their separators".to_owned(),
        Difference::Encoding => "the two names differ by percent-encoding".to_owned(),
        Difference::LookAlike => look_alike(diagnostic).unwrap_or_else(|| "the two names only look alike".to_owned()),
        Difference::Extension => "the extension is another one".to_owned(),
        Difference::Spelling => "the spelling differs".to_owned(),
        Difference::Moved => format!("a file of that name is `{meant}`"),
    };
    if others > 0 {
        let more: Vec<String> = diagnostic.near_misses[1..].iter().take(3).map(|near| format!("`{}`", visible(&near.path))).collect();
        why += &format!("; near it too: {}", more.join(", "));
    }
    Some(escape::line(&why).into_owned())
}

/// The first letters of another script, by number: `а` is U+0430, `a` is U+0061.
fn look_alike(diagnostic: &Diagnostic) -> Option<String> {
    let written = group::target(diagnostic);
    let existing = &diagnostic.near_misses.first()?.path;
    let (written, existing) = (std::str::from_utf8(written).ok()?, std::str::from_utf8(existing).ok()?);
    let (a, b) = written.chars().zip(existing.chars()).find(|(a, b)| a != b)?;
    let number = |c: char| format!("`{}` (U+{:04X})", escape::line(&c.to_string()), u32::from(c));
    Some(format!("{} is written where the existing name has {}", number(a), number(b)))
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

fn verdict(view: &View<'_>) -> String {
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
    format!("{}: {}", visible(&view.report.root), parts.join(", "))
}

fn plural(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// What was and was not checked.
fn checked(coverage: &Coverage) -> String {
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
