//! Scripts of a shell (POSIX.1-2017, XCU 2, "Shell Command Language"; Bash Reference Manual).
//!
//! Read: `source` and `.`, scripts that are run by their path or by an interpreter, files that other commands read,
//! from where the script says that it lies, or from the directories in which it may be started. Parsed by tree-sitter's
//! grammar of Bash, which recovers from what it cannot read.
//!
//! Knowingly not read: variables that are assigned twice or given from outside, patterns, loops over names,
//! here-documents, what a build tool wrote (`configure`).

mod lower;

use tree_sitter::Node;

use super::launch::operands::{self, Use};
use super::launch::{self, Names, Word, shell};
use super::syntax::descent::descend;
use super::syntax::grown;
use super::{Base, Fact, HOLE, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;
use lower::Lowering;

/// Scripts of a shell.
pub const LANGUAGE: Language = Language {
    name: "shell",
    extensions: &["sh", "bash", "bats", "ksh", "zsh"],
    names: &[".bash_profile", ".bashrc", ".profile", ".zshrc"],
    interpreters: &["ash", "bash", "dash", "ksh", "sh", "zsh"],
    recognises: None,
    phase: Phase::Facts,
    reads: "`source`, scripts that are run, files that commands read, from the script's own directory or where it starts",
    leaves: "variables from outside, patterns, loops, here-documents",
    scan,
};

/// Longest script that is parsed, in bytes.
const MAX_SOURCE: usize = 512 << 10;
/// How much of a condition is looked through, in bytes: conditions nest.
const MAX_CONDITION: usize = 400;
/// Most commands of one script.
const MAX_COMMANDS: usize = 20_000;
/// What tools write into the first lines of scripts that they make.
const GENERATED: [&[u8]; 4] = [b"Autoconf", b"ltmain.sh", b"makeself", b"Makeself"];
/// Where a relative name may start.
const STARTED: &[Base] = &[Base::WorkingDirectory, Base::Installed];
/// Where `./x.sh` starts as long as nothing changes the directory.
const BESIDE: &[Base] = &[Base::Beside];

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let head = &source[..source.len().min(2_000)];
    if GENERATED.iter().any(|mark| memchr::memmem::find(head, mark).is_some()) {
        return Scan { made: true, ..Scan::default() };
    }
    let Some(tree) = grown::tree(&tree_sitter_bash::LANGUAGE.into(), source, MAX_SOURCE) else {
        return Scan { lexical: true, ..Scan::default() };
    };
    let mut lowering = Lowering::new(source);
    let mut steps = Vec::new();
    walk(tree.root_node(), &mut lowering, &mut steps);
    let mut reader =
        Reader { lowering, scan: Scan::default(), directory: Directory::Start, made: false, asked: Vec::new() };
    for step in steps {
        reader.step(step);
    }
    let Reader { mut scan, asked, .. } = reader;
    for reference in &mut scan.references {
        reference.guarded |= asked.contains(&reference.expr);
    }
    scan.references.sort_by_key(|reference| reference.span);
    scan
}

/// A command, a test or a redirection, and where it stands.
#[derive(Clone, Copy)]
struct Step<'t> {
    node: Node<'t>,
    /// It runs at times only, or its failure is provided for.
    guarded: bool,
    /// It stands in a function or a subshell: where that is run is not known.
    apart: bool,
}

/// Every command in the order of the text, and what is assigned once.
fn walk<'t>(root: Node<'t>, lowering: &mut Lowering<'t, '_>, steps: &mut Vec<Step<'t>>) {
    descend(root, (false, false), |node, (guarded, apart), _| {
        match node.kind() {
            "command" | "file_redirect" | "test_command" if steps.len() < MAX_COMMANDS => {
                steps.push(Step { node, guarded, apart });
            }
            "variable_assignment" => assigned(node, lowering),
            "for_statement" => {
                node.child_by_field_name("variable").into_iter().for_each(|name| lowering.assign(name, None))
            }
            _ => {}
        }
        let own_place = matches!(node.kind(), "function_definition" | "subshell" | "command_substitution");
        (guarded || is_guard(node, lowering.source), apart || own_place)
    });
}

/// What asks for a file first, or provides for the failure of a command: `x || true`, and not `x || exit`.
fn is_guard(node: Node<'_>, source: &[u8]) -> bool {
    const TESTS: [&[u8]; 10] = [b"-f ", b"-e ", b"-r ", b"-s ", b"-x ", b"-d ", b"-v ", b"which ", b"type ", b"hash "];
    const ENDS: [&[u8]; 5] = [b"exit", b"return 1", b"die", b"fail", b"abort"];
    let text = |node| grown::text(source, node);
    let holds = |text: &[u8], any: &[&[u8]]| any.iter().any(|one| memchr::memmem::find(text, one).is_some());
    match node.kind() {
        "if_statement" | "elif_clause" => {
            let asked = node.child_by_field_name("condition").map_or(&b""[..], text);
            holds(&asked[..asked.len().min(MAX_CONDITION)], &TESTS)
        }
        "redirected_statement" => {
            holds(&text(node)[..text(node).len().min(MAX_CONDITION)], &[b"2>/dev/null", b"&>/dev/null"])
        }
        "list" => {
            let (Some(first), Some(operator)) = (node.child(0), node.child(1)) else { return false };
            let last = node.child(node.child_count().saturating_sub(1)).unwrap_or(first);
            let (asks, after) = (text(first), text(last));
            let asks = &asks[..asks.len().min(MAX_CONDITION)];
            let after = &after[..after.len().min(MAX_CONDITION)];
            match text(operator) {
                b"||" => !holds(after, &ENDS),
                _ => first.kind() == "test_command" || asks.starts_with(b"test ") || holds(asks, &[b"-v ", b"which "]),
            }
        }
        _ => false,
    }
}

fn assigned<'t>(node: Node<'t>, lowering: &mut Lowering<'t, '_>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let more = node.child(1).is_some_and(|operator| lowering.text(operator) == b"+=");
    // `A=b command` is for that command alone.
    let alone = node.parent().is_none_or(|parent| parent.kind() != "command");
    let value = node.child_by_field_name("value").filter(|_| alone && !more);
    lowering.assign(name, value);
}

/// Where commands are run.
#[derive(Clone, Debug)]
enum Directory<'s> {
    /// Where the script was started.
    Start,
    /// Here.
    Known(PathExpr<'s>),
    Unknown,
}

struct Reader<'t, 's> {
    lowering: Lowering<'t, 's>,
    scan: Scan<'s>,
    directory: Directory<'s>,
    /// Earlier commands may have made files.
    made: bool,
    /// What is asked for by a test.
    asked: Vec<PathExpr<'s>>,
}

impl<'t, 's> Reader<'t, 's> {
    fn step(&mut self, step: Step<'t>) {
        match step.node.kind() {
            "command" => self.command(step),
            "test_command" => self.asked(step),
            _ => self.redirected(step),
        }
    }

    fn command(&mut self, step: Step<'t>) {
        let mut cursor = step.node.walk();
        let nodes: Vec<Node<'t>> = step
            .node
            .named_children(&mut cursor)
            .filter(|child| {
                !matches!(
                    child.kind(),
                    "variable_assignment" | "file_redirect" | "heredoc_redirect" | "herestring_redirect"
                )
            })
            .collect();
        let words: Vec<Word> = nodes.iter().map(|node| self.word(*node)).collect();
        let program = words.first().and_then(|word| word.text.clone()).unwrap_or_default();
        if matches!(program.as_slice(), b"test" | b"[") {
            return nodes.iter().skip(1).for_each(|node| self.ask(*node, step));
        }
        if matches!(program.as_slice(), b"read" | b"local" | b"unset" | b"getopts" | b"mapfile" | b"readarray") {
            return nodes.iter().skip(1).for_each(|node| self.lowering.assign(*node, None));
        }
        self.named(&nodes, &words, step);
        self.operands(&nodes, &words, step);
        if matches!(program.as_slice(), b"cd" | b"pushd" | b"popd") && !step.apart {
            self.change(&program, &nodes, step.guarded);
        }
        // Scripts of one's own seldom make other ones.
        self.made |= !shell::is_pure(&program) && !program.ends_with(b".sh");
    }

    /// A word with holes for what is not known of it.
    fn word(&self, node: Node<'t>) -> Word {
        let whole = Span::new(node.start_byte(), node.end_byte());
        let (text, exact) = match self.lowering.path(node) {
            PathExpr::Literal(text) => (Some(text.to_vec()), true),
            PathExpr::Concat(parts) => (flat(&parts), false),
            _ => (None, false),
        };
        let written = whole.of(self.lowering.source);
        let quoted = exact && matches!(written.first(), Some(b'"' | b'\''));
        let span = if quoted { Span::new(node.start_byte() + 1, node.end_byte() - 1) } else { whole };
        Word { text, span, exact }
    }

    /// Scripts that are run or sourced, by the rows of [`launch`].
    fn named(&mut self, nodes: &[Node<'t>], words: &[Word], step: Step<'t>) {
        for named in launch::named(words) {
            let Some(at) = words.iter().position(|word| std::ptr::eq(word, named.word)) else { continue };
            if named.names != Names::Path(Want::File) || named.directory.is_some() {
                continue;
            }
            let text = named.word.text.as_deref().and_then(|text| text.get(named.range.clone())).unwrap_or_default();
            // `source name` is looked for on the `PATH` first.
            if text.is_empty() || text.ends_with(b"/") || named.construct == "source" && !text.contains(&b'/') {
                continue;
            }
            let whole = named.range.len() == named.word.text.as_deref().map_or(0, <[u8]>::len);
            if whole {
                self.push(nodes[at], &named.word.clone(), named.construct, (step, Strength::Fatal));
            }
        }
    }

    /// What other commands read or make.
    fn operands(&mut self, nodes: &[Node<'t>], words: &[Word], step: Step<'t>) {
        for (at, how) in operands::used(words) {
            match how {
                Use::Made => self.output(nodes[at]),
                Use::Read => self.push(nodes[at], &words[at].clone(), "file", (step, Strength::Optional)),
            }
        }
    }

    fn output(&mut self, node: Node<'t>) {
        let expr = self.lowering.path(node);
        let fact = match &expr {
            PathExpr::Literal(text) if !text.starts_with(b"/") => {
                let text = text.strip_prefix(b"./").unwrap_or(text);
                PathExpr::Hole.then(PathExpr::literal([b"/", text].concat()))
            }
            _ => expr,
        };
        self.scan.facts.push(Fact::Output(fact.into_owned()));
    }

    fn redirected(&mut self, step: Step<'t>) {
        let Some(target) = step.node.child_by_field_name("destination") else { return };
        let mut cursor = step.node.walk();
        let reads = step.node.children(&mut cursor).any(|child| child.kind() == "<");
        if !reads {
            return self.output(target);
        }
        let word = self.word(target);
        self.push(target, &word, "<", (step, Strength::Optional));
    }

    fn asked(&mut self, step: Step<'t>) {
        let mut cursor = step.node.walk();
        let mut nodes: Vec<Node<'t>> = step.node.named_children(&mut cursor).collect();
        let mut budget = 64;
        while let Some(node) = nodes.pop() {
            budget -= 1;
            if budget == 0 {
                return;
            }
            self.ask(node, step);
            if node.kind().ends_with("_expression") {
                let mut cursor = node.walk();
                nodes.extend(node.named_children(&mut cursor));
            }
        }
    }

    /// What a test asks for provides for its absence.
    fn ask(&mut self, node: Node<'t>, step: Step<'t>) {
        if matches!(node.kind(), "word" | "string" | "concatenation" | "simple_expansion" | "raw_string" | "expansion")
        {
            let expr = self.placed(self.lowering.path(node), step);
            self.asked.push(expr);
        }
    }

    fn change(&mut self, program: &[u8], nodes: &[Node<'t>], guarded: bool) {
        let target = match nodes {
            [_, target] if program != b"popd" && !guarded => self.lowering.path(*target),
            _ => PathExpr::Hole,
        };
        self.directory = match (&target, &self.directory) {
            (target, _) if target.is_anchored() => Directory::Known(target.clone()),
            (PathExpr::Literal(text), Directory::Known(from)) if !text.starts_with(b"/") && !text.starts_with(b"-") => {
                Directory::Known(from.clone().join(target.clone()))
            }
            _ => Directory::Unknown,
        };
    }

    /// An expression as it is looked up from where the command is run. A name with a folder in it mostly starts from
    /// some directory above the script that has that folder.
    fn placed(&self, expr: PathExpr<'s>, step: Step<'t>) -> PathExpr<'s> {
        let Some(text) = expr.as_literal().filter(|text| !text.starts_with(b"/") && !text.starts_with(b"~")) else {
            return expr;
        };
        match &self.directory {
            Directory::Known(from) if !step.apart => from.clone().join(expr),
            Directory::Start => {
                let inner = text.strip_prefix(b"./").unwrap_or(text);
                let below = inner.contains(&b'/') && !path::segments(inner).any(|segment| segment == b"..");
                let behind = || PathExpr::Hole.then(PathExpr::literal([b"/", inner].concat()));
                if below { behind() } else { expr }
            }
            _ => expr,
        }
    }

    fn push(&mut self, node: Node<'t>, word: &Word, construct: &'static str, (step, strength): (Step<'t>, Strength)) {
        let expr = self.lowering.path(node);
        let relative = expr.as_literal().is_some_and(|text| !text.starts_with(b"/") && !text.starts_with(b"~"));
        if expr == PathExpr::Hole
            || relative && matches!(self.directory, Directory::Unknown) && strength < Strength::Fatal
        {
            return;
        }
        // Behind an unknown front other programs' files are named, and what is made for a system.
        let unknown = matches!(&expr, PathExpr::Concat(parts) if parts.first() == Some(&PathExpr::Hole));
        if unknown && strength < Strength::Fatal {
            return;
        }
        let text = expr.as_literal().unwrap_or_default();
        let beside =
            text.strip_prefix(b"./").is_some_and(|name| !name.contains(&b'/') && !path::extension(name).is_empty());
        let sure = beside && !self.made && !step.apart && matches!(self.directory, Directory::Start);
        let bases = if sure { BESIDE } else { STARTED };
        let namespace = Namespace::Path(bases, if strength == Strength::Fatal { Want::File } else { Want::Any });
        let tail = if word.exact { word.span } else { self.tail(node) };
        let expr = self.placed(expr, step);
        // What ran before may have made it; what is sourced is seldom made.
        let makes = self.made && construct != "source" && expr.is_anchored();
        let strength = if makes { Strength::Optional } else { strength };
        let ceiling = Severity::Error;
        let span = word.span;
        let one = Reference { span, tail, expr, construct, namespace, strength, guarded: step.guarded, ceiling };
        self.scan.references.push(one);
    }

    /// The last piece of a word, where that is text.
    fn tail(&self, node: Node<'t>) -> Span {
        let end = node.end_byte() - usize::from(node.kind() == "string");
        let mut cursor = node.walk();
        let Some(last) = node.named_children(&mut cursor).last() else { return Span::default() };
        match last.kind() {
            "word" | "string_content" => Span::new(last.start_byte(), last.end_byte()),
            _ if last.end_byte() < end && node.kind() == "string" => Span::new(last.end_byte(), end),
            _ => Span::default(),
        }
    }
}

/// The text of some parts side by side, with a hole for what is no text.
fn flat(parts: &[PathExpr<'_>]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    for part in parts {
        match part.as_literal() {
            Some(literal) => text.extend_from_slice(literal),
            None => text.push(HOLE),
        }
    }
    Some(text)
}
