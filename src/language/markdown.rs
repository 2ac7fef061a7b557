//! Markdown (CommonMark; GitHub Flavored Markdown), with the HTML in it.
//!
//! Read: links and images, inline and by reference, what markup names, the pictures and the id that front matter names,
//! imports of MDX (mdxjs.com "Using MDX"), what mdBook includes (its "mdBook-specific features"). A document is read
//! where it lies, on a forge, or made a page by a generator: [`Namespace::Document`] tries both. What is lost is a link
//! of a document, so that it is a warning at most.
//!
//! Knowingly not read: code, other front matter, wiki links, the components of MDX, the histories of changes, whose
//! links were right in their time.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag};

use super::html::{self, Page};
use super::syntax::yaml;
use super::{Document, Fact, Input, Language, Namespace, OwnId, Phase, Reference, Scan, hugo, javascript, liquid};
use crate::diagnostic::{Severity, Span, Strength};
use crate::path;
use crate::source::Source;

/// Markdown.
pub const LANGUAGE: Language = Language {
    name: "markdown",
    extensions: &["md", "markdown", "mdown", "mkd", "mdx"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::StreamAfter(&DOCUSAURUS),
    reads: "links and images, inline and by reference, HTML in documents, imports of MDX, includes of mdBook, pictures and ids in front matter",
    leaves: "code, other front matter, wiki links, change logs",
    scan,
};

/// Configurations of Docusaurus, whose menus name documents by what these call themselves.
const DOCUSAURUS: [&str; 6] = [
    "docusaurus.config.cjs",
    "docusaurus.config.cts",
    "docusaurus.config.js",
    "docusaurus.config.mjs",
    "docusaurus.config.mts",
    "docusaurus.config.ts",
];
/// Names of documents whose links were right in their time.
const HISTORIES: [&str; 7] = ["changelog", "changes", "history", "news", "releases", "release-notes", "release_notes"];
/// What mdBook puts a file in the place of, up to the path.
const INCLUDES: [&[u8]; 4] = [b"{{#include ", b"{{#playground ", b"{{#rustdoc_include ", b"{{#template "];
/// Longest path of an include, in bytes.
const MAX_PATH: usize = 500;
/// Extensions of pictures that front matter names.
const PICTURES: [&[u8]; 7] = [b"avif", b"gif", b"jpeg", b"jpg", b"png", b"svg", b"webp"];
/// Folders of text that is filled in before anybody reads it.
const FORMS: [&[u8]; 4] = [b"ISSUE_TEMPLATE", b"PULL_REQUEST_TEMPLATE", b"templates", b"template"];

fn scan(input: Input<'_>) -> Scan<'_> {
    if input.project.is_none() {
        return Scan { facts: vec![Fact::DocumentId(own_id(input.source.bytes()))], ..Scan::default() };
    }
    if is_history(input.path) || path::segments(input.path).any(|segment| FORMS.contains(&segment)) {
        return Scan::default();
    }
    let source = input.source.bytes();
    let text = input.source.text();
    let mut collector =
        Collector { text: &text, source, references: Vec::new(), markup: Vec::new(), modules: Vec::new() };
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
            Event::Start(Tag::MetadataBlock(_)) => collector.front_matter(range),
            Event::Start(Tag::Paragraph) if is_import(&source[range.clone()]) => collector.modules.push(range),
            _ => {}
        }
    }
    collector.included();
    if path::extension(input.path) == b"mdx" {
        collector.imported();
    }
    let mut references = collector.finish();
    if hugo::is_content(input) {
        references.extend(hugo::shortcodes(source));
        references.sort_by_key(|reference| reference.span);
    }
    if liquid::is_page(input) {
        references.extend(liquid::read(input).0);
        references.sort_by_key(|reference| reference.span);
    }
    Scan { references, ..Scan::default() }
}

/// `id: start` in front matter, where it has one (docusaurus.io "Markdown front matter").
fn own_id(source: &[u8]) -> OwnId {
    let Some(rest) = source.strip_prefix(b"---") else { return OwnId::OfFile };
    let end = memchr::memmem::find(rest, b"\n---").unwrap_or(rest.len());
    let matter = &rest[..end];
    let unnumbered = memchr::memmem::find(matter, b"parse_number_prefixes").is_some();
    if !unnumbered && memchr::memmem::find(matter, b"id").is_none() {
        return OwnId::OfFile;
    }
    let whole = end < rest.len() && !unnumbered;
    let source = Source::new(matter);
    let documents = if whole { yaml::documents(&source) } else { Vec::new() };
    let Some(document) = documents.first() else { return OwnId::Unclear };
    document.get("id").and_then(yaml::Node::scalar).map_or(OwnId::OfFile, |(text, _)| OwnId::Is(text.to_vec()))
}

/// Whether a paragraph is an import of MDX.
fn is_import(paragraph: &[u8]) -> bool {
    paragraph.starts_with(b"import ") && paragraph.contains(&b'\'')
        || paragraph.starts_with(b"import ") && paragraph.contains(&b'"')
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
    /// Where imports of MDX stand.
    modules: Vec<std::ops::Range<usize>>,
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

    /// Values of front matter that are paths to pictures: `image: ./cover.png`.
    fn front_matter(&mut self, range: std::ops::Range<usize>) {
        let mut at = range.start;
        for line in self.source[range].split_inclusive(|&byte| byte == b'\n') {
            let colon = memchr::memchr2(b':', b'=', line).map_or(line.len(), |colon| colon + 1);
            let quoted = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'');
            let value = &line[colon..];
            let skipped = value.iter().take_while(|byte| quoted(byte)).count();
            let length = value[skipped..].iter().rev().skip_while(|byte| quoted(byte)).count();
            let text = &value[skipped..skipped + length];
            let relative = text.starts_with(b"./") || text.starts_with(b"../");
            if relative && PICTURES.contains(&path::extension(text).as_slice()) {
                let span = Span::new(at + colon + skipped, at + colon + skipped + length);
                let picture = reference(text.to_vec(), (span, span), Document::Image);
                self.references.push(Reference { strength: Strength::Optional, ..picture });
            }
            at += line.len();
        }
    }

    /// `{{#include ../src/main.rs:10:20}}`, also in code.
    fn included(&mut self) {
        for open in INCLUDES {
            for found in memchr::memmem::find_iter(self.source, open) {
                let start = found + open.len();
                let rest = &self.source[start..self.source.len().min(start + MAX_PATH)];
                let length = memchr::memchr3(b':', b'}', b'\n', rest).unwrap_or(rest.len());
                let length = memchr::memchr(b' ', &rest[..length]).unwrap_or(length);
                let escaped = found > 0 && self.source[found - 1] == b'\\';
                if length > 0 && !escaped && !rest[..length].contains(&b'[') {
                    let span = Span::new(start, start + length);
                    let included = reference(rest[..length].to_vec(), (span, span), Document::Include);
                    self.references.push(Reference { construct: "include", ..included });
                }
            }
        }
    }

    /// What MDX imports. Where it cannot be parsed, nothing is told.
    fn imported(&mut self) {
        if self.modules.is_empty() {
            return;
        }
        let mut masked: Vec<u8> = self.source.iter().map(|&byte| if byte == b'\n' { byte } else { b' ' }).collect();
        for range in &self.modules {
            masked[range.clone()].copy_from_slice(&self.source[range.clone()]);
        }
        let scan = javascript::scan_scripts(self.source, &masked, true);
        if !scan.lexical {
            self.references.extend(scan.references);
        }
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
    // A document without a picture shows a gap.
    let strength = if kind == Document::Image { Strength::Broken } else { Strength::Silent };
    let reference = Reference::literal(span, text, construct, Namespace::Document(kind), strength);
    Reference { tail, ceiling: Severity::Warning, ..reference }
}

/// What markup names in a document follows the document's rules.
pub(super) fn of_document(reference: Reference<'_>) -> Reference<'_> {
    let kind = if reference.construct.starts_with("a ") { Document::Link } else { Document::Image };
    let namespace = match reference.namespace {
        Namespace::Url(_) => Namespace::Document(kind),
        other => other,
    };
    let ceiling = reference.ceiling.min(Severity::Warning);
    let most = if kind == Document::Image { Strength::Broken } else { Strength::Silent };
    Reference { namespace, strength: reference.strength.min(most), ceiling, ..reference }
}
