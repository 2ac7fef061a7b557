//! Mending, as a person asks for it: what is shown, what is written, and what is refused.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test may fail"
)]

#[path = "common/case.rs"]
#[allow(dead_code, reason = "only the trees of the cases are wanted here")]
mod case;
#[path = "common/program.rs"]
mod program;

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use preflight::diagnostic::{Edit, Span};
use preflight::fix::apply::apply;
use preflight::fix::{Change, Entry, Plan, Rename};
use program::{folder, preflight, put};

const BROKEN: &str = "<?php require __DIR__ . '/lib/db.phpp';\n";
const MENDED: &str = "<?php require __DIR__ . '/lib/db.php';\n";

fn broken() -> tempfile::TempDir {
    folder(&[("index.php", BROKEN), ("lib/db.php", "<?php\n")])
}

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("it can be read")
}

fn names(folder: &Path) -> Vec<String> {
    let files =
        walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name().into_iter().map(|entry| entry.expect("it"));
    let name = |entry: walkdir::DirEntry| entry.path().strip_prefix(folder).expect("below").display().to_string();
    files.filter(|entry| !entry.file_type().is_dir()).map(name).collect()
}

#[test]
fn a_diff_is_shown_and_nothing_is_written() {
    let tree = broken();
    let said = preflight(tree.path(), &["fix"]);
    assert_eq!(said.code, Some(1), "the tree is as it was: {}", said.err);
    assert_eq!(
        said.out,
        "# index.php:1:15: `lib/db.phpp` is not in the tree; `lib/db.php` is\n\
         diff --git a/index.php b/index.php\n--- a/index.php\n+++ b/index.php\n@@ -1 +1 @@\n\
         -<?php require __DIR__ . '/lib/db.phpp';\n+<?php require __DIR__ . '/lib/db.php';\n\
         would make 1 edit in 1 file; --apply does\n"
    );
    assert_eq!(text(tree.path(), "index.php"), BROKEN);
    assert_eq!(names(tree.path()), ["index.php", "lib/db.php"]);
}

#[test]
fn apply_mends_once() {
    let tree = broken();
    let said = preflight(tree.path(), &["fix", "--apply"]);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(0), "made 1 edit in 1 file\n", ""));
    assert_eq!(text(tree.path(), "index.php"), MENDED);
    assert_eq!(preflight(tree.path(), &[]).code, Some(0));
    let before = std::fs::metadata(tree.path().join("index.php")).and_then(|about| about.modified()).expect("a time");
    let said = preflight(tree.path(), &["fix", "--apply"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "made nothing\n"));
    let after = std::fs::metadata(tree.path().join("index.php")).and_then(|about| about.modified()).expect("a time");
    assert_eq!(before, after, "a file that needs nothing is not written");
}

/// As the other tellings are, by the emitters too, in `tests/programs`.
#[test]
fn the_outage_is_healed() {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sites/outage");
    let tree = folder(&[]);
    for name in names(&site) {
        put(tree.path(), name.as_bytes(), &text(&site, &name));
    }
    assert_eq!(preflight(tree.path(), &[]).code, Some(1));
    let said = preflight(tree.path(), &["fix", "--apply"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "made 1 rename\n"), "{}", said.err);
    assert!(tree.path().join("app_config.py").exists());
    assert_eq!(preflight(tree.path(), &[]).code, Some(0));
}

#[test]
fn a_guess_waits_for_a_look() {
    let tree = folder(&[("index.php", "<?php require __DIR__ . '/lib/databose.php';"), ("lib/database.php", "<?php")]);
    let said = preflight(tree.path(), &["fix", "--apply"]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), "made nothing; 1 more with --include-review\n"));
    let said = preflight(tree.path(), &["fix", "--apply", "--include-review"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(text(tree.path(), "index.php"), "<?php require __DIR__ . '/lib/database.php';");
}

#[test]
fn what_is_not_mended_stays_as_it_is() {
    let tree = folder(&[("lib/db.php", "<?php\n")]);
    let source = b"\xEF\xBB\xBF<?php\r\n// \xff\r\nrequire __DIR__ . '/lib/db.phpp';\r\n?>\r\nend";
    let file = tree.path().join("index.php");
    std::fs::write(&file, source).expect("it is written");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o4751)).expect("it is set");
    assert_eq!(preflight(tree.path(), &["fix", "--apply"]).code, Some(0));
    let want = b"\xEF\xBB\xBF<?php\r\n// \xff\r\nrequire __DIR__ . '/lib/db.php';\r\n?>\r\nend";
    assert_eq!(std::fs::read(&file).expect("it is there"), want);
    assert_eq!(std::fs::metadata(&file).expect("it is there").permissions().mode() & 0o7777, 0o4751);
    assert_eq!(names(tree.path()), ["index.php", "lib/db.php"], "no draft is left");
}

#[test]
fn the_odd_side_is_mended() {
    // The name of the file, where it is wrong in itself.
    let tree = folder(&[("index.php", MENDED), ("lib/db.php ", "<?php\n")]);
    assert_eq!(preflight(tree.path(), &["fix", "--apply"]).code, Some(0));
    assert_eq!(names(tree.path()), ["index.php", "lib/db.php"]);
    // Also where most ask for another one, and none for it.
    let asks = "<?php require __DIR__ . '/lib/database.php';\n";
    let files = [("a.php", asks), ("b.php", asks), ("c.php", asks), ("lib/databsae.php", "<?php\n")];
    let tree = folder(&files);
    let said = preflight(tree.path(), &["fix", "--apply", "--include-review"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "made 1 rename\n"), "{}", said.err);
    assert_eq!(names(tree.path())[3], "lib/database.php");
    // Not where somebody uses it as it is called.
    let tree = folder(&files);
    put(tree.path(), b"d.php", "<?php require __DIR__ . '/lib/databsae.php';");
    let said = preflight(tree.path(), &["fix", "--apply", "--include-review"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "made 3 edits in 3 files\n"), "{}", said.err);
}

/// Both a name and one who uses it end in a blank.
#[test]
fn who_uses_an_odd_name_is_edited_with_it() {
    let tree = folder(&[("used.php ", "<?php\n"), ("user.php", "<?php require __DIR__ . '/used.php ';\n")]);
    let said = preflight(tree.path(), &["fix", "--apply"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "made 1 edit in 1 file, 1 rename\n"), "{}", said.err);
    assert_eq!(text(tree.path(), "user.php"), "<?php require __DIR__ . '/used.php';\n");
    assert_eq!(preflight(tree.path(), &["--fail-on", "note"]).code, Some(0));
}

#[test]
fn what_would_do_harm_is_dropped_and_the_rest_is_done() {
    let tree = broken();
    put(tree.path(), b"used.php ", "<?php\n");
    put(tree.path(), b"user.php", "<?php foreach (['/used.php ', '/index.php'] as $f) { require __DIR__ . $f; }\n");
    let said = preflight(tree.path(), &["fix", "--apply"]);
    assert!(said.err.contains("it would lead to: `used.php␠` is not in the tree"), "{}{}", said.out, said.err);
    assert_eq!(text(tree.path(), "index.php"), MENDED, "{}", said.out);
    assert_eq!(names(tree.path()), ["index.php", "lib/db.php", "used.php ", "user.php"]);
}

#[test]
fn a_name_that_is_taken_is_not_given() {
    let tree = folder(&[("index.php", "<?php"), ("A.php", "<?php"), ("a.php ", "<?php")]);
    let said = preflight(tree.path(), &["fix", "--apply"]);
    assert!(said.err.contains("`A.php` is there already and differs only in case"), "{}", said.err);
    assert_eq!(names(tree.path()), ["A.php", "a.php ", "index.php"]);
}

#[test]
fn waived_findings_are_left_alone() {
    let waived = "<?php\n// preflight: allow(wrong-extension) made by the deploy\nrequire __DIR__ . '/lib/db.phpp';\n";
    let tree = folder(&[("index.php", waived), ("lib/db.php", "<?php\n")]);
    let said = preflight(tree.path(), &["fix", "--apply"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "made nothing\n"));
}

#[test]
fn what_is_shown_is_safe_to_show() {
    let tree = folder(&[("lib/db.php", "<?php\n")]);
    put(
        tree.path(),
        b"a\x1b[31m\xe2\x80\xae.php",
        "<?php // \x1b]0;x\x07\nrequire __DIR__ . '/lib/db.phpp'; // \u{202e}\n",
    );
    let said = preflight(tree.path(), &["fix"]);
    let raw = said.out.chars().find(|&c| c != '\n' && (c.is_control() || c == '\u{202e}'));
    assert_eq!(raw, None, "{}", said.out.escape_debug());
    assert!(said.out.contains("+require __DIR__ . '/lib/db.php';"), "{}", said.out);
}

#[test]
fn bad_usage_is_trouble() {
    let tree = broken();
    for args in
        [&["fix", "--apply", "--emit", "sh"][..], &["fix", "--emit", "chef"], &["fix", "nowhere"], &["rename", "x"]]
    {
        assert_eq!(preflight(tree.path(), args).code, Some(2), "{args:?}");
    }
    assert_eq!(preflight(folder(&[]).path(), &["fix"]).code, Some(2), "nothing was checked");
    assert_eq!(text(tree.path(), "index.php"), BROKEN);
}

fn change(path: &str, old: &str, new: &str) -> Plan {
    let edit = Edit { file: path.into(), span: Span::new(0, old.len()), new: new.into() };
    let change = Change { path: path.into(), old: old.into(), new: new.into(), edits: vec![edit], why: Vec::new() };
    Plan { changes: vec![change], ..Plan::default() }
}

fn rename(from: &str, to: &str) -> Plan {
    let rename = Rename { from: from.into(), to: to.into(), entry: Entry::File, why: Vec::new() };
    Plan { renames: vec![rename], ..Plan::default() }
}

#[test]
fn the_writer_trusts_no_tree() {
    let tree = folder(&[("a", "old"), ("sub/b", "old"), ("taken", "x")]);
    let outside = folder(&[("a", "old")]);
    symlink(outside.path().join("a"), tree.path().join("link")).expect("a link");
    symlink(outside.path(), tree.path().join("way")).expect("a link");
    let parent = format!("../{}/a", outside.path().file_name().expect("a name").to_str().expect("UTF-8"));
    for (name, plan) in [
        ("changed since", change("a", "older", "new")),
        ("grown since", change("a", "ol", "new")),
        ("gone", change("gone", "old", "new")),
        ("a link", change("link", "old", "new")),
        ("a link on the way", change("way/a", "old", "new")),
        ("outside", change(&parent, "old", "new")),
        ("a folder", change("sub", "old", "new")),
        ("taken", rename("a", "taken")),
        ("to the outside", rename("a", "way/b")),
        ("from the outside", rename("way/a", "b")),
    ] {
        let mut plan = plan;
        plan.changes.extend(change("sub/b", "old", "new").changes);
        let applied = apply(tree.path(), &plan);
        assert!(applied.failure.is_some() && applied.done == 0, "{name}: {applied:?}");
        assert_eq!((text(tree.path(), "sub/b"), text(outside.path(), "a")), ("old".into(), "old".into()), "{name}");
    }
    assert_eq!(apply(tree.path(), &change("sub/b", "old", "new")).done, 1);
    assert_eq!(text(tree.path(), "sub/b"), "new");
    assert_eq!(apply(tree.path(), &rename("link", "other")).done, 1, "the link itself may be renamed");
    assert!(tree.path().join("other").is_symlink());
}

/// What a killed run left is not taken for a file of somebody.
#[test]
fn a_left_draft_goes() {
    let tree = broken();
    let outside = folder(&[("mine", "mine")]);
    symlink(outside.path().join("mine"), tree.path().join(".preflight-fix.tmp")).expect("a link");
    assert_eq!(preflight(tree.path(), &["fix", "--apply"]).code, Some(0));
    assert_eq!(text(outside.path(), "mine"), "mine");
    assert_eq!(names(tree.path()), ["index.php", "lib/db.php"]);
}

#[test]
fn a_file_is_renamed_with_every_reference_to_it() {
    let tree = folder(&[
        ("index.php", "<?php require __DIR__ . '/lib/db.php'; require_once dirname(__FILE__) . \"/lib/db.php\";\n"),
        ("lib/db.php", "<?php\n"),
        ("lib/other.php", "<?php require __DIR__ . '/db.php';\n"),
        ("page.html", "<link rel=stylesheet href=\"css/a.css?v=2\"><img src='css/../img/a.png'>"),
        ("css/a.css", "a { background: url(../img/a.png#x) }"),
        ("img/a.png", "x"),
    ]);
    let said = preflight(tree.path(), &["rename", "--diff", "lib/db.php", "lib/store.php"]);
    assert!(said.out.ends_with("would make 3 edits in 2 files, 1 rename\n"), "{}{}", said.out, said.err);
    assert!(tree.path().join("lib/db.php").exists());
    let said = preflight(tree.path(), &["rename", "lib/db.php", "lib/store.php"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "made 3 edits in 2 files, 1 rename\n"), "{}", said.err);
    assert_eq!(
        text(tree.path(), "index.php"),
        "<?php require __DIR__ . '/lib/store.php'; require_once dirname(__FILE__) . \"/lib/store.php\";\n"
    );
    assert_eq!(text(tree.path(), "lib/other.php"), "<?php require __DIR__ . '/store.php';\n");
    // From another folder, to another folder, to a name that needs encoding.
    let said = preflight(&tree.path().join("img"), &["rename", "--root", "..", "a.png", "../css/b c.png"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(
        text(tree.path(), "page.html").contains("<img src='css/../css/b%20c.png'>"),
        "{}",
        text(tree.path(), "page.html")
    );
    assert_eq!(text(tree.path(), "css/a.css"), "a { background: url(../css/b%20c.png#x) }");
    assert_eq!(preflight(tree.path(), &["rename", "css/a.css", "css/main.css"]).code, Some(0));
    assert!(text(tree.path(), "page.html").contains("href=\"css/main.css?v=2\""));
    assert_eq!(preflight(tree.path(), &[]).code, Some(0));
}

#[test]
fn a_rename_is_done_whole_or_not_at_all() {
    let tree = folder(&[
        ("app/helper.py", "X = 1\n"),
        ("app/main.py", "from . import helper\nprint(helper.X)\n"),
        ("app/__init__.py", ""),
        ("web/a.php", "<?php require __DIR__ . '/b.php';\n"),
        ("web/b.php", "<?php\n"),
        ("other/c.php", "<?php\n"),
    ]);
    let before = names(tree.path());
    for (old, new, why) in [
        ("app/helper.py", "app/helpers.py", "cannot be edited there"),
        ("web/a.php", "other/a.php", "would no longer be found from there"),
        ("web/b.php", "web/a.php", "is there already"),
        ("web/b.php", "web/b.php ", "it would lead to"),
        ("web", "www", "only files are renamed"),
        ("gone.php", "here.php", "it is not in the tree"),
    ] {
        let said = preflight(tree.path(), &["rename", old, new]);
        assert_eq!(said.code, Some(1), "{old}: {}{}", said.out, said.err);
        assert!(said.err.contains(why) && said.err.contains("nothing was renamed"), "{old}: {}", said.err);
        assert_eq!(names(tree.path()), before);
    }
    for (old, new) in [("../x", "web/x"), ("web/b.php", "../b.php"), ("web/b.php", "nowhere/b.php")] {
        assert_eq!(preflight(tree.path(), &["rename", old, new]).code, Some(2), "{old} {new}");
    }
    assert_eq!(names(tree.path()), before);
}

/// Over every case file: what has a fix is healed by it, and by nothing that does harm.
#[test]
fn every_fix_of_every_case_heals() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let (mut tried, mut unhealed) = (0, Vec::new());
    for entry in walkdir::WalkDir::new(&data).sort_by_file_name().into_iter().filter_map(Result::ok) {
        if entry.path().extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let Ok(case) = case::parse(&std::fs::read(entry.path()).expect("it can be read")) else { continue };
        let place = preflight::options::Place::default();
        let options =
            preflight::config::parse(case.config.as_deref().unwrap_or_default(), &place).expect("it is right");
        let mended = preflight::with_judge(&case.tree, &options, |judge| preflight::mend::mend(judge, true));
        tried += mended.before.diagnostics.iter().filter(|one| one.fix.is_some()).count();
        let refused =
            mended.plan.refusals.iter().map(|one| format!("{}: {}: {}", entry.path().display(), one.what, one.why));
        unhealed.extend(refused);
    }
    assert!(tried > 100, "{tried}");
    assert!(unhealed.is_empty(), "of {tried}:\n{}", unhealed.join("\n"));
}
