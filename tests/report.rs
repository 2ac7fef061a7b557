//! The formats: what they promise to machines is checked against the schema, what they show people by eye-sized
//! examples.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test may fail"
)]

#[path = "mutation/draw.rs"]
#[allow(dead_code, reason = "not every kind of choice is wanted here")]
mod choice;
#[path = "common/parsed.rs"]
mod parsed;
#[path = "common/program.rs"]
mod program;

use base64::Engine;
use preflight::diagnostic::{
    Applicability, Certainty, Coverage, Diagnostic, Difference, Edit, Excuse, Fix, NearMiss, References, Report,
    Severity, Span, Status, Strength, Subject, Trouble, Written, show,
};
use preflight::exit::Exit;
use preflight::report::{FORMATS, SCHEMA, View, format};
use preflight::source::Source;
use serde_json::Value;

const HOSTILE: &[u8] = b"a \xff\x1b[31m\xe2\x80\xae.php ";

fn finding(line: usize) -> Diagnostic {
    let text = "x\n".repeat(line - 1) + "require 'app_config.py';\n";
    let start = (line - 1) * 2 + 9;
    let span = Span::new(start, start + 13);
    Diagnostic {
        code: "trailing-space",
        severity: Severity::Error,
        status: Status::Active,
        excuse: None,
        message: "`app_config.py` is not in the tree; `app_config.py␠` is".into(),
        help: Some("rename `app_config.py␠` to `app_config.py`".into()),
        file: b"index.php".to_vec(),
        location: Some(Source::new(text.as_bytes()).locate(span)),
        subject: Some(Subject {
            language: "php",
            construct: "require",
            namespace: "path",
            text: b"app_config.py".to_vec(),
            target: Some(b"app_config.py".to_vec()),
            base: Certainty::Certain,
            strength: Strength::Fatal,
            guarded: false,
        }),
        tried: vec![b"app_config.py".to_vec()],
        near_misses: vec![NearMiss {
            path: b"app_config.py ".to_vec(),
            difference: Difference::TrailingSpace,
            cost: 1,
            rival: false,
        }],
        more: 0,
        fix: Some(Fix {
            applicability: Applicability::Safe,
            edits: vec![],
            renames: vec![(b"app_config.py ".to_vec(), b"app_config.py".to_vec())],
        }),
        fingerprint: "pf1:0123456789abcdef0123".into(),
    }
}

/// A finding in which every path and text is hostile.
fn hostile() -> Diagnostic {
    let mut one = finding(1);
    one.file = HOSTILE.to_vec();
    one.tried = vec![b"fine".to_vec(), HOSTILE.to_vec()];
    one.near_misses[0].path = HOSTILE.to_vec();
    if let Some(subject) = &mut one.subject {
        (subject.text, subject.target) = (HOSTILE.to_vec(), Some(HOSTILE.to_vec()));
    }
    let edit = Edit { file: HOSTILE.to_vec(), span: Span::new(1, 2), new: HOSTILE.to_vec() };
    let renames = vec![(HOSTILE.to_vec(), b"a".to_vec())];
    one.fix = Some(Fix { applicability: Applicability::Review, edits: vec![edit], renames });
    let line = [b"require '", HOSTILE, b"';"].concat();
    one.location = Some(Source::new(line).locate(Span::new(9, 9 + HOSTILE.len())));
    one
}

fn name_finding() -> Diagnostic {
    Diagnostic {
        code: "name-trailing-space",
        location: None,
        subject: None,
        fix: None,
        near_misses: vec![],
        ..finding(1)
    }
}

fn report(diagnostics: Vec<Diagnostic>) -> Report {
    let reported = diagnostics.iter().map(|one| 1 + one.more).sum();
    let references =
        References { found: 10 + reported, resolved: 7, guarded: 2, open: 1, reported, ..References::default() };
    let coverage = Coverage { indexed: 3, scanned: 2, references, ..Coverage::default() };
    Report { root: b"www".to_vec(), diagnostics, coverage, ..Report::default() }
}

fn written(name: &str, report: &Report) -> String {
    let mut out = Vec::new();
    let exit = Exit::of(report, Some(Severity::Error));
    let format = format(name).expect("it is a format");
    let view = View { report, exit, gate: Some(Severity::Error), place: b"www", quiet: false };
    (format.write)(&mut out, &view).expect("memory can be written");
    let text = String::from_utf8(out).expect("reports are UTF-8");
    anstream::adapter::strip_str(&text).to_string()
}

fn validator(pointer: Option<&str>) -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    if let Some(pointer) = pointer {
        schema = serde_json::json!({"$ref": pointer, "$defs": schema["$defs"]});
    }
    jsonschema::validator_for(&schema).expect("the schema is one")
}

fn assert_valid(validator: &jsonschema::Validator, value: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
}

/// What the schema cannot say: the numbers add up.
fn assert_adds_up(report: &Value) {
    let references = &report["summary"]["references"];
    let number = |value: &Value| value.as_u64().expect("it is a number");
    let fates = ["resolved", "external", "dynamic", "outside", "guarded"].map(|fate| number(&references[fate]));
    let missing = ["reported", "open", "exempt"].map(|fate| number(&references["missing"][fate]));
    assert_eq!(number(&references["found"]), fates.iter().chain(&missing).sum::<u64>());
}

#[test]
fn json_keeps_the_contract() {
    let mut full = everything();
    full.root = HOSTILE.to_vec();
    for report in [report(vec![]), report(vec![finding(1)]), full] {
        let value: Value = serde_json::from_str(&written("json", &report)).expect("it is one object");
        assert_valid(&validator(None), &value);
        assert_adds_up(&value);
    }
}

#[test]
fn ndjson_is_the_same_line_by_line() {
    let report = report(vec![finding(3), hostile()]);
    let whole: Value = serde_json::from_str(&written("json", &report)).expect("it is one object");
    let text = written("ndjson", &report);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a line is an object")).collect();
    let (summary, diagnostics) = lines.split_last().expect("there is a summary");
    assert_eq!(Some(diagnostics), whole["diagnostics"].as_array().map(Vec::as_slice));
    diagnostics.iter().for_each(|one| assert_valid(&validator(Some("#/$defs/diagnostic")), one));
    assert_valid(&validator(Some("#/$defs/summary_line")), summary);
    assert_eq!(summary["summary"], whole["summary"]);
}

#[test]
fn bytes_that_are_no_text_are_kept_exactly() {
    let value: Value = serde_json::from_str(&written("json", &report(vec![hostile()]))).expect("it is one object");
    let one = &value["diagnostics"][0];
    for exact in [
        &one["file_base64"],
        &one["tried_base64"][1],
        &one["near_misses"][0]["path_base64"],
        &one["reference"]["text_base64"],
        &one["reference"]["target_base64"],
        &one["fix"]["edits"][0]["new_base64"],
        &one["fix"]["renames"][0]["from_base64"],
    ] {
        let bytes = base64::engine::general_purpose::STANDARD.decode(exact.as_str().unwrap_or_default());
        assert_eq!(bytes.as_deref(), Ok(HOSTILE));
    }
    assert!(one["fix"]["renames"][0].get("to_base64").is_none());
}

#[test]
fn no_format_shows_anything_raw() {
    for name in FORMATS.iter().map(|format| format.name) {
        let text = written(name, &report(vec![hostile()]));
        let raw = text.chars().find(|&c| c != '\n' && (c.is_control() || c == '\u{202e}'));
        assert_eq!(raw, None, "{name}: {}", text.escape_debug());
    }
}

#[test]
fn people_see_the_place_and_what_to_do() {
    let want = "\
error[trailing-space]: `app_config.py` is not in the tree; `app_config.py␠` is
 --> index.php:3:10
  |
3 | require 'app_config.py';
  |          ^^^^^^^^^^^^^ without it the request or the start dies
  |
  = help: rename `app_config.py␠` to `app_config.py`

www: 1 error
checked 3 files, scanned 2; 11 references: 7 resolved, 2 missing, 2 guarded (not reported: 1 with an open base)
";
    assert_eq!(written("text", &report(vec![finding(3)])), want);
}

#[test]
fn a_thousand_of_one_cause_are_told_once() {
    let mut many: Vec<Diagnostic> = (1..=100).map(finding).collect();
    many[99].more = 900;
    let text = written("text", &report(many));
    assert_eq!(text.matches("error[trailing-space]").count(), 1, "{text}");
    assert!(text.contains("… and 940 more of this cause"), "{text}");
    assert!(text.contains("www: 1000 errors"), "{text}");
}

#[test]
fn excused_findings_are_counted_and_not_shown() {
    let waived = Diagnostic { status: Status::Waived, ..finding(1) };
    let baselined = Diagnostic { status: Status::Baselined, ..finding(2) };
    let report = report(vec![waived, baselined]);
    let text = written("text", &report);
    assert!(!text.contains("error[") && text.contains("www: no findings, 1 waived, 1 in the baseline"), "{text}");
    assert_eq!(Exit::of(&report, Some(Severity::Note)), Exit::Clean);
    assert_eq!(written("concise", &report), "");
}

#[test]
fn a_real_run_keeps_the_contract() {
    let folder = program::folder(&[
        ("index.php", "<?php require __DIR__ . '/Lib/db.php'; include $x; require 'https://a/b.php';"),
        ("lib/db.php", "<?php"),
        ("page.html", "<img src=\"gone.png\"><a href='x.html'>"),
        ("pic.bin", "\0"),
    ]);
    program::put(folder.path(), b"odd \xff.php ", "<?php require __DIR__ . '/lib/bd.php';");
    let said = program::preflight(folder.path(), &["--format", "json"]);
    let value: Value = serde_json::from_str(&said.out).expect("it is one object");
    assert_valid(&validator(None), &value);
    assert_adds_up(&value);
    assert_eq!(value["summary"]["exit"].as_i64(), said.code.map(i64::from));
}

/// A report with every kind of finding, twice over, and more troubles than are shown.
fn everything() -> Report {
    let status = |status, line| Diagnostic { status, ..finding(line) };
    let reason = String::from_utf8_lossy(HOSTILE).into_owned();
    let excuse = Some(Excuse { written: Written::Comment, reason });
    let excused = [Diagnostic { excuse, ..status(Status::Waived, 4) }, status(Status::Baselined, 5)];
    let note = Diagnostic { severity: Severity::Note, ..finding(7) };
    let warning = Diagnostic { severity: Severity::Warning, more: 3, ..finding(8) };
    let mut all = vec![note, finding(3), hostile(), name_finding(), warning];
    all.extend(excused);
    let mut report = report(all);
    report.troubles = vec![Trouble { path: HOSTILE.to_vec(), what: "permission denied".into() }; 12];
    report
}

#[test]
fn every_format_is_what_its_readers_take() {
    for report in [report(vec![]), report(vec![finding(1)]), everything()] {
        for format in FORMATS {
            let text = written(format.name, &report);
            parsed::parsed(format.name, &text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", format.name));
        }
    }
}

#[test]
fn sarif_marks_what_is_excused_and_keeps_every_name() {
    let value: Value = serde_json::from_str(&written("sarif", &everything())).expect("it is one object");
    let run = &value["runs"][0];
    let results = run["results"].as_array().expect("there are results");
    let suppressed = |one: &&Value| one["suppressions"].as_array().is_some_and(|all| !all.is_empty());
    assert_eq!(results.iter().filter(suppressed).count(), 2);
    assert_eq!(results.iter().filter(|one| one["suppressions"][0]["kind"] == "inSource").count(), 1);
    assert_eq!(results.iter().filter(|one| one["baselineState"] == "unchanged").count(), 1);
    let uri = results[2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str();
    assert_eq!(uri.map(parsed::unpercent), Some([b"www/", HOSTILE].concat()));
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    for one in results {
        let at = one["ruleIndex"].as_u64().expect("it has a rule");
        assert_eq!(run["tool"]["driver"]["rules"][at as usize]["id"], one["ruleId"]);
    }
}

/// Lines and columns of a fix, in UTF-16 units, and its bytes are the same place.
#[test]
fn a_fix_of_sarif_is_a_place_in_the_text() {
    let text = "x\nrequire '𝄞/é.phpp';\n";
    let mut one = finding(1);
    let span = Span::new(11, 23);
    one.location = Some(Source::new(text.as_bytes()).locate(span));
    if let Some(subject) = &mut one.subject {
        subject.text = span.of(text.as_bytes()).to_vec();
    }
    let edit = Edit { file: one.file.clone(), span: Span::new(22, 23), new: Vec::new() };
    one.fix = Some(Fix { applicability: Applicability::Safe, edits: vec![edit], renames: vec![] });
    let value: Value = serde_json::from_str(&written("sarif", &report(vec![one]))).expect("it is one object");
    let replacement = &value["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    let want = serde_json::json!({
        "byteOffset": 22, "byteLength": 1, "startLine": 2, "startColumn": 18, "endLine": 2, "endColumn": 19,
    });
    assert_eq!(replacement["deletedRegion"], want);
    assert_eq!(replacement["insertedContent"]["text"], "");
}

#[test]
fn github_has_ten_of_a_level_and_says_how_many_more() {
    let distinct = |number: usize, severity| {
        let mut one = Diagnostic { severity, ..finding(number) };
        one.subject.as_mut().expect("it has one").target = Some(number.to_string().into_bytes());
        one
    };
    let mut all: Vec<Diagnostic> = (1..=15).map(|number| distinct(number, Severity::Warning)).collect();
    all.extend((20..=33).map(|number| distinct(number, Severity::Error)));
    let text = written("github", &report(all));
    assert_eq!((text.matches("::error ").count(), text.matches("::warning ").count()), (10, 10));
    assert!(text.starts_with("::error file=www/index.php,line=20,endLine=20,col=10,endColumn=23,title="), "{text}");
    assert!(text.contains("\npreflight: 9 more not annotated"), "{text}");
}

#[test]
fn a_comment_fits_and_counts_what_does_not() {
    let one = |number: usize| {
        let mut one = finding(1);
        one.subject.as_mut().expect("it has one").target = Some(number.to_string().into_bytes());
        one
    };
    let report = report((0..1000).map(one).collect());
    let comment = written("markdown", &report);
    assert!(comment.len() <= 65_536, "{}", comment.len());
    let shown = comment.matches("- **error** ").count();
    assert!(shown > 100 && comment.contains(&format!("… and {} more findings that do not fit", 1000 - shown)));
    assert_eq!(written("github-summary", &report).matches("- **error** ").count(), 1000);
}

#[test]
fn one_cause_is_one_failure() {
    let mut many: Vec<Diagnostic> = (1..=100).map(finding).collect();
    many[99].more = 900;
    for (name, one) in [("junit", "<failure "), ("markdown", "- **error** "), ("github", "::error ")] {
        let text = written(name, &report(many.clone()));
        assert_eq!(text.matches(one).count(), 1, "{name}: {text}");
        assert!(text.contains("more"), "{name}: {text}");
    }
}

/// Names and messages of random bytes, in the characters that the formats are made of.
#[test]
fn drawn_names_break_no_format() {
    const PIECES: [&[u8]; 32] = [
        b"`",
        b"``",
        b"@all",
        b"#1",
        b"<b>",
        b"&amp;",
        b"]]>",
        b"-->",
        b"::",
        b"::error::",
        b"%0A",
        b"%",
        b",",
        b"=",
        b"\n",
        b"\r",
        b" ",
        b"|",
        b"[a](b)",
        b"https://x.y",
        b"www.x.y",
        b"GH-1",
        b"\\",
        b"/",
        b"\xff",
        b"\xe2\x80\xae",
        b"\x1b[1m",
        b"\xef\xbf\xbf",
        b"\0",
        b"\"",
        b"'",
        b"~~~\n",
    ];
    for seed in 0..400 {
        let mut draw = choice::Draw::new(seed);
        let mut bytes =
            || -> Vec<u8> { (0..1 + draw.below(6)).flat_map(|_| PIECES[draw.below(PIECES.len())].to_vec()).collect() };
        let mut one = hostile();
        one.file = bytes();
        one.near_misses[0].path = bytes();
        let (text, help) = (bytes(), bytes());
        one.message = format!("`{}` is not in the tree; `{}` is", show(&text), show(&one.near_misses[0].path));
        one.help = Some(format!("write `{}`", show(&help)));
        one.location = Some(Source::new(text.clone()).locate(Span::new(0, text.len())));
        if let Some(subject) = &mut one.subject {
            (subject.text, subject.target) = (text.clone(), Some(text));
        }
        let twin = Diagnostic { file: bytes(), ..one.clone() };
        let mut report = report(vec![one, twin]);
        report.troubles = vec![Trouble { path: bytes(), what: String::from_utf8_lossy(&bytes()).into_owned() }];
        report.root = bytes();
        for format in FORMATS {
            let text = written(format.name, &report);
            let raw = text.chars().find(|&c| c != '\n' && (c.is_control() || c == '\u{202e}'));
            assert_eq!(raw, None, "seed {seed}, {}: {}", format.name, text.escape_debug());
            parsed::parsed(format.name, &text)
                .unwrap_or_else(|why| panic!("seed {seed}, {}: {why}\n{text}", format.name));
        }
    }
}
