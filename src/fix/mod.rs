//! Mending: from diagnostics to a [`Plan`], and from a plan to the disk or to a program for other servers.
//!
//! [`plan()`] decides and refuses, [`mod@apply`] is the only writer, and each way to hand a plan on is one file
//! ([`EMITTERS`]). A plan holds the bytes of every file that it changes, before and after: what is written is
//! exactly what was planned and checked, and a file that has changed since is left alone.

pub mod apply;
pub mod patch;
pub mod plan;

mod ansible;
mod diff;
mod puppet;
mod sed;
mod sh;

pub use plan::{Mend, Standing, mends, plan};

use crate::diagnostic::{Edit, show};
use crate::path;

/// Why something is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// Where, and what is wrong there; holds no control character.
    pub what: String,
    /// Fingerprint of the finding; empty where no finding asked for it.
    pub fingerprint: String,
}

/// A file whose bytes change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path before any rename.
    pub path: Vec<u8>,
    /// Its bytes as they were read.
    pub old: Vec<u8>,
    /// Its bytes as they will be.
    pub new: Vec<u8>,
    /// What makes the one of the other, by start; none touches the next.
    pub edits: Vec<Edit>,
    /// The findings that it mends.
    pub why: Vec<Why>,
}

/// What an entry is, as far as mending it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A regular file: it can be edited and renamed.
    File,
    /// A directory: it can be renamed.
    Directory,
    /// A symbolic link: it can be renamed, and is never written through.
    Link,
    /// A FIFO, socket or device: it is left alone.
    Special,
}

/// A file, folder or link that gets another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// Its path before any rename.
    pub from: Vec<u8>,
    /// Its path where only it is renamed.
    pub to: Vec<u8>,
    /// What it is.
    pub entry: Entry,
    /// The findings that it mends.
    pub why: Vec<Why>,
}

/// What is not mended, and why not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// Where, and what is wrong there; holds no control character.
    pub what: String,
    /// Why it stays.
    pub why: String,
}

/// What will be done: all of it fits together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files whose bytes change, by path.
    pub changes: Vec<Change>,
    /// Renames in the order in which they are done, after the changes: what lies deeper goes first.
    pub renames: Vec<Rename>,
    /// What does not fit.
    pub refusals: Vec<Refusal>,
}

impl Plan {
    /// Whether nothing would be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.renames.is_empty()
    }

    /// Where an entry lies when everything is done.
    #[must_use]
    pub fn place(&self, before: &[u8]) -> Vec<u8> {
        let mut place = before.to_vec();
        for rename in self.renames.iter().filter(|rename| path::is_below(before, &rename.from)) {
            let rest = place.get(rename.from.len()..).unwrap_or_default();
            place = [rename.to.as_slice(), rest].concat();
        }
        place
    }

    /// What is done, in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let count = |n: usize, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
        let edits = self.changes.iter().map(|change| change.edits.len()).sum();
        let files = count(self.changes.len(), "file", "files");
        match (edits, self.renames.len()) {
            (0, 0) => "nothing".to_owned(),
            (edits, 0) => format!("{} in {files}", count(edits, "edit", "edits")),
            (0, renames) => count(renames, "rename", "renames"),
            (edits, renames) => {
                format!("{} in {files}, {}", count(edits, "edit", "edits"), count(renames, "rename", "renames"))
            }
        }
    }
}

/// A way to hand a plan on.
#[derive(Debug)]
pub struct Emitter {
    /// The word after `--emit`.
    pub name: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// Writes a plan; what it cannot say is refused, and the rest is said without it.
    pub write: fn(&Plan) -> Emitted,
}

/// A plan in the words of some program.
#[derive(Clone, Debug, Default)]
pub struct Emitted {
    /// The program's input.
    pub text: Vec<u8>,
    /// What could not be said.
    pub refusals: Vec<Refusal>,
}

/// Every emitter, sorted by name.
pub const EMITTERS: &[Emitter] = &[ansible::EMITTER, patch::EMITTER, puppet::EMITTER, sh::EMITTER];

/// The emitter of this name.
#[must_use]
pub fn emitter(name: &str) -> Option<&'static Emitter> {
    EMITTERS.iter().find(|emitter| emitter.name == name)
}

impl Emitted {
    /// Notes that a change or a rename of this path cannot be said.
    fn refuse(&mut self, path: &[u8], why: &str) {
        self.refusals.push(Refusal { what: format!("`{}`", show(path)), why: why.to_owned() });
    }

    fn line(&mut self, line: impl AsRef<[u8]>) {
        self.text.extend_from_slice(line.as_ref());
        self.text.push(b'\n');
    }
}
