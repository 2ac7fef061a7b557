//! Emitted playbooks, run: exactly the intended change, and nothing the second time.
//!
//! Ansible takes long to start, so that many plans are plays of one playbook.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::fix::emitter;

use crate::needs::needs;
use crate::plans::{self, Names};

const SEED: u64 = 0xA5B1;
const CASES: u64 = 20;

/// Drawn plans, what cannot be said, and the outage.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["ansible-playbook"], "ansible-fix/play", drawn),
        needs(&["ansible-playbook"], "ansible-fix/play-outage", outage),
        Trial::test("ansible-fix/refuses-bytes", refuses_bytes),
    ]
}

/// Plays a playbook here; how many tasks changed something.
fn play(playbook: &str, scratch: &Path) -> Result<usize, Failed> {
    let file = scratch.join("fix.yml");
    std::fs::write(&file, playbook)?;
    let said = Command::new("ansible-playbook")
        .args(["-i", "localhost,", "-c", "local", "-e", "ansible_python_interpreter=/usr/bin/python3"])
        .envs([("ANSIBLE_NOCOLOR", "1"), ("ANSIBLE_PIPELINING", "1"), ("ANSIBLE_STDOUT_CALLBACK", "default")])
        .env("HOME", scratch)
        .current_dir(scratch)
        .arg(&file)
        .output()?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let changed = text.rsplit_once("changed=").and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
    match changed {
        Some(changed) if said.status.success() => Ok(changed),
        _ => Err(format!("{:?}: {text}{}\n{playbook}", said.status, String::from_utf8_lossy(&said.stderr)).into()),
    }
}

/// A play on a tree of its own.
fn on(play: Vec<u8>, root: &Path) -> Result<String, Failed> {
    let root = format!("  hosts: all\n  vars: {{preflight_root: '{}'}}\n", root.display());
    Ok(String::from_utf8(play)?.replace("  hosts: all\n", &root))
}

fn drawn() -> Result<(), Failed> {
    let (scratch, mut playbook, mut all) = (tempfile::tempdir()?, String::new(), Vec::new());
    for seed in SEED..SEED + CASES {
        let drawn = plans::draw(seed, Names::Text, true);
        let emitted = (emitter("ansible").ok_or("no emitter")?.write)(&drawn.plan);
        if drawn.plan.is_empty() || !emitted.refusals.is_empty() {
            continue;
        }
        let folder = tempfile::tempdir()?;
        plans::build(folder.path(), &drawn.before)?;
        playbook += &on(emitted.text, folder.path())?;
        all.push((seed, folder, drawn.after));
    }
    for first in [true, false] {
        let changed = play(&playbook, scratch.path())?;
        if first == (changed == 0) {
            return Err(format!("{changed} tasks changed something").into());
        }
        for (seed, folder, after) in &all {
            plans::compare(folder.path(), after, &format!("seed {seed}\n{playbook}"))?;
        }
    }
    let enough = all.len() as u64 * 10 >= CASES * 6;
    if enough { Ok(()) } else { Err(format!("only {} of {CASES} were tried", all.len()).into()) }
}

fn outage() -> Result<(), Failed> {
    let (scratch, mut playbook, mut all) = (tempfile::tempdir()?, String::new(), Vec::new());
    for (name, tree) in plans::outages()? {
        let folder = tempfile::tempdir()?;
        plans::build(folder.path(), &tree)?;
        playbook += &on(plans::emitted(folder.path(), "ansible")?, folder.path())?;
        all.push((name, folder));
    }
    for first in [true, false] {
        let changed = play(&playbook, scratch.path())?;
        if first == (changed == 0) {
            return Err(format!("{changed} tasks changed something").into());
        }
        all.iter().try_for_each(|(name, folder)| plans::is_clean(folder.path(), name))?;
    }
    Ok(())
}

/// What no YAML string holds is refused; what can be said still is.
fn refuses_bytes() -> Result<(), Failed> {
    let mut seen = 0;
    for seed in SEED..SEED + 60 {
        let plan = plans::draw(seed, Names::Bytes, true).plan;
        let bad =
            plan.renames.iter().filter(|one| [&one.from, &one.to].iter().any(|it| std::str::from_utf8(it).is_err()));
        let bad = bad.count();
        let emitted = (emitter("ansible").ok_or("no emitter")?.write)(&plan);
        seen += bad;
        if !emitted.text.is_ascii() && std::str::from_utf8(&emitted.text).is_err() || emitted.refusals.len() < bad {
            return Err(format!("seed {seed}: a name was neither said nor refused").into());
        }
    }
    if seen > 10 { Ok(()) } else { Err("no such name was drawn".into()) }
}
