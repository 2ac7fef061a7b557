//! Trees that grammars of tree-sitter grow of a source, where a hostile one would keep them growing.
//!
//! A grammar that is ambiguous follows several readings at once, and some sources make them many. Steps are counted,
//! and not time, so that one source always gives the same.

use std::ops::ControlFlow;

use tree_sitter::{Language, ParseOptions, ParseState, Parser, Tree};

/// Longest source that is read, in bytes: depth costs some grammars quadratic time.
const MAX_SOURCE: usize = 128 << 10;
/// Bytes for each of which the parser may report once, which it does after a hundred steps. Of 3,000 sources of public
/// repositories none had fewer than 69.
const BYTES_A_REPORT: usize = 48;
/// Put to the length of a source, as short ones have more steps to the byte.
const HEAD_START: usize = 2_000;

/// The tree of a source; `None` where it is too long, or costs more than sources of its length do.
pub(in crate::language) fn tree(grammar: &Language, source: &[u8]) -> Option<Tree> {
    let mut parser = Parser::new();
    if source.len() > MAX_SOURCE || parser.set_language(grammar).is_err() {
        return None;
    }
    let mut left = (source.len() + HEAD_START) / BYTES_A_REPORT;
    let mut goes_on = |_: &ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut goes_on);
    parser.parse_with_options(&mut |at, _| source.get(at..).unwrap_or_default(), None, Some(options))
}
