//! Exceptions of the waiver file: which of them count, and what they excuse.
//!
//! Everything that is wrong with one is a finding at its line, and what it was to excuse then counts. A name can be
//! typed by anyone: two of them excuse what does not fail a gate. An error needs two signatures, or the word of a
//! trusted revision that names will do.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::excuse;
use crate::diagnostic::{Date, Diagnostic, Exception, Severity, Status, Written, show};
use crate::options::{Accept, Options, Signoff, Trusted};
use crate::signoff::{Asked, Codeowners, Ownership, People, Signers, Told, WAIVER, two};

/// Fewest characters of a reason.
const REASON: usize = 20;
/// So many days before its end an exception is told of.
const SOON: i64 = 14;
/// What nobody may accept: what cannot be seen, and what is wrong with waivers.
const NEVER: [&str; 9] = [
    "expired-waiver",
    "invalid-waiver",
    "name-bidi",
    "name-control",
    "name-trailing-space",
    "name-trailing-ws-unicode",
    "policy-changed",
    "unowned-waivers",
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
    diagnostics.extend(unowned(&trust));
}

/// Advice: where files have owners, the waiver file should have one.
fn unowned(trust: &Trust<'_>) -> Option<Diagnostic> {
    let file = &trust.trusted?.owners.as_ref()?.file;
    let unowned = !matches!(trust.owners.of(super::WAIVERS.as_bytes()), Ownership::Owned(_));
    unowned.then(|| Diagnostic {
        help: Some(format!("give it to people who decide on risks, in a line of `{}`", show(file))),
        ..bare(
            super::WAIVERS.into(),
            "unowned-waivers",
            Severity::Note,
            "CODEOWNERS gives the waiver file to nobody".to_owned(),
        )
    })
}

/// What a judgement rests on.
struct Trust<'o> {
    options: &'o Options,
    trusted: Option<&'o Trusted>,
    signoff: &'o Signoff,
    signers: Signers,
    people: People,
    owners: Codeowners,
}

impl<'o> Trust<'o> {
    fn new(options: &'o Options) -> Self {
        let trusted = options.trusted.as_ref();
        let signers = trusted.map(|trusted| Signers::parse(&trusted.signers)).unwrap_or_default();
        let people = People::new(trusted, &options.signoff, &signers);
        let owners = trusted.and_then(|trusted| trusted.owners.as_ref()).map(Codeowners::parse).unwrap_or_default();
        let signoff = options.signoff_in_force();
        Trust { options, trusted, signoff, signers, people, owners }
    }

    fn max_days(&self) -> u32 {
        self.trusted.map_or(Signoff::default().max_days, |trusted| trusted.signoff.max_days)
    }

    /// What it takes to excuse a finding. Only a trusted revision can lower it.
    fn needs(&self, finding: &Diagnostic) -> Accept {
        match super::severity(self.options, finding) {
            Severity::Error => self.trusted.map_or(Accept::Signed, |trusted| trusted.signoff.accept),
            _ => Accept::Names,
        }
    }
}

/// Excuses the finding, or says why not.
fn judge(one: &Exception, covered: Option<&mut Diagnostic>, trust: &Trust<'_>) -> Option<Diagnostic> {
    let Some(today) = trust.options.today else {
        return Some(invalid(one, "what day it is was not said", "say --today"));
    };
    let told = trust.people.told(one.approvers.iter().map(String::as_str));
    if let Err((what, help)) = sound(one, &told, today, trust.max_days()) {
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
    let by = match approved(one, told, trust.needs(covered), today, trust) {
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
fn sound(one: &Exception, told: &Told, today: Date, max_days: u32) -> Result<(), (String, &'static str)> {
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
    if told.people.len() < 2 {
        let help = "case, dots, `+tags`, `.mailmap` and aliases make no other person, and robots are none";
        return wrong(fewer("approve it", &told.wrong), help);
    }
    Ok(())
}

fn fewer(who: &str, wrong: &[String]) -> String {
    let why = if wrong.is_empty() { String::new() } else { format!(": {}", wrong.join(", ")) };
    format!("fewer than two different people {who}{why}")
}

/// By whom it is approved, in words.
fn approved(one: &Exception, mut told: Told, needs: Accept, today: Date, trust: &Trust<'_>) -> Result<String, String> {
    if trust.signoff.author_may_not_approve {
        without_authors(one, &mut told, trust)?;
    }
    let (by, words) = match evidence(one, &told, needs, today, trust)? {
        (Accept::Names, by) => (by, "unverified: "),
        (Accept::GitLines, by) => (by, "unverified, git names "),
        (Accept::Signed, by) => (by, "signed by "),
        (Accept::Forge, by) => (by, "reviewed by "),
    };
    if trust.signoff.owners_approve {
        owned(one.file.as_bytes(), &by, trust)?;
        owned(super::WAIVERS.as_bytes(), &by, trust)?;
    }
    let joint = if words == "unverified: " { ", " } else { " and " };
    Ok(format!("{words}{}", by.join(joint)))
}

/// Takes those away who wrote the reference or the exception.
fn without_authors(one: &Exception, told: &mut Told, trust: &Trust<'_>) -> Result<(), String> {
    let Some(history) = &one.history else {
        return Err(
            "its authors may not approve it, and who they are cannot be told: git does not know these lines".into()
        );
    };
    for author in &history.authors {
        if let Some(name) = trust.people.person(author).ok().and_then(|author| told.people.remove(&author)) {
            told.wrong.push(format!("`{}` is an author", show(name.as_bytes())));
        }
    }
    if told.people.len() < 2 { Err(fewer("approve it", &told.wrong)) } else { Ok(()) }
}

/// The strongest evidence that two of them approve, with their names; it has to be what is needed, at least.
fn evidence(
    one: &Exception,
    told: &Told,
    needs: Accept,
    today: Date,
    trust: &Trust<'_>,
) -> Result<(Accept, Vec<String>), String> {
    let reviewers = trust.trusted.map(|trusted| trusted.reviewers.as_slice()).unwrap_or_default();
    if let Some(by) = among(told, reviewers, trust) {
        return Ok((Accept::Forge, by));
    }
    if needs < Accept::Forge
        && let Some(trusted) = trust.trusted.filter(|_| !one.signatures.is_empty())
    {
        return signed(one, told, today, &trusted.signoff.repository, trust).map(|by| (Accept::Signed, by));
    }
    let approvals = one.history.as_ref().map(|history| history.approvals.as_slice()).unwrap_or_default();
    if needs == Accept::GitLines {
        let by = among(told, approvals, trust);
        return by.map(|by| (Accept::GitLines, by)).ok_or_else(|| fewer("are named in git as approving it", &[]));
    }
    match (needs, trust.trusted) {
        (Accept::Names, _) => {
            let names: BTreeSet<&String> = told.people.values().collect();
            let counts = |name: &&String| names.contains(*name);
            Ok((Accept::Names, one.approvers.iter().filter(counts).cloned().collect()))
        }
        (_, None) => {
            Err("names alone do not excuse an error, and without --trust no signature can be verified".to_owned())
        }
        (Accept::Forge, _) => Err(fewer("approve it in a review that --reviews tells of", &[])),
        (_, Some(_)) => Err("names alone do not excuse an error: it has no signatures".to_owned()),
    }
}

/// Those who are asked for and stand in this list; `None` where they are fewer than two.
fn among(told: &Told, list: &[String], trust: &Trust<'_>) -> Option<Vec<String>> {
    let here: BTreeSet<String> = list.iter().filter_map(|name| trust.people.person(name).ok()).collect();
    let by: Vec<String> =
        told.people.iter().filter(|(person, _)| here.contains(*person)).map(|(_, name)| name.clone()).collect();
    (by.len() >= 2).then_some(by)
}

fn signed(
    one: &Exception,
    told: &Told,
    today: Date,
    repository: &str,
    trust: &Trust<'_>,
) -> Result<Vec<String>, String> {
    if repository.is_empty() {
        return Err("the trusted `[signoff]` does not say how the repository is called".into());
    }
    let text = text(one, repository);
    let days = [one.created, today];
    let Trust { signers, people, .. } = trust;
    let asked = Asked { text: text.as_bytes(), namespace: WAIVER, signers, people, days: &days };
    let names: Vec<&str> = told.people.values().map(String::as_str).collect();
    two(&asked, &one.signatures, &names)
}

/// Whether one of those who approve owns a file.
fn owned(file: &[u8], by: &[String], trust: &Trust<'_>) -> Result<(), String> {
    let file_shown = show(file);
    let owners = match trust.owners.of(file) {
        Ownership::Owned(owners) => owners,
        Ownership::Unmatched => return Err(format!("no line of CODEOWNERS is for `{file_shown}`")),
        Ownership::Unowned => return Err(format!("CODEOWNERS gives `{file_shown}` to nobody")),
    };
    // Who is in a team only the forge knows, or the configuration says.
    let members = |owner: &String| match trust.signoff.teams.get(owner) {
        Some(members) => members.clone(),
        None => vec![owner.clone()],
    };
    let people: BTreeSet<String> =
        owners.iter().flat_map(members).filter_map(|owner| trust.people.person(&owner).ok()).collect();
    let owns = |name: &String| trust.people.person(name).is_ok_and(|person| people.contains(&person));
    if by.iter().any(owns) {
        return Ok(());
    }
    Err(format!("nobody who approves it owns `{file_shown}`: CODEOWNERS says {}", show(owners.join(" ").as_bytes())))
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

pub(super) fn bare(file: Vec<u8>, code: &'static str, severity: Severity, message: String) -> Diagnostic {
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
