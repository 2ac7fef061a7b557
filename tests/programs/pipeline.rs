//! What a pipeline starts: the hooks under real pre-commit, and the last step of the action under bash.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};

use crate::git_mv::git;
use crate::needs::needs;
use crate::plans;

/// The hooks and the action.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["pre-commit"], "pipeline/hooks-are-a-manifest", manifest),
        needs(&["git", "pre-commit"], "pipeline/hooks", hooks),
        needs(&["bash"], "pipeline/action", action),
        needs(&["bash"], "pipeline/action-inputs-are-no-code", inputs_are_no_code),
    ]
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fail(what: &str, said: &Output) -> Failed {
    let text = [said.stdout.as_slice(), b"\n", said.stderr.as_slice()].concat();
    format!("{what}: {:?}: {}", said.status, String::from_utf8_lossy(&text)).into()
}

fn manifest() -> Result<(), Failed> {
    let file = root().join(".pre-commit-hooks.yaml");
    let said = Command::new("pre-commit").arg("validate-manifest").arg(file).output()?;
    if said.status.success() { Ok(()) } else { Err(fail("the manifest", &said)) }
}

/// A site in a repository that uses the hooks of a clone. They run the program under test: what pre-commit would build
/// of the clone takes minutes and is the same.
struct Site {
    folder: tempfile::TempDir,
    home: tempfile::TempDir,
}

impl Site {
    fn new() -> Result<Self, Failed> {
        let (folder, home) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let clone = home.path().join("clone");
        std::fs::create_dir(&clone)?;
        let hooks = std::fs::read_to_string(root().join(".pre-commit-hooks.yaml"))?;
        std::fs::write(clone.join(".pre-commit-hooks.yaml"), hooks.replace("language: rust", "language: system"))?;
        git(&clone, &["init", "-q"])?;
        git(&clone, &["add", "-A"])?;
        git(&clone, &["commit", "-q", "-m", "hooks"])?;
        let revision = String::from_utf8(git(&clone, &["rev-parse", "HEAD"])?)?;
        let config = format!(
            "repos:\n- repo: {}\n  rev: {revision}  hooks:\n  - id: preflight\n  - id: preflight-changed\n",
            clone.display()
        );
        let file = |text: &str| Some(text.as_bytes().to_vec());
        let tree = [
            (".pre-commit-config.yaml", file(&config)),
            ("index.php", file("<?php\nrequire __DIR__ . '/lib/db.php';\n")),
            ("lib/db.php", file("<?php\n")),
        ];
        plans::build(folder.path(), &tree.map(|(path, text)| (path.as_bytes().to_vec(), text)).into())?;
        git(folder.path(), &["init", "-q"])?;
        git(folder.path(), &["add", "-A"])?;
        git(folder.path(), &["commit", "-q", "-m", "site"])?;
        Ok(Site { folder, home })
    }

    fn hook(&self, name: &str) -> Result<Output, Failed> {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_preflight"));
        let mut path = OsString::from(program.parent().unwrap_or(root()));
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let mut command = Command::new("pre-commit");
        command.current_dir(self.folder.path()).env("PATH", path).env("PRE_COMMIT_HOME", self.home.path());
        Ok(command.args(["run", "--verbose", name]).output()?)
    }

    fn expect(&self, hook: &str, code: i32, word: &str, what: &str) -> Result<(), Failed> {
        let said = self.hook(hook)?;
        let right = said.status.code() == Some(code) && String::from_utf8_lossy(&said.stdout).contains(word);
        if right { Ok(()) } else { Err(fail(&format!("{hook}: {what}"), &said)) }
    }
}

/// A rename breaks a file that did not change: the hook over the tree sees it, and that over changed files cannot.
fn hooks() -> Result<(), Failed> {
    let site = Site::new()?;
    site.expect("preflight", 0, "1 reference: 1 resolved", "nothing is wrong")?;
    git(site.folder.path(), &["mv", "lib/db.php", "lib/DB.php"])?;
    site.expect("preflight", 1, "error[case-mismatch]", "a file was renamed")?;
    site.expect("preflight-changed", 0, "no findings", "the file that refers to it did not change")?;
    std::fs::write(site.folder.path().join("index.php"), "<?php\n\nrequire __DIR__ . '/lib/db.php';\n")?;
    git(site.folder.path(), &["add", "-A"])?;
    site.expect("preflight-changed", 1, "index.php:3:", "now it did")?;
    git(site.folder.path(), &["mv", "lib/DB.php", "lib/db.php"])?;
    site.expect("preflight", 0, "no findings", "it is mended")?;
    git(site.folder.path(), &["rm", "-q", "--cached", "lib/db.php"])?;
    site.expect("preflight", 1, "error[not-deployed]", "the file is there, and not in the commit")
}

/// The last step of the action in a checkout, with these inputs besides the defaults.
fn step(checkout: &Path, inputs: &[(&str, &str)]) -> Result<Output, Failed> {
    let mut command = Command::new("bash");
    command.arg(root().join(".ci/action")).current_dir(checkout);
    command.env("GITHUB_STEP_SUMMARY", checkout.join("summary.md")).env("PREFLIGHT", env!("CARGO_BIN_EXE_preflight"));
    let defaults = [
        ("PATH", "."),
        ("FAIL_ON", "error"),
        ("ANNOTATIONS", "true"),
        ("SUMMARY", "true"),
        ("SARIF", ""),
        ("ARGS", ""),
    ];
    for (name, value) in defaults.iter().chain(inputs) {
        command.env(format!("PREFLIGHT_{name}"), value);
    }
    Ok(command.output()?)
}

fn checkout() -> Result<tempfile::TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    let page = "<?php\nrequire __DIR__ . '/Lib/db.php';\n";
    let tree = [("www/index.php", page), ("www/lib/db.php", "<?php\n"), ("www/old/a.php", page)];
    let file = |(path, text): (&str, &str)| (path.as_bytes().to_vec(), Some(text.as_bytes().to_vec()));
    plans::build(folder.path(), &tree.map(file).into())?;
    Ok(folder)
}

fn action() -> Result<(), Failed> {
    let checkout = checkout()?;
    let inputs = [("PATH", "www"), ("SARIF", "out.sarif"), ("ARGS", "--exclude=old/\n\n--quiet\n")];
    let said = step(checkout.path(), &inputs)?;
    let out = String::from_utf8_lossy(&said.stdout);
    let annotated = out.starts_with("::error file=www/index.php,line=2,") && out.lines().count() == 1;
    let read = |name: &str| std::fs::read_to_string(checkout.path().join(name)).unwrap_or_default();
    let written = read("summary.md").starts_with("<!-- preflight -->") && read("out.sarif").contains("%SRCROOT%");
    if said.status.code() != Some(1) || !annotated || !written {
        return Err(fail("the findings", &said));
    }
    let quiet = [("PATH", "www"), ("ANNOTATIONS", "false"), ("SUMMARY", "false"), ("FAIL_ON", "never")];
    std::fs::remove_file(checkout.path().join("summary.md"))?;
    let said = step(checkout.path(), &quiet)?;
    let text = said.stdout.starts_with(b"error[case-mismatch]") && !checkout.path().join("summary.md").exists();
    if said.status.success() && text { Ok(()) } else { Err(fail("nothing was asked for", &said)) }
}

/// What an input holds stays one word.
fn inputs_are_no_code() -> Result<(), Failed> {
    for (name, value) in [
        ("PATH", "$(touch hit)"),
        ("PATH", "--fail-on=never"),
        ("ARGS", "`touch hit`"),
        ("ARGS", "www; touch hit"),
        ("FAIL_ON", "never; touch hit"),
    ] {
        let checkout = checkout()?;
        let said = step(checkout.path(), &[(name, value)])?;
        if said.status.code() != Some(2) || checkout.path().join("hit").exists() {
            return Err(fail(&format!("{name}={value}"), &said));
        }
    }
    Ok(())
}
