//! Byte paths inside the tree: relative to the root, `/`-separated, no leading or trailing slash.
//!
//! Purely lexical; the root is the empty path. Names are bytes and are never normalised.

use std::borrow::Cow;

/// The directory part; empty at the root.
#[must_use]
pub fn parent(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'/', path).map_or(b"", |at| &path[..at])
}

/// The last segment.
#[must_use]
pub fn name(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'/', path).map_or(path, |at| &path[at + 1..])
}

/// A name as stem and extension, without the dot; a leading dot begins no extension.
#[must_use]
pub fn split_extension(name: &[u8]) -> (&[u8], Option<&[u8]>) {
    match memchr::memrchr(b'.', name) {
        Some(at) if at > 0 => (&name[..at], Some(&name[at + 1..])),
        _ => (name, None),
    }
}

/// A path without the extension of its last segment.
#[must_use]
pub fn without_extension(path: &[u8]) -> &[u8] {
    let extension = split_extension(name(path)).1.map_or(0, |extension| extension.len() + 1);
    &path[..path.len() - extension]
}

/// The extension of a path's last segment in ASCII lower case; empty where there is none.
#[must_use]
pub fn extension(path: &[u8]) -> Vec<u8> {
    split_extension(name(path)).1.map(<[u8]>::to_ascii_lowercase).unwrap_or_default()
}

/// `directory/relative`, not normalised.
#[must_use]
pub fn join(directory: &[u8], relative: &[u8]) -> Vec<u8> {
    if directory.is_empty() {
        return relative.to_vec();
    }
    let mut joined = Vec::with_capacity(directory.len() + 1 + relative.len());
    joined.extend_from_slice(directory);
    joined.push(b'/');
    joined.extend_from_slice(relative);
    joined
}

/// Drops `.` and empty segments and folds `a/..`; `None` where `..` climbs above the root.
/// A trailing slash is dropped: callers that must have a directory look at it first.
#[must_use]
pub fn normalize(path: &[u8]) -> Option<Cow<'_, [u8]>> {
    if is_normal(path) {
        return Some(Cow::Borrowed(path));
    }
    let mut out: Vec<u8> = Vec::with_capacity(path.len());
    for segment in path.split(|&byte| byte == b'/') {
        match segment {
            b"" | b"." => {}
            b".." if out.is_empty() => return None,
            b".." => out.truncate(memchr::memrchr(b'/', &out).unwrap_or(0)),
            _ => {
                if !out.is_empty() {
                    out.push(b'/');
                }
                out.extend_from_slice(segment);
            }
        }
    }
    Some(Cow::Owned(out))
}

fn is_normal(path: &[u8]) -> bool {
    if path.is_empty() {
        return true;
    }
    let mut start = 0;
    for at in memchr::memchr_iter(b'/', path).chain(std::iter::once(path.len())) {
        if matches!(&path[start..at], b"" | b"." | b"..") {
            return false;
        }
        start = at + 1;
    }
    true
}

/// The directory, its parent, and so on to the root (the empty path).
pub fn ancestors(directory: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut next = Some(directory);
    std::iter::from_fn(move || {
        let current = next?;
        next = if current.is_empty() { None } else { Some(parent(current)) };
        Some(current)
    })
}

/// Whether `path` is `directory` or lies below it.
#[must_use]
pub fn is_below(path: &[u8], directory: &[u8]) -> bool {
    directory.is_empty() || path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// Whether a path is `suffix` or ends in `/suffix`.
#[must_use]
pub fn ends_in(path: &[u8], suffix: &[u8]) -> bool {
    path.strip_suffix(suffix).is_some_and(|front| front.is_empty() || front.ends_with(b"/"))
}

/// The segments of a path.
pub fn segments(path: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    path.split(|&byte| byte == b'/').filter(|segment| !segment.is_empty())
}

/// Decodes `%XX` once; an invalid sequence stays as it is (WHATWG URL, percent-decode).
#[must_use]
pub fn percent_decode(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'%', text).is_none() {
        return Cow::Borrowed(text);
    }
    let digit = |at: usize| text.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    Cow::Owned(out)
}

/// Whether a name matches a pattern with `*` and `?` as the C library and Apache match one name of a directory: a dot
/// at the start must be written. `None` where the pattern has more than that.
#[must_use]
pub fn matches_wildcard(pattern: &[u8], name: &[u8]) -> Option<bool> {
    if pattern.iter().any(|byte| b"[]{}\\/".contains(byte)) {
        return None;
    }
    if name.starts_with(b".") && !pattern.starts_with(b".") {
        return Some(false);
    }
    let (mut at, mut from) = (0, 0);
    // Where to go on after the last star took one byte more.
    let mut star: Option<(usize, usize)> = None;
    while from < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(&byte) if byte == b'?' || byte == name[from] => (at, from) = (at + 1, from + 1),
            _ => {
                let Some((back, taken)) = star else { return Some(false) };
                star = Some((back, taken + 1));
                (at, from) = (back + 1, taken + 1);
            }
        }
    }
    Some(pattern[at..].iter().all(|&byte| byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalize_is_lexical() {
        for (path, want) in [
            ("", Some("")),
            ("a/b", Some("a/b")),
            ("./a//b/", Some("a/b")),
            ("a/../b", Some("b")),
            ("a/../../b", None),
            ("..a/.b", Some("..a/.b")),
        ] {
            assert_eq!(normalize(path.as_bytes()).as_deref(), want.map(str::as_bytes), "{path}");
        }
    }

    #[test]
    fn parts() {
        assert_eq!(parent(b"a/b/c"), b"a/b");
        assert_eq!(name(b"a"), b"a");
        assert_eq!(split_extension(b".htaccess"), (b".htaccess".as_slice(), None));
        assert_eq!(without_extension(b"a.b/c"), b"a.b/c");
        assert_eq!(without_extension(b"a.b/c.tar.gz"), b"a.b/c.tar");
        assert_eq!(ancestors(b"a/b").count(), 3);
        assert!(is_below(b"a/b", b"a") && !is_below(b"ab", b"a"));
    }

    #[test]
    fn wildcards() {
        for (pattern, name, want) in [
            ("*.conf", "a.conf", Some(true)),
            ("*.conf", ".conf", Some(false)),
            ("*.conf", "a.conf~", Some(false)),
            ("*", "x.bak", Some(true)),
            ("a?c*", "abc", Some(true)),
            ("*a*b", "xaab", Some(true)),
            ("*a*b", "xaac", Some(false)),
            ("[ab]*", "a", None),
        ] {
            assert_eq!(matches_wildcard(pattern.as_bytes(), name.as_bytes()), want, "{pattern} {name}");
        }
    }
}
