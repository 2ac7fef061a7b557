//! What Sass, Less and Stylus have in common: comments to the end of the line, and rules that import by names.
//!
//! Apart from the three because their sheets are read as CSS once such comments and rules are blanked: `url()` and its
//! kin go to [`super::css`]. No parser reads all of them; quotes, comments and at-rules are all that has to be told
//! apart here, without any nest.
//!
//! Where the output lies is not known, nor whether a bundler resolves `url()` against the source: such a URL starts
//! nobody knows where.

use std::ops::Range;

use super::super::{Namespace, Reference, Scan, Sheet, css};
use super::url::unknown_base;
use crate::diagnostic::{Span, Strength};

/// How a preprocessor is written.
#[derive(Clone, Copy)]
pub(in crate::language) struct Syntax {
    /// Rules that import, without the `@`; what they leave to CSS is told by `imports`.
    pub rules: &'static [&'static str],
    /// A comment goes on with the lines that are indented below it.
    pub indented: bool,
    /// A rule ends with its line.
    pub by_line: bool,
    /// The names in what follows the word of a rule; none where the rule is one of CSS.
    pub imports: fn(prelude: &[u8], word: &str) -> Vec<Import>,
}

/// A name that is imported.
pub(in crate::language) struct Import {
    /// Where it stands in the prelude, without quotes.
    pub range: Range<usize>,
    /// Its absence is allowed.
    pub guarded: bool,
    /// Whose rules name it.
    pub kind: Sheet,
}

/// A rule that imports: its word, the `@` included, and what follows it.
struct Rule {
    word: Range<usize>,
    prelude: Range<usize>,
}

/// The references of a sheet.
pub(in crate::language) fn scan(source: &[u8], syntax: Syntax) -> Scan<'_> {
    let mut sheet = Lexer { source, syntax, masked: source.to_vec(), rules: Vec::new() };
    sheet.read();
    let Lexer { mut masked, rules, .. } = sheet;
    let mut references = Vec::new();
    for rule in rules {
        let word = std::str::from_utf8(&source[rule.word.start + 1..rule.word.end]).unwrap_or_default();
        let Some(row) = syntax.rules.iter().find(|name| name.eq_ignore_ascii_case(word)) else { continue };
        let imports = (syntax.imports)(&masked[rule.prelude.clone()], row);
        if imports.is_empty() {
            continue;
        }
        references.extend(imports.iter().filter_map(|import| reference(source, &rule, import, construct(row))));
        masked[rule.word.start..rule.prelude.end].fill(b' ');
    }
    let from = references.len();
    css::scan_block(source, &masked, 0, &mut references);
    references[from..].iter_mut().for_each(unknown_base);
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

fn construct(word: &str) -> &'static str {
    match word {
        "use" => "@use",
        "forward" => "@forward",
        "require" => "@require",
        _ => "@import",
    }
}

fn reference<'s>(source: &'s [u8], rule: &Rule, import: &Import, construct: &'static str) -> Option<Reference<'s>> {
    let start = rule.prelude.start + import.range.start;
    let span = Span::new(start, rule.prelude.start + import.range.end);
    let text = span.of(source);
    if text.is_empty() || text.contains(&b'\\') {
        return None;
    }
    let reference = Reference::literal(span, text, construct, Namespace::Sheet(import.kind), Strength::Fatal);
    Some(Reference { guarded: import.guarded, ..reference })
}

/// Blanks the comments that CSS does not have, and keeps the rules that import.
struct Lexer<'s> {
    source: &'s [u8],
    syntax: Syntax,
    masked: Vec<u8>,
    rules: Vec<Rule>,
}

impl Lexer<'_> {
    fn read(&mut self) {
        let mut at = 0;
        while at < self.source.len() {
            at = match self.source[at] {
                b'/' if self.is_comment(at) => self.comment(at),
                b'"' | b'\'' => end_of_string(self.source, at),
                b'@' => self.rule(at),
                b'(' if ends_with_url(&self.source[..at]) => end_of_url(self.source, at + 1),
                _ => at + 1,
            };
        }
    }

    fn is_comment(&self, at: usize) -> bool {
        let next = self.source.get(at + 1);
        next == Some(&b'*') || next == Some(&b'/') && at.checked_sub(1).is_none_or(|before| self.source[before] != b':')
    }

    /// Blanks a comment, and gives where it ends.
    fn comment(&mut self, start: usize) -> usize {
        let rest = &self.source[start..];
        let length = if self.syntax.indented {
            length_by_indent(self.source, start)
        } else if rest[1] == b'*' {
            memchr::memmem::find(&rest[2..], b"*/").map_or(rest.len(), |end| end + 4)
        } else {
            memchr::memchr(b'\n', rest).unwrap_or(rest.len())
        };
        // A source map is told by a comment of CSS.
        if rest[1] == b'/' || self.syntax.indented {
            self.masked[start..start + length].fill(b' ');
        }
        start + length
    }

    fn rule(&mut self, start: usize) -> usize {
        let rest = &self.source[start + 1..];
        let end = start + 1 + rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let is_import = |name: &&str| self.source[start + 1..end].eq_ignore_ascii_case(name.as_bytes());
        if !self.syntax.rules.iter().any(is_import) {
            return end;
        }
        let mut at = end;
        while let Some(&byte) = self.source.get(at) {
            at = match byte {
                b';' | b'{' | b'}' => break,
                b'\n' if self.syntax.by_line => break,
                b'/' if self.is_comment(at) => {
                    let after = self.comment(at);
                    self.masked[at..after].fill(b' ');
                    after
                }
                b'"' | b'\'' => end_of_string(self.source, at),
                b'(' if ends_with_url(&self.source[..at]) => end_of_url(self.source, at + 1),
                _ => at + 1,
            };
        }
        self.rules.push(Rule { word: start..end, prelude: end..at });
        at
    }
}

/// A string ends at its quote, or with its line.
fn end_of_string(source: &[u8], start: usize) -> usize {
    let quote = source[start];
    let mut at = start + 1;
    while let Some(&byte) = source.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            _ if byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    source.len()
}

fn ends_with_url(text: &[u8]) -> bool {
    text.len() >= 3 && text[text.len() - 3..].eq_ignore_ascii_case(b"url")
}

/// What stands in `url(` without quotes is no comment, whatever it holds.
fn end_of_url(source: &[u8], start: usize) -> usize {
    let rest = &source[start..];
    let inner = rest.trim_ascii_start();
    if matches!(inner.first(), Some(b'"' | b'\'')) {
        return start;
    }
    start + memchr::memchr2(b')', b'\n', rest).unwrap_or(rest.len())
}

/// A comment of the indented syntax: its line, and those that are indented deeper.
fn length_by_indent(source: &[u8], start: usize) -> usize {
    let line = memchr::memrchr(b'\n', &source[..start]).map_or(0, |at| at + 1);
    let own = indent(&source[line..]);
    let mut end = start;
    for text in source[start..].split_inclusive(|&byte| byte == b'\n') {
        let deeper = text.trim_ascii().is_empty() || indent(text) > own;
        if end > start && !deeper {
            break;
        }
        end += text.len();
    }
    end - start
}

fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// The parts of a prelude between commas that stand in no quotes and no brackets.
pub(in crate::language) fn parts(prelude: &[u8]) -> Vec<Range<usize>> {
    let (mut parts, mut from, mut at, mut depth) = (Vec::new(), 0, 0, 0usize);
    while let Some(&byte) = prelude.get(at) {
        match byte {
            b'"' | b'\'' => at = end_of_string(prelude, at) - 1,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(from..at);
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(from..prelude.len());
    parts
}

/// The string that a part begins with, by the inside of its quotes, and what follows it.
pub(in crate::language) fn string(prelude: &[u8], part: Range<usize>) -> Option<(Range<usize>, &[u8])> {
    let text = &prelude[part.clone()];
    let start = part.start + text.len() - text.trim_ascii_start().len();
    let quote = *prelude.get(start).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let end = end_of_string(prelude, start).min(part.end);
    let closed = end > start + 1 && prelude[end - 1] == quote;
    closed.then(|| (start + 1..end - 1, prelude[end..part.end].trim_ascii()))
}
