//! `package.json` (nodejs.org "Packages"; docs.npmjs.com "package.json").
//!
//! Read: `main` and its like, `bin`, `exports` and `imports`, the files of a `browser` table, `workspaces`, `files`,
//! what `scripts` run, files that Jest, ESLint and Prettier are told of; whether a `build` script makes the deployed
//! pages out of these sources: then a page among the sources is not served from where it lies. Told: its name and its
//! dependencies, the names that `imports`, Jest and Babel map.
//!
//! Knowingly not read: patterns, what other tools keep in it.

use jsonc_parser::ast::{Object, StringLit, Value};

use super::launch::{self, Setting, shell};
use super::syntax::json;
use super::{Base, Fact, Input, Language, Namespace, Package, Phase, Reference, Scan, Want, babel, javascript};
use crate::diagnostic::{Severity, Strength};
use crate::expr::{Here, PathExpr};

/// `package.json`.
pub const LANGUAGE: Language = Language {
    name: "npm",
    extensions: &[],
    names: &["package.json"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "entry points, `bin`, `exports`, `imports`, `workspaces`, `files`, scripts, whether a build makes the pages that are served",
    leaves: "patterns, what most tools keep in it",
    scan,
};

/// Entry points, and what is lost without one. Many a `main` was never used.
const ENTRIES: [(&str, Strength); 9] = [
    ("main", Strength::Silent),
    ("module", Strength::Silent),
    ("browser", Strength::Silent),
    ("types", Strength::Silent),
    ("typings", Strength::Silent),
    ("source", Strength::Silent),
    ("style", Strength::Silent),
    ("sass", Strength::Silent),
    ("bin", Strength::Silent),
];
/// What `npm init` writes, whether there is such a file or not.
const BY_INIT: [&str; 2] = ["index.js", "main.js"];
/// Tables of packages that it depends on.
const DEPENDENCIES: [&str; 4] = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];
/// Tables of tools, and the keys in them whose values are modules.
const TOOLS: [(&str, &[&str]); 2] =
    [("eslintConfig", &["extends"]), ("jest", &["globalSetup", "globalTeardown", "setupFiles", "setupFilesAfterEnv"])];
const HERE: &[Base] = &[Base::Manifest];
/// Deepest table of `exports` that is read.
const MAX_DEPTH: usize = 16;

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = input.source.text();
    let Some(root) = json::object(&text) else { return Scan::default() };
    let mut scan = Scan { facts: vec![Fact::Package(Box::new(told(&root)))], ..Scan::default() };
    if root.get_object("scripts").is_some_and(|scripts| scripts.get("build").is_some()) {
        scan.facts.push(Fact::Builds);
    }
    for (key, strength) in ENTRIES {
        if let Some(value) = json::property(&root, key) {
            leaves(value, 0, &mut |text| scan.references.extend(entry(key, text, strength)));
        }
    }
    for key in ["exports", "imports"] {
        if let Some(value) = json::property(&root, key) {
            leaves(value, 0, &mut |text| scan.references.extend(exported(key, text)));
        }
    }
    scan.references.extend(listed(&root));
    for text in root
        .get_object("scripts")
        .iter()
        .flat_map(|table| &table.properties)
        .filter_map(|row| row.value.as_string_lit())
    {
        scan.references.extend(started(input.source.bytes(), text));
    }
    let mapper = root.get_object("jest").and_then(|jest| jest.get_object("moduleNameMapper"));
    for row in mapper.iter().flat_map(|table| &table.properties) {
        let target = row.value.as_string_lit().map_or("", |text| text.value.as_ref());
        scan.facts.extend(javascript::jest_alias(row.name.as_str(), target));
    }
    scan.facts.extend(root.get_object("babel").map(babel::told).unwrap_or_default());
    scan.references.sort_by_key(|reference| reference.span);
    scan
}

/// Folders of workspaces, what is published, and files that tools are told of.
fn listed(root: &Object<'_>) -> Vec<Reference<'static>> {
    let workspaces = match json::property(root, "workspaces") {
        Some(Value::Object(table)) => json::property(table, "packages"),
        other => other,
    };
    let mut found = Vec::new();
    let mut add = |value: Option<&Value<'_>>, construct, want, strength| {
        found.extend(json::strings(value).into_iter().filter_map(|text| path(construct, text, want, strength)));
    };
    add(workspaces, "workspaces", Want::Directory, Strength::Silent);
    // Most of it is made by a build, and npm does not mind what is not there.
    add(json::property(root, "files"), "files", Want::Any, Strength::Optional);
    for (table, keys) in TOOLS {
        let Some(table) = root.get_object(table) else { continue };
        for key in keys {
            let values = json::strings(json::property(table, key)).into_iter();
            found.extend(values.filter_map(|text| of_tool(key, text)).map(|one| from(table, one)));
        }
    }
    found
}

/// A path as it is written, from the manifest; no pattern, and no name of a package.
fn path(construct: &'static str, text: &StringLit<'_>, want: Want, strength: Strength) -> Option<Reference<'static>> {
    let written = text.value.as_ref();
    let plain = !written.is_empty() && !written.contains(['*', '!', '{', '?', '[', '$']);
    let namespace = Namespace::Path(HERE, want);
    let text_bytes = written.trim_end_matches('/').as_bytes().to_vec();
    plain.then(|| Reference::literal(json::span(text), text_bytes, construct, namespace, strength))
}

/// `./x` or `<rootDir>/x`, found as a module is.
fn of_tool(key: &'static str, text: &StringLit<'_>) -> Option<Reference<'static>> {
    let relative = text.value.starts_with("./") && !text.value.contains(['*', '$']);
    relative.then(|| reference(key, text, Strength::Broken))
}

/// Jest starts from `rootDir` (jestjs.io "Configuring Jest").
fn from(table: &Object<'_>, reference: Reference<'static>) -> Reference<'static> {
    let Some(root) = table.get_string("rootDir") else { return reference };
    let root = [root.value.trim_start_matches("./").trim_end_matches('/').as_bytes(), b"/"].concat();
    let expr = match reference.expr {
        PathExpr::Concat(mut parts) if parts.len() == 3 => {
            parts.insert(2, PathExpr::literal(root));
            PathExpr::Concat(parts)
        }
        other => other,
    };
    Reference { expr, ..reference }
}

/// What a script runs, in the directory of the manifest.
fn started(bytes: &[u8], text: &StringLit<'_>) -> Vec<Reference<'static>> {
    let span = json::span(text);
    let setting = Setting { rules: |want, _| Namespace::Path(HERE, want), directory: None, strength: Strength::Silent };
    if span.of(bytes) != text.value.as_bytes() {
        return Vec::new();
    }
    let commands = shell::commands(span.of(bytes), span.start as usize, true);
    // What an earlier command may have made is not looked for, nor what one behind it reads.
    let sure = commands.into_iter().take_while(|command| !command.made && command.directory.is_some());
    sure.flat_map(|command| launch::references(&command, &setting)).collect()
}

fn told(root: &Object<'_>) -> Package {
    let bytes = |text: &StringLit<'_>| text.value.as_bytes().to_vec();
    let tables = DEPENDENCIES.iter().filter_map(|key| root.get_object(key));
    let dependencies = tables.flat_map(|table| &table.properties).map(|row| row.name.as_str().as_bytes().to_vec());
    let imports = root.get_object("imports").map(|table| table.properties.as_slice()).unwrap_or_default();
    let imports = imports.iter().map(|row| {
        let mut targets = Vec::new();
        leaves(&row.value, 0, &mut |text| targets.push(bytes(text)));
        (row.name.as_str().as_bytes().to_vec(), targets)
    });
    let name = root.get_string("name").map(bytes).unwrap_or_default();
    let closed = root.get("exports").is_some();
    Package { name, closed, dependencies: dependencies.collect(), imports: imports.collect() }
}

/// Every string in a value.
fn leaves<'v, 's>(value: &'v Value<'s>, depth: usize, each: &mut dyn FnMut(&'v StringLit<'s>)) {
    match value {
        Value::StringLit(text) => each(text),
        Value::Array(list) if depth < MAX_DEPTH => list.elements.iter().for_each(|one| leaves(one, depth + 1, each)),
        Value::Object(table) if depth < MAX_DEPTH => {
            table.properties.iter().for_each(|row| leaves(&row.value, depth + 1, each));
        }
        _ => {}
    }
}

/// An entry point, found as a module is.
fn entry(key: &'static str, text: &StringLit<'_>, strength: Strength) -> Option<Reference<'static>> {
    let value = text.value.as_ref();
    // A name without a dot in a `browser` table is a package.
    if value.is_empty() || value.contains('*') || key == "browser" && !value.starts_with('.') {
        return None;
    }
    let strength = if BY_INIT.contains(&value) { Strength::Optional } else { strength };
    Some(reference(key, text, strength))
}

/// A target of `exports` or `imports`, which starts with `./`.
fn exported(key: &'static str, text: &StringLit<'_>) -> Option<Reference<'static>> {
    let is_target = text.value.starts_with("./") && !text.value.contains('*');
    is_target.then(|| reference(key, text, Strength::Silent))
}

fn reference(key: &'static str, text: &StringLit<'_>, strength: Strength) -> Reference<'static> {
    let span = json::span(text);
    let slash = PathExpr::literal(&b"/"[..]);
    let expr =
        PathExpr::Concat(vec![PathExpr::Here(Here::Dir), slash, PathExpr::literal(text.value.as_bytes().to_vec())]);
    Reference {
        span,
        tail: span,
        expr,
        construct: key,
        namespace: Namespace::Node,
        strength,
        guarded: false,
        ceiling: Severity::Error,
    }
}
