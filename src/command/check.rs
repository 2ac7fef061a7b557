//! `preflight check`: each path is a tree of its own; the worst of them decides the exit status.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use preflight::cli::Check;
use preflight::diagnostic::{Report, Trouble};
use preflight::exit::{self, Exit};
use preflight::progress::Progress;
use preflight::report::View;
use preflight::report::escape;
use preflight::triage::{self, Baseline};

use super::inputs::{bytes, inputs, only, trouble};
use super::{complain, watch};

/// Checks and reports.
pub fn run(check: &Check, out: &mut dyn Write) -> io::Result<Exit> {
    let here = [PathBuf::from(".")];
    let paths: &[PathBuf] = if check.paths.is_empty() { &here } else { &check.paths };
    if check.output.format.machine && paths.len() > 1 {
        let name = check.output.format.name;
        complain(&format!("--format {name} reports on one tree; run it once for each path"));
        return Ok(Exit::Trouble);
    }
    let mut worst = Exit::Clean;
    for path in paths {
        worst = worst.max(one(path, check, out)?);
    }
    Ok(worst)
}

fn one(path: &Path, check: &Check, out: &mut dyn Write) -> io::Result<Exit> {
    let report = report(path, check).unwrap_or_else(|trouble| failed(path, trouble));
    let exit = Exit::of(&report, check.gate.fail_on.severity());
    let view = View { report: &report, exit, quiet: check.output.quiet };
    read_enough((check.output.format.write)(out, &view).and_then(|()| out.flush()))?;
    for trouble in &report.troubles {
        complain(&told(path, trouble));
    }
    Ok(exit)
}

/// A reader that stopped early does not change how the check ended.
fn read_enough(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn report(path: &Path, check: &Check) -> Result<Report, Trouble> {
    let mut inputs = inputs(path, &check.tree)?;
    inputs.options.only = only(&inputs.root, &check.output.only)?;
    let baseline = check.gate.baseline.as_deref().map(baseline).transpose()?;
    let progress = Progress::default();
    let raw = watch::watched(&progress, check.output.quiet, || {
        preflight::check(&*inputs.tree, &inputs.options, &bytes(path), &progress)
    });
    let raw = Report { view: inputs.view, ..raw };
    let mut report = triage::apply(raw, &inputs.options, baseline.as_ref());
    report.troubles.extend(exit::nothing_checked(&report.coverage));
    Ok(report)
}

fn baseline(file: &Path) -> Result<Baseline, Trouble> {
    let text = fs::read(file).map_err(|error| {
        let hint = if error.kind() == io::ErrorKind::NotFound { "; `preflight baseline update` writes it" } else { "" };
        trouble(file, format!("{}{hint}", error.kind()))
    })?;
    Baseline::parse(&text).map_err(|what| trouble(file, what))
}

/// The report of a tree that could not be checked at all.
fn failed(path: &Path, trouble: Trouble) -> Report {
    Report { root: bytes(path), troubles: vec![trouble], ..Report::default() }
}

/// A trouble for people; one without a path is about the tree.
pub(super) fn told(root: &Path, trouble: &Trouble) -> String {
    let root = bytes(root);
    let path = if trouble.path.is_empty() { &root } else { &trouble.path };
    format!("{}: {}", escape::name(path), trouble.what)
}
