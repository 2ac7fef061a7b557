//! An exception that two people approved, as the waiver file holds it.

use super::{Date, Location};

/// One `[[waiver]]` of the waiver file, as it is written; whether it counts is for triage to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Its own name, unlike that of every other.
    pub id: String,
    /// The fingerprint of the one finding that it is for.
    pub finding: String,
    /// The code of that finding.
    pub code: String,
    /// The file of that finding, as reports show it.
    pub file: String,
    /// Why.
    pub reason: String,
    /// The day on which it was written.
    pub created: Date,
    /// The first day on which it does not hold any more.
    pub expires: Date,
    /// Who approved, as they are called in the list of signers.
    pub approvers: Vec<String>,
    /// Their signatures.
    pub signatures: Vec<Signature>,
    /// What git knows of it; `None` where it was not asked, or does not know.
    pub history: Option<History>,
    /// Where it stands in the waiver file.
    pub location: Location,
    /// Its last line.
    pub last_line: u32,
}

/// What git knows of an exception: free text that whoever commits can write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Who wrote the lines of the exception, and whom those commits name as approving; each as `Name <address>`.
    pub approvals: Vec<String>,
    /// Who wrote the exception, and the lines that it excuses.
    pub authors: Vec<String>,
}

/// A detached signature that an exception names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Its file, relative to the root.
    pub path: String,
    /// What is in it; `None` where it is no file of the tree.
    pub bytes: Option<Vec<u8>>,
}
