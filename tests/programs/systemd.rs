//! systemd's own word against preflight's, over generated units.
//!
//! What `systemd-analyze verify` opens: the program of every command, by its absolute path. It opens no other name: a
//! unit whose directories, environment and credentials are all absent is valid.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::Listed;
use preflight::diagnostic::Certainty;
use preflight::options::Options;
use preflight::project::Mount;
use preflight::resolve::Resolution;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::needs::needs;

/// Units that are verified.
const CASES: usize = 300;

/// Programs of the tree.
const PROGRAMS: [&str; 6] =
    ["bin/run.sh", "bin/odd.sh ", "bin/spaced name", "bin/sub/deep-job", "jobs/Mixed.py", "jobs/it's"];
/// Keys with a command.
const COMMANDS: [&str; 6] = ["ExecReload", "ExecStart", "ExecStartPost", "ExecStartPre", "ExecStop", "ExecStopPost"];
/// Lines whose names `verify` leaves alone; `@` stands for the name.
const OTHERS: [&str; 5] =
    ["EnvironmentFile=@", "WorkingDirectory=@", "BindPaths=@:/x", "LoadCredential=x:@", "ReadOnlyPaths=@"];

/// What it opens, and what it does not.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["systemd-analyze"], "systemd/programs are looked for by verify", looks),
        needs(&["systemd-analyze"], "systemd/nothing else is", leaves),
    ]
}

/// A command in one of the ways to write it.
fn command(draw: &mut Draw, folder: &Path) -> String {
    let name = draw.of(&PROGRAMS);
    let name = draw.spoiled(name);
    let path = format!("{}/{}", folder.display(), draw.detour(&name));
    let plain = !path.contains([' ', '\'']);
    let written = match draw.below(3) {
        0 if plain => path,
        1 if !path.contains('\'') => format!("'{path}'"),
        _ => format!("\"{path}\""),
    };
    let prefix = draw.of(&["", "", "+", "!"]);
    let arguments = draw.of(&["", " --flag", " a 'b c' \"d\"", " \\\n    more"]);
    format!("{prefix}{written}{arguments}")
}

fn tree() -> Result<tempfile::TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    for program in PROGRAMS {
        let path = folder.path().join(program);
        std::fs::create_dir_all(path.parent().unwrap())?;
        std::fs::write(&path, "#!/bin/sh\n")?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(folder)
}

/// The units that systemd refuses, by their numbers.
fn refused(folder: &Path, units: usize) -> Result<BTreeSet<usize>, Failed> {
    let names = (0..units).map(|unit| format!("./case-{unit}.service"));
    let run = Command::new("systemd-analyze").args(["verify", "--man=no"]).args(names).current_dir(folder).output()?;
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    let refused = said.lines().filter(|line| line.contains("is not executable"));
    let number = |line: &str| line.strip_prefix("case-")?.split('.').next()?.parse().ok();
    Ok(refused.filter_map(number).collect())
}

/// What preflight makes of the units, where the folder is mounted at its own place.
fn told(folder: &Path) -> Vec<Listed> {
    let server = folder.to_str().unwrap().as_bytes().to_vec();
    let mount = Mount { server, tree: Vec::new(), certainty: Certainty::Certain };
    let options = Options { mounts: vec![mount], ..Options::default() };
    preflight::references(&Directory::new(folder.to_path_buf(), 1), &options)
}

fn looks() -> Result<(), Failed> {
    let folder = tree()?;
    let mut draw = Draw(17);
    let mut lines = Vec::new();
    for unit in 0..CASES {
        let key = draw.of(&COMMANDS);
        let line = format!("{key}={}", command(&mut draw, folder.path()));
        let start = if key == "ExecStart" { "" } else { "ExecStart=/bin/true\n" };
        let text = format!("[Service]\nType=oneshot\n{start}{line}\n");
        std::fs::write(folder.path().join(format!("case-{unit}.service")), text)?;
        lines.push(line);
    }
    let refused = refused(folder.path(), CASES)?;
    let mut wrong = String::new();
    let (mut found, mut missing) = (0, 0);
    for one in told(folder.path()) {
        let file = String::from_utf8_lossy(&one.file).into_owned();
        let number = file.strip_prefix("case-").and_then(|rest| rest.strip_suffix(".service"));
        let Some(unit) = number.and_then(|number| number.parse::<usize>().ok()) else { continue };
        let agrees = match one.resolution {
            Resolution::Found(_) => {
                found += 1;
                !refused.contains(&unit)
            }
            Resolution::Missing(_) => {
                missing += 1;
                refused.contains(&unit)
            }
            _ => true,
        };
        if !agrees {
            writeln!(wrong, "{}\n  refused: {}", lines[unit], refused.contains(&unit))?;
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    if found < CASES / 4 || missing < CASES / 4 {
        return Err(format!("too few are decided: {found} found, {missing} missing").into());
    }
    Ok(())
}

fn leaves() -> Result<(), Failed> {
    let folder = tree()?;
    let absent = folder.path().join("gone").display().to_string();
    for (unit, line) in OTHERS.iter().enumerate() {
        let text = format!("[Service]\nExecStart=/bin/true\n{}\n", line.replace('@', &absent));
        std::fs::write(folder.path().join(format!("case-{unit}.service")), text)?;
    }
    let refused = refused(folder.path(), OTHERS.len())?;
    let missing = told(folder.path()).iter().filter(|one| matches!(one.resolution, Resolution::Missing(_))).count();
    if refused.is_empty() && missing == OTHERS.len() {
        return Ok(());
    }
    Err(format!("refused: {refused:?}; preflight calls {missing} of {} missing", OTHERS.len()).into())
}
