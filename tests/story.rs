//! The outage's whole chain in one tree (`testdata/story/shop.txt`): every name in it is spoiled in turn, on disk and
//! where it is written. Each time exactly one error says so, at its place, with the right name, and mending it heals.
//!
//! The clean tree is a case of its own, run by `tests/cases.rs`.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

#[path = "common/case.rs"]
#[allow(dead_code, reason = "other tests expect lines")]
mod case;

use preflight::diagnostic::{Diagnostic, Severity, Status, show};
use preflight::options::{Options, Place};
use preflight::tree::{Memory, Tree};

/// A link of the chain: the file that names, what is written there, and the file that is meant.
struct Link {
    file: &'static str,
    written: &'static str,
    target: &'static str,
    /// The faults that the written name can have, and still be read as it stands.
    spoils: &'static [Spoil],
}

const fn link(file: &'static str, written: &'static str, target: &'static str) -> Link {
    Link { file, written, target, spoils: &SPOILS }
}

/// A link by a word, which white space ends.
const fn word(file: &'static str, written: &'static str, target: &'static str) -> Link {
    Link { file, written, target, spoils: &[Spoil::Case, Spoil::Letter, Spoil::Extension] }
}

/// A link by the name of a class or of a module.
const fn name(file: &'static str, written: &'static str, target: &'static str) -> Link {
    Link { file, written, target, spoils: &[Spoil::Name] }
}

const CHAIN: [Link; 16] = [
    name("modules/shop/manifests/init.pp", "shop::site", "modules/shop/manifests/site.pp"),
    name("modules/shop/manifests/init.pp", "shop::service", "modules/shop/manifests/service.pp"),
    link("modules/shop/manifests/site.pp", "shop/nginx/shop.conf", "modules/shop/files/nginx/shop.conf"),
    link("modules/shop/manifests/service.pp", "shop/shop.service", "modules/shop/files/shop.service"),
    link("modules/shop/manifests/service.pp", "shop/uwsgi.ini", "modules/shop/files/uwsgi.ini"),
    link("modules/shop/manifests/service.pp", "shop/motd.epp", "modules/shop/templates/motd.epp"),
    word("modules/shop/files/shop.service", "/srv/shop/shop.conf", "app/shop.conf"),
    word("modules/shop/files/shop.service", "/srv/shop/bin/warm.sh", "app/bin/warm.sh"),
    name("modules/shop/files/uwsgi.ini", "= wsgi", "app/wsgi.py"),
    name("app/wsgi.py", "shop.factory", "app/shop/factory.py"),
    link("app/shop/factory.py", "index.html", "app/shop/templates/index.html"),
    link("app/shop/templates/index.html", "layout.html", "app/shop/templates/layout.html"),
    link("app/shop/templates/layout.html", "css/site.css", "app/shop/static/css/site.css"),
    word("app/shop/static/css/site.css", "../img/paper.png", "app/shop/static/img/paper.png"),
    word("Dockerfile", "app/requirements.txt", "app/requirements.txt"),
    word("Dockerfile", "docker/entry.sh", "docker/entry.sh"),
];

/// A way to spoil a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spoil {
    Space,
    Case,
    Letter,
    Extension,
    /// A letter, in the last part of what is no path: the first part of `a.b` may be a package's name.
    Name,
}

const SPOILS: [Spoil; 4] = [Spoil::Space, Spoil::Case, Spoil::Letter, Spoil::Extension];

impl Spoil {
    /// The name with this fault in its last segment; `None` where it can have none.
    fn of(self, path: &str) -> Option<String> {
        let start = path.rfind(['/', ':']).map_or(0, |at| at + 1);
        let (front, last) = path.split_at(start);
        let (stem, extension) = last.split_once('.').map_or((last, ""), |(stem, extension)| (stem, extension));
        let tail = if extension.is_empty() { String::new() } else { format!(".{extension}") };
        match self {
            Spoil::Space => Some(format!("{path} ")),
            Spoil::Case => Some(format!("{front}{}{}{tail}", stem[..1].to_uppercase(), &stem[1..])),
            Spoil::Letter => Some(format!("{front}{}{}{tail}", &stem[..2], &stem[3..])),
            Spoil::Name => Some(format!("{}{}", &path[..path.len() - 2], &path[path.len() - 1..])),
            Spoil::Extension => (!extension.is_empty()).then(|| format!("{path}{}", &extension[extension.len() - 1..])),
        }
    }
}

fn shop() -> case::Case {
    let bytes = include_bytes!("../testdata/story/shop.txt");
    case::parse(bytes).expect("the story is a case")
}

fn options(case: &case::Case) -> Options {
    let config = case.config.as_deref().unwrap_or_default();
    preflight::config::parse(config, &Place::default()).expect("its configuration is right")
}

/// The tree with one file under another name.
fn renamed(tree: &mut Memory, from: &str, to: &str) {
    let bytes = tree.remove(from.as_bytes()).unwrap_or_else(|| panic!("{from} is not in the tree"));
    tree.file(to, bytes);
}

/// The tree with one reference written in another way.
fn rewritten(tree: &mut Memory, link: &Link, to: &str) {
    let bytes = tree.read(link.file.as_bytes(), usize::MAX).expect("it is a file");
    let text = String::from_utf8(bytes).expect("it is text");
    assert_eq!(text.matches(link.written).count(), 1, "{} in {}", link.written, link.file);
    tree.file(link.file, text.replacen(link.written, to, 1));
}

/// What counts in a report.
fn counted(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    diagnostics.iter().filter(|one| one.status == Status::Active && one.severity == Severity::Error).collect()
}

fn line_of(link: &Link) -> usize {
    let tree = shop().tree;
    let bytes = tree.read(link.file.as_bytes(), usize::MAX).expect("it is a file");
    let text = String::from_utf8(bytes).expect("it is text");
    text[..text.find(link.written).expect("it is written there")].matches('\n').count() + 1
}

/// What is wrong with what preflight says of a spoiled tree, and with what its mending makes of it.
fn faults(tree: &Memory, options: &Options, link: &Link, near: &str) -> Vec<String> {
    let mended = preflight::with_judge(tree, options, |judge| preflight::mend::mend(judge, true));
    let errors = counted(&mended.before.diagnostics);
    let shown: Vec<String> = errors.iter().map(|one| format!("{}: {}", show(&one.file), one.message)).collect();
    let mut faults = Vec::new();
    match errors.as_slice() {
        [one] => {
            let line = one.location.as_ref().map(|at| at.line as usize);
            if one.file != link.file.as_bytes() || line != Some(line_of(link)) {
                faults.push(format!("told at another place: {shown:?}"));
            }
            if one.near_misses.first().is_none_or(|first| first.path != near.as_bytes()) {
                faults.push(format!("another name is suggested: {shown:?}"));
            }
            let left = counted(&mended.after.diagnostics).len();
            if one.fix.is_some() && left > 0 {
                faults.push(format!("its fix leaves {left} errors"));
            }
        }
        _ => faults.push(format!("{} errors: {shown:?}", errors.len())),
    }
    faults
}

#[test]
fn every_name_is_spoiled_on_disk() {
    let mut faults_found = Vec::new();
    for link in &CHAIN {
        for spoil in SPOILS {
            let Some(wrong) = spoil.of(link.target) else { continue };
            let mut case = shop();
            renamed(&mut case.tree, link.target, &wrong);
            let faults = faults(&case.tree, &options(&case), link, &wrong);
            faults_found.extend(faults.into_iter().map(|fault| format!("{wrong:?}: {fault}")));
        }
    }
    assert!(faults_found.is_empty(), "{}", faults_found.join("\n"));
}

#[test]
fn every_reference_is_spoiled() {
    let mut faults_found = Vec::new();
    for link in &CHAIN {
        for spoil in link.spoils {
            let Some(wrong) = spoil.of(link.written) else { continue };
            let mut case = shop();
            rewritten(&mut case.tree, link, &wrong);
            let faults = faults(&case.tree, &options(&case), link, link.target);
            faults_found.extend(faults.into_iter().map(|fault| format!("{wrong:?} in {}: {fault}", link.file)));
        }
    }
    assert!(faults_found.is_empty(), "{}", faults_found.join("\n"));
}
