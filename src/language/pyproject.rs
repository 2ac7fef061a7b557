//! `pyproject.toml` (packaging.python.org, "pyproject.toml specification"; manuals of setuptools, Poetry, Hatch and
//! uv).
//!
//! Read are the files that a build reads (readme, licence, versions and dependencies that stand in files), packages
//! that lie in a folder, and the modules that commands start. Knowingly not read: patterns, plugins, the settings of
//! tools.

use std::ops::Range;

use toml_edit::Document;

use super::launch::is_module;
use super::syntax::toml::{inside, values};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};
use crate::expr::PathExpr;

/// `pyproject.toml`.
pub const LANGUAGE: Language = Language {
    name: "pyproject",
    extensions: &[],
    names: &["pyproject.toml"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "readme, licence, versions and dependencies in files, packages in folders, modules of commands",
    leaves: "patterns, plugins, the settings of tools",
    scan,
};

/// Keys on the way to a path; `*` is any key.
struct Row(&'static [&'static str], Want, Strength);

/// What a build reads, and what an installation puts beside it.
const ROWS: [Row; 13] = [
    Row(&["build-system", "backend-path"], Want::Directory, Strength::Fatal),
    Row(&["project", "license", "file"], Want::File, Strength::Fatal),
    Row(&["project", "readme"], Want::File, Strength::Fatal),
    Row(&["project", "readme", "file"], Want::File, Strength::Fatal),
    Row(&["tool", "hatch", "version", "path"], Want::File, Strength::Fatal),
    Row(&["tool", "poetry", "dependencies", "*", "path"], Want::Any, Strength::Fatal),
    Row(&["tool", "poetry", "group", "*", "dependencies", "*", "path"], Want::Any, Strength::Fatal),
    Row(&["tool", "poetry", "readme"], Want::File, Strength::Fatal),
    Row(&["tool", "pytest", "ini_options", "testpaths"], Want::Any, Strength::Optional),
    Row(&["tool", "setuptools", "dynamic", "*", "file"], Want::File, Strength::Silent),
    Row(&["tool", "setuptools", "package-dir", "*"], Want::Directory, Strength::Fatal),
    Row(&["tool", "uv", "sources", "*", "path"], Want::Any, Strength::Fatal),
    Row(&["tool", "uv", "workspace", "members"], Want::Directory, Strength::Optional),
];
/// Tables of commands.
const COMMANDS: [&[&str]; 4] = [
    &["project", "entry-points", "*", "*"],
    &["project", "gui-scripts", "*"],
    &["project", "scripts", "*"],
    &["tool", "poetry", "scripts", "*"],
];
const HERE: &[Base] = &[Base::Manifest];

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = input.source.text();
    let Ok(document) = Document::parse(&*text) else { return Scan { lexical: true, ..Scan::default() } };
    let mut scan = Scan::default();
    for Row(keys, want, strength) in &ROWS {
        let construct = keys.last().copied().filter(|key| *key != "*").unwrap_or("package-dir");
        for (value, place) in values(document.as_table(), keys) {
            scan.references.extend(path(&input, &value, place, (construct, *want, *strength)));
        }
    }
    for keys in COMMANDS {
        for (value, place) in values(document.as_table(), keys) {
            scan.references.extend(module(&input, &value, place));
        }
    }
    scan.references.sort_by_key(|reference| reference.span);
    scan
}

fn path(
    input: &Input<'_>,
    value: &str,
    place: Range<usize>,
    (construct, want, strength): (&'static str, Want, Strength),
) -> Option<Reference<'static>> {
    let span = inside(input, value, place)?;
    let known = !value.is_empty() && !value.contains(['*', '?', '[', '{', '$', '~']) && !value.contains("://");
    let text = value.as_bytes().to_vec();
    known.then(|| Reference::literal(span, text, construct, Namespace::Path(HERE, want), strength))
}

/// `package.module:function`.
fn module(input: &Input<'_>, value: &str, place: Range<usize>) -> Option<Reference<'static>> {
    let span = inside(input, value, place)?;
    let name = value.split(':').next().unwrap_or_default().trim_end();
    if !value.contains(':') || !is_module(name.as_bytes()) {
        return None;
    }
    let span = Span::new(span.start as usize, span.start as usize + name.len());
    let expr = PathExpr::here_up(0).join(PathExpr::literal(name.as_bytes().to_vec()));
    let namespace = Namespace::Python { member: false };
    Some(Reference { expr, ..Reference::literal(span, Vec::new(), "script", namespace, Strength::Fatal) })
}
