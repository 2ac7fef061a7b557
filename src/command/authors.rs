//! What git knows of who wrote an exception and what it excuses, where the rules ask for it. The lines count only where
//! the tree has them as the commit does.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use preflight::diagnostic::{Diagnostic, Exception, History, Report, Shipped};
use preflight::git::Repository;
use preflight::options::{Accept, Options};
use preflight::path;
use preflight::triage::{self, WAIVERS};

/// Largest file that is compared with the commit's, in bytes.
const MOST: usize = 16 << 20;

/// Tells of every exception what git knows, where it matters.
pub fn attest(root: &Path, options: &Options, report: &mut Report) {
    let signoff = options.signoff_in_force();
    let asked = signoff.author_may_not_approve || signoff.accept == Accept::GitLines;
    if !asked || report.exceptions.is_empty() {
        return;
    }
    let Ok(past) = Standing::open(root, &report.view) else { return };
    triage::identify(report);
    for one in &mut report.exceptions {
        let covered = report.diagnostics.iter().find(|found| found.fingerprint == one.finding);
        one.history = past.history(one, covered);
    }
}

/// A commit, and where its files lie on the disk, if they do.
pub struct Standing<'a> {
    repository: Repository,
    /// Its name.
    pub commit: String,
    folder: Option<&'a Path>,
}

impl<'a> Standing<'a> {
    /// The commit that a view shows, or stands on.
    ///
    /// # Errors
    /// There is none.
    pub fn open(root: &'a Path, view: &Shipped) -> Result<Self, String> {
        let none = || Err("only a folder or a revision of git has a commit".to_owned());
        match (view.kind, &view.revision) {
            ("git", Some(commit)) => {
                Ok(Standing { repository: Repository::open(root)?, commit: commit.clone(), folder: None })
            }
            ("directory", _) => {
                let repository = Repository::open(root)?;
                let commit = repository.commit("HEAD")?;
                Ok(Standing { repository, commit, folder: Some(root) })
            }
            _ => none(),
        }
    }

    /// Whether a file of the tree is that of the commit.
    pub fn holds(&self, file: &[u8]) -> bool {
        let Some(folder) = self.folder else { return true };
        let there = self.repository.blob(&self.commit, &self.place(file), MOST);
        let here = fs::read(folder.join(OsStr::from_bytes(file)));
        matches!((there, here), (Ok(Some(there)), Ok(here)) if there == here)
    }

    fn place(&self, file: &[u8]) -> Vec<u8> {
        path::join(self.repository.prefix(), file)
    }

    fn history(&self, one: &Exception, covered: Option<&Diagnostic>) -> Option<History> {
        let lines = (one.location.line, one.last_line);
        let own = self.hands(WAIVERS.as_bytes(), lines)?;
        let of = match covered.and_then(|found| Some((&found.file, found.location.as_ref()?))) {
            Some((file, at)) => self.hands(file, (at.line, at.end_line))?,
            None => Vec::new(),
        };
        let approvals = own.iter().flat_map(|hand| std::iter::once(&hand.author).chain(&hand.approved)).cloned();
        let all = own.iter().chain(&of);
        let authors = all.flat_map(|hand| std::iter::once(&hand.author).chain(&hand.others)).cloned();
        Some(History { approvals: approvals.collect(), authors: authors.collect() })
    }

    fn hands(&self, file: &[u8], lines: (u32, u32)) -> Option<Vec<preflight::git::Hand>> {
        if !self.holds(file) {
            return None;
        }
        self.repository.hands(&self.commit, &self.place(file), lines).ok()
    }
}
