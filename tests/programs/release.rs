//! The sign-off of a release: two real signatures over what ships, and whatever is changed afterwards is refused.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::needs::needs;
use crate::signoff::{git, run};

pub fn trials() -> Vec<Trial> {
    const PROGRAMS: &[&str] = &["git", "ssh-keygen"];
    vec![needs(PROGRAMS, "release/signed", signed), needs(PROGRAMS, "release/which", which)]
}

const RULES: &str = "[signoff]\nrepository = \"example/shop\"\n";

/// A repository in `shop`, with a script that may be run and a link; the keys of two people lie beside it.
fn shop(above: &Path) -> Result<(), Failed> {
    let folder = above.join("shop");
    std::fs::create_dir(&folder)?;
    let mut signers = String::new();
    for person in ["jane", "bob", "eve"] {
        run(above, "ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", "x", "-f", person])?;
        let key = std::fs::read_to_string(above.join(format!("{person}.pub")))?;
        if person != "eve" {
            signers += &format!("{person}@example.org {key}");
        }
    }
    std::fs::write(folder.join("allowed_signers"), signers)?;
    std::fs::write(folder.join("preflight.toml"), RULES)?;
    std::fs::write(folder.join("index.php"), "<?php require __DIR__ . '/a.php';\n")?;
    std::fs::write(folder.join("a.php"), "<?php\n")?;
    std::fs::write(folder.join("run.sh"), "#!/bin/sh\n")?;
    run(&folder, "chmod", &["755", "run.sh"])?;
    std::os::unix::fs::symlink("a.php", folder.join("link.php"))?;
    run(&folder, "git", &["init", "-q"])?;
    git(&folder, "a", &["add", "-A"])?;
    git(&folder, "a", &["commit", "-q", "-m", "base"]).map(drop)
}

/// The status and what is said, in the repository.
fn preflight(above: &Path, arguments: &[&str]) -> Result<(Option<i32>, String), Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_preflight"));
    let said = command.args(arguments).current_dir(above.join("shop")).output()?;
    let text = [said.stdout, said.stderr].concat();
    Ok((said.status.code(), String::from_utf8_lossy(&text).into_owned()))
}

fn sign(above: &Path, person: &str, holder: &str, namespace: &str) -> Result<(), Failed> {
    std::fs::copy(above.join("statement"), above.join("text"))?;
    let _ = std::fs::remove_file(above.join("text.sig"));
    run(above, "ssh-keygen", &["-q", "-Y", "sign", "-n", namespace, "-f", holder, "text"])?;
    Ok(std::fs::rename(above.join("text.sig"), above.join(format!("{person}.sig")))?)
}

const OURS: &str = "preflight-release";
const SIGNED: [&str; 6] = ["--statement", "../statement", "--signature", "../jane.sig", "--signature", "../bob.sig"];

fn verify(above: &Path, path: &[&str], today: &str) -> Result<(Option<i32>, String), Failed> {
    let rest = ["--trust", "HEAD", "--today", today];
    preflight(above, &[&["signoff", "verify"], path, &SIGNED, &rest].concat())
}

fn create(above: &Path, more: &[&str]) -> Result<(Option<i32>, String), Failed> {
    let _ = std::fs::remove_file(above.join("statement"));
    let made = ["signoff", "create", "--output", "../statement", "--trust", "HEAD", "--today", "2026-11-20"];
    let made = preflight(above, &[&made, more].concat())?;
    sign(above, "jane", "jane", OURS)?;
    sign(above, "bob", "bob", OURS)?;
    Ok(made)
}

/// What can be done to a tree after it was signed, and what takes it back.
type Change = (&'static str, &'static [&'static str], &'static [&'static str]);

const CHANGES: [Change; 9] = [
    ("a byte", &["sh", "-c", "echo >>a.php"], &["git", "checkout", "-q", "."]),
    ("the right to run", &["chmod", "644", "run.sh"], &["chmod", "755", "run.sh"]),
    ("a bit of a mode", &["chmod", "4755", "run.sh"], &["chmod", "755", "run.sh"]),
    ("a name", &["mv", "run.sh", "run"], &["mv", "run", "run.sh"]),
    ("a blank in a name", &["mv", "run.sh", "run.sh "], &["mv", "run.sh ", "run.sh"]),
    ("a file more", &["touch", "new"], &["rm", "new"]),
    ("a folder more", &["mkdir", "new"], &["rmdir", "new"]),
    ("where a link leads", &["ln", "-snf", "index.php", "link.php"], &["ln", "-snf", "a.php", "link.php"]),
    (
        "a link in place of a file",
        &["sh", "-c", "cp a.php ../kept && ln -snf ../kept a.php"],
        &["git", "checkout", "-q", "."],
    ),
];

fn signed() -> Result<(), Failed> {
    let above = tempfile::tempdir()?;
    let above = above.path();
    shop(above)?;
    let mut wrong = Vec::new();
    let mut want = |code: i32, said: (Option<i32>, String), holds: &str, what: &str| {
        let as_wanted = said.0 == Some(code) && said.1.contains(holds);
        wrong.extend((!as_wanted).then(|| format!("{what}: {said:?}")));
    };
    want(0, create(above, &[])?, "", "a statement is made");
    let again = preflight(above, &["signoff", "create", "--output", "../statement", "--trust", "HEAD"])?;
    want(2, again, "already exists", "nothing is overwritten");
    let inside = preflight(above, &["signoff", "create", "--output", "s.json"])?;
    want(2, inside, "would lie in the tree", "it does not lie in the tree");
    want(0, verify(above, &["."], "2026-11-26")?, "signed off by jane@example.org and bob@example.org", "signed");
    want(1, verify(above, &["."], "2026-11-27")?, "it expired", "a week later");
    want(1, verify(above, &["."], "2026-11-19")?, "in the future", "a day before");
    want(1, verify(above, &["--exclude", "a.php", "."], "2026-11-20")?, "configuration", "another flag");
    for (what, change, back) in CHANGES {
        run(&above.join("shop"), change[0], &change[1..])?;
        want(1, verify(above, &["."], "2026-11-20")?, "the tree is not the one", what);
        run(&above.join("shop"), back[0], &back[1..])?;
        want(0, verify(above, &["."], "2026-11-20")?, "signed off", "taken back");
    }
    for (holder, namespace, what) in [
        ("jane", OURS, "one person twice"),
        ("eve", OURS, "somebody who may not"),
        ("bob", "preflight-waiver", "for something else"),
    ] {
        sign(above, "bob", holder, namespace)?;
        want(1, verify(above, &["."], "2026-11-20")?, "refused", what);
    }
    sign(above, "bob", "bob", OURS)?;
    let text = std::fs::read_to_string(above.join("statement"))?;
    for (from, to) in
        [("2026-11-27", "2026-11-26"), ("\"errors\": 0", "\"errors\": 1"), ("  ", " "), ("example/shop", "x")]
    {
        std::fs::write(above.join("statement"), text.replace(from, to))?;
        want(1, verify(above, &["."], "2026-11-20")?, "refused", from);
    }
    std::fs::write(above.join("statement"), text.replace("preflight 0", "preflight 9"))?;
    want(1, verify(above, &["."], "2026-11-20")?, "was made by preflight 9", "another version");
    // What is signed as a revision is what git packs of it.
    want(0, create(above, &["--view", "git"])?, "", "of a revision");
    git(&above.join("shop"), "a", &["archive", "-o", "../shop.tar.gz", "HEAD"])?;
    git(&above.join("shop"), "a", &["archive", "-o", "../shop.zip", "HEAD"])?;
    for path in [&["--view", "git"][..], &["../shop.tar.gz"], &["../shop.zip"], &["."]] {
        want(0, verify(above, path, "2026-11-20")?, "signed off", path[0]);
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Only what the trusted rules ask for has to be signed.
fn which() -> Result<(), Failed> {
    let above = tempfile::tempdir()?;
    let above = above.path();
    shop(above)?;
    let folder = above.join("shop");
    std::fs::write(folder.join("preflight.toml"), format!("{RULES}[signoff.release]\npaths = \"conf/\"\n"))?;
    git(&folder, "a", &["commit", "-q", "-a", "-m", "rules"])?;
    let asked = |more: &[&str]| preflight(above, &[&["signoff", "verify", "--trust", "HEAD"], more].concat());
    let mut said = vec![(0, asked(&[])?, "no sign-off is needed")];
    std::fs::create_dir(folder.join("conf"))?;
    std::fs::write(folder.join("conf/app.php"), "<?php\n")?;
    said.push((1, asked(&[])?, "`conf/app.php` is released with it"));
    said.push((1, asked(&["--since", "HEAD"])?, "`conf/app.php` is released with it"));
    git(&folder, "a", &["add", "-A"])?;
    git(&folder, "a", &["commit", "-q", "-m", "conf"])?;
    said.push((0, asked(&["--since", "HEAD"])?, "no sign-off is needed"));
    std::fs::write(
        folder.join("index.php"),
        "<?php\n// preflight: allow(missing-file) for now\nrequire __DIR__ . '/gone.php';\n",
    )?;
    said.push((1, asked(&["--since", "HEAD"])?, "an error in `index.php` is excused"));
    said.push((2, preflight(above, &["signoff", "verify"])?, "--trust"));
    let wrong: Vec<String> = said
        .into_iter()
        .filter(|(code, said, holds)| said.0 != Some(*code) || !said.1.contains(holds))
        .map(|(code, said, holds)| format!("{code} {holds}: {said:?}"))
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}
