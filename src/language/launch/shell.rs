//! Shell text: the simple commands in it, with the directory each is started in (POSIX.1-2017, XCU 2, "Shell Command
//! Language"). Parsed by tree-sitter's grammar of Bash, which recovers from what it cannot read.
//!
//! Not followed: variables, functions, loops over names, `pushd`, words behind a redirection. What stands in a
//! condition, a loop or a function is provided for; after a `cd` in one of them the directory is unknown.

use tree_sitter::Node;

use super::{Command, Word};
use crate::diagnostic::Span;
use crate::language::syntax::descent::descend;
use crate::language::syntax::grown;
use crate::path;

/// Longest text that is read, in bytes.
const MAX_TEXT: usize = 256 << 10;
/// Most commands of one text.
const MAX_COMMANDS: usize = 2_000;
/// Programs after which nothing new is on the disk.
const PURE: [&[u8]; 21] = [
    b":", b"[", b"cat", b"cd", b"chmod", b"command", b"echo", b"exec", b"export", b"grep", b"ls", b"printf", b"set",
    b"shopt", b"sleep", b"test", b"trap", b"true", b"ulimit", b"umask", b"which",
];

/// The simple commands of a shell text that stands at byte `at` of the source, in order; `exact` where it is written
/// there as it is.
#[must_use]
pub fn commands(text: &[u8], at: usize, exact: bool) -> Vec<Command> {
    let Some(tree) = grown::tree(&tree_sitter_bash::LANGUAGE.into(), text, MAX_TEXT) else { return Vec::new() };
    let mut reader = Reader { text, at, exact, directory: Some(Vec::new()), made: false, commands: Vec::new() };
    reader.walk(tree.root_node());
    reader.commands
}

/// Whether nothing new is on the disk after a program.
#[must_use]
pub fn is_pure(program: &[u8]) -> bool {
    PURE.contains(&path::name(program))
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    exact: bool,
    directory: Option<Vec<u8>>,
    made: bool,
    commands: Vec<Command>,
}

impl Reader<'_> {
    /// Every command below a node, in the order of the text; one below a condition is guarded.
    fn walk(&mut self, root: Node<'_>) {
        descend(root, false, |node, guarded, _| {
            if node.kind() == "command" && self.commands.len() < MAX_COMMANDS {
                self.command(node, guarded);
            }
            guarded || is_condition(node, self.text)
        });
    }

    fn command(&mut self, node: Node<'_>, guarded: bool) {
        let mut cursor = node.walk();
        let words: Vec<Word> = node
            .named_children(&mut cursor)
            .filter(|child| !matches!(child.kind(), "variable_assignment" | "file_redirect" | "heredoc_redirect"))
            .map(|child| {
                self.word(if child.kind() == "command_name" { child.named_child(0).unwrap_or(child) } else { child })
            })
            .collect();
        let program = words.first().and_then(|word| word.text.clone()).unwrap_or_default();
        let target = words.get(1).and_then(|word| word.text.clone());
        let command = Command { words, directory: self.directory.clone(), made: self.made, guarded };
        self.commands.push(command);
        if matches!(program.as_slice(), b"cd" | b"pushd" | b"popd") {
            self.change(&program, target, guarded);
        }
        self.made |= !PURE.contains(&path::name(&program));
    }

    fn change(&mut self, program: &[u8], target: Option<Vec<u8>>, guarded: bool) {
        let known = target.filter(|target| {
            program == b"cd" && !guarded && !target.is_empty() && !target.starts_with(b"-") && !target.starts_with(b"~")
        });
        self.directory = match (known, self.directory.take()) {
            (Some(target), _) if target.starts_with(b"/") => Some(target),
            (Some(target), Some(from)) => Some(path::join(&from, &target)),
            _ => None,
        };
    }

    /// A word, with the place of what stands between its quotes.
    fn word(&self, node: Node<'_>) -> Word {
        let whole = node.start_byte()..node.end_byte();
        let written = self.text.get(whole.clone()).unwrap_or_default();
        let plain = |byte: &u8| !b"\\$`*?[]{}~'\"".contains(byte);
        let (inner, text) = match node.kind() {
            "word" | "number" if written.iter().all(plain) => (whole, Some(written.to_vec())),
            "raw_string" if written.len() >= 2 => {
                (whole.start + 1..whole.end - 1, Some(written[1..written.len() - 1].to_vec()))
            }
            "string" if written.len() >= 2 => {
                let inner = &written[1..written.len() - 1];
                let known = !inner.iter().any(|byte| b"\\$`".contains(byte));
                (whole.start + 1..whole.end - 1, known.then(|| inner.to_vec()))
            }
            _ => (whole, None),
        };
        let span = if self.exact {
            Span::new(self.at + inner.start, self.at + inner.end)
        } else {
            Span::new(self.at, self.at + self.text.len())
        };
        Word { text, span, exact: self.exact }
    }
}

/// What runs only at times, or may fail: `x || y` provides for the failure of `x`, `test && x` asks first.
fn is_condition(node: Node<'_>, text: &[u8]) -> bool {
    match node.kind() {
        "if_statement"
        | "while_statement"
        | "for_statement"
        | "case_statement"
        | "function_definition"
        | "subshell"
        | "command_substitution"
        | "c_style_for_statement" => true,
        "list" => {
            let mut cursor = node.walk();
            let either = node.children(&mut cursor).any(|child| child.kind() == "||");
            let asks = |first: Node<'_>| {
                let written = text.get(first.start_byte()..first.end_byte()).unwrap_or_default();
                first.kind() == "test_command" || written.starts_with(b"test ")
            };
            either || node.child(0).is_some_and(asks)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let show = |command: &Command| {
            let words = command.words.iter().map(|word| match &word.text {
                Some(text) => {
                    assert!(word.span.of(text.as_slice()) == text.as_slice() || word.exact);
                    String::from_utf8_lossy(text).into_owned()
                }
                None => "?".to_owned(),
            });
            let line = words.collect::<Vec<_>>().join(" ");
            let directory = command.directory.as_ref().map_or("?".into(), |one| String::from_utf8_lossy(one));
            format!("{directory}|{line}{}", if command.guarded { "|guarded" } else { "" })
        };
        commands(text.as_bytes(), 0, true).iter().map(show).collect()
    }

    #[test]
    fn commands_with_their_directories() {
        assert_eq!(read("cd app && A=1 python3 'run it.py' \"y\" > x"), ["|cd app", "app|python3 run it.py y"]);
        assert_eq!(
            read("set -e\ncd a\n. ./b.sh || true"),
            ["|set -e", "|cd a", "a|. ./b.sh|guarded", "a|true|guarded"]
        );
        assert_eq!(read("if [ -f x ]; then . x; cd y; fi\n./z"), ["|. x|guarded", "|cd y|guarded", "?|./z"]);
        assert_eq!(read("python $X/a.py; cd \"$Y\"; ./b"), ["|python ?", "|cd ?", "?|./b"]);
        assert_eq!(read("(cd a; make) && ./b"), ["|cd a|guarded", "?|make|guarded", "?|./b"]);
        assert_eq!(read("cat <<X\n./a\nX\n./b"), ["|cat", "|./b"]);
    }

    #[test]
    fn nests_end() {
        for open in ["(", "$(", "{ ", "if ", "\"$("] {
            let _ = commands(open.repeat(20_000).as_bytes(), 0, true);
        }
    }
}
