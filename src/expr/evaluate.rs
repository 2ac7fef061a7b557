//! From a path expression to the values it can stand for.
//!
//! A value is text anchored nowhere, or anchored at the tree root. Text anchored at the root starts after the
//! root's own path: the root directory is the empty text, `lib` below it is `/lib`. So `__DIR__ . 'x.php'` in
//! the root is `x.php` without a slash, a name glued to the root's, and can be told from `/x.php`.

use super::{Here, MAX_DEPTH, MAX_VALUES, PathExpr, Transform};
use crate::diagnostic::Certainty;
use crate::path;

/// Where the text of a value starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// Nowhere: the text is relative, or an absolute server path if it starts with `/`.
    Text,
    /// At the root of the deploy tree.
    Tree,
}

/// A piece of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Known bytes.
    Text(Vec<u8>),
    /// Unknown; may contain `/`.
    Hole,
}

/// One value an expression can have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Value {
    /// Where the text starts.
    pub anchor: Anchor,
    /// Known and unknown pieces; no two texts stand side by side.
    pub parts: Vec<Part>,
    /// The least certain constant on the way.
    pub certainty: Certainty,
    /// Values of one `choice` are alternatives, one of which must exist; each choice must be met.
    pub choice: u16,
}

impl Value {
    /// Known text, anchored nowhere.
    #[must_use]
    pub fn text(text: &[u8]) -> Self {
        Self::new(Anchor::Text, text)
    }

    /// A place in the tree: a path relative to the root, without a leading slash.
    #[must_use]
    pub fn tree(relative: &[u8]) -> Self {
        let mut text = Vec::with_capacity(relative.len() + 1);
        if !relative.is_empty() {
            text.push(b'/');
            text.extend_from_slice(relative);
        }
        Self::new(Anchor::Tree, &text)
    }

    fn new(anchor: Anchor, text: &[u8]) -> Self {
        let parts = if text.is_empty() { Vec::new() } else { vec![Part::Text(text.to_vec())] };
        Value { anchor, parts, certainty: Certainty::Certain, choice: 0 }
    }

    fn hole() -> Self {
        Value { anchor: Anchor::Text, parts: vec![Part::Hole], certainty: Certainty::Certain, choice: 0 }
    }

    /// The whole text, where nothing is unknown.
    #[must_use]
    pub fn exact(&self) -> Option<&[u8]> {
        match self.parts.as_slice() {
            [] => Some(b""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The known text after the last hole, where there is a hole.
    #[must_use]
    pub fn tail(&self) -> Option<&[u8]> {
        match self.parts.as_slice() {
            [.., Part::Hole, Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The known text before the first hole.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        match self.parts.first() {
            Some(Part::Text(text)) => text,
            _ => b"",
        }
    }

    /// Puts known text after the value.
    pub fn append(&mut self, text: &[u8]) {
        if !text.is_empty() {
            self.push(&Part::Text(text.to_vec()));
        }
    }

    fn is_unknown(&self) -> bool {
        self.parts.contains(&Part::Hole)
    }

    fn push(&mut self, part: &Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::Text(text)), Part::Text(more)) => text.extend_from_slice(more),
            (Some(Part::Hole), Part::Hole) => {}
            _ => self.parts.push(part.clone()),
        }
    }

    fn map_exact(mut self, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Self {
        match self.exact() {
            Some(text) => {
                let text = change(text);
                self.parts = if text.is_empty() { Vec::new() } else { vec![Part::Text(text)] };
                self
            }
            None => Value { parts: vec![Part::Hole], anchor: Anchor::Text, ..self },
        }
    }
}

/// What evaluation needs to know about the place of an expression.
pub trait Scope {
    /// Path of the file that holds the expression, relative to the root.
    fn file(&self) -> &[u8];
    /// The values of a constant; empty where it is unknown. `depth` counts expressions on the way here.
    fn constant(&self, name: &[u8], depth: usize) -> Vec<Value>;
}

/// The values an expression can have, at most [`MAX_VALUES`]; a single hole where it cannot be known.
#[must_use]
pub fn evaluate(expr: &PathExpr<'_>, scope: &dyn Scope, depth: usize) -> Vec<Value> {
    if depth > MAX_DEPTH {
        return vec![Value::hole()];
    }
    let values = match expr {
        PathExpr::Literal(text) => vec![Value::text(text)],
        PathExpr::Here(Here::File) => vec![Value::tree(scope.file())],
        PathExpr::Here(Here::Dir) => vec![Value::tree(path::parent(scope.file()))],
        PathExpr::Constant(name) => constant(name, scope, depth),
        PathExpr::Parent(inner, n) => each(evaluate(inner, scope, depth + 1), |value| ancestor(value, *n)),
        PathExpr::Concat(parts) => combine(parts, scope, depth, concat),
        PathExpr::Join(parts) => combine(parts, scope, depth, join),
        PathExpr::AnyOf(members) => choices(members, scope, depth),
        PathExpr::FirstOf(members) => members.iter().flat_map(|member| evaluate(member, scope, depth + 1)).collect(),
        PathExpr::Apply(transform, inner) => each(evaluate(inner, scope, depth + 1), |value| apply(transform, value)),
        PathExpr::Hole => vec![Value::hole()],
    };
    if values.is_empty() || values.len() > MAX_VALUES { vec![Value::hole()] } else { values }
}

fn constant(name: &[u8], scope: &dyn Scope, depth: usize) -> Vec<Value> {
    scope.constant(name, depth + 1)
}

fn each(values: Vec<Value>, change: impl Fn(Value) -> Value) -> Vec<Value> {
    values.into_iter().map(change).collect()
}

/// Every member is a choice of its own.
fn choices(members: &[PathExpr<'_>], scope: &dyn Scope, depth: usize) -> Vec<Value> {
    let mut all = Vec::new();
    let mut next = 0;
    for member in members.iter().take(MAX_VALUES + 1) {
        let values = evaluate(member, scope, depth + 1);
        let used = values.iter().map(|value| value.choice + 1).max().unwrap_or(1);
        all.extend(values.into_iter().map(|value| Value { choice: value.choice.saturating_add(next), ..value }));
        next = next.saturating_add(used);
    }
    all
}

fn combine(parts: &[PathExpr<'_>], scope: &dyn Scope, depth: usize, put: fn(&Value, &Value) -> Value) -> Vec<Value> {
    let mut acc: Option<Vec<Value>> = None;
    for part in parts {
        let right = evaluate(part, scope, depth + 1);
        acc = Some(match acc {
            None => right,
            Some(left) => product(&left, &right, put),
        });
        if acc.as_ref().is_some_and(|values| values.len() > MAX_VALUES) {
            return Vec::new();
        }
    }
    acc.unwrap_or_else(|| vec![Value::text(b"")])
}

fn product(left: &[Value], right: &[Value], put: fn(&Value, &Value) -> Value) -> Vec<Value> {
    let width = right.iter().map(|value| value.choice + 1).max().unwrap_or(1);
    let mut all = Vec::with_capacity(left.len() * right.len());
    for l in left {
        for r in right {
            let mut value = put(l, r);
            value.certainty = l.certainty.min(r.certainty);
            value.choice = l.choice.saturating_mul(width).saturating_add(r.choice);
            all.push(value);
        }
    }
    all
}

/// `left . right`. A place in the tree on the right side (`'file://' . __DIR__`) cannot be put after known text.
fn concat(left: &Value, right: &Value) -> Value {
    if right.anchor == Anchor::Tree {
        return if left.parts.is_empty() && left.anchor == Anchor::Text { right.clone() } else { Value::hole() };
    }
    let mut value = left.clone();
    for part in &right.parts {
        value.push(part);
    }
    value
}

/// `left/right` with the rules of `os.path.join`.
fn join(left: &Value, right: &Value) -> Value {
    let absolute = right.anchor == Anchor::Tree || right.head().starts_with(b"/");
    let nothing_left = left.anchor == Anchor::Text && left.parts.is_empty();
    if absolute || nothing_left {
        return right.clone();
    }
    let mut value = left.clone();
    let ends_in_slash = matches!(value.parts.last(), Some(Part::Text(text)) if text.ends_with(b"/"));
    if !ends_in_slash {
        value.push(&Part::Text(b"/".to_vec()));
    }
    for part in &right.parts {
        value.push(part);
    }
    value
}

/// `dirname(x, n)`, lexically; above the root of the tree the place is unknown.
fn ancestor(value: Value, n: u32) -> Value {
    // The directory of `unknown/x.php` is unknown as a whole; that of `known/` + name is not asked for often.
    let anchor = value.anchor;
    let Some(text) = value.exact() else {
        return Value { certainty: value.certainty, choice: value.choice, ..Value::hole() };
    };
    let mut text = text.to_vec();
    for _ in 0..n {
        if anchor == Anchor::Tree && !text.contains(&b'/') {
            return Value { certainty: value.certainty, choice: value.choice, ..Value::hole() };
        }
        text = dirname(&text, anchor);
    }
    value.map_exact(|_| text)
}

fn dirname(text: &[u8], anchor: Anchor) -> Vec<u8> {
    let end = text.iter().rposition(|&byte| byte != b'/').map_or(0, |at| at + 1);
    match text[..end].iter().rposition(|&byte| byte == b'/') {
        Some(0) if anchor == Anchor::Text => b"/".to_vec(),
        Some(at) => text[..at].to_vec(),
        None if anchor == Anchor::Text && end > 0 => b".".to_vec(),
        None => Vec::new(),
    }
}

fn apply(transform: &Transform, value: Value) -> Value {
    match transform {
        Transform::TrimStart(_) if value.anchor == Anchor::Tree => value,
        Transform::TrimStart(mask) if value.is_unknown() => trim_unknown(value, mask, true),
        Transform::TrimEnd(mask) if value.is_unknown() => trim_unknown(value, mask, false),
        Transform::EndWithSlash if value.is_unknown() => {
            let mut value = trim_unknown(value, b"/\\", false);
            value.push(&Part::Text(b"/".to_vec()));
            value
        }
        Transform::Basename | Transform::Stem if value.tail().is_some_and(|tail| tail.contains(&b'/')) => {
            let tail = value.tail().unwrap_or_default().to_vec();
            Value { choice: value.choice, ..Value::text(&change(transform, &tail)) }
        }
        Transform::Basename | Transform::Stem if !value.is_unknown() => {
            let anchored = Value { anchor: Anchor::Text, ..value };
            anchored.map_exact(|text| change(transform, text))
        }
        Transform::Normalize => value,
        _ => value.map_exact(|text| change(transform, text)),
    }
}

fn trim_unknown(mut value: Value, mask: &[u8], start: bool) -> Value {
    let part = if start { value.parts.first_mut() } else { value.parts.last_mut() };
    if let Some(Part::Text(text)) = part {
        let trimmed =
            change(&if start { Transform::TrimStart(mask.to_vec()) } else { Transform::TrimEnd(mask.to_vec()) }, text);
        *text = trimmed;
    }
    value.parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
    value
}

fn change(transform: &Transform, text: &[u8]) -> Vec<u8> {
    match transform {
        Transform::TrimStart(mask) => {
            let start = text.iter().position(|byte| !mask.contains(byte)).unwrap_or(text.len());
            text[start..].to_vec()
        }
        Transform::TrimEnd(mask) => trim_end(text, mask).to_vec(),
        Transform::EndWithSlash => [trim_end(text, b"/\\"), b"/"].concat(),
        Transform::Basename => path::name(trim_end(text, b"/")).to_vec(),
        Transform::Stem => path::split_extension(path::name(trim_end(text, b"/"))).0.to_vec(),
        Transform::Lower => text.to_ascii_lowercase(),
        Transform::Upper => text.to_ascii_uppercase(),
        Transform::Normalize => text.to_vec(),
        Transform::Replace(from, to) => replace(text, from, to),
    }
}

fn trim_end<'t>(text: &'t [u8], mask: &[u8]) -> &'t [u8] {
    let end = text.iter().rposition(|byte| !mask.contains(byte)).map_or(0, |at| at + 1);
    &text[..end]
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    if from.is_empty() {
        return text.to_vec();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = 0;
    for at in memchr::memmem::find_iter(text, from) {
        out.extend_from_slice(&text[rest..at]);
        out.extend_from_slice(to);
        rest = at + from.len();
    }
    out.extend_from_slice(&text[rest..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    struct InLib;
    impl Scope for InLib {
        fn file(&self) -> &[u8] {
            b"lib/a.php"
        }
        fn constant(&self, name: &[u8], _: usize) -> Vec<Value> {
            if name == b"ROOT" { vec![Value::tree(b"")] } else { vec![Value::hole()] }
        }
    }

    fn texts(expr: &PathExpr<'_>) -> Vec<Option<Vec<u8>>> {
        evaluate(expr, &InLib, 0).iter().map(|value| value.exact().map(<[u8]>::to_vec)).collect()
    }

    fn lit(text: &str) -> PathExpr<'_> {
        PathExpr::literal(text.as_bytes())
    }

    #[test]
    fn directories_are_anchored_at_the_root() {
        assert_eq!(texts(&PathExpr::here_up(0).then(lit("/x.php"))), [Some(b"/lib/x.php".to_vec())]);
        assert_eq!(texts(&PathExpr::here_up(1).then(lit("/x.php"))), [Some(b"/x.php".to_vec())]);
        assert_eq!(texts(&PathExpr::here_up(1).then(lit("x.php"))), [Some(b"x.php".to_vec())]);
        assert_eq!(texts(&PathExpr::here_up(2)), [None], "above the root nothing is known");
    }

    #[test]
    fn join_resets_at_an_absolute_part() {
        assert_eq!(texts(&PathExpr::Join(vec![lit("a"), lit("b")])), [Some(b"a/b".to_vec())]);
        assert_eq!(texts(&PathExpr::Join(vec![lit("a"), lit("/b")])), [Some(b"/b".to_vec())]);
    }

    #[test]
    fn members_are_choices_and_definitions_are_not() {
        let expr = PathExpr::Constant(b"ROOT".as_slice().into()).then(PathExpr::AnyOf(vec![lit("/a"), lit("/b")]));
        let choices: Vec<u16> = evaluate(&expr, &InLib, 0).iter().map(|value| value.choice).collect();
        assert_eq!(choices, [0, 1]);
    }

    #[test]
    fn dirname_is_phps() {
        for (path, dir) in [("c.php", "."), ("/c", "/"), ("", ""), ("/a/b/../c.php", "/a/b/.."), ("/a/b//", "/a")] {
            assert_eq!(dirname(path.as_bytes(), Anchor::Text), dir.as_bytes(), "{path}");
        }
    }
}
