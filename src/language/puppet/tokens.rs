//! From bytes to Puppet's tokens: names, type references, strings, variables, punctuation.
//!
//! Written after the lexer of Puppet itself (`puppet/pops/parser/lexer2.rb`), as the one kept grammar for Rust,
//! tree-sitter-puppet 1.3.0, does not read half of real manifests (263 of 534 files of two maintained repositories
//! held errors: selectors on calls, `Type::Name` in expressions, patterns of types). Bytes that are no token are
//! skipped; nothing here recurses, so that no nesting can be too deep.

use std::borrow::Cow;

use crate::diagnostic::Span;

/// Longest regular expression and tag of a heredoc, in bytes: what is looked at for each that may begin.
const MAX_INLINE: usize = 512;

/// A token and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token<'s> {
    /// From its first to past its last byte; of a string, what stands between its quotes.
    pub span: Span,
    /// What it is.
    pub kind: Kind<'s>,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind<'s> {
    /// A bare word, with its `::`.
    Name(&'s [u8]),
    /// A capitalised word: `File`, `Web::Vhost`.
    Type(&'s [u8]),
    /// `$name`.
    Variable(&'s [u8]),
    /// A quoted string, in pieces.
    Text(Vec<Piece<'s>>),
    /// A number, a regular expression or a heredoc: a value that is no name.
    Other,
    /// `=>`, which makes the word before it a key.
    Arrow,
    /// Any other character.
    Mark(u8),
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'s> {
    /// Decoded text and where its source stands.
    Known(Cow<'s, [u8]>, Span),
    /// The value of a plain variable.
    Variable(&'s [u8]),
    /// The value of another expression.
    Unknown,
}

/// All tokens of a manifest.
pub(super) fn tokens(bytes: &[u8]) -> Vec<Token<'_>> {
    let mut lexer = Lexer { bytes, at: 0, tokens: Vec::new(), heredocs: Vec::new() };
    while lexer.at < bytes.len() {
        lexer.step();
    }
    lexer.tokens
}

struct Lexer<'s> {
    bytes: &'s [u8],
    at: usize,
    tokens: Vec<Token<'s>>,
    /// End tags of heredocs that begin on the next line.
    heredocs: Vec<&'s [u8]>,
}

impl<'s> Lexer<'s> {
    fn step(&mut self) {
        let start = self.at;
        let Some(byte) = self.peek(0) else { return };
        match (byte, self.peek(1)) {
            (b'\n', _) => self.line_end(),
            (b'#', _) => self.at = self.find(b"\n", start),
            (b'/', Some(b'*')) => self.at = (self.find(b"*/", start + 2) + 2).min(self.bytes.len()),
            (b'/', _) if self.value_may_start() => self.regex(),
            (b'\'', _) => self.single_quoted(),
            (b'"', _) => self.double_quoted(),
            (b'@', Some(b'(')) => self.heredoc(),
            (b'$', _) => self.variable(),
            (b'=', Some(b'>')) => self.push(2, Kind::Arrow),
            (b':', Some(b':')) | (b'_' | b'a'..=b'z' | b'A'..=b'Z', _) => self.word(),
            (b'0'..=b'9', _) => self.number(),
            _ if byte.is_ascii_whitespace() => self.at += 1,
            _ => self.push(1, Kind::Mark(byte)),
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Where `needle` stands at or after `from`; the end of the source where it does not.
    fn find(&self, needle: &[u8], from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        memchr::memmem::find(rest, needle).map_or(self.bytes.len(), |at| from + at)
    }

    fn push(&mut self, length: usize, kind: Kind<'s>) {
        let end = (self.at + length).min(self.bytes.len());
        self.tokens.push(Token { span: Span::new(self.at, end), kind });
        self.at = end;
    }

    /// The length of the run of bytes at `from` for which `takes` holds.
    fn run(&self, from: usize, takes: impl Fn(u8) -> bool) -> usize {
        self.bytes.get(from..).unwrap_or_default().iter().take_while(|&&byte| takes(byte)).count()
    }

    /// A `/` divides after a value, and opens a regular expression elsewhere.
    fn value_may_start(&self) -> bool {
        !matches!(
            self.tokens.last().map(|token| &token.kind),
            Some(Kind::Variable(_) | Kind::Text(_) | Kind::Other | Kind::Type(_) | Kind::Mark(b')' | b']'))
        )
    }

    fn regex(&mut self) {
        let line = self.line(self.at + 1);
        let mut escaped = false;
        let end = line.iter().position(|&byte| {
            let ends = byte == b'/' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        match end {
            Some(end) => self.push(end + 2, Kind::Other),
            None => self.push(1, Kind::Mark(b'/')),
        }
    }

    fn number(&mut self) {
        let length = self.run(self.at, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
        self.push(length.max(1), Kind::Other);
    }

    fn word(&mut self) {
        let length = word_length(&self.bytes[self.at..]);
        let word = &self.bytes[self.at..self.at + length];
        let first = word.iter().find(|&&byte| byte != b':');
        let kind = match first {
            None => Kind::Mark(b':'),
            Some(first) if first.is_ascii_uppercase() => Kind::Type(word),
            Some(_) => Kind::Name(word),
        };
        self.push(length.max(1), kind);
    }

    fn variable(&mut self) {
        let length = word_length(&self.bytes[self.at + 1..]);
        let name = &self.bytes[self.at + 1..self.at + 1 + length];
        self.push(length + 1, if name.is_empty() { Kind::Mark(b'$') } else { Kind::Variable(name) });
    }

    fn text(&mut self, start: usize, end: usize, pieces: Vec<Piece<'s>>) {
        self.tokens.push(Token { span: Span::new(start, end), kind: Kind::Text(pieces) });
        self.at = (end + 1).min(self.bytes.len());
    }

    /// `'…'`: only `\'` and `\\` are escapes.
    fn single_quoted(&mut self) {
        let start = self.at + 1;
        let mut pieces = Pieces::new(start);
        let mut at = start;
        while let Some(&byte) = self.bytes.get(at) {
            match (byte, self.bytes.get(at + 1)) {
                (b'\'', _) => break,
                (b'\\', Some(&next @ (b'\'' | b'\\'))) => {
                    pieces.decoded(self.bytes, at, 2, &[next]);
                    at += 2;
                }
                _ => at += 1,
            }
        }
        self.text(start, at, pieces.finish(self.bytes, at));
    }

    /// `"…"`: escapes, `$name`, `${…}`.
    fn double_quoted(&mut self) {
        let start = self.at + 1;
        let mut pieces = Pieces::new(start);
        let mut at = start;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'"' => break,
                b'\\' => {
                    let (length, text) = escape(&self.bytes[at..]);
                    pieces.decoded(self.bytes, at, length, &text);
                    at += length;
                }
                b'$' => match interpolation(&self.bytes[at..]) {
                    Some((length, piece)) => {
                        pieces.hole(self.bytes, at, length, piece);
                        at += length;
                    }
                    None => at += 1,
                },
                _ => at += 1,
            }
        }
        let at = at.min(self.bytes.len());
        self.text(start, at, pieces.finish(self.bytes, at));
    }

    /// `@("END":json/L)`: the text begins on the next line.
    fn heredoc(&mut self) {
        let line = self.line(self.at + 2);
        let Some(close) = memchr::memchr(b')', line) else { return self.push(1, Kind::Mark(b'@')) };
        let tag = line[..close].split(|byte| b":/".contains(byte)).next().unwrap_or_default();
        let tag = tag.trim_ascii();
        let tag = tag.strip_prefix(b"\"").and_then(|tag| tag.strip_suffix(b"\"")).unwrap_or(tag).trim_ascii();
        if tag.is_empty() {
            return self.push(1, Kind::Mark(b'@'));
        }
        self.heredocs.push(tag);
        self.push(close + 3, Kind::Other);
    }

    /// The rest of a line, as far as a regular expression or the tag of a heredoc may reach.
    fn line(&self, from: usize) -> &'s [u8] {
        let rest = self.bytes.get(from..).unwrap_or_default();
        let rest = &rest[..rest.len().min(MAX_INLINE)];
        &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())]
    }

    /// Skips the texts of heredocs that were announced on the line.
    fn line_end(&mut self) {
        self.at += 1;
        for tag in std::mem::take(&mut self.heredocs) {
            while self.at < self.bytes.len() {
                let end = self.find(b"\n", self.at);
                let line = self.bytes[self.at..end].trim_ascii();
                self.at = (end + 1).min(self.bytes.len());
                let line = line.strip_prefix(b"|").map_or(line, <[u8]>::trim_ascii_start);
                if line.strip_prefix(b"-").map_or(line, <[u8]>::trim_ascii_start) == tag {
                    break;
                }
            }
        }
    }
}

/// The length of `name`, `::name` or `a::b::c` at the start of `text`.
fn word_length(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let colons = usize::from(text[at..].starts_with(b"::")) * 2;
        let name = &text[at + colons..];
        let starts = name.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if !starts || (at > 0 && colons == 0) {
            return at;
        }
        at += colons + name.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    }
}

/// The length of an escape of a double-quoted string, and what it stands for.
fn escape(text: &[u8]) -> (usize, Cow<'static, [u8]>) {
    let known: &'static [u8] = match text.get(1) {
        Some(b'n') => b"\n",
        Some(b't') => b"\t",
        Some(b'r') => b"\r",
        Some(b's') => b" ",
        Some(b'\n') => b"",
        Some(b'\\') => b"\\",
        Some(b'"') => b"\"",
        Some(b'\'') => b"'",
        Some(b'$') => b"$",
        Some(b'u') => return unicode(text),
        // An unknown escape stays as it is written.
        _ => return (1, b"\\".into()),
    };
    (2, known.into())
}

/// `\u00e4`, `\u{1F600}`.
fn unicode(text: &[u8]) -> (usize, Cow<'static, [u8]>) {
    let braced = text.get(2) == Some(&b'{');
    let digits = &text[(2 + usize::from(braced)).min(text.len())..];
    let most = if braced { 6 } else { 4 };
    let count = digits.iter().take(most).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let length = 2 + count + usize::from(braced) * 2;
    let whole = if braced { count > 0 && text.get(length - 1) == Some(&b'}') } else { count == 4 };
    let code = std::str::from_utf8(&digits[..count]).ok().and_then(|hex| u32::from_str_radix(hex, 16).ok());
    match code.and_then(char::from_u32) {
        Some(c) if whole => (length, c.to_string().into_bytes().into()),
        _ => (1, b"\\".into()),
    }
}

/// `$name` or `${…}` at the start of `text`: its length, and what is known of it.
fn interpolation(text: &[u8]) -> Option<(usize, Piece<'_>)> {
    if text.get(1) != Some(&b'{') {
        let length = word_length(&text[1..]);
        return (length > 0).then(|| (1 + length, Piece::Variable(&text[1..=length])));
    }
    let length = braces(text);
    let inner = text.get(2..length - 1)?.trim_ascii();
    let inner = inner.strip_prefix(b"$").unwrap_or(inner);
    let plain = !inner.is_empty() && word_length(inner) == inner.len();
    Some((length, if plain { Piece::Variable(inner) } else { Piece::Unknown }))
}

/// The length of `${…}`, with the braces and strings inside of it.
fn braces(text: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        match (quote, byte) {
            (_, b'\\') => at += 1,
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') if depth == 1 => return at + 1,
            (None, b'}') => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Puts a string together from runs of plain bytes, escapes and holes.
struct Pieces<'s> {
    pieces: Vec<Piece<'s>>,
    /// Where the text that is not yet a piece begins.
    start: usize,
    /// Its decoded front, and where the undecoded rest begins, once there was an escape.
    decoded: Option<(Vec<u8>, usize)>,
}

impl<'s> Pieces<'s> {
    fn new(start: usize) -> Self {
        Pieces { pieces: Vec::new(), start, decoded: None }
    }

    fn decoded(&mut self, bytes: &'s [u8], at: usize, length: usize, text: &[u8]) {
        let (front, from) = self.decoded.get_or_insert_with(|| (Vec::new(), self.start));
        front.extend_from_slice(&bytes[*from..at]);
        front.extend_from_slice(text);
        *from = (at + length).min(bytes.len());
    }

    fn flush(&mut self, bytes: &'s [u8], at: usize) {
        let text = match self.decoded.take() {
            Some((mut front, from)) => {
                front.extend_from_slice(bytes.get(from..at).unwrap_or_default());
                Cow::Owned(front)
            }
            None => Cow::Borrowed(bytes.get(self.start..at).unwrap_or_default()),
        };
        if !text.is_empty() {
            self.pieces.push(Piece::Known(text, Span::new(self.start, at)));
        }
    }

    fn hole(&mut self, bytes: &'s [u8], at: usize, length: usize, piece: Piece<'s>) {
        self.flush(bytes, at);
        self.pieces.push(piece);
        self.start = at + length;
    }

    fn finish(mut self, bytes: &'s [u8], at: usize) -> Vec<Piece<'s>> {
        self.flush(bytes, at);
        self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |piece: &Piece<'_>| match piece {
            Piece::Known(text, _) => String::from_utf8_lossy(text).into_owned(),
            Piece::Variable(name) => format!("<{}>", String::from_utf8_lossy(name)),
            Piece::Unknown => "<>".to_owned(),
        };
        let one = |token: Token<'_>| match token.kind {
            Kind::Name(name) | Kind::Type(name) => String::from_utf8_lossy(name).into_owned(),
            Kind::Variable(name) => format!("${}", String::from_utf8_lossy(name)),
            Kind::Text(pieces) => format!("'{}'", pieces.iter().map(show).collect::<String>()),
            Kind::Other => "_".to_owned(),
            Kind::Arrow => "=>".to_owned(),
            Kind::Mark(byte) => char::from(byte).to_string(),
        };
        tokens(text.as_bytes()).into_iter().map(one).collect()
    }

    #[test]
    fn words_strings_and_holes() {
        for (text, want) in [
            ("include ::a::b", vec!["include", "::a::b"]),
            ("$a::b/2", vec!["$a::b", "/", "_"]),
            ("node /a'b/ {", vec!["node", "_", "{"]),
            (r"'a\'b\n'", vec![r"'a'b\n'"]),
            (r#""a\"\s\u00e9$b-${c}/${ d['}'] }""#, vec!["'a\" é<b>-<c>/<>'"]),
            ("\"$\"", vec!["'$'"]),
            ("a # 'b'\n/* \" */ 'c'", vec!["a", "'c'"]),
            ("x => @(\"E\"/L), b\n 'no\n | E\nc", vec!["x", "=>", "_", ",", "b", "c"]),
            (
                "File['/a'] -> Web::Vhost<| |>",
                vec!["File", "[", "'/a'", "]", "-", ">", "Web::Vhost", "<", "|", "|", ">"],
            ),
        ] {
            assert_eq!(shown(text), want, "{text}");
        }
    }

    #[test]
    fn spans_are_inside_the_quotes() {
        let text = b"file('a/b.txt')";
        let all = tokens(text);
        assert_eq!(all[2].span.of(text), b"a/b.txt");
    }

    #[test]
    fn hostile_sources_end() {
        for shape in ["\"${", "'", "\"\\u{", "@(E)\n", "@(", "$", "/", "/*", "::", "\\", "\"${'", "}", "a::", "\u{e9}"]
        {
            for count in [1, 2, 3000] {
                tokens(shape.repeat(count).as_bytes());
            }
        }
    }
}
