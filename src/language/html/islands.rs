//! Template syntax in a page: what an engine puts there before the browser sees it.
//!
//! Every island is overwritten with holes of the same length, so that offsets stay, and so that quotes inside an
//! island do not end the attribute it stands in. Which engine it is does not matter here.

use std::borrow::Cow;

use super::super::HOLE;

/// A page with its islands masked.
pub(super) struct Masked<'s> {
    pub bytes: Cow<'s, [u8]>,
    /// Something only a server or a generator reads: the page is not served as it stands.
    pub template: bool,
}

/// Islands longer than this are text that only looks like one.
const MAX_ISLAND: usize = 64 << 10;

struct Island {
    open: &'static [u8],
    close: &'static [u8],
    /// A browser-side framework may own it as well.
    client: bool,
}

const fn island(open: &'static [u8], close: &'static [u8], client: bool) -> Island {
    Island { open, close, client }
}

/// Longer openings first where one begins another.
const ISLANDS: [Island; 7] = [
    island(b"{{", b"}}", true),
    island(b"{%", b"%}", false),
    island(b"{#", b"#}", true),
    island(b"<%", b"%>", false),
    island(b"<?", b"?>", false),
    island(b"${", b"}", true),
    island(b"@Url.", b")", false),
];

/// Masks the islands of a page.
pub(super) fn mask(source: &[u8]) -> Masked<'_> {
    let mut masked = Masked { bytes: Cow::Borrowed(source), template: false };
    let mut finder = Finder { source, closings: [0; ISLANDS.len()] };
    let mut at = 0;
    while let Some(found) = source.get(at..).and_then(|rest| memchr::memchr3(b'{', b'<', b'@', rest)) {
        let brace = at + found;
        // `${` is found by its brace.
        let dollar = brace > at && source[brace] == b'{' && source[brace - 1] == b'$';
        let start = if dollar { brace - 1 } else { brace };
        at = match finder.island_at(start) {
            Some((kind, end)) => {
                masked.template |= !kind.client || is_engine(&source[start..end]);
                masked.bytes.to_mut()[start..end].fill(HOLE);
                end
            }
            None => {
                masked.template |= is_directive(&source[brace..]);
                brace + 1
            }
        };
    }
    masked
}

/// A comment that phpBB and its kin read as a command: `<!-- INCLUDE header.html -->`, `<!-- IF S_ADMIN -->`.
fn is_directive(rest: &[u8]) -> bool {
    const COMMANDS: [&[u8]; 5] = [b"DEFINE ", b"ENDIF ", b"IF ", b"INCLUDE ", b"INCLUDEJS "];
    let Some(inner) = rest.strip_prefix(b"<!-- ") else { return false };
    COMMANDS.iter().any(|command| inner.starts_with(command))
}

struct Finder<'s> {
    source: &'s [u8],
    /// For each kind the nearest closing that is known: the search for it is never repeated, so that openings
    /// without end cost linear time.
    closings: [usize; ISLANDS.len()],
}

impl Finder<'_> {
    fn island_at(&mut self, start: usize) -> Option<(&'static Island, usize)> {
        let rest = self.source.get(start..)?;
        // Nearly every `<` and `{` opens something else.
        if !matches!(rest.get(1)?, b'{' | b'%' | b'#' | b'?' | b'U') {
            return None;
        }
        let number = ISLANDS.iter().position(|island| rest.starts_with(island.open))?;
        let kind = &ISLANDS[number];
        if kind.open == b"<?" && !is_php(rest) {
            return None;
        }
        let inner = start + kind.open.len();
        if self.closings[number] < inner {
            let found = memchr::memmem::find(self.source.get(inner..)?, kind.close);
            self.closings[number] = found.map_or(usize::MAX, |length| inner + length);
        }
        match self.closings[number] {
            // PHP may leave out the last closing tag.
            usize::MAX => (kind.open == b"<?").then_some((kind, self.source.len())),
            close => (close - inner <= MAX_ISLAND).then_some((kind, close + kind.close.len())),
        }
    }
}

/// PHP's tags, and none of XML's instructions (`<?xml`, `<?xpacket`).
fn is_php(rest: &[u8]) -> bool {
    rest.get(2).is_some_and(|&byte| byte == b'=' || byte.is_ascii_whitespace())
        || rest.get(2..5).is_some_and(|word| word.eq_ignore_ascii_case(b"php"))
}

/// `{{ … }}` that no browser-side framework writes: Handlebars' blocks and partials, Go's actions.
fn is_engine(island: &[u8]) -> bool {
    const WORDS: [&[u8]; 12] = [
        b"block",
        b"define",
        b"else",
        b"end",
        b"if",
        b"include",
        b"partial",
        b"range",
        b"template",
        b"url_for",
        b"with",
        b"yield",
    ];
    let Some(inner) = island.strip_prefix(b"{{") else { return false };
    let inner = inner.strip_prefix(b"-").unwrap_or(inner).trim_ascii_start();
    let end = inner.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(inner.len());
    // `{{ range.start }}` shows a field.
    let (word, behind) = inner.split_at(end);
    matches!(inner.first(), Some(b'#' | b'>' | b'/' | b'^' | b'&' | b'{' | b'.'))
        || !behind.starts_with(b".") && WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(html: &str) -> (String, bool) {
        let masked = mask(html.as_bytes());
        (String::from_utf8_lossy(&masked.bytes).replace('\u{1a}', "~"), masked.template)
    }

    #[test]
    fn islands_keep_offsets() {
        for (html, want, template) in [
            ("<a href=\"{{ x(\"y\") }}/a\">", "<a href=\"~~~~~~~~~~~~/a\">", false),
            ("{% if x %}<p>", "~~~~~~~~~~<p>", true),
            ("<?php echo 1; ?><p>", "~~~~~~~~~~~~~~~~<p>", true),
            ("<?xml version='1.0'?><p>", "<?xml version='1.0'?><p>", false),
            ("<%= x %>", "~~~~~~~~", true),
            ("a${b}c", "a~~~~c", false),
            ("{{> head}}", "~~~~~~~~~~", true),
            ("{{range.start}}", "~~~~~~~~~~~~~~~", false),
            ("<!-- IF X --><p>", "<!-- IF X --><p>", true),
            ("<!-- if x --><!--IF X--><p>", "<!-- if x --><!--IF X--><p>", false),
            ("{{ unclosed", "{{ unclosed", false),
            ("a { b } < c @ d", "a { b } < c @ d", false),
            ("@Url.Content(\"~/a.png\")", "~~~~~~~~~~~~~~~~~~~~~~~", true),
        ] {
            assert_eq!(masked(html), (want.to_owned(), template), "{html}");
        }
    }

    #[test]
    fn openings_without_end_are_linear() {
        for open in ["{{", "{%", "<%", "<?", "${", "{#"] {
            mask(open.repeat(500_000).as_bytes());
        }
    }
}
