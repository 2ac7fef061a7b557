//! The promise of the gate, on small trees: what is spoiled is told, in its place, with the right name first.
//!
//! The same on trees of real size is `cargo test --test real`.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test may fail"
)]

#[path = "mutation/mod.rs"]
mod mutation;

use std::path::Path;

use mutation::tree::Base;
use mutation::{Effort, mutate};

const EFFORT: Effort = Effort { seed: 0x5EED, mutations: 600 };

fn holds_on(site: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sites").join(site);
    let base = Base::read(&root).unwrap_or_else(|error| panic!("{error}"));
    let score = mutate(&base, EFFORT);
    println!("{site}, {}", score.table());
    assert!(score.counted() >= 100, "too little was spoiled\n{}", score.table());
    assert!(score.shortfalls().is_empty(), "{:#?}\n{}", score.shortfalls(), score.table());
}

#[test]
fn a_site_in_php() {
    holds_on("shop");
}

#[test]
fn a_site_in_flask() {
    holds_on("notes");
}

#[test]
fn a_site_of_pages() {
    holds_on("pages");
}

#[test]
fn an_application_in_javascript() {
    holds_on("kiosk");
}

#[test]
fn documents() {
    holds_on("manual");
}

#[test]
fn an_application_in_ruby() {
    holds_on("press");
}

#[test]
fn programs_and_their_builds() {
    holds_on("depot");
}

#[test]
fn templates() {
    holds_on("gazette");
}

#[test]
fn what_controllers_render() {
    holds_on("clinic");
}

#[test]
fn manifests_and_frameworks() {
    holds_on("atelier");
}
