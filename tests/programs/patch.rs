//! Emitted patches, put to `git apply` and to GNU patch: exactly the intended change, and nothing the second time.

use std::path::Path;
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};
use preflight::fix::emitter;

use crate::needs::needs;
use crate::plans::{self, Names};

const SEED: u64 = 0xA11;
const CASES: u64 = 400;

/// Each program over drawn plans, and over the outage.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["git"], "patch/git-apply", || drawn(git_apply)),
        needs(&["patch"], "patch/gnu-patch", || drawn(gnu_patch)),
        needs(&["git"], "patch/git-apply-outage", || outage(git_apply)),
        needs(&["patch"], "patch/gnu-patch-outage", || outage(gnu_patch)),
        needs(&["git"], "patch/survives-trimming", trimmed),
    ]
}

type Program = fn(&Path, &Path) -> std::io::Result<Output>;

fn git_apply(folder: &Path, patch: &Path) -> std::io::Result<Output> {
    Command::new("git").args(["apply", "-p1"]).arg(patch).current_dir(folder).output()
}

fn gnu_patch(folder: &Path, patch: &Path) -> std::io::Result<Output> {
    // Without `--forward` and `--force` a patch that is there already would be taken back.
    let options = ["-p1", "--forward", "--force", "--fuzz=0", "--reject-file=-", "--no-backup-if-mismatch", "-i"];
    Command::new("patch").args(options).arg(patch).current_dir(folder).output()
}

fn drawn(program: Program) -> Result<(), Failed> {
    let mut whole = 0;
    for seed in SEED..SEED + CASES {
        let drawn = plans::draw(seed, Names::Bytes, false);
        let emitted = (emitter("patch").ok_or("no emitter")?.write)(&drawn.plan);
        if drawn.plan.is_empty() || !emitted.refusals.is_empty() {
            continue;
        }
        whole += 1;
        let (folder, scratch) = (tempfile::tempdir()?, tempfile::tempdir()?);
        plans::build(folder.path(), &drawn.before)?;
        let patch = scratch.path().join("fix.patch");
        std::fs::write(&patch, &emitted.text)?;
        let said = program(folder.path(), &patch)?;
        let about = format!(
            "seed {seed}: {:?}\n{}{}\n{}",
            said.status,
            String::from_utf8_lossy(&said.stdout),
            String::from_utf8_lossy(&said.stderr),
            emitted.text.escape_ascii().to_string().replace("\\n", "\n"),
        );
        plans::compare(folder.path(), &drawn.after, &about)?;
        program(folder.path(), &patch)?;
        plans::compare(folder.path(), &drawn.after, &format!("the second time, {about}"))?;
    }
    if whole * 10 < CASES * 8 { Err(format!("only {whole} of {CASES} were tried").into()) } else { Ok(()) }
}

fn outage(program: Program) -> Result<(), Failed> {
    for (name, tree) in plans::outages()? {
        let (folder, scratch) = (tempfile::tempdir()?, tempfile::tempdir()?);
        plans::build(folder.path(), &tree)?;
        let patch = scratch.path().join("fix.patch");
        std::fs::write(&patch, plans::emitted(folder.path(), "patch")?)?;
        program(folder.path(), &patch)?;
        plans::is_clean(folder.path(), &name)?;
        let mended = plans::read(folder.path())?;
        program(folder.path(), &patch)?;
        plans::compare(folder.path(), &mended, &name)?;
    }
    Ok(())
}

/// Mail and editors trim lines; the blank at the end of a name is not one of those that go.
fn trimmed() -> Result<(), Failed> {
    let site = plans::outages()?.into_iter().find(|(name, _)| name == "sites/outage").ok_or("no site")?.1;
    let (folder, scratch) = (tempfile::tempdir()?, tempfile::tempdir()?);
    plans::build(folder.path(), &site)?;
    let text = String::from_utf8(plans::emitted(folder.path(), "patch")?)?;
    let trimmed: String = text.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let patch = scratch.path().join("fix.patch");
    std::fs::write(&patch, trimmed)?;
    git_apply(folder.path(), &patch)?;
    plans::is_clean(folder.path(), "trimmed")
}
