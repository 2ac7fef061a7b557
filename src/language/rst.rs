//! reStructuredText (docutils "reStructuredText Directives"; sphinx-doc.org "Directives", "Cross-references").
//!
//! Read: `image`, `figure`, `include`, `literalinclude`, `toctree`, the roles `doc` and `download`. No parser of it is
//! kept in Rust; directives and roles are told by their first characters.
//!
//! Knowingly not read: hyperlink targets, `csv-table` and `raw` with `:file:`, directives of extensions.

use super::{Document, Input, Language, Namespace, Phase, Reference, Scan};
use crate::diagnostic::{Severity, Span, Strength};

/// reStructuredText.
pub const LANGUAGE: Language = Language {
    name: "rst",
    extensions: &["rst"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`image`, `figure`, `include`, `literalinclude`, `toctree`, the roles `doc` and `download`",
    leaves: "hyperlink targets, directives of extensions",
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
}

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut references = Vec::new();
    let mut block = Block::Text;
    let mut start = 0;
    for line in source.split(|&byte| byte == b'\n') {
        block = read_line(line, start, block, &mut references);
        start += line.len() + 1;
    }
    Scan { references, ..Scan::default() }
}

fn read_line<'s>(line: &'s [u8], start: usize, block: Block, out: &mut Vec<Reference<'s>>) -> Block {
    let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let text = line[indent..].trim_ascii_end();
    let at = start + indent;
    match block {
        _ if text.is_empty() => return block,
        Block::Skipped { indent: outer } if indent > outer => return block,
        Block::Toctree { indent: outer, patterns } if indent > outer => {
            return Block::Toctree { indent: outer, patterns: entry(text, at, patterns, out) };
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
            if text.ends_with(b"::") { Block::Skipped { indent } } else { Block::Text }
        }
    }
}

/// A line of a `toctree`; tells whether entries may be patterns.
fn entry<'s>(text: &'s [u8], at: usize, patterns: bool, out: &mut Vec<Reference<'s>>) -> bool {
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
fn directive_at<'s>(text: &'s [u8], at: usize, indent: usize, out: &mut Vec<Reference<'s>>) -> Block {
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
        Some(_) if text.starts_with(b"toctree::") => Block::Toctree { indent, patterns: false },
        Some(end) if !CODE.contains(&&text[..end]) => Block::Text,
        // A comment, or a target.
        None if text.starts_with(b"_") => Block::Text,
        _ => Block::Skipped { indent },
    }
}

/// Roles in a line of text.
fn roles<'s>(text: &'s [u8], at: usize, out: &mut Vec<Reference<'s>>) {
    for (open, construct, kind) in ROLES {
        for found in memchr::memmem::find_iter(text, open) {
            let start = found + open.len();
            let Some(length) = memchr::memchr(b'`', &text[start..]) else { continue };
            let (target, skipped) = titled(&text[start..start + length]);
            out.push(reference(target, at + start + skipped, construct, kind));
        }
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
    let reference = Reference::literal(span, text, construct, Namespace::Document(kind), Strength::Silent);
    Reference { ceiling: Severity::Warning, ..reference }
}
