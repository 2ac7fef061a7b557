//! The lines of a template whose blocks end with their indentation, as HAML's and Slim's.
//!
//! Apart from the two because both tell Ruby, text and what stands deeper by the first bytes of a line.

use std::ops::Range;

/// A source, read line by line.
pub(in crate::language) struct Lines<'s> {
    /// All of it.
    pub source: &'s [u8],
    /// Where the next line begins.
    at: usize,
}

/// A line without its indentation.
pub(in crate::language) struct Line<'s> {
    /// Where it begins, in bytes of the source.
    pub start: usize,
    /// Its bytes, without the end of the line.
    pub text: &'s [u8],
    /// How many bytes stand before it.
    indent: usize,
}

impl<'s> Lines<'s> {
    pub(in crate::language) fn new(source: &'s [u8]) -> Self {
        Lines { source, at: 0 }
    }

    /// The next line; reading goes on behind it.
    pub(in crate::language) fn line(&mut self) -> Option<Line<'s>> {
        if self.at >= self.source.len() {
            return None;
        }
        let (start, end) = (self.at, self.end(self.at));
        let whole = &self.source[start..end];
        let text = whole.trim_ascii_start();
        let indent = whole.len() - text.len();
        self.at = end + 1;
        Some(Line { start: start + indent, text, indent })
    }

    /// Where the line ends that holds a place.
    pub(in crate::language) fn end(&self, from: usize) -> usize {
        self.source.get(from..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(self.source.len(), |at| from + at)
    }

    /// Reading goes on behind the line that holds a place.
    pub(in crate::language) fn go_on_behind(&mut self, place: usize) {
        self.at = self.end(place) + 1;
    }

    /// Leaves out the lines that stand deeper than one.
    pub(in crate::language) fn skip_below(&mut self, line: &Line<'_>) {
        loop {
            let before = self.at;
            let Some(next) = self.line() else { return };
            if !next.text.is_empty() && next.indent <= line.indent {
                self.at = before;
                return;
            }
        }
    }

    /// Code up to the end of its line, and of those that follow one that ends in one of `marks`.
    pub(in crate::language) fn code(&mut self, start: usize, marks: &[u8]) -> Range<usize> {
        let mut end = self.end(start);
        let goes_on = |end: usize| {
            let text = self.source.get(start..end).unwrap_or_default().trim_ascii_end();
            text.last().is_some_and(|last| marks.contains(last))
        };
        while end < self.source.len() && goes_on(end) {
            end = self.end(end + 1);
        }
        self.at = end + 1;
        start.min(end)..end
    }
}
