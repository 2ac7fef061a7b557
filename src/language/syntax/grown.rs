//! Trees that grammars of tree-sitter grow of a source, and what stands at their nodes.
//!
//! A grammar that is ambiguous follows several readings at once, and some sources make them many. Steps are counted
//! there, and not time, so that one source always gives the same.

use std::ops::ControlFlow;

use tree_sitter::{Language, Node, ParseOptions, ParseState, Parser, Tree};

use crate::diagnostic::Span;

/// Longest source that is read, in bytes: depth costs some grammars quadratic time.
const MAX_SOURCE: usize = 128 << 10;
/// Bytes for each of which the parser may report once, which it does after a hundred steps. Of 3,000 sources of public
/// repositories none had fewer than 69.
const BYTES_A_REPORT: usize = 48;
/// Put to the length of a source, as short ones have more steps to the byte.
const HEAD_START: usize = 2_000;

/// The tree of a source of at most `most` bytes; `None` for a longer one.
pub(in crate::language) fn tree(grammar: &Language, source: &[u8], most: usize) -> Option<Tree> {
    parser(grammar, source, most)?.parse(source, None)
}

/// The tree of a source by an ambiguous grammar; `None` where it is too long, or costs more than sources of its
/// length do.
pub(in crate::language) fn bounded_tree(grammar: &Language, source: &[u8]) -> Option<Tree> {
    let mut parser = parser(grammar, source, MAX_SOURCE)?;
    let mut left = (source.len() + HEAD_START) / BYTES_A_REPORT;
    let mut goes_on = |_: &ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut goes_on);
    parser.parse_with_options(&mut |at, _| source.get(at..).unwrap_or_default(), None, Some(options))
}

/// What grows trees of sources; `None` where the longest is longer than `most` bytes.
pub(in crate::language) fn parser(grammar: &Language, source: &[u8], most: usize) -> Option<Parser> {
    let mut parser = Parser::new();
    let ready = source.len() <= most && parser.set_language(grammar).is_ok();
    ready.then_some(parser)
}

/// What is written at a node.
pub(in crate::language) fn text<'s>(source: &'s [u8], node: Node<'_>) -> &'s [u8] {
    source.get(node.byte_range()).unwrap_or_default()
}

/// The inside of a string that is nothing but text: no escapes, nothing to fill in. A grammar has a kind of node for
/// strings and one for text in them.
pub(in crate::language) fn plain_string(node: Node<'_>, string: &str, content: &str) -> Option<Span> {
    let inner = node.named_child(0).filter(|_| node.kind() == string && node.named_child_count() == 1)?;
    (inner.kind() == content).then(|| Span::new(inner.start_byte(), inner.end_byte()))
}
