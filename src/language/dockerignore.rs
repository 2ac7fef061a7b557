//! Ignore files of Docker: what they match is not sent to a build, and cannot be copied
//! (docs.docker.com/build/concepts/context, "Filename and location"; moby/patternmatcher `ignorefile`).
//!
//! Read: every pattern. Knowingly not read: `.containerignore`, which other builders prefer to it.

use super::{Fact, Input, Language, Phase, Scan};

/// `.dockerignore`, and `prod.Dockerfile.dockerignore` for one Dockerfile alone.
pub const LANGUAGE: Language = Language {
    name: "dockerignore",
    extensions: &["dockerignore"],
    names: &[".dockerignore"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "patterns: what they match is not in the context of a build",
    leaves: "`.containerignore`",
    scan,
};

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let bytes = input.source.bytes();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
    Scan { facts: vec![Fact::NotInContext(lines)], ..Scan::default() }
}
