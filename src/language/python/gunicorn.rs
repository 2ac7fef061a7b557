//! Settings of gunicorn that name files, in a module of that name (docs.gunicorn.org, "Settings"): the directory that
//! is changed to, the application, and the socket.

use ruff_python_ast::Expr;
use ruff_text_size::Ranged;

use super::lower::{Lowering, constant_text, tail_range, value_range};
use super::scope::Binding;
use super::walk::span;
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::language::launch::is_module;
use crate::language::socket_path;
use crate::path;
use crate::reference::{Base, Defined, Fact, Namespace, Reference, Want};

/// Whether gunicorn reads this file by itself, or is told to by a common name.
pub(super) fn is_settings(file: &[u8]) -> bool {
    matches!(
        path::name(file),
        b"gunicorn.conf.py" | b"gunicorn.config.py" | b"gunicorn_conf.py" | b"gunicorn_config.py"
    )
}

/// What the settings name.
pub(super) fn references<'s>(lowering: &Lowering<'_, 's>) -> Vec<Reference<'s>> {
    let names = &lowering.scopes.get(0).names;
    let value = |name: &str| match names.get(name) {
        Some(Binding::Value(value)) => Some(*value),
        _ => None,
    };
    let directory = value("chdir").map(|value| (value, lowering.path(value, 0)));
    let changed = directory.as_ref().map(|(_, expr)| expr.clone().into_owned());
    let application = value("wsgi_app").and_then(|value| application(value, changed));
    directory.map(|(value, expr)| place(value, expr)).into_iter().chain(application).collect()
}

/// The socket that it listens on.
pub(super) fn socket(lowering: &Lowering<'_, '_>) -> Option<Fact> {
    let Some(Binding::Value(value)) = lowering.scopes.get(0).names.get("bind") else { return None };
    let path = constant_text(value)?.strip_prefix("unix:").filter(|path| path.starts_with('/'))?;
    Some(Fact::Defines { what: Defined::Socket, number: 0, name: socket_path(path.as_bytes()) })
}

fn place<'s>(value: &Expr, expr: PathExpr<'s>) -> Reference<'s> {
    let namespace = Namespace::Path(&[Base::WorkingDirectory], Want::Directory);
    let reference = Reference::literal(span(value_range(value)), Vec::new(), "chdir", namespace, Strength::Fatal);
    Reference { expr, tail: tail_range(value).map(span).unwrap_or_default(), ..reference }
}

/// `package.module:application`, imported from the directory that is changed to.
fn application(value: &Expr, directory: Option<PathExpr<'static>>) -> Option<Reference<'static>> {
    let text = constant_text(value)?;
    let name = text.split(':').next().filter(|name| is_module(name.as_bytes()))?;
    let whole = span(value_range(value));
    let exact = value.range().len().to_usize() >= text.len() && (whole.end - whole.start) as usize == text.len();
    let start = whole.start as usize;
    let place = Span::new(start, start + name.len());
    let from = directory.unwrap_or_else(|| PathExpr::here_up(0));
    Some(Reference {
        span: if exact { place } else { whole },
        tail: if exact { place } else { Span::default() },
        expr: PathExpr::Join(vec![from, PathExpr::literal(name.as_bytes().to_vec())]),
        construct: "wsgi_app",
        namespace: Namespace::Python { member: false },
        strength: Strength::Fatal,
        guarded: false,
        ceiling: Severity::Error,
    })
}
