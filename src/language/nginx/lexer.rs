//! nginx's own reading of a configuration (`ngx_conf_file.c`, `ngx_conf_read_token`), byte by byte, as a tree of
//! directives.
//!
//! Apart because what ends a word decides which file is opened: `include "b.conf ";` names a file that ends in a
//! blank, `include b.conf ;` does not. Where nginx would refuse the text there is no tree.

use crate::diagnostic::Span;

/// Deepest nesting of blocks that is read; sound configurations have five.
const MAX_DEPTH: usize = 64;

/// One word of a directive.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Decoded.
    pub(super) text: Vec<u8>,
    /// Its bytes in the source, inside its quotes.
    pub(super) span: Span,
}

/// A directive, with what stands in its braces.
#[derive(Debug)]
pub(super) struct Directive {
    /// Its name, then its arguments; never empty.
    pub(super) words: Vec<Word>,
    /// Its block, where it has one.
    pub(super) block: Option<Vec<Directive>>,
}

impl Directive {
    pub(super) fn name(&self) -> &[u8] {
        self.words.first().map_or(b"", |word| &word.text)
    }

    pub(super) fn arguments(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }
}

/// How far a text could be read.
pub(super) struct Parsed {
    /// Directives at the top, those first that were whole.
    pub(super) directives: Vec<Directive>,
    /// nginx would read it to its end.
    pub(super) whole: bool,
}

/// What ends a run of words.
enum End {
    Semicolon,
    Open,
    Close,
    Eof,
}

pub(super) fn parse(source: &[u8]) -> Parsed {
    let at = if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut lexer = Lexer { source, at };
    let mut open: Vec<(Vec<Word>, Vec<Directive>)> = Vec::new();
    let mut here: Vec<Directive> = Vec::new();
    loop {
        let Some((words, end)) = lexer.statement() else { return partial(open, here) };
        match end {
            End::Semicolon => here.push(Directive { words, block: None }),
            End::Open if is_lua(&words) => {
                if lexer.skip_lua().is_none() {
                    return partial(open, here);
                }
                here.push(Directive { words, block: Some(Vec::new()) });
            }
            End::Open if open.len() < MAX_DEPTH => open.push((words, std::mem::take(&mut here))),
            End::Close => match open.pop() {
                Some((words, before)) => {
                    let block = Some(std::mem::replace(&mut here, before));
                    here.push(Directive { words, block });
                }
                None => return Parsed { directives: here, whole: false },
            },
            End::Eof if open.is_empty() => return Parsed { directives: here, whole: true },
            End::Open | End::Eof => return partial(open, here),
        }
    }
}

/// What was read before the text went wrong, or was cut off: open blocks are closed there.
fn partial(mut open: Vec<(Vec<Word>, Vec<Directive>)>, mut here: Vec<Directive>) -> Parsed {
    while let Some((words, mut before)) = open.pop() {
        before.push(Directive { words, block: Some(here) });
        here = before;
    }
    Parsed { directives: here, whole: false }
}

fn is_lua(words: &[Word]) -> bool {
    words.first().is_some_and(|name| name.text.ends_with(b"_by_lua_block"))
}

struct Lexer<'s> {
    source: &'s [u8],
    at: usize,
}

/// How a word was ended.
enum Ended {
    /// By its closing quote.
    Quote,
    /// By a white space.
    Blank,
    /// By what also ends the directive.
    With(End),
}

impl Lexer<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.source.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }

    /// The words up to the next `;`, `{`, `}` or the end; `None` where nginx refuses.
    fn statement(&mut self) -> Option<(Vec<Word>, End)> {
        let mut words = Vec::new();
        let mut after_quote = false;
        loop {
            let Some(byte) = self.next() else {
                return words.is_empty().then_some((words, End::Eof));
            };
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => after_quote = false,
                b';' | b'{' if words.is_empty() => return None,
                b';' => return Some((words, End::Semicolon)),
                b'{' => return Some((words, End::Open)),
                _ if after_quote && byte != b')' => return None,
                b'}' => return words.is_empty().then_some((words, End::Close)),
                b'#' => self.comment(),
                _ => {
                    self.at -= usize::from(!matches!(byte, b'"' | b'\''));
                    let quote = matches!(byte, b'"' | b'\'').then_some(byte);
                    let (word, ended) = self.word(quote)?;
                    words.push(word);
                    after_quote = matches!(ended, Ended::Quote);
                    if let Ended::With(end) = ended {
                        return Some((words, end));
                    }
                }
            }
        }
    }

    fn comment(&mut self) {
        let rest = self.source.get(self.at..).unwrap_or_default();
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    fn word(&mut self, quote: Option<u8>) -> Option<(Word, Ended)> {
        let start = self.at;
        let mut variable = false;
        loop {
            let byte = self.next()?;
            let dollar = std::mem::take(&mut variable);
            let ended = match (byte, quote) {
                (b'{', _) if dollar => continue,
                (b'\\', _) => {
                    self.next()?;
                    continue;
                }
                (b'$', _) => {
                    variable = true;
                    continue;
                }
                (_, Some(quote)) if byte == quote => Ended::Quote,
                (_, Some(_)) => continue,
                (b' ' | b'\t' | b'\r' | b'\n', None) => Ended::Blank,
                (b';', None) => Ended::With(End::Semicolon),
                (b'{', None) => Ended::With(End::Open),
                (_, None) => continue,
            };
            let span = Span::new(start, self.at - 1);
            return Some((Word { text: decode(span.of(self.source)), span }, ended));
        }
    }

    /// Skips Lua up to the brace that closes the block: strings and comments may hold braces.
    fn skip_lua(&mut self) -> Option<()> {
        let mut depth = 1usize;
        loop {
            match self.next()? {
                b'{' => depth += 1,
                b'}' if depth == 1 => return Some(()),
                b'}' => depth -= 1,
                quote @ (b'"' | b'\'') => self.lua_string(quote)?,
                b'[' => drop(self.long_bracket()?),
                b'-' if self.source.get(self.at) == Some(&b'-') => {
                    self.at += 1;
                    let long = self.source.get(self.at) == Some(&b'[') && {
                        self.at += 1;
                        self.long_bracket()?
                    };
                    if !long {
                        self.comment();
                    }
                }
                _ => {}
            }
        }
    }

    fn lua_string(&mut self, quote: u8) -> Option<()> {
        loop {
            match self.next()? {
                b'\\' => drop(self.next()?),
                byte if byte == quote => return Some(()),
                _ => {}
            }
        }
    }

    /// Behind a `[`: skips `[==[ … ]==]`, and says whether it was one.
    fn long_bracket(&mut self) -> Option<bool> {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let level = rest.iter().take_while(|&&byte| byte == b'=').count();
        if rest.get(level) != Some(&b'[') {
            return Some(false);
        }
        let close = [b"]".as_slice(), &vec![b'='; level], b"]"].concat();
        let end = memchr::memmem::find(&rest[level..], &close)?;
        self.at += level + end + close.len();
        Some(true)
    }
}

/// `\"`, `\'` and `\\` lose their backslash, `\t`, `\r` and `\n` are what they say, others stay as they are.
fn decode(written: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(written.len());
    let mut bytes = written.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let escaped = match (byte, bytes.peek()) {
            (b'\\', Some(&next @ (b'"' | b'\'' | b'\\'))) => Some(next),
            (b'\\', Some(b't')) => Some(b'\t'),
            (b'\\', Some(b'r')) => Some(b'\r'),
            (b'\\', Some(b'n')) => Some(b'\n'),
            _ => None,
        };
        if escaped.is_some() {
            bytes.next();
        }
        out.push(escaped.unwrap_or(byte));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Directives as `name|argument{inner;};`.
    fn shown(directives: &[Directive]) -> String {
        let one = |directive: &Directive| {
            let words: Vec<_> =
                directive.words.iter().map(|word| String::from_utf8_lossy(&word.text).into_owned()).collect();
            let block = directive.block.as_ref().map(|block| format!("{{{}}}", shown(block))).unwrap_or_default();
            format!("{}{block};", words.join("|"))
        };
        directives.iter().map(one).collect()
    }

    #[test]
    fn words_end_where_nginx_ends_them() {
        for (text, want) in [
            ("include b.conf ;", Some("include|b.conf;")),
            ("include \"b.conf \";", Some("include|b.conf ;")),
            ("include 'a b';", Some("include|a b;")),
            ("a b\"c d;", Some("a|b\"c|d;")),
            ("a ${b}c d{e;}", Some("a|${b}c|d{e;};")),
            ("a b#c; # d;\ne;", Some("a|b#c;e;")),
            ("a \"b\"c;", None),
            ("if ($a = \"b\") { c; }", Some("if|($a|=|b|){c;};")),
            ("a 'b\\'c' d\\ e;", Some("a|b'c|d\\ e;")),
            ("a \"\\t\\x\";", Some("a|\t\\x;")),
            ("a {b;", None),
            ("a;}", None),
            ("a", None),
            ("a };", None),
            ("\u{feff}a;", Some("a;")),
            ("x_by_lua_block { s = \"}\" --}\n --[[ } ]] t = [=[}]]]=] u = {} } a;", Some("x_by_lua_block{};a;")),
            ("x_by_lua_block { \"", None),
            ("", Some("")),
        ] {
            let parsed = parse(text.as_bytes());
            let got = parsed.whole.then(|| shown(&parsed.directives));
            assert_eq!(got.as_deref(), want, "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert!(!parse("a{".repeat(100_000).as_bytes()).whole);
    }
}
