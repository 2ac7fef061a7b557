//! A walk over a syntax tree of tree-sitter, in the order of the text.
//!
//! Iterative, as sources nest as deep as they like. Apart from the languages because each that tree-sitter parses hands
//! down what holds below a node: guards, subshells.

use tree_sitter::Node;

/// Enters `root` and every node below it. `enter` is given the node, what holds there (`first` at the root), and how
/// many nodes are above it; it gives what holds below.
pub(in crate::language) fn descend<'t, T: Copy>(
    root: Node<'t>,
    first: T,
    mut enter: impl FnMut(Node<'t>, T, usize) -> T,
) {
    let mut cursor = root.walk();
    let mut above = vec![first];
    while let Some(&holds) = above.last() {
        let below = enter(cursor.node(), holds, above.len() - 1);
        if cursor.goto_first_child() {
            above.push(below);
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
            above.pop();
        }
    }
}
