//! What needs programs beyond Rust: preflight's word against that of the real servers, shells and tools.
//!
//! `cargo test --test programs`. A test whose program is absent is reported as ignored, with the program's name, and
//! never as passed; with `PREFLIGHT_PROGRAMS=required`, as in `.ci/run` after it has installed them, it fails.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test may fail"
)]

#[path = "programs/ansible.rs"]
mod ansible;
#[path = "programs/draw.rs"]
mod draw;
#[path = "programs/needs.rs"]
mod needs;
#[path = "programs/php.rs"]
mod php;
#[path = "programs/puppet.rs"]
mod puppet;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = [ansible::trials(), php::trials(), puppet::trials()];
    libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit_code()
}
