//! A page: what each tag, raw text and comment refers to.

use std::ops::Range;

use super::super::css;
use super::super::syntax::json;
use super::super::syntax::url::{self, Role, Written};
use super::super::{HOLE, Namespace, Reference, UrlKind};
use super::attributes::{self, Shape};
use super::comments::{self, Comment};
use super::elements::{self, Meta};
use super::srcset;
use super::tokens::{self, Sink, Tag, Value};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::source::lossless_text;

const INCLUDE: Role = Role::broken("include virtual", UrlKind::Asset);
const STYLE_SHEET: Role = Role::broken("xml-stylesheet href", UrlKind::Asset);
const IMPORT_MAP: Role = Role::broken("import map", UrlKind::Asset);

/// Collects the references of a page.
pub(super) struct Collector<'s, 'm> {
    source: &'s [u8],
    masked: &'m [u8],
    /// Where `source` stands in the file: a conditional comment is read as a page of its own.
    offset: usize,
    xml: bool,
    base: Option<Base<'s>>,
    pub references: Vec<Reference<'s>>,
    /// Every style sheet was read in full.
    pub whole: bool,
    /// AngularJS fills the page in the browser (`ng-app`): what is open in it is open there, not on the server.
    pub client: bool,
}

/// What `base href` says.
#[derive(Clone)]
enum Base<'s> {
    /// A directory: relative URLs start there.
    Directory(PathExpr<'s>),
    /// Another host: every URL without a scheme is its.
    Elsewhere(PathExpr<'s>),
}

impl<'s, 'm> Collector<'s, 'm> {
    /// Reads `source`, in which `masked` has holes for islands.
    pub fn read(source: &'s [u8], masked: &'m [u8], xml: bool) -> Self {
        let mut collector = Collector {
            source,
            masked,
            offset: 0,
            xml,
            base: None,
            references: Vec::new(),
            whole: true,
            client: false,
        };
        tokens::read(masked, xml, &mut collector);
        collector
    }

    fn push(&mut self, written: Written<'s>, role: Role) {
        if let Some(mut reference) = written.reference(role) {
            if let Some(base) = &self.base {
                rebase(&mut reference, base);
            }
            self.references.push(reference);
        }
    }

    fn written(&self, value: Value<'_>) -> Written<'s> {
        if value.is_exact() {
            return Written::at(self.source, self.masked, value.start, value.end, self.offset);
        }
        Written::decoded(self.span(value), value.text.to_vec())
    }

    fn span(&self, value: Value<'_>) -> Span {
        Span::new(value.start + self.offset, value.end + self.offset)
    }

    /// Part of a value: exact where it stands in the source as it is, found by its text after a decoded one.
    /// `exact` is [`Value::is_exact`], which costs a comparison: a list of a million parts asks once.
    fn part(&self, value: Value<'_>, exact: bool, range: Range<usize>, cursor: &mut usize) -> Written<'s> {
        let text = value.text.get(range.clone()).unwrap_or_default();
        let found = if exact { Some(range.start) } else { find_from(value.raw, text, *cursor) };
        match found {
            Some(at) => {
                *cursor = at + text.len();
                let start = value.start + at;
                Written::at(self.source, self.masked, start, start + text.len(), self.offset)
            }
            None => Written::decoded(self.span(value), text.to_vec()),
        }
    }

    fn list(&mut self, value: Value<'_>, role: Role, lazy: bool) {
        let mut cursor = 0;
        let exact = value.is_exact();
        for range in srcset::urls(value.text) {
            if !lazy || attributes::has_static_extension(&value.text[range.clone()]) {
                let written = self.part(value, exact, range, &mut cursor);
                self.push(written, role);
            }
        }
    }

    fn attribute(&mut self, tag: &Tag<'_>, name: &[u8], value: Value<'_>) {
        let Some(row) = attributes::row(name, tag.name()) else {
            if name == b"style" || attributes::is_presentation(name) {
                self.style(value);
            }
            return;
        };
        let role = adjusted(row.role, tag, name);
        match row.shape {
            Shape::Url if name == b"src" && tag.name() == b"input" && tag.keyword(b"type").as_ref() != b"image" => {}
            Shape::Url => self.push(self.written(value), role),
            Shape::Lazy if attributes::has_static_extension(value.text) => self.push(self.written(value), role),
            Shape::Lazy => {}
            Shape::List => self.list(value, role, false),
            Shape::LazyList => self.list(value, role, true),
        }
    }

    /// Declarations in an attribute.
    fn style(&mut self, value: Value<'_>) {
        if memchr::memchr(b'(', value.text).is_none() {
            return;
        }
        let (start, end) = (value.start, value.end);
        let from = self.references.len();
        if value.is_exact() {
            let block = self.source.get(start..end).unwrap_or_default();
            self.whole &= css::scan_block(block, value.raw, start + self.offset, &mut self.references);
        } else {
            self.decoded_style(value);
        }
        self.rebase_from(from);
    }

    /// Declarations with character references in them: a URL is found again in the source by its text.
    fn decoded_style(&mut self, value: Value<'_>) {
        let mut found = Vec::new();
        self.whole &= css::scan_block(value.text, value.text, 0, &mut found);
        let whole = self.span(value);
        let mut cursor = 0;
        for reference in found {
            let text = reference.expr.as_literal().unwrap_or_default();
            let place = find_from(value.raw, text, cursor).filter(|_| !text.is_empty());
            let (span, tail) = match place {
                Some(at) => {
                    cursor = at + text.len();
                    let start = value.start + self.offset + at;
                    let span = Span::new(start, start + text.len());
                    (span, span)
                }
                None => (whole, Span::default()),
            };
            self.references.push(Reference { span, tail, ..reference.into_owned() });
        }
    }

    fn rebase_from(&mut self, from: usize) {
        if let Some(base) = &self.base {
            self.references.iter_mut().skip(from).for_each(|reference| rebase(reference, base));
        }
    }

    fn link(&mut self, tag: &Tag<'_>) {
        let Some(role) = elements::link(&tag.keyword(b"rel")) else { return };
        if let Some(href) = tag.get(b"href") {
            self.push(self.written(href), role);
        }
        if let Some(list) = tag.get(b"imagesrcset") {
            self.list(list, Role { construct: "link imagesrcset", ..role }, false);
        }
    }

    fn meta(&mut self, tag: &Tag<'_>) {
        let Some(content) = tag.get(b"content") else { return };
        match elements::meta(tag) {
            Some(Meta::Url(role)) => self.push(self.written(content), role),
            Some(Meta::Refresh) => {
                if let Some(range) = elements::refresh(content.text) {
                    let written = self.part(content, content.is_exact(), range, &mut 0);
                    self.push(written, Role::broken("meta refresh", UrlKind::Navigation));
                }
            }
            None => {}
        }
    }

    fn base(&mut self, tag: &Tag<'_>) {
        let Some(href) = tag.get(b"href").filter(|_| self.base.is_none()) else { return };
        let text = href.text.trim_ascii();
        let end = memchr::memchr2(b'?', b'#', text).unwrap_or(text.len());
        let path = &text[..end];
        self.base = if url::has_scheme(path) {
            Some(Base::Elsewhere(PathExpr::literal(path.to_vec())))
        } else if path.contains(&HOLE) {
            Some(Base::Directory(PathExpr::Hole))
        } else {
            // Without its last segment, as a URL is relative to the directory of its base.
            let directory = memchr::memrchr(b'/', path).map(|slash| &path[..=slash]);
            directory.map(|directory| Base::Directory(PathExpr::literal(directory.to_vec())))
        };
    }

    fn conditional(&mut self, start: usize, end: usize) {
        let (Some(source), Some(masked)) = (self.source.get(start..end), self.masked.get(start..end)) else { return };
        let mut inner = Collector {
            source,
            masked,
            offset: self.offset + start,
            xml: self.xml,
            base: self.base.clone(),
            references: Vec::new(),
            whole: true,
            client: false,
        };
        tokens::read(masked, self.xml, &mut inner);
        self.whole &= inner.whole;
        self.references.extend(inner.references.into_iter().map(|reference| Reference {
            strength: Strength::Silent,
            ceiling: reference.ceiling.min(Severity::Warning),
            ..reference
        }));
    }

    fn import_map(&mut self, start: usize, end: usize) {
        let json = lossless_text(self.masked.get(start..end).unwrap_or_default());
        for range in import_targets(&json) {
            let written = Written::at(self.source, self.masked, start + range.start, start + range.end, self.offset);
            self.push(written, IMPORT_MAP);
        }
    }
}

impl Sink for Collector<'_, '_> {
    fn tag(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            b"link" => self.link(tag),
            b"meta" => self.meta(tag),
            b"base" => return self.base(tag),
            b"param" if elements::is_url_param(&tag.keyword(b"name")) => {
                if let Some(value) = tag.get(b"value") {
                    self.push(
                        self.written(value),
                        Role::broken("param value", UrlKind::Asset).at_most(Severity::Warning),
                    );
                }
            }
            _ => {}
        }
        for (name, value) in tag.attributes() {
            self.client |= matches!(name, b"ng-app" | b"data-ng-app");
            if !value.text.is_empty() {
                self.attribute(tag, name, value);
            }
        }
    }

    fn raw_text(&mut self, tag: &Tag<'_>, start: usize, end: usize) {
        match tag.name() {
            b"style" => {
                let (Some(block), Some(masked)) = (self.source.get(start..end), self.masked.get(start..end)) else {
                    return;
                };
                let from = self.references.len();
                self.whole &= css::scan_block(block, masked, start + self.offset, &mut self.references);
                self.rebase_from(from);
            }
            b"script" if tag.keyword(b"type").as_ref() == b"importmap" => self.import_map(start, end),
            _ => {}
        }
    }

    fn comment(&mut self, start: usize, end: usize) {
        let at = |range: Range<usize>| start + range.start..start + range.end;
        match comments::read(self.masked.get(start..end).unwrap_or_default()) {
            Comment::Plain => {}
            Comment::Conditional(range) => self.conditional(start + range.start, start + range.end),
            // The server and the XML processor read these: `base` means nothing to them.
            Comment::Include(ranges) => {
                for range in ranges.into_iter().map(at) {
                    let written = Written::at(self.source, self.masked, range.start, range.end, self.offset);
                    self.references.extend(written.reference(INCLUDE));
                }
            }
            Comment::StyleSheet(range) => {
                let range = at(range);
                let written = Written::at(self.source, self.masked, range.start, range.end, self.offset);
                self.references.extend(written.reference(STYLE_SHEET));
            }
        }
    }
}

/// What other attributes of the tag make of a role.
fn adjusted(role: Role, tag: &Tag<'_>, name: &[u8]) -> Role {
    // A link that is downloaded is a file, and no route.
    let role = if name == b"href" && tag.name() == b"a" && tag.get(b"download").is_some() {
        Role { kind: UrlKind::Asset, ..role }
    } else {
        role
    };
    // `onerror` usually puts another image there.
    if role.kind == UrlKind::Asset && tag.get(b"onerror").is_some() { role.at_most(Severity::Warning) } else { role }
}

fn rebase<'s>(reference: &mut Reference<'s>, base: &Base<'s>) {
    let Namespace::Url(_) = reference.namespace else { return };
    if url::has_scheme(url::head(&reference.expr)) {
        return;
    }
    let expr = std::mem::replace(&mut reference.expr, PathExpr::Hole);
    reference.expr = match base {
        Base::Elsewhere(host) => host.clone().then(expr),
        Base::Directory(directory) => directory.clone().join(expr),
    };
}

fn find_from(haystack: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    memchr::memmem::find(haystack.get(from..)?, needle).map(|at| from + at)
}

/// Ranges of the targets in an import map (WHATWG HTML, "Import maps"): only those that are URLs, and no prefixes.
fn import_targets(text: &str) -> Vec<Range<usize>> {
    use jsonc_parser::ast::Value;
    let Some(map) = json::object(text) else { return Vec::new() };
    let mut tables = Vec::new();
    tables.extend(map.get_object("imports"));
    if let Some(scopes) = map.get_object("scopes") {
        tables.extend(scopes.properties.iter().filter_map(|property| property.value.as_object()));
    }
    let mut targets = Vec::new();
    for property in tables.iter().flat_map(|table| &table.properties) {
        let Value::StringLit(target) = &property.value else { continue };
        let url = target.value.starts_with('/') || target.value.starts_with("./") || target.value.starts_with("../");
        let range = target.range.start + 1..target.range.end.saturating_sub(1);
        if url && !target.value.ends_with('/') && text.get(range.clone()) == Some(target.value.as_ref()) {
            targets.push(range);
        }
    }
    targets
}
