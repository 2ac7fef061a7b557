//! How far a check has come, for whoever waits: counters that the check moves and a terminal may read.
//!
//! Nothing is printed here.

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering::Relaxed};

/// What a check is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Stage {
    /// Listing the tree.
    Walk,
    /// Reading and parsing sources.
    Scan,
    /// Resolving references.
    Check,
}

/// Counters of a running check. Relaxed: they are looked at, never relied upon.
#[derive(Debug, Default)]
pub struct Progress {
    stage: AtomicU8,
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Progress {
    /// Begins a stage of `total` steps; 0 where that is unknown.
    pub fn begin(&self, stage: Stage, total: usize) {
        self.done.store(0, Relaxed);
        self.total.store(total, Relaxed);
        self.stage.store(stage as u8, Relaxed);
    }

    /// Some steps are done.
    pub fn advance(&self, steps: usize) {
        self.done.fetch_add(steps, Relaxed);
    }

    /// One line for a terminal, without colour.
    #[must_use]
    pub fn line(&self) -> String {
        let (done, total) = (self.done.load(Relaxed), self.total.load(Relaxed));
        let doing = match self.stage.load(Relaxed) {
            stage if stage == Stage::Walk as u8 => "listing files",
            stage if stage == Stage::Scan as u8 => "reading sources",
            _ => "resolving references",
        };
        if total == 0 { doing.to_owned() } else { format!("{doing}: {} of {total}", done.min(total)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far() {
        let progress = Progress::default();
        assert_eq!(progress.line(), "listing files");
        progress.begin(Stage::Scan, 20);
        progress.advance(7);
        assert_eq!(progress.line(), "reading sources: 7 of 20");
    }
}
