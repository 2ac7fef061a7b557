//! Who wrote a waiver, as git has it, who reviewed it, as the forge has it, and where it is read where it does not
//! ship.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::needs::needs;
use crate::signoff::{RULES, fails, git, preflight, repository, sign, waive};

pub fn trials() -> Vec<Trial> {
    const PROGRAMS: &[&str] = &["git", "ssh-keygen"];
    vec![
        needs(PROGRAMS, "approval/lines", lines),
        needs(PROGRAMS, "approval/authors", authors),
        needs(PROGRAMS, "approval/reviews", reviews),
        needs(PROGRAMS, "approval/kept-out", kept_out),
    ]
}

/// The waiver without signatures.
fn text(folder: &Path, print: &str) -> Result<String, Failed> {
    waive(folder, print, "bob")?;
    let text = std::fs::read_to_string(folder.join("preflight-waivers.toml"))?;
    Ok(text.split("signatures").next().unwrap_or_default().to_owned())
}

fn rules(folder: &Path, more: &str) -> Result<(), Failed> {
    std::fs::write(folder.join("preflight.toml"), format!("{RULES}{more}"))?;
    git(folder, "a", &["add", "preflight.toml"])?;
    git(folder, "a", &["commit", "-q", "--allow-empty", "-m", "rules"]).map(drop)
}

fn commit(folder: &Path, person: &str, message: &str, text: &str) -> Result<(), Failed> {
    std::fs::write(folder.join("preflight-waivers.toml"), text)?;
    git(folder, person, &["add", "preflight-waivers.toml"])?;
    git(folder, person, &["commit", "-q", "-m", message]).map(drop)
}

fn want(folder: &Path, refused: bool, more: &[&str], what: &str) -> Result<(), Failed> {
    let trusted = [&["--trust", "HEAD"][..], more].concat();
    if fails(folder, &trusted)? == refused { Ok(()) } else { Err(format!("{what}: refused is not {refused}").into()) }
}

fn lines() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let text = text(folder, &repository(folder)?)?;
    rules(folder, "accept = \"git-lines\"\n")?;
    commit(folder, "jane", "waive", &text)?;
    want(folder, true, &[], "one author")?;
    commit(folder, "bob", "shorter", &text.replace("2026-12-30", "2026-12-29"))?;
    want(folder, false, &[], "two authors")?;
    let approved = "waive\n\nApproved-by: Bob <bob@example.org>";
    commit(folder, "jane", approved, &format!("{text}# again\n").replace("W-7", "W-8"))?;
    want(folder, false, &[], "an author and a trailer")?;
    std::fs::write(folder.join("preflight-waivers.toml"), format!("# moved\n{text}"))?;
    want(folder, true, &[], "a file that was never committed")
}

fn authors() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let text = text(folder, &repository(folder)?)?;
    commit(folder, "ann", "waive", &text)?;
    rules(folder, "accept = \"names\"\nauthor-may-not-approve = true\n")?;
    want(folder, false, &[], "somebody else wrote it")?;
    commit(folder, "bob", "longer", &text.replace("2026-12-30", "2026-12-31"))?;
    want(folder, true, &[], "an author of the waiver approves")?;
    commit(folder, "ann", "none", "")?;
    commit(folder, "ann", "waive\n\nCo-authored-by: B <bob@example.org>", &text)?;
    want(folder, true, &[], "an author beside another approves")?;
    commit(folder, "ann", "none", "")?;
    commit(folder, "ann", "waive", &text)?;
    want(folder, false, &[], "somebody else wrote it anew")?;
    std::fs::write(folder.join("a.php"), "<?php  require __DIR__ . '/gone.php';\n")?;
    git(folder, "jane", &["commit", "-q", "-a", "-m", "blank"])?;
    want(folder, true, &[], "an author of the reference approves")
}

fn reviews() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let text = text(folder, &repository(folder)?)?;
    commit(folder, "ann", "waive", &text)?;
    rules(folder, "accept = \"forge\"\n")?;
    let head = git(folder, "a", &["rev-parse", "HEAD"])?.trim().to_owned();
    let reviews = tempfile::NamedTempFile::new()?;
    let file = reviews.path().display().to_string();
    let tell = |second: &str, state: &str, repository: &str, of: &str| {
        let review = |who: &str, state: &str| {
            format!(r#"{{"reviewer": "{who}@example.org", "state": "{state}", "commit": "{of}"}}"#)
        };
        let all = format!("{}, {}", review("jane", "approved"), review(second, state));
        std::fs::write(&file, format!(r#"{{"repository": "{repository}", "commit": "{of}", "reviews": [{all}]}}"#))
    };
    for (second, state, refused) in [
        ("bob", "APPROVED", false),
        ("bob", "DISMISSED", true),
        ("eve", "APPROVED", true),
        ("jane+1", "APPROVED", true),
    ] {
        tell(second, state, "example/shop", &head)?;
        want(folder, refused, &["--reviews", &file], &format!("{second}, {state}"))?;
    }
    let trouble = |what: &str| -> Result<(), Failed> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_preflight"));
        let code =
            command.args(["--trust", "HEAD", "--reviews", &file, "."]).current_dir(folder).output()?.status.code();
        if code == Some(2) { Ok(()) } else { Err(format!("{what}: {code:?}").into()) }
    };
    tell("bob", "APPROVED", "example/other", &head)?;
    trouble("reviews of another repository")?;
    tell("bob", "APPROVED", "example/shop", &"0".repeat(40))?;
    trouble("reviews of another commit")?;
    tell("bob", "APPROVED", "example/shop", &head)?;
    std::fs::write(folder.join("preflight-waivers.toml"), text.replace("2026-12-30", "2026-12-31"))?;
    trouble("a waiver that is not in the commit")
}

/// A waiver file that does not ship is read where it lies.
fn kept_out() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let print = repository(folder)?;
    waive(folder, &print, "bob")?;
    sign(folder, "jane", "jane", "preflight-waiver")?;
    sign(folder, "bob", "bob", "preflight-waiver")?;
    std::fs::write(
        folder.join(".gitattributes"),
        "/*.toml export-ignore\n*.sig export-ignore\n/Dockerfile export-ignore\n",
    )?;
    std::fs::write(folder.join("Dockerfile"), "FROM php:8\nWORKDIR /srv\nCOPY a.php ./\n")?;
    git(folder, "a", &["add", "-A", "."])?;
    git(folder, "a", &["commit", "-q", "-m", "waive"])?;
    let out = tempfile::tempdir()?;
    let archive = out.path().join("shop.tar").display().to_string();
    git(folder, "a", &["archive", "-o", &archive, "HEAD"])?;
    let mut wrong = Vec::new();
    for (arguments, refused) in [
        (&["--view", "git", "."][..], false),
        (&["--view", "docker", "."], false),
        (&[&archive, "--source", "."], false),
        (&[&archive], true),
    ] {
        let all = [arguments, &["--today", "2026-11-20", "--format", "concise", "--trust", "HEAD"]].concat();
        let said = preflight(folder, &all)?;
        let differs = said.contains("error[missing-file]") != refused;
        wrong.extend(differs.then(|| format!("{arguments:?}: {said}")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}
