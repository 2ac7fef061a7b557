//! What a disk can hold that a tree should not: names of any bytes, loops, devices, closed doors, giants.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use preflight::options::Options;
use preflight::progress::Progress;
use preflight::tree::{Listing, Memory, Tree};
use tempfile::TempDir;

use crate::watched::{Ran, count, findings, run, run_unprivileged};
use crate::{good, has_planted};

/// Every trial of this file.
pub const TRIALS: &[(&str, fn() -> Result<(), Failed>)] = &[
    ("names-that-are-not-utf8", names_that_are_not_utf8),
    ("contents-that-are-not-utf8", contents_that_are_not_utf8),
    ("a-million-links-on-one-line", a_million_links_on_one_line),
    ("loops-of-links", loops_of_links),
    ("links-to-folders", links_to_folders),
    ("pipes-and-sockets", pipes_and_sockets),
    ("a-pipe-as-configuration", a_pipe_as_configuration),
    ("an-unreadable-file", an_unreadable_file),
    ("an-unreadable-folder", an_unreadable_folder),
    ("an-unreadable-root", an_unreadable_root),
    ("a-file-that-vanishes", a_file_that_vanishes),
    ("a-file-that-cannot-be-read", a_file_that_cannot_be_read),
    ("a-hundred-levels", a_hundred_levels),
    ("a-giant", a_giant),
    ("nothing-at-all", nothing_at_all),
];

fn json(tree: &TempDir) -> Result<Ran, Failed> {
    run(tree.path(), &["--format", "json", "."])
}

fn with_good_files() -> Result<TempDir, Failed> {
    let tree = tempfile::tempdir()?;
    good::plant(tree.path())?;
    Ok(tree)
}

fn names_that_are_not_utf8() -> Result<(), Failed> {
    let tree = with_good_files()?;
    let folder = tree.path().join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(&folder)?;
    fs::write(folder.join(OsStr::from_bytes(b"\xff\xfe.php")), "<?php require __DIR__ . '/b.phpp';")?;
    fs::write(folder.join("b.php"), "<?php")?;
    let ran = json(&tree)?;
    let report = ran.report()?;
    has_planted(&report)?;
    let all = report["diagnostics"].as_array().cloned().unwrap_or_default();
    let odd = all.iter().find(|one| one["code"] == "wrong-extension" && one["file_base64"].is_string());
    let odd = odd.ok_or_else(|| format!("the file with the odd name is not checked: {:?}", findings(&report)))?;
    // The bytes `caf\xe9/\xff\xfe.php`.
    if odd["file_base64"] != "Y2Fm6S///i5waHA=" {
        return Err(format!("its bytes are lost: {}", odd["file_base64"]).into());
    }
    ran.expect(1)
}

fn contents_that_are_not_utf8() -> Result<(), Failed> {
    let tree = with_good_files()?;
    let mut noise: Vec<u8> = (0x80..=0xff).collect();
    noise.push(b'\n');
    let php = [b"<?php // ".as_slice(), &noise, b"require __DIR__ . '/good/helper.phpp';"].concat();
    let page = [b"<p>".as_slice(), &noise, b"<img src='good/Logo.png'>"].concat();
    let python = [b"# ".as_slice(), &noise, b"import os; open(os.path.dirname(__file__) + '/good/Data.txt')"].concat();
    let style = [b"/* ".as_slice(), &noise, b"*/ a { background: url(good/Logo.png) }"].concat();
    for (name, bytes) in [("x.php", php), ("x.html", page), ("x.py", python), ("x.css", style)] {
        fs::write(tree.path().join(name), bytes)?;
    }
    let report = json(&tree)?.report()?;
    has_planted(&report)?;
    let found = findings(&report);
    for wanted in ["x.php:2 wrong-extension", "x.html:2 case-mismatch", "x.py:2 case-mismatch", "x.css:2 case-mismatch"]
    {
        if !found.iter().any(|one| one == wanted) {
            return Err(format!("`{wanted}` is not reported, but {found:?}").into());
        }
    }
    Ok(())
}

/// Linear in time, and bounded in output by the folding of what is alike.
fn a_million_links_on_one_line() -> Result<(), Failed> {
    const LINKS: usize = 1_000_000;
    let tree = with_good_files()?;
    fs::write(tree.path().join("long.html"), b"<img src=no.png>".repeat(LINKS))?;
    let ran = json(&tree)?;
    let report = ran.report()?;
    has_planted(&report)?;
    if count(&report, "references.found") < LINKS as u64 || count(&report, "diagnostics.error") < LINKS as u64 {
        return Err(format!("not all are counted: {}", report["summary"]).into());
    }
    if ran.stdout.len() > 1 << 20 {
        return Err(format!("{} bytes of report", ran.stdout.len()).into());
    }
    let text = run(tree.path(), &["."])?;
    if text.stdout.len() > 64 << 10 {
        return Err(format!("{} bytes for the terminal", text.stdout.len()).into());
    }
    ran.expect(1)
}

fn loops_of_links() -> Result<(), Failed> {
    let tree = with_good_files()?;
    for (target, link) in [("self.php", "self.php"), ("b", "a"), ("a", "b"), (".", "here"), ("..", "up"), ("/", "out")]
    {
        symlink(target, tree.path().join(link))?;
    }
    symlink("../good", tree.path().join("good/again"))?;
    let through = [
        "self.php",
        "a/x.php",
        "here/here/here/good/helper.php",
        "up/x.php",
        "out/x.php",
        "good/again/again/helper.php",
    ];
    let lines: String = through.iter().map(|path| format!("require __DIR__ . '/{path}';\n")).collect();
    fs::write(tree.path().join("loops.php"), format!("<?php\n{lines}"))?;
    let ran = json(&tree)?;
    let report = ran.report()?;
    has_planted(&report)?;
    let found = findings(&report);
    match found.iter().find(|one| one.starts_with("loops.php")) {
        Some(false_alarm) => Err(format!("what lies behind a loop is unknown, never missing: {false_alarm}").into()),
        None => ran.expect(1),
    }
}

fn links_to_folders() -> Result<(), Failed> {
    let tree = with_good_files()?;
    fs::create_dir_all(tree.path().join("releases/1/lib"))?;
    fs::write(tree.path().join("releases/1/lib/db.php"), "<?php")?;
    symlink("releases/1", tree.path().join("current"))?;
    fs::write(
        tree.path().join("index.php"),
        "<?php\nrequire __DIR__ . '/current/lib/db.php';\nrequire __DIR__ . '/current/lib/DB.php';\n",
    )?;
    let report = json(&tree)?.report()?;
    has_planted(&report)?;
    let found: Vec<String> = findings(&report).into_iter().filter(|one| one.starts_with("index.php")).collect();
    match found == ["index.php:3 case-mismatch"] {
        true => Ok(()),
        false => Err(format!("{found:?}").into()),
    }
}

fn pipe(path: &Path) -> Result<(), Failed> {
    let made = Command::new("mkfifo").arg(path).status()?;
    if made.success() { Ok(()) } else { Err("mkfifo failed".into()) }
}

/// Reading a pipe that nobody writes to would wait for ever.
fn pipes_and_sockets() -> Result<(), Failed> {
    let tree = with_good_files()?;
    for name in ["pipe.php", "pipe", ".gitignore", "composer.json"] {
        pipe(&tree.path().join(name))?;
    }
    let _socket = UnixListener::bind(tree.path().join("socket.html"))?;
    symlink("pipe.php", tree.path().join("link.php"))?;
    symlink("/dev/zero", tree.path().join("zero.php"))?;
    let ran = json(&tree)?;
    let report = ran.report()?;
    has_planted(&report)?;
    if count(&report, "files.skipped.special") < 5 || count(&report, "troubles") != 0 {
        return Err(format!("special files are counted and are no trouble: {}", report["summary"]).into());
    }
    ran.expect(1)
}

/// It is no configuration, and opening it would wait for ever.
fn a_pipe_as_configuration() -> Result<(), Failed> {
    let tree = with_good_files()?;
    pipe(&tree.path().join("preflight.toml"))?;
    let ran = json(&tree)?;
    match ran.status.code() {
        Some(1 | 2) => Ok(()),
        other => Err(format!("exit {other:?}").into()),
    }
}

/// A copy of the binary, and a tree beside it, that a user without rights can reach.
fn reachable() -> Result<(TempDir, std::path::PathBuf), Failed> {
    let scratch = tempfile::tempdir()?;
    fs::set_permissions(scratch.path(), Permissions::from_mode(0o755))?;
    let program = scratch.path().join("preflight");
    fs::copy(env!("CARGO_BIN_EXE_preflight"), &program)?;
    fs::set_permissions(&program, Permissions::from_mode(0o755))?;
    let tree = scratch.path().join("tree");
    fs::create_dir(&tree)?;
    good::plant(&tree)?;
    open_to_all(&tree)?;
    Ok((scratch, program))
}

fn open_to_all(tree: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(tree) {
        let entry = entry?;
        let mode = if entry.file_type().is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(entry.path(), Permissions::from_mode(mode))?;
    }
    Ok(())
}

/// Closes one path to everybody, runs, and opens it again so that it can be removed.
fn with_closed(path: &str) -> Result<Ran, Failed> {
    let (scratch, program) = reachable()?;
    let tree = scratch.path().join("tree");
    let closed = tree.join(path);
    if path.ends_with(".php") {
        fs::write(&closed, "<?php")?;
    } else {
        fs::create_dir_all(&closed)?;
    }
    let closed_to = |mode| fs::set_permissions(&closed, Permissions::from_mode(mode));
    closed_to(0o000)?;
    let ran = run_unprivileged(&program, scratch.path(), &["--format", "json", "tree"]);
    closed_to(0o755)?;
    ran
}

fn an_unreadable_file() -> Result<(), Failed> {
    let ran = with_closed("closed.php")?;
    trouble_with(&ran, "closed.php")
}

fn an_unreadable_folder() -> Result<(), Failed> {
    let ran = with_closed("closed")?;
    trouble_with(&ran, "closed")
}

fn trouble_with(ran: &Ran, path: &str) -> Result<(), Failed> {
    let report = ran.report()?;
    has_planted(&report)?;
    let told = report["troubles"].as_array().is_some_and(|all| all.iter().any(|one| one["path"] == path));
    if !told {
        return Err(format!("`{path}` is not among the troubles: {}", report["troubles"]).into());
    }
    ran.expect(2)
}

fn an_unreadable_root() -> Result<(), Failed> {
    with_closed("")?.expect(2)
}

/// A tree whose reads fail in one way.
struct Failing {
    inner: Memory,
    path: &'static [u8],
    kind: io::ErrorKind,
}

impl Tree for Failing {
    fn list(&self) -> Listing {
        self.inner.list()
    }

    fn read(&self, path: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        if path == self.path { Err(self.kind.into()) } else { self.inner.read(path, limit) }
    }
}

fn check_failing(kind: io::ErrorKind) -> preflight::diagnostic::Report {
    let mut inner = Memory::default();
    inner.file("gone.php", "<?php").file("a.php", "<?php require __DIR__ . '/gone.php'; require __DIR__ . '/B.php';");
    inner.file("b.php", "<?php");
    let tree = Failing { inner, path: b"gone.php", kind };
    preflight::check(&tree, &Options::default(), b".", &Progress::default())
}

/// Deleted between the walk and the read: normal in a living folder, counted, no trouble.
fn a_file_that_vanishes() -> Result<(), Failed> {
    let report = check_failing(io::ErrorKind::NotFound);
    let codes: Vec<_> = report.diagnostics.iter().map(|one| one.code).collect();
    match (report.coverage.skipped.vanished, report.troubles.len(), codes.as_slice()) {
        (1, 0, ["case-mismatch"]) => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

fn a_file_that_cannot_be_read() -> Result<(), Failed> {
    let report = check_failing(io::ErrorKind::PermissionDenied);
    let codes: Vec<_> = report.diagnostics.iter().map(|one| one.code).collect();
    match (report.coverage.skipped.vanished, report.troubles.len(), codes.as_slice()) {
        (0, 1, ["case-mismatch"]) => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

fn a_hundred_levels() -> Result<(), Failed> {
    let tree = with_good_files()?;
    let mut folder = tree.path().to_path_buf();
    (0..100).for_each(|level| folder.push(format!("level{level}")));
    fs::create_dir_all(&folder)?;
    let up = "../".repeat(100);
    let page =
        format!("<img src='{up}good/logo.png'>\n<img src='{up}good/Logo.png'>\n<img src='../{up}good/logo.png'>");
    fs::write(folder.join("deep.html"), page)?;
    let report = json(&tree)?.report()?;
    has_planted(&report)?;
    let found: Vec<String> = findings(&report).into_iter().filter(|one| one.starts_with("level0/")).collect();
    match found.as_slice() {
        [one] if one.ends_with("deep.html:2 case-mismatch") => Ok(()),
        // A browser cannot climb above the root of a site either: there the third link is right.
        other => Err(format!("{other:?}").into()),
    }
}

/// Ten gigabytes, of which not one is on the disk.
fn a_giant() -> Result<(), Failed> {
    let tree = with_good_files()?;
    let mut giant = File::create(tree.path().join("giant.php"))?;
    giant.write_all(b"<?php require __DIR__ . '/good/helper.phpp';\n")?;
    giant.set_len(10 << 30)?;
    let ran = json(&tree)?;
    let report = ran.report()?;
    has_planted(&report)?;
    if count(&report, "files.skipped.too-large") != 1 {
        return Err(format!("it is counted as too large: {}", report["summary"]).into());
    }
    ran.expect(1)
}

/// An empty tree, a path that is not there, a tree in which nothing could be checked: never a silent success.
fn nothing_at_all() -> Result<(), Failed> {
    let tree = tempfile::tempdir()?;
    json(&tree)?.expect(2)?;
    run(tree.path(), &["not-there"])?.expect(2)?;
    fs::write(tree.path().join("photo.png"), b"\x89PNG\0")?;
    json(&tree)?.expect(2)
}
