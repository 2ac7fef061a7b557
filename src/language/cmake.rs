//! CMake (cmake.org, `cmake-language(7)`, `cmake-commands(7)`).
//!
//! Read: `include`, `add_subdirectory`, `configure_file`, sources of targets, files that are installed, read or listed,
//! where headers are searched for;
//! from `CMAKE_CURRENT_SOURCE_DIR` and `CMAKE_CURRENT_LIST_DIR`, or the end of a path behind another variable. Commands
//! are told apart by the lexical rules of the manual, which are all that there is.
//!
//! Knowingly not read: values of variables, generator expressions, patterns, modules by their names.

use super::{Base, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// CMake.
pub const LANGUAGE: Language = Language {
    name: "cmake",
    extensions: &["cmake"],
    names: &["CMakeLists.txt"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "`include`, `add_subdirectory`, `configure_file`, sources of targets, files that are installed, directories of headers",
    leaves: "variables, generator expressions, patterns, modules by name",
    scan,
};

/// A listing starts from its own directory.
const BESIDE: &[Base] = &[Base::Beside];
/// A module from that of whoever includes it.
const STARTED: &[Base] = &[Base::WorkingDirectory];
/// Extensions of what a target is made of.
const SOURCES: [&[u8]; 14] =
    [b"c", b"cc", b"cpp", b"cu", b"cxx", b"h", b"hh", b"hpp", b"hxx", b"m", b"mm", b"qrc", b"rc", b"ui"];

/// Which arguments of a command are files.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Files {
    /// The first, where it is no name of a module.
    Module,
    /// The first.
    First,
    /// The first, a directory.
    Directory,
    /// Those that look like sources.
    Sources,
    /// Those behind one of these words, up to the next word in capitals.
    Behind(&'static [&'static str]),
}

/// Commands, by name, with what happens where the file is not there.
const COMMANDS: [(&[u8], Files, Strength); 10] = [
    (b"add_executable", Files::Sources, Strength::Fatal),
    (b"add_library", Files::Sources, Strength::Fatal),
    (b"add_subdirectory", Files::Directory, Strength::Fatal),
    (b"configure_file", Files::First, Strength::Fatal),
    (b"file", Files::Behind(&["COPY", "READ", "STRINGS"]), Strength::Optional),
    (b"include", Files::Module, Strength::Fatal),
    (b"install", Files::Behind(&["DIRECTORY", "FILES", "PROGRAMS"]), Strength::Optional),
    (b"list", Files::Sources, Strength::Optional),
    (b"set", Files::Sources, Strength::Optional),
    (b"target_sources", Files::Sources, Strength::Fatal),
];

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let listing = path::name(input.path) == b"CMakeLists.txt";
    let mut reader = Reader { source, at: 0, listing, asked: Vec::new(), scan: Scan::default() };
    while let Some((name, arguments)) = reader.command() {
        reader.read(&name, &arguments);
    }
    reader.scan
}

/// An argument: where its text starts, and the text as it is written.
type Argument<'s> = (usize, &'s [u8]);

struct Reader<'s> {
    source: &'s [u8],
    at: usize,
    /// It is the listing of a directory.
    listing: bool,
    /// For each condition around: whether it asks if something is there.
    asked: Vec<bool>,
    scan: Scan<'s>,
}

impl<'s> Reader<'s> {
    /// The next command in small letters, with its arguments.
    fn command(&mut self) -> Option<(Vec<u8>, Vec<Argument<'s>>)> {
        loop {
            let byte = *self.source.get(self.at)?;
            if byte == b'#' {
                self.comment();
            } else if byte.is_ascii_alphabetic() || byte == b'_' {
                let start = self.at;
                self.at += self.count(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                let name = self.source[start..self.at].to_ascii_lowercase();
                self.at += self.count(|byte| byte == b' ' || byte == b'\t');
                if self.source.get(self.at) == Some(&b'(') {
                    self.at += 1;
                    return Some((name, self.arguments()));
                }
            } else {
                self.at += 1;
            }
        }
    }

    fn count(&self, is: impl Fn(u8) -> bool) -> usize {
        self.source[self.at..].iter().take_while(|byte| is(**byte)).count()
    }

    /// `# …` and `#[[ … ]]`.
    fn comment(&mut self) {
        let rest = &self.source[self.at..];
        let length = if rest.starts_with(b"#[[") {
            memchr::memmem::find(rest, b"]]").map(|at| at + 2)
        } else {
            memchr::memchr(b'\n', rest)
        };
        self.at += length.unwrap_or(rest.len());
    }

    fn arguments(&mut self) -> Vec<Argument<'s>> {
        let source: &'s [u8] = self.source;
        let (mut found, mut depth) = (Vec::new(), 1_usize);
        while let Some(&byte) = source.get(self.at) {
            let start = self.at;
            match byte {
                b'#' => self.comment(),
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'"' => found.push(self.quoted()),
                _ if byte.is_ascii_whitespace() || byte == b';' => {}
                _ => {
                    self.at += self.count(|byte| !byte.is_ascii_whitespace() && !b"()#\";".contains(&byte)).max(1);
                    found.push((start, &source[start..self.at]));
                }
            }
            self.at += usize::from(self.at == start);
            if depth == 0 {
                break;
            }
        }
        found
    }

    fn quoted(&mut self) -> Argument<'s> {
        let source: &'s [u8] = self.source;
        let start = self.at + 1;
        let mut at = start;
        while let Some(byte) = source.get(at).filter(|byte| **byte != b'"') {
            at += if *byte == b'\\' { 2 } else { 1 };
        }
        let end = at.min(source.len());
        self.at = (end + 1).min(source.len());
        (start, &source[start..end])
    }

    fn read(&mut self, name: &[u8], arguments: &[Argument<'s>]) {
        match name {
            b"if" => self.asked.push(arguments.iter().any(|(_, word)| *word == b"EXISTS")),
            b"endif" => drop(self.asked.pop()),
            b"include_directories" | b"target_include_directories" => {
                self.scan.facts.extend(arguments.iter().filter_map(|(_, word)| searched(word, self.listing)));
            }
            _ => {
                let row = COMMANDS.iter().find(|row| row.0 == name);
                row.into_iter().for_each(|row| self.files(row, arguments));
            }
        }
    }

    fn files(&mut self, &(_, files, strength): &(&[u8], Files, Strength), arguments: &[Argument<'s>]) {
        let optional = arguments.iter().any(|(_, word)| *word == b"OPTIONAL");
        let construct = match files {
            Files::Module => "include",
            Files::Directory => "add_subdirectory",
            Files::First => "configure_file",
            Files::Sources => "source",
            Files::Behind(_) => "file",
        };
        let mut listed = false;
        for (number, &(at, word)) in arguments.iter().enumerate() {
            let named = match files {
                Files::Module => number == 0 && (word.contains(&b'/') || word.ends_with(b".cmake")),
                Files::First | Files::Directory => number == 0,
                Files::Sources => number > 0 && SOURCES.contains(&path::extension(word).as_slice()),
                Files::Behind(words) => {
                    let keyword = word.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_');
                    listed = if keyword { words.iter().any(|known| known.as_bytes() == word) } else { listed };
                    listed && !keyword
                }
            };
            if named {
                self.push((at, word), construct, strength, optional);
            }
        }
    }

    fn push(&mut self, (at, word): Argument<'s>, construct: &'static str, strength: Strength, optional: bool) {
        let (front, text) = front(word, self.listing);
        if text.is_empty()
            || text.iter().any(|byte| b"$<>*?{}@\\\n".contains(byte))
            || text.starts_with(b"/") != front.is_some()
        {
            return;
        }
        let span = Span::new(at + word.len() - text.len(), at + word.len());
        let want = match construct {
            "add_subdirectory" => Want::Directory,
            "file" => Want::Any,
            _ => Want::File,
        };
        let bases = if self.listing { BESIDE } else { STARTED };
        let mut one = Reference::literal(span, text, construct, Namespace::Path(bases, want), strength);
        if let Some(front) = front {
            one.expr = front.then(PathExpr::literal(text));
        }
        let guarded = optional || self.asked.contains(&true);
        self.scan.references.push(Reference { guarded, ..one });
    }
}

/// A directory in which headers are searched for; a word in capitals says how.
fn searched(word: &[u8], listing: bool) -> Option<Fact> {
    let (front, text) = front(word, listing);
    let keyword = front.is_none() && text.iter().all(u8::is_ascii_uppercase);
    let odd = text.iter().any(|byte| b"$<>*?{}@\\\n".contains(byte)) || front.is_none() && text.starts_with(b"/");
    let told = !odd && !keyword && (listing || front.is_some()) && front != Some(PathExpr::Hole);
    let text = PathExpr::literal(text.to_vec());
    told.then(|| Fact::HeaderFolder(front.map_or(text.clone(), |front| front.into_owned().then(text))))
}

/// What a variable in front of a path stands for, and what follows it.
fn front(word: &[u8], listing: bool) -> (Option<PathExpr<'_>>, &[u8]) {
    let close = if word.starts_with(b"${") { memchr::memchr(b'}', word) } else { None };
    let Some(close) = close else { return (None, word) };
    let here = match &word[2..close] {
        b"CMAKE_CURRENT_LIST_DIR" => true,
        b"CMAKE_CURRENT_SOURCE_DIR" => listing,
        _ => false,
    };
    let front = if here { PathExpr::here_up(0) } else { PathExpr::Hole };
    (Some(front), &word[close + 1..])
}
