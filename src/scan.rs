//! Which files are scanned, and scanning one: read once, parsed once, or counted with the reason why not.
//!
//! Everything is indexed; scanning is narrowed to sources whose references are the deploy's own. Pages and style
//! sheets of packages are still read: they are shipped, and their URLs break in production.

use std::io;

use crate::diagnostic::{Skipped, Trouble};
use crate::index::{EntryId, EntryKind, Index, Lookup};
use crate::language::{self, Input, Language, Phase};
use crate::options::Options;
use crate::path;
use crate::reference::{Fact, Reference};
use crate::source::Source;
use crate::tree::Tree;

/// Largest source that becomes a syntax tree, in bytes; PHP's parser takes 70 bytes of memory for each.
const MAX_PARSED: usize = 4 << 20;
/// Largest source that is read token by token, in bytes: a page of a million links has 20 MiB.
pub const MAX_STREAMED: usize = 64 << 20;
/// Bytes looked at to tell text from binary, and to find a `#!` line.
const HEAD: usize = 8000;
/// Folders of packages: their program text is theirs to check.
const VENDORED: [&[u8]; 6] =
    [b"_vendor", b"bower_components", b"dist-packages", b"node_modules", b"site-packages", b"vendor"];
/// Extensions of files that hold no text.
const BINARY: &[&str] = &[
    "7z", "avif", "bmp", "bz2", "class", "doc", "docx", "eot", "exe", "flv", "gif", "gz", "ico", "jar", "jpeg", "jpg",
    "mo", "mov", "mp3", "mp4", "o", "ogg", "otf", "pdf", "phar", "png", "pyc", "so", "sqlite", "swf", "tar", "tgz",
    "tif", "tiff", "ttf", "wasm", "wav", "webm", "webp", "woff", "woff2", "xls", "xlsx", "xz", "zip",
];

/// Why a file is not scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the contract's word for itself")]
pub enum Skip {
    Binary,
    Vendored,
    Minified,
    TooLarge,
    Excluded,
    Special,
    OutwardLink,
    Vanished,
    UnknownLanguage,
}

impl Skip {
    /// Counts one more.
    pub fn count(self, skipped: &mut Skipped) {
        *match self {
            Skip::Binary => &mut skipped.binary,
            Skip::Vendored => &mut skipped.vendored,
            Skip::Minified => &mut skipped.minified,
            Skip::TooLarge => &mut skipped.too_large,
            Skip::Excluded => &mut skipped.excluded,
            Skip::Special => &mut skipped.special,
            Skip::OutwardLink => &mut skipped.outward_link,
            Skip::Vanished => &mut skipped.vanished,
            Skip::UnknownLanguage => &mut skipped.unknown_language,
        } += 1;
    }
}

/// What to do with an entry.
#[derive(Clone, Copy, Debug)]
pub enum Choice {
    /// Scan it as this language.
    Scan(&'static Language),
    /// Read its first bytes: they may name an interpreter, or tell the language of an extension that several share.
    Sniff,
    /// Leave it, for this reason.
    Skip(Skip),
}

/// Decides by name and kind alone; `None` for directories, and for links whose target is scanned anyway.
#[must_use]
pub fn choose(index: &Index, options: &Options, id: EntryId) -> Option<Choice> {
    let path = index.path(id);
    match index.kind(id) {
        EntryKind::Directory => return None,
        EntryKind::Special => return Some(Choice::Skip(Skip::Special)),
        EntryKind::Symlink => {
            return (index.lookup(path) == Lookup::Beyond).then_some(Choice::Skip(Skip::OutwardLink));
        }
        EntryKind::File => {}
    }
    if options.exclude.matches(path) {
        return Some(Choice::Skip(Skip::Excluded));
    }
    Some(by_name(path))
}

fn by_name(path: &[u8]) -> Choice {
    let Some(language) = language::by_name(path) else {
        let name = path::name(path);
        return match path::split_extension(name).1 {
            Some(_) if language::is_shared(path) && !is_vendored(path) => Choice::Sniff,
            None if !name.starts_with(b".") => Choice::Sniff,
            _ if is_binary_name(name) => Choice::Skip(Skip::Binary),
            _ => Choice::Skip(Skip::UnknownLanguage),
        };
    };
    let shipped_text = matches!(language.name, "html" | "css" | "svg");
    if !shipped_text && is_vendored(path) {
        return Choice::Skip(Skip::Vendored);
    }
    if !shipped_text && is_minified(path::name(path)) {
        return Choice::Skip(Skip::Minified);
    }
    Choice::Scan(language)
}

fn is_binary_name(name: &[u8]) -> bool {
    let extension = path::extension(name);
    std::str::from_utf8(&extension).is_ok_and(|extension| BINARY.binary_search(&extension).is_ok())
}

/// Whether a path lies in a folder of packages.
#[must_use]
pub fn is_vendored(path: &[u8]) -> bool {
    path::segments(path::parent(path)).any(|segment| VENDORED.contains(&segment))
}

fn is_minified(name: &[u8]) -> bool {
    memchr::memmem::find(name, b".min.").is_some() || memchr::memmem::find(name, b"-min.").is_some()
}

/// The bytes of one file that is to be scanned.
#[derive(Debug)]
pub enum Content {
    /// Text of this language.
    Text(&'static Language, Vec<u8>),
    /// Not to be scanned after all.
    Skip(Skip),
    /// It could not be read.
    Trouble(Trouble),
}

/// Reads what was chosen.
#[must_use]
pub fn read(tree: &dyn Tree, path: &[u8], choice: Choice) -> Content {
    let (language, limit) = match choice {
        Choice::Skip(skip) => return Content::Skip(skip),
        Choice::Scan(language) => (Some(language), largest(language)),
        Choice::Sniff => (None, HEAD),
    };
    match (tree.read(path, limit), language) {
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Content::Skip(Skip::Vanished),
        (Err(error), _) => Content::Trouble(trouble(path, &error)),
        (Ok(bytes), None) => sniffed(tree, path, &bytes),
        (Ok(bytes), Some(_)) if bytes.len() > limit => Content::Skip(Skip::TooLarge),
        (Ok(bytes), Some(_)) if is_binary(&bytes) => Content::Skip(Skip::Binary),
        (Ok(bytes), Some(language)) => Content::Text(language, bytes),
    }
}

fn largest(language: &Language) -> usize {
    match language.phase {
        Phase::Facts => MAX_PARSED,
        Phase::Stream | Phase::StreamBut(_) | Phase::StreamAfter(_) => MAX_STREAMED,
    }
}

fn sniffed(tree: &dyn Tree, path: &[u8], head: &[u8]) -> Content {
    match language::by_content(path, head) {
        Some(_) if is_vendored(path) => Content::Skip(Skip::Vendored),
        Some(language) => read(tree, path, Choice::Scan(language)),
        None if is_binary(head) => Content::Skip(Skip::Binary),
        None => Content::Skip(Skip::UnknownLanguage),
    }
}

fn trouble(path: &[u8], error: &io::Error) -> Trouble {
    Trouble { path: path.to_vec(), what: format!("{} while reading the file", error.kind()) }
}

/// A NUL byte near the start, as git and grep tell binary files. UTF-16 text counts as binary, too.
fn is_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, &bytes[..bytes.len().min(HEAD)]).is_some()
}

/// One scanned source whose references wait for the facts to freeze.
#[derive(Debug)]
pub struct Scanned {
    /// The file.
    pub file: EntryId,
    /// Its language.
    pub language: &'static Language,
    /// References, borrowing nothing.
    pub references: Vec<Reference<'static>>,
    /// What it says of the whole tree.
    pub facts: Vec<Fact>,
    /// The parser gave up.
    pub lexical: bool,
}

/// Scans a source that gives facts; `None` where a tool wrote it.
#[must_use]
pub fn facts(file: EntryId, path: &[u8], language: &'static Language, bytes: &[u8]) -> Option<Scanned> {
    debug_assert!(language.phase.gives_facts(path));
    let source = Source::new(bytes);
    let scan = (language.scan)(Input { path, source: &source, project: None });
    let references = scan.references.into_iter().map(Reference::into_owned).collect();
    let scanned = Scanned { file, language, references, facts: scan.facts, lexical: scan.lexical };
    (!scan.made).then_some(scanned)
}

/// What a source that is streamed later tells by what it begins with.
#[must_use]
pub fn head(tree: &dyn Tree, path: &[u8], language: &'static Language) -> Vec<Fact> {
    let bytes = tree.read(path, HEAD).unwrap_or_default();
    (language.scan)(Input { path, source: &Source::new(bytes), project: None }).facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LANGUAGES;

    #[test]
    fn binary_extensions_are_sorted() {
        assert!(BINARY.is_sorted());
    }

    /// What is told by its first line is read before the facts are frozen.
    #[test]
    fn what_an_interpreter_runs_is_of_the_first_phase() {
        let late = LANGUAGES.iter().filter(|one| !one.interpreters.is_empty() && one.phase != Phase::Facts);
        assert_eq!(late.map(|one| one.name).collect::<Vec<_>>(), Vec::<&str>::new());
    }
}
