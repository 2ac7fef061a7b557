//! Words of an instruction: sources, patterns, mounts, pairs of names and values.

use std::ops::Range;

use crate::diagnostic::Span;
use crate::path;

/// Where the source of a bind mount from the context stands: `type=bind,source=x,target=y`.
pub(super) fn bound(mount: &str) -> Option<Range<usize>> {
    let mut source = None;
    let mut start = 0;
    for field in mount.split(',') {
        let (key, value) = field.split_once('=').unwrap_or((field, ""));
        match key {
            "source" | "src" => source = Some(start + field.len() - value.len()..start + field.len()),
            "from" => return None,
            "type" if value != "bind" => return None,
            _ => {}
        }
        start += field.len() + 1;
    }
    source
}

pub(super) fn is_pattern(text: &[u8]) -> bool {
    text.iter().any(|byte| b"*?[".contains(byte))
}

/// Of a pattern, the directory in which it is matched: BuildKit fails without it, and is silent where nothing matches.
pub(super) fn directory_part(pattern: Span, bytes: &[u8]) -> Span {
    let text = pattern.of(bytes);
    let first = text.iter().position(|byte| b"*?[".contains(byte)).unwrap_or(text.len());
    let length = memchr::memrchr(b'/', &text[..first]).unwrap_or(0);
    Span::new(pattern.start as usize, pattern.start as usize + length)
}

/// `ADD` of a URL or a Git repository.
pub(super) fn is_remote(source: &[u8]) -> bool {
    memchr::memmem::find(source, b"://").is_some() || source.starts_with(b"git@")
}

/// A path from the root of the context, which `..` does not leave.
pub(super) fn clamped(source: &[u8]) -> Option<Vec<u8>> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for segment in path::segments(source) {
        match segment {
            b"." => {}
            b".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    (!source.is_empty()).then(|| kept.join(&b'/'))
}

pub(super) fn cut(word: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(at, word) {
        Some(found) => (&word[..found], Some(&word[found + 1..])),
        None => (word, None),
    }
}

/// Words apart from each other by blanks outside quotes.
pub(super) fn blank_separated(text: &[u8]) -> Vec<&[u8]> {
    let mut words = Vec::new();
    let (mut start, mut quote) = (0, None);
    let mut escaped = false;
    for (at, &byte) in text.iter().enumerate() {
        match (byte, quote) {
            _ if escaped => escaped = false,
            (b'\\', None | Some(b'"')) => escaped = true,
            (_, Some(open)) if byte == open => quote = None,
            (b'"' | b'\'', None) => quote = Some(byte),
            (b' ' | b'\t' | b'\n' | b'\r', None) => {
                words.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push(&text[start..]);
    words.retain(|word| !word.is_empty());
    words
}
