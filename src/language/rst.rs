//! reStructuredText (docutils "reStructuredText Directives"; sphinx-doc.org "Directives", "Cross-references").
//!
//! Read: `image`, `figure`, `include`, `literalinclude`, `toctree`, the roles `doc` and `download`, hyperlinks with
//! their target, `:file:` of `csv-table` and `raw`, what markup in `raw:: html` names. No parser of it is kept in Rust;
//! directives and roles are told by their first characters.
//!
//! Knowingly not read: directives of extensions.

use std::ops::Range;

use super::html::{self, Page};
use super::{Document, Input, Language, Namespace, Phase, Reference, Scan, has_scheme, markdown};
use crate::diagnostic::{Severity, Span, Strength};

/// reStructuredText.
pub const LANGUAGE: Language = Language {
    name: "rst",
    extensions: &["rst"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`image`, `figure`, `include`, `literalinclude`, `toctree`, the roles `doc` and `download`, hyperlinks, `raw:: html`",
    leaves: "directives of extensions",
    scan,
};

/// Directives whose argument names a file.
const DIRECTIVES: [(&[u8], &str, Document); 5] = [
    (b"image::", "image", Document::Image),
    (b"figure::", "figure", Document::Image),
    (b"include::", "include", Document::Include),
    (b"literalinclude::", "literalinclude", Document::Include),
    (b"graphviz::", "graphviz", Document::Include),
];
/// Roles whose content names one.
const ROLES: [(&[u8], &str, Document); 2] =
    [(b":doc:`", "doc", Document::Page), (b":download:`", "download", Document::Include)];

/// Directives whose content is code.
const CODE: [&[u8]; 6] = [b"code", b"code-block", b"highlight", b"math", b"parsed-literal", b"sourcecode"];

/// What the lines that follow belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Text,
    /// Entries of a `toctree` that stands at this column.
    Toctree {
        indent: usize,
        patterns: bool,
    },
    /// What holds no names: code and comments.
    Skipped {
        indent: usize,
    },
    /// Markup.
    Raw {
        indent: usize,
    },
    /// Options of a directive that may name a file.
    Options {
        indent: usize,
    },
}

/// What was found so far.
#[derive(Default)]
struct Found<'s> {
    references: Vec<Reference<'s>>,
    /// Where markup stands.
    markup: Vec<Range<usize>>,
}

impl<'s> Found<'s> {
    fn push(&mut self, reference: Reference<'s>) {
        self.references.push(reference);
    }
}

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut found = Found::default();
    let mut block = Block::Text;
    let mut start = 0;
    for line in source.split(|&byte| byte == b'\n') {
        block = read_line(line, start, block, &mut found);
        start += line.len() + 1;
    }
    let Found { mut references, markup } = found;
    if !markup.is_empty() {
        let mut masked = vec![b' '; source.len()];
        markup.into_iter().for_each(|range| masked[range.clone()].copy_from_slice(&source[range]));
        let page = Page { unknown_base: false };
        references.extend(html::scan_fragment(source, &masked, page).into_iter().map(markdown::of_document));
        references.sort_by_key(|reference| reference.span);
    }
    Scan { references, ..Scan::default() }
}

fn read_line<'s>(line: &'s [u8], start: usize, block: Block, out: &mut Found<'s>) -> Block {
    let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let text = line[indent..].trim_ascii_end();
    let at = start + indent;
    match block {
        _ if text.is_empty() => return block,
        Block::Skipped { indent: outer } if indent > outer => return block,
        Block::Toctree { indent: outer, patterns } if indent > outer => {
            return Block::Toctree { indent: outer, patterns: entry(text, at, patterns, out) };
        }
        Block::Raw { indent: outer } if indent > outer => {
            match text.starts_with(b":file:") {
                true => file_option(text, at, out),
                false => out.markup.push(at..at + text.len()),
            }
            return block;
        }
        Block::Options { indent: outer } if indent > outer && text.starts_with(b":") => {
            file_option(text, at, out);
            return block;
        }
        _ => {}
    }
    match text.strip_prefix(b".. ") {
        Some(rest) => {
            let directive = rest.trim_ascii_start();
            directive_at(directive, at + text.len() - directive.len(), indent, out)
        }
        None => {
            roles(text, at, out);
            hyperlinks(text, at, out);
            if text.ends_with(b"::") { Block::Skipped { indent } } else { Block::Text }
        }
    }
}

/// A line of a `toctree`; tells whether entries may be patterns.
fn entry<'s>(text: &'s [u8], at: usize, patterns: bool, out: &mut Found<'s>) -> bool {
    if text.starts_with(b":") {
        return patterns || text.starts_with(b":glob:");
    }
    let (entry, skipped) = titled(text);
    if !(patterns && entry.contains(&b'*')) && entry != b"self" && !entry.starts_with(b"..") {
        out.push(reference(entry, at + skipped, "toctree", Document::Page));
    }
    patterns
}

/// `.. name:: argument`.
fn directive_at<'s>(text: &'s [u8], at: usize, indent: usize, out: &mut Found<'s>) -> Block {
    // `.. |name| image:: argument`.
    let (text, at) = match text.strip_prefix(b"|").and_then(|rest| memchr::memmem::find(rest, b"| ")) {
        Some(end) => (&text[end + 3..], at + end + 3),
        None => (text, at),
    };
    for (name, construct, kind) in DIRECTIVES {
        let Some(rest) = text.strip_prefix(name) else { continue };
        let argument = rest.trim_ascii_start();
        if !argument.is_empty() {
            out.push(reference(argument, at + text.len() - argument.len(), construct, kind));
        }
    }
    match memchr::memmem::find(text, b"::") {
        Some(_) if text.starts_with(b"raw:: html") => Block::Raw { indent },
        Some(_) if text.starts_with(b"csv-table::") => Block::Options { indent },
        Some(_) if text.starts_with(b"toctree::") => Block::Toctree { indent, patterns: false },
        Some(end) if !CODE.contains(&&text[..end]) => Block::Text,
        // A comment, or a target.
        None if text.starts_with(b"_") => {
            let target = memchr::memmem::find(text, b": ").map_or(text.len(), |colon| colon + 2);
            hyperlink(&text[target..], at + target, out);
            Block::Text
        }
        _ => Block::Skipped { indent },
    }
}

/// Roles in a line of text.
fn roles<'s>(text: &'s [u8], at: usize, out: &mut Found<'s>) {
    for (open, construct, kind) in ROLES {
        for found in memchr::memmem::find_iter(text, open) {
            let start = found + open.len();
            let Some(length) = memchr::memchr(b'`', &text[start..]) else { continue };
            let (target, skipped) = titled(&text[start..start + length]);
            out.push(reference(target, at + start + skipped, construct, kind));
        }
    }
}

/// `:file: table.csv`.
fn file_option<'s>(text: &'s [u8], at: usize, out: &mut Found<'s>) {
    let Some(rest) = text.strip_prefix(b":file:") else { return };
    let argument = rest.trim_ascii_start();
    if !argument.is_empty() {
        out.push(reference(argument, at + text.len() - argument.len(), "file", Document::Include));
    }
}

/// `` `text <target>`_ `` in a line of text.
fn hyperlinks<'s>(text: &'s [u8], at: usize, out: &mut Found<'s>) {
    for end in memchr::memmem::find_iter(text, b">`_") {
        let Some(open) = memchr::memrchr2(b'<', b'`', &text[..end]).filter(|&open| text[open] == b'<') else {
            continue;
        };
        hyperlink(&text[open + 1..end], at + open + 1, out);
    }
}

/// A target that is a file: not that of another hyperlink, and not an address.
fn hyperlink<'s>(target: &'s [u8], at: usize, out: &mut Found<'s>) {
    let file = target.contains(&b'.') && !target.ends_with(b"_") && !target.iter().any(|byte| b"`@ ".contains(byte));
    if file && !has_scheme(target) {
        out.push(reference(target, at, "hyperlink", Document::Link));
    }
}

/// The target of `title <target>`, and how many bytes stand before it.
fn titled(text: &[u8]) -> (&[u8], usize) {
    match (memchr::memrchr(b'<', text), text.ends_with(b">")) {
        (Some(open), true) => (&text[open + 1..text.len() - 1], open + 1),
        _ => (text, 0),
    }
}

fn reference<'s>(text: &'s [u8], at: usize, construct: &'static str, kind: Document) -> Reference<'s> {
    let span = Span::new(at, at + text.len());
    let strength = if kind == Document::Image { Strength::Broken } else { Strength::Silent };
    let reference = Reference::literal(span, text, construct, Namespace::Document(kind), strength);
    Reference { ceiling: Severity::Warning, ..reference }
}
