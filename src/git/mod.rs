//! git, as a child: the only place that starts it.
//!
//! A repository may come with the tree that is checked, so that nothing in its configuration may start a program:
//! no hook, no monitor of the file system, no filter, no pager, and nothing is fetched where an object is missing.
//! Objects are read as they are (`refs/replace` changes what one sees, not what is pushed). Whose repository may be
//! read at all is git's to say (`safe.directory`).

mod attributes;
mod blame;
mod objects;
mod past;

use std::ffi::OsStr;
use std::io::{ErrorKind, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub use attributes::{Attributes, FILE as ATTRIBUTES};
pub use blame::Hand;
pub use objects::Objects;
pub use past::{SHORT, Stretch};

use crate::diagnostic::{KeptOut, show};

/// Variables by which a hook's git would lead every other git to its own repository.
const ELSEWHERE: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_INDEX_FILE"];

/// git in a folder, run so that nothing in the repository's configuration starts a program.
#[must_use]
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"]);
    // A signature is checked by a program that the configuration names.
    command
        .args(["-c", "log.showSignature=false", "-c", "core.excludesFile=", "-c", "core.attributesFile=", "-C"])
        .arg(folder);
    for name in ELSEWHERE {
        command.env_remove(name);
    }
    for name in ["GIT_LITERAL_PATHSPECS", "GIT_NO_LAZY_FETCH", "GIT_NO_REPLACE_OBJECTS"] {
        command.env(name, "1");
    }
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    command.stdin(Stdio::null());
    command
}

/// What git tracks below a folder, seen from there; nothing where there is no git to ask.
#[must_use]
pub fn tracked(folder: &Path) -> Vec<Vec<u8>> {
    if !folder.ancestors().any(|above| above.join(".git").exists()) {
        return Vec::new();
    }
    let out = run(command(folder).args(["ls-files", "-z"]), None).unwrap_or_default();
    out.split(|&byte| byte == 0).filter(|path| !path.is_empty()).map(<[u8]>::to_vec).collect()
}

/// What an item of a tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A regular file.
    File,
    /// A regular file that can be run.
    Program,
    /// A symbolic link: its blob is the target.
    Symlink,
    /// Another repository, of which only the commit is known.
    Submodule,
}

/// One file, link or submodule of a tree or of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its path from the top of the repository.
    pub path: Vec<u8>,
    /// What it is.
    pub mode: Mode,
    /// The object's name, in hexadecimal digits.
    pub id: String,
}

/// A repository, seen from one of its folders.
#[derive(Clone, Debug)]
pub struct Repository {
    folder: PathBuf,
    top: Option<PathBuf>,
    prefix: Vec<u8>,
    index: Option<PathBuf>,
}

impl Repository {
    /// The repository that holds a folder, which must be absolute.
    ///
    /// # Errors
    /// There is none, git is not installed, or it refuses.
    pub fn open(folder: &Path) -> Result<Self, String> {
        let asked = |what: &str| line(command(folder).args(["rev-parse", what]), None);
        let own = PathBuf::from(OsStr::from_bytes(&asked("--absolute-git-dir")?));
        let top = match asked("--is-inside-work-tree")?.as_slice() {
            b"true" => Some(PathBuf::from(OsStr::from_bytes(&asked("--show-toplevel")?))),
            _ => None,
        };
        let mut prefix = if top.is_some() { asked("--show-prefix")? } else { Vec::new() };
        if prefix.last() == Some(&b'/') {
            prefix.pop();
        }
        Ok(Repository { folder: folder.to_path_buf(), top, prefix, index: index(&own) })
    }

    /// The folder that it was opened at.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the folder lies in the repository; empty at its top.
    #[must_use]
    pub fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// The top of the work tree; `None` where the repository has none.
    #[must_use]
    pub fn top(&self) -> Option<&Path> {
        self.top.as_deref()
    }

    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = command(self.top.as_deref().unwrap_or(&self.folder));
        command.args(arguments);
        if let Some(index) = &self.index {
            command.env("GIT_INDEX_FILE", index);
        }
        command
    }

    /// The name of the commit that a revision means.
    ///
    /// # Errors
    /// It means none.
    pub fn commit(&self, revision: &str) -> Result<String, String> {
        let wrong = || format!("`{}` is no revision of this repository", show(revision.as_bytes()));
        if revision.starts_with('-') || revision.contains(['\0', '\n']) {
            return Err(wrong());
        }
        let asked = format!("{revision}^{{commit}}");
        let id = line(&mut self.git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &asked]), None);
        let id = id.map_err(|error| if error.is_empty() { wrong() } else { error })?;
        // Old versions print what they did not take for an option.
        let id = id.strip_prefix(b"--end-of-options\n").unwrap_or(&id);
        String::from_utf8(id.to_vec()).map_err(|_| wrong())
    }

    /// Where two revisions parted; `None` where they have nothing in common.
    ///
    /// # Errors
    /// One of them means no commit, or git fails.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, String> {
        let (one, other) = (self.commit(one)?, self.commit(other)?);
        match line(&mut self.git(&["merge-base", &one, &other]), None) {
            Ok(id) => Ok(Some(String::from_utf8_lossy(&id).into_owned())),
            Err(error) if error.is_empty() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Everything in the tree of a revision, by path from the top of the repository.
    ///
    /// # Errors
    /// The revision means no commit, or an object is not at hand.
    pub fn list(&self, revision: &str) -> Result<Vec<Item>, String> {
        let commit = self.commit(revision)?;
        let out = run(&mut self.git(&["ls-tree", "-r", "-z", "--full-tree", &commit]), None)?;
        items(&out, |row| {
            let (about, path) = split(row, b'\t')?;
            let mut words = about.split(|&byte| byte == b' ');
            let (mode, _, id) = (words.next()?, words.next()?, words.next()?);
            item(mode, id, path)
        })
    }

    /// Everything in the index: what the next commit would hold.
    ///
    /// # Errors
    /// git fails, or a merge is not settled.
    pub fn staged(&self) -> Result<Vec<Item>, String> {
        let out = run(&mut self.git(&["ls-files", "-s", "-z"]), None)?;
        let unsettled = |row: &&[u8]| split(row, b'\t').is_some_and(|(about, _)| !about.ends_with(b" 0"));
        if let Some(row) = out.split(|&byte| byte == 0).find(unsettled) {
            let path = split(row, b'\t').map_or(row, |(_, path)| path);
            return Err(format!("`{}` is not merged yet", show(path)));
        }
        items(&out, |row| {
            let (about, path) = split(row, b'\t')?;
            let mut words = about.split(|&byte| byte == b' ');
            let (mode, id) = (words.next()?, words.next()?);
            item(mode, id, path)
        })
    }

    /// The bytes of a file at a revision, by its path from the top of the repository; `None` where there is no such
    /// file.
    ///
    /// # Errors
    /// The revision means no commit, the file is larger than `limit` bytes, or git fails.
    pub fn blob(&self, revision: &str, path: &[u8], limit: usize) -> Result<Option<Vec<u8>>, String> {
        let commit = self.commit(revision)?;
        let mut command = self.git(&["ls-tree", "-z", "--full-tree", &commit, "--"]);
        let out = run(command.arg(OsStr::from_bytes(path)), None)?;
        let row = out.split(|&byte| byte == 0).next().and_then(|row| split(row, b'\t'));
        let Some((about, _)) = row.filter(|(about, found)| *found == path && about.starts_with(b"100")) else {
            return Ok(None);
        };
        let id = about.rsplit(|&byte| byte == b' ').next().unwrap_or_default();
        let bytes = self.objects().read(&String::from_utf8_lossy(id), limit).map_err(|error| error.to_string())?;
        if bytes.len() > limit {
            return Err(format!("`{}` is larger than {limit} bytes", show(path)));
        }
        Ok(Some(bytes))
    }

    /// A reader of objects, for several threads.
    #[must_use]
    pub fn objects(&self) -> Objects {
        Objects::new(self.clone())
    }

    /// Which pattern of a `.gitignore` keeps each of these out of git; the paths are those of entries that git does
    /// not track, from the top of the work tree.
    #[must_use]
    pub fn ignored(&self, paths: &[&[u8]]) -> Vec<Option<KeptOut>> {
        let none = vec![None; paths.len()];
        let Some(top) = self.top.as_deref().filter(|_| !paths.is_empty()) else { return none };
        // `./` keeps a leading `:` from being magic; the command does not know the variable that would.
        let input: Vec<u8> = paths.iter().flat_map(|path| [b"./", *path, b"\0"].concat()).collect();
        let mut command = command(top);
        command.env_remove("GIT_LITERAL_PATHSPECS");
        command.args(["check-ignore", "--verbose", "--non-matching", "--no-index", "-z", "--stdin"]);
        // It ends with 1 where nothing is ignored. The reason is told as far as it is known.
        let Ok(out) = output(&mut command, Some(&input)) else { return none };
        let fields: Vec<&[u8]> = out.stdout.split(|&byte| byte == 0).collect();
        let rules: Vec<Option<KeptOut>> = fields.chunks_exact(4).map(rule).collect();
        if rules.len() == paths.len() { rules } else { none }
    }
}

/// `source, line, pattern, path` of `check-ignore`.
fn rule(fields: &[&[u8]]) -> Option<KeptOut> {
    let [file, line, pattern, _] = fields else { return None };
    if file.is_empty() || pattern.starts_with(b"!") {
        return None;
    }
    let line = std::str::from_utf8(line).ok()?.parse().ok()?;
    Some(KeptOut::Ignored { file: file.to_vec(), line, pattern: pattern.to_vec(), folder: false })
}

/// The index that a commit in progress prepares, where git runs a hook of this very repository.
fn index(own: &Path) -> Option<PathBuf> {
    let given = std::env::var_os("GIT_INDEX_FILE")?;
    let file = std::path::absolute(PathBuf::from(OsStr::from_bytes(&given.into_vec()))).ok()?;
    let folder = std::fs::canonicalize(file.parent()?).ok()?;
    (folder == std::fs::canonicalize(own).ok()?).then_some(file)
}

fn split(row: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(at, row)?;
    Some((&row[..at], &row[at + 1..]))
}

fn item(mode: &[u8], id: &[u8], path: &[u8]) -> Option<Item> {
    let mode = match mode {
        b"120000" => Mode::Symlink,
        b"160000" => Mode::Submodule,
        b"100755" => Mode::Program,
        mode if mode.starts_with(b"100") => Mode::File,
        _ => return None,
    };
    Some(Item { path: path.to_vec(), mode, id: String::from_utf8(id.to_vec()).ok()? })
}

/// The rows of an answer. A path that git would never make is refused: such a tree was made to lead astray.
fn items<'o>(out: &'o [u8], one: impl Fn(&'o [u8]) -> Option<Item>) -> Result<Vec<Item>, String> {
    let rows = out.split(|&byte| byte == 0).filter(|row| !row.is_empty());
    let items: Vec<Item> =
        rows.map(|row| one(row).ok_or_else(|| "git gave no list".to_owned())).collect::<Result<_, _>>()?;
    let astray = |segment: &[u8]| {
        segment.is_empty() || segment == b"." || segment == b".." || segment.eq_ignore_ascii_case(b".git")
    };
    match items.iter().find(|item| item.path.split(|&byte| byte == b'/').any(astray)) {
        Some(item) => Err(format!("the name `{}` leads out of the tree", show(&item.path))),
        None => Ok(items),
    }
}

/// The only line of an answer, without its end.
fn line(command: &mut Command, input: Option<&[u8]>) -> Result<Vec<u8>, String> {
    let mut out = run(command, input)?;
    if out.last() == Some(&b'\n') {
        out.pop();
    }
    Ok(out)
}

/// What git prints; its complaint where it fails, which may be empty.
fn run(command: &mut Command, input: Option<&[u8]>) -> Result<Vec<u8>, String> {
    let output = output(command, input)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let first = complaint.lines().next().unwrap_or_default();
    Err(if first.is_empty() {
        String::new()
    } else {
        format!("git: {}", show(first.trim_start_matches("fatal: ").as_bytes()))
    })
}

fn output(command: &mut Command, input: Option<&[u8]>) -> Result<std::process::Output, String> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => "git is not installed, and this is read through it".to_owned(),
        kind => format!("git: {kind}"),
    };
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if let (Some(mut stdin), Some(input)) = (stdin, input) {
                // It may end before it has read everything; its status tells.
                let _ = stdin.write_all(input);
            }
        });
        child.wait_with_output().map_err(failed)
    })
}
