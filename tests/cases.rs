//! Every case file under `testdata` is a test of its own, through the library's front door.
//!
//! `PREFLIGHT_BLESS=1 cargo test --test cases` rewrites the expectations; a blessed line is read before it is
//! committed.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test may fail"
)]

#[path = "common/case.rs"]
mod case;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use walkdir::WalkDir;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let trials = case_files(&root).into_iter().map(|path| {
        let name = path.strip_prefix(&root).unwrap_or(&path).with_extension("").display().to_string();
        Trial::test(name, move || run(&path))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// Sites on disk (`testdata/sites`) are trees of their own and hold no cases.
fn case_files(root: &Path) -> Vec<PathBuf> {
    WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.file_name() != "sites")
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect()
}

fn run(path: &Path) -> Result<(), Failed> {
    let bytes = std::fs::read(path)?;
    let case = case::parse(&bytes)?;
    let got = case::report(&case)?;
    if std::env::var_os("PREFLIGHT_BLESS").is_some() && got != case.want {
        let mut blessed = case.front.clone();
        blessed.extend(got.iter().flat_map(|line| [line.as_bytes(), b"\n"].concat()));
        std::fs::write(path, blessed)?;
        return Ok(());
    }
    if got == case.want { Ok(()) } else { Err(difference(&case.want, &got).into()) }
}

fn difference(want: &[String], got: &[String]) -> String {
    let mut text = String::from("the report is not what the case wants\n");
    for line in want.iter().filter(|line| !got.contains(line)) {
        text.push_str(&format!("  wanted, not reported: {line}\n"));
    }
    for line in got.iter().filter(|line| !want.contains(line)) {
        text.push_str(&format!("  reported, not wanted: {line}\n"));
    }
    text
}
