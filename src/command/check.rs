//! `preflight check`: each path is a tree of its own; the worst of them decides the exit status.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use preflight::cli::{Check, Output};
use preflight::diagnostic::{Report, Trouble};
use preflight::exit::{self, Exit};
use preflight::progress::Progress;
use preflight::report::{Format, View, escape};
use preflight::triage::{self, Baseline};

use super::inputs::{Inputs, bytes, inputs, only, trouble};
use super::{authors, complain, output, past, trust, watch};

/// Checks and reports.
pub fn run(check: &Check, out: &mut dyn Write) -> io::Result<Exit> {
    let here = [PathBuf::from(".")];
    let paths: &[PathBuf] = if check.paths.is_empty() { &here } else { &check.paths };
    let format = match stdout(check, paths.len()) {
        Ok(format) => format,
        Err(wrong) => {
            complain(&wrong);
            return Ok(Exit::Trouble);
        }
    };
    let mut worst = Exit::Clean;
    for path in paths {
        worst = worst.max(one(path, check, format, out)?);
    }
    Ok(worst)
}

/// What goes to standard output.
fn stdout(check: &Check, trees: usize) -> Result<&'static Format, String> {
    let format = check.output.stdout()?;
    let one_tree = |what: String| Err(format!("{what} reports on one tree; run it once for each path"));
    match check.output.files().next() {
        _ if trees < 2 => Ok(format),
        Some(Output { format, .. }) => one_tree(format!("--output {}", format.name)),
        None if format.machine => one_tree(format!("--format {}", format.name)),
        None => Ok(format),
    }
}

fn one(path: &Path, check: &Check, format: &Format, out: &mut dyn Write) -> io::Result<Exit> {
    let report = report(path, check).unwrap_or_else(|trouble| failed(path, trouble));
    let gate = check.gate.fail_on.severity();
    let mut exit = Exit::of(&report, gate);
    let place = place(path);
    let view = View { report: &report, exit, gate, place: &place, quiet: check.output.quiet };
    for output in check.output.files() {
        if let Err(error) = output::write(output, &view) {
            complain(&format!("{}: the report could not be written: {error}", output.file.display()));
            exit = Exit::Trouble;
        }
    }
    read_enough((format.write)(out, &view).and_then(|()| out.flush()))?;
    for trouble in &report.troubles {
        complain(&told(path, trouble));
    }
    Ok(exit)
}

/// Where a tree lies below the current folder; nothing where it lies elsewhere, or is no folder.
fn place(path: &Path) -> Vec<u8> {
    let root = fs::canonicalize(path).ok().filter(|root| root.is_dir());
    let here = std::env::current_dir().and_then(fs::canonicalize).ok();
    let inside = root.as_deref().zip(here.as_deref()).and_then(|(root, here)| root.strip_prefix(here).ok());
    inside.map(bytes).unwrap_or_default()
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
    inputs.options.strict_waivers = check.gate.strict_waivers;
    trust::hear(path, &mut inputs, &check.gate.approval)?;
    let baseline = check.gate.baseline.as_deref().map(baseline).transpose()?;
    let (raw, earlier) = raw(path, check, &inputs)?;
    let mut raw = Report { view: inputs.view, ..raw };
    authors::attest(&inputs.root, &inputs.options, &mut raw);
    let known: Vec<Baseline> = baseline.into_iter().chain(earlier).collect();
    let mut report = triage::apply(raw, &inputs.options, &known);
    report.troubles.extend(exit::nothing_checked(&report.coverage));
    Ok(report)
}

/// What is found, and what of it was there before.
fn raw(path: &Path, check: &Check, inputs: &Inputs) -> Result<(Report, Option<Baseline>), Trouble> {
    let progress = Progress::default();
    let (tree, options) = (&*inputs.tree, &inputs.options);
    let there = |path: &[u8]| tree.read(path, 0).is_ok();
    let Some(revision) = &check.gate.base else {
        let history = past::around(inputs);
        let fates =
            |gone: &[Vec<u8>]| history.as_ref().map(|history| history.fates(gone, None, there)).unwrap_or_default();
        let run = || preflight::check_with(tree, options, &fates, &bytes(path), &progress);
        return Ok((watch::watched(&progress, check.output.quiet, run), None));
    };
    let failed = |what: String| trouble(path, what);
    let history = past::since(path, inputs, revision)?;
    let base_tree = history.base_tree(inputs).map_err(failed)?;
    let base = history.base(&base_tree, inputs).map_err(failed)?;
    let fates = |gone: &[Vec<u8>]| history.fates(gone, Some(&base), there);
    let (mut raw, earlier) = watch::watched(&progress, check.output.quiet, || {
        preflight::compare(tree, &base, options, &fates, (&bytes(path), &progress))
    });
    let (known, troubles) = triage::known(earlier, options, &base.renamed);
    raw.troubles.extend(troubles);
    Ok((raw, Some(known)))
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
