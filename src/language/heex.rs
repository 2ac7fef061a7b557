//! Templates of Phoenix (hexdocs.pm/phoenix, `Phoenix.VerifiedRoutes`, "Static paths"): files that are served, by
//! `~p"/images/x.png"` and `static_path(@conn, "/images/x.png")`, in templates and in Elixir.
//!
//! They lie in `priv/static`. What a build puts below `/assets/` is left out, and only near misses are told of the
//! rest.
//!
//! Knowingly not read: markup, code, routes.

use super::html::has_static_extension;
use super::{Input, Language, Namespace, Phase, Reference, Scan};
use crate::diagnostic::{Span, Strength};

/// Templates of Phoenix.
pub const LANGUAGE: Language = Language {
    name: "heex",
    extensions: &["heex", "eex", "leex"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`~p\"/images/x.png\"`, `static_path()`",
    leaves: "markup, code, routes",
    scan,
};

/// What stands before the text, and how far before it at most, in bytes: the connection comes first.
const OPENERS: [(&[u8], &str, usize); 3] =
    [(b"~p\"", "~p", 0), (b"static_path(", "static_path", 60), (b"static_url(", "static_url", 60)];

fn scan(input: Input<'_>) -> Scan<'_> {
    Scan { references: served(input.source.bytes()), ..Scan::default() }
}

/// Files that are served, in the order of the source.
pub(super) fn served(source: &[u8]) -> Vec<Reference<'_>> {
    let mut references = Vec::new();
    for (opener, construct, ahead) in OPENERS {
        for at in memchr::memmem::find_iter(source, opener) {
            let start = at + opener.len();
            let start = if ahead == 0 { Some(start) } else { quoted(source, start, ahead) };
            references.extend(start.and_then(|start| file(source, start, construct)));
        }
    }
    references.sort_by_key(|reference| reference.span);
    references
}

/// Where the text begins that is the second argument.
fn quoted(source: &[u8], start: usize, ahead: usize) -> Option<usize> {
    let window = source.get(start..source.len().min(start + ahead))?;
    let comma = window.iter().position(|byte| b",)\n".contains(byte)).filter(|&at| window[at] == b',')?;
    let blank = window[comma + 1..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    (window.get(comma + 1 + blank) == Some(&b'"')).then_some(start + comma + 2 + blank)
}

/// `/images/x.png` up to the quote.
fn file<'s>(source: &'s [u8], start: usize, construct: &'static str) -> Option<Reference<'s>> {
    const LONGEST: usize = 300;
    let window = source.get(start..source.len().min(start + LONGEST))?;
    let text = &window[..memchr::memchr(b'"', window)?];
    let end = text.iter().position(|byte| b"?#".contains(byte)).filter(|&at| text.get(at + 1) != Some(&b'{'));
    let text = &text[..end.unwrap_or(text.len())];
    let plain = !text.iter().any(|&byte| byte.is_ascii_control() || b"#{}<>*\\".contains(&byte));
    let span = Span::new(start + 1, start + text.len());
    let served = text.starts_with(b"/") && !text.starts_with(b"/assets/") && plain && has_static_extension(text);
    served.then(|| Reference::literal(span, &text[1..], construct, Namespace::Static, Strength::Broken))
}
