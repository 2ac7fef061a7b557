//! Command lines: which of their words name a file, a directory or a Python module (gunicorn, uvicorn, Celery, Flask
//! and uWSGI manuals; `php`, `python`, `node`, `sh` manual pages).
//!
//! Shared by every format that starts programs. Words come decoded, from a format that splits them itself, or out of
//! [`shell`] text. Options of programs that [`programs::PROGRAMS`] does not list are never references; neither is a
//! word with a variable in it.

pub mod operands;
mod programs;
pub mod shell;

use std::ops::Range;

use super::{Defined, Fact, Namespace, Reference, Want, socket_path};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;
use programs::{Operand, PROGRAMS, Program, WRAPPERS, is};

/// Most wrappers (`env`, `exec`) that are unwrapped.
const MAX_WRAPPERS: usize = 8;

/// A word of a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Decoded; `None` where a part is known at run time only.
    pub text: Option<Vec<u8>>,
    /// Where it is written, in bytes of the source, without quotes.
    pub span: Span,
    /// The bytes written there are the text.
    pub exact: bool,
}

/// A program and its arguments, in the circumstances in which it is started.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// The program first.
    pub words: Vec<Word>,
    /// The directory that it is started in, seen from where the first one is; `None` where that is not known.
    pub directory: Option<Vec<u8>>,
    /// Earlier commands may have made files.
    pub made: bool,
    /// It is run under a condition, or its failure is provided for.
    pub guarded: bool,
}

/// What a word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// A path.
    Path(Want),
    /// A Python module, whose name may be followed by an object's.
    Module,
}

/// A name in a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<'w> {
    /// The word that holds it.
    pub word: &'w Word,
    /// The name in the decoded word, in bytes.
    pub range: Range<usize>,
    /// What it is.
    pub names: Names,
    /// The construct, as reports call it.
    pub construct: &'static str,
    /// A directory that the program changes to first.
    pub directory: Option<&'w [u8]>,
}

/// How a format looks up what its command lines name.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The rules for a path: what satisfies it, and whether earlier commands may have made it.
    pub rules: fn(Want, bool) -> Namespace,
    /// The directory in which the first command is started; `None` where the rules know.
    pub directory: Option<PathExpr<'static>>,
    /// What happens where the name is not there.
    pub strength: Strength,
}

/// The references of a command.
#[must_use]
pub fn references(command: &Command, setting: &Setting) -> Vec<Reference<'static>> {
    named(&command.words).iter().filter_map(|named| reference(command, named, setting)).collect()
}

fn reference(command: &Command, named: &Named<'_>, setting: &Setting) -> Option<Reference<'static>> {
    let text = named.word.text.as_ref()?.get(named.range.clone())?;
    let started = command.directory.as_deref();
    let absolute = text.starts_with(b"/") || named.directory.is_some_and(|directory| directory.starts_with(b"/"));
    if started.is_none() && !absolute {
        return None;
    }
    let below = [started, named.directory].into_iter().flatten().filter(|part| !part.is_empty());
    let below = below.map(|part| PathExpr::literal(part.to_vec()));
    let mut parts: Vec<PathExpr<'static>> = setting.directory.iter().cloned().chain(below).collect();
    let whole = named.word.span;
    let start = whole.start as usize + named.range.start;
    let exact = Span::new(start, start + named.range.len());
    let span = if named.word.exact { exact } else { whole };
    let namespace = match named.names {
        Names::Path(want) => (setting.rules)(want, command.made),
        Names::Module => Namespace::Python { member: false },
    };
    if parts.is_empty() && named.names == Names::Module {
        parts.push(PathExpr::here_up(0));
    }
    parts.push(script(text, named.construct));
    let expr = if parts.len() == 1 { parts.remove(0) } else { PathExpr::Join(parts) };
    Some(Reference {
        span,
        tail: if named.word.exact { exact } else { Span::default() },
        expr,
        construct: named.construct,
        namespace,
        strength: setting.strength,
        guarded: command.guarded,
        ceiling: Severity::Error,
    })
}

/// A path; Node starts a script also where its extension is left out (nodejs.org "Modules: CommonJS modules", "File
/// modules"), and one that is compiled stands there as its source.
fn script(text: &[u8], construct: &str) -> PathExpr<'static> {
    let written = PathExpr::literal(text.to_vec());
    if construct != "node script" || path::split_extension(path::name(text)).1.is_some() {
        return written;
    }
    let with = [".js", ".json", ".ts", "/index.js", "/index.ts"].map(|end| [text, end.as_bytes()].concat());
    PathExpr::FirstOf(std::iter::once(written).chain(with.map(PathExpr::literal)).collect())
}

/// The sockets that a server for applications listens on, as its options say (`--bind unix:/run/x.sock`, `--uds`).
pub fn sockets(words: &[Word]) -> impl Iterator<Item = Fact> {
    let texts = words.iter().map(|word| word.text.as_deref().unwrap_or_default());
    let after = std::iter::once(&b""[..]).chain(texts.clone());
    let path = |(text, before): (&[u8], &[u8])| {
        let at = memchr::memmem::find(text, b"unix:/").filter(|at| *at == 0 || text.starts_with(b"-"));
        let path = match at {
            Some(at) => &text[at + b"unix:".len()..],
            None if matches!(before, b"--uds" | b"--socket" | b"--http-socket" | b"-s") => text,
            None => text.strip_prefix(b"--uds=").or_else(|| text.strip_prefix(b"--socket="))?,
        };
        let name = path.starts_with(b"/").then(|| socket_path(path))?;
        Some(Fact::Defines { what: Defined::Socket, number: 0, name })
    };
    texts.zip(after).filter_map(path).collect::<Vec<_>>().into_iter()
}

/// The names in a command line, in order.
#[must_use]
pub fn named(words: &[Word]) -> Vec<Named<'_>> {
    let words = unwrapped(words);
    let Some((first, arguments)) = words.split_first() else { return Vec::new() };
    let Some(program) = first.text.as_deref() else { return Vec::new() };
    let mut found = Vec::new();
    // A program of the tree is started by its path; `[` and the like are not.
    if program.contains(&b'/') && !is_of_the_system(program) {
        let range = 0..program.len();
        found.push(Named { word: first, range, names: Names::Path(Want::File), construct: "command", directory: None });
    }
    let name = path::name(program);
    if let Some(row) = PROGRAMS.iter().find(|row| row.is(name)) {
        Reading { row, arguments, said: Vec::new(), found: &mut found }.read();
        // More directories to import from than those that are known here.
        let more = |word: &Word| word.text.as_deref().is_some_and(|text| text.starts_with(b"--pythonpath"));
        if arguments.iter().any(more) {
            found.retain(|named| named.names != Names::Module);
        }
    }
    found
}

/// Behind `env`, `exec` and their like, with the assignments before a program.
fn unwrapped(mut words: &[Word]) -> &[Word] {
    for _ in 0..MAX_WRAPPERS {
        let Some((first, rest)) = words.split_first() else { break };
        let Some(text) = first.text.as_deref() else { break };
        let Some(wrapper) = WRAPPERS.iter().find(|wrapper| wrapper.0.as_bytes() == path::name(text)) else { break };
        let mut at = 0;
        while let Some(text) = rest.get(at).and_then(|word| word.text.as_deref()) {
            let valued = wrapper.2.iter().any(|option| option.as_bytes() == text);
            if !text.starts_with(b"-") && memchr::memchr(b'=', text).is_none() {
                break;
            }
            at += 1 + usize::from(valued);
        }
        words = rest.get(at + wrapper.1..).unwrap_or_default();
    }
    words
}

/// Places of programs that are installed, not deployed.
fn is_of_the_system(program: &[u8]) -> bool {
    [&b"/bin/"[..], b"/usr/", b"/sbin/", b"/opt/", b"/snap/", b"/nix/"].iter().any(|front| program.starts_with(front))
}

/// The arguments of a program that is known.
struct Reading<'w, 'f> {
    row: &'static Program,
    arguments: &'w [Word],
    /// The operands so far.
    said: Vec<&'w [u8]>,
    found: &'f mut Vec<Named<'w>>,
}

impl<'w> Reading<'w, '_> {
    fn read(&mut self) {
        let mut at = 0;
        let mut operand = false;
        let mut directory = None;
        let words = self.arguments;
        while let Some(word) = words.get(at) {
            at += 1;
            let Some(text) = word.text.as_deref() else {
                operand |= !self.row.subcommands;
                continue;
            };
            if !text.starts_with(b"-") || text == b"-" {
                self.said.push(text);
                operand = operand || self.operand(word, text, directory);
                continue;
            }
            let (option, glued) = option(text);
            if self.row.stops.iter().any(|stop| stop.as_bytes() == option) {
                return;
            }
            let value = match glued {
                Some(start) => Some((word, start)),
                None if self.row.takes_value(option) => {
                    at += 1;
                    words.get(at - 1).map(|word| (word, 0))
                }
                // Whether the next word belongs to an unknown option cannot be told.
                None if option.starts_with(b"--") && !self.row.is_flag(option) => {
                    at += usize::from(words.get(at).is_some_and(|next| !is_option(next)));
                    None
                }
                None => None,
            };
            if let Some((word, start)) = value {
                self.value(option, word, start, &mut directory);
                // The arguments behind `python -m module` are the module's.
                if self.row.operand == Operand::Script && is(self.row.modules, option) {
                    return;
                }
            }
        }
    }

    /// `-f` is a file before the subcommand of `docker compose` and behind `docker build`; it follows what is logged,
    /// and forces what is removed.
    fn takes_files(&self) -> bool {
        match (self.row.construct, self.said.as_slice()) {
            ("docker", [b"build", ..] | [b"compose"] | [b"buildx" | b"builder" | b"image", b"build", ..]) => true,
            ("docker", _) => false,
            ("docker-compose", said) => said.is_empty(),
            (_, said) => !said.iter().any(|word| matches!(*word, b"attach" | b"exec" | b"logs")),
        }
    }

    /// The value of an option.
    fn value(&mut self, option: &[u8], word: &'w Word, start: usize, directory: &mut Option<&'w [u8]>) {
        let Some(text) = word.text.as_deref().and_then(|text| text.get(start..)) else { return };
        if is(self.row.directories, option) {
            self.push(word, start..start + text.len(), Names::Path(Want::Directory), *directory);
            *directory = Some(text);
        } else if is(self.row.modules, option) {
            self.module(word, start, *directory);
        } else if is(self.row.files, option) && self.takes_files() && !is_remote(text) {
            let want = if self.row.subcommands { Want::Any } else { Want::File };
            self.push(word, start..start + text.len(), Names::Path(want), *directory);
        }
    }

    /// The first operand; whether it is one.
    fn operand(&mut self, word: &'w Word, text: &[u8], directory: Option<&'w [u8]>) -> bool {
        match self.row.operand {
            Operand::Script => {
                let named = text.contains(&b'/') || !path::extension(text).is_empty();
                if (named || self.row.scripts.iter().any(|known| known.as_bytes() == text || *known == "*"))
                    && !is_remote(text)
                {
                    self.push(word, 0..text.len(), Names::Path(Want::File), directory);
                }
            }
            Operand::Module => self.module(word, 0, directory),
            Operand::None => {}
        }
        true
    }

    /// `package.module:object`, or a path of a file.
    fn module(&mut self, word: &'w Word, start: usize, directory: Option<&'w [u8]>) {
        let Some(text) = word.text.as_deref().and_then(|text| text.get(start..)) else { return };
        let length = memchr::memchr(b':', text).unwrap_or(text.len());
        let name = &text[..length];
        if name.ends_with(b".py") {
            self.push(word, start..start + length, Names::Path(Want::File), directory);
        } else if is_module(name) {
            self.push(word, start..start + length, Names::Module, directory);
        }
    }

    fn push(&mut self, word: &'w Word, range: Range<usize>, names: Names, directory: Option<&'w [u8]>) {
        if !range.is_empty() {
            self.found.push(Named { word, range, names, construct: self.row.construct, directory });
        }
    }
}

/// The name of an option, and where its value starts in the same word.
fn option(text: &[u8]) -> (&[u8], Option<usize>) {
    match memchr::memchr(b'=', text) {
        Some(at) if text.starts_with(b"--") => (&text[..at], Some(at + 1)),
        _ => (text, None),
    }
}

fn is_option(word: &Word) -> bool {
    word.text.as_deref().is_some_and(|text| text.starts_with(b"-"))
}

fn is_remote(text: &[u8]) -> bool {
    text == b"-" || memchr::memmem::find(text, b"://").is_some()
}

/// Whether a text can be the dotted name of a module.
#[must_use]
pub fn is_module(name: &[u8]) -> bool {
    let word = |part: &[u8]| {
        part.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_')
            && part.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    name.split(|&byte| byte == b'.').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Vec<String> {
        let word = |text: &str| Word { text: Some(text.into()), ..Word::default() };
        let words: Vec<Word> = line.split(' ').map(word).collect();
        named(&words)
            .iter()
            .map(|one| {
                let text = String::from_utf8_lossy(&one.word.text.as_ref().unwrap()[one.range.clone()]).into_owned();
                let mark = if one.names == Names::Module { ":" } else { "" };
                let from =
                    one.directory.map(|from| format!(" in {}", String::from_utf8_lossy(from))).unwrap_or_default();
                format!("{text}{mark}{from}")
            })
            .collect()
    }

    #[test]
    fn what_programs_are_given() {
        for (line, wanted) in [
            ("python3 app.py --config x.yml", &["app.py"][..]),
            ("/usr/bin/python3.11 -u -m shop.worker x.py", &["shop.worker:"]),
            ("python -c code x.py", &[]),
            ("php artisan queue:work", &["artisan"]),
            ("php -d memory_limit=1G bin/console x", &["bin/console"]),
            ("php -S 0.0.0.0:80 -t public router.php", &["router.php"]),
            ("node --require ./init.js dist/server.js", &["dist/server.js"]),
            ("node server", &[]),
            ("env A=b exec ./run.sh x", &["./run.sh"]),
            ("gunicorn -w 4 --chdir /srv/app -b 0.0.0.0:80 shop.wsgi:app", &["/srv/app", "shop.wsgi: in /srv/app"]),
            ("gunicorn --config=conf.py wsgi", &["conf.py", "wsgi:"]),
            ("gunicorn --pythonpath lib -c conf.py wsgi", &["conf.py"]),
            ("uvicorn --host localhost main:app --port 80", &["main:"]),
            ("celery -A shop worker", &["shop:"]),
            ("flask --app web.py run", &["web.py"]),
            ("uwsgi --ini /srv/uwsgi.ini", &["/srv/uwsgi.ini"]),
            ("pip install -r requirements.txt .", &["requirements.txt"]),
            ("kubectl apply -f https://x/y.yml -f k8s/a.yml", &["k8s/a.yml"]),
            ("sudo -u www bash -e deploy/run.sh", &["deploy/run.sh"]),
            (". ./env.sh", &["./env.sh"]),
            ("docker build -t x -f docker/Dockerfile .", &["docker/Dockerfile"]),
            ("docker compose -f a.yml logs -f web", &["a.yml"]),
            ("docker rm -f web", &[]),
            ("docker ps -f name=x", &[]),
            ("docker-compose rm -f web", &[]),
            ("kubectl logs -f deploy/web", &[]),
            ("grep -f patterns x.txt", &[]),
            ("/usr/bin/env node", &[]),
        ] {
            assert_eq!(names(line), wanted, "{line}");
        }
    }
}
