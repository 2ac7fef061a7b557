//! The first `preflight.toml` of a project, commented, with what was detected filled in.

use std::fmt::Write;

use crate::diagnostic::show;
use crate::project::Mount;

/// What of a tree is worth writing down.
#[derive(Clone, Debug, Default)]
pub struct Detected {
    /// Document roots, relative to the tree.
    pub document_roots: Vec<Vec<u8>>,
    /// Mounts, as sources suggest them.
    pub mounts: Vec<Mount>,
}

/// The text of a first configuration.
#[must_use]
pub fn starter(detected: &Detected) -> String {
    let mut text = String::from(
        "# What preflight cannot read off the tree itself. Every path is relative to the folder of this file.\n\
         # `preflight explain CODE` says what a code means; `preflight refs` shows how references were resolved.\n\n",
    );
    text.push_str("# What a leading `/` in a URL means.\n");
    let roots: Vec<String> = detected.document_roots.iter().map(|root| quoted(root)).collect();
    match roots.as_slice() {
        [] => text.push_str("# document-root = \"public\"\n"),
        [one] => _ = writeln!(text, "document-root = {one}"),
        many => _ = writeln!(text, "document-root = [{}]", many.join(", ")),
    }
    text.push_str(
        "\n# Indexed, but neither scanned nor reported on. A pattern without a slash matches at any depth.\n\
         # exclude = [\"tests/fixtures/\", \"*.bak\"]\n\n\
         # Made by a build or at run time: their absence is normal.\n\
         # generated = [\"public/build/\", \"var/cache/\"]\n\n\
         # Where PHP looks for includes that do not say where they start.\n\
         # include-path = [\"lib\"]\n",
    );
    mounts(&mut text, &detected.mounts);
    text.push_str(
        "\n# error, warning, note or off.\n# [severity]\n# name-windows-char = \"off\"\n\n\
         # Codes that are fine under some paths, and why.\n\
         # [[allow]]\n# paths = \"legacy/\"\n# codes = [\"missing-file\"]\n# reason = \"switched off in production\"\n",
    );
    text
}

fn mounts(text: &mut String, mounts: &[Mount]) {
    text.push_str("\n# Where this folder stands on the server, so that absolute paths can be checked.\n");
    if mounts.is_empty() {
        text.push_str("# [[mount]]\n# server = \"/var/www/html\"\n# tree = \".\"\n");
    }
    for mount in mounts {
        let _ = writeln!(text, "[[mount]]\nserver = {}\ntree = {}", quoted(&mount.server), quoted(&mount.tree));
    }
}

/// A path as a TOML string; bytes that TOML cannot hold stand in their visible form, to be mended by hand.
fn quoted(path: &[u8]) -> String {
    let path = if path.is_empty() { b"." } else { path };
    let text = std::str::from_utf8(path).map_or_else(|_| show(path), str::to_owned);
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => _ = write!(out, "\\u{:04X}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
