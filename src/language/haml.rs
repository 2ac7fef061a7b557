//! HAML (haml.info, "Reference").
//!
//! Read: what Ruby names in `= …`, `- …`, behind a tag and in the attributes of one; `src` and `href` written there.
//! Each piece of Ruby is parsed alone: blocks end with their indentation, which Ruby's grammar does not know.
//!
//! Knowingly not read: filters, `#{…}` in text, attributes in parentheses.

use std::ops::Range;

use super::syntax::indented::{Line, Lines};
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
    let mut reader = Reader { lines: Lines::new(source), code: Vec::new() };
    while let Some(line) = reader.lines.line() {
        reader.line(&line);
    }
    match ruby::scan_pieces(input.path, source, &reader.code) {
        Some(references) => Scan { references, ..Scan::default() },
        None => Scan { lexical: true, ..Scan::default() },
    }
}

/// What a line of Ruby ends in that goes on.
const GOES_ON: &[u8] = b",|";

struct Reader<'s> {
    lines: Lines<'s>,
    code: Vec<Range<usize>>,
}

impl Reader<'_> {
    fn line(&mut self, line: &Line<'_>) {
        match line.text {
            [b'-', b'#', ..] => self.lines.skip_below(line),
            [b':', letter, ..] if letter.is_ascii_alphabetic() => self.lines.skip_below(line),
            [b'=' | b'-' | b'~', ..] => self.ruby(line.start + 1),
            [b'!' | b'&', b'=', ..] => self.ruby(line.start + 2),
            [b'#', b'{', ..] => {}
            [b'%' | b'.' | b'#', ..] => self.tag(line.start),
            _ => {}
        }
    }

    fn ruby(&mut self, start: usize) {
        self.code.push(self.lines.code(start, GOES_ON));
    }

    /// `%a.b#c{attributes}(attributes)[object]= ruby`.
    fn tag(&mut self, start: usize) {
        let mut at = start;
        loop {
            match self.lines.source.get(at) {
                Some(byte) if byte.is_ascii_alphanumeric() || b"%.#-_:@".contains(byte) => at += 1,
                Some(b'{') => {
                    let end = self.closing(at);
                    self.code.push(at..end);
                    at = end;
                }
                Some(b'(' | b'[') => at = self.closing(at),
                Some(b'<' | b'>' | b'/') => at += 1,
                Some(b'=' | b'~') => return self.ruby(at + 1),
                Some(b'!' | b'&') if self.lines.source.get(at + 1) == Some(&b'=') => return self.ruby(at + 2),
                _ => break,
            }
        }
        self.lines.go_on_behind(at);
    }

    /// Behind the bracket that closes this one. Attributes may go on over lines; what is not closed ends with its line.
    fn closing(&self, open: usize) -> usize {
        const MAX_ATTRIBUTES: usize = 4_000;
        let mut depth = 0_usize;
        for (at, byte) in self.lines.source.iter().enumerate().skip(open).take(MAX_ATTRIBUTES) {
            match byte {
                b'{' | b'(' | b'[' => depth += 1,
                b'}' | b')' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return at + 1;
            }
        }
        self.lines.end(open)
    }
}
