//! Less: what a sheet imports (lesscss.org "Import At-Rules").
//!
//! Read: `@import` with its options, `url()` and all else that CSS reads. An import of a `.css` is read as CSS has it,
//! unless an option says that Less reads it.
//!
//! Knowingly not read: `@plugin`, `data-uri()`, `image-size()`, names with `@{…}`. Variables are holes.

use super::syntax::sheet::{self, Import, Syntax};
use super::{Input, Language, Phase, Scan, Sheet, has_scheme};

/// Less.
pub const LANGUAGE: Language = Language {
    name: "less",
    extensions: &["less"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`@import`, and what CSS reads",
    leaves: "`@plugin`, `data-uri()`, variables",
    scan,
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let syntax = Syntax { rules: &["import"], indented: false, by_line: false, imports };
    sheet::scan(input.source.bytes(), syntax)
}

fn imports(prelude: &[u8], _: &str) -> Vec<Import> {
    let (options, start) = options(prelude);
    let has = |word: &[u8]| options.split(|byte| b", ".contains(byte)).any(|option| option == word);
    let Some(range) = name(prelude, start) else { return Vec::new() };
    let text = &prelude[range.clone()];
    let path = text.split(|&byte| byte == b'?').next().unwrap_or(text);
    let as_css = has(b"css") || path.ends_with(b".css") && !has(b"less") && !has(b"inline");
    if as_css || has_scheme(text) {
        return Vec::new();
    }
    let kind = if has(b"inline") { Sheet::Inline } else { Sheet::Less };
    vec![Import { range, guarded: has(b"optional"), kind }]
}

/// The options in front of a name, and where the name may begin.
fn options(prelude: &[u8]) -> (&[u8], usize) {
    let blank = prelude.len() - prelude.trim_ascii_start().len();
    let closing = memchr::memchr(b')', prelude).filter(|_| prelude.get(blank) == Some(&b'('));
    closing.map_or((b"", blank), |end| (prelude[blank + 1..end].trim_ascii(), end + 1))
}

/// The inside of the quotes, in `url()` or not.
fn name(prelude: &[u8], start: usize) -> Option<std::ops::Range<usize>> {
    let rest = prelude.get(start..)?;
    let blank = rest.len() - rest.trim_ascii_start().len();
    let inner = rest.trim_ascii_start().strip_prefix(b"url(").map_or(0, |_| b"url(".len());
    sheet::string(prelude, start + blank + inner..prelude.len()).map(|(range, _)| range)
}
