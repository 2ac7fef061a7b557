//! Stylus: what a sheet imports (stylus-lang.com "import").
//!
//! Read: `@import` and `@require` by names in quotes, `url()` and all else that CSS reads.
//!
//! Knowingly not read: names without quotes, patterns, `json()`, `use()`. Variables are holes.

use super::syntax::sheet::{self, Import, Syntax};
use super::{Input, Language, Phase, Scan, Sheet, has_scheme};

/// Stylus.
pub const LANGUAGE: Language = Language {
    name: "stylus",
    extensions: &["styl", "stylus"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`@import`, `@require`, and what CSS reads",
    leaves: "names without quotes, patterns, variables",
    scan,
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let rules = &["import", "require"];
    let syntax = Syntax { rules, indented: false, by_line: true, imports };
    sheet::scan(input.source.bytes(), syntax)
}

fn imports(prelude: &[u8], _: &str) -> Vec<Import> {
    let strings = sheet::parts(prelude).into_iter().filter_map(|part| sheet::string(prelude, part));
    let named = strings.filter(|(range, rest)| {
        let name = &prelude[range.clone()];
        rest.is_empty() && !name.ends_with(b".css") && !has_scheme(name)
    });
    named.map(|(range, _)| Import { range, guarded: false, kind: Sheet::Stylus }).collect()
}
