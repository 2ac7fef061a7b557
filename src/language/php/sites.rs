//! Constructs and calls that do something with a path, as the walk meets them.

use std::borrow::Cow;

use mago_syntax::ast::{
    Access, Argument, ArgumentList, Binary, BinaryOperator, Call, ClassLikeMemberSelector, Construct, Expression,
    Identifier, Literal, Node, PlainProperty, PropertyItem, StaticMethodCall,
};

use super::calls::{self, Does, Effect, Read};
use super::names::last_segment;
use super::tree::{Context, Site, Tree};
use super::{functions, lower};
use crate::path;
use crate::reference::Namespace;

impl<'a> Tree<'a> {
    pub(super) fn construct(&mut self, construct: &'a Construct<'a>, context: Context) {
        let (value, read) = match construct {
            Construct::Include(include) => (include.value, calls::INCLUDE),
            Construct::IncludeOnce(include) => (include.value, calls::INCLUDE_ONCE),
            Construct::Require(include) => (include.value, calls::REQUIRE),
            Construct::RequireOnce(include) => (include.value, calls::REQUIRE_ONCE),
            Construct::Isset(isset) => {
                self.tested_variables(isset.values.iter().copied(), context);
                return self.children(Node::Construct(construct), Context { tested: false, ..context });
            }
            Construct::Empty(empty) => {
                self.tested_variables(std::iter::once(empty.value), context);
                return self.children(Node::Construct(construct), Context { tested: false, ..context });
            }
            _ => return self.children(Node::Construct(construct), Context { tested: false, ..context }),
        };
        let operand = operand(value);
        let tested = context.tested || !std::ptr::eq(operand, value);
        self.read(operand, read, Context { tested, ..context });
        self.push(value, Context { tested: false, ..context });
    }

    fn read(&mut self, value: &'a Expression<'a>, read: Read, context: Context) {
        self.sites.push(Site { value, context, effect: Effect::Read(read) });
    }

    pub(super) fn define(&mut self, name: Cow<'a, [u8]>, value: &'a Expression<'a>, context: Context) {
        if !matches!(value, Expression::Literal(Literal::Integer(_) | Literal::Float(_))) {
            self.sites.push(Site { value, context, effect: Effect::Define(name) });
        }
    }

    pub(super) fn call(&mut self, call: &'a Call<'a>, context: Context) {
        let call = match call {
            Call::Function(call) => call,
            Call::Method(call) => return self.method(call.object, &call.method, &call.argument_list, context),
            Call::NullSafeMethod(call) => {
                return self.method(call.object, &call.method, &call.argument_list, context);
            }
            Call::StaticMethod(call) => return self.static_method(call, context),
        };
        let Expression::Identifier(name) = call.function else { return };
        let arguments = &call.argument_list;
        if let Some(row) = calls::row(function_name(name)) {
            self.row(row, arguments, context);
        } else {
            self.framework(function_name(name), arguments, context);
        }
    }

    /// A property whose value some framework's row takes.
    pub(super) fn property(&mut self, property: &'a PlainProperty<'a>, context: Context) {
        for item in &property.items {
            let PropertyItem::Concrete(item) = item else { continue };
            if let Some((_, effect)) = calls::framework(item.variable.name) {
                self.sites.push(Site { value: item.value, context, effect });
            }
        }
    }

    /// Whether some framework's row takes the call.
    fn framework(&mut self, name: &[u8], arguments: &'a ArgumentList<'a>, context: Context) -> bool {
        let Some((nth, effect)) = calls::framework(name) else { return false };
        let Some(value) = argument(arguments, nth) else { return true };
        let effect = match effect {
            Effect::ReadPart(read, _) => Effect::ReadPart(read, argument(arguments, nth + 1)),
            Effect::Registers(Some(_)) => Effect::Registers(Some([0, 1].map(|nth| literal_argument(arguments, nth)))),
            other => other,
        };
        if matches!(&effect, Effect::ReadTemplate(read) if matches!(read.namespace, Namespace::Loaded(_)))
            && let Some(elements) = lower::elements(value)
        {
            let members = elements.iter().filter_map(lower::element_value);
            self.sites.extend(members.map(|value| Site { value, context, effect: effect.clone() }));
            return true;
        }
        self.sites.push(Site { value, context, effect });
        true
    }

    /// A path that a method is handed, which may read it.
    fn handed(&mut self, method: &[u8], arguments: &'a ArgumentList<'a>, context: Context) {
        if !calls::reads(method) {
            return;
        }
        for value in (0..MAX_PLACES).map_while(|nth| argument(arguments, nth)).filter(|value| names_a_file(value)) {
            self.sites.push(Site { value, context, effect: Effect::ReadPlace(calls::HANDED) });
        }
    }

    /// `View::make('x')`, whatever namespace the class is of.
    fn static_method(&mut self, call: &'a StaticMethodCall<'a>, context: Context) {
        let (Expression::Identifier(class), ClassLikeMemberSelector::Identifier(method)) = (call.class, &call.method)
        else {
            return;
        };
        let name = [last_segment(class), b"::", method.value].concat();
        if !self.framework(&name, &call.argument_list, context) {
            self.handed(method.value, &call.argument_list, context);
        }
    }

    fn method(
        &mut self,
        object: &'a Expression<'a>,
        method: &'a ClassLikeMemberSelector<'a>,
        arguments: &'a ArgumentList<'a>,
        context: Context,
    ) {
        let ClassLikeMemberSelector::Identifier(name) = method else { return };
        let writer = calls::writer(name.value);
        if let Some((value, effect)) = writer.and_then(|(nth, effect)| Some((argument(arguments, nth)?, effect))) {
            self.sites.push(Site { value, context, effect });
        }
        let held = held_by(object).map(|property| [b"->", property, b"->", name.value].concat());
        let taken = held.is_some_and(|name| self.framework(&name, arguments, context));
        if !taken && !self.framework(&[b"->", name.value].concat(), arguments, context) {
            self.handed(name.value, arguments, context);
        }
    }

    pub(super) fn instantiation(
        &mut self,
        class: &'a Expression<'a>,
        arguments: Option<&'a ArgumentList<'a>>,
        context: Context,
    ) {
        let (Expression::Identifier(name), Some(arguments)) = (class, arguments) else { return };
        let name = [b"new ", last_segment(name)].concat();
        if let Some(row) = calls::row(&name) {
            self.row(row, arguments, context);
        }
    }

    fn row(&mut self, row: &'static calls::Row, arguments: &'a ArgumentList<'a>, context: Context) {
        let Some(value) = argument(arguments, row.argument) else { return };
        let effect = match row.does {
            Does::Read(read) => Effect::Read(read),
            Does::Write => Effect::Write,
            Does::ChangeDirectory => Effect::ChangeDirectory,
            Does::IncludePath => Effect::IncludePath,
            Does::Setting if literal_argument(arguments, 0) == Some(b"include_path") => Effect::IncludePath,
            Does::Setting => return,
            Does::Copy(read) => {
                if let Some(value) = argument(arguments, row.argument + 1) {
                    self.sites.push(Site { value, context, effect: Effect::Write });
                }
                Effect::Read(read)
            }
            Does::Open(read) => match literal_argument(arguments, row.argument + 1) {
                Some(mode) if mode.starts_with(b"r") => Effect::Read(read),
                Some(_) => Effect::Write,
                None => return,
            },
            Does::Define => match literal_argument(arguments, 0) {
                Some(name) => return self.define(Cow::Borrowed(name), value, context),
                None => return,
            },
        };
        self.sites.push(Site { value, context, effect });
    }
}

/// Most arguments of a method that are looked at.
const MAX_PLACES: usize = 4;

/// Whether a value is put together, and ends in the name of a file, or is made by a framework's function of places.
fn names_a_file(value: &Expression<'_>) -> bool {
    if let Expression::Call(call) = value {
        return functions::is_below_place(call);
    }
    let Expression::Binary(Binary { operator: BinaryOperator::StringConcat(_), rhs, .. }) = value else { return false };
    let Expression::Literal(Literal::String(text)) = rhs else { return false };
    text.value.is_some_and(|text| text.contains(&b'/') && !path::extension(text).is_empty())
}

/// The property of an object that a method is called on (`$this->load->view()`).
fn held_by<'a>(object: &'a Expression<'a>) -> Option<&'a [u8]> {
    let Expression::Access(Access::Property(access)) = object else { return None };
    match &access.property {
        ClassLikeMemberSelector::Identifier(name) => Some(name.value),
        _ => None,
    }
}

/// What is included: the parser takes `include 'a.php' or die` for `include ('a.php' or die)`.
fn operand<'a>(value: &'a Expression<'a>) -> &'a Expression<'a> {
    use BinaryOperator as Op;
    let mut operand = value;
    while let Expression::Binary(Binary { lhs, operator: Op::LowAnd(_) | Op::LowOr(_) | Op::LowXor(_), .. }) = operand {
        operand = lhs;
    }
    operand
}

/// The name of a called function; functions fall back to the global namespace.
pub(super) fn function_name<'a>(name: &Identifier<'a>) -> &'a [u8] {
    match name {
        Identifier::Local(name) => name.value,
        Identifier::FullyQualified(name) => name.value.strip_prefix(b"\\").unwrap_or(name.value),
        Identifier::Qualified(name) => name.value,
    }
}

/// The nth argument, where all up to it are positional.
pub(super) fn argument<'a>(arguments: &'a ArgumentList<'a>, nth: usize) -> Option<&'a Expression<'a>> {
    for argument in arguments.arguments.iter().take(nth) {
        if !matches!(argument, Argument::Positional(one) if one.ellipsis.is_none()) {
            return None;
        }
    }
    match arguments.arguments.iter().nth(nth)? {
        Argument::Positional(argument) if argument.ellipsis.is_none() => Some(argument.value),
        _ => None,
    }
}

/// The nth argument, where it is a literal.
pub(super) fn literal_argument<'a>(arguments: &'a ArgumentList<'a>, nth: usize) -> Option<&'a [u8]> {
    match argument(arguments, nth)? {
        Expression::Literal(Literal::String(string)) => string.value,
        _ => None,
    }
}
