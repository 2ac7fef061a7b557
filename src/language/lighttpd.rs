//! Configurations of lighttpd (redmine.lighttpd.net "Configuration File Syntax").
//!
//! Read: `include`, `server.document-root`, targets of `alias.url`, as far as they are literals. Knowingly not read:
//! variables, `include_shell`, certificates, what modules are told.

use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};

/// `lighttpd.conf`.
pub const LANGUAGE: Language = Language {
    name: "lighttpd",
    extensions: &[],
    names: &["lighttpd.conf"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`include`, `server.document-root`, `alias.url`",
    leaves: "variables, `include_shell`, certificates",
    scan,
};

const BESIDE: &[Base] = &[Base::Beside];

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut references = Vec::new();
    let mut aliases = false;
    let mut at = 0;
    for line in source.split(|&byte| byte == b'\n') {
        let text = line.trim_ascii_start();
        aliases = text.starts_with(b"alias.url") || aliases && !text.contains(&b'=') | text.contains(&b'>');
        let row = match text {
            [b'#', ..] => None,
            _ if aliases => Some(("alias.url", Want::Any, true)),
            _ if text.starts_with(b"include ") => Some(("include", Want::File, false)),
            _ if text.starts_with(b"server.document-root") => Some(("server.document-root", Want::Directory, false)),
            _ => None,
        };
        if let Some((construct, want, targets)) = row {
            for (start, value) in literals(line) {
                if !targets || line[..start - 1].trim_ascii_end().ends_with(b"=>") {
                    references.extend(reference(value, at + start, construct, want));
                }
            }
        }
        aliases &= !text.starts_with(b")") && !text.trim_ascii_end().ends_with(b")");
        at += line.len() + 1;
    }
    Scan { references, ..Scan::default() }
}

/// What stands between double quotes in a line, and where.
fn literals(line: &[u8]) -> Vec<(usize, &[u8])> {
    let quotes: Vec<usize> = memchr::memchr_iter(b'"', line).take(200).collect();
    quotes.chunks_exact(2).map(|pair| (pair[0] + 1, &line[pair[0] + 1..pair[1]])).collect()
}

fn reference<'s>(value: &'s [u8], at: usize, construct: &'static str, want: Want) -> Option<Reference<'s>> {
    let span = Span::new(at, at + value.len());
    let plain = !value.is_empty() && !value.iter().any(|byte| b"*?$\\".contains(byte));
    let path = if value.len() > 1 { value.strip_suffix(b"/").unwrap_or(value) } else { value };
    plain.then(|| Reference::literal(span, path, construct, Namespace::Path(BESIDE, want), Strength::Fatal))
}
