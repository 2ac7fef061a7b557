//! Components of Vue, Svelte and Astro: the scripts in them (vuejs.org "SFC Syntax Specification"; svelte.dev "Svelte
//! files"; docs.astro.build "Components").
//!
//! Read: what `<script>` blocks, and Astro's front matter, import and read, by the rules of JavaScript.
//! Knowingly not read: templates, styles, `src` of blocks, other components that are found without an import.

use super::html::{self, Script};
use super::{Input, Language, Phase, Scan, javascript};
use crate::path;

/// Vue, Svelte and Astro.
pub const LANGUAGE: Language = Language {
    name: "component",
    extensions: &["vue", "svelte", "astro"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "scripts of Vue, Svelte and Astro components",
    leaves: "templates, styles, `src` of blocks",
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
    javascript::scan_scripts(source, &masked, typed)
}

/// The script between the fences at the start.
fn front_matter(source: &[u8]) -> Option<Script> {
    let start = source.len() - source.trim_ascii_start().len();
    let rest = source.get(start..)?.strip_prefix(FENCE)?;
    let length = memchr::memmem::find(rest, b"\n---")?;
    let from = start + FENCE.len();
    Some(Script { range: from..from + length, typed: true })
}
