//! Razor, in views and components of ASP.NET Core (learn.microsoft.com, "Razor syntax reference", "Static files",
//! "Partial views").
//!
//! Read: attributes that start at the root of what is served (`~/css/site.css`), which is `wwwroot`, and bare names of
//! `<partial name="_Row" />`. Builds put more there, and packages bring views, so that only near misses are told.
//!
//! Knowingly not read: names of views in code, and other URLs. Views are compiled, and then found whatever their case:
//! see [`crate::matcher`].

use super::html::rooted;
use super::{Input, Language, Namespace, Partial, Phase, Reference, Scan};
use crate::diagnostic::Strength;

/// Razor.
pub const LANGUAGE: Language = Language {
    name: "razor",
    extensions: &["cshtml", "razor"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "attributes with `~/`, in `wwwroot`, bare names of `<partial>`",
    leaves: "names of views in code, other URLs",
    scan,
};

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
    let mut references: Vec<Reference<'_>> = served.chain(partials).collect();
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}
