//! The algebra of path expressions.
//!
//! Scanners lower what they parsed to a [`PathExpr`]; [`evaluate`] turns it into the paths it can stand for,
//! asking a [`Scope`] for constants. Nothing here knows a language or touches the index.

mod evaluate;

use std::borrow::Cow;

pub use evaluate::{Anchor, Part, Scope, Value, evaluate};

/// Deepest nesting that is built; beyond it an expression is a [`PathExpr::Hole`].
pub const MAX_DEPTH: usize = 32;
/// Most values one expression may stand for; beyond it, it is unknown.
pub const MAX_VALUES: usize = 16;

/// An expression for a path. Literals borrow from the source, never from a parser's arena.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PathExpr<'s> {
    /// Decoded text.
    Literal(Cow<'s, [u8]>),
    /// The file that holds the expression, or its directory (without a slash at its end).
    Here(Here),
    /// A name whose value the project knows: a constant of the source language (`ABSPATH`, `Foo::BAR`), or a
    /// call without a path argument that a framework gives a value (`get_template_directory()`).
    Constant(Cow<'s, [u8]>),
    /// `n` times the parent directory, lexically.
    Parent(Box<PathExpr<'s>>, u32),
    /// Text put one after the other, as by `.` in PHP or `+` in Python.
    Concat(Vec<PathExpr<'s>>),
    /// Paths joined by `/`, where an absolute right side replaces what stands before it (`os.path.join`).
    Join(Vec<PathExpr<'s>>),
    /// Each of these is used in some run (ternary, `match`, loop over a list): every one must exist.
    AnyOf(Vec<PathExpr<'s>>),
    /// The first that exists is used (a list of template names): one of them must exist.
    FirstOf(Vec<PathExpr<'s>>),
    /// A function of text.
    Apply(Transform, Box<PathExpr<'s>>),
    /// A part that cannot be known; it may contain `/`.
    Hole,
}

/// Which place of the file that holds an expression is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Here {
    /// `__FILE__`.
    File,
    /// `__DIR__`.
    Dir,
}

/// A function from text to text that evaluation knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Transform {
    /// Drops these bytes at the start.
    TrimStart(Vec<u8>),
    /// Drops these bytes at the end.
    TrimEnd(Vec<u8>),
    /// Exactly one `/` at the end (`trailingslashit`).
    EndWithSlash,
    /// The last segment.
    Basename,
    /// The last segment without its extension.
    Stem,
    /// ASCII lower case.
    Lower,
    /// ASCII upper case.
    Upper,
    /// `.` and `..` removed lexically (`realpath`, `normpath`).
    Normalize,
    /// Every occurrence replaced.
    Replace(Vec<u8>, Vec<u8>),
}

impl<'s> PathExpr<'s> {
    /// Text.
    pub fn literal(text: impl Into<Cow<'s, [u8]>>) -> Self {
        PathExpr::Literal(text.into())
    }

    /// The directory of the file, `levels` directories up.
    #[must_use]
    pub fn here_up(levels: u32) -> Self {
        if levels == 0 {
            PathExpr::Here(Here::Dir)
        } else {
            PathExpr::Parent(Box::new(PathExpr::Here(Here::Dir)), levels)
        }
    }

    /// `left` and `right` one after the other; chains stay flat.
    #[must_use]
    pub fn then(self, right: Self) -> Self {
        let mut parts = match self {
            PathExpr::Concat(parts) => parts,
            other => vec![other],
        };
        match right {
            PathExpr::Concat(more) => parts.extend(more),
            other => parts.push(other),
        }
        PathExpr::Concat(parts)
    }

    /// `left/right`; chains stay flat.
    #[must_use]
    pub fn join(self, right: Self) -> Self {
        let mut parts = match self {
            PathExpr::Join(parts) => parts,
            other => vec![other],
        };
        parts.push(right);
        PathExpr::Join(parts)
    }

    /// The `n`th parent.
    #[must_use]
    pub fn parent(self, n: u32) -> Self {
        match self {
            PathExpr::Parent(inner, m) => PathExpr::Parent(inner, m.saturating_add(n)),
            other => PathExpr::Parent(Box::new(other), n),
        }
    }

    /// A transform applied to this expression.
    #[must_use]
    pub fn apply(self, transform: Transform) -> Self {
        PathExpr::Apply(transform, Box::new(self))
    }

    /// The text, where the expression is one literal.
    #[must_use]
    pub fn as_literal(&self) -> Option<&[u8]> {
        match self {
            PathExpr::Literal(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the path starts at the file that holds the expression.
    #[must_use]
    pub fn is_anchored(&self) -> bool {
        match self {
            PathExpr::Here(_) => true,
            PathExpr::Parent(inner, _) | PathExpr::Apply(_, inner) => inner.is_anchored(),
            PathExpr::Concat(parts) | PathExpr::Join(parts) => parts.first().is_some_and(PathExpr::is_anchored),
            _ => false,
        }
    }

    /// The same expression, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> PathExpr<'static> {
        let all = |parts: Vec<PathExpr<'s>>| parts.into_iter().map(PathExpr::into_owned).collect();
        match self {
            PathExpr::Literal(text) => PathExpr::Literal(Cow::Owned(text.into_owned())),
            PathExpr::Constant(name) => PathExpr::Constant(Cow::Owned(name.into_owned())),
            PathExpr::Here(here) => PathExpr::Here(here),
            PathExpr::Parent(inner, n) => PathExpr::Parent(Box::new(inner.into_owned()), n),
            PathExpr::Concat(parts) => PathExpr::Concat(all(parts)),
            PathExpr::Join(parts) => PathExpr::Join(all(parts)),
            PathExpr::AnyOf(parts) => PathExpr::AnyOf(all(parts)),
            PathExpr::FirstOf(parts) => PathExpr::FirstOf(all(parts)),
            PathExpr::Apply(transform, inner) => PathExpr::Apply(transform, Box::new(inner.into_owned())),
            PathExpr::Hole => PathExpr::Hole,
        }
    }
}
