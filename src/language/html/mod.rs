//! HTML, XHTML and SVG (WHATWG HTML, "Index of attributes"; SVG 2, "Linking"; Apache `mod_include`).
//!
//! Read: every attribute that bears a URL (the rows of [`attributes`]), `srcset` by its own algorithm, `style=` and
//! `<style>`, import maps, `meta` refresh and previews, `base href`, server-side includes, conditional comments,
//! templates and files that Thymeleaf's attributes name, the `xml-stylesheet` instruction. Template syntax is a hole;
//! in a page that an engine reads, a relative URL starts nobody knows where.
//!
//! Knowingly not read: scripts and event handlers, `srcdoc`, JSON-LD, speculation rules, templates in `<script>`,
//! and the bound attributes of front-end frameworks, which are expressions.

mod attributes;
mod comments;
mod elements;
mod islands;
mod layouts;
mod page;
mod rooted;
mod srcset;
mod thymeleaf;
mod tokens;

use std::ops::Range;

use super::syntax::url;
use super::{Input, Language, Phase, Reference, Scan, hugo, jinja, liquid, nunjucks};
use crate::diagnostic::Strength;
use crate::expr::PathExpr;
use crate::path;
pub(super) use attributes::has_static_extension;
pub(super) use layouts::layouts;
use page::Collector;
pub(super) use rooted::rooted;

/// HTML, XHTML and SVG.
pub const LANGUAGE: Language = Language {
    name: "html",
    extensions: &["html", "htm", "xhtml", "shtml", "shtm", "stm", "svg"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "attributes that hold a URL, `srcset`, style sheets and `style=`, import maps, `meta` values, SSI includes, fragments and links of Thymeleaf",
    leaves: "scripts, event handlers, `srcdoc`, bound attributes of front-end frameworks",
    scan,
};

/// What the caller of [`scan_fragment`] knows about the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    /// The URL under which the page is served is unknown (a template, a partial): relative URLs are put after a
    /// hole. Leave it off for PHP: there the file's directory is tried, and the verdict knows entry scripts.
    pub unknown_base: bool,
}

/// Whether an engine makes a page of a file, and what reads it then.
type Engine = (fn(Input<'_>) -> bool, for<'s> fn(Input<'s>) -> Scan<'s>);

/// Engines whose templates have the extension of pages.
const ENGINES: [Engine; 4] = [
    (jinja::is_template, jinja::scan_page),
    (nunjucks::is_page, nunjucks::scan),
    (hugo::is_page, hugo::scan),
    (liquid::is_page, liquid::scan_page),
];

fn scan(input: Input<'_>) -> Scan<'_> {
    // Twirl's templates are Scala around markup.
    if input.path.ends_with(b".scala.html") {
        return Scan::default();
    }
    if let Some((_, scan)) = ENGINES.iter().find(|(reads, _)| reads(input)) {
        return scan(input);
    }
    let source = input.source.bytes();
    let masked = islands::mask(source);
    let xml = matches!(path::extension(input.path).as_slice(), b"svg" | b"xhtml");
    let mut collector = Collector::read(source, &masked.bytes, xml);
    let in_attribute = |reference: &Reference<'_>| matches!(&reference.expr, PathExpr::Hole | PathExpr::Concat(_));
    let bound = thymeleaf::is_page(input);
    let template = masked.template
        || bound
        || has_front_matter(source)
        || is_of_doxygen(source)
        || is_of_blocks(source)
        || !collector.client && collector.references.iter().any(in_attribute);
    if template {
        collector.references.iter_mut().for_each(url::unknown_base);
    }
    if path::extension(input.path) == b"svg" {
        // Where it is a picture of a page it loads nothing (w3.org "SVG Integration").
        collector.references.iter_mut().for_each(|one| one.strength = one.strength.min(Strength::Silent));
    }
    if bound {
        collector.references.extend(thymeleaf::references(source));
        collector.references.sort_by_key(|reference| reference.span);
    }
    Scan { references: collector.references, lexical: !collector.whole, ..Scan::default() }
}

/// Jekyll, Eleventy and their like move such a page.
fn has_front_matter(source: &[u8]) -> bool {
    source.starts_with(b"---\n") || source.starts_with(b"---\r\n")
}

/// Doxygen puts such a head before each of its pages.
fn is_of_doxygen(source: &[u8]) -> bool {
    memchr::memmem::find(source, b"$relpath^").is_some()
}

/// XTemplate, phpBB and their like name parts of a page in comments: `<!-- BEGIN: main -->`.
fn is_of_blocks(source: &[u8]) -> bool {
    [&b"<!-- BEGIN: "[..], b"<!-- BEGIN "].iter().any(|mark| memchr::memmem::find(source, mark).is_some())
}

/// The references of markup inside another language. `masked` is `source` at equal length, in which everything
/// that is not markup (`<?php … ?>`, `{{ … }}`) is overwritten with [`super::HOLE`]; literals borrow from `source`.
pub(super) fn scan_fragment<'s>(source: &'s [u8], masked: &[u8], page: Page) -> Vec<Reference<'s>> {
    let mut references = Collector::read(source, masked, false).references;
    if page.unknown_base {
        references.iter_mut().for_each(url::unknown_base);
    }
    references
}

/// A script in markup.
pub(super) struct Script {
    /// Its bytes.
    pub range: Range<usize>,
    /// It is TypeScript.
    pub typed: bool,
}

/// The scripts of a component.
pub(super) fn scripts(source: &[u8]) -> Vec<Script> {
    let mut scripts = Scripts(Vec::new());
    tokens::read(source, false, &mut scripts);
    scripts.0
}

struct Scripts(Vec<Script>);

impl tokens::Sink for Scripts {
    fn tag(&mut self, _: &tokens::Tag<'_>) {}

    fn raw_text(&mut self, tag: &tokens::Tag<'_>, start: usize, end: usize) {
        let language = tag.keyword(b"lang");
        if tag.name() == b"script" && matches!(language.as_ref(), b"" | b"js" | b"jsx" | b"ts" | b"tsx") {
            self.0.push(Script { range: start..end, typed: language.starts_with(b"ts") });
        }
    }

    fn comment(&mut self, _: usize, _: usize) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Namespace;
    use crate::source::Source;

    /// Each reference as `construct text`, its text read back from its span.
    fn found(path: &str, html: &str) -> Vec<String> {
        let source = Source::new(html.as_bytes());
        let scan = scan(Input { path: path.as_bytes(), source: &source, project: None });
        let line = |reference: &Reference<'_>| {
            assert!(matches!(reference.namespace, Namespace::Url(_)));
            format!("{} {}", reference.construct, String::from_utf8_lossy(reference.span.of(html.as_bytes())))
        };
        scan.references.iter().map(line).collect()
    }

    #[test]
    fn every_place_of_a_url() {
        for (html, want) in [
            ("<a href=b.html>", vec!["a href b.html"]),
            ("<A HREF='b.html'>", vec!["a href b.html"]),
            ("<a href=#x><a href=''><a>", vec![]),
            (
                "<img src=a.png srcset=\"a.png 1x, b.png 2x\">",
                vec!["img src a.png", "img srcset a.png", "img srcset b.png"],
            ),
            ("<video poster=a.jpg src=a.mp4>", vec!["video poster a.jpg", "video src a.mp4"]),
            ("<link rel=stylesheet href=a.css>", vec!["link href a.css"]),
            ("<link rel=preconnect href=//cdn><link href=x>", vec![]),
            ("<input src=a.png><input type=IMAGE src=b.png>", vec!["input src b.png"]),
            ("<meta property=og:image content=a.png>", vec!["meta content a.png"]),
            ("<meta http-equiv=Refresh content='0; url=b.html'>", vec!["meta refresh b.html"]),
            ("<div style=\"background:url(a.png)\">", vec!["url() a.png"]),
            ("<div style=\"background:url(&quot;a.png&quot;)\">", vec!["url() a.png"]),
            ("<style>@import 'a.css';</style>", vec!["@import a.css"]),
            ("<svg><use xlink:href=\"i.svg#x\"/><rect fill='url(#g)'/></svg>", vec!["use xlink:href i.svg#x"]),
            (
                "<script type=importmap>{\"imports\":{\"a\":\"./a.js\",\"b\":\"b\",\"c/\":\"/c/\"}}</script>",
                vec!["import map ./a.js"],
            ),
            ("<!--#include virtual=\"/h.html\" -->", vec!["include virtual /h.html"]),
            ("<!--[if IE]><script src=ie.js></script><![endif]-->", vec!["script src ie.js"]),
            ("<img data-src=a.png><img data-src=x>", vec!["data-src a.png"]),
            ("<img :src=\"a\" [src]=\"b\" ng-src=\"{{c}}\">", vec![]),
            ("<!-- <img src=a.png> --><script>'<img src=a.png>'</script>", vec![]),
            ("<noscript><img src=a.png></noscript>", vec!["img src a.png"]),
            ("<a href=\"a.php?x=1&amp;y=2\">", vec!["a href a.php?x=1&amp;y=2"]),
        ] {
            assert_eq!(found("a.html", html), want, "{html}");
        }
    }

    #[test]
    fn a_base_stands_before_relative_urls() {
        let source = Source::new(b"<base href='/x/index.html'><img src=a.png><img src=http://h/a.png>".as_slice());
        let scan = scan(Input { path: b"a.html", source: &source, project: None });
        let directory = PathExpr::literal(b"/x/".as_slice());
        assert_eq!(scan.references[0].expr, directory.join(PathExpr::literal(b"a.png".as_slice())));
        assert_eq!(scan.references[1].expr, PathExpr::literal(b"http://h/a.png".as_slice()));
    }

    #[test]
    fn in_a_template_nothing_is_known_of_the_directory() {
        for html in ["{% if x %}<img src=a.png>", "---\n---\n<img src=a.png>", "<img src=a.png><img src='{{ x }}'>"] {
            let source = Source::new(html.as_bytes());
            let scan = scan(Input { path: b"a.html", source: &source, project: None });
            let want = PathExpr::Join(vec![PathExpr::Hole, PathExpr::literal(b"a.png".as_slice())]);
            assert_eq!(scan.references[0].expr, want, "{html}");
        }
    }

    #[test]
    fn what_the_browser_fills_in_is_served_as_it_stands() {
        let source = Source::new("<body ng-app><img src=a.png><img src='{{ x }}'>".as_bytes());
        let scan = scan(Input { path: b"a.html", source: &source, project: None });
        assert_eq!(scan.references[0].expr, PathExpr::literal(b"a.png".as_slice()));
    }

    #[test]
    fn hostile_pages_end() {
        for html in ["<", "<!--", "<a href=", "<style>", "{{", "<![CDATA[", "<svg><style>", "<a href=\"{{\" "] {
            let html = html.repeat(100_000);
            found("a.html", &html);
            found("a.svg", &html);
        }
        found("a.html", "\0\0<a\0 href=\0\u{1a}>\0");
    }

    #[test]
    fn a_long_line_is_linear() {
        let html = "<a href=\"/page.html\">x</a>".repeat(200_000);
        assert_eq!(found("a.html", &html).len(), 200_000);
    }
}
