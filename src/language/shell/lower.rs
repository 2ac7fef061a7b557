//! The words of a shell as path expressions: quotes, variables that are assigned once, and the ways in which a script
//! says where it lies (Bash Reference Manual, "Shell Expansions"; `BASH_SOURCE` in "Bash Variables").

use std::cell::Cell;

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use crate::expr::{Here, MAX_DEPTH, PathExpr};
use crate::language::syntax::grown;

/// Most nodes that one word is made of, what it is assigned from included.
const MAX_NODES: usize = 256;
/// How the file that is read is called, wherever it is called from.
const SOURCES: [&[u8]; 4] = [b"BASH_SOURCE", b"BASH_SOURCE[0]", b"BASH_SOURCE[@]", b"(%):-%x"];

/// A source with what its variables are assigned.
pub struct Lowering<'t, 's> {
    pub source: &'s [u8],
    /// `$0` is this file: it is started as a program.
    pub program: bool,
    /// Variables; `None` for one that is assigned twice, or by something that is not known.
    pub names: FxHashMap<&'s [u8], Option<Node<'t>>>,
    nodes: Cell<usize>,
}

impl<'t, 's> Lowering<'t, 's> {
    pub fn new(source: &'s [u8]) -> Self {
        Lowering { source, program: source.starts_with(b"#!"), names: FxHashMap::default(), nodes: Cell::new(0) }
    }

    /// The bytes of a node.
    pub fn text(&self, node: Node<'_>) -> &'s [u8] {
        grown::text(self.source, node)
    }

    /// Takes a name down; what is assigned twice has no value.
    pub fn assign(&mut self, name: Node<'_>, value: Option<Node<'t>>) {
        let text = self.text(name);
        self.names.entry(text).and_modify(|known| *known = None).or_insert(value);
    }

    /// The path that a word gives.
    pub fn path(&self, node: Node<'t>) -> PathExpr<'s> {
        self.nodes.set(0);
        self.lower(node, 0)
    }

    fn lower(&self, node: Node<'t>, depth: usize) -> PathExpr<'s> {
        self.nodes.set(self.nodes.get() + 1);
        if depth > MAX_DEPTH || self.nodes.get() > MAX_NODES {
            return PathExpr::Hole;
        }
        let text = self.text(node);
        match node.kind() {
            "command_name" if node.named_child_count() == 1 => self.inner(node, depth),
            "word" | "number" | "string_content" => plain(text),
            "raw_string" if text.len() >= 2 => PathExpr::literal(&text[1..text.len() - 1]),
            "string" | "concatenation" => self.parts(node, depth),
            "simple_expansion" => self.variable(&text[1..], depth),
            "expansion" => self.expansion(text, depth),
            "command_substitution" => self.substitution(node, depth),
            _ => PathExpr::Hole,
        }
    }

    fn inner(&self, node: Node<'t>, depth: usize) -> PathExpr<'s> {
        node.named_child(0).map_or(PathExpr::Hole, |inner| self.lower(inner, depth + 1))
    }

    /// What stands side by side, with the blanks between quotes that the grammar gives no node.
    fn parts(&self, node: Node<'t>, depth: usize) -> PathExpr<'s> {
        let quoted = usize::from(node.kind() == "string");
        let (mut at, end) = (node.start_byte() + quoted, node.end_byte() - quoted);
        let mut parts = Vec::new();
        let mut cursor = node.walk();
        for part in node.named_children(&mut cursor) {
            parts.extend(self.between(at, part.start_byte()));
            parts.push(self.lower(part, depth + 1));
            at = part.end_byte();
        }
        parts.extend(self.between(at, end));
        if parts.len() == 1 { parts.remove(0) } else { PathExpr::Concat(parts) }
    }

    fn between(&self, from: usize, to: usize) -> Option<PathExpr<'s>> {
        self.source.get(from..to).filter(|text| !text.is_empty()).map(plain)
    }

    fn variable(&self, name: &[u8], depth: usize) -> PathExpr<'s> {
        match name {
            b"0" if self.program => PathExpr::Here(Here::File),
            _ if SOURCES.contains(&name) => PathExpr::Here(Here::File),
            _ => match self.names.get(name) {
                Some(Some(value)) => self.lower(*value, depth + 1),
                _ => PathExpr::Hole,
            },
        }
    }

    /// `${X}`, `${X%/*}`, `${X:-default}`.
    fn expansion(&self, text: &'s [u8], depth: usize) -> PathExpr<'s> {
        let Some(inner) = text.strip_prefix(b"${").and_then(|rest| rest.strip_suffix(b"}")) else {
            return PathExpr::Hole;
        };
        if let Some(name) = inner.strip_suffix(b"%/*") {
            return self.variable(name, depth).parent(1);
        }
        let name = inner.strip_suffix(b":-$0").or_else(|| inner.strip_suffix(b"-$0")).unwrap_or(inner);
        self.variable(name, depth)
    }

    /// `$(dirname x)`, `$(cd x && pwd)`, `$(realpath x)`.
    fn substitution(&self, node: Node<'t>, depth: usize) -> PathExpr<'s> {
        let mut commands = Vec::new();
        self.commands(node, &mut commands, 0);
        let names: Vec<&[u8]> = commands.iter().map(|command| self.text(command[0])).collect();
        match (names.as_slice(), commands.as_slice()) {
            ([b"dirname"], [command]) => self.operand(command, depth).parent(1),
            ([b"readlink" | b"realpath" | b"greadlink" | b"grealpath"], [command]) => self.operand(command, depth),
            ([b"cd" | b"pushd", b"pwd"], [command, _]) => self.operand(command, depth),
            _ => PathExpr::Hole,
        }
    }

    /// The words of the commands in a list, one after the other.
    fn commands(&self, node: Node<'t>, found: &mut Vec<Vec<Node<'t>>>, depth: usize) {
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "list" | "redirected_statement" if depth < MAX_DEPTH => self.commands(child, found, depth + 1),
                "command" if found.len() < 3 => {
                    let mut cursor = child.walk();
                    let words = child.named_children(&mut cursor).filter(|word| !word.kind().ends_with("redirect"));
                    let words: Vec<_> = words.skip_while(|word| self.text(*word) == b"command").collect();
                    if !words.is_empty() {
                        found.push(words);
                    }
                }
                _ => {}
            }
        }
    }

    /// The only word of a command that is no option.
    fn operand(&self, words: &[Node<'t>], depth: usize) -> PathExpr<'s> {
        let mut operands = words.iter().skip(1).filter(|word| !self.text(**word).starts_with(b"-"));
        match (operands.next(), operands.next()) {
            (Some(operand), None) => self.lower(*operand, depth + 1),
            _ => PathExpr::Hole,
        }
    }
}

/// Text without a pattern or an escape in it.
fn plain(text: &[u8]) -> PathExpr<'_> {
    if text.iter().any(|byte| b"\\*?[]{}~`$".contains(byte)) { PathExpr::Hole } else { PathExpr::literal(text) }
}
