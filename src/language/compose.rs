//! Compose files (docs.docker.com/reference/compose-file).
//!
//! Read are contexts of builds with their Dockerfiles, files of variables and labels, what is mounted from the project,
//! `configs` and `secrets`, `extends`, `include` and `develop.watch`, with the defaults of `${NAME:-default}`.
//!
//! Knowingly not read: values of `.env`, commands, absolute paths of the host, remote contexts and includes.

use super::syntax::variables::{Syntax, Variables, Word, expand};
use super::syntax::yaml::{Node, documents};
use super::{Context, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// `compose.yaml`, `docker-compose.prod.yml`.
pub const LANGUAGE: Language = Language {
    name: "compose",
    extensions: &["yaml", "yml"],
    names: &[],
    interpreters: &[],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "contexts and Dockerfiles of builds, `env_file`, bind mounts, `configs`, `secrets`, `extends`, `include`, `watch`",
    leaves: "`.env`, commands, absolute paths of the host",
    scan,
};

/// By its name, or by `version: "3"` and `services:`.
fn recognises(file: &[u8], head: &[u8]) -> bool {
    let name = path::name(file).to_ascii_lowercase();
    let mut lines = head.split(|&byte| byte == b'\n');
    let begins = |start: &[u8]| head.split(|&byte| byte == b'\n').any(|line| line.starts_with(start));
    let versioned = lines.any(|line| {
        let version = line.strip_prefix(b"version:").map(<[u8]>::trim_ascii).unwrap_or_default();
        matches!(version.iter().find(|byte| !b"'\"".contains(byte)), Some(b'2' | b'3'))
    });
    memchr::memmem::find(&name, b"compose").is_some() && (begins(b"services:") || begins(b"include:"))
        || versioned && begins(b"services:")
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut reader = Reader { bytes: input.source.bytes(), scan: Scan::default() };
    for document in documents(input.source) {
        reader.document(&document);
    }
    let mut scan = reader.scan;
    scan.references.sort_by_key(|reference| (reference.span, reference.construct));
    // A node with an alias is met more than once.
    scan.references.dedup_by(|a, b| a.span == b.span && a.construct == b.construct);
    scan
}

struct Reader<'b> {
    bytes: &'b [u8],
    scan: Scan<'static>,
}

/// A path with the place it is written in.
struct Written {
    word: Word,
    span: Span,
    /// Each byte of the text stands in the span as it is read.
    exact: bool,
}

impl Reader<'_> {
    fn document(&mut self, document: &Node) {
        for (_, service) in document.get("services").map(Node::entries).unwrap_or_default() {
            self.service(service);
        }
        for (key, strength) in [("configs", Strength::Fatal), ("secrets", Strength::Optional)] {
            for (_, one) in document.get(key).map(Node::entries).unwrap_or_default() {
                self.files(one.get("file"), if key == "configs" { "configs" } else { "secrets" }, strength);
            }
        }
        for include in document.get("include").map(Node::each).unwrap_or_default() {
            if include.string().is_some() {
                self.files(Some(include), "include", Strength::Fatal);
            } else {
                self.files(include.get("path"), "include", Strength::Fatal);
                self.files(include.get("env_file"), "env_file", Strength::Silent);
                self.directory(include.get("project_directory"), "project_directory");
            }
        }
    }

    fn service(&mut self, service: &Node) {
        if let Some(build) = service.get("build") {
            self.build(build);
        }
        for file in service.get("env_file").map(Node::each).unwrap_or_default() {
            let required = !file.get("required").is_some_and(|required| required.is("false"));
            let strength = if required { Strength::Silent } else { Strength::Optional };
            self.files(file.get("path").or(Some(file)), "env_file", strength);
        }
        self.files(service.get("label_file"), "label_file", Strength::Fatal);
        if let Some(extends) = service.get("extends") {
            self.files(extends.get("file"), "extends", Strength::Fatal);
        }
        for volume in service.get("volumes").map(Node::list).unwrap_or_default() {
            self.volume(volume);
        }
        let watched = service.get("develop").and_then(|develop| develop.get("watch"));
        for rule in watched.map(Node::list).unwrap_or_default() {
            let path = rule.get("path").and_then(|path| self.written(path));
            if let Some(path) = path {
                self.refer(path, "watch", Want::Any, Strength::Broken);
            }
        }
    }

    /// Each string of a node as a file.
    fn files(&mut self, node: Option<&Node>, construct: &'static str, strength: Strength) {
        for one in node.map(Node::each).unwrap_or_default() {
            if let Some(written) = self.written(one) {
                self.refer(written, construct, Want::File, strength);
            }
        }
    }

    fn directory(&mut self, node: Option<&Node>, construct: &'static str) {
        if let Some(written) = node.and_then(|node| self.written(node)) {
            self.refer(written, construct, Want::Directory, Strength::Fatal);
        }
    }

    fn written(&self, node: &Node) -> Option<Written> {
        let (text, span) = node.string()?;
        let exact = span.of(self.bytes) == text;
        Some(Written { word: expand(text, &Variables::default(), Syntax::Compose), span, exact })
    }

    /// `build: directory`, or a mapping with `context` and `dockerfile`.
    fn build(&mut self, build: &Node) {
        let given = if build.entries().is_empty() { Some(build) } else { build.get("context") };
        let context = given.and_then(|node| self.written(node));
        let directory = context.as_ref().map_or(PathExpr::literal(b".".as_slice()), |context| context.word.expr());
        let remote = context.as_ref().and_then(|context| context.word.text()).is_some_and(|text| is_remote(&text));
        for (_, additional) in build.get("additional_contexts").map(Node::entries).unwrap_or_default() {
            self.directory(Some(additional), "additional_contexts");
        }
        if remote {
            return;
        }
        let inline = build.get("dockerfile_inline").is_some();
        let dockerfile = build.get("dockerfile").and_then(|node| self.written(node));
        let name = dockerfile.as_ref().map_or(PathExpr::literal(b"Dockerfile".as_slice()), |file| file.word.expr());
        let place = PathExpr::Join(vec![directory.clone(), name]);
        let here = |expr: PathExpr<'static>| PathExpr::here_up(0).join(expr);
        if !inline {
            self.scan.facts.push(Fact::Build { dockerfile: here(place.clone()), context: here(directory) });
        }
        let segments =
            dockerfile.as_ref().and_then(|file| file.word.text()).map_or(1, |text| path::segments(&text).count());
        let kind = Context::Dockerfile { below: u8::try_from(segments).unwrap_or(u8::MAX) };
        match (dockerfile, &context) {
            (Some(file), _) => self.push(file, Some(place), "dockerfile", kind, Strength::Fatal),
            (None, Some(context)) if !inline => {
                let implied = Written { word: Word::default(), span: context.span, exact: false };
                self.push(implied, Some(place), "Dockerfile", kind, Strength::Fatal);
            }
            _ => {}
        }
        if let Some(context) = context {
            self.refer(context, "build", Want::Directory, Strength::Fatal);
        }
    }

    fn volume(&mut self, volume: &Node) {
        if let Some((text, span)) = volume.string() {
            return self.short_volume(text, span);
        }
        if !volume.get("type").is_some_and(|kind| kind.is("bind")) {
            return;
        }
        let Some(source) = volume.get("source").and_then(|source| self.written(source)) else { return };
        let target = volume.get("target").and_then(Node::string).map(|(text, _)| text).unwrap_or_default();
        self.mounted(&source.word, target);
        let creates = volume.get("bind").and_then(|bind| bind.get("create_host_path"));
        let strength = match creates {
            Some(creates) if creates.is("false") => Strength::Fatal,
            _ => strength(&source.word.text().unwrap_or_default(), target),
        };
        self.refer(source, "volumes", Want::Any, strength);
    }

    /// `source:target:options`; a source that does not begin as a path is the name of a volume.
    fn short_volume(&mut self, text: &[u8], span: Span) {
        let Some(end) = colon(text) else { return };
        let source = &text[..end];
        let target = text[end + 1..].split(|&byte| byte == b':').next().unwrap_or_default();
        let word = expand(source, &Variables::default(), Syntax::Compose);
        let path =
            word.text().map_or(source.starts_with(b".") || source.starts_with(b"$"), |text| text.starts_with(b"."));
        if !path {
            return;
        }
        self.mounted(&word, target);
        let exact = span.of(self.bytes) == text;
        let span = if exact { Span::new(span.start as usize, span.start as usize + end) } else { span };
        let strength = strength(&word.text().unwrap_or_default(), target);
        self.refer(Written { word, span, exact }, "volumes", Want::Any, strength);
    }

    fn mounted(&mut self, source: &Word, target: &[u8]) {
        let target =
            expand(target, &Variables::default(), Syntax::Compose).text().filter(|text| text.starts_with(b"/"));
        if let Some(target) = target {
            self.scan.facts.push(Fact::Mounted { source: PathExpr::here_up(0).join(source.expr()), target });
        }
    }

    fn refer(&mut self, written: Written, construct: &'static str, want: Want, strength: Strength) {
        if !written.word.text().is_some_and(|text| is_remote(&text)) {
            self.push(written, None, construct, Context::Project(want), strength);
        }
    }

    fn push(
        &mut self,
        written: Written,
        expr: Option<PathExpr<'static>>,
        construct: &'static str,
        context: Context,
        strength: Strength,
    ) {
        let Written { word, span, exact } = written;
        let start = span.start as usize;
        let within = |place: std::ops::Range<usize>| Span::new(start + place.start, start + place.end);
        let tail = word.tail().filter(|_| exact).map(within).unwrap_or_default();
        // What a default names is used only where nobody sets the variable.
        let ceiling = if word.default { Severity::Warning } else { Severity::Error };
        self.scan.references.push(Reference {
            span,
            tail,
            expr: expr.unwrap_or_else(|| word.expr()),
            construct,
            namespace: Namespace::Context(context),
            strength,
            guarded: false,
            ceiling,
        });
    }
}

/// The `:` that ends the source of a mount: not one within `${…}`, nor that of a drive.
fn colon(text: &[u8]) -> Option<usize> {
    let mut open = 0usize;
    let colon = text.iter().enumerate().find(|(at, byte)| {
        match byte {
            b'{' => open += 1,
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        let drive = *at == 1 && text[0].is_ascii_alphabetic();
        **byte == b':' && open == 0 && !drive
    });
    colon.map(|(at, _)| at)
}

/// Where the source of a mount is absent, Docker makes an empty directory of that name: what asks for a file gets a
/// directory, and nothing is said.
fn strength(source: &[u8], target: &[u8]) -> Strength {
    let named = |path: &[u8]| {
        let (stem, extension) = path::split_extension(path::name(path));
        !stem.is_empty() && extension.is_some_and(|extension| !extension.is_empty()) && !stem.ends_with(b".")
    };
    let file = !source.ends_with(b"/") && (named(source) || named(target));
    if file { Strength::Silent } else { Strength::Optional }
}

/// A context or an include of another host, an image, or another service.
fn is_remote(text: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(text, part).is_some();
    let scheme = [&b"service:"[..], b"oci:", b"git@", b"github.com/"].iter().any(|start| text.starts_with(start));
    has(b"://") || scheme || text == b"/dev/null"
}
