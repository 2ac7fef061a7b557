//! Kotlin: resources on the class path, and views of Spring's controllers ([`classpath`] has the sources of the rules;
//! kotlinlang.org, "Reflection", for `X::class.java` and `javaClass`).
//!
//! Read: what [`super::java`] reads. What a safe call or an Elvis operator provides for is guarded. Parsed by
//! tree-sitter's grammar, and only where one of the words stands.
//!
//! Knowingly not read: names that are put together or pass through variables, raw strings, patterns, `META-INF`, build
//! scripts.

use tree_sitter::{Node, Tree};

use super::syntax::classpath::{self, Around, MAX_RECEIVER, Start, Unit};
use super::syntax::descent::descend;
use super::syntax::grown::{self, text};
use super::{Input, Language, Phase, Scan};
use crate::diagnostic::Span;
use crate::framework::spring::RESOURCES;

/// Kotlin.
pub const LANGUAGE: Language = Language {
    name: "kotlin",
    extensions: &["kt"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`getResource()`, `getResourceAsStream()`, `ClassPathResource`, `classpath:` in Spring's annotations; views of Spring's controllers",
    leaves: "names that pass through variables, raw strings, `META-INF`, build scripts",
    scan,
};

/// Most comments of a source, times its length in bytes.
const MAX_COMMENTED: usize = 64 << 20;

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    if !classpath::names_any(source) {
        return Scan::default();
    }
    let Some(tree) = grow(source) else { return Scan { lexical: true, ..Scan::default() } };
    let mut unit = Unit::new(input);
    descend(tree.root_node(), (), |node, (), _| declaration(&mut unit, node));
    descend(tree.root_node(), Around::default(), |node, around, _| enter(&mut unit, node, around));
    Scan { references: unit.finish(), ..Scan::default() }
}

/// The tree of a source. Comments nest, and each that is open is looked for to the end.
fn grow(source: &[u8]) -> Option<Tree> {
    let comments = memchr::memmem::find_iter(source, b"/*").count();
    let cheap = comments.saturating_mul(source.len()) <= MAX_COMMENTED;
    cheap.then(|| grown::bounded_tree(&tree_sitter_kotlin_ng::LANGUAGE.into(), source)).flatten()
}

/// What others refer to.
fn declaration(unit: &mut Unit<'_>, node: Node<'_>) {
    let named = node.named_child(0).map_or(&b""[..], |name| text(unit.source, name));
    match node.kind() {
        "package_header" => unit.package = classpath::folder(named),
        // What has another name here is not known by its own.
        "import" if node.named_child_count() > 1 => {}
        "import" if text(unit.source, node).trim_ascii_end().ends_with(b"*") => unit.import(&[named, b".*"].concat()),
        "import" => unit.import(named),
        "property_declaration" => constant(unit, node),
        _ => {}
    }
}

/// `val VIEW = "owners/list"`
fn constant(unit: &mut Unit<'_>, node: Node<'_>) {
    let children = children(node);
    let declared = children.iter().find(|child| child.kind() == "variable_declaration");
    let name = declared.and_then(|one| one.named_child(0)).map(|name| text(unit.source, name));
    let value = children.iter().find_map(|&child| string(child));
    let mut cursor = node.walk();
    let fixed = node.children(&mut cursor).any(|one| one.kind() == "val");
    if let (Some(name), Some(value), true) = (name, value, fixed) {
        unit.constant(name, value);
    }
}

fn enter(unit: &mut Unit<'_>, node: Node<'_>, around: Around) -> Around {
    match node.kind() {
        "class_declaration" | "object_declaration" => return around.class(&annotations(unit.source, node)),
        "function_declaration" => return function(unit, node, around),
        "lambda_literal" | "class_body" if around.action => return Around { action: false, ..around },
        "call_expression" => call(unit, node, around.guarded),
        "assignment" => assigned(unit, node),
        "annotation" => annotation(unit, node),
        "return_expression" if around.action => children(node).into_iter().for_each(|value| given(unit, value)),
        "try_expression" => return Around { guarded: around.guarded || is_handled(unit.source, node), ..around },
        _ => {}
    }
    around
}

/// A function whose text is a view, maybe without braces: `fun list() = "owners/list"`.
fn function(unit: &mut Unit<'_>, node: Node<'_>, around: Around) -> Around {
    let children = children(node);
    let kind = children.iter().find(|child| child.kind() == "user_type").map(|kind| text(unit.source, *kind));
    let around = around.method(&annotations(unit.source, node));
    let around = Around { action: around.action && kind.is_none_or(|kind| kind == b"String"), ..around };
    let body = children.iter().find(|child| child.kind() == "function_body").filter(|_| around.action);
    body.and_then(|body| body.named_child(0)).into_iter().for_each(|value| given(unit, value));
    around
}

/// What a function of a controller gives: a text, a constant, or one of two.
fn given(unit: &mut Unit<'_>, value: Node<'_>) {
    const CONSTRUCT: &str = "return";
    let each = if value.kind() == "if_expression" { children(value) } else { vec![value] };
    for value in each {
        match string(value) {
            Some(span) => unit.view(span, CONSTRUCT),
            None => unit.constant_view(text(unit.source, value), CONSTRUCT),
        }
    }
}

fn call(unit: &mut Unit<'_>, node: Node<'_>, guarded: bool) {
    let Some(called) = node.named_child(0) else { return };
    let arguments = arguments(node);
    let Some(first) = arguments.first().copied() else { return };
    let guarded = guarded || is_provided_for(&unit.source[node.end_byte().min(unit.source.len())..]);
    if called.kind() == "identifier" {
        return creation(unit, text(unit.source, called), &arguments, guarded);
    }
    let parts = if called.kind() == "navigation_expression" { children(called) } else { Vec::new() };
    let [receiver, method] = *parts.as_slice() else { return };
    let method = text(unit.source, method);
    if method == b"setViewName" {
        string(first).into_iter().for_each(|span| unit.view(span, "setViewName"));
        return;
    }
    let Some(construct) = classpath::loads(method) else { return };
    let named = text(unit.source, receiver);
    let (start, name) = match *arguments.as_slice() {
        [name] if named == b"Resources" => (Some(Start::Loader), name),
        [class, name] if named == b"Resources" => (start(unit, class), name),
        [name] if construct != "ResourceUtils" => (start(unit, receiver), name),
        [name] => (None, name),
        _ => return,
    };
    if let Some(span) = string(name) {
        let guarded = guarded || unit.is_tested(node.end_byte());
        unit.resource(span, start, construct, guarded);
    }
}

/// `ClassPathResource("x")`, `ClassPathResource("x", Here::class.java)`, `ModelAndView("x")`.
fn creation(unit: &mut Unit<'_>, class: &[u8], arguments: &[Node<'_>], guarded: bool) {
    let Some(span) = arguments.first().copied().and_then(string) else { return };
    let start = match arguments.get(1) {
        _ if class == b"ModelAndView" => return unit.view(span, "ModelAndView"),
        _ if class != b"ClassPathResource" => return,
        None => Some(Start::Roots),
        Some(&second) => start(unit, second).map(|start| if start == Start::Loader { Start::Roots } else { start }),
    };
    if start.is_some() {
        unit.resource(span, start, "ClassPathResource", guarded);
    }
}

/// `mav.viewName = "owners/list"`
fn assigned(unit: &mut Unit<'_>, node: Node<'_>) {
    let named = node.child_by_field_name("left").is_some_and(|left| text(unit.source, left).ends_with(b".viewName"));
    let value = node.child_by_field_name("right").and_then(string).filter(|_| named);
    value.into_iter().for_each(|span| unit.view(span, "viewName"));
}

/// Where a receiver starts names: `javaClass`, `X::class.java`, and their class loaders.
fn start(unit: &Unit<'_>, receiver: Node<'_>) -> Option<Start> {
    const OWN: [&[u8]; 4] = [b"javaClass", b"this.javaClass", b"this::class.java", b"this::class.javaObjectType"];
    let named = text(unit.source, receiver);
    let named = named.strip_suffix(b"!!").or_else(|| named.strip_suffix(b"?")).unwrap_or(named);
    if named.len() > MAX_RECEIVER {
        return None;
    }
    let lower = named.to_ascii_lowercase();
    if lower.strip_suffix(b"()").unwrap_or(&lower).ends_with(b"classloader") {
        return Some(Start::Loader);
    }
    if OWN.contains(&named) {
        return Some(Start::Package(unit.package.clone()));
    }
    let name = named.strip_suffix(b"::class.java").or_else(|| named.strip_suffix(b"::class.javaObjectType"))?;
    unit.class(name)
}

/// `classpath:` in annotations of Spring's.
fn annotation(unit: &mut Unit<'_>, node: Node<'_>) {
    let Some(call) = node.named_child(0).filter(|call| call.kind() == "constructor_invocation") else { return };
    let name = call.named_child(0).map_or(&b""[..], |name| text(unit.source, name));
    let Some(row) = RESOURCES.iter().find(|row| row.name.as_bytes() == name) else { return };
    let mut found = Vec::new();
    let mut guarded = false;
    for argument in arguments_of(call).into_iter().flat_map(children) {
        let parts = children(argument);
        let (key, value) = match *parts.as_slice() {
            [value] => (&b"value"[..], value),
            [key, value] => (text(unit.source, key), value),
            _ => continue,
        };
        if key == b"value" || key == row.key.as_bytes() {
            found.extend(texts(value));
        } else {
            guarded |= key == b"ignoreResourceNotFound" && text(unit.source, value) == b"true";
        }
    }
    for span in found {
        unit.annotated(span, row, guarded);
    }
}

/// One string, or those of an array.
fn texts(value: Node<'_>) -> Vec<Span> {
    match value.kind() {
        "collection_literal" => children(value).into_iter().filter_map(string).collect(),
        "call_expression" => arguments(value).into_iter().filter_map(string).collect(),
        _ => string(value).into_iter().collect(),
    }
}

/// The names of the annotations of a class or a function.
fn annotations<'s>(source: &'s [u8], declared: Node<'_>) -> Vec<&'s [u8]> {
    let modifiers = children(declared).into_iter().find(|child| child.kind() == "modifiers");
    let all = modifiers.into_iter().flat_map(children).filter(|one| one.kind() == "annotation");
    let named = all.filter_map(|one| {
        let inner = one.named_child(0)?;
        if inner.kind() == "constructor_invocation" { inner.named_child(0) } else { Some(inner) }
    });
    named.map(|name| text(source, name)).collect()
}

/// Whether what stands behind a call goes on without what it gives: `?.`, `?:` but for what throws.
fn is_provided_for(behind: &[u8]) -> bool {
    let behind = behind.trim_ascii_start();
    let other = behind.strip_prefix(b"?:").map(<[u8]>::trim_ascii_start);
    behind.starts_with(b"?.")
        || other.is_some_and(|other| !other.starts_with(b"throw") && !other.starts_with(b"error("))
}

fn is_handled(source: &[u8], node: Node<'_>) -> bool {
    let mut clauses = children(node).into_iter().filter(|child| child.kind() == "catch_block");
    clauses.any(|clause| classpath::goes_on(text(source, clause)))
}

/// The inside of a string without escapes and templates.
fn string(node: Node<'_>) -> Option<Span> {
    grown::plain_string(node, "string_literal", "string_content")
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.kind().ends_with("comment")).collect()
}

fn arguments_of(call: Node<'_>) -> Option<Node<'_>> {
    children(call).into_iter().find(|child| child.kind() == "value_arguments")
}

/// The values of a call's arguments; none where one has a name.
fn arguments(call: Node<'_>) -> Vec<Node<'_>> {
    let list = arguments_of(call).map(children).unwrap_or_default();
    let values: Vec<_> = list.iter().map(|argument| children(*argument)).collect();
    let plain = values.iter().all(|parts| parts.len() == 1);
    if plain { values.into_iter().flatten().collect() } else { Vec::new() }
}
