//! Layouts and forms of Magento 2, and which module lies where (developer.adobe.com, "Layout instructions", "UI
//! components", "Component registration").
//!
//! Read: templates of blocks, as an attribute and as an argument; style sheets, scripts and links of a head; scripts
//! and templates of forms; all by the name of their module (`Shop_Cart::row.phtml`, `Shop_Cart/js/row`). The name of a
//! module is told by its `etc/module.xml`.
//!
//! Knowingly not read: names without a module, what a layout removes, configurations of RequireJS.

use super::syntax::xml::{self, Item};
use super::{Fact, Input, Language, Magento, Namespace, Phase, Reference, Scan};
use crate::diagnostic::Strength;
use crate::path;

/// Layouts, forms, `etc/module.xml`.
pub const LANGUAGE: Language = Language {
    name: "magento",
    extensions: &[],
    names: &[],
    interpreters: &[],
    recognises: Some(|path, _| is_module(path) || is_layout(path)),
    phase: Phase::StreamBut(&["module.xml"]),
    reads: "templates, style sheets and scripts of layouts and forms, by the names of modules",
    leaves: "names without a module, what a layout removes, configurations of RequireJS",
    scan,
};

/// Folders of layouts and forms, in a part of a module or of a theme.
const FOLDERS: [&[u8]; 3] = [b"layout", b"page_layout", b"ui_component"];

/// What stands in a layout or a form that names a file.
const WORDS: [&[u8]; 3] = [b"::", b"component", b"template"];

fn is_module(file: &[u8]) -> bool {
    path::ends_in(file, b"etc/module.xml")
}

/// `view/frontend/layout/x.xml` of a module, `Shop_Cart/layout/x.xml` of a theme.
fn is_layout(file: &[u8]) -> bool {
    let folder = path::parent(file);
    let above = path::name(path::parent(folder));
    let part = matches!(above, b"adminhtml" | b"base" | b"frontend") || is_name(above);
    file.ends_with(b".xml") && FOLDERS.contains(&path::name(folder)) && part
}

/// `Shop_Cart`.
fn is_name(text: &[u8]) -> bool {
    let mut words = text.split(|&byte| byte == b'_');
    let is_word =
        |word: &[u8]| word.first().is_some_and(u8::is_ascii_uppercase) && word.iter().all(u8::is_ascii_alphanumeric);
    words.by_ref().take(2).filter(|word| is_word(word)).count() == 2 && words.next().is_none()
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let source = input.source.bytes();
    let named = || WORDS.iter().any(|word| memchr::memmem::find(source, word).is_some());
    if !is_module(input.path) && !named() {
        return Scan::default();
    }
    let text = input.source.text();
    let mut scan = Scan::default();
    xml::items(&text, &mut |item| {
        if is_module(input.path) {
            let named = item.path == "/config/module" && item.attribute == "name";
            scan.facts.extend(named.then(|| Fact::MagentoModule(item.text.as_bytes().to_vec())));
        } else if item.span.of(source) == item.text.as_bytes() {
            scan.references.extend(reference(source, &item));
        }
    });
    scan
}

fn reference(source: &[u8], item: &Item<'_>) -> Option<Reference<'static>> {
    let element = item.path.rsplit('/').next().unwrap_or_default();
    let of_module = item.text.contains("::");
    let of_form = item.text.split_once('/').filter(|(module, _)| is_name(module.as_bytes()));
    let (construct, kind) = match (item.attribute, element) {
        ("template", _) | ("", "argument") if of_module && item.text.ends_with(".phtml") => {
            ("template", Magento::Template)
        }
        ("src", "css" | "script" | "link") if of_module => ("src", Magento::Asset),
        ("component", _) | ("", "item") if of_form.is_some_and(|(_, rest)| rest.starts_with("js/")) => {
            ("component", Magento::Script)
        }
        ("", "item") if of_form.is_some() => ("template", Magento::Markup),
        _ => return None,
    };
    // No white space is taken off the value of an attribute.
    let span = if item.attribute.is_empty() { item.span } else { item.whole };
    let text = span.of(source).to_vec();
    Some(Reference::literal(span, text, construct, Namespace::Magento(kind), Strength::Broken))
}
