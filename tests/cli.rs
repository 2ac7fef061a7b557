//! What a person types and sees: exit status, configuration, waivers, the baseline, and names that are hostile.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test may fail"
)]

#[path = "common/program.rs"]
mod program;

use program::{folder, preflight, put};

const BROKEN: &str = "<?php require __DIR__ . '/library/databose.php';\n";

/// A PHP site with one include that is misspelled.
fn broken() -> tempfile::TempDir {
    folder(&[("index.php", BROKEN), ("library/database.php", "<?php\n")])
}

const FINDING: &str = "`library/databose.php` is not in the tree; `library/database.php` is";

#[test]
fn the_outage_fails_the_gate() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let said = preflight(root, &["testdata/sites/outage"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert_eq!(said.out.matches("error[").count(), 1, "{}", said.out);
    assert!(said.out.contains("app_config.py␠") && said.out.contains("index.py:9:16"), "{}", said.out);
}

#[test]
fn a_clean_tree_is_clean() {
    let tree = folder(&[("index.php", "<?php require __DIR__ . '/a.php';"), ("a.php", "<?php")]);
    let said = preflight(tree.path(), &[]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{}", said.out);
    let last = said.out.lines().last().unwrap_or_default();
    assert_eq!(last, "checked 2 files, scanned 2; 1 reference: 1 resolved");
}

#[test]
fn every_format_ends_in_the_same_status() {
    let tree = broken();
    for format in ["text", "concise", "json", "ndjson"] {
        let said = preflight(tree.path(), &["--format", format]);
        assert_eq!(said.code, Some(1), "{format}: {}", said.out);
        assert!(said.out.contains(FINDING), "{format}: {}", said.out);
    }
    let said = preflight(tree.path(), &["check", "--format", "concise"]);
    assert_eq!(said.out, format!("index.php:1:15: error[misspelled]: {FINDING}\n"));
}

#[test]
fn what_may_be_meant_is_told_wherever_one_reference_is_sure() {
    let tree = folder(&[
        ("Rakefile", "require './lib/tool/rails_functions'\n"),
        ("lib/tool/sass_functions.rb", ""),
        ("test/test_helper.rb", "require 'lib/tool/rails_functions'\n"),
    ]);
    let said = preflight(tree.path(), &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&said.out).expect("it is one object");
    let near: Vec<_> =
        report["diagnostics"].as_array().unwrap().iter().map(|one| &one["near_misses"][0]["path"]).collect();
    assert_eq!(near, ["lib/tool/sass_functions.rb"; 2], "{}", said.out);
}

#[test]
fn a_path_of_the_same_letters_is_told() {
    let tree = folder(&[
        (
            "app.php",
            "<?php require __DIR__ . '/views/polls_vote.php'; require __DIR__ . '/views/user_show.php';
            require __DIR__ . '/views/votes/polls_vote.php';",
        ),
        ("views/votes/count.php", ""),
        ("views/polls/vote.php", ""),
        ("views/polls/show.php", ""),
        ("views/user/show.php", ""),
        ("views/user-show.php", ""),
    ]);
    let said = preflight(tree.path(), &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&said.out).expect("it is one object");
    let vote = &report["diagnostics"][0];
    assert_eq!(vote["near_misses"][0]["path"], "views/polls/vote.php", "{}", said.out);
    assert_eq!(vote["help"], "near it is `views/polls/vote.php`", "{}", said.out);
    assert_eq!(report["diagnostics"][2]["near_misses"][0]["path"], "views/polls/vote.php", "{}", said.out);
    // Of two it cannot be told which was meant: a name in the folder itself is.
    assert_eq!(report["diagnostics"][1]["near_misses"][0]["path"], "views/user-show.php", "{}", said.out);
}

#[test]
fn several_reports_come_of_one_run() {
    let tree = broken();
    let out = folder(&[("old.sarif", "old")]);
    let file = |name: &str| out.path().join(name).display().to_string();
    let outputs = [format!("sarif={}", file("old.sarif")), format!("junit={}", file("new.xml")), "gitlab=-".to_owned()];
    let args: Vec<&str> = outputs.iter().flat_map(|output| ["--output", output]).collect();
    let said = preflight(tree.path(), &args);
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
    assert!(said.out.starts_with("[{\"type\":\"issue\""), "{}", said.out);
    let read = |name: &str| std::fs::read_to_string(file(name)).expect("it was written");
    assert!(read("old.sarif").starts_with("{\"$schema\"") && read("new.xml").ends_with("</testsuites>\n"));
    assert_eq!(std::fs::read_dir(out.path()).expect("it is a folder").count(), 2, "no draft is left");
}

/// What is asked for and cannot be had is trouble; what else is asked for is still written.
#[test]
fn a_report_that_cannot_be_written_is_trouble() {
    let tree = broken();
    let said = preflight(tree.path(), &["--output", "sarif=no/such/folder.sarif", "--format", "concise"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("no/such/folder.sarif: the report could not be written"), "{}", said.err);
    assert!(said.out.contains("index.php:1:"), "{}", said.out);
}

#[test]
fn two_reports_cannot_share_a_place() {
    let tree = broken();
    for (args, why) in [
        (&["--format", "json", "--output", "sarif=-"][..], "both want standard output"),
        (&["--output", "json=-", "--output", "sarif=-"], "both want standard output"),
        (&["--output", "json=x", "--output", "sarif=x"], "two reports want `x`"),
        (&["--output", "sarif=x", ".", "."], "reports on one tree"),
        (&["--output", "sarf=x"], "is no format"),
        (&["--output", "sarif"], "FORMAT=FILE"),
    ] {
        let said = preflight(tree.path(), args);
        assert_eq!(said.code, Some(2), "{args:?}");
        assert!(said.err.contains(why), "{args:?}: {}", said.err);
        assert!(!tree.path().join("x").exists());
    }
}

/// A link stays a link, a file keeps its mode, and a device is written to, never replaced.
#[test]
fn a_report_takes_the_place_of_a_file_only() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    let tree = broken();
    let out = folder(&[("real", "")]);
    let (real, link) = (out.path().join("real"), out.path().join("link"));
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("it is ours");
    symlink("real", &link).expect("a link can be made");
    let outputs = [format!("--output=json={}", link.display()), "--output=junit=/dev/null".to_owned()];
    assert_eq!(preflight(tree.path(), &outputs.each_ref().map(String::as_str)).code, Some(1));
    assert!(link.is_symlink() && std::fs::read(&real).is_ok_and(|bytes| bytes.starts_with(b"{")));
    assert_eq!(std::fs::metadata(&real).expect("it is there").permissions().mode() & 0o777, 0o640);
    assert!(std::fs::metadata("/dev/null").expect("it is there").file_type().is_char_device());
}

/// Pipelines open what a report names in their checkout, of which the tree may be a folder.
#[test]
fn pipelines_get_paths_of_the_checkout() {
    let checkout = folder(&[("www/index.php", "<?php require __DIR__ . '/Lib/db.php';"), ("www/lib/db.php", "<?php")]);
    for format in ["github", "gitlab", "sarif", "junit"] {
        let said = preflight(checkout.path(), &["--format", format, "www"]);
        assert!(said.code == Some(1) && said.out.contains("www/index.php"), "{format}: {}", said.out);
        let inside = preflight(&checkout.path().join("www"), &["--format", format]);
        assert!(!inside.out.contains("www/index.php"), "{format}: {}", inside.out);
    }
}

#[test]
fn the_gate_can_be_moved() {
    let tree = broken();
    for (severity, code) in [("error", 1), ("warning", 1), ("note", 1), ("never", 0)] {
        assert_eq!(preflight(tree.path(), &["--fail-on", severity]).code, Some(code), "{severity}");
    }
    put(tree.path(), b"preflight.toml", "[severity]\nmisspelled = \"warning\"\n");
    assert_eq!(preflight(tree.path(), &[]).code, Some(0));
    assert_eq!(preflight(tree.path(), &["--fail-on", "warning"]).code, Some(1));
}

#[test]
fn nothing_to_check_is_trouble() {
    let empty = folder(&[]);
    let said = preflight(empty.path(), &[]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("the tree holds no file"), "{}", said.err);
    let unread = folder(&[("notes.xyz", "a")]);
    let said = preflight(unread.path(), &[]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("no file of the tree is in a language"), "{}", said.err);
    assert!(said.out.contains("skipped 1 of unknown language"), "{}", said.out);
}

#[test]
fn what_is_not_a_tree_is_trouble() {
    let tree = broken();
    for (path, want) in [("nowhere", "entity not found"), ("index.php", "not a folder; `--only FILE`")] {
        let said = preflight(tree.path(), &[path]);
        assert_eq!(said.code, Some(2), "{path}");
        assert!(said.err.contains(&format!("{path}: {want}")), "{}", said.err);
    }
    let said = preflight(tree.path(), &["--format", "json", "nowhere"]);
    assert_eq!(said.code, Some(2));
    let report: serde_json::Value = serde_json::from_str(&said.out).expect("trouble is reported, too");
    assert_eq!(report["troubles"][0]["path"], "nowhere");
    assert_eq!(report["summary"]["exit"], 2);
}

#[test]
fn trouble_wins_and_the_rest_is_still_reported() {
    use std::os::unix::fs::PermissionsExt;
    let tree = broken();
    let shut = put(tree.path(), b"private/", "");
    std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(0o000)).expect("permissions can be set");
    // Whoever may read everything cannot see this.
    if std::fs::read_dir(&shut).is_err() {
        let said = preflight(tree.path(), &[]);
        assert_eq!(said.code, Some(2));
        assert!(said.out.contains(FINDING) && said.err.contains("private: permission denied"), "{}", said.err);
    }
    let said = preflight(tree.path(), &[".", "nowhere"]);
    assert_eq!(said.code, Some(2));
    assert!(said.out.contains(FINDING), "{}", said.out);
}

#[test]
fn bad_usage_is_trouble() {
    let tree = broken();
    for args in [&["--no-such-flag"][..], &["--format", "xml"], &["--mount", "var=."], &["--document-root", "gone"]] {
        let said = preflight(tree.path(), args);
        assert_eq!(said.code, Some(2), "{args:?}");
        assert!(!said.err.is_empty(), "{args:?}");
    }
    let said = preflight(tree.path(), &["--format", "json", ".", "."]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    assert_eq!(preflight(tree.path(), &["--help"]).code, Some(0));
    assert_eq!(preflight(tree.path(), &["--version"]).code, Some(0));
}

#[test]
fn a_bad_configuration_names_the_nearest_key() {
    let tree = broken();
    put(tree.path(), b"preflight.toml", "# a comment\ngenerate = \"x\"\n");
    let said = preflight(tree.path(), &[]);
    assert_eq!(said.code, Some(2));
    assert_eq!(said.err, "preflight: preflight.toml: line 2: `generate` is no key; the nearest is `generated`\n");
}

#[test]
fn the_configuration_of_a_parent_is_found_inside_the_repository_only() {
    let config = "exclude = [\"www/index.php\"]\n";
    let tree = folder(&[("www/index.php", BROKEN), ("www/a.php", "<?php"), ("preflight.toml", config)]);
    assert_eq!(preflight(tree.path(), &["www"]).code, Some(1), "no repository: the parent is not looked at");
    put(tree.path(), b".git/HEAD", "ref: refs/heads/main\n");
    let said = preflight(tree.path(), &["www"]);
    assert_eq!(said.code, Some(0), "its paths start from its own folder: {}", said.out);
    assert_eq!(preflight(tree.path(), &["www", "--config", "www/none.toml"]).code, Some(2));
}

#[test]
fn only_narrows_the_report() {
    let tree = broken();
    put(tree.path(), b"other.php", "<?php");
    assert_eq!(preflight(tree.path(), &["--only", "other.php"]).code, Some(0));
    assert_eq!(preflight(tree.path(), &["--only", "other.php", "index.php"]).code, Some(1));
    assert_eq!(preflight(tree.path(), &["--only", "gone.php"]).code, Some(2));
    let below = preflight(&tree.path().join("library"), &["..", "--only", "../index.php"]);
    assert_eq!(below.code, Some(1), "{}", below.err);
}

#[test]
fn excluded_files_are_not_reported_on() {
    let tree = broken();
    put(tree.path(), b"other.php", "<?php");
    assert_eq!(preflight(tree.path(), &["--exclude", "index.php"]).code, Some(0));
    put(tree.path(), b"preflight.toml", "exclude = \"index.php\"\n");
    assert_eq!(preflight(tree.path(), &[]).code, Some(0));
}

#[test]
fn a_waiver_excuses_and_an_idle_one_is_reported() {
    let waived =
        "<?php\n// preflight: allow(misspelled) brought by the deploy\nrequire __DIR__ . '/library/databose.php';\n";
    let tree = folder(&[("index.php", waived), ("library/database.php", "<?php // preflight: allow(mispelled) x\n")]);
    let said = preflight(tree.path(), &["--format", "concise"]);
    assert_eq!(said.code, Some(0), "{}", said.out);
    assert_eq!(
        said.out,
        "library/database.php:1:10: warning[unused-waiver]: this waiver names `mispelled`, which is no code\n"
    );
    assert!(preflight(tree.path(), &[]).out.contains("1 warning, 1 waived"));
}

#[test]
fn a_baseline_lets_old_findings_pass() {
    let tree = broken();
    let said = preflight(tree.path(), &["--baseline", "known.json"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("`preflight baseline update` writes it"), "{}", said.err);
    let said = preflight(tree.path(), &["baseline", "update", "--baseline", "known.json"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "recorded 1 finding in known.json; check with --baseline\n"));
    assert_eq!(preflight(tree.path(), &["--baseline", "known.json"]).code, Some(0));
    put(tree.path(), b"new.php", "<?php require __DIR__ . '/library/databsae.php';\n");
    let said = preflight(tree.path(), &["--baseline", "known.json", "--format", "concise"]);
    assert_eq!(said.code, Some(1));
    assert!(said.out.starts_with("new.php:") && said.out.lines().count() == 1, "{}", said.out);
}

#[test]
fn a_subcommand_wins_over_a_folder_and_says_so() {
    let tree = folder(&[("check/index.php", "<?php"), ("a.php", "<?php")]);
    let said = preflight(tree.path(), &["check"]);
    assert_eq!(said.err, "preflight: `check` is the subcommand here; write `./check` for the folder\n");
    assert!(said.out.contains("checked 2 files"), "{}", said.out);
    let said = preflight(tree.path(), &["./check"]);
    assert_eq!(said.err, "");
    assert!(said.out.contains("checked 1 file,"), "{}", said.out);
}

#[test]
fn init_writes_a_configuration_once() {
    let tree = folder(&[("public/index.html", "<a href=\"/a.html\">"), ("public/a.html", "x")]);
    let said = preflight(tree.path(), &["init"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let text = std::fs::read_to_string(tree.path().join("preflight.toml")).expect("it was written");
    assert!(text.contains("document-root = \"public\""), "{text}");
    assert_eq!(preflight(tree.path(), &[]).code, Some(0));
    let again = preflight(tree.path(), &["init"]);
    assert_eq!(again.code, Some(2));
    assert!(again.err.contains("there is one already"), "{}", again.err);
}

#[test]
fn codes_are_explained() {
    let tree = folder(&[]);
    let said = preflight(tree.path(), &["explain", "case-mismatch"]);
    assert!(said.code == Some(0) && said.out.contains("byte by byte"), "{}", said.out);
    let said = preflight(tree.path(), &["explain", "case-missmatch"]);
    assert_eq!(said.code, Some(2));
    assert_eq!(said.err, "preflight: `case-missmatch` is no code; the nearest is `case-mismatch`\n");
    let listed = preflight(tree.path(), &["explain"]).out.lines().count();
    assert_eq!(listed, preflight::diagnostic::CODES.len());
}

#[test]
fn the_program_describes_itself() {
    let tree = folder(&[]);
    for (args, want) in [
        (&["languages"][..], "| language | read |"),
        (&["schema"], "preflight-report/1"),
        (&["completions", "bash"], "complete"),
        (&["man"], ".TH preflight"),
    ] {
        let said = preflight(tree.path(), args);
        assert_eq!(said.code, Some(0), "{args:?}");
        assert!(said.out.contains(want), "{args:?}: {}", said.out);
    }
}

#[test]
fn references_are_listed() {
    let said = preflight(broken().path(), &["refs"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.starts_with("index.php:1:") && said.out.contains("missing: nothing at"), "{}", said.out);
}

#[test]
fn hostile_names_and_sources_never_reach_the_terminal_raw() {
    let tree = folder(&[("library/database.php", "<?php")]);
    put(
        tree.path(),
        b"a\x1b[31m\n\xff\xe2\x80\xae.php",
        "<?php require __DIR__ . \"/library/databose.php\"; // \x1b]0;x\x07\u{9b}1m\n",
    );
    put(tree.path(), b"library/\x1b[2Jx ", "y");
    for args in [&["."][..], &["refs"], &["--format", "concise"], &["--format", "json"], &["--format", "ndjson"]] {
        let said = preflight(tree.path(), args);
        let raw = said.out.chars().chain(said.err.chars()).find(|&c| c != '\n' && (c.is_control() || c == '\u{202e}'));
        assert_eq!(raw, None, "{args:?}: {}", said.out.escape_debug());
        assert!(said.out.contains("databose"), "{args:?}: {}", said.out);
    }
}

#[test]
fn colour_is_for_terminals_and_for_who_asks() {
    let tree = broken();
    let coloured = |args: &[&str]| preflight(tree.path(), args).out.contains('\u{1b}');
    assert!(!coloured(&[]) && coloured(&["--color", "always"]) && !coloured(&["--color", "never"]));
}

#[test]
fn quiet_says_findings_only() {
    let tree = broken();
    assert!(!preflight(tree.path(), &["--quiet"]).out.contains("checked"));
    let clean = folder(&[("a.php", "<?php")]);
    assert_eq!(preflight(clean.path(), &["--quiet"]).out, "");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let tree = broken();
    let one = preflight(tree.path(), &["-j", "1", "--format", "json"]);
    let many = preflight(tree.path(), &["-j", "8", "--format", "json"]);
    assert_eq!(one.out, many.out);
}

/// A pipe whose reader has gone must neither crash the gate nor open it.
#[test]
fn a_reader_that_stops_changes_nothing() {
    use std::process::{Command, Stdio};
    let tree = broken();
    let mut child = Command::new(env!("CARGO_BIN_EXE_preflight"))
        .current_dir(tree.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let said = child.wait_with_output().expect("it ends");
    assert_eq!((said.status.code(), said.stderr.as_slice()), (Some(1), b"".as_slice()));
}

/// What is copied into the last stage ships, under its new name, too; what another image brings is unknown.
#[test]
fn an_image_holds_what_is_copied_into_it() {
    let php = |names: &[&str]| names.iter().map(|name| format!("require __DIR__ . '/{name}'; ")).collect::<String>();
    let index = ["secret.php", "config.php", "app/a.php", "web/dist/x.php", "web/y.php", "bin/z.php"];
    let index = format!("<?php {}", php(&index));
    let dockerfile = "FROM node AS build\nWORKDIR /src\nCOPY web/ web/\nRUN npm run build\nFROM php:8\n\
        WORKDIR /srv\nCOPY *.php ./\nCOPY app app\nCOPY docker/config.prod.php config.php\n\
        COPY --from=build /src/web/dist web/dist\nCOPY --from=composer:2 /usr/bin/composer bin/\n";
    let tree = folder(&[
        ("Dockerfile", dockerfile),
        (".dockerignore", "secret.php\nconfig.php\n"),
        ("index.php", &index),
        ("secret.php", "<?php\n"),
        ("config.php", "<?php\n"),
        ("app/a.php", "<?php\n"),
        ("web/y.php", "<?php\n"),
        ("docker/config.prod.php", "<?php\n"),
    ]);
    let said = preflight(tree.path(), &["--view", "docker", "--format", "concise", "."]);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert_eq!(lines.len(), 2, "{}", said.out);
    assert!(lines[0].contains("line 1 of `.dockerignore` keeps it out: `secret.php`"), "{}", lines[0]);
    assert!(lines[1].contains("`web/y.php`") && lines[1].contains("`Dockerfile` does not copy it"), "{}", lines[1]);
    assert_eq!(preflight(tree.path(), &["--view", "docker:Nowhere", "."]).code, Some(2));
    assert_eq!(preflight(tree.path(), &["fix", "--view", "docker", "."]).code, Some(2));
}
