//! Markdown (CommonMark; GitHub Flavored Markdown), with the HTML in it.
//!
//! Read: links and images, inline and by reference, and what markup names. A document is read where it lies, on a
//! forge, or made a page by a generator: [`Namespace::Document`] tries both. What is lost is a link of a document, so
//! that it is a warning at most.
//!
//! Knowingly not read: code, front matter, wiki links, the components and imports of MDX, the histories of changes,
//! whose links were right in their time.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag};

use super::html::{self, Page};
use super::{Document, Input, Language, Namespace, Phase, Reference, Scan, liquid};
use crate::diagnostic::{Severity, Span, Strength};
use crate::path;

/// Markdown.
pub const LANGUAGE: Language = Language {
    name: "markdown",
    extensions: &["md", "markdown", "mdown", "mkd", "mdx"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "links and images, inline and by reference, HTML in documents",
    leaves: "code, front matter, wiki links, imports of MDX, change logs",
    scan,
};

/// Names of documents whose links were right in their time.
const HISTORIES: [&str; 7] = ["changelog", "changes", "history", "news", "releases", "release-notes", "release_notes"];
/// Folders of text that is filled in before anybody reads it.
const FORMS: [&[u8]; 4] = [b"ISSUE_TEMPLATE", b"PULL_REQUEST_TEMPLATE", b"templates", b"template"];

fn scan(input: Input<'_>) -> Scan<'_> {
    if is_history(input.path) || path::segments(input.path).any(|segment| FORMS.contains(&segment)) {
        return Scan::default();
    }
    let source = input.source.bytes();
    let text = input.source.text();
    let mut collector = Collector { text: &text, source, references: Vec::new(), markup: Vec::new() };
    let options = Options::ENABLE_YAML_STYLE_METADATA_BLOCKS | Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    for (event, range) in Parser::new_ext(&text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                collector.link(link_type, &dest_url, range, Document::Link);
            }
            Event::Start(Tag::Image { link_type, dest_url, .. }) => {
                collector.link(link_type, &dest_url, range, Document::Image);
            }
            Event::Html(_) | Event::InlineHtml(_) => collector.markup.push(range),
            _ => {}
        }
    }
    let mut references = collector.finish();
    if liquid::is_page(input) {
        references.extend(liquid::read(input).0);
        references.sort_by_key(|reference| reference.span);
    }
    Scan { references, ..Scan::default() }
}

fn is_history(file: &[u8]) -> bool {
    let stem = path::split_extension(path::name(file)).0.to_ascii_lowercase();
    HISTORIES.iter().any(|name| stem.starts_with(name.as_bytes()))
}

struct Collector<'t, 's> {
    text: &'t str,
    source: &'s [u8],
    references: Vec<Reference<'s>>,
    /// Where HTML stands.
    markup: Vec<std::ops::Range<usize>>,
}

impl<'s> Collector<'_, 's> {
    fn link(&mut self, kind: LinkType, url: &CowStr<'_>, range: std::ops::Range<usize>, document: Document) {
        if matches!(kind, LinkType::Autolink | LinkType::Email | LinkType::WikiLink { .. }) || url.is_empty() {
            return;
        }
        let place = offset(self.text, url).filter(|&start| self.source.get(start..start + url.len()).is_some());
        let (span, tail) = match place {
            Some(start) => {
                let span = Span::new(start, start + url.len());
                let end = memchr::memchr2(b'?', b'#', url.as_bytes()).unwrap_or(url.len());
                (span, Span::new(start, start + end))
            }
            None => (Span::new(range.start, range.end), Span::default()),
        };
        let text = if place.is_some() { span.of(self.source).to_vec() } else { url.as_bytes().to_vec() };
        self.references.push(reference(text, (span, tail), document));
    }

    /// Links in the order of the source, each definition once.
    fn finish(mut self) -> Vec<Reference<'s>> {
        if !self.markup.is_empty() {
            let mut masked = vec![b' '; self.source.len()];
            for range in &self.markup {
                masked[range.clone()].copy_from_slice(&self.source[range.clone()]);
            }
            let found = html::scan_fragment(self.source, &masked, Page { unknown_base: false });
            self.references.extend(found.into_iter().map(of_document));
        }
        self.references.sort_by_key(|reference| reference.span);
        self.references.dedup_by_key(|reference| reference.span);
        self.references
    }
}

/// Where a text stands in the source that it borrows from, in bytes; `None` where it was decoded.
fn offset(source: &str, part: &CowStr<'_>) -> Option<usize> {
    let CowStr::Borrowed(part) = part else { return None };
    (part.as_ptr() as usize).checked_sub(source.as_ptr() as usize).filter(|start| start + part.len() <= source.len())
}

fn reference<'s>(text: Vec<u8>, (span, tail): (Span, Span), kind: Document) -> Reference<'s> {
    let construct = if kind == Document::Image { "image" } else { "link" };
    let reference = Reference::literal(span, text, construct, Namespace::Document(kind), Strength::Silent);
    Reference { tail, ceiling: Severity::Warning, ..reference }
}

/// What markup names in a document follows the document's rules.
fn of_document(reference: Reference<'_>) -> Reference<'_> {
    let kind = if reference.construct.starts_with("a ") { Document::Link } else { Document::Image };
    let namespace = match reference.namespace {
        Namespace::Url(_) => Namespace::Document(kind),
        other => other,
    };
    let ceiling = reference.ceiling.min(Severity::Warning);
    Reference { namespace, strength: reference.strength.min(Strength::Silent), ceiling, ..reference }
}
