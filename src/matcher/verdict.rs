//! Which code, which severity, or silence: the gate's promise as a table (design, section 5).

use super::Near;
use crate::check::{Lost, Miss};
use crate::diagnostic::{Certainty, Difference, KeptOut, Severity, Strength};
use crate::reference::{Action, Autoloaded, Namespace, Partial};
use crate::resolve::{Candidate, NotDeployed};

/// What is known of a miss beyond the miss itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances {
    /// No other file includes this one, and nothing changes its working directory: it is an entry script.
    pub entry: bool,
    /// Nothing here rises above a warning: tests, examples, packages.
    pub quiet: bool,
    /// The absence of the target is normal.
    pub exempt: bool,
    /// The directory of the target holds a file of the same extension.
    pub closed: bool,
    /// The end of the path, folder and name, is elsewhere in the tree: what is built there finds it.
    pub moved: bool,
    /// It is read on Windows only, whose disks do not mind case.
    pub of_windows: bool,
    /// The target is named by a configuration, and lies where the tree holds nothing.
    pub remote: bool,
}

/// What is said of a miss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It is reported.
    Report {
        /// A row of the table of codes.
        code: &'static str,
        /// How bad.
        severity: Severity,
        /// Which candidate it speaks of.
        candidate: usize,
        /// Certainty of that candidate's base.
        certainty: Certainty,
    },
    /// The base is open or a part unknown: silence.
    Open,
    /// Absence is normal.
    Exempt,
    /// Absence is provided for.
    Guarded,
}

/// Judges a miss; `near` holds the near misses of each candidate.
#[must_use]
pub fn judge(miss: &Miss, near: &[&[Near]], about: Circumstances) -> Judgement {
    let judgement = judge_alone(miss, near, about);
    match &miss.lost {
        Some(lost) => lost_since(miss, lost, near, about, judgement),
        None => judgement,
    }
}

/// It was satisfied in the tree that this one is compared with: certain, whatever its base.
fn lost_since(miss: &Miss, lost: &Lost, near: &[&[Near]], about: Circumstances, alone: Judgement) -> Judgement {
    let renamed = lost.fate.as_ref().is_some_and(|fate| fate.became.is_some());
    let near = near.first().and_then(|near| near.first()).is_some_and(|near| !near.hint);
    let severity = match miss.strength {
        _ if about.exempt => return alone,
        Strength::Created | Strength::Optional => return alone,
        _ if miss.guarded && !renamed => return alone,
        // It starts from the same directory as before, unless that has nothing like it.
        _ if lost.fate.is_none() && !near && !about.closed => return alone,
        _ if miss.guarded => Severity::Warning,
        Strength::Silent => Severity::Warning,
        Strength::Broken | Strength::Fatal => Severity::Error,
    };
    let certainty = miss.candidates.first().map_or(Certainty::Open, |first| first.certainty);
    match (report(miss, severity, "missing-file", 0, certainty, about), alone) {
        (Judgement::Report { severity, .. }, Judgement::Report { code, severity: have, candidate, certainty })
            if candidate == 0 || have >= severity =>
        {
            Judgement::Report { code, severity: severity.max(have), candidate, certainty }
        }
        (since, _) => since,
    }
}

fn judge_alone(miss: &Miss, near: &[&[Near]], about: Circumstances) -> Judgement {
    if let Some(there) = &miss.kept_out {
        return kept_out(miss, there, about);
    }
    let mut best: Option<(Severity, &'static str, usize, Certainty)> = None;
    for (at, (candidate, near)) in miss.candidates.iter().zip(near).enumerate() {
        let certainty = lifted(candidate, about);
        let Some((severity, code)) = near.first().and_then(|near| near_finding(certainty, near, miss, about)) else {
            continue;
        };
        if best.is_none_or(|(have, _, _, _)| severity > have) {
            best = Some((severity, code, at, certainty));
        }
    }
    let differs_in_case = |near: &&[Near]| near.first().is_some_and(|near| near.miss.difference == Difference::Case);
    let found = about.of_windows && near.iter().any(differs_in_case);
    let plain = if found { None } else { plain_severity(miss, about) };
    if let Some((severity, certainty)) = plain {
        let keep = best.filter(|(_, _, _, sure)| *sure >= certainty);
        let defined = matches!(miss.namespace, Namespace::Defined { .. });
        let code = if defined { "undefined-name" } else { "missing-file" };
        let (_, code, at, certainty) = keep.unwrap_or((severity, code, 0, certainty));
        let severity = keep.map_or(severity, |(have, ..)| have.max(severity));
        return report(miss, severity, code, at, certainty, about);
    }
    match best {
        Some((severity, code, at, certainty)) => report(miss, severity, code, at, certainty, about),
        None if miss.guarded => Judgement::Guarded,
        None if about.exempt || miss.strength <= Strength::Optional => Judgement::Exempt,
        None => Judgement::Open,
    }
}

/// It is there under the very name that was written, so that a likely base is as good as a certain one.
fn kept_out(miss: &Miss, there: &NotDeployed, about: Circumstances) -> Judgement {
    let certainty = there.certainty;
    let severity = match (miss.strength, certainty, &there.why) {
        _ if miss.guarded => return Judgement::Guarded,
        _ if about.exempt => return Judgement::Exempt,
        (Strength::Created | Strength::Optional, ..) => return Judgement::Exempt,
        // Somebody wants it out of git, so that it may come another way.
        (Strength::Fatal, _, KeptOut::Ignored { folder: false, .. }) => Severity::Warning,
        (_, _, KeptOut::Ignored { .. }) => return Judgement::Exempt,
        (Strength::Silent, ..) | (_, Certainty::Open, _) => Severity::Warning,
        _ => Severity::Error,
    };
    report(miss, severity, "not-deployed", 0, certainty, about)
}

fn report(
    miss: &Miss,
    severity: Severity,
    code: &'static str,
    at: usize,
    certainty: Certainty,
    about: Circumstances,
) -> Judgement {
    let ceiling = if about.quiet { Severity::Warning } else { Severity::Error };
    Judgement::Report { code, severity: severity.min(miss.ceiling).min(ceiling), candidate: at, certainty }
}

/// The directory of an entry script is where it runs.
fn lifted(candidate: &Candidate, about: Circumstances) -> Certainty {
    if candidate.if_entry && about.entry { candidate.certainty.max(Certainty::Likely) } else { candidate.certainty }
}

/// What a first near miss makes of it.
fn near_finding(
    certainty: Certainty,
    near: &Near,
    miss: &Miss,
    about: Circumstances,
) -> Option<(Severity, &'static str)> {
    let difference = near.miss.difference;
    if near.miss.rival || near.hint {
        return None;
    }
    let unseen = difference <= Difference::Invisible;
    let folds = difference <= Difference::UnicodeForm;
    let slip = difference != Difference::Extension || near.slip;
    // A module's name has no extension: `chat.conf` beside `chat:app` is another file, `chat.pyy` a slip.
    if !slip && matches!(miss.namespace, Namespace::Python { .. }) {
        return None;
    }
    // Since 0.146 Hugo takes the names of templates in either case, and so do compiled views of ASP.NET.
    let folding = matches!(
        miss.namespace,
        Namespace::Partial(Partial::HugoPartial | Partial::Razor) | Namespace::Action(Action::AspNet)
    );
    let either_case = (folding || about.of_windows) && difference == Difference::Case;
    let severity = match (miss.strength, certainty) {
        (Strength::Created, _) => None,
        _ if either_case => Some(Severity::Warning),
        // A path that stands there but for a slash is not one that appears later.
        _ if about.exempt && difference > Difference::Separator => None,
        _ if miss.guarded => folds.then_some(Severity::Warning),
        (Strength::Optional, Certainty::Open) => unseen.then_some(Severity::Warning),
        (Strength::Optional, _) => Some(if unseen { Severity::Error } else { Severity::Warning }),
        (_, Certainty::Certain) => Some(if slip { Severity::Error } else { Severity::Warning }),
        (_, Certainty::Likely) => {
            let strong = folds || matches!(difference, Difference::Separator | Difference::LookAlike);
            let strong = strong || difference == Difference::Extension && slip;
            Some(if strong { Severity::Error } else { Severity::Warning })
        }
        (_, Certainty::Open) => {
            let same_letters = difference == Difference::Spelling && near.slip;
            (folds || same_letters).then_some(Severity::Warning)
        }
    };
    Some((severity?, difference.code()))
}

/// What absence alone makes of it: only where every possibility was enumerated and missed.
fn plain_severity(miss: &Miss, about: Circumstances) -> Option<(Severity, Certainty)> {
    if miss.guarded || about.exempt || about.remote || miss.strength < Strength::Silent {
        return None;
    }
    if miss.candidates.is_empty() || miss.candidates.iter().any(|candidate| candidate.near_only) {
        return None;
    }
    let certainty = miss.candidates.iter().map(|candidate| candidate.certainty).min()?;
    // A package that is not in the tree may have a namespace below one of the tree's, and a build may make classes.
    let elsewhere = miss.namespace == Namespace::Class(Autoloaded::Used);
    let certainty = if elsewhere { certainty.min(Certainty::Likely) } else { certainty };
    let severity = match (certainty, miss.strength) {
        (Certainty::Certain, Strength::Silent) => Severity::Warning,
        (Certainty::Certain, _) if about.moved => Severity::Warning,
        (Certainty::Certain, _) => Severity::Error,
        (Certainty::Likely, Strength::Broken | Strength::Fatal) if about.closed => Severity::Warning,
        _ => return None,
    };
    Some((severity, certainty))
}
