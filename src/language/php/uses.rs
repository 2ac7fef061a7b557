//! Classes that a source uses: an autoloader has to find each (manual: "Autoloading Classes").
//!
//! Inheritance, `new` and static members load a class at once. `X::class` is only its name, which mostly is handed
//! to what makes one. Types that are declared, caught or compared with load nothing. Names without a namespace are
//! left out: no rule of PSR-4 names them.
//!
//! PHP takes a class that is loaded in any case. Where a function is handed an instance of a class under a name of
//! another case than it is used by, it mostly is loaded by then.

use mago_span::HasSpan;
use mago_syntax::ast::{
    Access, Call, ClassLikeConstantSelector, Expression, Extends, Hint, Identifier, Implements, Literal, Node, TraitUse,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::lower;
use super::names::{Space, last_segment};
use super::sites::{argument, function_name};
use super::tree::{Context, Tree};
use crate::diagnostic::{Severity, Span, Strength};
use crate::reference::{Autoloaded, Fact, Namespace, Reference};

/// Functions that ask whether a class is there: it may not be.
const TESTS: [&[u8]; 6] =
    [b"class_exists", b"enum_exists", b"interface_exists", b"is_a", b"is_subclass_of", b"trait_exists"];

/// What a source says of classes that others declare.
#[derive(Debug, Default)]
pub(super) struct Uses<'a> {
    /// The first use of each, by its name in lower case: one that loads it, if any does.
    used: FxHashMap<Vec<u8>, Used>,
    /// Names in lower case that are asked for.
    tested: FxHashSet<Vec<u8>>,
    /// Names that `class_alias` gives.
    aliases: Vec<Vec<u8>>,
    /// Last segments of the types of parameters.
    handed: FxHashSet<&'a [u8]>,
}

#[derive(Debug)]
struct Used {
    span: Span,
    name: Vec<u8>,
    construct: &'static str,
}

/// The use that loads nothing by itself.
const NAME: &str = "::class";

impl<'a> Uses<'a> {
    /// `span` is where the name would have to be changed.
    fn add(&mut self, name: Vec<u8>, span: Span, construct: &'static str) {
        let key = name.to_ascii_lowercase();
        match self.used.get(&key) {
            Some(known) if known.construct != NAME || construct == NAME => {}
            _ => drop(self.used.insert(key, Used { span, name, construct })),
        }
    }

    /// One reference for each class that is used and not declared here.
    pub(super) fn references<'s>(self, declared: &[Vec<u8>]) -> Vec<Reference<'s>> {
        let here: FxHashSet<Vec<u8>> = declared.iter().map(|name| name.to_ascii_lowercase()).collect();
        let others = self.used.into_iter().filter(|(key, _)| !here.contains(key));
        let handed: FxHashMap<Vec<u8>, &[u8]> =
            self.handed.iter().map(|name| (name.to_ascii_lowercase(), *name)).collect();
        let is_loaded = |key: &[u8], name: &[u8]| handed.get(last(key)).is_some_and(|handed| *handed != last(name));
        let reference = |(key, used): (Vec<u8>, Used)| {
            let namespace = Namespace::Class(Autoloaded::Used);
            let mild = used.construct == NAME || is_loaded(&key, &used.name);
            let literal = Reference::literal(used.span, used.name, used.construct, namespace, Strength::Fatal);
            let ceiling = if mild { Severity::Warning } else { Severity::Error };
            Reference { guarded: self.tested.contains(&key), ceiling, ..literal }
        };
        others.map(reference).collect()
    }

    /// The classes that a source gives to others.
    pub(super) fn fact(&self, declared: &[Vec<u8>]) -> Option<Fact> {
        let names: Vec<Vec<u8>> =
            declared.iter().chain(&self.aliases).filter(|name| name.contains(&b'\\')).cloned().collect();
        (!names.is_empty()).then_some(Fact::PhpClasses(names))
    }
}

impl<'a> Tree<'a> {
    /// What a class-like is made of.
    pub(super) fn inherits(&mut self, node: Node<'a, 'a>, context: Context) {
        let (extends, implements): (Option<&Extends<'a>>, Option<&Implements<'a>>) = match node {
            Node::Class(class) => (class.extends.as_ref(), class.implements.as_ref()),
            Node::Interface(interface) => (interface.extends.as_ref(), None),
            Node::Enum(class) => (None, class.implements.as_ref()),
            Node::AnonymousClass(class) => (class.extends.as_ref(), class.implements.as_ref()),
            _ => (None, None),
        };
        extends.iter().flat_map(|list| list.types.iter()).for_each(|name| self.uses_name(name, "extends", context));
        let interfaces = implements.iter().flat_map(|list| list.types.iter());
        interfaces.for_each(|name| self.uses_name(name, "implements", context));
    }

    pub(super) fn traits(&mut self, traits: &'a TraitUse<'a>, context: Context) {
        traits.trait_names.iter().for_each(|name| self.uses_name(name, "use", context));
    }

    /// `X::create()`.
    pub(super) fn static_call(&mut self, call: &'a Call<'a>, context: Context) {
        if let Call::StaticMethod(call) = call {
            self.uses(call.class, "static call", context);
        }
    }

    /// `X::NAME`, `X::$name`, `X::class`.
    pub(super) fn static_member(&mut self, access: &'a Access<'a>, context: Context) {
        match access {
            Access::StaticProperty(access) => self.uses(access.class, "static property", context),
            Access::ClassConstant(access) => match &access.constant {
                ClassLikeConstantSelector::Identifier(name) if name.value.eq_ignore_ascii_case(b"class") => {
                    self.uses(access.class, NAME, context);
                }
                _ => self.uses(access.class, "class constant", context),
            },
            _ => {}
        }
    }

    pub(super) fn uses(&mut self, class: &'a Expression<'a>, construct: &'static str, context: Context) {
        if let Expression::Identifier(name) = class {
            self.uses_name(name, construct, context);
        }
    }

    fn uses_name(&mut self, name: &Identifier<'_>, construct: &'static str, context: Context) {
        let (class, import) = self.names(context).class_and_import(name);
        if class.contains(&b'\\') {
            self.uses.add(class, import.unwrap_or_else(|| lower::span(name.span())), construct);
        }
    }

    /// The type of a parameter.
    pub(super) fn is_handed(&mut self, hint: &'a Hint<'a>) {
        if let Hint::Identifier(name) = hint {
            self.uses.handed.insert(last_segment(name));
        }
    }

    /// `class_exists('X')`, `class_alias('X', 'Y')`.
    pub(super) fn asks_for_class(&mut self, call: &'a Call<'a>, context: Context) {
        let Call::Function(call) = call else { return };
        let Expression::Identifier(name) = call.function else { return };
        let name = function_name(name).to_ascii_lowercase();
        let nth = usize::from(matches!(name.as_slice(), b"is_a" | b"is_subclass_of" | b"class_alias"));
        if name != b"class_alias" && !TESTS.contains(&name.as_slice()) {
            return;
        }
        let named = argument(&call.argument_list, nth).and_then(|value| class_name(value, self.names(context)));
        match named {
            Some(named) if name == b"class_alias" => self.uses.aliases.push(named),
            Some(named) => drop(self.uses.tested.insert(named.to_ascii_lowercase())),
            None => {}
        }
    }
}

/// The last segment of a name.
fn last(name: &[u8]) -> &[u8] {
    memchr::memrchr(b'\\', name).map_or(name, |at| &name[at + 1..])
}

/// `'A\B'` or `B::class`.
fn class_name(value: &Expression<'_>, space: &Space<'_>) -> Option<Vec<u8>> {
    match value {
        Expression::Literal(Literal::String(text)) => {
            let text = text.value?;
            Some(text.strip_prefix(b"\\").unwrap_or(text).to_vec())
        }
        Expression::Access(Access::ClassConstant(access)) => match access.class {
            Expression::Identifier(name) => Some(space.class(name)),
            _ => None,
        },
        _ => None,
    }
}
