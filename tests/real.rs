//! What needs trees of real size: `PREFLIGHT_TREES=DIR cargo test --features real-trees --test real`.
//!
//! `DIR` holds unpacked Debian packages, each in a folder of its package's name; `.ci/run` fetches them. A tree
//! that is not there fails its tests: nothing here passes by being skipped.

#[path = "mutation/mod.rs"]
mod mutation;

use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use mutation::tree::Base;
use mutation::{Effort, mutate};

/// Name of the test, folder below the trees, mutations.
const TREES: [(&str, &str, usize); 3] = [
    ("wordpress", "wordpress/usr/share/wordpress", 3_000),
    ("phpmyadmin", "phpmyadmin/usr/share/phpmyadmin", 3_000),
    ("flask-searx", "python3-searx/usr/lib/python3/dist-packages/searx", 2_000),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = TREES.map(|(name, folder, mutations)| {
        Trial::test(format!("mutation/{name}"), move || spoil(folder, Effort { seed: 0x5EED, mutations }))
    });
    libtest_mimic::run(&arguments, trials.into()).exit_code()
}

fn trees() -> Result<PathBuf, Failed> {
    match std::env::var_os("PREFLIGHT_TREES") {
        Some(folder) => Ok(folder.into()),
        None => Err("PREFLIGHT_TREES does not name the folder of the trees".into()),
    }
}

fn spoil(folder: &str, effort: Effort) -> Result<(), Failed> {
    let base = Base::read(&trees()?.join(folder))?;
    let score = mutate(&base, effort);
    eprintln!("{folder}, {}", score.table());
    match score.shortfalls() {
        short if short.is_empty() => Ok(()),
        short => Err(format!("{short:#?}").into()),
    }
}
