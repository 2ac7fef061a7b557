//! The word of Dart Sass and of Less on names of sheets against preflight's, over generated trees.
//!
//! What the compiler finds, preflight must find, and what it does not find it must miss. Load paths are given to a
//! compiler and not known to preflight, which lets every folder be one for a name without dots, every folder above the
//! sheet for one that starts with `./`, and none for one that starts with `../`: these the compiler is given.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::options::Options;
use preflight::resolve::Resolution;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::needs::{find, needs};

/// Trees of one trial, and names in each.
const TREES: u64 = 20;
const NAMES: usize = 120;
/// What a tree is made of.
const FOLDERS: [&str; 7] = ["", "a", "a/b", "lib", "lib/Deep", "Lib", "sp ace"];

/// The syntaxes of Sass, and Less.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["node", "sass"], "sheets/Sass", || each_tree(&SCSS)),
        needs(&["node", "sass"], "sheets/Sass by indent", || each_tree(&INDENTED)),
        needs(&["node", "lessc"], "sheets/Less", || each_tree(&LESS)),
    ]
}

/// Who is asked.
struct Compiler {
    /// The program by whose place its package is found, so many folders above it.
    program: &'static str,
    above: usize,
    stems: &'static [&'static str],
    extensions: &'static [&'static str],
    /// Lines that import; `NAME` stands for the name.
    lines: &'static [&'static str],
    /// The extension of the sheet that imports.
    own: &'static str,
    /// Asks for `[folder, load paths, line]` each, and prints whether the name is found, missing, or neither.
    script: &'static str,
}

const SASS: &str = "
const sass = require(process.argv[1]), fs = require('fs'), { pathToFileURL } = require('url')
const ask = ([folder, paths, line]) => {
  const syntax = process.argv[2] === 'sass' ? 'indented' : 'scss'
  const url = pathToFileURL(folder + '/importing.' + process.argv[2])
  try { sass.compileString(line, { url, syntax, loadPaths: paths, logger: sass.Logger.silent }) } catch (error) {
    if (/Can't find stylesheet/.test(error.message)) return 'missing'
    // Several files answer: another finding.
    if (/It's not clear which file/.test(error.message)) return 'neither'
    throw error
  }
  return 'found'
}
console.log(JSON.stringify(JSON.parse(fs.readFileSync('names.json', 'utf8')).map(ask)))";

const SCSS: Compiler = Compiler {
    program: "sass",
    above: 1,
    stems: &["x", "_x", "_y.min", "index", "_index", "Theme", "_a", "b.import", "é", "_lib", "_v1.2"],
    extensions: &["scss", "sass", "css", "scss", "txt"],
    lines: &[
        "@use 'NAME' as *;",
        "@forward \"NAME\";",
        "@import 'NAME';",
        "a { @import 'NAME', 'NAME'; }",
        "@use /* x */ \"NAME\" as *;",
    ],
    own: "scss",
    script: SASS,
};

const INDENTED: Compiler = Compiler {
    lines: &["@use 'NAME' as *", "@forward \"NAME\"", "@import 'NAME'", "@import NAME", "a\n  @import 'NAME'"],
    own: "sass",
    ..SCSS
};

const LESS: Compiler = Compiler {
    program: "lessc",
    above: 2,
    stems: &["x", "_x", "y.min", "index", "Theme", "a", "é", "lib", "v1.2"],
    extensions: &["less", "css", "less", "txt", "LESS", ""],
    lines: &[
        "@import 'NAME';",
        "@import (reference) \"NAME\";",
        "@import (less) url(\"NAME\");",
        "@import (inline) 'NAME';",
        ".a { @import (multiple, less) 'NAME'; }",
    ],
    own: "less",
    script: "
const less = require(process.argv[1]), fs = require('fs')
const ask = async ([folder, paths, line]) => {
  try { await less.render(line, { filename: folder + '/importing.' + process.argv[2], paths }) } catch (error) {
    if (error.type !== 'File') throw error
    return 'missing'
  }
  return 'found'
}
const names = JSON.parse(fs.readFileSync('names.json', 'utf8'))
Promise.all(names.map(ask)).then(found => console.log(JSON.stringify(found)))",
};

fn each_tree(compiler: &Compiler) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().canonicalize()?;
    let trees: Vec<Tree> = (1..=TREES)
        .map(|seed| tree(compiler, &root.join(seed.to_string()), &mut Draw(seed)))
        .collect::<Result<_, _>>()?;
    let theirs = ask(compiler, &trees)?;
    let (mut found, mut missing) = (0, 0);
    for (tree, theirs) in trees.iter().zip(theirs.chunks(NAMES)) {
        let ours = ours(compiler, tree)?;
        for (one, (theirs, ours)) in tree.asked.iter().zip(theirs.iter().zip(&ours)) {
            let Some(ours) = ours.as_ref().filter(|_| theirs != "neither") else { continue };
            // The compiler of Less in PHP finds some that this one misses: preflight takes no side.
            if theirs == "missing" && ours.contains("compilers of Less differ") {
                continue;
            }
            found += usize::from(theirs == "found");
            missing += usize::from(theirs == "missing");
            if ours != theirs {
                let (Asked { folder, line, .. }, files) = (one, &tree.files);
                return Err(format!("`{line}` in `{folder}` of {files:?}: it says {theirs}, preflight {ours}").into());
            }
        }
    }
    let few = found < 400 || missing < 400;
    if few { Err(format!("only {found} found and {missing} missing").into()) } else { Ok(()) }
}

/// Empty sheets in folders, and what is asked there.
struct Tree {
    root: PathBuf,
    files: Vec<String>,
    asked: Vec<Asked>,
}

fn tree(compiler: &Compiler, root: &Path, draw: &mut Draw) -> Result<Tree, Failed> {
    let files = lay(compiler, root, draw)?;
    let asked = (0..NAMES).map(|_| asked(compiler, &files, draw)).collect();
    Ok(Tree { root: root.to_path_buf(), files, asked })
}

/// A name that a sheet in a folder imports.
struct Asked {
    folder: String,
    name: String,
    line: String,
}

/// Writes a tree of empty sheets; its files, relative.
fn lay(compiler: &Compiler, root: &Path, draw: &mut Draw) -> Result<Vec<String>, Failed> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        std::fs::create_dir_all(root.join(folder))?;
    }
    for folder in FOLDERS {
        for _ in 0..draw.below(5) {
            let extension = draw.of(compiler.extensions);
            let dot = if extension.is_empty() { "" } else { "." };
            let path = below(folder, &format!("{}{dot}{extension}", draw.of(compiler.stems)));
            if !root.join(&path).exists() {
                std::fs::write(root.join(&path), "")?;
                files.push(path);
            }
        }
    }
    Ok(files)
}

fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The name of a sheet or a folder as a sheet elsewhere may write it, with one slip in two of three.
fn asked(compiler: &Compiler, files: &[String], draw: &mut Draw) -> Asked {
    let folder = draw.of(&FOLDERS).to_owned();
    let up = "../".repeat(folder.split('/').filter(|part| !part.is_empty()).count());
    let file = files.get(draw.below(files.len())).map_or("x.scss", String::as_str);
    let (home, name) = file.rsplit_once('/').unwrap_or(("", file));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let target = match draw.below(8) {
        0 => draw.of(&FOLDERS).to_owned(),
        1 | 2 => file.to_owned(),
        3 => below(home, name.trim_start_matches('_')),
        4 => below(home, stem),
        _ => below(home, stem.trim_start_matches('_')),
    };
    let target = if target.is_empty() { "index".to_owned() } else { draw.spoiled(&target) };
    let target = draw.detour(target.trim_end()).trim_matches('/').to_owned();
    let target = if target.is_empty() { "index".to_owned() } else { target };
    let start = draw.of(&["", "", "./", "@", "@"]).replace('@', &up);
    let name = format!("{start}{target}");
    let name = if draw.below(4) == 0 && compiler.own != "less" { name.replace(' ', "%20") } else { name };
    let line = draw.of(compiler.lines);
    // Without quotes two slashes look like a comment.
    let name = if line.ends_with(" NAME") { name.replace("//", "/") } else { name };
    let line = line.replace("NAME", &name);
    Asked { folder, name, line }
}

/// What the compiler says of each name of each tree.
fn ask(compiler: &Compiler, trees: &[Tree]) -> Result<Vec<String>, Failed> {
    let names: Vec<_> = trees.iter().flat_map(|tree| tree.asked.iter().map(|one| one.question(tree))).collect();
    let aside = tempfile::tempdir()?;
    std::fs::write(aside.path().join("names.json"), serde_json::to_string(&names)?)?;
    let program = find(compiler.program).ok_or("not there")?.canonicalize()?;
    let package = program.ancestors().nth(compiler.above).ok_or("not in a package")?;
    let mut node = Command::new("node");
    node.args(["-e", compiler.script]).arg(package).arg(compiler.own).current_dir(aside.path());
    let run = node.output()?;
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice(&run.stdout)?)
}

impl Asked {
    /// The folder, load paths, and the line.
    fn question(&self, tree: &Tree) -> (String, Vec<String>, &str) {
        let whole = |folder: &str| tree.root.join(folder).display().to_string().trim_end_matches('/').to_owned();
        let above = |folder: &str| Path::new(&self.folder).starts_with(folder);
        let holds = |folder: &&&str| match self.name.split('/').next() {
            Some(".") => above(folder),
            Some("..") => false,
            _ => true,
        };
        let paths = FOLDERS.iter().filter(holds).map(|folder| whole(folder)).collect();
        (whole(&self.folder), paths, &self.line)
    }
}

/// What preflight says of each name; nothing where the line is none that a compiler resolves.
fn ours(compiler: &Compiler, tree: &Tree) -> Result<Vec<Option<String>>, Failed> {
    let Tree { root, asked, .. } = tree;
    let file = |at: usize| below(&asked[at].folder, &format!("importing-{at}.{}", compiler.own));
    for (at, one) in asked.iter().enumerate() {
        std::fs::write(root.join(file(at)), &one.line)?;
    }
    let mut told: BTreeMap<Vec<u8>, String> = BTreeMap::new();
    for one in preflight::references(&Directory::new(root.clone(), 1), &Options::default()) {
        let verdict = match one.resolution {
            Resolution::Found(_) => "found".to_owned(),
            Resolution::Missing(_) => "missing".to_owned(),
            other => format!("{other:?}"),
        };
        if one.namespace == "sheet" {
            told.insert(one.file, verdict);
        }
    }
    Ok((0..asked.len()).map(|at| told.remove(file(at).as_bytes())).collect())
}
