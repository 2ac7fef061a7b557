//! Menus of Docusaurus in JSON: the documents that they name by id (docusaurus.io "Sidebar items", "Versioning").
//!
//! Read: texts in lists, `doc` and `ref`, what a category is linked to, its short form. What is written in JavaScript
//! is read there. Knowingly not read: items that are made out of folders, labels, translations.

use jsonc_parser::ast::{Object, StringLit, Value};

use super::syntax::json;
use super::{Input, Language, Namespace, Phase, Reference, Scan};
use crate::diagnostic::{Span, Strength};
use crate::path;

/// `sidebars.json` and `versioned_sidebars/version-1.0-sidebars.json`.
pub const LANGUAGE: Language = Language {
    name: "docusaurus",
    extensions: &[],
    names: &[],
    interpreters: &[],
    recognises: Some(|path, _| path::name(path).ends_with(b"sidebars.json")),
    phase: Phase::Stream,
    reads: "ids of documents in `sidebars.json`",
    leaves: "items that are made out of folders",
    scan,
};

/// A part of the menus that is still to be read.
enum Part<'v, 's> {
    /// A list of items, or categories by their labels.
    Items(&'v Value<'s>),
    /// An item.
    Item(&'v Value<'s>),
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = input.source.text();
    let Some(menus) = json::object(&text) else { return Scan::default() };
    let mut references = Vec::new();
    let mut waiting: Vec<Part<'_, '_>> = menus.properties.iter().map(|menu| Part::Items(&menu.value)).collect();
    while let Some(part) = waiting.pop() {
        match part {
            Part::Items(Value::Array(list)) => waiting.extend(list.elements.iter().map(Part::Item)),
            Part::Items(Value::Object(table)) => waiting.extend(categories(table)),
            Part::Item(Value::StringLit(id)) => references.push(document(input, id)),
            Part::Item(Value::Object(item)) => read(input, item, &mut waiting, &mut references),
            _ => {}
        }
    }
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

fn categories<'v, 's>(table: &'v Object<'s>) -> impl Iterator<Item = Part<'v, 's>> {
    table.properties.iter().map(|category| Part::Items(&category.value))
}

/// An object that says what kind of item it is, or has categories by their labels.
fn read<'v, 's, 'i>(
    input: Input<'i>,
    item: &'v Object<'s>,
    waiting: &mut Vec<Part<'v, 's>>,
    references: &mut Vec<Reference<'i>>,
) {
    let kind = json::property(item, "type").and_then(Value::as_string_lit).map(|kind| kind.value.as_ref());
    match kind {
        Some("doc" | "ref") => references.extend(item.get_string("id").map(|id| document(input, id))),
        Some("category") => {
            waiting.extend(json::property(item, "items").map(Part::Items));
            // What a category leads to is an item of its own.
            waiting.extend(json::property(item, "link").map(Part::Item));
        }
        Some(_) => {}
        None => waiting.extend(categories(item)),
    }
}

fn document<'i>(input: Input<'i>, id: &StringLit<'_>) -> Reference<'i> {
    let span = json::span(id);
    let text = id.value.as_bytes().to_vec();
    let tail = if span.of(input.source.bytes()) == text { span } else { Span::default() };
    Reference { tail, ..Reference::literal(span, text, "sidebar", Namespace::Sidebar, Strength::Fatal) }
}
