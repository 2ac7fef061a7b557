//! EJS: what a template includes, and the markup around it (ejs.co "Includes").
//!
//! Read: `include('x')`, the older `include x`, and the markup around with every construct masked.
//!
//! Knowingly not read: names that pass through variables, other delimiters, layouts of express-ejs-layouts.

use super::syntax::delimited::{self, Construct, Engine, comment, construct};
use super::{Input, Language, Namespace, Partial, Phase, Reference, Scan, html};
use crate::diagnostic::{Span, Strength};

/// EJS.
pub const LANGUAGE: Language = Language {
    name: "ejs",
    extensions: &["ejs"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`include()`, HTML around",
    leaves: "names that pass through variables, other delimiters",
    scan,
};

const EJS: Engine = Engine {
    delimiters: &[
        comment(b"<%#", b"%>"),
        comment(b"<%%", b"%%>"),
        construct(b"<%-", b"%>"),
        construct(b"<%=", b"%>"),
        construct(b"<%_", b"%>"),
        construct(b"<%", b"%>"),
    ],
    tight: false,
    quotes: false,
    raw: &[],
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let (constructs, masked) = delimited::read(source, &EJS);
    let mut references = html::scan_fragment(source, &masked, html::Page { unknown_base: true });
    for one in &constructs {
        let names = (0..one.tokens.len()).filter(|&at| one.word(at, source) == b"include");
        references.extend(names.filter_map(|at| included(one, at + 1, source)).map(|span| reference(source, span)));
    }
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// `('x', …)`, or the words up to the end of the construct.
fn included(one: &Construct, at: usize, source: &[u8]) -> Option<Span> {
    if one.is_sign(at, b'(') {
        return one.text(at + 1).filter(|_| one.ends_value(at + 2, source));
    }
    let alone = at == 1 && one.tokens.len() == 2 && !one.word(at, source).is_empty();
    alone.then(|| one.tokens[at].span)
}

fn reference(source: &[u8], span: Span) -> Reference<'_> {
    let namespace = Namespace::Partial(Partial::Ejs);
    Reference::literal(span, span.of(source), "include", namespace, Strength::Fatal)
}
