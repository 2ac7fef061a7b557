//! Blocks and block themes of WordPress (developer.wordpress.org "Metadata in block.json", "Global Settings & Styles").
//!
//! Read are texts with `file:` in front: scripts, styles and the template of a block beside its `block.json`, fonts
//! and pictures of a theme from the folder of its `theme.json`, also where a variation in `styles` names them. A build
//! may make scripts and styles: of them only names near an existing file are told.
//!
//! Knowingly not read: handles, which are registered elsewhere; names of templates and parts, which only describe what
//! is there.

use jsonc_parser::ast::{Object, StringLit, Value};

use super::syntax::json::{self, strings};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::{Here, PathExpr};
use crate::path;

/// `block.json`, `theme.json`, and `styles/*.json` of a theme.
pub const LANGUAGE: Language = Language {
    name: "wordpress",
    extensions: &[],
    names: &["block.json", "theme.json"],
    interpreters: &[],
    recognises: Some(|file, _| path::extension(file) == b"json" && below_styles(file).is_some()),
    phase: Phase::Stream,
    reads: "`file:` of blocks, of themes and of their variations",
    leaves: "handles, names of templates and parts",
    scan,
};

/// What marks a path; all else is a handle.
const MARK: &str = "file:";
/// The folder of a theme's variations.
const STYLES: &[u8] = b"styles";
/// Keys of a block that name scripts and styles.
const LOADED: [&str; 7] =
    ["editorScript", "editorStyle", "script", "style", "viewScript", "viewScriptModule", "viewStyle"];
/// Keys of a block that name PHP.
const RUN: [(&str, Strength); 2] = [("render", Strength::Broken), ("variations", Strength::Silent)];
/// Deepest table that is read.
const MAX_DEPTH: usize = 16;

const FILE: Namespace = Namespace::Path(&[Base::Manifest], Want::File);

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = input.source.text();
    let Some(root) = json::object(&text) else { return Scan::default() };
    let mut references = Vec::new();
    if path::name(input.path) == b"block.json" {
        block(&root, &mut references);
    } else {
        let depth = if path::name(input.path) == b"theme.json" { 0 } else { below_styles(input.path).unwrap_or(0) };
        root.properties.iter().for_each(|row| theme(&row.value, depth, 0, &mut references));
    }
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// How many folders a file lies below the one that holds `styles`.
fn below_styles(file: &[u8]) -> Option<u32> {
    let folders: Vec<&[u8]> = path::segments(path::parent(file)).collect();
    let at = folders.iter().rposition(|folder| *folder == STYLES)?;
    u32::try_from(folders.len() - at).ok()
}

fn block(root: &Object<'_>, out: &mut Vec<Reference<'_>>) {
    for key in LOADED {
        for (span, name) in strings(json::property(root, key)).into_iter().filter_map(marked) {
            // A build may make it, and a style that is not there is left out without a word.
            let built = Reference::literal(span, name, "block.json", FILE, Strength::Broken);
            out.push(Reference { guarded: true, ..built });
        }
    }
    for (key, strength) in RUN {
        for (span, name) in strings(json::property(root, key)).into_iter().filter_map(marked) {
            out.push(Reference::literal(span, name, "block.json", FILE, strength));
        }
    }
}

/// Every path in a theme's settings, at any depth; of several sources of a font one will do.
fn theme(value: &Value<'_>, depth: u32, nested: usize, out: &mut Vec<Reference<'_>>) {
    match value {
        Value::StringLit(text) => out.extend(marked(text).map(|(span, name)| of_theme(span, name, depth))),
        Value::Array(list) if nested < MAX_DEPTH => {
            let from = out.len();
            list.elements.iter().for_each(|one| theme(one, depth, nested + 1, out));
            if list.elements.len() > 1 && list.elements.iter().all(|one| one.as_string_lit().is_some()) {
                out.iter_mut().skip(from).for_each(|source| source.ceiling = Severity::Warning);
            }
        }
        Value::Object(table) if nested < MAX_DEPTH => {
            table.properties.iter().for_each(|row| theme(&row.value, depth, nested + 1, out));
        }
        _ => {}
    }
}

fn of_theme(span: Span, name: Vec<u8>, depth: u32) -> Reference<'static> {
    let expr = PathExpr::Here(Here::Dir).parent(depth).then(PathExpr::literal([b"/", name.as_slice()].concat()));
    Reference { expr, ..Reference::literal(span, &b""[..], "theme.json", FILE, Strength::Broken) }
}

/// The path behind `file:` and `./`, and where it stands.
fn marked(text: &StringLit<'_>) -> Option<(Span, Vec<u8>)> {
    let written = text.value.strip_prefix(MARK)?;
    let name = written.strip_prefix("./").unwrap_or(written);
    let whole = json::span(text);
    let cut = u32::try_from(text.value.len() - name.len()).ok()?;
    let plain = usize::try_from(whole.end - whole.start).ok()? == text.value.len();
    (plain && !name.is_empty() && !name.contains(['*', '\n']))
        .then(|| (Span { start: whole.start + cut, ..whole }, name.trim_start_matches('/').as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn hostile_files_are_read_as_nothing() {
        let deep = [r#"{"a": "#.repeat(200), "1".to_owned(), "}".repeat(200)].concat();
        for text in ["", "[]", r#"{"style": {"a": "file:./x"}, "render": "file:"}"#, deep.as_str()] {
            let source = Source::new(text.as_bytes());
            assert!(
                scan(Input { path: b"block.json", source: &source, project: None }).references.is_empty(),
                "{text}"
            );
        }
    }
}
