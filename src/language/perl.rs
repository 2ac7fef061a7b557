//! Perl (perldoc.perl.org, `require`, `use`, `do`).
//!
//! Read: `use A::B` and `require A::B`, wherever `@INC` may lead, which other packages share: near misses in folders of
//! that name; `require "x.pl"` and `do "x.pl"`, from where Perl may have been started. Statements are told by the first
//! word of their line, outside of documentation.
//!
//! Knowingly not read: `use lib`, files that are opened, templates.

use super::syntax::called::{Lexis, calls};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};
use crate::expr::PathExpr;

/// Perl.
pub const LANGUAGE: Language = Language {
    name: "perl",
    extensions: &["pl", "pm", "psgi"],
    names: &["cpanfile"],
    interpreters: &["perl"],
    recognises: None,
    phase: Phase::Facts,
    reads: "`use` and `require` of own modules near an existing file, `require` and `do` of a file",
    leaves: "`use lib`, files that are opened, templates",
    scan,
};

const LEXIS: Lexis =
    Lexis { comments: &[("#", "\n")], strings: &[("\"", "\""), ("'", "'")], joins: &["."], name: b":$@%&" };
const STARTED: Namespace = Namespace::Path(&[Base::WorkingDirectory], Want::File);

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut references = Vec::new();
    let mut code = vec![b' '; source.len()];
    let (mut at, mut document) = (0, false);
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        let word = line.trim_ascii();
        if matches!(word, b"__END__" | b"__DATA__") {
            break;
        }
        document |= line.first() == Some(&b'=') && line.get(1).is_some_and(u8::is_ascii_alphabetic);
        if !document {
            code[at..at + line.len()].copy_from_slice(line);
            references.extend(module(line, at).filter(|one| !is_own(input.path, one)));
        }
        document &= !line.starts_with(b"=cut");
        at += line.len();
    }
    for call in calls(&code, &LEXIS) {
        let text = &source[call.text.clone()];
        if matches!(call.name, b"require" | b"do") && !text.iter().any(|byte| b"$@".contains(byte)) {
            let span = Span::new(call.text.start, call.text.end);
            references.push(Reference::literal(span, text, "require", STARTED, Strength::Fatal));
        }
    }
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// Whether a module is called as the end of the file that names it, but for the case: another package has it.
fn is_own(path: &[u8], reference: &Reference<'_>) -> bool {
    let PathExpr::Concat(parts) = &reference.expr else { return false };
    let end = parts.last().and_then(PathExpr::as_literal).unwrap_or_default();
    path.len() > end.len() && path[path.len() - end.len()..].eq_ignore_ascii_case(end)
}

/// `use A::B …;` on a line that starts at byte `start`.
fn module(line: &[u8], start: usize) -> Option<Reference<'static>> {
    let text = line.trim_ascii_start();
    let rest = text.strip_prefix(b"use ").or_else(|| text.strip_prefix(b"require "))?.trim_ascii_start();
    let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':')).count();
    let name = &rest[..length];
    let parts = memchr::memmem::find(name, b"::")?;
    if parts == 0
        || !name.first()?.is_ascii_uppercase()
        || !matches!(rest.get(length), None | Some(b';' | b' ' | b'\n' | b'\r'))
    {
        return None;
    }
    let mut path = b"/".to_vec();
    path.extend_from_slice(
        &name.split(|byte| *byte == b':').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(&b'/'),
    );
    path.extend_from_slice(b".pm");
    let at = start + line.len() - rest.len();
    let span = Span::new(at, at + length);
    let one = Reference::literal(span, name.to_vec(), "use", STARTED, Strength::Fatal);
    Some(Reference { expr: PathExpr::Hole.then(PathExpr::literal(path)), tail: Span::default(), ..one })
}
