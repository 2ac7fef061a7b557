//! Configurations of supervisord (supervisord.org/configuration.html).
//!
//! Read are the commands of programs, which are started in their `directory`, that directory, and the files of
//! `[include]`, which start from the directory of the file, as `%(here)s` does. Knowingly not read: other expressions
//! (`%(ENV_X)s`), what a pattern leaves out, logs.

use super::launch::{self, Command, Setting};
use super::syntax::ini::{self, Entry, Style};
use super::systemd::words;
use super::{Base, Defined, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want, socket_path};
use crate::diagnostic::Strength;
use crate::expr::PathExpr;

/// A file with a section `program:` or `supervisord`.
pub const LANGUAGE: Language = Language {
    name: "supervisord",
    extensions: &["conf", "ini"],
    names: &[],
    interpreters: &[],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "commands of programs, the directories they are started in, `[include]`, `%(here)s`",
    leaves: "other expressions, logs",
    scan,
};

const STYLE: Style = Style { comments: b"#;", inline: Some(b';'), joins: false };
const RUN: &[Base] = &[Base::WorkingDirectory];
const BESIDE: &[Base] = &[Base::FileDirectory];
/// The directory of the file.
const HERE: &[u8] = b"%(here)s";

fn recognises(_: &[u8], head: &[u8]) -> bool {
    let is = |line: &[u8]| line.starts_with(b"[program:") || line.trim_ascii() == b"[supervisord]";
    head.split(|&byte| byte == b'\n').any(is)
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let entries = ini::entries(input.source.bytes(), STYLE);
    let mut scan = Scan::default();
    for entry in &entries {
        match entry.key {
            b"command" => {
                scan.facts.extend(launch::sockets(&words(&entry.value, entry.at)));
                scan.references.extend(command(&entries, entry));
            }
            b"directory" => scan.references.extend(directory(entry)),
            b"files" if entry.section == b"include" => include(entry, &mut scan),
            b"socket" => scan.facts.extend(listens(entry)),
            _ => {}
        }
    }
    scan.references.sort_by_key(|reference| reference.span);
    scan
}

/// Patterns with blanks between them. A directory that is not there is silently left out.
fn include(entry: &Entry<'_>, scan: &mut Scan<'_>) {
    let mut from = 0;
    for word in entry.value.split(u8::is_ascii_whitespace) {
        let at = from;
        from += word.len() + 1;
        let (skip, text) = match word.strip_prefix(HERE) {
            Some(rest) => (HERE.len() + 1, rest.strip_prefix(b"/").unwrap_or(rest)),
            None => (0, word),
        };
        if text.is_empty() || text.contains(&b'%') {
            continue;
        }
        scan.facts.push(Fact::Loads(text.to_vec()));
        let (length, want) = match text.iter().position(|byte| b"*?[".contains(byte)) {
            Some(first) => (memchr::memrchr(b'/', &text[..first]).unwrap_or(0), Want::Directory),
            None => (text.len(), Want::File),
        };
        if length > 0 {
            let bases = if text.starts_with(b"/") { RUN } else { BESIDE };
            let span = entry.span(at + skip, at + skip + length);
            let namespace = Namespace::Path(bases, want);
            let named = text[..length].to_vec();
            scan.references.push(Reference::literal(span, named, "include", namespace, Strength::Optional));
        }
    }
}

/// `socket=unix:///run/x.sock` of a FastCGI program.
fn listens(entry: &Entry<'_>) -> Option<Fact> {
    let path = entry.value.strip_prefix(b"unix://").filter(|path| !path.contains(&b'%'))?;
    Some(Fact::Defines { what: Defined::Socket, number: 0, name: socket_path(path) })
}

fn command(entries: &[Entry<'_>], entry: &Entry<'_>) -> Vec<Reference<'static>> {
    let directory = entries.iter().find(|other| other.section == entry.section && other.key == b"directory");
    let place = directory.map(|entry| placed(entry.unquoted().0));
    let setting = Setting {
        rules: |want, _| Namespace::Path(RUN, want),
        directory: place.clone().flatten(),
        strength: Strength::Fatal,
    };
    let started = if place == Some(None) { None } else { Some(Vec::new()) };
    let words = words(&entry.value, entry.at);
    launch::references(&Command { words, directory: started, ..Command::default() }, &setting)
}

fn directory(entry: &Entry<'_>) -> Option<Reference<'static>> {
    let (value, start) = entry.unquoted();
    let expr = placed(value).filter(|_| !value.is_empty())?;
    let span = entry.span(start, start + value.len());
    let skip = if value.starts_with(HERE) { (HERE.len() + 1).min(value.len()) } else { 0 };
    let tail = entry.span(start + skip, start + value.len());
    let namespace = Namespace::Path(RUN, Want::Directory);
    let reference = Reference::literal(span, Vec::new(), "directory", namespace, Strength::Fatal);
    Some(Reference { expr, tail, ..reference })
}

/// A directory; `None` where it holds another expression than that of the file's own.
fn placed(value: &[u8]) -> Option<PathExpr<'static>> {
    let (here, rest) = match value.strip_prefix(HERE) {
        Some(rest) => (true, rest),
        None => (false, value),
    };
    if rest.contains(&b'%') {
        return None;
    }
    let rest = PathExpr::literal(rest.to_vec());
    Some(if here { PathExpr::here_up(0).then(rest) } else { rest })
}
