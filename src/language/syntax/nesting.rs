//! How high a syntax tree a source would give, told without building it.
//!
//! Recursive parsers, and whoever walks their trees, need stack in proportion to the height of the tree: brackets
//! in brackets, but also chains of operators (`a . b . c` leans to the left) and of prefixes (`!!!x`). A stack
//! overflow aborts the process and cannot be caught, so a source that may be too high never reaches a parser: its
//! language reads it lexically instead.
//!
//! [`is_too_deep`] is for languages whose strings and comments can be told by their first bytes. It first counts
//! every byte that could add to the height, wherever it stands: below the limit no source can be too high, and
//! that is nearly every file. Languages with a tokenizer at hand feed [`Height`] themselves.
//!
//! What this does not do: it knows nothing of a language's precedence, and so errs towards "too deep".

/// An upper bound of the height of the tree, from what opens, closes, binds and separates.
///
/// The height of a list of operands is at most its operators plus its highest operand, however they associate.
#[derive(Debug)]
pub struct Height {
    levels: Vec<Level>,
    limit: usize,
    exceeded: bool,
}

#[derive(Debug, Default, Clone, Copy)]
struct Level {
    /// Operators since the last separator.
    operators: usize,
    /// The highest bracket since the last separator.
    highest: usize,
    /// The highest of what the separators ended.
    ended: usize,
    /// An operand ended with a bracket: a bracket that follows is applied to it.
    applied: bool,
}

impl Level {
    fn height(self) -> usize {
        self.ended.max(self.operators + self.highest)
    }
}

impl Height {
    /// Starts at the ground; more than `limit` is too high.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Height { levels: vec![Level::default()], limit, exceeded: false }
    }

    /// A bracket opens.
    pub fn open(&mut self) {
        self.exceeded |= self.levels.len() > self.limit;
        if !self.exceeded {
            self.levels.push(Level::default());
        }
    }

    /// A bracket opens that may be applied to what another one closed: `f()()` and `a[0][1]` are chains.
    pub fn open_argument(&mut self) {
        self.update(|level| level.operators += usize::from(level.applied));
        self.open();
    }

    /// A bracket closes that ends an operand.
    pub fn close_operand(&mut self) {
        self.close();
        self.update(|level| level.applied = true);
    }

    /// A bracket closes; one too many is ignored, as parsers recover from it.
    pub fn close(&mut self) {
        if self.levels.len() < 2 {
            return;
        }
        let height = self.levels.pop().map_or(0, Level::height) + 1;
        self.update(|level| *level = Level { highest: level.highest.max(height), applied: false, ..*level });
    }

    /// An operator, prefix or keyword that puts one node on top of another.
    pub fn operator(&mut self) {
        self.update(|level| *level = Level { operators: level.operators + 1, applied: false, ..*level });
    }

    /// A statement or a member of a list ends: what follows stands beside it, not on top of it.
    pub fn separator(&mut self) {
        self.update(|level| *level = Level { ended: level.height(), ..Level::default() });
    }

    /// Whether the limit was exceeded; nothing that follows can change that.
    #[must_use]
    pub fn is_exceeded(&self) -> bool {
        self.exceeded
    }

    /// How many brackets are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.levels.len() - 1
    }

    /// Ends the source: what is still open counts as closed here, as parsers recover at the end.
    #[must_use]
    pub fn finish(mut self) -> bool {
        while self.levels.len() > 1 {
            self.close();
        }
        self.exceeded
    }

    fn update(&mut self, change: impl FnOnce(&mut Level)) {
        if let Some(level) = self.levels.last_mut() {
            change(level);
            self.exceeded |= level.height() > self.limit;
        }
    }
}

/// What a byte pass must know of a language.
#[derive(Clone, Copy, Debug)]
pub struct Grammar {
    /// Strings, by the bytes that open and close them; the longer opening first (`"""` before `"`).
    pub strings: &'static [Quoted],
    /// Comments, by the bytes that open and close them; the longer opening first.
    pub comments: &'static [(&'static str, &'static str)],
    /// What an expression in a string begins with.
    pub inner: &'static [u8],
    /// Bytes that put one node on top of another.
    pub operators: &'static [u8],
    /// Words that do so: `not`, `lambda`, `else`.
    pub words: &'static [&'static str],
    /// Bytes that end a statement or a member of a list.
    pub separators: &'static [u8],
    /// A line end outside brackets ends a statement.
    pub lines: bool,
}

/// One form of string.
#[derive(Debug)]
pub struct Quoted {
    /// Opens and closes it.
    pub quote: &'static str,
    /// The byte after a backslash is not looked at.
    pub escapes: bool,
    /// A line end closes it too (an unterminated string is an error of one line only).
    pub one_line: bool,
}

/// Whether a parser that needs stack in proportion to the height of the tree must not see this source: it is higher
/// than `limit` as it is written, or where text and comments are counted as if they were expressions. Those nest in
/// templates and f-strings, too.
#[must_use]
pub fn is_too_deep(source: &[u8], grammar: &Grammar, limit: usize) -> bool {
    let height = |grammar| measured(source, grammar, limit);
    let looked_into = Grammar { strings: &[], comments: &[], ..*grammar };
    source.len().saturating_mul(2) > limit
        && weight(source, grammar) > limit
        && (height(grammar) || occurrences(source, grammar.inner) > 0 && height(&looked_into))
}

/// Whether more brackets than these are open at once, wherever they stand; one that closes nothing is ignored.
#[must_use]
pub fn nests_brackets(source: &[u8], limit: usize) -> bool {
    let mut open = 0;
    let may_exceed = source.chunks(CHUNK).any(|chunk| {
        let opening = count(chunk, |byte| matches!(byte, b'(' | b'[' | b'{'));
        let closing = count(chunk, |byte| matches!(byte, b')' | b']' | b'}'));
        // Those that close may stand before those that open, or close nothing.
        let most = open + opening;
        open = most.saturating_sub(closing).max(opening);
        most > limit
    });
    may_exceed && deepest_bracket(source) > limit
}

/// Bytes that are counted at once; no more than a byte can count.
const CHUNK: usize = 255;

fn count(chunk: &[u8], counts: impl Fn(u8) -> bool) -> usize {
    usize::from(chunk.iter().map(|&byte| u8::from(counts(byte))).sum::<u8>())
}

fn deepest_bracket(source: &[u8]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for byte in source {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

/// How many bytes and words could add to the height if none were in a string or comment and nothing ever ended.
/// A word counts where its first letter begins one.
fn weight(source: &[u8], grammar: &Grammar) -> usize {
    let weights = weights(grammar);
    let mut before = 0;
    let weigh = |&byte: &u8| {
        let weight = weights[byte as usize];
        let begins = weight & INITIAL != 0 && before & WORD == 0;
        before = weight;
        usize::from(weight & MOST) + usize::from(begins)
    };
    source.iter().map(weigh).sum()
}

/// The bits of what a byte adds by itself.
const MOST: u8 = 3;
/// It may begin a word that counts.
const INITIAL: u8 = 4;
/// It is part of a word.
const WORD: u8 = 8;

fn weights(grammar: &Grammar) -> [u8; 256] {
    let mut weights = std::array::from_fn(|byte| if is_word(byte as u8) { WORD } else { 0 });
    for &byte in grammar.operators.iter().chain(b"{") {
        weights[byte as usize] |= 1;
    }
    // A bracket may both hold what is higher and be applied to what stands before it.
    weights[b'(' as usize] |= 2;
    weights[b'[' as usize] |= 2;
    for initial in initials(grammar) {
        weights[initial as usize] |= INITIAL;
    }
    weights
}

/// The bytes that the words of a grammar begin with.
fn initials(grammar: &Grammar) -> impl Iterator<Item = u8> {
    grammar.words.iter().filter_map(|word| word.bytes().next())
}

/// How often these bytes stand in the source: a bound for shapes that a parser reads in quadratic time, such as
/// f-strings in f-strings.
#[must_use]
pub fn occurrences(source: &[u8], needle: &[u8]) -> usize {
    memchr::memmem::find_iter(source, needle).count()
}

fn measured(source: &[u8], grammar: &Grammar, limit: usize) -> bool {
    let roles = roles(grammar);
    let next = |at: usize| Some(at + source.get(at..)?.iter().position(|&byte| roles[byte as usize] != Role::None)?);
    let mut height = Height::new(limit);
    let mut after = 0;
    while let Some(at) = next(after) {
        after = at + count_role(source, at, roles[source[at] as usize], grammar, &mut height);
        if height.is_exceeded() {
            return true;
        }
    }
    height.finish()
}

/// What a byte may be the first of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Nothing that counts.
    None,
    /// A word that counts.
    Word,
    /// A string or a comment, or else an operator.
    Text,
    /// A bracket, an operator, a separator.
    Counts,
}

fn roles(grammar: &Grammar) -> [Role; 256] {
    let mut roles = [Role::None; 256];
    for initial in initials(grammar) {
        roles[initial as usize] = Role::Word;
    }
    for &byte in grammar.operators.iter().chain(grammar.separators).chain(b"()[]{}\n") {
        roles[byte as usize] = Role::Counts;
    }
    let strings = grammar.strings.iter().map(|form| form.quote);
    let comments = grammar.comments.iter().map(|(open, _)| *open);
    for first in strings.chain(comments).filter_map(|opening| opening.bytes().next()) {
        roles[first as usize] = Role::Text;
    }
    roles
}

/// Counts what begins at this byte, and gives its length.
fn count_role(source: &[u8], at: usize, role: Role, grammar: &Grammar, height: &mut Height) -> usize {
    let rest = &source[at..];
    match role {
        Role::None => 1,
        Role::Word if at > 0 && is_word(source[at - 1]) => 1,
        Role::Word => count_word(rest, grammar, height),
        Role::Text => after_text(rest, grammar).unwrap_or_else(|| count_byte(rest[0], grammar, height)),
        Role::Counts => count_byte(rest[0], grammar, height),
    }
}

/// The length of the string or comment that begins here.
fn after_text(rest: &[u8], grammar: &Grammar) -> Option<usize> {
    let comment = grammar.comments.iter().find(|(open, _)| rest.starts_with(open.as_bytes()));
    if let Some((open, close)) = comment {
        let body = &rest[open.len()..];
        let end = memchr::memmem::find(body, close.as_bytes());
        return Some(end.map_or(rest.len(), |end| open.len() + end));
    }
    let form = grammar.strings.iter().find(|form| rest.starts_with(form.quote.as_bytes()))?;
    Some(string_length(rest, form))
}

fn string_length(rest: &[u8], form: &Quoted) -> usize {
    let quote = form.quote.as_bytes();
    let next = |at: usize| Some(at + memchr::memchr3(quote[0], b'\\', b'\n', rest.get(at..)?)?);
    let mut after = quote.len();
    while let Some(at) = next(after) {
        if rest[at..].starts_with(quote) {
            return at + quote.len();
        }
        after = match rest[at] {
            b'\\' if form.escapes => at + 2,
            b'\n' if form.one_line => return at,
            _ => at + 1,
        };
    }
    rest.len()
}

fn count_word(rest: &[u8], grammar: &Grammar, height: &mut Height) -> usize {
    let length = rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len());
    let is_this = |word: &&str| word.len() == length && rest.starts_with(word.as_bytes());
    if grammar.words.iter().any(is_this) {
        height.operator();
    }
    length
}

/// Counts one byte, and gives its length.
fn count_byte(byte: u8, grammar: &Grammar, height: &mut Height) -> usize {
    match byte {
        b'(' | b'[' => height.open_argument(),
        b')' | b']' => height.close_operand(),
        b'{' => height.open(),
        b'}' => height.close(),
        b'\n' if grammar.lines && height.depth() == 0 => height.separator(),
        _ if grammar.separators.contains(&byte) => height.separator(),
        _ if grammar.operators.contains(&byte) => height.operator(),
        _ => {}
    }
    1
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    const PYTHON: Grammar = Grammar {
        strings: &[
            Quoted { quote: "\"\"\"", escapes: true, one_line: false },
            Quoted { quote: "\"", escapes: true, one_line: true },
        ],
        comments: &[("#", "\n")],
        inner: b"{",
        operators: b"+-*./~%&|^<>=@:",
        words: &["not", "lambda", "await"],
        separators: b",;",
        lines: true,
    };

    fn deep(source: &str) -> bool {
        is_too_deep(source.as_bytes(), &PYTHON, 100)
    }

    #[test]
    fn what_nests_is_deep() {
        for shape in ["(", "[", "not ", "-", "x.", "x+", "lambda: ", "f(a)(", "{ \")\" ", "()", "[0]"] {
            assert!(deep(&shape.repeat(101)), "{shape}");
            assert!(!deep(&shape.repeat(20)), "{shape}");
        }
        assert!(deep(&format!("{}x{}", "(".repeat(60), " + 1)".repeat(60))), "both add up");
    }

    #[test]
    fn what_stands_side_by_side_is_not() {
        for shape in ["f(a + b)\n", "x = 1\n", "a[1], ", "\"((((\" # ((((\n", "\"\"\"((\n((\"\"\"\n", "\"\\\"(\"\n"] {
            assert!(!measured(shape.repeat(500).as_bytes(), &PYTHON, 100), "{shape}");
        }
    }

    #[test]
    fn hostile_ends_are_no_trouble() {
        for source in [")]}", "\"", "\"\\", "#", "\"\"\"", "\"\"\"\\", ""] {
            assert!(!measured(source.as_bytes(), &PYTHON, 100), "{source}");
        }
        assert_eq!(occurrences(b"f'{f'{f'", b"{f'"), 2);
        assert!(nests_brackets(b")(a[b]{('", 2) && !nests_brackets(b")(a[b]{('", 3));
    }
}
