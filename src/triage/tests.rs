//! Waivers, configuration, folding, fingerprints and the baseline over made-up findings.

use super::*;
use crate::diagnostic::{CODES, Certainty, Location, Severity, Span, Strength, Subject, Utf16};
use crate::options::{Allow, Globs};
use crate::source::Source;

pub(super) fn finding(file: &str, line: u32, code: &'static str, target: &str) -> Diagnostic {
    let span = Span { start: line * 100, end: line * 100 + 5 };
    let excerpt = Default::default();
    Diagnostic {
        code,
        severity: Severity::Error,
        status: Status::Active,
        excuse: None,
        message: format!("`{target}` is not in the tree"),
        help: None,
        file: file.into(),
        location: Some(Location {
            span,
            line,
            column: 1,
            end_line: line,
            end_column: 6,
            utf16: Utf16::default(),
            excerpt,
        }),
        subject: Some(Subject {
            language: "php",
            construct: "require",
            namespace: "path",
            text: target.into(),
            target: Some(target.into()),
            base: Certainty::Certain,
            strength: Strength::Fatal,
            guarded: false,
        }),
        tried: vec![],
        near_misses: vec![],
        more: 0,
        fix: None,
        fingerprint: String::new(),
    }
}

pub(super) fn report(diagnostics: Vec<Diagnostic>) -> Report {
    let mut report = Report { diagnostics, ..Report::default() };
    report.coverage.references.reported = report.diagnostics.len();
    report
}

fn waived_by(text: &str, mut report: Report) -> Report {
    report.waivers = waivers(b"a.php", &Source::new(text.as_bytes()));
    apply(report, &Options::default(), None)
}

fn codes(report: &Report) -> Vec<(&str, Status)> {
    report.diagnostics.iter().map(|one| (one.code, one.status)).collect()
}

#[test]
fn the_nearest_name_is_found_for_every_slip() {
    assert_eq!(nearest_code("mising-file").map(|code| code.name), Some("missing-file"));
    assert_eq!(nearest_code("zzzz").map(|code| code.name), None);
    assert!(CODES.iter().all(|code| nearest_code(code.name).is_some_and(|near| near.name == code.name)));
}

#[test]
fn a_waiver_covers_its_line_and_the_one_below() {
    let text = "# preflight: allow(missing-file) made by the installer\n\n# preflight: allow(missing-file) stale\n";
    let settled = waived_by(
        text,
        report(vec![finding("a.php", 2, "missing-file", "x"), finding("a.php", 9, "missing-file", "y")]),
    );
    let want = [("missing-file", Status::Waived), ("missing-file", Status::Active), ("unused-waiver", Status::Active)];
    let mut got = codes(&settled);
    got.sort_by_key(|one| one.0);
    assert_eq!(got, want);
}

#[test]
fn a_waiver_says_why_it_does_not_count() {
    let text = "# preflight: allow(missing-file)\n# preflight: allow(mising-file) x\n# preflight: allow() y";
    let settled = waived_by(text, report(vec![finding("a.php", 1, "missing-file", "x")]));
    let messages: Vec<_> =
        settled.diagnostics.iter().filter(|one| one.code == "unused-waiver").map(|one| one.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "this waiver of `missing-file` has no reason and does not count",
            "this waiver names `mising-file`, which is no code",
            "this waiver names no code"
        ]
    );
    assert_eq!(settled.diagnostics.iter().filter(|one| one.status == Status::Waived).count(), 0);
}

#[test]
fn configuration_sets_drops_and_allows() {
    let mut options = Options::default();
    options.severity.insert("missing-file".into(), Some(Severity::Note));
    options.severity.insert("misspelled".into(), None);
    let paths = Globs::new(&["legacy/"]).unwrap();
    options.allow.push(Allow { paths, codes: vec!["missing-file".into()], reason: "old".into() });
    let raw = report(vec![
        finding("a.php", 1, "missing-file", "x"),
        finding("a.php", 2, "misspelled", "x"),
        finding("legacy/b.php", 2, "missing-file", "x"),
    ]);
    let settled = apply(raw, &options, None);
    assert_eq!(codes(&settled), [("missing-file", Status::Active), ("missing-file", Status::Waived)]);
    assert_eq!(settled.diagnostics[0].severity, Severity::Note);
    assert_eq!((settled.coverage.references.reported, settled.coverage.references.exempt), (2, 1));
}

#[test]
fn a_thousand_alike_fold_to_a_hundred() {
    let mut all: Vec<_> = (1..=1000).map(|line| finding("a.php", line, "missing-file", "x")).collect();
    all.push(finding("a.php", 2000, "missing-file", "y"));
    let folded = apply(report(all), &Options::default(), None);
    assert_eq!(folded.diagnostics.len(), 101);
    assert_eq!(folded.diagnostics[99].more, 900);
    let groups = group::by_cause(&folded.diagnostics);
    assert_eq!(groups.iter().map(group::Group::count).collect::<Vec<_>>(), [1000, 1]);
}

#[test]
fn fingerprints_survive_moved_lines_and_tell_equal_findings_apart() {
    let print = |lines: &[u32]| -> Vec<String> {
        let all = lines.iter().map(|&line| finding("a.php", line, "missing-file", "x")).collect();
        apply(report(all), &Options::default(), None).diagnostics.into_iter().map(|one| one.fingerprint).collect()
    };
    let (before, after) = (print(&[1, 2]), print(&[10, 20]));
    assert_eq!(before, after);
    assert_ne!(before[0], before[1]);
    assert!(before[0].starts_with("pf1:") && before[0].len() == 24);
}

#[test]
fn a_baseline_covers_as_many_as_it_recorded() {
    let old = settle(report(vec![finding("a.php", 1, "missing-file", "x")]), &Options::default(), None);
    let text = record(&old);
    let baseline = Baseline::parse(text.as_bytes()).unwrap();
    let now = report(vec![finding("a.php", 5, "missing-file", "x"), finding("a.php", 6, "missing-file", "x")]);
    let settled = apply(now, &Options::default(), Some(&baseline));
    assert_eq!(codes(&settled), [("missing-file", Status::Baselined), ("missing-file", Status::Active)]);
    assert!(Baseline::parse(b"{}").is_err() && Baseline::parse(b"\xff").is_err());
}

#[test]
fn the_baseline_forgets_what_is_gone() {
    let two = report(vec![finding("a.php", 1, "missing-file", "x"), finding("b.php", 1, "missing-file", "y")]);
    let both = record(&settle(two, &Options::default(), None));
    let baseline = Baseline::parse(both.as_bytes()).unwrap();
    let one = settle(report(vec![finding("b.php", 7, "missing-file", "y")]), &Options::default(), Some(&baseline));
    let text = record(&one);
    assert!(text.contains("b.php") && !text.contains("a.php"));
}
