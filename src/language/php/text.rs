//! Strings: where the text stands, and what it says (manual: "Strings").

use std::borrow::Cow;

use mago_syntax::ast::{DocumentIndentation, DocumentKind, DocumentString, LiteralString, LiteralStringKind};

use super::lower;
use crate::diagnostic::Span;

/// Which escapes a string knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// `\\` and `\'`.
    Single,
    /// `\n \x41 \u{41} \101 \$` and so on.
    Double,
    /// None: nowdoc.
    None,
}

/// The inside of a literal's quotes.
pub(super) fn inside(literal: &LiteralString<'_>) -> Span {
    let span = lower::span(literal.span);
    let quoted = |byte: Option<&u8>| matches!(byte, Some(b'\'' | b'"'));
    let prefix = u32::from(matches!(literal.raw.first(), Some(b'b' | b'B')) && quoted(literal.raw.get(1)));
    if quoted(literal.raw.get(prefix as usize)) {
        let start = span.start.saturating_add(1 + prefix);
        Span { start, end: span.end.saturating_sub(1).max(start) }
    } else {
        span
    }
}

/// The escapes of a literal.
pub(super) fn escapes(literal: &LiteralString<'_>) -> Escapes {
    match literal.kind {
        LiteralStringKind::SingleQuoted => Escapes::Single,
        LiteralStringKind::DoubleQuoted => Escapes::Double,
    }
}

/// What a piece of a heredoc or nowdoc says: indented as its end is, and without the last line end.
pub(super) fn document<'s>(document: &DocumentString<'_>, piece: Span, last: bool, source: &'s [u8]) -> Cow<'s, [u8]> {
    let indent = match document.indentation {
        DocumentIndentation::None => 0,
        DocumentIndentation::Whitespace(n) | DocumentIndentation::Tab(n) => n,
        DocumentIndentation::Mixed(spaces, tabs) => spaces + tabs,
    };
    let bytes = piece.of(source);
    let bytes = if last { without_line_end(bytes) } else { bytes };
    let at_line_start = piece.start.checked_sub(1).and_then(|at| source.get(at as usize)) == Some(&b'\n');
    let bytes = if indent == 0 { Cow::Borrowed(bytes) } else { Cow::Owned(unindented(bytes, indent, at_line_start)) };
    let escapes = if document.kind == DocumentKind::Nowdoc { Escapes::None } else { Escapes::Double };
    match bytes {
        Cow::Borrowed(bytes) => decode(bytes, escapes),
        Cow::Owned(bytes) => Cow::Owned(decode(&bytes, escapes).into_owned()),
    }
}

fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

fn unindented(bytes: &[u8], indent: usize, at_line_start: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (nth, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let blank = if nth > 0 || at_line_start { indent.min(line.len()) } else { 0 };
        let skip = line.iter().take(blank).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        out.extend_from_slice(&line[skip..]);
    }
    out
}

/// What the bytes between quotes say.
pub(super) fn decode(bytes: &[u8], escapes: Escapes) -> Cow<'_, [u8]> {
    if escapes == Escapes::None || !bytes.contains(&b'\\') {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at + 1..];
        let used = match (byte, escapes) {
            (b'\\', Escapes::Single) => single(rest, &mut out),
            (b'\\', _) => double(rest, &mut out),
            _ => None,
        };
        if used.is_none() {
            out.push(byte);
        }
        at += 1 + used.unwrap_or(0);
    }
    Cow::Owned(out)
}

/// Decodes what follows a backslash, and gives how much of it; `None` where it is no escape.
fn single(rest: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let &byte = rest.first().filter(|byte| matches!(byte, b'\\' | b'\''))?;
    out.push(byte);
    Some(1)
}

fn double(rest: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let byte = match *rest.first()? {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'v' => 0x0B,
        b'e' => 0x1B,
        b'f' => 0x0C,
        byte @ (b'\\' | b'$' | b'"') => byte,
        b'x' => return number(&rest[1..], 16, 2, out).map(|used| used + 1),
        b'0'..=b'7' => return number(rest, 8, 3, out),
        b'u' => return code_point(&rest[1..], out).map(|used| used + 1),
        _ => return None,
    };
    out.push(byte);
    Some(1)
}

fn number(digits: &[u8], radix: u32, most: usize, out: &mut Vec<u8>) -> Option<usize> {
    let count = digits.iter().take(most).take_while(|byte| char::from(**byte).is_digit(radix)).count();
    let text = std::str::from_utf8(digits.get(..count)?).ok()?;
    let value = u32::from_str_radix(text, radix).ok()?;
    out.push((value & 0xFF) as u8);
    Some(count)
}

/// `{1F600}`.
fn code_point(rest: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let digits = rest.strip_prefix(b"{")?;
    let end = digits.iter().take(9).position(|&byte| byte == b'}')?;
    let text = std::str::from_utf8(&digits[..end]).ok()?;
    let character = char::from_u32(u32::from_str_radix(text, 16).ok()?)?;
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    Some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_say_what_php_says() {
        for (written, single, double) in [
            (r"a\b", r"a\b", r"a\b"),
            (r"a\\b\'", r"a\b'", r"a\b\'"),
            (r"\x41\101\u{42}\$\t", r"\x41\101\u{42}\$\t", "AAB$\t"),
            (r"\xZ\u{}\8\", r"\xZ\u{}\8\", r"\xZ\u{}\8\"),
        ] {
            assert_eq!(decode(written.as_bytes(), Escapes::Single), single.as_bytes(), "{written}");
            assert_eq!(decode(written.as_bytes(), Escapes::Double), double.as_bytes(), "{written}");
        }
    }
}
