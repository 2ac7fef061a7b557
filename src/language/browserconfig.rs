//! `browserconfig.xml`: pictures of tiles that Windows shows of a site (learn.microsoft.com "Browser configuration
//! schema reference").
//!
//! Read: `src` of the logos and of the picture. Knowingly not read: what is polled for news.

use super::syntax::xml;
use super::{Input, Language, Namespace, Phase, Reference, Scan, UrlKind};
use crate::diagnostic::{Severity, Strength};

/// Pictures of tiles.
pub const LANGUAGE: Language = Language {
    name: "browserconfig",
    extensions: &[],
    names: &["browserconfig.xml"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "pictures of tiles",
    leaves: "what is polled for news",
    scan,
};

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = input.source.text();
    let mut references = Vec::new();
    xml::items(&text, &mut |item| {
        let element = item.path.rsplit('/').next().unwrap_or_default();
        let picture = element.ends_with("logo") || element == "TileImage";
        if picture && item.attribute == "src" && item.span.of(input.source.bytes()) == item.text.as_bytes() {
            let namespace = Namespace::Url(UrlKind::Style);
            let bytes = item.text.as_bytes().to_vec();
            let reference = Reference::literal(item.span, bytes, "tile src", namespace, Strength::Broken);
            references.push(Reference { ceiling: Severity::Warning, ..reference });
        }
    });
    Scan { references, ..Scan::default() }
}
