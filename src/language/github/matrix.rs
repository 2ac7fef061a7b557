//! `${{ … }}` in a path: a member of a literal matrix, the workspace, or what only a run knows.

use super::Job;
use crate::expr::PathExpr;
use crate::language::syntax::yaml::Node;

/// Most members of a matrix that are looked at one by one.
const MAX_MEMBERS: usize = 16;

/// Literal members of a matrix, by key; those of `include`, too.
pub(super) fn members(matrix: &Node) -> Vec<(Vec<u8>, Vec<Vec<u8>>)> {
    let mut all: Vec<(Vec<u8>, Vec<Vec<u8>>)> = Vec::new();
    let mut add = |key: &Node, value: &Node| {
        let (Some((key, _)), Some((value, _))) = (key.scalar(), value.scalar()) else { return };
        match all.iter_mut().find(|(name, _)| name == key) {
            Some((_, values)) => values.push(value.to_vec()),
            None => all.push((key.to_vec(), vec![value.to_vec()])),
        }
    };
    for (key, value) in matrix.entries() {
        if key.is("include") {
            value.list().iter().flat_map(Node::entries).for_each(|(key, value)| add(key, value));
        } else if !key.is("exclude") {
            value.list().iter().for_each(|value| add(key, value));
        }
    }
    all
}

/// Text with `${{ … }}` as an expression, and the place of its last literal part.
pub(super) fn expression(text: &[u8], job: &Job<'_>) -> (PathExpr<'static>, Option<(usize, usize)>) {
    let mut parts = Vec::new();
    let mut tail = None;
    let mut at = 0;
    while at < text.len() {
        let next = memchr::memmem::find(&text[at..], b"${{").map_or(text.len(), |found| at + found);
        if next > at {
            parts.push(PathExpr::literal(text[at..next].to_vec()));
            tail = Some((at, next));
        }
        if next == text.len() {
            break;
        }
        let end = memchr::memmem::find(&text[next..], b"}}").map_or(text.len(), |found| next + found);
        parts.push(value(text.get(next + 3..end).unwrap_or_default().trim_ascii(), job));
        tail = None;
        at = end + 2;
    }
    let expr = if parts.len() == 1 { parts.remove(0) } else { PathExpr::Concat(parts) };
    (expr, tail)
}

fn value(expression: &[u8], job: &Job<'_>) -> PathExpr<'static> {
    if expression == b"github.workspace" {
        return PathExpr::literal(b".".as_slice());
    }
    let name = expression.strip_prefix(b"matrix.");
    match name.and_then(|name| job.matrix.iter().find(|(key, _)| key == name)) {
        Some((_, values)) if values.len() <= MAX_MEMBERS => {
            let literal = |value: &Vec<u8>| PathExpr::literal(value.clone());
            PathExpr::AnyOf(values.iter().map(literal).collect())
        }
        _ => PathExpr::Hole,
    }
}
