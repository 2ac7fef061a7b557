//! `package.json`, as far as it tells of a build (docs.npmjs.com, "package.json", `scripts`).
//!
//! Read: whether a `build` script makes the deployed pages out of these sources: then a page among the sources is
//! not served from where it lies. Knowingly not read yet: entry points, exports, dependencies.

use jsonc_parser::{CollectOptions, ParseOptions, ast::Value, parse_to_ast};

use super::{Fact, Input, Language, Phase, Scan};

/// `package.json`.
pub const LANGUAGE: Language = Language {
    name: "npm",
    extensions: &[],
    names: &["package.json"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "whether a build makes the pages that are served",
    leaves: "entry points, exports, dependencies",
    scan,
};

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let facts = if builds(&input.source.text()) { vec![Fact::Builds] } else { Vec::new() };
    Scan { facts, ..Scan::default() }
}

fn builds(text: &str) -> bool {
    let Ok(parsed) = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()) else { return false };
    let Some(Value::Object(root)) = parsed.value else { return false };
    root.get_object("scripts").is_some_and(|scripts| scripts.get("build").is_some())
}
