//! Java: resources on the class path, and views of Spring's controllers ([`classpath`] has the sources of the rules).
//!
//! Read: `getResource` and its kin by their receiver, `ClassPathResource`, `classpath:` in what loads resources and in
//! annotations ([`annotations`]); the text that a method of a controller gives, in constants of the class too,
//! `ModelAndView` and `setViewName`. Parsed by tree-sitter's grammar, and only where one of these words stands.
//!
//! Knowingly not read: names that are put together or pass through variables, patterns, `META-INF`, bundles, files by
//! the working directory, methods that are inherited.

mod annotations;

use tree_sitter::Node;

use super::syntax::classpath::{self, Around, MAX_RECEIVER, MAX_SOURCE, Start, Unit};
use super::syntax::descent::descend;
use super::syntax::grown::{self, text};
use super::{Input, Language, Phase, Scan};
use crate::diagnostic::Span;

/// Java.
pub const LANGUAGE: Language = Language {
    name: "java",
    extensions: &["java"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`getResource()`, `getResourceAsStream()`, `ClassPathResource`, `classpath:` in Spring's annotations, `@Sql`, `@ContextConfiguration`; views of Spring's controllers",
    leaves: "names that pass through variables, patterns, `META-INF`",
    scan,
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    if !classpath::names_any(source) {
        return Scan::default();
    }
    let Some(tree) = grown::tree(&tree_sitter_java::LANGUAGE.into(), source, MAX_SOURCE) else {
        return Scan { lexical: true, ..Scan::default() };
    };
    let mut unit = Unit::new(input);
    descend(tree.root_node(), (), |node, (), _| declaration(&mut unit, node));
    descend(tree.root_node(), Around::default(), |node, around, _| enter(&mut unit, node, around));
    Scan { references: unit.finish(), ..Scan::default() }
}

/// What others refer to.
fn declaration(unit: &mut Unit<'_>, node: Node<'_>) {
    let named = node.named_child(0).map_or(&b""[..], |name| text(unit.source, name));
    match node.kind() {
        "package_declaration" => unit.package = classpath::folder(named),
        "import_declaration" if text(unit.source, node).ends_with(b"*;") => unit.import(&[named, b".*"].concat()),
        "import_declaration" => unit.import(named),
        "field_declaration" => constant(unit, node),
        _ => {}
    }
}

/// `static final String VIEW = "owners/list";`
fn constant(unit: &mut Unit<'_>, node: Node<'_>) {
    let declarator = node.child_by_field_name("declarator");
    let name = declarator.and_then(|one| one.child_by_field_name("name")).map(|name| text(unit.source, name));
    let value = declarator.and_then(|one| one.child_by_field_name("value")).and_then(string);
    let fixed =
        node.named_child(0).is_some_and(|first| memchr::memmem::find(text(unit.source, first), b"final").is_some());
    if let (Some(name), Some(value), true) = (name, value, fixed) {
        unit.constant(name, value);
    }
}

fn enter(unit: &mut Unit<'_>, node: Node<'_>, around: Around) -> Around {
    match node.kind() {
        "class_declaration" => return around.class(&annotations::of(unit.source, node)),
        "method_declaration" => {
            let kind = node.child_by_field_name("type").map(|kind| text(unit.source, kind));
            let around = around.method(&annotations::of(unit.source, node));
            return Around { action: around.action && kind == Some(b"String"), ..around };
        }
        "lambda_expression" | "class_body" if around.action => return Around { action: false, ..around },
        "method_invocation" => call(unit, node, around.guarded),
        "object_creation_expression" => creation(unit, node, around.guarded),
        "annotation" => annotations::read(unit, node),
        "return_statement" if around.action => node.named_child(0).into_iter().for_each(|value| given(unit, value)),
        "try_statement" | "try_with_resources_statement" => {
            return Around { guarded: around.guarded || is_handled(unit.source, node), ..around };
        }
        _ => {}
    }
    around
}

/// What a method of a controller gives: a text, a constant, or one of two.
fn given(unit: &mut Unit<'_>, value: Node<'_>) {
    const CONSTRUCT: &str = "return";
    let choice = ["consequence", "alternative"].map(|field| value.child_by_field_name(field));
    let each = if value.kind() == "ternary_expression" { choice } else { [Some(value), None] };
    for value in each.into_iter().flatten() {
        match string(value) {
            Some(span) => unit.view(span, CONSTRUCT),
            None => unit.constant_view(text(unit.source, value), CONSTRUCT),
        }
    }
}

fn call(unit: &mut Unit<'_>, node: Node<'_>, guarded: bool) {
    let Some(method) = node.child_by_field_name("name").map(|name| text(unit.source, name)) else { return };
    let arguments = arguments(node);
    if method == b"setViewName" {
        arguments.first().copied().and_then(string).into_iter().for_each(|span| unit.view(span, "setViewName"));
        return;
    }
    let Some(construct) = classpath::loads(method) else { return };
    let receiver = node.child_by_field_name("object");
    let named = receiver.map_or(&b""[..], |receiver| text(unit.source, receiver));
    let (start, name) = match *arguments.as_slice() {
        [name] if named == b"Resources" => (Some(Start::Loader), name),
        [class, name] if named == b"Resources" => (literal_class(unit, class), name),
        [name] if construct != "ResourceUtils" => (receiver.and_then(|receiver| start(unit, receiver)), name),
        [name] => (None, name),
        _ => return,
    };
    if let Some(span) = string(name) {
        let guarded = guarded || unit.is_tested(node.end_byte());
        unit.resource(span, start, construct, guarded);
    }
}

/// `new ClassPathResource("x")`, `new ClassPathResource("x", Here.class)`, `new ModelAndView("x")`.
fn creation(unit: &mut Unit<'_>, node: Node<'_>, guarded: bool) {
    let class = node.child_by_field_name("type").map_or(&b""[..], |class| text(unit.source, class));
    let arguments = arguments(node);
    let Some(span) = arguments.first().copied().and_then(string) else { return };
    let start = match arguments.get(1) {
        _ if class == b"ModelAndView" => return unit.view(span, "ModelAndView"),
        _ if class != b"ClassPathResource" => return,
        None => Some(Start::Roots),
        Some(&second) => start(unit, second).map(|start| if start == Start::Loader { Start::Roots } else { start }),
    };
    let guarded = guarded || unit.is_tested(node.end_byte());
    if start.is_some() {
        unit.resource(span, start, "ClassPathResource", guarded);
    }
}

/// Where a receiver starts names.
fn start(unit: &Unit<'_>, receiver: Node<'_>) -> Option<Start> {
    let named = text(unit.source, receiver);
    if receiver.kind() == "class_literal" {
        return literal_class(unit, receiver);
    }
    if named.len() > MAX_RECEIVER {
        return None;
    }
    let lower = named.to_ascii_lowercase();
    let lower = lower.strip_suffix(b"()").unwrap_or(&lower);
    if lower.ends_with(b"classloader") {
        return Some(Start::Loader);
    }
    matches!(named, b"getClass()" | b"this.getClass()").then(|| Start::Package(unit.package.clone()))
}

/// `Class.class`.
fn literal_class(unit: &Unit<'_>, literal: Node<'_>) -> Option<Start> {
    unit.class(text(unit.source, literal).strip_suffix(b".class")?)
}

fn is_handled(source: &[u8], node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    let mut clauses = node.named_children(&mut cursor).filter(|child| child.kind() == "catch_clause");
    clauses.any(|clause| classpath::goes_on(text(source, clause)))
}

/// The inside of a string without escapes.
fn string(node: Node<'_>) -> Option<Span> {
    grown::plain_string(node, "string_literal", "string_fragment")
}

fn arguments(call: Node<'_>) -> Vec<Node<'_>> {
    let Some(list) = call.child_by_field_name("arguments") else { return Vec::new() };
    let mut cursor = list.walk();
    list.named_children(&mut cursor).filter(|node| !node.kind().ends_with("comment")).collect()
}
