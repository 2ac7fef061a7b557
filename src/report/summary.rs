//! The summary of a job in GitHub Actions: the Markdown report within what a step may write to
//! `$GITHUB_STEP_SUMMARY`. It is written there only where `--output github-summary="$GITHUB_STEP_SUMMARY"` asks for
//! it. (GitHub, "Workflow commands for GitHub Actions", "Adding a job summary".)

use super::{Format, markdown};

pub(super) const FORMAT: Format = Format {
    name: "github-summary",
    about: "For GitHub Actions: Markdown for the summary of a job",
    machine: true,
    write: |out, view| markdown::within(LIMIT, out, view),
};

/// Bytes that GitHub takes from one step.
const LIMIT: usize = 1 << 20;
