//! Manifests of MediaWiki's extensions and skins (mediawiki.org "Manual:Extension.json/Schema", "ResourceLoader").
//!
//! Read are classes and their folders, messages, wiring of services, modules of ResourceLoader and templates of skins.
//! Names are put behind the folder of the manifest, those of a module behind its `localBasePath`.
//!
//! Knowingly not read: files that a callback makes, modules without a base, tests, images of icons.

use std::borrow::Cow;

use jsonc_parser::ast::{Object, StringLit, Value};

use super::syntax::json::{self, property, strings};
use super::{Base, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::Strength;
use crate::expr::PathExpr;
use crate::path;

/// `extension.json`, `skin.json`.
pub const LANGUAGE: Language = Language {
    name: "mediawiki",
    extensions: &[],
    names: &["extension.json", "skin.json"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "classes, messages, services, files of ResourceLoader's modules, templates of skins",
    leaves: "files that callbacks make, modules without a base, tests, images of icons",
    scan,
};

const FILE: Namespace = Namespace::Path(&[Base::Manifest], Want::File);
const DIRECTORY: Namespace = Namespace::Path(&[Base::Manifest], Want::Directory);

/// Keys whose values, or those of the table that they are, name files or directories.
const KEYS: [(&str, Namespace, Strength); 6] = [
    ("AutoloadClasses", FILE, Strength::Fatal),
    ("AutoloadNamespaces", DIRECTORY, Strength::Silent),
    ("ExtensionMessagesFiles", FILE, Strength::Broken),
    ("MessagesDirs", DIRECTORY, Strength::Silent),
    ("RestModuleFiles", FILE, Strength::Fatal),
    ("ServiceWiringFiles", FILE, Strength::Fatal),
];
/// Keys of a module whose values name files.
const LISTS: [&str; 4] = ["packageFiles", "scripts", "styles", "templates"];
/// Keys of a module that are tables of these, by language or skin.
const TABLES: [&str; 3] = ["languageScripts", "skinScripts", "skinStyles"];
/// Says what of a table of files is none.
const MADE: [&str; 4] = ["callback", "config", "content", "versionCallback"];

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = input.source.text();
    let Some(root) = json::object(&text).filter(|root| root.get("manifest_version").is_some()) else {
        return Scan::default();
    };
    let mut manifest = Manifest { directory: path::parent(input.path), scan: Scan::default() };
    for (key, namespace, strength) in KEYS {
        for (name, value) in named(property(&root, key)) {
            manifest.refer(value, b"", key, namespace, strength);
            manifest.fact(key, name, value);
        }
    }
    let common = root.get_object("ResourceFileModulePaths").and_then(|paths| paths.get_string("localBasePath"));
    for module in root.get_object("ResourceModules").iter().flat_map(|modules| &modules.properties) {
        if let Value::Object(module) = &module.value
            && let Some(base) = module.get_string("localBasePath").or(common)
        {
            manifest.module(module, base.value.as_bytes());
        }
    }
    for skin in root.get_object("ValidSkinNames").iter().flat_map(|skins| &skins.properties) {
        manifest.templates(&skin.value);
    }
    manifest.scan.references.sort_by_key(|reference| reference.span);
    manifest.scan
}

/// The texts of a value: it, its members, or those of the table that it is, with the keys of that.
fn named<'v, 's>(value: Option<&'v Value<'s>>) -> Vec<(&'v str, &'v StringLit<'s>)> {
    match value {
        Some(Value::Object(table)) => {
            let rows = table.properties.iter();
            rows.flat_map(|row| strings(Some(&row.value)).into_iter().map(|text| (row.name.as_str(), text))).collect()
        }
        other => strings(other).into_iter().map(|text| ("", text)).collect(),
    }
}

struct Manifest<'p, 's> {
    directory: &'p [u8],
    scan: Scan<'s>,
}

impl Manifest<'_, '_> {
    fn refer(
        &mut self,
        text: &StringLit<'_>,
        base: &[u8],
        construct: &'static str,
        namespace: Namespace,
        strength: Strength,
    ) {
        let value = text.value.as_bytes();
        if value.is_empty() || value.iter().any(|byte| b"*$\n".contains(byte)) {
            return;
        }
        // They are put behind the folder, with a slash of its own.
        let whole = path::join(base, value.strip_prefix(b"/").unwrap_or(value));
        let whole = whole.strip_prefix(b"/").map(<[u8]>::to_vec).unwrap_or(whole);
        let reference = Reference::literal(json::span(text), &b""[..], construct, namespace, strength);
        self.scan.references.push(Reference { expr: PathExpr::literal(whole), ..reference });
    }

    /// What is loaded by its place is found by its name.
    fn fact(&mut self, key: &str, name: &str, value: &StringLit<'_>) {
        let joined = path::join(self.directory, value.value.as_bytes());
        let place = path::normalize(&joined).map_or_else(|| joined.clone(), Cow::into_owned);
        match key {
            "AutoloadClasses" => self.scan.facts.push(Fact::Classmap(place)),
            "AutoloadNamespaces" => {
                let prefix = name.as_bytes().to_vec();
                self.scan.facts.push(Fact::Autoload { prefix, directory: place, psr0: false });
            }
            _ => {}
        }
    }

    fn module(&mut self, module: &Object<'_>, base: &[u8]) {
        for key in LISTS {
            for text in property(module, key).into_iter().flat_map(files) {
                self.refer(text, base, key, FILE, Strength::Broken);
            }
            // `{"a.css": {"media": "print"}}`.
            let rows = module.get_object(key).filter(|_| key == "styles");
            for row in rows.iter().flat_map(|rows| &rows.properties).filter(|row| row.value.as_object().is_some()) {
                if let jsonc_parser::ast::ObjectPropName::String(text) = &row.name {
                    self.refer(text, base, key, FILE, Strength::Broken);
                }
            }
        }
        for key in TABLES {
            for (_, text) in named(property(module, key)) {
                self.refer(text, base, key, FILE, Strength::Broken);
            }
        }
    }

    /// Where a skin has its templates.
    fn templates(&mut self, skin: &Value<'_>) {
        let arguments = skin.as_object().and_then(|skin| skin.get_array("args"));
        for argument in arguments.iter().flat_map(|list| &list.elements) {
            if let Some(text) = argument.as_object().and_then(|argument| argument.get_string("templateDirectory")) {
                self.refer(text, b"", "templateDirectory", DIRECTORY, Strength::Broken);
            }
        }
    }
}

/// The files of a list: texts, and tables that say which file stands under a name.
fn files<'v, 's>(value: &'v Value<'s>) -> Vec<&'v StringLit<'s>> {
    let of_table = |table: &'v Object<'s>| {
        let made = MADE.iter().any(|key| table.get(key).is_some());
        (!made).then(|| table.get_string("file")).flatten()
    };
    match value {
        Value::Array(list) => {
            let member = |member: &'v Value<'s>| match member {
                Value::StringLit(text) => Some(text),
                Value::Object(table) => of_table(table),
                _ => None,
            };
            list.elements.iter().filter_map(member).collect()
        }
        Value::Object(_) => named(Some(value)).into_iter().map(|(_, text)| text).collect(),
        _ => strings(Some(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn hostile_manifests_are_read_as_nothing() {
        for text in [
            "",
            "[]",
            r#"{"manifest_version": 2, "ResourceModules": [], "ValidSkinNames": {"a": 1}}"#,
            r#"{"manifest_version": 2, "AutoloadClasses": {"A": {"b": "c"}}, "MessagesDirs": 7}"#,
            r#"{"AutoloadClasses": {"A": "a.php"}}"#,
            r#"{"manifest_version": 2, "ResourceModules": {"a": {"localBasePath": "", "styles": {"a": 1}}}}"#,
        ] {
            let source = Source::new(text.as_bytes());
            let references = scan(Input { path: b"extension.json", source: &source, project: None }).references;
            assert!(references.is_empty(), "{text}");
        }
    }
}
