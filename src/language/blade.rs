//! Blade: what a view extends and includes, and the files it links (laravel.com "Blade Templates", "Asset Bundling").
//!
//! Read: `@extends`, `@include` and its kin, `@component`, `@each`, `@vite`, `@livewire`, components by their tags,
//! `asset()`, `mix()` and their kin in `{{ … }}`, and the markup around them with every directive masked. A dot in the
//! name of a view is a slash; names with `::` are those of packages and left alone.
//!
//! Knowingly not read: slots and dynamic components, `@php` and `<?php` blocks, names that pass through variables.

use std::ops::Range;

use super::{Base, HOLE, Input, Language, Laravel, Namespace, Phase, Reference, Scan, UrlKind, Want, html};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;

/// Blade.
pub const LANGUAGE: Language = Language {
    name: "blade",
    extensions: &[],
    names: &[],
    interpreters: &[],
    recognises: Some(|path, _| path.ends_with(b".blade.php")),
    phase: Phase::Stream,
    reads: "`@extends`, `@include` and its kin, `@component`, `@each`, `@vite`, components of Blade and Livewire, `asset()`, `mix()`, HTML around",
    leaves: "dynamic components, PHP blocks",
    scan,
};

/// A directive that names a view: at which argument, and what its absence does.
struct Directive {
    name: &'static str,
    argument: usize,
    strength: Strength,
    guarded: bool,
}

const fn directive(name: &'static str, argument: usize, strength: Strength) -> Directive {
    Directive { name, argument, strength, guarded: false }
}

/// Sorted by name.
const DIRECTIVES: [Directive; 11] = [
    directive("component", 0, Strength::Broken),
    directive("componentFirst", 0, Strength::Broken),
    directive("each", 0, Strength::Broken),
    directive("extends", 0, Strength::Fatal),
    directive("extendsFirst", 0, Strength::Fatal),
    directive("include", 0, Strength::Broken),
    directive("includeFirst", 0, Strength::Broken),
    Directive { guarded: true, ..directive("includeIf", 0, Strength::Optional) },
    directive("includeIsolated", 0, Strength::Broken),
    directive("includeUnless", 1, Strength::Broken),
    directive("includeWhen", 1, Strength::Broken),
];
/// What opens the tag of a component, the longer first.
const TAGS: [(&str, Laravel); 3] =
    [("<livewire:", Laravel::Livewire), ("<x-", Laravel::Component), ("<x:", Laravel::Component)];
/// Names of tags that name no component of their own.
const NO_COMPONENTS: [&[u8]; 6] = [b"dynamic-component", b"is", b"scriptConfig", b"scripts", b"slot", b"styles"];
/// Functions that make the URL of a file in the public folder.
const ASSETS: [&str; 4] = ["asset", BUILT, "secure_asset", ROUTE];
/// Makes URLs of what a build makes.
const BUILT: &str = "mix";
/// Makes URLs of routes as well: a file is told by its extension.
const ROUTE: &str = "url";
/// Extensions of what a server sends as it lies.
const STATIC: [&[u8]; 10] = [b"css", b"gif", b"ico", b"jpg", b"js", b"png", b"svg", b"webp", b"woff", b"woff2"];
/// Most openings without an end.
const MAX_UNCLOSED: usize = 100;
/// Most bytes of one directive or echo.
const MAX_LENGTH: usize = 64 << 10;

/// What stands between delimiters, the longer opening first; whether the inside is an expression.
const ISLANDS: [(&[u8], &[u8], bool); 6] = [
    (b"{{--", b"--}}", false),
    (b"{{{", b"}}}", true),
    (b"{{", b"}}", true),
    (b"{!!", b"!!}", true),
    (b"@php\n", b"@endphp", false),
    (b"<?php", b"?>", false),
];

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut view = View { source, masked: source.to_vec(), references: Vec::new(), unclosed: 0 };
    view.read();
    let View { masked, mut references, .. } = view;
    references.extend(html::scan_fragment(source, &masked, html::Page { unknown_base: true }));
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

struct View<'s> {
    source: &'s [u8],
    masked: Vec<u8>,
    references: Vec<Reference<'s>>,
    /// How many openings had no end: after many of them no more are tried, as each costs a search.
    unclosed: usize,
}

impl<'s> View<'s> {
    fn read(&mut self) {
        let mut at = 0;
        while let Some(found) = self.source.get(at..).and_then(|rest| memchr::memchr3(b'{', b'@', b'<', rest)) {
            let start = at + found;
            let end = (self.unclosed < MAX_UNCLOSED).then(|| self.island(start).or_else(|| self.directive(start)));
            at = end.flatten().or_else(|| self.tag(start)).unwrap_or(start + 1);
        }
    }

    /// `{{ … }}` and its like, where one opens here: its end.
    fn island(&mut self, start: usize) -> Option<usize> {
        let rest = &self.source[start..];
        let (open, close, echo) = ISLANDS.iter().find(|(open, ..)| rest.starts_with(open))?;
        let rest = &rest[..rest.len().min(MAX_LENGTH)];
        let inner = start + open.len();
        let Some(length) = memchr::memmem::find(&rest[open.len()..], close) else {
            self.unclosed += 1;
            return None;
        };
        // `@{{ … }}` is written as it stands, for a framework in the browser.
        if *echo && (start == 0 || self.source[start - 1] != b'@') {
            self.assets(inner..inner + length);
        }
        let end = inner + length + close.len();
        self.masked[start..end].fill(HOLE);
        Some(end)
    }

    /// `<x-a.b` and `<livewire:a.b`, where one opens here: the end of the name. Its attributes are read as any other's.
    fn tag(&mut self, start: usize) -> Option<usize> {
        let rest = &self.source[start..];
        let (open, kind) = TAGS.iter().find(|(open, _)| rest.starts_with(open.as_bytes()))?;
        let rest = &rest[open.len()..];
        let length = rest.iter().take_while(|byte| is_word(**byte) || b"-:.".contains(byte)).count();
        let span = Span::new(start + open.len(), start + open.len() + length);
        let first = rest[..length].split(|&byte| byte == b':').next().unwrap_or_default();
        // `<x-a::b` is of a package; a slot is a part of the component around it.
        if !first.is_empty() && first.len() == length && !NO_COMPONENTS.contains(&first) {
            self.references.push(component(span, &rest[..length], *kind));
        }
        Some(start + open.len() + length)
    }

    /// Each `asset('…')` in an expression.
    fn assets(&mut self, inside: Range<usize>) {
        let text = &self.source[inside.clone()];
        for open in memchr::memchr_iter(b'(', text) {
            let before = &text[..open];
            let name = before.len() - before.iter().rev().take_while(|byte| is_word(**byte)).count();
            if let Some(asset) = ASSETS.iter().find(|asset| asset.as_bytes() == &before[name..]) {
                self.references.extend(self.asset(asset, inside.start + open + 1, inside.end));
            }
        }
    }

    fn asset(&self, construct: &'static str, start: usize, limit: usize) -> Option<Reference<'s>> {
        let blank = self.source[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let quote = *self.source.get(start + blank).filter(|byte| matches!(byte, b'"' | b'\''))?;
        let end = end_of_string(self.source, start + blank, quote, limit) + 1;
        let follows = self.source.get(end..)?.trim_ascii_start().first();
        if !matches!(follows, Some(b',' | b')')) {
            return None;
        }
        let span = literal(self.source, start..end)?;
        let text = span.of(self.source);
        let is_file = construct != ROUTE || is_static(text);
        let reference = self.reference(span, text, construct, Namespace::Url(UrlKind::Asset));
        if construct == BUILT {
            let namespace = Namespace::Laravel(Laravel::Built);
            return (follows == Some(&b')') && !text.is_empty()).then_some(Reference { namespace, ..reference });
        }
        // In the public folder, with or without a slash.
        let text = text.strip_prefix(b"/").unwrap_or(text);
        let expr = PathExpr::literal(if super::has_scheme(text) { text.to_vec() } else { [b"/", text].concat() });
        (is_file && !text.is_empty()).then_some(Reference { expr, ..reference })
    }

    fn reference(&self, span: Span, text: &'s [u8], construct: &'static str, namespace: Namespace) -> Reference<'s> {
        Reference::literal(span, text, construct, namespace, Strength::Broken)
    }

    /// A directive with arguments, where one stands here: its end.
    fn directive(&mut self, start: usize) -> Option<usize> {
        let escaped = start.checked_sub(1).is_some_and(|at| is_word(self.source[at]) || self.source[at] == b'@');
        if self.source[start] != b'@' || escaped {
            return None;
        }
        let word = &self.source[start + 1..];
        let name = &word[..word.iter().take_while(|byte| is_word(**byte)).count()];
        let open = start + 1 + name.len();
        if name == b"verbatim" {
            return memchr::memmem::find(&self.source[open..], b"@endverbatim").map(|length| open + length);
        }
        let blank = self.source[open..].iter().take_while(|byte| **byte == b' ').count();
        if name.is_empty() || self.source.get(open + blank) != Some(&b'(') {
            return None;
        }
        let arguments = arguments(self.source, open + blank + 1);
        let Some(last) = arguments.last() else {
            self.unclosed += 1;
            return None;
        };
        let end = last.end + 1;
        self.named(name, &arguments);
        self.masked[start..end.min(self.source.len())].fill(HOLE);
        Some(end)
    }

    fn named(&mut self, name: &[u8], arguments: &[Range<usize>]) {
        if name == b"vite" {
            let files = arguments.first().map(|first| members(self.source, first.clone())).unwrap_or_default();
            let files = files.into_iter().filter_map(|file| literal(self.source, file));
            let namespace = Namespace::Path(&[Base::Package], Want::File);
            let files: Vec<_> =
                files.map(|span| self.reference(span, span.of(self.source), "@vite", namespace)).collect();
            self.references.extend(files);
        } else if name == b"livewire" {
            let name = arguments.first().and_then(|first| literal(self.source, first.clone()));
            let name = name.filter(|name| !name.of(self.source).is_empty());
            self.references.extend(name.map(|span| component(span, span.of(self.source), Laravel::Livewire)));
        } else if let Some(row) = DIRECTIVES.iter().find(|row| row.name.as_bytes() == name) {
            self.references.extend(arguments.get(row.argument).and_then(|argument| self.view(row, argument.clone())));
        }
    }

    /// The views that an argument names, of which one must be there.
    fn view(&self, row: &Directive, argument: Range<usize>) -> Option<Reference<'s>> {
        let members = members(self.source, argument).into_iter();
        let spans: Vec<Span> = members.map(|member| literal(self.source, member)).collect::<Option<_>>()?;
        let (first, last) = (spans.first()?, spans.last()?);
        let text = |span: &Span| PathExpr::literal(span.of(self.source));
        let span = Span { start: first.start, end: last.end };
        let expr =
            if let [one] = spans.as_slice() { text(one) } else { PathExpr::FirstOf(spans.iter().map(text).collect()) };
        Some(Reference {
            span,
            tail: if spans.len() == 1 { span } else { Span::default() },
            expr,
            construct: row.name,
            namespace: Namespace::View,
            strength: row.strength,
            guarded: row.guarded,
            ceiling: Severity::Error,
        })
    }
}

/// A component by its name: where there is none of that name, there is no page.
fn component(span: Span, name: &[u8], kind: Laravel) -> Reference<'_> {
    let construct = if kind == Laravel::Livewire { "livewire" } else { "x-" };
    Reference::literal(span, name, construct, Namespace::Laravel(kind), Strength::Fatal)
}

fn is_static(text: &[u8]) -> bool {
    STATIC.contains(&crate::path::extension(text).as_slice())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The arguments of a call whose bracket opens before `start`; empty where it does not end.
fn arguments(source: &[u8], start: usize) -> Vec<Range<usize>> {
    split(source, start..source.len().min(start + MAX_LENGTH), true)
}

/// The members of a list, or the value itself.
fn members(source: &[u8], value: Range<usize>) -> Vec<Range<usize>> {
    let text = &source[value.clone()];
    let start = value.start + text.len() - text.trim_ascii_start().len();
    let end = start + text.trim_ascii().len();
    let is_list = source.get(start) == Some(&b'[') && source.get(end.saturating_sub(1)) == Some(&b']');
    if !is_list {
        return std::iter::once(start..end).collect();
    }
    let members = split(source, start + 1..end - 1, false);
    members.into_iter().filter(|member| !source[member.clone()].trim_ascii().is_empty()).collect()
}

/// Splits at the commas that stand in no quotes and no brackets; up to the closing bracket, or to the end.
fn split(source: &[u8], range: Range<usize>, bracket: bool) -> Vec<Range<usize>> {
    let (mut parts, mut from, mut at, mut depth) = (Vec::new(), range.start, range.start, 0usize);
    while at < range.end {
        match source[at] {
            quote @ (b'"' | b'\'') => at = end_of_string(source, at, quote, range.end),
            b'(' | b'[' | b'{' => depth += 1,
            b')' if depth == 0 && bracket => {
                parts.push(from..at);
                return parts;
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(from..at);
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    if bracket {
        return Vec::new();
    }
    parts.push(from..range.end);
    parts
}

/// Where the closing quote stands.
fn end_of_string(source: &[u8], start: usize, quote: u8, limit: usize) -> usize {
    let mut at = start + 1;
    while at < limit && source[at] != quote {
        at += if source[at] == b'\\' { 2 } else { 1 };
    }
    at
}

/// The inside of the one string that a range holds.
fn literal(source: &[u8], range: Range<usize>) -> Option<Span> {
    let text = &source[range.clone()];
    let start = range.start + text.len() - text.trim_ascii_start().len();
    let text = text.trim_ascii();
    let quote = *text.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let inner = text.get(1..text.len() - 1)?;
    let whole = text.last() == Some(&quote) && !inner.contains(&quote) && !inner.contains(&b'\\');
    let plain = quote == b'\'' || !inner.iter().any(|byte| b"${".contains(byte));
    (whole && plain).then(|| Span::new(start + 1, start + 1 + inner.len()))
}
