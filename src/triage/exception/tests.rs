//! Every way to excuse a finding that nobody approved, tried.

use super::*;
use crate::options::Owners;
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
        history: None,
        last_line: 1,
        location: source.locate(crate::diagnostic::Span::new(0, 10)),
    }
}

fn options(accept: Option<Accept>) -> Options {
    let signoff = |accept| Signoff { accept, repository: "shop".into(), ..Signoff::default() };
    let trusted = accept.map(|accept| Trusted { signoff: signoff(accept), ..Trusted::default() });
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

/// What git says of who wrote an exception, and what is made of it.
#[test]
fn authors_and_reviewers_are_heard() {
    let history = |approvals: &[&str], authors: &[&str]| {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Some(crate::diagnostic::History { approvals: names(approvals), authors: names(authors) })
    };
    let (jane, bob) = ("Jane <JANE@example.org>", "Bob <bob+git@example.org>");
    let waived = |accept: Accept, strict: bool, reviewers: &[&str], history| {
        let mut options = options(Some(accept));
        let trusted = options.trusted.as_mut().unwrap();
        trusted.signoff.author_may_not_approve = strict;
        trusted.reviewers = reviewers.iter().map(|&name| name.to_owned()).collect();
        let said = judged(Severity::Error, vec![Exception { history, ..exception() }], &options);
        said.into_iter().find(|one| one.1 == Status::Waived).map(|one| one.2)
    };
    let by_lines = waived(Accept::GitLines, false, &[], history(&[jane, bob], &[])).unwrap();
    assert!(by_lines.contains("unverified, git names bob@example.org and jane@example.org"), "{by_lines}");
    let reviewers = ["jane@example.org", "bob@example.org", "eve@example.org"];
    for accept in [Accept::Names, Accept::GitLines, Accept::Signed, Accept::Forge] {
        assert!(waived(accept, false, &reviewers, None).unwrap().contains("reviewed by"));
        assert_eq!(waived(accept, true, &reviewers, None), None, "nobody knows the authors");
        assert_eq!(waived(accept, true, &reviewers, history(&[], &[jane])), None, "an author reviews");
        assert!(waived(accept, true, &reviewers, history(&[], &["Eve <eve@example.org>"])).is_some());
    }
    for (accept, reviewers, history) in [
        (Accept::Forge, &reviewers[1..], None),
        (Accept::Signed, &[][..], history(&[jane, bob], &[])),
        (Accept::GitLines, &[], history(&[jane, "Jane <jane+2@example.org>"], &[])),
        (Accept::GitLines, &[], history(&[jane, "Eve <eve@example.org>"], &[])),
        (Accept::GitLines, &[], None),
    ] {
        assert_eq!(waived(accept, false, reviewers, history.clone()), None, "{accept:?} {reviewers:?} {history:?}");
    }
}

#[test]
fn an_owner_is_among_those_who_approve() {
    let waived = |text: &str| {
        let mut options = options(Some(Accept::Names));
        let trusted = options.trusted.as_mut().unwrap();
        trusted.signoff.owners_approve = true;
        trusted.signoff.teams = [("@example/web".to_owned(), vec!["bob@example.org".to_owned()])].into();
        trusted.owners = Some(Owners { file: b"CODEOWNERS".to_vec(), text: text.into(), prefix: Vec::new() });
        let said = judged(Severity::Error, vec![exception()], &options);
        let unowned = text.is_empty() || text.starts_with("*.php") && !text.contains("toml");
        assert_eq!(said.iter().any(|one| one.0 == "unowned-waivers"), unowned, "{text}");
        said.iter().any(|one| one.1 == Status::Waived)
    };
    for (text, want) in [
        ("* jane@example.org", true),
        ("* @example/web", true),
        ("*.php jane@example.org\n*.toml bob@example.org", true),
        ("*.php jane@example.org", false),
        ("* jane@example.org\n*.php", false),
        ("* jane@example.org\n*.php @example/other", false),
        ("* eve@example.org", false),
        ("", false),
    ] {
        assert_eq!(waived(text), want, "{text}");
    }
}

#[test]
fn what_is_loosened_is_told() {
    let parse = |text: &str| crate::config::parse(text, &crate::options::Place::default()).unwrap();
    let said = |old: &str, new: &str| {
        let (old, new) = (parse(old), parse(new));
        let trusted = Some(Trusted { signoff: old.signoff, stated: old.stated, ..Trusted::default() });
        let said = judged(Severity::Error, Vec::new(), &Options { trusted, ..new });
        said.into_iter().find(|one| one.0 == "policy-changed").map(|one| one.2).unwrap_or_default()
    };
    for (old, new, want) in [
        ("", "exclude = ['a', 'b']", "`exclude` adds `a` and `b`"),
        ("exclude = ['a', 'b']", "exclude = ['b']", ""),
        ("", "generated = 'a'", "`generated` adds `a`"),
        ("", "[severity]\nmissing-file = 'off'", "`severity.missing-file` from nothing to `off`"),
        ("[severity]\nunused-waiver = 'error'", "", "`severity.unused-waiver` from `error` to nothing"),
        ("", "[severity]\nunused-waiver = 'error'", ""),
        ("[severity]\nmissing-file = 'off'", "[severity]\nmissing-file = 'note'", ""),
        ("[[mount]]\nserver = '/a'\ntree = '.'", "", "`mount` from `server = /a, tree = .` to nothing"),
        (
            "",
            "[[allow]]\npaths = 'a'\ncodes = ['missing-file']\nreason = 'b'",
            "`allow` adds `codes = missing-file, paths = a`",
        ),
        (
            "",
            "[signoff]\naccept = 'names'\nmax-days = 365",
            "`signoff.accept` from nothing to `names`, `signoff.max-days` from nothing to `365`",
        ),
        ("[signoff]\naccept = 'names'", "[signoff]\naccept = 'forge'\nmax-days = 30", ""),
        ("[signoff]\nallow-up-to = 'warning'", "", "`signoff.allow-up-to` from `warning` to nothing"),
        (
            "[signoff]\nauthor-may-not-approve = true",
            "[signoff]",
            "`signoff.author-may-not-approve` from `true` to nothing",
        ),
        (
            "[signoff]\napprovers = ['a']",
            "[signoff]\napprovers = ['a', 'b']",
            "`signoff.approvers` from `a` to `a` and `b`",
        ),
        ("[signoff.alias]\na = 'b'", "", "`signoff.alias.a` from `b` to nothing"),
        ("[signoff]\nrobots = ['a']", "", "`signoff.robots` drops `a`"),
        ("", "[signoff.release]\npaths = ['a']", "`signoff.release.paths` from nothing to `a`"),
    ] {
        let said = said(old, new);
        let said = said.strip_prefix("the rules are looser than those of the trusted revision: ").unwrap_or(&said);
        assert_eq!(said, want, "{old} -> {new}");
    }
}

/// What one person writes beside a reference excuses no error where the rules say so.
#[test]
fn one_person_excuses_what_the_rules_let_them() {
    let allow = crate::options::Allow {
        paths: crate::options::Globs::new(&["a.php"]).unwrap(),
        codes: vec!["missing-file".into()],
        reason: "x".into(),
    };
    for (limit, trusted, severity, waived) in [
        (Some(Severity::Error), None, Severity::Error, true),
        (Some(Severity::Warning), None, Severity::Error, false),
        (Some(Severity::Warning), None, Severity::Warning, true),
        (None, None, Severity::Note, false),
        (Some(Severity::Error), Some(Some(Severity::Warning)), Severity::Error, false),
        (Some(Severity::Warning), Some(Some(Severity::Error)), Severity::Error, false),
    ] {
        let signoff = |allow_up_to| Signoff { allow_up_to, ..Signoff::default() };
        let trusted = trusted.map(|limit| Trusted { signoff: signoff(limit), ..Trusted::default() });
        let options = Options { signoff: signoff(limit), trusted, allow: vec![allow.clone()], ..Options::default() };
        let said = judged(severity, Vec::new(), &options);
        assert_eq!(said[0].1 == Status::Waived, waived, "{limit:?} {severity:?}");
    }
}
