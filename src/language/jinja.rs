//! Jinja templates: what a template extends, includes and imports, and the static files it links.
//!
//! Read: `extends`, `include`, `import`, `from` with literals, `~`, lists and inline `if`, and
//! `url_for('static', filename=…)` in any expression. Pages below a root of templates are HTML to the registry:
//! that language asks [`is_template`] and leaves them to [`scan_page`], which reads the markup around the constructs
//! with every construct masked.
//!
//! Knowingly not read: names that pass through `set` or macro arguments, custom delimiters, line statements. A
//! template of Django's is masked, and its names left alone: they follow other rules.
//!
//! Only minijinja's tokenizer is used, which does not recurse, on one construct at a time: what it cannot read is a
//! hole and ends at the next closing delimiter.
//!
//! Manual: jinja.palletsprojects.com, "Template Designer Documentation".

use std::ops::Range;

use minijinja::machinery::{Token, tokenize};

use super::{HOLE, Input, Language, Namespace, Phase, Reference, Scan, html};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::framework::static_endpoint;
use crate::path;

/// The row of Jinja.
pub const LANGUAGE: Language = Language {
    name: "jinja",
    extensions: &["j2", "jinja", "jinja2"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`extends`, `include`, `import`, `from`, `url_for('static', …)`",
    leaves: "names that pass through variables, custom delimiters",
    scan,
};

/// Longest construct that is tokenized, in bytes.
const WINDOW: usize = 60_000;
/// Deepest nest of brackets in an expression.
const MAX_NEST: usize = 16;
/// Tags that only Django has.
const DJANGO: [&[u8]; 4] = [b"{% load ", b"{% csrf_token", b"{% url ", b"{% static "];

/// Extensions before the template's own under which the result is markup.
const MARKUP: [&[u8]; 5] = [b"htm", b"html", b"svg", b"xhtml", b"xml"];

fn scan(input: Input<'_>) -> Scan<'_> {
    let (result, _) = path::split_extension(path::name(input.path));
    if MARKUP.contains(&path::extension(result).as_slice()) {
        return scan_page(input);
    }
    let (references, _) = read(input, &JINJA);
    Scan { references, ..Scan::default() }
}

/// The constructs of a template, and the markup around them. Where the page will be served is not known.
pub(super) fn scan_page(input: Input<'_>) -> Scan<'_> {
    let (mut references, masked) = read(input, &JINJA);
    references.extend(html::scan_fragment(input.source.bytes(), &masked, html::Page { unknown_base: true }));
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// Whether a page is a template of Jinja's: it lies below a root of templates in a tree that uses Jinja.
pub(super) fn is_template(input: Input<'_>) -> bool {
    input.project.is_some_and(|project| project.is_template(input.path))
}

/// What two engines of one syntax do not share.
pub(super) struct Dialect {
    /// Tags that name a template first.
    pub tags: &'static [(&'static str, Strength)],
    /// The tag whose content is text.
    pub raw: &'static str,
    /// Functions that name a file by their first argument, and whose rules look it up.
    pub functions: &'static [(&'static str, Namespace)],
}

const JINJA: Dialect = Dialect {
    tags: &[
        ("extends", Strength::Fatal),
        ("from", Strength::Fatal),
        ("import", Strength::Fatal),
        ("include", Strength::Broken),
    ],
    raw: "raw",
    functions: &[],
};

/// The references of the constructs, and the source at equal length with every construct masked by [`HOLE`].
pub(super) fn read<'s>(input: Input<'s>, dialect: &'static Dialect) -> (Vec<Reference<'s>>, Vec<u8>) {
    let source = input.source.bytes();
    let text = input.source.text();
    let template = Template::read(&text, dialect.raw);
    let django = DJANGO.iter().any(|tag| memchr::memmem::find(source, tag).is_some());
    let mut references = Vec::new();
    if !django {
        for tokens in &template.constructs {
            let mut reader = Reader { source, tokens, at: 0 };
            reader.tag(dialect.tags, &mut references);
            reader.urls(&mut references);
            reader.calls(dialect.functions, &mut references);
        }
    }
    references.sort_by_key(|reference| reference.span);
    (references, template.masked(source))
}

/// A token with its place.
#[derive(Debug)]
struct Tok<'t> {
    kind: Kind<'t>,
    span: Span,
}

#[derive(Debug, PartialEq)]
enum Kind<'t> {
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
struct Template<'t> {
    /// Tokens of each `{{ … }}` and `{% … %}`, the opening delimiter included.
    constructs: Vec<Vec<Tok<'t>>>,
    /// Everything that is not markup: constructs, comments and raw blocks.
    islands: Vec<Range<usize>>,
}

impl<'t> Template<'t> {
    /// Each construct is tokenized on its own, in a window: the tokenizer counts columns in 16 bits.
    fn read(text: &'t str, raw: &str) -> Self {
        let mut template = Template::default();
        let mut at = 0;
        while let Some(open) = next_delimiter(text.as_bytes(), at) {
            let rest = &text.as_bytes()[open..];
            let end = match rest[1] {
                b'#' => after(rest, 2, b"#}").map(|end| open + end),
                b'%' if is_tag(&rest[2..], raw.as_bytes()) => end_of_raw(rest, raw).map(|end| open + end),
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
    fn masked(&self, source: &[u8]) -> Vec<u8> {
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

/// Whether the inside of a tag is this word alone.
fn is_tag(inside: &[u8], word: &[u8]) -> bool {
    let inside = inside.strip_prefix(b"-").or(inside.strip_prefix(b"+")).unwrap_or(inside).trim_ascii_start();
    let Some(rest) = inside.strip_prefix(word) else { return false };
    let rest = rest.trim_ascii_start();
    rest.strip_prefix(b"-").or(rest.strip_prefix(b"+")).unwrap_or(rest).starts_with(b"%}")
}

/// The end of `{% endraw %}`.
fn end_of_raw(text: &[u8], raw: &str) -> Option<usize> {
    let end_tag = [b"end", raw.as_bytes()].concat();
    let mut tags = memchr::memmem::find_iter(text, b"{%");
    let end = tags.find(|at| is_tag(&text[at + 2..], &end_tag))?;
    after(text, end, b"%}")
}

/// Reads the tokens of one construct.
struct Reader<'a, 't, 's> {
    source: &'s [u8],
    tokens: &'a [Tok<'t>],
    at: usize,
}

/// A lowered expression and where it stands.
struct Lowered<'s> {
    expr: PathExpr<'s>,
    span: Span,
    tail: Span,
}

impl<'s> Reader<'_, '_, 's> {
    fn peek(&self) -> Option<&Kind<'_>> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Kind::Ident(name)) if *name == word)
    }

    fn take(&mut self, kind: &Kind<'_>) -> bool {
        let taken = self.peek() == Some(kind);
        self.at += usize::from(taken);
        taken
    }

    /// `{% include … %}` and its like.
    fn tag(&mut self, tags: &[(&'static str, Strength)], references: &mut Vec<Reference<'s>>) {
        let [Tok { kind: Kind::Block, .. }, Tok { kind: Kind::Ident(name), .. }, ..] = self.tokens else { return };
        let Some(&(construct, strength)) = tags.iter().find(|(tag, _)| tag == name) else { return };
        self.at = 2;
        if let Some(lowered) = self.expression(0) {
            let guarded = self.is_word("ignore");
            let reference = reference(lowered, construct, Namespace::Template, strength);
            references.push(Reference { guarded, ..reference });
        }
    }

    /// Each `url_for('static', filename='…')`.
    fn urls(&mut self, references: &mut Vec<Reference<'s>>) {
        for at in 0..self.tokens.len() {
            if matches!(self.tokens[at].kind, Kind::Ident("url_for")) {
                self.at = at + 1;
                let file = self.static_file();
                references.extend(
                    file.map(|(construct, one)| reference(one, construct, Namespace::Static, Strength::Broken)),
                );
            }
        }
    }

    /// Each call of a function that names a file.
    fn calls(&mut self, functions: &[(&'static str, Namespace)], references: &mut Vec<Reference<'s>>) {
        for at in 0..self.tokens.len() {
            let Kind::Ident(name) = self.tokens[at].kind else { continue };
            let Some(&(construct, namespace)) = functions.iter().find(|(function, _)| *function == name) else {
                continue;
            };
            self.at = at + 1;
            if self.take(&Kind::ParenOpen)
                && let Some(lowered) = self.expression(0)
            {
                let guarded = self.is_optional();
                references.push(Reference { guarded, ..reference(lowered, construct, namespace, Strength::Broken) });
            }
        }
    }

    /// `ignore_missing` among what follows in the call.
    fn is_optional(&self) -> bool {
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        rest.iter().any(|token| matches!(token.kind, Kind::Ident("ignore_missing" | "true")))
    }

    fn static_file(&mut self) -> Option<(&'static str, Lowered<'s>)> {
        if !self.take(&Kind::ParenOpen) {
            return None;
        }
        let endpoint = self.expression(0)?.expr;
        let construct = static_endpoint(endpoint.as_literal()?)?;
        while self.take(&Kind::Comma) {
            let named = self.is_word("filename");
            self.at += 1;
            if !self.take(&Kind::Assign) {
                return None;
            }
            let value = self.expression(0)?;
            if named {
                return Some((construct, value));
            }
        }
        None
    }

    /// An expression up to what cannot be part of it; a hole where it is not of literals.
    fn expression(&mut self, nest: usize) -> Option<Lowered<'s>> {
        let mut left = self.operand(nest)?;
        while self.take(&Kind::Join) {
            let right = self.operand(nest)?;
            left = Lowered {
                expr: left.expr.then(right.expr),
                span: Span { start: left.span.start, end: right.span.end },
                tail: right.tail,
            };
        }
        if self.is_word("if") {
            left = self.conditional(left, nest);
        }
        if !self.ends_here() {
            self.skip();
            left.expr = PathExpr::Hole;
        }
        Some(left)
    }

    /// `a if x else b`: both are used.
    fn conditional(&mut self, left: Lowered<'s>, nest: usize) -> Lowered<'s> {
        while self.peek().is_some() && !self.is_word("else") && !matches!(self.peek(), Some(Kind::Comma)) {
            self.at += 1;
        }
        if !self.is_word("else") || nest >= MAX_NEST {
            return left;
        }
        self.at += 1;
        let Some(right) = self.expression(nest + 1) else { return left };
        let mut members = vec![left.expr];
        match right.expr {
            PathExpr::AnyOf(more) => members.extend(more),
            other => members.push(other),
        }
        let span = Span { start: left.span.start, end: right.span.end };
        Lowered { expr: PathExpr::AnyOf(members), span, tail: Span::default() }
    }

    fn operand(&mut self, nest: usize) -> Option<Lowered<'s>> {
        let token = self.tokens.get(self.at)?;
        let span = token.span;
        self.at += 1;
        let hole = Lowered { expr: PathExpr::Hole, span, tail: Span::default() };
        Some(match &token.kind {
            Kind::Str(decoded) => self.string(span, decoded.as_deref()),
            Kind::ListOpen | Kind::ParenOpen if nest < MAX_NEST => self.list(span, nest + 1),
            Kind::ListOpen | Kind::ParenOpen => {
                self.at = self.tokens.len();
                hole
            }
            _ => hole,
        })
    }

    fn string(&self, token: Span, decoded: Option<&str>) -> Lowered<'s> {
        let span = Span { start: token.start + 1, end: token.end.saturating_sub(1).max(token.start + 1) };
        let expr = match decoded {
            // Twig puts values there.
            _ if memchr::memmem::find(span.of(self.source), b"#{").is_some() => PathExpr::Hole,
            Some(text) => PathExpr::literal(text.as_bytes().to_vec()),
            None => PathExpr::literal(span.of(self.source)),
        };
        Lowered { expr, span, tail: span }
    }

    /// `['a', 'b']`, the first that exists; brackets around one expression are that expression.
    fn list(&mut self, open: Span, nest: usize) -> Lowered<'s> {
        let mut members = Vec::new();
        let mut commas = 0;
        while let Some(member) = self.expression(nest) {
            members.push(member);
            if !self.take(&Kind::Comma) {
                break;
            }
            commas += 1;
        }
        let end = self.tokens.get(self.at).map_or(open.end, |token| token.span.end);
        let is_list = self.take(&Kind::ListClose);
        if !is_list && !self.take(&Kind::ParenClose) {
            self.skip();
        }
        if !is_list && commas == 0 && members.len() == 1 {
            return members.remove(0);
        }
        let expr = PathExpr::FirstOf(members.into_iter().map(|member| member.expr).collect());
        Lowered { expr, span: Span { start: open.start, end }, tail: Span::default() }
    }

    fn ends_here(&self) -> bool {
        match self.peek() {
            None | Some(Kind::Comma | Kind::ListClose | Kind::ParenClose) => true,
            Some(Kind::Ident(word)) => {
                matches!(*word, "ignore" | "with" | "without" | "as" | "import" | "else" | "only")
            }
            _ => false,
        }
    }

    /// Skips the rest of an expression that is not of literals, brackets and all.
    fn skip(&mut self) {
        let mut depth = 0usize;
        while let Some(kind) = self.peek() {
            match kind {
                Kind::ListOpen | Kind::ParenOpen => depth += 1,
                Kind::ListClose | Kind::ParenClose | Kind::Comma if depth == 0 => return,
                Kind::ListClose | Kind::ParenClose => depth -= 1,
                Kind::Ident(_) if depth == 0 && self.ends_here() => return,
                _ => {}
            }
            self.at += 1;
        }
    }
}

fn reference<'s>(
    lowered: Lowered<'s>,
    construct: &'static str,
    namespace: Namespace,
    strength: Strength,
) -> Reference<'s> {
    Reference {
        span: lowered.span,
        tail: lowered.tail,
        expr: lowered.expr,
        construct,
        namespace,
        strength,
        guarded: false,
        ceiling: Severity::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn read(text: &str) -> (Vec<String>, String) {
        let source = Source::new(text.as_bytes().to_vec());
        let (references, masked) = read(Input { path: b"t.j2", source: &source, project: None }, &JINJA);
        let show = |one: &Reference<'_>| {
            let expr = match &one.expr {
                PathExpr::Literal(text) => String::from_utf8_lossy(text).into_owned(),
                PathExpr::FirstOf(members) => format!("first of {}", members.len()),
                PathExpr::AnyOf(members) => format!("any of {}", members.len()),
                _ => "?".to_owned(),
            };
            format!("{}{} {expr}", one.construct, if one.guarded { "?" } else { "" })
        };
        (references.iter().map(show).collect(), String::from_utf8_lossy(&masked).replace(HOLE as char, "~"))
    }

    #[test]
    fn tags_and_urls() {
        for (text, want) in [
            ("{% extends 'a.html' %}", "extends a.html"),
            ("{%- include \"a\" ignore missing with context -%}", "include? a"),
            ("{% import 'm' as m %}", "import m"),
            ("{% from 'm' import a, b %}", "from m"),
            ("{% include ['a', 'b'] %}", "include first of 2"),
            ("{% include 'a' if x else 'b' %}", "include any of 2"),
            ("{% include name %}", "include ?"),
            ("{% include 'a' ~ name|lower %}", "include ?"),
            ("{% include ('a') %}", "include a"),
            ("{{ url_for('static', filename='x.css') }}", "url_for x.css"),
            ("{{ url_for('bp.static', v=f(1, 2), filename='x.css')|e }}", "url_for of a blueprint x.css"),
            ("{% set u = url_for('static', filename='it\\'s') %}", "url_for it's"),
        ] {
            assert_eq!(read(text).0, [want], "{text}");
        }
        for text in [
            "{# {% include 'a' %} #}",
            "{% raw %}{% include 'a' %}{% endraw %}",
            "{{ url_for('user.x') }}",
            "include 'a'",
        ] {
            assert!(read(text).0.is_empty(), "{text}");
        }
    }

    #[test]
    fn constructs_are_masked_at_equal_length() {
        assert_eq!(read("<a href=\"{{ x }}/y\">").1, "<a href=\"~~~~~~~/y\">");
        assert_eq!(read("a {%- if x -%} b {# c #}\n").1, "a ~~~~~~~~~~~~ b ~~~~~~~\n");
        assert_eq!(
            read("{{ a && b }}c{% include 'd' %}"),
            (vec!["include d".to_owned()], "~~~~~~~~~~~~c~~~~~~~~~~~~~~~~~".to_owned())
        );
    }

    #[test]
    fn hostile_templates_end() {
        for shape in [
            "{{ ((((",
            "{{ [",
            "{% include [",
            "{# ",
            "{{ ' ",
            "{{ \\\" }}",
            "{% raw %}",
            "{%- raw -%} {% endraw %}",
            "{{ 'a' if 'b' else ",
            "{{ a && b }}",
        ] {
            let (_, masked) = read(&shape.repeat(20_000));
            assert_eq!(masked.len(), shape.len() * 20_000);
        }
    }
}
