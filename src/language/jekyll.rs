//! The configuration of a site of Jekyll: whether a theme brings files of its own (jekyllrb.com "Themes").
//!
//! Read: `theme` and `remote_theme`. Knowingly not read: everything else; defaults and collections name no file that
//! must be there.

use super::syntax::yaml;
use super::{Fact, Input, Language, Phase, Scan};

/// Jekyll's configuration.
pub const LANGUAGE: Language = Language {
    name: "jekyll",
    extensions: &[],
    names: &["_config.yml", "_config.yaml"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "whether a theme brings layouts and includes",
    leaves: "all else",
    scan,
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let documents = yaml::documents(input.source);
    let themed =
        documents.iter().any(|document| ["remote_theme", "theme"].iter().any(|key| document.get(key).is_some()));
    Scan { facts: if themed { vec![Fact::Themed] } else { Vec::new() }, ..Scan::default() }
}
