//! R (cran.r-project.org, "R Language Definition"; `source`, `readLines`, `read.table`).
//!
//! Read: scripts that are sourced and files that are read by a literal, from where R may have been started.
//! Knowingly not read: `file.path`, `here`, packages, what Shiny serves.

use super::syntax::called::{Lexis, calls};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};

/// R.
pub const LANGUAGE: Language = Language {
    name: "r",
    extensions: &["r"],
    names: &[".Rprofile"],
    interpreters: &["Rscript"],
    recognises: None,
    phase: Phase::Facts,
    reads: "`source`, files that are read by a literal",
    leaves: "`file.path`, packages, what Shiny serves",
    scan,
};

const LEXIS: Lexis = Lexis { comments: &[("#", "\n")], strings: &[("\"", "\""), ("'", "'")], joins: &[], name: b".:" };
/// Functions that read the file of their first argument, sorted.
const READS: [&[u8]; 19] = [
    b"fromJSON",
    b"fread",
    b"includeCSS",
    b"includeHTML",
    b"includeMarkdown",
    b"includeScript",
    b"load",
    b"read.csv",
    b"read.csv2",
    b"read.delim",
    b"read.table",
    b"readLines",
    b"readRDS",
    b"read_csv",
    b"read_excel",
    b"read_tsv",
    b"scan",
    b"source",
    b"sys.source",
];
const STARTED: Namespace = Namespace::Path(&[Base::WorkingDirectory], Want::File);

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut references = Vec::new();
    for call in calls(source, &LEXIS) {
        let name = call.name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        let text = &source[call.text.clone()];
        let named = text.contains(&b'/') || text.contains(&b'.');
        if let (Some(known), true) = (READS.iter().find(|known| **known == name), named) {
            let construct = if known.ends_with(b"source") { "source" } else { "read" };
            let span = Span::new(call.text.start, call.text.end);
            references.push(Reference::literal(span, text, construct, STARTED, Strength::Fatal));
        }
    }
    Scan { references, ..Scan::default() }
}
