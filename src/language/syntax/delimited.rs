//! What template engines have in common: constructs between delimiters, made of words, strings and signs.
//!
//! Apart from the languages because most engines are told by no more than their delimiters. Every construct is
//! overwritten with holes of its length, so that the markup around can be read. There is no nest to follow.

use std::ops::Range;

use super::super::HOLE;
use crate::diagnostic::Span;

/// A pair of delimiters.
#[derive(Clone, Copy)]
pub(in crate::language) struct Delimiter {
    open: &'static [u8],
    close: &'static [u8],
    comment: bool,
}

/// Around a construct.
pub(in crate::language) const fn construct(open: &'static [u8], close: &'static [u8]) -> Delimiter {
    Delimiter { open, close, comment: false }
}

/// Around text that nobody reads.
pub(in crate::language) const fn comment(open: &'static [u8], close: &'static [u8]) -> Delimiter {
    Delimiter { open, close, comment: true }
}

/// How an engine's constructs are told.
pub(in crate::language) struct Engine {
    /// The longer first where one opens as another.
    pub delimiters: &'static [Delimiter],
    /// What a blank follows opens nothing: JavaScript and CSS have braces, too.
    pub tight: bool,
    /// A closing delimiter in quotes closes nothing.
    pub quotes: bool,
    /// First words of constructs that text follows, up to the word that ends it.
    pub raw: &'static [(&'static str, &'static str)],
}

/// A construct: its inside, and what it is made of.
pub(in crate::language) struct Construct {
    pub inside: Range<usize>,
    pub tokens: Vec<Token>,
}

/// A word, the inside of a string, or a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::language) struct Token {
    pub kind: Kind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::language) enum Kind {
    Word,
    /// A string without escapes and without values in it.
    Text,
    /// A string that is more than its letters.
    Other,
    Sign(u8),
}

impl Construct {
    /// The first tokens as their bytes.
    pub fn word<'s>(&self, at: usize, source: &'s [u8]) -> &'s [u8] {
        match self.tokens.get(at) {
            Some(token) if token.kind == Kind::Word => token.span.of(source),
            _ => b"",
        }
    }

    /// The inside of the string at a place.
    pub fn text(&self, at: usize) -> Option<Span> {
        self.tokens.get(at).filter(|token| token.kind == Kind::Text).map(|token| token.span)
    }

    /// Whether a sign stands at a place.
    pub fn is_sign(&self, at: usize, sign: u8) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == Kind::Sign(sign))
    }

    /// The string that a name is set to: `file='x'`.
    pub fn named(&self, name: &[u8], source: &[u8]) -> Option<Span> {
        let at = (0..self.tokens.len()).find(|&at| self.word(at, source) == name && self.is_sign(at + 1, b'='))?;
        self.text(at + 2).filter(|_| self.ends_value(at + 3, source))
    }

    /// Whether a value ends before a token: nothing is put behind it.
    pub fn ends_value(&self, at: usize, source: &[u8]) -> bool {
        match self.tokens.get(at).map(|token| token.kind) {
            None => true,
            // `+`, `.` and `~` join.
            Some(Kind::Word) => self
                .word(at, source)
                .first()
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_$@/".contains(byte)),
            Some(Kind::Sign(sign)) => matches!(sign, b',' | b')' | b'}' | b']'),
            Some(_) => false,
        }
    }
}

/// Longest construct, in bytes: what is longer only looks like one.
const MAX_LENGTH: usize = 64 << 10;
/// Most openings without an end: after as many no more are tried, as each costs a search.
const MAX_UNCLOSED: usize = 100;

/// The constructs of a template, and the source at equal length with everything but markup masked.
pub(in crate::language) fn read(source: &[u8], engine: &Engine) -> (Vec<Construct>, Vec<u8>) {
    let mut reader = Reader { source, engine, constructs: Vec::new(), masked: source.to_vec(), unclosed: 0 };
    let mut at = 0;
    while at < source.len() && reader.unclosed < MAX_UNCLOSED {
        at = match reader.opening(at) {
            Some(delimiter) => reader.island(at, delimiter),
            None => at + 1,
        };
    }
    (reader.constructs, reader.masked)
}

struct Reader<'s> {
    source: &'s [u8],
    engine: &'s Engine,
    constructs: Vec<Construct>,
    masked: Vec<u8>,
    unclosed: usize,
}

impl Reader<'_> {
    fn opening(&self, at: usize) -> Option<Delimiter> {
        let rest = &self.source[at..];
        let opens = |one: &&Delimiter| {
            let tight = !self.engine.tight || one.comment || rest.get(one.open.len()).is_some_and(u8::is_ascii_graphic);
            rest.first() == one.open.first() && rest.starts_with(one.open) && tight
        };
        self.engine.delimiters.iter().find(opens).copied()
    }

    /// Takes what opens here, and says where it ends.
    fn island(&mut self, start: usize, delimiter: Delimiter) -> usize {
        let from = start + delimiter.open.len();
        let limit = self.source.len().min(from + MAX_LENGTH);
        let close = self.close(from..limit, delimiter);
        let Some(close) = close else {
            self.unclosed += 1;
            return from;
        };
        let mut end = close + delimiter.close.len();
        if !delimiter.comment {
            let construct = Construct { inside: from..close, tokens: tokens(self.source, from..close) };
            let raw = self.engine.raw.iter().find(|(word, _)| construct.word(0, self.source) == word.as_bytes());
            if let Some((_, last)) = raw {
                end = self.end_of_text(end, delimiter, last).unwrap_or(self.source.len());
            }
            self.constructs.push(construct);
        }
        self.masked[start..end].fill(HOLE);
        end
    }

    fn close(&self, range: Range<usize>, delimiter: Delimiter) -> Option<usize> {
        if !self.engine.quotes || delimiter.comment {
            return memchr::memmem::find(&self.source[range.clone()], delimiter.close).map(|at| range.start + at);
        }
        let mut at = range.start;
        while at < range.end {
            match self.source[at] {
                b'"' | b'\'' | b'`' => at = end_of_string(self.source, at, range.end),
                _ if self.source[at..range.end].starts_with(delimiter.close) => return Some(at),
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// Behind the construct of this word alone.
    fn end_of_text(&self, from: usize, delimiter: Delimiter, word: &str) -> Option<usize> {
        let rest = &self.source[from..];
        let open = delimiter.open.strip_suffix(b"-").unwrap_or(delimiter.open);
        memchr::memmem::find_iter(rest, open).find_map(|at| {
            let inner = rest.get(at + open.len()..)?;
            let inner = inner.strip_prefix(b"-").unwrap_or(inner).trim_ascii_start().strip_prefix(word.as_bytes())?;
            let inner = inner.trim_ascii_start();
            let inner = inner.strip_prefix(b"-").unwrap_or(inner).strip_prefix(delimiter.close)?;
            Some(self.source.len() - inner.len())
        })
    }
}

/// Words, strings and signs of a range.
pub(in crate::language) fn tokens(source: &[u8], range: Range<usize>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let byte = source[at];
        let (kind, span, next) = match byte {
            _ if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'"' | b'\'' | b'`' => {
                let end = end_of_string(source, at, range.end).min(range.end);
                let plain = !source[at + 1..end].iter().any(|byte| b"\\$#{".contains(byte));
                let kind = if plain || byte == b'`' { Kind::Text } else { Kind::Other };
                (kind, at + 1..end, end + 1)
            }
            _ if is_sign(byte) => (Kind::Sign(byte), at..at + 1, at + 1),
            _ => {
                let rest = &source[at..range.end];
                let length = rest.iter().take_while(|byte| is_in_word(**byte)).count().max(1);
                (Kind::Word, at..at + length, at + length)
            }
        };
        tokens.push(Token { kind, span: Span::new(span.start, span.end) });
        at = next;
    }
    tokens
}

fn is_sign(byte: u8) -> bool {
    b"()[]{},=|:;".contains(&byte)
}

fn is_in_word(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !is_sign(byte) && !b"\"'`".contains(&byte)
}

/// Where the closing quote stands, or the limit.
fn end_of_string(source: &[u8], start: usize, limit: usize) -> usize {
    let quote = source[start];
    let mut at = start + 1;
    while at < limit && source[at] != quote {
        at += if source[at] == b'\\' && quote != b'`' { 2 } else { 1 };
    }
    at.min(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGINE: Engine = Engine {
        delimiters: &[comment(b"{#", b"#}"), construct(b"{%", b"%}")],
        tight: false,
        quotes: true,
        raw: &[("raw", "endraw")],
    };

    fn shown(text: &str) -> (Vec<String>, String) {
        let source = text.as_bytes();
        let (constructs, masked) = read(source, &ENGINE);
        let show = |token: &Token| {
            let text = String::from_utf8_lossy(token.span.of(source)).into_owned();
            if token.kind == Kind::Text { format!("'{text}'") } else { text }
        };
        let all = constructs.iter().map(|one| one.tokens.iter().map(show).collect::<Vec<_>>().join(" ")).collect();
        (all, String::from_utf8_lossy(&masked).replace(HOLE as char, "~"))
    }

    #[test]
    fn constructs_are_words_strings_and_signs() {
        for (text, want) in [
            ("{% a/b.c 'd' k=v|e %}", vec!["a/b.c 'd' k = v | e"]),
            ("{% a '%}' %}", vec!["a '%}'"]),
            ("{# {% a %} #}{% b %}", vec!["b"]),
            ("{% raw %}{% a %}{%- endraw -%}{% b %}", vec!["raw", "b"]),
            ("{% a", vec![]),
        ] {
            assert_eq!(shown(text).0, want, "{text}");
        }
        assert_eq!(shown("x{% a %}y{# b #}z").1, "x~~~~~~~y~~~~~~~z");
    }
}
