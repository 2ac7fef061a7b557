//! Rules of `mod_rewrite` in a directory's own configuration: which of them name a file
//! (httpd.apache.org/docs/2.4/mod/mod_rewrite.html, "RewriteRule").

use super::lexer::{Line, Word};
use crate::path;

/// A rule whose target is written out.
pub(super) struct Rule<'l> {
    /// The target.
    pub(super) target: &'l Word,
    /// It takes whatever no other rule takes: all of the site goes through it.
    pub(super) catches_all: bool,
}

/// The rule of a line; `None` where it names no file by itself.
pub(super) fn rule(line: &Line) -> Option<Rule<'_>> {
    if line.name != b"rewriterule" {
        return None;
    }
    let (pattern, target) = (line.arguments.first()?, line.arguments.get(1)?);
    let flags = line.arguments.get(2).map_or(&b""[..], |word| &word.text);
    let flags = flags.strip_prefix(b"[").unwrap_or(flags);
    let flags = flags.strip_suffix(b"]").unwrap_or(flags);
    if target.text == b"-" || flags.split(|&byte| byte == b',').any(sends_elsewhere) || has_scheme(&target.text) {
        return None;
    }
    Some(Rule { target, catches_all: catches_all(&pattern.text) })
}

/// Whether rules of these lines take every URL.
pub(super) fn any_catches_all(lines: &[Line]) -> bool {
    lines.iter().any(|line| match line.name.as_slice() {
        b"fallbackresource" => true,
        _ => rule(line).is_some_and(|rule| rule.catches_all),
    })
}

/// A redirect, a proxy, or no answer with a file.
fn sends_elsewhere(flag: &[u8]) -> bool {
    let name = flag.split(|&byte| byte == b'=').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
    let names: [&[u8]; 8] = [b"r", b"redirect", b"f", b"forbidden", b"g", b"gone", b"p", b"proxy"];
    names.contains(&name.as_slice())
}

fn has_scheme(text: &[u8]) -> bool {
    let scheme: Vec<u8> = text.iter().copied().take_while(u8::is_ascii_alphabetic).collect();
    !scheme.is_empty() && text.get(scheme.len()) == Some(&b':')
}

fn catches_all(pattern: &[u8]) -> bool {
    let patterns: [&[u8]; 10] = [b"^", b".", b".*", b".?", b"^.*", b"^.*$", b"(.*)", b"^(.*)$", b"^(.+)$", b"^.+$"];
    patterns.contains(&pattern)
}

/// The part of a target that may be a file: without a query, and with an extension; `None` where a part of it comes
/// from the request or it is a route.
pub(super) fn file(target: &Word) -> Option<Word> {
    let end = memchr::memchr(b'?', &target.text).unwrap_or(target.text.len());
    let text = &target.text[..end];
    if text.iter().any(|byte| b"$%{".contains(byte)) || path::extension(text).is_empty() || text.ends_with(b"/") {
        return None;
    }
    let mut word = target.clone();
    word.span.end = word.span.end.saturating_sub(u32::try_from(target.text.len() - end).unwrap_or(0));
    word.text.truncate(end);
    Some(word)
}
