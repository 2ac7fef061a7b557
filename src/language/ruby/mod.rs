//! Ruby (ruby-doc.org: `Kernel#require`, `File`, `Pathname`), Rake, Bundler and RubyGems (docs.ruby-lang.org,
//! bundler.io "Gemfile", guides.rubygems.org "Specification Reference").
//!
//! Read: `require_relative`, `require`, `load`, `autoload` with a path, what `File`, `IO`, `YAML`, `JSON` and `CSV`
//! open, folders of packages in a Gemfile, files that a gemspec lists. A bare `require` is mostly a package's: see
//! [`crate::resolve::ruby`]. Parsed by tree-sitter's grammar, which recovers from what it cannot read.
//!
//! Templates and assets that are named in controllers, helpers and templates: see [`views`].
//!
//! Classes of Rails that are found by the names of their files: see [`constants`].
//!
//! Knowingly not read: uses of classes, patterns, variables that are assigned in methods, load
//! paths.

mod constants;
mod lower;
mod views;

use std::ops::Range;

use tree_sitter::{Node, Parser, Tree};

use super::syntax::descent::descend;
use super::syntax::grown;
use super::{Base, Fact, Input, Language, Namespace, Phase, Reference, Ruby, Scan, Want};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;
use lower::{Lowered, Lowering, arguments};
use views::Host;

/// Ruby, and what is written in it.
pub const LANGUAGE: Language = Language {
    name: "ruby",
    extensions: &["rb", "rake", "ru", "gemspec", "gemfile", "thor"],
    names: &["Capfile", "Gemfile", "Guardfile", "Podfile", "Rakefile", "Vagrantfile"],
    interpreters: &["ruby"],
    recognises: None,
    phase: Phase::Facts,
    reads: "`require_relative`, `require` of own libraries, `load`, `autoload`, files that are opened, paths in Gemfiles and gemspecs, templates and assets by name, import maps, controllers of routes, classes of Rails applications by the names of their files",
    leaves: "packages, uses of classes, patterns, load paths",
    scan,
};

/// Longest source that is parsed, in bytes.
const MAX_SOURCE: usize = 1 << 20;
/// How much of a condition is looked through, in bytes: conditions nest.
const MAX_CONDITION: usize = 400;
/// A relative name starts where Ruby was started.
const STARTED: Namespace = Namespace::Path(&[Base::WorkingDirectory], Want::File);
/// A name that starts where the file lies.
const HERE: &[Base] = &[Base::FileDirectory];

/// A receiver with methods of it.
type Methods = (&'static [u8], &'static [&'static [u8]]);

/// Methods that open the file of their first argument, with the word for reports.
const READS: [(Methods, &str); 6] = [
    ((b"CSV", &[b"foreach", b"open", b"read", b"table"]), "CSV"),
    ((b"File", &[b"binread", b"foreach", b"new", b"open", b"read", b"readlines"]), "File"),
    ((b"IO", &[b"binread", b"foreach", b"read", b"readlines"]), "IO"),
    ((b"JSON", &[b"load_file", b"load_file!"]), "JSON.load_file"),
    ((b"Psych", &[b"load_file", b"safe_load_file", b"unsafe_load_file"]), "Psych.load_file"),
    ((b"YAML", &[b"load_file", b"parse_file", b"safe_load_file", b"unsafe_load_file"]), "YAML.load_file"),
];
/// Methods that make the file of their first argument.
const WRITES: [Methods; 3] = [
    (b"File", &[b"binwrite", b"write"]),
    (b"FileUtils", &[b"mkdir", b"mkdir_p", b"touch"]),
    (b"IO", &[b"binwrite", b"write"]),
];
/// Methods that make, move or remove what they are given, or that only put a path together.
const MAKES: [&[u8]; 14] = [
    b"+",
    b"cp",
    b"cp_r",
    b"delete",
    b"expand_path",
    b"glob",
    b"join",
    b"mkdir",
    b"mkdir_p",
    b"mv",
    b"rm",
    b"rm_f",
    b"rm_rf",
    b"touch",
];
/// What asks whether something is there, or which machine this is.
const QUESTIONS: [&[u8]; 8] =
    [b"exist", b"file?", b"readable?", b"directory?", b"defined?", b"RUBY_", b"respond_to?", b"PLATFORM"];

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let host = Host::of_program(input.path, source);
    let tree = parser(source).and_then(|mut parser| parser.parse(source, None));
    let Some(tree) = tree else { return Scan { lexical: true, ..Scan::default() } };
    let mut scan = read(input.path, source, &tree, host);
    constants::read(input.path, source, tree.root_node(), &mut scan);
    scan.references.sort_by_key(|reference| reference.span);
    scan
}

/// What a template names whose Ruby stands in `ruby`: its source at equal length, with blanks around the Ruby. `None`
/// where it is too long to be parsed.
pub(super) fn scan_template<'s>(path: &'s [u8], source: &'s [u8], ruby: &[u8]) -> Option<Vec<Reference<'s>>> {
    let tree = parser(source)?.parse(ruby, None)?;
    Some(read(path, source, &tree, Host::Template).references)
}

/// The same for Ruby that stands in pieces which are no whole statements.
pub(super) fn scan_pieces<'s>(path: &'s [u8], source: &'s [u8], pieces: &[Range<usize>]) -> Option<Vec<Reference<'s>>> {
    let mut parser = parser(source)?;
    let mut references = Vec::new();
    for piece in pieces {
        let (start, text) = statement(source, piece.clone());
        let tree = parser.parse(text, None)?;
        references.extend(read(path, text, &tree, Host::Template).references.into_iter().map(|one| {
            let place = |at: u32| start + at as usize;
            let empty = Span::default();
            let moved = |span: Span| if span == empty { span } else { Span::new(place(span.start), place(span.end)) };
            Reference { span: moved(one.span), tail: moved(one.tail), ..one }
        }));
    }
    references.sort_by_key(|reference| reference.span);
    Some(references)
}

/// A piece without what opens a block, and where it starts.
fn statement(source: &[u8], piece: Range<usize>) -> (usize, &[u8]) {
    const OPENERS: [&[u8]; 7] = [b"case ", b"elsif ", b"if ", b"unless ", b"until ", b"when ", b"while "];
    let text = source.get(piece.clone()).unwrap_or_default();
    let mut inner = text.trim_ascii_start();
    inner = OPENERS.iter().find_map(|opener| inner.strip_prefix(*opener)).unwrap_or(inner);
    let start = piece.end - inner.len();
    inner = inner.trim_ascii_end();
    inner = match memchr::memmem::rfind(inner, b" do |").filter(|_| inner.ends_with(b"|")) {
        Some(at) => &inner[..at],
        None => inner.strip_suffix(b" do").unwrap_or(inner),
    };
    (start, inner)
}

fn parser(source: &[u8]) -> Option<Parser> {
    grown::parser(&tree_sitter_ruby::LANGUAGE.into(), source, MAX_SOURCE)
}

fn read<'s>(path: &'s [u8], source: &'s [u8], tree: &Tree, host: Host) -> Scan<'s> {
    let mut lowering = Lowering::new(source);
    let mut calls = Vec::new();
    walk(tree.root_node(), &mut lowering, &mut calls);
    let mut reader = Reader { path, host, lowering, scan: Scan::default(), asked: Vec::new() };
    for (node, guards) in calls {
        reader.read(node, guards);
    }
    let Reader { mut scan, asked, .. } = reader;
    for reference in &mut scan.references {
        reference.guarded |= asked.contains(&reference.expr);
    }
    scan.references.sort_by_key(|reference| reference.span);
    scan
}

/// What provides for the absence of a file.
#[derive(Clone, Copy, Default)]
struct Guards {
    /// Of a library.
    load: bool,
    /// Of a file that is opened.
    read: bool,
    /// It runs at times only.
    condition: bool,
}

/// Every call and assignment, in the order of the text, and what is assigned once.
fn walk<'t>(root: Node<'t>, lowering: &mut Lowering<'t, '_>, calls: &mut Vec<(Node<'t>, Guards)>) {
    descend(root, Guards::default(), |node, outer, depth| {
        match node.kind() {
            "call" | "pair" => calls.push((node, outer)),
            "assignment" => {
                calls.push((node, outer));
                assigned(node, depth == 1, lowering);
            }
            "method_parameters" | "block_parameters" | "operator_assignment" => shadowed(node, lowering),
            _ => {}
        }
        guarded(node, outer, lowering)
    });
}

/// `NAME = value`, and `name = value` at the outermost level.
fn assigned<'t>(node: Node<'t>, outermost: bool, lowering: &mut Lowering<'t, '_>) {
    let Some(left) = node.child_by_field_name("left") else { return };
    match left.kind() {
        "constant" => lowering.assign(left, node.child_by_field_name("right")),
        "identifier" => lowering.assign(left, node.child_by_field_name("right").filter(|_| outermost)),
        _ => {}
    }
}

/// Names that have another value somewhere.
fn shadowed(node: Node<'_>, lowering: &mut Lowering<'_, '_>) {
    let mut cursor = node.walk();
    for name in node.named_children(&mut cursor).filter(|child| matches!(child.kind(), "identifier" | "constant")) {
        lowering.assign(name, None);
    }
}

/// What holds below a node.
fn guarded(node: Node<'_>, outer: Guards, lowering: &Lowering<'_, '_>) -> Guards {
    match node.kind() {
        "begin" | "body_statement" | "block_body" => rescued(node, outer, lowering),
        "rescue_modifier" => Guards { read: true, ..outer },
        "if" | "unless" | "elsif" | "conditional" | "if_modifier" | "unless_modifier" | "while" | "case" => {
            let asked = node.child_by_field_name("condition").or_else(|| node.child_by_field_name("value"));
            condition(asked, outer, lowering)
        }
        "binary"
            if node
                .child_by_field_name("operator")
                .is_some_and(|one| matches!(one.kind(), "&&" | "||" | "and" | "or")) =>
        {
            condition(node.child_by_field_name("left"), outer, lowering)
        }
        _ => outer,
    }
}

fn condition(asked: Option<Node<'_>>, outer: Guards, lowering: &Lowering<'_, '_>) -> Guards {
    let text = asked.map_or(&b""[..], |node| lowering.text(node));
    let text = text.get(..MAX_CONDITION).unwrap_or(text);
    let asks = QUESTIONS.iter().any(|question| memchr::memmem::find(text, question).is_some());
    Guards { load: outer.load || asks, read: outer.read || asks, condition: true }
}

/// `rescue LoadError` provides for libraries, any other one for files.
fn rescued(node: Node<'_>, outer: Guards, lowering: &Lowering<'_, '_>) -> Guards {
    const ERRORS: [&[u8]; 3] = [b"LoadError", b"ScriptError", b"Exception"];
    let mut cursor = node.walk();
    let clauses = node.named_children(&mut cursor).filter(|child| child.kind() == "rescue");
    let mut guards = outer;
    for clause in clauses {
        let errors = clause.child_by_field_name("exceptions").map_or(&b""[..], |errors| lowering.text(errors));
        guards.read = true;
        guards.load |= ERRORS.iter().any(|error| memchr::memmem::find(errors, error).is_some());
    }
    guards
}

struct Reader<'t, 's> {
    path: &'s [u8],
    host: Host,
    lowering: Lowering<'t, 's>,
    scan: Scan<'s>,
    /// Files that are asked for before they are opened.
    asked: Vec<PathExpr<'s>>,
}

impl<'t, 's> Reader<'t, 's> {
    fn read(&mut self, node: Node<'t>, guards: Guards) {
        if node.kind() == "assignment" {
            return self.listed(node);
        }
        if node.kind() == "pair" {
            self.routed(node);
            if self.host == Host::Template {
                self.attribute(node);
            }
            return;
        }
        let Some(method) = node.child_by_field_name("method").map(|method| self.lowering.text(method)) else { return };
        let receiver = node.child_by_field_name("receiver");
        let named = receiver.map_or(&b""[..], |receiver| self.lowering.text(receiver));
        let named = named.strip_prefix(b"::").unwrap_or(named);
        let arguments = arguments(node);
        let first = arguments.first().copied();
        match (named, method) {
            (b"" | b"Kernel", b"require_relative") => self.library(first, "require_relative", Ruby::Relative, guards),
            (b"" | b"Kernel", b"require") => self.library(first, "require", Ruby::Required, guards),
            (b"" | b"Object" | b"self", b"autoload") => {
                self.library(arguments.get(1).copied(), "autoload", Ruby::Required, guards);
            }
            (b"" | b"Kernel", b"load") => self.loaded(first, guards),
            (b"", b"eval_gemfile") => self.here(first, "eval_gemfile", Want::File, guards),
            (b"", b"gem" | b"gemspec" | b"path") if self.is_gemfile() => self.package(method, &arguments, guards),
            (b"File" | b"Dir" | b"FileTest", b"exist?" | b"exists?" | b"file?" | b"readable?" | b"directory?") => {
                self.asked.extend(first.map(|path| self.lowering.path(path).expr));
            }
            (b"", b"pin" | b"pin_all_from") if path::ends_in(self.path, b"config/importmap.rb") => {
                self.pinned(method, &arguments);
            }
            _ if self.viewed(method, &arguments, guards) => {}
            _ => self.opened(named, method, &arguments, guards),
        }
    }

    fn is_gemfile(&self) -> bool {
        path::name(self.path) == b"Gemfile" || path::extension(self.path) == b"gemfile"
    }

    fn push(&mut self, lowered: Lowered<'s>, construct: &'static str, namespace: Namespace, guarded: bool) {
        let Lowered { expr, span, tail, .. } = lowered;
        if expr != PathExpr::Hole && span.start < span.end {
            let (strength, ceiling) = (Strength::Fatal, Severity::Error);
            let one = Reference { span, tail, expr, construct, namespace, strength, guarded, ceiling };
            self.scan.references.push(one);
        }
    }

    fn library(&mut self, name: Option<Node<'t>>, construct: &'static str, kind: Ruby, guards: Guards) {
        if let Some(name) = name {
            self.push(self.lowering.path(name), construct, Namespace::Ruby(kind), guards.load);
        }
    }

    /// Rake loads from the directory of its file, and from the load path.
    fn loaded(&mut self, name: Option<Node<'t>>, guards: Guards) {
        let rake = path::name(self.path) == b"Rakefile";
        let namespace = if rake { Namespace::Path(&[Base::Beside], Want::File) } else { STARTED };
        if let Some(name) = name {
            self.push(self.lowering.path(name), "load", namespace, guards.load);
        }
    }

    fn here(&mut self, name: Option<Node<'t>>, construct: &'static str, want: Want, guards: Guards) {
        if let Some(name) = name {
            let guarded = guards.load || guards.read || guards.condition;
            self.push(self.lowering.path(name), construct, Namespace::Path(HERE, want), guarded);
        }
    }

    /// `gem 'x', path: 'd'`, `gemspec path: 'd'`, `path 'd' do`.
    fn package(&mut self, method: &[u8], arguments: &[Node<'t>], guards: Guards) {
        if method == b"path" {
            return self.here(arguments.first().copied(), "path", Want::Directory, guards);
        }
        for pair in arguments.iter().filter(|argument| argument.kind() == "pair") {
            let key = pair.child_by_field_name("key").map_or(&b""[..], |key| self.lowering.text(key));
            if matches!(key, b"path" | b":path") {
                self.here(pair.child_by_field_name("value"), "path", Want::Directory, guards);
            }
        }
    }

    /// `File.read(path)`, `path.read`.
    fn opened(&mut self, named: &[u8], method: &[u8], arguments: &[Node<'t>], guards: Guards) {
        let Some(&first) = arguments.first() else { return };
        let is = |row: &Methods| row.0 == named && row.1.contains(&method);
        let read = READS.iter().find(|row| is(&row.0));
        let writes = WRITES.iter().any(is);
        if writes || read.is_some() && arguments.iter().skip(1).any(|mode| self.is_written(*mode)) {
            let written = self.lowering.path(first).expr.into_owned();
            self.scan.facts.push(Fact::Output(written));
        } else if let Some((_, construct)) = read {
            let lowered = self.lowering.path(first);
            self.push(below_a_root(lowered), construct, STARTED, guards.read);
        } else if !MAKES.contains(&method) {
            arguments.iter().for_each(|path| self.mentioned(*path));
        }
    }

    /// `import(Rails.root.join('a'))`: what becomes of the path is not known, so that only a near miss is told.
    fn mentioned(&mut self, path: Node<'t>) {
        if !matches!(path.kind(), "call" | "binary" | "string") {
            return;
        }
        let lowered = self.lowering.path(path);
        let (PathExpr::Concat(parts) | PathExpr::Join(parts)) = &lowered.expr else { return };
        if parts.first() == Some(&PathExpr::Constant(b"Rails.root".into())) {
            let namespace = Namespace::Path(HERE, Want::Any);
            let before = self.scan.references.len();
            self.push(lowered, "Rails.root", namespace, false);
            self.scan.references.iter_mut().skip(before).for_each(|one| one.strength = Strength::Optional);
        }
    }

    /// A mode that makes the file, or one that cannot be told.
    fn is_written(&self, mode: Node<'_>) -> bool {
        match mode.kind() {
            "string" => self.lowering.text(mode).iter().any(|byte| b"wa+".contains(byte)),
            "pair" => memchr::memmem::find(self.lowering.text(mode), b"mode").is_some(),
            "integer" | "hash" | "simple_symbol" => false,
            _ => true,
        }
    }

    /// `spec.files = ['a', 'b']` of a gemspec, whose names start from its directory. Only a build of the package reads
    /// most of them.
    fn listed(&mut self, node: Node<'t>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let attribute = left.child_by_field_name("method").map_or(&b""[..], |method| self.lowering.text(method));
        let (construct, ceiling) = match attribute {
            b"files" => ("files", Severity::Warning),
            b"extra_rdoc_files" => ("extra_rdoc_files", Severity::Warning),
            b"extensions" => ("extensions", Severity::Error),
            _ => return,
        };
        if path::extension(self.path) != b"gemspec" || !matches!(right.kind(), "array" | "string_array") {
            return;
        }
        let mut cursor = right.walk();
        for name in right.named_children(&mut cursor).filter(|name| matches!(name.kind(), "string" | "bare_string")) {
            self.push(self.lowering.path(name), construct, Namespace::Path(HERE, Want::Any), false);
            if let Some(last) = self.scan.references.last_mut() {
                last.ceiling = last.ceiling.min(ceiling);
            }
        }
    }
}

/// `File.read('lib/x.erb')` starts where Ruby was started: mostly in a directory above, which has a `lib`.
fn below_a_root(mut lowered: Lowered<'_>) -> Lowered<'_> {
    lowered.expr = match lowered.expr {
        PathExpr::Literal(text) if !text.starts_with(b"/") && !text.starts_with(b".") && text.contains(&b'/') => {
            PathExpr::Hole.then(PathExpr::literal([b"/", text.as_ref()].concat()))
        }
        other => other,
    };
    lowered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn guards_and_spans() {
        let text = b"require_relative 'a'\nbegin\n  require 'b'\nrescue LoadError\nend\nFile.read(Rails.root.join('c', \"d\"))\nrequire 'e' if defined?(E)\nP = __dir__\nload File.join(P, 'f')\nFile.open('g', 'w')\nrequire \"#{x}\"\nrequire 'it\\'s'\n";
        let source = Source::new(&text[..]);
        let scan = scan(Input { path: b"a.rb", source: &source, project: None });
        let shown: Vec<_> =
            scan.references.iter().map(|one| (one.span.of(text), one.tail.of(text), one.guarded)).collect();
        let want: [(&[u8], &[u8], bool); 5] = [
            (b"a", b"a", false),
            (b"b", b"b", true),
            (b"Rails.root.join('c', \"d\")", b"d", false),
            (b"e", b"e", true),
            (b"File.join(P, 'f')", b"f", false),
        ];
        assert_eq!(shown, want);
        assert_eq!(scan.facts.len(), 1);
    }
}
