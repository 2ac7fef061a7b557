//! Razor, in views and components of ASP.NET Core (learn.microsoft.com, "Razor syntax reference", "Static files",
//! "Partial views").
//!
//! Read: attributes that start at the root of what is served (`~/css/site.css`), which is `wwwroot`, and bare names of
//! `<partial name="_Row" />`, of `Html.PartialAsync("_Row")` and of layouts. Builds put more there, and packages bring
//! views, so that only near misses are told.
//!
//! Knowingly not read: components, and other URLs. Views are compiled, and then found whatever their case:
//! see [`crate::matcher`].

use super::html::rooted;
use super::{Input, Language, Namespace, Partial, Phase, Reference, Scan};
use crate::diagnostic::{Span, Strength};

/// Razor.
pub const LANGUAGE: Language = Language {
    name: "razor",
    extensions: &["cshtml", "razor"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "attributes with `~/`, in `wwwroot`, bare names of `<partial>`, `Html.Partial()` and layouts",
    leaves: "components, other URLs",
    scan,
};

/// What stands before the name of a view in code, and what it is called.
const OPENERS: [(&[u8], &str); 5] = [
    (b"Html.Partial(\"", "Html.Partial"),
    (b"Html.PartialAsync(\"", "Html.Partial"),
    (b"Html.RenderPartial(\"", "Html.Partial"),
    (b"Html.RenderPartialAsync(\"", "Html.Partial"),
    (b"Layout = \"", "Layout"),
];
/// Longest name of a view, in bytes.
const MAX_NAME: usize = 200;

fn scan(input: Input<'_>) -> Scan<'_> {
    let found = rooted(input.source.bytes());
    let served = found
        .served
        .into_iter()
        .map(|(span, text)| Reference::literal(span, text, "~/", Namespace::Static, Strength::Broken));
    let partials = found.partials.into_iter().map(|(span, text, guarded)| {
        let namespace = Namespace::Partial(Partial::Razor);
        Reference { guarded, ..Reference::literal(span, text, "partial", namespace, Strength::Broken) }
    });
    let called = OPENERS.iter().flat_map(|&opener| called(input.source.bytes(), opener));
    let mut references: Vec<Reference<'_>> = served.chain(partials).chain(called).collect();
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// Bare names of views behind an opener.
fn called<'s>(source: &'s [u8], (opener, construct): (&'static [u8], &'static str)) -> Vec<Reference<'s>> {
    let name = |at: usize| {
        let start = at + opener.len();
        let window = &source[start..source.len().min(start + MAX_NAME)];
        let text = &window[..memchr::memchr(b'"', window)?];
        let plain = text.iter().all(|&byte| byte.is_ascii_alphanumeric() || b"_-/".contains(&byte));
        let named = plain && !text.is_empty() && !text.starts_with(b"/");
        let span = Span::new(start, start + text.len());
        named.then(|| Reference::literal(span, text, construct, Namespace::Partial(Partial::Razor), Strength::Broken))
    };
    memchr::memmem::find_iter(source, opener).filter_map(name).collect()
}
