//! Inline waivers: `preflight: allow(code, code) reason` in a comment of any language.
//!
//! The search is lexical, so that it needs no parser and works in languages that are read only in part: the words
//! count where nothing, or the punctuation of a comment, stands before them. A waiver covers its own line and,
//! where it stands alone, the next line that is not a waiver itself. Known gap: the last line of a block comment
//! (`-->` alone) counts as a line.

use crate::diagnostic::{Span, Waiver};
use crate::source::Source;

const WORD: &[u8] = b"preflight:";
/// What ends a comment, and so a reason.
const CLOSERS: [&str; 9] = ["*/}}", "--}}", "--%>", "-->", "*/", "#}", "%>", "*)", "}}"];

/// The waivers of one source, in its order.
#[must_use]
pub fn waivers(path: &[u8], source: &Source<'_>) -> Vec<Waiver> {
    let bytes = source.bytes();
    let mut found = Vec::new();
    let mut from = 0;
    for at in memchr::memmem::find_iter(bytes, WORD) {
        if at < from {
            continue;
        }
        if let Some(allow) = parse(bytes, at) {
            from = allow.end;
            found.push(waiver(path, source, &allow));
        }
    }
    cover_below(&mut found);
    found
}

/// The parts of one waiver, as byte offsets.
struct Allow {
    start: usize,
    codes: (usize, usize),
    /// One past the closing parenthesis.
    end: usize,
    alone: bool,
}

fn parse(bytes: &[u8], at: usize) -> Option<Allow> {
    let line_start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
    let before = bytes[line_start..at].trim_ascii();
    if before.last().is_some_and(|last| !b"/#*;%!-".contains(last)) {
        return None;
    }
    let rest = &bytes[at + WORD.len()..];
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let open = line.trim_ascii_start().strip_prefix(b"allow")?.trim_ascii_start().strip_prefix(b"(")?;
    let codes = at + WORD.len() + line.len() - open.len();
    let close = memchr::memchr(b')', open)?;
    let alone = !before.iter().any(|byte| byte.is_ascii_alphanumeric());
    Some(Allow { start: at, codes: (codes, codes + close), end: codes + close + 1, alone })
}

fn waiver(path: &[u8], source: &Source<'_>, allow: &Allow) -> Waiver {
    let bytes = source.bytes();
    let location = source.locate(Span::new(allow.start, allow.end));
    let codes = String::from_utf8_lossy(bytes.get(allow.codes.0..allow.codes.1).unwrap_or_default());
    let codes = codes.split(',').map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned).collect();
    let rest = bytes.get(allow.end..).unwrap_or_default();
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let covers = allow.alone.then_some(location.line);
    Waiver { file: path.to_vec(), location, covers, codes, reason: reason(&String::from_utf8_lossy(line)) }
}

/// The words after the parenthesis, without what ends the comment; empty where there is not one letter.
fn reason(text: &str) -> String {
    let end = CLOSERS.iter().filter_map(|closer| text.find(closer)).min().unwrap_or(text.len());
    let text = text[..end].trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '—'));
    if text.chars().any(char::is_alphanumeric) { text.to_owned() } else { String::new() }
}

/// Waivers one below the other cover the same line: the first below them.
fn cover_below(waivers: &mut [Waiver]) {
    let mut below: Option<(u32, u32)> = None;
    for waiver in waivers.iter_mut().rev() {
        let Some(line) = waiver.covers else { continue };
        let covers = match below {
            Some((next, covered)) if next == line.saturating_add(1) => covered,
            _ => line.saturating_add(1),
        };
        waiver.covers = Some(covers);
        below = Some((line, covers));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Vec<(u32, Option<u32>, Vec<String>, String)> {
        let source = Source::new(text.as_bytes());
        let all = waivers(b"f", &source);
        all.into_iter().map(|one| (one.location.line, one.covers, one.codes, one.reason)).collect()
    }

    #[test]
    fn any_comment_syntax() {
        for line in [
            "// preflight: allow(a) why not",
            "# preflight: allow(a) why not",
            "/* preflight: allow(a) why not */",
            " * preflight: allow(a): why not",
            "<!-- preflight: allow(a) why not --><img>",
            "{# preflight: allow(a) why not #}",
            "{{!-- preflight: allow(a) why not --}}",
            "<%# preflight: allow(a) why not %>",
            "; preflight:allow( a ) - why not",
            "-- preflight: allow (a) why not\r",
            "preflight: allow(a) why not",
        ] {
            let want = vec![(1, Some(2), vec!["a".to_owned()], "why not".to_owned())];
            assert_eq!(scan(line), want, "{line}");
        }
    }

    #[test]
    fn code_before_it_narrows_it_to_its_line() {
        let found = scan("include 'x'; // preflight: allow(a, b) old\ninclude 'y';");
        assert_eq!(found, [(1, None, vec!["a".to_owned(), "b".to_owned()], "old".to_owned())]);
    }

    #[test]
    fn stacked_waivers_cover_the_same_line() {
        let covers: Vec<_> =
            scan("# preflight: allow(a) x\n# preflight: allow(b) y\ncode").into_iter().map(|one| one.1).collect();
        assert_eq!(covers, [Some(3), Some(3)]);
    }

    #[test]
    fn not_a_waiver() {
        for text in [
            "say 'preflight: allow(a) x'",
            "// preflight: deny(a)",
            "# preflight: allow(a",
            "# preflight: allow(\na) x",
        ] {
            assert_eq!(scan(text), [], "{text}");
        }
        assert_eq!(scan("# preflight: allow(a) -->")[0].3, "");
    }
}
