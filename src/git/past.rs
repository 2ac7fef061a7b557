//! What became of paths: which commit removed or renamed them, and to what.
//!
//! Two passes, so that the cost is bounded in repositories of any size: the newest commits are compared by these paths
//! alone, which reads trees only along them; renames are then looked for in those few commits that removed one. A
//! merge is never taken for what removed a path.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Repository, line, run};
use crate::diagnostic::{Commit, Fate};

/// Most commits that are looked through.
const MAX_COMMITS: &str = "--max-count=4000";
/// Most paths that are asked for, and most bytes of them.
const MAX_PATHS: usize = 500;
const MAX_BYTES: usize = 64 << 10;
/// From this similarity on, in per cent, one file is another one renamed, whatever both are called.
const SURE: u8 = 75;
/// No program of the configuration may read what is compared.
const PLAIN: [&str; 2] = ["--no-ext-diff", "--no-textconv"];
/// Characters of a commit's name that people are shown: unlike git's own choice the same in every clone.
pub const SHORT: usize = 10;
/// Time that each question to git may take: this only explains.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most renames of one file that are followed.
const MAX_HOPS: usize = 4;

/// A stretch of history.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'r> {
    /// The commit after which it starts; `None`: as far back as is looked.
    pub from: Option<&'r str>,
    /// The commit it ends with.
    pub to: &'r str,
}

/// A commit by its whole name, and a path that it removed or renamed.
type Removed = (Vec<u8>, Vec<u8>);

impl Repository {
    /// Whether history ends here where it does not end elsewhere.
    #[must_use]
    pub fn is_shallow(&self) -> bool {
        line(&mut self.git(&["rev-parse", "--is-shallow-repository"]), None).is_ok_and(|answer| answer == b"true")
    }

    /// What became of paths in a stretch of history, all from the top of the repository; `there` tells which names need
    /// not be followed further. Those of which it shows nothing are left out, as are all where git fails: this only
    /// explains.
    #[must_use]
    pub fn fates(
        &self,
        stretch: Stretch<'_>,
        gone: &[Vec<u8>],
        there: impl Fn(&[u8]) -> bool,
    ) -> FxHashMap<Vec<u8>, Fate> {
        let mut fates: FxHashMap<Vec<u8>, Fate> = FxHashMap::default();
        let Some(commits) = self.newest(stretch) else { return fates };
        let mut step = self.one_step(&commits, gone);
        for path in gone {
            fates.extend(step.get(path).map(|fate| (path.clone(), fate.clone())));
        }
        for _ in 1..MAX_HOPS {
            let open = |fate: &Fate| fate.became.clone().filter(|path| !there(path));
            let next: Vec<Vec<u8>> = fates.values().filter_map(open).collect();
            if next.is_empty() {
                break;
            }
            step = self.one_step(&commits, &next);
            let hops = fates.values_mut().filter_map(|fate| Some((step.get(&open(fate)?)?, fate)));
            let moved = hops.map(|(last, fate)| *fate = last.clone()).count();
            if moved == 0 {
                break;
            }
        }
        fates
    }

    /// Files of a commit that another tree (without one, the index) holds under another name: the old names by the new.
    ///
    /// # Errors
    /// What git has to say.
    pub fn renamed(&self, from: &str, to: Option<&str>) -> Result<FxHashMap<Vec<u8>, Vec<u8>>, String> {
        let compared = |similarity: &str| {
            let mut command = self.git(if to.is_some() { &["diff-tree", "-r"] } else { &["diff-index", "--cached"] });
            command
                .args([similarity, "-l2000", "-z", "--name-status", "--diff-filter=R"])
                .args(PLAIN)
                .arg(from)
                .args(to);
            run(&mut command, None)
        };
        // Where contents are not at hand, names of objects still tell what was only renamed.
        let out = compared("-M").or_else(|_| compared("-M100%"))?;
        let fields: Vec<&[u8]> = out.split(|&byte| byte == 0).collect();
        let pairs = fields.chunks_exact(3).filter(|row| is_renaming(row[0], row[1], row[2]));
        Ok(pairs.map(|row| (row[2].to_vec(), row[1].to_vec())).collect())
    }

    /// The names of the newest commits of a stretch, a line each.
    fn newest(&self, stretch: Stretch<'_>) -> Option<Vec<u8>> {
        let to = self.commit(stretch.to).ok()?;
        let from = stretch.from.map(|from| format!("^{from}"));
        let mut command = self.git(&["rev-list", MAX_COMMITS, &to]);
        command.args(from);
        in_time(&mut command, b"")
    }

    /// What the newest commit that removed a path made of it.
    fn one_step(&self, commits: &[u8], gone: &[Vec<u8>]) -> FxHashMap<Vec<u8>, Fate> {
        let removals = self.removals(commits, gone).unwrap_or_default();
        let distinct: FxHashSet<&[u8]> = removals.values().map(Vec::as_slice).collect();
        // A line that does not end is not read.
        let lines: Vec<u8> = distinct.into_iter().flat_map(|id| [id, b"\n"].concat()).collect();
        let told = self.changes(&lines).unwrap_or_default();
        let fate = |(path, commit): (Vec<u8>, Vec<u8>)| {
            let of_folder = || told.iter().find(|(removed, _)| removed.0 == commit).map(|(_, fate)| fate);
            let fate = told.get(&(commit.clone(), path.clone())).cloned();
            let fate = fate.or_else(|| Some(Fate { became: None, commit: of_folder()?.commit.clone() }))?;
            Some((path, fate))
        };
        removals.into_iter().filter_map(fate).collect()
    }

    /// The newest commit that removed each path.
    fn removals(&self, commits: &[u8], gone: &[Vec<u8>]) -> Option<FxHashMap<Vec<u8>, Vec<u8>>> {
        let mut command =
            self.git(&["diff-tree", "--stdin", "-r", "-z", "--no-renames", "--diff-filter=D", "--name-only", "--"]);
        let mut left = MAX_BYTES;
        for path in gone.iter().filter(|path| !path.is_empty()).take(MAX_PATHS) {
            left = left.saturating_sub(path.len());
            if left > 0 {
                command.arg(OsStr::from_bytes(path));
            }
        }
        let wanted: FxHashSet<&[u8]> = gone.iter().map(Vec::as_slice).collect();
        let above = |path: &[u8]| {
            let slashes = memchr::memrchr_iter(b'/', path).map(|at| &path[..at]).collect::<Vec<_>>();
            slashes.into_iter().find(|above| wanted.contains(above)).map(<[u8]>::to_vec)
        };
        let out = in_time(&mut command, commits)?;
        let mut removals: FxHashMap<Vec<u8>, Vec<u8>> = FxHashMap::default();
        let mut commit: &[u8] = b"";
        for field in out.split(|&byte| byte == 0) {
            if is_id(field) && !wanted.contains(field) {
                commit = field;
            } else if wanted.contains(field) {
                removals.entry(field.to_vec()).or_insert_with(|| commit.to_vec());
            } else if let Some(folder) = above(field) {
                // The newest removal below a folder is what emptied it.
                removals.entry(folder).or_insert_with(|| commit.to_vec());
            }
        }
        Some(removals)
    }

    /// What each of these commits removed or renamed.
    fn changes(&self, commits: &[u8]) -> Option<FxHashMap<Removed, Fate>> {
        if commits.is_empty() {
            return None;
        }
        let mut command = self.git(&["diff-tree", "--stdin", "-r", "-z", "-M", "-l400", "--format=%H%x00%s"]);
        command.args(["--diff-filter=DR", "--name-status"]).args(PLAIN);
        let out = in_time(&mut command, commits)?;
        let mut changes = FxHashMap::default();
        let mut commit = (Vec::new(), None);
        let mut fields = out.split(|&byte| byte == 0);
        while let Some(field) = fields.next() {
            match field.trim_ascii_start() {
                [] => {}
                id if is_id(id) => {
                    let subject = fields.next().unwrap_or_default().to_vec();
                    let short = String::from_utf8_lossy(id).chars().take(SHORT).collect();
                    commit = (id.to_vec(), Some(Commit { id: short, subject }));
                }
                status => {
                    let Some(old) = fields.next() else { break };
                    let new = if status.starts_with(b"R") { fields.next() } else { None };
                    let became = new.filter(|new| is_renaming(status, old, new)).map(<[u8]>::to_vec);
                    let fate = Fate { became, commit: commit.1.clone() };
                    changes.insert((commit.0.clone(), old.to_vec()), fate);
                }
            }
        }
        Some(changes)
    }
}

/// What git prints, if it succeeds in time.
fn in_time(command: &mut Command, input: &[u8]) -> Option<Vec<u8>> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let (stdin, mut stdout) = (child.stdin.take(), child.stdout.take()?);
    let child = Mutex::new(child);
    let child = || child.lock().unwrap_or_else(PoisonError::into_inner);
    let mut out = Vec::new();
    std::thread::scope(|scope| {
        let (done, wait) = mpsc::channel::<()>();
        scope.spawn(|| stdin.map(|mut stdin| stdin.write_all(input)));
        scope.spawn(move || match wait.recv_timeout(PATIENCE) {
            Err(mpsc::RecvTimeoutError::Timeout) => child().kill().ok(),
            _ => None,
        });
        let read = stdout.read_to_end(&mut out);
        drop(done);
        read.ok()
    })?;
    child().wait().ok()?.success().then_some(out)
}

/// Whether git shows a renaming (`R` and the similarity in per cent), and not two files that are half alike, one of
/// which went when the other came.
fn is_renaming(status: &[u8], old: &[u8], new: &[u8]) -> bool {
    let Some(digits) = status.strip_prefix(b"R") else { return false };
    let similarity: u8 = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let apart = |path: &[u8]| memchr::memrchr(b'/', path).map_or(0, |at| at + 1);
    let ((old_folder, old_name), (new_folder, new_name)) = (old.split_at(apart(old)), new.split_at(apart(new)));
    similarity >= SURE || old_folder == new_folder || old_name == new_name
}

/// The name of an object as a whole.
fn is_id(field: &[u8]) -> bool {
    matches!(field.len(), 40 | 64) && field.iter().all(u8::is_ascii_hexdigit)
}
