//! JSP: what a page includes (Jakarta Server Pages 3.1, sections 1.10.3 and 5.4).
//!
//! Read: `<%@ include file="…" %>`, from the file that says so, and `<jsp:include page="…">`; a slash at the start is
//! the root of the web application.
//!
//! Knowingly not read: files of tags and their libraries, forwards, markup around, names that are put together.

use super::syntax::delimited::{self, Construct, Engine, comment, construct};
use super::{Input, Language, Namespace, Partial, Phase, Reference, Scan};
use crate::diagnostic::{Severity, Span, Strength};
use crate::path;

/// JSP.
pub const LANGUAGE: Language = Language {
    name: "jsp",
    extensions: &["jsp", "jspf"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`<%@ include file %>`, `<jsp:include page>`",
    leaves: "files of tags and their libraries, forwards, HTML around",
    scan,
};

const JSP: Engine = Engine {
    delimiters: &[
        comment(b"<%--", b"--%>"),
        construct(b"<%@", b"%>"),
        comment(b"<%", b"%>"),
        construct(b"<jsp:include", b">"),
    ],
    tight: false,
    quotes: true,
    raw: &[],
};
/// How the extension begins of what is a file for sure: other names are a servlet's.
const PAGES: [&[u8]; 2] = [b"htm", b"jsp"];

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let (constructs, _) = delimited::read(source, &JSP);
    let is_page = path::extension(input.path) == b"jsp";
    let mut references: Vec<Reference<'_>> =
        constructs.iter().filter_map(|one| included(one, source).or_else(|| run(one, source, is_page))).collect();
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

fn reference<'s>(source: &'s [u8], span: Span, construct: &'static str) -> Reference<'s> {
    Reference::literal(span, span.of(source), construct, Namespace::Partial(Partial::Jsp), Strength::Fatal)
}

/// The value of an attribute.
fn attribute(one: &Construct, name: &[u8], source: &[u8]) -> Option<Span> {
    let mut names = 0..one.tokens.len();
    names.find(|&at| one.word(at, source) == name && one.is_sign(at + 1, b'=')).and_then(|at| one.text(at + 2))
}

/// `<%@ include file="x" %>`.
fn included<'s>(one: &Construct, source: &'s [u8]) -> Option<Reference<'s>> {
    let span = attribute(one, b"file", source).filter(|_| one.word(0, source) == b"include")?;
    Some(reference(source, span, "include"))
}

/// `<jsp:include page="x?y=z">`: from the page that runs, which a file that is included is no part of.
fn run<'s>(one: &Construct, source: &'s [u8], is_page: bool) -> Option<Reference<'s>> {
    let opens = source.get(..one.inside.start).is_some_and(|before| before.ends_with(b"<jsp:include"));
    let span = attribute(one, b"page", source).filter(|_| opens)?;
    let text = span.of(source);
    let length = memchr::memchr(b'?', text).unwrap_or(text.len());
    let start = span.start as usize;
    let span = Span::new(start, start + length);
    let rooted = text.starts_with(b"/");
    let extension = path::extension(span.of(source));
    let told = PAGES.iter().any(|page| extension.starts_with(page)) && (rooted || is_page);
    let ceiling = if rooted { Severity::Error } else { Severity::Warning };
    told.then(|| Reference { ceiling, ..reference(source, span, "jsp:include") })
}
