//! The walk over a module: scopes, guards and imports. What calls mean is in [`super::uses`].
//!
//! Existence tests are collected per function and matched with references when the walk is over, whatever their
//! order: `if not exists(p): return` guards what follows it, and a test after a use still says that the program
//! reckons with absence.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use super::guards::Excuse;
use super::lower::Lowering;
use super::scope::{Kind, MAX_NEST, ScopeId};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::reference::{Fact, Namespace, Reference};

/// Most existence tests that are remembered: each is compared with each reference.
const MAX_TESTS: usize = 500;

/// Walks one module.
pub(super) struct Walk<'a, 's, 'l> {
    pub(super) lowering: &'l Lowering<'a, 's>,
    pub(super) at: ScopeId,
    pub(super) facts: Vec<Fact>,
    found: Vec<Found<'s>>,
    tests: Vec<Test<'s>>,
    /// How many handlers or conditions around excuse a missing module, and a missing file.
    excused: Excuse,
    functions: usize,
    /// How many conditions are around: they choose settings.
    pub(super) conditions: usize,
    /// Where lists of settings begin that are read already.
    pub(super) listed: FxHashSet<TextSize>,
    /// The application reads its configuration from a folder that is made on the machine.
    pub(super) instance_relative: bool,
    nest: usize,
}

struct Found<'s> {
    reference: Reference<'s>,
    scope: ScopeId,
    /// The argument as it is written.
    written: &'s [u8],
}

/// An existence test of a path or a module.
struct Test<'s> {
    scope: ScopeId,
    expr: PathExpr<'s>,
    written: &'s [u8],
    of_module: bool,
}

/// How a name is imported.
#[derive(Clone, Copy)]
struct Import {
    /// It may be bound in the module instead of being one.
    member: bool,
    /// Nothing else in the source calls it by this name, so that an edit here is whole.
    editable: bool,
}

impl<'a, 's, 'l> Walk<'a, 's, 'l> {
    pub(super) fn new(lowering: &'l Lowering<'a, 's>) -> Self {
        Walk {
            lowering,
            at: 0,
            facts: Vec::new(),
            found: Vec::new(),
            tests: Vec::new(),
            excused: Excuse::default(),
            functions: 0,
            conditions: 0,
            listed: FxHashSet::default(),
            instance_relative: false,
            nest: 0,
        }
    }

    /// The references, in the order of the source, with their guards.
    pub(super) fn finish(self) -> (Vec<Reference<'s>>, Vec<Fact>) {
        let Walk { lowering, found, tests, facts, instance_relative, .. } = self;
        let guarded =
            |one: &Found<'s>| tests.iter().any(|test| test.covers(one) && encloses(lowering, test.scope, one.scope));
        let mut references: Vec<Reference<'s>> = found
            .iter()
            .filter(|one| !(instance_relative && is_of_instance(&one.reference)))
            .map(|one| Reference { guarded: one.reference.guarded || guarded(one), ..one.reference.clone() })
            .collect();
        references.sort_by_key(|reference| reference.span);
        (references, facts)
    }

    /// The bytes of the source in a range.
    pub(super) fn written(&self, range: TextRange) -> &'s [u8] {
        self.lowering.source.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default()
    }

    /// In a function the damage is done when it is called, else when the module is imported.
    pub(super) fn in_function(&self) -> bool {
        self.functions > 0
    }

    /// Keeps a reference whose argument is written in `range`.
    pub(super) fn keep(&mut self, mut reference: Reference<'s>, range: TextRange) {
        let of_module = matches!(reference.namespace, Namespace::Python { .. });
        reference.guarded |= if of_module { self.excused.modules } else { self.excused.files };
        if self.in_function() && reference.strength == Strength::Fatal && reference.namespace != Namespace::Template {
            reference.strength = Strength::Broken;
        }
        let written = self.written(range);
        self.found.push(Found { reference, scope: self.at, written });
    }

    /// Remembers an existence test.
    pub(super) fn test(&mut self, expr: PathExpr<'s>, range: TextRange, of_module: bool) {
        if self.tests.len() >= MAX_TESTS {
            return;
        }
        let written = self.written(range);
        self.tests.push(Test { scope: self.at, expr, written, of_module });
    }

    pub(super) fn excusing(&mut self, excuse: Excuse, visit: impl FnOnce(&mut Self)) {
        let outer = self.excused;
        self.excused = outer.or(excuse);
        visit(self);
        self.excused = outer;
    }

    fn within(&mut self, start: TextSize, visit: impl FnOnce(&mut Self)) {
        let Some(scope) = self.lowering.scopes.starting_at(start) else { return };
        let outer = std::mem::replace(&mut self.at, scope);
        let function = usize::from(self.lowering.scopes.get(scope).kind == Kind::Function);
        self.functions += function;
        visit(self);
        self.functions -= function;
        self.at = outer;
    }

    fn import(&mut self, import: &'a ast::StmtImport) {
        for alias in &import.names {
            let text = dotted(alias.name.as_str(), self.written(alias.name.range));
            let kept = alias.asname.is_some();
            self.keep_import(alias.name.range, text, "import", Import { member: false, editable: kept });
        }
    }

    fn import_from(&mut self, import: &'a ast::StmtImportFrom) {
        let module = import.module.as_ref().map_or("", |module| module.as_str());
        if module == "__future__" {
            return;
        }
        let name = format!("{}{module}", ".".repeat(import.level as usize));
        if let Some(identifier) = &import.module {
            let range = self.with_dots(identifier.range, import.level);
            let text = dotted(&name, self.written(range));
            self.keep_import(range, text, "from", Import { member: false, editable: true });
        }
        let separator = if module.is_empty() { "" } else { "." };
        for alias in import.names.iter().filter(|alias| alias.name.as_str() != "*") {
            let text = PathExpr::literal(format!("{name}{separator}{}", alias.name).into_bytes());
            let kept = alias.asname.is_some();
            self.keep_import(alias.name.range, text, "from import", Import { member: true, editable: kept });
        }
    }

    /// The range with the dots before it, where they stand right before it.
    fn with_dots(&self, range: TextRange, level: u32) -> TextRange {
        let start = range.start().to_u32().saturating_sub(level);
        let wider = TextRange::new(TextSize::new(start), range.end());
        let all_dots = self.written(wider).iter().take(level as usize).all(|&byte| byte == b'.');
        if all_dots { wider } else { range }
    }

    fn keep_import(&mut self, range: TextRange, expr: PathExpr<'s>, construct: &'static str, import: Import) {
        let relative = matches!(&expr, PathExpr::Literal(name) if name.starts_with(b"."));
        let reference = Reference {
            span: span(range),
            tail: if import.editable { span(range) } else { Span::default() },
            expr,
            construct,
            namespace: Namespace::Python { member: import.member },
            strength: Strength::Fatal,
            guarded: relative && self.excused.relative,
            ceiling: Severity::Error,
        };
        self.keep(reference, range);
    }
}

impl<'a> Visitor<'a> for Walk<'a, '_, '_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                function.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                self.visit_parameters(&function.parameters);
                self.within(function.start(), |walk| walk.visit_body(&function.body));
            }
            Stmt::ClassDef(class) => {
                class.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                self.migration(class);
                self.within(class.start(), |walk| walk.visit_body(&class.body));
            }
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::If(branch) => self.conditional(branch),
            Stmt::Try(attempt) => self.attempt(attempt),
            Stmt::With(with) => self.with(with),
            Stmt::Assign(assign) => {
                self.assign(assign);
                visitor::walk_stmt(self, stmt);
            }
            Stmt::AugAssign(more) => {
                self.setting(&more.target, &more.value);
                visitor::walk_stmt(self, stmt);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.nest >= MAX_NEST {
            return;
        }
        self.nest += 1;
        match expr {
            Expr::Call(call) => self.call(call),
            Expr::Dict(dict) => self.settings(dict),
            _ => {}
        }
        visitor::walk_expr(self, expr);
        self.nest -= 1;
    }

    fn visit_annotation(&mut self, _: &'a Expr) {}
}

impl<'s> Test<'s> {
    /// The same path, the same words, or a variable that the reference mentions.
    fn covers(&self, found: &Found<'s>) -> bool {
        let module = matches!(found.reference.namespace, Namespace::Python { .. });
        if self.of_module || module {
            return self.of_module && module && below(&found.reference.expr, &self.expr);
        }
        let known = !matches!(self.expr, PathExpr::Hole);
        (known && self.expr == found.reference.expr)
            || self.written == found.written
            || (is_variable(self.written) && mentions(found.written, self.written))
    }
}

/// `from_pyfile('x.cfg')`, which an application may look up in its instance folder.
fn is_of_instance(reference: &Reference<'_>) -> bool {
    let relative = reference.expr.as_literal().is_some_and(|text| !text.starts_with(b"/"));
    relative && matches!(reference.construct, "from_file" | "from_pyfile")
}

/// Whether a test in one scope is seen from another.
fn encloses(lowering: &Lowering<'_, '_>, outer: ScopeId, mut inner: ScopeId) -> bool {
    loop {
        if inner == outer {
            return true;
        }
        if inner == 0 {
            return false;
        }
        inner = lowering.scopes.get(inner).parent;
    }
}

fn below(name: &PathExpr<'_>, module: &PathExpr<'_>) -> bool {
    match (name.as_literal(), module.as_literal()) {
        (Some(name), Some(module)) => {
            name.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"."))
        }
        _ => false,
    }
}

fn is_variable(written: &[u8]) -> bool {
    written != b"__file__" && !written.is_empty() && written.iter().all(|&byte| is_word(byte) || byte == b'.')
}

/// Whether `variable` stands in `text` as a word of its own.
fn mentions(text: &[u8], variable: &[u8]) -> bool {
    memchr::memmem::find_iter(text, variable).any(|at| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        let after = text.get(at + variable.len());
        !before.is_some_and(|&byte| is_word(byte) || byte == b'.') && !after.is_some_and(|&byte| is_word(byte))
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// A dotted name, borrowed from the source where it is written in one piece.
fn dotted<'s>(name: &str, written: &'s [u8]) -> PathExpr<'s> {
    if written == name.as_bytes() { PathExpr::literal(written) } else { PathExpr::literal(name.as_bytes().to_vec()) }
}

pub(super) fn span(range: TextRange) -> Span {
    Span { start: range.start().to_u32(), end: range.end().to_u32() }
}
