//! What needs trees of real size: `PREFLIGHT_TREES=DIR cargo test --test real`.
//!
//! `DIR` holds unpacked Debian packages, each in a folder of its package's name; `.ci/run` fetches them. A tree
//! that is not there fails its tests: nothing here passes by being skipped. `PREFLIGHT_PLANT=DIR:DIR` names further
//! trees, of any origin, in which typos are planted and fixed.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test may fail"
)]

#[path = "mutation/mod.rs"]
mod mutation;

use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use preflight::diagnostic::{Diagnostic, Report, Severity};
use preflight::options::Options;
use preflight::progress::Progress;
use preflight::tree::{Directory, Kind, Memory};

use mutation::tree::Base;
use mutation::{Effort, mutate};

/// Name of the test, folder below the trees, mutations.
const TREES: [(&str, &str, usize); 5] = [
    ("wordpress", "wordpress/usr/share/wordpress", 3_000),
    ("phpmyadmin", "phpmyadmin/usr/share/phpmyadmin", 3_000),
    ("flask-bepasty", "bepasty/usr/lib/python3/dist-packages", 2_000),
    ("flask-searx", "python3-searx/usr/lib/python3/dist-packages", 3_000),
    ("flask-supysonic", "supysonic/usr/share/supysonic", 2_000),
];
/// Name of the test, folder below the trees: here typos are planted and fixed. searx is taken from where its own
/// absolute imports start.
const PLANTED: [(&str, &str); 3] = [
    ("wordpress", "wordpress/usr/share/wordpress"),
    ("phpmyadmin", "phpmyadmin/usr/share/phpmyadmin"),
    ("searx", "python3-searx/usr/lib/python3/dist-packages"),
];
/// The package of the outage, whole.
const WORDPRESS: &str = "wordpress";
/// Packages of which every error was read and judged, whole.
const JUDGED: [&str; 10] = [
    "bepasty",
    "dokuwiki",
    "mediawiki",
    "phpmyadmin",
    "postgresql-doc-15",
    "python3-searx",
    "python3.11-doc",
    "roundcube-core",
    "supysonic",
    "wordpress",
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mutations = TREES.map(|(name, folder, mutations)| {
        Trial::test(format!("mutation/{name}"), move || spoil(folder, Effort { seed: 0x5EED, mutations }))
    });
    let mut trials: Vec<Trial> = mutations.into();
    for (name, folder) in PLANTED {
        trials.push(Trial::test(format!("outage/planted-{name}"), move || {
            mutation::plant::plant_and_fix(&Base::read(&trees()?.join(folder))?, 0xF1C5)
        }));
    }
    trials.extend(more_to_plant().into_iter().map(|folder| {
        let name = format!("outage/planted-{}", folder.display());
        Trial::test(name, move || mutation::plant::plant_and_fix(&Base::read(&folder)?, 0xF1C5))
    }));
    trials.extend(JUDGED.map(|package| Trial::test(format!("judged/{package}"), move || judged(package))));
    trials.push(Trial::test("outage/wordpress", || outage("class-wp-locale.php", "class-wp-locale.phpp")));
    trials.push(Trial::test("outage/clean-wordpress", clean));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trees() -> Result<PathBuf, Failed> {
    match std::env::var_os("PREFLIGHT_TREES") {
        Some(folder) => Ok(folder.into()),
        None => Err("PREFLIGHT_TREES does not name the folder of the trees".into()),
    }
}

/// Trees that whoever runs this names.
fn more_to_plant() -> Vec<PathBuf> {
    std::env::var_os("PREFLIGHT_PLANT").map(|paths| std::env::split_paths(&paths).collect()).unwrap_or_default()
}

fn spoil(folder: &str, effort: Effort) -> Result<(), Failed> {
    let base = Base::read(&trees()?.join(folder))?;
    let score = mutate(&base, effort);
    eprintln!("{folder}, {}", score.table());
    match score.shortfalls() {
        short if short.is_empty() => Ok(()),
        short => Err(format!("{short:#?}").into()),
    }
}

/// An error that nobody judged, or one that is not found any more, is a change of the gate that somebody must read.
fn judged(package: &str) -> Result<(), Failed> {
    let tree = Directory::new(trees()?.join(package), 0);
    let report = preflight::check(&tree, &Options::default(), package.as_bytes(), &Progress::default());
    let mut found: Vec<[String; 3]> =
        report.diagnostics.iter().filter(|one| one.severity == Severity::Error).map(told).collect();
    let mut known: Vec<[String; 3]> =
        include_str!("../testdata/judged.jsonl").lines().filter_map(|line| line_of(package, line)).collect();
    found.sort();
    known.sort();
    if found == known { Ok(()) } else { Err(format!("found {found:#?}, judged {known:#?}").into()) }
}

/// File, text and code of an error: what of it outlives an update of its package.
fn told(one: &Diagnostic) -> [String; 3] {
    let text = one.subject.as_ref().map_or(&one.file, |subject| &subject.text);
    [String::from_utf8_lossy(&one.file).into_owned(), String::from_utf8_lossy(text).into_owned(), one.code.to_owned()]
}

/// The same of a line that was found to be true.
fn line_of(package: &str, line: &str) -> Option<[String; 3]> {
    let judged: serde_json::Value = serde_json::from_str(line).expect("a line of judged.jsonl is JSON");
    let field = |name: &str| judged[name].as_str().map(str::to_owned);
    let counts = field("tree")? == package && field("verdict")? == "true";
    counts.then_some([field("file")?, field("text")?, field("code")?])
}

/// Debian's WordPress as it is shipped fails no gate.
fn clean() -> Result<(), Failed> {
    match errors(&check(&Base::read(&trees()?.join(WORDPRESS))?, |_| None)).as_slice() {
        [] => Ok(()),
        errors => Err(format!("{errors:#?}").into()),
    }
}

/// One character too many in `wp-settings.php`: exactly one error, there, with the right name.
fn outage(right: &str, wrong: &str) -> Result<(), Failed> {
    let base = Base::read(&trees()?.join(WORDPRESS))?;
    let report = check(&base, |text| text.contains(right).then(|| text.replace(right, wrong)));
    let want = format!("wrong-extension {right} in wp-settings.php");
    match errors(&report).as_slice() {
        [only] if *only == want => Ok(()),
        errors => Err(format!("{errors:#?}").into()),
    }
}

/// Checks a tree whose `wp-settings.php` went through `spoil`.
fn check(base: &Base, spoil: impl Fn(&str) -> Option<String>) -> Report {
    let mut tree = Memory::default();
    for entry in base.entries() {
        match &entry.kind {
            Kind::Symlink(target) => tree.symlink(entry.path.clone(), target.clone()),
            Kind::Directory => tree.directory(entry.path.clone()),
            _ => tree.file(entry.path.clone(), base.bytes(&entry.path).unwrap_or_default()),
        };
    }
    for (path, bytes) in base.files().filter(|(path, _)| path.ends_with(b"/wp-settings.php")) {
        if let Some(spoiled) = spoil(&String::from_utf8_lossy(bytes)) {
            tree.file(path.clone(), spoiled);
        }
    }
    preflight::check(&tree, &Options::default(), WORDPRESS.as_bytes(), &Progress::default())
}

/// Each error as its code, the name that was meant, and the file it is in.
fn errors(report: &Report) -> Vec<String> {
    let name = |path: &[u8]| String::from_utf8_lossy(preflight::path::name(path)).into_owned();
    let errors = report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors
        .map(|one| {
            let meant = one.near_misses.first().map(|near| name(&near.path)).unwrap_or_default();
            format!("{} {meant} in {}", one.code, name(&one.file))
        })
        .collect()
}
