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
#[path = "programs/ansible_fix.rs"]
mod ansible_fix;
#[path = "programs/apache.rs"]
mod apache;
#[path = "programs/approval.rs"]
mod approval;
#[path = "programs/base.rs"]
mod base;
#[path = "programs/bash.rs"]
mod bash;
#[path = "common/case.rs"]
#[allow(dead_code, reason = "only the trees of the cases are wanted here")]
mod case;
#[path = "mutation/draw.rs"]
#[allow(dead_code, reason = "not every kind of choice is wanted here")]
mod choice;
#[path = "programs/composer.rs"]
mod composer;
#[path = "programs/django.rs"]
mod django;
#[path = "programs/draw.rs"]
mod draw;
#[path = "programs/git_mv.rs"]
mod git_mv;
#[path = "programs/jinja.rs"]
mod jinja;
#[path = "programs/loaded.rs"]
mod loaded;
#[path = "programs/modules.rs"]
mod modules;
#[path = "programs/needs.rs"]
mod needs;
#[path = "programs/nginx.rs"]
mod nginx;
#[path = "programs/patch.rs"]
mod patch;
#[path = "programs/php.rs"]
mod php;
#[path = "programs/pipeline.rs"]
mod pipeline;
#[path = "programs/plans.rs"]
mod plans;
#[path = "programs/puppet.rs"]
mod puppet;
#[path = "programs/puppet_fix.rs"]
mod puppet_fix;
#[path = "programs/release.rs"]
mod release;
#[path = "programs/ruby.rs"]
mod ruby;
#[path = "programs/sheets.rs"]
mod sheets;
#[path = "programs/shell.rs"]
mod shell;
#[path = "programs/ships.rs"]
mod ships;
#[path = "programs/signoff.rs"]
mod signoff;
#[path = "programs/systemd.rs"]
mod systemd;
#[path = "programs/twig.rs"]
mod twig;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = [
        ansible::trials(),
        ansible_fix::trials(),
        apache::trials(),
        approval::trials(),
        base::trials(),
        bash::trials(),
        composer::trials(),
        django::trials(),
        git_mv::trials(),
        jinja::trials(),
        modules::trials(),
        nginx::trials(),
        patch::trials(),
        php::trials(),
        pipeline::trials(),
        puppet::trials(),
        puppet_fix::trials(),
        release::trials(),
        ruby::trials(),
        sheets::trials(),
        shell::trials(),
        ships::trials(),
        signoff::trials(),
        systemd::trials(),
        twig::trials(),
    ];
    libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit_code()
}
