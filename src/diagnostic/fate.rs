//! What git's history says of a path that is gone.

use super::show;

/// Most characters of a commit's subject that are told.
const SUBJECT: usize = 60;

/// What became of a path that git once held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// The path that holds the file now, or held it last, relative to the root; `None` where it was removed, or left
    /// the tree.
    pub became: Option<Vec<u8>>,
    /// The commit that did it; `None` where no commit at hand did.
    pub commit: Option<Commit>,
}

/// A commit, as people are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its name, in short.
    pub id: String,
    /// The first line of its message.
    pub subject: Vec<u8>,
}

impl Fate {
    /// The clause of a message that says so.
    #[must_use]
    pub fn told(&self) -> String {
        let what = match &self.became {
            Some(path) => format!("renamed to `{}`", show(path)),
            None => "removed".to_owned(),
        };
        match &self.commit {
            Some(commit) => format!("{what} by {}", commit.told()),
            None => what,
        }
    }
}

impl Commit {
    fn told(&self) -> String {
        // In a text a blank beside a slash is not the end of a name.
        let subject = show(&self.subject).replace('␠', " ");
        if subject.is_empty() {
            return self.id.clone();
        }
        let short: String = subject.chars().take(SUBJECT).collect();
        let more = if short.len() < subject.len() { "…" } else { "" };
        format!("{} ({short}{more})", self.id)
    }
}
