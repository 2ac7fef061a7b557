//! Names and messages as a terminal may show them: nothing a name or a source holds can move a cursor, change a
//! colour, reverse a line or stay unseen.

use std::borrow::Cow;
use std::fmt::Write;

use crate::diagnostic::is_invisible;

/// A path, unambiguously: blanks at the ends of its segments as `\x20`, characters that cannot be seen as
/// `\u{200b}`, bytes that are not UTF-8 as `\xff`, a backslash doubled. Case files write names in the same way.
#[must_use]
pub fn name(path: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(path) {
        let plain = |segment: &str| segment == segment.trim_matches(' ');
        if !text.contains(|c| c == '\\' || hidden(c)) && text.split('/').all(plain) {
            return Cow::Borrowed(text);
        }
    }
    let mut out = String::with_capacity(path.len() + 8);
    for (number, segment) in path.split(|&byte| byte == b'/').enumerate() {
        if number > 0 {
            out.push('/');
        }
        self::segment(segment, &mut out);
    }
    Cow::Owned(out)
}

fn segment(segment: &[u8], out: &mut String) {
    let blank = |byte: &&u8| **byte == b' ';
    let leading = segment.iter().take_while(blank).count();
    let trailing = segment[leading..].iter().rev().take_while(blank).count();
    out.push_str(&"\\x20".repeat(leading));
    for chunk in segment[leading..segment.len() - trailing].utf8_chunks() {
        for c in chunk.valid().chars() {
            if c == '\\' { out.push_str("\\\\") } else { push(c, out) }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push_str(&"\\x20".repeat(trailing));
}

/// A line of text, such as a message: only what cannot be seen is escaped.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    text.chars().for_each(|c| push(c, &mut out));
    Cow::Owned(out)
}

/// At most so many characters of a text, with `…` in place of the rest: a name may be a megabyte.
#[must_use]
pub fn clipped(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
    }
}

/// Whether a character has no form of its own that everybody sees.
#[must_use]
pub fn hidden(c: char) -> bool {
    c != ' ' && (c.is_control() || c.is_whitespace() || is_invisible(c) || is_no_character(c))
}

/// Code points that will never be characters; XML forbids two of them.
fn is_no_character(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

fn push(c: char, out: &mut String) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if hidden(c) && c.is_ascii() => _ = write!(out, "\\x{:02x}", u32::from(c)),
        c if hidden(c) => _ = write!(out, "\\u{{{:x}}}", u32::from(c)),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unambiguous() {
        for (path, want) in [
            ("a b/c.py".as_bytes(), "a b/c.py"),
            (b"index.py ", "index.py\\x20"),
            (b" a /b", "\\x20a\\x20/b"),
            (b"  ", "\\x20\\x20"),
            (b"a\\x20", "a\\\\x20"),
            (b"a\x1b[31m\n", "a\\x1b[31m\\n"),
            (b"\xff.php", "\\xff.php"),
            ("a\u{200b}b\u{202e}\u{a0}\u{9b}".as_bytes(), "a\\u{200b}b\\u{202e}\\u{a0}\\u{9b}"),
            ("été".as_bytes(), "été"),
        ] {
            assert_eq!(name(path), want);
        }
    }

    #[test]
    fn messages_keep_what_can_be_seen() {
        assert_eq!(line("`a\\b ` ␠"), "`a\\b ` ␠");
        assert_eq!(line("a\u{7f}\u{2028}\u{ffff}"), "a\\x7f\\u{2028}\\u{ffff}");
        assert_eq!((clipped("éa", 2), clipped("éab", 2)), ("éa".into(), "éa…".into()));
    }
}
