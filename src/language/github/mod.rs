//! GitHub Actions (docs.github.com/actions: "Workflow syntax", "Metadata syntax").
//!
//! Read are actions and reusable workflows of this repository, working directories, commands and what an action runs,
//! the inputs of widespread actions that name files, literal paths of filters and of `hashFiles`. `${{ matrix.x }}` is
//! each member of a literal list.
//!
//! Knowingly not read: other expressions, jobs after a checkout of another repository, what earlier steps make: after
//! them only names near an existing one are told of.

mod inputs;
mod matrix;

use matrix::{expression, members};

use super::launch;
use super::syntax::yaml::{Node, documents};
use super::{Context, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// Workflows, and the metadata of actions.
pub const LANGUAGE: Language = Language {
    name: "github-actions",
    extensions: &["yaml", "yml"],
    names: &[],
    interpreters: &[],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "local actions and reusable workflows, working directories, commands, well-known inputs, paths of filters and of `hashFiles`",
    leaves: "expressions but `matrix`, jobs on other repositories, what earlier steps make",
    scan,
};

/// Actions that put nothing of their own into the workspace.
const PURE: [&[u8]; 4] = [b"actions/cache@", b"actions/checkout@", b"actions/setup-", b"docker/setup-"];

fn recognises(file: &[u8], head: &[u8]) -> bool {
    let directory = path::parent(file);
    if is_action(file) {
        let begins = |key: &[u8]| head.split(|&byte| byte == b'\n').any(|line| line.starts_with(key));
        return begins(b"runs:") || begins(b"name:") && begins(b"description:");
    }
    path::name(directory) == b"workflows"
        && matches!(path::name(path::parent(directory)), b".github" | b".gitea" | b".forgejo")
}

/// `defaults.run.working-directory` of a workflow or a job.
fn default_directory(of: &Node) -> Option<&Node> {
    of.get("defaults")?.get("run")?.get("working-directory")
}

fn is_action(file: &[u8]) -> bool {
    matches!(path::name(file), b"action.yml" | b"action.yaml")
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut reader = Reader { bytes: input.source.bytes(), root: root(input.path), open: false, scan: Scan::default() };
    for document in documents(input.source) {
        if is_action(input.path) { reader.action(&document) } else { reader.workflow(&document) }
    }
    let mut scan = reader.scan;
    scan.references.sort_by_key(|reference| (reference.span, reference.construct));
    scan.references.dedup_by(|a, b| a.span == b.span && a.construct == b.construct);
    scan
}

/// The root of the repository: what holds `.github`, the last one where an action was copied as a whole, else the root
/// of the tree.
fn root(file: &[u8]) -> PathExpr<'static> {
    let segments: Vec<&[u8]> = path::segments(path::parent(file)).collect();
    let above = segments.iter().rposition(|segment| segment.first() == Some(&b'.')).unwrap_or(0);
    PathExpr::here_up(u32::try_from(segments.len() - above).unwrap_or(u32::MAX))
}

struct Reader<'b> {
    bytes: &'b [u8],
    root: PathExpr<'static>,
    /// What runs here may run in another repository.
    open: bool,
    scan: Scan<'static>,
}

/// What is known of a job when one of its steps runs.
#[derive(Default)]
struct Job<'n> {
    /// Literal members of the matrix, by key.
    matrix: Vec<(Vec<u8>, Vec<Vec<u8>>)>,
    /// The workspace holds something else than this repository.
    foreign: bool,
    /// Where in the workspace this repository lies.
    below: Option<Vec<u8>>,
    /// Earlier steps may have made files.
    made: bool,
    /// Earlier steps ran commands.
    ran: bool,
    /// The repository is there.
    checked_out: bool,
    /// Where commands run, unless a step says otherwise.
    directory: Option<&'n Node>,
    /// Commands are not a shell's.
    windows: bool,
}

/// What is asked of a path.
#[derive(Clone, Copy)]
struct Asked {
    construct: &'static str,
    want: Want,
    strength: Strength,
    /// It may be made before it is used.
    made: bool,
}

impl Reader<'_> {
    fn workflow(&mut self, workflow: &Node) {
        let on = workflow.get("on");
        self.open = on
            .is_some_and(|on| on.get("workflow_call").is_some() || on.each().iter().any(|one| one.is("workflow_call")));
        for (_, event) in on.map(Node::entries).unwrap_or_default() {
            for key in ["paths", "paths-ignore"] {
                event.get(key).map(Node::list).unwrap_or_default().iter().for_each(|pattern| self.filter(pattern));
            }
        }
        let none = Job::default();
        self.default_directory(workflow, &none);
        let directory = default_directory(workflow);
        for (_, job) in workflow.get("jobs").map(Node::entries).unwrap_or_default() {
            self.job(job, directory);
        }
    }

    fn job<'n>(&mut self, job: &'n Node, directory: Option<&'n Node>) {
        let matrix = job.get("strategy").and_then(|strategy| strategy.get("matrix")).map(members).unwrap_or_default();
        let directory = default_directory(job).or(directory);
        let windows = job.get("runs-on").and_then(Node::string).is_some_and(|(text, _)| text.starts_with(b"windows"));
        let mut state = Job { matrix, directory, windows, ..Job::default() };
        if let Some(uses) = job.get("uses") {
            let asked = Asked { construct: "uses", want: Want::File, strength: Strength::Fatal, made: false };
            if uses.string().is_some_and(|(text, _)| text.starts_with(b"./")) {
                self.refer(uses, &state, asked);
            }
        }
        self.default_directory(job, &state);
        self.steps(job.get("steps"), &mut state);
    }

    /// `defaults.run.working-directory`.
    fn default_directory(&mut self, of: &Node, job: &Job<'_>) {
        if let Some(directory) = default_directory(of) {
            self.directory(directory, &Job { made: true, matrix: job.matrix.clone(), ..Job::default() });
        }
    }

    fn directory(&mut self, directory: &Node, job: &Job<'_>) {
        let asked =
            Asked { construct: "working-directory", want: Want::Directory, strength: Strength::Fatal, made: job.made };
        self.refer(directory, job, asked);
    }

    fn steps(&mut self, steps: Option<&Node>, job: &mut Job<'_>) {
        for step in steps.map(Node::list).unwrap_or_default() {
            let uses = step.get("uses").and_then(Node::string).map(|(text, _)| text).unwrap_or_default();
            if uses.starts_with(b"actions/checkout@") {
                job.checked_out = true;
                checkout(step.get("with"), job);
            }
            if !job.foreign {
                self.step(step, uses, job);
            }
            job.made |= !PURE.iter().any(|pure| uses.starts_with(pure));
            job.ran |= !uses.contains(&b'@');
        }
    }

    fn step(&mut self, step: &Node, uses: &[u8], job: &Job<'_>) {
        if let Some(directory) = step.get("working-directory") {
            self.directory(directory, job);
        }
        if let Some(node) = step.get("uses").filter(|_| uses.starts_with(b"./") || uses.starts_with(b"../")) {
            self.local_action(node, job);
        }
        if let Some(run) = step.get("run") {
            self.run(run, step, job);
        }
        let Some(with) = step.get("with") else { return };
        with.entries().iter().for_each(|(_, value)| self.hashed(value, job));
        if uses.starts_with(b"docker/build-push-action@") {
            self.image(with, job);
        }
        if uses.starts_with(b"actions/setup-") {
            for (key, value) in with.entries() {
                let key = key.scalar().map(|(text, _)| text).unwrap_or_default();
                if key.ends_with(b"-version-file") {
                    let asked = Asked {
                        construct: "version-file",
                        want: Want::File,
                        strength: Strength::Fatal,
                        made: job.made,
                    };
                    self.refer(value, job, asked);
                } else if key == b"cache-dependency-path" {
                    self.lines(value, "cache-dependency-path", job);
                }
            }
        }
    }

    /// Commands of a shell, started in the working directory.
    fn run(&mut self, run: &Node, step: &Node, job: &Job<'_>) {
        let shell = step.get("shell").and_then(Node::string).map(|(text, _)| text);
        let known = shell.map_or(!job.windows, |shell| shell.starts_with(b"bash") || shell.starts_with(b"sh"));
        if !known || !job.checked_out || job.below.is_some() {
            return;
        }
        let Some(text) = self.shell_text(run) else { return };
        let directory = step.get("working-directory").or(job.directory).and_then(|node| self.written(node, job));
        let here = directory.map_or(self.root.clone(), |directory| self.root.clone().join(directory.expr));
        let setting = launch::Setting {
            rules: |want, open| Namespace::Context(Context::Workspace { want, open }),
            directory: Some(here.clone()),
            strength: Strength::Fatal,
        };
        for command in launch::shell::commands(&text.1, text.0, true) {
            let made = command.made || job.made || self.open;
            let command = launch::Command { made, ..command };
            self.build(&command, &here);
            let paths = launch::references(&command, &setting);
            self.scan.references.extend(paths.into_iter().filter(|one| matches!(one.namespace, Namespace::Context(_))));
        }
    }

    /// The text of a script at its place in the source, as long as there: what `${{ … }}` stands for is a variable's.
    fn shell_text(&self, run: &Node) -> Option<(usize, Vec<u8>)> {
        let (text, span) = run.string()?;
        let raw = span.of(self.bytes);
        let header = match raw.first() {
            Some(b'|') => memchr::memchr(b'\n', raw)?,
            _ if raw != text && !self.is_literal_block(span) => return None,
            _ => 0,
        };
        let mut text = raw[header..].to_vec();
        let mut from = 0;
        while let Some(at) = memchr::memmem::find(&text[from..], b"${{").map(|at| from + at) {
            let end = memchr::memmem::find(&text[at..], b"}}").map_or(text.len(), |end| at + end + 2);
            text[at + 1..end].fill(b'x');
            from = end;
        }
        Some((span.start as usize + header, text))
    }

    /// Whether `|` and no `>` stands before a block: its lines are lines.
    fn is_literal_block(&self, span: Span) -> bool {
        let before = self.bytes.get(..span.start as usize).unwrap_or_default().trim_ascii_end();
        let indicator = before.iter().rev().find(|byte| !b"0123456789+-".contains(byte));
        indicator == Some(&b'|')
    }

    /// `docker build -f FILE CONTEXT` says what the context of a Dockerfile is.
    fn build(&mut self, command: &launch::Command, here: &PathExpr<'static>) {
        let words: Option<Vec<&[u8]>> = command.words.iter().map(|word| word.text.as_deref()).collect();
        let (Some(words), Some(below)) = (words, command.directory.as_ref()) else { return };
        let arguments = match words.as_slice() {
            [b"docker" | b"podman" | b"buildah", b"build" | b"bud", rest @ ..] => rest,
            [b"docker", b"buildx", b"build", rest @ ..] => rest,
            _ => return,
        };
        let Some(context) = arguments.last().filter(|last| !last.starts_with(b"-") && !last.contains(&b':')) else {
            return;
        };
        let file = arguments.windows(2).find(|pair| matches!(pair[0], b"-f" | b"--file")).map(|pair| pair[1].to_vec());
        let glued = || arguments.iter().find_map(|one| one.strip_prefix(b"--file=")).map(<[u8]>::to_vec);
        let file = file.or_else(glued).unwrap_or_else(|| path::join(context, b"Dockerfile"));
        let place = |path: Vec<u8>| here.clone().join(PathExpr::literal(below.clone())).join(PathExpr::literal(path));
        self.scan.facts.push(Fact::Build { dockerfile: place(file), context: place(context.to_vec()) });
    }

    /// An action of this repository is a directory with its metadata.
    fn local_action(&mut self, node: &Node, job: &Job<'_>) {
        let Some(written) = self.written(node, job) else { return };
        let file = |name: &'static [u8]| PathExpr::Join(vec![written.expr.clone(), PathExpr::literal(name)]);
        let expr = PathExpr::FirstOf(vec![file(b"action.yml"), file(b"action.yaml"), file(b"Dockerfile")]);
        let asked = Asked { construct: "uses", want: Want::File, strength: Strength::Fatal, made: false };
        self.push(Written { expr, ..written }, job, asked);
    }

    /// `context` and `file` of `docker/build-push-action`: the file is named from the workspace.
    fn image(&mut self, with: &Node, job: &Job<'_>) {
        // No action of another repository makes a Dockerfile.
        let asked = |construct, want| Asked { construct, want, strength: Strength::Fatal, made: job.ran };
        let context = with.get("context");
        let file = with.get("file");
        let has = |text: &[u8], part: &[u8]| memchr::memmem::find(text, part).is_some();
        let remote = |node: &Node| node.string().is_none_or(|(text, _)| has(text, b"://") || has(text, b"{{"));
        // Without a context it is the repository on GitHub; `{{defaultContext}}` is that, too.
        if context.is_some_and(remote) {
            return;
        }
        let directory = context.and_then(|node| self.written(node, job));
        let dockerfile = file.and_then(|node| self.written(node, job));
        let directory_expr = directory.as_ref().map_or(PathExpr::literal(b".".as_slice()), |one| one.expr.clone());
        let place = match &dockerfile {
            Some(written) => written.expr.clone(),
            None => PathExpr::Join(vec![directory_expr.clone(), PathExpr::literal(b"Dockerfile".as_slice())]),
        };
        let rooted = |expr: PathExpr<'static>| self.root.clone().join(expr);
        self.scan.facts.push(Fact::Build { dockerfile: rooted(place), context: rooted(directory_expr) });
        if let Some(written) = directory {
            self.push(written, job, asked("context", Want::Directory));
        }
        if let Some(written) = dockerfile {
            self.push(written, job, asked("file", Want::File));
        }
    }

    /// The metadata of an action: what it runs lies beside it.
    fn action(&mut self, action: &Node) {
        let Some(runs) = action.get("runs") else { return };
        let here = std::mem::replace(&mut self.root, PathExpr::here_up(0));
        let none = Job::default();
        let asked = |construct| Asked { construct, want: Want::File, strength: Strength::Fatal, made: false };
        for (key, construct) in [("main", "main"), ("pre", "pre"), ("post", "post")] {
            if let Some(node) = runs.get(key) {
                self.refer(node, &none, asked(construct));
            }
        }
        for key in ["image", "entrypoint", "pre-entrypoint", "post-entrypoint"] {
            let local =
                |node: &&Node| node.string().is_some_and(|(text, _)| key == "image" && !text.starts_with(b"docker://"));
            let Some(node) = runs.get(key).filter(local) else { continue };
            self.refer(node, &none, asked("image"));
            if let Some(written) = self.written(node, &none) {
                let dockerfile = PathExpr::here_up(0).join(written.expr);
                self.scan.facts.push(Fact::Build { dockerfile, context: PathExpr::here_up(0) });
            }
        }
        self.root = here;
        // Its steps run in whatever the caller has made of the workspace.
        self.open = true;
        self.steps(runs.get("steps"), &mut Job { made: true, ran: true, checked_out: true, ..Job::default() });
    }

    fn refer(&mut self, node: &Node, job: &Job<'_>, asked: Asked) {
        if let Some(written) = self.written(node, job) {
            self.push(written, job, asked);
        }
    }

    fn written(&self, node: &Node, job: &Job<'_>) -> Option<Written> {
        let (text, span) = node.string()?;
        let exact = span.of(self.bytes) == text;
        let (expr, tail) = expression(text, job);
        let start = span.start as usize;
        let tail = tail.filter(|_| exact).map(|(from, to)| Span::new(start + from, start + to)).unwrap_or_default();
        Some(Written { expr, span, tail })
    }

    fn push(&mut self, written: Written, job: &Job<'_>, asked: Asked) {
        let Written { expr, span, tail } = written;
        let open = asked.made || self.open || job.below.is_some();
        let text = tail.of(self.bytes);
        let text = text.strip_prefix(b"./").unwrap_or(text);
        let below = job.below.as_deref().and_then(|below| text.strip_prefix(below)?.strip_prefix(b"/"));
        let whole = self.root.clone().join(expr);
        let expr = match below {
            Some(rest) => PathExpr::FirstOf(vec![self.root.clone().join(PathExpr::literal(rest.to_vec())), whole]),
            None => whole,
        };
        self.scan.references.push(Reference {
            span,
            tail,
            expr,
            construct: asked.construct,
            namespace: Namespace::Context(Context::Workspace { want: asked.want, open }),
            strength: asked.strength,
            guarded: false,
            ceiling: Severity::Error,
        });
    }
}

/// A path with the place it is written in.
struct Written {
    expr: PathExpr<'static>,
    span: Span,
    /// The part that an edit may change.
    tail: Span,
}

/// `path` puts this repository below; another `repository` puts another one there.
fn checkout(with: Option<&Node>, job: &mut Job<'_>) {
    let Some(with) = with else { return };
    let text = |key: &str| with.get(key).and_then(Node::string).map(|(text, _)| text);
    let own = |name: &[u8]| memchr::memmem::find(name, b"github.repository").is_some();
    let place =
        text("path").map(|path| path.strip_prefix(b"./").unwrap_or(path)).filter(|path| !matches!(*path, b"" | b"."));
    match (text("repository").filter(|name| !own(name)), place) {
        (Some(_), None) => job.foreign = true,
        (Some(_), Some(_)) => job.made = true,
        (None, Some(place)) => job.below = Some(place.strip_suffix(b"/").unwrap_or(place).to_vec()),
        (None, None) => {}
    }
}
