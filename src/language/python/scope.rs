//! What the names of one module stand for.
//!
//! One pass before anything is lowered. It is insensitive to the order of statements: a name with one definition
//! stands for it, a name with several stands for nothing, unless all of them are imports (`try: import x`,
//! `except ImportError: import y as x`), of which the first is taken.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, ExprContext, Stmt};
use ruff_text_size::{Ranged, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

/// Deepest nest of expressions that is looked into.
pub(super) const MAX_NEST: usize = 256;

/// Number of a scope; the module's is 0.
pub(super) type ScopeId = usize;

/// What a name stands for.
#[derive(Debug)]
pub(super) enum Binding<'a> {
    /// `import a.b`, `from a import b`: the dotted name, with leading dots where it is relative.
    Import(String),
    /// Assigned once, in this scope.
    Value(&'a Expr),
    /// Runs over the elements of this.
    Element(&'a Expr),
    /// A class whose body is this scope.
    Class(ScopeId),
    /// Anything else.
    Opaque,
}

/// What a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Module,
    Function,
    Class,
}

#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) parent: ScopeId,
    pub(super) kind: Kind,
    pub(super) names: FxHashMap<&'a str, Binding<'a>>,
}

/// All scopes of a module.
#[derive(Debug)]
pub(super) struct Scopes<'a> {
    all: Vec<Scope<'a>>,
    by_start: FxHashMap<TextSize, ScopeId>,
    /// The module binds more names than can be seen: `import *`, `globals()`, `__getattr__`, `__path__`.
    pub(super) opaque: bool,
    /// Top-level names of everything imported absolutely.
    pub(super) imported: FxHashSet<&'a str>,
}

impl<'a> Scopes<'a> {
    pub(super) fn new(body: &'a [Stmt]) -> Self {
        let module = Scope { parent: 0, kind: Kind::Module, names: FxHashMap::default() };
        let scopes =
            Scopes { all: vec![module], by_start: FxHashMap::default(), opaque: false, imported: FxHashSet::default() };
        let mut collector = Collector { scopes, at: 0, globals: FxHashSet::default(), nest: 0 };
        collector.visit_body(body);
        collector.scopes
    }

    /// The scope of the function or class that starts here.
    pub(super) fn starting_at(&self, start: TextSize) -> Option<ScopeId> {
        self.by_start.get(&start).copied()
    }

    pub(super) fn get(&self, id: ScopeId) -> &Scope<'a> {
        &self.all[id]
    }

    /// What a name means where it is used, and the scope that says so. A class body's names are not seen from
    /// the functions in it.
    pub(super) fn find(&self, from: ScopeId, name: &str) -> Option<(&Binding<'a>, ScopeId)> {
        let mut at = from;
        loop {
            let scope = &self.all[at];
            let visible = scope.kind != Kind::Class || at == from;
            if let Some(binding) = scope.names.get(name).filter(|_| visible) {
                return Some((binding, at));
            }
            if at == 0 {
                return None;
            }
            at = scope.parent;
        }
    }

    /// The class around a scope, for `self` and `cls`.
    pub(super) fn class_around(&self, mut at: ScopeId) -> Option<ScopeId> {
        while at != 0 {
            if self.all[at].kind == Kind::Class {
                return Some(at);
            }
            at = self.all[at].parent;
        }
        None
    }
}

struct Collector<'a> {
    scopes: Scopes<'a>,
    at: ScopeId,
    /// Names that the current function declares `global`.
    globals: FxHashSet<&'a str>,
    nest: usize,
}

impl<'a> Collector<'a> {
    fn bind(&mut self, name: &'a str, binding: Binding<'a>) {
        let (scope, binding) = if self.globals.contains(name) { (0, Binding::Opaque) } else { (self.at, binding) };
        self.bind_in(scope, name, binding);
    }

    fn bind_in(&mut self, scope: ScopeId, name: &'a str, binding: Binding<'a>) {
        let names = &mut self.scopes.all[scope].names;
        match names.get_mut(name) {
            None => {
                names.insert(name, binding);
            }
            Some(Binding::Import(_)) if matches!(binding, Binding::Import(_)) => {}
            Some(known) => *known = Binding::Opaque,
        }
    }

    fn assign(&mut self, target: &'a Expr, value: Option<&'a Expr>) {
        match (target, value) {
            (Expr::Name(name), Some(value)) => self.bind(name.id.as_str(), Binding::Value(value)),
            (Expr::Attribute(attribute), _) if is_self(&attribute.value) => {
                let Some(class) = self.scopes.class_around(self.at) else { return };
                // A value computed in a method may use the method's names, which the class does not see.
                let binding = match value {
                    Some(value) if self.at == class || !mentions_locals(value) => Binding::Value(value),
                    _ => Binding::Opaque,
                };
                self.bind_in(class, attribute.attr.as_str(), binding);
            }
            _ => self.visit_expr(target),
        }
    }

    fn enter(&mut self, start: TextSize, kind: Kind, fill: impl FnOnce(&mut Self)) -> ScopeId {
        let id = self.scopes.all.len();
        self.scopes.all.push(Scope { parent: self.at, kind, names: FxHashMap::default() });
        self.scopes.by_start.insert(start, id);
        let outer = std::mem::replace(&mut self.at, id);
        let globals = std::mem::take(&mut self.globals);
        fill(self);
        self.at = outer;
        self.globals = globals;
        id
    }

    fn function(&mut self, function: &'a ast::StmtFunctionDef) {
        self.bind(function.name.as_str(), Binding::Opaque);
        self.scopes.opaque |= self.at == 0 && function.name.as_str() == "__getattr__";
        for decorator in &function.decorator_list {
            self.visit_decorator(decorator);
        }
        self.enter(function.start(), Kind::Function, |inner| {
            inner.visit_parameters(&function.parameters);
            inner.visit_body(&function.body);
        });
    }

    fn class(&mut self, class: &'a ast::StmtClassDef) {
        let id = self.enter(class.start(), Kind::Class, |inner| inner.visit_body(&class.body));
        self.bind(class.name.as_str(), Binding::Class(id));
    }

    fn import(&mut self, import: &'a ast::StmtImport) {
        for alias in &import.names {
            let name = alias.name.as_str();
            let top = name.split('.').next().unwrap_or(name);
            self.scopes.imported.insert(top);
            match &alias.asname {
                Some(asname) => self.bind(asname.as_str(), Binding::Import(name.to_owned())),
                None => self.bind(top, Binding::Import(top.to_owned())),
            }
        }
    }

    fn import_from(&mut self, import: &'a ast::StmtImportFrom) {
        let module = import.module.as_ref().map_or("", |module| module.as_str());
        if import.level == 0 {
            self.scopes.imported.insert(module.split('.').next().unwrap_or(module));
        }
        let dots = ".".repeat(import.level as usize);
        for alias in &import.names {
            let name = alias.name.as_str();
            if name == "*" {
                self.scopes.opaque = true;
                continue;
            }
            let separator = if module.is_empty() { "" } else { "." };
            let dotted = format!("{dots}{module}{separator}{name}");
            let bound = alias.asname.as_ref().map_or(name, |asname| asname.as_str());
            self.bind(bound, Binding::Import(dotted));
        }
    }

    /// Names that let a module bind what cannot be seen.
    fn notice(&mut self, name: &str) {
        self.scopes.opaque |= matches!(name, "globals" | "setattr" | "exec");
        if matches!(name, "__path__" | "extend_path") {
            self.extend_path();
        }
    }

    /// Submodules of the package may come from anywhere: told by its binding `__path__`.
    fn extend_path(&mut self) {
        self.scopes.opaque = true;
        self.bind_in(0, "__path__", Binding::Opaque);
    }
}

impl<'a> Visitor<'a> for Collector<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Global(global) => {
                for name in &global.names {
                    self.globals.insert(name.as_str());
                    self.bind_in(0, name.as_str(), Binding::Opaque);
                }
            }
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.assign(target, Some(&assign.value));
                }
                self.visit_expr(&assign.value);
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.assign(&assign.target, Some(value));
                    self.visit_expr(value);
                }
            }
            Stmt::AugAssign(assign) => {
                self.assign(&assign.target, None);
                self.visit_expr(&assign.value);
            }
            Stmt::For(each) => {
                match each.target.as_ref() {
                    Expr::Name(name) => self.bind(name.id.as_str(), Binding::Element(&each.iter)),
                    target => self.visit_expr(target),
                }
                self.visit_expr(&each.iter);
                self.visit_body(&each.body);
                self.visit_body(&each.orelse);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.nest >= MAX_NEST {
            return;
        }
        self.nest += 1;
        if let Expr::Name(name) = expr {
            match name.ctx {
                ExprContext::Load => self.notice(name.id.as_str()),
                _ => self.bind(name.id.as_str(), Binding::Opaque),
            }
        }
        if let Expr::Attribute(attribute) = expr
            && attribute.attr.as_str() == "modules"
            && matches!(attribute.value.as_ref(), Expr::Name(name) if name.id.as_str() == "sys")
        {
            self.extend_path();
        }
        visitor::walk_expr(self, expr);
        self.nest -= 1;
    }

    fn visit_comprehension(&mut self, comprehension: &'a ast::Comprehension) {
        match &comprehension.target {
            Expr::Name(name) => self.bind(name.id.as_str(), Binding::Element(&comprehension.iter)),
            target => self.visit_expr(target),
        }
        self.visit_expr(&comprehension.iter);
        for condition in &comprehension.ifs {
            self.visit_expr(condition);
        }
    }

    fn visit_parameter(&mut self, parameter: &'a ast::Parameter) {
        self.bind(parameter.name.as_str(), Binding::Opaque);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.bind(name.as_str(), Binding::Opaque);
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a ast::Pattern) {
        let name = match pattern {
            ast::Pattern::MatchAs(capture) => capture.name.as_ref(),
            ast::Pattern::MatchStar(star) => star.name.as_ref(),
            ast::Pattern::MatchMapping(mapping) => mapping.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.bind(name.as_str(), Binding::Opaque);
        }
        visitor::walk_pattern(self, pattern);
    }
}

/// `self` or `cls`.
pub(super) fn is_self(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if matches!(name.id.as_str(), "self" | "cls"))
}

/// Whether a value stands on lower-case names, which in a method may be local; calls of modules are not meant.
fn mentions_locals(value: &Expr) -> bool {
    match value {
        Expr::Name(name) => {
            name.id.as_str().bytes().any(|byte| byte.is_ascii_lowercase()) && !name.id.starts_with("__")
        }
        Expr::BinOp(operation) => mentions_locals(&operation.left) || mentions_locals(&operation.right),
        Expr::Call(call) => call.arguments.args.iter().any(mentions_locals) || call.arguments.args.is_empty(),
        Expr::FString(_) | Expr::Subscript(_) => true,
        _ => false,
    }
}
