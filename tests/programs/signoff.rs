//! Waivers that `ssh-keygen -Y sign` signs: two people's signatures excuse an error, and what an attacker can do with
//! signatures, keys and names does not.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::needs::needs;

pub fn trials() -> Vec<Trial> {
    const PROGRAMS: &[&str] = &["git", "ssh-keygen"];
    vec![needs(PROGRAMS, "signoff/ssh-keygen", signatures), needs(PROGRAMS, "signoff/attacks", attacks)]
}

/// The kinds of keys, each with the person who holds it.
const PEOPLE: [(&str, &str); 3] = [("jane", "ed25519"), ("bob", "ecdsa"), ("eve", "rsa")];

pub fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<String, Failed> {
    let output = Command::new(program).args(arguments).current_dir(folder).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

pub fn preflight(folder: &Path, arguments: &[&str]) -> Result<String, Failed> {
    run(folder, env!("CARGO_BIN_EXE_preflight"), arguments)
}

/// git, as one person.
pub fn git(folder: &Path, person: &str, arguments: &[&str]) -> Result<String, Failed> {
    let (name, mail) = (format!("user.name={person}"), format!("user.email={person}@example.org"));
    run(folder, "git", &[&["-c", &name, "-c", &mail][..], arguments].concat())
}

/// A repository whose error two people are to waive; its fingerprint.
pub fn repository(folder: &Path) -> Result<String, Failed> {
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

pub fn waive(folder: &Path, print: &str, second: &str) -> Result<(), Failed> {
    let text = format!(
        "[[waiver]]\nid = \"W-7\"\nfinding = \"{print}\"\ncode = \"missing-file\"\nfile = \"a.php\"\n\
         reason = \"made by the installer on its first run\"\ncreated = 2026-11-01\nexpires = 2026-12-30\n\
         approvers = [\"jane@example.org\", \"{second}@example.org\"]\nsignatures = [\"jane.sig\", \"{second}.sig\"]\n"
    );
    Ok(std::fs::write(folder.join("preflight-waivers.toml"), text)?)
}

/// `person` signs what is printed, with the key of `holder`.
pub fn sign(folder: &Path, person: &str, holder: &str, namespace: &str) -> Result<(), Failed> {
    std::fs::write(folder.join("text"), preflight(folder, &["signoff", "waiver", "W-7"])?)?;
    let _ = std::fs::remove_file(folder.join("text.sig"));
    run(folder, "ssh-keygen", &["-q", "-Y", "sign", "-n", namespace, "-f", &format!(".git-{holder}"), "text"])?;
    Ok(std::fs::rename(folder.join("text.sig"), folder.join(format!("{person}.sig")))?)
}

/// Whether the error still counts, two months before the waiver ends.
pub fn fails(folder: &Path, more: &[&str]) -> Result<bool, Failed> {
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

/// Two waivers' worth of people: what is written, and who signs it as whom.
struct Attack {
    name: &'static str,
    /// The list of signers of the trusted revision, after those of everybody.
    signers: &'static str,
    approvers: [&'static str; 2],
    /// Changes the waiver file before it is signed.
    before: fn(&str) -> String,
    /// Changes the folder afterwards.
    after: fn(&Path, &str) -> std::io::Result<()>,
}

const JANE_AND_EVE: [&str; 2] = ["jane@example.org", "eve@example.org"];

const NOTHING: Attack =
    Attack { name: "", signers: "", approvers: JANE_AND_EVE, before: str::to_owned, after: |_, _| Ok(()) };

/// The waiver file, with another text.
fn rewritten(folder: &Path, from: &str, to: &str) -> std::io::Result<()> {
    let file = folder.join("preflight-waivers.toml");
    let text = std::fs::read_to_string(&file)?;
    assert!(text.contains(from), "{from}");
    std::fs::write(file, text.replace(from, to))
}

/// One person who signs as two, and somebody who may not sign; `EVE` stands for Eve's key in a list of signers.
fn by_name() -> Vec<Attack> {
    let as_somebody = |name, second, signers| Attack { name, signers, approvers: [JANE_AND_EVE[0], second], ..NOTHING };
    vec![
        as_somebody("the same person in capitals", "Jane@Example.ORG", "Jane@Example.ORG EVE"),
        as_somebody("the same person with a tag", "jane+work@example.org", "jane+work@example.org EVE"),
        as_somebody("the same person by .mailmap", "jane@home.example", "jane@home.example EVE"),
        as_somebody("the same person by an alias", "jd@example.org", "jd@example.org EVE"),
        as_somebody("a second key of one person", "jane@example.org", "jane@example.org EVE"),
        as_somebody("a robot", "renovate[bot]@example.org", "renovate[bot]@example.org EVE"),
        as_somebody("a robot by configuration", "deploy@example.org", "deploy@example.org EVE"),
        as_somebody("a look-alike", "j\u{430}ne@example.org", "j\u{430}ne@example.org EVE"),
        as_somebody("a key that two people share", "eve@example.org", "jane@example.org EVE"),
        as_somebody(
            "a key that was no longer valid",
            "ann@example.org",
            "ann@example.org valid-before=\"20261031Z\" EVE",
        ),
        as_somebody("a key that is not yet valid", "ann@example.org", "ann@example.org valid-after=\"20261115Z\" EVE"),
        as_somebody("a key for something else", "ann@example.org", "ann@example.org namespaces=\"git\" EVE"),
    ]
}

/// Waivers that should not have been signed.
fn by_text() -> Vec<Attack> {
    vec![
        Attack { name: "no end", before: |text| text.replace("2026-12-30", "9999-12-30"), ..NOTHING },
        Attack { name: "made in the future", before: |text| text.replace("2026-11-01", "2026-11-21"), ..NOTHING },
        Attack {
            name: "no reason",
            before: |text| text.replace("made by the installer on its first run", "x"),
            ..NOTHING
        },
        Attack { name: "another file", before: |text| text.replace("a.php", "b.php"), ..NOTHING },
        Attack { name: "another code", before: |text| text.replace("missing-file", "misspelled"), ..NOTHING },
    ]
}

/// What is changed after the signatures were made.
fn by_change() -> Vec<Attack> {
    let change = |name, after| Attack { name, after, ..NOTHING };
    vec![
        change("every finding", |folder, print| rewritten(folder, print, "pf1:*")),
        change("a reason changed", |folder, _| rewritten(folder, "its first", "each")),
        change("an end changed", |folder, _| rewritten(folder, "2026-12-30", "2027-01-20")),
        change("a field within a reason", |folder, _| {
            rewritten(folder, "first run", "first run\\\"\\ncreated=\\\"2026-11-02")
        }),
        change("a key twice", |folder, _| rewritten(folder, "id =", "id = \"W-7\"\nid =")),
        change("a table twice", |folder, _| {
            let text = std::fs::read_to_string(folder.join("preflight-waivers.toml"))?;
            std::fs::write(folder.join("preflight-waivers.toml"), format!("{text}\n{text}"))
        }),
        change("an unknown key", |folder, _| rewritten(folder, "id =", "force = true\nid =")),
        change("the file renamed", |folder, _| std::fs::rename(folder.join("a.php"), folder.join("b.php"))),
        change("another typo", |folder, _| {
            std::fs::write(folder.join("a.php"), "<?php require __DIR__ . '/gome.php';\n")
        }),
        change("another repository", |folder, _| {
            std::fs::write(folder.join("preflight.toml"), RULES.replace("example/shop", "example/other"))
        }),
    ]
}

/// Files that are not where they seem to be.
fn by_link() -> Vec<Attack> {
    const FILE: &str = "preflight-waivers.toml";
    let link = |name, after| Attack { name, after, ..NOTHING };
    vec![
        link("a link in place of the file", |folder, _| {
            std::fs::rename(folder.join(FILE), folder.join("elsewhere.toml"))?;
            std::os::unix::fs::symlink("elsewhere.toml", folder.join(FILE))
        }),
        link("a file outside of the tree", |folder, _| {
            std::fs::create_dir_all(folder.join("../outside"))?;
            std::fs::rename(folder.join(FILE), folder.join("../outside/w.toml"))?;
            std::os::unix::fs::symlink("../outside/w.toml", folder.join(FILE))
        }),
        link("a signature behind a link", |folder, _| {
            std::fs::rename(folder.join("1.sig"), folder.join("x"))?;
            std::os::unix::fs::symlink("x", folder.join("1.sig"))
        }),
    ]
}

pub const RULES: &str = "[signoff]\nrepository = \"example/shop\"\nrobots = [\"deploy@example.org\"]\n\
    alias = { \"jd@example.org\" = \"jane@example.org\" }\n";

/// Signs what `attack` asks for, and says whether the error still counts.
fn refused(folder: &Path, print: &str, signers: &str, attack: &Attack) -> Result<bool, Failed> {
    let key = std::fs::read_to_string(folder.join(".git-eve.pub"))?;
    let more = attack.signers.replace("EVE", key.trim());
    // Eve is somebody else where the list says so.
    let signers: String = match attack.approvers == JANE_AND_EVE {
        true => format!("{signers}{more}\n"),
        false => {
            signers.lines().filter(|line| !line.starts_with("eve@")).map(|line| format!("{line}\n")).collect::<String>()
                + &more
                + "\n"
        }
    };
    for stale in ["preflight-waivers.toml", "b.php", "elsewhere.toml", "x", "1.sig", "2.sig"] {
        let _ = std::fs::remove_file(folder.join(stale));
    }
    std::fs::write(folder.join("a.php"), BROKEN)?;
    std::fs::write(folder.join("preflight.toml"), RULES)?;
    std::fs::write(folder.join(".mailmap"), "Jane <jane@example.org> <jane@home.example>\n")?;
    std::fs::write(folder.join("allowed_signers"), signers)?;
    waive_as(folder, print, attack)?;
    for (number, holder) in [("1", "jane"), ("2", "eve")] {
        sign(folder, number, holder, "preflight-waiver")?;
    }
    (attack.after)(folder, print)?;
    git(folder, "a", &["add", "allowed_signers", "preflight.toml", ".mailmap"])?;
    git(folder, "a", &["commit", "-q", "--allow-empty", "-m", "rules"])?;
    let today = ["--today", "2026-11-20", "--format", "concise", "--trust", "HEAD", "."];
    let out = preflight(folder, &today)?;
    Ok(out.contains("error[") || !out.contains("waiver"))
}

const BROKEN: &str = "<?php require __DIR__ . '/gone.php';\n";

fn waive_as(folder: &Path, print: &str, attack: &Attack) -> Result<(), Failed> {
    waive(folder, print, "bob")?;
    let file = folder.join("preflight-waivers.toml");
    let [first, second] = attack.approvers;
    let people = format!("approvers = [\"{first}\", \"{second}\"]\nsignatures = [\"1.sig\", \"2.sig\"]\n");
    let text = std::fs::read_to_string(&file)?;
    let front = text.split("approvers").next().unwrap_or_default();
    Ok(std::fs::write(file, (attack.before)(&format!("{front}{people}")))?)
}

fn attacks() -> Result<(), Failed> {
    let above = tempfile::tempdir()?;
    let folder = above.path().join("tree");
    std::fs::create_dir(&folder)?;
    let print = repository(&folder)?;
    let signers = std::fs::read_to_string(folder.join("allowed_signers"))?;
    let mut wrong = Vec::new();
    // The same with nothing wrong, so that each refusal has its own reason; and in the line ends of another system.
    let sound = [
        NOTHING,
        Attack {
            after: |folder, _| {
                rewritten(folder, "\n", "\r\n")?;
                rewritten(folder, "[[waiver]]", "\u{feff}[[waiver]]")
            },
            ..NOTHING
        },
    ];
    for attack in &sound {
        refused(&folder, &print, &signers, attack)?;
        let counts = fails(&folder, &["--trust", "HEAD"])?;
        wrong.extend(counts.then(|| "two right signatures are refused".to_owned()));
    }
    for attack in [by_name(), by_text(), by_change(), by_link()].into_iter().flatten() {
        let refused = refused(&folder, &print, &signers, &attack)?;
        let today = ["--today", "2026-11-20", "--trust", "HEAD", "--quiet", "."];
        let status = Command::new(env!("CARGO_BIN_EXE_preflight")).args(today).current_dir(&folder).output()?.status;
        let passes = status.success() || !refused && status.code() != Some(2);
        wrong.extend(passes.then(|| format!("{} is let through", attack.name)));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}
