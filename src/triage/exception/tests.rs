//! Every way to excuse a finding that nobody approved, tried.

use super::*;
use crate::triage::tests::{finding as made_up, report};
use crate::triage::{apply as triaged, settle};

const TODAY: &str = "2024-06-01";

/// The fingerprint of the finding of `a.php`.
fn fingerprint(severity: Severity) -> String {
    settle(with(severity), &Options::default(), None).diagnostics[0].fingerprint.clone()
}

fn with(severity: Severity) -> crate::diagnostic::Report {
    let mut one = made_up("a.php", 3, "missing-file", "x");
    one.severity = severity;
    report(vec![one])
}

fn exception() -> Exception {
    let source = crate::source::Source::new("[[waiver]]".as_bytes());
    Exception {
        id: "W-1".into(),
        finding: fingerprint(Severity::Error),
        code: "missing-file".into(),
        file: "a.php".into(),
        reason: "made by the installer on its first run".into(),
        created: "2024-05-01".parse().unwrap(),
        expires: "2024-07-01".parse().unwrap(),
        approvers: vec!["jane@example.org".into(), "bob@example.org".into()],
        signatures: Vec::new(),
        location: source.locate(crate::diagnostic::Span::new(0, 10)),
    }
}

fn options(accept: Option<Accept>) -> Options {
    let signoff = |accept| Signoff { accept, repository: "shop".into(), ..Signoff::default() };
    let trusted = accept.map(|accept| Trusted { signoff: signoff(accept), signers: Vec::new() });
    let signoff = accept.map(signoff).unwrap_or_default();
    Options { today: TODAY.parse().ok(), trusted, signoff, ..Options::default() }
}

fn judged(severity: Severity, exceptions: Vec<Exception>, options: &Options) -> Vec<(&'static str, Status, String)> {
    let mut raw = with(severity);
    raw.exceptions = exceptions;
    let report = triaged(raw, options, None);
    let told = |one: &Diagnostic| one.excuse.as_ref().map_or(one.message.clone(), |excuse| excuse.reason.clone());
    report.diagnostics.iter().map(|one| (one.code, one.status, told(one))).collect()
}

#[test]
fn names_excuse_a_warning_and_say_that_nobody_verified_them() {
    let said = judged(Severity::Warning, vec![exception()], &options(None));
    let want =
        "W-1 (unverified: jane@example.org, bob@example.org; 30 days left): made by the installer on its first run";
    assert_eq!(said, [("missing-file", Status::Waived, want.to_owned())]);
}

#[test]
fn names_excuse_an_error_only_where_a_trusted_revision_says_so() {
    for (accept, waived) in [(None, false), (Some(Accept::Signed), false), (Some(Accept::Names), true)] {
        let said = judged(Severity::Error, vec![exception()], &options(accept));
        assert_eq!(said.iter().any(|one| one.1 == Status::Waived), waived, "{said:?}");
        assert_eq!(said.iter().any(|one| one.0 == "invalid-waiver"), !waived, "{said:?}");
    }
    // The tree's own word does not count.
    let mut own = options(None);
    own.signoff.accept = Accept::Names;
    assert!(judged(Severity::Error, vec![exception()], &own).iter().all(|one| one.1 == Status::Active));
}

type Attack = (&'static str, Box<dyn Fn(&mut Exception)>);

/// Each change to a sound exception, and what is said of it; the finding counts in every one.
#[test]
fn every_back_door_is_shut() {
    let day = |text: &str| text.parse::<Date>().unwrap();
    let people = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let attacks: Vec<Attack> = vec![
        ("fewer than two", Box::new(move |one| one.approvers = people(&["jane@x", "Jane@X"]))),
        ("fewer than two", Box::new(move |one| one.approvers = people(&["jane@x", "jane+two@x"]))),
        ("fewer than two", Box::new(move |one| one.approvers = people(&["jane.doe@x", " janedoe@x"]))),
        ("fewer than two", Box::new(move |one| one.approvers = people(&["jane@x", "j\u{430}ne@x"]))),
        ("fewer than two", Box::new(move |one| one.approvers = people(&["jane@x", "renovate[bot]@x"]))),
        ("fewer than two", Box::new(move |one| one.approvers = people(&["jane@x"]))),
        ("fewer than two", Box::new(move |one| one.approvers = people(&[]))),
        ("within 90 days", Box::new(move |one| one.expires = day("9999-12-31"))),
        ("within 90 days", Box::new(move |one| one.expires = day("2024-07-31"))),
        ("within 90 days", Box::new(move |one| one.expires = one.created)),
        ("in the future", Box::new(move |one| (one.created, one.expires) = (day("2024-06-02"), day("2024-07-01")))),
        ("expired on 2024-06-01", Box::new(move |one| one.expires = day(TODAY))),
        ("fewer than 20 characters", Box::new(|one| one.reason = "because              ".into())),
        ("is never waived", Box::new(|one| one.code = "name-trailing-space".into())),
        ("is never waived", Box::new(|one| one.code = "invalid-waiver".into())),
        ("is that of `missing-file` in `a.php`", Box::new(|one| one.file = "b.php".into())),
        ("is that of `missing-file` in `a.php`", Box::new(|one| one.code = "misspelled".into())),
        ("covers nothing", Box::new(|one| one.finding = "pf1:00000000000000000000".into())),
        (
            "no such file",
            Box::new(|one| {
                one.signatures = vec![crate::diagnostic::Signature { path: "a.sig".into(), bytes: None }];
            }),
        ),
        (
            "no SSH signature",
            Box::new(|one| {
                let bytes = Some(b"-----BEGIN SSH SIGNATURE-----\n\xff".to_vec());
                one.signatures = vec![crate::diagnostic::Signature { path: "a.sig".into(), bytes }];
            }),
        ),
    ];
    for (want, attack) in attacks {
        let mut one = exception();
        attack(&mut one);
        let said = judged(Severity::Error, vec![one], &options(Some(Accept::Names)));
        assert!(said.iter().any(|one| one.0 == "missing-file" && one.1 == Status::Active), "{want}: {said:?}");
        assert!(said.iter().any(|one| one.0.ends_with("waiver") && one.2.contains(want)), "{want}: {said:?}");
    }
}

/// A renamed file, or another typo, is another finding.
#[test]
fn an_exception_covers_one_finding() {
    let mut raw = report(vec![
        made_up("b.php", 3, "missing-file", "x"),
        made_up("a.php", 3, "missing-file", "y"),
        made_up("a.php", 7, "missing-file", "x"),
        made_up("a.php", 9, "missing-file", "x"),
    ]);
    raw.exceptions = vec![exception()];
    let report = triaged(raw, &options(Some(Accept::Names)), None);
    let waived: Vec<u32> = report
        .diagnostics
        .iter()
        .filter(|one| one.status == Status::Waived)
        .filter_map(|one| one.location.as_ref().map(|at| at.line))
        .collect();
    assert_eq!(waived, [7]);
}

#[test]
fn the_end_is_told_of_two_weeks_before_it() {
    for (expires, told) in [("2024-06-16", false), ("2024-06-15", true), ("2024-06-02", true)] {
        let mut one = exception();
        one.expires = expires.parse().unwrap();
        let said = judged(Severity::Warning, vec![one], &options(None));
        assert_eq!(said.iter().any(|one| one.0 == "expired-waiver"), told, "{expires}");
        assert!(said.iter().any(|one| one.1 == Status::Waived), "{expires}");
    }
}

#[test]
fn without_a_day_nothing_is_excused() {
    let options = Options { today: None, ..options(Some(Accept::Names)) };
    let said = judged(Severity::Error, vec![exception()], &options);
    assert!(said.iter().all(|one| one.1 == Status::Active) && said.len() == 2, "{said:?}");
}

#[test]
fn a_change_of_the_rules_is_told() {
    let mut changed = options(Some(Accept::Signed));
    changed.signoff.accept = Accept::Names;
    changed.signoff.max_days = 365;
    let said = judged(Severity::Error, Vec::new(), &changed);
    let want = "`[signoff]` changes `accept` from `signed` to `names`, `max-days` from `90` to `365`";
    assert!(said.iter().any(|one| one.0 == "policy-changed" && one.2 == want), "{said:?}");
}
