//! A Puppet class with the root of the tree as its parameter (Puppet 7.9 and later: commands as arrays).
//!
//! No shell is involved, and a second run does nothing: each `exec` asks first whether there is anything to do.
//! Whatever a terminal would not show as it is is written as `\u{…}`, every `$` is escaped. Knowingly not said:
//! names and texts that are not UTF-8, which no Puppet string can hold. (Puppet, "Strings", "Resource type: exec".)

use std::fmt::Write;

use super::{Change, Emitted, Emitter, Entry, Plan, Rename, Why, sed};

/// The emitter.
pub const EMITTER: Emitter =
    Emitter { name: "puppet", about: "a Puppet class whose parameter is the root of the tree", write };

/// Why a name or text cannot be said.
const NO_TEXT: &str = "a Puppet string holds UTF-8 only";

fn write(plan: &Plan) -> Emitted {
    let mut out = Emitted::default();
    out.line("# Mends a tree: class { 'preflight_fix': root => '/var/www/html' }. Applied again it changes nothing.");
    out.line("class preflight_fix (String[1] $root) {");
    let mut number = 0;
    for change in &plan.changes {
        changed(change, &mut number, &mut out);
    }
    for rename in &plan.renames {
        renamed(rename, &mut number, &mut out);
    }
    out.line("}");
    out
}

fn changed(change: &Change, number: &mut usize, out: &mut Emitted) {
    let Some(rules) = sed::rules(change) else {
        return out.refuse(&change.path, "no substitution makes exactly this change");
    };
    let said: Option<Vec<(String, String)>> =
        rules.iter().map(|rule| Some((string(&rule.command())?, string(&rule.find)?))).collect();
    let (Some(said), Some(file)) = (said, place(&change.path)) else {
        return out.refuse(&change.path, NO_TEXT);
    };
    comment(&change.why, out);
    for (rule, (command, find)) in rules.iter().zip(said) {
        let whole = if rule.whole_line { "-qxF" } else { "-qF" };
        exec(
            &title(number, &change.why),
            &format!("['/bin/sed', '-i', '-e', {command}, '--', {file}]"),
            &format!("[['/bin/grep', '{whole}', '-e', {find}, '--', {file}]]"),
            None,
            out,
        );
    }
}

fn renamed(rename: &Rename, number: &mut usize, out: &mut Emitted) {
    let (Some(from), Some(to)) = (place(&rename.from), place(&rename.to)) else {
        return out.refuse(&rename.from, NO_TEXT);
    };
    comment(&rename.why, out);
    let there = if rename.entry == Entry::Link { "-L" } else { "-e" };
    exec(
        &title(number, &rename.why),
        &format!("['/bin/mv', '--', {from}, {to}]"),
        &format!("[['/usr/bin/test', '{there}', {from}]]"),
        Some(&format!("[['/usr/bin/test', '-e', {to}], ['/usr/bin/test', '-L', {to}]]")),
        out,
    );
}

fn exec(title: &str, command: &str, onlyif: &str, unless: Option<&str>, out: &mut Emitted) {
    out.line(format!("  exec {{ '{title}':"));
    out.line(format!("    command     => {command},"));
    out.line(format!("    onlyif      => {onlyif},"));
    if let Some(unless) = unless {
        out.line(format!("    unless      => {unless},"));
    }
    out.line("    environment => ['LC_ALL=C'],");
    out.line("    logoutput   => on_failure,");
    out.line("  }");
}

/// A title that never holds a name.
fn title(number: &mut usize, why: &[Why]) -> String {
    *number += 1;
    let fingerprint = why.first().map_or("", |why| why.fingerprint.trim_start_matches("pf1:"));
    format!("preflight-{number}-{fingerprint}").trim_end_matches('-').to_owned()
}

fn comment(why: &[Why], out: &mut Emitted) {
    why.iter().for_each(|one| out.line(format!("  # {}", one.what)));
}

/// A path below the root.
fn place(path: &[u8]) -> Option<String> {
    Some(format!("\"${{root}}/{}\"", inside(std::str::from_utf8(path).ok()?)))
}

/// A literal string.
fn string(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let visible = |c: char| (' '..='~').contains(&c);
    if text.chars().all(visible) && text.trim() == text {
        return Some(format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")));
    }
    Some(format!("\"{}\"", inside(text)))
}

/// The inside of a string in double quotes.
fn inside(text: &str) -> String {
    let (front, back) = (text.len() - text.trim_start().len(), text.trim_end().len());
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '\\' | '"' | '$' => out.extend(['\\', c]),
            ' ' if (front..back).contains(&at) => out.push(' '),
            '!'..='~' => out.push(c),
            _ => {
                let _ = write!(out, "\\u{{{:X}}}", u32::from(c));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_hold_what_they_say() {
        for (text, want) in [
            ("it's \\ $x", "'it\\'s \\\\ $x'"),
            ("x ", "\"x\\u{20}\""),
            ("$(id) é\"\n", "\"\\$(id) \\u{E9}\\\"\\u{A}\""),
        ] {
            assert_eq!(string(text.as_bytes()).as_deref(), Some(want));
        }
        assert_eq!(string(b"\xff"), None);
        assert_eq!(place(b"a/x ").as_deref(), Some("\"${root}/a/x\\u{20}\""));
    }
}
