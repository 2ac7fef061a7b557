//! What a service worker puts into its cache while it is installed (w3.org/TR/service-workers "addAll";
//! developer.chrome.com "workbox-precaching"): where one URL fails, it is never installed, and nothing is said.
//!
//! Apart from the other calls because the URLs start from the worker's own. Read where the file is called a worker, for
//! a page may fill a cache as well; names without an extension are routes.

use oxc_ast::ast::{ArrayExpressionElement, CallExpression, Expression, StringLiteral};

use super::lower::inside;
use super::names;
use super::walk::Walk;
use crate::diagnostic::Strength;
use crate::path;
use crate::reference::{Namespace, Reference, UrlKind};

/// Parts of the names of workers.
const WORKERS: [&str; 3] = ["serviceworker", "sw", "worker"];
/// Extensions of programs that answer with anything.
const PROGRAMS: [&[u8]; 5] = [b"ashx", b"aspx", b"cgi", b"jsp", b"php"];

impl<'a> Walk<'a, '_, '_> {
    /// `cache.addAll([…])`, `precacheAndRoute([{ url: … }])`.
    pub(super) fn cached(&mut self, call: &'a CallExpression<'a>) {
        let Some(construct) = construct(&call.callee).filter(|_| !self.compiled && is_worker(self.name)) else {
            return;
        };
        let Some(mut list) = call.arguments.first().and_then(|first| first.as_expression()) else { return };
        if let Expression::Identifier(name) = list {
            let Some(value) = names::value(self.lowering.semantic, name) else { return };
            list = value;
        }
        let Expression::ArrayExpression(list) = list else { return };
        for element in list.elements.iter().filter_map(ArrayExpressionElement::as_expression) {
            let text = match element {
                Expression::StringLiteral(text) => Some(&**text),
                object => match names::property(object, "url") {
                    Some(Expression::StringLiteral(text)) => Some(&**text),
                    _ => None,
                },
            };
            if let Some(text) = text {
                self.cached_url(text, construct);
            }
        }
    }

    fn cached_url(&mut self, text: &StringLiteral<'_>, construct: &'static str) {
        let span = inside(text.span);
        let written = span.of(self.lowering.source);
        let end = memchr::memchr2(b'?', b'#', written).unwrap_or(written.len());
        let extension = path::extension(&written[..end]);
        let is_file = !extension.is_empty() && !PROGRAMS.contains(&extension.as_slice());
        if is_file && written == text.value.as_bytes() {
            let namespace = Namespace::Url(UrlKind::Style);
            self.references.push(Reference::literal(span, written, construct, namespace, Strength::Silent));
        }
    }
}

/// Whether a file is called a worker.
pub(super) fn is_worker(name: &[u8]) -> bool {
    let stem = path::without_extension(name).to_ascii_lowercase();
    let letters: Vec<u8> = stem.iter().copied().filter(u8::is_ascii_alphabetic).collect();
    WORKERS.iter().any(|part| letters.starts_with(part.as_bytes()) || letters.ends_with(part.as_bytes()))
}

/// The call that fills a cache.
fn construct(callee: &Expression<'_>) -> Option<&'static str> {
    match callee {
        Expression::Identifier(name) => (name.name == "precacheAndRoute").then_some("precacheAndRoute"),
        Expression::StaticMemberExpression(method) => match (method.property.name.as_str(), &method.object) {
            ("precacheAndRoute", _) => Some("precacheAndRoute"),
            ("addAll", Expression::Identifier(object)) if object.name.to_ascii_lowercase().contains("cache") => {
                Some("addAll")
            }
            _ => None,
        },
        _ => None,
    }
}
