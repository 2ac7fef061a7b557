//! Dockerfiles (docs.docker.com/reference/dockerfile).
//!
//! Read are the sources of `COPY`, `ADD` and `RUN --mount`, from the root of the build's context, with the values of
//! `ARG` and `ENV` put in, and the stages.
//!
//! Knowingly not read: what other images and earlier stages hold, `ONBUILD`, what programs make during the build, whether
//! a pattern matches anything (BuildKit is silent where its directory is there). A file with an error gives nothing.

mod image;

use std::ops::Range;

use parse_dockerfile as docker;
use parse_dockerfile::{Flag, Instruction, UnescapedString};

pub use image::{Copied, Image, Origin, Stage, copied_part};

use super::variables::{Syntax, Value, Variables, Word, expand};
use super::{Context, Fact, Input, Language, Namespace, Phase, Reference, Scan};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// `Dockerfile`, `Dockerfile.prod`, `prod.Dockerfile`, `Containerfile`.
pub const LANGUAGE: Language = Language {
    name: "dockerfile",
    extensions: &[],
    names: &[],
    interpreters: &[],
    recognises: Some(|path, _| is_dockerfile(path)),
    phase: Phase::Facts,
    reads: "sources of `COPY`, `ADD` and bind mounts in the build's context, values of `ARG` and `ENV`",
    leaves: "other images, what a build makes, `ONBUILD`",
    scan,
};

/// Extensions of files that become Dockerfiles, or speak of them.
const NOT_BUILT: [&[u8]; 14] = [
    b"dockerignore",
    b"ejs",
    b"erb",
    b"go",
    b"in",
    b"j2",
    b"jinja",
    b"jinja2",
    b"md",
    b"mustache",
    b"py",
    b"template",
    b"tmpl",
    b"tpl",
];

fn is_dockerfile(path: &[u8]) -> bool {
    let name = path::name(path);
    let (stem, extension) = path::split_extension(name);
    let first = name.split(|&byte| byte == b'.').next().unwrap_or_default();
    let last = extension.unwrap_or_default().to_ascii_lowercase();
    let named = |part: &[u8]| part == b"Dockerfile" || part == b"Containerfile";
    (named(first) || !stem.is_empty() && (last == b"dockerfile" || last == b"containerfile"))
        && NOT_BUILT.binary_search(&last.as_slice()).is_err()
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let bytes = input.source.bytes();
    let text = input.source.text();
    let Ok(file) = docker::parse(&text) else { return Scan { lexical: true, ..Scan::default() } };
    let escape = file.parser_directives.escape.as_ref().map_or(b'\\', |directive| ascii(directive.value.value));
    // The parser counts from behind the mark of UTF-8.
    let offset = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { bytes, offset, escape, ..Reader::default() };
    for instruction in &file.instructions {
        reader.instruction(instruction);
    }
    reader.leave_stage();
    let mut scan = reader.scan;
    scan.references.sort_by_key(|reference| reference.span);
    scan.facts.push(Fact::Image(reader.image));
    scan
}

fn ascii(character: char) -> u8 {
    u8::try_from(character).unwrap_or(b'\\')
}

#[derive(Default)]
struct Reader<'b> {
    bytes: &'b [u8],
    /// Bytes of the source before the parser's text.
    offset: usize,
    escape: u8,
    /// `ARG` before the first `FROM`.
    globals: Variables,
    /// Of the stage.
    variables: Variables,
    /// Of the stage; `None` where it is not known.
    directory: Option<Vec<u8>>,
    image: Image,
    /// What earlier stages ended with, for those that go on from them.
    ended: Vec<(Variables, Option<Vec<u8>>)>,
    /// What the stage starts.
    starts: Vec<Reference<'static>>,
    scan: Scan<'static>,
}

impl Reader<'_> {
    fn instruction(&mut self, instruction: &Instruction<'_>) {
        match instruction {
            Instruction::Arg(arg) => self.arguments(&arg.arguments),
            Instruction::Env(env) => self.environment(&env.arguments),
            Instruction::From(from) => self.stage(from),
            Instruction::Workdir(workdir) => self.change_directory(&workdir.arguments),
            Instruction::Copy(copy) => self.copy("COPY", &copy.options, &copy.src, &copy.dest),
            Instruction::Add(add) => self.copy("ADD", &add.options, &add.src, &add.dest),
            Instruction::Run(run) => self.run(&run.options),
            Instruction::Entrypoint(entrypoint) => self.started(true, &entrypoint.arguments),
            Instruction::Cmd(cmd) => self.started(false, &cmd.arguments),
            _ => {}
        }
    }

    fn syntax(&self) -> Syntax {
        Syntax::Dockerfile(self.escape)
    }

    fn expand(&self, text: &UnescapedString<'_>) -> Word {
        expand(text.value.as_bytes(), &self.variables, self.syntax())
    }

    /// `ARG name=default other`.
    fn arguments(&mut self, text: &UnescapedString<'_>) {
        let global = self.image.stages.is_empty();
        for word in blank_separated(text.value.as_bytes()) {
            let (name, default) = cut(word, b'=');
            let scope = if global { &self.globals } else { &self.variables };
            let given =
                default.map(|default| Value { text: expand(default, scope, self.syntax()).text(), default: true });
            let value = match (given, self.globals.get(name)) {
                (Some(value), _) => value,
                (None, Some(value)) if !global => value.clone(),
                (None, _) => Value { text: None, default: true },
            };
            let scope = if global { &mut self.globals } else { &mut self.variables };
            scope.set(name, value);
        }
    }

    /// `ENV name=value other=value`, or the old form `ENV name value`.
    fn environment(&mut self, text: &UnescapedString<'_>) {
        let text = text.value.as_bytes();
        let words = blank_separated(text);
        let old = words.first().is_some_and(|word| !word.contains(&b'='));
        let pairs: Vec<(&[u8], &[u8])> = if old {
            let name = words.first().copied().unwrap_or_default();
            vec![(name, text.get(name.len()..).unwrap_or_default().trim_ascii())]
        } else {
            words.iter().map(|word| cut(word, b'=')).map(|(name, value)| (name, value.unwrap_or_default())).collect()
        };
        // All values of one instruction see what stood before it.
        let before = self.variables.clone();
        for (name, value) in pairs {
            let word = expand(value, &before, self.syntax());
            self.variables.set(name, Value { text: word.text(), default: word.default });
        }
    }

    fn stage(&mut self, from: &docker::FromInstruction<'_>) {
        self.leave_stage();
        let image = expand(from.image.value.as_bytes(), &self.globals, self.syntax()).text();
        let base = image.and_then(|name| self.named_stage(&name));
        let name = from.as_.as_ref().map(|(_, name)| name.value.as_bytes().to_ascii_lowercase()).unwrap_or_default();
        (self.variables, self.directory) = match base {
            Some(base) => self.ended.get(base).cloned().unwrap_or_default(),
            // Another image may begin anywhere.
            None => (Variables::default(), None),
        };
        self.image.stages.push(Stage { name, base, ..Stage::default() });
    }

    /// The last `ENTRYPOINT` and the last `CMD` of a stage hold.
    fn started(&mut self, entrypoint: bool, command: &docker::Command<'_>) {
        let construct = if entrypoint { "ENTRYPOINT" } else { "CMD" };
        self.starts.retain(|start| start.construct != construct);
        let Some(stage) = self.image.stages.len().checked_sub(1).and_then(|stage| u16::try_from(stage).ok()) else {
            return;
        };
        let docker::Command::Exec(words) = command else { return };
        let Some(first) = words.value.first().filter(|first| first.value.contains('/')) else { return };
        let span = Span::new(first.span.start + self.offset, first.span.end + self.offset);
        let text = first.value.as_bytes();
        let exact = span.of(self.bytes).len() == text.len();
        let text = if exact { span.of(self.bytes) } else { text };
        let directory = match (&self.directory, text.first()) {
            (Some(directory), _) => directory.clone(),
            (None, Some(b'/')) => Vec::new(),
            (None, _) => return,
        };
        self.starts.push(Reference {
            span,
            tail: if exact { span } else { Span::default() },
            expr: PathExpr::Join(vec![PathExpr::literal(directory), PathExpr::literal(text.to_vec())]),
            construct,
            namespace: Namespace::Context(Context::Image { stage }),
            strength: Strength::Fatal,
            guarded: false,
            ceiling: Severity::Error,
        });
    }

    fn leave_stage(&mut self) {
        self.scan.references.append(&mut self.starts);
        if !self.image.stages.is_empty() {
            self.ended.push((std::mem::take(&mut self.variables), self.directory.take()));
        }
    }

    fn named_stage(&self, name: &[u8]) -> Option<usize> {
        let name = name.to_ascii_lowercase();
        self.image.stages.iter().rposition(|stage| !stage.name.is_empty() && stage.name == name)
    }

    fn change_directory(&mut self, text: &UnescapedString<'_>) {
        let word = self.expand(text).text();
        self.directory = word.and_then(|directory| self.in_image(&directory));
    }

    /// An absolute path in the image; `None` where the directory is not known.
    fn in_image(&self, path: &[u8]) -> Option<Vec<u8>> {
        let whole = if path.starts_with(b"/") { path.to_vec() } else { path::join(self.directory.as_deref()?, path) };
        let mut normal = [b"/", path::normalize(&whole)?.as_ref()].concat();
        let directory = path.ends_with(b"/") || path == b"." || path.ends_with(b"/.");
        if directory && normal != b"/" {
            normal.push(b'/');
        }
        Some(normal)
    }

    fn copy(
        &mut self,
        construct: &'static str,
        flags: &[Flag<'_>],
        sources: &[docker::Source<'_>],
        target: &UnescapedString<'_>,
    ) {
        let target = self.expand(target).text().and_then(|target| self.in_image(&target));
        let from = self.origin(flags);
        for source in sources {
            let mut copied =
                Copied { from, source: None, default: false, unpacks: construct == "ADD", target: target.clone() };
            if let docker::Source::Path(text) = source {
                let word = self.expand(text);
                let known = word.text();
                let elsewhere = known.as_deref().is_some_and(is_remote);
                copied.from = if elsewhere { Origin::Elsewhere } else { from };
                copied.source = known.and_then(|source| clamped(&source));
                copied.default = word.default;
                if copied.from == Origin::Context {
                    self.refer(construct, &word, &Written { span: text.span.clone(), value: &text.value });
                }
            } else {
                copied.from = Origin::Elsewhere;
            }
            if let Some(stage) = self.image.stages.last_mut() {
                stage.copies.push(copied);
            }
        }
    }

    fn origin(&self, flags: &[Flag<'_>]) -> Origin {
        let Some(from) = flags.iter().find(|flag| flag.name.value == "from") else { return Origin::Context };
        let name = from.value.as_ref().and_then(|value| self.expand(value).text()).unwrap_or_default();
        let number = std::str::from_utf8(&name).ok().and_then(|name| name.parse::<usize>().ok());
        let number = number.filter(|&number| number + 1 < self.image.stages.len());
        self.named_stage(&name).or(number).map_or(Origin::Elsewhere, Origin::Stage)
    }

    /// `RUN --mount=type=bind,source=x,target=y`.
    fn run(&mut self, flags: &[Flag<'_>]) {
        if let Some(stage) = self.image.stages.last_mut() {
            stage.runs = true;
        }
        let mounts = flags.iter().filter(|flag| flag.name.value == "mount");
        for mount in mounts.filter_map(|flag| flag.value.as_ref()) {
            let Some(place) = bound(&mount.value) else { continue };
            let value = &mount.value[place.clone()];
            let word = expand(value.as_bytes(), &self.variables, self.syntax());
            let at = mount.span.start + place.start;
            self.refer("RUN --mount", &word, &Written { span: at..at + value.len(), value });
        }
    }

    fn refer(&mut self, construct: &'static str, word: &Word, text: &Written<'_>) {
        let span = Span::new(text.span.start + self.offset, text.span.end + self.offset);
        let within = |place: Range<usize>| {
            let start = span.start as usize;
            let exact = span.of(self.bytes).len() == text.value.len();
            exact.then(|| Span::new(start + place.start, start + place.end))
        };
        let pattern = word.text().as_deref().is_some_and(is_pattern);
        let whole =
            word.whole().and_then(within).map(|whole| if pattern { directory_part(whole, self.bytes) } else { whole });
        let tail = if pattern { whole } else { word.tail().and_then(within) };
        let tail = tail.unwrap_or_default();
        // Bytes that are no UTF-8 are read back from the source.
        let expr = match whole {
            Some(whole) => PathExpr::literal(whole.of(self.bytes).to_vec()),
            None => word.expr(),
        };
        self.scan.references.push(Reference {
            span: whole.unwrap_or(span),
            tail,
            expr,
            construct,
            namespace: Namespace::Context(Context::Source { default: word.default }),
            strength: Strength::Fatal,
            guarded: false,
            ceiling: Severity::Error,
        });
    }
}

/// A text and where the parser found it.
struct Written<'t> {
    span: Range<usize>,
    value: &'t str,
}

/// Where the source of a bind mount from the context stands: `type=bind,source=x,target=y`.
fn bound(mount: &str) -> Option<Range<usize>> {
    let mut source = None;
    let mut start = 0;
    for field in mount.split(',') {
        let (key, value) = field.split_once('=').unwrap_or((field, ""));
        match key {
            "source" | "src" => source = Some(start + field.len() - value.len()..start + field.len()),
            "from" => return None,
            "type" if value != "bind" => return None,
            _ => {}
        }
        start += field.len() + 1;
    }
    source
}

fn is_pattern(text: &[u8]) -> bool {
    text.iter().any(|byte| b"*?[".contains(byte))
}

/// Of a pattern, the directory in which it is matched: BuildKit fails without it, and is silent where nothing matches.
fn directory_part(pattern: Span, bytes: &[u8]) -> Span {
    let text = pattern.of(bytes);
    let first = text.iter().position(|byte| b"*?[".contains(byte)).unwrap_or(text.len());
    let length = memchr::memrchr(b'/', &text[..first]).unwrap_or(0);
    Span::new(pattern.start as usize, pattern.start as usize + length)
}

/// `ADD` of a URL or a Git repository.
fn is_remote(source: &[u8]) -> bool {
    memchr::memmem::find(source, b"://").is_some() || source.starts_with(b"git@")
}

/// A path from the root of the context, which `..` does not leave.
fn clamped(source: &[u8]) -> Option<Vec<u8>> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for segment in path::segments(source) {
        match segment {
            b"." => {}
            b".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    (!source.is_empty()).then(|| kept.join(&b'/'))
}

fn cut(word: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(at, word) {
        Some(found) => (&word[..found], Some(&word[found + 1..])),
        None => (word, None),
    }
}

/// Words apart from each other by blanks outside quotes.
fn blank_separated(text: &[u8]) -> Vec<&[u8]> {
    let mut words = Vec::new();
    let (mut start, mut quote) = (0, None);
    let mut escaped = false;
    for (at, &byte) in text.iter().enumerate() {
        match (byte, quote) {
            _ if escaped => escaped = false,
            (b'\\', None | Some(b'"')) => escaped = true,
            (_, Some(open)) if byte == open => quote = None,
            (b'"' | b'\'', None) => quote = Some(byte),
            (b' ' | b'\t' | b'\n' | b'\r', None) => {
                words.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push(&text[start..]);
    words.retain(|word| !word.is_empty());
    words
}
