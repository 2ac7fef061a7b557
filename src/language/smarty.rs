//! Smarty: what a template includes and extends, and the markup around (smarty.net "Template Inheritance",
//! "{include}").
//!
//! Read: `{include file='x'}`, `{include 'x'}`, `{extends …}`, and the markup around with every construct masked.
//!
//! Knowingly not read: names with variables in them, resources (`module:x`, `parent:x`), `{config_load}`,
//! `{html_image}`, other delimiters. Other engines have the extension, too: a file is Smarty's where it has a tag of
//! it.

use super::syntax::delimited::{self, Construct, Engine, comment, construct};
use super::{Input, Language, Namespace, Partial, Phase, Reference, Scan, html};
use crate::diagnostic::{Span, Strength};

/// Smarty.
pub const LANGUAGE: Language = Language {
    name: "smarty",
    extensions: &["tpl"],
    names: &[],
    interpreters: &[],
    recognises: Some(is_smarty),
    phase: Phase::Facts,
    reads: "`{include}`, `{extends}`, HTML around",
    leaves: "names with variables, resources, `{config_load}`, other delimiters",
    scan,
};

const SMARTY: Engine = Engine {
    delimiters: &[comment(b"{*", b"*}"), construct(b"{", b"}")],
    tight: true,
    quotes: true,
    raw: &[("literal", "/literal")],
};

/// What only Smarty has.
const SIGNS: [&[u8]; 7] = [b"{*", b"{extends ", b"{foreach ", b"{if $", b"{include ", b"{literal}", b"{/if}"];
/// What only others have.
const OTHERS: [&[u8]; 4] = [b"{{", b"<?", b"{%", b"<%"];

fn is_smarty(_: &[u8], head: &[u8]) -> bool {
    let holds = |sign: &&[u8]| memchr::memmem::find(head, sign).is_some();
    SIGNS.iter().any(holds) && !OTHERS.iter().any(holds)
}

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let (constructs, masked) = delimited::read(source, &SMARTY);
    let mut references = html::scan_fragment(source, &masked, html::Page { unknown_base: true });
    references.extend(constructs.iter().filter_map(|one| included(one, source)));
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

fn included<'s>(one: &Construct, source: &'s [u8]) -> Option<Reference<'s>> {
    let (name, strength) = match one.word(0, source) {
        b"include" => ("include", Strength::Broken),
        b"extends" => ("extends", Strength::Fatal),
        _ => return None,
    };
    let short = || one.text(1).filter(|_| one.ends_value(2, source));
    let span: Span = one.named(b"file", source).or_else(short)?;
    let text = span.of(source).strip_prefix(b"file:").unwrap_or(span.of(source));
    let span = Span { start: span.end - u32::try_from(text.len()).unwrap_or_default(), end: span.end };
    Some(Reference::literal(span, text, name, Namespace::Partial(Partial::Smarty), strength))
}
