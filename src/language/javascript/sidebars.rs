//! Menus of Docusaurus: the documents that they name by id (docusaurus.io "Sidebar items"), and which documents a
//! configuration says that they are for.
//!
//! Read: what a file exports that has `sidebar` in its path, as far as it is written out or given to a name once: texts
//! in lists, `doc` and `ref`, what a category is linked to, its short form. Knowingly not read: items that calls make.

use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, ArrayExpressionElement, AssignmentExpression, AssignmentTarget, ExportDefaultDeclaration, Expression,
    ObjectExpression, ObjectProperty, ObjectPropertyKind, StringLiteral,
};
use oxc_span::GetSpan;
use oxc_syntax::node::NodeId;
use rustc_hash::FxHashSet;

use super::lower::inside;
use super::names;
use super::walk::Walk;
use crate::diagnostic::Strength;
use crate::expr::PathExpr;
use crate::path;
use crate::reference::{Fact, Namespace, Reference};

/// Settings under which ids are not what the names of files say.
const RENAMING: &str = "numberPrefixParser";
/// Parts of the names of plugins that make documents.
const MAKERS: [&[u8]; 5] = [b"graphql", b"openapi", b"remote-content", b"swagger", b"typedoc"];

/// A part of the menus that is still to be read.
#[derive(Clone, Copy)]
enum Part<'a> {
    /// Menus by their names.
    Menus(&'a Expression<'a>),
    /// A list of items, or categories by their labels.
    Items(&'a Expression<'a>),
    /// An item.
    Item(&'a Expression<'a>),
}

impl<'a, 's> Walk<'a, 's, '_> {
    /// `sidebarPath: './sidebars.js'` in the options of a plugin, with `path: 'docs'` beside it.
    pub(super) fn menus_of(&mut self, id: NodeId, property: &'a ObjectProperty<'a>) {
        if !self.name.starts_with(b"docusaurus.config.") || property.key.static_name().as_deref() != Some("sidebarPath")
        {
            return;
        }
        let AstKind::ObjectExpression(options) = self.lowering.semantic.nodes().parent_kind(id) else { return };
        let spread = options.properties.iter().any(|row| matches!(row, ObjectPropertyKind::SpreadProperty(_)));
        let given = |key: &str| of_object(options, key);
        let folder = given("path").map_or(PathExpr::literal(&b"docs"[..]), |path| self.lowering.path(path, 0));
        let made = MAKERS.iter().any(|maker| memchr::memmem::find(self.lowering.source, maker).is_some());
        let file = self.menus_file(&property.value).into_owned();
        let open = spread || made || given(RENAMING).is_some();
        self.facts.push(Fact::Menus { file, folder: folder.into_owned(), open });
    }

    /// The file, also by a function `require` that the configuration makes.
    fn menus_file(&self, value: &'a Expression<'a>) -> PathExpr<'s> {
        match value {
            Expression::CallExpression(call) => match (&call.callee, call.arguments.as_slice()) {
                (Expression::StaticMemberExpression(callee), [Argument::StringLiteral(text)])
                    if callee.property.name == "resolve" && callee.object.is_specific_id("require") =>
                {
                    self.lowering.literal(text)
                }
                _ => self.lowering.path(value, 0),
            },
            _ => self.lowering.path(value, 0),
        }
    }

    /// `module.exports = { … }`.
    pub(super) fn assigned_menus(&mut self, assignment: &'a AssignmentExpression<'a>) {
        let AssignmentTarget::StaticMemberExpression(left) = &assignment.left else { return };
        if left.property.name == "exports" && left.object.is_specific_id("module") && is_of_menus(self.file) {
            self.menus(&assignment.right);
        }
    }

    /// `export default sidebars`.
    pub(super) fn exported_menus(&mut self, export: &'a ExportDefaultDeclaration<'a>) {
        if let Some(menus) = export.declaration.as_expression().filter(|_| is_of_menus(self.file)) {
            self.menus(menus);
        }
    }

    fn menus(&mut self, menus: &'a Expression<'a>) {
        // A name may stand for what holds it.
        let mut seen = FxHashSet::default();
        let mut waiting = vec![Part::Menus(menus)];
        while let Some(part) = waiting.pop() {
            let (Part::Menus(value) | Part::Items(value) | Part::Item(value)) = part;
            let value = self.written_out(value);
            if seen.insert(value.span()) {
                self.part(part, value, &mut waiting);
            }
        }
    }

    fn part(&mut self, part: Part<'a>, value: &'a Expression<'a>, waiting: &mut Vec<Part<'a>>) {
        match (part, value) {
            (Part::Menus(_) | Part::Items(_), Expression::ObjectExpression(table)) => {
                waiting.extend(values(table).map(Part::Items));
            }
            (Part::Items(_), Expression::ArrayExpression(list)) => {
                waiting.extend(list.elements.iter().filter_map(ArrayExpressionElement::as_expression).map(Part::Item));
            }
            (Part::Item(_), Expression::StringLiteral(id)) => self.document(id, "sidebar"),
            (Part::Item(_), Expression::ObjectExpression(item)) => self.item(item, waiting),
            _ => {}
        }
    }

    /// An object that says what kind of item it is, or has categories by their labels.
    fn item(&mut self, item: &'a ObjectExpression<'a>, waiting: &mut Vec<Part<'a>>) {
        match (of_object(item, "type"), of_object(item, "id")) {
            (Some(Expression::StringLiteral(kind)), Some(Expression::StringLiteral(id)))
                if matches!(kind.value.as_str(), "doc" | "ref") =>
            {
                self.document(id, "sidebar");
            }
            (Some(Expression::StringLiteral(kind)), _) if kind.value == "category" => {
                waiting.extend(of_object(item, "items").map(Part::Items));
                // What a category leads to is an item of its own.
                waiting.extend(of_object(item, "link").map(Part::Item));
            }
            (None, None) => waiting.extend(values(item).map(Part::Items)),
            _ => {}
        }
    }

    fn document(&mut self, id: &StringLiteral<'_>, construct: &'static str) {
        let span = inside(id.span);
        let text = id.value.as_bytes().to_vec();
        self.references.push(Reference::literal(span, text, construct, Namespace::Sidebar, Strength::Fatal));
    }

    /// What a name was given, and what stands behind a type.
    fn written_out(&self, value: &'a Expression<'a>) -> &'a Expression<'a> {
        let mut value = value;
        // A type may stand behind a type.
        for _ in 0..crate::expr::MAX_DEPTH {
            value = match value {
                Expression::Identifier(name) => match names::value(self.lowering.semantic, name) {
                    Some(given) => given,
                    None => return value,
                },
                Expression::ParenthesizedExpression(one) => &one.expression,
                Expression::TSAsExpression(one) => &one.expression,
                Expression::TSSatisfiesExpression(one) => &one.expression,
                _ => return value,
            };
        }
        value
    }
}

/// Whether what a file exports may be menus.
pub(super) fn is_of_menus(file: &[u8]) -> bool {
    memchr::memmem::find(file, b"sidebar").is_some() && path::extension(file) != b"tsx"
}

/// The values of an object that is written out.
fn values<'a>(object: &'a ObjectExpression<'a>) -> impl Iterator<Item = &'a Expression<'a>> {
    object.properties.iter().filter_map(|row| match row {
        ObjectPropertyKind::ObjectProperty(row) => Some(&row.value),
        ObjectPropertyKind::SpreadProperty(_) => None,
    })
}

/// The value of a key of an object that is written out.
fn of_object<'a>(object: &'a ObjectExpression<'a>, key: &str) -> Option<&'a Expression<'a>> {
    object.properties.iter().find_map(|row| match row {
        ObjectPropertyKind::ObjectProperty(row) if !row.computed && row.key.static_name()? == key => Some(&row.value),
        _ => None,
    })
}
