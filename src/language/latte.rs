//! Latte: what a template includes and extends, and the markup around (latte.nette.org "Tags").
//!
//! Read: `include`, `extends`, `layout`, `import`, `embed` and `sandbox` by names in quotes, and the markup around with
//! every construct masked. Names start where the template lies.
//!
//! Knowingly not read: names without quotes (blocks have them, too), attributes (`n:…`), what presenters choose.

use super::syntax::delimited::{self, Construct, Engine, comment, construct};
use super::{Input, Language, Namespace, Partial, Phase, Reference, Scan, html};
use crate::diagnostic::Strength;

/// Latte.
pub const LANGUAGE: Language = Language {
    name: "latte",
    extensions: &["latte"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`include`, `extends`, `layout`, `import`, `embed`, `sandbox`, HTML around",
    leaves: "names without quotes, `n:` attributes",
    scan,
};

const LATTE: Engine =
    Engine { delimiters: &[comment(b"{*", b"*}"), construct(b"{", b"}")], tight: true, quotes: true, raw: &[] };

/// Tags that name a template, sorted.
const TAGS: [(&str, Strength); 6] = [
    ("embed", Strength::Broken),
    ("extends", Strength::Fatal),
    ("import", Strength::Fatal),
    ("include", Strength::Broken),
    ("layout", Strength::Fatal),
    ("sandbox", Strength::Broken),
];

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let (constructs, masked) = delimited::read(source, &LATTE);
    let mut references = html::scan_fragment(source, &masked, html::Page { unknown_base: true });
    references.extend(constructs.iter().filter_map(|one| included(one, source)));
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

fn included<'s>(one: &Construct, source: &'s [u8]) -> Option<Reference<'s>> {
    let &(name, strength) = TAGS.iter().find(|(name, _)| name.as_bytes() == one.word(0, source))?;
    // `{embed file 'x'}`
    let at = if one.word(1, source) == b"file" { 2 } else { 1 };
    let span = one.text(at).filter(|_| one.ends_value(at + 1, source) || one.is_sign(at + 1, b':'))?;
    let text = span.of(source);
    let namespace = Namespace::Partial(Partial::Latte);
    Some(Reference::literal(span, text, name, namespace, strength))
}
