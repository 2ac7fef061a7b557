//! What tells search engines of the pages of a site: `sitemap.xml` (sitemaps.org "Protocol"), the line of `robots.txt`
//! that names one, and `CNAME`, by which GitHub's pages know their host (docs.github.com "Managing a custom domain").
//!
//! All of them name whole URLs. They are read where a `CNAME` beside them says that the host is the site's own: a page
//! is then looked up from where the map lies. Nobody loses a page by it, and a generator or a router may have more:
//! warnings at most, and only near misses.
//!
//! Knowingly not read: hosts that other settings tell of, what `robots.txt` allows, which are patterns.

use super::syntax::xml;
use super::{Fact, Input, Language, Namespace, Phase, Reference, Scan, UrlKind};
use crate::diagnostic::{Severity, Span, Strength};
use crate::path;

/// Maps of sites.
pub const LANGUAGE: Language = Language {
    name: "sitemap",
    extensions: &[],
    names: &["CNAME", "robots.txt"],
    interpreters: &[],
    recognises: Some(|path, _| {
        let name = path::name(path);
        name.starts_with(b"sitemap") && name.ends_with(b".xml")
    }),
    phase: Phase::StreamBut(&["CNAME"]),
    reads: "`sitemap.xml` and its name in `robots.txt`, where a `CNAME` beside them tells the host",
    leaves: "hosts that other settings tell of, patterns of `robots.txt`",
    scan,
};

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let bytes = input.source.bytes();
    let name = path::name(input.path);
    if name == b"CNAME" {
        let host = bytes.trim_ascii();
        let plain =
            host.contains(&b'.') && host.iter().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(byte));
        let facts = if plain { vec![Fact::Host(host.to_ascii_lowercase())] } else { Vec::new() };
        return Scan { facts, ..Scan::default() };
    }
    let Some(host) = input.project.and_then(|project| project.sites.host(path::parent(input.path))) else {
        return Scan::default();
    };
    let mut references = Vec::new();
    let mut add = |span: Span, construct, strength| references.extend(page(bytes, host, span, construct, strength));
    if name == b"robots.txt" {
        lines(bytes, &mut |span| add(span, "Sitemap", Strength::Optional));
    } else {
        let text = input.source.text();
        xml::items(&text, &mut |item| match (item.path.rsplit('/').next(), item.attribute) {
            (Some("loc"), "") => add(item.span, "loc", Strength::Silent),
            (Some("link"), "href") => add(item.span, "link href", Strength::Silent),
            _ => {}
        });
    }
    Scan { references, ..Scan::default() }
}

/// The values of `Sitemap:`.
fn lines(bytes: &[u8], each: &mut dyn FnMut(Span)) {
    const KEY: &[u8] = b"sitemap:";
    let mut at = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        if line.get(..KEY.len()).is_some_and(|key| key.eq_ignore_ascii_case(KEY)) {
            let value = &line[KEY.len()..];
            let start = at + KEY.len() + value.len() - value.trim_ascii_start().len();
            each(Span::new(start, start + value.trim_ascii().len()));
        }
        at += line.len();
    }
}

/// What a URL of the site's own host names, from the root of the site; the root itself is there.
fn page(
    bytes: &[u8],
    host: &[u8],
    span: Span,
    construct: &'static str,
    strength: Strength,
) -> Option<Reference<'static>> {
    let url = span.of(bytes);
    let rest = url.strip_prefix(b"https://").or_else(|| url.strip_prefix(b"http://"))?;
    let slash = memchr::memchr(b'/', rest)?;
    let page = &rest[slash + 1..];
    let own = rest[..slash].eq_ignore_ascii_case(host) && !page.is_empty() && !page.starts_with(b"/");
    let start = span.end as usize - page.len();
    let span = Span::new(start, span.end as usize);
    let namespace = Namespace::Url(UrlKind::Navigation);
    let reference = Reference::literal(span, page.to_vec(), construct, namespace, strength);
    own.then_some(Reference { ceiling: Severity::Warning, ..reference })
}
