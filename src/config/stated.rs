//! What a configuration says, as text: so that two of them can be compared key by key, whatever their keys mean.

use toml_edit::{Array, Item, TableLike, Value};

use crate::options::Stated;

/// Every value of a document by its dotted key. Of a list each item stands alone; of a `[[table]]` each table does,
/// without its `reason`, which says nothing of what holds.
pub(super) fn stated(table: &dyn TableLike) -> Stated {
    let mut all = Stated::default();
    state(&mut all, "", table);
    all
}

/// TOML's parser bounds how deep tables nest.
fn state(all: &mut Stated, above: &str, table: &dyn TableLike) {
    for (key, item) in table.iter() {
        let key = if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") };
        if let Some(below) = item.as_table_like() {
            state(all, &key, below);
            continue;
        }
        let said = match item {
            Item::ArrayOfTables(tables) => tables.iter().map(|table| line(table)).collect(),
            Item::Value(Value::Array(list)) => items(list),
            other => std::iter::once(plain(other)).collect(),
        };
        all.entry(key).or_default().extend(said);
    }
}

fn items(list: &Array) -> Vec<String> {
    list.iter().map(|value| value.as_inline_table().map_or_else(|| scalar(value), |table| line(table))).collect()
}

/// One table of a list, its keys sorted.
fn line(table: &dyn TableLike) -> String {
    let mut parts: Vec<String> = table
        .iter()
        .filter(|(key, _)| *key != "reason")
        .map(|(key, item)| match item.as_array() {
            Some(list) => format!("{key} = {}", items(list).join(" ")),
            None => format!("{key} = {}", plain(item)),
        })
        .collect();
    parts.sort();
    parts.join(", ")
}

fn plain(item: &Item) -> String {
    item.as_value().map(scalar).unwrap_or_default()
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.value().clone(),
        Value::Integer(number) => number.value().to_string(),
        Value::Float(number) => number.value().to_string(),
        Value::Boolean(truth) => truth.value().to_string(),
        Value::Datetime(at) => at.value().to_string(),
        Value::Array(list) => items(list).join(" "),
        Value::InlineTable(table) => line(table),
    }
}
