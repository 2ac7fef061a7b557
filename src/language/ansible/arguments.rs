//! Arguments of tasks: which of them name files of the controller, and how they are written.

use super::super::syntax::yaml::{Node, Style};
use super::{Ansible, Base, Namespace, Want};
use crate::diagnostic::Span;
use crate::expr::PathExpr;
use crate::language::syntax::yaml::Kind;
use crate::path;

/// A module whose arguments name files.
pub(super) struct Module {
    /// Its name without its collection; also the construct.
    pub name: &'static str,
    /// Arguments and what they name.
    pub arguments: &'static [(&'static str, Takes)],
    /// The first word without a key is the first argument.
    pub free: bool,
    /// Where the file lies if `remote_src` is not given.
    remote: bool,
}

/// What an argument names.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    /// A role by its name.
    Role,
    /// A playbook, beside the one that imports it.
    Playbook,
    /// A path that is searched for.
    Path(Ansible),
}

impl Module {
    /// Whether the file is the controller's.
    pub fn is_local(&self, remote_src: Option<bool>, copy: Option<bool>) -> bool {
        !remote_src.unwrap_or(self.remote) && copy != Some(false)
    }
}

const FILE: Takes = Takes::Path(Ansible::File);
const TEMPLATE: Takes = Takes::Path(Ansible::Template);
const TASKS: Takes = Takes::Path(Ansible::Tasks);
const VARS: Takes = Takes::Path(Ansible::Vars);

const fn row(name: &'static str, arguments: &'static [(&'static str, Takes)], free: bool) -> Module {
    Module { name, arguments, free, remote: false }
}

/// Sorted by name.
pub(super) const MODULES: [Module; 16] = [
    Module { name: "assemble", arguments: &[("src", FILE)], free: false, remote: true },
    row("copy", &[("src", FILE)], false),
    row("import_playbook", &[("file", Takes::Playbook)], true),
    row("import_role", &[("name", Takes::Role)], false),
    row("import_tasks", &[("file", TASKS)], true),
    row("include", &[("file", TASKS)], true),
    row("include_role", &[("name", Takes::Role)], false),
    row("include_tasks", &[("file", TASKS)], true),
    row("include_vars", &[("file", VARS), ("dir", VARS)], true),
    row("patch", &[("src", FILE)], false),
    row("script", &[("cmd", FILE)], true),
    row("template", &[("src", TEMPLATE)], false),
    row("unarchive", &[("src", FILE)], false),
    row("win_copy", &[("src", FILE)], false),
    row("win_script", &[("cmd", FILE)], true),
    row("win_template", &[("src", TEMPLATE)], false),
];

/// A word of arguments in one line: `key=text`, or `text` alone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Empty where there is none.
    pub key: Vec<u8>,
    /// Without its quotes.
    pub text: Vec<u8>,
    /// Where the text stands.
    pub span: Span,
}

/// The words of a scalar: separated by white space, but not within quotes or `{{ }}`.
pub(super) fn free_form(value: &Node, bytes: &[u8]) -> Vec<Word> {
    let (Kind::Scalar(scalar), Some((text, span))) = (&value.kind, value.string()) else { return Vec::new() };
    let exact = span.of(bytes) == text && scalar.style != Style::Block;
    let place = |from: usize, to: usize| {
        let start = span.start as usize;
        if exact { Span::new(start + from, start + to) } else { span }
    };
    let mut words = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if text[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let end = word_end(text, at);
        let equals = text[at..end].iter().position(|&byte| byte == b'=');
        let keyed = equals
            .filter(|&to| to > 0 && text[at..at + to].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_'));
        let (key, from) = keyed.map_or((&b""[..], at), |to| (&text[at..at + to], at + to + 1));
        let (from, to) = unquoted(text, from, end);
        words.push(Word { key: key.to_vec(), text: text[from..to].to_vec(), span: place(from, to) });
        at = end;
    }
    words
}

fn word_end(text: &[u8], from: usize) -> usize {
    let mut quote = None;
    let mut depth = 0_usize;
    for (at, &byte) in text.iter().enumerate().skip(from) {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') => depth = depth.saturating_sub(1),
            (None, _) if byte.is_ascii_whitespace() && depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn unquoted(text: &[u8], from: usize, to: usize) -> (usize, usize) {
    let word = &text[from.min(to)..to];
    let quoted = word.len() >= 2 && matches!(word[0], b'\'' | b'"') && word.first() == word.last();
    if quoted { (from + 1, to - 1) } else { (from.min(to), to) }
}

/// The text with `{{ item }}` and `{{ item.key }}` replaced by the value of `item` for that key; `None` where there is
/// none to replace, or the value is no text. The place is that of the last value.
pub(super) fn with_item<'v>(text: &[u8], value: impl Fn(&[u8]) -> Option<(&'v [u8], Span)>) -> Option<(Vec<u8>, Span)> {
    let mut out = Vec::new();
    let mut place = None;
    let mut rest = text;
    while let Some(open) = memchr::memmem::find(rest, b"{{") {
        let close = open + memchr::memmem::find(&rest[open..], b"}}")?;
        let key = rest[open + 2..close].trim_ascii();
        if let Some(key) = key.strip_prefix(b"item").filter(|key| key.is_empty() || key.starts_with(b".")) {
            let (known, at) = value(key)?;
            out.extend_from_slice(&rest[..open]);
            out.extend_from_slice(known);
            place = Some(at);
        } else {
            out.extend_from_slice(&rest[..close + 2]);
        }
        rest = &rest[close + 2..];
    }
    out.extend_from_slice(rest);
    Some((out, place?))
}

/// A path with `{{ … }}` as an expression; `{{ role_path }}/` starts at the role that holds the file.
pub(super) fn lowered(text: &[u8], namespace: Namespace, file: &[u8]) -> (PathExpr<'static>, Namespace) {
    if let Some(rest) = after_variable(text, b"role_path")
        && let Some(levels) = levels_to_role(file)
        && memchr::memmem::find(rest, b"{{").is_none()
    {
        let expr = PathExpr::here_up(levels).then(PathExpr::literal(rest.to_vec()));
        return (expr, Namespace::Path(&[Base::FileDirectory], Want::Any));
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = memchr::memmem::find(rest, b"{{").or_else(|| memchr::memmem::find(rest, b"{%")) {
        if open > 0 {
            parts.push(PathExpr::literal(rest[..open].to_vec()));
        }
        parts.push(PathExpr::Hole);
        let close = memchr::memmem::find(&rest[open..], b"}}").or_else(|| memchr::memmem::find(&rest[open..], b"%}"));
        rest = close.map_or(&b""[..], |close| &rest[open + close + 2..]);
    }
    if parts.is_empty() {
        return (PathExpr::literal(text.to_vec()), namespace);
    }
    parts.push(PathExpr::literal(rest.to_vec()));
    (PathExpr::Concat(parts), namespace)
}

/// What follows `{{ name }}` at the start.
fn after_variable<'t>(text: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    let rest = text.strip_prefix(b"{{")?.trim_ascii_start().strip_prefix(name)?;
    rest.trim_ascii_start().strip_prefix(b"}}").filter(|rest| rest.starts_with(b"/"))
}

/// How many directories a file lies below its role.
fn levels_to_role(file: &[u8]) -> Option<u32> {
    let parent = path::parent(file);
    let folder =
        |directory: &&[u8]| matches!(path::name(directory), b"tasks" | b"handlers" | b"vars" | b"defaults" | b"meta");
    let below = path::ancestors(parent).position(|directory| folder(&directory))?;
    u32::try_from(below + 1).ok()
}

/// `lookup('file', 'x')` and its like in a text: what is looked up, the name, and where the name stands.
pub(super) fn lookups(text: &[u8]) -> Vec<(Ansible, &[u8], usize)> {
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(text, b"lookup(") {
        let from = at + b"lookup(".len();
        let Some((kind, after)) = quoted(text, from) else { continue };
        let comma = from_comma(text, after);
        let Some((name, end)) = comma.and_then(|from| quoted(text, from)) else { continue };
        let whole = text[end..].trim_ascii_start().first().is_some_and(|byte| b"),".contains(byte));
        let kind = match &text[kind.0..kind.1] {
            b"file" | b"ansible.builtin.file" | b"unvault" => Ansible::File,
            b"template" | b"ansible.builtin.template" => Ansible::Template,
            _ => continue,
        };
        if whole {
            found.push((kind, &text[name.0..name.1], name.0));
        }
    }
    found
}

/// The inside of a quoted string at or after white space, and where it ends.
fn quoted(text: &[u8], from: usize) -> Option<((usize, usize), usize)> {
    let start = from + text.get(from..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let quote = *text.get(start).filter(|byte| matches!(byte, b'\'' | b'"'))?;
    let length = memchr::memchr(quote, &text[start + 1..])?;
    Some(((start + 1, start + 1 + length), start + length + 2))
}

fn from_comma(text: &[u8], from: usize) -> Option<usize> {
    let skip = text.get(from..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    (text.get(from + skip) == Some(&b',')).then_some(from + skip + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_sorted() {
        assert!(MODULES.is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn items_are_put_in() {
        let value = |_: &[u8]| Some((&b"x"[..], Span::default()));
        for (text, want) in [("{{ item }}.j2", Some("x.j2")), ("a/{{item.b}}", Some("a/x")), ("{{ y }}", None)] {
            let got = with_item(text.as_bytes(), value).map(|(text, _)| text);
            assert_eq!(got.as_deref(), want.map(str::as_bytes), "{text}");
        }
    }
}
