//! JSON with comments, as manifests and configurations have it: its strings, and where they stand.

use jsonc_parser::ast::{Object, StringLit, Value};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::diagnostic::Span;

/// The object that a text is; `None` where it is something else, or nothing.
pub(in crate::language) fn object(text: &str) -> Option<Object<'_>> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()).ok()?;
    match parsed.value {
        Some(Value::Object(root)) => Some(root),
        _ => None,
    }
}

/// The value of a key.
pub(in crate::language) fn property<'v, 's>(object: &'v Object<'s>, key: &str) -> Option<&'v Value<'s>> {
    object.get(key).map(|property| &property.value)
}

/// The strings of a value that is one string or a list of them.
pub(in crate::language) fn strings<'v, 's>(value: Option<&'v Value<'s>>) -> Vec<&'v StringLit<'s>> {
    match value {
        Some(Value::StringLit(one)) => vec![one],
        Some(Value::Array(list)) => list.elements.iter().filter_map(Value::as_string_lit).collect(),
        _ => Vec::new(),
    }
}

/// The inside of the quotes, in bytes.
pub(in crate::language) fn span(text: &StringLit<'_>) -> Span {
    Span::new(text.range.start + 1, text.range.end.saturating_sub(1).max(text.range.start + 1))
}
