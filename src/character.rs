//! Characters that people cannot see, and how to show a name that holds them.
//!
//! One place for both, so that what the matcher calls invisible is what messages make visible. It knows nothing
//! of terminals: what it returns holds no control and no format character, so that any report may print it.

use std::fmt::Write;

/// Whether a character has no visible form of its own: control, format, zero width, direction, soft hyphen,
/// Hangul fillers, tags and variation selectors.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}'
        | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
}

/// A name for messages: blanks at the ends of its segments as `␠`, control characters as their Unicode pictures,
/// other invisible characters and foreign white space as `<U+200B>`, bytes that are not UTF-8 as `\xff`.
#[must_use]
pub fn visible(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len());
    for (number, segment) in name.split(|&byte| byte == b'/').enumerate() {
        if number > 0 {
            out.push('/');
        }
        let from = segment.len() - segment.trim_ascii_start().len();
        let to = segment.trim_ascii_end().len().max(from);
        show_edge(&segment[..from], &mut out);
        show(&segment[from..to], &mut out);
        show_edge(&segment[to..], &mut out);
    }
    out
}

fn show_edge(blanks: &[u8], out: &mut String) {
    for &byte in blanks {
        show_char(if byte == b' ' { '␠' } else { char::from(byte) }, out);
    }
}

fn show(bytes: &[u8], out: &mut String) {
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            show_char(c, out);
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
}

fn show_char(c: char, out: &mut String) {
    match c {
        ' ' => out.push(' '),
        '\0'..='\u{1F}' => out.extend(char::from_u32(0x2400 + u32::from(c))),
        '\u{7F}' => out.push('␡'),
        _ if c.is_whitespace() || is_invisible(c) || c == '\u{FFFD}' => {
            let _ = write!(out, "<U+{:04X}>", u32::from(c));
        }
        _ => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays_hidden() {
        for (name, want) in [
            ("index.py ", "index.py␠"),
            (" a b/c\t", "␠a b/c␉"),
            ("   ", "␠␠␠"),
            ("a\u{200b}b\u{a0}", "a<U+200B>b<U+00A0>"),
            ("x\r\u{1b}[31m", "x␍␛[31m"),
            ("été", "été"),
        ] {
            assert_eq!(visible(name.as_bytes()), want);
        }
        assert_eq!(visible(b"a\xff"), "a\\xff");
    }
}
