//! Ruby's own `require` and `load` against preflight's word, over generated names.

use std::collections::BTreeSet;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::options::Options;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::loaded::{agree, write};
use crate::needs::needs;

/// Files that are loaded.
const CASES: usize = 3_000;
/// Libraries of the tree, without their extension.
const LIBRARIES: [&str; 6] = ["lib/cart", "lib/Order", "lib/sub/deep-name", "lib/sub/Mixed_Case", "lib/a.b", "top"];
/// Ways to load `@` from the directory of the file.
const WAYS: [&str; 8] = [
    "require_relative '@'",
    "require_relative \"./@\"",
    "require_relative '@.rb'",
    "require File.expand_path('@', __dir__)",
    "require File.expand_path('../@', __FILE__)",
    "require File.join(__dir__, '@')",
    "require \"#{__dir__}/@\"",
    "load File.join(File.dirname(__FILE__), '@.rb')",
];
/// Loads every case, and names those that find nothing.
const DRIVER: &str = "Dir['case-*.rb'].each { |f| begin; load \"./#{f}\"; rescue LoadError; puts f[/\\d+/]; end }";

/// One trial.
pub fn trials() -> Vec<Trial> {
    vec![needs(&["ruby"], "ruby/libraries", libraries)]
}

fn libraries() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for library in LIBRARIES {
        write(folder.path(), &format!("{library}.rb"), "")?;
    }
    let mut draw = Draw(41);
    let mut cases = Vec::new();
    for number in 0..CASES {
        let library = draw.of(&LIBRARIES);
        let name = draw.spoiled(library);
        let line = draw.of(&WAYS).replace('@', &draw.detour(&name));
        write(folder.path(), &format!("case-{number}.rb"), &format!("{line}\n"))?;
        cases.push(line);
    }
    let run = Command::new("ruby").args(["-W0", "-e", DRIVER]).current_dir(folder.path()).output()?;
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned().into());
    }
    let refused: BTreeSet<usize> =
        String::from_utf8_lossy(&run.stdout).lines().filter_map(|line| line.parse().ok()).collect();
    let told = preflight::references(&Directory::new(folder.path().to_path_buf(), 1), &Options::default());
    agree(&cases, &refused, &told)
}
