//! Comparison with a base, and what git's history tells: stories in `testdata/base`, each a repository that grows and
//! is checked on the way.
//!
//! A story is read from the top: `-- name --` puts a file, `-- git ARGUMENTS --` runs git, `-- commit: SUBJECT --`
//! commits all there is, and `-- check ARGUMENTS --` checks; the lines below it are what preflight must say, with
//! `exit` and its status last. Commits are called `#1`, `#2` … in the order in which they were made; `$FOLDER` is
//! another folder, `$HERE` the repository. `PREFLIGHT_BLESS=1` rewrites the expectations.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::needs::needs;

pub fn trials() -> Vec<Trial> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/base");
    let mut stories: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|one| one.path()).collect();
    stories.sort();
    let trial = |story: std::path::PathBuf| {
        let name = story.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        needs(&["git"], &format!("base/{name}"), move || tell(&story))
    };
    let mut trials: Vec<Trial> = stories.into_iter().map(trial).collect();
    trials.push(needs(&["git"], "base/starts-no-program", starts_no_program));
    trials
}

/// One line of a story that is no content.
fn marker(line: &[u8]) -> Option<&[u8]> {
    line.strip_suffix(b"\n")?.strip_prefix(b"-- ")?.strip_suffix(b" --")
}

/// Runs a story; what is checked must say what it says.
fn tell(story: &Path) -> Result<(), Failed> {
    let text = std::fs::read(story)?;
    let (home, other) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let names =
        [("$FOLDER", other.path()), ("$HERE", home.path())].map(|(name, path)| (name, path.display().to_string()));
    let place = |text: &str| names.iter().fold(text.to_owned(), |text, (name, path)| text.replace(name, path));
    git(home.path(), &["init", "-q", "-b", "main"])?;
    let mut told: Vec<u8> = Vec::new();
    let mut lines = text.split_inclusive(|&byte| byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        told.extend_from_slice(line);
        let Some(step) = marker(line) else { continue };
        let mut content: Vec<u8> = Vec::new();
        while let Some(line) = lines.next_if(|line| marker(line).is_none()) {
            content.extend_from_slice(line);
        }
        let words = place(&String::from_utf8_lossy(step));
        let mut arguments = words.split(' ').skip(1).collect::<Vec<_>>();
        match words.split(' ').next() {
            Some("git") => git(home.path(), &arguments).map(|_| ())?,
            Some("commit:") => {
                git(home.path(), &["add", "-A"])?;
                git(home.path(), &["commit", "-q", "--allow-empty", "-m", &words["commit: ".len()..]])?;
            }
            Some("check") => {
                if !arguments.contains(&"--format") {
                    arguments.extend(["--format", "concise"]);
                }
                let said = said(home.path(), &arguments)?;
                told.extend(names.iter().fold(said, |said, (name, path)| said.replace(path, name)).into_bytes());
                continue;
            }
            _ => put(home.path(), &unescaped(step), &content)?,
        }
        told.extend(content);
    }
    if told == text {
        return Ok(());
    }
    if std::env::var_os("PREFLIGHT_BLESS").is_some() {
        return Ok(std::fs::write(story, told)?);
    }
    Err(String::from_utf8_lossy(&told).into_owned().into())
}

/// `\xff` in a name is that byte.
fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = name;
    while let Some((&byte, more)) = rest.split_first() {
        let digits = more.strip_prefix(b"x").and_then(|more| std::str::from_utf8(more.get(..2)?).ok());
        match digits.filter(|_| byte == b'\\').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(escaped) => (out.push(escaped), rest = &more[3..]).1,
            None => (out.push(byte), rest = more).1,
        }
    }
    out
}

fn said(home: &Path, arguments: &[&str]) -> Result<String, Failed> {
    let said = preflight(home, arguments)?;
    let mut text = String::from_utf8(said.stdout)? + &String::from_utf8(said.stderr)?;
    let ids = String::from_utf8(git(home, &["rev-list", "--reverse", "--all"])?)?;
    for (at, id) in ids.lines().enumerate() {
        text = text.replace(&id[..10], &format!("#{}", at + 1));
    }
    Ok(text + &format!("exit {}\n", said.status.code().unwrap_or(-1)))
}

fn preflight(folder: &Path, arguments: &[&str]) -> Result<std::process::Output, Failed> {
    Ok(Command::new(env!("CARGO_BIN_EXE_preflight")).args(arguments).current_dir(folder).output()?)
}

/// Every commit is a minute later than the one before it, so that their order is the order in which they were made.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failed> {
    let made = Command::new("git").arg("-C").arg(folder).args(["rev-list", "--all", "--count"]).output()?.stdout;
    let minute: u64 = String::from_utf8_lossy(&made).trim().parse().unwrap_or(0);
    let date = format!("{} +0000", 1_700_000_000 + 60 * minute);
    let identity = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "protocol.file.allow=always"];
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(identity).args(["-c", "commit.gpgsign=false"]).args(arguments);
    let said = command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date).output()?;
    match said.status.success() {
        true => Ok(said.stdout),
        false => Err(format!("git {arguments:?}: {}", String::from_utf8_lossy(&said.stderr)).into()),
    }
}

fn put(folder: &Path, name: &[u8], text: &[u8]) -> Result<(), Failed> {
    let path = folder.join(OsStr::from_bytes(name));
    std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
    Ok(std::fs::write(path, text)?)
}

/// A repository that came with the tree may say what git should start; it is not asked, whatever is compared.
fn starts_no_program() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let home = folder.path();
    git(home, &["init", "-q"])?;
    put(home, b"a.php", b"<?php require $x . '/lib/tool.php';\n")?;
    put(home, b"lib/tool.php", b"<?php // a tool\n")?;
    for subject in ["one", "two"] {
        git(home, &["add", "-A"])?;
        git(home, &["commit", "-q", "-m", subject])?;
        git(home, &["mv", "lib/tool.php", "lib/hammer.php"]).ok();
    }
    put(home, b".gitattributes", b"* filter=x diff=x\n")?;
    let trap = "touch started; false";
    let names =
        ["core.fsmonitor", "filter.x.clean", "diff.x.textconv", "diff.x.command", "diff.external", "core.pager"];
    for name in names.iter().chain(&["gpg.program", "core.sshCommand", "core.askPass"]) {
        git(home, &["config", name, trap])?;
    }
    for (name, value) in [("log.showSignature", "true"), ("diff.renames", "false"), ("extensions.partialClone", "x")] {
        git(home, &["config", name, value])?;
    }
    for view in ["directory", "git", "staged"] {
        let said = preflight(home, &["--base", "HEAD~1", "--view", view])?;
        let out = String::from_utf8_lossy(&said.stdout).into_owned();
        if said.status.code() != Some(1) || !out.contains("renamed to `lib/hammer.php` by") {
            return Err(format!("{view}: {out}{}", String::from_utf8_lossy(&said.stderr)).into());
        }
    }
    let started = home.join("started").exists() || home.join(".git/started").exists();
    if started { Err("a program was started".into()) } else { Ok(()) }
}
