//! TOML as manifests have it: the texts at the end of some keys, and where they stand.

use std::ops::Range;

use toml_edit::{Item, TableLike, Value};

use super::super::Input;
use crate::diagnostic::Span;

/// Most values of one row.
const MAX_VALUES: usize = 1_000;

/// The texts at the end of some keys, those of a list one by one, with their places; `*` is any key. What is a list of
/// tables is looked through.
pub(in crate::language) fn values(table: &dyn TableLike, keys: &[&str]) -> Vec<(String, Range<usize>)> {
    let Some((first, rest)) = keys.split_first() else { return Vec::new() };
    let mut found = Vec::new();
    for (_, item) in table.iter().filter(|(key, _)| *first == "*" || key == first).take(MAX_VALUES) {
        match (rest.is_empty(), item) {
            (true, _) => found.extend(texts(item)),
            (false, Item::ArrayOfTables(tables)) => {
                tables.iter().take(MAX_VALUES).for_each(|table| found.extend(values(table, rest)));
            }
            (false, _) => found.extend(item.as_table_like().into_iter().flat_map(|table| values(table, rest))),
        }
    }
    found
}

fn texts(item: &Item) -> Vec<(String, Range<usize>)> {
    let one = |value: &Value| Some((value.as_str()?.to_owned(), value.span()?));
    match item.as_value() {
        Some(Value::Array(list)) => list.iter().filter_map(one).take(MAX_VALUES).collect(),
        Some(value) => one(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The place inside the quotes; nothing where the text is not written as it reads.
pub(in crate::language) fn inside(input: &Input<'_>, value: &str, place: Range<usize>) -> Option<Span> {
    let span = Span::new(place.start + 1, place.end.saturating_sub(1));
    (span.of(input.source.bytes()) == value.as_bytes()).then_some(span)
}
