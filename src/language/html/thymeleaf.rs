//! Thymeleaf in pages of Spring (thymeleaf.org, "Using Thymeleaf", 8.1 "Including template fragments" and 4.4 "Link
//! URLs"; docs.spring.io, "Static Content").
//!
//! Read: the template of `th:replace`, `th:insert`, `th:include`, `layout:decorate`; `@{/…}` of `th:src` and `th:href`
//! with the extension of a static file. Names with an expression in them are not known.

use super::attributes::has_static_extension;
use super::tokens::{self, Sink, Tag, Value};
use crate::diagnostic::{Span, Strength};
use crate::language::Input;
use crate::path;
use crate::reference::{Namespace, Reference};

/// Attributes that name a template, and what reports call them.
const FRAGMENTS: [(&[u8], &str); 5] = [
    (b"layout:decorate", "layout:decorate"),
    (b"th:include", "th:include"),
    (b"th:insert", "th:insert"),
    (b"th:replace", "th:replace"),
    (b"th:substituteby", "th:substituteby"),
];
/// Attributes that name a static file.
const LINKS: [(&[u8], &str); 2] = [(b"th:href", "th:href"), (b"th:src", "th:src")];
/// Where Spring has its templates.
const TEMPLATES: &[u8] = b"src/main/resources/templates/";
/// What only stands in expressions.
const EXPRESSION: &[u8] = b"$*#@(){}|'\"+?:;<>%\\\n\t \x1a";

/// Whether Thymeleaf reads a page.
pub(super) fn is_page(input: Input<'_>) -> bool {
    let at = memchr::memmem::find(input.path, TEMPLATES);
    at.is_some_and(|at| at == 0 || input.path[at - 1] == b'/')
        && memchr::memmem::find(input.source.bytes(), b"th:").is_some()
}

/// What the attributes of Thymeleaf name.
pub(super) fn references(source: &[u8]) -> Vec<Reference<'_>> {
    let mut fragments = Fragments { source, references: Vec::new() };
    tokens::read(source, false, &mut fragments);
    fragments.references
}

struct Fragments<'s> {
    source: &'s [u8],
    references: Vec<Reference<'s>>,
}

impl Sink for Fragments<'_> {
    fn tag(&mut self, tag: &Tag<'_>) {
        for (name, value) in tag.attributes() {
            let name = name.strip_prefix(b"data-").unwrap_or(name);
            let is = |row: &&(&[u8], &'static str)| row.0 == name;
            if !value.is_exact() {
                continue;
            }
            if let Some((_, construct)) = FRAGMENTS.iter().find(is) {
                self.fragment(construct, &value);
            } else if let Some((_, construct)) = LINKS.iter().find(is) {
                self.link(construct, &value);
            }
        }
    }

    fn raw_text(&mut self, _: &Tag<'_>, _: usize, _: usize) {}

    fn comment(&mut self, _: usize, _: usize) {}
}

impl<'s> Fragments<'s> {
    /// `~{a/b :: c}`, `a/b :: c`, `~{a/b}`: the template `a/b.html`.
    fn fragment(&mut self, construct: &'static str, value: &Value<'_>) {
        let text = value.raw.trim_ascii();
        let inner = text.strip_prefix(b"~{").and_then(|text| text.strip_suffix(b"}")).unwrap_or(text);
        let end = memchr::memmem::find(inner, b"::").unwrap_or(inner.len());
        let name = inner[..end].trim_ascii();
        if name.is_empty() || name == b"this" || name.iter().any(|byte| EXPRESSION.contains(byte)) {
            return;
        }
        let climbs = path::segments(name).any(|segment| matches!(segment, b"." | b".."));
        let Some(span) = self.place(value, name).filter(|_| !climbs) else { return };
        let named = name.strip_prefix(b"/").unwrap_or(name);
        let extended = path::split_extension(path::name(named)).1.is_some();
        let file = if extended { named.to_vec() } else { [named, b".html"].concat() };
        let reference = Reference::literal(span, file, construct, Namespace::Template, Strength::Fatal);
        self.references.push(Reference { tail: if extended { span } else { Span::default() }, ..reference });
    }

    /// `@{/css/x.css(v=1)}`: a file of the static folders.
    fn link(&mut self, construct: &'static str, value: &Value<'_>) {
        let text = value.raw.trim_ascii();
        let Some(inner) = text.strip_prefix(b"@{/").and_then(|text| text.strip_suffix(b"}")) else { return };
        let end = inner.iter().position(|byte| b"(?#".contains(byte)).unwrap_or(inner.len());
        let name = inner[..end].trim_ascii();
        let brought = name.starts_with(b"/") || name.starts_with(b"webjars/");
        if brought || !has_static_extension(name) || name.iter().any(|byte| EXPRESSION.contains(byte)) {
            return;
        }
        if let Some(span) = self.place(value, name) {
            let text = span.of(self.source);
            self.references.push(Reference::literal(span, text, construct, Namespace::Static, Strength::Broken));
        }
    }

    /// Where a part of a value stands in the source.
    fn place(&self, value: &Value<'_>, part: &[u8]) -> Option<Span> {
        let at = memchr::memmem::find(value.raw, part)?;
        let span = Span::new(value.start + at, value.start + at + part.len());
        (span.of(self.source) == part).then_some(span)
    }
}
