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
#[derive(Debug)]
pub struct Grammar {
    /// Strings, by the bytes that open and close them; the longer opening first (`"""` before `"`).
    pub strings: &'static [Quoted],
    /// Comments, by the bytes that open and close them; the longer opening first.
    pub comments: &'static [(&'static str, &'static str)],
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

/// Whether a parser that needs stack in proportion to the height of the tree must not see this source.
#[must_use]
pub fn is_too_deep(source: &[u8], grammar: &Grammar, limit: usize) -> bool {
    source.len().saturating_mul(2) > limit && weight(source, grammar) > limit && measured(source, grammar, limit)
}

/// How many bytes and words could add to the height if none were in a string or comment and nothing ever ended.
/// A word counts where its first letter begins one.
fn weight(source: &[u8], grammar: &Grammar) -> usize {
    let mut weights = [0_u8; 256];
    for &byte in grammar.operators.iter().chain(b"{") {
        weights[byte as usize] = 1;
    }
    // A bracket may both hold what is higher and be applied to what stands before it.
    weights[b'(' as usize] = 2;
    weights[b'[' as usize] = 2;
    let initials = initials(grammar);
    let mut total = 0;
    let mut in_word = false;
    for &byte in source {
        let begins = initials[byte as usize] && !in_word;
        total += usize::from(weights[byte as usize]) + usize::from(begins);
        in_word = is_word(byte);
    }
    total
}

/// The bytes that the words of a grammar begin with.
fn initials(grammar: &Grammar) -> [bool; 256] {
    let mut initials = [false; 256];
    for initial in grammar.words.iter().filter_map(|word| word.bytes().next()) {
        initials[initial as usize] = true;
    }
    initials
}

/// How often these bytes stand in the source: a bound for shapes that a parser reads in quadratic time, such as
/// f-strings in f-strings.
#[must_use]
pub fn occurrences(source: &[u8], needle: &[u8]) -> usize {
    memchr::memmem::find_iter(source, needle).count()
}

fn measured(source: &[u8], grammar: &Grammar, limit: usize) -> bool {
    let roles = roles(grammar);
    let mut height = Height::new(limit);
    let mut at = 0;
    while let Some(&byte) = source.get(at) {
        let rest = &source[at..];
        at += match roles[byte as usize] {
            Role::None => 1,
            Role::Word => count_word(rest, grammar, &mut height),
            role => {
                let text = if role == Role::Text { after_text(rest, grammar) } else { None };
                text.unwrap_or_else(|| count_byte(byte, grammar, &mut height))
            }
        };
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
    /// A name or a keyword.
    Word,
    /// A string or a comment, or else an operator.
    Text,
    /// A bracket, an operator, a separator.
    Counts,
}

fn roles(grammar: &Grammar) -> [Role; 256] {
    let mut roles = std::array::from_fn(|byte| if is_word(byte as u8) { Role::Word } else { Role::None });
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
    let mut at = quote.len();
    while let Some(&byte) = rest.get(at) {
        if rest[at..].starts_with(quote) {
            return at + quote.len();
        }
        at += match byte {
            b'\\' if form.escapes => 2,
            b'\n' if form.one_line => return at,
            _ => 1,
        };
    }
    rest.len()
}

fn count_word(rest: &[u8], grammar: &Grammar, height: &mut Height) -> usize {
    let length = rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len());
    if grammar.words.iter().any(|word| word.as_bytes() == &rest[..length]) {
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
            assert!(!deep(&shape.repeat(500)), "{shape}");
        }
    }

    #[test]
    fn hostile_ends_are_no_trouble() {
        for source in [")]}", "\"", "\"\\", "#", "\"\"\"", "\"\"\"\\", ""] {
            assert!(!measured(source.as_bytes(), &PYTHON, 100), "{source}");
        }
        assert_eq!(occurrences(b"f'{f'{f'", b"{f'"), 2);
    }
}
