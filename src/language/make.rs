//! Makefiles (gnu.org, "GNU Make", 3 "Writing Makefiles" and 4 "Writing Rules"; "GNU Automake", 3).
//!
//! Read: `include`, prerequisites that no rule makes, scripts that recipes run, lists of files in `Makefile.am`, where
//! `-I` has headers searched for; behind a variable whose value is not followed the end of a path. Make has no grammar
//! of its own for what it hands to the shell: lines are told by their first characters, and recipes are read by
//! [`super::launch::shell`].
//!
//! Knowingly not read: values of variables, functions, patterns, `VPATH`, what `define` holds.

use super::launch::operands::{self, Use};
use super::launch::{self, Command, Setting, shell};
use super::{Base, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// Makefiles.
pub const LANGUAGE: Language = Language {
    name: "make",
    extensions: &["mak", "make", "mk"],
    names: &["GNUmakefile", "Makefile", "Makefile.am", "makefile"],
    interpreters: &["make"],
    recognises: None,
    phase: Phase::Facts,
    reads: "`include`, prerequisites near an existing file, scripts that recipes run, lists of files for Automake, directories of headers",
    leaves: "variables, functions, patterns, `VPATH`",
    scan,
};

/// Make is mostly started where its main file lies.
const BESIDE: &[Base] = &[Base::Beside];
/// A part of a makefile is read from wherever it is included.
const STARTED: &[Base] = &[Base::WorkingDirectory];
/// Longest file that is read, in bytes.
const MAX_SOURCE: usize = 1 << 20;
/// Extensions that rules of make's own, or of nearly every makefile, make.
const MADE: [&[u8]; 14] =
    [b"a", b"bin", b"d", b"dll", b"dylib", b"elf", b"exe", b"hex", b"la", b"lo", b"o", b"obj", b"so", b"stamp"];
/// Extensions of what is written by hand, and named in variables.
const SOURCES: [&[u8]; 16] = [
    b"c", b"cc", b"cpp", b"css", b"cxx", b"h", b"hpp", b"js", b"md", b"py", b"rb", b"scss", b"sh", b"sql", b"ts",
    b"yml",
];
/// Ends of the names of variables that hold files for Automake.
const LISTS: [&[u8]; 7] = [b"EXTRA_DIST", b"_DATA", b"_HEADERS", b"_MANS", b"_PYTHON", b"_SCRIPTS", b"_SOURCES"];

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    if source.len() > MAX_SOURCE {
        return Scan { lexical: true, ..Scan::default() };
    }
    let name = path::name(input.path);
    let main = name.ends_with(b"akefile");
    let automake = name.ends_with(b".am");
    let mut reader = Reader {
        source,
        main,
        automake,
        conditions: 0,
        targets: Vec::new(),
        references: Vec::new(),
        searched: Vec::new(),
    };
    let mut recipe = false;
    for line in lines(source) {
        recipe = reader.line(line, recipe);
    }
    reader.without_targets()
}

/// A word and where it starts.
type Word<'s> = (usize, &'s [u8]);

/// Lines with those that a backslash joins to them: where each starts and ends.
fn lines(source: &[u8]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        while at < source.len() {
            let end = memchr::memchr(b'\n', &source[at..]).map_or(source.len(), |length| at + length);
            at = end + 1;
            if !source[start..end].ends_with(b"\\") {
                return Some((start, end));
            }
        }
        (start < source.len()).then_some((start, source.len()))
    })
}

/// The words of a part of a line, without its comment.
fn words(source: &[u8], start: usize, end: usize) -> Vec<Word<'_>> {
    let text = &source[start..end];
    let text = &text[..memchr::memchr(b'#', text).unwrap_or(text.len())];
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let blanks = text[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let length = text[at + blanks..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        let word = &text[at + blanks..at + blanks + length];
        if !word.is_empty() && word != b"\\" {
            found.push((start + at + blanks, word));
        }
        at += blanks + length;
    }
    found
}

struct Reader<'s> {
    source: &'s [u8],
    /// It is what make is started with.
    main: bool,
    automake: bool,
    /// How many conditions stand around the line.
    conditions: u32,
    targets: Vec<&'s [u8]>,
    references: Vec<Reference<'s>>,
    /// Directories in which compilers search for headers.
    searched: Vec<&'s [u8]>,
}

impl<'s> Reader<'s> {
    /// Reads a line; whether recipes may follow it.
    fn line(&mut self, (start, end): (usize, usize), recipe: bool) -> bool {
        let source: &'s [u8] = self.source;
        self.headers(start, end);
        if recipe && source.get(start) == Some(&b'\t') {
            self.recipe(start, end);
            return true;
        }
        let words = words(source, start, end);
        let Some(&(at, first)) = words.first() else { return recipe };
        match first {
            b"ifeq" | b"ifneq" | b"ifdef" | b"ifndef" | b"if" => self.conditions += 1,
            b"endif" => self.conditions = self.conditions.saturating_sub(1),
            b"else" | b"define" | b"endef" | b"export" | b"unexport" | b"vpath" | b"override" => {}
            b"include" | b"-include" | b"sinclude" => {
                let guarded = first != b"include";
                words[1..].iter().for_each(|word| self.push(*word, "include", Strength::Fatal, guarded));
            }
            _ => return self.definition(at, end, &words),
        }
        recipe
    }

    /// `-Iinclude`, in a recipe or in what it is told by.
    fn headers(&mut self, start: usize, end: usize) {
        let source: &'s [u8] = self.source;
        if self.main && memchr::memmem::find(&source[start..end], b"-I").is_some() {
            let folders = words(source, start, end).into_iter().filter_map(|(_, word)| word.strip_prefix(b"-I"));
            let odd = |folder: &[u8]| folder.iter().any(|byte| b"$\"'`@\\;)".contains(byte));
            self.searched
                .extend(folders.filter(|folder| !folder.is_empty() && !folder.starts_with(b"/") && !odd(folder)));
        }
    }

    /// An assignment or a rule; whether it is a rule.
    fn definition(&mut self, start: usize, end: usize, words: &[Word<'s>]) -> bool {
        let source: &'s [u8] = self.source;
        let text = &source[start..end];
        let Some(at) = text.iter().position(|byte| matches!(byte, b':' | b'=')) else { return false };
        let rest = &text[at..];
        let assigns = rest.starts_with(b"=") || rest.starts_with(b":=") || rest.starts_with(b"::=");
        if assigns {
            let name = text[..at].trim_ascii_end();
            let name = name.strip_suffix(b"+").unwrap_or(name).trim_ascii_end();
            let list = self.automake && LISTS.iter().any(|list| name.ends_with(list));
            let source = |word: &[u8]| SOURCES.contains(&path::extension(word).as_slice());
            let behind = start + at;
            let files = words.iter().filter(|(place, word)| *place > behind && (list || source(word)) && *word != b"=");
            files.for_each(|word| self.push(*word, "list", Strength::Optional, false));
            return false;
        }
        let colon = start + at;
        let behind = |word: &&Word<'s>| word.0 > colon;
        let targets: Vec<&'s [u8]> = words
            .iter()
            .take_while(|word| word.0 <= colon)
            .map(|(_, word)| word.strip_suffix(b":").unwrap_or(word))
            .collect();
        // `target: VARIABLE = value`, or a list of names that are no files.
        let plain = memchr::memchr(b'=', rest).is_none() && !targets.iter().any(|target| target.starts_with(b"."));
        self.targets.extend(targets);
        if plain {
            words.iter().filter(behind).for_each(|word| self.prerequisite(*word));
        }
        true
    }

    fn prerequisite(&mut self, (at, word): Word<'s>) {
        let named = word.contains(&b'/') || !path::extension(word).is_empty();
        let odd = word.iter().any(|byte| b"$%*()|:;".contains(byte));
        let made = MADE.contains(&path::extension(word).as_slice());
        if named && !odd && !made && !word.starts_with(b"/") {
            self.push((at, word), "prerequisite", Strength::Optional, false);
        }
    }

    fn recipe(&mut self, start: usize, end: usize) {
        let source: &'s [u8] = self.source;
        let text = &source[start..end];
        let marks = text.iter().take_while(|byte| b"\t @-+".contains(byte)).count();
        let forgiven = text[..marks].contains(&b'-');
        let setting =
            Setting { rules: |want, _| Namespace::Path(STARTED, want), directory: None, strength: Strength::Fatal };
        for mut command in shell::commands(&text[marks..], start + marks, true) {
            command.guarded |= forgiven || self.conditions > 0;
            self.references.extend(launch::references(&command, &setting));
            self.operands(&command);
        }
    }

    /// Files that a command of a recipe reads, near existing ones.
    fn operands(&mut self, command: &Command) {
        for (at, how) in operands::used(&command.words) {
            let word = &command.words[at];
            let whole = word.exact && command.directory.as_ref().is_some_and(Vec::is_empty);
            if whole && how == Use::Read {
                let text = word.span.of(self.source);
                self.push((word.span.start as usize, text), "file", Strength::Optional, command.guarded);
            }
        }
    }

    /// A file by its name, or by the end of its path behind a variable.
    fn push(&mut self, (at, word): Word<'s>, construct: &'static str, strength: Strength, guarded: bool) {
        let (front, text) = behind_variable(word);
        if text.iter().any(|byte| b"$%*()?[]{}\\|,;'\"@".contains(byte)) || text.starts_with(b"/") != front {
            return;
        }
        let span = Span::new(at + word.len() - text.len(), at + word.len());
        let bases = if self.main || self.automake { BESIDE } else { STARTED };
        let named = !path::extension(text).is_empty();
        let want = if construct == "include" || named { Want::File } else { Want::Any };
        let mut one = Reference::literal(span, text, construct, Namespace::Path(bases, want), strength);
        if front {
            one.expr = PathExpr::Hole.then(PathExpr::literal(text));
        }
        self.references.push(Reference { guarded: guarded || self.conditions > 0, ..one });
    }

    /// What no rule of the file makes.
    fn without_targets(mut self) -> Scan<'s> {
        let suffixes: Vec<&[u8]> = self
            .targets
            .iter()
            .filter_map(|target| target.rsplit(|byte| *byte == b'%').next().filter(|rest| rest.len() < target.len()))
            .collect();
        let made = |text: &[u8]| {
            let text = text.strip_prefix(b"./").unwrap_or(text);
            self.targets.contains(&text) || suffixes.iter().any(|suffix| text.ends_with(suffix))
        };
        self.references.retain(|one| one.expr.as_literal().is_none_or(|text| !made(text)));
        let named = |target: &&&[u8]| {
            let odd = target.iter().any(|byte| b"$%(){}*:".contains(byte));
            !odd && (target.contains(&b'/') || !path::extension(target).is_empty())
        };
        let output = |target: &&[u8]| Fact::Output(PathExpr::here_up(0).join(PathExpr::literal(target.to_vec())));
        let searched = self.searched.iter().map(|folder| Fact::HeaderFolder(PathExpr::literal(folder.to_vec())));
        let facts = self.targets.iter().filter(named).map(output).chain(searched).collect();
        Scan { references: self.references, facts, ..Scan::default() }
    }
}

/// `$(dir)/a`: whether a variable stands in front, and what follows it.
fn behind_variable(word: &[u8]) -> (bool, &[u8]) {
    let close = match word {
        [b'$', b'(', ..] => memchr::memchr(b')', word),
        [b'$', b'{', ..] => memchr::memchr(b'}', word),
        [b'@', ..] => word.iter().skip(1).position(|byte| *byte == b'@').map(|at| at + 1),
        _ => None,
    };
    close.map_or((false, word), |close| (true, &word[close + 1..]))
}
