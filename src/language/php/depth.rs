//! Which PHP sources must not reach the parser: mago's parser and lexer stand most nests, but not chains of
//! operators, types in parentheses, or strings in interpolated array keys, which it reads in quadratic time.

use mago_database::file::FileId;
use mago_syntax::lexer::Lexer;
use mago_syntax::settings::LexerSettings;
use mago_syntax::token::TokenKind;
use mago_syntax_core::input::Input;

use crate::language::syntax::nesting::{Height, occurrences};

/// Highest tree that is parsed: a seventh of what the stack of a scanning thread stands. Few sources are even long
/// enough to be counted.
const MAX_HEIGHT: usize = 60_000;
/// Most `{$` in one file: 12,800 of them nested take the lexer 0.2 s, 100,000 more than 20 s.
const MAX_INTERPOLATIONS: usize = 10_000;
/// Shortest link of a chain without punctuation (`x or`, `print`), in bytes.
const SHORTEST_WORD: usize = 4;

/// Whether a source nests too deep.
pub(super) fn is_too_deep(source: &[u8]) -> bool {
    let most = source.len() + source.len() / SHORTEST_WORD;
    most > MAX_HEIGHT && weight(source) > MAX_HEIGHT && (too_interpolated(source) || measured(source))
}

fn too_interpolated(source: &[u8]) -> bool {
    occurrences(source, b"{$") + occurrences(source, b"${") > MAX_INTERPOLATIONS
}

/// How much could add to the height, wherever it stands: most files stay below the limit here.
fn weight(source: &[u8]) -> usize {
    const OPERATORS: [bool; 256] = {
        let mut table = [false; 256];
        let bytes = b"([{.->?!&|=+@~^*/%:<$`";
        let mut at = 0;
        while at < bytes.len() {
            table[bytes[at] as usize] = true;
            at += 1;
        }
        table
    };
    source.iter().filter(|&&byte| OPERATORS[byte as usize]).count() + source.len() / SHORTEST_WORD
}

fn measured(source: &[u8]) -> bool {
    let mut lexer = Lexer::new(Input::new(FileId::zero(), source), LexerSettings::default());
    let mut height = Height::new(MAX_HEIGHT);
    while let Some(Ok(token)) = lexer.advance() {
        count(token.kind, &mut height);
        if height.is_exceeded() {
            return true;
        }
    }
    height.finish()
}

/// Names, values and comments weigh nothing; what is no bracket and no separator is taken for an operator.
fn count(kind: TokenKind, height: &mut Height) {
    use TokenKind as T;
    match kind {
        T::LeftBracket | T::LeftParenthesis => height.open_argument(),
        T::RightBracket | T::RightParenthesis => height.close_operand(),
        T::LeftBrace | T::HashLeftBracket | T::DollarLeftBrace => height.open(),
        T::RightBrace => height.close(),
        T::Semicolon | T::Comma | T::OpenTag | T::EchoTag | T::ShortOpenTag | T::CloseTag => height.separator(),
        T::Whitespace | T::InlineText | T::Identifier | T::QualifiedIdentifier | T::FullyQualifiedIdentifier => {}
        T::Variable | T::LiteralString | T::LiteralInteger | T::LiteralFloat | T::StringPart => {}
        T::SingleLineComment | T::HashComment | T::MultiLineComment | T::DocBlockComment => {}
        T::Public | T::Protected | T::Private | T::Static | T::Function | T::Const | T::Case | T::Colon => {}
        _ => height.operator(),
    }
}
