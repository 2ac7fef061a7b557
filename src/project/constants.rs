//! Constants of the whole tree, and the scope in which expressions are evaluated.
//!
//! A constant is certain when every definition of it that folds into the tree gives the same place; guards
//! (`defined() ||`) do not lower that. A definition that folds to an absolute path outside the tree becomes a
//! mount where another definition of the same constant folds into the tree, and is otherwise ignored: Debian's
//! WordPress defines `ABSPATH` both ways. Different places in the tree are all tried.
//!
//! Several applications in one tree call different places by one name. Where none of the definitions that share the
//! deepest directory with the reader folds, what is defined farther away is another application's, and open. Where
//! one does, the others still count: a library has a default for what its application defines above it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Stated, modules};
use crate::diagnostic::Certainty;
use crate::expr::{Anchor, MAX_VALUES, PathExpr, Scope, Value, evaluate};
use crate::framework::{self, Themes};
use crate::index::{EntryId, Index};
use crate::path;
use crate::reference::Fact;

type Key = (&'static str, Vec<u8>);

/// Most different values of one constant that are compared.
const MAX_DISTINCT: usize = 4 * MAX_VALUES;

/// All constants, evaluated.
#[derive(Debug, Default)]
pub struct Constants {
    known: FxHashMap<Key, Folded>,
    themes: Themes,
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
        let themes = themes(index, stated);
        let folding = Folding { index, themes: &themes, definitions: &definitions, done: RefCell::default() };
        for key in &names {
            folding.fold(key);
        }
        let mut done = folding.done.into_inner();
        let mut constants = Constants::default();
        for key in names {
            if let Some(folded) = done.remove(key).flatten().and_then(Rc::into_inner) {
                constants.keep(key, folded);
            }
        }
        Constants { themes, ..constants }
    }

    fn keep(&mut self, key: &Key, folded: Folded) {
        let places: Vec<&Value> = folded.merged.iter().filter(|value| value.anchor == Anchor::Tree).collect();
        if let [place] = places.as_slice() {
            let place = place.exact().unwrap_or_default();
            let place = path::normalize(place).unwrap_or_default().into_owned();
            self.equated.extend(folded.elsewhere.iter().map(|server| (server.clone(), place.clone())));
        }
        self.known.insert(key.clone(), folded);
    }
}

/// The values of one constant.
#[derive(Debug, Default)]
struct Folded {
    /// As one file defines it, where that is one value.
    local: FxHashMap<EntryId, Value>,
    /// As all files together define it.
    merged: Vec<Value>,
    /// For every directory with a definition below it: whether one of them folds.
    folds: FxHashMap<EntryId, bool>,
    /// Places outside the tree, where there is one in it.
    elsewhere: Vec<Vec<u8>>,
}

/// What a constant is to one file.
#[derive(Debug, Default)]
struct Seen {
    values: Vec<Value>,
    /// Those that stand nearest are unknown.
    far: bool,
}

impl Folded {
    /// What it is to a file that reads it.
    fn read_in(&self, index: &Index, file: EntryId) -> Seen {
        match self.local.get(&file) {
            Some(value) => Seen { values: vec![value.clone()], far: false },
            None => self.seen_from(index, file),
        }
    }

    /// What it is to a file, whatever that file itself makes of it: its own definition may be a default.
    fn seen_from(&self, index: &Index, file: EntryId) -> Seen {
        let mut directory = index.parent(file);
        while directory != EntryId::ROOT && !self.folds.contains_key(&directory) {
            directory = index.parent(directory);
        }
        Seen { values: self.merged.clone(), far: self.folds.get(&directory) == Some(&false) }
    }
}

impl Seen {
    /// What holds, with what a framework says of the name: it knows better than another application.
    fn or_framework(self, known: impl FnOnce() -> Vec<Value>) -> Vec<Value> {
        if !self.values.is_empty() && !self.far {
            return self.values;
        }
        let known = known();
        if !known.is_empty() {
            return known;
        }
        self.values.into_iter().map(|value| Value { certainty: Certainty::Open, ..value }).collect()
    }
}

/// Evaluates every constant once; one that depends on itself is unknown.
struct Folding<'a> {
    index: &'a Index,
    themes: &'a Themes,
    definitions: &'a FxHashMap<Key, Vec<Definition<'a>>>,
    done: RefCell<FxHashMap<Key, Option<Rc<Folded>>>>,
}

impl Folding<'_> {
    fn fold(&self, key: &Key) -> Option<Rc<Folded>> {
        if let Some(known) = self.done.borrow().get(key) {
            return known.clone();
        }
        let definitions = self.definitions.get(key)?;
        self.done.borrow_mut().insert(key.clone(), None);
        let values = definitions.iter().map(|one| (one.file, self.values(key, one)));
        let folded = Rc::new(merge(self.index, values));
        self.done.borrow_mut().insert(key.clone(), Some(Rc::clone(&folded)));
        Some(folded)
    }

    fn values(&self, (language, name): &Key, one: &Definition<'_>) -> Vec<Value> {
        let scope = FoldingScope { folding: self, language, file: one.file };
        let mut values = evaluate(one.value, &scope, 0);
        values.retain(|value| !self.is_elsewhere(language, name, value));
        values
    }

    fn is_elsewhere(&self, language: &'static str, name: &[u8], value: &Value) -> bool {
        let place = value.exact().filter(|_| value.anchor == Anchor::Tree).and_then(path::normalize);
        place.is_some_and(|place| framework::is_elsewhere(self.index, language, name, &place))
    }
}

fn themes(index: &Index, stated: &[Stated]) -> Themes {
    let mut themes = Themes::default();
    for one in stated {
        for fact in &one.facts {
            if let Fact::Theme { parent } = fact {
                themes.add(path::parent(index.path(one.file)), parent.as_deref());
            }
        }
    }
    themes
}

struct FoldingScope<'a> {
    folding: &'a Folding<'a>,
    language: &'static str,
    file: EntryId,
}

impl Scope for FoldingScope<'_> {
    fn file(&self) -> &[u8] {
        self.folding.index.path(self.file)
    }

    fn constant(&self, name: &[u8], _: usize) -> Vec<Value> {
        let index = self.folding.index;
        let name = known_as(index, self.language, self.file(), name);
        let folded = self.folding.fold(&(self.language, name.to_vec()));
        let seen = folded.map_or_else(Seen::default, |folded| folded.seen_from(index, self.file));
        seen.or_framework(|| framework::value((index, self.folding.themes), self.language, self.file(), &name))
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
fn merge(index: &Index, definitions: impl Iterator<Item = (EntryId, Vec<Value>)>) -> Folded {
    let mut folded = Folded::default();
    let mut distinct: Vec<Value> = Vec::new();
    for (file, values) in definitions {
        let known: Vec<Value> = values.into_iter().filter(|value| value.exact().is_some()).collect();
        if let [value] = known.as_slice() {
            folded.local.insert(file, value.clone());
        }
        let mut directory = file;
        while directory != EntryId::ROOT {
            directory = index.parent(directory);
            *folded.folds.entry(directory).or_default() |= !known.is_empty();
        }
        add(&mut distinct, &known);
    }
    (folded.merged, folded.elsewhere) = settled(distinct);
    folded
}

fn add(distinct: &mut Vec<Value>, known: &[Value]) {
    for value in known {
        if distinct.len() < MAX_DISTINCT && !distinct.iter().any(|have| same_place(have, value)) {
            distinct.push(Value { choice: 0, ..value.clone() });
        }
    }
}

/// The values that count, with their certainty, and those outside of the tree where one is in it.
fn settled(mut distinct: Vec<Value>) -> (Vec<Value>, Vec<Vec<u8>>) {
    let mut elsewhere = Vec::new();
    let outside =
        |value: &Value| value.anchor == Anchor::Text && value.exact().is_some_and(|text| text.starts_with(b"/"));
    if distinct.iter().any(|value| value.anchor == Anchor::Tree) {
        for value in distinct.extract_if(.., |value| outside(value)) {
            elsewhere.extend(value.exact().map(<[u8]>::to_vec));
        }
    }
    let certainty = if distinct.len() > 1 { Certainty::Likely } else { Certainty::Certain };
    distinct.truncate(MAX_VALUES);
    let lowered = |value: Value| Value { certainty: value.certainty.min(certainty), ..value };
    (distinct.into_iter().map(lowered).collect(), elsewhere)
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
        let name = known_as(self.index, self.language, self.file(), name);
        let folded = self.constants.known.get(&(self.language, name.to_vec()));
        let seen = folded.map_or_else(Seen::default, |folded| folded.read_in(self.index, self.file));
        seen.or_framework(|| framework::value((self.index, &self.constants.themes), self.language, self.file(), &name))
    }
}
