//! The word of Node and of TypeScript on names of modules against preflight's, over generated trees.
//!
//! What Node or TypeScript finds, preflight must find, mostly at the same file; what they do not find it must miss. It
//! knows more than each of them: the extensions that bundlers add, and folders with a manifest, whose entry point is
//! another finding. These are told apart by the file that it found.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::options::Options;
use preflight::resolve::Resolution;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::needs::needs;

/// Trees of one trial, and names in each.
const TREES: u64 = 40;
const NAMES: usize = 100;
/// What a tree is made of.
const FOLDERS: [&str; 6] = ["", "a", "a/b", "lib", "lib/Deep", "sp ace"];
const STEMS: [&str; 8] = ["index", "x", "y.min", "Data", "a", "lib", "main", "é"];

/// Both loaders of Node, and TypeScript.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["node"], "modules/require of Node", || each_tree(&REQUIRE)),
        needs(&["node"], "modules/import of Node", || each_tree(&IMPORT)),
        needs(&["node", "tsc"], "modules/TypeScript", || each_tree(&TYPESCRIPT)),
    ]
}

/// Who is asked.
struct Other {
    /// Extensions of the files in the tree.
    extensions: &'static [&'static str],
    /// The name of the file that imports, in a folder.
    importing: &'static str,
    /// The line that imports; `@` stands for the name.
    line: &'static str,
    /// Asks for `names`, a list of `[folder, name]`, and prints the path that each leads to or an empty string.
    script: &'static str,
    /// Ends of the paths that preflight finds and the other does not look for.
    more: &'static [&'static str],
    /// A file that is there is found under its whole name.
    exact: bool,
    /// Names are URLs: without white space at their ends, and encoded or not.
    urls: bool,
}

const REQUIRE: Other = Other {
    extensions: &["js", "json", "mjs", "cjs", "node", "txt", ""],
    importing: "importing.cjs",
    line: "require('@')",
    script: "
const { createRequire } = require('module'), fs = require('fs')
const names = JSON.parse(fs.readFileSync('names.json', 'utf8'))
const ask = ([folder, name]) => { try { return createRequire(folder + '/importing.cjs').resolve(name) } catch { return '' } }
console.log(JSON.stringify(names.map(ask)))",
    more: &[".mjs", ".cjs", "package.json"],
    exact: true,
    urls: false,
};

const IMPORT: Other = Other {
    extensions: &["js", "mjs", "cjs", "json", ""],
    importing: "importing.mjs",
    line: "import '@'",
    script: "
const fs = require('fs'), { fileURLToPath, pathToFileURL } = require('url')
const names = JSON.parse(fs.readFileSync('names.json', 'utf8'))
const missing = ['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT']
const load = async ([folder, name]) => {
  const url = new URL(name, pathToFileURL(folder + '/importing.mjs'))
  try { await import(url) } catch (error) { if (missing.includes(error.code)) return '' }
  return require('path').normalize(fileURLToPath(url))
}
Promise.all(names.map(load)).then(found => console.log(JSON.stringify(found)))",
    more: &[".js", ".mjs", ".cjs", ".json"],
    exact: true,
    urls: true,
};

const TYPESCRIPT: Other = Other {
    extensions: &["ts", "tsx", "d.ts", "js", "json", "mts", "cts", "d.mts"],
    importing: "importing.ts",
    line: "import '@'",
    script: "
const ts = require('/usr/share/nodejs/typescript'), fs = require('fs')
const names = JSON.parse(fs.readFileSync('names.json', 'utf8'))
const options = { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.NodeJs, allowJs: true, resolveJsonModule: true }
const ask = ([folder, name]) => ts.resolveModuleName(name, folder + '/importing.ts', options, ts.sys).resolvedModule?.resolvedFileName ?? ''
console.log(JSON.stringify(names.map(ask)))",
    more: &[".mts", ".cts", ".d.mts", ".ts", ".tsx", "package.json", ".json", ".js"],
    exact: false,
    urls: false,
};

fn each_tree(other: &Other) -> Result<(), Failed> {
    let mut asked = 0;
    for seed in 1..=TREES {
        asked += one_tree(other, seed).map_err(|error| format!("seed {seed}: {error:?}"))?;
    }
    if asked < 2_000 {
        return Err(format!("only {asked} names were asked for").into());
    }
    Ok(())
}

fn one_tree(other: &Other, seed: u64) -> Result<usize, Failed> {
    let mut draw = Draw(seed);
    let folder = tempfile::tempdir()?;
    let root = folder.path().canonicalize()?;
    let files = lay(other, &root, &mut draw)?;
    let names: Vec<(String, String)> = (0..NAMES).map(|_| name(other, &files, &mut draw)).collect();
    importers(other, &root, &names)?;
    let theirs = ask(other, &root, &names)?;
    let ours = ours(&root, other, &names);
    for (at, (from, name)) in names.iter().enumerate() {
        let (theirs, ours) = (&theirs[at], &ours[at]);
        let same = match (theirs.as_str(), ours) {
            ("", None) => true,
            ("", Some(found)) => {
                let whole = other.exact && format!("{found}/").ends_with(&format!("/{}/", last(name)));
                other.more.iter().any(|end| found.ends_with(end)) && !whole
            }
            (found, Some(ours)) => {
                Path::new(found).strip_prefix(&root)? == Path::new(ours)
                    || other.more.iter().any(|end| ours.ends_with(end))
            }
            (_, None) => false,
        };
        if !same {
            return Err(format!("`{name}` in `{from}` of {files:?}: it finds `{theirs}`, preflight {ours:?}").into());
        }
    }
    Ok(names.len())
}

/// The last segment of a name.
fn last(name: &str) -> &str {
    name.trim_end_matches('/').rsplit('/').next().unwrap_or(name)
}

/// Writes a tree; its files, relative.
fn lay(other: &Other, root: &Path, draw: &mut Draw) -> Result<Vec<String>, Failed> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        std::fs::create_dir_all(root.join(folder))?;
    }
    for folder in FOLDERS {
        for _ in 0..draw.below(5) {
            let extension = draw.of(other.extensions);
            let dot = if extension.is_empty() { "" } else { "." };
            let name = format!("{}{dot}{extension}", draw.of(&STEMS));
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if !root.join(&path).exists() {
                std::fs::write(root.join(&path), if extension == "json" { "{}" } else { "" })?;
                files.push(path);
            }
        }
    }
    if draw.below(2) == 0 {
        std::fs::write(
            root.join("lib/package.json"),
            format!("{{\"main\": \"{}\"}}", draw.of(&["./x.js", "gone", "a"])),
        )?;
        files.push("lib/package.json".to_owned());
    }
    Ok(files)
}

/// A folder that imports, and the name of a file or folder from there, with one slip in two of three.
fn name(other: &Other, files: &[String], draw: &mut Draw) -> (String, String) {
    let from = draw.of(&FOLDERS).to_owned();
    let up = if from.is_empty() { "./".to_owned() } else { "../".repeat(from.split('/').count()) };
    let file = files.get(draw.below(files.len().max(1))).map_or("x.js", String::as_str);
    let target = match draw.below(5) {
        0 => draw.of(&FOLDERS).to_owned(),
        1 => file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned(),
        _ => file.to_owned(),
    };
    let target = if target.is_empty() { target } else { draw.spoiled(&target) };
    let written = draw.detour(&format!("{up}{target}"));
    let end = draw.of(&["", "", "", "", "/"]);
    // An empty segment is one of a URL.
    let written = if other.urls { written.replace("//", "/") } else { written };
    match other.urls {
        true if draw.below(2) == 0 => (from, format!("{}{end}", written.trim_end().replace(' ', "%20"))),
        true => (from, format!("{}{end}", written.trim_end())),
        false => (from, format!("{written}{end}")),
    }
}

/// The files that import, a line each name.
fn importers(other: &Other, root: &Path, names: &[(String, String)]) -> Result<(), Failed> {
    let mut sources: BTreeMap<&str, String> = BTreeMap::new();
    for (folder, name) in names {
        let source = sources.entry(folder).or_default();
        writeln!(source, "{}", other.line.replace('@', name))?;
    }
    for (folder, source) in sources {
        std::fs::write(root.join(folder).join(other.importing), source)?;
    }
    Ok(())
}

fn ask(other: &Other, root: &Path, names: &[(String, String)]) -> Result<Vec<String>, Failed> {
    let names: Vec<[String; 2]> =
        names.iter().map(|(folder, name)| [root.join(folder).display().to_string(), name.clone()]).collect();
    let aside = tempfile::tempdir()?;
    std::fs::write(aside.path().join("names.json"), serde_json::to_string(&names)?)?;
    let run = Command::new("node").args(["-e", other.script]).current_dir(aside.path()).output()?;
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice(&run.stdout)?)
}

/// The file that preflight finds for each name, relative; `None` where it misses.
fn ours(root: &Path, other: &Other, names: &[(String, String)]) -> Vec<Option<String>> {
    let listed = preflight::references(&Directory::new(root.to_path_buf(), 1), &Options::default());
    let mut found: BTreeMap<(String, String), Option<String>> = BTreeMap::new();
    for one in listed {
        let file = String::from_utf8_lossy(&one.file).into_owned();
        let Some(folder) = file.strip_suffix(other.importing) else { continue };
        let key = (folder.trim_end_matches('/').to_owned(), String::from_utf8_lossy(&one.text).into_owned());
        let outcome = match &one.resolution {
            Resolution::Missing(_) => None,
            _ => Some(one.target.as_ref().map_or(String::new(), |path| String::from_utf8_lossy(path).into_owned())),
        };
        found.insert(key, outcome);
    }
    names.iter().map(|key| found.get(key).cloned().unwrap_or_default()).collect()
}
