//! Names of classes and constants: namespaces, and what `use` brings into them (manual: "Name resolution rules").

use std::borrow::Cow;

use mago_span::HasSpan;
use mago_syntax::ast::{Identifier, UseItem, UseItems, UseType};
use rustc_hash::FxHashMap;

use super::lower;
use crate::diagnostic::Span;

/// A namespace as far as it is seen in one file.
#[derive(Debug, Default)]
pub(super) struct Space<'a> {
    /// Without slashes at its ends; empty for the global one.
    name: &'a [u8],
    /// Aliases of classes and namespaces, in lower case, with where each is imported.
    classes: FxHashMap<Vec<u8>, (Vec<u8>, Span)>,
    constants: FxHashMap<&'a [u8], Vec<u8>>,
    /// Constants that this file declares in the namespace.
    declared: Vec<&'a [u8]>,
}

impl<'a> Space<'a> {
    pub(super) fn new(name: Option<&Identifier<'a>>) -> Self {
        Space { name: name.map_or(b"", |name| trimmed(value(name))), ..Space::default() }
    }

    /// A name declared here.
    pub(super) fn qualify(&self, name: &[u8]) -> Vec<u8> {
        if self.name.is_empty() { name.to_vec() } else { [self.name, b"\\", name].concat() }
    }

    /// Declares a constant, and gives its full name.
    pub(super) fn declare(&mut self, name: &'a [u8]) -> Cow<'a, [u8]> {
        if self.name.is_empty() {
            return Cow::Borrowed(name);
        }
        self.declared.push(name);
        Cow::Owned(self.qualify(name))
    }

    /// Takes a `use` statement in.
    pub(super) fn import(&mut self, items: &'a UseItems<'a>) {
        match items {
            UseItems::Sequence(list) => list.items.iter().for_each(|item| self.add(None, b"", item)),
            UseItems::TypedSequence(list) => list.items.iter().for_each(|item| self.add(Some(&list.r#type), b"", item)),
            UseItems::TypedList(list) => {
                let front = value(&list.namespace);
                list.items.iter().for_each(|item| self.add(Some(&list.r#type), front, item));
            }
            UseItems::MixedList(list) => {
                let front = value(&list.namespace);
                list.items.iter().for_each(|item| self.add(item.r#type.as_ref(), front, &item.item));
            }
        }
    }

    fn add(&mut self, kind: Option<&UseType<'a>>, front: &[u8], item: &UseItem<'a>) {
        let name = trimmed(value(&item.name));
        let full = if front.is_empty() { name.to_vec() } else { [trimmed(front), b"\\", name].concat() };
        let alias = item.alias.as_ref().map_or_else(|| last_segment(&item.name), |alias| alias.identifier.value);
        match kind {
            None => {
                let import = lower::span(item.name.span());
                self.classes.insert(alias.to_ascii_lowercase(), (full, import));
            }
            Some(UseType::Const(_)) => drop(self.constants.insert(alias, full)),
            Some(UseType::Function(_)) => {}
        }
    }

    /// The full name of a class.
    pub(super) fn class(&self, name: &Identifier<'_>) -> Vec<u8> {
        self.class_and_import(name).0
    }

    /// The full name of a class, and where it is imported as a whole.
    pub(super) fn class_and_import(&self, name: &Identifier<'_>) -> (Vec<u8>, Option<Span>) {
        let written = value(name);
        if matches!(name, Identifier::FullyQualified(_)) {
            return (trimmed(written).to_vec(), None);
        }
        let (first, rest) = split(written);
        if first.eq_ignore_ascii_case(b"namespace") && !rest.is_empty() {
            return (self.qualify(trimmed(rest)), None);
        }
        match self.classes.get(&first.to_ascii_lowercase()) {
            Some((full, import)) => ([full, rest].concat(), rest.is_empty().then_some(*import)),
            None => (self.qualify(written), None),
        }
    }

    /// The full name of a constant: an unqualified one falls back to the global one, unless it is declared here.
    pub(super) fn constant<'n>(&self, name: &Identifier<'n>) -> Cow<'n, [u8]> {
        match name {
            Identifier::FullyQualified(name) => Cow::Borrowed(trimmed(name.value)),
            Identifier::Qualified(_) => Cow::Owned(self.class(name)),
            Identifier::Local(name) => match self.constants.get(name.value) {
                Some(full) => Cow::Owned(full.clone()),
                None if self.declared.contains(&name.value) => Cow::Owned(self.qualify(name.value)),
                None => Cow::Borrowed(name.value),
            },
        }
    }
}

/// A name as it is written.
pub(super) fn value<'a>(name: &Identifier<'a>) -> &'a [u8] {
    match name {
        Identifier::Local(name) => name.value,
        Identifier::Qualified(name) => name.value,
        Identifier::FullyQualified(name) => name.value,
    }
}

/// What follows the last slash of a name. The parser's function of that name gives what follows the first.
pub(super) fn last_segment<'a>(name: &Identifier<'a>) -> &'a [u8] {
    let name = value(name);
    memchr::memrchr(b'\\', name).map_or(name, |at| &name[at + 1..])
}

/// The first segment, and the rest with its slash.
fn split(name: &[u8]) -> (&[u8], &[u8]) {
    let at = memchr::memchr(b'\\', name).unwrap_or(name.len());
    name.split_at(at)
}

fn trimmed(name: &[u8]) -> &[u8] {
    let name = name.strip_prefix(b"\\").unwrap_or(name);
    name.strip_suffix(b"\\").unwrap_or(name)
}
