//! Waivers that excuse nothing, said as findings: an exception nobody needs hides the next mistake.

use super::{Use, nearest_code};
use crate::diagnostic::{Diagnostic, Severity, Status, Waiver, code};

/// A finding for each code of each waiver that covered nothing, with the reason why.
pub(super) fn unused<'w>(waivers: &'w [Waiver], used: &'w [Vec<Use>]) -> impl Iterator<Item = Diagnostic> + 'w {
    waivers.iter().zip(used).flat_map(|(waiver, used)| findings(waiver, used))
}

fn findings(waiver: &Waiver, used: &[Use]) -> Vec<Diagnostic> {
    if waiver.codes.is_empty() {
        let help = "name the codes between the parentheses, as in `allow(missing-file)`".to_owned();
        return vec![finding(waiver, "this waiver names no code".to_owned(), help)];
    }
    let idle = waiver.codes.iter().zip(used).filter(|(_, used)| **used != Use::Used);
    idle.map(|(name, used)| judge(waiver, name, *used)).collect()
}

fn judge(waiver: &Waiver, name: &str, used: Use) -> Diagnostic {
    if used == Use::Forbidden {
        let message = format!("this waiver of `{name}` does not count: one person may not excuse that here");
        let help = format!("mend it, or let two people waive it in {}: `allow-up-to` of `[signoff]`", super::WAIVERS);
        return finding(waiver, message, help);
    }
    if code(name).is_none() {
        let near = nearest_code(name).map(|code| format!("write `{}`", code.name));
        let help = near.unwrap_or_else(|| "`preflight explain` lists the codes".to_owned());
        return finding(waiver, format!("this waiver names `{}`, which is no code", name.escape_debug()), help);
    }
    if waiver.reason.is_empty() {
        let help = format!("write why after the parentheses: `preflight: allow({name}) the reason`");
        return finding(waiver, format!("this waiver of `{name}` has no reason and does not count"), help);
    }
    finding(waiver, format!("this waiver of `{name}` covers nothing"), "delete it".to_owned())
}

fn finding(waiver: &Waiver, message: String, help: String) -> Diagnostic {
    Diagnostic {
        code: "unused-waiver",
        severity: Severity::Warning,
        status: Status::Active,
        excuse: None,
        message,
        help: Some(help),
        file: waiver.file.clone(),
        location: Some(waiver.location.clone()),
        subject: None,
        tried: Vec::new(),
        near_misses: Vec::new(),
        more: 0,
        fix: None,
        fingerprint: String::new(),
    }
}
