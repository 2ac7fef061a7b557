//! What excuses the absence of a file: a handler, a condition that asks for it, a branch that is not for production.

use std::ops::Range;

use oxc_ast::AstKind;
use oxc_ast::ast::{CatchClause, Comment, Expression, Statement, UnaryExpression, UnaryOperator};
use oxc_semantic::Semantic;
use oxc_span::{GetSpan, Span};
use oxc_syntax::node::NodeId;

use super::names;
use crate::expr::MAX_DEPTH;

/// Names of functions that ask whether something is there.
const ASKS: [&str; 8] = ["access", "accessSync", "exists", "existsSync", "isFile", "pathExists", "stat", "statSync"];
/// What differs from machine to machine, or between development and production.
const CIRCUMSTANCES: [&str; 7] = [
    "define.amd",
    "import.meta.env",
    "import.meta.hot",
    "module.hot",
    "process.env",
    "process.platform",
    "process.versions",
];
/// Comments by which TypeScript passes over a line.
const SUPPRESSIONS: [&[u8]; 2] = [b"@ts-expect-error", b"@ts-ignore"];
/// How far above a reference something may excuse it.
const MAX_ANCESTORS: usize = 1_000;
/// Most such lines that are remembered: each is compared with each reference.
const MAX_SUPPRESSED: usize = 100;
/// What a loader of modules brings: `typeof` asks whether there is one.
const LOADERS: [&str; 5] = ["define", "exports", "module", "process", "require"];

/// Whether the absence of what `id` names is provided for where it stands.
pub(super) fn is_excused(semantic: &Semantic<'_>, id: NodeId) -> bool {
    let own = semantic.nodes().kind(id).span();
    let within = |outer: Span| outer.start <= own.start && own.end <= outer.end;
    let asks = |test: &Expression<'_>| asks(semantic, test, 0);
    let mut in_function = false;
    semantic.nodes().ancestor_kinds(id).take(MAX_ANCESTORS).any(|kind| match kind {
        AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) => {
            in_function = true;
            false
        }
        AstKind::TryStatement(attempt) => {
            let fallback = attempt.handler.as_deref().is_some_and(|handler| within(handler.span));
            let tried = within(attempt.block.span) && attempt.handler.as_deref().is_some_and(forgives);
            !in_function && (fallback || tried)
        }
        AstKind::IfStatement(branch) => !within(branch.test.span()) && asks(&branch.test),
        AstKind::ConditionalExpression(choice) => !within(choice.test.span()) && asks(&choice.test),
        AstKind::LogicalExpression(both) => within(both.right.span()) && asks(&both.left),
        AstKind::CallExpression(call) => !in_function && catches(&call.callee) && within(call.callee.span()),
        _ => false,
    })
}

/// Lines before which TypeScript is told that what it finds there is known (typescriptlang.org "@ts-expect-error").
pub(super) fn suppressed(comments: &[Comment], source: &[u8]) -> Vec<Range<usize>> {
    let tells = |text: &[u8]| SUPPRESSIONS.iter().any(|mark| memchr::memmem::find(text, mark).is_some());
    let after = |end: usize| {
        memchr::memchr(b'\n', source.get(end..).unwrap_or_default()).map_or(source.len(), |at| end + at + 1)
    };
    let comments = comments.iter().map(|comment| comment.span.start as usize..comment.span.end as usize);
    let telling = comments.filter(|comment| source.get(comment.clone()).is_some_and(tells));
    let next = telling.take(MAX_SUPPRESSED).map(|comment| after(comment.end));
    next.map(|start| start..after(start)).collect()
}

/// Whether a handler goes on: one that throws at its end, whatever was caught, does not.
fn forgives(handler: &CatchClause<'_>) -> bool {
    !handler.body.body.iter().any(|statement| matches!(statement, Statement::ThrowStatement(_)) || exits(statement))
}

fn exits(statement: &Statement<'_>) -> bool {
    let Statement::ExpressionStatement(statement) = statement else { return false };
    let Expression::CallExpression(call) = &statement.expression else { return false };
    matches!(&call.callee, Expression::StaticMemberExpression(member) if member.property.name == "exit")
}

/// `import('./x').catch(…)`.
fn catches(callee: &Expression<'_>) -> bool {
    matches!(callee, Expression::StaticMemberExpression(member) if member.property.name == "catch")
}

/// `typeof define`.
fn asks_for_loader(test: &UnaryExpression<'_>) -> bool {
    let Expression::Identifier(name) = &test.argument else { return false };
    test.operator == UnaryOperator::Typeof && LOADERS.contains(&name.name.as_str())
}

/// Whether a condition asks for a file, or for the machine.
fn asks(semantic: &Semantic<'_>, test: &Expression<'_>, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let inner = |test: &Expression<'_>| asks(semantic, test, depth + 1);
    match test {
        Expression::UnaryExpression(one) => inner(&one.argument) || asks_for_loader(one),
        Expression::LogicalExpression(both) => inner(&both.left) || inner(&both.right),
        Expression::BinaryExpression(both) => inner(&both.left) || inner(&both.right),
        Expression::CallExpression(call) => {
            let name = names::qualified(semantic, &call.callee, 0);
            name.is_some_and(|name| ASKS.contains(&name.rsplit('.').next().unwrap_or_default()))
        }
        Expression::Identifier(name) => match names::value(semantic, name) {
            Some(value) => inner(value),
            None => matches!(name.name.as_str(), "__DEV__" | "window" | "document"),
        },
        Expression::StaticMemberExpression(_) => {
            let name = names::qualified(semantic, test, 0);
            name.is_some_and(|name| CIRCUMSTANCES.iter().any(|circumstance| name.starts_with(circumstance)))
        }
        _ => false,
    }
}
