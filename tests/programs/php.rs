//! PHP's own `include` against preflight's word: the same trees, the same verdict.
//!
//! Written expressions one by one, and thousands that are drawn by chance. What starts in the file's directory must be
//! found or missed alike; what starts where the program runs, preflight may only not miss where PHP finds it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::diagnostic::Severity;
use preflight::options::Options;
use preflight::progress::Progress;
use preflight::resolve::Resolution;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::needs::needs;

/// Path expressions of `web/index.php`, in a tree that holds `lib/db.php` and `web/lib/db.php`.
const INCLUDES: [&str; 12] = [
    "__DIR__ . '/lib/db.php'",
    "__DIR__ . '/lib/Db.php'",
    "__DIR__ . '/lib/db.php '",
    "__DIR__ . \"/lib/db.ph\\x70\"",
    "dirname(__FILE__) . '/lib//./db.php'",
    "dirname(__DIR__) . '/lib/db.php'",
    "__DIR__ . '/lib/../lib/db.php'",
    "__DIR__ . 'lib/db.php'",
    "__DIR__ . DIRECTORY_SEPARATOR . 'lib' . DIRECTORY_SEPARATOR . 'db.php'",
    "__DIR__ . '/lib/db.phpp'",
    "__DIR__ . '\\lib\\db.php'",
    "sprintf('%s/%s.php', __DIR__, 'lib/db')",
];

/// One trial an expression.
pub fn trials() -> Vec<Trial> {
    let one = |expression: &'static str| needs(&["php"], &format!("php/{expression}"), move || agree(expression));
    let drawn = needs(&["php"], "php/includes by chance", each_tree);
    INCLUDES.into_iter().map(one).chain([drawn]).collect()
}

/// Trees, and includes in each.
const TREES: u64 = 40;
const DRAWN: usize = 80;
const FOLDERS: [&str; 5] = ["", "lib", "lib/Deep", "web", "sp ace"];
const FILES: [&str; 6] = ["db.php", "Header.php", "index.php", "view.inc", "a-b.php", "README"];
/// Fronts of an expression, and the folder that they mean, seen from `FROM`; `None` where the program decides.
const FROM: &str = "web/part";
const FRONTS: [(&str, Option<&str>); 6] = [
    ("__DIR__ . '/", Some("web/part")),
    ("dirname(__FILE__) . '/", Some("web/part")),
    ("dirname(__DIR__) . '/", Some("web")),
    ("dirname(__DIR__, 2) . DIRECTORY_SEPARATOR . '", Some("")),
    ("'", None),
    ("'./", None),
];
/// Includes each file that is named on the command line, and prints whether it could.
const ASK: &str = "foreach (array_slice($argv, 1) as $file) { echo (@include $file) === false ? '0' : '1'; }";

fn each_tree() -> Result<(), Failed> {
    (1..=TREES).try_for_each(|seed| one_tree(seed).map_err(|error| format!("seed {seed}: {error:?}").into()))
}

fn one_tree(seed: u64) -> Result<(), Failed> {
    let mut draw = Draw(seed);
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    std::fs::create_dir_all(root.join(FROM))?;
    let mut files = Vec::new();
    for name in FOLDERS {
        std::fs::create_dir_all(root.join(name))?;
        for _ in 0..=draw.below(3) {
            let path = Path::new(name).join(draw.of(&FILES)).display().to_string();
            std::fs::write(root.join(&path), "")?;
            files.push(path);
        }
    }
    let includes: Vec<(String, bool)> = (0..DRAWN).map(|_| include(&files, &mut draw)).collect();
    for (at, (line, _)) in includes.iter().enumerate() {
        std::fs::write(root.join(FROM).join(format!("p{at}.php")), format!("<?php\nreturn @include {line};\n"))?;
    }
    let names = (0..DRAWN).map(|at| format!("{FROM}/p{at}.php"));
    let run = Command::new("php").args(["-n", "-r", ASK, "--"]).args(names).current_dir(root).output()?;
    let ours = missed(root);
    for (at, (line, certain)) in includes.iter().enumerate() {
        let theirs = run.stdout.get(at) == Some(&b'1');
        let missed = ours.get(&format!("{FROM}/p{at}.php")).copied().unwrap_or_default();
        if theirs && missed || *certain && !theirs && !missed {
            return Err(
                format!("`{line}` among {files:?}: PHP opens it: {theirs}, preflight misses it: {missed}").into()
            );
        }
    }
    Ok(())
}

/// An expression for a file, with one slip in two of three; whether its base is certain.
fn include(files: &[String], draw: &mut Draw) -> (String, bool) {
    let (front, base) = FRONTS[draw.below(FRONTS.len())];
    let depth = base.map_or(0, |base| base.split('/').filter(|part| !part.is_empty()).count());
    let at = draw.below(files.len());
    let file = draw.spoiled(&files[at]);
    let path = draw.detour(&format!("{}{file}", "../".repeat(depth)));
    (format!("{front}{}'", path.replace('\'', "")), base.is_some())
}

/// Files that include something, and whether preflight misses it.
fn missed(root: &Path) -> BTreeMap<String, bool> {
    let listed = preflight::references(&Directory::new(root.to_path_buf(), 1), &Options::default());
    let file = |path: &[u8]| String::from_utf8_lossy(path).into_owned();
    listed.iter().map(|one| (file(&one.file), matches!(one.resolution, Resolution::Missing(_)))).collect()
}

fn agree(expression: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for lib in ["lib", "web/lib"] {
        std::fs::create_dir_all(folder.path().join(lib))?;
        std::fs::write(folder.path().join(lib).join("db.php"), "<?php\n")?;
    }
    std::fs::write(folder.path().join("web/index.php"), format!("<?php\nrequire {expression};\n"))?;
    let php = Command::new("php").arg("-n").arg("web/index.php").current_dir(folder.path()).output()?;
    let tree = Directory::new(folder.path().to_path_buf(), 1);
    let report = preflight::check(&tree, &Options::default(), b".", &Progress::default());
    let told = report.diagnostics.iter().any(|one| one.severity == Severity::Error);
    match (php.status.success(), told) {
        (true, false) | (false, true) => Ok(()),
        (works, _) => Err(format!("php opens it: {works}; preflight tells of an error: {told}").into()),
    }
}
