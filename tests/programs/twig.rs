//! Twig's own loader against preflight's word, over generated trees of templates with a namespace.

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
const FILES: [&str; 6] = ["base.html.twig", "Header.html.twig", "list.txt", "_row.twig", "a-b.xml.twig", "plain"];
/// Folders of templates, and what stands before the names of theirs.
const ROOTS: [(&str, &str); 2] = [("templates", ""), ("admin/views", "@admin/")];
const SETTINGS: &str = "twig:\n  paths:\n    '%kernel.project_dir%/admin/views': admin\n";
/// Where the distribution has Twig.
const TWIG: &str = "Twig/autoload.php";
/// Prints for each name, one on a line of the input, whether the loader finds it.
const ASK: &str = "require 'Twig/autoload.php';
$loader = new Twig\\Loader\\FilesystemLoader('templates');
$loader->addPath('admin/views', 'admin');
foreach (explode(\"\\n\", file_get_contents('names')) as $name) { echo $loader->exists($name) ? '1' : '0'; }";

/// Thousands of names.
pub fn trials() -> Vec<Trial> {
    vec![needs(&["php"], "twig/names by chance", each_tree)]
}

fn each_tree() -> Result<(), Failed> {
    let has = format!("exit(stream_resolve_include_path('{TWIG}') === false ? 1 : 0);");
    if !Command::new("php").args(["-r", &has]).status()?.success() {
        return Err("PHP has no Twig".into());
    }
    (1..=TREES).try_for_each(|seed| one_tree(seed).map_err(|error| format!("seed {seed}: {error:?}").into()))
}

fn one_tree(seed: u64) -> Result<(), Failed> {
    let mut draw = Draw(seed);
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    std::fs::create_dir_all(root.join("config/packages"))?;
    std::fs::write(root.join("config/packages/twig.yaml"), SETTINGS)?;
    let mut files = Vec::new();
    for (templates, front) in ROOTS {
        for name in FOLDERS {
            std::fs::create_dir_all(root.join(templates).join(name))?;
            for _ in 0..=draw.below(3) {
                let path = Path::new(name).join(draw.of(&FILES)).display().to_string();
                std::fs::write(root.join(templates).join(&path), "x")?;
                files.push((front, path));
            }
        }
    }
    let names: Vec<String> = (0..NAMES).map(|_| name(&files, &mut draw)).collect();
    let lines: String = names.iter().map(|name| format!("{{% include '{name}' %}}\n")).collect();
    std::fs::write(root.join("templates/all.html.twig"), lines)?;
    std::fs::write(root.join("names"), names.join("\n"))?;
    let run = Command::new("php").args(["-r", ASK]).current_dir(root).output()?;
    let listed = preflight::references(&Directory::new(root.to_path_buf(), 1), &Options::default());
    for (at, name) in names.iter().enumerate() {
        let theirs = run.stdout.get(at) == Some(&b'1');
        let ours = listed.iter().find(|one| {
            one.file == b"templates/all.html.twig"
                && usize::try_from(one.location.line).is_ok_and(|line| line == at + 1)
        });
        let ours = ours.map(|one| &one.resolution);
        let agree = match ours {
            Some(Resolution::Found(_)) => theirs,
            Some(Resolution::Missing(_)) => !theirs,
            // A name that climbs, and one of a namespace that nobody knows.
            _ => !theirs && (name.contains("..") || name.starts_with('@') && !name.starts_with("@admin/")),
        };
        if !agree {
            return Err(format!("`{name}` among {files:?}: Twig finds it: {theirs}, preflight: {ours:?}").into());
        }
    }
    Ok(())
}

/// The name of a template, with one slip in two of three.
fn name(files: &[(&str, String)], draw: &mut Draw) -> String {
    let at = draw.below(files.len());
    let (front, file) = &files[at];
    let file = draw.spoiled(file);
    match draw.below(8) {
        0 if front.is_empty() => format!("/{file}"),
        1 if front.is_empty() => format!("./{file}"),
        2 => format!("{front}../templates/{file}"),
        3 => draw.spoiled(&format!("{front}{file}")),
        _ => format!("{front}{}", draw.detour(&file)),
    }
}
