//! Apache's own reading of a configuration (`ap_cfg_getline`, `ap_getword_conf`): a directive a line.
//!
//! Apart because white space decides which file is opened: inside quotes it belongs to the name, at the end of a line it
//! does not. A backslash at the end of a line continues it; `#` makes a comment only at the start of one.

use crate::diagnostic::Span;

/// Most words of a line that are read; no directive of a file has more.
const MAX_WORDS: usize = 64;

/// One word of a directive.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Decoded.
    pub(super) text: Vec<u8>,
    /// Its bytes in the source, inside its quotes.
    pub(super) span: Span,
}

/// A line that says something.
#[derive(Debug)]
pub(super) enum Line {
    /// A directive: its name in lower case, and its arguments.
    Directive(Vec<u8>, Vec<Word>),
    /// `<Name arguments>`.
    Open(Vec<u8>, Vec<Word>),
    /// `</Name>`.
    Close,
}

/// The lines of a source that say something, in order.
pub(super) fn lines(source: &[u8]) -> impl Iterator<Item = Line> {
    let mut at = if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    std::iter::from_fn(move || {
        while at < source.len() {
            let end = end_of_line(source, at);
            let line = read(source, at, end);
            at = end + 1;
            if line.is_some() {
                return line;
            }
        }
        None
    })
}

/// Where a line ends that starts `at`, with those that continue it.
fn end_of_line(source: &[u8], mut at: usize) -> usize {
    loop {
        let Some(length) = memchr::memchr(b'\n', &source[at..]) else { return source.len() };
        let end = at + length;
        let text = source[at..end].strip_suffix(b"\r").unwrap_or(&source[at..end]);
        if !text.ends_with(b"\\") {
            return end;
        }
        at = end + 1;
    }
}

fn read(source: &[u8], start: usize, end: usize) -> Option<Line> {
    let trimmed = source[start..end].trim_ascii_end();
    let mut lexer = Lexer { source, at: start, end: start + trimmed.len() };
    lexer.blanks();
    let section = match source.get(lexer.at).filter(|_| lexer.at < lexer.end)? {
        b'#' => return None,
        b'<' => true,
        _ => false,
    };
    if section {
        lexer.at += 1;
        // What follows the last `>` is refused by Apache; a line without one, too.
        lexer.end = lexer.at + memchr::memrchr(b'>', &source[lexer.at..lexer.end])?;
    }
    let name = lexer.word()?.text.to_ascii_lowercase();
    if section && name.starts_with(b"/") {
        return Some(Line::Close);
    }
    let arguments = std::iter::from_fn(|| lexer.word()).take(MAX_WORDS).collect();
    Some(if section { Line::Open(name, arguments) } else { Line::Directive(name, arguments) })
}

/// Reads the words of one line.
struct Lexer<'s> {
    source: &'s [u8],
    at: usize,
    end: usize,
}

impl Lexer<'_> {
    fn word(&mut self) -> Option<Word> {
        self.blanks();
        let &first = self.source[..self.end].get(self.at)?;
        let quote = Some(first).filter(|byte| matches!(byte, b'"' | b'\''));
        self.at += usize::from(quote.is_some());
        let start = self.at;
        let mut text = Vec::new();
        while let Some(&byte) = self.source[..self.end].get(self.at) {
            let next = self.source.get(self.at + 1).copied();
            match quote {
                Some(quote) if byte == quote => break,
                Some(quote) if byte == b'\\' && (next == Some(quote) || next == Some(b'\\')) => {
                    self.at += 1;
                    text.extend(next);
                }
                None if byte.is_ascii_whitespace() || self.continued() > 0 => break,
                _ if self.continued() > 0 => self.at += self.continued() - 1,
                _ => text.push(byte),
            }
            self.at += 1;
        }
        let word = Word { text, span: Span::new(start, self.at.min(self.end)) };
        self.at += usize::from(quote.is_some());
        Some(word)
    }

    fn blanks(&mut self) {
        while self.at < self.end {
            let skipped = match self.continued() {
                0 => usize::from(self.source[self.at].is_ascii_whitespace()),
                continued => continued,
            };
            if skipped == 0 {
                return;
            }
            self.at += skipped;
        }
    }

    /// Length of a continuation that stands here.
    fn continued(&self) -> usize {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let breaks: [&[u8]; 2] = [b"\\\n", b"\\\r\n"];
        breaks.iter().find(|text| rest.starts_with(text)).map_or(0, |text| text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_apache_reads_them() {
        for (text, want) in [
            ("Include a\r\n", "include a"),
            ("  Include \"a \" 'b' # c", "include a |b|#|c"),
            ("# Include a\n\nInclude b", "include b"),
            ("Include \\\n  a", "include a"),
            (r#"X "a\"b\\c\d""#, r#"x a"b\c\d"#),
            ("<Directory \"/a b\">\nX y\n</Directory>", "<directory /a b\nx y\n>"),
            ("<Broken", ""),
            ("X \"open", "x open"),
            ("X a\\", "x a\\"),
            ("\\\n", ""),
            ("", ""),
        ] {
            let shown: Vec<String> = lines(text.as_bytes())
                .map(|line| {
                    let (mark, name, words) = match line {
                        Line::Directive(name, words) => ("", name, words),
                        Line::Open(name, words) => ("<", name, words),
                        Line::Close => (">", Vec::new(), Vec::new()),
                    };
                    let words: Vec<_> =
                        words.iter().map(|word| String::from_utf8_lossy(&word.text).into_owned()).collect();
                    format!("{mark}{} {}", String::from_utf8_lossy(&name), words.join("|")).trim_end().to_owned()
                })
                .collect();
            assert_eq!(shown.join("\n"), want, "{text}");
        }
    }
}
