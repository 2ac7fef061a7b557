//! AsciiDoc (docs.asciidoctor.org "Includes", "Images", "Cross References"; docs.antora.org "Resource IDs").
//!
//! Read: `include::`, `image::` and `image:`, `video::`, `audio::`, `xref:`, `link:`, `<<file.adoc#…>>`, with
//! attributes that the document itself sets. In a module of Antora pages, images, partials and examples are found in
//! its families. No parser of it is kept in Rust; macros are told by their first characters.
//!
//! Knowingly not read: attributes that are set elsewhere, resources of other modules and components, what stands in
//! listings but for `include::`, conditions.

use super::{Document, Input, Language, Namespace, Phase, Reference, Scan, has_scheme};
use crate::diagnostic::{Severity, Span, Strength};
use crate::path;

/// AsciiDoc.
pub const LANGUAGE: Language = Language {
    name: "asciidoc",
    extensions: &["adoc", "asciidoc"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`include`, `image`, `video`, `audio`, `xref`, `link`, attributes of the document, families of Antora",
    leaves: "attributes that are set elsewhere, resources of other modules",
    scan,
};

/// Macros: what opens them, and what they name. A block macro stands at the start of a line.
const MACROS: [(&[u8], &str, Document); 6] = [
    (b"audio::", "audio", Document::Image),
    (b"image::", "image", Document::Image),
    (b"image:", "image", Document::Image),
    (b"link:", "link", Document::Link),
    (b"video::", "video", Document::Image),
    (b"xref:", "xref", Document::Link),
];
/// Lines that open and close blocks in which no macro is one.
const VERBATIM: [&[u8]; 4] = [b"++++", b"----", b"....", b"```"];
/// Families of Antora, by the mark before the name.
const FAMILIES: [(&[u8], &str); 4] =
    [(b"attachment$", "attachments"), (b"example$", "examples"), (b"image$", "images"), (b"partial$", "partials")];
/// Most attributes that are kept, and the longest value, in bytes.
const MAX_ATTRIBUTES: usize = 500;
const MAX_VALUE: usize = 1_000;

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut reader =
        Reader { attributes: Vec::new(), module: module(input.path), verbatim: None, references: Vec::new() };
    let mut at = 0;
    for line in source.split(|&byte| byte == b'\n') {
        reader.line(line.trim_ascii_end(), at);
        at += line.len() + 1;
    }
    reader.references.sort_by_key(|reference| reference.span);
    Scan { references: reader.references, ..Scan::default() }
}

/// The way up from a page's directory to its module of Antora: `../` for each step; `None` outside of one.
fn module(file: &[u8]) -> Option<Vec<u8>> {
    let segments: Vec<&[u8]> = path::segments(path::parent(file)).collect();
    let at = segments.iter().position(|segment| *segment == b"modules")?;
    let family = segments.get(at + 2)?;
    let known = matches!(*family, b"pages" | b"partials" | b"examples");
    known.then(|| b"../".repeat(segments.len() - at - 2))
}

struct Reader<'s> {
    /// Attributes and their values, the latest last.
    attributes: Vec<(Vec<u8>, Vec<u8>)>,
    module: Option<Vec<u8>>,
    /// The line that closes the block that is not looked into.
    verbatim: Option<&'s [u8]>,
    references: Vec<Reference<'s>>,
}

impl<'s> Reader<'s> {
    fn line(&mut self, line: &'s [u8], at: usize) {
        if let Some(close) = self.verbatim {
            if line == close {
                self.verbatim = None;
            } else if close != b"////" {
                self.include(line, at);
            }
            return;
        }
        if line == b"////" || VERBATIM.iter().any(|open| line.starts_with(open) && line.len() < 40) {
            let fence = line.starts_with(b"```");
            self.verbatim = Some(if fence { &line[..3] } else { line });
        } else if !line.starts_with(b"//") && !self.attribute(line) && !self.include(line, at) {
            self.macros(line, at);
            self.cross_references(line, at);
        }
    }

    /// `:name: value`.
    fn attribute(&mut self, line: &[u8]) -> bool {
        let Some(rest) = line.strip_prefix(b":") else { return false };
        let Some(end) = memchr::memchr(b':', rest).filter(|&end| end > 0) else { return false };
        let (name, value) = (&rest[..end], rest[end + 1..].trim_ascii());
        if !name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_!".contains(byte)) {
            return false;
        }
        let value = self.filled(value).filter(|value| value.len() <= MAX_VALUE);
        if let Some(value) = value.filter(|_| self.attributes.len() < MAX_ATTRIBUTES) {
            self.attributes.push((name.to_ascii_lowercase(), value));
        }
        true
    }

    fn value(&self, name: &[u8]) -> Option<&[u8]> {
        let name = name.to_ascii_lowercase();
        self.attributes.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.as_slice())
    }

    /// A text with its attributes put in; `None` where one is not known.
    fn filled(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut rest = text;
        while let Some(open) = memchr::memchr(b'{', rest) {
            let close = open + memchr::memchr(b'}', &rest[open..])?;
            out.extend_from_slice(&rest[..open]);
            out.extend_from_slice(self.value(&rest[open + 1..close])?);
            rest = &rest[close + 1..];
            if out.len() > MAX_VALUE {
                return None;
            }
        }
        out.extend_from_slice(rest);
        Some(out)
    }

    /// `include::path[…]` at the start of a line, in listings, too.
    fn include(&mut self, line: &'s [u8], at: usize) -> bool {
        let Some(rest) = line.strip_prefix(b"include::") else { return false };
        let Some(length) = memchr::memchr(b'[', rest) else { return true };
        let optional = memchr::memmem::find(&rest[length..], b"optional").is_some();
        self.push(&rest[..length], at + line.len() - rest.len(), "include", Document::Include, optional);
        true
    }

    fn macros(&mut self, line: &'s [u8], at: usize) {
        for (open, construct, kind) in MACROS {
            let mut end = 0;
            for found in memchr::memmem::find_iter(line, open) {
                let start = found + open.len();
                end = next(line, start.max(end), b"[ \t");
                let block = open.ends_with(b"::");
                let alone = found == 0 || !block && b" \t(|,;\"'*_".contains(&line[found - 1]);
                let named = line.get(end) == Some(&b'[') && end > start && line[start] != b':';
                if alone && named {
                    self.push(&line[start..end], at + start, construct, kind, false);
                }
            }
        }
    }

    /// `<<file.adoc#anchor,text>>`.
    fn cross_references(&mut self, line: &'s [u8], at: usize) {
        let mut end = 0;
        for found in memchr::memmem::find_iter(line, b"<<") {
            let start = found + 2;
            end = next(line, start.max(end), b",>#[");
            if line[start..end].ends_with(b".adoc") {
                self.push(&line[start..end], at + start, "xref", Document::Link, false);
            }
        }
    }

    fn push(&mut self, written: &'s [u8], at: usize, construct: &'static str, kind: Document, optional: bool) {
        let span = Span::new(at, at + written.len());
        let end = if kind == Document::Include { None } else { memchr::memchr(b'#', written) };
        let literal = memchr::memrchr(b'}', written).map_or(0, |close| close + 1);
        let tail = Span::new(at + literal, at + end.unwrap_or(written.len()).max(literal));
        let Some(text) = self.filled(written).filter(|text| !has_scheme(text)) else { return };
        let (text, kind) = match &self.module {
            Some(up) => match in_module(up, &text, construct) {
                Some(text) => (text, Document::Include),
                None => return,
            },
            None => (self.in_images(text, kind), kind),
        };
        let strength = if kind == Document::Link { Strength::Silent } else { Strength::Broken };
        let reference = Reference::literal(span, text, construct, Namespace::Document(kind), strength);
        self.references.push(Reference { tail, guarded: optional, ceiling: Severity::Warning, ..reference });
    }

    /// A relative picture in the folder that the document says.
    fn in_images(&self, text: Vec<u8>, kind: Document) -> Vec<u8> {
        let relative = kind == Document::Image && !text.starts_with(b"/");
        match self.value(b"imagesdir").filter(|folder| relative && !folder.is_empty()) {
            Some(folder) => path::join(folder, &text),
            None => text,
        }
    }
}

/// Where the first of some bytes stands, from a place on; the end of the line where none does.
fn next(line: &[u8], from: usize, bytes: &[u8]) -> usize {
    line[from..].iter().position(|byte| bytes.contains(byte)).map_or(line.len(), |at| from + at)
}

/// Where a module of Antora has what a name stands for, from the page that holds the name; `None` where another module
/// or component has it.
fn in_module(up: &[u8], text: &[u8], construct: &str) -> Option<Vec<u8>> {
    let text = text.split(|&byte| byte == b'#').next().unwrap_or(text);
    if text.is_empty() || text.iter().any(|byte| b":@{*".contains(byte)) {
        return None;
    }
    for (mark, family) in FAMILIES {
        if let Some(rest) = text.strip_prefix(mark) {
            return Some([up, family.as_bytes(), b"/", rest].concat());
        }
    }
    let family: &[u8] = match construct {
        "image" | "video" | "audio" => b"images/",
        "xref" => b"pages/",
        _ => b"",
    };
    let here = family.is_empty() || text.starts_with(b"./") || text.starts_with(b"../");
    match (text.contains(&b'$'), construct) {
        (true, _) | (_, "link") => None,
        _ if here => Some(text.to_vec()),
        _ => Some([up, family, text].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_of_antora() {
        assert_eq!(module(b"docs/modules/ROOT/pages/a/b.adoc"), Some(b"../../".to_vec()));
        assert_eq!(module(b"docs/pages/b.adoc"), None);
        assert_eq!(in_module(b"../", b"a.png", "image"), Some(b"../images/a.png".to_vec()));
        assert_eq!(in_module(b"../", b"partial$x.adoc", "include"), Some(b"../partials/x.adoc".to_vec()));
        assert_eq!(in_module(b"../", b"other:x.adoc#y", "xref"), None);
    }
}
