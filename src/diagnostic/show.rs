//! Names as people can read them: what cannot be seen is shown, what is not text is escaped.

use std::fmt::Write;

/// Bytes of a name or path for a message: a blank at either end of a segment becomes `␠`, other white space,
/// control and invisible characters become `<U+200B>`, a byte that is not UTF-8 becomes `<0xFF>`. The result
/// never holds a control character.
#[must_use]
pub fn show(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for (at, segment) in bytes.split(|&byte| byte == b'/').enumerate() {
        if at > 0 {
            out.push('/');
        }
        show_segment(segment, &mut out);
    }
    out
}

fn show_segment(segment: &[u8], out: &mut String) {
    let leading = segment.iter().take_while(|&&byte| byte == b' ').count();
    let trailing = segment.iter().rev().take_while(|&&byte| byte == b' ').count();
    let mut at = 0;
    for chunk in segment.utf8_chunks() {
        for c in chunk.valid().chars() {
            let at_an_end = at < leading || at >= segment.len() - trailing;
            show_char(c, at_an_end, out);
            at += c.len_utf8();
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "<0x{byte:02X}>");
            at += 1;
        }
    }
}

fn show_char(c: char, at_an_end: bool, out: &mut String) {
    match c {
        ' ' if at_an_end => out.push('␠'),
        ' ' => out.push(' '),
        c if c.is_whitespace() || is_invisible(c) || c.is_control() => {
            let _ = write!(out, "<U+{:04X}>", u32::from(c));
        }
        c => out.push(c),
    }
}

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

#[cfg(test)]
mod tests {
    use super::show;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(show(b"a b/app.py "), "a b/app.py␠");
        assert_eq!(show("x\u{200b}\u{a0}\n\u{1b}[1m".as_bytes()), "x<U+200B><U+00A0><U+000A><U+001B>[1m");
        assert_eq!(show(b"\xff.php"), "<0xFF>.php");
    }
}
