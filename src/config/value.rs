//! Typed access to TOML that can say, for everything that is wrong, in which line it stands.

use std::ops::Range;

use toml_edit::{Item, TableLike, TomlError, Value};

use super::Problem;
use crate::diagnostic::Date;
use crate::options::{Globs, Place};
use crate::triage::nearest;

/// A table and the text it came from.
#[derive(Clone, Copy)]
pub(super) struct Table<'t> {
    text: &'t str,
    table: &'t dyn TableLike,
    line: usize,
}

/// A key with its value.
#[derive(Clone, Copy)]
pub(super) struct Setting<'t> {
    text: &'t str,
    pub(super) key: &'t str,
    item: &'t Item,
    line: usize,
}

/// The problem of a text that is no TOML.
pub(super) fn syntax(text: &str, error: &TomlError) -> Problem {
    Problem { line: line(text, error.span()), message: error.message().lines().collect::<Vec<_>>().join("; ") }
}

fn line(text: &str, span: Option<Range<usize>>) -> usize {
    let before = span.and_then(|span| text.as_bytes().get(..span.start)).unwrap_or_default();
    memchr::memchr_iter(b'\n', before).count() + 1
}

impl<'t> Table<'t> {
    pub(super) fn new(text: &'t str, table: &'t dyn TableLike) -> Self {
        Table { text, table, line: 1 }
    }

    /// Its keys, in the order of the text.
    pub(super) fn settings(self) -> Vec<Setting<'t>> {
        let mut settings: Vec<Setting<'t>> = self.table.iter().map(|(key, item)| self.setting(key, item)).collect();
        settings.sort_by_key(|setting| setting.line);
        settings
    }

    fn setting(self, key: &'t str, item: &'t Item) -> Setting<'t> {
        let span = self.table.key(key).and_then(|key| key.span()).or_else(|| item.span());
        Setting { text: self.text, key, item, line: line(self.text, span) }
    }

    /// Refuses keys that are none of these.
    pub(super) fn only(self, known: &[&str]) -> Result<(), Problem> {
        match self.settings().iter().find(|setting| !known.contains(&setting.key)) {
            Some(setting) => Err(setting.unknown("key", known.iter().copied())),
            None => Ok(()),
        }
    }

    /// The line in which it begins, from 1.
    pub(super) fn line(self) -> usize {
        self.line
    }

    pub(super) fn optional(self, key: &'t str) -> Option<Setting<'t>> {
        self.table.get(key).map(|item| self.setting(key, item))
    }

    pub(super) fn required(self, key: &'t str) -> Result<Setting<'t>, Problem> {
        let item = self.table.get(key);
        let missing = || Problem { line: self.line, message: format!("`{key}` is missing here") };
        item.map(|item| self.setting(key, item)).ok_or_else(missing)
    }
}

impl<'t> Setting<'t> {
    /// The line in which its value ends, from 1.
    pub(super) fn end_line(&self) -> usize {
        let end = self.item.span().map_or(0, |span| span.end);
        let before = self.text.as_bytes().get(..end).unwrap_or_default();
        self.line.max(memchr::memchr_iter(b'\n', before).count() + 1)
    }

    pub(super) fn problem(&self, message: String) -> Problem {
        Problem { line: self.line, message }
    }

    /// The key itself is not known.
    pub(super) fn unknown<'n>(&self, what: &str, known: impl IntoIterator<Item = &'n str>) -> Problem {
        self.no_such(what, self.key, known)
    }

    /// A word in it is not known.
    pub(super) fn no_such<'n>(&self, what: &str, word: &str, known: impl IntoIterator<Item = &'n str>) -> Problem {
        let known: Vec<&str> = known.into_iter().collect();
        let hint = match nearest(word, known.iter().copied()) {
            Some(near) => format!("; the nearest is `{near}`"),
            None if known.len() <= 10 => format!("; there are {}", known.join(", ")),
            None => "; `preflight explain` lists them".to_owned(),
        };
        self.problem(format!("`{}` is no {what}{hint}", word.escape_debug()))
    }

    /// The value is of the wrong kind.
    pub(super) fn wrong(&self, wanted: &str) -> Problem {
        self.problem(format!("`{}` must be {wanted}", self.key))
    }

    pub(super) fn string(&self) -> Result<&'t str, Problem> {
        self.item.as_str().ok_or_else(|| self.wrong("a string"))
    }

    /// One string or a list of them.
    pub(super) fn strings(&self) -> Result<Vec<&'t str>, Problem> {
        let wrong = || self.wrong("a string or a list of strings");
        match self.item {
            Item::Value(Value::String(one)) => Ok(vec![one.value()]),
            Item::Value(Value::Array(all)) => all.iter().map(|one| one.as_str().ok_or_else(wrong)).collect(),
            _ => Err(wrong()),
        }
    }

    /// A day without a time.
    pub(super) fn date(&self) -> Result<Date, Problem> {
        let day = self.item.as_datetime().filter(|at| at.time.is_none()).and_then(|at| at.date);
        let date = day.and_then(|day| Date::new(day.year, day.month, day.day));
        date.ok_or_else(|| self.wrong("a day, such as 2024-05-01 without quotes"))
    }

    pub(super) fn number(&self) -> Result<u32, Problem> {
        let number = self.item.as_integer().and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| self.wrong("a number"))
    }

    pub(super) fn boolean(&self) -> Result<bool, Problem> {
        self.item.as_bool().ok_or_else(|| self.wrong("true or false"))
    }

    pub(super) fn globs(&self, place: &Place) -> Result<Globs, Problem> {
        Globs::at(&self.strings()?, place).map_err(|error| self.problem(error))
    }

    pub(super) fn table(&self) -> Result<Table<'t>, Problem> {
        let table = self.item.as_table_like();
        table.map(|table| self.inner(table, self.item.span())).ok_or_else(|| self.wrong("a table"))
    }

    /// `[[key]]` blocks, or a list of inline tables.
    pub(super) fn tables(&self) -> Result<Vec<Table<'t>>, Problem> {
        let wrong = || self.wrong(&format!("a list of tables: write `[[{}]]`", self.key));
        match self.item {
            Item::ArrayOfTables(all) => Ok(all.iter().map(|table| self.inner(table, table.span())).collect()),
            Item::Value(Value::Array(all)) => all
                .iter()
                .map(|one| one.as_inline_table().map(|table| self.inner(table, table.span())).ok_or_else(wrong))
                .collect(),
            _ => Err(wrong()),
        }
    }

    fn inner(&self, table: &'t dyn TableLike, span: Option<Range<usize>>) -> Table<'t> {
        Table { text: self.text, table, line: span.map_or(self.line, |span| line(self.text, Some(span))) }
    }
}
