//! What the configurations of sites of documentation name: pages that VitePress and VuePress put into their menus
//! (vitepress.dev "Sidebar", "Nav"; vuepress.vuejs.org "Default Theme Config"), pictures of theirs and of Docusaurus
//! (docusaurus.io "docusaurus.config.js").
//!
//! A menu with a dead entry is still a site: warnings at most, and of pages only near misses, for other settings may
//! serve them from elsewhere. Knowingly not read: names without a leading slash.

use oxc_ast::ast::{ArrayExpressionElement, Expression, ObjectProperty, StringLiteral};

use super::lower::inside;
use super::walk::Walk;
use crate::diagnostic::{Severity, Strength};
use crate::expr::{Here, PathExpr};
use crate::language::has_scheme;
use crate::path;
use crate::reference::{Base, Document, Namespace, Reference, Want};

/// Folders of the configurations of VitePress and VuePress.
const PRESSES: [&[u8]; 2] = [b".vitepress", b".vuepress"];
/// Keys of a list of pages.
const MENUS: [&str; 3] = ["children", "items", "sidebar"];
/// Keys of a picture.
const PICTURES: [&str; 5] = ["favicon", "image", "logo", "src", "srcDark"];

impl<'a> Walk<'a, '_, '_> {
    /// `link: '/guide/'`, `sidebar: ['/guide/']`, `favicon: 'img/favicon.ico'`.
    pub(super) fn of_site(&mut self, property: &'a ObjectProperty<'a>) {
        if !matches!(property.value, Expression::StringLiteral(_) | Expression::ArrayExpression(_)) {
            return;
        }
        let Some(key) = property.key.static_name() else { return };
        let press = is_of_press(self.file);
        let site = self.name.starts_with(b"docusaurus.config.");
        match &property.value {
            Expression::StringLiteral(text) if press && key == "link" => self.page(text, "link"),
            Expression::StringLiteral(text) if press && key == "logo" => self.picture(text),
            Expression::ArrayExpression(list) if press && (MENUS.contains(&key.as_ref()) || key.starts_with('/')) => {
                for one in list.elements.iter().filter_map(ArrayExpressionElement::as_expression) {
                    if let Expression::StringLiteral(text) = one {
                        self.page(text, "sidebar");
                    }
                }
            }
            Expression::StringLiteral(text) if site && PICTURES.contains(&key.as_ref()) => self.of_docusaurus(text),
            _ => {}
        }
    }

    fn page(&mut self, text: &StringLiteral<'_>, construct: &'static str) {
        self.rooted(text, construct, Document::Link);
    }

    fn picture(&mut self, text: &StringLiteral<'_>) {
        self.rooted(text, "logo", Document::Image);
    }

    /// What starts at the root of the site.
    fn rooted(&mut self, text: &StringLiteral<'_>, construct: &'static str, kind: Document) {
        let span = inside(text.span);
        let written = span.of(self.lowering.source);
        if written == text.value.as_bytes() && written.starts_with(b"/") && !written.starts_with(b"//") {
            let namespace = Namespace::Document(kind);
            let reference = Reference::literal(span, written, construct, namespace, Strength::Silent);
            self.references.push(Reference { ceiling: Severity::Warning, ..reference });
        }
    }

    /// A picture of Docusaurus, in its folder `static` unless it is told of another.
    fn of_docusaurus(&mut self, text: &StringLiteral<'_>) {
        let span = inside(text.span);
        let written = span.of(self.lowering.source);
        let moved = memchr::memmem::find(self.lowering.source, b"staticDirectories").is_some();
        let file = !path::extension(written).is_empty() && !written.contains(&b'\\');
        if moved || !file || has_scheme(written) || written.starts_with(b"//") {
            return;
        }
        let relative = written.strip_prefix(b"/").unwrap_or(written);
        let namespace = Namespace::Path(&[Base::Manifest], Want::File);
        let reference = Reference::literal(span, &b""[..], "picture", namespace, Strength::Silent);
        let parts = vec![PathExpr::Here(Here::Dir), PathExpr::literal(&b"static"[..]), PathExpr::literal(relative)];
        self.references.push(Reference { expr: PathExpr::Join(parts), ceiling: Severity::Warning, ..reference });
    }
}

/// Whether a file is part of the configuration of VitePress or VuePress.
pub(super) fn is_of_press(file: &[u8]) -> bool {
    path::segments(path::parent(file)).any(|segment| PRESSES.contains(&segment))
}
