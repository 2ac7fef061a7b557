//! Text that is put together of parts: f-strings, `%`, `str.format`, `str.join` (Library Reference, "Text Sequence
//! Type", "printf-style String Formatting", "Format String Syntax").

use ruff_python_ast::{self as ast, Expr, FStringPart, InterpolatedStringElement};

use super::lower::{Lowering, keyword, sequence};
use super::scope::ScopeId;
use crate::expr::PathExpr;

impl<'s> Lowering<'_, 's> {
    pub(super) fn f_string(&self, string: &ast::ExprFString, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        let mut parts = Vec::new();
        for part in string.value.iter() {
            match part {
                FStringPart::Literal(literal) => parts.push(self.literal(literal)),
                FStringPart::FString(inner) => {
                    parts.extend(inner.elements.iter().map(|element| self.element(element, scope, depth)));
                }
            }
        }
        flat(parts)
    }

    fn element(&self, element: &InterpolatedStringElement, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        match element {
            InterpolatedStringElement::Literal(literal) => self.text(literal.range, &literal.value),
            InterpolatedStringElement::Interpolation(hole) if hole.format_spec.is_none() => {
                self.lower(&hole.expression, scope, depth)
            }
            InterpolatedStringElement::Interpolation(_) => PathExpr::Hole,
        }
    }

    /// `'…%s…' % value`, and with a tuple; other conversions are holes.
    pub(super) fn percent(&self, template: &[u8], values: &Expr, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        let tuple = match values {
            Expr::Tuple(tuple) => Some(tuple.elts.as_slice()),
            _ => None,
        };
        let mut parts = Vec::new();
        let mut rest = template;
        let mut count = 0;
        while let Some(at) = memchr::memchr(b'%', rest) {
            parts.push(PathExpr::literal(rest[..at].to_vec()));
            match rest.get(at + 1) {
                Some(b'%') => parts.push(PathExpr::literal(b"%".as_slice())),
                Some(b's') => {
                    let value = tuple.map_or((count == 0).then_some(values), |tuple| tuple.get(count));
                    parts.push(value.map_or(PathExpr::Hole, |value| self.lower(value, scope, depth)));
                    count += 1;
                }
                _ => return PathExpr::Hole,
            }
            rest = &rest[at + 2..];
        }
        parts.push(PathExpr::literal(rest.to_vec()));
        flat(parts)
    }

    /// `'/'.join(['a', 'b'])`.
    pub(super) fn joined(&self, separator: PathExpr<'s>, members: &Expr, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        let Some(members) = sequence(members) else { return PathExpr::Hole };
        let mut parts = Vec::new();
        for (at, member) in members.iter().enumerate() {
            if at > 0 {
                parts.push(separator.clone());
            }
            parts.push(self.lower(member, scope, depth));
        }
        flat(parts)
    }

    /// `'…{}…{name}…'.format(…)`; fields with a conversion, a format or an attribute are holes.
    pub(super) fn format(
        &self,
        template: &[u8],
        arguments: &ast::Arguments,
        scope: ScopeId,
        depth: usize,
    ) -> PathExpr<'s> {
        let mut parts = Vec::new();
        let mut rest = template;
        let mut next = 0;
        while let Some(at) = memchr::memchr2(b'{', b'}', rest) {
            parts.push(PathExpr::literal(rest[..at].to_vec()));
            if rest.get(at + 1) == Some(&rest[at]) {
                parts.push(PathExpr::literal(rest[at..=at].to_vec()));
                rest = &rest[at + 2..];
                continue;
            }
            let Some(end) = memchr::memchr(b'}', &rest[at..]).filter(|&end| end > 0) else { return PathExpr::Hole };
            let value = field(&rest[at + 1..at + end], arguments, &mut next);
            parts.push(value.map_or(PathExpr::Hole, |value| self.lower(value, scope, depth)));
            rest = &rest[at + end + 1..];
        }
        parts.push(PathExpr::literal(rest.to_vec()));
        flat(parts)
    }
}

/// The argument a replacement field of `str.format` stands for.
fn field<'e>(name: &[u8], arguments: &'e ast::Arguments, next: &mut usize) -> Option<&'e Expr> {
    let name = std::str::from_utf8(name).ok()?;
    if name.is_empty() {
        *next += 1;
        return arguments.args.get(*next - 1);
    }
    if let Ok(at) = name.parse::<usize>() {
        return arguments.args.get(at);
    }
    keyword(arguments, name)
}

/// Parts one after the other; known neighbours become one literal only where all are known.
pub(super) fn flat(parts: Vec<PathExpr<'_>>) -> PathExpr<'_> {
    if parts.len() == 1 {
        return parts.into_iter().next().unwrap_or(PathExpr::Hole);
    }
    if parts.iter().all(|part| part.as_literal().is_some()) {
        return PathExpr::literal(
            parts.iter().filter_map(PathExpr::as_literal).flatten().copied().collect::<Vec<u8>>(),
        );
    }
    PathExpr::Concat(parts.into_iter().filter(|part| part.as_literal() != Some(b"")).collect())
}
