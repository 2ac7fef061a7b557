//! Handlebars and Mustache: the partials of a template, and the markup around (handlebarsjs.com "Partials",
//! mustache.github.io).
//!
//! Read: `{{> x}}` by names that are written out, and the markup around with every construct masked. A program
//! registers partials under the names that it likes: only near misses are told.
//!
//! Knowingly not read: names that are looked up, layouts in front matter. What a block brings with it (`{{#> x}}`) and
//! inline partials may be absent.

use super::syntax::delimited::{self, Engine, comment, construct};
use super::{Input, Language, Namespace, Partial, Phase, Reference, Scan, html};
use crate::diagnostic::{Span, Strength};

/// Handlebars and Mustache.
pub const LANGUAGE: Language = Language {
    name: "handlebars",
    extensions: &["handlebars", "hbs", "mustache"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "partials by their names, HTML around",
    leaves: "names that are looked up, layouts",
    scan,
};

const HANDLEBARS: Engine = Engine {
    delimiters: &[
        comment(b"{{!--", b"--}}"),
        comment(b"{{!", b"}}"),
        construct(b"{{{", b"}}}"),
        construct(b"{{", b"}}"),
    ],
    tight: false,
    quotes: false,
    raw: &[],
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let (constructs, masked) = delimited::read(source, &HANDLEBARS);
    let mut references = html::scan_fragment(source, &masked, html::Page { unknown_base: true });
    references.extend(constructs.iter().filter_map(|one| partial(source, one.inside.start, one.inside.end)));
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// `> a/b`, with or without quotes.
fn partial(source: &[u8], start: usize, end: usize) -> Option<Reference<'_>> {
    let inside = &source[start..end];
    let name = inside.strip_prefix(b"~").unwrap_or(inside).trim_ascii_start().strip_prefix(b">")?.trim_ascii_start();
    let start = end - name.len();
    let quoted = matches!(name.first(), Some(b'"' | b'\''));
    let stop = |byte: &u8| byte.is_ascii_whitespace() || b"\"'(){}=~".contains(byte);
    let from = usize::from(quoted);
    let length = name[from..].iter().position(stop).unwrap_or(name.len() - from);
    let ends = quoted || !matches!(name.get(length), Some(b'(' | b'='));
    if length == 0 || !ends {
        return None;
    }
    let span = Span::new(start + from, start + from + length);
    let namespace = Namespace::Partial(Partial::Handlebars);
    Some(Reference::literal(span, span.of(source), "partial", namespace, Strength::Fatal))
}
