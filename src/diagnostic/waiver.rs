//! A person's written exception beside the reference that it excuses.

use super::Location;

/// One `preflight: allow(code) reason` in a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The file that holds it, relative to the root.
    pub file: Vec<u8>,
    /// Where it stands.
    pub location: Location,
    /// The line below that it covers besides its own, where it stands alone on its line.
    pub covers: Option<u32>,
    /// The codes between the parentheses, as they are written.
    pub codes: Vec<String>,
    /// Why; a waiver without a reason does not count.
    pub reason: String,
}

/// Why a waived finding does not count.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Excuse {
    /// Where that is written.
    pub written: Written,
    /// The reason that a person gave.
    pub reason: String,
}

/// Where a person wrote an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Written {
    /// In a comment beside the reference.
    Comment,
    /// In the configuration.
    Configuration,
    /// In the waiver file.
    File,
}
