//! Renames of what git tracks: the disk and git's index alike, whatever the names are.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::fix::apply::apply;

use crate::needs::needs;
use crate::plans::{self, Names};

const SEED: u64 = 0x617;
const CASES: u64 = 40;

/// Drawn plans in repositories, and a file that nobody tracks.
pub fn trials() -> Vec<Trial> {
    vec![needs(&["git"], "git-mv/drawn", drawn), needs(&["git"], "git-mv/starts-no-program", starts_no_program)]
}

/// Runs git in a folder, as somebody.
pub fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failed> {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let said = Command::new("git").arg("-C").arg(folder).args(identity).args(arguments).output()?;
    match said.status.success() {
        true => Ok(said.stdout),
        false => Err(format!("git {arguments:?}: {}", String::from_utf8_lossy(&said.stderr)).into()),
    }
}

/// What git's index holds, sorted.
fn tracked(folder: &Path) -> Result<Vec<Vec<u8>>, Failed> {
    let listed = git(folder, &["ls-files", "-z"])?;
    let mut names: Vec<Vec<u8>> = listed.split(|&byte| byte == 0).map(<[u8]>::to_vec).collect();
    names.retain(|name| !name.is_empty());
    names.sort();
    Ok(names)
}

fn drawn() -> Result<(), Failed> {
    for seed in SEED..SEED + CASES {
        let drawn = plans::draw(seed, Names::Bytes, true);
        let folder = tempfile::tempdir()?;
        plans::build(folder.path(), &drawn.before)?;
        git(folder.path(), &["init", "-q"])?;
        git(folder.path(), &["add", "-A"])?;
        // One file that git does not know is renamed all the same.
        let file = |path: &&Vec<u8>| drawn.before.get(*path).is_some_and(Option::is_some);
        let unknown = drawn.before.keys().find(file).ok_or("no file was drawn")?;
        let mut forget = Command::new("git");
        forget.current_dir(folder.path()).env("GIT_LITERAL_PATHSPECS", "1");
        forget.args(["rm", "-q", "--cached", "--"]).arg(OsStr::from_bytes(unknown));
        let forgotten = forget.output()?.status.success();
        let applied = apply(folder.path(), &drawn.plan);
        if let Some(failure) = applied.failure {
            return Err(format!("seed {seed}: {failure:?}").into());
        }
        let expected = |path: &&Vec<u8>| !(forgotten && *path == unknown);
        let mut want: Vec<Vec<u8>> =
            drawn.before.keys().filter(file).filter(expected).map(|path| drawn.plan.place(path)).collect();
        want.sort();
        if tracked(folder.path())? != want {
            return Err(format!("seed {seed}: git tracks something else").into());
        }
        std::fs::remove_dir_all(folder.path().join(".git"))?;
        plans::compare(folder.path(), &drawn.after, &format!("seed {seed}"))?;
    }
    Ok(())
}

/// A repository that came with the tree may say what git should start; it is not asked.
fn starts_no_program() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let tree = [(b"x ".to_vec(), Some(b"1".to_vec()))].into();
    plans::build(folder.path(), &tree)?;
    git(folder.path(), &["init", "-q"])?;
    git(folder.path(), &["add", "-A"])?;
    git(folder.path(), &["config", "core.fsmonitor", "touch started; false"])?;
    let rename = preflight::fix::Rename {
        from: b"x ".to_vec(),
        to: b"x".to_vec(),
        entry: preflight::fix::Entry::File,
        why: Vec::new(),
    };
    let plan = preflight::fix::Plan { renames: vec![rename], ..preflight::fix::Plan::default() };
    let applied = apply(folder.path(), &plan);
    match (applied.done, folder.path().join("started").exists()) {
        (1, false) => Ok(()),
        other => Err(format!("{other:?}: {:?}", applied.failure).into()),
    }
}
