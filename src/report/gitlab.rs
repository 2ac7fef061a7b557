//! GitLab Code Quality: a JSON array with one object a finding, which a merge request shows beside the changed lines.
//!
//! GitLab tells new findings from old ones by the fingerprint, and opens `path` in the repository. It knows no
//! suppressed findings: what is waived or in the baseline is left out. A trouble is an issue of its own, as an empty
//! array would look clean. (GitLab, "Code Quality", "Code Quality report format".)

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::json::{self as object, Each};
use super::{Format, View, escape};
use crate::diagnostic::{Diagnostic, Severity, Status, Trouble};

pub(super) const FORMAT: Format =
    Format { name: "gitlab", about: "For GitLab: a Code Quality report", machine: true, write };

fn write(out: &mut dyn Write, view: &View<'_>) -> io::Result<()> {
    let active = || view.report.diagnostics.iter().filter(|one| one.status == Status::Active);
    let troubles = || view.report.troubles.iter().map(|trouble| unread(view, trouble));
    object::line(out, &Each(|| troubles().chain(active().map(|finding| issue(view, finding)))))
}

fn issue(view: &View<'_>, one: &Diagnostic) -> Value {
    let mut description = escape::line(&one.message).into_owned();
    if let Some(help) = &one.help {
        description += &format!("; {}", escape::line(help));
    }
    if one.more > 0 {
        description += &format!(" (and {} more)", one.more);
    }
    let (line, end_line) = one.location.as_ref().map_or((1, 1), |location| (location.line, location.end_line));
    json!({
        "type": "issue",
        "check_name": one.code,
        "description": description,
        "categories": ["Bug Risk"],
        "severity": severity(one.severity),
        "fingerprint": fingerprint(view, one),
        "location": {"path": path(&view.seen(&one.file)), "lines": {"begin": line, "end": end_line}},
    })
}

/// GitLab puts the reports of all jobs together, and two trees of a checkout may have a finding in common.
fn fingerprint(view: &View<'_>, one: &Diagnostic) -> String {
    match view.place {
        b"" => one.fingerprint.clone(),
        place => format!("{}:{}", one.fingerprint, path(place)),
    }
}

/// What fails a gate is `critical`; `blocker` is kept for what could not be checked at all.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}

fn unread(view: &View<'_>, trouble: &Trouble) -> Value {
    let hash = Sha256::new().chain_update(&trouble.path).chain_update([0]).chain_update(&trouble.what).finalize();
    // A path that was typed need not be one of the checkout.
    let place = match (trouble.path.first(), view.place) {
        (Some(b'/') | None, b"") => Cow::Borrowed(&b"."[..]),
        (Some(b'/') | None, tree) => Cow::Borrowed(tree),
        _ => view.seen(&trouble.path),
    };
    json!({
        "type": "issue",
        "check_name": "trouble",
        "description": format!("not checked: {}", escape::line(&trouble.what)),
        "categories": ["Bug Risk"],
        "severity": "blocker",
        "fingerprint": format!("{hash:x}"),
        "location": {"path": path(&place), "lines": {"begin": 1, "end": 1}},
    })
}

/// The path itself, as GitLab must find the file; JSON's escapes keep it from doing harm on the way.
fn path(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}
