//! Input that is made to hurt: nests, odd bytes, loops, devices, closed doors. The binary runs in a process of its
//! own under a clock; it may neither crash nor hang, and what is good beside it must still be checked.
//!
//! What cannot be set up on this machine fails: nothing here passes by being skipped.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test may fail"
)]

#[path = "hostile/disk.rs"]
mod disk;
#[path = "hostile/good.rs"]
mod good;
#[path = "hostile/nests.rs"]
mod nests;
#[path = "hostile/output.rs"]
mod output;
#[path = "common/parsed.rs"]
mod parsed;
#[path = "common/watched.rs"]
mod watched;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use nests::{NESTS, Nest};
use watched::{count, findings, run};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = NESTS.iter().flat_map(nest_trials).collect();
    trials.extend(disk::TRIALS.iter().map(|&(name, trial)| Trial::test(format!("disk/{name}"), trial)));
    trials.extend(output::TRIALS.iter().map(|&(name, trial)| Trial::test(format!("output/{name}"), trial)));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn nest_trials(nest: &'static Nest) -> [Trial; 2] {
    let kind = nest.file.rsplit(['.', '/']).next().unwrap_or_default();
    [
        Trial::test(format!("alone/{kind}/{}", nest.name), || nest_alone(nest)),
        Trial::test(format!("beside-good-files/{kind}/{}", nest.name), || nest_beside_good_files(nest)),
    ]
}

fn write(root: &std::path::Path, nest: &Nest) -> std::io::Result<()> {
    let file = root.join(nest.file);
    std::fs::create_dir_all(file.parent().unwrap_or(root))?;
    std::fs::write(file, nest.source())
}

/// It may be judged in any way, but not hurt.
fn nest_alone(nest: &Nest) -> Result<(), Failed> {
    let tree = tempfile::tempdir()?;
    write(tree.path(), nest)?;
    let ran = run(tree.path(), &["--format", "json", "."])?;
    let report = ran.report()?;
    lexical(nest, &report)?;
    match ran.status.code() {
        Some(0..=2) => Ok(()),
        other => Err(format!("exit {other:?}").into()),
    }
}

fn nest_beside_good_files(nest: &Nest) -> Result<(), Failed> {
    let tree = tempfile::tempdir()?;
    write(tree.path(), nest)?;
    good::plant(tree.path())?;
    let ran = run(tree.path(), &["--format", "json", "."])?;
    let report = ran.report()?;
    lexical(nest, &report)?;
    has_planted(&report)?;
    ran.expect(1)
}

/// A source that its parser cannot take is counted as scanned lexically, and none besides it.
fn lexical(nest: &Nest, report: &serde_json::Value) -> Result<(), Failed> {
    match (nest.lexical, count(report, "files.lexical")) {
        (true, 0) => Err("it is not counted as scanned lexically".into()),
        (_, more) if more > 1 => Err(format!("{more} files count as scanned lexically").into()),
        _ => Ok(()),
    }
}

/// Whether every planted error is reported.
fn has_planted(report: &serde_json::Value) -> Result<(), Failed> {
    let found = findings(report);
    match good::PLANTED.iter().find(|planted| !found.iter().any(|found| found == *planted)) {
        Some(missed) => Err(format!("`{missed}` is not reported, but {:?}", &found[..found.len().min(20)]).into()),
        None => Ok(()),
    }
}
