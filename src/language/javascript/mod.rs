//! JavaScript and TypeScript, with JSX: what a module imports, and what a program reads from its own files.
//!
//! Read: `import` and `export … from`, `import()`, `require` and `require.resolve`, what tests mock, dependencies of
//! AMD modules that are relative, `new URL(…, import.meta.url)`, files that Node's `fs` reads, with paths built by
//! `path`, `__dirname`, templates and constants; the template and the styles of an Angular component, the pages and
//! folders that Express serves. `try`, `.catch()` and existence tests guard.
//!
//! Knowingly not read: the inside of bundles and minified files, `require` where it is a parameter (a bundle's own),
//! URLs that a script asks for at run time (`fetch`, `src =`), text in comments, Flow's own syntax.
//!
//! Manual: nodejs.org "Modules: CommonJS modules", "Modules: ECMAScript modules", "Path"; TypeScript Handbook,
//! "Modules Reference".

mod calls;
mod guards;
mod lexical;
mod lower;
mod names;
mod uses;
mod walk;

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_semantic::SemanticBuilder;
use oxc_span::SourceType;

use super::nesting::{Grammar, Quoted, is_too_deep};
use super::{Input, Language, Phase, Scan};
use crate::path;
use crate::source::lossless_text;
use lower::Lowering;
use walk::Walk;

/// The row of JavaScript.
pub const LANGUAGE: Language = Language {
    name: "javascript",
    extensions: &["js", "mjs", "cjs", "jsx", "es6", "ts", "mts", "cts", "tsx"],
    names: &[],
    interpreters: &["bun", "deno", "node", "nodejs", "ts-node", "tsx", "zx"],
    recognises: None,
    phase: Phase::Facts,
    reads: "imports, `require`, files that `fs` reads, `path` and `import.meta.url` expressions, Angular's templates, Express's folders",
    leaves: "bundles and minified files, URLs asked for at run time",
    scan,
};

/// Higher trees are read lexically: the parser stands more on a scanning thread's stack.
const MAX_HEIGHT: usize = 4_000;
/// The same, where text and comments are counted as if they were expressions.
const MAX_HEIGHT_IN_STRINGS: usize = 30_000;
/// Brackets in brackets: the parser tries `(a = (b = …` as parameters again at each level, in more than linear time.
const MAX_BRACKETS: usize = 300;

const GRAMMAR: Grammar = Grammar {
    strings: &[
        Quoted { quote: "\"", escapes: true, one_line: true },
        Quoted { quote: "'", escapes: true, one_line: true },
        Quoted { quote: "`", escapes: true, one_line: false },
    ],
    comments: &[("//", "\n"), ("/*", "*/")],
    operators: b"+-*/%&|^~!<>=?:.@`",
    words: &["await", "case", "delete", "else", "extends", "in", "instanceof", "new", "typeof", "void", "yield"],
    separators: b",;",
    lines: false,
};
/// The same where strings are looked into: expressions nest in templates too.
const IN_STRINGS: Grammar = Grammar { strings: &[], comments: &[], ..GRAMMAR };
const BRACKETS: Grammar = Grammar { operators: b"", words: &[], ..IN_STRINGS };

/// Marks of what a bundler or an obfuscator wrote.
const BUNDLED: [&[u8]; 4] = [b"__webpack_require__", b"__webpack_modules__", b"parcelRequire", b"__commonJS("];
/// A line longer than this, in bytes, was not written by hand.
const LONG_LINE: usize = 10_000;

/// Reads one module.
fn scan(input: Input<'_>) -> Scan<'_> {
    let bytes = input.source.bytes();
    if is_made(input.path, bytes) {
        return Scan::default();
    }
    read(bytes, bytes, kind(input.path), input.path)
}

/// Reads the scripts of a component: `masked` is `source` with blanks for everything else.
pub(super) fn scan_scripts<'s>(source: &'s [u8], masked: &[u8], typed: bool) -> Scan<'s> {
    let kind = if typed { SourceType::tsx() } else { SourceType::mjs().with_jsx(true) };
    read(source, masked, kind, b"")
}

fn read<'s>(source: &'s [u8], masked: &[u8], kind: SourceType, path: &[u8]) -> Scan<'s> {
    if is_hostile(masked) {
        return lexical::scan(source);
    }
    let text = lossless_text(masked);
    let allocator = Allocator::default();
    let Some(parsed) = parse(&allocator, &text, kind) else { return lexical::scan(source) };
    let semantic = SemanticBuilder::new().with_build_nodes(true).build(&parsed.program).semantic;
    let lowering = Lowering::new(&semantic, source);
    Walk::new(&lowering, path).scan()
}

/// Parses by what the name says, and again as TypeScript where that fails: Flow annotates scripts in nearly its syntax.
fn parse<'a>(allocator: &'a Allocator, text: &'a str, named: SourceType) -> Option<ParserReturn<'a>> {
    let attempt = |kind: SourceType| {
        let options =
            ParseOptions { allow_return_outside_function: true, preserve_parens: false, ..Default::default() };
        let parsed = Parser::new(allocator, text, kind).with_options(options).parse();
        (!parsed.panicked).then_some(parsed)
    };
    attempt(named).or_else(|| attempt(SourceType::tsx()).filter(|_| named.is_javascript()))
}

/// The syntax that a file name promises.
fn kind(path: &[u8]) -> SourceType {
    match path::extension(path).as_slice() {
        b"ts" if path.ends_with(b".d.ts") => SourceType::d_ts(),
        b"ts" | b"mts" | b"cts" => SourceType::ts(),
        b"tsx" => SourceType::tsx(),
        b"mjs" => SourceType::mjs().with_jsx(true),
        _ => SourceType::unambiguous().with_jsx(true),
    }
}

/// Whether a tool wrote the file: names in it are a bundle's own. Qt's translations share an extension, too.
fn is_made(path: &[u8], bytes: &[u8]) -> bool {
    let name = path::name(path);
    let named = [&b".min."[..], b".bundle.", b"-bundle.", b".umd."].iter().any(|part| contains(name, part));
    let long = || bytes.split(|&byte| byte == b'\n').any(|line| line.len() > LONG_LINE);
    named || bytes.starts_with(b"<") || BUNDLED.iter().any(|mark| contains(bytes, mark)) || long()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

/// Whether the parser or its tree would need more stack or time than there is.
fn is_hostile(bytes: &[u8]) -> bool {
    is_too_deep(bytes, &GRAMMAR, MAX_HEIGHT)
        || is_too_deep(bytes, &IN_STRINGS, MAX_HEIGHT_IN_STRINGS)
        || is_too_deep(bytes, &BRACKETS, MAX_BRACKETS)
}
