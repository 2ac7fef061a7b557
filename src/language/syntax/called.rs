//! Calls whose first argument is a literal, for languages whose comments and strings are told by their first bytes.
//!
//! Apart from the languages because R, Lua, Elixir and Perl share it: no parser that serves reads them in bytes with
//! exact places. What stands in a comment or a string is passed over; a literal that something is put behind is no
//! whole name, and left out.

use std::ops::Range;

/// How a language writes comments and strings.
pub(in crate::language) struct Lexis {
    /// Comments, by the bytes that open and close them; the longer opening first.
    pub comments: &'static [(&'static str, &'static str)],
    /// Strings, by the bytes that open and close them; the longer opening first.
    pub strings: &'static [(&'static str, &'static str)],
    /// Operators that put something behind a string.
    pub joins: &'static [&'static str],
    /// What a name is made of, beside letters, digits and `_`.
    pub name: &'static [u8],
}

/// A call with a literal.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::language) struct Call<'s> {
    /// What is called, as it is written.
    pub name: &'s [u8],
    /// The inside of the literal, in bytes of the source.
    pub text: Range<usize>,
    /// The bytes behind the literal.
    pub after: &'s [u8],
}

/// Every call with a literal, in order.
pub(in crate::language) fn calls<'s>(source: &'s [u8], lexis: &Lexis) -> Vec<Call<'s>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = source.get(at) {
        if let Some(length) = passed(&source[at..], lexis) {
            at += length;
        } else if is_name(byte, lexis) {
            let length = source[at..].iter().take_while(|byte| is_name(**byte, lexis)).count();
            found.extend(call(source, at..at + length, lexis));
            at += length;
        } else {
            at += 1;
        }
    }
    found
}

fn is_name(byte: u8, lexis: &Lexis) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 || lexis.name.contains(&byte)
}

/// The length of the comment or the string that begins here.
fn passed(rest: &[u8], lexis: &Lexis) -> Option<usize> {
    let is = |pair: &&(&str, &str)| rest.starts_with(pair.0.as_bytes());
    if let Some((open, close)) = lexis.comments.iter().find(is) {
        let end = memchr::memmem::find(&rest[open.len()..], close.as_bytes());
        return Some(end.map_or(rest.len(), |end| open.len() + end + close.len()));
    }
    let (open, close) = lexis.strings.iter().find(is)?;
    Some(open.len() + inside(&rest[open.len()..], close).map_or(rest.len() - open.len(), |end| end + close.len()))
}

/// How many bytes stand before the end of a string.
fn inside(rest: &[u8], close: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        if rest[at..].starts_with(close.as_bytes()) {
            return Some(at);
        }
        at += if byte == b'\\' { 2 } else { 1 };
    }
    None
}

/// The call that a name begins.
fn call<'s>(source: &'s [u8], name: Range<usize>, lexis: &Lexis) -> Option<Call<'s>> {
    let blank = |from: usize| from + source[from..].iter().take_while(|byte| b" \t".contains(byte)).count();
    let mut at = blank(name.end);
    if source.get(at) == Some(&b'(') {
        at += 1;
        at += source[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }
    let rest = &source[at..];
    let (open, close) = lexis.strings.iter().find(|pair| rest.starts_with(pair.0.as_bytes()))?;
    let start = at + open.len();
    let end = start + inside(&source[start..], close)?;
    let after = &source[(end + close.len()).min(source.len())..];
    let joined = after.trim_ascii_start();
    let whole = !lexis.joins.iter().any(|join| joined.starts_with(join.as_bytes()));
    let plain = !source[start..end].iter().any(|byte| b"\\\n\0".contains(byte));
    (whole && plain && start < end).then_some(Call { name: &source[name], text: start..end, after })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_outside_comments_and_strings() {
        let lexis = Lexis { comments: &[("#", "\n")], strings: &[("\"", "\""), ("'", "'")], joins: &["+"], name: b"." };
        let source = b"a.b(\"x/y\", 1) # c('d')\n'e(\"f\")' g 'h' i('j' + k) l(m, 'n') o(\"\\\"\") p('q";
        let shown: Vec<_> = calls(source, &lexis).iter().map(|one| (one.name, &source[one.text.clone()])).collect();
        assert_eq!(shown, [(&b"a.b"[..], &b"x/y"[..]), (b"g", b"h")]);
    }
}
