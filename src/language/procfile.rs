//! `Procfile`: the processes of an application (devcenter.heroku.com/articles/procfile).
//!
//! Read are the commands, which run in the directory of the file. Knowingly not read: variables, `app.json`.

use super::launch::{self, Setting, shell};
use super::{Base, Input, Language, Namespace, Phase, Scan};
use crate::diagnostic::Strength;
use crate::path;

/// `Procfile`, `Procfile.dev`.
pub const LANGUAGE: Language = Language {
    name: "procfile",
    extensions: &["dev", "docker", "local", "prod", "production", "staging"],
    names: &["Procfile"],
    interpreters: &[],
    recognises: Some(|file, _| path::split_extension(path::name(file)).0 == b"Procfile"),
    phase: Phase::Facts,
    reads: "scripts, modules and configurations in the commands of processes",
    leaves: "variables, `app.json`",
    scan,
};

/// A process runs in the directory of the file.
const HERE: &[Base] = &[Base::FileDirectory];

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let setting = Setting { rules: |want, _| Namespace::Path(HERE, want), directory: None, strength: Strength::Fatal };
    let mut scan = Scan::default();
    let mut at = 0;
    for line in input.source.bytes().split_inclusive(|&byte| byte == b'\n') {
        if let Some(start) = command(line) {
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            for command in shell::commands(text.get(start..).unwrap_or_default(), at + start, true) {
                scan.references.extend(launch::references(&command, &setting));
            }
        }
        at += line.len();
    }
    scan
}

/// Where the command of a line starts: behind `name:`.
fn command(line: &[u8]) -> Option<usize> {
    let colon = memchr::memchr(b':', line)?;
    let name = &line[..colon];
    let plain = name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte));
    (plain && !name.is_empty()).then_some(colon + 1)
}
