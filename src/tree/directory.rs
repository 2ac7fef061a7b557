//! A directory on disk, walked in parallel.
//!
//! Everything that deploys is listed, also what git ignores and what is hidden: ignore files are about
//! commits, not about deploys. Only the folders of version control stay out. Links are listed, never followed.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use rustc_hash::FxHashSet;

use super::{About, Entry, Kind, Listing, Tree};
use crate::diagnostic::Trouble;

/// Folders that version control keeps its own data in.
const VCS: [&str; 6] = [".git", ".hg", ".svn", ".bzr", "CVS", ".jj"];

/// A directory on disk.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    threads: usize,
    tracked: Vec<Vec<u8>>,
}

impl Directory {
    /// The tree below `root`, listed by `threads` threads (0: as many as the machine has).
    #[must_use]
    pub fn new(root: PathBuf, threads: usize) -> Self {
        Directory { root, threads, tracked: Vec::new() }
    }

    /// The same, to be compared with what git tracks of it.
    #[must_use]
    pub fn beside(self, tracked: Vec<Vec<u8>>) -> Self {
        Directory { tracked, ..self }
    }

    /// Whether the disk lacks something that git tracks, at least under that name.
    fn differs(&self, listing: &Listing) -> bool {
        if self.tracked.is_empty() {
            return false;
        }
        let here: FxHashSet<&[u8]> = listing.entries.iter().map(|entry| entry.path.as_slice()).collect();
        self.tracked.iter().any(|path| !here.contains(path.as_slice()))
    }

    fn full(&self, path: &[u8]) -> PathBuf {
        self.root.join(OsStr::from_bytes(path))
    }
}

impl Tree for Directory {
    fn list(&self) -> Listing {
        let all = Mutex::new(Listing::default());
        let walk = WalkBuilder::new(&self.root)
            .standard_filters(false)
            .follow_links(false)
            .threads(self.threads)
            .filter_entry(|entry| !is_vcs(entry))
            .build_parallel();
        walk.visit(&mut Collectors { root: &self.root, all: &all });
        let mut listing = all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.differs(&listing) {
            listing.tracked.clone_from(&self.tracked);
        }
        listing
    }

    fn read(&self, path: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        let file = File::open(self.full(path))?;
        let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let mut bytes = Vec::with_capacity(length.min(limit).saturating_add(1));
        file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn copy(&self, path: &[u8], to: &mut dyn io::Write) -> io::Result<()> {
        io::copy(&mut File::open(self.full(path))?, to).map(drop)
    }

    fn about(&self, path: &[u8]) -> io::Result<About> {
        Ok(About::of_mode(self.full(path).symlink_metadata()?.mode()))
    }
}

fn is_vcs(entry: &DirEntry) -> bool {
    entry.depth() > 0
        && entry.file_type().is_some_and(|kind| kind.is_dir())
        && VCS.iter().any(|name| entry.file_name() == OsStr::new(name))
}

/// Hands every walking thread its own list, so that they share nothing until they end.
struct Collectors<'a> {
    root: &'a Path,
    all: &'a Mutex<Listing>,
}

struct Collector<'a> {
    root: &'a Path,
    all: &'a Mutex<Listing>,
    own: Listing,
}

impl<'a> ParallelVisitorBuilder<'a> for Collectors<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(Collector { root: self.root, all: self.all, own: Listing::default() })
    }
}

impl ParallelVisitor for Collector<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) if entry.depth() == 0 => {}
            Ok(entry) => self.keep(&entry),
            Err(error) => self.own.troubles.push(trouble(self.root, &error)),
        }
        WalkState::Continue
    }
}

impl Collector<'_> {
    fn keep(&mut self, entry: &DirEntry) {
        // By bytes: comparing paths component by component for a million entries takes longer than listing them.
        let Some(path) = entry.path().as_os_str().as_bytes().get(self.root.as_os_str().len()..) else { return };
        let path = path.strip_prefix(b"/").unwrap_or(path);
        let kind = match entry.file_type() {
            Some(kind) if kind.is_file() => Kind::File,
            Some(kind) if kind.is_dir() => Kind::Directory,
            Some(kind) if kind.is_symlink() => match std::fs::read_link(entry.path()) {
                Ok(target) => Kind::Symlink(target.as_os_str().as_bytes().to_vec()),
                Err(_) => Kind::Special,
            },
            _ => Kind::Special,
        };
        self.own.entries.push(Entry { path: path.to_vec(), kind });
    }
}

impl Drop for Collector<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.entries.append(&mut self.own.entries);
        all.troubles.append(&mut self.own.troubles);
    }
}

fn trouble(root: &Path, error: &ignore::Error) -> Trouble {
    let (path, what) = describe(error);
    let path =
        path.map_or_else(Vec::new, |path| path.strip_prefix(root).unwrap_or(path).as_os_str().as_bytes().to_vec());
    Trouble { path, what }
}

fn describe(error: &ignore::Error) -> (Option<&Path>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path), describe(err).1),
        ignore::Error::WithDepth { err, .. } => describe(err),
        ignore::Error::Io(err) => (None, format!("{} while listing the directory", words(err))),
        other => (None, other.to_string()),
    }
}

/// The machine's reason, in lower-case words without an error number.
#[must_use]
fn words(error: &io::Error) -> String {
    error.kind().to_string()
}
