//! Constants that a file of an application of Rails defines, and what the application's configuration says of how
//! they are looked for (guides.rubyonrails.org, "Autoloading and Reloading Constants").
//!
//! Only a file is read that does nothing but define one class or module at its outermost level: what others define is
//! only known when they run.

use tree_sitter::Node;

use super::descend;
use super::lower::arguments;
use crate::diagnostic::{Span, Strength};
use crate::language::syntax::grown::text;
use crate::path;
use crate::reference::{Autoloading, Fact, Namespace, Rails, Reference, Scan};

/// Most constants of one file that are kept.
const MAX_NAMES: usize = 64;
/// Longest full name of a constant, in bytes.
const MAX_NAME: usize = 256;
/// Most names that one class stands in.
const MAX_NESTING: usize = 16;
/// How much of an expression in a configuration is looked through, in bytes: expressions nest.
const MAX_EXPRESSION: usize = 2048;
/// What may stand beside the one definition.
const REQUIRES: [&[u8]; 3] = [b"require", b"require_dependency", b"require_relative"];
/// What defines constants behind the back of a reader.
const MAKERS: [&[u8]; 2] = [b"const_missing", b"const_set"];
/// What changes where Zeitwerk looks, or takes something away from it.
const CHANGES: [&[u8]; 10] = [
    b"clear",
    b"collapse",
    b"delete",
    b"delete_if",
    b"do_not_eager_load",
    b"filter!",
    b"keep_if",
    b"reject!",
    b"select!",
    b"unshift",
];

/// Adds the constants of a file below `app`, and what a configuration says.
pub(super) fn read<'s>(file: &[u8], source: &'s [u8], root: Node<'_>, scan: &mut Scan<'s>) {
    if is_loaded_by_name(file) {
        scan.references.extend(definition(source, root));
    } else if is_configuration(file) {
        settings(file, source, root, &mut scan.facts);
    }
}

/// `app/models/user.rb` of whatever folder.
fn is_loaded_by_name(file: &[u8]) -> bool {
    let folder = path::segments(file).position(|segment| segment == b"app");
    folder.is_some_and(|at| path::segments(file).count() > at + 2) && file.ends_with(b".rb")
}

fn is_configuration(file: &[u8]) -> bool {
    let mut above = path::ancestors(path::parent(file));
    path::ends_in(file, b"config/application.rb")
        || above.any(|one| path::ends_in(one, b"config/initializers") || path::ends_in(one, b"config/environments"))
}

/// What a file defines: the full names of its constants, parted by blanks, at the name of the innermost class.
fn definition<'s>(source: &'s [u8], root: Node<'_>) -> Option<Reference<'s>> {
    let makes = MAKERS.iter().any(|maker| memchr::memmem::find(source, maker).is_some());
    let outermost = only_definition(source, root).filter(|_| !makes && !root.has_error())?;
    let names = names(source, root)?;
    let name = innermost(outermost).child_by_field_name("name")?;
    let span = Span::new(name.start_byte(), name.end_byte());
    let namespace = Namespace::Rails(Rails::Constant);
    let reference = Reference::literal(span, names.join(&b' '), "constant", namespace, Strength::Fatal);
    Some(Reference { tail: Span::default(), ..reference })
}

/// The one class or module of the outermost level, beside which nothing is done.
fn only_definition<'t>(source: &[u8], root: Node<'t>) -> Option<Node<'t>> {
    let mut cursor = root.walk();
    let mut found = None;
    for child in root.named_children(&mut cursor) {
        match child.kind() {
            "comment" | "uninterpreted" | "empty_statement" => {}
            "class" | "module" if found.is_none() => found = Some(child),
            "call" if REQUIRES.contains(&field(source, child, "method")) => {}
            _ => return None,
        }
    }
    found
}

/// The class in the modules that hold nothing else.
fn innermost(outermost: Node<'_>) -> Node<'_> {
    let mut node = outermost;
    for _ in 0..MAX_NESTING {
        let Some(body) = node.child_by_field_name("body") else { break };
        let mut cursor = body.walk();
        let mut held = body.named_children(&mut cursor).filter(|child| child.kind() != "comment");
        let (Some(one), None) = (held.next(), held.next()) else { break };
        if !matches!(one.kind(), "class" | "module") {
            break;
        }
        node = one;
    }
    node
}

/// Full names of all constants that are defined; `None` where one cannot be told.
fn names(source: &[u8], root: Node<'_>) -> Option<Vec<Vec<u8>>> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut told = true;
    // What holds below a node is the place of the class around it, counted from 1.
    descend(root, 0_usize, |node, outer, _| {
        let (field, opens) = match node.kind() {
            "class" | "module" if node.is_named() => ("name", true),
            "assignment" => ("left", false),
            _ => return outer,
        };
        let Some(name) = node.child_by_field_name(field) else { return outer };
        if !told || !matches!(name.kind(), "constant" | "scope_resolution") {
            return outer;
        }
        let around = outer.checked_sub(1).and_then(|at| names.get(at)).map_or(&b""[..], Vec::as_slice);
        match full_name(around, text(source, name)) {
            Some(full) if names.len() < MAX_NAMES => names.push(full),
            _ => told = false,
        }
        if opens && told { names.len() } else { outer }
    });
    told.then_some(names)
}

/// `A::B` of `B` in `A`. Whose `B` is meant by a `B::C` in `A` depends on what else is loaded.
fn full_name(around: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let (around, name) = match name.strip_prefix(b"::") {
        Some(name) => (&b""[..], name),
        None => (around, name),
    };
    let constant = |name: &[u8]| {
        name.first().is_some_and(u8::is_ascii_uppercase)
            && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    let parts = name.split(|&byte| byte == b':').filter(|part| !part.is_empty());
    let plain = parts.clone().all(constant) && (around.is_empty() || parts.count() == 1);
    let full = if around.is_empty() { name.to_vec() } else { [around, b"::", name].concat() };
    (plain && full.len() <= MAX_NAME).then_some(full)
}

fn short(text: &[u8]) -> &[u8] {
    text.get(..MAX_EXPRESSION).unwrap_or(text)
}

fn field<'s>(source: &'s [u8], node: Node<'_>, name: &str) -> &'s [u8] {
    node.child_by_field_name(name).map_or(&b""[..], |node| text(source, node))
}

/// What a configuration says of the autoloader.
fn settings(file: &[u8], source: &[u8], root: Node<'_>, facts: &mut Vec<Fact>) {
    if root.has_error() {
        facts.push(Fact::Autoloading(Autoloading::Unknown));
    }
    descend(root, (), |node, (), _| match node.kind() {
        "call" => called(file, source, node, facts),
        "assignment" | "operator_assignment" => assigned(file, source, node, facts),
        "method" if field(source, node, "name") == b"camelize" => say(facts, Autoloading::Unknown),
        "string" | "bare_string" => aside(text(source, node), facts),
        _ => {}
    });
}

fn say(facts: &mut Vec<Fact>, what: Autoloading) {
    facts.push(Fact::Autoloading(what));
}

fn called(file: &[u8], source: &[u8], node: Node<'_>, facts: &mut Vec<Fact>) {
    let receiver = short(field(source, node, "receiver"));
    let of_loader = || {
        [&b"autoloader"[..], b"load_paths", b"loader"].iter().any(|name| memchr::memmem::find(receiver, name).is_some())
    };
    let arguments = arguments(node);
    match field(source, node, "method") {
        b"load_defaults" if path::ends_in(file, b"config/application.rb") => {
            let version = arguments.first().map_or(&b""[..], |version| short(text(source, *version)));
            let major = version.split(|&byte| byte == b'.').next().unwrap_or_default();
            let major = std::str::from_utf8(major).ok().and_then(|major| major.parse::<u32>().ok());
            if major.is_some_and(|major| major >= 6) {
                say(facts, Autoloading::Zeitwerk);
            }
        }
        b"acronym" => say(
            facts,
            arguments
                .first()
                .and_then(|word| literal(source, *word))
                .map_or(Autoloading::Unknown, Autoloading::Acronym),
        ),
        b"inflect" if receiver.ends_with(b"inflector") => inflected(source, &arguments, facts),
        b"ignore" if of_loader() && !is_named_whole(source, node) => say(facts, Autoloading::Unknown),
        method if CHANGES.contains(&method) && of_loader() => say(facts, Autoloading::Unknown),
        _ => {}
    }
}

/// `inflect('html' => 'HTML')`.
fn inflected(source: &[u8], arguments: &[Node<'_>], facts: &mut Vec<Fact>) {
    for pair in arguments {
        let of = |name| pair.child_by_field_name(name).and_then(|node| literal(source, node));
        say(
            facts,
            match (of("key"), of("value")) {
                (Some(name), Some(constant)) => Autoloading::Named { name, constant },
                _ => Autoloading::Unknown,
            },
        );
    }
}

/// The text of a string in which nothing is put together, or of a key.
fn literal(source: &[u8], node: Node<'_>) -> Option<Vec<u8>> {
    let text = text(source, node);
    let inner = match node.kind() {
        "string" => text.get(1..text.len().saturating_sub(1))?,
        "hash_key_symbol" => text,
        _ => return None,
    };
    inner.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').then(|| inner.to_vec())
}

/// Whether what is ignored is written in whole strings, of which those below `app` are put aside in any case.
fn is_named_whole(source: &[u8], call: Node<'_>) -> bool {
    let (mut any, mut whole) = (false, call.byte_range().len() <= MAX_EXPRESSION);
    if !whole {
        return false;
    }
    descend(call, (), |node, (), _| {
        if matches!(node.kind(), "string" | "bare_string") {
            let text = text(source, node);
            any = true;
            whole &= text.contains(&b'/') && !text.contains(&b'*');
        }
    });
    any && whole
}

/// A folder of the application that its configuration speaks of has rules of its own.
fn aside(text: &[u8], facts: &mut Vec<Fact>) {
    let text = short(text);
    let text = text.trim_ascii_start().strip_prefix(b"'").or_else(|| text.strip_prefix(b"\"")).unwrap_or(text);
    let start = if text.starts_with(b"app/") { Some(0) } else { memchr::memmem::find(text, b"/app/").map(|at| at + 1) };
    let Some(start) = start else { return };
    let plain = text[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_/.".contains(byte)).count();
    let folder = &text[start..start + plain];
    say(facts, Autoloading::Aside(folder.strip_suffix(b"/").unwrap_or(folder).to_vec()));
}

fn assigned(file: &[u8], source: &[u8], node: Node<'_>, facts: &mut Vec<Fact>) {
    let Some(left) = node.child_by_field_name("left").filter(|left| left.kind() == "call") else { return };
    let right = field(source, node, "right");
    let added = node.kind() == "operator_assignment" && field(source, node, "operator") != b"-=";
    let unknown = match field(source, left, "method") {
        b"autoloader" => right != b":zeitwerk",
        b"inflector" => true,
        b"autoload_paths" | b"eager_load_paths" => !added,
        b"eager_load" => right == b"false" && path::ends_in(file, b"config/environments/production.rb"),
        _ => false,
    };
    if unknown {
        say(facts, Autoloading::Unknown);
    }
}
