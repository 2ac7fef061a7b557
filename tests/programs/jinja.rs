//! Jinja's own loader against preflight's word, over generated trees of templates.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::options::Options;
use preflight::resolve::Resolution;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::needs::needs;

/// Trees, and names in each.
const TREES: u64 = 30;
const NAMES: usize = 100;
const FOLDERS: [&str; 4] = ["", "mail", "mail/Parts", "sp ace"];
const FILES: [&str; 6] = ["base.html", "Header.html", "list.txt", "_row.html", "a-b.xml", "plain"];
/// Prints for each name, one on a line of the input, whether the loader finds it.
const ASK: &str = "
import sys, jinja2
loader = jinja2.FileSystemLoader('templates')
env = jinja2.Environment(loader=loader)
for name in sys.stdin.read().split('\\n'):
    try:
        loader.get_source(env, name)
        print(1, end='')
    except jinja2.TemplateNotFound:
        print(0, end='')
";

/// Thousands of names.
pub fn trials() -> Vec<Trial> {
    vec![needs(&["python3"], "jinja/names by chance", each_tree)]
}

/// An interpreter that has Jinja: the distribution's own has its packages.
fn python() -> Option<&'static str> {
    let has = |python: &&str| {
        Command::new(python).args(["-c", "import jinja2"]).output().is_ok_and(|run| run.status.success())
    };
    ["/usr/bin/python3", "python3"].into_iter().find(has)
}

fn each_tree() -> Result<(), Failed> {
    let python = python().ok_or("no interpreter has Jinja")?;
    (1..=TREES).try_for_each(|seed| one_tree(python, seed).map_err(|error| format!("seed {seed}: {error:?}").into()))
}

fn one_tree(python: &str, seed: u64) -> Result<(), Failed> {
    let mut draw = Draw(seed);
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    std::fs::write(root.join("app.py"), "from flask import Flask\napp = Flask(__name__)\n")?;
    let mut files = Vec::new();
    for name in FOLDERS {
        std::fs::create_dir_all(root.join("templates").join(name))?;
        for _ in 0..=draw.below(3) {
            let path = Path::new(name).join(draw.of(&FILES)).display().to_string();
            std::fs::write(root.join("templates").join(&path), "x")?;
            files.push(path);
        }
    }
    let names: Vec<String> = (0..NAMES).map(|_| name(&files, &mut draw)).collect();
    let lines: String = names.iter().map(|name| format!("{{% include '{name}' %}}\n")).collect();
    std::fs::write(root.join("templates/all.html"), lines)?;
    std::fs::write(root.join("names"), names.join("\n"))?;
    let input = std::fs::File::open(root.join("names"))?;
    let run = Command::new(python).args(["-c", ASK]).stdin(input).current_dir(root).output()?;
    let listed = preflight::references(&Directory::new(root.to_path_buf(), 1), &Options::default());
    for (at, name) in names.iter().enumerate() {
        let theirs = run.stdout.get(at) == Some(&b'1');
        let ours = listed.iter().find(|one| {
            one.file == b"templates/all.html" && usize::try_from(one.location.line).is_ok_and(|line| line == at + 1)
        });
        let found = ours.is_some_and(|one| matches!(one.resolution, Resolution::Found(_)));
        if theirs != found {
            return Err(format!("`{name}` among {files:?}: Jinja finds it: {theirs}, preflight: {found}").into());
        }
    }
    Ok(())
}

/// The name of a template, with one slip in two of three.
fn name(files: &[String], draw: &mut Draw) -> String {
    let at = draw.below(files.len());
    let file = draw.spoiled(&files[at]);
    match draw.below(8) {
        0 => format!("/{file}"),
        1 => format!("./{file}"),
        2 => format!("../templates/{file}"),
        _ => draw.detour(&file),
    }
}
