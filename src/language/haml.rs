//! HAML (haml.info, "Reference").
//!
//! Read: what Ruby names in `= …`, `- …`, behind a tag and in the attributes of one; `src` and `href` written there.
//! Each piece of Ruby is parsed alone: blocks end with their indentation, which Ruby's grammar does not know.
//!
//! Knowingly not read: filters, `#{…}` in text, attributes in parentheses.

use std::ops::Range;

use super::{Input, Language, Phase, Scan, ruby};

/// HAML.
pub const LANGUAGE: Language = Language {
    name: "haml",
    extensions: &["haml"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`render`, layouts, assets, files that are opened, `src` and `href` among a tag's attributes",
    leaves: "filters, attributes in parentheses, text",
    scan,
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut reader = Reader { source, code: Vec::new(), at: 0 };
    while reader.at < source.len() {
        reader.line();
    }
    match ruby::scan_pieces(input.path, source, &reader.code) {
        Some(references) => Scan { references, ..Scan::default() },
        None => Scan { lexical: true, ..Scan::default() },
    }
}

struct Reader<'s> {
    source: &'s [u8],
    code: Vec<Range<usize>>,
    at: usize,
}

impl Reader<'_> {
    fn line(&mut self) {
        let start = self.at;
        let end = self.line_end(start);
        let text = &self.source[start..end];
        let indent = text.len() - text.trim_ascii_start().len();
        self.at = end + 1;
        match text.trim_ascii_start() {
            [b'-', b'#', ..] => self.skip_deeper(indent),
            [b':', letter, ..] if letter.is_ascii_alphabetic() => self.skip_deeper(indent),
            [b'=' | b'-' | b'~', ..] => self.ruby(start + indent + 1),
            [b'!' | b'&', b'=', ..] => self.ruby(start + indent + 2),
            [b'#', b'{', ..] => {}
            [b'%' | b'.' | b'#', ..] => self.tag(start + indent),
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

    /// Ruby up to the end of the line; one that ends in a comma or a bar goes on.
    fn ruby(&mut self, start: usize) {
        let mut end = self.line_end(start);
        while end < self.source.len() && matches!(self.source[start.min(end)..end].trim_ascii_end(), [.., b',' | b'|'])
        {
            end = self.line_end(end + 1);
        }
        self.code.push(start.min(end)..end);
        self.at = end + 1;
    }

    /// `%a.b#c{attributes}(attributes)[object]= ruby`.
    fn tag(&mut self, start: usize) {
        let mut at = start;
        loop {
            match self.source.get(at) {
                Some(byte) if byte.is_ascii_alphanumeric() || b"%.#-_:@".contains(byte) => at += 1,
                Some(b'{') => {
                    let end = self.closing(at);
                    self.code.push(at..end);
                    at = end;
                }
                Some(b'(' | b'[') => at = self.closing(at),
                Some(b'<' | b'>' | b'/') => at += 1,
                Some(b'=' | b'~') => return self.ruby(at + 1),
                Some(b'!' | b'&') if self.source.get(at + 1) == Some(&b'=') => return self.ruby(at + 2),
                _ => break,
            }
        }
        self.at = self.line_end(at) + 1;
    }

    /// Behind the bracket that closes this one. Attributes may go on over lines; what is not closed ends with its line.
    fn closing(&self, open: usize) -> usize {
        const MAX_ATTRIBUTES: usize = 4_000;
        let mut depth = 0_usize;
        for (at, byte) in self.source.iter().enumerate().skip(open).take(MAX_ATTRIBUTES) {
            match byte {
                b'{' | b'(' | b'[' => depth += 1,
                b'}' | b')' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return at + 1;
            }
        }
        self.line_end(open)
    }
}
