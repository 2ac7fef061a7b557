//! Liquid: what pages of Jekyll and themes of Shopify include (jekyllrb.com "Includes", "Layouts", "Liquid Tags";
//! shopify.dev "Liquid").
//!
//! Read: `include`, `include_cached`, `include_relative`, `link`, `post_url`, `render`, `section`, the layout in front
//! matter, a literal before `relative_url` and `absolute_url`, and the markup around. Pages and documents below a
//! configuration of Jekyll are of other languages to the registry: those ask [`is_page`].
//!
//! Knowingly not read: names that pass through variables, what a theme brings, Shopify's `asset_url`.

use std::borrow::Cow;

use super::syntax::delimited::{self, Construct, Engine, construct};
use super::syntax::yaml;
use super::{
    Base, Content, Input, Language, Namespace, Partial, Phase, Reference, Scan, SiteFolder, UrlKind, Want, html,
};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;
use crate::source::Source;

/// Liquid.
pub const LANGUAGE: Language = Language {
    name: "liquid",
    extensions: &["liquid"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`include`, `include_relative`, `link`, `post_url`, `render`, `section`, layouts in front matter of Jekyll, HTML around",
    leaves: "names that pass through variables, `asset_url`",
    scan,
};

const LIQUID: Engine = Engine {
    delimiters: &[construct(b"{%-", b"%}"), construct(b"{%", b"%}"), construct(b"{{", b"}}")],
    tight: false,
    quotes: false,
    raw: &[("comment", "endcomment"), ("raw", "endraw")],
};

/// Tags that name a file first, and whose rules look it up.
const TAGS: [(&str, Namespace); 7] = [
    ("include", Namespace::Partial(Partial::JekyllInclude)),
    ("include_cached", Namespace::Partial(Partial::JekyllInclude)),
    ("include_relative", Namespace::Path(&[Base::FileDirectory], Want::File)),
    ("link", Namespace::Content(Content::JekyllFile)),
    ("post_url", Namespace::Content(Content::JekyllPost)),
    ("render", Namespace::Partial(Partial::Snippet)),
    ("section", Namespace::Partial(Partial::Section)),
];
/// Layouts that stand for none, and those that GitHub's own theme brings.
const NO_LAYOUT: [&[u8]; 7] = [b"default", b"home", b"nil", b"none", b"null", b"page", b"post"];
/// Folders of Jekyll whose pages need no front matter.
const FOLDERS: [&[u8]; 2] = [b"_includes", b"_layouts"];

fn scan(input: Input<'_>) -> Scan<'_> {
    scan_page(input)
}

/// Whether Jekyll makes a page of a file: a configuration of it stands above, and the file says so in front.
pub(super) fn is_page(input: Input<'_>) -> bool {
    let source = input.source.bytes();
    let front = source.starts_with(b"---\n") || source.starts_with(b"---\r\n");
    let Some(sites) = input.project.map(|project| &project.sites) else { return false };
    let Some(home) = sites.jekyll(input.path) else { return false };
    let moved = [SiteFolder::Includes, SiteFolder::JekyllLayouts].map(|folder| sites.moved(home, folder));
    let folder = || path::segments(input.path).any(|segment| FOLDERS.contains(&segment));
    front || folder() || moved.iter().flatten().any(|place| path::is_below(input.path, place))
}

/// The constructs of a page, and the markup around them.
pub(super) fn scan_page(input: Input<'_>) -> Scan<'_> {
    let (mut references, masked) = read(input);
    references.extend(html::scan_fragment(input.source.bytes(), &masked, html::Page { unknown_base: true }));
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// The references of the constructs and of the front matter, and the source at equal length with both masked.
pub(super) fn read(input: Input<'_>) -> (Vec<Reference<'_>>, Vec<u8>) {
    let source = input.source.bytes();
    let (constructs, masked) = delimited::read(source, &LIQUID);
    let mut references: Vec<Reference<'_>> = constructs.iter().filter_map(|one| named(one, source)).collect();
    references.extend(layout(input));
    (references, masked)
}

fn named<'s>(one: &Construct, source: &'s [u8]) -> Option<Reference<'s>> {
    let at = usize::from(one.word(0, source) == b"-");
    if let Some(span) = one.text(at).filter(|_| one.is_sign(at + 1, b'|')) {
        return linked(span, one.word(at + 2, source), source);
    }
    let &(name, namespace) = TAGS.iter().find(|(name, _)| name.as_bytes() == one.word(at, source))?;
    let token = one.tokens.get(at + 1)?;
    let span = match token.kind {
        delimited::Kind::Text if one.ends_value(at + 2, source) => token.span,
        // Jekyll's names stand without quotes.
        delimited::Kind::Word if !matches!(name, "render" | "section") && !one.is_sign(at + 2, b'=') => token.span,
        _ => return None,
    };
    let text = span.of(source);
    // A variable has no extension, and a name with blanks goes on.
    let whole =
        !matches!(name, "link" | "post_url") || one.tokens.get(at + 2).is_none_or(|next| next.span.of(source) == b"-");
    let is_file = name == "post_url" && !text.contains(&b'.')
        || token.kind == delimited::Kind::Text
        || text.contains(&b'.') && !text.starts_with(b"include.");
    (is_file && whole).then(|| Reference::literal(span, text, name, namespace, Strength::Fatal))
}

/// `'/x' | relative_url`: below the path at which the site is served.
fn linked<'s>(span: Span, filter: &[u8], source: &'s [u8]) -> Option<Reference<'s>> {
    let known = matches!(filter, b"relative_url" | b"absolute_url");
    let text = span.of(source);
    if !known || text.is_empty() || super::has_scheme(text) {
        return None;
    }
    let slashed = if text.starts_with(b"/") { text.to_vec() } else { [b"/", text].concat() };
    let expr = PathExpr::Concat(vec![PathExpr::Hole, PathExpr::Literal(Cow::Owned(slashed))]);
    let reference = Reference::literal(span, text, "relative_url", Namespace::Url(UrlKind::Routed), Strength::Broken);
    Some(Reference { expr, ..reference })
}

/// `layout: x` between the first two lines of dashes.
fn layout(input: Input<'_>) -> Option<Reference<'_>> {
    let source = input.source.bytes();
    let rest = source.strip_prefix(b"---").filter(|rest| matches!(rest.first(), Some(b'\n' | b'\r')))?;
    let end = memchr::memmem::find(rest, b"\n---")?;
    let front = Source::new(&rest[..end]);
    let documents = yaml::documents(&front);
    let (text, span) = documents.first()?.get("layout")?.string()?;
    let span = Span { start: span.start + 3, end: span.end + 3 };
    if NO_LAYOUT.contains(&text) || span.of(source) != text {
        return None;
    }
    let namespace = Namespace::Partial(Partial::JekyllLayout);
    let reference = Reference::literal(span, span.of(source), "layout", namespace, Strength::Broken);
    Some(Reference { ceiling: Severity::Error, ..reference })
}
