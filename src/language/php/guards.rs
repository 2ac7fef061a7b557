//! What makes the absence of a file legitimate: an existence test of the same path, a handler, `@`, a comment by which
//! PHPStan passes over the line (phpstan.org "Ignoring Errors").
//!
//! Polarity is not weighed: whoever tests for a file, in whichever branch, has thought of its absence.

use mago_syntax::ast::{
    Call, ClassLikeMemberSelector, Construct, Expression, Hint, Node, Program, Statement, TryCatchClause,
    UnaryPrefixOperator,
};

use super::calls::Read;
use super::lower::Lowering;
use super::names;
use super::sites::{argument, function_name};
use super::tree::Context;
use crate::diagnostic::Strength;
use crate::expr::PathExpr;
use crate::framework;
use crate::reference::Reference;

/// Most nodes of a condition that are looked at, and most guards around a reference.
const MAX_NODES: usize = 256;
const MAX_GUARDS: usize = 64;

/// Most lines that are remembered of which PHPStan is told: each is compared with each reference.
const MAX_SUPPRESSED: usize = 100;

/// Excuses references on lines on which, or before which, PHPStan is told to find nothing.
pub(super) fn suppress(program: &Program<'_>, source: &[u8], references: &mut [Reference<'_>]) {
    let tells = |text: &[u8]| memchr::memmem::find(text, b"@phpstan-ignore").is_some();
    let line_end = |from: usize| {
        memchr::memchr(b'\n', source.get(from..).unwrap_or_default()).map_or(source.len(), |at| from + at + 1)
    };
    let lines = program.trivia.iter().filter(|one| one.kind.is_comment() && tells(one.value)).map(|one| {
        let (start, end) = (one.span.start.offset as usize, one.span.end.offset as usize);
        let start = memchr::memrchr(b'\n', source.get(..start).unwrap_or_default()).map_or(0, |at| at + 1);
        start..line_end(line_end(end))
    });
    for line in lines.take(MAX_SUPPRESSED) {
        let within = references.iter_mut().filter(|one| line.contains(&(one.span.start as usize)));
        within.for_each(|one| one.guarded = true);
    }
}

/// Something around a reference that may excuse it.
#[derive(Debug)]
pub(super) struct Guard<'a> {
    outer: Option<usize>,
    excuse: Excuse<'a>,
}

#[derive(Debug)]
enum Excuse<'a> {
    /// These paths are tested for.
    Tests(Vec<&'a Expression<'a>>),
    /// The code may not run at all here: another version, system or package.
    Elsewhere,
    /// A constant switches the code on (`if (defined('SUNRISE')) include …`); who sets it brings the file.
    Switched,
    /// What goes wrong is caught.
    Caught(Caught),
}

/// What a handler catches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Caught {
    /// Exceptions: what error handlers make of warnings.
    Exceptions,
    /// Everything: also the error of a failed `require`.
    Everything,
}

impl<'a> Guard<'a> {
    /// The guard of a branch.
    pub(super) fn condition(outer: Option<usize>, condition: &'a Expression<'a>) -> Option<Self> {
        let found = tests(condition);
        let excuse = match found {
            Found { elsewhere: true, .. } => Excuse::Elsewhere,
            Found { paths, switched: true, .. } if paths.is_empty() => Excuse::Switched,
            Found { paths, .. } => Excuse::Tests(paths),
        };
        (!matches!(&excuse, Excuse::Tests(paths) if paths.is_empty())).then_some(Guard { outer, excuse })
    }

    /// The guard of what follows an early exit: only a test of a path says something about the rest.
    pub(super) fn early_exit(outer: Option<usize>, condition: &'a Expression<'a>) -> Option<Self> {
        let paths = tests(condition).paths;
        (!paths.is_empty()).then_some(Guard { outer, excuse: Excuse::Tests(paths) })
    }

    /// The guard of a `try`.
    pub(super) fn attempt(outer: Option<usize>, caught: Caught) -> Self {
        Guard { outer, excuse: Excuse::Caught(caught) }
    }
}

/// What a clause catches, unless it passes it on.
pub(super) fn caught(clause: &TryCatchClause<'_>) -> Option<Caught> {
    let again = |statement: &Statement<'_>| {
        matches!(statement, Statement::Expression(one)
            if matches!(one.expression, Expression::Throw(_) | Expression::Construct(Construct::Exit(_) | Construct::Die(_))))
    };
    if clause.block.statements.iter().any(again) {
        return None;
    }
    let mut kinds = Vec::new();
    hints(&clause.hint, &mut kinds);
    kinds.into_iter().filter_map(kind).max()
}

fn kind(name: &[u8]) -> Option<Caught> {
    match name {
        b"Throwable" | b"Error" => Some(Caught::Everything),
        b"Exception" | b"ErrorException" => Some(Caught::Exceptions),
        _ => None,
    }
}

/// The names in `A | B`.
fn hints<'a>(hint: &Hint<'a>, names: &mut Vec<&'a [u8]>) {
    let mut hint = hint;
    while let Hint::Union(union) = hint {
        if let Hint::Identifier(name) = union.right {
            names.push(names::last_segment(name));
        }
        hint = union.left;
    }
    if let Hint::Identifier(name) = hint {
        names.push(names::last_segment(name));
    }
}

/// Whether a condition asks for what may not be there: of the arms it decides between, one is enough.
pub(super) fn is_test(condition: &Expression<'_>) -> bool {
    let found = tests(condition);
    found.elsewhere || found.switched || !found.paths.is_empty()
}

#[derive(Default)]
struct Found<'a> {
    paths: Vec<&'a Expression<'a>>,
    elsewhere: bool,
    switched: bool,
}

/// What a condition tests for.
fn tests<'a>(condition: &'a Expression<'a>) -> Found<'a> {
    let mut found = Found::default();
    let mut rest = vec![(Node::Expression(condition), false)];
    for _ in 0..MAX_NODES {
        let Some((node, mut negated)) = rest.pop() else { break };
        match node {
            Node::Call(call) => found.call(call, negated),
            Node::UnaryPrefix(unary) => negated ^= matches!(unary.operator, UnaryPrefixOperator::Not(_)),
            Node::ConstantAccess(constant) => found.elsewhere |= is_platform(names::value(&constant.name)),
            _ => {}
        }
        node.visit_children(|child| {
            if !is_leaf(child) {
                rest.push((child, negated));
            }
        });
    }
    found
}

/// What tests for nothing and holds nothing that does.
fn is_leaf(node: Node<'_, '_>) -> bool {
    matches!(
        node,
        Node::Keyword(_)
            | Node::Identifier(_)
            | Node::LocalIdentifier(_)
            | Node::DirectVariable(_)
            | Node::Variable(_)
            | Node::Literal(_)
            | Node::Expression(Expression::Literal(_) | Expression::Variable(_) | Expression::Identifier(_))
    )
}

impl<'a> Found<'a> {
    fn call(&mut self, call: &'a Call<'a>, negated: bool) {
        match call {
            Call::Function(call) => {
                let Expression::Identifier(name) = call.function else { return };
                let name = function_name(name).to_ascii_lowercase();
                self.elsewhere |= is_feature_test(&name) || framework::asks("php", &name);
                self.switched |= !negated && name == b"defined";
                if is_existence_test(&name) {
                    self.paths.extend(argument(&call.argument_list, 0));
                }
            }
            Call::Method(call) => {
                if is_test_method(&call.method) {
                    self.paths.extend(argument(&call.argument_list, 0));
                }
            }
            Call::StaticMethod(call) => {
                if is_test_method(&call.method) {
                    self.paths.extend(argument(&call.argument_list, 0));
                }
            }
            Call::NullSafeMethod(_) => {}
        }
    }
}

fn is_existence_test(name: &[u8]) -> bool {
    const TESTS: [&[u8]; 5] = [b"file_exists", b"is_readable", b"is_file", b"is_dir", b"is_link"];
    matches!(name, b"realpath" | b"stream_resolve_include_path" | b"filesize" | b"filemtime" | b"locate_template")
        || TESTS.iter().any(|test| name.ends_with(test))
}

/// `$this->fileExists($path)`, `$disk->exists($path)`.
fn is_test_method(method: &ClassLikeMemberSelector<'_>) -> bool {
    let ClassLikeMemberSelector::Identifier(name) = method else { return false };
    let name = name.value.to_ascii_lowercase();
    name.ends_with(b"exists")
        || name.ends_with(b"is_file")
        || name.ends_with(b"isfile")
        || name.ends_with(b"isreadable")
}

fn is_feature_test(name: &[u8]) -> bool {
    matches!(
        name,
        b"class_exists"
            | b"interface_exists"
            | b"trait_exists"
            | b"enum_exists"
            | b"function_exists"
            | b"extension_loaded"
            | b"version_compare"
            | b"phpversion"
            | b"php_uname"
    )
}

fn is_platform(name: &[u8]) -> bool {
    name.starts_with(b"PHP_OS")
        || name.starts_with(b"PHP_VERSION")
        || name.ends_with(b"_VERSION") && name.starts_with(b"PHP_")
}

/// Whether something around a reference, or on it, excuses the absence of its target.
pub(super) fn excuse(
    value: &Expression<'_>,
    expr: &PathExpr<'_>,
    context: Context,
    read: &Read,
    lowering: &mut Lowering<'_, '_, '_>,
) -> bool {
    // `@` and a tested result do not save a `require`.
    let fatal = read.strength == Strength::Fatal;
    if !fatal && (context.silenced || context.tested) {
        return true;
    }
    let mut next = context.guard;
    for _ in 0..MAX_GUARDS {
        let Some(guard) = next.and_then(|guard| lowering.tree.guards.get(guard)) else { return false };
        let excused = match &guard.excuse {
            Excuse::Elsewhere => true,
            Excuse::Switched => !fatal,
            Excuse::Caught(caught) => !fatal || *caught == Caught::Everything,
            Excuse::Tests(paths) => paths.iter().any(|path| same_path(path, value, expr, context, lowering)),
        };
        if excused {
            return true;
        }
        next = guard.outer;
    }
    false
}

/// Whether a test is about the path of a reference: the same expression, or an unknown one of the same variable.
fn same_path(
    tested: &Expression<'_>,
    value: &Expression<'_>,
    expr: &PathExpr<'_>,
    context: Context,
    lowering: &mut Lowering<'_, '_, '_>,
) -> bool {
    let tested_expr = lowering.part(tested, context);
    if tested_expr == *expr && *expr != PathExpr::Hole {
        return true;
    }
    if !has_hole(&tested_expr) && !has_hole(expr) {
        return false;
    }
    let (tested, used) = (variables(tested), variables(value));
    tested.iter().any(|name| used.contains(name))
}

fn has_hole(expr: &PathExpr<'_>) -> bool {
    match expr {
        PathExpr::Hole => true,
        PathExpr::Literal(_) | PathExpr::Here(_) | PathExpr::Constant(_) => false,
        PathExpr::Parent(inner, _) | PathExpr::Apply(_, inner) => has_hole(inner),
        PathExpr::Concat(parts) | PathExpr::Join(parts) | PathExpr::AnyOf(parts) | PathExpr::FirstOf(parts) => {
            parts.iter().any(has_hole)
        }
    }
}

/// The variables and properties of an expression, by name.
fn variables<'a>(expression: &'a Expression<'a>) -> Vec<&'a [u8]> {
    let mut names = Vec::new();
    let mut rest = vec![Node::Expression(expression)];
    for _ in 0..MAX_NODES {
        let Some(node) = rest.pop() else { break };
        match node {
            Node::DirectVariable(variable) if variable.name != b"$this" => names.push(variable.name),
            Node::ClassLikeMemberSelector(ClassLikeMemberSelector::Identifier(name)) => names.push(name.value),
            _ => node.visit_children(|child| rest.push(child)),
        }
    }
    names
}
