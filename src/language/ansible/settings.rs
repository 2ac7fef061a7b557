//! `ansible.cfg` (docs.ansible.com, "Ansible Configuration Settings"): what starts from the file's own directory.
//!
//! Inventories and folders of plugins come to a machine in many ways, so that only near misses are told; so do keys and
//! passwords, but where a folder of the tree holds some, one that it lacks is told.

use super::super::syntax::ini::{self, Entry, Style};
use super::super::{Base, Fact, Input, Namespace, Reference, Scan, Want};
use crate::diagnostic::Strength;
use crate::expr::PathExpr;
use crate::path;

const STYLE: Style = Style { comments: b"#;", inline: Some(b';'), joins: false };
const HERE: &[Base] = &[Base::Manifest];
const SECRET: &[Base] = &[Base::Beside];

/// Settings of `[defaults]` that name one path or several, what parts these, and what satisfies one. Sorted.
const PATHS: [(&str, Option<u8>, Want); 13] = [
    ("action_plugins", Some(b':'), Want::Directory),
    ("callback_plugins", Some(b':'), Want::Directory),
    ("filter_plugins", Some(b':'), Want::Directory),
    ("hostfile", Some(b','), Want::Any),
    ("inventory", Some(b','), Want::Any),
    ("inventory_plugins", Some(b':'), Want::Directory),
    ("library", Some(b':'), Want::Directory),
    ("lookup_plugins", Some(b':'), Want::Directory),
    ("module_utils", Some(b':'), Want::Directory),
    ("private_key_file", None, Want::File),
    ("roles_path", Some(b':'), Want::Directory),
    ("test_plugins", Some(b':'), Want::Directory),
    ("vault_password_file", None, Want::File),
];

pub(super) fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut scan = Scan::default();
    for entry in ini::entries(input.source.bytes(), STYLE).iter().filter(|entry| entry.section == b"defaults") {
        let row = |&(key, ..): &&(&str, Option<u8>, Want)| key.as_bytes() == entry.key;
        let Some(&(key, separator, want)) = PATHS.iter().find(row) else { continue };
        for (path, at) in parts(entry, separator) {
            if key == "roles_path" {
                scan.facts.push(Fact::RolesPath(PathExpr::literal(path.to_vec())));
            }
            let span = entry.span(at, at + path.len());
            let (bases, strength) = if want == Want::File && has_folder(path) {
                (SECRET, Strength::Broken)
            } else {
                (HERE, Strength::Optional)
            };
            let namespace = Namespace::Path(bases, want);
            scan.references.push(Reference::literal(span, path.to_vec(), key, namespace, strength));
        }
    }
    scan
}

/// Whether a path names a folder for the file.
fn has_folder(path: &[u8]) -> bool {
    path::segments(path).filter(|segment| !matches!(*segment, b"." | b"..")).count() > 1
}

/// The paths of a value, with their places in it; those of a home directory or a variable are not of the tree.
fn parts<'e>(entry: &'e Entry<'_>, separator: Option<u8>) -> impl Iterator<Item = (&'e [u8], usize)> {
    let mut at = 0;
    let parts = entry.value.split(move |byte| Some(*byte) == separator).map(move |part| {
        let start = at + part.len() - part.trim_ascii_start().len();
        at += part.len() + 1;
        (part.trim_ascii(), start)
    });
    parts.filter(|(path, _)| {
        !path.is_empty() && !path.starts_with(b"~") && !path.iter().any(|byte| b"$%{".contains(byte))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn settings_are_sorted() {
        assert!(super::PATHS.is_sorted_by_key(|(key, ..)| key));
    }
}
