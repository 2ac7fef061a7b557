//! PHP's configuration: `php.ini`, files beside it, `.user.ini`, and pools of FPM (php.net/manual: "List of php.ini
//! directives", "FPM configuration").
//!
//! Read are the file that is put before or behind every script, the one that is preloaded, certificates, and where a
//! pool stands and listens. Knowingly not read: extensions, `include_path`, logs, which are made.

use super::syntax::ini::{self, Entry, Style};
use super::{Base, Defined, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want, socket_path};
use crate::diagnostic::{Span, Strength};
use crate::path;

/// `php.ini`, `.user.ini`, `conf.d/*.ini`, `pool.d/*.conf`.
pub const LANGUAGE: Language = Language {
    name: "phpini",
    extensions: &["conf", "ini"],
    names: &[".user.ini", "php.ini"],
    interpreters: &[],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "`auto_prepend_file`, `auto_append_file`, `opcache.preload`, certificates, where a pool stands and listens",
    leaves: "extensions, `include_path`, logs",
    scan,
};

/// A semicolon begins a comment behind a value, too.
const STYLE: Style = Style { comments: b";#", inline: Some(b';'), joins: false };
/// What is not absolute is looked for as by `include`.
const INCLUDED: &[Base] = &[Base::IncludePath];

/// Sorted by key.
const KEYS: [(&str, Want, Strength); 10] = [
    ("auto_append_file", Want::File, Strength::Fatal),
    ("auto_prepend_file", Want::File, Strength::Fatal),
    ("browscap", Want::File, Strength::Silent),
    ("chdir", Want::Directory, Strength::Fatal),
    ("chroot", Want::Directory, Strength::Fatal),
    ("curl.cainfo", Want::File, Strength::Broken),
    ("doc_root", Want::Directory, Strength::Fatal),
    ("opcache.preload", Want::File, Strength::Fatal),
    ("openssl.cafile", Want::File, Strength::Broken),
    ("openssl.capath", Want::Directory, Strength::Broken),
];

/// By its name, or by a key that only PHP or a pool of FPM has.
fn recognises(file: &[u8], head: &[u8]) -> bool {
    const KNOWN: [&[u8]; 7] = [
        b"auto_append_file",
        b"auto_prepend_file",
        b"opcache.",
        b"php_admin_value[",
        b"php_value[",
        b"pm.max_children",
        b"zend_extension",
    ];
    let name = path::name(file);
    let named = name.starts_with(b"php") && path::extension(file) == b"ini";
    named || head.split(|&byte| byte == b'\n').any(|line| KNOWN.iter().any(|key| line.trim_ascii().starts_with(key)))
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let entries = ini::entries(input.source.bytes(), STYLE);
    let included = entries.iter().filter(|entry| entry.key == b"include");
    let included = included.map(|entry| Fact::Loads(entry.unquoted().0.to_vec()));
    let facts = entries.iter().filter_map(listens).chain(included).collect();
    Scan { references: entries.iter().filter_map(reference).collect(), facts, ..Scan::default() }
}

/// The socket of a pool; `$pool` is the name of its section.
fn listens(entry: &Entry<'_>) -> Option<Fact> {
    let (value, _) = entry.unquoted();
    if entry.key != b"listen" || !value.starts_with(b"/") {
        return None;
    }
    let name = match memchr::memmem::find(value, b"$pool") {
        Some(at) => [&value[..at], entry.section, &value[at + b"$pool".len()..]].concat(),
        None => value.to_vec(),
    };
    Some(Fact::Defines { what: Defined::Socket, number: 0, name: socket_path(&name) })
}

fn reference(entry: &Entry<'_>) -> Option<Reference<'static>> {
    let key = directive(entry.key);
    let at = KEYS.binary_search_by(|row| row.0.as_bytes().cmp(key)).ok()?;
    let &(name, want, strength) = KEYS.get(at)?;
    let (value, start) = entry.unquoted();
    let off = value.is_empty() || value.eq_ignore_ascii_case(b"none") || value.eq_ignore_ascii_case(b"off");
    if off || value.iter().any(|byte| b"$%*?[".contains(byte)) {
        return None;
    }
    let span: Span = entry.span(start, start + value.len());
    Some(Reference::literal(span, value.to_vec(), name, Namespace::Path(INCLUDED, want), strength))
}

/// `php_value[key]` and `php_admin_value[key]` of a pool set what `key` sets.
fn directive(key: &[u8]) -> &[u8] {
    let inside = key.strip_prefix(b"php_value[").or_else(|| key.strip_prefix(b"php_admin_value["));
    inside.and_then(|rest| rest.strip_suffix(b"]")).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(KEYS.is_sorted_by_key(|row| row.0));
    }
}
