//! The bytes of one file, and where its lines begin.
//!
//! Everything is counted in bytes; lines and columns are computed only when a diagnostic needs them.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::diagnostic::{Excerpt, Location, Span, Utf16};

/// Longest excerpt line that is kept, in bytes (200 columns of 4 bytes at most).
const EXCERPT_WIDTH: usize = 200;
/// Most lines an excerpt has.
const EXCERPT_LINES: u32 = 3;

/// One file's bytes.
#[derive(Debug)]
pub struct Source<'b> {
    bytes: Cow<'b, [u8]>,
    line_starts: OnceLock<Vec<u32>>,
}

/// A place between two bytes, 1-based.
struct Position {
    line: u32,
    /// In characters.
    column: u32,
    /// The same column in UTF-16 units.
    utf16: u32,
}

impl<'b> Source<'b> {
    /// Wraps the bytes of a file.
    #[must_use]
    pub fn new(bytes: impl Into<Cow<'b, [u8]>>) -> Self {
        Source { bytes: bytes.into(), line_starts: OnceLock::new() }
    }

    /// The bytes, as they are on disk.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text for parsers that take `&str`: every byte that is not part of valid UTF-8 becomes one `?`,
    /// so that offsets stay exact. Literals must be read back from [`Source::bytes`].
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        lossless_text(&self.bytes)
    }

    /// 1-based line of a byte offset.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        let starts = self.line_starts();
        u32::try_from(starts.partition_point(|&start| start <= offset)).unwrap_or(u32::MAX)
    }

    /// The bytes of a 1-based line, without its line end.
    #[must_use]
    pub fn line_bytes(&self, line: u32) -> &[u8] {
        let starts = self.line_starts();
        let at = line.saturating_sub(1) as usize;
        let Some(&start) = starts.get(at) else { return b"" };
        let end = starts.get(at + 1).map_or(self.bytes.len(), |&next| next as usize);
        let text = &self.bytes[start as usize..end];
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        text.strip_suffix(b"\r").unwrap_or(text)
    }

    /// The place of a span for people, with its excerpt.
    #[must_use]
    pub fn locate(&self, span: Span) -> Location {
        let (start, end) = (self.position(span.start), self.position(span.end));
        Location {
            span,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            utf16: Utf16 { column: start.utf16, end_column: end.utf16 },
            excerpt: self.excerpt(span, start.line, end.line),
        }
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let after = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', &self.bytes).map(after)).collect()
        })
    }

    fn position(&self, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.line_starts()[line.saturating_sub(1) as usize];
        let before = Span { start, end: offset }.of(&self.bytes);
        let count = |units: usize| u32::try_from(units + 1).unwrap_or(u32::MAX);
        // A style sheet of one line is half a megabyte before its last reference, and has thousands of them.
        if before.is_ascii() {
            return Position { line, column: count(before.len()), utf16: count(before.len()) };
        }
        let before = String::from_utf8_lossy(before);
        let characters = before.chars().count();
        // Only what takes four bytes in UTF-8 takes two units in UTF-16.
        let pairs = before.bytes().filter(|&byte| byte >= 0xF0).count();
        Position { line, column: count(characters), utf16: count(characters + pairs) }
    }

    fn excerpt(&self, span: Span, line: u32, end_line: u32) -> Excerpt {
        let last = end_line.min(line.saturating_add(EXCERPT_LINES - 1));
        let first_start = self.line_starts()[line.saturating_sub(1) as usize];
        // A line of a megabyte is clipped to a window around the span.
        let from = if span.start - first_start > EXCERPT_WIDTH as u32 / 2 {
            span.start - EXCERPT_WIDTH as u32 / 4
        } else {
            first_start
        };
        let from = self.char_boundary(from as usize);
        let mut text: Vec<u8> = Vec::new();
        let mut start = from;
        for number in line..=last {
            let full_end = self.line_starts()[number as usize - 1] as usize + self.line_bytes(number).len();
            let end = self.char_boundary(full_end.min(start + EXCERPT_WIDTH)).max(start);
            if number > line {
                text.push(b'\n');
            }
            text.extend_from_slice(&self.bytes[start..end]);
            if end < full_end || number == last {
                break;
            }
            start = self.line_starts().get(number as usize).map_or(self.bytes.len(), |&next| next as usize);
        }
        let within = |offset: u32| (offset as usize).saturating_sub(from).min(text.len());
        let highlight = Span::new(within(span.start), within(span.end));
        Excerpt { first_line: line, text, highlight }
    }

    fn char_boundary(&self, mut at: usize) -> usize {
        while at > 0 && at < self.bytes.len() && self.bytes[at] & 0xC0 == 0x80 {
            at -= 1;
        }
        at
    }
}

/// `bytes` as text of the same length: each byte that is not valid UTF-8 becomes `?`.
#[must_use]
pub fn lossless_text(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a\né<b>".as_bytes());
        let location = source.locate(Span::new(4, 7));
        assert_eq!((location.line, location.column, location.end_column), (2, 2, 5));
        assert_eq!(location.excerpt.text, "é<b>".as_bytes());
        assert_eq!(location.excerpt.highlight, Span::new(2, 5));
        let astral = Source::new("𝄞x".as_bytes()).locate(Span::new(4, 5));
        assert_eq!((astral.column, astral.utf16), (2, Utf16 { column: 3, end_column: 4 }));
    }

    #[test]
    fn text_keeps_offsets() {
        assert_eq!(lossless_text(b"a\xffb\xc3"), "a?b?");
    }

    #[test]
    fn a_long_line_is_clipped_around_the_span() {
        let source = Source::new(vec![b'x'; 100_000]);
        let location = source.locate(Span::new(50_000, 50_010));
        assert!(location.excerpt.text.len() <= EXCERPT_WIDTH);
        assert_eq!(location.excerpt.highlight.end - location.excerpt.highlight.start, 10);
    }
}
