//! How a URL written in a page or a style sheet becomes a reference.
//!
//! Apart from the languages because HTML, CSS and whatever embeds them share it. Text is looked at as it stands:
//! white space, `\`, `?`, `#` and percent-encoding are the business of [`crate::resolve::url`].

use std::borrow::Cow;

use super::super::{HOLE, Namespace, Reference, UrlKind};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;

/// Longest URL that can name a file; `data:` URLs and the like are cut off here before anything looks at them.
const MAX_LENGTH: usize = 2048;

/// What the place in which a URL stands makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::language) struct Role {
    pub construct: &'static str,
    pub kind: UrlKind,
    pub strength: Strength,
    pub ceiling: Severity,
}

impl Role {
    /// Something the page needs to look and work as it should.
    pub const fn broken(construct: &'static str, kind: UrlKind) -> Self {
        Role { construct, kind, strength: Strength::Broken, ceiling: Severity::Error }
    }

    /// The same with another ceiling.
    pub const fn at_most(self, ceiling: Severity) -> Self {
        Role { ceiling, ..self }
    }
}

/// A URL as it is written.
#[derive(Clone, Debug)]
pub(in crate::language) struct Written<'s> {
    /// Where it stands in the source.
    pub span: Span,
    /// Its text, decoded, with [`HOLE`] bytes for what is unknown.
    pub text: Cow<'s, [u8]>,
    /// The text is byte for byte what stands at `span`.
    pub exact: bool,
}

impl<'s> Written<'s> {
    /// Text that stands in `masked` at `start..end`; where no hole is in it, it is borrowed from `source`.
    pub fn at(source: &'s [u8], masked: &[u8], start: usize, end: usize, offset: usize) -> Self {
        let span = Span::new(start + offset, end + offset);
        let hidden = masked.get(start..end).unwrap_or_default();
        let text = if hidden.contains(&HOLE) {
            Cow::Owned(hidden.to_vec())
        } else {
            Cow::Borrowed(source.get(start..end).unwrap_or_default())
        };
        Written { span, text, exact: true }
    }

    /// Decoded text whose bytes cannot be edited in place.
    pub fn decoded(span: Span, text: Vec<u8>) -> Self {
        Written { span, text: Cow::Owned(text), exact: false }
    }

    /// The reference, or nothing where the text names no file (`#top`, an empty value, a `data:` URL).
    pub fn reference(self, role: Role) -> Option<Reference<'s>> {
        let trimmed = self.text.trim_ascii();
        if matches!(trimmed.first(), None | Some(b'#' | b'?')) || is_inline(trimmed) || self.text.len() > MAX_LENGTH {
            return None;
        }
        let tail = self.tail();
        Some(Reference {
            span: self.span,
            tail,
            expr: expression(self.text),
            construct: role.construct,
            namespace: Namespace::Url(role.kind),
            strength: role.strength,
            guarded: false,
            ceiling: role.ceiling,
        })
    }

    /// The path alone, so that an edit keeps the query and the fragment; after a hole, what follows it.
    fn tail(&self) -> Span {
        if !self.exact {
            return Span::default();
        }
        let text = self.text.as_ref();
        let end = memchr::memchr2(b'?', b'#', text).unwrap_or(text.len());
        let start = memchr::memrchr(HOLE, &text[..end]).map_or(0, |at| at + 1);
        if start == end {
            return Span::default();
        }
        let from = self.span.start as usize;
        Span::new(from + start, from + end)
    }
}

/// A scheme whose content is the URL itself: nothing is looked up, and it is often huge.
fn is_inline(text: &[u8]) -> bool {
    let is = |scheme: &[u8]| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    is(b"data:") || is(b"javascript:") || is(b"about:") || is(b"blob:")
}

/// Text with holes as an expression.
fn expression(text: Cow<'_, [u8]>) -> PathExpr<'_> {
    if !text.contains(&HOLE) {
        return PathExpr::Literal(text);
    }
    let mut parts = Vec::new();
    for piece in text.chunk_by(|a, b| (*a == HOLE) == (*b == HOLE)) {
        let hole = piece.first() == Some(&HOLE);
        parts.push(if hole { PathExpr::Hole } else { PathExpr::literal(piece.to_vec()) });
    }
    if parts.len() == 1 { PathExpr::Hole } else { PathExpr::Concat(parts) }
}

/// Puts a hole before a relative URL: the directory it starts from is unknown. What makes the page may answer its
/// links, too.
pub(in crate::language) fn unknown_base(reference: &mut Reference<'_>) {
    let Namespace::Url(kind) = reference.namespace else { return };
    if kind == UrlKind::Navigation {
        reference.namespace = Namespace::Url(UrlKind::Routed);
    }
    let expr = std::mem::replace(&mut reference.expr, PathExpr::Hole);
    reference.expr = match expr {
        PathExpr::Join(mut parts) if parts.first() != Some(&PathExpr::Hole) => {
            parts.insert(0, PathExpr::Hole);
            PathExpr::Join(parts)
        }
        PathExpr::Join(_) | PathExpr::Hole => expr,
        PathExpr::FirstOf(members) => PathExpr::FirstOf(members.into_iter().map(behind_hole).collect()),
        _ => behind_hole(expr),
    };
}

fn behind_hole(expr: PathExpr<'_>) -> PathExpr<'_> {
    let unknown = matches!(&expr, PathExpr::Concat(parts) if parts.first() == Some(&PathExpr::Hole));
    if unknown || has_scheme(head(&expr)) { expr } else { PathExpr::Join(vec![PathExpr::Hole, expr]) }
}

/// The known text an expression begins with.
pub(in crate::language) fn head<'e>(expr: &'e PathExpr<'_>) -> &'e [u8] {
    match expr {
        PathExpr::Literal(text) => text,
        PathExpr::Concat(parts) => parts.first().map_or(b"", head),
        _ => b"",
    }
}

/// Whether text begins with a scheme, or with the `//` of another host.
pub(crate) fn has_scheme(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    if text.starts_with(b"//") {
        return true;
    }
    let name = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(byte)).count();
    name > 1 && text.get(name) == Some(&b':') && text.first().is_some_and(u8::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: Role = Role::broken("img src", UrlKind::Asset);

    fn written(text: &[u8]) -> Option<Reference<'_>> {
        Written::at(text, text, 0, text.len(), 10).reference(ROLE)
    }

    #[test]
    fn what_names_no_file_is_dropped() {
        for text in ["", " ", "#a", "?x", "data:image/png;base64,AA", "JavaScript:void(0)"] {
            assert!(written(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn an_edit_keeps_query_and_fragment() {
        let reference = written(b"a.png?v=1#x").unwrap();
        assert_eq!((reference.span, reference.tail), (Span::new(10, 21), Span::new(10, 15)));
    }

    #[test]
    fn holes_split_the_text() {
        let reference = written(b"\x1a\x1a/img/a.png").unwrap();
        assert_eq!(reference.expr, PathExpr::Concat(vec![PathExpr::Hole, PathExpr::literal(b"/img/a.png".to_vec())]));
        assert_eq!(reference.tail, Span::new(12, 22));
    }

    #[test]
    fn schemes() {
        for (text, want) in [("https:x", true), ("//h/x", true), ("c:/x", false), ("a/b:c", false), ("a.b", false)] {
            assert_eq!(has_scheme(text.as_bytes()), want, "{text}");
        }
    }
}
