//! `.gitignore`: what is not committed is made elsewhere, so its absence is normal.
//!
//! Read: every pattern, with the directory it stands in (gitignore(5)). Knowingly not read: `.git/info/exclude` and
//! a person's global file, which are not part of the tree. Nothing that exists is left out because of it.

use super::{Fact, Input, Language, Phase, Scan};

/// Ignore files of git.
pub const LANGUAGE: Language = Language {
    name: "gitignore",
    extensions: &[],
    names: &[".gitignore"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "patterns: a missing file that git ignores is made elsewhere",
    leaves: "files outside the tree (`.git/info/exclude`, a global ignore file)",
    scan,
};

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = String::from_utf8_lossy(input.source.bytes());
    let patterns: Vec<String> = text.lines().map(str::to_owned).collect();
    Scan { facts: vec![Fact::Ignored(patterns)], ..Scan::default() }
}
