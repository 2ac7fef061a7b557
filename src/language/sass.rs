//! Sass, in both of its syntaxes: what a sheet loads (sass-lang.com "@use", "@forward", "@import").
//!
//! Read: `@use`, `@forward` and `@import` by names, `url()` and all else that CSS reads. An `@import` that the
//! compiler leaves to the browser (`.css`, `http:`, `url()`, with a media query) is read as CSS has it.
//!
//! Knowingly not read: `meta.load-css()`, helpers of Rails and Compass (`image-url()`), names with `#{…}`. Variables
//! are holes.

use super::syntax::sheet::{self, Import, Syntax};
use super::syntax::sprockets;
use super::{Input, Language, Phase, Scan, Sheet, has_scheme};
use crate::path;

/// Sass and SCSS.
pub const LANGUAGE: Language = Language {
    name: "sass",
    extensions: &["sass", "scss"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`@use`, `@forward`, `@import`, directives of Sprockets, and what CSS reads",
    leaves: "`meta.load-css()`, helpers of Rails and Compass, variables",
    scan,
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let indented = path::extension(input.path) == b"sass";
    let rules = &["import", "use", "forward"];
    let imports = if indented { imports_or_words } else { imports };
    let source = input.source.bytes();
    let mut scan = sheet::scan(source, Syntax { rules, indented, by_line: indented, imports });
    scan.references.extend(sprockets::references(input.path, source));
    scan.references.sort_by_key(|reference| reference.span);
    scan
}

fn imports(prelude: &[u8], word: &str) -> Vec<Import> {
    let import = |range| Import { range, guarded: false, kind: Sheet::Sass };
    if word != "import" {
        let name = sheet::string(prelude, 0..prelude.len());
        return name.map(|(range, _)| import(range)).into_iter().collect();
    }
    let strings = sheet::parts(prelude).into_iter().filter_map(|part| sheet::string(prelude, part));
    let loaded = strings.filter(|(range, rest)| rest.is_empty() && !is_css(&prelude[range.clone()]));
    loaded.map(|(range, _)| import(range)).collect()
}

/// The indented syntax leaves quotes out.
fn imports_or_words(prelude: &[u8], word: &str) -> Vec<Import> {
    let quoted = imports(prelude, word);
    if word != "import" || prelude.iter().any(|byte| b"\"'(".contains(byte)) {
        return quoted;
    }
    let trimmed = |part: std::ops::Range<usize>| {
        let text = &prelude[part.clone()];
        let start = part.start + text.len() - text.trim_ascii_start().len();
        start..(start + text.trim_ascii().len())
    };
    let words = sheet::parts(prelude).into_iter().map(trimmed);
    let loaded = words.filter(|range| {
        let name = &prelude[range.clone()];
        !name.is_empty() && !name.iter().any(u8::is_ascii_whitespace) && !is_css(name)
    });
    loaded.map(|range| Import { range, guarded: false, kind: Sheet::Sass }).collect()
}

/// What is left to the browser.
fn is_css(name: &[u8]) -> bool {
    name.ends_with(b".css") || has_scheme(name) && !name.starts_with(b"pkg:")
}
