//! Constants of the whole tree, and the scope in which expressions are evaluated.
//!
//! A constant is certain when every definition of it that folds into the tree gives the same place; guards
//! (`defined() ||`) do not lower that. A definition that folds to an absolute path outside the tree becomes a
//! mount where another definition of the same constant folds into the tree, and is otherwise ignored: Debian's
//! WordPress defines `ABSPATH` both ways. Different places in the tree are all tried.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{Stated, modules};
use crate::diagnostic::Certainty;
use crate::expr::{Anchor, MAX_VALUES, PathExpr, Scope, Value, evaluate};
use crate::framework;
use crate::index::{EntryId, Index};
use crate::language::Fact;
use crate::path;

type Key = (&'static str, Vec<u8>);

/// All constants, evaluated.
#[derive(Debug, Default)]
pub struct Constants {
    /// Values over the whole tree.
    merged: FxHashMap<Key, Vec<Value>>,
    /// Values as one file defines them, where that is one value.
    local: FxHashMap<(EntryId, Vec<u8>), Value>,
    /// Absolute server paths that a constant equates with a place in the tree.
    pub equated: Vec<(Vec<u8>, Vec<u8>)>,
}

struct Definition<'f> {
    file: EntryId,
    value: &'f PathExpr<'static>,
}

impl Constants {
    pub(super) fn new(index: &Index, stated: &[Stated]) -> Self {
        let mut definitions: FxHashMap<Key, Vec<Definition<'_>>> = FxHashMap::default();
        for one in stated {
            for fact in &one.facts {
                if let Fact::Constant { name, value } = fact {
                    let key = (one.language, name.clone());
                    definitions.entry(key).or_default().push(Definition { file: one.file, value });
                }
            }
        }
        let mut names: Vec<&Key> = definitions.keys().collect();
        names.sort();
        let folding = Folding { index, definitions: &definitions, done: Default::default() };
        for key in &names {
            folding.fold(key);
        }
        let done = folding.done.into_inner();
        let mut constants = Constants::default();
        for key in names {
            if let Some(Some(folded)) = done.get(key) {
                constants.keep(key, folded);
            }
        }
        constants
    }

    fn keep(&mut self, key: &Key, folded: &Folded) {
        self.merged.insert(key.clone(), folded.merged.clone());
        for (file, value) in &folded.local {
            self.local.insert((*file, key.1.clone()), value.clone());
        }
        let places: Vec<&Value> = folded.merged.iter().filter(|value| value.anchor == Anchor::Tree).collect();
        if let [place] = places.as_slice() {
            let place = place.exact().unwrap_or_default();
            let place = path::normalize(place).unwrap_or_default().into_owned();
            self.equated.extend(folded.elsewhere.iter().map(|server| (server.clone(), place.clone())));
        }
    }
}

/// The values of one constant.
#[derive(Debug, Default, Clone)]
struct Folded {
    merged: Vec<Value>,
    local: Vec<(EntryId, Value)>,
    elsewhere: Vec<Vec<u8>>,
}

/// Evaluates every constant once; one that depends on itself is unknown.
struct Folding<'a> {
    index: &'a Index,
    definitions: &'a FxHashMap<Key, Vec<Definition<'a>>>,
    done: std::cell::RefCell<FxHashMap<Key, Option<Folded>>>,
}

impl Folding<'_> {
    fn fold(&self, key: &Key) -> Vec<Value> {
        if let Some(known) = self.done.borrow().get(key) {
            return known.as_ref().map_or_else(Vec::new, |folded| folded.merged.clone());
        }
        let Some(definitions) = self.definitions.get(key) else { return Vec::new() };
        self.done.borrow_mut().insert(key.clone(), None);
        let folded = merge(definitions.iter().map(|one| (one.file, self.values(key.0, one))));
        let values = folded.merged.clone();
        self.done.borrow_mut().insert(key.clone(), Some(folded));
        values
    }

    fn values(&self, language: &'static str, one: &Definition<'_>) -> Vec<Value> {
        let scope = FoldingScope { folding: self, language, file: self.index.path(one.file) };
        evaluate(one.value, &scope, 0)
    }
}

struct FoldingScope<'a> {
    folding: &'a Folding<'a>,
    language: &'static str,
    file: &'a [u8],
}

impl Scope for FoldingScope<'_> {
    fn file(&self) -> &[u8] {
        self.file
    }

    fn constant(&self, name: &[u8], _: usize) -> Vec<Value> {
        let name = known_as(self.folding.index, self.language, self.file, name);
        let name = name.as_ref();
        let values = self.folding.fold(&(self.language, name.to_vec()));
        if values.is_empty() { framework::value(self.folding.index, self.language, self.file, name) } else { values }
    }
}

/// The name of a constant over the whole tree. PHP has one name space; Python's constants belong to a module,
/// which is called by the file that defines it.
fn known_as<'n>(index: &Index, language: &str, file: &[u8], name: &'n [u8]) -> Cow<'n, [u8]> {
    if language != "python" {
        return Cow::Borrowed(name);
    }
    modules::constant_key(index, file, name).map_or(Cow::Borrowed(name), Cow::Owned)
}

/// Puts the definitions of one constant together.
fn merge(definitions: impl Iterator<Item = (EntryId, Vec<Value>)>) -> Folded {
    let mut folded = Folded::default();
    let mut distinct: Vec<Value> = Vec::new();
    for (file, values) in definitions {
        let known: Vec<Value> = values.into_iter().filter(|value| value.exact().is_some()).collect();
        if let [value] = known.as_slice() {
            folded.local.push((file, value.clone()));
        }
        for value in known {
            let value = Value { choice: 0, ..value };
            if !distinct.iter().any(|have| same_place(have, &value)) {
                distinct.push(value);
            }
        }
    }
    let in_tree = distinct.iter().any(|value| value.anchor == Anchor::Tree);
    let outside =
        |value: &Value| value.anchor == Anchor::Text && value.exact().is_some_and(|text| text.starts_with(b"/"));
    if in_tree {
        for value in distinct.extract_if(.., |value| outside(value)) {
            folded.elsewhere.extend(value.exact().map(<[u8]>::to_vec));
        }
    }
    let certainty = if distinct.len() > 1 { Certainty::Likely } else { Certainty::Certain };
    distinct.truncate(MAX_VALUES);
    folded.merged =
        distinct.into_iter().map(|value| Value { certainty: value.certainty.min(certainty), ..value }).collect();
    folded
}

/// `/a` and `/a/` are the same place; which of the two is used matters for what is put after it, so both stay.
fn same_place(a: &Value, b: &Value) -> bool {
    a.anchor == b.anchor && a.parts == b.parts
}

/// The scope of one file once the facts are frozen.
#[derive(Debug)]
pub struct FileScope<'p> {
    constants: &'p Constants,
    index: &'p Index,
    language: &'static str,
    file: EntryId,
}

impl<'p> FileScope<'p> {
    pub(super) fn new(constants: &'p Constants, index: &'p Index, language: &'static str, file: EntryId) -> Self {
        FileScope { constants, index, language, file }
    }

    /// Where an expression that must be one place in the tree leads: relative text starts at the file's directory.
    #[must_use]
    pub fn tree_path(&self, expr: &PathExpr<'_>) -> Option<Vec<u8>> {
        let values = evaluate(expr, self, 0);
        let [value] = values.as_slice() else { return None };
        let text = value.exact()?;
        match value.anchor {
            Anchor::Tree if text.is_empty() || text.starts_with(b"/") => Some(path::normalize(text)?.into_owned()),
            Anchor::Tree => None,
            Anchor::Text if text.starts_with(b"/") => None,
            Anchor::Text => Some(path::normalize(&path::join(path::parent(self.file()), text))?.into_owned()),
        }
    }

    /// What stands behind an unknown front, from its first slash, if that tells a file from others: at least a
    /// directory and a name.
    pub(super) fn tail(&self, expr: &PathExpr<'_>) -> Option<Vec<u8>> {
        let values = evaluate(expr, self, 0);
        let [value] = values.as_slice() else { return None };
        let tail = value.tail()?;
        let tail = &tail[memchr::memchr(b'/', tail)?..];
        if path::segments(tail).count() < 2 {
            return None;
        }
        Some([b"/", path::normalize(tail)?.as_ref()].concat())
    }
}

impl Scope for FileScope<'_> {
    fn file(&self) -> &[u8] {
        self.index.path(self.file)
    }

    fn constant(&self, name: &[u8], _: usize) -> Vec<Value> {
        if let Some(value) = self.constants.local.get(&(self.file, name.to_vec())) {
            return vec![value.clone()];
        }
        let name = known_as(self.index, self.language, self.file(), name);
        let name = name.as_ref();
        match self.constants.merged.get(&(self.language, name.to_vec())) {
            Some(values) if !values.is_empty() => values.clone(),
            _ => framework::value(self.index, self.language, self.file(), name),
        }
    }
}
