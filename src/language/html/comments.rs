//! Comments that are not comments: server-side includes, Internet Explorer's conditional comments, and the
//! `xml-stylesheet` instruction, which an HTML tokenizer takes for one.

use std::ops::Range;

/// What a comment holds; ranges are offsets in its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Comment {
    /// `<!--#include virtual="x" -->` (Apache `mod_include`): the URLs of files.
    Include(Vec<Range<usize>>),
    /// `<!--[if IE]> markup <![endif]-->`.
    Conditional(Range<usize>),
    /// `<?xml-stylesheet href="x"?>`.
    StyleSheet(Range<usize>),
    /// A comment.
    Plain,
}

/// Reads a comment from its `<` to past its `>`.
pub(super) fn read(comment: &[u8]) -> Comment {
    if comment.starts_with(b"<!--#") {
        return include(comment);
    }
    if comment.starts_with(b"<!--[if") {
        return conditional(comment).map_or(Comment::Plain, Comment::Conditional);
    }
    if comment.starts_with(b"<?xml-stylesheet") {
        return quoted(comment, b"href").map_or(Comment::Plain, Comment::StyleSheet);
    }
    Comment::Plain
}

fn include(comment: &[u8]) -> Comment {
    let command = comment.get(5..).unwrap_or_default();
    let known: [&[u8]; 3] = [b"include", b"fsize", b"flastmod"];
    if !known.iter().any(|name| command.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name))) {
        return Comment::Plain;
    }
    let found: Vec<_> = [b"virtual".as_slice(), b"file"].iter().filter_map(|name| quoted(comment, name)).collect();
    if found.is_empty() { Comment::Plain } else { Comment::Include(found) }
}

fn conditional(comment: &[u8]) -> Option<Range<usize>> {
    let start = memchr::memmem::find(comment, b"]>")? + 2;
    let end = memchr::memmem::rfind(comment, b"<![endif]")?;
    (start <= end).then_some(start..end)
}

/// The range of the value in `name="value"`.
fn quoted(text: &[u8], name: &[u8]) -> Option<Range<usize>> {
    let at = memchr::memmem::find_iter(text, name).find(|&at| {
        at > 0 && text[at - 1].is_ascii_whitespace() && text[at + name.len()..].trim_ascii_start().starts_with(b"=")
    })?;
    let equals = at + memchr::memchr(b'=', &text[at..])?;
    let after = text.get(equals + 1..)?;
    let quote_at = equals + 1 + (after.len() - after.trim_ascii_start().len());
    let quote = *text.get(quote_at).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let length = memchr::memchr(quote, text.get(quote_at + 1..)?)?;
    Some(quote_at + 1..quote_at + 1 + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_that_are_not() {
        let text = b"<!--#include virtual = \"/a.html\" -->";
        assert_eq!(read(text), Comment::Include(std::iter::once(24..31).collect()));
        assert_eq!(read(b"<!--#exec cgi=\"/x\"-->"), Comment::Plain);
        assert_eq!(read(b"<!--[if IE]><a><![endif]-->"), Comment::Conditional(12..15));
        assert_eq!(read(b"<!--[if IE]-->"), Comment::Plain);
        assert_eq!(read(b"<?xml-stylesheet type='a' href='b.css'?>"), Comment::StyleSheet(32..37));
        for hostile in ["<!--#include file=", "<!--#include file=\"", "<?xml-stylesheet href", "<!--#", "<!--[if]>"] {
            assert_eq!(read(hostile.as_bytes()), Comment::Plain, "{hostile}");
        }
    }
}
