//! Waivers that `ssh-keygen -Y sign` signs: two people's signatures excuse an error, and what an attacker can do with
//! signatures, keys and names does not.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::needs::needs;

pub fn trials() -> Vec<Trial> {
    vec![needs(&["git", "ssh-keygen"], "signoff/ssh-keygen", signatures)]
}

/// The kinds of keys, each with the person who holds it.
const PEOPLE: [(&str, &str); 3] = [("jane", "ed25519"), ("bob", "ecdsa"), ("eve", "rsa")];

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<String, Failed> {
    let output = Command::new(program).args(arguments).current_dir(folder).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn preflight(folder: &Path, arguments: &[&str]) -> Result<String, Failed> {
    run(folder, env!("CARGO_BIN_EXE_preflight"), arguments)
}

/// A repository whose error two people are to waive; its fingerprint.
fn repository(folder: &Path) -> Result<String, Failed> {
    std::fs::write(folder.join("a.php"), "<?php require __DIR__ . '/gone.php';\n")?;
    std::fs::write(folder.join("preflight.toml"), "[signoff]\nrepository = \"example/shop\"\nmax-days = 90\n")?;
    let mut signers = String::new();
    for (person, kind) in PEOPLE {
        run(folder, "ssh-keygen", &["-q", "-t", kind, "-N", "", "-C", "x", "-f", &format!(".git-{person}")])?;
        signers +=
            &format!("{person}@example.org {}", std::fs::read_to_string(folder.join(format!(".git-{person}.pub")))?);
    }
    std::fs::write(folder.join("allowed_signers"), signers)?;
    run(folder, "git", &["init", "-q"])?;
    run(folder, "git", &["add", "-A"])?;
    run(folder, "git", &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "base"])?;
    let report: serde_json::Value = serde_json::from_str(&preflight(folder, &["--format", "json", "."])?)?;
    let print = report["diagnostics"][0]["fingerprint"].as_str().ok_or("no finding")?;
    Ok(print.to_owned())
}

fn waive(folder: &Path, print: &str, second: &str) -> Result<(), Failed> {
    let text = format!(
        "[[waiver]]\nid = \"W-7\"\nfinding = \"{print}\"\ncode = \"missing-file\"\nfile = \"a.php\"\n\
         reason = \"made by the installer on its first run\"\ncreated = 2026-11-01\nexpires = 2026-12-30\n\
         approvers = [\"jane@example.org\", \"{second}@example.org\"]\nsignatures = [\"jane.sig\", \"{second}.sig\"]\n"
    );
    Ok(std::fs::write(folder.join("preflight-waivers.toml"), text)?)
}

/// `person` signs what is printed, with the key of `holder`.
fn sign(folder: &Path, person: &str, holder: &str, namespace: &str) -> Result<(), Failed> {
    std::fs::write(folder.join("text"), preflight(folder, &["signoff", "waiver", "W-7"])?)?;
    let _ = std::fs::remove_file(folder.join("text.sig"));
    run(folder, "ssh-keygen", &["-q", "-Y", "sign", "-n", namespace, "-f", &format!(".git-{holder}"), "text"])?;
    Ok(std::fs::rename(folder.join("text.sig"), folder.join(format!("{person}.sig")))?)
}

/// Whether the error still counts, two months before the waiver ends.
fn fails(folder: &Path, more: &[&str]) -> Result<bool, Failed> {
    let today = ["--today", "2026-11-20", "--format", "concise", "."];
    Ok(preflight(folder, &[&today[..], more].concat())?.contains("error[missing-file]"))
}

fn signatures() -> Result<(), Failed> {
    const OURS: &str = "preflight-waiver";
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let print = repository(folder)?;
    let trusted: &[&str] = &["--trust", "HEAD"];
    let mut wrong = Vec::new();
    for second in ["bob", "eve"] {
        waive(folder, &print, second)?;
        sign(folder, "jane", "jane", OURS)?;
        sign(folder, second, second, OURS)?;
        let excused = !fails(folder, trusted)?;
        wrong.extend((!excused).then(|| format!("{second}'s right signature is refused")));
        wrong.extend((!fails(folder, &[])?).then(|| "it counts without a trusted revision".to_owned()));
    }
    for (holder, namespace, attack) in
        [("jane", OURS, "one key for two names"), ("eve", "file", "a signature made for something else")]
    {
        sign(folder, "eve", holder, namespace)?;
        wrong.extend((!fails(folder, trusted)?).then(|| format!("{attack} counts")));
    }
    sign(folder, "eve", "eve", OURS)?;
    let text = std::fs::read_to_string(folder.join("preflight-waivers.toml"))?;
    std::fs::write(folder.join("preflight-waivers.toml"), text.replace("installer", "attacker"))?;
    wrong.extend((!fails(folder, trusted)?).then(|| "a reason that was changed afterwards counts".to_owned()));
    let key = std::fs::read_to_string(folder.join(".git-eve.pub"))?;
    let signers = std::fs::read_to_string(folder.join("allowed_signers"))?;
    std::fs::write(folder.join("allowed_signers"), format!("{signers}mallory@example.org {key}"))?;
    waive(folder, &print, "mallory")?;
    sign(folder, "jane", "jane", OURS)?;
    sign(folder, "mallory", "eve", OURS)?;
    wrong.extend((!fails(folder, trusted)?).then(|| "a signer whom the change itself adds counts".to_owned()));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}
