//! Expressions of a path, lowered: text, templates, `path`, `__dirname`, URLs from `import.meta.url`, constants.

use std::cell::RefCell;

use oxc_ast::ast::{
    Argument, BinaryOperator, CallExpression, Expression, IdentifierReference, NewExpression, StaticMemberExpression,
    StringLiteral, TemplateLiteral,
};
use oxc_semantic::Semantic;
use oxc_span::GetSpan;
use oxc_syntax::symbol::SymbolId;

use super::names;
use crate::diagnostic::Span;
use crate::expr::{Here, MAX_DEPTH, PathExpr, Transform};

/// Lowers the expressions of one module.
pub(super) struct Lowering<'a, 's, 'm> {
    pub semantic: &'m Semantic<'a>,
    /// The bytes of the source.
    pub source: &'s [u8],
    /// The parameter of the function whose result is being lowered, and what it is given.
    given: RefCell<Option<(SymbolId, PathExpr<'s>)>>,
}

impl<'a, 's, 'm> Lowering<'a, 's, 'm> {
    pub fn new(semantic: &'m Semantic<'a>, source: &'s [u8]) -> Self {
        Lowering { semantic, source, given: RefCell::new(None) }
    }

    /// The path that an expression stands for.
    pub fn path(&self, expr: &Expression<'_>, depth: usize) -> PathExpr<'s> {
        if depth > MAX_DEPTH {
            return PathExpr::Hole;
        }
        let inner = |expr: &Expression<'_>| self.path(expr, depth + 1);
        match expr {
            Expression::StringLiteral(text) => self.literal(text),
            Expression::TemplateLiteral(template) => self.template(template, depth),
            Expression::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition => {
                inner(&sum.left).then(inner(&sum.right))
            }
            Expression::Identifier(name) => self.name(name, depth),
            Expression::StaticMemberExpression(member) => self.member(member, depth),
            Expression::CallExpression(call) => self.call(call, depth),
            Expression::NewExpression(new) => self.url(new, depth),
            Expression::ConditionalExpression(choice) => {
                PathExpr::AnyOf(vec![inner(&choice.consequent), inner(&choice.alternate)])
            }
            Expression::ParenthesizedExpression(one) => inner(&one.expression),
            Expression::AwaitExpression(one) => inner(&one.argument),
            Expression::TSAsExpression(one) => inner(&one.expression),
            Expression::TSSatisfiesExpression(one) => inner(&one.expression),
            Expression::TSNonNullExpression(one) => inner(&one.expression),
            _ => PathExpr::Hole,
        }
    }

    /// The path of an argument; `None` where it is spread.
    pub fn argument(&self, argument: &Argument<'_>, depth: usize) -> PathExpr<'s> {
        argument.as_expression().map_or(PathExpr::Hole, |expr| self.path(expr, depth))
    }

    /// The dotted name of what an expression is.
    pub fn qualified(&self, expr: &Expression<'_>) -> Option<String> {
        names::qualified(self.semantic, expr, 0)
    }

    /// The text of a literal.
    pub fn literal(&self, text: &StringLiteral<'_>) -> PathExpr<'s> {
        literal(self.source, text)
    }

    fn template(&self, template: &TemplateLiteral<'_>, depth: usize) -> PathExpr<'s> {
        let mut parts = Vec::new();
        for (at, quasi) in template.quasis.iter().enumerate() {
            let text = quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw).as_bytes();
            if !text.is_empty() {
                parts.push(PathExpr::literal(text.to_vec()));
            }
            parts.extend(template.expressions.get(at).map(|expr| self.path(expr, depth + 1)));
        }
        match parts.len() {
            0 => PathExpr::literal(&b""[..]),
            1 => parts.remove(0),
            _ => PathExpr::Concat(parts),
        }
    }

    fn name(&self, name: &IdentifierReference<'_>, depth: usize) -> PathExpr<'s> {
        let symbol = names::symbol(self.semantic, name);
        if let Some((_, given)) = self.given.borrow().as_ref().filter(|(parameter, _)| Some(*parameter) == symbol) {
            return given.clone();
        }
        if symbol.is_none() {
            return match name.name.as_str() {
                "__dirname" => PathExpr::Here(Here::Dir),
                "__filename" => PathExpr::Here(Here::File),
                _ => PathExpr::Hole,
            };
        }
        names::value(self.semantic, name).map_or(PathExpr::Hole, |value| self.path(value, depth + 1))
    }

    fn member(&self, member: &StaticMemberExpression<'_>, depth: usize) -> PathExpr<'s> {
        let property = member.property.name.as_str();
        if matches!(member.object, Expression::ImportMeta(_)) {
            return match property {
                "dirname" | "dir" => PathExpr::Here(Here::Dir),
                "filename" | "url" | "path" => PathExpr::Here(Here::File),
                _ => PathExpr::Hole,
            };
        }
        match &member.object {
            // `new URL(…).pathname`.
            Expression::NewExpression(_) if matches!(property, "pathname" | "href") => {
                self.path(&member.object, depth + 1)
            }
            Expression::Identifier(name) => {
                let object = names::value(self.semantic, name);
                let value = object.and_then(|object| names::property(object, property));
                value.map_or(PathExpr::Hole, |value| self.path(value, depth + 1))
            }
            _ => PathExpr::Hole,
        }
    }

    fn call(&self, call: &CallExpression<'_>, depth: usize) -> PathExpr<'s> {
        let Some(name) = self.qualified(&call.callee) else { return self.made(call, depth) };
        let first = || call.arguments.first().map_or(PathExpr::Hole, |one| self.argument(one, depth + 1));
        match name.as_str() {
            "path.join" | "path.posix.join" => self.joined(call, depth),
            "path.resolve" | "path.posix.resolve" => self.resolved(call, depth),
            "path.dirname" | "path.posix.dirname" => first().parent(1),
            "path.basename" if call.arguments.len() == 1 => first().apply(Transform::Basename),
            "path.normalize" => first().apply(Transform::Normalize),
            "url.fileURLToPath" | "url.pathToFileURL" | "require.resolve" | "String" => first(),
            _ => PathExpr::Hole,
        }
    }

    /// What a function of the source makes of its one argument: `function resolve(dir) { return path.join(__dirname,
    /// dir) }`. One in another is not looked into.
    fn made(&self, call: &CallExpression<'_>, depth: usize) -> PathExpr<'s> {
        let [argument] = call.arguments.as_slice() else { return PathExpr::Hole };
        let Some((parameter, result)) = names::function(self.semantic, &call.callee) else { return PathExpr::Hole };
        if self.given.borrow().is_some() {
            return PathExpr::Hole;
        }
        let argument = self.argument(argument, depth + 1);
        self.given.replace(Some((parameter, argument)));
        let made = self.path(result, depth + 1);
        self.given.replace(None);
        made
    }

    /// `path.join`: an absolute part is put after the others like any (Path, `path.join`).
    fn joined(&self, call: &CallExpression<'_>, depth: usize) -> PathExpr<'s> {
        let mut parts = Vec::new();
        for (at, argument) in call.arguments.iter().enumerate() {
            if at > 0 {
                parts.push(PathExpr::literal(&b"/"[..]));
            }
            parts.push(self.argument(argument, depth + 1));
        }
        PathExpr::Concat(parts)
    }

    /// `path.resolve`: an absolute part replaces what stands before it (Path, `path.resolve`).
    fn resolved(&self, call: &CallExpression<'_>, depth: usize) -> PathExpr<'s> {
        PathExpr::Join(call.arguments.iter().map(|argument| self.argument(argument, depth + 1)).collect())
    }

    /// `new URL('a', import.meta.url)`.
    fn url(&self, new: &NewExpression<'_>, depth: usize) -> PathExpr<'s> {
        if self.qualified(&new.callee).as_deref().is_none_or(|name| name != "URL" && name != "url.URL") {
            return PathExpr::Hole;
        }
        match new.arguments.as_slice() {
            [path, base] if self.argument(base, depth + 1) == PathExpr::Here(Here::File) => {
                match self.argument(path, depth + 1) {
                    PathExpr::Literal(text) if super::super::syntax::url::has_scheme(&text) => PathExpr::Hole,
                    text => PathExpr::Join(vec![PathExpr::Here(Here::Dir), text]),
                }
            }
            _ => PathExpr::Hole,
        }
    }

    /// The last literal of an expression, in bytes of the source: what an edit may change.
    pub fn tail(&self, expr: &Expression<'_>) -> Span {
        match expr {
            Expression::StringLiteral(text) => inside(text.span),
            Expression::TemplateLiteral(template) => match template.quasis.last() {
                Some(last) if !last.value.raw.is_empty() => Span::new(last.span.start as usize, last.span.end as usize),
                _ => Span::default(),
            },
            Expression::BinaryExpression(sum) => self.tail(&sum.right),
            Expression::ParenthesizedExpression(one) => self.tail(&one.expression),
            Expression::CallExpression(call) => {
                call.arguments.last().and_then(Argument::as_expression).map_or(Span::default(), |last| match last {
                    Expression::CallExpression(_) => Span::default(),
                    last => self.tail(last),
                })
            }
            Expression::NewExpression(new) => {
                new.arguments.first().and_then(Argument::as_expression).map_or(Span::default(), |one| self.tail(one))
            }
            _ => Span::default(),
        }
    }

    /// The value of an expression, in bytes: the inside of the quotes of a literal.
    pub fn span(&self, expr: &Expression<'_>) -> Span {
        match expr {
            Expression::StringLiteral(text) => inside(text.span),
            _ => Span::new(expr.span().start as usize, expr.span().end as usize),
        }
    }
}

/// The text of a literal: borrowed from the source where nothing in it is escaped.
pub(super) fn literal<'s>(source: &'s [u8], text: &StringLiteral<'_>) -> PathExpr<'s> {
    let inside = inside(text.span).of(source);
    if memchr::memchr(b'\\', inside).is_none() {
        return PathExpr::literal(inside);
    }
    PathExpr::literal(text.value.as_bytes().to_vec())
}

/// The inside of the quotes.
pub(super) fn inside(span: oxc_span::Span) -> Span {
    Span::new(span.start as usize + 1, (span.end as usize).saturating_sub(1).max(span.start as usize + 1))
}
