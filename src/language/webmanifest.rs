//! Manifests of web applications and of extensions (w3.org/TR/appmanifest; developer.mozilla.org "manifest.json").
//!
//! A `manifest.json` that is neither may be the list of a build ([`output`]).
//!
//! Read: icons, screenshots and icons of shortcuts, which start from the manifest's URL; scripts, style sheets, pages
//! and icons of an extension, found as modules are, for a build may make them. Knowingly not read: where the
//! application starts, translations, patterns.

use jsonc_parser::ast::{Object, StringLit, Value};

use super::syntax::json;
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, UrlKind, Want, output};
use crate::diagnostic::{Severity, Strength};
use crate::expr::{Here, PathExpr};

/// `manifest.webmanifest`, `site.webmanifest`, `manifest.json`.
pub const LANGUAGE: Language = Language {
    name: "webmanifest",
    extensions: &["webmanifest"],
    names: &["manifest.json"],
    interpreters: &[],
    recognises: None,
    phase: Phase::StreamBut(&["manifest.json"]),
    reads: "icons and screenshots of applications, scripts, pages and icons of extensions",
    leaves: "where an application starts, translations, patterns",
    scan,
};

/// Keys of an extension whose texts, at any depth, name a script, a style sheet, a page or an icon.
const PARTS: [&str; 11] = [
    "action",
    "background",
    "browser_action",
    "chrome_url_overrides",
    "content_scripts",
    "devtools_page",
    "icons",
    "options_page",
    "options_ui",
    "page_action",
    "side_panel",
];
/// Keys below them whose texts are none.
const OTHER: [&str; 11] = [
    "all_frames",
    "browser_style",
    "chrome_style",
    "default_title",
    "exclude_matches",
    "matches",
    "open_in_tab",
    "persistent",
    "run_at",
    "type",
    "world",
];
/// Deepest table that is read.
const MAX_DEPTH: usize = 8;

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = input.source.text();
    let Some(root) = json::object(&text) else { return Scan::default() };
    let mut references = Vec::new();
    if root.get("manifest_version").is_some() {
        for value in PARTS.iter().filter_map(|key| json::property(&root, key)) {
            parts(value, 0, &mut references);
        }
    } else if is_of_application(input.path, &root) {
        pictures(&root, &mut references);
        let shortcuts = root.get_array("shortcuts").map(|list| list.elements.as_slice()).unwrap_or_default();
        shortcuts.iter().filter_map(Value::as_object).for_each(|one| pictures(one, &mut references));
    } else {
        return output::listed(&root, input.source.bytes());
    }
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// Other programs have a `manifest.json`, too.
fn is_of_application(file: &[u8], root: &Object<'_>) -> bool {
    const TELLING: [&str; 4] = ["display", "short_name", "start_url", "theme_color"];
    file.ends_with(b".webmanifest") || TELLING.iter().any(|key| root.get(key).is_some())
}

/// `icons` and `screenshots` of an application: without them it still starts.
fn pictures(of: &Object<'_>, out: &mut Vec<Reference<'_>>) {
    for key in ["icons", "screenshots"] {
        for one in of.get_array(key).map(|list| list.elements.as_slice()).unwrap_or_default() {
            let Some(text) = one.as_object().and_then(|one| one.get_string("src")) else { continue };
            let namespace = Namespace::Url(UrlKind::Style);
            let bytes = text.value.as_bytes().to_vec();
            let reference = Reference::literal(json::span(text), bytes, "icon src", namespace, Strength::Broken);
            out.push(Reference { ceiling: Severity::Warning, ..reference });
        }
    }
}

fn parts(value: &Value<'_>, depth: usize, out: &mut Vec<Reference<'_>>) {
    match value {
        Value::StringLit(text) => out.extend(part(text)),
        Value::Array(list) if depth < MAX_DEPTH => list.elements.iter().for_each(|one| parts(one, depth + 1, out)),
        Value::Object(table) if depth < MAX_DEPTH => {
            for row in table.properties.iter().filter(|row| !OTHER.contains(&row.name.as_str())) {
                parts(&row.value, depth + 1, out);
            }
        }
        _ => {}
    }
}

/// A file from the manifest; a leading `/` is the extension's own root.
fn part(text: &StringLit<'_>) -> Option<Reference<'static>> {
    let span = json::span(text);
    let written = text.value.as_ref();
    let written = written.split(['?', '#']).next().unwrap_or(written).trim_start_matches('/');
    let named = written.rsplit('/').next().is_some_and(|name| name.contains('.'));
    // `__MSG_x__` is a translation.
    let plain = named && !written.contains(['*', '<', ':']) && !written.starts_with("__");
    let bytes = written.as_bytes().to_vec();
    let script = written.ends_with(".js") || written.ends_with(".css");
    let namespace = if script { Namespace::Node } else { Namespace::Path(&[Base::Manifest], Want::File) };
    let expr = match script {
        true => PathExpr::Concat(vec![PathExpr::Here(Here::Dir), PathExpr::literal([b"/", bytes.as_slice()].concat())]),
        false => PathExpr::literal(bytes),
    };
    let reference = Reference::literal(span, Vec::new(), "part", namespace, Strength::Silent);
    plain.then_some(Reference { expr, ..reference })
}
