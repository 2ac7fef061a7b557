//! Nothing there? What was meant, and what to say of it.

mod difference;
mod explain;
mod near;
mod verdict;

pub use difference::{Distance, distance, is_known};
pub use explain::{Judged, explain};
pub use near::{Near, near_misses};
pub use verdict::{Circumstances, Judgement, judge};
