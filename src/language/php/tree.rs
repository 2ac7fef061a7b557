//! One walk over the syntax tree: where paths stand, under which guards, and what is set where.
//!
//! The walk is iterative, each node carrying its context, so that no nest overflows it. Nothing is evaluated here:
//! what a variable holds is known only when the walk is over.

use std::borrow::Cow;

use mago_syntax::ast::{
    ArgumentList, ArrayElement, Assignment, AssignmentOperator, Call, ClassLikeMemberSelector, Expression,
    FunctionLikeParameterList, Node, Program, Statement, UnaryPrefix, UnaryPrefixOperator, Variable,
};

use super::bindings::{Binding, Holds, Outer, Scope, without_dollar};
use super::calls::Effect;
use super::classes::{Class, Declared};
use super::flow::ends;
use super::guards::Guard;
use super::names::Space;
use super::themes::Printed;
use super::uses::Uses;
use super::{functions, lower};
use crate::diagnostic::Span;

/// Where a node stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// Index of the function.
    pub(super) scope: usize,
    /// Index of the class, if any.
    pub(super) class: Option<usize>,
    /// Index of the namespace.
    pub(super) space: usize,
    /// Index of the innermost guard, if any.
    pub(super) guard: Option<usize>,
    /// Below `@`.
    pub(super) silenced: bool,
    /// Its value decides what happens next (`(include 'x') === false`).
    pub(super) tested: bool,
}

/// A path in the source, and what is done with it.
#[derive(Debug)]
pub(super) struct Site<'a> {
    pub(super) value: &'a Expression<'a>,
    pub(super) context: Context,
    pub(super) effect: Effect<'a>,
}

/// What the walk found.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) sites: Vec<Site<'a>>,
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) classes: Vec<Class<'a>>,
    pub(super) spaces: Vec<Space<'a>>,
    pub(super) guards: Vec<Guard<'a>>,
    pub(super) declared: Vec<Declared>,
    pub(super) uses: Uses<'a>,
    /// Text outside the islands.
    pub(super) markup: Vec<Span>,
    /// What is printed, in the order of the source.
    pub(super) printed: Vec<Printed<'a>>,
    pub(super) stack: Vec<(Node<'a, 'a>, Context)>,
}

impl<'a> Tree<'a> {
    /// Walks a whole file.
    pub(super) fn of(program: &'a Program<'a>) -> Self {
        let context = Context { scope: 0, class: None, space: 0, guard: None, silenced: false, tested: false };
        let mut tree = Tree {
            sites: Vec::new(),
            scopes: vec![Scope::default()],
            classes: Vec::new(),
            spaces: vec![Space::default()],
            guards: Vec::new(),
            declared: Vec::new(),
            uses: Uses::default(),
            markup: Vec::new(),
            printed: Vec::new(),
            stack: vec![(Node::Program(program), context)],
        };
        while let Some((node, context)) = tree.stack.pop() {
            let start = tree.stack.len();
            tree.enter(node, context);
            if let Some(children) = tree.stack.get_mut(start..) {
                children.reverse();
            }
        }
        tree
    }

    fn enter(&mut self, node: Node<'a, 'a>, context: Context) {
        match node {
            Node::Expression(expression) => self.expression(expression, context),
            // The commonest statement is not worth the detour over its parts.
            Node::Statement(Statement::Expression(statement)) => {
                if functions::prints(statement.expression) {
                    self.printed.push(Printed { value: statement.expression, context });
                }
                self.push(statement.expression, context);
            }
            Node::Inline(inline) => self.markup.push(lower::span(inline.span)),
            Node::EchoTag(echo) => self.prints(node, echo.values.iter().copied(), context),
            Node::Echo(echo) => self.prints(node, echo.values.iter().copied(), context),
            Node::If(branch) => self.branches(branch, context),
            Node::Try(attempt) => self.attempt(attempt, context),
            Node::Foreach(each) => self.foreach(each, context),
            Node::Namespace(space) => {
                self.spaces.push(Space::new(space.name.as_ref()));
                let space = self.spaces.len() - 1;
                self.children(node, Context { space, ..context });
            }
            Node::UseItems(items) => {
                if let Some(space) = self.spaces.get_mut(context.space) {
                    space.import(items);
                }
            }
            Node::Constant(constant) => {
                for item in &constant.items {
                    if let Some(space) = self.spaces.get_mut(context.space) {
                        let name = space.declare(item.name.value);
                        self.define(name, item.value, context);
                    }
                }
                self.children(node, context);
            }
            Node::Global(global) => self.unknown_all(global.variables.iter(), context),
            Node::StaticItem(item) => self.unknown(item.variable().name, item.variable().span, context),
            Node::TryCatchClause(clause) => {
                if let Some(variable) = &clause.variable {
                    self.unknown(variable.name, variable.span, context);
                }
                self.children(node, context);
            }
            Node::Function(function) => self.function(node, &function.parameter_list, None, context),
            Node::Method(method) => self.function(node, &method.parameter_list, None, context),
            Node::Class(_) | Node::Interface(_) | Node::Trait(_) | Node::Enum(_) | Node::AnonymousClass(_) => {
                self.class(node, context);
            }
            Node::TraitUse(traits) => self.traits(traits, context),
            Node::PlainProperty(_) | Node::ClassLikeConstant(_) => self.member(node, context),
            _ => self.children(node, context),
        }
    }

    fn prints(&mut self, node: Node<'a, 'a>, values: impl Iterator<Item = &'a Expression<'a>>, context: Context) {
        self.printed.extend(values.map(|value| Printed { value, context }));
        self.children(node, context);
    }

    fn expression(&mut self, expression: &'a Expression<'a>, context: Context) {
        // Whether a value is tested is passed on only by what hands the value on.
        let inner = Context { tested: false, ..context };
        match expression {
            Expression::Parenthesized(inner) => self.push(inner.expression, context),
            Expression::Assignment(assignment) => self.assignment(assignment, context),
            Expression::Binary(binary) => self.binary(binary, context),
            Expression::UnaryPrefix(unary) => self.unary(unary, context),
            Expression::UnaryPostfix(unary) => {
                self.bind(unary.operand, Holds::Unknown, None, context);
                self.push(unary.operand, inner);
            }
            Expression::Conditional(choice) => self.conditional(choice, inner),
            Expression::Construct(construct) => self.construct(construct, context),
            Expression::Call(call) => {
                self.call(call, context);
                self.static_call(call, context);
                self.asks_for_class(call, context);
                self.callee(call, inner);
                self.arguments(call.get_argument_list(), inner);
            }
            Expression::Access(access) => {
                self.static_member(access, context);
                self.children(Node::Expression(expression), inner);
            }
            Expression::ArrayAccess(access) => {
                self.push(access.array, inner);
                self.push(access.index, inner);
            }
            Expression::Array(array) => self.elements(array.elements.as_slice(), inner),
            Expression::LegacyArray(array) => self.elements(array.elements.as_slice(), inner),
            Expression::Instantiation(new) => {
                self.instantiation(new.class, new.argument_list.as_ref(), context);
                self.uses(new.class, "new", context);
                self.children(Node::Instantiation(new), inner);
            }
            Expression::Closure(closure) => {
                let seen = closure.use_clause.iter().flat_map(|clause| clause.variables.iter());
                let seen = seen.filter(|one| one.ampersand.is_none()).map(|one| one.variable.name).collect();
                let outer = Some((context.scope, Some(seen)));
                self.function(Node::Closure(closure), &closure.parameter_list, outer, inner);
            }
            Expression::ArrowFunction(arrow) => {
                let outer = Some((context.scope, None));
                self.function(Node::ArrowFunction(arrow), &arrow.parameter_list, outer, inner);
            }
            _ => self.children(Node::Expression(expression), inner),
        }
    }

    pub(super) fn push(&mut self, expression: &'a Expression<'a>, context: Context) {
        if !is_plain(expression) {
            self.stack.push((Node::Expression(expression), context));
        }
    }

    /// What is called.
    fn callee(&mut self, call: &'a Call<'a>, context: Context) {
        let (value, method) = match call {
            Call::Function(call) => (call.function, None),
            Call::Method(call) => (call.object, Some(&call.method)),
            Call::NullSafeMethod(call) => (call.object, Some(&call.method)),
            Call::StaticMethod(call) => (call.class, Some(&call.method)),
        };
        self.push(value, context);
        if let Some(method) = method.filter(|method| !matches!(method, ClassLikeMemberSelector::Identifier(_))) {
            self.children(Node::ClassLikeMemberSelector(method), context);
        }
    }

    fn arguments(&mut self, list: &'a ArgumentList<'a>, context: Context) {
        for argument in &list.arguments {
            self.push(argument.value(), context);
        }
    }

    fn elements(&mut self, elements: &'a [ArrayElement<'a>], context: Context) {
        for element in elements {
            if let Some(key) = element.get_key() {
                self.push(key, context);
            }
            if let Some(value) = element.get_value() {
                self.push(value, context);
            }
        }
    }

    /// The children of a node; what follows an early exit (`if (!is_file($x)) return;`) is guarded by its test.
    pub(super) fn children(&mut self, node: Node<'a, 'a>, mut context: Context) {
        let start = self.stack.len();
        let stack = &mut self.stack;
        node.visit_children(|child| {
            if !is_leaf(child) {
                stack.push((child, context));
            }
        });
        for at in start..self.stack.len() {
            let Some((child, stands)) = self.stack.get_mut(at) else { return };
            stands.guard = context.guard;
            if let Node::Statement(Statement::If(branch)) = *child
                && ends(branch.body.statements())
            {
                context.guard = self.early_exit(branch.condition, context);
            }
        }
    }

    fn assignment(&mut self, assignment: &'a Assignment<'a>, context: Context) {
        let reference = matches!(
            assignment.rhs,
            Expression::UnaryPrefix(UnaryPrefix { operator: UnaryPrefixOperator::Reference(_), .. })
        );
        let holds = match assignment.operator {
            AssignmentOperator::Assign(_) if !reference => Holds::Value(assignment.rhs),
            _ => Holds::Unknown,
        };
        self.bind(assignment.lhs, holds, None, context);
        self.push(assignment.lhs, Context { tested: false, ..context });
        self.push(assignment.rhs, context);
    }

    fn function(
        &mut self,
        node: Node<'a, 'a>,
        parameters: &'a FunctionLikeParameterList<'a>,
        outer: Option<Outer<'a>>,
        context: Context,
    ) {
        // A function runs later: what was tested where it stands need not hold then. A closure mostly runs at once.
        let guard = if outer.is_some() { context.guard } else { None };
        self.scopes.push(Scope { outer, ..Scope::default() });
        let scope = self.scopes.len() - 1;
        let inner = Context { scope, guard, silenced: false, tested: false, ..context };
        for parameter in &parameters.parameters {
            parameter.hint.iter().for_each(|hint| self.is_handed(hint));
            self.unknown(parameter.variable.name, parameter.variable.span, inner);
            if let (Some(class), false) = (context.class, parameter.modifiers.is_empty()) {
                let name = without_dollar(parameter.variable.name);
                if let Some(class) = self.classes.get_mut(class) {
                    let binding = Binding { holds: Holds::Unknown, context: inner, at: 0, body: None };
                    class.set(name.to_vec(), binding);
                }
            }
        }
        self.children(node, inner);
    }

    fn class(&mut self, node: Node<'a, 'a>, context: Context) {
        let names = self.names(context);
        let (class, declared) = Class::new(node, names);
        self.declared.extend(declared);
        self.inherits(node, context);
        self.classes.push(class);
        let class = Some(self.classes.len() - 1);
        self.children(node, Context { class, guard: None, ..context });
    }

    fn member(&mut self, node: Node<'a, 'a>, context: Context) {
        match node {
            Node::PlainProperty(property) => {
                self.property(property, context);
                if let Some(class) = context.class.and_then(|class| self.classes.get_mut(class)) {
                    class.declare(property, |holds, at| Binding { holds, context, at, body: None });
                }
            }
            Node::ClassLikeConstant(constant) => {
                for item in &constant.items {
                    let class = context.class.and_then(|class| self.classes.get(class));
                    let name = class.and_then(|class| class.constant(item.name.value));
                    if let Some(name) = name {
                        self.define(Cow::Owned(name), item.value, context);
                    }
                }
            }
            _ => {}
        }
        self.children(node, context);
    }

    pub(super) fn names(&self, context: Context) -> &Space<'a> {
        // The first space is always there.
        self.spaces.get(context.space).unwrap_or(&self.spaces[0])
    }
}

/// Values that no path stands in, and that are looked at only by whoever uses them.
fn is_plain(expression: &Expression<'_>) -> bool {
    matches!(
        expression,
        Expression::Literal(_)
            | Expression::Variable(Variable::Direct(_))
            | Expression::MagicConstant(_)
            | Expression::ConstantAccess(_)
            | Expression::Identifier(_)
            | Expression::Parent(_)
            | Expression::Static(_)
            | Expression::Self_(_)
            | Expression::Error(_)
    )
}

/// Nodes below which no path stands.
fn is_leaf(node: Node<'_, '_>) -> bool {
    if let Node::Expression(expression) = node {
        return is_plain(expression);
    }
    matches!(
        node,
        Node::Keyword(_)
            | Node::Terminator(_)
            | Node::Modifier(_)
            | Node::DirectVariable(_)
            | Node::Identifier(_)
            | Node::LocalIdentifier(_)
            | Node::AttributeList(_)
            | Node::Hint(_)
            | Node::Extends(_)
            | Node::Implements(_)
    )
}
