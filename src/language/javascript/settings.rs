//! What frameworks are told in settings: where Express has its views and of which engine they are (expressjs.com
//! "app.set"), what Nuxt loads at its start (nuxt.com "nuxt.config": `css`, `plugins`).
//!
//! Of Nuxt's names only those that start at its folders are read: others belong to packages.

use oxc_ast::ast::{Argument, ArrayExpressionElement, CallExpression, Expression, ObjectProperty};
use oxc_syntax::node::NodeId;

use super::names;
use super::walk::Walk;
use crate::diagnostic::Strength;
use crate::expr::PathExpr;
use crate::reference::{Fact, Namespace};

/// How names start that Nuxt looks up in its own folders.
const OWN: [&str; 4] = ["@/", "@@/", "~/", "~~/"];

/// Without these no source tells Express where its views are.
pub(super) const WORDS: &[&str] = &["'views'", "\"views\"", "view engine"];

/// Settings of Nuxt by which layouts come from elsewhere, or lie elsewhere.
const BRINGERS: [&str; 6] = ["buildModules", "dir", "extends", "hooks", "modules", "theme"];

impl<'a> Walk<'a, '_, '_> {
    /// `app.set('views', path.join(__dirname, 'views'))`, `app.set('view engine', 'pug')`.
    pub(super) fn set(&mut self, call: &'a CallExpression<'a>) {
        let Expression::StaticMemberExpression(method) = &call.callee else { return };
        let [Argument::StringLiteral(setting), value] = call.arguments.as_slice() else { return };
        let Some(value) = value.as_expression().filter(|_| method.property.name == "set") else { return };
        match setting.value.as_str() {
            "views" => self.views(value),
            "view engine" => {
                let engine = match value {
                    Expression::StringLiteral(name) => Some(name.value.trim_start_matches('.').as_bytes().to_vec()),
                    _ => None,
                };
                self.facts.push(Fact::ViewEngine(engine));
            }
            _ => {}
        }
    }

    fn views(&mut self, value: &'a Expression<'a>) {
        match value {
            Expression::ArrayExpression(list) => {
                for one in &list.elements {
                    let folder = one.as_expression().map_or(PathExpr::Hole, |one| self.lowering.path(one, 0));
                    self.facts.push(Fact::ViewFolder(folder.into_owned()));
                }
            }
            one => self.facts.push(Fact::ViewFolder(self.lowering.path(one, 0).into_owned())),
        }
    }

    /// `css: ['~/assets/main.css']`, `plugins: ['~/plugins/a', { src: '~/plugins/b.js' }]`.
    pub(super) fn nuxt(&mut self, id: NodeId, property: &'a ObjectProperty<'a>) {
        let key = property.key.static_name();
        if self.file_is_of("nuxt.config") && key.as_deref().is_some_and(|key| BRINGERS.contains(&key)) {
            self.facts.push(Fact::Extended);
        }
        let construct = match key.as_deref() {
            Some("css") => "css",
            Some("plugins") => "plugins",
            _ => return,
        };
        let Expression::ArrayExpression(list) = &property.value else { return };
        if !self.file_is_of("nuxt.config") {
            return;
        }
        for one in list.elements.iter().filter_map(ArrayExpressionElement::as_expression) {
            let one = names::property(one, "src").unwrap_or(one);
            let Expression::StringLiteral(text) = one else { continue };
            if OWN.iter().any(|start| text.value.starts_with(start)) {
                let expr = self.lowering.literal(text);
                self.keep(id, one, expr, construct, Namespace::Node, Strength::Fatal);
            }
        }
    }
}
