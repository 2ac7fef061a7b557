//! PHP's own `include` against preflight's word: the same trees, the same verdict.

use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::diagnostic::Severity;
use preflight::options::Options;
use preflight::progress::Progress;
use preflight::tree::Directory;

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
    INCLUDES.into_iter().map(one).collect()
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
