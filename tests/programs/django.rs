//! Django's own loaders of templates and finders of static files against preflight's word, over generated projects.
//!
//! What Django finds must be found here. What it does not find must not, unless it stands under that end elsewhere in
//! the tree: whose folders those are the settings of another server may know, so that this is silence by intent.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::Listed;
use preflight::options::Options;
use preflight::resolve::Resolution;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::needs::needs;

/// Trees, and names in each.
const TREES: u64 = 20;
const NAMES: usize = 60;
const FOLDERS: [&str; 6] = ["shop", "shop/parts", "mail", "mail/Parts", "", "sp ace"];
const FILES: [&str; 6] = ["base.html", "Header.html", "list.txt", "_row.html", "a-b.xml", "logo.html"];
/// Prints for each name, one on a line of the input, whether it is found.
const ASK: &str = "
import sys, django
from django.conf import settings
sys.path.insert(0, '.')
settings.configure(
    INSTALLED_APPS=['django.contrib.staticfiles', 'shop', 'mail'],
    TEMPLATES=[{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'DIRS': ['site'], 'APP_DIRS': True}],
    STATICFILES_DIRS=['assets'], STATIC_URL='/static/')
django.setup()
from django.contrib.staticfiles import finders
from django.template import TemplateDoesNotExist, loader
def template(name):
    try:
        return bool(loader.get_template(name))
    except TemplateDoesNotExist:
        return False
def static(name):
    try:
        return bool(finders.find(name))
    except Exception:
        return False
ask = {'templates': template, 'static': static}[sys.argv[1]]
for name in sys.stdin.read().split('\\n'):
    print(int(ask(name)), end='')
";

/// Thousands of names.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["django-admin"], "django/templates by chance", || each_tree(&TEMPLATES)),
        needs(&["django-admin"], "django/static files by chance", || each_tree(&STATICS)),
    ]
}

/// What is looked up.
struct Kind {
    folder: &'static str,
    beside: &'static str,
    call: fn(&str) -> String,
}

const TEMPLATES: Kind = Kind { folder: "templates", beside: "site", call: |name| format!("render(None, '{name}')") };
const STATICS: Kind = Kind { folder: "static", beside: "assets", call: |name| format!("static('{name}')") };

const SETTINGS: &str = "
import os
INSTALLED_APPS = ['django.contrib.staticfiles', 'shop', 'mail']
TEMPLATES = [{'DIRS': [os.path.join(os.path.dirname(__file__), 'site')], 'APP_DIRS': True}]
STATICFILES_DIRS = [os.path.join(os.path.dirname(__file__), 'assets')]
";

/// An interpreter that has Django: the distribution's own has its packages.
fn python() -> Option<&'static str> {
    let has = |python: &&str| {
        Command::new(python).args(["-c", "import django"]).output().is_ok_and(|run| run.status.success())
    };
    ["/usr/bin/python3", "python3"].into_iter().find(has)
}

fn each_tree(kind: &Kind) -> Result<(), Failed> {
    let python = python().ok_or("no interpreter has Django")?;
    (1..=TREES)
        .try_for_each(|seed| one_tree(python, kind, seed).map_err(|error| format!("seed {seed}: {error:?}").into()))
}

fn one_tree(python: &str, kind: &Kind, seed: u64) -> Result<(), Failed> {
    let mut draw = Draw(seed);
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    let roots = [format!("shop/{}", kind.folder), format!("mail/{}", kind.folder), kind.beside.to_owned()];
    let files = plant(root, &roots, &mut draw)?;
    let names: Vec<String> = (0..NAMES).map(|_| name(&files, kind, &mut draw)).collect();
    let lines: String = names.iter().map(|name| (kind.call)(name) + "\n").collect();
    let imports = "from django.shortcuts import render; from django.templatetags.static import static\n";
    std::fs::write(root.join("shop/views.py"), imports.to_owned() + &lines)?;
    std::fs::write(root.join("names"), names.join("\n"))?;
    let input = std::fs::File::open(root.join("names"))?;
    let run = Command::new(python).args(["-c", ASK, kind.folder]).stdin(input).current_dir(root).output()?;
    if run.stdout.len() != names.len() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned().into());
    }
    if !run.stdout.contains(&b'1') || !run.stdout.contains(&b'0') {
        return Err("every name is found, or none: nothing is compared".into());
    }
    let listed = preflight::references(&Directory::new(root.to_path_buf(), 1), &Options::default());
    for (at, name) in names.iter().enumerate() {
        let theirs = run.stdout.get(at) == Some(&b'1');
        let found = is_found(&listed, at + 2);
        let elsewhere = !theirs && stands_elsewhere(root, &roots, &files, name);
        if theirs != found && !elsewhere {
            return Err(format!("`{name}` among {files:?}: Django finds it: {theirs}, preflight: {found}").into());
        }
    }
    Ok(())
}

/// Files in the folders of two applications and in one beside them; returns their names.
fn plant(root: &Path, roots: &[String], draw: &mut Draw) -> Result<Vec<String>, Failed> {
    let mut files = Vec::new();
    for below in roots {
        for folder in FOLDERS {
            std::fs::create_dir_all(root.join(below).join(folder))?;
            if draw.below(2) == 0 {
                let name = Path::new(folder).join(draw.of(&FILES)).display().to_string();
                std::fs::write(root.join(below).join(&name), "x")?;
                files.push(name);
            }
        }
    }
    if files.is_empty() {
        std::fs::write(root.join(&roots[0]).join("base.html"), "x")?;
        files.push("base.html".to_owned());
    }
    for app in ["shop", "mail"] {
        std::fs::write(root.join(app).join("__init__.py"), "")?;
    }
    std::fs::write(root.join("settings.py"), SETTINGS)?;
    Ok(files)
}

fn is_found(listed: &[Listed], line: usize) -> bool {
    listed.iter().any(|one| {
        let here = one.file == b"shop/views.py" && usize::try_from(one.location.line).is_ok_and(|at| at == line);
        here && matches!(one.resolution, Resolution::Found(_))
    })
}

/// Whether some file's path ends in the name, however the name gets there.
fn stands_elsewhere(root: &Path, roots: &[String], files: &[String], name: &str) -> bool {
    let plain: Vec<&str> = name.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let end = format!("/{}", plain.join("/"));
    let places = roots.iter().flat_map(|below| files.iter().map(move |file| format!("/{below}/{file}")));
    places.into_iter().any(|place| place.ends_with(&end) && root.join(&place[1..]).exists())
}

/// The name of a file, with one slip in two of three.
fn name(files: &[String], kind: &Kind, draw: &mut Draw) -> String {
    let at = draw.below(files.len());
    let file = draw.spoiled(&files[at]);
    match draw.below(10) {
        0 => format!("/{file}"),
        1 => format!("./{file}"),
        2 => format!("../{}/{file}", kind.folder),
        3 => format!("x/../{file}"),
        _ => draw.detour(&file),
    }
}
