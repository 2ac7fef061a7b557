//! From PHP's expressions to path expressions.
//!
//! Variables are followed to what set them. Work is bounded for each reference: what needs more becomes a hole.

use mago_span::HasSpan;
use mago_syntax::ast::{
    Access, ArrayElement, Binary, BinaryOperator, ClassLikeConstantSelector, CompositeString, Conditional, Expression,
    Literal, MagicConstant, MatchArm, StringPart, UnaryPrefix, UnaryPrefixOperator,
};

use super::bindings::{Binding, Holds, key, place};
use super::tree::{Context, Tree};
use super::{classes, functions, guards, text};
use crate::diagnostic::Span;
use crate::expr::{Here, MAX_DEPTH, MAX_VALUES, PathExpr};

/// Most expressions that are lowered for one reference.
const BUDGET: u32 = 512;
/// Most operands of one concatenation.
const MAX_OPERANDS: usize = 128;

/// Lowers the expressions of one file.
pub(super) struct Lowering<'t, 'a, 's> {
    pub(super) tree: &'t Tree<'a>,
    source: &'s [u8],
    budget: u32,
    depth: usize,
}

impl<'t, 'a, 's> Lowering<'t, 'a, 's> {
    pub(super) fn new(tree: &'t Tree<'a>, source: &'s [u8]) -> Self {
        Lowering { tree, source, budget: BUDGET, depth: 0 }
    }

    /// Lowers the expression of a reference or fact.
    pub(super) fn lower(&mut self, expression: &Expression<'_>, context: Context) -> PathExpr<'s> {
        self.budget = BUDGET;
        self.part(expression, context)
    }

    /// Lowers a part of the expression at hand.
    pub(super) fn part(&mut self, expression: &Expression<'_>, context: Context) -> PathExpr<'s> {
        if self.depth >= MAX_DEPTH || self.budget == 0 {
            return PathExpr::Hole;
        }
        self.depth += 1;
        self.budget -= 1;
        let lowered = self.expression(inner(expression), context);
        self.depth -= 1;
        lowered
    }

    fn expression(&mut self, expression: &Expression<'_>, context: Context) -> PathExpr<'s> {
        match expression {
            Expression::Literal(literal) => self.literal(literal),
            Expression::CompositeString(string) => self.interpolated(string, context),
            Expression::Binary(binary) => self.binary(binary, context),
            Expression::Conditional(choice) => self.conditional(choice, context),
            Expression::Match(choice) => {
                let arms = choice.arms.iter().take(MAX_VALUES + 1).map(MatchArm::expression);
                PathExpr::AnyOf(arms.map(|arm| self.arm(arm, context)).collect())
            }
            Expression::MagicConstant(MagicConstant::File(_)) => PathExpr::Here(Here::File),
            Expression::MagicConstant(MagicConstant::Directory(_)) => PathExpr::Here(Here::Dir),
            Expression::ConstantAccess(constant) => self.constant(constant, context),
            Expression::Access(Access::ClassConstant(access)) => self.class_constant(access, context),
            Expression::Variable(_) | Expression::ArrayAccess(_) | Expression::Access(_) => {
                self.place(expression, context)
            }
            Expression::Assignment(assignment) if assignment.operator.is_assign() => self.part(assignment.rhs, context),
            Expression::UnaryPrefix(UnaryPrefix {
                operator: UnaryPrefixOperator::ErrorControl(_) | UnaryPrefixOperator::StringCast(..),
                operand,
            }) => self.part(operand, context),
            Expression::Call(call) => functions::call(self, call, context),
            _ => PathExpr::Hole,
        }
    }

    fn literal(&self, literal: &Literal<'_>) -> PathExpr<'s> {
        match literal {
            Literal::String(string) => {
                PathExpr::literal(text::decode(text::inside(string).of(self.source), text::escapes(string)))
            }
            Literal::Integer(integer) => PathExpr::literal(span(integer.span).of(self.source)),
            _ => PathExpr::Hole,
        }
    }

    fn interpolated(&mut self, string: &CompositeString<'_>, context: Context) -> PathExpr<'s> {
        let parts = match string {
            CompositeString::Interpolated(string) => &string.parts,
            CompositeString::Document(document) => &document.parts,
            CompositeString::ShellExecute(_) => return PathExpr::Hole,
        };
        let count = parts.len();
        let lowered = parts.iter().take(MAX_OPERANDS).enumerate().map(|(nth, part)| match (part, string) {
            (StringPart::Literal(piece), CompositeString::Document(document)) => {
                PathExpr::literal(text::document(document, span(piece.span), nth + 1 == count, self.source))
            }
            (StringPart::Literal(piece), _) => {
                PathExpr::literal(text::decode(span(piece.span).of(self.source), text::Escapes::Double))
            }
            (StringPart::Expression(expression), _) => self.part(expression, context),
            (StringPart::BracedExpression(braced), _) => self.part(braced.expression, context),
        });
        joined(lowered.collect())
    }

    fn binary(&mut self, binary: &Binary<'_>, context: Context) -> PathExpr<'s> {
        match binary.operator {
            BinaryOperator::StringConcat(_) => joined(self.operands(binary, context)),
            BinaryOperator::NullCoalesce(_) => {
                PathExpr::AnyOf(vec![self.part(binary.lhs, context), self.arm(binary.rhs, context)])
            }
            _ => PathExpr::Hole,
        }
    }

    /// The operands of `a . b . c`, which leans to the left; of a very long chain only its end is kept.
    fn operands(&mut self, binary: &Binary<'_>, context: Context) -> Vec<PathExpr<'s>> {
        let mut operands = vec![self.part(binary.rhs, context)];
        let mut left = inner(binary.lhs);
        while let Expression::Binary(Binary { lhs, operator: BinaryOperator::StringConcat(_), rhs }) = left {
            if operands.len() >= MAX_OPERANDS {
                break;
            }
            operands.push(self.part(rhs, context));
            left = inner(lhs);
        }
        operands.push(if operands.len() >= MAX_OPERANDS { PathExpr::Hole } else { self.part(left, context) });
        operands.reverse();
        operands
    }

    /// Both arms are used, unless the condition looks whether one is there.
    fn conditional(&mut self, choice: &Conditional<'_>, context: Context) -> PathExpr<'s> {
        let then = self.arm(choice.then.unwrap_or(choice.condition), context);
        let arms = vec![then, self.arm(choice.r#else, context)];
        if guards::is_test(choice.condition) { PathExpr::FirstOf(arms) } else { PathExpr::AnyOf(arms) }
    }

    /// An arm of a choice; an empty one stands for no path at all.
    fn arm(&mut self, arm: &Expression<'_>, context: Context) -> PathExpr<'s> {
        if is_nothing(inner(arm)) { PathExpr::Hole } else { self.part(arm, context) }
    }

    fn constant(&self, constant: &mago_syntax::ast::ConstantAccess<'_>, context: Context) -> PathExpr<'s> {
        let Some(space) = self.tree.spaces.get(context.space) else { return PathExpr::Hole };
        let name = space.constant(&constant.name);
        match name.as_ref() {
            b"DIRECTORY_SEPARATOR" => PathExpr::literal(&b"/"[..]),
            b"PATH_SEPARATOR" => PathExpr::literal(&b":"[..]),
            name => PathExpr::Constant(name.to_vec().into()),
        }
    }

    fn class_constant(&self, access: &mago_syntax::ast::ClassConstantAccess<'_>, context: Context) -> PathExpr<'s> {
        let ClassLikeConstantSelector::Identifier(name) = &access.constant else { return PathExpr::Hole };
        let class = context.class.and_then(|class| self.tree.classes.get(class));
        let full = match access.class {
            Expression::Self_(_) | Expression::Static(_) => class.and_then(|class| class.constant(name.value)),
            Expression::Parent(_) => class.and_then(|class| class.parent_constant(name.value)),
            Expression::Identifier(class) => {
                let space = self.tree.spaces.get(context.space);
                space.map(|space| classes::constant(&space.class(class), name.value))
            }
            _ => None,
        };
        full.map_or(PathExpr::Hole, |name| PathExpr::Constant(name.into()))
    }

    fn place(&mut self, expression: &Expression<'_>, context: Context) -> PathExpr<'s> {
        let Some(name) = place(expression) else { return PathExpr::Hole };
        let at = span(expression.span()).start;
        match (self.tree.binding(&name, context, at), expression) {
            (Some(binding), _) => self.held(binding),
            // `$a = ['x' => …]; $a['x']`
            (None, Expression::ArrayAccess(access)) => {
                let array = place(access.array).and_then(|name| self.tree.binding(&name, context, at));
                let Some(Binding { holds: Holds::Value(array), context, .. }) = array else { return PathExpr::Hole };
                let found = key(access.index).and_then(|wanted| entry(array, &wanted));
                found.map_or(PathExpr::Hole, |value| self.part(value, context))
            }
            _ => PathExpr::Hole,
        }
    }

    fn held(&mut self, binding: Binding<'_>) -> PathExpr<'s> {
        match binding.holds {
            Holds::Value(value) => self.part(value, binding.context),
            Holds::Members(array) => self.members(array, binding.context, element_value),
            Holds::Keys(array) => self.members(array, binding.context, element_key),
            Holds::Unknown => PathExpr::Hole,
        }
    }

    /// Each member of an array that is written out, or that a variable holds.
    fn members(
        &mut self,
        array: &Expression<'_>,
        context: Context,
        of: for<'e> fn(&'e ArrayElement<'e>) -> Option<&'e Expression<'e>>,
    ) -> PathExpr<'s> {
        let array = inner(array);
        if let Some(elements) = elements(array) {
            let members: Vec<_> = elements.iter().filter_map(of).take(MAX_VALUES + 1).collect();
            return PathExpr::AnyOf(members.into_iter().map(|member| self.part(member, context)).collect());
        }
        let at = span(array.span()).start;
        let binding = place(array).and_then(|name| self.tree.binding(&name, context, at));
        match binding {
            Some(Binding { holds: Holds::Value(value), context, .. }) if elements(inner(value)).is_some() => {
                self.members(value, context, of)
            }
            _ => PathExpr::Hole,
        }
    }
}

/// Parts one after the other; one part stands for itself.
pub(super) fn joined(mut parts: Vec<PathExpr<'_>>) -> PathExpr<'_> {
    match parts.len() {
        1 => parts.remove(0),
        _ => parts.into_iter().fold(PathExpr::Concat(Vec::new()), PathExpr::then),
    }
}

/// An expression without its parentheses.
pub(super) fn inner<'e, 'a>(expression: &'e Expression<'a>) -> &'e Expression<'a> {
    let mut expression = expression;
    while let Expression::Parenthesized(parenthesized) = expression {
        expression = parenthesized.expression;
    }
    expression
}

/// The elements of an array that is written out.
pub(super) fn elements<'e, 'a>(array: &'e Expression<'a>) -> Option<&'e [ArrayElement<'a>]> {
    match array {
        Expression::Array(array) => Some(array.elements.as_slice()),
        Expression::LegacyArray(array) => Some(array.elements.as_slice()),
        _ => None,
    }
}

/// The value of an array's element.
pub(super) fn element_value<'e>(element: &'e ArrayElement<'e>) -> Option<&'e Expression<'e>> {
    match element {
        ArrayElement::KeyValue(element) => Some(element.value),
        ArrayElement::Value(element) => Some(element.value),
        ArrayElement::Variadic(_) | ArrayElement::Missing(_) => None,
    }
}

fn element_key<'e>(element: &'e ArrayElement<'e>) -> Option<&'e Expression<'e>> {
    match element {
        ArrayElement::KeyValue(element) => Some(element.key),
        _ => None,
    }
}

/// The value that an array which is written out has under a key.
fn entry<'e>(array: &'e Expression<'e>, wanted: &[u8]) -> Option<&'e Expression<'e>> {
    elements(inner(array))?.iter().rev().find_map(|element| match element {
        ArrayElement::KeyValue(one) if key(one.key).is_some_and(|key| *key == *wanted) => Some(one.value),
        _ => None,
    })
}

/// A value that a variable starts with before it is set: `''`, `null`, `false`, `[]`.
pub(super) fn is_nothing(value: &Expression<'_>) -> bool {
    match value {
        Expression::Literal(Literal::String(string)) => string.value.is_some_and(<[u8]>::is_empty),
        Expression::Literal(Literal::Null(_) | Literal::False(_)) => true,
        other => elements(other).is_some_and(<[_]>::is_empty),
    }
}

/// The inside of the last literal of an expression: what an edit of its end may change.
pub(super) fn last_literal(expression: &Expression<'_>) -> Span {
    let mut expression = inner(expression);
    for _ in 0..MAX_DEPTH {
        expression = match expression {
            Expression::Literal(Literal::String(string)) => return text::inside(string),
            Expression::Binary(Binary { operator: BinaryOperator::StringConcat(_), rhs, .. }) => inner(rhs),
            Expression::CompositeString(CompositeString::Interpolated(string)) => {
                return match string.parts.last() {
                    Some(StringPart::Literal(piece)) => span(piece.span),
                    _ => Span::default(),
                };
            }
            Expression::Call(call) => match functions::path_argument(call) {
                Some(argument) => inner(argument),
                None => return Span::default(),
            },
            _ => return Span::default(),
        };
    }
    Span::default()
}

/// A parser's span as the project's.
pub(super) fn span(span: mago_span::Span) -> Span {
    Span { start: span.start.offset, end: span.end.offset }
}
