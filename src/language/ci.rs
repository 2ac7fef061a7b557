//! Pipelines but GitHub's: `.travis.yml` (docs.travis-ci.com "Job Lifecycle"), `.gitlab-ci.yml` (docs.gitlab.com "CI/CD
//! YAML syntax reference").
//!
//! Read: commands, which run in a checkout of the repository, local includes of GitLab, `gemfile` of Travis. A word of
//! a command that is not known, but has the form of a path, is compared with what is there: only near misses are told.
//!
//! Knowingly not read: variables, anchors of other files, templates, what earlier commands make.

use super::launch::{self, Command, Setting, shell};
use super::syntax::yaml::{Node, documents};
use super::{Context, Input, Language, Namespace, Phase, Reference, Scan, Want, has_scheme};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::{Here, PathExpr};
use crate::path;

/// `.travis.yml` and `.gitlab-ci.yml`.
pub const LANGUAGE: Language = Language {
    name: "ci",
    extensions: &[],
    names: &[".gitlab-ci.yml", ".travis.yml"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "commands of `.travis.yml` and `.gitlab-ci.yml`, local includes, `gemfile`",
    leaves: "variables, templates, what earlier commands make",
    scan,
};

/// Keys whose values are commands.
const SCRIPTS: [&str; 12] = [
    "after_failure",
    "after_script",
    "after_success",
    "before_cache",
    "before_deploy",
    "before_install",
    "before_script",
    "install",
    "pre_get_sources_script",
    "script",
    "after_deploy",
    "deploy_script",
];
/// Programs that make what their arguments name, or take it away, or name things elsewhere.
const MAKERS: [&[u8]; 22] = [
    b"cat", b"cd", b"chmod", b"cp", b"curl", b"docker", b"echo", b"export", b"git", b"gpg", b"ls", b"mkdir", b"mv",
    b"openssl", b"printf", b"rm", b"rsync", b"scp", b"sed", b"tar", b"touch", b"wget",
];
/// Deepest mapping that is looked into.
const MAX_DEPTH: usize = 8;

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut reader = Reader { bytes: input.source.bytes(), references: Vec::new() };
    for document in documents(input.source) {
        reader.job(&document, 0);
        reader.includes(&document);
    }
    let mut references = reader.references;
    references.sort_by_key(|reference| reference.span);
    references.dedup_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

struct Reader<'b> {
    bytes: &'b [u8],
    references: Vec<Reference<'static>>,
}

impl Reader<'_> {
    /// A job, or what holds jobs.
    fn job(&mut self, node: &Node, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        node.list().iter().for_each(|one| self.job(one, depth + 1));
        for (key, value) in node.entries() {
            let key = key.scalar().map(|(text, _)| text).unwrap_or_default();
            if SCRIPTS.iter().any(|script| script.as_bytes() == key) {
                self.script(value);
            } else if key == b"gemfile" {
                value.each().iter().for_each(|one| self.file(one, "gemfile"));
            } else {
                self.job(value, depth + 1);
            }
        }
    }

    /// `include: { local: '/ci/build.yml' }`.
    fn includes(&mut self, document: &Node) {
        let Some(include) = document.get("include") else { return };
        for one in include.each() {
            let local = one.get("local").unwrap_or(one);
            let known = one.entries().is_empty() || one.get("local").is_some();
            let yaml = |text: &[u8]| text.ends_with(b".yml") || text.ends_with(b".yaml");
            if known && local.string().is_some_and(|(text, _)| yaml(text)) {
                self.file(local, "include");
            }
        }
    }

    fn file(&mut self, node: &Node, construct: &'static str) {
        let Some((text, span)) = node.string() else { return };
        let plain = !text.is_empty() && !text.iter().any(|byte| b"*?{$".contains(byte)) && !has_scheme(text);
        if plain && span.of(self.bytes) == text {
            let text = text.strip_prefix(b"/").unwrap_or(text);
            self.refer((text, span), construct, (Want::File, false), Severity::Error);
        }
    }

    fn refer(
        &mut self,
        (text, span): (&[u8], Span),
        construct: &'static str,
        (want, open): (Want, bool),
        ceiling: Severity,
    ) {
        let namespace = Namespace::Context(Context::Workspace { want, open });
        let expr = PathExpr::Join(vec![PathExpr::Here(Here::Dir), PathExpr::literal(text.to_vec())]);
        let reference = Reference::literal(span, Vec::new(), construct, namespace, Strength::Fatal);
        self.references.push(Reference { expr, ceiling, ..reference });
    }

    /// Commands, one after another in one directory.
    fn script(&mut self, value: &Node) {
        let setting = Setting {
            rules: |want, open| Namespace::Context(Context::Workspace { want, open }),
            directory: Some(PathExpr::Here(Here::Dir)),
            strength: Strength::Fatal,
        };
        let (mut directory, mut made) = (Some(Vec::new()), false);
        for one in value.each() {
            let Some((text, span)) = one.string().filter(|(text, span)| span.of(self.bytes) == *text) else {
                made = true;
                continue;
            };
            let start = directory.clone();
            for command in shell::commands(text, span.start as usize, true) {
                let below = start.as_ref().zip(command.directory.as_ref());
                let started = below.map(|(outer, inner)| path::join(outer, inner));
                let command = Command { made: made || command.made, directory: started, ..command };
                let found = launch::references(&command, &setting);
                self.words(&command, &found);
                self.references.extend(found);
                changed(&command, &mut directory);
            }
            made = true;
        }
    }

    /// Words that have the form of a path, in a command of which nothing else is known.
    fn words(&mut self, command: &Command, found: &[Reference<'static>]) {
        let program = command.words.first().and_then(|word| word.text.as_deref()).unwrap_or_default();
        if command.directory.as_deref() != Some(b"") || MAKERS.contains(&path::name(program)) || command.guarded {
            return;
        }
        for word in command.words.iter().skip(1) {
            let Some(text) = word.text.as_deref().filter(|text| is_path(text)) else { continue };
            if !found.iter().any(|one| one.span == word.span) {
                let text = text.strip_suffix(b"/").unwrap_or(text);
                let trimmed = Span::new(word.span.start as usize, word.span.start as usize + text.len());
                self.refer((text, trimmed), "argument", (Want::Any, true), Severity::Warning);
            }
        }
    }
}

/// `src/`, `tests/unit.php`: relative, of plain characters, with a slash.
fn is_path(text: &[u8]) -> bool {
    let plain = text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(byte));
    let file = text.ends_with(b"/") || path::split_extension(path::name(text)).1.is_some();
    plain && file && text.contains(&b'/') && text[0].is_ascii_alphanumeric()
}

/// Where the next line of a script runs.
fn changed(command: &Command, directory: &mut Option<Vec<u8>>) {
    let text = |at: usize| command.words.get(at).and_then(|word| word.text.as_deref());
    if text(0) == Some(b"cd") {
        let target =
            text(1).filter(|target| !command.guarded && !target.starts_with(b"-") && !target.starts_with(b"~"));
        *directory = target.and_then(|target| Some(path::join(command.directory.as_ref()?, target)));
    }
}
