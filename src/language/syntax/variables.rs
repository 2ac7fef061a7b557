//! Words with `$NAME` and `${NAME:-default}` in them, as Docker's formats replace them
//! (docs.docker.com/reference/dockerfile, "Environment replacement"; docs.docker.com/reference/compose-file,
//! "Interpolation").

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::expr::PathExpr;

/// Deepest nesting of `${a:-${b:-…}}` that is read.
const MAX_NESTING: usize = 16;
/// Longest text that variables may make of a word, in bytes.
const MAX_LENGTH: usize = 4096;

/// Which of the formats a word is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::language) enum Syntax {
    /// A Dockerfile with this escape character: quotes are taken away.
    Dockerfile(u8),
    /// A Compose file: quotes are text, `$$` is a `$`.
    Compose,
}

/// What variables stand for at one place of a file.
#[derive(Clone, Debug, Default)]
pub(in crate::language) struct Variables(FxHashMap<Vec<u8>, Value>);

/// What one variable stands for.
#[derive(Clone, Debug)]
pub(in crate::language) struct Value {
    /// Its text; `None` where the build is told it.
    pub text: Option<Vec<u8>>,
    /// A default that a build may override is part of it.
    pub default: bool,
}

impl Variables {
    pub fn set(&mut self, name: &[u8], value: Value) {
        self.0.insert(name.to_vec(), value);
    }

    pub fn get(&self, name: &[u8]) -> Option<&Value> {
        self.0.get(name)
    }
}

/// A word after replacement.
#[derive(Debug, Default)]
pub(in crate::language) struct Word {
    pieces: Vec<Piece>,
    /// A default that a build may override is part of it.
    pub default: bool,
}

/// A part of a word.
#[derive(Debug)]
enum Piece {
    /// Known text; where it is written so, its place in the word.
    Text(Vec<u8>, Option<Range<usize>>),
    /// Told at build time only.
    Unknown,
}

impl Word {
    /// The text, where all of it is known.
    pub fn text(&self) -> Option<Vec<u8>> {
        let known = |piece: &Piece| match piece {
            Piece::Text(text, _) => Some(text.clone()),
            Piece::Unknown => None,
        };
        self.pieces.iter().map(known).collect::<Option<Vec<_>>>().map(|texts| texts.concat())
    }

    /// As an expression for a path.
    pub fn expr(&self) -> PathExpr<'static> {
        let part = |piece: &Piece| match piece {
            Piece::Text(text, _) => PathExpr::literal(text.clone()),
            Piece::Unknown => PathExpr::Hole,
        };
        let mut parts: Vec<PathExpr<'static>> = self.pieces.iter().map(part).collect();
        if parts.len() == 1 { parts.remove(0) } else { PathExpr::Concat(parts) }
    }

    /// The place in the word of its last part, where that part stands there as it is read.
    pub fn tail(&self) -> Option<Range<usize>> {
        match self.pieces.last()? {
            Piece::Text(_, place) => place.clone(),
            Piece::Unknown => None,
        }
    }

    /// The place of the text, where all of it stands there as it is read.
    pub fn whole(&self) -> Option<Range<usize>> {
        if self.pieces.len() == 1 { self.tail() } else { None }
    }

    fn push(&mut self, bytes: &[u8], place: Option<Range<usize>>) {
        if let Some(Piece::Text(text, have)) = self.pieces.last_mut() {
            let joined = match (&*have, &place) {
                (Some(left), Some(right)) if left.end == right.start => Some(left.start..right.end),
                _ => None,
            };
            if joined.is_some() || have.is_none() && place.is_none() {
                text.extend_from_slice(bytes);
                *have = joined;
                return;
            }
        }
        self.pieces.push(Piece::Text(bytes.to_vec(), place));
    }

    fn variable(&mut self, value: Option<&Value>) {
        // A name that nothing sets is replaced by nothing; here it may be one that the builder sets.
        let Some(value) = value else { return self.pieces.push(Piece::Unknown) };
        self.default |= value.default;
        match &value.text {
            Some(text) if text.len() <= MAX_LENGTH => self.push(text, None),
            _ => self.pieces.push(Piece::Unknown),
        }
    }

    fn append(&mut self, other: Word) {
        self.default |= other.default;
        for piece in other.pieces {
            match piece {
                Piece::Text(text, _) => self.push(&text, None),
                Piece::Unknown => self.pieces.push(Piece::Unknown),
            }
        }
    }
}

/// Replaces the variables of a word, and takes its quotes away where the format has any.
pub(in crate::language) fn expand(word: &[u8], variables: &Variables, syntax: Syntax) -> Word {
    expand_within(word, variables, syntax, 0)
}

fn expand_within(word: &[u8], variables: &Variables, syntax: Syntax, depth: usize) -> Word {
    let mut out = Word::default();
    let mut at = 0;
    let mut double = false;
    while let Some(&byte) = word.get(at) {
        match (byte, syntax) {
            (b'$', Syntax::Compose) if word.get(at + 1) == Some(&b'$') => {
                out.push(b"$", None);
                at += 2;
            }
            (b'$', _) => at = replace(word, at, variables, syntax, depth, &mut out),
            (b'\'', Syntax::Dockerfile(_)) if !double => {
                let end = memchr::memchr(b'\'', &word[at + 1..]).map_or(word.len(), |length| at + 1 + length);
                out.push(&word[at + 1..end], Some(at + 1..end));
                at = end + 1;
            }
            (b'"', Syntax::Dockerfile(_)) => {
                double = !double;
                at += 1;
            }
            (_, Syntax::Dockerfile(escape)) if byte == escape && at + 1 < word.len() => {
                // Within quotes only what is special there loses its escape.
                let kept = double && !matches!(word[at + 1], b'"' | b'$') && word[at + 1] != escape;
                let from = if kept { at } else { at + 1 };
                out.push(&word[from..at + 2], Some(from..at + 2));
                at += 2;
            }
            _ => {
                out.push(&word[at..=at], Some(at..at + 1));
                at += 1;
            }
        }
    }
    out
}

/// Replaces what begins with the `$` at `at`; gives where the word goes on.
fn replace(word: &[u8], at: usize, variables: &Variables, syntax: Syntax, depth: usize, out: &mut Word) -> usize {
    let rest = &word[at + 1..];
    if rest.first() == Some(&b'{') {
        let Some(length) = closing(&rest[1..]) else {
            out.pieces.push(Piece::Unknown);
            return word.len();
        };
        braced(&rest[1..=length], variables, syntax, depth, out);
        return at + length + 3;
    }
    let length = name(rest);
    if length == 0 {
        out.push(b"$", Some(at..at + 1));
        return at + 1;
    }
    out.variable(variables.get(&rest[..length]));
    at + 1 + length
}

/// How many bytes stand before the `}` that closes.
fn closing(text: &[u8]) -> Option<usize> {
    let mut open = 0usize;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' if open == 0 => return Some(at),
            b'}' => open -= 1,
            _ => {}
        }
    }
    None
}

/// `name`, `name:-default`, `name:+other`; other forms are left unknown.
fn braced(inner: &[u8], variables: &Variables, syntax: Syntax, depth: usize, out: &mut Word) {
    let length = name(inner);
    let (name, operator) = inner.split_at(length);
    let value = variables.get(name);
    let (colon, operator) = match operator {
        [b':', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let set = value.and_then(|value| value.text.as_ref()).is_some_and(|text| !colon || !text.is_empty());
    match operator {
        [] if !colon => out.variable(value),
        [b'-', word @ ..] if depth < MAX_NESTING => {
            if set {
                return out.variable(value);
            }
            let default = expand_within(word, variables, syntax, depth + 1);
            out.append(default);
            out.default = true;
        }
        [b'?', ..] if set => out.variable(value),
        _ => out.pieces.push(Piece::Unknown),
    }
}

fn name(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        let mut variables = Variables::default();
        variables.set(b"A", Value { text: Some(b"conf".to_vec()), default: false });
        variables.set(b"D", Value { text: Some(b"dir".to_vec()), default: true });
        variables.set(b"N", Value { text: None, default: false });
        variables
    }

    #[test]
    fn words_are_replaced() {
        for (word, text, default) in [
            ("a/b", Some("a/b"), false),
            ("$A/x", Some("conf/x"), false),
            ("${A}x", Some("confx"), false),
            ("$D/x", Some("dir/x"), true),
            ("${N:-y}/x", Some("y/x"), true),
            ("${A:-y}/x", Some("conf/x"), false),
            ("${Q:-${A}}/x", Some("conf/x"), true),
            ("$N/x", None, false),
            ("$Q", None, false),
            ("${A#c}", None, false),
            ("'$A'/x", Some("$A/x"), false),
            ("\"$A\"/x", Some("conf/x"), false),
            ("\\$A", Some("$A"), false),
            ("a\\ b", Some("a b"), false),
            ("${A", None, false),
        ] {
            let word = expand(word.as_bytes(), &variables(), Syntax::Dockerfile(b'\\'));
            assert_eq!(word.text().as_deref(), text.map(str::as_bytes));
            assert_eq!(word.default, default, "{text:?}");
        }
    }

    #[test]
    fn tails_are_places_in_the_word() {
        for (word, tail) in [("a/b", Some(0..3)), ("$A/x", Some(2..4)), ("'a'", Some(1..2)), ("x$A", None)] {
            assert_eq!(expand(word.as_bytes(), &variables(), Syntax::Dockerfile(b'\\')).tail(), tail, "{word}");
        }
    }

    #[test]
    fn hostile_words_end() {
        for shape in ["${a:-", "$", "{", "\\", "'", "${"] {
            expand(shape.repeat(50_000).as_bytes(), &variables(), Syntax::Dockerfile(b'\\'));
        }
    }
}
