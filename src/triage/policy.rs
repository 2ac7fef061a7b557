//! What a change loosens of the rules by which it, or the next one, is judged: the configuration of the tree against
//! that of the trusted revision, key by key.

use std::collections::BTreeSet;

use super::exception::bare;
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::options::{LEVELS, Options, Stated};

/// Says where the rules of the tree are looser than those of the trusted revision.
pub(super) fn changed(options: &Options) -> Option<Diagnostic> {
    let trusted = options.trusted.as_ref()?;
    let looser = looser(&trusted.stated, &options.stated);
    (!looser.is_empty()).then(|| Diagnostic {
        help: Some("what `[signoff]` of the trusted revision says holds all the same; look at the rest".to_owned()),
        ..bare(
            b"preflight.toml".to_vec(),
            "policy-changed",
            Severity::Warning,
            format!("the rules are looser than those of the trusted revision: {}", looser.join(", ")),
        )
    })
}

/// What is looser, in words.
fn looser(old: &Stated, new: &Stated) -> Vec<String> {
    let none = BTreeSet::new();
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let one = |key: &String| {
        let (old, new) = (old.get(key).unwrap_or(&none), new.get(key).unwrap_or(&none));
        if old == new { None } else { loosened(key, old, new) }
    };
    keys.into_iter().filter_map(one).collect()
}

fn loosened(key: &str, old: &BTreeSet<String>, new: &BTreeSet<String>) -> Option<String> {
    // Of lists that excuse, more is looser; of lists that forbid, less.
    let more = || listed(key, "adds", new.difference(old));
    let less = || listed(key, "drops", old.difference(new));
    let from_to = || format!("`{key}` from {} to {}", quoted(old), quoted(new));
    let (before, after) = (old.first().map(String::as_str), new.first().map(String::as_str));
    match key {
        "allow" | "exclude" | "generated" => more(),
        // Where there was no word of releases, every one had to be signed off.
        "signoff.release.paths" | "signoff.release.waived-errors" if before.is_none() => Some(from_to()),
        "signoff.robots" | "signoff.release.paths" => less(),
        _ => (strictness(key, before) == 0 || strictness(key, after) < strictness(key, before)).then(from_to),
    }
}

/// How strict a value is, from 1 on; 0 where nobody can tell, and every change counts.
fn strictness(key: &str, value: Option<&str>) -> u32 {
    let rank = |words: &[&str], word: &str| words.iter().position(|one| *one == word).map_or(1, |at| at as u32 + 1);
    let severities = ["off", "note", "warning", "error"];
    match key {
        "signoff.accept" => rank(&LEVELS.map(|(name, _)| name), value.unwrap_or("signed")),
        "signoff.max-days" => u32::MAX - value.and_then(|days| days.parse().ok()).unwrap_or(90),
        "signoff.allow-up-to" => rank(&["error", "warning", "note", "nothing"], value.unwrap_or("error")),
        "signoff.author-may-not-approve" | "signoff.owners-approve" => 1 + u32::from(value == Some("true")),
        "signoff.release.waived-errors" => 1 + u32::from(value != Some("false")),
        _ => match key.strip_prefix("severity.") {
            Some(name) => {
                let usual = code(name).map_or("error", |code| code.severity.name());
                rank(&severities, value.unwrap_or(usual))
            }
            None => 0,
        },
    }
}

fn listed<'a>(key: &str, verb: &str, items: impl Iterator<Item = &'a String>) -> Option<String> {
    let items: Vec<String> = items.map(|item| format!("`{}`", item.escape_debug())).collect();
    (!items.is_empty()).then(|| format!("`{key}` {verb} {}", items.join(" and ")))
}

fn quoted(values: &BTreeSet<String>) -> String {
    let all: Vec<String> = values.iter().map(|value| format!("`{}`", value.escape_debug())).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(" and ") }
}
