//! Configurations of supervisord (supervisord.org/configuration.html).
//!
//! Read are the commands of programs, which are started in their `directory`, and that directory. Knowingly not read:
//! `[include]`, which takes patterns, expressions (`%(ENV_X)s`, `%(here)s`), logs and sockets, which are made.

use super::ini::{self, Entry, Style};
use super::launch::{self, Command, Setting};
use super::systemd::words;
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
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
    reads: "commands of programs and the directories they are started in",
    leaves: "`[include]`, expressions, logs and sockets",
    scan,
};

const STYLE: Style = Style { comments: b"#;", inline: Some(b';'), joins: false };
const RUN: &[Base] = &[Base::WorkingDirectory];

fn recognises(_: &[u8], head: &[u8]) -> bool {
    let is = |line: &[u8]| line.starts_with(b"[program:") || line.trim_ascii() == b"[supervisord]";
    head.split(|&byte| byte == b'\n').any(is)
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let entries = ini::entries(input.source.bytes(), STYLE);
    let mut scan = Scan::default();
    for entry in &entries {
        match entry.key {
            b"command" => scan.references.extend(command(&entries, entry)),
            b"directory" => scan.references.extend(directory(entry)),
            _ => {}
        }
    }
    scan.references.sort_by_key(|reference| reference.span);
    scan
}

fn command(entries: &[Entry<'_>], entry: &Entry<'_>) -> Vec<Reference<'static>> {
    let directory = entries.iter().find(|other| other.section == entry.section && other.key == b"directory");
    let known = |entry: &&Entry<'_>| memchr::memchr(b'%', &entry.value).is_none();
    let setting = Setting {
        rules: |want, _| Namespace::Path(RUN, want),
        directory: directory.filter(known).map(|entry| PathExpr::literal(entry.unquoted().0.to_vec())),
        strength: Strength::Fatal,
    };
    let started = if directory.is_some_and(|entry| !known(&entry)) { None } else { Some(Vec::new()) };
    let words = words(&entry.value, entry.at);
    launch::references(&Command { words, directory: started, ..Command::default() }, &setting)
}

fn directory(entry: &Entry<'_>) -> Option<Reference<'static>> {
    let (value, start) = entry.unquoted();
    if value.is_empty() || memchr::memchr(b'%', value).is_some() {
        return None;
    }
    let span = entry.span(start, start + value.len());
    let namespace = Namespace::Path(RUN, Want::Directory);
    Some(Reference::literal(span, value.to_vec(), "directory", namespace, Strength::Fatal))
}
