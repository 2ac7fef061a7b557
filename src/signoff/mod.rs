//! Who approved what: people and their names, keys and signatures, owners, and the statement of a release.
//!
//! Nothing here reads a disk or decides what a finding is; triage asks whether two people stand behind an exception,
//! and `preflight signoff` whether they stand behind a tree. What cannot be told is an approval that does not count.

mod digest;
mod identity;
mod owners;
mod reviews;
mod signature;
mod signers;
mod statement;

pub use digest::{Digest, Line, digest, digest_of, lines};
pub use identity::{People, Told};
pub use owners::{Codeowners, Ownership};
pub use reviews::reviewers;
pub use signature::{Asked, RELEASE, WAIVER, two};
pub use signers::Signers;
pub use statement::{Counts, MOST_DAYS, Statement, Used};
