//! Babel's configuration in JSON (babeljs.io "Config Files"): the names of modules that `module-resolver` maps (its
//! "DOCS", `root` and `alias`).
//!
//! Read: its options, also in `env`. Knowingly not read: patterns, presets and other plugins, which are packages.

use jsonc_parser::ast::{Array, Object, Value};

use super::syntax::json;
use super::{Fact, Input, Language, Phase, Scan};
use crate::expr::PathExpr;

/// `.babelrc` and `babel.config.json`; what is written in JavaScript is read there.
pub const LANGUAGE: Language = Language {
    name: "babel",
    extensions: &[],
    names: &[".babelrc", ".babelrc.json", "babel.config.json"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "names of modules that `module-resolver` maps",
    leaves: "patterns, presets and other plugins",
    scan,
};

/// Names of the plugin.
const RESOLVER: [&str; 3] = ["babel-plugin-module-resolver", "module-resolver", "module:babel-plugin-module-resolver"];

fn scan(input: Input<'_>) -> Scan<'_> {
    let text = input.source.text();
    Scan { facts: json::object(&text).as_ref().map(told).unwrap_or_default(), ..Scan::default() }
}

/// What a configuration says of the names of modules.
pub(super) fn told(root: &Object<'_>) -> Vec<Fact> {
    let environments = root.get_object("env").map(|table| table.properties.as_slice()).unwrap_or_default();
    let of_environments = environments.iter().filter_map(|row| row.value.as_object());
    let plugins = std::iter::once(root).chain(of_environments).filter_map(|table| table.get_array("plugins"));
    plugins.flat_map(|list| list.elements.iter().filter_map(Value::as_array)).flat_map(resolver).collect()
}

/// `["module-resolver", { "root": ["./src"], "alias": { "~c": "./src/components" } }]`.
fn resolver(plugin: &Array<'_>) -> Vec<Fact> {
    let [name, Value::Object(options), ..] = plugin.elements.as_slice() else { return Vec::new() };
    if !name.as_string_lit().is_some_and(|name| RESOLVER.contains(&name.value.as_ref())) {
        return Vec::new();
    }
    let path = |text: &str| PathExpr::literal(text.as_bytes().to_vec());
    let plain = |text: &str| !text.contains(['*', '^', '\\']);
    let roots = json::strings(json::property(options, "root")).into_iter();
    let roots = roots.filter(|text| plain(&text.value)).map(|text| Fact::ModuleRoot(path(&text.value)));
    let rows = options.get_object("alias").map(|table| table.properties.as_slice()).unwrap_or_default();
    let aliases = rows.iter().filter(|row| plain(row.name.as_str())).filter_map(|row| {
        let target = path(&row.value.as_string_lit()?.value);
        Some(Fact::Alias { name: row.name.as_str().as_bytes().to_vec(), exact: false, target })
    });
    roots.chain(aliases).collect()
}
