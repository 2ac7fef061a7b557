//! Emitted scripts, run by dash: exactly the intended change, and nothing the second time.

use std::path::Path;
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};
use preflight::fix::emitter;

use crate::needs::needs;
use crate::plans::{self, Names, Tree};

const SEED: u64 = 0x5E11;
const CASES: u64 = 400;

/// Drawn plans, what must be refused, and the outage.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["dash"], "shell/dash", drawn),
        needs(&["dash"], "shell/dash-outage", outage),
        needs(&["dash"], "shell/refuses", refuses),
    ]
}

fn run(script: &[u8], folder: &Path) -> Result<Output, Failed> {
    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join("fix.sh");
    std::fs::write(&file, script)?;
    Ok(Command::new("dash").arg(&file).arg(folder).output()?)
}

/// Runs a script that must succeed.
fn succeed(script: &[u8], folder: &Path, about: &str) -> Result<(), Failed> {
    let said = run(script, folder)?;
    if said.status.success() {
        return Ok(());
    }
    let text = [script, b"\n", said.stdout.as_slice(), said.stderr.as_slice()].concat();
    Err(format!("{about}: {:?}\n{}", said.status, String::from_utf8_lossy(&text)).into())
}

fn drawn() -> Result<(), Failed> {
    let mut whole = 0;
    for seed in SEED..SEED + CASES {
        let drawn = plans::draw(seed, Names::Bytes, true);
        let emitted = (emitter("sh").ok_or("no emitter")?.write)(&drawn.plan);
        if drawn.plan.is_empty() || !emitted.refusals.is_empty() {
            continue;
        }
        whole += 1;
        let folder = tempfile::tempdir()?;
        plans::build(folder.path(), &drawn.before)?;
        for time in ["first", "second"] {
            succeed(&emitted.text, folder.path(), &format!("seed {seed}, {time} time"))?;
            plans::compare(folder.path(), &drawn.after, &format!("seed {seed}, {time} time"))?;
        }
    }
    if whole * 10 < CASES * 8 { Err(format!("only {whole} of {CASES} were tried").into()) } else { Ok(()) }
}

fn outage() -> Result<(), Failed> {
    for (name, tree) in plans::outages()? {
        let folder = tempfile::tempdir()?;
        plans::build(folder.path(), &tree)?;
        let script = plans::emitted(folder.path(), "sh")?;
        succeed(&script, folder.path(), &name)?;
        plans::is_clean(folder.path(), &name)?;
        let mended = plans::read(folder.path())?;
        succeed(&script, folder.path(), &name)?;
        plans::compare(folder.path(), &mended, &name)?;
    }
    Ok(())
}

/// On a server whose tree is another one, nothing is done.
fn refuses() -> Result<(), Failed> {
    let file = |bytes: &str| Some(bytes.as_bytes().to_vec());
    let index = "<?php require __DIR__ . '/lib.phpp'; require __DIR__ . '/b.php';\n";
    let tree: Tree = [("index.php", index), ("lib.php", "<?php\n"), ("b.php ", "<?php\n")]
        .map(|(path, bytes)| (path.as_bytes().to_vec(), file(bytes)))
        .into();
    let folder = tempfile::tempdir()?;
    plans::build(folder.path(), &tree)?;
    let script = plans::emitted(folder.path(), "sh")?;
    for (name, path, bytes) in [
        ("the file is another one", "index.php", "<?php require __DIR__ . '/lib.phpp'; // here\n"),
        ("the name is taken", "b.php", "<?php // mine\n"),
    ] {
        let other = tempfile::tempdir()?;
        let mut tree = tree.clone();
        tree.insert(path.as_bytes().to_vec(), file(bytes));
        plans::build(other.path(), &tree)?;
        let said = run(&script, other.path())?;
        if said.status.success() || !String::from_utf8_lossy(&said.stderr).contains("refuse: ") {
            return Err(format!("{name}: {said:?}").into());
        }
        let there = plans::read(other.path())?;
        if there.get(path.as_bytes()) != tree.get(path.as_bytes()) {
            return Err(format!("{name}: it was written to").into());
        }
    }
    Ok(())
}
