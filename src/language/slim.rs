//! Slim (slim-template/slim, "Syntax reference").
//!
//! Read: what Ruby names in `= …`, `- …`, behind a tag and as the value of an attribute; `src` and `href` of a tag.
//! Each piece of Ruby is parsed alone: blocks end with their indentation, which Ruby's grammar does not know.
//!
//! Knowingly not read: embedded engines, `#{…}` in text, lines of markup.

use std::ops::Range;

use super::syntax::indented::{Line, Lines};
use super::syntax::url::{self, Role, Written};
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
    let mut reader = Reader { lines: Lines::new(source), code: Vec::new(), references: Vec::new() };
    while let Some(line) = reader.lines.line() {
        reader.line(&line);
    }
    let Some(mut references) = ruby::scan_pieces(input.path, source, &reader.code) else {
        return Scan { lexical: true, ..Scan::default() };
    };
    references.extend(reader.references);
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// What a line of Ruby ends in that goes on.
const GOES_ON: &[u8] = b",\\";

struct Reader<'s> {
    lines: Lines<'s>,
    code: Vec<Range<usize>>,
    references: Vec<Reference<'s>>,
}

impl Reader<'_> {
    fn line(&mut self, line: &Line<'_>) {
        match line.text {
            [b'/' | b'|' | b'\'', ..] => self.lines.skip_below(line),
            [b'=' | b'-', ..] => {
                let marks = line.text.iter().take_while(|byte| b"=-<>'".contains(byte)).count();
                self.ruby(line.start + marks);
            }
            [engine @ .., b':'] if engine.iter().all(u8::is_ascii_alphanumeric) => self.lines.skip_below(line),
            [first, ..] if first.is_ascii_alphabetic() || b".#*".contains(first) => self.tag(line.start),
            _ => {}
        }
    }

    fn ruby(&mut self, start: usize) {
        self.code.push(self.lines.code(start, GOES_ON));
    }

    /// `a.b#c name="value" name=ruby = ruby`.
    fn tag(&mut self, start: usize) {
        let end = self.lines.end(start);
        let mut at = self.word(start, end);
        loop {
            at += self.lines.source[at..end].iter().take_while(|byte| b" \t([{".contains(byte)).count();
            if self.lines.source.get(at) == Some(&b'=') && at < end {
                let marks = self.lines.source[at..end].iter().take_while(|byte| b"=<>'".contains(byte)).count();
                return self.ruby(at + marks);
            }
            let name = at..self.word(at, end);
            if name.is_empty() || self.lines.source.get(name.end) != Some(&b'=') || name.end >= end {
                break;
            }
            at = self.value(&name, name.end + 1, end);
        }
    }

    /// The end of a name that starts here.
    fn word(&self, from: usize, end: usize) -> usize {
        let word = |byte: &&u8| byte.is_ascii_alphanumeric() || b".#-_:@*".contains(byte);
        from + self.lines.source[from..end].iter().take_while(word).count()
    }

    /// The value of an attribute; where it ends.
    fn value(&mut self, name: &Range<usize>, start: usize, end: usize) -> usize {
        let start = start + usize::from(self.lines.source.get(start) == Some(&b'='));
        match self.lines.source.get(start) {
            Some(quote @ (b'"' | b'\'')) if start < end => {
                let inner = start + 1;
                let length = memchr::memchr(*quote, &self.lines.source[inner..end]);
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
        for (at, &byte) in self.lines.source.iter().enumerate().take(end).skip(start) {
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
        let kind = match &self.lines.source[name.clone()] {
            b"src" | b"poster" | b"data-src" => UrlKind::Asset,
            b"href" => UrlKind::Navigation,
            _ => return,
        };
        let source = self.lines.source;
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
