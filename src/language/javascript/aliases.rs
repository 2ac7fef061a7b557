//! Names of modules that the configuration of a bundler maps: `resolve.alias` and `resolve.modules` (webpack "Resolve",
//! vite.dev "Shared Options"), `kit.alias` and `kit.files.lib` (SvelteKit), `moduleNameMapper` (Jest), the options of
//! Babel's `module-resolver`.
//!
//! Only what is written out and folds is told; a function that makes the table, and patterns but the plainest, are not.

use oxc_ast::AstKind;
use oxc_ast::ast::{ArrayExpressionElement, CallExpression, Expression, ObjectProperty, ObjectPropertyKind};
use oxc_syntax::node::NodeId;

use super::names;
use super::walk::Walk;
use crate::expr::PathExpr;
use crate::reference::Fact;

/// Parts of the names of files in which a table of this name is one of aliases, wherever it stands.
const CONFIGURATIONS: [&str; 7] = ["babel", "craco", "metro", "quasar", "rollup", "vite", "webpack"];
/// Without these no source but a configuration has a table.
pub(super) const WORDS: &[&str] =
    &["alias:", "alias :", "alias'", "alias\"", ".alias", "moduleNameMapper", "resolve:", "resolve :"];
/// Keys whose value holds the table.
const HOLDERS: [&str; 2] = ["kit", "resolve"];

impl<'a> Walk<'a, '_, '_> {
    /// `alias: { '@': … }`, `modules: [ … ]`, `moduleNameMapper: { … }`.
    pub(super) fn alias_property(&mut self, id: NodeId, property: &'a ObjectProperty<'a>) {
        let Some(key) = property.key.static_name() else { return };
        match key.as_ref() {
            "alias" if self.is_of_aliases(id) => self.table(&property.value),
            "modules" if self.holder(id).is_some_and(|holder| holder == "resolve") => self.roots(&property.value),
            "lib" if self.holder(id).is_some_and(|holder| holder == "files") && self.file_is_of("svelte") => {
                self.library(&property.value);
            }
            "root" if self.file_is_of("babel") => self.roots(&property.value),
            "moduleNameMapper" => self.mapper(&property.value),
            _ => {}
        }
    }

    /// `config.resolve.alias.set('@', …)`.
    pub(super) fn alias_call(&mut self, call: &'a CallExpression<'a>) {
        let Expression::StaticMemberExpression(method) = &call.callee else { return };
        let [name, target] = call.arguments.as_slice() else { return };
        let (Some(Expression::StringLiteral(name)), Some(target)) = (name.as_expression(), target.as_expression())
        else {
            return;
        };
        if method.property.name == "set" && is_chain(&method.object) {
            self.alias(name.value.as_str(), target);
        }
    }

    fn is_of_aliases(&self, id: NodeId) -> bool {
        self.holder(id).is_some_and(|holder| HOLDERS.contains(&holder))
            || CONFIGURATIONS.iter().any(|part| self.file_is_of(part))
    }

    pub(super) fn file_is_of(&self, part: &str) -> bool {
        memchr::memmem::find(self.name, part.as_bytes()).is_some()
    }

    /// The key of the object that holds a property.
    fn holder(&self, id: NodeId) -> Option<&'a str> {
        let nodes = self.lowering.semantic.nodes();
        match nodes.parent_kind(nodes.parent_id(id)) {
            AstKind::ObjectProperty(outer) => match &outer.key {
                oxc_ast::ast::PropertyKey::StaticIdentifier(key) => Some(key.name.as_str()),
                _ => None,
            },
            _ => None,
        }
    }

    /// An object, or a list of `{ find, replacement }`.
    fn table(&mut self, value: &'a Expression<'a>) {
        match self.given(value) {
            Expression::ObjectExpression(table) => {
                for row in &table.properties {
                    let ObjectPropertyKind::ObjectProperty(row) = row else { continue };
                    if let Some(name) = row.key.static_name().filter(|_| !row.computed) {
                        self.alias(&name, &row.value);
                    }
                }
            }
            Expression::ArrayExpression(list) => {
                for row in list.elements.iter().filter_map(ArrayExpressionElement::as_expression) {
                    let found = (names::property(row, "find"), names::property(row, "replacement"));
                    if let (Some(Expression::StringLiteral(name)), Some(target)) = found {
                        self.alias(name.value.as_str(), target);
                    }
                }
            }
            _ => {}
        }
    }

    /// What a name stands for, where the table or the list has one.
    fn given(&self, value: &'a Expression<'a>) -> &'a Expression<'a> {
        match value {
            Expression::Identifier(name) => names::value(self.lowering.semantic, name).unwrap_or(value),
            other => other,
        }
    }

    /// Where `$lib` leads, which is nowhere that is known where it does not fold.
    fn library(&mut self, value: &'a Expression<'a>) {
        let target = self.lowering.path(value, 0).into_owned();
        self.facts.push(Fact::Alias { name: b"$lib".to_vec(), exact: false, target });
    }

    fn alias(&mut self, name: &str, target: &Expression<'a>) {
        let target = self.lowering.path(target, 0);
        let (name, exact) = name.strip_suffix('$').map_or((name, false), |name| (name, true));
        if target != PathExpr::Hole && !name.is_empty() {
            let name = name.strip_suffix("/*").unwrap_or(name).as_bytes().to_vec();
            self.facts.push(Fact::Alias { name, exact, target: target.into_owned() });
        }
    }

    /// Directories that names without a dot may start from.
    fn roots(&mut self, value: &'a Expression<'a>) {
        let Expression::ArrayExpression(list) = self.given(value) else { return };
        for one in list.elements.iter().filter_map(ArrayExpressionElement::as_expression) {
            let directory = self.lowering.path(one, 0);
            if directory != PathExpr::Hole && directory.as_literal() != Some(b"node_modules") {
                self.facts.push(Fact::ModuleRoot(directory.into_owned()));
            }
        }
    }

    fn mapper(&mut self, value: &'a Expression<'a>) {
        let Expression::ObjectExpression(table) = value else { return };
        for row in &table.properties {
            let ObjectPropertyKind::ObjectProperty(row) = row else { continue };
            if let (Some(pattern), Expression::StringLiteral(target)) = (row.key.static_name(), &row.value) {
                self.facts.extend(jest_alias(&pattern, target.value.as_str()));
            }
        }
    }
}

/// Whether a file has the name of a configuration.
pub(super) fn is_configuration(name: &[u8]) -> bool {
    let others = ["docusaurus.config", "nuxt.config", "svelte"];
    CONFIGURATIONS.iter().chain(&others).any(|part| memchr::memmem::find(name, part.as_bytes()).is_some())
}

/// Whether an expression ends in `.resolve.alias`, however much is chained before it: `alias.set(…).set(…)`.
fn is_chain(expr: &Expression<'_>) -> bool {
    let mut expr = expr;
    loop {
        match expr {
            Expression::StaticMemberExpression(member) if member.property.name == "alias" => return true,
            Expression::CallExpression(call) => match &call.callee {
                Expression::StaticMemberExpression(method) if method.property.name == "set" => expr = &method.object,
                _ => return false,
            },
            _ => return false,
        }
    }
}

/// A row of Jest's `moduleNameMapper` that maps all names below one: `^@/(.*)$` to `<rootDir>/src/$1`.
pub(in crate::language) fn jest_alias(pattern: &str, target: &str) -> Option<Fact> {
    let name = pattern.strip_prefix('^')?.strip_suffix("/(.*)$")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@~#_-/".contains(&byte);
    let target = target.strip_prefix("<rootDir>/").and_then(|target| target.strip_suffix("$1"))?;
    let target = PathExpr::literal([b"./", target.trim_end_matches('/').as_bytes()].concat());
    let name = name.as_bytes().to_vec();
    name.iter().all(|&byte| plain(byte)).then_some(Fact::Alias { name, exact: false, target })
}
