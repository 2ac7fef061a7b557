//! Java (docs.oracle.com, `Class.getResource` and `ClassLoader.getResource`), and Spring's names of what lies on the
//! class path (docs.spring.io, "Resources", "Context Configuration with XML resources", "Executing SQL Scripts").
//!
//! Read: `getResource` and its kin by their receiver, `ClassPathResource`, `classpath:` in what loads resources and in
//! annotations ([`annotations`]). Parsed by tree-sitter's grammar, and only where one of these words stands.
//!
//! Knowingly not read: names that are put together or pass through variables, patterns, `META-INF`, names of views,
//! bundles, files by the working directory.

mod annotations;

use rustc_hash::FxHashMap;
use tree_sitter::{Node, Parser};

use super::syntax::descent::descend;
use super::{Input, Language, Namespace, Phase, Reference, Scan};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// Java.
pub const LANGUAGE: Language = Language {
    name: "java",
    extensions: &["java"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`getResource()`, `getResourceAsStream()`, `ClassPathResource`, `classpath:` in Spring's annotations, `@Sql`, `@ContextConfiguration`",
    leaves: "names that pass through variables, patterns, `META-INF`, names of views",
    scan,
};

/// Longest source that is parsed, in bytes.
const MAX_SOURCE: usize = 1 << 20;
/// Longest receiver that is told by its text, in bytes.
const MAX_RECEIVER: usize = 120;
/// How much behind a call is looked through for a test of what it gave, in bytes.
const MAX_BEHIND: usize = 300;
/// How much of a handler is looked through, in bytes.
const MAX_HANDLER: usize = 400;
/// What a source says that names a resource.
const WORDS: [&[u8]; 7] = [
    b"getResource",
    b"getSystemResource",
    b"classpath:",
    b"ClassPathResource",
    b"@Sql",
    b"@ContextConfiguration",
    b"@TestPropertySource",
];

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    if !WORDS.iter().any(|word| memchr::memmem::find(source, word).is_some()) {
        return Scan::default();
    }
    let Some(tree) = parser(source).and_then(|mut parser| parser.parse(source, None)) else {
        return Scan { lexical: true, ..Scan::default() };
    };
    let mut unit = Unit { source, path: input.path, ..Unit::default() };
    descend(tree.root_node(), false, |node, guarded, _| {
        match node.kind() {
            "package_declaration" => unit.package = folder(unit.text(node), b"package"),
            "import_declaration" => unit.import(node),
            "method_invocation" => unit.call(node, guarded),
            "object_creation_expression" => unit.creation(node, guarded),
            "annotation" => unit.annotation(node),
            "try_statement" | "try_with_resources_statement" => return guarded || unit.is_handled(node),
            _ => {}
        }
        guarded
    });
    unit.references.sort_by_key(|reference| reference.span);
    Scan { references: unit.references, ..Scan::default() }
}

fn parser(source: &[u8]) -> Option<Parser> {
    let mut parser = Parser::new();
    let ready = parser.set_language(&tree_sitter_java::LANGUAGE.into()).is_ok();
    (ready && source.len() <= MAX_SOURCE).then_some(parser)
}

/// `package a.b;` as `a/b`.
fn folder(text: &[u8], keyword: &[u8]) -> Vec<u8> {
    let name = text.strip_prefix(keyword).unwrap_or(text).trim_ascii();
    let name = name.strip_suffix(b";").unwrap_or(name).trim_ascii();
    name.iter().map(|&byte| if byte == b'.' { b'/' } else { byte }).collect()
}

/// Where a name starts on the class path.
#[derive(Debug, PartialEq, Eq)]
enum Start {
    /// At its roots; a slash at the start names nothing.
    Loader,
    /// At its roots, with a slash at the start or without.
    Roots,
    /// At a package, or at the roots with a slash at the start.
    Package(Vec<u8>),
}

/// What is known of one source.
#[derive(Default)]
struct Unit<'s> {
    source: &'s [u8],
    path: &'s [u8],
    /// With slashes.
    package: Vec<u8>,
    /// The packages of imported classes, by the class.
    imports: FxHashMap<&'s [u8], Vec<u8>>,
    /// `import a.b.*`: a class may come from there.
    open: bool,
    references: Vec<Reference<'s>>,
}

impl<'s> Unit<'s> {
    fn text(&self, node: Node<'_>) -> &'s [u8] {
        self.source.get(node.byte_range()).unwrap_or_default()
    }

    fn import(&mut self, node: Node<'_>) {
        let name = folder(self.text(node), b"import");
        self.open |= name.ends_with(b"*");
        let class = node.named_child(0).map_or(&b""[..], |class| self.text(class));
        let class = &class[memchr::memrchr(b'.', class).map_or(0, |dot| dot + 1)..];
        self.imports.insert(class, path::parent(&name).to_vec());
    }

    /// The inside of a string without escapes.
    fn string(&self, node: Node<'_>) -> Option<Span> {
        let inner = node.named_child(0).filter(|_| node.kind() == "string_literal" && node.named_child_count() == 1)?;
        (inner.kind() == "string_fragment").then(|| Span::new(inner.start_byte(), inner.end_byte()))
    }

    fn call(&mut self, node: Node<'_>, guarded: bool) {
        let Some(method) = node.child_by_field_name("name").map(|name| self.text(name)) else { return };
        let construct = match method {
            b"getResource" => "getResource",
            b"getResourceAsStream" => "getResourceAsStream",
            b"getResourceAsReader" => "getResourceAsReader",
            b"getSystemResource" => "getSystemResource",
            b"getSystemResourceAsStream" => "getSystemResourceAsStream",
            b"getFile" | b"getURL" => "ResourceUtils",
            _ => return,
        };
        let receiver = node.child_by_field_name("object");
        let named = receiver.map_or(&b""[..], |receiver| self.text(receiver));
        let arguments = arguments(node);
        let guarded = guarded || self.is_tested(node);
        let (start, name) = match *arguments.as_slice() {
            [name] if named == b"Resources" => (Some(Start::Loader), name),
            [class, name] if named == b"Resources" => (self.class(class), name),
            [name] if construct != "ResourceUtils" => (receiver.and_then(|receiver| self.start(receiver)), name),
            [name] => (None, name),
            _ => return,
        };
        let Some(span) = self.string(name) else { return };
        match (prefixed(self.source, span), start) {
            (Some(inner), _) => self.push(inner, Start::Roots, construct, guarded),
            (None, Some(start)) => self.push(span, start, construct, guarded),
            (None, None) => {}
        }
    }

    /// `new ClassPathResource("x")`, `new ClassPathResource("x", Here.class)`.
    fn creation(&mut self, node: Node<'_>, guarded: bool) {
        let Some(class) = node.child_by_field_name("type") else { return };
        let arguments = arguments(node);
        let Some(&first) = arguments.first().filter(|_| self.text(class) == b"ClassPathResource") else { return };
        let start = match arguments.get(1) {
            None => Some(Start::Roots),
            Some(&second) if second.kind() == "class_literal" => self.class(second),
            Some(&second) => self.start(second).map(|start| if start == Start::Loader { Start::Roots } else { start }),
        };
        let guarded = guarded || self.is_tested(node);
        if let (Some(span), Some(start)) = (self.string(first), start) {
            self.push(span, start, "ClassPathResource", guarded);
        }
    }

    /// Where a receiver starts names.
    fn start(&self, receiver: Node<'_>) -> Option<Start> {
        let text = self.text(receiver);
        if receiver.kind() == "class_literal" {
            return self.class(receiver);
        }
        if text.len() > MAX_RECEIVER {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        let lower = lower.strip_suffix(b"()").unwrap_or(&lower);
        if lower.ends_with(b"classloader") {
            return Some(Start::Loader);
        }
        matches!(text, b"getClass()" | b"this.getClass()").then(|| Start::Package(self.package.clone()))
    }

    /// The package of `Class.class`; of a class that may come from anywhere nothing is known.
    fn class(&self, literal: Node<'_>) -> Option<Start> {
        let name = self.text(literal).strip_suffix(b".class")?;
        let first = name
            .split(|&byte| byte == b'.')
            .next()
            .filter(|first| first[..].first().is_some_and(u8::is_ascii_uppercase))?;
        let own = path::without_extension(path::name(self.path)) == first;
        match self.imports.get(first) {
            Some(package) if !own => Some(Start::Package(package.clone())),
            _ => (own || !self.open).then(|| Start::Package(self.package.clone())),
        }
    }

    /// What a call gives is asked for before it is used.
    fn is_tested(&self, node: Node<'_>) -> bool {
        let behind = &self.source[node.end_byte().min(self.source.len())..];
        let behind = &behind[..behind.len().min(MAX_BEHIND)];
        [&b"null"[..], b"exists()"].iter().any(|word| memchr::memmem::find(behind, word).is_some())
    }

    /// Whether a handler goes on without what is missing: exceptions of files must be caught, and are mostly thrown
    /// again.
    fn is_handled(&self, node: Node<'_>) -> bool {
        let mut cursor = node.walk();
        node.named_children(&mut cursor).filter(|child| child.kind() == "catch_clause").any(|clause| {
            let text = self.text(clause);
            let text = &text[..text.len().min(MAX_HANDLER)];
            ![&b"throw"[..], b"fail("].iter().any(|word| memchr::memmem::find(text, word).is_some())
        })
    }

    fn push(&mut self, span: Span, start: Start, construct: &'static str, guarded: bool) {
        const PARTS: &[u8] = b"$#{}*?%<>|\\: \n";
        let text = span.of(self.source);
        let (rooted, name) = match text.strip_prefix(b"/") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if name.is_empty() || name.iter().any(|byte| PARTS.contains(byte)) {
            return;
        }
        let expr = match start {
            Start::Loader if rooted => return,
            Start::Package(package) if !rooted && !package.is_empty() => {
                PathExpr::literal([package.as_slice(), b"/"].concat()).then(PathExpr::literal(name))
            }
            _ => PathExpr::literal(name),
        };
        let (namespace, strength, ceiling) = (Namespace::Classpath, Strength::Fatal, Severity::Error);
        self.references.push(Reference { span, tail: span, expr, construct, namespace, strength, guarded, ceiling });
    }
}

/// What stands behind `classpath:`.
fn prefixed(source: &[u8], span: Span) -> Option<Span> {
    const PREFIX: &[u8] = b"classpath:";
    let (start, end) = (span.start as usize, span.end as usize);
    span.of(source).starts_with(PREFIX).then(|| Span::new(start + PREFIX.len(), end))
}

fn arguments(call: Node<'_>) -> Vec<Node<'_>> {
    let Some(list) = call.child_by_field_name("arguments") else { return Vec::new() };
    let mut cursor = list.walk();
    list.named_children(&mut cursor).filter(|node| !node.kind().ends_with("comment")).collect()
}
