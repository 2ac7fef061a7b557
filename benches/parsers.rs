//! What a language costs beside its parser alone, on the sources of a real tree.
//!
//! `cargo bench --bench parsers -- DIR` reads up to 4 MiB of each language below a folder, runs its parser and its
//! scanner in turn, and prints the throughput of both and the ratio of their times. Timings are never tests.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "prints a table")]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use preflight::language::{self, Input, Language};
use preflight::source::{Source, lossless_text};
use quick_xml::events::Event;

/// Bytes of one language that are measured.
const CORPUS: usize = 4 << 20;
/// Rounds of which the median is taken.
const ROUNDS: usize = 7;
/// What scanning threads have, in bytes.
const STACK: usize = 256 << 20;

/// A language and its parser as its scanner calls it, which tells how much it has read.
type Row = (&'static str, fn(&str, &[u8]) -> usize);

const ROWS: [Row; 18] = [
    ("cargo", |text, _| usize::from(toml_edit::Document::parse(text).is_ok())),
    ("csharp", |_, bytes| grown(&tree_sitter_c_sharp::LANGUAGE.into(), bytes)),
    ("css", css),
    ("elixir", |_, bytes| grown(&tree_sitter_elixir::LANGUAGE.into(), bytes)),
    ("html", |_, bytes| html5gum::Tokenizer::new(bytes).count()),
    ("java", |_, bytes| grown(&tree_sitter_java::LANGUAGE.into(), bytes)),
    ("javascript", javascript),
    ("jinja", jinja),
    ("kotlin", |_, bytes| grown(&tree_sitter_kotlin_ng::LANGUAGE.into(), bytes)),
    ("magento", xml),
    ("markdown", |text, _| pulldown_cmark::Parser::new_ext(text, pulldown_cmark::Options::all()).count()),
    ("npm", npm),
    ("php", php),
    ("python", |text, _| {
        ruff_python_parser::parse_unchecked(text, ruff_python_parser::Mode::Module.into()).errors().len()
    }),
    ("ruby", |_, bytes| grown(&tree_sitter_ruby::LANGUAGE.into(), bytes)),
    ("shell", |_, bytes| grown(&tree_sitter_bash::LANGUAGE.into(), bytes)),
    // Behind an error its events never end.
    ("ansible", |text, _| saphyr_parser::Parser::new_from_str(text).take_while(Result::is_ok).count()),
    ("terraform", |text, _| hcl_edit::parser::parse_body(text).map_or(0, |body| body.len())),
];

fn css(text: &str, _: &[u8]) -> usize {
    fn tokens(parser: &mut cssparser::Parser<'_>) -> usize {
        let mut count = 0;
        while let Ok(token) = parser.next_including_whitespace_and_comments() {
            count += 1;
            let opens = matches!(
                token,
                cssparser::Token::Function(_)
                    | cssparser::Token::ParenthesisBlock
                    | cssparser::Token::SquareBracketBlock
                    | cssparser::Token::CurlyBracketBlock
            );
            if opens {
                let inner = parser.parse_nested_block(|inner| Ok::<_, cssparser::ParseError<()>>(tokens(inner)));
                count += inner.unwrap_or(0);
            }
        }
        count
    }
    tokens(&mut cssparser::Parser::new(text))
}

fn jsonc(text: &str) -> Result<jsonc_parser::ParseResult<'_>, jsonc_parser::errors::ParseError> {
    jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default())
}

/// Scripts are shell, and half of a manifest.
fn npm(text: &str, _: &[u8]) -> usize {
    let Ok(jsonc_parser::ParseResult { value: Some(jsonc_parser::ast::Value::Object(root)), .. }) = jsonc(text) else {
        return 0;
    };
    let scripts = root.get_object("scripts").map(|table| table.properties.as_slice()).unwrap_or_default();
    let texts = scripts.iter().filter_map(|script| script.value.as_string_lit());
    texts.map(|text| grown(&tree_sitter_bash::LANGUAGE.into(), text.value.as_bytes())).sum()
}

fn javascript(text: &str, _: &[u8]) -> usize {
    let allocator = oxc_allocator::Allocator::default();
    let kind = oxc_span::SourceType::tsx();
    oxc_parser::Parser::new(&allocator, text, kind).parse().program.body.len()
}

fn jinja(text: &str, _: &[u8]) -> usize {
    let machinery = minijinja::machinery::parse(text, "a", Default::default());
    usize::from(machinery.is_ok())
}

fn xml(text: &str, _: &[u8]) -> usize {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut values = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => values += tag.attributes().flatten().count(),
            Ok(Event::Text(text)) => values += usize::from(!text.is_empty()),
            Ok(Event::Eof) | Err(_) => return values,
            Ok(_) => {}
        }
    }
}

fn php(_: &str, bytes: &[u8]) -> usize {
    let arena = bumpalo::Bump::new();
    let file = mago_database::file::FileId::zero();
    mago_syntax::parser::parse_file_content(&arena, file, bytes).statements.len()
}

fn grown(language: &tree_sitter::Language, bytes: &[u8]) -> usize {
    let mut parser = tree_sitter::Parser::new();
    let ready = parser.set_language(language).is_ok();
    let tree = ready.then(|| parser.parse(bytes, None)).flatten();
    tree.map_or(0, |tree| tree.root_node().descendant_count())
}

fn main() {
    let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else {
        eprintln!("parsers: name a folder of sources: cargo bench --bench parsers -- DIR");
        return;
    };
    let measured = std::thread::Builder::new().stack_size(STACK).spawn(move || measure(Path::new(&folder)));
    if measured.map(std::thread::JoinHandle::join).is_err() {
        eprintln!("parsers: no thread");
    }
}

fn measure(folder: &Path) {
    println!("| language | corpus | parser | preflight | ratio of times |\n|---|---|---|---|---|");
    for (name, parse) in ROWS {
        let files = corpus(folder, name);
        let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        if bytes == 0 {
            continue;
        }
        let (parser, scanner) = times(&files, parse);
        let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
        let ratio = scanner.as_secs_f64() / parser.as_secs_f64();
        let size = bytes as f64 / 1e6;
        println!("| {name} | {size:.1} MB | {:.0} MB/s | {:.0} MB/s | {ratio:.2} |", rate(parser), rate(scanner));
    }
}

/// Files that a language takes, by path.
fn corpus(folder: &Path, name: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut total = 0;
    let taken = |path: &Path| {
        let path = path.as_os_str().as_encoded_bytes();
        language::by_name(path).is_some_and(|language| language.name == name)
    };
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let files = walk.filter(|entry| entry.file_type().is_file() && taken(entry.path()));
    let read = files.filter_map(|entry| {
        let bytes = std::fs::read(entry.path()).ok()?;
        Some((entry.path().as_os_str().as_encoded_bytes().to_vec(), bytes))
    });
    read.take_while(|(_, bytes)| {
        total += bytes.len();
        total <= CORPUS
    })
    .collect()
}

/// Median times of parser and scanner, measured in turn.
fn times(files: &[(Vec<u8>, Vec<u8>)], parse: fn(&str, &[u8]) -> usize) -> (Duration, Duration) {
    let parsed = || {
        for (_, bytes) in files {
            black_box(parse(&lossless_text(bytes), bytes));
        }
    };
    let scanned = || {
        for (path, bytes) in files {
            black_box(language::by_name(path).map(|language| references(language, path, bytes)));
        }
    };
    let (mut parser, mut scanner): (Vec<_>, Vec<_>) = (0..ROUNDS).map(|_| (timed(parsed), timed(scanned))).unzip();
    parser.sort_unstable();
    scanner.sort_unstable();
    (parser[ROUNDS / 2], scanner[ROUNDS / 2])
}

fn references(language: &Language, path: &[u8], bytes: &[u8]) -> usize {
    let source = Source::new(bytes);
    (language.scan)(Input { path, source: &source, project: None }).references.len()
}

fn timed(work: impl Fn()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
