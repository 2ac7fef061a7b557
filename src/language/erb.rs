//! ERB: Ruby in a page or in any other text (docs.ruby-lang.org, `ERB`, "Recognized Tags").
//!
//! Read: what the Ruby in it names, and the markup or the document around it; where an engine serves a page is not
//! known. Knowingly not read: style sheets, scripts and settings that are made by ERB, but for the Ruby in them.

use super::html::{self, Page};
use super::{HOLE, Input, Language, Phase, Reference, Scan, markdown, ruby};
use crate::path;
use crate::source::Source;

/// Embedded Ruby.
pub const LANGUAGE: Language = Language {
    name: "erb",
    extensions: &["erb", "rhtml"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`render`, layouts, assets, files that are opened; the markup or the Markdown around the Ruby",
    leaves: "style sheets, scripts and settings that it makes",
    scan,
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let parts = Parts::of(source);
    let Some(mut references) = ruby::scan_template(input.path, source, &parts.ruby) else {
        return Scan { lexical: true, ..Scan::default() };
    };
    references.extend(around(input, &parts.text));
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// What the text around the Ruby names, by what it is.
fn around<'s>(input: Input<'s>, text: &[u8]) -> Vec<Reference<'s>> {
    let inner = path::without_extension(path::name(input.path));
    match path::extension(inner).as_slice() {
        b"" | b"html" | b"htm" | b"xhtml" => {
            html::scan_fragment(input.source.bytes(), text, Page { unknown_base: true })
        }
        b"md" | b"markdown" => {
            let source = Source::new(text);
            let scan = (markdown::LANGUAGE.scan)(Input { source: &source, ..input });
            let whole = |reference: &Reference<'_>| !reference.span.of(text).contains(&HOLE);
            scan.references.into_iter().filter(whole).map(Reference::into_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// A source twice at equal length: its Ruby with blanks around it, and its text with holes for the Ruby.
struct Parts {
    ruby: Vec<u8>,
    text: Vec<u8>,
}

impl Parts {
    fn of(source: &[u8]) -> Self {
        let mut parts = Parts { ruby: vec![b' '; source.len()], text: source.to_vec() };
        let mut at = 0;
        while let Some(found) = memchr::memmem::find(&source[at..], b"<%") {
            let start = at + found;
            let inner = start + 2;
            if source[inner..].starts_with(b"%") {
                at = inner + 1;
                continue;
            }
            let length = memchr::memmem::find(&source[inner..], b"%>");
            let end = length.map_or(source.len(), |length| inner + length);
            at = (end + 2).min(source.len());
            parts.text[start..at].fill(HOLE);
            parts.keep(source, inner, end);
        }
        parts
    }

    /// The Ruby of one tag. A line end parts it from the next.
    fn keep(&mut self, source: &[u8], start: usize, end: usize) {
        let inner = &source[start..end];
        if inner.starts_with(b"#") {
            return;
        }
        let marks = inner.iter().take_while(|byte| matches!(byte, b'=' | b'-')).count();
        let close = inner.len() - usize::from(inner.len() > marks && inner.ends_with(b"-"));
        self.ruby[start + marks..start + close].copy_from_slice(&inner[marks..close]);
        if let Some(byte) = self.ruby.get_mut(end) {
            *byte = b'\n';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ruby_and_text_keep_their_places() {
        let source = b"<a href=\"<%= x -%>\">\n<%# c %><%% d %>\n<% if y";
        let parts = Parts::of(source);
        assert_eq!(parts.ruby.len(), source.len());
        assert_eq!(parts.text.len(), source.len());
        let code = |text: &[u8]| memchr::memmem::find(&parts.ruby, text);
        assert_eq!((code(b"x"), code(b"if y")), (Some(13), memchr::memmem::find(source, b"if y")));
        assert!(code(b"c").is_none() && code(b"d").is_none());
        assert!(parts.text.starts_with(b"<a href=\"\x1a\x1a"));
        assert!(memchr::memmem::find(&parts.text, b"<%% d %>").is_some());
    }
}
