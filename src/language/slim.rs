//! Slim (slim-template/slim, "Syntax reference").
//!
//! Read: what Ruby names in `= …`, `- …`, behind a tag and as the value of an attribute; `src` and `href` of a tag. Each
//! piece of Ruby is parsed alone: blocks end with their indentation, which Ruby's grammar does not know.
//!
//! Knowingly not read: embedded engines, `#{…}` in text, lines of markup.

use std::ops::Range;

use super::url::{self, Role, Written};
use super::{Input, Language, Phase, Reference, Scan, UrlKind, ruby};

/// Slim.
pub const LANGUAGE: Language = Language {
    name: "slim",
    extensions: &["slim"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`render`, layouts, assets, files that are opened, `src` and `href` of a tag",
    leaves: "embedded engines, text, lines of markup",
    scan,
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut reader = Reader { source, code: Vec::new(), references: Vec::new(), at: 0 };
    while reader.at < source.len() {
        reader.line();
    }
    let Some(mut references) = ruby::scan_pieces(input.path, source, &reader.code) else {
        return Scan { lexical: true, ..Scan::default() };
    };
    references.extend(reader.references);
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

struct Reader<'s> {
    source: &'s [u8],
    code: Vec<Range<usize>>,
    references: Vec<Reference<'s>>,
    at: usize,
}

impl<'s> Reader<'s> {
    fn line(&mut self) {
        let start = self.at;
        let end = self.line_end(start);
        let text = &self.source[start..end];
        let line = text.trim_ascii_start();
        let indent = text.len() - line.len();
        self.at = end + 1;
        match line {
            [b'/' | b'|' | b'\'', ..] => self.skip_deeper(indent),
            [b'=' | b'-', ..] => {
                let marks = line.iter().take_while(|byte| b"=-<>'".contains(byte)).count();
                self.ruby(start + indent + marks);
            }
            [.., b':'] if line[..line.len() - 1].iter().all(u8::is_ascii_alphanumeric) => self.skip_deeper(indent),
            [first, ..] if first.is_ascii_alphabetic() || b".#*".contains(first) => self.tag(start + indent),
            _ => {}
        }
    }

    fn line_end(&self, from: usize) -> usize {
        self.source.get(from..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(self.source.len(), |at| from + at)
    }

    /// Leaves out the lines that stand deeper.
    fn skip_deeper(&mut self, indent: usize) {
        while self.at < self.source.len() {
            let end = self.line_end(self.at);
            let text = &self.source[self.at..end];
            let rest = text.trim_ascii_start();
            if !rest.is_empty() && text.len() - rest.len() <= indent {
                return;
            }
            self.at = end + 1;
        }
    }

    /// Ruby up to the end of the line; one that ends in a comma or a backslash goes on.
    fn ruby(&mut self, start: usize) {
        let mut end = self.line_end(start);
        while end < self.source.len() && matches!(self.source[start.min(end)..end].trim_ascii_end(), [.., b',' | b'\\'])
        {
            end = self.line_end(end + 1);
        }
        self.code.push(start.min(end)..end);
        self.at = end + 1;
    }

    /// `a.b#c name="value" name=ruby = ruby`.
    fn tag(&mut self, start: usize) {
        let end = self.line_end(start);
        let mut at = self.word(start, end);
        loop {
            at += self.source[at..end].iter().take_while(|byte| b" \t([{".contains(byte)).count();
            if self.source.get(at) == Some(&b'=') && at < end {
                let marks = self.source[at..end].iter().take_while(|byte| b"=<>'".contains(byte)).count();
                return self.ruby(at + marks);
            }
            let name = at..self.word(at, end);
            if name.is_empty() || self.source.get(name.end) != Some(&b'=') || name.end >= end {
                break;
            }
            at = self.value(&name, name.end + 1, end);
        }
    }

    /// The end of a name that starts here.
    fn word(&self, from: usize, end: usize) -> usize {
        let word = |byte: &&u8| byte.is_ascii_alphanumeric() || b".#-_:@*".contains(byte);
        from + self.source[from..end].iter().take_while(word).count()
    }

    /// The value of an attribute; where it ends.
    fn value(&mut self, name: &Range<usize>, start: usize, end: usize) -> usize {
        let start = start + usize::from(self.source.get(start) == Some(&b'='));
        match self.source.get(start) {
            Some(quote @ (b'"' | b'\'')) if start < end => {
                let inner = start + 1;
                let length = memchr::memchr(*quote, &self.source[inner..end]);
                let close = length.map_or(end, |length| inner + length);
                self.url(name, inner..close);
                (close + 1).min(end)
            }
            _ => {
                let stop = self.expression(start, end);
                self.code.push(start.min(stop)..stop);
                stop
            }
        }
    }

    /// Where a value in Ruby ends: at a blank outside of brackets and quotes.
    fn expression(&self, start: usize, end: usize) -> usize {
        let (mut depth, mut quote) = (0_usize, None);
        for (at, &byte) in self.source.iter().enumerate().take(end).skip(start) {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'(' | b'[' | b'{') => depth += 1,
                (None, b')' | b']' | b'}') if depth > 0 => depth -= 1,
                (None, b' ' | b'\t' | b')' | b']' | b'}') if depth == 0 => return at,
                _ => {}
            }
        }
        end.max(start)
    }

    fn url(&mut self, name: &Range<usize>, place: Range<usize>) {
        let kind = match &self.source[name.clone()] {
            b"src" | b"poster" | b"data-src" => UrlKind::Asset,
            b"href" => UrlKind::Navigation,
            _ => return,
        };
        let source: &'s [u8] = self.source;
        if source[place.clone()].contains(&b'{') {
            return;
        }
        let construct = if kind == UrlKind::Asset { "src" } else { "href" };
        let written = Written::at(source, source, place.start, place.end, 0);
        if let Some(mut reference) = written.reference(Role::broken(construct, kind)) {
            url::unknown_base(&mut reference);
            self.references.push(reference);
        }
    }
}
