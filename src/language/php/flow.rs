//! Control flow: which nodes run only after a test, or where a failure is provided for, and under which guard each goes
//! on the walk's stack.

use mago_span::HasSpan;
use mago_syntax::ast::{
    Binary, BinaryOperator, Conditional, Construct, Expression, Foreach, ForeachTarget, If, IfBody, Node, Statement,
    Try, UnaryPrefix, UnaryPrefixOperator,
};

use super::bindings::Holds;
use super::guards::{self, Guard};
use super::lower;
use super::tree::{Context, Tree};

impl<'a> Tree<'a> {
    pub(super) fn branches(&mut self, branch: &'a If<'a>, context: Context) {
        self.push(branch.condition, Context { tested: true, ..context });
        let mut context = Context { guard: self.guarded(branch.condition, context), ..context };
        self.statements(branch.body.statements(), context);
        let clauses: Vec<(&'a Expression<'a>, &'a [Statement<'a>])> = match &branch.body {
            IfBody::Statement(body) => {
                body.else_if_clauses.iter().map(|one| (one.condition, std::slice::from_ref(one.statement))).collect()
            }
            IfBody::ColonDelimited(body) => {
                body.else_if_clauses.iter().map(|one| (one.condition, one.statements.as_slice())).collect()
            }
        };
        for (condition, statements) in clauses {
            self.push(condition, Context { tested: true, ..context });
            context.guard = self.guarded(condition, context);
            self.statements(statements, context);
        }
        self.statements(branch.body.else_statements().unwrap_or_default(), context);
    }

    fn statements(&mut self, statements: &'a [Statement<'a>], mut context: Context) {
        for statement in statements {
            self.stack.push((Node::Statement(statement), context));
            if let Statement::If(branch) = statement
                && ends(branch.body.statements())
            {
                context.guard = self.early_exit(branch.condition, context);
            }
        }
    }

    pub(super) fn conditional(&mut self, choice: &'a Conditional<'a>, context: Context) {
        self.push(choice.condition, Context { tested: true, ..context });
        let arms = Context { guard: self.guarded(choice.condition, context), ..context };
        if let Some(then) = choice.then {
            self.push(then, arms);
        }
        self.push(choice.r#else, arms);
    }

    pub(super) fn binary(&mut self, binary: &'a Binary<'a>, context: Context) {
        use BinaryOperator as Op;
        let concat = matches!(binary.operator, Op::StringConcat(_));
        let inner = Context { tested: !concat, ..context };
        self.push(binary.lhs, inner);
        let logical = matches!(binary.operator, Op::And(_) | Op::Or(_) | Op::LowAnd(_) | Op::LowOr(_) | Op::LowXor(_));
        // The right side of `is_file($x) and require $x` is used for what it does.
        let guard = if logical { self.guarded(binary.lhs, context) } else { context.guard };
        self.push(binary.rhs, Context { guard, tested: !concat && !logical || context.tested, ..inner });
    }

    pub(super) fn unary(&mut self, unary: &'a UnaryPrefix<'a>, context: Context) {
        use UnaryPrefixOperator as Op;
        let context = match unary.operator {
            Op::ErrorControl(_) => Context { silenced: true, ..context },
            Op::Not(_) => Context { tested: true, ..context },
            Op::PreIncrement(_) | Op::PreDecrement(_) | Op::Reference(_) => {
                self.bind(unary.operand, Holds::Unknown, None, context);
                context
            }
            _ => context,
        };
        self.push(unary.operand, context);
    }

    /// `try { include 'x.php'; } catch (…)`: whoever catches and goes on, lives without.
    pub(super) fn attempt(&mut self, attempt: &'a Try<'a>, context: Context) {
        let caught = attempt.catch_clauses.iter().filter_map(guards::caught).max();
        let guard = caught.map(|caught| self.guard(Guard::attempt(context.guard, caught)));
        let inner = Context { guard: guard.or(context.guard), ..context };
        self.statements(attempt.block.statements.as_slice(), inner);
        for clause in &attempt.catch_clauses {
            self.stack.push((Node::TryCatchClause(clause), context));
        }
        if let Some(clause) = &attempt.finally_clause {
            self.statements(clause.block.statements.as_slice(), context);
        }
    }

    pub(super) fn foreach(&mut self, each: &'a Foreach<'a>, context: Context) {
        let body = lower::span(each.body.span());
        let (key, value) = match &each.target {
            ForeachTarget::Value(target) => (None, target.value),
            ForeachTarget::KeyValue(target) => (Some(target.key), target.value),
        };
        if let Some(key) = key {
            self.bind(key, Holds::Keys(each.expression), Some(body), context);
        }
        self.bind(value, Holds::Members(each.expression), Some(body), context);
        self.push(each.expression, context);
        self.statements(each.body.statements(), context);
    }

    /// The guard that a condition puts up, if it tests for anything.
    fn guarded(&mut self, condition: &'a Expression<'a>, context: Context) -> Option<usize> {
        match Guard::condition(context.guard, condition) {
            Some(guard) => Some(self.guard(guard)),
            None => context.guard,
        }
    }

    pub(super) fn early_exit(&mut self, condition: &'a Expression<'a>, context: Context) -> Option<usize> {
        match Guard::early_exit(context.guard, condition) {
            Some(guard) => Some(self.guard(guard)),
            None => context.guard,
        }
    }

    fn guard(&mut self, guard: Guard<'a>) -> usize {
        self.guards.push(guard);
        self.guards.len() - 1
    }
}

/// Whether control never passes the end of these statements.
pub(super) fn ends(statements: &[Statement<'_>]) -> bool {
    let mut statements = statements;
    for _ in 0..4 {
        match statements.last() {
            Some(Statement::Block(block)) => statements = block.statements.as_slice(),
            Some(Statement::Return(_) | Statement::Continue(_) | Statement::Break(_)) => return true,
            Some(Statement::Expression(last)) => {
                return matches!(
                    last.expression,
                    Expression::Throw(_) | Expression::Construct(Construct::Exit(_) | Construct::Die(_))
                );
            }
            _ => return false,
        }
    }
    false
}
