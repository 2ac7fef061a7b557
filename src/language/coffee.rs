//! CoffeeScript: what a module requires (coffeescript.org "Language Reference").
//!
//! Read: `require '…'` and `import … from '…'`. No parser of it is kept in Rust; strings and comments are told by
//! their first characters. What stands below a `try` is guarded.
//!
//! Knowingly not read: names with `#{…}` in them, embedded JavaScript, files that are read.

use super::syntax::sprockets;
use super::{Input, Language, Namespace, Phase, Reference, Scan};
use crate::diagnostic::{Span, Strength};

/// CoffeeScript.
pub const LANGUAGE: Language = Language {
    name: "coffee",
    extensions: &["coffee", "cjsx", "litcoffee"],
    names: &["Cakefile"],
    interpreters: &["coffee"],
    recognises: None,
    phase: Phase::Facts,
    reads: "`require` and `import` by a literal, directives of Sprockets",
    leaves: "names with `#{…}`, files that are read",
    scan,
};

/// Most lines that are looked through for a `try`.
const MAX_LINES: usize = 200;

/// Forms of strings and comments, by what opens and closes them; the longer opening first.
const FORMS: [(&[u8], &[u8]); 7] = [
    (b"###", b"###"),
    (b"#", b"\n"),
    (b"\"\"\"", b"\"\"\""),
    (b"'''", b"'''"),
    (b"///", b"///"),
    (b"\"", b"\""),
    (b"'", b"'"),
];

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut references = sprockets::references(input.path, source);
    let mut at = 0;
    while at < source.len() {
        let length = length(&source[at..]);
        if matches!(source[at], b'"' | b'\'') {
            references.extend(specifier(source, at, length));
        }
        at += length;
    }
    Scan { references, ..Scan::default() }
}

/// The length of the string, comment or byte that begins here.
fn length(rest: &[u8]) -> usize {
    let Some((open, close)) = FORMS.iter().find(|(open, _)| rest.starts_with(open)) else { return 1 };
    let mut at = open.len();
    while at < rest.len() {
        if rest[at..].starts_with(close) {
            return at + if *close == b"\n" { 0 } else { close.len() };
        }
        at += if rest[at] == b'\\' && *open != b"#" { 2 } else { 1 };
    }
    rest.len()
}

/// The string at `at`, where it is what a module is named by.
fn specifier<'s>(source: &'s [u8], at: usize, length: usize) -> Option<Reference<'s>> {
    let before = source[..at].trim_ascii_end();
    let before = before.strip_suffix(b"(").unwrap_or(before);
    let construct = if is_word(before, b"require") {
        "require"
    } else if is_word(before, b"from") || is_word(before, b"import") {
        "import"
    } else {
        return None;
    };
    let text = source.get(at + 1..(at + length).checked_sub(1)?)?;
    if text.is_empty() || text.contains(&b'\\') || memchr::memmem::find(text, b"#{").is_some() {
        return None;
    }
    let span = Span::new(at + 1, at + 1 + text.len());
    let reference = Reference::literal(span, text, construct, Namespace::Node, Strength::Fatal);
    Some(Reference { guarded: is_tried(source, at), ..reference })
}

/// Whether a text ends with a word.
fn is_word(text: &[u8], word: &[u8]) -> bool {
    let Some(front) = text.strip_suffix(word) else { return false };
    front.last().is_none_or(|&byte| !byte.is_ascii_alphanumeric() && !b"_.$@".contains(&byte))
}

/// Whether the line of `at`, or a line that it is indented below, begins a `try`.
fn is_tried(source: &[u8], at: usize) -> bool {
    let mut indent = usize::MAX;
    source[..at].rsplit(|&byte| byte == b'\n').take(MAX_LINES).any(|line| {
        let own = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let outer = own < indent && own < line.len();
        if outer {
            indent = own;
        }
        outer && (line[own..].starts_with(b"try") || memchr::memmem::find(line, b"= try ").is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn what_is_required() {
        let text = b"a = require './a'\n# require './b'\n### require './c' ###\nx = \"require './d'\"\nimport e from \"./e\"\ntry\n  f = require('./f')\nobj.require './g'\nrequire \"./#{h}\"\nrequire '";
        let source = Source::new(&text[..]);
        let scan = scan(Input { path: b"a.coffee", source: &source, project: None });
        let shown: Vec<_> = scan.references.iter().map(|one| (one.span.of(text), one.guarded)).collect();
        assert_eq!(shown, [(&b"./a"[..], false), (b"./e", false), (b"./f", true)]);
    }
}
