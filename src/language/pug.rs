//! Pug, which was Jade: what a template includes and extends, and the URLs of its attributes (pugjs.org "Includes",
//! "Template Inheritance", "Attributes").
//!
//! Read: `include`, `include:filter`, `extends`, attributes whose value is one string, lines of HTML. Tags are written
//! out as HTML at equal length, and read as that.
//!
//! Knowingly not read: values that are expressions, blocks of text (`script.`), tags within a line (`#[a]`), a path
//! with a leading `/`, whose start a program gives.

use std::ops::Range;

use super::{HOLE, Input, Language, Namespace, Partial, Phase, Reference, Scan, html};
use crate::diagnostic::{Span, Strength};

/// Pug and Jade.
pub const LANGUAGE: Language = Language {
    name: "pug",
    extensions: &["jade", "pug"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`include`, `extends`, URLs in attributes",
    leaves: "values that are expressions, blocks of text, tags within a line",
    scan,
};

/// Words that begin a line and are no tags.
const KEYWORDS: [&[u8]; 16] = [
    b"append", b"block", b"case", b"default", b"doctype", b"each", b"else", b"extends", b"for", b"if", b"include",
    b"mixin", b"prepend", b"unless", b"when", b"while",
];

/// Most brackets without an end.
const MAX_UNCLOSED: usize = 20;

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut template = Template { source, masked: vec![b' '; source.len()], references: Vec::new(), unclosed: 0 };
    template.read();
    let Template { masked, mut references, .. } = template;
    references.extend(html::scan_fragment(source, &masked, html::Page { unknown_base: true }));
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

struct Template<'s> {
    source: &'s [u8],
    /// The tags as HTML, and blanks for all else.
    masked: Vec<u8>,
    references: Vec<Reference<'s>>,
    /// How many brackets had no end: after many of them no more are tried, as each costs a search.
    unclosed: usize,
}

impl<'s> Template<'s> {
    fn read(&mut self) {
        let mut at = 0;
        // Lines that are indented deeper belong to a comment or a block of text.
        let mut text_below = None;
        while at < self.source.len() {
            let end = end_of_line(self.source, at);
            let line = &self.source[at..end];
            let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let blank = line.len() == indent;
            if text_below.is_some_and(|own| blank || indent > own) {
                at = end + 1;
                continue;
            }
            text_below = None;
            let (next, text) = self.line(at + indent, end);
            if text {
                text_below = Some(indent);
            }
            at = next.max(end) + 1;
        }
    }

    /// One line without its indent: where what it says ends, and whether text follows below it.
    fn line(&mut self, start: usize, end: usize) -> (usize, bool) {
        let line = &self.source[start..end];
        if line.starts_with(b"//") || line.starts_with(b"-") {
            return (end, true);
        }
        if line.starts_with(b"<") {
            self.masked[start..end].copy_from_slice(line);
            return (end, false);
        }
        let word = &line[..line.iter().take_while(|byte| is_in_name(**byte)).count()];
        match word {
            b"include" | b"extends" => self.included(start, end, word.len()),
            _ if KEYWORDS.contains(&word) => {}
            _ => return self.tags(start, end),
        }
        (end, false)
    }

    /// `include path`, `include:filter path`.
    fn included(&mut self, start: usize, end: usize, word: usize) {
        let construct = if word == b"include".len() && self.source[start] == b'i' { "include" } else { "extends" };
        let rest = &self.source[start + word..end];
        let filter = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
        let name = rest[filter..].trim_ascii();
        let is_name = matches!(rest.first(), Some(b' ' | b'\t' | b':')) && !name.is_empty();
        let quoted = name.first().is_some_and(|byte| matches!(byte, b'"' | b'\'')) && name.len() > 2;
        let name = if quoted { &name[1..name.len() - 1] } else { name };
        if !is_name || name.iter().any(|byte| b"#{}()+ ".contains(byte)) {
            return;
        }
        let from = start + word + memchr::memmem::find(rest, name).unwrap_or_default();
        let namespace = Namespace::Partial(Partial::Pug);
        let span = Span::new(from, from + name.len());
        self.references.push(Reference::literal(span, name, construct, namespace, Strength::Fatal));
    }

    /// `a(…): b(…) text`: the tags of a line, whose attributes may go over several.
    fn tags(&mut self, start: usize, mut end: usize) -> (usize, bool) {
        let mut at = start;
        loop {
            let name = self.source[at..end].iter().take_while(|byte| is_in_name(**byte)).count();
            let tag = at..at + name;
            let rest = &self.source[tag.end..end];
            let shorthand = rest.iter().take_while(|byte| is_in_name(**byte) || matches!(byte, b'.' | b'#')).count();
            at = tag.end + shorthand;
            if name + shorthand == 0 {
                return (end, false);
            }
            if self.source.get(at) == Some(&b'(') && at < end {
                let close = if self.unclosed < MAX_UNCLOSED { self.attributes(tag, at) } else { None };
                let Some(close) = close else {
                    self.unclosed += 1;
                    return (end, false);
                };
                at = close + 1;
            }
            end = end_of_line(self.source, at);
            let rest = &self.source[at..end];
            if !rest.starts_with(b": ") {
                let text = rest.trim_ascii() == b"." || rest.is_empty() && self.source[at - 1] == b'.';
                return (end, text);
            }
            at += 2 + rest[2..].iter().take_while(|byte| **byte == b' ').count();
        }
    }

    /// Writes a tag with its attributes as HTML; where its bracket closes.
    fn attributes(&mut self, tag: Range<usize>, open: usize) -> Option<usize> {
        let mut at = open + 1;
        let mut values = Vec::new();
        loop {
            at += self.source[at..].iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b',').count();
            let byte = *self.source.get(at)?;
            if byte == b')' {
                break;
            }
            let name = self.source[at..].iter().take_while(|byte| !b"=!,() \t\r\n".contains(byte)).count();
            let name = at..at + name.max(1);
            at = name.end;
            let equals = self.source[at..].iter().take_while(|byte| matches!(byte, b'=' | b'!' | b' ')).count();
            if self.source[at..at + equals].contains(&b'=') {
                let value = self.value(at + equals)?;
                at = value.end;
                values.push((name, value));
            }
        }
        self.write(tag, &values, at);
        Some(at)
    }

    /// A value up to the comma, the blank or the bracket that ends it.
    fn value(&self, start: usize) -> Option<Range<usize>> {
        let (mut at, mut depth, mut operand) = (start, 0usize, false);
        loop {
            let byte = *self.source.get(at)?;
            match byte {
                b'"' | b'\'' | b'`' => {
                    at = end_of_string(self.source, at)?;
                    operand = true;
                }
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b',' if depth == 0 => return Some(start..at),
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ if byte.is_ascii_whitespace() && depth == 0 => {
                    let rest = &self.source[at..];
                    let next = rest.trim_ascii_start().first().copied().unwrap_or(b')');
                    let goes_on = !operand || b"+-*/%?:&|<>=.[(".contains(&next);
                    if !goes_on {
                        return Some(start..at);
                    }
                    operand = false;
                    at += rest.len() - rest.trim_ascii_start().len() - 1;
                }
                _ if byte.is_ascii_whitespace() => {}
                _ => operand = !b"+-*/%?:&|<>=".contains(&byte),
            }
            at += 1;
        }
    }

    fn write(&mut self, tag: Range<usize>, values: &[(Range<usize>, Range<usize>)], close: usize) {
        // The name moves one byte to the front, onto the indent or the end of the line before.
        let Some(before) = tag.start.checked_sub(1).filter(|_| !tag.is_empty()) else { return };
        self.masked[before] = b'<';
        self.masked[tag.clone()].copy_from_slice(&self.source[tag]);
        self.masked[close] = b'>';
        for (name, value) in values {
            let text = &self.source[value.clone()];
            if name.start == 0 || name.end > value.start {
                continue;
            }
            self.masked[name.clone()].copy_from_slice(&self.source[name.clone()]);
            self.masked[name.end..value.start].fill(b' ');
            self.masked[value.start - 1] = b'=';
            if is_string(text) {
                self.masked[value.clone()].copy_from_slice(text);
                self.fill_values(value.clone());
            } else {
                self.masked[value.clone()].fill(HOLE);
            }
        }
    }

    /// `#{x}` in a string is a value.
    fn fill_values(&mut self, value: Range<usize>) {
        let mut at = value.start;
        while let Some(found) = memchr::memmem::find(&self.source[at..value.end], b"{") {
            let open = at + found;
            let close = memchr::memchr(b'}', &self.source[open..value.end]).map_or(value.end - 1, |end| open + end + 1);
            if matches!(self.source[open - 1], b'#' | b'!' | b'$') {
                self.masked[open - 1..close].fill(HOLE);
            }
            at = close.max(open + 1);
        }
    }
}

/// One string in quotes of HTML, without escapes.
fn is_string(text: &[u8]) -> bool {
    let [quote @ (b'"' | b'\''), inner @ .., last] = text else { return false };
    last == quote && !inner.iter().any(|byte| byte == quote || matches!(byte, b'\\' | b'\n'))
}

fn is_in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Where the closing quote stands.
fn end_of_string(source: &[u8], start: usize) -> Option<usize> {
    let quote = source[start];
    let mut at = start + 1;
    loop {
        match *source.get(at)? {
            b'\\' => at += 2,
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
}

fn end_of_line(source: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', source.get(from..).unwrap_or_default()).map_or(source.len(), |at| from + at)
}
