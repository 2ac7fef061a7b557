//! `.gitmodules`: what a submodule holds is not there until it is checked out (gitmodules(5)).
//!
//! Read: the paths. Knowingly not read: where submodules come from.

use super::syntax::ini::{self, Style};
use super::{Fact, Input, Language, Phase, Scan};

/// The submodules of a repository.
pub const LANGUAGE: Language = Language {
    name: "gitmodules",
    extensions: &[],
    names: &[".gitmodules"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "paths: what is missing below one that is not checked out is no finding",
    leaves: "where submodules come from",
    scan,
};

const STYLE: Style = Style { comments: b"#;", inline: None, joins: false };

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let entries = ini::entries(input.source.bytes(), STYLE);
    let paths = entries.iter().filter(|entry| entry.key == b"path").map(|entry| entry.unquoted().0.to_vec());
    Scan { facts: paths.filter(|path| !path.is_empty()).map(Fact::Submodule).collect(), ..Scan::default() }
}
