//! Exceptions of the waiver file: which of them count, and what they excuse.
//!
//! Everything that is wrong with one is a finding at its line, and what it was to excuse then counts. A name can be
//! typed by anyone: two of them excuse what does not fail a gate. An error needs two signatures, or the word of a
//! trusted revision that names will do.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::excuse;
use super::identity::person;
use super::signature::{self, Asked, WAIVER};
use super::signers::Signers;
use crate::diagnostic::{Date, Diagnostic, Exception, Severity, Status, Written, show};
use crate::options::{Accept, Options, Signoff, Trusted};

/// Fewest characters of a reason.
const REASON: usize = 20;
/// So many days before its end an exception is told of.
const SOON: i64 = 14;
/// What nobody may accept: what cannot be seen, and what is wrong with waivers.
const NEVER: [&str; 8] = [
    "expired-waiver",
    "invalid-waiver",
    "name-bidi",
    "name-control",
    "name-trailing-space",
    "name-trailing-ws-unicode",
    "policy-changed",
    "unused-waiver",
];

/// The text that people sign to approve an exception.
#[must_use]
pub fn text(one: &Exception, repository: &str) -> String {
    let (created, expires) = (one.created.to_string(), one.expires.to_string());
    let fields = [
        ("id", one.id.as_str()),
        ("finding", &one.finding),
        ("code", &one.code),
        ("file", &one.file),
        ("reason", &one.reason),
        ("created", &created),
        ("expires", &expires),
        ("repository", repository),
    ];
    let mut text = String::from("preflight-waiver-v1\n");
    for (key, value) in fields {
        text.push_str(&format!("{key}={}\n", serde_json::Value::from(value)));
    }
    text
}

/// Marks what exceptions cover, and adds what is wrong with them. The findings have their fingerprints.
pub(super) fn apply(diagnostics: &mut Vec<Diagnostic>, exceptions: &[Exception], options: &Options) {
    let places: FxHashMap<&str, usize> =
        diagnostics.iter().enumerate().map(|(at, one)| (one.fingerprint.as_str(), at)).collect();
    let found: Vec<Option<usize>> = exceptions.iter().map(|one| places.get(one.finding.as_str()).copied()).collect();
    let trust = Trust::new(options);
    let mut said = Vec::new();
    for (one, at) in exceptions.iter().zip(found) {
        let covered = at.and_then(|at| diagnostics.get_mut(at));
        said.extend(judge(one, covered, &trust));
    }
    diagnostics.extend(said);
}

/// What a judgement rests on.
struct Trust<'o> {
    options: &'o Options,
    trusted: Option<&'o Trusted>,
    signers: Signers,
}

impl<'o> Trust<'o> {
    fn new(options: &'o Options) -> Self {
        let trusted = options.trusted.as_ref();
        let signers = trusted.map(|trusted| Signers::parse(&trusted.signers)).unwrap_or_default();
        Trust { options, trusted, signers }
    }

    fn max_days(&self) -> u32 {
        self.trusted.map_or(Signoff::default().max_days, |trusted| trusted.signoff.max_days)
    }

    /// How bad a finding is once the configuration has been heard.
    fn severity(&self, finding: &Diagnostic) -> Severity {
        self.options.severity.get(finding.code).copied().flatten().unwrap_or(finding.severity)
    }
}

/// Excuses the finding, or says why not.
fn judge(one: &Exception, covered: Option<&mut Diagnostic>, trust: &Trust<'_>) -> Option<Diagnostic> {
    let Some(today) = trust.options.today else {
        return Some(invalid(one, "what day it is was not said", "say --today"));
    };
    if let Err((what, help)) = sound(one, today, trust.max_days()) {
        return Some(invalid(one, &what, help));
    }
    if today >= one.expires {
        let message = format!("waiver `{}` expired on {}", one.id, one.expires);
        return Some(finding(
            one,
            "expired-waiver",
            Severity::Error,
            message,
            "mend the cause, or let two people approve anew",
        ));
    }
    let Some(covered) = covered else {
        let message = format!("waiver `{}` covers nothing: no finding has this fingerprint", one.id);
        return Some(finding(one, "unused-waiver", Severity::Warning, message, "delete it"));
    };
    if covered.code != one.code || (covered.file != one.file.as_bytes() && show(&covered.file) != one.file) {
        let file = show(&covered.file);
        let what = format!("its fingerprint is that of `{}` in `{file}`", covered.code);
        return Some(invalid(one, &what, "write the code and the file of the finding"));
    }
    let by = match approved(one, trust.severity(covered), today, trust) {
        Ok(by) => by,
        Err(why) => {
            return Some(invalid(
                one,
                &why,
                "sign what `preflight signoff waiver` prints, and check with --trust REVISION",
            ));
        }
    };
    let left = today.days_until(one.expires);
    let days = if left == 1 { "1 day".to_owned() } else { format!("{left} days") };
    if covered.status == Status::Active {
        excuse(covered, Written::File, &format!("{} ({by}; {days} left): {}", one.id, one.reason));
    }
    let message = format!("waiver `{}` expires in {days}, on {}", one.id, one.expires);
    (left <= SOON).then(|| finding(one, "expired-waiver", Severity::Warning, message, "mend the cause before that day"))
}

/// What is wrong with an exception by itself, and what to do.
fn sound(one: &Exception, today: Date, max_days: u32) -> Result<(), (String, &'static str)> {
    let wrong = |what: String, help| Err((what, help));
    if NEVER.contains(&one.code.as_str()) {
        return wrong(format!("`{}` is never waived", one.code), "mend the cause");
    }
    if one.reason.trim().chars().count() < REASON {
        return wrong(format!("its reason has fewer than {REASON} characters"), "say why in a sentence");
    }
    if one.created > today {
        return wrong(
            format!("it was created in the future, on {}", one.created),
            "write the day on which it was made",
        );
    }
    if one.expires <= one.created || one.expires > one.created.plus(max_days) {
        return wrong(format!("it has to expire within {max_days} days of {}", one.created), "write an earlier day");
    }
    let people: BTreeSet<String> = one.approvers.iter().filter_map(|name| person(name)).collect();
    if people.len() < 2 {
        let what = "fewer than two different people approve it".to_owned();
        return wrong(what, "case, dots and `+tags` make no other person; robots and names beyond ASCII do not count");
    }
    Ok(())
}

/// By whom it is approved, in words.
fn approved(one: &Exception, severity: Severity, today: Date, trust: &Trust<'_>) -> Result<String, String> {
    let names = trust.trusted.is_some_and(|trusted| trusted.signoff.accept == Accept::Names);
    let unverified = || Ok(format!("unverified: {}", one.approvers.join(", ")));
    let trusted = match trust.trusted {
        Some(trusted) if !one.signatures.is_empty() => trusted,
        _ if names || severity < Severity::Error => return unverified(),
        None => {
            return Err("names alone do not excuse an error, and without --trust no signature can be verified".into());
        }
        Some(_) => return Err("names alone do not excuse an error: it has no signatures".into()),
    };
    let repository = &trusted.signoff.repository;
    if repository.is_empty() {
        return Err("the trusted `[signoff]` does not say how the repository is called".into());
    }
    let text = text(one, repository);
    let days = [one.created, today];
    let asked = Asked { text: text.as_bytes(), namespace: WAIVER, signers: &trust.signers, days: &days };
    let by = signature::two(&asked, &one.signatures, &one.approvers)?;
    Ok(format!("signed by {}", by.join(" and ")))
}

/// Says where the rules of the tree are not those that hold.
pub(super) fn policy_changed(options: &Options) -> Option<Diagnostic> {
    let trusted = &options.trusted.as_ref()?.signoff;
    let (old, new) = (described(trusted), described(&options.signoff));
    let changed: Vec<String> = old
        .iter()
        .zip(&new)
        .filter(|(old, new)| old.1 != new.1)
        .map(|((key, old), (_, new))| format!("`{key}` from `{old}` to `{new}`"))
        .collect();
    (!changed.is_empty()).then(|| Diagnostic {
        help: Some("those of the trusted revision hold".to_owned()),
        ..bare(
            b"preflight.toml".to_vec(),
            "policy-changed",
            Severity::Warning,
            format!("`[signoff]` changes {}", changed.join(", ")),
        )
    })
}

fn described(signoff: &crate::options::Signoff) -> [(&'static str, String); 4] {
    let accept = if signoff.accept == Accept::Names { "names" } else { "signed" };
    [
        ("accept", accept.to_owned()),
        ("allowed-signers", show(signoff.allowed_signers.as_bytes())),
        ("max-days", signoff.max_days.to_string()),
        ("repository", show(signoff.repository.as_bytes())),
    ]
}

fn invalid(one: &Exception, what: &str, help: &str) -> Diagnostic {
    finding(one, "invalid-waiver", Severity::Error, format!("waiver `{}` does not count: {what}", one.id), help)
}

fn finding(one: &Exception, code: &'static str, severity: Severity, message: String, help: &str) -> Diagnostic {
    Diagnostic {
        help: Some(help.to_owned()),
        location: Some(one.location.clone()),
        ..bare(super::WAIVERS.into(), code, severity, message)
    }
}

fn bare(file: Vec<u8>, code: &'static str, severity: Severity, message: String) -> Diagnostic {
    Diagnostic {
        code,
        severity,
        status: Status::Active,
        excuse: None,
        message,
        help: None,
        file,
        location: None,
        subject: None,
        tried: Vec::new(),
        near_misses: Vec::new(),
        more: 0,
        fix: None,
        fingerprint: String::new(),
    }
}

#[cfg(test)]
mod tests;
