//! Rust: modules in files of their own, and files that are compiled in (doc.rust-lang.org/reference "Modules"; `std`,
//! "Macros").
//!
//! Read: `mod x;` with `#[path]` and inside of inline modules, `include!`, `include_str!` and `include_bytes!` with a
//! literal. What stands under a `#[cfg(…)]` is guarded. No parser is kept for it: strings and comments are told by
//! their first characters.
//!
//! Knowingly not read: names that macros make, paths below `OUT_DIR`, files that are read at run time.

use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};
use crate::expr::{Here, PathExpr};
use crate::path;

/// Rust.
pub const LANGUAGE: Language = Language {
    name: "rust",
    extensions: &["rs"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`mod`, `#[path]`, `include!`, `include_str!`, `include_bytes!`",
    leaves: "names that macros make, files that are read at run time",
    scan,
};

const FILE: Namespace = Namespace::Path(&[Base::FileDirectory], Want::File);
/// Macros whose literal is a file beside the source.
const INCLUDES: [(&[u8], &str); 3] =
    [(b"include", "include!"), (b"include_bytes", "include_bytes!"), (b"include_str", "include_str!")];
/// Files whose modules lie beside them, whatever they are called.
const ROOTS: [&[u8]; 4] = [b"build.rs", b"lib.rs", b"main.rs", b"mod.rs"];
/// Most tokens of a statement that are kept: attributes and a module are few.
const MAX_TOKENS: usize = 200;
/// Deepest inline module that is followed.
const MAX_DEPTH: usize = 64;

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let source = input.source.bytes();
    let name = path::name(input.path);
    let own = if ROOTS.contains(&name) { &b""[..] } else { path::split_extension(name).0 };
    let mut reader = Reader { own, tokens: Vec::new(), inline: Vec::new(), depth: 0, references: Vec::new() };
    let mut at = 0;
    while at < source.len() {
        let (length, kind) = token(&source[at..]);
        if kind != Kind::Blank {
            reader.take(Token { kind, text: &source[at..at + length], at });
        }
        at += length;
    }
    Scan { references: reader.references, ..Scan::default() }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Blank,
    Word,
    /// A string without escapes, in its quotes.
    Text,
    Other,
}

#[derive(Clone, Copy, Debug)]
struct Token<'s> {
    kind: Kind,
    text: &'s [u8],
    at: usize,
}

/// The token, comment or white space that begins here: its length, and what it is.
fn token(rest: &[u8]) -> (usize, Kind) {
    let word = |rest: &[u8]| rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    match rest {
        [b'/', b'/', ..] => (memchr::memchr(b'\n', rest).unwrap_or(rest.len()), Kind::Blank),
        [b'/', b'*', ..] => (comment(rest), Kind::Blank),
        [b'"', ..] => string(rest),
        [b'r' | b'b' | b'c', b'"' | b'#' | b'r', ..] if raw(rest).is_some() => (raw(rest).unwrap_or(1), Kind::Other),
        [b'b' | b'c', b'"', ..] => (string(&rest[1..]).0 + 1, Kind::Other),
        [b'\'', b'\\', _, tail @ ..] => (memchr::memchr(b'\'', tail).map_or(2, |end| (end + 4).min(14)), Kind::Other),
        [b'\'', _, b'\'', ..] => (3, Kind::Other),
        [byte, ..] if byte.is_ascii_whitespace() => (1, Kind::Blank),
        [byte, ..] if byte.is_ascii_alphanumeric() || *byte == b'_' => (word(rest), Kind::Word),
        _ => (1, Kind::Other),
    }
}

/// `/* … /* … */ … */`.
fn comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(found) = memchr::memchr2(b'/', b'*', &rest[at..]) {
        at += found;
        match &rest[at..] {
            [b'/', b'*', ..] => depth += 1,
            [b'*', b'/', ..] => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn string(rest: &[u8]) -> (usize, Kind) {
    let mut at = 1;
    let mut kind = Kind::Text;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &rest[at..]) {
        at += found;
        if rest[at] == b'"' {
            return (at + 1, kind);
        }
        kind = Kind::Other;
        at = (at + 2).min(rest.len());
    }
    (rest.len(), Kind::Other)
}

/// `r#"…"#`, `br"…"`.
fn raw(rest: &[u8]) -> Option<usize> {
    let letters = rest.iter().take(2).take_while(|byte| matches!(byte, b'b' | b'c' | b'r')).count();
    let hashes = rest[letters..].iter().take_while(|&&byte| byte == b'#').count();
    let quoted = rest.get(letters - 1) == Some(&b'r') && rest.get(letters + hashes) == Some(&b'"');
    let start = letters + hashes + 1;
    let close = [b"\"".as_slice(), &b"#".repeat(hashes.min(255))].concat();
    quoted.then(|| memchr::memmem::find(&rest[start..], &close).map_or(rest.len(), |end| start + end + close.len()))
}

struct Reader<'s> {
    /// The folder of this file's modules, seen from its directory; empty where they lie beside it.
    own: &'s [u8],
    /// The statement so far.
    tokens: Vec<Token<'s>>,
    /// Inline modules that are open, with the depth of their braces.
    inline: Vec<(&'s [u8], usize)>,
    depth: usize,
    references: Vec<Reference<'s>>,
}

impl<'s> Reader<'s> {
    fn take(&mut self, token: Token<'s>) {
        match token.text {
            b"{" => {
                if let Some(name) = self.module() {
                    self.inline.push((name, self.depth));
                }
                self.depth += 1;
                self.tokens.clear();
            }
            b"}" => {
                self.depth = self.depth.saturating_sub(1);
                self.inline.retain(|(_, depth)| *depth < self.depth);
                self.tokens.clear();
            }
            b";" => {
                if let Some(name) = self.module() {
                    self.declared(name);
                }
                self.tokens.clear();
            }
            _ => {
                if self.tokens.len() == MAX_TOKENS {
                    self.tokens.drain(..MAX_TOKENS / 2);
                }
                self.tokens.push(token);
                self.included(token);
            }
        }
    }

    /// The name in `mod name`, at the end of the statement so far.
    fn module(&self) -> Option<&'s [u8]> {
        match self.tokens.as_slice() {
            [.., keyword, name] if keyword.text == b"mod" && name.kind == Kind::Word => Some(name.text),
            _ => None,
        }
    }

    /// `mod name;`: in `name.rs` or `name/mod.rs`.
    fn declared(&mut self, name: &'s [u8]) {
        let Some(last) = self.tokens.last().copied() else { return };
        let has = |word: &[u8]| self.tokens.iter().any(|token| token.text == word);
        // A macro of the source makes its own.
        if self.inline.len() > MAX_DEPTH || has(b"$") {
            return;
        }
        let guarded = has(b"cfg") || has(b"cfg_attr");
        let (expr, span) = match self.stated() {
            Some(_) if has(b"cfg_attr") => return,
            Some(text) => (self.at_path(inside(text.text)), Span::new(text.at + 1, text.at + text.text.len() - 1)),
            None => (self.by_name(name), Span::new(last.at, last.at + name.len())),
        };
        let tail = if self.stated().is_some() { span } else { Span::default() };
        let reference = Reference::literal(span, Vec::new(), "mod", FILE, Strength::Fatal);
        self.references.push(Reference { tail, expr, guarded, ..reference });
    }

    /// The literal of `#[path = "…"]` before a module.
    fn stated(&self) -> Option<Token<'s>> {
        let at = self
            .tokens
            .windows(3)
            .find(|three| three[0].text == b"path" && three[1].text == b"=" && three[2].kind == Kind::Text)?;
        Some(at[2])
    }

    /// `#[path]`: from the directory of the file; inside of inline modules from theirs.
    fn at_path(&self, text: &'s [u8]) -> PathExpr<'s> {
        let mut folders: Vec<&[u8]> = self.inline.iter().map(|(name, _)| *name).collect();
        if !folders.is_empty() && !self.own.is_empty() {
            folders.insert(0, self.own);
        }
        below(&folders, text.to_vec())
    }

    /// Both places for both kinds of file: which one is the root of a crate, its manifest may say.
    fn by_name(&self, name: &[u8]) -> PathExpr<'s> {
        let name = name.strip_prefix(b"r#").unwrap_or(name);
        let inline: Vec<&[u8]> = self.inline.iter().map(|(name, _)| *name).collect();
        let own: Vec<&[u8]> = std::iter::once(self.own).chain(inline.iter().copied()).collect();
        let mut folders = vec![own];
        if !self.own.is_empty() {
            folders.push(inline);
        }
        let forms = |folders: &Vec<&[u8]>| {
            [below(folders, [name, b".rs"].concat()), below(folders, [name, b"/mod.rs"].concat())]
        };
        PathExpr::FirstOf(folders.iter().flat_map(forms).collect())
    }

    /// `include_str!("…")`.
    fn included(&mut self, token: Token<'s>) {
        if token.kind != Kind::Text {
            return;
        }
        let [.., name, bang, open, _] = self.tokens.as_slice() else { return };
        let row = INCLUDES.iter().find(|(known, _)| *known == name.text);
        let opened = bang.text == b"!" && matches!(open.text, b"(" | b"[");
        if let Some((_, construct)) = row.filter(|_| opened) {
            let span = Span::new(token.at + 1, token.at + token.text.len() - 1);
            self.references.push(Reference::literal(span, inside(token.text), construct, FILE, Strength::Fatal));
        }
    }
}

fn inside(text: &[u8]) -> &[u8] {
    text.get(1..text.len() - 1).unwrap_or_default()
}

/// A path below folders in the directory of the file.
fn below<'s>(folders: &[&[u8]], path: Vec<u8>) -> PathExpr<'s> {
    let mut parts = vec![PathExpr::Here(Here::Dir)];
    parts.extend(folders.iter().filter(|folder| !folder.is_empty()).map(|folder| PathExpr::literal(folder.to_vec())));
    parts.push(PathExpr::literal(path));
    PathExpr::Join(parts)
}
