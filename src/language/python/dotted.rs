//! Names in dots that Django imports by their text: settings, `include('shop.urls')`, and the migrations that one
//! depends on (docs.djangoproject.com, "Settings", "URL dispatcher", "Migrations"; rows in
//! [`crate::framework::django`]).
//!
//! A list is followed through names and `+`. What a condition chooses may be for another machine: it counts as guarded.

use ruff_python_ast::{self as ast, Expr, Operator, Stmt};
use ruff_text_size::Ranged;

use super::lower::{constant_text, sequence, value_range};
use super::scope::Kind;
use super::walk::{Walk, span};
use crate::diagnostic::{Span, Strength};
use crate::expr::PathExpr;
use crate::framework::django::{self, Dotted, MIGRATION, SETTINGS_MODULE};
use crate::language::launch::is_module;
use crate::path;
use crate::reference::{Fact, Namespace, Reference};

/// How often a list is followed to where it is written.
const MAX_CHAIN: usize = 8;

impl<'a> Walk<'a, '_, '_> {
    /// `INSTALLED_APPS = […]`, `MIDDLEWARE += […]`, `os.environ['DJANGO_SETTINGS_MODULE'] = '…'`.
    pub(super) fn setting(&mut self, target: &'a Expr, value: &'a Expr) {
        match target {
            Expr::Name(name) if self.lowering.scopes.get(self.at).kind != Kind::Function => {
                self.imported(name.id.as_str(), value);
            }
            Expr::Subscript(subscript) if is_settings_module(&subscript.slice) => {
                self.dotted(SETTINGS_MODULE, value, Dotted::Module);
            }
            _ => {}
        }
    }

    /// `INSTALLED_APPS.append('…')`, `os.environ.setdefault('DJANGO_SETTINGS_MODULE', '…')`.
    pub(super) fn extended_setting(&mut self, call: &'a ast::ExprCall) {
        let Expr::Attribute(method) = call.func.as_ref() else { return };
        let arguments = &call.arguments.args;
        match (method.attr.as_str(), method.value.as_ref(), arguments.first(), arguments.last()) {
            ("append" | "insert" | "extend", Expr::Name(list), _, Some(value)) => {
                self.imported(list.id.as_str(), value)
            }
            ("setdefault", _, Some(key), Some(value)) if arguments.len() == 2 && is_settings_module(key) => {
                self.dotted(SETTINGS_MODULE, value, Dotted::Module);
            }
            _ => {}
        }
    }

    /// The strings of a setting that are imported.
    pub(super) fn imported(&mut self, setting: &str, value: &'a Expr) {
        let Some((setting, kind)) = django::imported(setting) else { return };
        self.each_dotted(setting, value, kind, MAX_CHAIN);
    }

    fn each_dotted(&mut self, setting: &'static str, value: &'a Expr, kind: Dotted, chain: usize) {
        let Some(chain) = chain.checked_sub(1) else { return };
        match value {
            Expr::StringLiteral(_) => self.dotted(setting, value, kind),
            Expr::BinOp(sum) if sum.op == Operator::Add => {
                self.each_dotted(setting, &sum.left, kind, chain);
                self.each_dotted(setting, &sum.right, kind, chain);
            }
            Expr::Starred(starred) => self.each_dotted(setting, &starred.value, kind, chain),
            Expr::Name(name) => {
                if let Some(value) = self.lowering.value_of(name.id.as_str(), self.at) {
                    self.each_dotted(setting, value, kind, chain);
                }
            }
            Expr::List(_) | Expr::Tuple(_) | Expr::Set(_) if self.listed.insert(value.start()) => {
                members(value).iter().for_each(|member| self.each_dotted(setting, member, kind, chain));
            }
            _ => {}
        }
    }

    /// One name, as far as it is that of a module.
    pub(super) fn dotted(&mut self, construct: &'static str, value: &'a Expr, kind: Dotted) {
        let Some(text) = constant_text(value).filter(|text| is_module(text.as_bytes())) else { return };
        let member = match kind {
            Dotted::Module => false,
            Dotted::Member => true,
            Dotted::Application => {
                text.rsplit_once('.').is_some_and(|(_, last)| last.starts_with(|c: char| c.is_ascii_uppercase()))
            }
        };
        let module = if member { text.rsplit_once('.').map(|(module, _)| module) } else { Some(text) };
        let Some(module) = module else { return };
        let whole = span(value_range(value));
        // Where there are escapes in it, its start is not that of the text.
        let exact = (whole.end - whole.start) as usize == text.len();
        let start = whole.start as usize;
        let place = if exact { Span::new(start, start + module.len()) } else { whole };
        let namespace = Namespace::Python { member: false };
        let name = module.as_bytes().to_vec();
        let reference = Reference::literal(place, name, construct, namespace, Strength::Fatal);
        let tail = if exact { place } else { Span::default() };
        self.keep(Reference { tail, guarded: self.conditions > 0, ..reference }, value.range());
    }

    /// What a migration says it comes after: `dependencies = [('shop', '0001_initial')]`.
    pub(super) fn migration(&mut self, class: &'a ast::StmtClassDef) {
        let is_one = class.bases().iter().any(|base| {
            let name = self.lowering.qualified(base, self.at);
            name.is_some_and(|name| name == MIGRATION)
        });
        for stmt in class.body.iter().filter(|_| is_one) {
            let Stmt::Assign(assign) = stmt else { continue };
            let [Expr::Name(name)] = assign.targets.as_slice() else { continue };
            match name.id.as_str() {
                construct @ ("dependencies" | "run_before") => {
                    let construct = if construct == "run_before" { "run_before" } else { "dependencies" };
                    members(&assign.value).iter().for_each(|pair| self.needed(construct, pair));
                }
                "replaces" => members(&assign.value).iter().for_each(|pair| self.replaced(pair)),
                _ => {}
            }
        }
    }

    fn needed(&mut self, construct: &'static str, pair: &'a Expr) {
        let Some([label, name]) = sequence(pair) else { return };
        let (Some(app), Some(text)) = (constant_text(label), constant_text(name)) else { return };
        // `__first__` and `__latest__` stand for whatever is there.
        if text.starts_with("__") || text.is_empty() || text.contains('/') || app.contains(['/', '.']) {
            return;
        }
        let place = span(value_range(name));
        let path = path::join(app.as_bytes(), text.as_bytes());
        let reference = Reference::literal(place, path, construct, Namespace::Migration, Strength::Fatal);
        self.keep(reference, name.range());
    }

    /// Migrations that this one stands for may be gone: others that come after them come after it.
    fn replaced(&mut self, pair: &'a Expr) {
        let Some([_, name]) = sequence(pair) else { return };
        let Some(text) = constant_text(name) else { return };
        let gone = PathExpr::here_up(0).join(PathExpr::literal([text.as_bytes(), b".py"].concat()));
        self.facts.push(Fact::Output(gone));
    }
}

fn is_settings_module(key: &Expr) -> bool {
    constant_text(key) == Some(SETTINGS_MODULE)
}

/// The members of a list, tuple or set, those that stand for several included.
fn members(value: &Expr) -> &[Expr] {
    match value {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::Set(set) => &set.elts,
        _ => &[],
    }
}
