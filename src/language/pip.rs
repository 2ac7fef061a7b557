//! pip's requirements and constraints (pip.pypa.io, "Requirements File Format").
//!
//! Read are further files (`-r`, `-c`), which start from the directory of the file, and packages that lie in a folder
//! (`./lib`, `-e ../lib`), which start from where pip runs. Knowingly not read: variables, URLs, names of packages.

use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};
use crate::path;

/// `requirements.txt`, `requirements-dev.in`, `requirements/base.txt`, `constraints.txt`.
pub const LANGUAGE: Language = Language {
    name: "pip",
    extensions: &[],
    names: &[],
    interpreters: &[],
    recognises: Some(|file, _| is_requirements(file)),
    phase: Phase::Stream,
    reads: "further files by `-r` and `-c`, packages that lie in a folder",
    leaves: "variables, URLs, names of packages",
    scan,
};

/// A row of options with the name in reports.
const OPTIONS: [(&[u8], &str); 4] = [(b"--constraint", "-c"), (b"--requirement", "-r"), (b"-c", "-c"), (b"-r", "-r")];

fn is_requirements(file: &[u8]) -> bool {
    let (stem, extension) = path::split_extension(path::name(file));
    let typed = matches!(extension, Some(b"txt" | b"in" | b"pip"));
    let named = [&b"requirements"[..], b"constraints", b"dev-requirements", b"test-requirements"];
    typed && (named.iter().any(|name| stem.starts_with(name)) || path::name(path::parent(file)) == b"requirements")
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let source = input.source.bytes();
    let mut scan = Scan::default();
    let mut at = 0;
    for line in source.split_inclusive(|&byte| byte == b'\n') {
        scan.references.extend(reference(line, at));
        at += line.len();
    }
    scan
}

fn reference<'s>(line: &'s [u8], at: usize) -> Option<Reference<'s>> {
    let text = without_comment(line).trim_ascii_end();
    let start = text.len() - text.trim_ascii_start().len();
    let option = OPTIONS.iter().find_map(|(option, construct)| Some((value(text, start, option)?, *construct)));
    let (from, construct, namespace) = match option {
        Some((from, construct)) => (from, construct, Namespace::Path(&[Base::FileDirectory], Want::File)),
        None => (folder(text, start)?, "package", Namespace::Path(&[Base::WorkingDirectory], Want::Any)),
    };
    let name = text.get(from..)?;
    let name = name.split(|byte| b" \t;[".contains(byte)).next().unwrap_or_default();
    let known = !name.is_empty()
        && memchr::memmem::find(name, b"://").is_none()
        && !name.iter().any(|byte| b"$%*".contains(byte));
    let span = Span::new(at + from, at + from + name.len());
    known.then(|| Reference::literal(span, name, construct, namespace, Strength::Fatal))
}

/// A `#` begins a comment at the start of a line and behind a blank.
fn without_comment(line: &[u8]) -> &[u8] {
    let begins = |&at: &usize| at == 0 || line[at - 1].is_ascii_whitespace();
    let end = memchr::memchr_iter(b'#', line).find(begins).unwrap_or(line.len());
    &line[..end]
}

/// Where the value of an option starts: `-r x`, `-rx`, `--requirement=x`.
fn value(text: &[u8], start: usize, option: &[u8]) -> Option<usize> {
    let rest = text.get(start..)?.strip_prefix(option)?;
    let long = option.starts_with(b"--");
    let skip = rest.iter().take_while(|byte| byte.is_ascii_whitespace() || long && **byte == b'=').count();
    (skip > 0 || !long).then_some(start + option.len() + skip)
}

/// Where the path of a package's folder starts.
fn folder(text: &[u8], start: usize) -> Option<usize> {
    let start = [&b"-e"[..], b"--editable"].iter().find_map(|option| value(text, start, option)).unwrap_or(start);
    let rest = text.get(start..)?;
    let skip = if rest.starts_with(b"file:.") { b"file:".len() } else { 0 };
    let relative = rest[skip..].starts_with(b"./") || rest[skip..].starts_with(b"../");
    relative.then_some(start + skip)
}
