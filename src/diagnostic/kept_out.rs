//! What keeps an entry that is there out of what ships.

use super::show;

/// Why an entry that is there does not ship.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptOut {
    /// A pattern of an ignore or attributes file.
    Rule {
        /// The file that holds it, relative to the root.
        file: Vec<u8>,
        /// Its line, from 1.
        line: u32,
        /// The pattern as it is written.
        pattern: Vec<u8>,
    },
    /// A pattern by which git ignores it.
    Ignored {
        /// The file that holds it, from the top of the repository.
        file: Vec<u8>,
        /// Its line, from 1.
        line: u32,
        /// The pattern as it is written.
        pattern: Vec<u8>,
        /// A folder above it is ignored as a whole, and it with that.
        folder: bool,
    },
    /// A Dockerfile copies it into no image that ships.
    NotCopied {
        /// The Dockerfile, relative to the root.
        file: Vec<u8>,
    },
    /// git does not track it.
    Untracked,
    /// git tracks it now, but the revision that ships does not hold it.
    NotInRevision,
}

impl KeptOut {
    /// The clause of a message that says so.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            KeptOut::Rule { file, line, pattern } => {
                format!("line {line} of `{}` keeps it out: `{}`", show(file), show(pattern))
            }
            KeptOut::Ignored { file, line, pattern, .. } => {
                format!("line {line} of `{}` keeps it out of git: `{}`", show(file), show(pattern))
            }
            KeptOut::NotCopied { file } => format!("`{}` does not copy it into the image", show(file)),
            KeptOut::Untracked => "git does not track it".to_owned(),
            KeptOut::NotInRevision => "the revision does not hold it yet".to_owned(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            KeptOut::Rule { .. } | KeptOut::Ignored { .. } => "narrow that pattern, or do without the file",
            KeptOut::NotCopied { .. } => "copy it, too, or do without the file",
            KeptOut::Untracked => "`git add` it",
            KeptOut::NotInRevision => "commit it, or check a later revision",
        }
    }
}
