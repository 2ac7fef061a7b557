//! Elixir (hexdocs.pm, `Code`, `Config`, `File`, `EEx`).
//!
//! Read: `import_config` from the file's directory, `Code.require_file`, files that are opened by a literal, from where
//! the program may have been started, files that Phoenix serves ([`heex`]), the folder of `embed_templates`, what its
//! controllers render ([`views`]). Knowingly not read: modules, layouts, interpolation.

mod views;

use super::syntax::called::{Lexis, calls};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want, heex};
use crate::diagnostic::{Span, Strength};

/// Elixir.
pub const LANGUAGE: Language = Language {
    name: "elixir",
    extensions: &["ex", "exs"],
    names: &[],
    interpreters: &["elixir"],
    recognises: None,
    phase: Phase::Facts,
    reads: "`import_config`, `Code.require_file`, files that are opened by a literal, `embed_templates`, what controllers of Phoenix render, files that it serves",
    leaves: "modules, layouts, interpolation",
    scan,
};

const LEXIS: Lexis = Lexis {
    comments: &[("#", "\n")],
    strings: &[("\"\"\"", "\"\"\""), ("'''", "'''"), ("\"", "\"")],
    joins: &["<>"],
    name: b".!?@",
};
/// Functions that read the file of their first argument, sorted.
const READS: [&[u8]; 7] = [
    b"@external_resource",
    b"Code.eval_file",
    b"Code.require_file",
    b"EEx.eval_file",
    b"File.open!",
    b"File.read!",
    b"File.stream!",
];
const STARTED: Namespace = Namespace::Path(&[Base::WorkingDirectory], Want::File);
const HERE: Namespace = Namespace::Path(&[Base::FileDirectory], Want::File);

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut references = Vec::new();
    for call in calls(source, &LEXIS) {
        let text = &source[call.text.clone()];
        if call.name == b"embed_templates" {
            references.extend(embedded(text, call.text.start));
            continue;
        }
        if text.contains(&b'#') {
            continue;
        }
        let here = call
            .after
            .trim_ascii_start()
            .strip_prefix(b",")
            .is_some_and(|next| next.trim_ascii_start().starts_with(b"__DIR__"));
        let (construct, namespace) = match call.name {
            // A secret is made on the machine that needs it.
            b"import_config" if !text.contains(&b'*') && !text.ends_with(b"secret.exs") => ("import_config", HERE),
            name if READS.contains(&name) => ("read", if here { HERE } else { STARTED }),
            _ => continue,
        };
        let span = Span::new(call.text.start, call.text.end);
        references.push(Reference::literal(span, text, construct, namespace, Strength::Fatal));
    }
    references.extend(heex::served(source));
    let mut scan = Scan { references, ..Scan::default() };
    views::read(input.path, source, &mut scan);
    scan.references.sort_by_key(|reference| reference.span);
    scan
}

/// The folder before the wildcard of `embed_templates "page_html/*"` (hexdocs.pm, `Phoenix.Component`): where it is
/// absent nothing is embedded, which some modules are content with: only near misses are told.
fn embedded(text: &[u8], start: usize) -> Option<Reference<'_>> {
    let wild = text.iter().position(|byte| b"*?[{#".contains(byte))?;
    let folder = &text[..memchr::memrchr(b'/', &text[..wild])?];
    let span = Span::new(start, start + folder.len());
    let namespace = Namespace::Path(&[Base::FileDirectory], Want::Directory);
    (!folder.is_empty()).then(|| Reference::literal(span, folder, "embed_templates", namespace, Strength::Optional))
}
