//! Ruby's expressions for paths, as path expressions: strings, `File.join` and its kin, `Pathname`, what is assigned
//! once.

use std::cell::Cell;

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use crate::diagnostic::Span;
use crate::expr::{Here, MAX_DEPTH, PathExpr};
use crate::language::syntax::grown;

/// Most nodes that one expression is made of, what it is assigned from included.
const MAX_NODES: usize = 256;

/// A lowered expression.
pub struct Lowered<'s> {
    pub expr: PathExpr<'s>,
    /// What is to be shown, in bytes.
    pub span: Span,
    /// The inside of the last literal; empty where nothing can be edited.
    pub tail: Span,
    /// It is a `Pathname`, whose `+` joins.
    is_path: bool,
}

/// A source with what its names are assigned.
pub struct Lowering<'t, 's> {
    pub source: &'s [u8],
    /// Constants, and variables of the outermost level, that are assigned once.
    pub names: FxHashMap<&'s [u8], Option<Node<'t>>>,
    nodes: Cell<usize>,
}

impl<'t, 's> Lowering<'t, 's> {
    pub fn new(source: &'s [u8]) -> Self {
        Lowering { source, names: FxHashMap::default(), nodes: Cell::new(0) }
    }

    /// The bytes of a node.
    pub fn text(&self, node: Node<'_>) -> &'s [u8] {
        grown::text(self.source, node)
    }

    /// Takes a name down; what is assigned twice has no value.
    pub fn assign(&mut self, name: Node<'_>, value: Option<Node<'t>>) {
        let text = self.text(name);
        self.names.entry(text).and_modify(|known| *known = None).or_insert(value);
    }

    /// The path that an expression gives.
    pub fn path(&self, node: Node<'t>) -> Lowered<'s> {
        self.nodes.set(0);
        self.lower(node, 0)
    }

    /// The name that a string or a symbol gives.
    pub fn spelled(&self, node: Node<'t>) -> Lowered<'s> {
        if node.kind() != "simple_symbol" {
            return self.path(node);
        }
        let span = Span::new(node.start_byte() + 1, node.end_byte());
        let expr = PathExpr::literal(span.of(self.source));
        Lowered { expr, span, tail: span, is_path: false }
    }

    fn lower(&self, node: Node<'t>, depth: usize) -> Lowered<'s> {
        self.nodes.set(self.nodes.get() + 1);
        if depth > MAX_DEPTH || self.nodes.get() > MAX_NODES {
            return hole(node);
        }
        match node.kind() {
            "string" | "bare_string" => self.string(node, depth),
            "identifier" if self.text(node) == b"__dir__" => whole(node, PathExpr::here_up(0), false),
            "identifier" if self.text(node) == b"__FILE__" => whole(node, PathExpr::Here(Here::File), false),
            "identifier" | "constant" => self.name(node, depth),
            "binary" => self.binary(node, depth),
            "call" => self.call(node, depth),
            "parenthesized_statements" if node.named_child_count() == 1 => {
                node.named_child(0).map_or_else(|| hole(node), |inner| self.lower(inner, depth + 1))
            }
            _ => hole(node),
        }
    }

    fn name(&self, node: Node<'t>, depth: usize) -> Lowered<'s> {
        match self.names.get(self.text(node)) {
            Some(Some(value)) => {
                let value = self.lower(*value, depth + 1);
                whole(node, value.expr, value.is_path)
            }
            _ => hole(node),
        }
    }

    fn string(&self, node: Node<'t>, depth: usize) -> Lowered<'s> {
        let mut cursor = node.walk();
        let parts: Vec<Node<'t>> = node.named_children(&mut cursor).collect();
        let mut tail = Span::default();
        let mut lowered = Vec::new();
        for part in &parts {
            tail = Span::default();
            lowered.push(match part.kind() {
                "string_content" if !self.text(*part).contains(&b'\\') => {
                    tail = Span::new(part.start_byte(), part.end_byte());
                    PathExpr::literal(self.text(*part))
                }
                "interpolation" if part.named_child_count() == 1 => {
                    part.named_child(0).map_or(PathExpr::Hole, |inner| self.lower(inner, depth + 1).expr)
                }
                _ => PathExpr::Hole,
            });
        }
        let span = if parts.len() == 1 && tail != Span::default() { tail } else { span(node) };
        let expr = if lowered.len() == 1 { lowered.remove(0) } else { PathExpr::Concat(lowered) };
        Lowered { expr, span, tail, is_path: false }
    }

    fn binary(&self, node: Node<'t>, depth: usize) -> Lowered<'s> {
        let operator = node.child_by_field_name("operator").map(|operator| self.text(operator));
        let sides = (node.child_by_field_name("left"), node.child_by_field_name("right"));
        let (Some(b"+" | b"/"), (Some(left), Some(right))) = (operator, sides) else { return hole(node) };
        let (left, right) = (self.lower(left, depth + 1), self.lower(right, depth + 1));
        let joins = left.is_path || operator == Some(b"/");
        let expr = if joins { left.expr.join(right.expr) } else { left.expr.then(right.expr) };
        Lowered { expr, span: span(node), tail: right.tail, is_path: joins }
    }

    fn call(&self, node: Node<'t>, depth: usize) -> Lowered<'s> {
        let method = node.child_by_field_name("method").map_or(&b""[..], |method| self.text(method));
        let receiver = node.child_by_field_name("receiver");
        let named = receiver.map_or(&b""[..], |receiver| self.text(receiver));
        let arguments = arguments(node);
        let named = named.strip_prefix(b"::").unwrap_or(named);
        match (named, method, arguments.as_slice()) {
            (b"Rails", b"root", []) => whole(node, constant("Rails.root"), true),
            (b"Rails", b"public_path", []) => whole(node, constant("Rails.public_path"), true),
            (b"File", b"join", [first, rest @ ..]) => {
                Lowered { is_path: false, ..self.joined(node, self.lower(*first, depth + 1), rest, (depth, true)) }
            }
            (b"File", b"expand_path" | b"absolute_path", [path, base]) => {
                Lowered { is_path: false, ..self.joined(node, self.lower(*base, depth + 1), &[*path], (depth, false)) }
            }
            (b"File", b"expand_path" | b"absolute_path" | b"realpath", [path])
            | (b"Pathname", b"new", [path])
            | (b"", b"Pathname", [path]) => {
                let lowered = self.lower(*path, depth + 1);
                Lowered { span: span(node), is_path: named != b"File", ..lowered }
            }
            (b"File", b"dirname", [path]) => {
                let lowered = self.lower(*path, depth + 1);
                whole(node, lowered.expr.parent(1), false)
            }
            (_, method, rest) => receiver.map_or_else(|| hole(node), |of| self.method(node, of, (method, rest), depth)),
        }
    }

    /// A method of a path.
    fn method(&self, node: Node<'t>, of: Node<'t>, call: (&[u8], &[Node<'t>]), depth: usize) -> Lowered<'s> {
        let of = self.lower(of, depth + 1);
        let is_path = of.is_path;
        match call {
            (b"join", parts) if is_path => self.joined(node, of, parts, (depth, false)),
            (b"to_s" | b"to_path" | b"to_str", []) => Lowered { span: span(node), is_path: false, ..of },
            (b"freeze" | b"dup", []) => Lowered { span: span(node), ..of },
            (b"expand_path" | b"realpath" | b"cleanpath", []) if is_path => Lowered { span: span(node), ..of },
            (b"parent" | b"dirname", []) if is_path => whole(node, of.expr.parent(1), true),
            _ => hole(node),
        }
    }

    /// `first/rest`. For `File.join` a later part that starts with a slash starts no new path.
    fn joined(
        &self,
        node: Node<'t>,
        first: Lowered<'s>,
        rest: &[Node<'t>],
        (depth, plain): (usize, bool),
    ) -> Lowered<'s> {
        let (mut expr, mut tail) = (first.expr, first.tail);
        for part in rest {
            let part = self.lower(*part, depth + 1);
            tail = part.tail;
            let right = match part.expr {
                PathExpr::Literal(text) if plain && text.starts_with(b"/") => {
                    let slashes = text.iter().take_while(|byte| **byte == b'/').count();
                    PathExpr::literal(text[slashes..].to_vec())
                }
                other => other,
            };
            expr = expr.join(right);
        }
        Lowered { expr, span: span(node), tail, is_path: true }
    }
}

/// The arguments of a call that are no block.
pub fn arguments(call: Node<'_>) -> Vec<Node<'_>> {
    let Some(list) = call.child_by_field_name("arguments") else { return Vec::new() };
    let mut cursor = list.walk();
    list.named_children(&mut cursor).filter(|node| !matches!(node.kind(), "block_argument" | "comment")).collect()
}

fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

fn whole<'s>(node: Node<'_>, expr: PathExpr<'s>, is_path: bool) -> Lowered<'s> {
    Lowered { expr, span: span(node), tail: Span::default(), is_path }
}

fn hole<'s>(node: Node<'_>) -> Lowered<'s> {
    whole(node, PathExpr::Hole, false)
}

fn constant<'s>(name: &'static str) -> PathExpr<'s> {
    PathExpr::Constant(name.as_bytes().into())
}
