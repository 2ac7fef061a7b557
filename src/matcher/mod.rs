//! Nothing there? What was meant, and what to say of it.

mod difference;
mod explain;
mod extension;
mod hint;
mod near;
mod verdict;

pub use difference::{Distance, distance};
pub use explain::{Judged, explain};
pub use extension::is_known;
pub use hint::hints;
pub use near::{Near, near_misses};
pub use verdict::{Circumstances, Judgement, judge};
