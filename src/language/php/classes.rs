//! Classes: their properties and constants, and the reference that a declaration is: an autoloader looks for the
//! class in the file that its name gives (PSR-4, PSR-0).

use mago_span::HasSpan;
use mago_syntax::ast::{Extends, LocalIdentifier, Modifier, Node, PlainProperty, PropertyItem};
use rustc_hash::FxHashMap;

use super::bindings::{Binding, Holds, without_dollar};
use super::lower;
use super::names::Space;
use super::tree::Tree;
use crate::diagnostic::{Span, Strength};
use crate::reference::{Autoloaded, Namespace, Reference};

/// A class that a file declares.
#[derive(Debug)]
pub(super) struct Declared {
    span: Span,
    name: Vec<u8>,
}

/// A class-like, for looking up `self::X` and `$this->x`.
#[derive(Debug, Default)]
pub(super) struct Class<'a> {
    /// Full name in lower case; empty for an anonymous class.
    name: Vec<u8>,
    parent: Option<Vec<u8>>,
    /// Made to be extended: what is protected is set by others.
    open: bool,
    properties: FxHashMap<Vec<u8>, Property<'a>>,
}

#[derive(Debug, Default)]
struct Property<'a> {
    /// Nothing outside the class sets it.
    closed: bool,
    bindings: Vec<Binding<'a>>,
}

impl<'a> Class<'a> {
    pub(super) fn new(node: Node<'a, 'a>, space: &Space<'a>) -> (Self, Option<Declared>) {
        let (name, extends) = match node {
            Node::Class(class) => (Some(&class.name), class.extends.as_ref()),
            Node::Interface(class) => (Some(&class.name), None),
            Node::Trait(class) => (Some(&class.name), None),
            Node::Enum(class) => (Some(&class.name), None),
            Node::AnonymousClass(class) => (None, class.extends.as_ref()),
            _ => (None, None),
        };
        let declared = name.map(|name| declared(name, space));
        let lower = declared.as_ref().map(|one| one.name.to_ascii_lowercase()).unwrap_or_default();
        (Class { name: lower, parent: parent(extends, space), open: is_open(node), ..Class::default() }, declared)
    }

    /// Notes a declared property; a default that says nothing is not a setting.
    pub(super) fn declare(&mut self, property: &'a PlainProperty<'a>, make: impl Fn(Holds<'a>, u32) -> Binding<'a>) {
        let open = self.open;
        let closed = property.modifiers.iter().any(|one| match one {
            Modifier::Private(_) => true,
            Modifier::Protected(_) => !open,
            _ => false,
        });
        for item in &property.items {
            let name = without_dollar(item.variable().name).to_vec();
            let entry = self.properties.entry(name).or_default();
            entry.closed = closed;
            if let PropertyItem::Concrete(item) = item
                && !lower::is_nothing(item.value)
            {
                entry.bindings.push(make(Holds::Value(item.value), lower::span(item.variable.span).start));
            }
        }
    }

    /// Notes that a property is set.
    pub(super) fn set(&mut self, name: Vec<u8>, binding: Binding<'a>) {
        let says_nothing = matches!(binding.holds, Holds::Value(value) if lower::is_nothing(value));
        if !says_nothing {
            self.properties.entry(name).or_default().bindings.push(binding);
        }
    }

    /// What a property holds, if only this class sets it, and once.
    pub(super) fn property(&self, name: &[u8]) -> Option<Binding<'a>> {
        match self.properties.get(name)? {
            Property { closed: true, bindings } if bindings.len() == 1 => bindings.first().copied(),
            _ => None,
        }
    }

    /// The full name of a constant of this class.
    pub(super) fn constant(&self, name: &[u8]) -> Option<Vec<u8>> {
        (!self.name.is_empty()).then(|| constant(&self.name, name))
    }

    /// The full name of a constant of the class that this one extends.
    pub(super) fn parent_constant(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.parent.as_ref().map(|parent| constant(parent, name))
    }
}

fn is_open(node: Node<'_, '_>) -> bool {
    match node {
        Node::Trait(_) => true,
        Node::Class(class) => class.modifiers.iter().any(|one| matches!(one, Modifier::Abstract(_))),
        _ => false,
    }
}

fn declared(name: &LocalIdentifier<'_>, space: &Space<'_>) -> Declared {
    Declared { span: lower::span(name.span()), name: space.qualify(name.value) }
}

fn parent(extends: Option<&Extends<'_>>, space: &Space<'_>) -> Option<Vec<u8>> {
    let parent = extends?.types.iter().next()?;
    Some(space.class(parent).to_ascii_lowercase())
}

/// Constants of classes are named `class\in\lower\case::NAME`: classes ignore case, their constants do not.
pub(super) fn constant(class: &[u8], name: &[u8]) -> Vec<u8> {
    [&class.to_ascii_lowercase(), &b"::"[..], name].concat()
}

/// Full names of the classes that a file declares.
pub(super) fn names(tree: &Tree<'_>) -> Vec<Vec<u8>> {
    tree.declared.iter().map(|one| one.name.clone()).collect()
}

/// The reference that the first class of a file is.
pub(super) fn reference<'s>(tree: &Tree<'_>) -> Option<Reference<'s>> {
    let first = tree.declared.first()?;
    Some(Reference::literal(
        first.span,
        first.name.clone(),
        "class",
        Namespace::Class(Autoloaded::Declared),
        Strength::Fatal,
    ))
}
