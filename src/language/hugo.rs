//! Templates of Go as Hugo has them: partials, assets, and the markup around (gohugo.io "Partial templates",
//! "resources.Get", "relURL").
//!
//! Read: `partial` and `partialCached`, `template` with a path of partials, a literal with `relURL` or `absURL`, and
//! the markup around with every construct masked. Pages below the `layouts` of a site or a theme are HTML to the
//! registry, which asks [`is_page`]. In content: the templates of shortcodes, the pages of `ref` and `relref`, the
//! picture of `figure`, none of them more than a warning.
//!
//! Knowingly not read: names that pass through variables, names that `define` gives, what Hugo itself brings, the
//! arguments of other shortcodes.

use std::borrow::Cow;

use super::syntax::delimited::{self, Construct, Engine, comment, construct};
use super::{Content, Document, Input, Language, Namespace, Partial, Phase, Reference, Scan, UrlKind, html};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// Templates of Go.
pub const LANGUAGE: Language = Language {
    name: "hugo",
    extensions: &["gohtml", "gotmpl"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`partial`, `relURL` and `absURL`, HTML around; shortcodes, `ref`, `relref` and `figure` in content",
    leaves: "names that pass through variables, `define`, arguments of other shortcodes",
    scan,
};

const GO: Engine = Engine {
    delimiters: &[
        comment(b"{{/*", b"*/}}"),
        comment(b"{{- /*", b"*/ -}}"),
        construct(b"{{-", b"}}"),
        construct(b"{{", b"}}"),
    ],
    tight: false,
    quotes: true,
    raw: &[],
};

/// Partials that Hugo brings (gohugo.io "Embedded partial templates").
const EMBEDDED: [&[u8]; 6] = [b"disqus", b"google_analytics", b"opengraph", b"pagination", b"schema", b"twitter_cards"];

const SHORTCODES: Engine = Engine {
    delimiters: &[
        comment(b"{{</*", b"*/>}}"),
        comment(b"{{%/*", b"*/%}}"),
        construct(b"{{<", b">}}"),
        construct(b"{{%", b"%}}"),
    ],
    tight: false,
    quotes: true,
    raw: &[],
};

/// Shortcodes that Hugo brings, or brought (gohugo.io "Shortcodes").
const BROUGHT: [&[u8]; 20] = [
    b"comment",
    b"details",
    b"figure",
    b"gist",
    b"highlight",
    b"instagram",
    b"instagram_simple",
    b"param",
    b"qr",
    b"ref",
    b"relref",
    b"speakerdeck",
    b"twitter",
    b"twitter_simple",
    b"tweet",
    b"vimeo",
    b"vimeo_simple",
    b"x",
    b"x_simple",
    b"youtube",
];

/// Whether a document is content of Hugo's.
pub(super) fn is_content(input: Input<'_>) -> bool {
    let Some(sites) = input.project.map(|project| &project.sites) else { return false };
    sites.hugo(input.path).is_some_and(|home| path::is_below(input.path, &sites.content(home)))
}

/// What the shortcodes in content name.
pub(super) fn shortcodes(source: &[u8]) -> Vec<Reference<'_>> {
    let (constructs, _) = delimited::read(source, &SHORTCODES);
    constructs.iter().filter_map(|one| called(one, source)).collect()
}

fn called<'s>(one: &Construct, source: &'s [u8]) -> Option<Reference<'s>> {
    let name = one.word(0, source);
    let reference = |span: Span, construct, namespace| {
        let reference = Reference::literal(span, span.of(source), construct, namespace, Strength::Fatal);
        Reference { ceiling: Severity::Warning, ..reference }
    };
    let named = |key: &[u8]| one.named(key, source);
    match name {
        b"ref" | b"relref" => {
            let construct = if name == b"ref" { "ref" } else { "relref" };
            // In another language or output, another page.
            let elsewhere = one.tokens.iter().any(|token| matches!(token.span.of(source), b"lang" | b"outputFormat"));
            let span = one.text(1).or_else(|| named(b"path")).filter(|_| !elsewhere)?;
            Some(reference(span, construct, Namespace::Content(Content::HugoPage)))
        }
        b"figure" => {
            let picture = reference(named(b"src")?, "figure", Namespace::Document(Document::Image));
            Some(Reference { strength: Strength::Broken, ..picture })
        }
        _ => {
            let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_/".contains(byte);
            let known = BROUGHT.iter().any(|row| row.eq_ignore_ascii_case(name));
            let is_name = name.first().is_some_and(u8::is_ascii_alphanumeric) && name.iter().all(plain);
            let span = one.tokens.first()?.span;
            let namespace = Namespace::Content(Content::HugoShortcode);
            (is_name && !known && !name.ends_with(b"/")).then(|| reference(span, "shortcode", namespace))
        }
    }
}

/// Whether a page is a template of Hugo's.
pub(super) fn is_page(input: Input<'_>) -> bool {
    let Some(sites) = input.project.map(|project| &project.sites) else { return false };
    sites.hugo(input.path).is_some_and(|home| path::is_below(input.path, &sites.layouts(home)))
}

pub(super) fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let (constructs, masked) = delimited::read(source, &GO);
    let mut references = html::scan_fragment(source, &masked, html::Page { unknown_base: true });
    let inline: Vec<&[u8]> = constructs.iter().filter_map(|one| inline(one, source)).collect();
    let named = constructs.iter().flat_map(|one| named(one, source));
    references.extend(named.filter(|one| !one.expr.as_literal().is_some_and(|name| inline.contains(&name))));
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// `{{ define "_partials/x.html" }}`: a partial that the template holds itself (gohugo.io "Inline partials").
fn inline<'s>(one: &Construct, source: &'s [u8]) -> Option<&'s [u8]> {
    let name = one.text(1).filter(|_| one.word(0, source) == b"define")?.of(source);
    name.strip_prefix(b"_partials/").or_else(|| name.strip_prefix(b"partials/"))
}

fn named<'s>(one: &Construct, source: &'s [u8]) -> Vec<Reference<'s>> {
    let at = |at: usize| match one.word(at, source) {
        b"partial" | b"partialCached" => partial(one.text(at + 1)?, source, "partial"),
        b"template" => partial(one.text(at + 1)?, source, "template"),
        b"relURL" | b"absURL" => linked(one, at, source),
        _ => None,
    };
    (0..one.tokens.len()).filter_map(at).collect()
}

fn partial<'s>(span: Span, source: &'s [u8], construct: &'static str) -> Option<Reference<'s>> {
    let written = span.of(source);
    let text = written.strip_prefix(b"partials/").unwrap_or(written);
    // Other names are those of `define`.
    let named = construct == "partial" || text.len() < written.len();
    let stem = text.strip_suffix(b".html").unwrap_or(text);
    if !named || text.starts_with(b"_internal/") || EMBEDDED.contains(&stem) {
        return None;
    }
    let start = span.end as usize - text.len();
    let span = Span::new(start, span.end as usize);
    Some(Reference::literal(span, text, construct, Namespace::Partial(Partial::HugoPartial), Strength::Fatal))
}

/// `"x" | relURL`, `relURL "x"`: below the path at which the site is served.
fn linked<'s>(one: &Construct, at: usize, source: &'s [u8]) -> Option<Reference<'s>> {
    let before = at.checked_sub(2).filter(|_| one.is_sign(at - 1, b'|')).and_then(|at| one.text(at));
    let span = before.or_else(|| one.text(at + 1).filter(|_| one.ends_value(at + 2, source)))?;
    let text = span.of(source);
    if text.is_empty() || super::has_scheme(text) || text.starts_with(b"#") {
        return None;
    }
    let slashed = if text.starts_with(b"/") { text.to_vec() } else { [b"/", text].concat() };
    let expr = PathExpr::Concat(vec![PathExpr::Hole, PathExpr::Literal(Cow::Owned(slashed))]);
    let reference = Reference::literal(span, text, "relURL", Namespace::Url(UrlKind::Routed), Strength::Broken);
    Some(Reference { expr, ..reference })
}
