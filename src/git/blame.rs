//! Who wrote which lines, as git has it: free text, which whoever commits can write as they like.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::{Repository, line, run};

/// The people whom a commit names, each as `Name <address>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hand {
    /// Who wrote it.
    pub author: String,
    /// Who else had a hand in it: who committed it, and those of `Co-authored-by`.
    pub others: Vec<String>,
    /// Those of `Approved-by`.
    pub approved: Vec<String>,
}

impl Repository {
    /// The people of the commits that lines of a file, from 1 on, come from; the path is from the top of the
    /// repository.
    ///
    /// # Errors
    /// git does not know these lines, or not where they come from.
    pub fn hands(&self, commit: &str, path: &[u8], lines: (u32, u32)) -> Result<Vec<Hand>, String> {
        if self.is_shallow() {
            return Err("the history is not all here".to_owned());
        }
        let range = format!("{},{}", lines.0, lines.1);
        let mut blame = self.git(&["-c", "blame.ignoreRevsFile=", "blame", "--porcelain", "--root", "--no-textconv"]);
        blame.args(["-L", &range, commit, "--"]).arg(OsStr::from_bytes(path));
        let said = run(&mut blame, None)?;
        let mut commits: Vec<&[u8]> = said.split(|&byte| byte == b'\n').filter_map(origin).collect();
        commits.sort_unstable();
        commits.dedup();
        commits.into_iter().map(|commit| self.hand(&String::from_utf8_lossy(commit))).collect()
    }

    fn hand(&self, commit: &str) -> Result<Hand, String> {
        const PEOPLE: &str = "--format=%an <%ae>%x00%cn <%ce>%x00\
            %(trailers:key=Co-authored-by,valueonly,unfold,separator=%x1f)%x00\
            %(trailers:key=Approved-by,valueonly,unfold,separator=%x1f)";
        let mut show = self.git(&["show", "-s", "--no-show-signature", "--encoding=UTF-8", PEOPLE, commit, "--"]);
        let said = String::from_utf8_lossy(&line(&mut show, None)?).into_owned();
        let mut parts = said.split('\0');
        let mut list = || parts.next().unwrap_or_default().to_owned();
        let (author, committer, together, approved) = (list(), list(), list(), list());
        let several = |text: &str| text.split('\u{1f}').filter(|one| !one.is_empty()).map(str::to_owned).collect();
        let mut others: Vec<String> = several(&together);
        others.push(committer);
        Ok(Hand { author, others, approved: several(&approved) })
    }
}

/// The commit that a line of the answer names; the text of the file stands behind a tab, and everything else begins
/// with a word.
fn origin(row: &[u8]) -> Option<&[u8]> {
    let first = row.split(|&byte| byte == b' ').next()?;
    (first.len() >= 40 && first.iter().all(u8::is_ascii_hexdigit)).then_some(first)
}
