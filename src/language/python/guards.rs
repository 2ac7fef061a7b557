//! What excuses the absence of a module or a file: a condition about the machine, a handler, a context that swallows
//! the exception (Language Reference, 8 "Compound statements").

use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{self as ast, ExceptHandler, Expr, Stmt};

use super::walk::Walk;

/// Conditions under which a branch is not for every machine.
const PLATFORM: [&str; 9] = [
    "os.name",
    "platform.system()",
    "six.PY2",
    "six.PY3",
    "sys.implementation.name",
    "sys.platform",
    "sys.version_info",
    "typing.TYPE_CHECKING",
    "TYPE_CHECKING",
];

/// What the constructs around excuse.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Excuse {
    pub modules: bool,
    pub files: bool,
    /// Modules by relative names: what is run as a program has no package (Language Reference 5.7), so that a server
    /// never gets there.
    pub relative: bool,
}

impl Excuse {
    const ALL: Excuse = Excuse { modules: true, files: true, relative: true };
    const RELATIVE: Excuse = Excuse { modules: false, files: false, relative: true };

    pub fn or(self, other: Excuse) -> Excuse {
        Excuse {
            modules: self.modules || other.modules,
            files: self.files || other.files,
            relative: self.relative || other.relative,
        }
    }
}

impl<'a> Walk<'a, '_, '_> {
    pub(super) fn conditional(&mut self, branch: &'a ast::StmtIf) {
        self.visit_expr(&branch.test);
        let tests = std::iter::once(branch.test.as_ref())
            .chain(branch.elif_else_clauses.iter().filter_map(|c| c.test.as_ref()));
        let excuse = match tests.into_iter().any(|test| self.is_about_platform(test, 0)) {
            true => Excuse::ALL,
            false if is_about_program(&branch.test) => Excuse::RELATIVE,
            false => Excuse::default(),
        };
        self.conditions += 1;
        self.excusing(excuse, |walk| {
            walk.visit_body(&branch.body);
            for clause in &branch.elif_else_clauses {
                walk.visit_elif_else_clause(clause);
            }
        });
        self.conditions -= 1;
    }

    fn is_about_platform(&self, test: &Expr, depth: usize) -> bool {
        let any = |exprs: &[Expr]| exprs.iter().any(|expr| self.is_about_platform(expr, depth + 1));
        if depth > 8 {
            return false;
        }
        match test {
            Expr::Name(_) | Expr::Attribute(_) | Expr::Call(_) => {
                self.lowering.qualified(test, self.at).is_some_and(|name| {
                    PLATFORM.iter().any(|known| name == *known || name.starts_with(&format!("{known}.")))
                })
            }
            Expr::Compare(compare) => self.is_about_platform(&compare.left, depth + 1) || any(&compare.comparators),
            Expr::BoolOp(operation) => any(&operation.values),
            Expr::UnaryOp(operation) => self.is_about_platform(&operation.operand, depth + 1),
            Expr::Subscript(subscript) => self.is_about_platform(&subscript.value, depth + 1),
            _ => false,
        }
    }

    pub(super) fn attempt(&mut self, attempt: &'a ast::StmtTry) {
        let excuse = attempt.handlers.iter().map(|handler| self.handled(handler)).fold(Excuse::default(), Excuse::or);
        self.excusing(excuse, |walk| walk.visit_body(&attempt.body));
        for handler in &attempt.handlers {
            let excuse = self.handled(handler);
            self.excusing(excuse, |walk| walk.visit_except_handler(handler));
        }
        self.visit_body(&attempt.orelse);
        self.visit_body(&attempt.finalbody);
    }

    /// What a handler excuses; nothing where it ends by raising again.
    fn handled(&self, handler: &ExceptHandler) -> Excuse {
        let ExceptHandler::ExceptHandler(handler) = handler;
        if matches!(handler.body.last(), Some(Stmt::Raise(_))) {
            return Excuse::default();
        }
        match handler.type_.as_deref() {
            None => Excuse::ALL,
            Some(Expr::Tuple(tuple)) => {
                tuple.elts.iter().map(|one| self.exception(one)).fold(Excuse::default(), Excuse::or)
            }
            Some(one) => self.exception(one),
        }
    }

    fn exception(&self, class: &Expr) -> Excuse {
        match self.lowering.qualified(class, self.at).as_deref() {
            Some("ImportError" | "ModuleNotFoundError") => Excuse { modules: true, ..Excuse::default() },
            Some("FileNotFoundError" | "OSError" | "IOError" | "EnvironmentError") => {
                Excuse { files: true, ..Excuse::default() }
            }
            Some("Exception" | "BaseException") => Excuse::ALL,
            _ => Excuse::default(),
        }
    }

    pub(super) fn with(&mut self, with: &'a ast::StmtWith) {
        let mut excuse = Excuse::default();
        for item in &with.items {
            excuse = excuse.or(self.context(&item.context_expr));
            self.visit_with_item(item);
        }
        self.excusing(excuse, |walk| walk.visit_body(&with.body));
    }

    /// `suppress(ImportError)`, and tests that want an exception.
    fn context(&self, manager: &Expr) -> Excuse {
        let Expr::Call(call) = manager else { return Excuse::default() };
        match self.lowering.qualified(&call.func, self.at).as_deref() {
            Some("contextlib.suppress" | "pytest.raises") => {
                call.arguments.args.iter().map(|class| self.exception(class)).fold(Excuse::default(), Excuse::or)
            }
            _ => match call.func.as_ref() {
                Expr::Attribute(method) if method.attr.starts_with("assertRaises") => Excuse::ALL,
                _ => Excuse::default(),
            },
        }
    }
}

/// `__name__ == "__main__"`, either way round.
fn is_about_program(test: &Expr) -> bool {
    let Expr::Compare(compare) = test else { return false };
    let is = |expr: &Expr| match expr {
        Expr::Name(name) => name.id == "__name__",
        Expr::StringLiteral(text) => text.value.to_str() == "__main__",
        _ => false,
    };
    is(&compare.left) && compare.comparators.iter().all(is)
}
