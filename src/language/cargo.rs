//! `Cargo.toml` (doc.rust-lang.org/cargo "The Manifest Format").
//!
//! Read: paths of targets, of dependencies, of patches and of members, the build script, readme and licence files.
//! Knowingly not read: patterns, targets that are found by their place, other files of a package.

use toml_edit::Document;

use super::syntax::toml::{inside, values};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::Strength;

/// `Cargo.toml`.
pub const LANGUAGE: Language = Language {
    name: "cargo",
    extensions: &[],
    names: &["Cargo.toml"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "paths of targets, dependencies, patches and members, the build script, readme and licence",
    leaves: "patterns, targets that are found by their place",
    scan,
};

const HERE: &[Base] = &[Base::Manifest];
/// Keys on the way to a path; `*` is any key. A publication fails without a readme, a build does not.
const ROWS: [(&[&str], Want, Strength); 18] = [
    (&["bench", "path"], Want::File, Strength::Fatal),
    (&["bin", "path"], Want::File, Strength::Fatal),
    (&["build-dependencies", "*", "path"], Want::Directory, Strength::Fatal),
    (&["dependencies", "*", "path"], Want::Directory, Strength::Fatal),
    (&["dev-dependencies", "*", "path"], Want::Directory, Strength::Fatal),
    (&["example", "path"], Want::File, Strength::Fatal),
    (&["lib", "path"], Want::File, Strength::Fatal),
    (&["package", "build"], Want::File, Strength::Fatal),
    (&["package", "license-file"], Want::File, Strength::Silent),
    (&["package", "readme"], Want::File, Strength::Silent),
    (&["package", "workspace"], Want::Directory, Strength::Fatal),
    (&["patch", "*", "*", "path"], Want::Directory, Strength::Fatal),
    (&["replace", "*", "path"], Want::Directory, Strength::Fatal),
    (&["target", "*", "dependencies", "*", "path"], Want::Directory, Strength::Fatal),
    (&["test", "path"], Want::File, Strength::Fatal),
    (&["workspace", "default-members"], Want::Directory, Strength::Fatal),
    (&["workspace", "dependencies", "*", "path"], Want::Directory, Strength::Fatal),
    (&["workspace", "members"], Want::Directory, Strength::Fatal),
];

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = input.source.text();
    let Ok(document) = Document::parse(&*text) else { return Scan { lexical: true, ..Scan::default() } };
    let mut references = Vec::new();
    for (keys, want, strength) in ROWS {
        let construct = if keys.last() == Some(&"path") { keys[0] } else { keys.last().copied().unwrap_or("path") };
        for (value, place) in values(document.as_table(), keys) {
            let plain = !value.is_empty() && !value.contains(['*', '?', '[', '{', '$']);
            if let Some(span) = inside(&input, &value, place).filter(|_| plain) {
                let path = value.trim_end_matches('/').as_bytes().to_vec();
                references.push(Reference::literal(span, path, construct, Namespace::Path(HERE, want), strength));
            }
        }
    }
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}
