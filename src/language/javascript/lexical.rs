//! Imports of a source that cannot be parsed: one linear pass that knows strings and comments.
//!
//! Only `require('…')` and `from '…'` are read; whether a handler guards them is not known: only near misses are told,
//! as warnings.

use crate::diagnostic::{Severity, Span, Strength};
use crate::reference::{Namespace, Reference, Scan};

/// Longest specifier, in bytes.
const MAX_SPECIFIER: usize = 500;

/// Reads what can be told surely.
pub(super) fn scan(source: &[u8]) -> Scan<'_> {
    let mut references = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        let length = skip(rest);
        if matches!(rest[0], b'"' | b'\'') {
            references.extend(specifier(source, at, length));
        }
        at += length;
    }
    Scan { references, lexical: true, ..Scan::default() }
}

/// The length of the string, comment or byte that begins here.
fn skip(rest: &[u8]) -> usize {
    let line = || memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    match rest {
        [b'/', b'/', ..] => line(),
        [b'/', b'*', ..] => memchr::memmem::find(&rest[2..], b"*/").map_or(rest.len(), |end| end + 4),
        [quote @ (b'"' | b'\''), ..] => memchr::memchr2(*quote, b'\n', &rest[1..]).map_or(rest.len(), |end| end + 2),
        _ => 1,
    }
}

/// The string at `at`, where it is what a module is named by.
fn specifier(source: &[u8], at: usize, length: usize) -> Option<Reference<'_>> {
    let before = source[..at].trim_ascii_end();
    let construct = match before {
        _ if before.ends_with(b"require(") => "require",
        _ if before.ends_with(b" from") || before.ends_with(b"}from") => "import",
        _ => return None,
    };
    let text = source.get(at + 1..at + length - 1)?;
    if text.is_empty() || text.len() > MAX_SPECIFIER || text.contains(&b'\\') {
        return None;
    }
    let span = Span::new(at + 1, at + length - 1);
    let reference = Reference::literal(span, text, construct, Namespace::Node, Strength::Optional);
    Some(Reference { ceiling: Severity::Warning, tail: Span::default(), ..reference })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_are_skipped() {
        let source = b"import x from './a'; // from './b'\n/* require('./c') */ require( \"./d\" ); f('from', './e')";
        let found: Vec<_> = scan(source).references.iter().map(|one| one.expr.as_literal().unwrap().to_vec()).collect();
        assert_eq!(found, [b"./a".to_vec(), b"./d".to_vec()]);
        for end in ["'", "\"", "/*", "//", "from '"] {
            scan(end.as_bytes());
        }
    }
}
