//! Dockerfiles (docs.docker.com/reference/dockerfile).
//!
//! Read are the sources of `COPY`, `ADD` and `RUN --mount`, from the root of the build's context, with the values of
//! `ARG` and `ENV` put in, the stages, and what `RUN`, `ENTRYPOINT` and `CMD` start of what was copied.
//!
//! A name one letter from an earlier stage is a typo; any other is an image.
//!
//! Knowingly not read: what other images and earlier stages hold, `ONBUILD`, what programs make during the build,
//! whether a pattern matches anything (BuildKit is silent where its directory is there). A file with an error gives
//! nothing.

mod words;

use std::ops::Range;

use parse_dockerfile as docker;
use parse_dockerfile::{Flag, Instruction, UnescapedString};

use crate::reference::{Copied, Image, Origin, Stage};
use words::{blank_separated, bound, clamped, cut, directory_part, is_pattern, is_remote};

use super::launch;
use super::syntax::variables::{Syntax, Value, Variables, Word, expand};
use super::{Context, Defined, Fact, Input, Language, Namespace, Phase, Reference, Scan};
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
    reads: "sources of `COPY`, `ADD` and bind mounts, values of `ARG` and `ENV`, names of stages, \
            scripts that are copied and started",
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

/// Images of one word that a stage's name is often near to (hub.docker.com, "Docker Official Images").
const IMAGES: [&str; 24] = [
    "alpine",
    "bash",
    "buildpack-deps",
    "busybox",
    "caddy",
    "composer",
    "debian",
    "docker",
    "fedora",
    "golang",
    "gradle",
    "httpd",
    "maven",
    "memcached",
    "mysql",
    "nginx",
    "node",
    "php",
    "postgres",
    "python",
    "redis",
    "ruby",
    "rust",
    "ubuntu",
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
    /// The `ENTRYPOINT` and the `CMD` of the stage.
    starts: [Vec<launch::Command>; 2],
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
            Instruction::Run(run) => self.run(run),
            Instruction::Entrypoint(entrypoint) => self.started(0, &entrypoint.arguments),
            Instruction::Cmd(cmd) => self.started(1, &cmd.arguments),
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
        if !IMAGES.contains(&from.image.value.as_ref()) {
            self.refer_to_stage("FROM", self.image.stages.len(), &from.image.value, from.image.span.clone());
        }
        let base = image.and_then(|name| self.named_stage(&name));
        let name = from.as_.as_ref().map(|(_, name)| name.value.as_bytes().to_ascii_lowercase()).unwrap_or_default();
        (self.variables, self.directory) = match base {
            Some(base) => self.ended.get(base).cloned().unwrap_or_default(),
            // Another image may begin anywhere.
            None => (Variables::default(), None),
        };
        if !name.is_empty() {
            let number = u32::try_from(self.image.stages.len()).unwrap_or(u32::MAX);
            self.scan.facts.push(Fact::Defines { what: Defined::Stage, number, name: name.clone() });
        }
        self.image.stages.push(Stage { name, base, ..Stage::default() });
    }

    /// The last `ENTRYPOINT` and the last `CMD` of a stage hold.
    fn started(&mut self, at: usize, command: &docker::Command<'_>) {
        self.starts[at] = match command {
            docker::Command::Exec(words) => vec![self.words(&words.value)],
            docker::Command::Shell(text) => self.commands(text),
            _ => Vec::new(),
        };
    }

    fn words(&self, words: &[UnescapedString<'_>]) -> launch::Command {
        let word = |word: &UnescapedString<'_>| {
            let span = Span::new(word.span.start + self.offset, word.span.end + self.offset);
            let exact = span.of(self.bytes).len() == word.value.len();
            let text = if exact { span.of(self.bytes) } else { word.value.as_bytes() };
            launch::Word { text: Some(text.to_vec()), span, exact }
        };
        launch::Command {
            words: words.iter().map(word).collect(),
            directory: Some(Vec::new()),
            ..launch::Command::default()
        }
    }

    fn commands(&self, text: &docker::Spanned<&str>) -> Vec<launch::Command> {
        let span = Span::new(text.span.start + self.offset, text.span.end + self.offset);
        launch::shell::commands(span.of(self.bytes), span.start as usize, true)
    }

    /// What commands name in the image of the stage.
    fn launch(&mut self, commands: &[launch::Command], built: bool) {
        let copies = self.image.stages.last().map_or(0, |stage| stage.copies.len());
        let built = built.then(|| u16::try_from(copies).unwrap_or(u16::MAX));
        let stage = self.image.stages.len().checked_sub(1).and_then(|stage| u16::try_from(stage).ok());
        let Some(stage) = stage else { return };
        let setting = launch::Setting {
            rules: |_, _| Namespace::Context(Context::Image { stage: 0, built: None }),
            directory: self.directory.clone().map(PathExpr::literal),
            strength: Strength::Fatal,
        };
        for command in commands {
            // A base image may start anywhere.
            let directory = command
                .directory
                .clone()
                .filter(|directory| setting.directory.is_some() || directory.starts_with(b"/"));
            let command = launch::Command { directory, ..command.clone() };
            let installed = command.words.first().and_then(|program| installed(program, command.guarded));
            for reference in launch::references(&command, &setting).into_iter().chain(installed) {
                let known = matches!(reference.namespace, Namespace::Context(_));
                if known && !self.scan.references.iter().any(|have| have.span == reference.span) {
                    let namespace = Namespace::Context(Context::Image { stage, built });
                    self.scan.references.push(Reference { namespace, ..reference });
                }
            }
        }
    }

    fn leave_stage(&mut self) {
        let [entrypoint, arguments] = std::mem::take(&mut self.starts);
        self.launch(&entrypoint, false);
        self.launch(&arguments, false);
        // The command is given to the entrypoint.
        if let ([program], [more]) = (entrypoint.as_slice(), arguments.as_slice()) {
            let words = program.words.iter().chain(&more.words).cloned().collect();
            self.launch(&[launch::Command { words, ..program.clone() }], false);
        }
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
        if let Some(value) = flags.iter().filter(|flag| flag.name.value == "from").find_map(|flag| flag.value.as_ref())
        {
            self.refer_to_stage(
                "COPY --from",
                self.image.stages.len().saturating_sub(1),
                &value.value,
                value.span.clone(),
            );
        }
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

    /// A name that is a stage's, or an image's: an image of one word has no registry, path or tag.
    fn refer_to_stage(&mut self, construct: &'static str, before: usize, name: &str, span: Range<usize>) {
        let word = !name.is_empty() && !name.bytes().any(|byte| b"/:.@$".contains(&byte) || byte.is_ascii_whitespace());
        if !word || before == 0 || name.bytes().all(|byte| byte.is_ascii_digit()) {
            return;
        }
        let number = u32::try_from(before).unwrap_or(u32::MAX);
        let namespace = Namespace::Defined { what: Defined::Stage, number };
        let span = Span::new(span.start + self.offset, span.end + self.offset);
        let name = name.to_ascii_lowercase().into_bytes();
        self.scan.references.push(Reference::literal(span, name, construct, namespace, Strength::Fatal));
    }

    /// `RUN --mount=type=bind,source=x,target=y`.
    fn run(&mut self, run: &docker::RunInstruction<'_>) {
        let commands = match &run.arguments {
            docker::Command::Exec(words) => vec![self.words(&words.value)],
            docker::Command::Shell(text) if run.here_docs.is_empty() => self.commands(text),
            _ => Vec::new(),
        };
        self.launch(&commands, true);
        if let Some(stage) = self.image.stages.last_mut() {
            stage.runs = true;
        }
        let mounts = run.options.iter().filter(|flag| flag.name.value == "mount");
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

/// A program by its absolute path: what is copied into an image lies where its system has programs, too.
fn installed(program: &launch::Word, guarded: bool) -> Option<Reference<'static>> {
    let text = program.text.clone().filter(|text| text.starts_with(b"/"))?;
    let namespace = Namespace::Context(Context::Image { stage: 0, built: None });
    let reference = Reference::literal(program.span, text, "command", namespace, Strength::Fatal);
    let tail = if program.exact { program.span } else { Span::default() };
    Some(Reference { tail, guarded, ..reference })
}

/// A text and where the parser found it.
struct Written<'t> {
    span: Range<usize>,
    value: &'t str,
}
