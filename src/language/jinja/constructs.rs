//! The constructs of a template: where they stand, and their tokens.
//!
//! Only minijinja's tokenizer is used, which does not recurse, on one construct at a time: what it cannot read is a
//! hole and ends at the next closing delimiter.

use std::ops::Range;

use minijinja::machinery::{Token, tokenize};

use crate::diagnostic::Span;
use crate::language::HOLE;

/// Longest construct that is tokenized, in bytes.
const WINDOW: usize = 60_000;

/// A token with its place.
#[derive(Debug)]
pub(super) struct Tok<'t> {
    pub kind: Kind<'t>,
    pub span: Span,
}

#[derive(Debug, PartialEq)]
pub(super) enum Kind<'t> {
    Block,
    Close,
    Ident(&'t str),
    /// A string without escapes, or decoded.
    Str(Option<Box<str>>),
    Comma,
    Assign,
    Join,
    ListOpen,
    ListClose,
    ParenOpen,
    ParenClose,
    Other,
}

fn kind(token: Token<'_>) -> Kind<'_> {
    match token {
        Token::BlockStart => Kind::Block,
        Token::VariableEnd | Token::BlockEnd => Kind::Close,
        Token::Ident(name) => Kind::Ident(name),
        Token::Str(_) => Kind::Str(None),
        Token::String(decoded) => Kind::Str(Some(decoded)),
        Token::Comma => Kind::Comma,
        Token::Assign => Kind::Assign,
        Token::Tilde | Token::Plus => Kind::Join,
        Token::BracketOpen => Kind::ListOpen,
        Token::BracketClose => Kind::ListClose,
        Token::ParenOpen => Kind::ParenOpen,
        Token::ParenClose => Kind::ParenClose,
        _ => Kind::Other,
    }
}

/// The constructs of a template, in order.
#[derive(Debug, Default)]
pub(super) struct Template<'t> {
    /// Tokens of each `{{ … }}` and `{% … %}`, the opening delimiter included.
    pub constructs: Vec<Vec<Tok<'t>>>,
    /// Everything that is not markup: constructs, comments and raw blocks.
    islands: Vec<Range<usize>>,
}

impl<'t> Template<'t> {
    /// Each construct is tokenized on its own, in a window: the tokenizer counts columns in 16 bits.
    pub(super) fn read(text: &'t str, raw: &[&str]) -> Self {
        let mut template = Template::default();
        let mut at = 0;
        while let Some(open) = next_delimiter(text.as_bytes(), at) {
            let rest = &text.as_bytes()[open..];
            let text_tag = raw.iter().find(|word| rest[1] == b'%' && is_tag(&rest[2..], word.as_bytes()));
            let end = match (rest[1], text_tag) {
                (b'#', _) => after(rest, 2, b"#}").map(|end| open + end),
                (_, Some(word)) => end_of_raw(rest, word).map(|end| open + end),
                _ => template.construct(text, open),
            };
            // What never ends is no markup either.
            at = end.unwrap_or(text.len());
            template.islands.push(open..at);
        }
        template
    }

    /// Where the construct that opens here ends.
    fn construct(&mut self, text: &'t str, open: usize) -> Option<usize> {
        let close = if text.as_bytes().get(open + 1) == Some(&b'%') { "%}" } else { "}}" };
        let window = text.get(open..text.floor_char_boundary(open + WINDOW))?;
        let mut tokens: Vec<Tok<'t>> = Vec::new();
        for token in tokenize(window, false, minijinja::syntax::SyntaxConfig::default()) {
            let Ok((token, at)) = token else { break };
            let kind = kind(token);
            if kind == Kind::Close {
                self.constructs.push(tokens);
                return Some(open + at.end_offset as usize);
            }
            tokens.push(Tok { kind, span: Span::new(open + at.start_offset as usize, open + at.end_offset as usize) });
        }
        // What the tokenizer cannot read ends where its delimiter next stands.
        let last = tokens.last().map_or(open, |token| token.span.end as usize);
        self.constructs.push(tokens);
        after(text.as_bytes(), last, close.as_bytes())
    }

    /// The source at equal length with holes for everything that is not markup.
    pub(super) fn masked(&self, source: &[u8]) -> Vec<u8> {
        let mut masked = source.to_vec();
        for island in &self.islands {
            if let Some(bytes) = masked.get_mut(island.clone()) {
                bytes.fill(HOLE);
            }
        }
        masked
    }
}

/// The next `{{`, `{%` or `{#`.
fn next_delimiter(text: &[u8], from: usize) -> Option<usize> {
    let opens = |at: &usize| matches!(text.get(at + 1), Some(b'{' | b'%' | b'#'));
    memchr::memchr_iter(b'{', text.get(from..)?).map(|at| from + at).find(opens)
}

/// The end of the next `close` at or behind `from`.
fn after(text: &[u8], from: usize, close: &[u8]) -> Option<usize> {
    memchr::memmem::find(text.get(from..)?, close).map(|at| from + at + close.len())
}

/// Whether the inside of a tag begins with this word.
fn is_tag(inside: &[u8], word: &[u8]) -> bool {
    let inside = inside.strip_prefix(b"-").or(inside.strip_prefix(b"+")).unwrap_or(inside).trim_ascii_start();
    let rest = inside.strip_prefix(word);
    rest.is_some_and(|rest| !rest.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_'))
}

/// The end of `{% endraw %}`.
fn end_of_raw(text: &[u8], raw: &str) -> Option<usize> {
    let end_tag = [b"end", raw.as_bytes()].concat();
    let mut tags = memchr::memmem::find_iter(text, b"{%");
    let end = tags.find(|at| is_tag(&text[at + 2..], &end_tag))?;
    after(text, end, b"%}")
}
