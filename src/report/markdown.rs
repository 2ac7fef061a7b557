//! Markdown for a comment on a pull request: one item a cause, the worst first, within what a comment may hold.
//!
//! Names and messages may hold anything, and a comment is posted by somebody with rights: nothing of theirs may become
//! markup, a mention, a link or a command. So whatever is not plainly words stands in a code span or a code block,
//! where nothing is interpreted (CommonMark, "Code spans"; GitHub Flavored Markdown, "Autolinks"). The first line lets
//! a pipeline find its own comment again.

use std::io::{self, Write};

use super::{Format, View, concise, escape, excerpt, text};
use crate::diagnostic::{Diagnostic, Severity, Status, Trouble};
use crate::triage::group::{Group, by_cause};

pub(super) const FORMAT: Format = Format {
    name: "markdown",
    about: "For a comment on a pull request: Markdown within its limit",
    machine: true,
    write: |out, view| within(LIMIT, out, view),
};

/// Characters that GitHub takes for a comment; bytes are never fewer.
const LIMIT: usize = 65_536;
/// Room for the last lines, in bytes.
const END: usize = 1024;
/// Most characters of a message, and of a place.
const LONGEST: usize = 2000;
/// Most other places of a cause that are named.
const PLACES: usize = 10;
/// Most troubles that are named.
const TROUBLES: usize = 10;

/// Writes a report of at most so many bytes: what does not fit is counted.
pub(super) fn within(limit: usize, out: &mut dyn Write, view: &View<'_>) -> io::Result<()> {
    let mut groups = by_cause(view.report.diagnostics.iter().filter(|one| one.status == Status::Active));
    groups.sort_by_key(|group| group.first().map(|one| std::cmp::Reverse(one.severity)));
    let mut text = head(view);
    let mut left = groups.len();
    for item in groups.iter().map(item) {
        if text.len() + item.len() + END > limit {
            break;
        }
        text += &item;
        left -= 1;
    }
    if left > 0 {
        let untold: usize = groups.iter().rev().take(left).map(Group::count).sum();
        text += &format!("\n… and {} that do not fit here.\n", text::plural(untold, "more finding"));
    }
    if !view.quiet {
        text += &format!("\n{}.\n", text::checked(&view.report.coverage));
    }
    out.write_all(text.as_bytes())
}

/// The title, and what could not be read.
fn head(view: &View<'_>) -> String {
    let tree = match view.report.root.as_slice() {
        b"" | b"." => String::new(),
        root => format!(" in {}", shown_name(root)),
    };
    let mut head = format!("<!-- preflight -->\n### preflight: {}{tree}\n\n", text::verdict(view));
    let troubles = &view.report.troubles;
    head.extend(troubles.iter().take(TROUBLES).map(trouble));
    if let Some(left) = troubles.len().checked_sub(TROUBLES).filter(|left| *left > 0) {
        head += &format!("- … and {} that could not be checked\n", text::plural(left, "more place"));
    }
    head
}

fn trouble(trouble: &Trouble) -> String {
    let place = if trouble.path.is_empty() { String::new() } else { format!(" {}", shown_name(&trouble.path)) };
    format!("- **not checked**{place}: {}\n", words(&trouble.what))
}

fn item(group: &Group<'_>) -> String {
    let Some(first) = group.first() else { return String::new() };
    let severity = match first.severity {
        Severity::Error => "**error**",
        Severity::Warning => "**warning**",
        Severity::Note => "note",
    };
    let mut item = format!("- {severity} {} at {}: {}", code(first.code), place(first), words(&first.message));
    if let Some(help) = &first.help {
        item += &format!("; {}", words(help));
    }
    item.push('\n');
    if let Some(location) = &first.location {
        item += &indented(&block(&excerpt::numbered(&location.excerpt)));
    }
    item + &others(group)
}

/// The other places of a cause.
fn others(group: &Group<'_>) -> String {
    let places: Vec<String> = group.members.iter().skip(1).take(PLACES).map(|other| place(other)).collect();
    let left = group.count().saturating_sub(1 + places.len());
    match (places.is_empty(), left) {
        (true, 0) => String::new(),
        (true, left) => format!("\n  and {left} more of this cause\n"),
        (false, 0) => format!("\n  also at {}\n", places.join(", ")),
        (false, left) => format!("\n  also at {} and {left} more\n", places.join(", ")),
    }
}

fn place(one: &Diagnostic) -> String {
    code(&escape::clipped(&concise::place(one), LONGEST))
}

fn shown_name(path: &[u8]) -> String {
    code(&escape::clipped(&escape::name(path), LONGEST))
}

/// A message: names between backticks as code, and the rest only where it is plainly words.
fn words(message: &str) -> String {
    let line = escape::line(message);
    let clipped = escape::clipped(&line, LONGEST);
    let parts: Vec<&str> = clipped.split('`').collect();
    let last = parts.len() - 1;
    let is_words =
        |at: usize, part: &str| at.is_multiple_of(2) && is_plain(part) && (!part.is_empty() || at == 0 || at == last);
    let mut out = String::new();
    // A name that holds a backtick comes in several parts: together they are one span.
    let mut span: Vec<&str> = Vec::new();
    for (at, &part) in parts.iter().enumerate() {
        if is_words(at, part) {
            out += &joined(&mut span);
            out += part;
        } else {
            span.push(part);
        }
    }
    out + &joined(&mut span)
}

/// Parts of a text that were split at backticks, as one code span.
fn joined(parts: &mut Vec<&str>) -> String {
    if parts.is_empty() { String::new() } else { code(&std::mem::take(parts).join("`")) }
}

/// Whether a text holds nothing that Markdown, GitHub or GitLab make something of: no markup, mention, reference or
/// link. (`www.` and `GH-1` become links without any punctuation of their own.)
fn is_plain(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let harmless = |c: char| c.is_alphanumeric() || " ,;.()'\"%?…-–—".contains(c);
    // A colon that ends a clause; any other could be of an address or of `:emoji:`.
    let clauses = lower.replace(": ", " ");
    clauses.strip_suffix(':').unwrap_or(&clauses).chars().all(harmless)
        && !lower.contains("www.")
        && !lower.contains("gh-")
}

/// A code span that no text can end: its fence is longer than any run of backticks within.
fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    let bare = !text.starts_with(['`', ' ']) && !text.ends_with(['`', ' ']) && !text.is_empty();
    let pad = if bare { "" } else { " " };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A code block, likewise.
fn block(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}text\n{text}{fence}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Lines that belong to a list item.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_code_and_words_stay_words() {
        for (message, want) in [
            ("`a.php` is not in the tree; `b.php` is", "`a.php` is not in the tree; `b.php` is"),
            ("`a`@team`b`", "``a`@team`b``"),
            ("``@team` is", "`` `@team` is ``"),
            ("`a`", "`a`"),
            ("see http://x, #1 or <b>", "`see http://x, #1 or <b>`"),
            ("rename `a`: it is www.x.de", "rename ``a`: it is www.x.de``"),
            ("this is said: `a`", "this is said: `a`"),
        ] {
            assert_eq!(words(message), want);
        }
    }

    #[test]
    fn no_text_ends_its_fence() {
        assert_eq!(code("a``b`"), "``` a``b` ```");
        assert_eq!(block("1 | ```\n"), "````text\n1 | ```\n````\n");
    }
}
