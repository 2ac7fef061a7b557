//! What cannot be seen in a name, or looks like something else: blanks at its ends, control, zero-width and
//! direction characters, bytes that are not text, Unicode forms, typographic punctuation, wreckage of decoding.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_script::{Script, UnicodeScript};

use super::family::{self, Family};
use super::{Finding, Meant, Named};
use crate::diagnostic::Difference;
use crate::diagnostic::Severity::{self, Error, Warning};

/// Longest name that ext4, XFS, Btrfs, APFS and NTFS store.
const MAX_NAME: usize = 255;
/// Scripts in which joiners and non-joiners are letters' company, not dirt.
const JOINING: [Script; 19] = [
    Script::Arabic,
    Script::Syriac,
    Script::Mongolian,
    Script::Nko,
    Script::Thaana,
    Script::Devanagari,
    Script::Bengali,
    Script::Gurmukhi,
    Script::Gujarati,
    Script::Oriya,
    Script::Tamil,
    Script::Telugu,
    Script::Kannada,
    Script::Malayalam,
    Script::Sinhala,
    Script::Khmer,
    Script::Myanmar,
    Script::Tibetan,
    Script::Hebrew,
];

fn finding(code: &'static str, severity: Severity, what: &'static str, meant: Option<Meant>) -> Option<Finding> {
    Some(Finding { code, severity, what, meant })
}

/// The rules that need no decoding.
pub(super) fn bytes(named: &Named<'_>) -> Option<Finding> {
    let name = named.name;
    if name == b"Icon\r" {
        return finding("name-cr", Warning, "is a leftover of the macOS Finder and is never asked for", None);
    }
    if let Some(front) = name.strip_suffix(b"\r") {
        let meant = Meant::surely(front.to_vec(), Difference::TrailingSpace);
        return finding("name-cr", Error, "ends in a carriage return: a script with Windows line ends made it", meant);
    }
    if name.ends_with(b" ") || name.ends_with(b"\t") {
        let meant = Meant::surely(name.trim_ascii_end().to_vec(), Difference::TrailingSpace);
        return finding("name-trailing-space", Error, "ends in white space, which nobody sees and nobody types", meant);
    }
    if name.iter().any(u8::is_ascii_control) {
        let meant = without(name, |c| c.is_ascii_control());
        return finding("name-control", Error, "holds a control character", meant);
    }
    if let Some(rest) = name.strip_prefix(b" ") {
        let meant = Meant::surely(rest.trim_ascii_start().to_vec(), Difference::LeadingSpace);
        let severity = if family::family(name).is_served_as_is() { Warning } else { Error };
        return finding(
            "name-leading-space",
            severity,
            "begins with white space, which nobody sees and nobody types",
            meant,
        );
    }
    if name.len() > MAX_NAME || named.path_length() > 4095 {
        return finding(
            "name-too-long",
            Error,
            "is longer than file systems allow (255 bytes a name, 4095 a path)",
            None,
        );
    }
    trailing_dot(name)
}

/// `etc.` and `Foo Inc.` are how people name folders; `index.php.` is how nobody names a program.
fn trailing_dot(name: &[u8]) -> Option<Finding> {
    let front = name.strip_suffix(b".")?;
    let end = front.iter().rposition(|&byte| byte != b'.')?;
    let rest = &front[..=end];
    let severity = if family::family(rest).is_program() { Error } else { Warning };
    let meant = Meant::perhaps(rest.to_vec(), Difference::Spelling);
    finding("name-windows-trailing-dot", severity, "ends in a dot, which Windows and many archives drop", meant)
}

impl Named<'_> {
    fn path_length(&self) -> usize {
        self.around.index.path(self.directory).len() + 1 + self.name.len()
    }
}

/// The name with every character gone that `drop` names.
fn without(name: &[u8], drop: impl Fn(char) -> bool) -> Option<Meant> {
    let text = std::str::from_utf8(name).ok()?;
    let rest: String = text.chars().filter(|&c| !drop(c)).collect();
    Meant::surely(rest.into_bytes(), Difference::Invisible)
}

/// The rules over decoded text.
pub(super) fn characters(named: &Named<'_>) -> Option<Finding> {
    if named.name.is_ascii() {
        return None;
    }
    let Ok(text) = std::str::from_utf8(named.name) else {
        let meant = latin1(named.name).and_then(|text| Meant::perhaps(text.into_bytes(), Difference::Encoding));
        return finding(
            "name-invalid-utf8",
            Warning,
            "is not valid UTF-8: archives and servers refuse or rewrite it",
            meant,
        );
    };
    ends(text)
        .or_else(|| direction(text))
        .or_else(|| width(text))
        .or_else(|| wreckage(named.name, text))
        .or_else(|| spaces(named.name, text))
        .or_else(|| wide(named.name, text))
        .or_else(|| punctuation(named.name, text))
        .or_else(|| form(named, text))
}

/// ISO 8859-1 and Windows-1252 names out of old archives: the likeliest reading, where it gives letters.
fn latin1(name: &[u8]) -> Option<String> {
    let text: String = name.iter().map(|&byte| char::from(byte)).collect();
    text.chars().all(|c| c.is_ascii_graphic() || c == ' ' || c.is_alphabetic()).then_some(text)
}

fn ends(text: &str) -> Option<Finding> {
    let trimmed = text.trim_end();
    if trimmed.len() < text.len() {
        let meant = Meant::surely(trimmed.as_bytes().to_vec(), Difference::TrailingSpace);
        return finding(
            "name-trailing-ws-unicode",
            Error,
            "ends in white space that cannot be told from nothing",
            meant,
        );
    }
    let trimmed = text.trim_start();
    if trimmed.len() < text.len() {
        let meant = Meant::surely(trimmed.as_bytes().to_vec(), Difference::LeadingSpace);
        return finding(
            "name-leading-space",
            Error,
            "begins with white space, which nobody sees and nobody types",
            meant,
        );
    }
    None
}

fn direction(text: &str) -> Option<Finding> {
    let control = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let mark = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}');
    if !text.chars().any(|c| control(c) || mark(c)) {
        return None;
    }
    // Marks are ordinary company of right-to-left letters.
    let right_to_left = text.chars().any(|c| matches!(c.script(), Script::Hebrew | Script::Arabic | Script::Syriac));
    let severity = if right_to_left && !text.chars().any(control) { Warning } else { Error };
    let meant = without(text.as_bytes(), |c| control(c) || mark(c));
    finding("name-bidi", severity, "holds a direction character that reorders what people see", meant)
}

fn width(text: &str) -> Option<Finding> {
    if let Some(c) = text.chars().find(|c| matches!(c, '\u{80}'..='\u{9F}')) {
        let meant = without(text.as_bytes(), |other| other == c);
        return finding("name-control", Error, "holds a control character", meant);
    }
    let rest = without_zero_width(text);
    if rest.len() == text.len() {
        return None;
    }
    let meant = Meant::surely(rest.into_bytes(), Difference::Invisible);
    finding("name-zero-width", Error, "holds a character of no width, which nobody sees and nobody types", meant)
}

/// The text without characters of no width, but with those that emoji and joining scripts need.
fn without_zero_width(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied().unwrap_or('\0');
    chars
        .iter()
        .enumerate()
        .filter(|&(i, &c)| !is_zero_width(c) || belongs(at(i.checked_sub(1)), c, at(i.checked_add(1))))
        .map(|(_, &c)| c)
        .collect()
}

fn is_zero_width(c: char) -> bool {
    matches!(c,
        '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{AD}' | '\u{34F}' | '\u{180E}'
        | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{E0000}'..='\u{E007F}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a character of no width is part of what stands before and after it.
fn belongs(before: char, c: char, after: char) -> bool {
    let joins = |c: char| JOINING.contains(&c.script());
    let tag = |c: char| matches!(c, '\u{E0020}'..='\u{E007F}');
    match c {
        '\u{200C}' => joins(before) && joins(after),
        '\u{200D}' => joins(before) || (is_emoji(before) && is_emoji(after)),
        // A variation selector chooses among forms of an ideograph, a symbol or a keycap.
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {
            before.script() == Script::Han
                || before.script() == Script::Mongolian
                || is_emoji(before)
                || after == '\u{20E3}'
        }
        // Tags spell the region of a flag.
        _ if tag(c) => before == '\u{1F3F4}' || tag(before),
        // Jamo fillers stand in for a missing part of a syllable.
        '\u{115F}' | '\u{1160}' => after.script() == Script::Hangul || before.script() == Script::Hangul,
        _ => false,
    }
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2190}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '©' | '®' | '\u{2122}' | '\u{203C}' | '\u{2049}' | '\u{2139}' | '\u{FE0F}')
}

/// Text that went through a wrong decoding. Unassigned characters are left alone: the tables age.
fn wreckage(name: &[u8], text: &str) -> Option<Finding> {
    const CODE: &str = "name-unassigned-private";
    if text.contains('\u{FFFD}') {
        let severity = if family::family(name).is_program() { Error } else { Warning };
        return finding(CODE, severity, "holds the replacement character `<U+FFFD>`: its real letters were lost", None);
    }
    let private = |c: char| {
        let code = u32::from(c);
        matches!(code, 0xE000..=0xF8FF | 0xF_0000..) || code & 0xFFFE == 0xFFFE || matches!(code, 0xFDD0..=0xFDEF)
    };
    if text.chars().any(private) {
        return finding(CODE, Warning, "holds a private-use character, which every system shows differently", None);
    }
    let once = decoded_twice(text)?;
    let meant = Meant::perhaps(once.into_bytes(), Difference::Encoding);
    finding(CODE, Warning, "is UTF-8 that was read as Windows-1252 and encoded again", meant)
}

/// `Ã©` for `é`: the text whose UTF-8, read as ISO 8859-1 or Windows-1252, gives this one.
fn decoded_twice(text: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = text.chars().map(windows1252).collect();
    let once = String::from_utf8(bytes?).ok()?;
    (!once.is_ascii()).then_some(once)
}

fn windows1252(c: char) -> Option<u8> {
    const HIGH: [char; 27] = [
        '€', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 'Ž', '‘', '’', '“', '”', '•', '–', '—', '˜', '™',
        'š', '›', 'œ', 'ž', 'Ÿ',
    ];
    const BYTES: [u8; 27] = [
        0x80, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8E, 0x91, 0x92, 0x93, 0x94, 0x95,
        0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9E, 0x9F,
    ];
    match HIGH.iter().position(|&high| high == c) {
        Some(at) => Some(BYTES[at]),
        None => u8::try_from(u32::from(c)).ok(),
    }
}

fn spaces(name: &[u8], text: &str) -> Option<Finding> {
    let foreign = |c: char| c != ' ' && c.is_whitespace();
    // Ideographic spaces between ideographs are as good as any.
    let ideographic = text.chars().any(|c| matches!(c.script(), Script::Han | Script::Hiragana | Script::Katakana));
    if !text.chars().any(|c| foreign(c) && !(ideographic && c == '\u{3000}')) {
        return None;
    }
    let plain: String = text.chars().map(|c| if foreign(c) { ' ' } else { c }).collect();
    let severity = if family::family(name).is_program() { Error } else { Warning };
    let meant = Meant::perhaps(plain.into_bytes(), Difference::Invisible);
    finding("name-nbsp", severity, "holds a space that is not the space of the keyboard", meant)
}

/// Fullwidth letters and ligatures. Fullwidth punctuation is ordinary in East Asian titles, so that only a
/// fullwidth dot before an extension, or such characters in the name of a program, are held against a name.
fn wide(name: &[u8], text: &str) -> Option<Finding> {
    let compat = |c: char| matches!(c, '\u{FF01}'..='\u{FF5E}' | '\u{FB00}'..='\u{FB06}' | '\u{2024}');
    if !text.chars().any(compat) {
        return None;
    }
    let folded: String =
        text.chars().map(|c| if compat(c) { c.to_string().nfkc().collect() } else { c.to_string() }).collect();
    let (written, read) = (family::family(name), family::family(folded.as_bytes()));
    let severity = match read {
        Family::Code | Family::Style | Family::Page if written == Family::Unknown => Error,
        Family::Code | Family::Style => Warning,
        _ => return None,
    };
    let meant = Meant::perhaps(folded.into_bytes(), Difference::LookAlike);
    finding("name-compat", severity, "holds fullwidth letters or ligatures in place of plain ones", meant)
}

/// Typographic dashes, quotes and slashes. Titles of pages and documents have them by right.
fn punctuation(name: &[u8], text: &str) -> Option<Finding> {
    if !matches!(family::family(name), Family::Code | Family::Style) {
        return None;
    }
    let plain: String = text.chars().map(typed).collect();
    if plain == text {
        return None;
    }
    let meant = Meant::perhaps(plain.into_bytes(), Difference::LookAlike);
    finding("name-dash-lookalike", Warning, "holds typographic punctuation where the keyboard gives plain ASCII", meant)
}

fn typed(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201C}' | '\u{201D}' => '"',
        _ => c,
    }
}

fn form(named: &Named<'_>, text: &str) -> Option<Finding> {
    if is_nfc(text) {
        return None;
    }
    let composed: String = text.nfc().collect();
    let beside = crate::path::join(named.around.index.path(named.directory), composed.as_bytes());
    let both = named.around.index.id(&beside).is_some();
    let severity = if both { Error } else { Warning };
    let what = if both {
        "is not in Unicode normal form C, and its composed twin stands beside it"
    } else {
        "is not in Unicode normal form C, as what people type is"
    };
    finding("name-not-nfc", severity, what, Meant::perhaps(composed.into_bytes(), Difference::UnicodeForm))
}
