//! Patterns of `.dockerignore`, exactly as moby matches them (moby/patternmatcher `patternmatcher.go`).
//!
//! Unlike git's they are all anchored, the last that matches decides, and an exception holds below an excluded
//! directory, too.

use crate::path;

/// Longest pattern that is read, in bytes.
const MAX_PATTERN: usize = 4096;

/// The patterns of one ignore file.
#[derive(Debug, Default)]
pub struct Patterns(Vec<Pattern>);

/// One line.
#[derive(Debug)]
struct Pattern {
    /// 1-based.
    line: u32,
    /// As it is written.
    text: Vec<u8>,
    /// `!`: what it matches is sent after all.
    exception: bool,
    tokens: Vec<Token>,
}

/// A piece of a pattern.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// This byte.
    Byte(u8),
    /// `?`: a character that is no `/`.
    One,
    /// `*`: any number of them.
    Star,
    /// `**`: anything.
    Anything,
    /// `**` before something: nothing, or anything that ends in `/`. A [`Token::Within`] follows it.
    Directories,
    /// What a [`Token::Directories`] takes where it takes something.
    Within,
    /// `[a-z]`, negated by `^`: ranges of bytes.
    Class(bool, Vec<(u8, u8)>),
}

/// Which line of an ignore file keeps a path out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excluded<'p> {
    /// 1-based.
    pub line: u32,
    /// The pattern as it is written.
    pub pattern: &'p [u8],
}

impl Patterns {
    /// Reads the lines of an ignore file.
    #[must_use]
    pub fn new(lines: &[Vec<u8>]) -> Self {
        let numbered = lines.iter().zip(1..);
        Patterns(numbered.filter_map(|(text, line)| Pattern::new(text, line)).collect())
    }

    /// The line that keeps a normal path out; `None` where it is sent. A directory that is kept out keeps out what is
    /// below it, unless a later exception says otherwise.
    #[must_use]
    pub fn excluded(&self, path: &[u8]) -> Option<Excluded<'_>> {
        let matches = |pattern: &&Pattern| {
            path::ancestors(path).filter(|above| !above.is_empty()).any(|above| matches(&pattern.tokens, above))
        };
        let last = self.0.iter().rev().find(matches)?;
        (!last.exception).then_some(Excluded { line: last.line, pattern: &last.text })
    }
}

/// Whether a name matches one segment of a pattern in Go's syntax (`path/filepath`, `Match`).
#[must_use]
pub fn is_match(pattern: &[u8], name: &[u8]) -> bool {
    let mut pattern = pattern.to_vec();
    // Go has no `**`: two of them are one.
    pattern.dedup_by(|a, b| *a == b'*' && *b == b'*');
    tokens(&pattern).is_some_and(|tokens| matches(&tokens, name))
}

impl Pattern {
    fn new(text: &[u8], line: u32) -> Option<Pattern> {
        if text.starts_with(b"#") || text.len() > MAX_PATTERN {
            return None;
        }
        let text = text.trim_ascii();
        let (exception, pattern) = match text {
            [b'!', rest @ ..] => (true, rest.trim_ascii()),
            _ => (false, text),
        };
        if pattern.is_empty() {
            return None;
        }
        let clean = path::normalize(pattern)?;
        Some(Pattern { line, text: text.to_vec(), exception, tokens: tokens(&clean)? })
    }
}

/// `None` where moby refuses the pattern.
fn tokens(pattern: &[u8]) -> Option<Vec<Token>> {
    // `**name` alone is compared as an ending, of a name, too.
    if let Some(ending) = pattern.strip_prefix(b"**").filter(|ending| !ending.starts_with(b"/") && is_plain(ending)) {
        let bytes = ending.iter().map(|&byte| Token::Byte(byte));
        return Some(std::iter::once(Token::Anything).chain(bytes).collect());
    }
    let mut tokens = Vec::new();
    let mut rest = pattern;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'*' if after.starts_with(b"*") => {
                rest = after[1..].strip_prefix(b"/").unwrap_or(&after[1..]);
                let last = rest.is_empty();
                tokens.extend(if last { vec![Token::Anything] } else { vec![Token::Directories, Token::Within] });
            }
            b'*' => tokens.push(Token::Star),
            b'?' => tokens.push(Token::One),
            b'[' => {
                let (class, after) = class(after)?;
                rest = after;
                tokens.push(class);
            }
            b'\\' => {
                let (&escaped, after) = after.split_first().unwrap_or((&b'\\', &[]));
                rest = after;
                tokens.push(Token::Byte(escaped));
            }
            other => tokens.push(Token::Byte(other)),
        }
    }
    Some(tokens)
}

fn is_plain(text: &[u8]) -> bool {
    !text.iter().any(|byte| b"*?[]\\".contains(byte))
}

/// What stands between brackets, and what follows them.
fn class(text: &[u8]) -> Option<(Token, &[u8])> {
    let (negated, mut rest) = match text {
        [b'^', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let mut ranges = Vec::new();
    loop {
        let (low, after) = match rest {
            [b']', after @ ..] => return (!ranges.is_empty()).then_some((Token::Class(negated, ranges), after)),
            [b'\\', low, after @ ..] => (*low, after),
            [low, after @ ..] => (*low, after),
            [] => return None,
        };
        (ranges, rest) = match after {
            [b'-', high, after @ ..] if *high != b']' => (with(ranges, low, *high), after),
            _ => (with(ranges, low, low), after),
        };
    }
}

fn with(mut ranges: Vec<(u8, u8)>, low: u8, high: u8) -> Vec<(u8, u8)> {
    ranges.push((low, high));
    ranges
}

/// Whether tokens match a whole path: all places in the pattern that the path may have come to, byte by byte.
fn matches(tokens: &[Token], path: &[u8]) -> bool {
    let mut at = vec![false; tokens.len() + 1];
    at[0] = true;
    skip(tokens, &mut at);
    for (number, &byte) in path.iter().enumerate() {
        // A character of several bytes is passed with its last one.
        let whole = path.get(number + 1).is_none_or(|next| next & 0xC0 != 0x80);
        let mut next = vec![false; tokens.len() + 1];
        for (place, token) in tokens.iter().enumerate().filter(|(place, _)| at[*place]) {
            let (stays, goes_on) = step(token, byte, whole);
            next[place] |= stays;
            next[place + 1] |= goes_on;
        }
        at = next;
        skip(tokens, &mut at);
    }
    at[tokens.len()]
}

/// Whether a byte may be taken by a token that takes more, and whether it may be its last.
fn step(token: &Token, byte: u8, whole: bool) -> (bool, bool) {
    let slash = byte == b'/';
    match token {
        Token::Byte(own) => (false, *own == byte),
        Token::One => (!slash && !whole, !slash && whole),
        Token::Class(negated, ranges) => {
            let fits = ranges.iter().any(|(low, high)| (*low..=*high).contains(&byte)) != *negated;
            (fits && !whole, fits && whole)
        }
        Token::Star => (!slash, false),
        Token::Anything => (true, false),
        Token::Within => (true, slash),
        Token::Directories => (false, false),
    }
}

/// From the places before what may stand for nothing to those behind it.
fn skip(tokens: &[Token], at: &mut [bool]) {
    for (place, token) in tokens.iter().enumerate() {
        if !at[place] {
            continue;
        }
        at[place + 1] |= matches!(token, Token::Star | Token::Anything | Token::Directories);
        if *token == Token::Directories {
            at[place + 2] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excluded(lines: &[&str], path: &str) -> bool {
        let lines: Vec<Vec<u8>> = lines.iter().map(|line| line.as_bytes().to_vec()).collect();
        Patterns::new(&lines).excluded(path.as_bytes()).is_some()
    }

    #[test]
    fn one_pattern_as_moby_matches_it() {
        for (pattern, path, want) in [
            ("**", "dir/file", true),
            ("**/", "dir/file", true),
            ("**/**", "dir/file", true),
            ("dir/**", "dir/dir2/file", true),
            ("**/dir", "dir/file", true),
            ("**/dir2/*", "dir/dir2/file", true),
            ("**/dir2/**", "dir/dir2/dir3/file", true),
            ("**file", "dir/dir/file", true),
            ("**file", "dir/myfile", true),
            ("**/file", "dir/myfile", false),
            ("**/file", "file", true),
            ("**/file*txt", "dir/dir/file.txt", true),
            ("**/**/*.txt", "file.txt", true),
            ("**/**/*.txt2", "dir/dir/file.txt", false),
            ("a**/*.txt", "a/file.txt", true),
            ("a**/*.txt", "a/dir/dir/file.txt", true),
            ("a/*.txt", "a/dir/file.txt", false),
            ("a/*.txt**", "a/file.txt", true),
            ("a[b-d]e", "ace", true),
            ("a[b-d]e", "aae", false),
            ("a[^b-d]e", "aze", true),
            (".*", ".foo", true),
            (".*", "foo", false),
            ("abc.def", "abcZdef", false),
            ("abc?def", "abcZdef", true),
            ("a\\\\", "a\\", true),
            ("abc/**", "abc", false),
            ("**/.foo", "bar.foo", false),
            ("a(b)c/def", "a(b)c/def", true),
            ("a.|)$(}+{bc", "a.|)$(}+{bc", true),
            ("a?b", "a\u{263a}b", true),
            ("a???b", "a\u{263a}b", false),
            ("a[^a]b", "a\u{263a}b", true),
            ("a*/b", "a/c/b", false),
            ("node_modules", "web/node_modules/x", false),
            ("/docs/", "docs", true),
            ("docs", "docs/a/b", true),
            ("#x", "#x", false),
            (" #x", "#x", true),
            ("[", "[", false),
        ] {
            assert_eq!(excluded(&[pattern], path), want, "{pattern} {path}");
        }
    }

    #[test]
    fn the_last_line_that_matches_decides() {
        for (lines, path, want) in [
            (&["docs", "!docs/README.md"][..], "docs/README.md", false),
            (&["docs", " ! docs/README.md "], "docs/README.md", false),
            (&["!docs/README.md", "docs"], "docs/README.md", true),
            (&["**", "!util/docker/web"], "util/docker/web/foo", false),
            (&["**", "!util/docker/web", "util/docker/web/foo"], "util/docker/web/foo", true),
            (&["**", "!dist/*.whl"], "dist/a-1+g0.whl", false),
            (&["*", "!src"], "src/a/b", false),
        ] {
            assert_eq!(excluded(lines, path), want, "{lines:?} {path}");
        }
    }

    #[test]
    fn hostile_patterns_end() {
        for shape in ["**/", "*", "[a", "\\", "?", "a**b"] {
            excluded(&[&shape.repeat(1000)], &"a/".repeat(500));
        }
    }
}
