//! What ships, compared with the programs that ship it: `git archive` and `git ls-files`, `tar -tf`, `unzip -l`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};
use preflight::diagnostic::KeptOut;
use preflight::git::Repository;
use preflight::tree::{Archive, Git, Kind, Listing, Tree, Which};

use crate::draw::Draw;
use crate::needs::needs;

const CASES: u64 = 40;

/// Drawn repositories and archives, and what a hostile one may try.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["git", "tar"], "ships/git-archive", archived),
        needs(&["git", "tar"], "ships/git-archive-staged", staged),
        needs(&["git", "tar"], "ships/git-archive-folder", folder_of_it),
        needs(&["git"], "ships/git-check-ignore", ignored),
        needs(&["git"], "ships/git-another-case", another_case),
        needs(&["git"], "ships/git-bytes", bytes),
        needs(&["git"], "ships/git-starts-no-program", starts_no_program),
        needs(&["git"], "ships/git-hook", in_a_hook),
        needs(&["git"], "ships/git-submodule", submodule),
        needs(&["tar", "gzip"], "ships/tar", tar),
        needs(&["unzip", "zip"], "ships/unzip", unzip),
    ]
}

const FOLDERS: [&str; 8] = ["", "docs", "docs/api", "src", "src/docs", "a b", "tests ", "src/töne"];
const FILES: [&str; 12] = [
    "a.php",
    "b.php",
    "a.txt",
    "b.md",
    "x y.txt",
    "end ",
    "\"quoted\".txt",
    "naïve.php",
    "docs",
    "Makefile",
    "[x].php",
    "a.php.dist",
];
const PATTERNS: [&str; 24] = [
    "*.md",
    "/docs",
    "docs/",
    "docs",
    "/docs/**",
    "docs/*",
    "**/docs",
    "src/**",
    "src/*.php",
    "/a.php",
    "a.php",
    "\"end \"",
    "\"x y.txt\"",
    "x?y.txt",
    "[a-b].*",
    "\\[x\\].php",
    "*",
    "tests\\ ",
    "\"tests \"",
    "!a.php",
    "# a.php",
    "src/docs/",
    "**/api/**",
    "*.txt",
];
const STATES: [&str; 7] = [
    "export-ignore",
    "export-ignore",
    "export-ignore",
    "-export-ignore",
    "!export-ignore",
    "export-ignore=no",
    "noship",
];

fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failed> {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let said = Command::new("git").arg("-C").arg(folder).args(identity).args(arguments).output()?;
    match said.status.success() {
        true => Ok(said.stdout),
        false => Err(format!("git {arguments:?}: {}", String::from_utf8_lossy(&said.stderr)).into()),
    }
}

fn put(folder: &Path, path: &str, text: &str) -> Result<(), Failed> {
    let path = folder.join(path);
    // A file may stand where a folder is drawn, or the other way round.
    if std::fs::create_dir_all(path.parent().ok_or("no parent")?).is_ok() && !path.is_dir() {
        std::fs::write(path, text)?;
    }
    Ok(())
}

fn attributes(draw: &mut Draw) -> String {
    let mut text = String::from(if draw.below(3) == 0 { "[attr]noship export-ignore\n" } else { "" });
    for _ in 0..1 + draw.below(4) {
        text += &format!("{} {}\n", draw.of(&PATTERNS), draw.of(&STATES));
    }
    text
}

/// A repository with one commit.
fn repository(seed: u64) -> Result<tempfile::TempDir, Failed> {
    let (folder, mut draw) = (tempfile::tempdir()?, Draw(seed));
    for _ in 0..4 + draw.below(8) {
        let (place, name) = (draw.of(&FOLDERS), draw.of(&FILES));
        put(folder.path(), format!("{place}/{name}").trim_start_matches('/'), &format!("<?php // {seed}\n"))?;
    }
    put(folder.path(), ".gitattributes", &attributes(&mut draw))?;
    if draw.below(2) == 0 {
        put(folder.path(), "src/.gitattributes", &attributes(&mut draw))?;
    }
    if draw.below(2) == 0 {
        std::os::unix::fs::symlink("../nowhere", folder.path().join("link"))?;
    }
    git(folder.path(), &["init", "-q"])?;
    git(folder.path(), &["add", "-A"])?;
    git(folder.path(), &["commit", "-q", "-m", "a"])?;
    Ok(folder)
}

fn listed(folder: &Path, which: Which<'_>) -> Result<Listing, Failed> {
    Ok(Git::new(&Repository::open(&std::fs::canonicalize(folder)?)?, which, 1)?.list())
}

/// Folders end in a slash, as `tar` lists them.
fn names(listing: &Listing) -> BTreeSet<Vec<u8>> {
    let name = |entry: &preflight::tree::Entry| match entry.kind {
        Kind::Directory | Kind::Submodule => [&entry.path[..], b"/"].concat(),
        _ => entry.path.clone(),
    };
    listing.entries.iter().map(name).collect()
}

fn lines(text: &[u8]) -> BTreeSet<Vec<u8>> {
    text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

/// What `tar` lists of an archive.
fn tar_lists(archive: &Path) -> Result<BTreeSet<Vec<u8>>, Failed> {
    let said = Command::new("tar").args(["--quoting-style=literal", "-tf"]).arg(archive).output()?;
    if said.status.success() { Ok(lines(&said.stdout)) } else { Err(String::from_utf8_lossy(&said.stderr).into()) }
}

fn same(seed: u64, ours: &BTreeSet<Vec<u8>>, theirs: &BTreeSet<Vec<u8>>, folder: &Path) -> Result<(), Failed> {
    if ours == theirs {
        return Ok(());
    }
    let only = |a: &BTreeSet<Vec<u8>>, b: &BTreeSet<Vec<u8>>| {
        a.difference(b).map(|name| String::from_utf8_lossy(name).into_owned()).collect::<Vec<_>>()
    };
    let rules = [".gitattributes", "src/.gitattributes"].map(|file| std::fs::read_to_string(folder.join(file)).ok());
    Err(format!("seed {seed}: only ours {:?}, only theirs {:?}\n{rules:?}", only(ours, theirs), only(theirs, ours))
        .into())
}

fn archive_of(folder: &Path, tree: &str, rest: &[&str]) -> Result<BTreeSet<Vec<u8>>, Failed> {
    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join("a.tar");
    let output = format!("--output={}", file.display());
    git(folder, &[&["archive", "--format=tar", &output, tree], rest].concat())?;
    tar_lists(&file)
}

fn archived() -> Result<(), Failed> {
    let mut left_out = 0;
    for seed in 1..=CASES {
        let folder = repository(seed)?;
        // The disk and its attributes are not what ships.
        put(folder.path(), ".gitattributes", "* -export-ignore\n")?;
        let listing = listed(folder.path(), Which::Revision("HEAD"))?;
        left_out += listing.withheld.len();
        same(seed, &names(&listing), &archive_of(folder.path(), "HEAD", &[])?, folder.path())?;
        for one in &listing.withheld {
            let KeptOut::Rule { file, line, pattern } = &one.why else { return Err(format!("{one:?}").into()) };
            let text = git(folder.path(), &["show", &format!("HEAD:{}", String::from_utf8_lossy(file))])?;
            let named = text.split(|&byte| byte == b'\n').nth(*line as usize - 1);
            if named.map(<[u8]>::trim_ascii) != Some(pattern) {
                return Err(format!("seed {seed}: not line {line} of {file:?}: {pattern:?}").into());
            }
        }
    }
    if left_out as u64 > CASES { Ok(()) } else { Err("too little was left out".into()) }
}

fn staged() -> Result<(), Failed> {
    for seed in 100..100 + CASES / 2 {
        let (folder, mut draw) = (repository(seed)?, Draw(seed));
        for _ in 0..3 {
            put(folder.path(), draw.of(&FILES), "<?php // staged\n")?;
        }
        git(folder.path(), &["add", "-A"])?;
        put(folder.path(), "not-staged.php", "<?php\n")?;
        let tree = String::from_utf8(git(folder.path(), &["write-tree"])?)?;
        let ours = names(&listed(folder.path(), Which::Staged)?);
        same(seed, &ours, &archive_of(folder.path(), tree.trim(), &[])?, folder.path())?;
    }
    Ok(())
}

/// A folder of a repository ships as the whole does, its parents' attributes included.
fn folder_of_it() -> Result<(), Failed> {
    let mut tried = 0;
    for seed in 200..200 + CASES {
        let folder = repository(seed)?;
        if !folder.path().join("src").is_dir() {
            continue;
        }
        tried += 1;
        let ours = names(&listed(&folder.path().join("src"), Which::Revision("HEAD"))?);
        let theirs = archive_of(folder.path(), "HEAD", &[])?;
        let theirs = theirs.iter().filter_map(|name| name.strip_prefix(b"src/")).filter(|name| !name.is_empty());
        same(seed, &ours, &theirs.map(<[u8]>::to_vec).collect(), folder.path())?;
    }
    if tried * 4 > CASES { Ok(()) } else { Err("too few were tried".into()) }
}

/// What is withheld from the index is what `ls-files` calls others, each with the line that `check-ignore` names.
fn ignored() -> Result<(), Failed> {
    let mut by_rule = 0;
    for seed in 300..300 + CASES {
        let (folder, mut draw) = (repository(seed)?, Draw(seed));
        put(folder.path(), ".gitattributes", "")?;
        git(folder.path(), &["rm", "-q", "--cached", "-r", "--ignore-unmatch", ".gitattributes", "src"])?;
        for place in ["", "src/"] {
            let rules: Vec<&str> = (0..2 + draw.below(3)).map(|_| draw.of(&PATTERNS)).collect();
            put(folder.path(), &format!("{place}.gitignore"), &rules.join("\n"))?;
            put(folder.path(), &format!("{place}{}", draw.of(&FILES)), "<?php\n")?;
        }
        let listing = listed(folder.path(), Which::Staged)?;
        let of_files = |entry: &preflight::tree::Entry| entry.kind != Kind::Directory;
        let withheld: BTreeMap<Vec<u8>, &KeptOut> = listing
            .withheld
            .iter()
            .filter(|one| of_files(&one.entry) && !matches!(one.why, KeptOut::Rule { .. }))
            .map(|one| (one.entry.path.clone(), &one.why))
            .collect();
        let others = git(folder.path(), &["ls-files", "-o", "-z"])?;
        let others: BTreeSet<Vec<u8>> =
            others.split(|&byte| byte == 0).filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect();
        same(seed, &withheld.keys().cloned().collect(), &others, folder.path())?;
        for (path, why) in withheld {
            let mut ask = Command::new("git");
            ask.current_dir(folder.path())
                .args(["check-ignore", "-v", "--"])
                .arg(OsStr::from_bytes(&[b"./", &path[..]].concat()));
            let said = ask.output()?;
            let fields: Vec<&[u8]> = said.stdout.splitn(3, |&byte| byte == b':').collect();
            let theirs = fields.get(1).filter(|_| fields.len() == 3 && !fields[2].starts_with(b"!"));
            let ours = match why {
                KeptOut::Ignored { line, .. } => Some(line.to_string().into_bytes()),
                _ => None,
            };
            if theirs.map(|line| line.to_vec()) != ours {
                return Err(
                    format!("seed {seed}: {:?}: {why:?}, git: {fields:?}", String::from_utf8_lossy(&path)).into()
                );
            }
            by_rule += usize::from(ours.is_some());
        }
    }
    if by_rule as u64 > CASES { Ok(()) } else { Err(format!("only {by_rule} were ignored").into()) }
}

/// The bytes and the configuration are the commit's, whatever lies on the disk.
fn bytes() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    put(folder.path(), "a.php", "<?php require __DIR__ . '/B.php';\n")?;
    put(folder.path(), "b.php", "<?php\n")?;
    put(folder.path(), "preflight.toml", "[severity]\ncase-mismatch = \"warning\"\n")?;
    git(folder.path(), &["init", "-q"])?;
    git(folder.path(), &["add", "-A"])?;
    git(folder.path(), &["commit", "-q", "-m", "a"])?;
    put(folder.path(), "a.php", "<?php\n")?;
    put(folder.path(), "preflight.toml", "nonsense\n")?;
    let said = Command::new(env!("CARGO_BIN_EXE_preflight"))
        .args(["--view", "git", "--format", "concise"])
        .current_dir(folder.path())
        .output()?;
    let out = String::from_utf8_lossy(&said.stdout).into_owned();
    let err = String::from_utf8_lossy(&said.stderr).into_owned();
    let right = out == "a.php:1:15: warning[case-mismatch]: `B.php` is not in the tree; `b.php` is\n";
    if right && err.is_empty() { Ok(()) } else { Err(format!("{out}{err}").into()) }
}

/// A repository that came with the tree may say what git should start; it is not asked.
fn starts_no_program() -> Result<(), Failed> {
    let folder = repository(7)?;
    let trap = "touch started; false";
    for name in
        ["core.fsmonitor", "filter.x.smudge", "filter.x.clean", "diff.x.textconv", "core.pager", "core.sshCommand"]
    {
        git(folder.path(), &["config", name, trap])?;
    }
    put(folder.path(), ".git/info/attributes", "* filter=x diff=x\n")?;
    put(folder.path(), "stranger.php", "<?php\n")?;
    for which in [Which::Revision("HEAD"), Which::Staged] {
        let tree = Git::new(&Repository::open(&std::fs::canonicalize(folder.path())?)?, which, 1)?;
        for entry in tree.list().entries {
            let _ = tree.read(&entry.path, 1 << 20);
        }
    }
    if folder.path().join("started").exists() { Err("a program was started".into()) } else { Ok(()) }
}

/// `git commit -a` prepares an index of its own, and a hook must see that one.
fn in_a_hook() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    put(folder.path(), "a.php", "<?php\n")?;
    put(folder.path(), "b.php", "<?php\n")?;
    git(folder.path(), &["init", "-q"])?;
    git(folder.path(), &["add", "-A"])?;
    git(folder.path(), &["commit", "-q", "-m", "a"])?;
    let hook = format!("#!/bin/sh\nexec {} --view staged >said 2>&1\n", env!("CARGO_BIN_EXE_preflight"));
    put(folder.path(), ".git/hooks/pre-commit", &hook)?;
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path().join(".git/hooks/pre-commit"), mode)?;
    put(folder.path(), "a.php", "<?php require __DIR__ . '/B.php';\n")?;
    let refused = git(folder.path(), &["commit", "-q", "-a", "-m", "b"]).is_err();
    let said = std::fs::read_to_string(folder.path().join("said"))?;
    match refused && said.contains("error[case-mismatch]") {
        true => Ok(()),
        false => Err(format!("refused: {refused}\n{said}").into()),
    }
}

/// What lies in a submodule is unknown, and never missing.
fn submodule() -> Result<(), Failed> {
    let (other, folder) = (repository(9)?, tempfile::tempdir()?);
    git(folder.path(), &["init", "-q"])?;
    let url = other.path().display().to_string();
    git(folder.path(), &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "lib"])?;
    put(folder.path(), "a.php", "<?php require __DIR__ . '/lib/any.php'; require __DIR__ . '/lob/any.php';\n")?;
    git(folder.path(), &["add", "-A"])?;
    git(folder.path(), &["commit", "-q", "-m", "a"])?;
    let tree = Git::new(&Repository::open(&std::fs::canonicalize(folder.path())?)?, Which::Revision("HEAD"), 1)?;
    let options = preflight::options::Options::default();
    let report = preflight::check(&tree, &options, b".", &preflight::progress::Progress::default());
    let told: Vec<&str> = report.diagnostics.iter().map(|one| one.message.as_str()).collect();
    if told == ["`lob/any.php` is not in the tree"] { Ok(()) } else { Err(format!("{told:?}").into()) }
}

/// A folder with drawn files, all below one top folder and something beside it, so that nothing is stripped.
fn files(seed: u64) -> Result<tempfile::TempDir, Failed> {
    let (folder, mut draw) = (tempfile::tempdir()?, Draw(seed));
    put(folder.path(), "top.txt", "t")?;
    put(folder.path(), "other/x", "x")?;
    for _ in 0..4 + draw.below(8) {
        let (place, name) = (draw.of(&FOLDERS), draw.of(&FILES));
        put(folder.path(), format!("{place}/{name}").trim_start_matches('/'), &format!("{seed} {name}"))?;
    }
    let long = format!("{}/{}", "deep".repeat(30), "name".repeat(40));
    put(folder.path(), &long, "long")?;
    std::os::unix::fs::symlink("top.txt", folder.path().join("link"))?;
    std::fs::hard_link(folder.path().join("top.txt"), folder.path().join("twin"))?;
    Ok(folder)
}

/// Each file of an archive has the bytes of the folder that it was made of.
fn same_bytes(archive: &Archive, folder: &Path) -> Result<(), Failed> {
    for entry in archive.list().entries.iter().filter(|entry| entry.kind == Kind::File) {
        let want = std::fs::read(folder.join(OsStr::from_bytes(&entry.path)))?;
        if archive.read(&entry.path, 1 << 20)? != want {
            return Err(format!("{:?} has other bytes", String::from_utf8_lossy(&entry.path)).into());
        }
    }
    Ok(())
}

fn tar() -> Result<(), Failed> {
    for seed in 400..400 + CASES {
        let (folder, scratch) = (files(seed)?, tempfile::tempdir()?);
        let (form, end) = [("gnu", "tar"), ("pax", "tgz"), ("gnu", "tar.gz"), ("pax", "tar")][seed as usize % 4];
        let file = scratch.path().join(format!("a.{end}"));
        let mut make = Command::new("tar");
        make.current_dir(folder.path()).arg(format!("--format={form}")).args([if end == "tar" {
            "-cf"
        } else {
            "-czf"
        }]);
        if !make.arg(&file).arg(".").status()?.success() {
            return Err("tar failed".into());
        }
        let archive = Archive::open(&file)?;
        let theirs = tar_lists(&file)?.into_iter().filter_map(|name| {
            let name = name.strip_prefix(b"./")?.to_vec();
            (!name.is_empty()).then_some(name)
        });
        same(seed, &names(&archive.list()), &theirs.collect(), folder.path())?;
        same_bytes(&archive, folder.path())?;
    }
    Ok(())
}

fn unzip() -> Result<(), Failed> {
    for seed in 500..500 + CASES {
        let (folder, scratch) = (files(seed)?, tempfile::tempdir()?);
        let file = scratch.path().join("a.zip");
        let mut make = Command::new("zip");
        make.current_dir(folder.path())
            .args(["-q", "-r", "-y"])
            .args((seed % 3 == 0).then_some("-D"))
            .arg(&file)
            .arg(".");
        if !make.stdout(Stdio::null()).status()?.success() {
            return Err("zip failed".into());
        }
        let archive = Archive::open(&file)?;
        let said = Command::new("unzip").env("LC_ALL", "C.UTF-8").args(["-Z1"]).arg(&file).output()?;
        let theirs = lines(&said.stdout);
        // Folders that are not listed are made all the same.
        let ours: BTreeSet<Vec<u8>> = match seed % 3 {
            0 => names(&archive.list()).into_iter().filter(|name| !name.ends_with(b"/")).collect(),
            _ => names(&archive.list()),
        };
        same(seed, &ours, &theirs, folder.path())?;
        same_bytes(&archive, folder.path())?;
    }
    Ok(())
}

/// A disk that ignores case shows what git calls otherwise; the plain view of the folder tells.
fn another_case() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    put(folder.path(), "a.php", "<?php require __DIR__ . '/Lib/b.php';\n")?;
    put(folder.path(), "lib/b.php", "<?php\n")?;
    git(folder.path(), &["init", "-q"])?;
    git(folder.path(), &["add", "-A"])?;
    git(folder.path(), &["commit", "-q", "-m", "a"])?;
    std::fs::rename(folder.path().join("lib"), folder.path().join("Lib"))?;
    let run = |view: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_preflight"));
        command.args(["--view", view, "--format", "concise"]).current_dir(folder.path()).output()
    };
    let plain = String::from_utf8_lossy(&run("directory")?.stdout).into_owned();
    let shipped = String::from_utf8_lossy(&run("git")?.stdout).into_owned();
    let right = plain == "Lib: warning[name-differs-from-git]: the name `Lib` is `lib` in git\n"
        && shipped.contains("error[case-mismatch]: `Lib/b.php` is not in the tree; `lib/b.php` is");
    if right { Ok(()) } else { Err(format!("{plain}\n{shipped}").into()) }
}
