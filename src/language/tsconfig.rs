//! TypeScript's configuration, `tsconfig.json` and `jsconfig.json` (typescriptlang.org, "TSConfig Reference").
//!
//! Read are `extends`, `files`, `references`, and what maps the names of modules: `baseUrl` and `paths`.
//! Knowingly not read: `include` and `exclude` (patterns), `rootDirs`, `typeRoots`, configurations in packages.

use jsonc_parser::ast::{Object, ObjectProp, StringLit};

use super::syntax::json::{self, property, strings};
use super::{Base, Fact, Input, Language, Namespace, Phase, Reference, Scan, TypeScript, Want};
use crate::diagnostic::Strength;
use crate::expr::PathExpr;
use crate::path;

/// `tsconfig.json`, `tsconfig.app.json` and `jsconfig.json`.
pub const LANGUAGE: Language = Language {
    name: "tsconfig",
    extensions: &[],
    names: &["jsconfig.json", "tsconfig.json"],
    interpreters: &[],
    recognises: Some(|path, _| {
        let name = path::name(path);
        name.starts_with(b"tsconfig.") && name.ends_with(b".json")
    }),
    phase: Phase::Facts,
    reads: "`extends`, `files`, `references`, `baseUrl` and `paths`",
    leaves: "`include` and `exclude`, configurations in packages",
    scan,
};

const FILE: Namespace = Namespace::Path(&[Base::Manifest], Want::File);
const ANY: Namespace = Namespace::Path(&[Base::Manifest], Want::Any);

fn scan(input: Input<'_>) -> Scan<'_> {
    let text = input.source.text();
    let Some(root) = json::object(&text) else { return Scan::default() };
    let mut scan = Scan::default();
    for entry in strings(property(&root, "extends")) {
        scan.references.extend(extended(entry));
    }
    for entry in strings(property(&root, "files")) {
        scan.references.extend(refer(entry, "files", FILE));
    }
    for row in root.get_array("references").iter().flat_map(|list| &list.elements) {
        let entry = row.as_object().and_then(|row| row.get_string("path"));
        scan.references.extend(entry.and_then(|entry| refer(entry, "references", ANY)));
    }
    scan.references.sort_by_key(|reference| reference.span);
    scan.facts.push(Fact::TypeScript(Box::new(told(&root))));
    scan
}

/// What maps the names of modules.
fn told(root: &Object<'_>) -> TypeScript {
    let bytes = |text: &StringLit<'_>| text.value.as_bytes().to_vec();
    let extends = strings(property(root, "extends")).into_iter().map(bytes).collect();
    let Some(options) = root.get_object("compilerOptions") else { return TypeScript { extends, ..Default::default() } };
    let rows = options.get_object("paths").map(|paths| {
        let row = |row: &ObjectProp<'_>| {
            let targets = strings(Some(&row.value)).into_iter().map(bytes).collect();
            (row.name.as_str().as_bytes().to_vec(), targets)
        };
        paths.properties.iter().map(row).collect()
    });
    TypeScript { extends, base: options.get_string("baseUrl").map(bytes), paths: rows }
}

/// A configuration by its path; `.json` may be left out. A name is that of a package.
fn extended(entry: &StringLit<'_>) -> Option<Reference<'static>> {
    if !entry.value.starts_with('.') {
        return None;
    }
    let mut reference = refer(entry, "extends", FILE)?;
    if !entry.value.ends_with(".json") {
        let written = entry.value.as_bytes().to_vec();
        let with = [written.as_slice(), b".json"].concat();
        reference.expr = PathExpr::FirstOf(vec![PathExpr::literal(with), PathExpr::literal(written)]);
    }
    Some(reference)
}

fn refer(entry: &StringLit<'_>, construct: &'static str, namespace: Namespace) -> Option<Reference<'static>> {
    // A pattern is read by other tools, if by any.
    if entry.value.is_empty() || entry.value.contains("${") || entry.value.contains('*') {
        return None;
    }
    let span = json::span(entry);
    let text = entry.value.as_bytes().to_vec();
    Some(Reference::literal(span, text, construct, namespace, Strength::Broken))
}
