//! Names with the finding they must give, and names that must give none.

use super::*;
use crate::options::Options;
use crate::tree::{Memory, Tree};

fn check_tree(build: impl FnOnce(&mut Memory)) -> Vec<Diagnostic> {
    let mut tree = Memory::default();
    build(&mut tree);
    let index = Index::new(tree.list().entries);
    let project = Project::new(&index, &Options::default(), Vec::new());
    check(&index, &project)
}

fn check_one(name: &str) -> Option<(&'static str, Severity, String)> {
    let mut found = check_tree(|tree| {
        tree.file(name, "");
    });
    assert!(found.len() <= 1, "{name:?}: {found:?}");
    let diagnostic = found.pop()?;
    let meant = diagnostic.near_misses.first().map(|near| String::from_utf8_lossy(&near.path).into_owned());
    Some((diagnostic.code, diagnostic.severity, meant.unwrap_or_default()))
}

#[test]
fn odd_names() {
    use Severity::{Error, Warning};
    for (name, code, severity, meant) in [
        ("index.py ", "name-trailing-space", Error, "index.py"),
        ("index.py\t", "name-trailing-space", Error, "index.py"),
        ("index.py\u{a0}", "name-trailing-ws-unicode", Error, "index.py"),
        ("index.py\r", "name-cr", Error, "index.py"),
        ("Icon\r", "name-cr", Warning, ""),
        (" index.py", "name-leading-space", Error, "index.py"),
        (" photo.jpg", "name-leading-space", Warning, "photo.jpg"),
        ("a\nb.txt", "name-control", Error, "ab.txt"),
        ("a\u{85}b.txt", "name-control", Error, "ab.txt"),
        ("in\u{200b}dex.html", "name-zero-width", Error, "index.html"),
        ("\u{feff}config.php", "name-zero-width", Error, "config.php"),
        ("photo\u{202e}gpj.php", "name-bidi", Error, "photogpj.php"),
        ("שלום\u{200f}.txt", "name-bidi", Warning, "שלום.txt"),
        ("my\u{a0}page.html", "name-nbsp", Error, "my page.html"),
        ("\u{430}dmin.php", "name-mixed-script", Error, "admin.php"),
        ("index.\u{440}h\u{440}", "name-confusable-ext", Error, "index.php"),
        ("пр\u{6f}ект.txt", "name-mixed-script", Error, "проект.txt"),
        ("index\u{ff0e}php", "name-compat", Error, "index.php"),
        ("admin\u{2013}ajax.php", "name-dash-lookalike", Warning, "admin-ajax.php"),
        ("e\u{301}t\u{e9}.html", "name-not-nfc", Warning, "été.html"),
        ("Ã©tÃ©.html", "name-unassigned-private", Warning, "été.html"),
        ("r\u{fffd}sum\u{fffd}.php", "name-unassigned-private", Error, ""),
        ("index .php", "name-space-before-ext", Error, "index.php"),
        ("index. php", "name-space-before-ext", Error, "index.php"),
        ("index .php ", "name-trailing-space", Error, "index.php"),
        ("setup.", "name-windows-trailing-dot", Warning, "setup"),
        ("index.php.", "name-windows-trailing-dot", Error, "index.php"),
        ("a..php", "name-dot-oddity", Error, "a.php"),
        ("page.php.php", "name-double-ext", Error, "page.php"),
        ("photo.JPG.jpg", "name-double-ext", Warning, "photo.jpg"),
        (".htaccess.txt", "name-stacked-ext", Warning, ".htaccess"),
        ("app\\index.php", "name-windows-char", Warning, "app/index.php"),
    ] {
        assert_eq!(check_one(name), Some((code, severity, meant.to_owned())), "{name:?}");
    }
}

#[test]
fn ordinary_names() {
    for name in [
        "a b.php",
        "[[...slug]].tsx",
        "(group)",
        "$id.tsx",
        "-x",
        "Foo::Bar.3pm",
        "PHOTO.JPG",
        "Report .pdf",
        "привет.txt",
        "報告（1）.pdf",
        "第一章：介绍.html",
        "👩\u{200d}💻.png",
        "❤\u{fe0f}.png",
        "1\u{fe0f}\u{20e3}.png",
        "می\u{200c}خواهم.txt",
        "α-test.py",
        "Δx.py",
        "µs.c",
        "ОтчётFinal.pdf",
        "été.html",
        "2010–2011.html",
        "app.min.js",
        "x.d.ts",
        "a.blade.php",
        "b.tar.gz",
        "html.html",
        "con.c",
        "v1..v2.diff",
        "dev-disk-by\\x2duuid.mount",
        "1. Introduction.md",
        "x.hpp",
        "...",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}.svg",
        ".gitkeep",
        "file.php5",
        "c++",
        "naïve.py",
        "Übersicht.html",
        "ﷺ.txt",
        "देव\u{200d}.txt",
    ] {
        assert_eq!(check_one(name), None, "{name:?}");
    }
}

#[test]
fn bytes_that_are_not_text() {
    let found = check_tree(|tree| {
        tree.file(b"caf\xe9.html".to_vec(), "");
    });
    assert_eq!(found[0].code, "name-invalid-utf8");
    assert_eq!(
        found[0].message,
        "the name `caf<0xE9>.html` is not valid UTF-8: archives and servers refuse or rewrite it"
    );
}

#[test]
fn siblings_that_cannot_be_told_apart() {
    let found = check_tree(|tree| {
        tree.file("Foo.php", "").file("foo.php", "").file("bar/FOO", "").file("bar/Foo", "").file("bar/baz", "");
    });
    let files: Vec<_> = found.iter().map(|one| (one.code, String::from_utf8_lossy(&one.file).into_owned())).collect();
    assert_eq!(files, [("name-case-collision", "foo.php".into()), ("name-case-collision", "bar/Foo".into())]);

    let found = check_tree(|tree| {
        tree.file("scope.php", "").file("\u{455}\u{441}\u{43e}\u{440}\u{435}.php", "");
    });
    assert_eq!(found[0].code, "name-confusable-collision");

    let found = check_tree(|tree| {
        tree.file("\u{e9}.html", "").file("e\u{301}.html", "");
    });
    assert_eq!((found.len(), found[0].code, found[0].severity), (1, "name-not-nfc", Severity::Error));
    assert!(found[0].fix.is_none());
}

#[test]
fn a_mistyped_extension_needs_company() {
    assert_eq!(check_one("a.phpp"), None);
    let found = check_tree(|tree| {
        tree.file("a.phpp", "").file("b.php", "").file("c.php", "").file("d.php", "");
    });
    assert_eq!((found[0].code, found[0].severity), ("name-ext-typo", Severity::Error));
    let found = check_tree(|tree| {
        tree.file("a.phpp", "").file("b.php", "");
    });
    assert_eq!(found[0].severity, Severity::Warning);
    let found = check_tree(|tree| {
        tree.file("a.phpp", "").file("b.php", "").file("c.phpp", "").file("d.phpp", "");
    });
    assert!(found.is_empty());
}

#[test]
fn a_series_is_not_a_double_extension() {
    let found = check_tree(|tree| {
        tree.file("macro.html.html", "").file("macro.vec.html", "");
    });
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn narrowed_folders_keep_what_cannot_be_seen() {
    let found = check_tree(|tree| {
        tree.file("vendor/a.php.php", "").file("tests/x.py ", "").file("vendor/Foo", "").file("vendor/foo", "");
    });
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].code, found[0].severity), ("name-trailing-space", Severity::Warning));
}

#[test]
fn a_copy_below_a_document_root() {
    let found = check_tree(|tree| {
        tree.file("public/index.php", "").file("public/config.php.bak", "").file("src/config.php.bak", "");
        tree.file("public/.env", "").file(".env", "");
    });
    let codes: Vec<_> = found.iter().map(|one| (one.code, one.severity)).collect();
    assert_eq!(codes, [("name-secret-in-webroot", Severity::Warning), ("name-editor-leftover", Severity::Error)]);
}
