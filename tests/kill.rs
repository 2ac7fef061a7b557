//! `kill -9` at random moments while `preflight fix --apply` writes: every file is the old one or the new one, none
//! is torn and none is lost, and the next run ends the work.
//!
//! The seed is fixed; the moments are spread over the time that an undisturbed run takes. `PREFLIGHT_KILLS` sets how
//! many runs are killed.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test may fail"
)]

#[path = "mutation/draw.rs"]
#[allow(dead_code, reason = "not every kind of choice is wanted here")]
mod draw;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use draw::Draw;

/// Runs that are killed where nothing else is said.
const KILLS: usize = 300;
/// Longest that all of them may take.
const PATIENCE: Duration = Duration::from_secs(90);
/// Files with a misspelled include, and files with a blank at the end of their name.
const FILES: usize = 48;

type Files = BTreeMap<String, Vec<u8>>;

/// Sources that are large enough to be torn, before and after, and the renames among them.
fn tree() -> (Files, Files) {
    let (mut before, mut after) = (Files::new(), Files::new());
    let padding = "// nothing to see here\n".repeat(2_000);
    for at in 0..FILES {
        let source = |name: &str| format!("<?php\n{padding}require __DIR__ . '/{name}';\n{padding}").into_bytes();
        after.insert(format!("page{at}.php"), source(&format!("lib{at}.php")));
        let spoiled = if at % 4 == 0 { format!("lib{at}.php ") } else { format!("lib{at}.php") };
        let asked = if at % 4 == 0 { format!("lib{at}.php") } else { format!("lib{at}.phpp") };
        before.insert(format!("page{at}.php"), source(&asked));
        before.insert(spoiled, b"<?php\n".to_vec());
        after.insert(format!("lib{at}.php"), b"<?php\n".to_vec());
    }
    (before, after)
}

fn start(folder: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_preflight"));
    command.args(["fix", "--apply", "-j", "1"]).arg(folder);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
}

fn read(folder: &Path) -> Files {
    let entries = std::fs::read_dir(folder).expect("the folder can be listed").map(|entry| entry.expect("an entry"));
    let file = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().expect("its name is UTF-8");
        (name, std::fs::read(entry.path()).expect("it can be read"))
    };
    entries.map(file).collect()
}

#[test]
fn no_file_is_ever_torn() {
    let kills = std::env::var("PREFLIGHT_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let (before, after) = tree();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let renew = || {
        read(folder.path()).keys().for_each(|name| std::fs::remove_file(folder.path().join(name)).expect("it goes"));
        before.iter().for_each(|(name, bytes)| std::fs::write(folder.path().join(name), bytes).expect("it is written"));
    };
    renew();
    let began = Instant::now();
    assert!(start(folder.path()).wait().expect("it ends").success());
    let whole = began.elapsed();
    assert_eq!(read(folder.path()), after, "an undisturbed run mends everything");

    let (mut draw, mut states) = (Draw::new(0xDEAD), BTreeSet::new());
    renew();
    for run in 0..kills {
        if began.elapsed() > PATIENCE {
            eprintln!("the time was up after {run} of {kills} runs");
            break;
        }
        let mut child = start(folder.path());
        let nanoseconds = usize::try_from(whole.as_nanos()).unwrap_or(usize::MAX);
        std::thread::sleep(Duration::from_nanos(draw.below(nanoseconds.max(1)) as u64));
        let _ = child.kill();
        child.wait().expect("it ends");
        let there = read(folder.path());
        is_whole(&there, &before, &after);
        states.insert(there.iter().filter(|(name, bytes)| after.get(*name) == Some(bytes)).count());
        // Half of the runs go on from where the last one was killed.
        if draw.below(2) == 0 || there == after {
            renew();
        }
    }
    eprintln!("seen after a kill: {} different states", states.len());
    assert!(states.len() > 5, "the kills came before anything was written, or after everything was: {states:?}");
    assert!(start(folder.path()).wait().expect("it ends").success());
    assert_eq!(read(folder.path()), after, "the next run ends the work and leaves nothing behind");
}

/// Each file stands under its old name or its new one, with its old bytes or its new ones.
fn is_whole(there: &Files, before: &Files, after: &Files) {
    for (name, bytes) in there.iter().filter(|(name, _)| *name != ".preflight-fix.tmp") {
        let known = [before.get(name), after.get(name)].contains(&Some(bytes));
        assert!(known, "`{name}` is torn: {} bytes", bytes.len());
    }
    for name in after.keys() {
        let old = format!("{name} ");
        let places = [name, &old].into_iter().filter(|name| there.contains_key(*name)).count();
        assert_eq!(places, 1, "`{name}` is there once, under one of its names");
    }
}
