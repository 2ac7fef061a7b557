//! Unit files of systemd and their drop-ins (systemd.exec(5), systemd.service(5), systemd.unit(5)).
//!
//! Read are the commands, which run in `WorkingDirectory=`, files of environment and credentials, directories that are
//! bound or entered, and the paths of conditions and assertions. A leading `-` makes a name optional. Names of units
//! are told where they are near one of the tree or of an ordinary system: the others come with packages.
//!
//! Knowingly not read: specifiers other than `%%`, patterns, what a program of a shell text does.

use super::launch::{self, Command, Setting, Word};
use super::syntax::ini::{self, Entry, Style};
use super::{Base, Defined, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want, socket_path};
use crate::diagnostic::{Severity, Strength};
use crate::expr::PathExpr;
use crate::path;

/// `shop.service`, `shop.service.d/env.conf`.
pub const LANGUAGE: Language = Language {
    name: "systemd",
    extensions: &["conf", "mount", "path", "service", "socket", "timer"],
    names: &[],
    interpreters: &[],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "commands, `EnvironmentFile=`, `WorkingDirectory=`, bound paths, credentials, conditions, names of units",
    leaves: "specifiers, patterns",
    scan,
};

const STYLE: Style = Style { comments: b"#;", inline: None, joins: true };
/// What a unit names is absolute: the rules of the server's file system.
const SERVER: &[Base] = &[Base::WorkingDirectory];
/// Bytes before a command that say how it is run.
const PREFIXES: &[u8] = b"@-:+!|";

/// A key with the names in its value.
struct Row(&'static str, Value, Want, Strength);

/// How the names stand in a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    /// A command line.
    Command,
    /// One path.
    Path,
    /// Paths, with blanks between them and what follows a `:`.
    Paths,
    /// A path that is asked for; `!` asks for its absence.
    Condition,
    /// `name:path`.
    Credential,
    /// Names of units.
    Units,
}

/// Sorted by key.
const KEYS: [Row; 50] = [
    Row("After", Value::Units, Want::File, Strength::Silent),
    Row("Also", Value::Units, Want::File, Strength::Silent),
    Row("AssertDirectoryNotEmpty", Value::Condition, Want::Directory, Strength::Fatal),
    Row("AssertFileIsExecutable", Value::Condition, Want::File, Strength::Fatal),
    Row("AssertFileNotEmpty", Value::Condition, Want::File, Strength::Fatal),
    Row("AssertPathExists", Value::Condition, Want::Any, Strength::Fatal),
    Row("AssertPathIsDirectory", Value::Condition, Want::Directory, Strength::Fatal),
    Row("Before", Value::Units, Want::File, Strength::Silent),
    Row("BindPaths", Value::Paths, Want::Any, Strength::Fatal),
    Row("BindReadOnlyPaths", Value::Paths, Want::Any, Strength::Fatal),
    Row("BindsTo", Value::Units, Want::File, Strength::Fatal),
    Row("ConditionDirectoryNotEmpty", Value::Condition, Want::Directory, Strength::Silent),
    Row("ConditionFileIsExecutable", Value::Condition, Want::File, Strength::Silent),
    Row("ConditionFileNotEmpty", Value::Condition, Want::File, Strength::Silent),
    Row("ConditionPathExists", Value::Condition, Want::Any, Strength::Silent),
    Row("ConditionPathIsDirectory", Value::Condition, Want::Directory, Strength::Silent),
    Row("ConditionPathIsReadWrite", Value::Condition, Want::Any, Strength::Silent),
    Row("Conflicts", Value::Units, Want::File, Strength::Silent),
    Row("EnvironmentFile", Value::Path, Want::File, Strength::Fatal),
    Row("ExecCondition", Value::Command, Want::File, Strength::Fatal),
    Row("ExecPaths", Value::Paths, Want::Any, Strength::Fatal),
    Row("ExecReload", Value::Command, Want::File, Strength::Broken),
    Row("ExecStart", Value::Command, Want::File, Strength::Fatal),
    Row("ExecStartPost", Value::Command, Want::File, Strength::Fatal),
    Row("ExecStartPre", Value::Command, Want::File, Strength::Fatal),
    Row("ExecStop", Value::Command, Want::File, Strength::Broken),
    Row("ExecStopPost", Value::Command, Want::File, Strength::Broken),
    Row("InaccessiblePaths", Value::Paths, Want::Any, Strength::Fatal),
    Row("LoadCredential", Value::Credential, Want::Any, Strength::Fatal),
    Row("LoadCredentialEncrypted", Value::Credential, Want::Any, Strength::Fatal),
    Row("NoExecPaths", Value::Paths, Want::Any, Strength::Fatal),
    Row("OnFailure", Value::Units, Want::File, Strength::Silent),
    Row("OnSuccess", Value::Units, Want::File, Strength::Silent),
    Row("PartOf", Value::Units, Want::File, Strength::Silent),
    Row("ReadOnlyPaths", Value::Paths, Want::Any, Strength::Fatal),
    Row("ReadWritePaths", Value::Paths, Want::Any, Strength::Fatal),
    Row("RequiredBy", Value::Units, Want::File, Strength::Silent),
    Row("Requires", Value::Units, Want::File, Strength::Fatal),
    Row("Requisite", Value::Units, Want::File, Strength::Fatal),
    Row("RootDirectory", Value::Path, Want::Directory, Strength::Fatal),
    Row("RootImage", Value::Path, Want::File, Strength::Fatal),
    Row("Service", Value::Units, Want::File, Strength::Fatal),
    Row("Sockets", Value::Units, Want::File, Strength::Silent),
    Row("StandardInput", Value::Credential, Want::File, Strength::Fatal),
    Row("TemporaryFileSystem", Value::Paths, Want::Any, Strength::Created),
    Row("Unit", Value::Units, Want::File, Strength::Fatal),
    Row("Upholds", Value::Units, Want::File, Strength::Silent),
    Row("WantedBy", Value::Units, Want::File, Strength::Silent),
    Row("Wants", Value::Units, Want::File, Strength::Silent),
    Row("WorkingDirectory", Value::Path, Want::Directory, Strength::Fatal),
];

fn recognises(file: &[u8], head: &[u8]) -> bool {
    let sections = [&b"[Unit]"[..], b"[Service]", b"[Install]", b"[Socket]", b"[Timer]", b"[Path]", b"[Mount]"];
    let unit = head.split(|&byte| byte == b'\n').any(|line| sections.contains(&line.trim_ascii()));
    let drop_in = path::name(path::parent(file)).ends_with(b".d");
    unit && (path::extension(file) != b"conf" || drop_in)
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let entries = ini::entries(input.source.bytes(), STYLE);
    let mut scan = Scan::default();
    let directory = entries.iter().rev().find(|entry| entry.key == b"WorkingDirectory").map(|entry| stripped(entry).0);
    // A drop-in runs where its unit says.
    let default = (path::extension(input.path) != b"conf").then_some(&b"/"[..]);
    let directory = directory.filter(|directory| directory.starts_with(b"/")).or(default);
    for entry in &entries {
        let row = KEYS.binary_search_by(|row| row.0.as_bytes().cmp(entry.key)).ok().and_then(|at| KEYS.get(at));
        if let Some(Row(key, value, want, strength)) = row {
            let found = match value {
                Value::Command => {
                    scan.facts.extend(launch::sockets(&words(&entry.value, entry.at)));
                    started(entry, directory, *strength)
                }
                Value::Units => units(entry, key, *strength),
                _ => paths(entry, *value)
                    .into_iter()
                    .filter_map(|one| one.reference(entry, key, *want, *strength))
                    .collect(),
            };
            scan.references.extend(found);
        }
    }
    scan.references.sort_by_key(|reference| reference.span);
    scan.facts.extend(entries.iter().filter_map(listens));
    if path::extension(input.path) != b"conf" {
        let name = path::name(input.path).to_vec();
        scan.facts.push(Fact::Defines { what: Defined::Unit, number: 0, name });
    }
    scan
}

/// The socket that a unit is started by.
fn listens(entry: &Entry<'_>) -> Option<Fact> {
    let value = entry.value.as_ref();
    let known = value.starts_with(b"/") && memchr::memchr(b'%', value).is_none();
    let name = socket_path(value);
    (entry.key == b"ListenStream" && known).then_some(Fact::Defines { what: Defined::Socket, number: 0, name })
}

/// Names of units, with blanks between them. One of a template's is known by the template.
fn units(entry: &Entry<'_>, key: &'static str, strength: Strength) -> Vec<Reference<'static>> {
    let one = |word: Word| {
        let text = word.text.filter(|text| text.contains(&b'.'))?;
        let (name, instance) = text.split_at(memchr::memchr(b'@', &text).map_or(text.len(), |at| at + 1));
        let suffix = memchr::memrchr(b'.', instance).map_or(&b""[..], |at| &instance[at..]);
        let namespace = Namespace::Defined { what: Defined::Unit, number: 0 };
        Some(Reference::literal(word.span, [name, suffix].concat(), key, namespace, strength))
    };
    words(&entry.value, entry.at).into_iter().filter_map(one).collect()
}

/// The value without what says how it is used, and where that starts.
fn stripped<'e>(entry: &'e Entry<'_>) -> (&'e [u8], usize) {
    let (value, from) = entry.unquoted();
    let skip = value.iter().take_while(|byte| b"-+|".contains(byte)).count();
    (&value[skip..], from + skip)
}

fn started(entry: &Entry<'_>, directory: Option<&[u8]>, strength: Strength) -> Vec<Reference<'static>> {
    let skip = entry.value.iter().take_while(|byte| PREFIXES.contains(byte)).count();
    let optional = entry.value[..skip].contains(&b'-');
    let setting = Setting {
        rules: |want, _| Namespace::Path(SERVER, want),
        directory: directory.map(|directory| PathExpr::literal(directory.to_vec())),
        strength: if optional { Strength::Optional } else { strength },
    };
    let words = words(&entry.value[skip..], entry.at + skip);
    let directory = directory.map(|_| Vec::new());
    launch::references(&Command { words, directory, ..Command::default() }, &setting)
}

/// Words with systemd's quotes; one with a specifier, a variable or an escape is not known.
pub(super) fn words(text: &[u8], at: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = 0;
    while let Some(start) = text[rest..].iter().position(|byte| !byte.is_ascii_whitespace()).map(|found| rest + found) {
        let quote = Some(text[start]).filter(|byte| b"'\"".contains(byte));
        let inner = start + usize::from(quote.is_some());
        let ends = |byte: &u8| quote.map_or(byte.is_ascii_whitespace(), |quote| *byte == quote);
        let end = text[inner..].iter().position(ends).map_or(text.len(), |found| inner + found);
        let word = &text[inner..end];
        let known = !word.iter().any(|byte| b"%$\\'\"".contains(byte));
        let span = crate::diagnostic::Span::new(at + inner, at + end);
        words.push(Word { text: known.then(|| word.to_vec()), span, exact: true });
        rest = end + usize::from(quote.is_some() && end < text.len());
    }
    words
}

/// A path in a value.
struct Found {
    start: usize,
    end: usize,
    optional: bool,
}

impl Found {
    fn reference(
        &self,
        entry: &Entry<'_>,
        key: &'static str,
        want: Want,
        strength: Strength,
    ) -> Option<Reference<'static>> {
        let text = entry.value.get(self.start..self.end)?;
        if !text.starts_with(b"/") || text.iter().any(|byte| b"%$*?[\\".contains(byte)) {
            return None;
        }
        let span = entry.span(self.start, self.end);
        let strength = if self.optional { Strength::Optional } else { strength };
        let reference = Reference::literal(span, text.to_vec(), key, Namespace::Path(SERVER, want), strength);
        Some(Reference { ceiling: Severity::Error, ..reference })
    }
}

fn paths(entry: &Entry<'_>, value: Value) -> Vec<Found> {
    let (text, from) = stripped(entry);
    let optional = from > 0 && entry.value[..from].contains(&b'-');
    match value {
        Value::Path => vec![Found { start: from, end: from + text.len(), optional }],
        Value::Condition if text.starts_with(b"!") => Vec::new(),
        Value::Condition => vec![Found { start: from, end: from + text.len(), optional }],
        Value::Credential => {
            let colon = memchr::memchr(b':', text).map_or(text.len(), |at| at + 1);
            vec![Found { start: from + colon, end: from + text.len(), optional }]
        }
        Value::Paths | Value::Command | Value::Units => words(&entry.value, 0).iter().filter_map(listed).collect(),
    }
}

/// `-/source:/target:options`.
fn listed(word: &Word) -> Option<Found> {
    let text = word.text.as_ref()?;
    let skip = text.iter().take_while(|byte| b"-+".contains(byte)).count();
    let length = memchr::memchr(b':', text).unwrap_or(text.len());
    let start = word.span.start as usize;
    Some(Found { start: start + skip, end: start + length, optional: text[..skip].contains(&b'-') })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(KEYS.is_sorted_by_key(|row| row.0));
    }

    #[test]
    fn words_are_split_as_systemd_does() {
        let split = words(b"/bin/x 'a b' \"c\" %i d\\x20 ''", 10);
        let texts: Vec<_> = split.iter().map(|word| word.text.as_deref()).collect();
        assert_eq!(texts, [Some(b"/bin/x".as_slice()), Some(b"a b"), Some(b"c"), None, None, Some(b"")]);
        assert_eq!(split[1].span, crate::diagnostic::Span::new(18, 21));
    }
}
