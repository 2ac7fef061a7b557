//! Imports of a module that nests too deep to be parsed: one linear pass that knows strings, comments and lines.
//!
//! Only `import a.b` and `from a.b import` at the start of a line are read; whether a handler guards them is not
//! known, so all are guarded.

use crate::diagnostic::{Span, Strength};
use crate::reference::{Fact, Namespace, Reference, Scan};

/// Reads what can be told surely.
pub(super) fn scan(source: &[u8]) -> Scan<'_> {
    let mut references = Vec::new();
    let mut at = 0;
    let mut at_line_start = true;
    while let Some(&byte) = source.get(at) {
        if at_line_start {
            references.extend(import_at(source, at));
        }
        let length = skip(&source[at..]);
        at_line_start = byte == b'\n' && length == 1;
        at += length;
    }
    let facts = vec![Fact::PythonModule { names: Vec::new(), opaque: true }];
    Scan { references, facts, lexical: true, ..Scan::default() }
}

/// The length of the string, comment or byte that begins here.
fn skip(rest: &[u8]) -> usize {
    let triple = rest.starts_with(b"\"\"\"") || rest.starts_with(b"'''");
    match rest.first() {
        Some(b'#') => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
        Some(b'"' | b'\'') if triple => memchr::memmem::find(&rest[3..], &rest[..3]).map_or(rest.len(), |end| end + 6),
        Some(&quote @ (b'"' | b'\'')) => memchr::memchr2(quote, b'\n', &rest[1..]).map_or(rest.len(), |end| end + 2),
        _ => 1,
    }
}

fn import_at(source: &[u8], line: usize) -> Option<Reference<'_>> {
    let rest = &source[line..];
    let indent = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let (keyword, construct) = match &rest[indent..] {
        text if text.starts_with(b"import ") => (7, "import"),
        text if text.starts_with(b"from ") => (5, "from"),
        _ => return None,
    };
    let start = line + indent + keyword;
    let length =
        source[start..].iter().take_while(|&&byte| byte.is_ascii_alphanumeric() || b"._".contains(&byte)).count();
    let name = &source[start..start + length];
    if name.iter().all(|&byte| byte == b'.') {
        return None;
    }
    let namespace = Namespace::Python { member: false };
    let reference = Reference::literal(Span::new(start, start + length), name, construct, namespace, Strength::Fatal);
    Some(Reference { guarded: true, tail: Span::default(), ..reference })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_at_line_starts_only() {
        let source = b"import a.b\n'''\nimport no\n'''\n# import no\n  from .c import d\nx = 1; import no\n";
        let found: Vec<_> = scan(source).references.iter().map(|one| one.expr.as_literal().unwrap().to_vec()).collect();
        assert_eq!(found, [b"a.b".to_vec(), b".c".to_vec()]);
    }
}
