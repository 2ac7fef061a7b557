//! Composer's manifest (getcomposer.org "The composer.json schema", "autoload").
//!
//! Read are the files that every request loads (`files`), the directories and files of autoloading, those of tests as
//! warnings, and `bin`. Knowingly not read: `scripts`, `extra`, path repositories, patterns with `*`.

use std::borrow::Cow;

use jsonc_parser::ast::{Object, StringLit};

use super::syntax::json::{self, property, strings};
use super::{Base, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Severity, Strength};
use crate::expr::PathExpr;
use crate::path;

/// `composer.json`.
pub const LANGUAGE: Language = Language {
    name: "composer",
    extensions: &[],
    names: &["composer.json"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "autoload files, classmap and PSR-4/PSR-0 directories, those of tests as warnings, bin",
    leaves: "scripts, extra, repositories",
    scan,
};

const FILE: Namespace = Namespace::Path(&[Base::Manifest], Want::File);
const DIRECTORY: Namespace = Namespace::Path(&[Base::Manifest], Want::Directory);
const ANY: Namespace = Namespace::Path(&[Base::Manifest], Want::Any);

fn scan(input: Input<'_>) -> Scan<'_> {
    let text = input.source.text();
    let Some(root) = json::object(&text) else { return Scan::default() };
    let mut manifest = Manifest { directory: path::parent(input.path), scan: Scan::default() };
    manifest.read(&root);
    manifest.scan.references.sort_by_key(|reference| reference.span);
    manifest.scan
}

struct Manifest<'p, 's> {
    directory: &'p [u8],
    scan: Scan<'s>,
}

impl Manifest<'_, '_> {
    fn read(&mut self, root: &Object<'_>) {
        if let Some(autoload) = root.get_object("autoload") {
            self.autoload(autoload);
        }
        if let Some(autoload) = root.get_object("autoload-dev") {
            self.for_development(autoload);
        }
        for bin in strings(property(root, "bin")) {
            self.refer(bin, "bin", FILE, Strength::Broken);
        }
        for entry in strings(property(root, "include-path")) {
            let entry = entry.value.as_bytes().to_vec();
            self.scan.facts.push(Fact::IncludePath(PathExpr::Literal(Cow::Owned(entry))));
        }
        for package in root.get_object("require").iter().flat_map(|list| &list.properties) {
            // `php` and `ext-json` are no packages.
            if package.name.as_str().contains('/') {
                self.scan.facts.push(Fact::Dependency(package.name.as_str().as_bytes().to_vec()));
            }
        }
    }

    /// What only tests load is not deployed: names near an existing one are told, as warnings.
    fn for_development(&mut self, autoload: &Object<'_>) {
        let references = self.scan.references.len();
        self.autoload(autoload);
        for reference in self.scan.references.iter_mut().skip(references) {
            reference.strength = Strength::Optional;
            reference.ceiling = Severity::Warning;
        }
    }

    fn autoload(&mut self, autoload: &Object<'_>) {
        // A missing entry is not noticed by `composer install`, and ends every request.
        for file in strings(property(autoload, "files")) {
            self.refer(file, "autoload files", FILE, Strength::Fatal);
            self.scan.facts.push(Fact::Classmap(self.place(file)));
        }
        for entry in strings(property(autoload, "classmap")) {
            self.refer(entry, "autoload classmap", ANY, Strength::Fatal);
            self.scan.facts.push(Fact::Classmap(self.place(entry)));
        }
        self.prefixes(autoload, "psr-4", "autoload psr-4", false);
        self.prefixes(autoload, "psr-0", "autoload psr-0", true);
    }

    fn prefixes(&mut self, autoload: &Object<'_>, key: &str, construct: &'static str, psr0: bool) {
        let Some(list) = autoload.get_object(key) else { return };
        for row in &list.properties {
            for directory in strings(Some(&row.value)) {
                self.refer(directory, construct, DIRECTORY, Strength::Silent);
                let prefix = row.name.as_str().as_bytes().to_vec();
                self.scan.facts.push(Fact::Autoload { prefix, directory: self.place(directory), psr0 });
            }
        }
    }

    fn refer(&mut self, value: &StringLit<'_>, construct: &'static str, namespace: Namespace, strength: Strength) {
        if value.value.is_empty() || value.value.contains('*') {
            return;
        }
        let text = value.value.as_bytes().to_vec();
        self.scan.references.push(Reference::literal(json::span(value), text, construct, namespace, strength));
    }

    /// Where a path of the manifest leads, relative to the root.
    fn place(&self, value: &StringLit<'_>) -> Vec<u8> {
        let joined = path::join(self.directory, value.value.as_bytes());
        path::normalize(&joined).map_or_else(|| joined.clone(), Cow::into_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn rows_of_autoload() {
        let source = Source::new(&br#"{"autoload": {"psr-4": {"App\\": ["src/", "lib"]}, "files": ["a.php"]}}"#[..]);
        let scan = scan(Input { path: b"web/composer.json", source: &source, project: None });
        let directories: Vec<&[u8]> = scan
            .facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Autoload { prefix, directory, psr0: false } if prefix == b"App\\" => Some(directory.as_slice()),
                _ => None,
            })
            .collect();
        assert_eq!(directories, [&b"web/src"[..], b"web/lib"]);
        let spans: Vec<&[u8]> = scan.references.iter().map(|one| one.span.of(source.bytes())).collect();
        assert_eq!(spans, [&b"src/"[..], b"lib", b"a.php"]);
    }

    #[test]
    fn hostile_manifests_are_read_as_nothing() {
        for text in ["", "[", "{\"autoload\": []}", "{\"bin\": {\"a\": 1}}", "{\"bin\": \""] {
            let source = Source::new(text.as_bytes());
            assert!(scan(Input { path: b"composer.json", source: &source, project: None }).references.is_empty());
        }
    }
}
