//! Configurations of uWSGI in its `ini`, `yaml` and `json` forms (uwsgi-docs.readthedocs.io, "Configuring uWSGI",
//! "Options").
//!
//! Read are the directory that is changed to, the application as a file or as a module, further configurations, static
//! directories, files that are watched. `%d` is the directory of the file, `%(key)` an earlier value.
//!
//! Knowingly not read: the `xml` form, placeholders within the value of another, `$(NAME)`, `@(file)`, hooks, patterns.

use super::launch::is_module;
use super::syntax::ini::{self, Entry, Style};
use super::syntax::yaml;
use super::{Base, Defined, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want, socket_path};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// An `ini` with a section `uwsgi`, or a mapping with that key.
pub const LANGUAGE: Language = Language {
    name: "uwsgi",
    // JSON is told by the name alone: a tree holds too much of it to look into each.
    extensions: &["ini", "yaml", "yml"],
    names: &["uwsgi.json"],
    interpreters: &[],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "`chdir`, `module`, `wsgi-file`, `ini`, `static-map`, `touch-reload`, sockets, and what they start from",
    leaves: "the `xml` form, `$(NAME)`, hooks",
    scan,
};

const STYLE: Style = Style { comments: b"#;", inline: None, joins: false };
/// Where a relative path starts if nothing is changed to.
const RUN: &[Base] = &[Base::WorkingDirectory];

/// A key with what its value names.
struct Row(&'static str, Names, Want, Strength);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Path,
    /// `file:section`.
    Configuration,
    /// `/url=directory`.
    Mapped,
    Module,
}

/// Sorted by key.
const KEYS: [Row; 22] = [
    Row("chdir", Names::Path, Want::Directory, Strength::Fatal),
    Row("check-static", Names::Path, Want::Directory, Strength::Broken),
    Row("file", Names::Path, Want::File, Strength::Fatal),
    Row("include", Names::Configuration, Want::File, Strength::Fatal),
    Row("inherit", Names::Configuration, Want::File, Strength::Fatal),
    Row("ini", Names::Configuration, Want::File, Strength::Fatal),
    Row("module", Names::Module, Want::File, Strength::Fatal),
    Row("mule", Names::Path, Want::File, Strength::Broken),
    Row("php-docroot", Names::Path, Want::Directory, Strength::Fatal),
    Row("pp", Names::Path, Want::Directory, Strength::Optional),
    Row("psgi", Names::Path, Want::File, Strength::Fatal),
    Row("py-autoreload-on-edit", Names::Path, Want::File, Strength::Optional),
    Row("pythonpath", Names::Path, Want::Directory, Strength::Optional),
    Row("rack", Names::Path, Want::File, Strength::Fatal),
    Row("static-map", Names::Mapped, Want::Any, Strength::Broken),
    Row("static-map2", Names::Mapped, Want::Any, Strength::Broken),
    Row("touch-chain-reload", Names::Path, Want::File, Strength::Optional),
    Row("touch-reload", Names::Path, Want::File, Strength::Optional),
    Row("touch-workers-reload", Names::Path, Want::File, Strength::Optional),
    Row("wsgi", Names::Module, Want::File, Strength::Fatal),
    Row("wsgi-file", Names::Path, Want::File, Strength::Fatal),
    Row("yaml", Names::Configuration, Want::File, Strength::Fatal),
];

fn recognises(file: &[u8], head: &[u8]) -> bool {
    let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
    match path::extension(file).as_slice() {
        b"ini" => lines.any(|line| line.trim_ascii() == b"[uwsgi]"),
        _ => lines.any(|line| line == b"uwsgi:"),
    }
}

/// The settings in order. In a mapping a key may have a list of values; one that is not written as it reads has no
/// place to point at.
fn entries<'s>(input: Input<'s>) -> Vec<Entry<'s>> {
    let source = input.source.bytes();
    if input.path.ends_with(b".ini") {
        return ini::entries(source, STYLE);
    }
    let documents = yaml::documents(input.source);
    let settings = documents.iter().filter_map(|document| document.get("uwsgi")).flat_map(yaml::Node::entries);
    let values = settings.flat_map(|(key, value)| value.each().iter().map(move |one| (key, one)));
    let entry = |(key, value): (&yaml::Node, &yaml::Node)| {
        let (text, span) = value.scalar()?;
        let plain = span.of(source) == text && key.scalar()?.0 == key.span.of(source);
        let key = plain.then(|| source.get(key.span.start as usize..key.span.end as usize)).flatten()?;
        Some(Entry { section: b"uwsgi", key, value: text.to_vec().into(), at: span.start as usize })
    };
    values.filter_map(entry).collect()
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let entries = entries(input);
    let changed = entries.iter().rposition(|entry| entry.section == b"uwsgi" && entry.key == b"chdir");
    let directory = changed.map(|at| expression(&entries[..at], entries[at].unquoted().0));
    let mut scan = Scan::default();
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.section == b"uwsgi") {
        let row = KEYS.binary_search_by(|row| row.0.as_bytes().cmp(entry.key)).ok().and_then(|row| KEYS.get(row));
        let Some(row) = row else { continue };
        // What is changed to is itself looked up from where uWSGI is started; what is included, too.
        let inside = !matches!(row.1, Names::Configuration) && row.0 != "chdir";
        let from = directory.clone().filter(|_| inside);
        scan.references.extend(reference(&entries[..at], entry, row, from.clone()));
        if matches!(row.0, "pp" | "pythonpath") {
            let expr = expression(&entries[..at], entry.unquoted().0);
            scan.facts.push(Fact::PythonRoot(joined(from, expr)));
        }
    }
    if let Some(directory) = directory {
        scan.facts.push(Fact::PythonRoot(directory));
    }
    scan.facts.extend(entries.iter().filter_map(listens));
    scan
}

/// A socket that requests come by.
fn listens(entry: &Entry<'_>) -> Option<Fact> {
    const SOCKETS: [&[u8]; 5] = [b"fastcgi-socket", b"http-socket", b"scgi-socket", b"socket", b"uwsgi-socket"];
    let value = entry.unquoted().0;
    let known = value.starts_with(b"/") && !value.iter().any(|byte| b"%$".contains(byte));
    let name = socket_path(value);
    (known && SOCKETS.contains(&entry.key)).then_some(Fact::Defines { what: Defined::Socket, number: 0, name })
}

fn joined(from: Option<PathExpr<'static>>, expr: PathExpr<'static>) -> PathExpr<'static> {
    match from {
        Some(from) => from.join(expr),
        None => expr,
    }
}

fn reference(
    before: &[Entry<'_>],
    entry: &Entry<'_>,
    &Row(key, names, want, strength): &Row,
    from: Option<PathExpr<'static>>,
) -> Option<Reference<'static>> {
    let (value, start) = entry.unquoted();
    let (start, end) = match names {
        Names::Mapped => (start + memchr::memchr(b'=', value)? + 1, start + value.len()),
        Names::Module | Names::Configuration => (start, start + memchr::memchr(b':', value).unwrap_or(value.len())),
        Names::Path => (start, start + value.len()),
    };
    let text = entry.value.get(start..end)?;
    let span = entry.span(start, end);
    if text.is_empty() || text.iter().any(|byte| b"*?[".contains(byte)) {
        return None;
    }
    let (expr, namespace) = if names == Names::Module {
        let known = is_module(text);
        let here = from.unwrap_or_else(|| PathExpr::here_up(0));
        known.then(|| (here.join(PathExpr::literal(text.to_vec())), Namespace::Python { member: false }))?
    } else {
        (joined(from, expression(before, text)), Namespace::Path(RUN, want))
    };
    let tail = plain_tail(text).map(|at| Span::new(span.start as usize + at, span.end as usize)).unwrap_or_default();
    Some(Reference { span, tail, expr, construct: key, namespace, strength, guarded: false, ceiling: Severity::Error })
}

/// Where the part behind the last placeholder starts.
fn plain_tail(text: &[u8]) -> Option<usize> {
    match memchr::memrchr2(b'%', b')', text) {
        None => Some(0),
        Some(at) if text[at] == b'%' => Some((at + 2).min(text.len())),
        Some(at) => Some(at + 1),
    }
}

/// A value with its placeholders.
fn expression(before: &[Entry<'_>], text: &[u8]) -> PathExpr<'static> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'%', b'$', rest) {
        if at > 0 {
            parts.push(PathExpr::literal(rest[..at].to_vec()));
        }
        let (part, length) = placeholder(before, &rest[at..]);
        parts.push(part);
        rest = rest.get(at + length..).unwrap_or_default();
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(PathExpr::literal(rest.to_vec()));
    }
    if parts.len() == 1 { parts.remove(0) } else { PathExpr::Concat(parts) }
}

fn placeholder(before: &[Entry<'_>], text: &[u8]) -> (PathExpr<'static>, usize) {
    match text {
        // With a slash at its end.
        [b'%', b'd', ..] => (PathExpr::here_up(0).then(PathExpr::literal(b"/".as_slice())), 2),
        [b'%', b'p', ..] => (PathExpr::Here(crate::expr::Here::File), 2),
        [b'%', b'%', ..] => (PathExpr::literal(b"%".as_slice()), 2),
        [b'%' | b'$', b'(', inside @ ..] => {
            let length = memchr::memchr(b')', inside).unwrap_or(inside.len());
            let name = &inside[..length];
            let set = before.iter().rev().find(|entry| entry.key == name && text[0] == b'%');
            let value =
                set.map(|entry| entry.unquoted().0).filter(|value| memchr::memchr2(b'%', b'$', value).is_none());
            let expr = value.map_or(PathExpr::Hole, |value| PathExpr::literal(value.to_vec()));
            (expr, b"$()".len() + length)
        }
        _ => (PathExpr::Hole, text.len().min(2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(KEYS.is_sorted_by_key(|row| row.0));
    }
}
