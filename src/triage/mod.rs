//! What counts: configured severities, waivers, the baseline; then folding and order.
//!
//! Nothing is found here and nothing is printed. A finding that a person excused stays in the report with its
//! status; only what configuration turns off, or does not ask for, leaves it.

mod baseline;
mod exception;
mod fingerprint;
mod fold;
pub mod group;
mod policy;
mod unused;
mod waiver;

pub use baseline::{Baseline, known, record, recorded};
pub use exception::text as text_to_sign;
pub use waiver::waivers;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, Diagnostic, Excuse, Report, Severity, Status, Waiver, Written, code};
use crate::options::Options;

/// The name of the waiver file, which lies in the root of the tree.
pub const WAIVERS: &str = "preflight-waivers.toml";
/// Most lines of one reference on which a waiver is looked for.
const MOST_LINES: u32 = 64;

/// Settles a raw report and folds what repeats: the report to print.
#[must_use]
pub fn apply<'b>(report: Report, options: &Options, known: impl IntoIterator<Item = &'b Baseline>) -> Report {
    let mut report = settle(report, options, known);
    report.diagnostics = fold::fold(std::mem::take(&mut report.diagnostics));
    report
}

/// Settles a raw report without folding: what a baseline is written from.
#[must_use]
pub fn settle<'b>(mut report: Report, options: &Options, known: impl IntoIterator<Item = &'b Baseline>) -> Report {
    let mut waivers = std::mem::take(&mut report.waivers);
    waivers.sort_by(|a, b| (&a.file, a.location.span).cmp(&(&b.file, b.location.span)));
    let used = waive(&mut report.diagnostics, &waivers, options);
    report.diagnostics.extend(unused::unused(&waivers, &used));
    let exceptions = std::mem::take(&mut report.exceptions);
    if !exceptions.is_empty() {
        sort(&mut report.diagnostics);
        fingerprint::set(&mut report.diagnostics);
        exception::apply(&mut report.diagnostics, &exceptions, options);
    }
    report.diagnostics.extend(policy::changed(options));
    configure(&mut report, options);
    sort(&mut report.diagnostics);
    report.troubles.sort();
    report.troubles.dedup();
    fingerprint::set(&mut report.diagnostics);
    for baseline in known {
        baseline.mark(&mut report.diagnostics);
    }
    report
}

/// Gives every finding of a raw report its fingerprint, in the order that counts.
pub fn identify(report: &mut Report) {
    sort(&mut report.diagnostics);
    fingerprint::set(&mut report.diagnostics);
}

/// By file bytes, start, code; what remains equal by message.
fn sort(diagnostics: &mut [Diagnostic]) {
    let start = |one: &Diagnostic| one.location.as_ref().map(|location| location.span);
    diagnostics.sort_by(|a, b| {
        let by_place = a.file.cmp(&b.file).then_with(|| start(a).cmp(&start(b)));
        by_place.then_with(|| a.code.cmp(b.code)).then_with(|| a.message.cmp(&b.message))
    });
}

/// A line of a file and a code that is allowed there.
type Allowed<'w> = (&'w [u8], u32, &'w str);

/// What became of one code of an inline waiver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Use {
    /// It covers nothing.
    #[default]
    Idle,
    /// It covers what one person may not excuse.
    Forbidden,
    /// It excuses something.
    Used,
}

/// Marks what inline waivers cover; says what became of each code of each waiver.
fn waive(diagnostics: &mut [Diagnostic], waivers: &[Waiver], options: &Options) -> Vec<Vec<Use>> {
    let mut used: Vec<Vec<Use>> = waivers.iter().map(|waiver| vec![Use::Idle; waiver.codes.len()]).collect();
    let allowed = allowed(waivers);
    if allowed.is_empty() {
        return used;
    }
    for diagnostic in diagnostics {
        let Some(location) = &diagnostic.location else { continue };
        let end = location.end_line.min(location.line.saturating_add(MOST_LINES));
        for line in location.line..=end {
            let Some(&(waiver, code)) = allowed.get(&(diagnostic.file.as_slice(), line, diagnostic.code)) else {
                continue;
            };
            if one_person_may(options, diagnostic) {
                used[waiver][code] = Use::Used;
                excuse(diagnostic, Written::Comment, &waivers[waiver].reason);
            } else if used[waiver][code] == Use::Idle {
                used[waiver][code] = Use::Forbidden;
            }
        }
    }
    used
}

/// How bad a finding is once the configuration has been heard.
fn severity(options: &Options, finding: &Diagnostic) -> Severity {
    options.severity.get(finding.code).copied().flatten().unwrap_or(finding.severity)
}

/// Whether a finding may be excused on the word of whoever writes it down. The stricter of the tree and the trusted
/// revision holds.
fn one_person_may(options: &Options, finding: &Diagnostic) -> bool {
    let own = options.signoff.allow_up_to;
    let limit = options.trusted.as_ref().map_or(own, |trusted| own.min(trusted.signoff.allow_up_to));
    Some(severity(options, finding)) <= limit
}

fn excuse(diagnostic: &mut Diagnostic, written: Written, reason: &str) {
    diagnostic.status = Status::Waived;
    diagnostic.excuse = Some(Excuse { written, reason: reason.to_owned() });
}

/// Where each code of each waiver holds: a table, as a hostile source may hold as many waivers as findings.
fn allowed(waivers: &[Waiver]) -> FxHashMap<Allowed<'_>, (usize, usize)> {
    let mut allowed = FxHashMap::default();
    for (number, waiver) in waivers.iter().enumerate().filter(|(_, waiver)| !waiver.reason.is_empty()) {
        for (at, code) in waiver.codes.iter().enumerate() {
            for line in std::iter::once(waiver.location.line).chain(waiver.covers) {
                allowed.entry((waiver.file.as_slice(), line, code.as_str())).or_insert((number, at));
            }
        }
    }
    allowed
}

/// Applies severities, allow lists and the choice of files. What is turned off is counted as exempt.
fn configure(report: &mut Report, options: &Options) {
    let references = &mut report.coverage.references;
    report.diagnostics.retain_mut(|one| {
        let strict = options.strict_waivers && one.code == "unused-waiver";
        let severity = options.severity.get(one.code).copied().filter(|_| !strict).unwrap_or(Some(one.severity));
        if let (Some(severity), true) = (severity, options.reports_on(&one.file)) {
            one.severity = severity;
            return true;
        }
        if one.subject.is_some() {
            let gone = references.reported.min(1 + one.more);
            references.reported -= gone;
            references.exempt += gone;
        }
        false
    });
    for one in &mut report.diagnostics {
        if options.strict_waivers && one.code == "unused-waiver" {
            one.severity = Severity::Error;
        }
        match options.allows(&one.file, one.code) {
            Some(allow) if one_person_may(options, one) => excuse(one, Written::Configuration, &allow.reason),
            Some(_) => {
                let help = one.help.take().map(|help| format!("{help}; ")).unwrap_or_default();
                one.help =
                    Some(format!("{help}`[[allow]]` does not excuse it: `allow-up-to` of `[signoff]` forbids it"));
            }
            None => {}
        }
    }
}

/// The code whose name is nearest to a word that is none.
#[must_use]
pub fn nearest_code(word: &str) -> Option<&'static Code> {
    code(nearest(word, crate::diagnostic::CODES.iter().map(|code| code.name))?)
}

/// The name nearest to a word; `None` where none is near.
#[must_use]
pub fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let similarity = |name: &str| strsim::jaro_winkler(word, name);
    let best = names.into_iter().max_by(|a, b| similarity(a).total_cmp(&similarity(b)))?;
    (similarity(best) > 0.75).then_some(best)
}

#[cfg(test)]
mod tests;
