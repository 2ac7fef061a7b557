//! Go: files that are embedded, templates and folders that are served (pkg.go.dev/embed, html/template, net/http).
//!
//! Read: imports of packages of modules in the tree (go.dev/ref/mod, "Packages"), `//go:embed` without patterns, and
//! the folder before the first pattern; literals of `ParseFiles`, `http.Dir`, `http.ServeFile`, `os.ReadFile` and their
//! like, which start where the program runs: only near misses by what cannot be seen are told. No parser is kept for
//! it: strings and comments are told by their first characters.
//!
//! Knowingly not read: imports of files with build constraints, joined paths, names of parsed templates.

use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};
use crate::path;

/// Go.
pub const LANGUAGE: Language = Language {
    name: "go",
    extensions: &["go"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "imports of own packages, `//go:embed`, files and folders by a literal",
    leaves: "joined paths, names of parsed templates",
    scan,
};

const EMBEDS: &[Base] = &[Base::FileDirectory];
const RUNS: &[Base] = &[Base::WorkingDirectory];
/// Functions that take a path first: what is before the bracket, and what is wanted.
const CALLS: [(&[u8], &str, Want); 8] = [
    (b".LoadHTMLFiles(", "LoadHTMLFiles", Want::File),
    (b".ParseFiles(", "ParseFiles", Want::File),
    (b"http.Dir(", "http.Dir", Want::Directory),
    (b"ioutil.ReadFile(", "ReadFile", Want::File),
    (b"os.DirFS(", "DirFS", Want::Directory),
    (b"os.Open(", "Open", Want::Any),
    (b"os.ReadFile(", "ReadFile", Want::File),
    (b"parser.ParseFile(", "ParseFile", Want::File),
];

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut references = Vec::new();
    let mut at = 0;
    let mut importing = Importing::No;
    let constrained =
        [&b"//go:build "[..], b"// +build "].iter().any(|mark| memchr::memmem::find(source, mark).is_some());
    while at < source.len() {
        let length = skip(&source[at..]);
        let starts = at == 0 || source[at - 1] == b'\n';
        match source[at] {
            b'/' if starts => embedded(source, at, length, &mut references),
            b'i' if starts && !constrained => importing = Importing::at(&source[at..]),
            b'\n' if importing == Importing::Line => importing = Importing::No,
            b')' => importing = Importing::No,
            b'"' | b'`' if length > 2 && importing != Importing::No => references.extend(import(source, at, length)),
            b'"' | b'`' if length > 2 => references.extend(argument(source, at, length)),
            _ => {}
        }
        at += length;
    }
    Scan { references, ..Scan::default() }
}

/// Whether imports are being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Importing {
    No,
    /// To the end of the line.
    Line,
    /// To the closing bracket.
    Block,
}

impl Importing {
    /// What a line that starts with an `i` opens.
    fn at(line: &[u8]) -> Self {
        match line.strip_prefix(b"import").and_then(|rest| Some((rest.first()?, rest.trim_ascii_start()))) {
            Some((_, [b'(', ..])) => Importing::Block,
            Some((b' ' | b'\t' | b'"', _)) => Importing::Line,
            _ => Importing::No,
        }
    }
}

/// A package by its path: the domain of a module, or its name, comes first.
fn import(source: &[u8], at: usize, length: usize) -> Option<Reference<'_>> {
    let text = source.get(at + 1..at + length - 1)?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(byte);
    let span = Span::new(at + 1, at + length - 1);
    let is_path = text.contains(&b'/') && text.iter().all(plain) && !text.starts_with(b".") && !text.ends_with(b"/");
    is_path.then(|| Reference::literal(span, text, "import", Namespace::GoPackage, Strength::Fatal))
}

/// The length of the string, comment or byte that begins here.
fn skip(rest: &[u8]) -> usize {
    let quoted = |close: u8| {
        let mut at = 1;
        while let Some(found) = memchr::memchr3(close, b'\\', b'\n', &rest[at.min(rest.len())..]) {
            at += found;
            match rest[at] {
                b'\\' => at += 2,
                _ => return at + 1,
            }
        }
        rest.len()
    };
    match rest {
        [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
        [b'/', b'*', ..] => memchr::memmem::find(&rest[2..], b"*/").map_or(rest.len(), |end| end + 4),
        [b'`', ..] => memchr::memchr(b'`', &rest[1..]).map_or(rest.len(), |end| end + 2),
        [b'"', ..] => quoted(b'"').min(rest.len()),
        [b'\'', ..] => quoted(b'\'').min(rest.len()),
        _ => 1,
    }
}

/// `//go:embed a.txt static "with blank"`: the build fails where nothing is there (`embed`, "Directives").
fn embedded<'s>(source: &'s [u8], at: usize, length: usize, out: &mut Vec<Reference<'s>>) {
    let line = source[at..at + length].trim_ascii_end();
    let Some(patterns) = line.strip_prefix(b"//go:embed ") else { return };
    let start = at + line.len() - patterns.len();
    for (from, word) in words(patterns) {
        let all = if word.starts_with(b"all:") { 4 } else { 0 };
        out.extend(pattern(&word[all..], start + from + all));
    }
}

/// The words of a directive, without quotes, and where they stand.
fn words(text: &[u8]) -> Vec<(usize, &[u8])> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (start, close): (usize, &[u8]) = match text[at] {
            b' ' | b'\t' => {
                at += 1;
                continue;
            }
            b'"' => (at + 1, b"\""),
            b'`' => (at + 1, b"`"),
            _ => (at, b" \t"),
        };
        let length = text[start..].iter().position(|byte| close.contains(byte)).unwrap_or(text.len() - start);
        words.push((start, &text[start..start + length]));
        at = start + length + 1;
    }
    words
}

/// What a pattern names: a file or a folder, or the folder before its first wildcard.
fn pattern(text: &[u8], at: usize) -> Option<Reference<'_>> {
    let wild = text.iter().position(|byte| b"*?[\\".contains(byte));
    let (text, want) = match wild {
        Some(wild) => (&text[..memchr::memrchr(b'/', &text[..wild])?], Want::Directory),
        None => (text, Want::Any),
    };
    let span = Span::new(at, at + text.len());
    let namespace = Namespace::Path(EMBEDS, want);
    (!text.is_empty()).then(|| Reference::literal(span, text, "go:embed", namespace, Strength::Fatal))
}

/// The first argument of a call that takes a path.
fn argument(source: &[u8], at: usize, length: usize) -> Option<Reference<'_>> {
    let before = source[..at].trim_ascii_end();
    let (_, construct, want) = CALLS.iter().find(|(call, _, _)| before.ends_with(call))?;
    let text = source.get(at + 1..at + length - 1)?;
    let relative = !text.is_empty() && !text.starts_with(b"/") && !text.iter().any(|byte| b"\\\n%".contains(byte));
    let span = Span::new(at + 1, at + length - 1);
    let namespace = Namespace::Path(RUNS, *want);
    let is_path = relative && path::normalize(text).is_some();
    is_path.then(|| Reference::literal(span, text, construct, namespace, Strength::Broken))
}
