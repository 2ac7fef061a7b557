//! The README is run: its sessions, its help and its table are what the program says.
//!
//! `PREFLIGHT_BLESS=1 cargo test --test readme` rewrites them; what was rewritten is read before it is committed.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test may fail"
)]

#[path = "common/program.rs"]
mod program;

use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What the program answers to a line of a session, in the root of the repository.
fn answer(command: &str) -> String {
    let words: Vec<&str> = command.split_whitespace().skip(1).collect();
    let said = program::preflight(root(), &words);
    assert_eq!(said.err, "", "`{command}` complains");
    said.out
}

/// The README with every session and table as the program would have it.
fn rewritten(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out += &format!("{line}\n");
        if line == "```console" {
            let command = lines.next().and_then(|line| line.strip_prefix("$ ")).expect("a session opens with `$ `");
            out += &format!("$ {command}\n{}```\n", answer(command));
            lines.by_ref().find(|line| *line == "```").expect("a session is closed");
        } else if line == "<!-- languages -->" {
            out += &format!("{}<!-- /languages -->\n", answer("preflight languages"));
            lines.by_ref().find(|line| *line == "<!-- /languages -->").expect("the table is closed");
        }
    }
    out
}

#[test]
fn the_readme_says_what_the_program_says() {
    let path = root().join("README.md");
    let text = std::fs::read_to_string(&path).expect("there is a README");
    let want = rewritten(&text);
    if std::env::var_os("PREFLIGHT_BLESS").is_some() {
        std::fs::write(&path, want).expect("the README can be written");
        return;
    }
    for (is, should) in text.lines().zip(want.lines()) {
        assert_eq!(is, should, "run with PREFLIGHT_BLESS=1 and read what changed");
    }
    assert_eq!(text.len(), want.len());
}

#[test]
fn the_outage_exits_as_the_readme_says() {
    assert_eq!(program::preflight(root(), &["testdata/sites/outage"]).code, Some(1));
}

/// Its example of a configuration is one.
#[test]
fn the_configuration_in_the_readme_is_read() {
    let text = std::fs::read_to_string(root().join("README.md")).expect("there is a README");
    let config = text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("there is an example");
    let options = preflight::config::parse(config, &preflight::options::Place::default()).expect("it is right");
    assert_eq!((options.mounts.len(), options.allow.len(), options.document_roots.len()), (1, 1, 1));
}
