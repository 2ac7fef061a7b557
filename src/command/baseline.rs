//! `preflight baseline update`: today's findings are known; from now on only new ones fail.

use std::io::{self, Write};
use std::path::Path;

use preflight::cli::TreeArgs;
use preflight::diagnostic::Trouble;
use preflight::exit::Exit;
use preflight::progress::Progress;
use preflight::triage;

use super::check::told;
use super::inputs::{bytes, inputs, trouble};
use super::{complain, output, watch};

/// Writes the baseline of a tree.
pub fn update(path: &Path, baseline: &Path, args: &TreeArgs, out: &mut dyn Write) -> io::Result<Exit> {
    match write(path, baseline, args) {
        Ok(recorded) => {
            writeln!(out, "recorded {recorded} in {}; check with --baseline", baseline.display())?;
            Ok(Exit::Clean)
        }
        Err(troubles) => {
            troubles.iter().for_each(|trouble| complain(&told(path, trouble)));
            Ok(Exit::Trouble)
        }
    }
}

/// A check that could not read everything writes no baseline: what it did not see would be new next time.
fn write(path: &Path, baseline: &Path, args: &TreeArgs) -> Result<String, Vec<Trouble>> {
    let inputs = inputs(path, args).map_err(|trouble| vec![trouble])?;
    let progress = Progress::default();
    let raw =
        watch::watched(&progress, false, || preflight::check(&*inputs.tree, &inputs.options, &bytes(path), &progress));
    let report = triage::settle(raw, &inputs.options, None);
    if !report.troubles.is_empty() {
        return Err(report.troubles);
    }
    let failed = |error: io::Error| vec![trouble(baseline, error.kind().to_string())];
    output::put(baseline, triage::record(&report).as_bytes()).map_err(failed)?;
    let recorded = triage::recorded(&report).count();
    Ok(if recorded == 1 { "1 finding".to_owned() } else { format!("{recorded} findings") })
}
