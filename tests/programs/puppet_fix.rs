//! Emitted Puppet classes, applied: exactly the intended change, and nothing the second time.
//!
//! Puppet takes seconds to start, so that many plans are classes of one manifest.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::fix::emitter;

use crate::needs::needs;
use crate::plans::{self, Names};

const SEED: u64 = 0x9099;
const CASES: u64 = 60;

/// Drawn plans, what cannot be said, and the outage.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["puppet"], "puppet-fix/apply", drawn),
        needs(&["puppet"], "puppet-fix/apply-outage", outage),
        Trial::test("puppet-fix/refuses-bytes", refuses_bytes),
    ]
}

/// Applies a manifest; whether it changed anything.
fn apply(manifest: &str, scratch: &Path) -> Result<bool, Failed> {
    let file = scratch.join("fix.pp");
    std::fs::write(&file, manifest)?;
    let places = ["--vardir", "--confdir"].map(|place| [place.into(), scratch.join(&place[2..]).into_os_string()]);
    let said = Command::new("puppet")
        .args(["apply", "--detailed-exitcodes", "--color=false"])
        .args(places.as_flattened())
        .arg(&file)
        .output()?;
    match said.status.code() {
        Some(0) => Ok(false),
        Some(2) => Ok(true),
        code => {
            let text = [said.stdout.as_slice(), said.stderr.as_slice()].concat();
            Err(format!("exit {code:?}: {}\n{manifest}", String::from_utf8_lossy(&text)).into())
        }
    }
}

/// A class under a name and with titles of its own, and its declaration.
fn declared(class: &str, number: usize, root: &Path) -> String {
    let class = class.replace("class preflight_fix (", &format!("class preflight_fix_{number} ("));
    let class = class.replace("exec { 'preflight-", &format!("exec {{ 'preflight-{number}-"));
    format!("{class}class {{ 'preflight_fix_{number}': root => '{}' }}\n", root.display())
}

fn drawn() -> Result<(), Failed> {
    let (scratch, mut manifest, mut all) = (tempfile::tempdir()?, String::new(), Vec::new());
    for seed in SEED..SEED + CASES {
        let drawn = plans::draw(seed, Names::Text, true);
        let emitted = (emitter("puppet").ok_or("no emitter")?.write)(&drawn.plan);
        if drawn.plan.is_empty() || !emitted.refusals.is_empty() {
            continue;
        }
        let folder = tempfile::tempdir()?;
        plans::build(folder.path(), &drawn.before)?;
        manifest += &declared(&String::from_utf8(emitted.text)?, all.len(), folder.path());
        all.push((seed, folder, drawn.after));
    }
    for changes in [true, false] {
        if apply(&manifest, scratch.path())? != changes {
            return Err(format!("puppet changed something: {}", !changes).into());
        }
        for (seed, folder, after) in &all {
            plans::compare(folder.path(), after, &format!("seed {seed}\n{manifest}"))?;
        }
    }
    let enough = all.len() as u64 * 10 >= CASES * 7;
    if enough { Ok(()) } else { Err(format!("only {} of {CASES} were tried", all.len()).into()) }
}

fn outage() -> Result<(), Failed> {
    let (scratch, mut manifest, mut all) = (tempfile::tempdir()?, String::new(), Vec::new());
    for (name, tree) in plans::outages()? {
        let folder = tempfile::tempdir()?;
        plans::build(folder.path(), &tree)?;
        let class = String::from_utf8(plans::emitted(folder.path(), "puppet")?)?;
        manifest += &declared(&class, all.len(), folder.path());
        all.push((name, folder));
    }
    for changes in [true, false] {
        if apply(&manifest, scratch.path())? != changes {
            return Err(format!("puppet changed something: {}", !changes).into());
        }
        all.iter().try_for_each(|(name, folder)| plans::is_clean(folder.path(), name))?;
    }
    Ok(())
}

/// No Puppet string holds a name that is not UTF-8; what can be said still is.
fn refuses_bytes() -> Result<(), Failed> {
    let plans = (SEED..SEED + CASES).map(|seed| plans::draw(seed, Names::Bytes, true).plan);
    let bad = |plan: &preflight::fix::Plan| {
        plan.renames
            .iter()
            .filter(|one| std::str::from_utf8(&one.from).is_err() || std::str::from_utf8(&one.to).is_err())
            .count()
    };
    let mut seen = 0;
    for plan in plans {
        let emitted = (emitter("puppet").ok_or("no emitter")?.write)(&plan);
        seen += bad(&plan);
        std::str::from_utf8(&emitted.text)?;
        if emitted.refusals.len() < bad(&plan) {
            return Err("a name was neither said nor refused".into());
        }
    }
    if seen > 10 { Ok(()) } else { Err("no such name was drawn".into()) }
}
