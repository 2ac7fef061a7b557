//! Lua (lua.org, "Reference Manual", 6.3 "Modules" and 6.1).
//!
//! Read: `require` by a literal, whose dots are folders, wherever `package.path` may lead; `dofile` and `loadfile`,
//! from where Lua may have been started. Knowingly not read: what changes `package.path`, `pcall(require, …)`.

use super::syntax::called::{Lexis, calls};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};

/// Lua.
pub const LANGUAGE: Language = Language {
    name: "lua",
    extensions: &["lua"],
    names: &[],
    interpreters: &["lua", "luajit"],
    recognises: None,
    phase: Phase::Facts,
    reads: "`require` of own modules, `dofile`, `loadfile`",
    leaves: "`package.path`, guarded requires",
    scan,
};

const LEXIS: Lexis = Lexis {
    comments: &[("--[[", "]]"), ("--[=[", "]=]"), ("--", "\n")],
    strings: &[("\"", "\""), ("'", "'"), ("[[", "]]")],
    joins: &[".."],
    name: b".:",
};
const STARTED: Namespace = Namespace::Path(&[Base::WorkingDirectory], Want::File);

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut references = Vec::new();
    for call in calls(source, &LEXIS) {
        let text = &source[call.text.clone()];
        let span = Span::new(call.text.start, call.text.end);
        match call.name {
            b"require" => {
                references.push(Reference::literal(span, text, "require", Namespace::Lua, Strength::Fatal));
            }
            b"dofile" | b"loadfile" => {
                references.push(Reference::literal(span, text, "dofile", STARTED, Strength::Fatal));
            }
            _ => {}
        }
    }
    Scan { references, ..Scan::default() }
}
