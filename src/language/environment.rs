//! Files of environment variables: `.env`, `.flaskenv` (flask.palletsprojects.com, "Command Line Interface";
//! docs.djangoproject.com, "Django settings").
//!
//! Read are the variables that name a module or a file of the application. Knowingly not read: every other, as only
//! the program knows what it means.

use super::launch::is_module;
use super::syntax::ini::{self, Entry, Style};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::Strength;
use crate::expr::PathExpr;
use crate::path;

/// `.env`, `.env.production`, `.flaskenv`.
pub const LANGUAGE: Language = Language {
    name: "environment",
    extensions: &["dev", "development", "env", "prod", "production"],
    names: &[".env", ".flaskenv"],
    interpreters: &[],
    recognises: Some(|file, _| path::name(file).starts_with(b".env") || path::extension(file) == b"env"),
    phase: Phase::Facts,
    reads: "`FLASK_APP`, `DJANGO_SETTINGS_MODULE`",
    leaves: "every other variable",
    scan,
};

const STYLE: Style = Style { comments: b"#", inline: Some(b'#'), joins: false };
/// The program is started where the file lies.
const HERE: &[Base] = &[Base::FileDirectory];

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let entries = ini::entries(input.source.bytes(), STYLE);
    Scan { references: entries.iter().filter_map(reference).collect(), ..Scan::default() }
}

fn reference(entry: &Entry<'_>) -> Option<Reference<'static>> {
    let construct = match entry.key.strip_prefix(b"export ").unwrap_or(entry.key).trim_ascii() {
        b"FLASK_APP" => "FLASK_APP",
        b"DJANGO_SETTINGS_MODULE" => "DJANGO_SETTINGS_MODULE",
        _ => return None,
    };
    let (value, start) = entry.unquoted();
    let name = value.split(|&byte| byte == b':').next().unwrap_or_default();
    let span = entry.span(start, start + name.len());
    let literal = PathExpr::literal(name.to_vec());
    let (expr, namespace) = if name.ends_with(b".py") {
        (literal, Namespace::Path(HERE, Want::File))
    } else if is_module(name) {
        (PathExpr::here_up(0).join(literal), Namespace::Python { member: false })
    } else {
        return None;
    };
    Some(Reference { expr, ..Reference::literal(span, b"".as_slice(), construct, namespace, Strength::Fatal) })
}
