//! Apache's own reading of a configuration (`server/util.c`, `ap_cfg_getline` and `ap_getword_conf`): a directive a
//! line, sections in angle brackets.

use crate::diagnostic::Span;

/// Most open sections; sound configurations have four.
const MAX_DEPTH: usize = 64;

/// One argument.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Decoded.
    pub(super) text: Vec<u8>,
    /// Its bytes in the source, inside its quotes.
    pub(super) span: Span,
}

/// A directive, or the head of a section.
#[derive(Debug)]
pub(super) struct Line {
    /// In lower case, without the bracket.
    pub(super) name: Vec<u8>,
    pub(super) arguments: Vec<Word>,
    /// It opens a section.
    pub(super) section: bool,
    /// The line that opens the section it stands in; that line's own comes before it.
    pub(super) inside: Option<usize>,
}

/// The lines of a text; `None` where sections do not nest.
pub(super) fn parse(source: &[u8]) -> Option<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    while at < source.len() {
        let end = line_end(source, at);
        let words = words(source, at, end);
        at = end + 1;
        let mut words = words.into_iter();
        let Some(first) = words.next() else { continue };
        let name = first.text.to_ascii_lowercase();
        if name.starts_with(b"</") {
            open.pop()?;
            continue;
        }
        let section = name.starts_with(b"<");
        let name = name.strip_prefix(b"<").unwrap_or(&name).to_vec();
        let name = if section { name.strip_suffix(b">").unwrap_or(&name).to_vec() } else { name };
        lines.push(Line { name, arguments: words.collect(), section, inside: open.last().copied() });
        if section {
            open.push(lines.len() - 1);
        }
        if open.len() > MAX_DEPTH {
            return None;
        }
    }
    open.is_empty().then_some(lines)
}

/// The end of a line that a backslash may continue.
fn line_end(source: &[u8], start: usize) -> usize {
    let mut from = start;
    loop {
        let Some(length) = source.get(from..).and_then(|rest| memchr::memchr(b'\n', rest)) else { return source.len() };
        let end = from + length;
        let line = source[start..end].strip_suffix(b"\r").unwrap_or(&source[start..end]);
        if !line.ends_with(b"\\") {
            return end;
        }
        from = end + 1;
    }
}

fn words(source: &[u8], start: usize, end: usize) -> Vec<Word> {
    let is_blank = |at: usize| match source[at] {
        b' ' | b'\t' | b'\r' | b'\n' => true,
        b'\\' => at + 1 < end && (source[at + 1] == b'\n' || source[at + 1] == b'\r'),
        _ => false,
    };
    let mut words: Vec<Word> = Vec::new();
    let mut section = false;
    let mut at = start;
    loop {
        while at < end && is_blank(at) {
            at += 1;
        }
        if at >= end || words.is_empty() && source[at] == b'#' {
            return words;
        }
        section |= words.is_empty() && source[at] == b'<';
        let quote = Some(source[at]).filter(|byte| matches!(byte, b'"' | b'\''));
        let from = at + usize::from(quote.is_some());
        at = from;
        while at < end && quote.map_or(!is_blank(at), |quote| source[at] != quote) {
            at += if quote.is_some() && source[at] == b'\\' { 2 } else { 1 };
        }
        let stop = at.min(end);
        at = stop + usize::from(quote.is_some());
        let mut span = Span::new(from, stop);
        if section && quote.is_none() && span.of(source).ends_with(b">") {
            span = Span::new(from, stop - 1);
        }
        if section && !words.is_empty() && span.start == span.end {
            continue;
        }
        words.push(Word { text: decode(span.of(source), quote), span });
    }
}

/// Inside quotes, a backslash before a backslash or the quote is dropped.
fn decode(written: &[u8], quote: Option<u8>) -> Vec<u8> {
    let mut out = Vec::with_capacity(written.len());
    let mut bytes = written.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let escaped = bytes.peek().copied().filter(|next| quote.is_some() && (*next == b'\\' || Some(*next) == quote));
        match escaped {
            Some(next) if byte == b'\\' => {
                bytes.next();
                out.push(next);
            }
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<Vec<String>> {
        let lines = parse(text.as_bytes())?;
        let words = |line: &Line| {
            let mut words = vec![String::from_utf8_lossy(&line.name).into_owned()];
            words.extend(line.arguments.iter().map(|word| String::from_utf8_lossy(&word.text).into_owned()));
            words.join("|")
        };
        Some(lines.iter().map(words).collect())
    }

    #[test]
    fn lines_are_read_as_apache_reads_them() {
        for (text, want) in [
            ("Include a.conf # x\n", Some(vec!["include|a.conf|#|x"])),
            ("  # Include a\nInclude \"a b \"\n", Some(vec!["include|a b "])),
            ("Alias /a \\\n  /b\\\r\n/c", Some(vec!["alias|/a|/b|/c"])),
            ("<Directory \"/a b\">\nx 'y\\'z'\n</Directory>", Some(vec!["directory|/a b", "x|y'z"])),
            ("<Directory /a>\n</Directory>\n", Some(vec!["directory|/a"])),
            ("<IfModule a.c >\n</IfModule>\n", Some(vec!["ifmodule|a.c"])),
            ("<RequireAll>\n</RequireAll>\n", Some(vec!["requireall"])),
            ("</Directory>", None),
            ("<Directory /a>", None),
            ("a \"b", Some(vec!["a|b"])),
            ("a \"b\\", Some(vec!["a|b\\"])),
            ("", Some(vec![])),
        ] {
            assert_eq!(shown(text), want.map(|lines| lines.into_iter().map(str::to_owned).collect()), "{text}");
        }
    }
}
