//! Razor, in views and components of ASP.NET Core (learn.microsoft.com, "Razor syntax reference", "Static files").
//!
//! Read: attributes that start at the root of what is served (`~/css/site.css`), which is `wwwroot`. Builds put more
//! there, so that only near misses are told.
//!
//! Knowingly not read: names of views, which are compiled and found whatever their case, code, and other URLs.

use super::html::rooted;
use super::{Input, Language, Namespace, Phase, Reference, Scan};
use crate::diagnostic::Strength;

/// Razor.
pub const LANGUAGE: Language = Language {
    name: "razor",
    extensions: &["cshtml", "razor"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "attributes with `~/`, in `wwwroot`",
    leaves: "names of views, code, other URLs",
    scan,
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let one = |(span, text)| Reference::literal(span, text, "~/", Namespace::Static, Strength::Broken);
    let references = rooted(input.source.bytes()).into_iter().map(one).collect();
    Scan { references, ..Scan::default() }
}
