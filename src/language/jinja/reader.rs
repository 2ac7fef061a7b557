//! Reads the tokens of one construct: the files that its tags and calls name.

use super::Tag;
use super::constructs::{Kind, Tok};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::framework::static_endpoint;
use crate::reference::{Namespace, Reference};

/// Deepest nest of brackets in an expression.
const MAX_NEST: usize = 16;

/// Reads the tokens of one construct.
pub(super) struct Reader<'a, 't, 's> {
    pub source: &'s [u8],
    pub tokens: &'a [Tok<'t>],
    pub at: usize,
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
    pub(super) fn tag(&mut self, tags: &[Tag], references: &mut Vec<Reference<'s>>) {
        let [Tok { kind: Kind::Block, .. }, Tok { kind: Kind::Ident(name), .. }, ..] = self.tokens else { return };
        let Some(tag) = tags.iter().find(|tag| tag.name == *name) else { return };
        self.at = 2;
        if let Some(lowered) = self.expression(0) {
            let guarded = self.is_word("ignore");
            let reference = reference(lowered, tag.name, tag.namespace, tag.strength);
            references.push(Reference { guarded, ..reference });
        }
    }

    /// Each `url_for('static', filename='…')`.
    pub(super) fn urls(&mut self, references: &mut Vec<Reference<'s>>) {
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
    pub(super) fn calls(&mut self, functions: &[(&'static str, Namespace)], references: &mut Vec<Reference<'s>>) {
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
            let named = self.is_word("filename") || self.is_word("path");
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
