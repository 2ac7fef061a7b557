//! Components of Vue, Svelte and Astro: the scripts in them (vuejs.org "SFC Syntax Specification"; svelte.dev "Svelte
//! files"; docs.astro.build "Components").
//!
//! Read: what `<script>` blocks, and Astro's front matter, import and read, by the rules of JavaScript; what the
//! template of a Vue component shows by a relative name or an alias, which its compiler imports (vite.dev "Static Asset
//! Handling"; vue-loader "Asset URL Handling"); the layouts and middleware that pages of Nuxt name.
//! Knowingly not read: other URLs in templates, templates in Pug, styles, `src` of blocks, components that are found
//! without an import.

use std::ops::Range;

use super::html::{self, Page, Script};
use super::{Input, Language, Namespace, Phase, Reference, Scan, javascript};
use crate::diagnostic::{Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// Vue, Svelte and Astro.
pub const LANGUAGE: Language = Language {
    name: "component",
    extensions: &["vue", "svelte", "astro"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "scripts of Vue, Svelte and Astro components, what Vue's templates import, layouts and middleware of Nuxt",
    leaves: "other URLs in templates, styles, `src` of blocks",
    scan,
};

/// What stands around front matter.
const FENCE: &[u8] = b"---";

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut scripts = html::scripts(source);
    if path::extension(input.path) == b"astro" {
        scripts.extend(front_matter(source));
    }
    let mut masked: Vec<u8> = source.iter().map(|&byte| if byte == b'\n' { byte } else { b' ' }).collect();
    for script in &scripts {
        masked[script.range.clone()].copy_from_slice(&source[script.range.clone()]);
    }
    let typed = path::extension(input.path) == b"astro" || scripts.iter().any(|script| script.typed);
    let mut scan = javascript::scan_scripts(source, &masked, typed);
    if !is_page(input.path) {
        scan.references.retain(|one| !matches!(one.namespace, Namespace::Nuxt(_)) || one.construct == "setPageLayout");
    }
    if path::extension(input.path) == b"vue"
        && let Some(range) = template(source)
    {
        let mut masked = vec![b' '; source.len()];
        masked[range.clone()].copy_from_slice(&source[range]);
        let shown = html::scan_fragment(source, &masked, Page { unknown_base: false });
        scan.references.extend(shown.into_iter().filter_map(imported));
        scan.references.extend(html::layouts(source, &masked));
        scan.references.sort_by_key(|reference| reference.span);
    }
    scan
}

/// Whether Nuxt asks a component for a layout and middleware.
fn is_page(file: &[u8]) -> bool {
    path::segments(path::parent(file)).any(|segment| matches!(segment, b"layouts" | b"pages"))
}

/// The template of a component, in HTML: what stands between the first opening tag and the last closing one.
fn template(source: &[u8]) -> Option<Range<usize>> {
    let open = memchr::memmem::find(source, b"<template")?;
    let start = open + memchr::memchr(b'>', &source[open..])? + 1;
    let end = memchr::memmem::rfind(source, b"</template>").filter(|&end| end > start)?;
    let pug = memchr::memmem::find(&source[open..start], b"lang=").is_some();
    (!pug).then_some(start..end)
}

/// What the compiler makes an import of.
fn imported(reference: Reference<'_>) -> Option<Reference<'_>> {
    let PathExpr::Literal(text) = &reference.expr else { return None };
    let shows = ["img src", "source src", "video poster", "video src", "image href", "use href", "image xlink:href"];
    let relative = [&b"./"[..], b"../", b"@/", b"~@/"].iter().any(|start| text.starts_with(start));
    if !shows.contains(&reference.construct) || !relative || text.contains(&b'{') {
        return None;
    }
    let written = text.strip_prefix(b"~").map_or_else(|| text.to_vec(), <[u8]>::to_vec);
    let cut = memchr::memchr2(b'#', b'?', &written).unwrap_or(written.len());
    let expr = PathExpr::literal(written[..cut].to_vec());
    let end = reference.span.end.saturating_sub(u32::try_from(written.len() - cut).unwrap_or(0));
    let tail = Span { end, ..reference.span };
    Some(Reference { expr, tail, namespace: Namespace::Node, strength: Strength::Fatal, ..reference })
}

/// The script between the fences at the start.
fn front_matter(source: &[u8]) -> Option<Script> {
    let start = source.len() - source.trim_ascii_start().len();
    let rest = source.get(start..)?.strip_prefix(FENCE)?;
    let length = memchr::memmem::find(rest, b"\n---")?;
    let from = start + FENCE.len();
    Some(Script { range: from..from + length, typed: true })
}
