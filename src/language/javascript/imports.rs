//! What a module imports and exports, as references, and what the file and its comments say of all references in it.

use oxc_ast::ast::{Comment, ImportDeclaration, ImportDeclarationSpecifier, ImportOrExportKind, StringLiteral};

use super::guards;
use super::lower::{inside, literal};
use crate::diagnostic::{Severity, Strength};
use crate::path;
use crate::reference::{Namespace, Reference};

/// Parts of the names of files that only tests run.
const TESTS: [&[u8]; 4] = [b".test.", b".spec.", b".stories.", b".cy."];

/// A module by a literal. Types are erased: without them only a build fails.
pub(super) fn imported<'s>(
    source: &'s [u8],
    text: &StringLiteral<'_>,
    construct: &'static str,
    types: bool,
) -> Reference<'s> {
    let span = inside(text.span);
    let ceiling = if types { Severity::Warning } else { Severity::Error };
    Reference {
        span,
        tail: span,
        expr: literal(source, text),
        construct,
        namespace: Namespace::Node,
        strength: Strength::Fatal,
        guarded: false,
        ceiling,
    }
}

/// What `export … from` names.
pub(super) fn exported<'s>(source: &'s [u8], text: &StringLiteral<'_>, kind: ImportOrExportKind) -> Reference<'s> {
    imported(source, text, "export from", kind == ImportOrExportKind::Type)
}

/// Whether only types are imported: by `import type`, or each of them.
pub(super) fn is_of_types(import: &ImportDeclaration<'_>) -> bool {
    let of_type = |one: &ImportDeclarationSpecifier<'_>| matches!(one, ImportDeclarationSpecifier::ImportSpecifier(one) if one.import_kind == ImportOrExportKind::Type);
    let each = import.specifiers.as_ref().is_some_and(|list| !list.is_empty() && list.iter().all(of_type));
    import.import_kind == ImportOrExportKind::Type || each
}

/// References in the order of the source, with what the file and TypeScript's comments say of all of them.
pub(super) fn finished<'s>(
    mut references: Vec<Reference<'s>>,
    comments: &[Comment],
    source: &[u8],
    file: &[u8],
) -> Vec<Reference<'s>> {
    let suppressed = guards::suppressed(comments, source);
    let test = TESTS.iter().any(|part| memchr::memmem::find(path::name(file), part).is_some());
    let ceiling = if test || file.ends_with(b".d.ts") { Severity::Warning } else { Severity::Error };
    for reference in &mut references {
        reference.guarded |= suppressed.iter().any(|line| line.contains(&(reference.span.start as usize)));
        reference.ceiling = reference.ceiling.min(ceiling);
    }
    references.sort_by_key(|reference| reference.span);
    references
}
