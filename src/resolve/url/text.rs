//! From a URL as it is written to the path it asks for (WHATWG URL, "URL parsing"; RFC 3986).

use std::borrow::Cow;

use crate::resolve::Resolution;

/// A path of the site.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SitePath<'t> {
    /// Decoded, as written: with its leading slash, not normalised.
    pub text: Cow<'t, [u8]>,
    /// A slash at its end asks for a directory.
    pub directory: bool,
}

/// Whether a URL is its own path: nothing to decode, cut or fold.
pub(super) fn is_plain(text: &[u8]) -> bool {
    let mut before = b'/';
    for (at, &byte) in text.iter().enumerate() {
        let plain = match byte {
            b'.' => before != b'/',
            b'/' => before != b'/' || at == 0,
            b'%' | b'?' | b'#' | b'\\' | b':' | b'~' | b' ' | 0x7F => false,
            _ => byte > 0x20,
        };
        if !plain {
            return false;
        }
        before = byte;
    }
    before != b'/'
}

/// The path a URL asks for, or why it asks for none.
pub(super) fn site_path(text: &[u8]) -> Result<SitePath<'_>, Resolution> {
    let text = without_breaks(text.trim_ascii());
    match scheme(&text) {
        Scheme::None => {}
        Scheme::Other => return Err(Resolution::External("a URL with a scheme")),
        Scheme::Drive => return Ok(SitePath { text, directory: false }),
    }
    let text = cut_and_turn(text);
    if text.starts_with(b"//") {
        return Err(Resolution::External("another host"));
    }
    if text.is_empty() {
        return Err(Resolution::External("the page itself"));
    }
    let directory = text.ends_with(b"/");
    let text = decode(text);
    if text.contains(&0) {
        return Err(Resolution::Dynamic("no path"));
    }
    Ok(SitePath { text, directory })
}

enum Scheme {
    None,
    Other,
    /// `C:\x`: a path on somebody's desk, which the browser takes for a scheme. It is broken on every server.
    Drive,
}

fn scheme(text: &[u8]) -> Scheme {
    let Some(colon) = memchr::memchr(b':', text) else { return Scheme::None };
    let name = &text[..colon];
    let word = name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(byte));
    match name.len() {
        _ if !word => Scheme::None,
        1 if matches!(text.get(colon + 1), Some(b'\\' | b'/')) => Scheme::Drive,
        _ => Scheme::Other,
    }
}

/// Browsers delete tabs and line ends inside a URL.
fn without_breaks(text: &[u8]) -> Cow<'_, [u8]> {
    let is_break = |byte: &u8| matches!(byte, b'\t' | b'\r' | b'\n');
    if text.iter().any(is_break) {
        text.iter().copied().filter(|byte| !is_break(byte)).collect::<Vec<u8>>().into()
    } else {
        text.into()
    }
}

/// Without fragment and query, and with `/` for `\`, as browsers read it.
fn cut_and_turn(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let end = memchr::memchr2(b'#', b'?', &text).unwrap_or(text.len());
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    };
    if text.contains(&b'\\') {
        let turn = |&byte: &u8| if byte == b'\\' { b'/' } else { byte };
        text.iter().map(turn).collect::<Vec<u8>>().into()
    } else {
        text
    }
}

/// Percent-decoding, once; `%2F` stays as it is, for it separates nothing, and so does `%%BASE%%`.
fn decode(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    if !text.contains(&b'%') {
        return text;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let escapes = byte == b'%' && out.last() != Some(&b'%');
        let pair = text.get(at + 1..at + 3).and_then(hex).filter(|&decoded| escapes && decoded != b'/');
        out.push(pair.unwrap_or(byte));
        at += if pair.is_some() { 3 } else { 1 };
    }
    Cow::Owned(out)
}

fn hex(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let &[high, low] = pair else { return None };
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// Text that stands for a part of a path in documentation, generators and routes.
pub(super) fn is_placeholder(text: &[u8]) -> bool {
    let holds = |marker: &[u8]| memchr::memmem::find(text, marker).is_some();
    let paired =
        |open: u8, close: u8| memchr::memchr(open, text).is_some_and(|at| memchr::memchr(close, &text[at..]).is_some());
    paired(b'{', b'}')
        || paired(b'[', b']')
        || paired(b'<', b'>')
        || text.contains(&b'*')
        || [b"__".as_slice(), b"path/to/", b"$(", b"/:", b"...", b"%s", b"PUBLIC_URL"]
            .iter()
            .any(|marker| holds(marker))
        || text.iter().filter(|&&byte| byte == b'%').count() >= 2
            && text.split(|&byte| byte == b'%').skip(1).any(is_name)
}

/// `NAME` of `%NAME%`.
fn is_name(word: &[u8]) -> bool {
    word.len() > 2 && word.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_become_paths() {
        for (url, want) in [
            ("a.png", "a.png"),
            (" a.png\n", "a.png"),
            ("a\n.png", "a.png"),
            ("a.png?v=3#x", "a.png"),
            ("img\\a.png", "img/a.png"),
            ("my%20pic.png", "my pic.png"),
            ("my%2520pic.png", "my%20pic.png"),
            ("a%2Fb%zz", "a%2Fb%zz"),
            ("%2e%2e/a", "../a"),
            ("C:\\x.png", "C:\\x.png"),
        ] {
            assert_eq!(site_path(url.as_bytes()).unwrap().text, want.as_bytes(), "{url}");
        }
        for url in ["https://x/a", "mailto:a@b", "//host/x", "\\\\srv/x", "tel:1", ""] {
            assert!(matches!(site_path(url.as_bytes()), Err(Resolution::External(_))), "{url}");
        }
    }

    #[test]
    fn plain_is_what_needs_no_work() {
        for (url, want) in [
            ("/a/b.html", true),
            ("a/b.html", true),
            ("a/.b", false),
            ("./a", false),
            ("a//b", false),
            ("//a", false),
            ("a/", false),
            ("/", false),
            ("a b", false),
            ("a%20b", false),
            ("x:y", false),
        ] {
            assert_eq!(is_plain(url.as_bytes()), want, "{url}");
        }
    }

    #[test]
    fn placeholders() {
        for (text, want) in
            [("a/{id}.png", true), ("%PUBLIC_URL%/x", true), ("a/b.png", false), ("50%25 off%20x", false)]
        {
            assert_eq!(is_placeholder(text.as_bytes()), want, "{text}");
        }
    }
}
