//! What can be told of a PHP source that must not be parsed: `include 'literal'`, alone or behind `__DIR__`.
//!
//! One pass over the islands that knows strings and comments; no variables, no constants, no guards.

use super::{calls, text};
use crate::diagnostic::{Severity, Span};
use crate::expr::PathExpr;
use crate::reference::{Reference, Scan};

/// Scans without a parser.
pub(super) fn scan(source: &[u8]) -> Scan<'_> {
    let mut scan = Scan { lexical: true, ..Scan::default() };
    let mut at = memchr::memmem::find(source, b"<?").unwrap_or(source.len());
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        at += match skipped(rest) {
            Some(length) => length,
            None if is_word(rest[0]) => {
                let length = rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len());
                if let Some(read) = read(&rest[..length]) {
                    scan.references.extend(reference(source, at + length, read));
                }
                length
            }
            None => 1,
        };
    }
    scan
}

/// The length of the string, comment or markup that begins here.
fn skipped(rest: &[u8]) -> Option<usize> {
    let until = |open: usize, close: &[u8]| {
        let body = rest.get(open..).unwrap_or_default();
        Some(memchr::memmem::find(body, close).map_or(rest.len(), |end| open + end + close.len()))
    };
    match rest {
        [b'?', b'>', ..] => until(2, b"<?"),
        [b'/', b'*', ..] => until(2, b"*/"),
        [b'/', b'/', ..] | [b'#', ..] => until(1, b"\n"),
        [quote @ (b'\'' | b'"' | b'`'), ..] => Some(string(rest, *quote)),
        [b'$' | b'>' | b':', next, ..] if is_word(*next) => {
            Some(1 + rest[1..].iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len() - 1))
        }
        _ => None,
    }
}

fn string(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(&byte) = rest.get(at) {
        at += match byte {
            b'\\' => 2,
            _ if byte == quote => return at + 1,
            _ => 1,
        };
    }
    rest.len()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\\') || byte >= 0x80
}

fn read(word: &[u8]) -> Option<calls::Read> {
    let reads = [calls::INCLUDE, calls::INCLUDE_ONCE, calls::REQUIRE, calls::REQUIRE_ONCE];
    reads.into_iter().find(|read| word.eq_ignore_ascii_case(read.construct.as_bytes()))
}

/// The literal behind `include`, if the operand ends with it.
fn reference(source: &[u8], after: usize, read: calls::Read) -> Option<Reference<'_>> {
    let start = after + source.get(after..)?.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b'(')?;
    let (here, at) = match source.get(start..)?.strip_prefix(b"__DIR__") {
        Some(rest) => {
            let dot = rest.iter().position(|byte| !byte.is_ascii_whitespace()).filter(|&at| rest[at] == b'.')?;
            let quote = rest[dot + 1..].iter().position(|byte| !byte.is_ascii_whitespace())?;
            (true, source.len() - rest.len() + dot + 1 + quote)
        }
        None => (false, start),
    };
    let quote = *source.get(at).filter(|byte| matches!(byte, b'\'' | b'"'))?;
    let length = string(source.get(at..)?, quote);
    let end = source.get(at + length..)?.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != b')')?;
    if *end != b';' && *end != b'?' {
        return None;
    }
    let tail = Span::new(at + 1, (at + length).saturating_sub(1).max(at + 1));
    let escapes = if quote == b'"' { text::Escapes::Double } else { text::Escapes::Single };
    let literal = tail.of(source);
    if quote == b'"' && literal.iter().any(|byte| matches!(byte, b'$' | b'{')) {
        return None;
    }
    let literal = PathExpr::literal(text::decode(literal, escapes));
    Some(Reference {
        span: if here { Span::new(start, at + length) } else { tail },
        tail,
        expr: if here { PathExpr::here_up(0).then(literal) } else { literal },
        construct: read.construct,
        namespace: read.namespace,
        strength: read.strength,
        guarded: false,
        ceiling: Severity::Error,
    })
}
