//! `go.mod` and `go.work` (go.dev/ref/mod): folders that take the place of modules.
//!
//! Read: the name of the module, `replace … => ./folder`, `use ./folder`. Knowingly not read: modules by their
//! versions.

use super::{Base, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};

/// `go.mod` and `go.work`.
pub const LANGUAGE: Language = Language {
    name: "gomod",
    extensions: &[],
    names: &["go.mod", "go.work"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "`replace` by a folder, `use`",
    leaves: "modules by their versions",
    scan,
};

const DIRECTORY: Namespace = Namespace::Path(&[Base::Manifest], Want::Directory);

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut references = Vec::new();
    let mut at = 0;
    let mut uses = false;
    for line in source.split(|&byte| byte == b'\n') {
        let end = memchr::memmem::find(line, b"//").unwrap_or(line.len());
        let text = line[..end].trim_ascii();
        uses = match text {
            b"use (" => true,
            b")" => false,
            _ => uses,
        };
        let folder = match memchr::memmem::find(text, b"=>") {
            Some(arrow) => Some((text[arrow + 2..].trim_ascii(), "replace")),
            None if uses => Some((text, "use")),
            None => text.strip_prefix(b"use ").map(|folder| (folder.trim_ascii(), "use")),
        };
        let local = |folder: &[u8]| folder.starts_with(b"./") || folder.starts_with(b"../");
        if let Some((folder, construct)) = folder.filter(|(folder, _)| local(folder) && !folder.contains(&b' ')) {
            let start = at + memchr::memmem::rfind(&line[..end], folder).unwrap_or(0);
            let path = folder.strip_suffix(b"/").unwrap_or(folder);
            let span = Span::new(start, start + folder.len());
            references.push(Reference::literal(span, path, construct, DIRECTORY, Strength::Fatal));
        }
        at += line.len() + 1;
    }
    let facts = module(source).map(|name| Fact::GoModule(name.to_vec())).into_iter().collect();
    Scan { references, facts, ..Scan::default() }
}

/// The name behind `module`.
fn module(source: &[u8]) -> Option<&[u8]> {
    let line = source.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"module "))?;
    let end = memchr::memmem::find(line, b"//").unwrap_or(line.len());
    let name = line[..end].trim_ascii();
    let name = name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name);
    Some(name).filter(|name| !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic()))
}
