//! HTML, XHTML and SVG (WHATWG HTML, "Index of attributes").

use super::{Input, Language, Phase, Reference, Scan};

/// HTML, XHTML and SVG.
pub const LANGUAGE: Language = Language {
    name: "html",
    extensions: &["html", "htm", "xhtml", "shtml", "shtm", "stm", "svg"],
    names: &[],
    interpreters: &[],
    phase: Phase::Stream,
    reads: "attributes that hold a URL, `srcset`, style sheets and `style=`, import maps, `meta` values, SSI includes",
    leaves: "scripts, event handlers, `srcdoc`",
    scan,
};

/// What the caller of [`scan_fragment`] knows about the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The URL under which the page is served is unknown (a template, a partial): relative URLs are put after a
    /// hole. Leave it off for PHP: there the file's directory is tried, and the verdict knows entry scripts.
    pub unknown_base: bool,
}

fn scan(input: Input<'_>) -> Scan<'_> {
    let bytes = input.source.bytes();
    Scan { references: scan_fragment(bytes, bytes, Page { unknown_base: false }), ..Scan::default() }
}

/// The references of markup inside another language. `masked` is `source` at equal length, in which everything
/// that is not markup (`<?php … ?>`, `{{ … }}`) is overwritten with [`super::HOLE`]; literals borrow from `source`.
pub(super) fn scan_fragment<'s>(_source: &'s [u8], _masked: &[u8], _page: Page) -> Vec<Reference<'s>> {
    Vec::new()
}
