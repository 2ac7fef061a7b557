//! Patterns of modules, which a bundler imports while it builds (vite.dev "Glob Import").
//!
//! What matches nothing is an empty table and no error, so that only the folder before the first wildcard is looked up,
//! and only a difference that a disk of another system hides is told. Names that start at an alias or at the root of
//! the project are counted.

use oxc_ast::ast::{ArrayExpressionElement, Expression, StringLiteral};

use super::lower::inside;
use super::walk::Walk;
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::reference::{Base, Namespace, Reference, Want};

/// What ends the part of a pattern that is a name.
const WILD: &[u8] = b"*?[{(";

impl<'a> Walk<'a, '_, '_> {
    /// `import.meta.glob('./pages/*.vue')`, or a list of patterns.
    pub(super) fn globbed(&mut self, patterns: &'a Expression<'a>) {
        match patterns {
            Expression::StringLiteral(text) => self.glob(text),
            Expression::ArrayExpression(list) => {
                for one in list.elements.iter().filter_map(ArrayExpressionElement::as_expression) {
                    if let Expression::StringLiteral(text) = one {
                        self.glob(text);
                    }
                }
            }
            _ => {}
        }
    }

    fn glob(&mut self, text: &StringLiteral<'_>) {
        let whole = inside(text.span);
        let written = whole.of(self.lowering.source);
        // `!./a.vue` leaves something out.
        if written != text.value.as_bytes() || written.starts_with(b"!") {
            return;
        }
        let relative = written.starts_with(b"./") || written.starts_with(b"../");
        let wild = written.iter().position(|byte| WILD.contains(byte));
        let end = wild.map_or(Some(written.len()), |wild| memchr::memrchr(b'/', &written[..wild]));
        let Some(end) = end.filter(|_| relative) else { return self.count(whole) };
        let span = Span::new(whole.start as usize, whole.start as usize + end);
        let want = if wild.is_some() { Want::Directory } else { Want::File };
        let namespace = Namespace::Path(&[Base::FileDirectory], want);
        let found = Reference::literal(span, &written[..end], "import.meta.glob", namespace, Strength::Broken);
        self.references.push(Reference { guarded: true, ceiling: Severity::Warning, ..found });
    }

    /// A pattern whose start is not known.
    fn count(&mut self, span: Span) {
        let unknown = Reference::literal(span, &b""[..], "import.meta.glob", Namespace::Node, Strength::Optional);
        self.references.push(Reference { expr: PathExpr::Hole, tail: Span::default(), ..unknown });
    }
}
