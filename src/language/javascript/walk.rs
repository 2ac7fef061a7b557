//! The walk over a module's nodes, which stand in a list: what each imports. What calls mean is in [`super::uses`].

use oxc_ast::AstKind;
use oxc_ast::ast::{Expression, ImportOrExportKind, StringLiteral};
use oxc_syntax::node::NodeId;

use super::guards;
use super::imports::{exported, finished, imported, is_of_types};
use super::lower::Lowering;
use crate::diagnostic::{Severity, Strength};
use crate::expr::PathExpr;
use crate::path;
use crate::reference::{Fact, Namespace, Reference, Scan};

/// Most existence tests that are remembered: each is compared with each reference.
const MAX_TESTS: usize = 500;

/// Walks one module.
pub(super) struct Walk<'a, 's, 'm> {
    pub(super) lowering: &'m Lowering<'a, 's, 'm>,
    pub(super) references: Vec<Reference<'s>>,
    pub(super) facts: Vec<Fact>,
    /// Paths that the program asks for.
    tests: Vec<PathExpr<'s>>,
    /// It is compiled to another place before it runs: `__dirname` is that place.
    pub(super) compiled: bool,
    /// Path of the file; empty for the script of a component.
    pub(super) file: &'m [u8],
    /// The name of the file; empty for the script of a component.
    pub(super) name: &'m [u8],
}

impl<'a, 's, 'm> Walk<'a, 's, 'm> {
    pub(super) fn new(lowering: &'m Lowering<'a, 's, 'm>, path: &'m [u8]) -> Self {
        let name = path::name(path);
        let compiled = matches!(path::extension(path).as_slice(), b"ts" | b"tsx" | b"mts" | b"cts");
        Walk { lowering, references: Vec::new(), facts: Vec::new(), tests: Vec::new(), compiled, file: path, name }
    }

    /// The references, in the order of the source, with their guards.
    pub(super) fn scan(mut self) -> Scan<'s> {
        let semantic = self.lowering.semantic;
        for node in semantic.nodes().iter() {
            self.node(node.id(), node.kind());
        }
        for reference in &mut self.references {
            reference.guarded |= self.tests.contains(&reference.expr);
        }
        let references = finished(self.references, semantic.comments(), self.lowering.source, self.file);
        Scan { references, facts: self.facts, ..Scan::default() }
    }

    fn node(&mut self, id: NodeId, kind: AstKind<'a>) {
        match kind {
            AstKind::ImportDeclaration(import) => self.module(&import.source, "import", is_of_types(import)),
            AstKind::ExportFromDeclaration(export) => self.exported(&export.source, export.export_kind),
            AstKind::ExportAllDeclaration(export) => self.exported(&export.source, export.export_kind),
            AstKind::ImportExpression(import) => self.import(id, &import.source),
            AstKind::TSExternalModuleReference(import) => self.module(&import.expression, "import", false),
            AstKind::TSImportType(import) => self.module(&import.source, "import type", true),
            AstKind::CallExpression(call) => self.call(id, call),
            AstKind::NewExpression(new) => self.new_expression(id, new),
            AstKind::JSXOpeningElement(element) => self.element(element),
            AstKind::ObjectProperty(property) => {
                self.alias_property(id, property);
                self.nuxt(id, property);
                self.of_site(property);
                self.menus_of(id, property);
            }
            AstKind::AssignmentExpression(assignment) => self.assigned_menus(assignment),
            AstKind::ExportDefaultDeclaration(export) => {
                self.exported_menus(export);
                self.page_options(export);
            }
            AstKind::Decorator(decorator) => self.decorator(&decorator.expression),
            _ => {}
        }
    }

    fn module(&mut self, text: &StringLiteral<'_>, construct: &'static str, types: bool) {
        self.references.push(imported(self.lowering.source, text, construct, types));
    }

    fn exported(&mut self, text: &StringLiteral<'_>, kind: ImportOrExportKind) {
        self.references.push(exported(self.lowering.source, text, kind));
    }

    /// `import(…)`.
    fn import(&mut self, id: NodeId, source: &Expression<'a>) {
        self.required(id, source, "import()");
    }

    /// A module by an expression.
    pub(super) fn required(&mut self, id: NodeId, source: &Expression<'a>, construct: &'static str) {
        let expr = self.lowering.path(source, 0);
        // A name that is put together starts where the module runs, which is not where it is compiled from.
        let moved = self.compiled && !matches!(expr, PathExpr::Literal(_));
        let strength = if moved { Strength::Optional } else { Strength::Fatal };
        self.keep(id, source, expr, construct, Namespace::Node, strength);
    }

    /// Keeps a reference by an expression; what is only known at run time is counted, too.
    pub(super) fn keep(
        &mut self,
        id: NodeId,
        written: &Expression<'a>,
        expr: PathExpr<'s>,
        construct: &'static str,
        namespace: Namespace,
        strength: Strength,
    ) {
        self.references.push(Reference {
            span: self.lowering.span(written),
            tail: self.lowering.tail(written),
            expr,
            construct,
            namespace,
            strength,
            guarded: guards::is_excused(self.lowering.semantic, id),
            ceiling: Severity::Error,
        });
    }

    /// The program asks whether a path exists.
    pub(super) fn test(&mut self, expr: PathExpr<'s>) {
        if self.tests.len() < MAX_TESTS && expr != PathExpr::Hole {
            self.tests.push(expr);
        }
    }
}
