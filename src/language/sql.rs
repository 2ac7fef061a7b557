//! SQL scripts: the files that the clients of MySQL and PostgreSQL read (dev.mysql.com/doc, "mysql Client Commands",
//! "LOAD DATA Statement"; postgresql.org/docs, "psql").
//!
//! Read are the clients' own commands, which stand alone on a line (`source f`, `\. f`, `\i f`, `\ir f`), and the
//! literal of `LOAD DATA LOCAL INFILE`. Knowingly not read: SQL itself, files that the server reads from its own disk.

use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};

/// `.sql`.
pub const LANGUAGE: Language = Language {
    name: "sql",
    extensions: &["sql"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`source`, `\\.`, `\\i`, `\\ir`, `LOAD DATA LOCAL INFILE` by a literal",
    leaves: "SQL itself, files that the server reads",
    scan,
};

/// Where the client was started.
const RUN: &[Base] = &[Base::WorkingDirectory];
/// Beside the script.
const HERE: &[Base] = &[Base::FileDirectory];
/// Commands with the bases of their file, and what ends its name.
const COMMANDS: [(&[u8], &str, &[Base]); 4] =
    [(b"\\. ", "\\.", RUN), (b"\\i ", "\\i", RUN), (b"\\ir ", "\\ir", HERE), (b"source ", "source", RUN)];
/// Longest line that is looked at, in bytes: dumps have lines of megabytes.
const MAX_LINE: usize = 4096;

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut scan = Scan::default();
    let mut at = 0;
    for line in input.source.bytes().split_inclusive(|&byte| byte == b'\n') {
        if line.len() <= MAX_LINE {
            scan.references.extend(command(line, at).or_else(|| infile(line, at)));
        }
        at += line.len();
    }
    scan
}

fn command<'s>(line: &'s [u8], at: usize) -> Option<Reference<'s>> {
    let indent = line.len() - line.trim_ascii_start().len();
    let text = &line[indent..];
    let starts = |command: &[u8]| text.get(..command.len()).is_some_and(|start| start.eq_ignore_ascii_case(command));
    let &(command, construct, bases) = COMMANDS.iter().find(|(command, ..)| starts(command))?;
    let rest = &text[command.len()..];
    let start = command.len() + rest.len() - rest.trim_ascii_start().len();
    let name = rest.trim_ascii();
    let name = name.strip_suffix(b";").unwrap_or(name).trim_ascii_end();
    // `source text,` is a column: the file of a script has an extension or a folder.
    let named = name.iter().any(|byte| b"./".contains(byte));
    let plain = named && !name.iter().any(|byte| b"'\":`$, ()".contains(byte));
    plain.then(|| literal(name, at + indent + start, construct, bases))
}

/// What the client sends: `LOAD DATA LOCAL INFILE 'f'`.
fn infile<'s>(line: &'s [u8], at: usize) -> Option<Reference<'s>> {
    let upper = line.to_ascii_uppercase();
    let start = upper.len() - upper.trim_ascii_start().len();
    let word = memchr::memmem::find(&upper, b" LOCAL INFILE ").filter(|_| upper[start..].starts_with(b"LOAD DATA "))?;
    let rest = &line[word + b" LOCAL INFILE ".len()..];
    let open = rest.len() - rest.trim_ascii_start().len();
    let quote = *rest.get(open).filter(|byte| b"'\"".contains(byte))?;
    let inner = &rest[open + 1..];
    let name = &inner[..memchr::memchr(quote, inner)?];
    let from = at + line.len() - inner.len();
    (!name.is_empty() && !name.contains(&b'\\')).then(|| literal(name, from, "LOAD DATA", RUN))
}

fn literal<'s>(name: &'s [u8], at: usize, construct: &'static str, bases: &'static [Base]) -> Reference<'s> {
    let span = Span::new(at, at + name.len());
    Reference::literal(span, name, construct, Namespace::Path(bases, Want::File), Strength::Fatal)
}
