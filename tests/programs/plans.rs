//! Plans to hand to other programs: random trees with hostile names, edited and renamed at random.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;
use preflight::diagnostic::{Edit, Span};
use preflight::fix::{self, Entry, Mend, Plan, Standing, Why};
use preflight::path;
use walkdir::WalkDir;

use crate::case;
use crate::choice::Draw;

/// Which names are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Any bytes.
    Bytes,
    /// Any characters.
    Text,
}

/// A folder and what is in it: contents by path, `None` for folders.
pub type Tree = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// A tree, a plan for it, and what must come of it.
pub struct Drawn {
    pub before: Tree,
    pub plan: Plan,
    pub after: Tree,
}

/// Draws a tree with a plan; `folders` says whether folders are renamed, too.
pub fn draw(seed: u64, names: Names, folders: bool) -> Drawn {
    let mut draw = Draw::new(seed);
    let mut before = Tree::new();
    let mut inside: Vec<Vec<u8>> = vec![Vec::new()];
    for _ in 0..draw.below(3) {
        let parent = inside[draw.below(inside.len())].clone();
        let folder = path::join(&parent, &name(&mut draw, names));
        before.insert(folder.clone(), None);
        inside.push(folder);
    }
    for _ in 0..2 + draw.below(4) {
        let parent = inside[draw.below(inside.len())].clone();
        before.entry(path::join(&parent, &name(&mut draw, names))).or_insert(Some(content(&mut draw)));
    }
    let mut mends = Vec::new();
    for (number, (path, bytes)) in before.iter().enumerate() {
        let mut mend = Mend {
            edits: Vec::new(),
            renames: Vec::new(),
            why: vec![Why { what: format!("finding {number}"), fingerprint: format!("pf1:{seed}x{number}") }],
            moves: false,
            instead: Vec::new(),
        };
        if let Some(bytes) = bytes {
            mend.edits = edits(&mut draw, path, bytes);
        }
        if draw.below(2) == 0 && (folders || bytes.is_some()) {
            mend.renames.push((path.clone(), path::join(path::parent(path), &name(&mut draw, names))));
        }
        mends.push(mend);
    }
    let plan = planned(&before, &mends);
    let after = expected(&before, &plan);
    Drawn { before, plan, after }
}

fn planned(before: &Tree, mends: &[Mend]) -> Plan {
    let entry = |bytes: &Option<Vec<u8>>| if bytes.is_some() { Entry::File } else { Entry::Directory };
    let entries: BTreeMap<Vec<u8>, Entry> = before.iter().map(|(path, bytes)| (path.clone(), entry(bytes))).collect();
    let read = |path: &[u8]| before.get(path).cloned().flatten();
    fix::plan(&mends.iter().collect::<Vec<_>>(), Standing { entries: &entries, read: &read })
}

fn expected(before: &Tree, plan: &Plan) -> Tree {
    let changed = |path: &Vec<u8>| plan.changes.iter().find(|change| change.path == *path);
    let new = |(path, bytes): (&Vec<u8>, &Option<Vec<u8>>)| {
        (plan.place(path), changed(path).map_or_else(|| bytes.clone(), |change| Some(change.new.clone())))
    };
    before.iter().map(new).collect()
}

fn name(draw: &mut Draw, names: Names) -> Vec<u8> {
    const PIECES: [&str; 40] = [
        "a",
        "b",
        "C",
        "0",
        ".php",
        ".",
        "-",
        "--",
        " ",
        "  ",
        "'",
        "\"",
        "\\",
        "$",
        "$(id)",
        "`id`",
        "*",
        "?",
        "[a]",
        "{b}",
        "#",
        "!",
        ";",
        "&",
        "|",
        "<",
        ">",
        "~",
        "%",
        "%s",
        "^",
        "\t",
        "\n",
        "\r",
        "\u{1b}[31m",
        "é",
        "\u{200b}",
        "👩",
        "\u{a0}",
        "\\n",
    ];
    loop {
        let mut name = Vec::new();
        for _ in 0..1 + draw.below(6) {
            match draw.below(8) {
                0 if names == Names::Bytes => name.push(1 + u8::try_from(draw.below(255)).unwrap_or(0)),
                _ => name.extend_from_slice(draw.pick(&PIECES).unwrap_or("x").as_bytes()),
            }
        }
        name.retain(|&byte| byte != b'/');
        if !matches!(name.as_slice(), b"" | b"." | b"..") && !name.eq_ignore_ascii_case(b".git") {
            return name;
        }
    }
}

fn content(draw: &mut Draw) -> Vec<u8> {
    const LINES: [&str; 9] = [
        "<?php require '/x.phpp';",
        "",
        "a & b * c . d [e] ^ $f \\ /",
        "  tab\there",
        "\\n \\1 \\&",
        "é\u{200b}",
        "'x.phpp'",
        "pf$(id)`id`",
        "EOF",
    ];
    let mut text = Vec::new();
    let lines = draw.below(9);
    for at in 0..lines {
        text.extend_from_slice(draw.pick(&LINES).unwrap_or_default().as_bytes());
        text.extend_from_slice(format!("{}", draw.below(30)).as_bytes());
        if draw.below(6) == 0 {
            text.push(b'\r');
        }
        if at + 1 < lines || draw.below(3) > 0 {
            text.push(b'\n');
        }
    }
    text
}

fn edits(draw: &mut Draw, path: &[u8], bytes: &[u8]) -> Vec<Edit> {
    const NEW: [&str; 8] = ["", "x", "'", "\\", "&", "/", "é", "$(id)"];
    let mut edits: Vec<Edit> = Vec::new();
    for _ in 0..draw.below(4) {
        let start = draw.below(bytes.len() + 1);
        let end = (start + draw.below(4)).min(bytes.len());
        let new = draw.pick(&NEW).unwrap_or_default().as_bytes().to_vec();
        // What puts text into an empty file does so every time.
        let inside = !bytes.is_empty()
            && std::str::from_utf8(bytes).is_ok_and(|text| text.is_char_boundary(start) && text.is_char_boundary(end));
        let free = edits.iter().all(|other| end < other.span.start as usize || (other.span.end as usize) < start);
        if inside && free && !bytes[start..end].contains(&b'\n') && bytes[start..end] != new {
            edits.push(Edit { file: path.to_vec(), span: Span::new(start, end), new });
        }
    }
    edits
}

/// Writes a tree into an empty folder.
pub fn build(folder: &Path, tree: &Tree) -> Result<(), Failed> {
    for (path, bytes) in tree {
        let full = place(folder, path);
        match bytes {
            None => std::fs::create_dir_all(full)?,
            Some(bytes) => {
                std::fs::create_dir_all(full.parent().unwrap_or(folder))?;
                std::fs::write(full, bytes)?;
            }
        }
    }
    Ok(())
}

/// What is in a folder.
pub fn read(folder: &Path) -> Result<Tree, Failed> {
    let mut tree = Tree::new();
    for entry in WalkDir::new(folder).min_depth(1) {
        let entry = entry?;
        let path = entry.path().strip_prefix(folder)?.as_os_str().as_bytes().to_vec();
        let bytes = if entry.file_type().is_dir() { None } else { Some(std::fs::read(entry.path())?) };
        tree.insert(path, bytes);
    }
    Ok(tree)
}

/// Fails where a folder is not what it should be.
pub fn compare(folder: &Path, want: &Tree, what: &str) -> Result<(), Failed> {
    let got = read(folder)?;
    if got == *want {
        return Ok(());
    }
    let show = |tree: &Tree, other: &Tree| -> String {
        let odd = tree.iter().filter(|(path, bytes)| other.get(*path) != Some(bytes));
        odd.map(|(path, bytes)| {
            let bytes = bytes.as_deref().map_or("a folder".into(), |bytes| bytes.escape_ascii().to_string());
            format!("\n  `{}`: {bytes}", path.escape_ascii())
        })
        .collect()
    };
    Err(format!("{what}\nthere:{}\nwanted:{}", show(&got, want), show(want, &got)).into())
}

fn place(folder: &Path, path: &[u8]) -> PathBuf {
    folder.join(OsStr::from_bytes(path))
}

/// The tellings of the outage, by name: its site, and every case that wants a finding.
pub fn outages() -> Result<Vec<(String, Tree)>, Failed> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut all = vec![("sites/outage".to_owned(), read(&data.join("sites/outage"))?)];
    for entry in std::fs::read_dir(data.join("outage"))? {
        let file = entry?.path();
        let case = case::parse(&std::fs::read(&file)?)?;
        if !case.want.is_empty() {
            all.push((file.display().to_string(), files(&case.tree)));
        }
    }
    all.sort();
    Ok(all)
}

fn files(tree: &preflight::tree::Memory) -> Tree {
    use preflight::tree::{Kind, Tree as _};
    let file = |entry: preflight::tree::Entry| {
        let bytes = tree.read(&entry.path, usize::MAX - 1).ok().filter(|_| entry.kind == Kind::File);
        (entry.path, bytes)
    };
    tree.list().entries.into_iter().map(file).collect()
}

/// What `preflight fix --emit` prints for a folder.
pub fn emitted(folder: &Path, program: &str) -> Result<Vec<u8>, Failed> {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_preflight"));
    let output = command.args(["fix", "--include-review", "--emit", program]).arg(folder).output()?;
    match output.status.code() {
        Some(1) => Ok(output.stdout),
        code => Err(format!("exit {code:?}: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// Fails where a folder does not check clean.
pub fn is_clean(folder: &Path, name: &str) -> Result<(), Failed> {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_preflight")).arg(folder).output()?;
    match output.status.code() {
        Some(0) => Ok(()),
        code => Err(format!("{name}: exit {code:?}: {}", String::from_utf8_lossy(&output.stdout)).into()),
    }
}
