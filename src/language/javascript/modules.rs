//! Modules that do nothing but import and export, as far as files go: most of a modern program. What they name stands
//! at the top, so that no name has to be bound and no node below has to be looked at.
//!
//! Whether a module is one is told by what it lacks: each other feature lists the words without which no source has it,
//! or is read in files of certain names only.

use std::sync::LazyLock;

use aho_corasick::packed::Searcher;
use oxc_ast::ast::{Program, Statement};
use rustc_hash::FxHashSet;

use super::imports::{exported, finished, imported, is_of_types};
use super::{aliases, cached, calls, names, nuxt, pages, settings, sidebars, uses};
use crate::path;
use crate::reference::Scan;

/// What a source has that does more.
static WORDS: LazyLock<Option<Searcher>> = LazyLock::new(|| {
    let features = [aliases::WORDS, nuxt::WORDS, settings::WORDS, uses::WORDS];
    Searcher::new(features.into_iter().flatten())
});
/// Modules whose functions take paths.
static TAKING_PATHS: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| calls::names().filter_map(|name| name.split('.').next()).collect());

/// Reads a module that does no more than import and export; `None` where it may do more.
pub(super) fn scan<'s>(program: &Program<'_>, source: &'s [u8], file: &[u8]) -> Option<Scan<'s>> {
    let plain = WORDS.as_ref().is_some_and(|words| words.find(source).is_none());
    if !plain || is_read_by_its_name(file) {
        return None;
    }
    let mut references = Vec::new();
    for statement in &program.body {
        match statement {
            Statement::ImportDeclaration(import) => {
                let module = names::module_name(&import.source.value);
                if module.split('.').next().is_some_and(|first| TAKING_PATHS.contains(first)) {
                    return None;
                }
                references.push(imported(source, &import.source, "import", is_of_types(import)));
            }
            Statement::ExportFromDeclaration(export) => {
                references.push(exported(source, &export.source, export.export_kind));
            }
            Statement::ExportAllDeclaration(export) => {
                references.push(exported(source, &export.source, export.export_kind));
            }
            // What is declared in them may be imported from elsewhere.
            Statement::TSExternalModuleDeclaration(_)
            | Statement::TSNamespaceDeclaration(_)
            | Statement::TSGlobalDeclaration(_)
            | Statement::TSImportEqualsDeclaration(_) => return None,
            _ => {}
        }
    }
    Some(Scan { references: finished(references, &program.comments, source, file), ..Scan::default() })
}

/// Whether its name makes a file one in which more is read; a script of a component has none.
fn is_read_by_its_name(file: &[u8]) -> bool {
    let name = path::name(file);
    file.is_empty()
        || aliases::is_configuration(name)
        || cached::is_worker(name)
        || pages::is_of_press(file)
        || sidebars::is_of_menus(file)
}
