//! What a scan gives: references, facts, and whether the scan was whole.
//!
//! A reference is one place in a source that names a file, and whose rules look it up ([`Namespace`]).

mod fact;
mod image;
mod kind;
mod namespace;

pub use fact::{Autoloading, Fact, OwnId, Package, Scan, SiteFolder, TypeScript};
pub use image::{Copied, Image, Origin, Stage, copied_part};
pub use kind::{
    Action, Ansible, Autoloaded, Base, Content, Context, Defined, Document, Laravel, Loaded, Magento, Nuxt, Partial,
    Phtml, Puppet, Rails, Ruby, Server, Sheet, UrlKind, Want,
};
pub use namespace::Namespace;

use std::borrow::Cow;

use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;

/// One place in a source that names a file.
#[derive(Clone, Debug)]
pub struct Reference<'s> {
    /// The value, in bytes: the inside of the quotes where the expression is one literal, else from the first to
    /// the last part of the expression.
    pub span: Span,
    /// The part of the span whose bytes an edit may change: the inside of the last literal. Equal to `span` where
    /// the expression is one literal; empty where nothing can be edited.
    pub tail: Span,
    /// The path as an expression.
    pub expr: PathExpr<'s>,
    /// The construct, such as `require_once` or `img src`.
    pub construct: &'static str,
    /// Whose rules look it up.
    pub namespace: Namespace,
    /// What production does when the target is absent.
    pub strength: Strength,
    /// An existence test or a handler excuses absence.
    pub guarded: bool,
    /// The highest severity this construct may reach.
    pub ceiling: Severity,
}

impl<'s> Reference<'s> {
    /// A reference by a single literal: `span` is the inside of its quotes.
    pub fn literal(
        span: Span,
        text: impl Into<Cow<'s, [u8]>>,
        construct: &'static str,
        namespace: Namespace,
        strength: Strength,
    ) -> Self {
        Reference {
            span,
            tail: span,
            expr: PathExpr::literal(text),
            construct,
            namespace,
            strength,
            guarded: false,
            ceiling: Severity::Error,
        }
    }

    /// The same reference, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> Reference<'static> {
        Reference { expr: self.expr.into_owned(), ..self }
    }
}
