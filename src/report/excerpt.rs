//! An excerpt as a terminal may show it, with the span moved along.
//!
//! annotate-snippets shows a blank as a blank and drops what has no width; here what is wrong may be just that.
//! So everything that cannot be seen is replaced before it is handed over: a blank at either end of the span by
//! `␠`, other invisible characters by `<U+200B>`, bytes that are not UTF-8 by `<0xFF>`.

use std::fmt::Write;
use std::ops::Range;

use super::escape::hidden;
use crate::diagnostic::Excerpt;

/// Text without anything invisible, and the span in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// Makes an excerpt visible.
pub(super) fn shown(excerpt: &Excerpt) -> Shown {
    let length = excerpt.text.len();
    let start = (excerpt.highlight.start as usize).min(length);
    let end = (excerpt.highlight.end as usize).clamp(start, length);
    let mut text = String::with_capacity(length + 8);
    push(&excerpt.text[..start], &mut text, false);
    let from = text.len();
    marked(&excerpt.text[start..end], &mut text);
    let to = text.len();
    push(&excerpt.text[end..], &mut text, false);
    Shown { text, span: from..to }
}

/// The lines with their numbers, for formats that cannot underline.
pub(super) fn numbered(excerpt: &Excerpt) -> String {
    let shown = shown(excerpt).text;
    let last = (excerpt.first_line as usize + shown.lines().count()).to_string().len();
    let mut out = String::with_capacity(shown.len() + 16);
    for (number, line) in (excerpt.first_line as usize..).zip(shown.lines()) {
        let _ = writeln!(out, "{number:last$} | {line}");
    }
    out
}

/// The span: blanks at its ends are what this is about.
fn marked(span: &[u8], out: &mut String) {
    let inner = span.trim_ascii();
    let leading = span.len() - span.trim_ascii_start().len();
    push(&span[..leading], out, true);
    push(inner, out, false);
    push(&span[leading + inner.len()..], out, true);
}

fn push(bytes: &[u8], out: &mut String, mark_blanks: bool) {
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                ' ' if mark_blanks => out.push('␠'),
                '\t' if mark_blanks => out.push('␉'),
                '\t' | '\n' => out.push(c),
                c if hidden(c) => _ = write!(out, "<U+{:04X}>", u32::from(c)),
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "<0x{byte:02X}>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn show(text: &[u8], span: Range<usize>) -> (String, String) {
        let highlight = Span::new(span.start, span.end);
        let shown = shown(&Excerpt { first_line: 1, text: text.to_vec(), highlight });
        let marked = shown.text[shown.span].to_owned();
        (shown.text, marked)
    }

    #[test]
    fn blanks_are_marked_in_the_span_only() {
        assert_eq!(show(b" open('a b.py ') ", 7..14), (" open('a b.py␠') ".into(), "a b.py␠".into()));
    }

    #[test]
    fn nothing_raw_stays() {
        let text = "\u{1b}[1m'\u{200b}x\u{a0}'".as_bytes();
        assert_eq!(show(text, 5..11).0, "<U+001B>[1m'<U+200B>x<U+00A0>'");
        assert_eq!(show(b"'\xff' \xe9", 1..2), ("'<0xFF>' <0xE9>".into(), "<0xFF>".into()));
    }

    #[test]
    fn a_span_out_of_reach_is_clamped() {
        assert_eq!(show(b"abc", 9..12), ("abc".into(), String::new()));
        assert_eq!(show(b"   ", 0..3).1, "␠␠␠");
    }
}
