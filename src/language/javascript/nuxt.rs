//! What pages of Nuxt name: what is put around them, and what runs before them (nuxt.com "definePageMeta",
//! "setPageLayout"; v2.nuxt.com "The layout Property", "The middleware Property").
//!
//! Knowingly not read: what is chosen at run time, middleware of all routes in the configuration.

use oxc_ast::ast::{Argument, ArrayExpressionElement, ExportDefaultDeclaration, Expression};

use super::lower::inside;
use super::names;
use super::walk::Walk;
use crate::diagnostic::Strength;
use crate::reference::{Namespace, Nuxt, Reference};

/// Without these no module has any; a script of a component may.
pub(super) const WORDS: &[&str] = &["definePageMeta", "setPageLayout"];

impl<'a> Walk<'a, '_, '_> {
    /// `definePageMeta({ layout: 'x', middleware: ['y'] })`.
    pub(super) fn page_meta(&mut self, options: &'a Expression<'a>) {
        self.of_page(options, ("definePageMeta layout", "definePageMeta middleware"));
    }

    /// `export default { layout: 'x', middleware: 'y' }` in a component.
    pub(super) fn page_options(&mut self, export: &'a ExportDefaultDeclaration<'a>) {
        if !self.file.is_empty() {
            return;
        }
        let options = match export.declaration.as_expression() {
            // `Vue.extend({ … })`.
            Some(Expression::CallExpression(call)) => call.arguments.first().and_then(Argument::as_expression),
            other => other,
        };
        if let Some(options) = options {
            self.of_page(options, ("layout", "middleware"));
        }
    }

    fn of_page(&mut self, options: &'a Expression<'a>, (layout, middleware): (&'static str, &'static str)) {
        if let Some(name) = names::property(options, "layout") {
            self.layout(name, layout);
        }
        match names::property(options, "middleware") {
            Some(Expression::ArrayExpression(list)) => {
                for one in list.elements.iter().filter_map(ArrayExpressionElement::as_expression) {
                    self.named(one, middleware, Nuxt::Middleware, Strength::Fatal);
                }
            }
            Some(one) => self.named(one, middleware, Nuxt::Middleware, Strength::Fatal),
            None => {}
        }
    }

    pub(super) fn layout(&mut self, name: &'a Expression<'a>, construct: &'static str) {
        self.named(name, construct, Nuxt::Layout, Strength::Broken);
    }

    fn named(&mut self, name: &'a Expression<'a>, construct: &'static str, kind: Nuxt, strength: Strength) {
        let Expression::StringLiteral(text) = name else { return };
        let namespace = Namespace::Nuxt(kind);
        let name = text.value.as_bytes().to_vec();
        self.references.push(Reference::literal(inside(text.span), name, construct, namespace, strength));
    }
}
