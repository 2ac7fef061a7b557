//! A small tree in good order but for one planted error a language: whatever stands beside it, these are found.

use std::fs;
use std::io;
use std::path::Path;

/// What must be reported, whatever else is.
pub const PLANTED: [&str; 4] = [
    "good/app.py:2 case-mismatch",
    "good/index.php:2 wrong-extension",
    "good/page.html:1 case-mismatch",
    "good/style.css:1 case-mismatch",
];

/// Writes the tree into a folder.
pub fn plant(root: &Path) -> io::Result<()> {
    let good = root.join("good");
    fs::create_dir_all(&good)?;
    fs::write(good.join("index.php"), "<?php\nrequire __DIR__ . '/helper.phpp';\n")?;
    fs::write(good.join("helper.php"), "<?php\n")?;
    fs::write(good.join("app.py"), "import os\nopen(os.path.join(os.path.dirname(__file__), 'Data.txt'))\n")?;
    fs::write(good.join("data.txt"), "")?;
    fs::write(good.join("page.html"), "<!doctype html><img src='Logo.png'>\n")?;
    fs::write(good.join("style.css"), "a { background: url(Logo.png) }\n")?;
    fs::write(good.join("logo.png"), "")
}
