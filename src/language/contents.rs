//! What sites of documentation are made of: `mkdocs.yml` (mkdocs.org "Configuration"), `book.toml` (mdBook
//! "Configuration"), `toc.yml` of DocFX ("Table of Contents"), `_toc.yml` of Jupyter Book ("Structure and organize").
//!
//! Read: pages of the navigation, style sheets, scripts, logos, hooks, folders of documents and themes. A page that is
//! not there leaves a dead entry, so that it is a warning; plugins that make pages excuse it.
//!
//! Knowingly not read: navigation in other files, patterns, what themes bring.

use toml_edit::Document as Toml;

use super::syntax::toml;
use super::syntax::yaml::{Node, documents};
use super::{Base, Document, Input, Language, Namespace, Phase, Reference, Scan, Want, has_scheme};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::{Here, PathExpr};
use crate::path;

/// Configurations and tables of contents of documentation.
pub const LANGUAGE: Language = Language {
    name: "contents",
    extensions: &[],
    names: &["_toc.yml", "book.toml", "mkdocs.yaml", "mkdocs.yml", "toc.yaml", "toc.yml"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`mkdocs.yml`, `book.toml`, `toc.yml` of DocFX, `_toc.yml` of Jupyter Book: pages, style sheets, scripts, logos",
    leaves: "navigation in other files, patterns, what themes bring",
    scan,
};

const HERE: &[Base] = &[Base::Manifest];
/// Plugins of MkDocs that make pages, or take them from elsewhere.
const MAKERS: [&str; 10] = [
    "awesome-nav",
    "blog",
    "gen-files",
    "literate-nav",
    "material/blog",
    "mkdocstrings",
    "monorepo",
    "multirepo",
    "swagger-ui-tag",
    "tags",
];
/// Keys of `book.toml`.
const BOOK: [(&[&str], Want); 5] = [
    (&["book", "src"], Want::Directory),
    (&["output", "html", "additional-css"], Want::File),
    (&["output", "html", "additional-js"], Want::File),
    (&["output", "html", "theme"], Want::Directory),
    (&["preprocessor", "theme", "pagetoc", "path"], Want::File),
];
/// Deepest navigation that is read.
const MAX_DEPTH: usize = 16;

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut found = Found { bytes: input.source.bytes(), references: Vec::new() };
    match path::name(input.path) {
        b"book.toml" => book(&input, &mut found),
        name => {
            for document in documents(input.source) {
                match name {
                    b"mkdocs.yml" | b"mkdocs.yaml" => mkdocs(&document, &mut found),
                    b"_toc.yml" => entries(&document, &["file", "root"], Document::Page, 0, &mut found),
                    _ => entries(&document, &["homepage", "href", "topicHref"], Document::Link, 0, &mut found),
                }
            }
        }
    }
    let mut references = found.references;
    references.sort_by_key(|reference| reference.span);
    references.dedup_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

struct Found<'b> {
    bytes: &'b [u8],
    references: Vec<Reference<'static>>,
}

impl Found<'_> {
    /// A path below a folder.
    fn path(
        &mut self,
        node: &Node,
        folder: Option<&[u8]>,
        (construct, want, strength): (&'static str, Want, Strength),
    ) {
        let Some((text, span)) = node.string() else { return };
        let plain = !text.is_empty() && !text.iter().any(|byte| b"*?{<$!#|".contains(byte));
        if !plain || has_scheme(text) || text.starts_with(b"//") || text.starts_with(b"/") {
            return;
        }
        let tail = if span.of(self.bytes) == text { span } else { Span::default() };
        let mut parts = vec![PathExpr::Here(Here::Dir)];
        parts.extend(folder.map(|folder| PathExpr::literal(folder.to_vec())));
        parts.push(PathExpr::literal(text.to_vec()));
        let namespace = Namespace::Path(HERE, want);
        let reference = Reference::literal(span, Vec::new(), construct, namespace, strength);
        self.references.push(Reference { tail, expr: PathExpr::Join(parts), ceiling: Severity::Warning, ..reference });
    }
}

fn mkdocs(root: &Node, found: &mut Found<'_>) {
    let documents = root.get("docs_dir").and_then(Node::string).map_or(&b"docs"[..], |(text, _)| text);
    let plugins = root.get("plugins").map(Node::list).unwrap_or_default();
    let is_maker = |plugin: &Node| MAKERS.iter().any(|maker| plugin.is(maker) || plugin.get(maker).is_some());
    let strength = if plugins.iter().any(is_maker) { Strength::Optional } else { Strength::Silent };
    if let Some(nav) = root.get("nav").or_else(|| root.get("pages")) {
        leaves(nav, 0, &mut |leaf| {
            // What is no document may be made beside the site.
            let document = leaf.string().is_some_and(|(text, _)| text.ends_with(b".md"));
            let strength = if document { strength } else { Strength::Optional };
            found.path(leaf, Some(documents), ("nav", Want::Any, strength));
        });
    }
    for (key, asked) in [
        ("extra_css", ("extra_css", Want::File, Strength::Broken)),
        ("extra_javascript", ("extra_javascript", Want::File, Strength::Broken)),
    ] {
        for one in root.get(key).map(Node::list).unwrap_or_default() {
            found.path(one.get("path").unwrap_or(one), Some(documents), asked);
        }
    }
    for key in ["hooks", "docs_dir", "INHERIT"] {
        let asked = (if key == "docs_dir" { "docs_dir" } else { "hooks" }, Want::Any, Strength::Silent);
        root.get(key).map(Node::each).unwrap_or_default().iter().for_each(|one| found.path(one, None, asked));
    }
    let Some(theme) = root.get("theme") else { return };
    if let Some(folder) = theme.get("custom_dir") {
        found.path(folder, None, ("custom_dir", Want::Directory, Strength::Silent));
    }
    for one in ["logo", "favicon"].into_iter().filter_map(|key| theme.get(key)) {
        found.path(one, Some(documents), ("logo", Want::File, Strength::Silent));
    }
}

/// Every text in a navigation but the titles.
fn leaves(node: &Node, depth: usize, each: &mut dyn FnMut(&Node)) {
    if depth > MAX_DEPTH {
        return;
    }
    node.list().iter().for_each(|one| leaves(one, depth + 1, each));
    node.entries().iter().for_each(|(_, value)| leaves(value, depth + 1, each));
    if node.string().is_some() {
        each(node);
    }
}

/// The values of some keys at any depth, as links of a document.
fn entries(node: &Node, keys: &[&'static str], kind: Document, depth: usize, found: &mut Found<'_>) {
    if depth > MAX_DEPTH {
        return;
    }
    node.list().iter().for_each(|one| entries(one, keys, kind, depth + 1, found));
    for (key, value) in node.entries() {
        match keys.iter().find(|known| key.is(known)) {
            Some(construct) => link(value, construct, kind, found),
            None => entries(value, keys, kind, depth + 1, found),
        }
    }
}

fn link(value: &Node, construct: &'static str, kind: Document, found: &mut Found<'_>) {
    let Some((text, span)) = value.string() else { return };
    // `~/x` starts at the root of the documents.
    let text = text.strip_prefix(b"~").unwrap_or(text);
    let tail = if span.of(found.bytes) == text { span } else { Span::default() };
    let reference = Reference::literal(span, text.to_vec(), construct, Namespace::Document(kind), Strength::Silent);
    found.references.push(Reference { tail, ceiling: Severity::Warning, ..reference });
}

fn book(input: &Input<'_>, found: &mut Found<'_>) {
    let text = input.source.text();
    let Ok(document) = Toml::parse(&*text) else { return };
    for (keys, want) in BOOK {
        for (value, place) in toml::values(document.as_table(), keys) {
            let Some(span) = toml::inside(input, &value, place) else { continue };
            let namespace = Namespace::Path(HERE, want);
            let construct = keys.last().copied().unwrap_or("book");
            let reference = Reference::literal(span, value.into_bytes(), construct, namespace, Strength::Silent);
            found.references.push(Reference { ceiling: Severity::Warning, ..reference });
        }
    }
}
