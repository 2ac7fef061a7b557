//! Lines of `key = value` below `[section]`, as systemd, uWSGI, supervisord and PHP write them. Each has rules of its
//! own for comments and for lines that go on; the values keep their places.

use std::borrow::Cow;

use crate::diagnostic::Span;

/// What the formats do differently.
#[derive(Clone, Copy, Debug)]
pub(in crate::language) struct Style {
    /// Bytes that begin a comment at the start of a line.
    pub comments: &'static [u8],
    /// A blank and this byte end a value.
    pub inline: Option<u8>,
    /// A backslash at the end of a line joins the next one to it.
    pub joins: bool,
}

/// One `key = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::language) struct Entry<'s> {
    /// The section without brackets; empty before the first.
    pub section: &'s [u8],
    /// The key as it is written.
    pub key: &'s [u8],
    /// The value; where lines are joined, blanks stand for what joins them.
    pub value: Cow<'s, [u8]>,
    /// Where the value starts, in bytes.
    pub at: usize,
}

impl Entry<'_> {
    /// The place of a part of the value, in bytes of the source.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.at + start, self.at + end)
    }

    /// The value without quotes around it, and where that starts in the value.
    pub fn unquoted(&self) -> (&[u8], usize) {
        match self.value.as_ref() {
            [open @ (b'"' | b'\''), inner @ .., close] if open == close => (inner, 1),
            value => (value, 0),
        }
    }
}

/// The entries of a file, in order.
#[must_use]
pub(in crate::language) fn entries(source: &[u8], style: Style) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    let mut section: &[u8] = b"";
    let mut at = 0;
    while at < source.len() {
        let end = line_end(source, at, style);
        let line = &source[at..end];
        let text = line.trim_ascii();
        if let Some(name) = text.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")) {
            section = name;
        } else if text.first().is_some_and(|first| !style.comments.contains(first)) {
            entries.extend(entry(line, at, section, style));
        }
        at = end + 1;
    }
    entries
}

fn line_end(source: &[u8], start: usize, style: Style) -> usize {
    let mut from = start;
    loop {
        let end = memchr::memchr(b'\n', &source[from..]).map_or(source.len(), |found| from + found);
        let goes_on = style.joins && end > start && source[end - 1] == b'\\' && end < source.len();
        if !goes_on {
            return end;
        }
        from = end + 1;
    }
}

fn entry<'s>(line: &'s [u8], at: usize, section: &'s [u8], style: Style) -> Option<Entry<'s>> {
    let equals = memchr::memchr(b'=', line)?;
    let mut value = &line[equals + 1..];
    if let Some(byte) = style.inline
        && let Some(end) = memchr::memmem::find(value, &[b' ', byte])
    {
        value = &value[..end];
    }
    let start = equals + 1 + value.len() - value.trim_ascii_start().len();
    let value = value.trim_ascii();
    // What a template of Jinja or its like puts here is not known.
    if memchr::memmem::find(value, b"{{").is_some() || memchr::memmem::find(value, b"{%").is_some() {
        return None;
    }
    let joined = if style.joins && memchr::memchr(b'\n', value).is_some() {
        Cow::Owned(value.iter().map(|&byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }).collect())
    } else {
        Cow::Borrowed(value)
    };
    Some(Entry { section, key: line[..equals].trim_ascii(), value: without_joints(joined), at: at + start })
}

/// The backslashes that joined lines become blanks, too.
fn without_joints(value: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let Cow::Owned(mut value) = value else { return value };
    for at in 0..value.len().saturating_sub(1) {
        if value[at] == b'\\' && value[at + 1] == b' ' {
            value[at] = b' ';
        }
    }
    Cow::Owned(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_places() {
        let source = b"a=1\n[s]\n# b=2\ne={{ x }}/y\nc = x y ; z\nd=p \\\n  q\n";
        let read = entries(source, Style { comments: b"#", inline: Some(b';'), joins: true });
        let seen: Vec<_> = read.iter().map(|one| (one.section, one.key, one.value.as_ref(), one.at)).collect();
        assert_eq!(seen[0], (&b""[..], &b"a"[..], &b"1"[..], 2));
        assert_eq!(seen[1], (&b"s"[..], &b"c"[..], &b"x y"[..], 30));
        assert_eq!(seen[2], (&b"s"[..], &b"d"[..], &b"p     q"[..], 40));
    }
}
