//! What sources of Java and of Kotlin name: resources on the class path (docs.oracle.com, `Class.getResource` and
//! `ClassLoader.getResource`; docs.spring.io, "Resources"), and views of Spring's controllers.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::framework::spring::{Annotation, BODIES, CONTROLLERS, HANDLERS};
use crate::language::{Action, Input, Namespace, Reference};
use crate::path;

/// Longest source that is parsed, in bytes.
pub(in crate::language) const MAX_SOURCE: usize = 1 << 20;
/// Longest receiver that is told by its text, in bytes.
pub(in crate::language) const MAX_RECEIVER: usize = 120;
/// How much behind a call is looked through for a test of what it gave, in bytes.
const MAX_BEHIND: usize = 300;
/// How much of a handler is looked through, in bytes.
const MAX_HANDLER: usize = 400;
/// What a source says that names a resource or a view.
const WORDS: [&[u8]; 9] = [
    b"getResource",
    b"getSystemResource",
    b"classpath:",
    b"ClassPathResource",
    b"@Sql",
    b"@ContextConfiguration",
    b"@TestPropertySource",
    b"@Controller",
    b"ModelAndView",
];

/// Whether a source may name something.
pub(in crate::language) fn names_any(source: &[u8]) -> bool {
    WORDS.iter().any(|word| memchr::memmem::find(source, word).is_some())
}

/// Calls that load a resource.
pub(in crate::language) fn loads(method: &[u8]) -> Option<&'static str> {
    Some(match method {
        b"getResource" => "getResource",
        b"getResourceAsStream" => "getResourceAsStream",
        b"getResourceAsReader" => "getResourceAsReader",
        b"getSystemResource" => "getSystemResource",
        b"getSystemResourceAsStream" => "getSystemResourceAsStream",
        b"getFile" | b"getURL" => "ResourceUtils",
        _ => return None,
    })
}

/// Where a name starts on the class path.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::language) enum Start {
    /// At its roots; a slash at the start names nothing.
    Loader,
    /// At its roots, with a slash at the start or without.
    Roots,
    /// At a package, or at the roots with a slash at the start.
    Package(Vec<u8>),
}

/// What holds at a place of a source.
#[derive(Clone, Copy, Default)]
pub(in crate::language) struct Around {
    /// A handler goes on without what is missing.
    pub(in crate::language) guarded: bool,
    /// The class gives names of views.
    pub(in crate::language) controller: bool,
    /// The method does.
    pub(in crate::language) action: bool,
}

impl Around {
    /// In a class with these annotations.
    pub(in crate::language) fn class(self, annotations: &[&[u8]]) -> Self {
        let controller = has(annotations, &CONTROLLERS) && !has(annotations, &BODIES);
        Around { controller, action: false, ..self }
    }

    /// In a method with these annotations.
    pub(in crate::language) fn method(self, annotations: &[&[u8]]) -> Self {
        let action = self.controller && has(annotations, &HANDLERS) && !has(annotations, &BODIES);
        Around { action, ..self }
    }
}

fn has(annotations: &[&[u8]], rows: &[&[u8]]) -> bool {
    annotations.iter().any(|name| rows.contains(name))
}

/// What is known of one source.
#[derive(Default)]
pub(in crate::language) struct Unit<'s> {
    pub(in crate::language) source: &'s [u8],
    path: &'s [u8],
    /// With slashes.
    pub(in crate::language) package: Vec<u8>,
    /// The packages of imported classes, by the class.
    imports: FxHashMap<Vec<u8>, Vec<u8>>,
    /// `import a.b.*`: a class may come from there.
    open: bool,
    /// Constants that are one text.
    constants: FxHashMap<&'s [u8], Span>,
    references: Vec<Reference<'s>>,
}

impl<'s> Unit<'s> {
    pub(in crate::language) fn new(input: Input<'s>) -> Self {
        Unit { source: input.source.bytes(), path: input.path, ..Unit::default() }
    }

    /// References in the order of the source, each once.
    pub(in crate::language) fn finish(mut self) -> Vec<Reference<'s>> {
        self.references.sort_by_key(|reference| reference.span);
        self.references.dedup_by_key(|reference| reference.span);
        self.references
    }

    /// `import a.b.C`, which is `C` here, or `import a.b.*`.
    pub(in crate::language) fn import(&mut self, name: &[u8]) {
        let name = folder(name);
        self.open |= name.ends_with(b"*");
        self.imports.insert(path::name(&name).to_vec(), path::parent(&name).to_vec());
    }

    /// A constant that is one text.
    pub(in crate::language) fn constant(&mut self, name: &'s [u8], span: Span) {
        self.constants.insert(name, span);
    }

    /// A class by its name; of one that may come from anywhere nothing is known.
    pub(in crate::language) fn class(&self, name: &[u8]) -> Option<Start> {
        let first = name
            .split(|&byte| byte == b'.')
            .next()
            .filter(|first| first.first().is_some_and(u8::is_ascii_uppercase))?;
        let own = path::without_extension(path::name(self.path)) == first;
        match self.imports.get(first) {
            Some(package) if !own => Some(Start::Package(package.clone())),
            _ => (own || !self.open).then(|| Start::Package(self.package.clone())),
        }
    }

    /// What a call gives is asked for before it is used.
    pub(in crate::language) fn is_tested(&self, end: usize) -> bool {
        let behind = &self.source[end.min(self.source.len())..];
        let behind = &behind[..behind.len().min(MAX_BEHIND)];
        [&b"null"[..], b"exists()"].iter().any(|word| memchr::memmem::find(behind, word).is_some())
    }

    /// A resource that a call loads; only what begins with `classpath:` is one where no start is known.
    pub(in crate::language) fn resource(
        &mut self,
        span: Span,
        start: Option<Start>,
        construct: &'static str,
        guarded: bool,
    ) {
        match (prefixed(self.source, span), start) {
            (Some(inner), _) => self.push(inner, Start::Roots, construct, guarded),
            (None, Some(start)) => self.push(span, start, construct, guarded),
            (None, None) => {}
        }
    }

    /// A value of an annotation.
    pub(in crate::language) fn annotated(&mut self, span: Span, row: &Annotation, guarded: bool) {
        let start = (!row.prefixed).then(|| Start::Package(self.package.clone()));
        self.resource(span, start, row.name, guarded);
    }

    /// A view that a constant of this source names.
    pub(in crate::language) fn constant_view(&mut self, name: &[u8], construct: &'static str) {
        if let Some(&span) = self.constants.get(name) {
            self.view(span, construct);
        }
    }

    /// The name of a view, what stands before a fragment of it (`list :: rows`).
    pub(in crate::language) fn view(&mut self, span: Span, construct: &'static str) {
        const PARTS: &[u8] = b"$#{}*?%<>|\\: \n";
        let text = span.of(self.source);
        let whole = memchr::memmem::find(text, b"::").map_or(text, |at| text[..at].trim_ascii_end());
        let named = !whole.is_empty() && !whole.iter().any(|byte| PARTS.contains(byte)) && !whole.ends_with(b"/");
        let start = span.start as usize;
        let span = Span::new(start, start + whole.len());
        let namespace = Namespace::Action(Action::Spring);
        if named {
            self.references.push(Reference::literal(span, whole, construct, namespace, Strength::Fatal));
        }
    }

    fn push(&mut self, span: Span, start: Start, construct: &'static str, guarded: bool) {
        const PARTS: &[u8] = b"$#{}*?%<>|\\:\n";
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

/// `a.b` as `a/b`.
pub(in crate::language) fn folder(name: &[u8]) -> Vec<u8> {
    name.trim_ascii().iter().map(|&byte| if byte == b'.' { b'/' } else { byte }).collect()
}

/// What stands behind `classpath:`.
fn prefixed(source: &[u8], span: Span) -> Option<Span> {
    const PREFIX: &[u8] = b"classpath:";
    let (start, end) = (span.start as usize, span.end as usize);
    span.of(source).starts_with(PREFIX).then(|| Span::new(start + PREFIX.len(), end))
}

/// Whether a handler goes on without what is missing: exceptions of files must be caught, and are mostly thrown again.
pub(in crate::language) fn goes_on(handler: &[u8]) -> bool {
    let text = &handler[..handler.len().min(MAX_HANDLER)];
    ![&b"throw"[..], b"fail("].iter().any(|word| memchr::memmem::find(text, word).is_some())
}
