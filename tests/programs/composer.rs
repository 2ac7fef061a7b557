//! Composer's own autoloader against preflight's word: classes by thousands of names, found or missed alike.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::options::Options;
use preflight::resolve::Resolution;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::needs::needs;

/// Trees, and classes in each.
const TREES: u64 = 20;
const CLASSES: usize = 150;
/// Rules of PSR-4 that overlap, one of PSR-0, and one for what no other takes.
const MANIFEST: &str = r#"{
    "autoload": {
        "psr-4": {"App\\": "src/", "App\\Sub\\": ["sub", "more/"], "Lib\\": "lib/Deep", "": "rest/"},
        "psr-0": {"Old\\": "old/"}
    }
}"#;
/// Prefixes of the rules: what starts so must be found or missed.
const PREFIXES: [&str; 3] = ["App\\", "Lib\\", "Old\\"];
/// A class, and the folders in which a file for it may lie.
const PLACES: [(&str, &[&str]); 8] = [
    ("App\\User", &["src/User.php", "rest/App/User.php"]),
    ("App\\Http\\Cart", &["src/Http/Cart.php", "src/http/Cart.php"]),
    ("App\\Sub\\Invoice", &["sub/Invoice.php", "more/Invoice.php", "src/Sub/Invoice.php", "src/Invoice.php"]),
    ("App\\Sub\\TaxRate", &["more/TaxRate.php", "more/taxrate.php", "sub/Sub/TaxRate.php"]),
    ("Lib\\Zip_File", &["lib/Deep/Zip_File.php", "lib/Deep/Zip/File.php", "lib/Zip_File.php"]),
    ("Old\\Mail\\Some_Body", &["old/Old/Mail/Some/Body.php", "old/Mail/Some_Body.php", "old/Old/Mail/Some_Body.php"]),
    ("Old\\Form", &["old/Old/Form.php", "rest/Old/Form.php"]),
    ("Other\\Thing", &["rest/Other/Thing.php", "src/Other/Thing.php"]),
];
/// Prints for each class that is named on the command line whether the loader has a file for it.
const ASK: &str = "$loader = require 'vendor/autoload.php';
foreach (array_slice($argv, 1) as $class) { echo $loader->findFile($class) === false ? '0' : '1'; }";

/// Thousands of names.
pub fn trials() -> Vec<Trial> {
    vec![needs(&["php", "composer"], "composer/classes by chance", each_tree)]
}

fn each_tree() -> Result<(), Failed> {
    (1..=TREES).try_for_each(|seed| one_tree(seed).map_err(|error| format!("seed {seed}: {error:?}").into()))
}

fn one_tree(seed: u64) -> Result<(), Failed> {
    let mut draw = Draw(seed);
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    std::fs::write(root.join("composer.json"), MANIFEST)?;
    for (_, places) in PLACES {
        for place in places.iter().filter(|_| draw.below(3) > 0) {
            std::fs::create_dir_all(root.join(place).parent().unwrap_or(root))?;
            std::fs::write(root.join(place), "<?php\n")?;
        }
    }
    let classes: Vec<String> = (0..CLASSES).map(|_| class(&mut draw)).collect();
    for (at, class) in classes.iter().enumerate() {
        std::fs::write(root.join(format!("p{at}.php")), format!("<?php\nnew \\{class}();\n"))?;
    }
    let listed = preflight::references(&Directory::new(root.to_path_buf(), 1), &Options::default());
    let theirs = ask(root, &classes)?;
    for (at, class) in classes.iter().enumerate() {
        let found = theirs.get(at) == Some(&b'1');
        let file = format!("p{at}.php");
        let ours = listed.iter().find(|one| one.file == file.as_bytes()).map(|one| &one.resolution);
        let decided = PREFIXES.iter().any(|prefix| class.starts_with(prefix));
        let agree = match ours {
            Some(Resolution::Found(_)) => found,
            Some(Resolution::Missing(_)) => !found,
            _ => !decided,
        };
        if !agree {
            return Err(format!("`{class}`: Composer finds it: {found}; preflight: {ours:?}").into());
        }
    }
    Ok(())
}

/// The name of a class, with one slip in two of three that leaves it one.
fn class(draw: &mut Draw) -> String {
    let (name, _) = PLACES[draw.below(PLACES.len())];
    let spoiled = draw.spoiled(name);
    let word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let parts: Vec<&str> = spoiled.split('\\').collect();
    if parts.len() > 1 && parts.iter().all(|part| word(part)) { spoiled } else { name.to_owned() }
}

/// What the loader that Composer writes for the tree says of each class.
fn ask(root: &Path, classes: &[String]) -> Result<Vec<u8>, Failed> {
    let home = tempfile::tempdir()?;
    let dump = Command::new("composer")
        .args(["dump-autoload", "--quiet", "--no-interaction", "--no-plugins", "--no-scripts"])
        .env("COMPOSER_HOME", home.path())
        .env("COMPOSER_ALLOW_SUPERUSER", "1")
        .current_dir(root)
        .output()?;
    if !dump.status.success() {
        return Err(String::from_utf8_lossy(&dump.stderr).into_owned().into());
    }
    Ok(Command::new("php").args(["-n", "-r", ASK, "--"]).args(classes).current_dir(root).output()?.stdout)
}
