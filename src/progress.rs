//! How far a check has come: numbers that a waiting person may be shown. Counted by the stages, printed by `main`.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counters of a running check.
#[derive(Debug, Default)]
pub struct Progress {
    total: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// Says how many sources there are to scan.
    pub fn expect(&self, total: usize) {
        self.total.store(total, Ordering::Relaxed);
    }

    /// One source more is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Sources that are done, and that there are; both 0 while the tree is still being listed.
    #[must_use]
    pub fn get(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}
