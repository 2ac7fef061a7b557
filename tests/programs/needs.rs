//! Tests that need a program: run where it is there, ignored by name where it is not.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

/// A test that runs these programs. Where one of them is absent the test is ignored and its name says which; where
/// programs are required it fails.
pub fn needs(
    programs: &'static [&'static str],
    name: &str,
    run: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    let absent: Vec<&str> = programs.iter().copied().filter(|program| find(program).is_none()).collect();
    if absent.is_empty() {
        return Trial::test(name, run);
    }
    let missing = absent.join(", ");
    let required = std::env::var_os("PREFLIGHT_PROGRAMS").is_some_and(|value| value == "required");
    let why = missing.clone();
    let trial = Trial::test(format!("{name} (needs {missing})"), move || Err(format!("{why} is not installed").into()));
    trial.with_ignored_flag(!required)
}

/// Where a program lies: in the folders of `PATH`, or in those that only an administrator has in it.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|file| Path::is_file(file))
}
