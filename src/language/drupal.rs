//! Libraries and heads of Drupal's modules and themes (drupal.org "Adding assets to a Drupal module", "Defining a
//! theme with an .info.yml file").
//!
//! Read are style sheets and scripts of libraries, what a theme puts in the place of others' files, its style sheets
//! for the editor, its screenshot and its logo; all from the folder of the file.
//!
//! Knowingly not read: names from the root of the site, other hosts, names of libraries, files that a theme removes,
//! which are others'.

use super::syntax::yaml::{Node, documents};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::Strength;

/// `*.libraries.yml`, `*.info.yml`.
pub const LANGUAGE: Language = Language {
    name: "drupal",
    extensions: &[],
    names: &[],
    interpreters: &[],
    recognises: Some(|path, _| is_libraries(path) || path.ends_with(b".info.yml")),
    phase: Phase::Stream,
    reads: "style sheets and scripts of libraries, files of themes that are put for others",
    leaves: "names from the root of the site, other hosts, names of libraries",
    scan,
};

const FILE: Namespace = Namespace::Path(&[Base::FileDirectory], Want::File);

/// Keys of a theme whose members name style sheets of the editor.
const EDITOR: [&str; 2] = ["ckeditor5-stylesheets", "ckeditor_stylesheets"];
/// Most nesting of what is put for another's files: library, kind, group, file.
const MAX_DEPTH: usize = 4;

fn is_libraries(path: &[u8]) -> bool {
    path.ends_with(b".libraries.yml")
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut references = Vec::new();
    for document in documents(input.source) {
        if is_libraries(input.path) {
            document.entries().iter().for_each(|(_, library)| of_library(library, &mut references));
        } else {
            of_head(&document, &mut references);
        }
    }
    references.sort_by_key(|reference: &Reference<'_>| reference.span);
    references.dedup_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

fn of_library(library: &Node, out: &mut Vec<Reference<'_>>) {
    let groups = library.get("css").map(Node::entries).unwrap_or_default();
    let sheets = groups.iter().flat_map(|(_, group)| group.entries());
    sheets.for_each(|file| out.extend(asset(file, "css")));
    library.get("js").map(Node::entries).unwrap_or_default().iter().for_each(|file| out.extend(asset(file, "js")));
}

/// A file with what is said of it.
fn asset((name, options): &(Node, Node), construct: &'static str) -> Option<Reference<'static>> {
    let external = options.get("type").is_some_and(|kind| kind.is("external"));
    if external { None } else { refer(name, construct) }
}

fn of_head(document: &Node, out: &mut Vec<Reference<'_>>) {
    if let Some(overrides) = document.get("libraries-override") {
        replaced(overrides, 0, out);
    }
    for sheet in EDITOR.iter().filter_map(|key| document.get(key)).flat_map(Node::each) {
        out.extend(refer(sheet, "stylesheet"));
    }
    let pictures = ["logo", "screenshot"].map(|key| document.get(key));
    for picture in pictures.into_iter().flatten().map(|value| value.get("path").unwrap_or(value)) {
        out.extend(refer(picture, "info").map(|reference| Reference { strength: Strength::Silent, ..reference }));
    }
}

/// The theme's own files at the leaves; a library that stands for a whole one is a name.
fn replaced(value: &Node, depth: usize, out: &mut Vec<Reference<'_>>) {
    for (_, inner) in value.entries() {
        if depth + 1 < MAX_DEPTH {
            replaced(inner, depth + 1, out);
        }
        if depth > 1 {
            out.extend(refer(inner, "libraries-override"));
        }
    }
}

fn refer(value: &Node, construct: &'static str) -> Option<Reference<'static>> {
    let (text, span) = value.string()?;
    let foreign = text.starts_with(b"/") || text.iter().any(|byte| b":?*{\n".contains(byte)) || text.is_empty();
    (!foreign).then(|| Reference::literal(span, text.to_vec(), construct, FILE, Strength::Broken))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn hostile_files_are_read_as_nothing() {
        for text in ["", "a", "a: {css: [x.css], js: b}", "a: {js: {//x/y.js: {}, /z.js: {}, u.js: {type: external}}}"]
        {
            let source = Source::new(text.as_bytes().to_vec());
            let references = scan(Input { path: b"a.libraries.yml", source: &source, project: None }).references;
            assert!(references.is_empty(), "{text}");
        }
    }
}
