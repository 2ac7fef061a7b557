//! What setuptools reads besides Python: `setup.cfg` and `MANIFEST.in` (setuptools.pypa.io, "Configuring setuptools
//! using setup.cfg files", "Controlling files in the distribution").
//!
//! Read are the files of `long_description` and `version` (one that is not there is left out with a warning), and the
//! names that `MANIFEST.in` puts in or leaves out. Knowingly not read: patterns, values of several lines, packages.

use super::syntax::ini::{self, Entry, Style};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};
use crate::path;

/// `setup.cfg` and `MANIFEST.in`.
pub const LANGUAGE: Language = Language {
    name: "setuptools",
    extensions: &[],
    names: &["MANIFEST.in", "setup.cfg"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`file:` of `setup.cfg`, names in `MANIFEST.in`",
    leaves: "patterns, values of several lines, packages",
    scan,
};

const STYLE: Style = Style { comments: b"#;", inline: None, joins: false };
const HERE: &[Base] = &[Base::Manifest];
/// Commands of `MANIFEST.in`, whether all of what follows is names or the first word alone, and what satisfies one.
const COMMANDS: [(&[u8], bool, Want); 4] = [
    (b"graft", false, Want::Directory),
    (b"include", true, Want::File),
    (b"prune", false, Want::Directory),
    (b"recursive-include", false, Want::Directory),
];

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let source = input.source.bytes();
    let references = match path::name(input.path) {
        b"MANIFEST.in" => manifest(source),
        _ => ini::entries(source, STYLE).iter().flat_map(files).collect(),
    };
    Scan { references, ..Scan::default() }
}

/// `file: README.md, CHANGES.md`.
fn files(entry: &Entry<'_>) -> Vec<Reference<'static>> {
    let construct = match entry.key {
        b"description_file" | b"long_description" | b"long-description" => "long_description",
        b"version" => "version",
        _ => return Vec::new(),
    };
    let Some(list) = entry.value.strip_prefix(b"file:") else { return Vec::new() };
    let mut at = b"file:".len();
    let mut found = Vec::new();
    for part in list.split(|&byte| byte == b',') {
        let name = part.trim_ascii();
        let start = at + part.len() - part.trim_ascii_start().len();
        at += part.len() + 1;
        if !name.is_empty() {
            let namespace = Namespace::Path(HERE, Want::File);
            let span = entry.span(start, start + name.len());
            found.push(Reference::literal(span, name.to_vec(), construct, namespace, Strength::Silent));
        }
    }
    found
}

fn manifest(source: &[u8]) -> Vec<Reference<'static>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in source.split_inclusive(|&byte| byte == b'\n') {
        let mut words = words(line, start);
        start += line.len();
        let Some((command, _)) = words.next() else { continue };
        let Some((_, all, want)) = COMMANDS.iter().find(|(name, ..)| *name == command) else { continue };
        for (name, at) in words.take(if *all { usize::MAX } else { 1 }) {
            if !name.iter().any(|byte| b"*?[!#\\".contains(byte)) {
                let span = Span::new(at, at + name.len());
                let namespace = Namespace::Path(HERE, *want);
                found.push(Reference::literal(span, name.to_vec(), "MANIFEST.in", namespace, Strength::Optional));
            }
        }
    }
    found
}

/// The words of a line that is no comment, with their places.
fn words(line: &[u8], start: usize) -> impl Iterator<Item = (&[u8], usize)> {
    let line = if line.trim_ascii_start().starts_with(b"#") { &[] } else { line };
    let mut at = start;
    let parts = line.split(u8::is_ascii_whitespace).map(move |word| {
        let place = at;
        at += word.len() + 1;
        (word, place)
    });
    parts.filter(|(word, _)| !word.is_empty())
}
