//! Lists that a build of the front end leaves of what it made: `mix-manifest.json` (laravel.com "Mix"),
//! `rev-manifest.json` (gulp-rev), `asset-manifest.json` (create-react-app), `entrypoints.json` (Symfony's Encore),
//! `manifest.json` of Vite (vite.dev "Backend Integration") and of webpack, Sprockets' own.
//!
//! A program takes from them the URLs that it puts into its pages. Read: the files that are named, of kinds that
//! browsers load. Knowingly not read: names of sources, source maps, licences, what other servers have.

use jsonc_parser::ast::{Object, StringLit, Value};

use super::syntax::json;
use super::{Fact, Input, Language, Namespace, Phase, Reference, Scan, has_scheme};
use crate::diagnostic::{Span, Strength};
use crate::path;

/// Lists of what a build made, but for `manifest.json`, which may be another one.
pub const LANGUAGE: Language = Language {
    name: "output",
    extensions: &[],
    names: &["asset-manifest.json", "entrypoints.json", "mix-manifest.json", "rev-manifest.json"],
    interpreters: &[],
    recognises: Some(|path, _| {
        let name = path::name(path);
        name.starts_with(b".sprockets-manifest-") && name.ends_with(b".json")
    }),
    phase: Phase::Facts,
    reads: "files that a build of Mix, gulp, create-react-app, Encore, Vite, webpack or Sprockets says to have made",
    leaves: "names of sources, source maps",
    scan,
};

/// Extensions of what pages load.
const LOADED: [&[u8]; 18] = [
    b"avif", b"css", b"eot", b"gif", b"ico", b"jpeg", b"jpg", b"js", b"mjs", b"otf", b"png", b"svg", b"ttf", b"wasm",
    b"webm", b"webp", b"woff", b"woff2",
];
/// Keys that hold a table of the same kind.
const TABLES: [&str; 2] = ["assets", "files"];
/// Most files whose standing there tells whether the list lies beside what it lists.
const MAX_TOLD: usize = 64;
/// Deepest table of entry points.
const MAX_DEPTH: usize = 4;

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = input.source.text();
    json::object(&text).map(|root| listed(&root, input.source.bytes())).unwrap_or_default()
}

/// The files of a list, and the fact that it names them.
pub(super) fn listed<'s>(root: &Object<'_>, source: &[u8]) -> Scan<'s> {
    let mut list = List { source, references: Vec::new() };
    list.table(root, 0);
    let mut references = list.references;
    references.sort_by_key(|reference| reference.span);
    let named = references.iter().filter_map(|one| one.expr.as_literal()).filter(|text| !has_scheme(text));
    let named: Vec<Vec<u8>> = named.take(MAX_TOLD).map(<[u8]>::to_vec).collect();
    let facts = if named.is_empty() { Vec::new() } else { vec![Fact::Listed(named)] };
    Scan { references, facts, ..Scan::default() }
}

struct List<'b, 's> {
    source: &'b [u8],
    references: Vec<Reference<'s>>,
}

impl List<'_, '_> {
    fn table(&mut self, table: &Object<'_>, depth: usize) {
        for row in &table.properties {
            let key = row.name.as_str();
            match &row.value {
                Value::StringLit(made) => self.pair(key, made),
                Value::Object(chunk) if chunk.get_string("file").is_some() => self.chunk(chunk),
                Value::Object(more) if depth == 0 && TABLES.contains(&key) => self.table(more, depth + 1),
                value if depth == 0 && key == "entrypoints" => self.entries(value, 0),
                _ => {}
            }
        }
    }

    /// `"app.js": "app-1a2b.js"`: both of one kind.
    fn pair(&mut self, key: &str, made: &StringLit<'_>) {
        let key = without_query(key.as_bytes());
        if path::extension(key) == path::extension(without_query(made.value.as_bytes())) {
            self.made(made);
        }
    }

    /// `{ "file": "assets/main-1a2b.js", "css": ["assets/main-3c4d.css"] }`.
    fn chunk(&mut self, chunk: &Object<'_>) {
        for key in ["file", "css", "assets"] {
            json::strings(json::property(chunk, key)).into_iter().for_each(|made| self.made(made));
        }
    }

    /// `["static/js/main.js"]`, `{ "app": { "js": ["/build/app.js"] } }`.
    fn entries(&mut self, value: &Value<'_>, depth: usize) {
        json::strings(Some(value)).into_iter().for_each(|made| self.made(made));
        if let Value::Object(table) = value
            && depth < MAX_DEPTH
        {
            table.properties.iter().for_each(|row| self.entries(&row.value, depth + 1));
        }
    }

    fn made(&mut self, made: &StringLit<'_>) {
        let text = without_query(made.value.as_bytes());
        if !LOADED.contains(&path::extension(text).as_slice()) {
            return;
        }
        let whole = json::span(made);
        let plain = whole.of(self.source) == made.value.as_bytes();
        let start = whole.start as usize;
        let span = if plain { Span::new(start, start + text.len()) } else { whole };
        let tail = if plain { span } else { Span::default() };
        let reference = Reference::literal(span, text.to_vec(), "made", Namespace::Output, Strength::Broken);
        self.references.push(Reference { tail, ..reference });
    }
}

fn without_query(text: &[u8]) -> &[u8] {
    &text[..memchr::memchr2(b'?', b'#', text).unwrap_or(text.len())]
}
