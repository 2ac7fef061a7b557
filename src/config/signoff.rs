//! `[signoff]`: who may accept what. A change cannot loosen the rules by which it is judged: what a trusted revision
//! says here holds.

use std::collections::BTreeMap;

use super::Problem;
use super::value::{Setting, Table};
use crate::diagnostic::Severity;
use crate::options::{Accept, Globs, LEVELS, Options, Place, Release, Signoff};

const KEYS: [&str; 12] = [
    "accept",
    "alias",
    "allow-up-to",
    "allowed-signers",
    "approvers",
    "author-may-not-approve",
    "max-days",
    "owners-approve",
    "release",
    "repository",
    "robots",
    "teams",
];

/// Reads the table.
pub(super) fn signoff(options: &mut Options, setting: &Setting<'_>, place: &Place) -> Result<(), Problem> {
    let table = setting.table()?;
    table.only(&KEYS)?;
    let policy = &mut options.signoff;
    for row in table.settings() {
        match row.key {
            "accept" => policy.accept = level(&row)?,
            "alias" => policy.aliases = pairs(&row, |value| Ok(value.string()?.to_owned()))?,
            "allow-up-to" => policy.allow_up_to = severity(&row)?,
            "teams" => policy.teams = pairs(&row, names)?,
            "release" => policy.release = Some(release(row.table()?, place)?),
            _ => plain(policy, &row)?,
        }
    }
    Ok(())
}

fn plain(policy: &mut Signoff, row: &Setting<'_>) -> Result<(), Problem> {
    match row.key {
        "allowed-signers" => row.string()?.clone_into(&mut policy.allowed_signers),
        "approvers" => policy.approvers = names(row)?,
        "author-may-not-approve" => policy.author_may_not_approve = row.boolean()?,
        "max-days" => policy.max_days = row.number()?,
        "owners-approve" => policy.owners_approve = row.boolean()?,
        "repository" => row.string()?.clone_into(&mut policy.repository),
        _ => policy.robots = names(row)?,
    }
    Ok(())
}

fn level(row: &Setting<'_>) -> Result<Accept, Problem> {
    let name = row.string()?;
    let known = LEVELS.iter().find(|(level, _)| *level == name).map(|(_, level)| *level);
    known.ok_or_else(|| row.no_such("level", name, LEVELS.iter().map(|(level, _)| *level)))
}

fn severity(row: &Setting<'_>) -> Result<Option<Severity>, Problem> {
    match row.string()? {
        "error" => Ok(Some(Severity::Error)),
        "warning" => Ok(Some(Severity::Warning)),
        "note" => Ok(Some(Severity::Note)),
        "nothing" => Ok(None),
        other => Err(row.no_such("severity", other, ["error", "note", "nothing", "warning"])),
    }
}

fn names(row: &Setting<'_>) -> Result<Vec<String>, Problem> {
    Ok(row.strings()?.into_iter().map(str::to_owned).collect())
}

/// A table whose keys are names.
fn pairs<T>(
    row: &Setting<'_>,
    value: impl Fn(&Setting<'_>) -> Result<T, Problem>,
) -> Result<BTreeMap<String, T>, Problem> {
    row.table()?.settings().iter().map(|row| Ok((row.key.to_owned(), value(row)?))).collect()
}

fn release(table: Table<'_>, place: &Place) -> Result<Release, Problem> {
    table.only(&["paths", "waived-errors"])?;
    Ok(Release {
        paths: table.optional("paths").map_or(Ok(Globs::default()), |paths| paths.globs(place))?,
        waived_errors: table.optional("waived-errors").map_or(Ok(true), |row| row.boolean())?,
    })
}
