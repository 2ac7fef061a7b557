//! What variables, properties and array entries hold.
//!
//! A place that is set once holds what it was set to; one that is set again holds something unknown, except inside
//! the loop that sets it. Conditions are not weighed: a place set once in a branch is either that or nothing.

use std::borrow::Cow;

use mago_span::HasSpan;
use mago_syntax::ast::{
    Access, ArrayElement, ClassLikeMemberSelector, Expression, Identifier, Literal, UnaryPrefix, UnaryPrefixOperator,
    Variable,
};
use rustc_hash::FxHashMap;

use super::lower;
use super::tree::{Context, Tree};
use crate::diagnostic::Span;

/// Deepest chain of array keys that names a place, and of closures in closures that share a variable.
const MAX_KEYS: usize = 8;

/// What a variable holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holds<'a> {
    /// The value of this expression.
    Value(&'a Expression<'a>),
    /// Each value of this array in turn.
    Members(&'a Expression<'a>),
    /// Each key of this array in turn.
    Keys(&'a Expression<'a>),
    /// Something unknown.
    Unknown,
}

/// One setting of a variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding<'a> {
    pub(super) holds: Holds<'a>,
    pub(super) context: Context,
    /// Where it is set.
    pub(super) at: u32,
    /// The body of the loop that sets it.
    pub(super) body: Option<Span>,
}

/// A scope whose variables are seen in another, and which of them (`None`: all).
pub(super) type Outer<'a> = (usize, Option<Vec<&'a [u8]>>);

/// The names of one function, or of the file.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    pub(super) bindings: FxHashMap<Cow<'a, [u8]>, Vec<Binding<'a>>>,
    /// The scope whose variables are seen here too (arrow functions, and `use` of closures), and which of them.
    pub(super) outer: Option<Outer<'a>>,
}

impl<'a> Tree<'a> {
    /// What a place holds where it is read, if it is set once, or by the loop around.
    pub(super) fn binding(&self, place: &[u8], context: Context, at: u32) -> Option<Binding<'a>> {
        if let Some(name) = class_place(place) {
            return self.classes.get(context.class?)?.property(name);
        }
        let mut scope = self.scopes.get(context.scope)?;
        for _ in 0..MAX_KEYS {
            if let Some(bindings) = scope.bindings.get(place) {
                return the_one(bindings, at);
            }
            let (outer, seen) = scope.outer.as_ref()?;
            let variable = place.split(|&byte| byte == b'[').next().unwrap_or(place);
            if seen.as_ref().is_some_and(|seen| !seen.contains(&variable)) {
                return None;
            }
            scope = self.scopes.get(*outer)?;
        }
        None
    }

    /// Notes that a place is set; the places of a destructuring become unknown.
    pub(super) fn bind(&mut self, target: &'a Expression<'a>, holds: Holds<'a>, body: Option<Span>, context: Context) {
        let elements = match lower::inner(target) {
            Expression::Array(array) => &array.elements,
            Expression::List(list) => &list.elements,
            target => return self.bind_place(target, holds, body, context),
        };
        for element in elements {
            if let ArrayElement::KeyValue(_) | ArrayElement::Value(_) = element
                && let Some(target) = lower::element_value(element)
            {
                self.bind_place(lower::inner(target), Holds::Unknown, body, context);
            }
        }
    }

    fn bind_place(&mut self, target: &'a Expression<'a>, holds: Holds<'a>, body: Option<Span>, context: Context) {
        let target = match target {
            Expression::UnaryPrefix(UnaryPrefix { operator: UnaryPrefixOperator::Reference(_), operand }) => operand,
            target => target,
        };
        let at = lower::span(target.span()).start;
        let binding = Binding { holds, context: Context { guard: None, ..context }, at, body };
        let Some(place) = place(target) else { return };
        match class_place(&place) {
            Some(name) => {
                if let Some(class) = context.class.and_then(|class| self.classes.get_mut(class)) {
                    class.set(name.to_vec(), binding);
                }
            }
            None => self.set(place, binding),
        }
    }

    fn set(&mut self, place: Cow<'a, [u8]>, binding: Binding<'a>) {
        if let Some(scope) = self.scopes.get_mut(binding.context.scope) {
            scope.bindings.entry(place).or_default().push(binding);
        }
    }

    pub(super) fn unknown(&mut self, name: &'a [u8], span: mago_span::Span, context: Context) {
        let at = lower::span(span).start;
        self.set(Cow::Borrowed(name), Binding { holds: Holds::Unknown, context, at, body: None });
    }

    pub(super) fn unknown_all(&mut self, variables: impl Iterator<Item = &'a Variable<'a>>, context: Context) {
        for variable in variables {
            if let Variable::Direct(variable) = variable {
                self.unknown(variable.name, variable.span, context);
            }
        }
    }

    /// A variable of the file whose being set is tested may come from whoever includes the file.
    pub(super) fn tested_variables(&mut self, values: impl Iterator<Item = &'a Expression<'a>>, context: Context) {
        if context.scope == 0 {
            for value in values.filter(|value| matches!(value, Expression::Variable(_))) {
                self.bind(value, Holds::Unknown, None, context);
            }
        }
    }
}

/// The only setting, or that of the innermost loop around `at` if nothing else in its body sets the place.
fn the_one<'a>(bindings: &[Binding<'a>], at: u32) -> Option<Binding<'a>> {
    if let [one] = bindings {
        return Some(*one);
    }
    let around = |binding: &&Binding<'a>| binding.body.is_some_and(|body| body.start <= at && at < body.end);
    let innermost = bindings.iter().filter(around).max_by_key(|binding| binding.at)?;
    let body = innermost.body?;
    let again = bindings.iter().any(|other| body.start <= other.at && other.at < body.end);
    (!again).then_some(*innermost)
}

/// The name of what an expression reads or sets: `$a`, `$a[key]`, `$this->name`, `self::$name`.
pub(super) fn place<'a>(expression: &'a Expression<'a>) -> Option<Cow<'a, [u8]>> {
    let mut keys: Vec<Cow<'a, [u8]>> = Vec::new();
    let mut expression = expression;
    while let Expression::ArrayAccess(access) = expression {
        keys.push(key(access.index)?);
        expression = access.array;
        if keys.len() > MAX_KEYS {
            return None;
        }
    }
    let name = named(expression)?;
    if keys.is_empty() {
        return Some(name);
    }
    let mut name = name.into_owned();
    for key in keys.iter().rev() {
        name.push(b'[');
        name.extend_from_slice(key);
        name.push(b']');
    }
    Some(Cow::Owned(name))
}

fn named<'a>(expression: &'a Expression<'a>) -> Option<Cow<'a, [u8]>> {
    match expression {
        Expression::Variable(Variable::Direct(variable)) => Some(Cow::Borrowed(variable.name)),
        Expression::Access(Access::Property(access)) => {
            let Expression::Variable(Variable::Direct(object)) = access.object else { return None };
            let ClassLikeMemberSelector::Identifier(name) = &access.property else { return None };
            let of_this = object.name == b"$this";
            of_this.then(|| Cow::Owned([b"$this->", name.value].concat()))
        }
        Expression::Access(Access::StaticProperty(access)) => {
            let Variable::Direct(variable) = &access.property else { return None };
            let own = matches!(access.class, Expression::Self_(_) | Expression::Static(_));
            own.then(|| Cow::Owned([b"$this->", without_dollar(variable.name)].concat()))
        }
        _ => None,
    }
}

/// A constant array key as text.
pub(super) fn key<'a>(index: &'a Expression<'a>) -> Option<Cow<'a, [u8]>> {
    match lower::inner(index) {
        Expression::Literal(Literal::String(string)) => string.value.map(Cow::Borrowed),
        Expression::Literal(Literal::Integer(integer)) => Some(Cow::Borrowed(integer.raw)),
        // The bare word of `"$a[key]"`.
        Expression::Identifier(Identifier::Local(name)) => Some(Cow::Borrowed(name.value)),
        _ => None,
    }
}

/// The name of a property of the class, where the place is one.
pub(super) fn class_place(place: &[u8]) -> Option<&[u8]> {
    place.strip_prefix(b"$this->")
}

/// A variable's name without its `$`.
pub(super) fn without_dollar(name: &[u8]) -> &[u8] {
    name.strip_prefix(b"$").unwrap_or(name)
}
