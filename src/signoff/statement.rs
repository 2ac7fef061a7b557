//! The statement that two people sign before a release: which tree it is, and what is known to be wrong with it.
//!
//! JSON in one form only, so that the same statement is always the same bytes: what is not written exactly like that is
//! no statement. It names the repository, so that it counts in no other one, and holds for a week at most.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Date;

const SCHEMA: &str = "preflight-signoff/1";
/// Most days from the making of a statement to its end.
pub const MOST_DAYS: u32 = 7;

/// What people sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    schema: String,
    /// How the repository is called.
    pub repository: String,
    /// The digest of what ships.
    pub tree: String,
    /// How many entries ship.
    pub entries: usize,
    /// Places that ship and of which nothing but the name is known.
    pub unknown: Vec<String>,
    /// The program, with its version.
    pub tool: String,
    /// The digest of the configuration and of the flags that come on top of it.
    pub configuration: String,
    /// What was found.
    pub findings: Counts,
    /// What was excused.
    pub waivers: Vec<Used>,
    /// The day on which it was made.
    created: String,
    /// The first day on which it does not hold any more.
    expires: String,
}

/// How much was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Errors that count.
    pub errors: usize,
    /// Warnings that count.
    pub warnings: usize,
    /// Notes that count.
    pub notes: usize,
}

/// A finding that was excused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// Its fingerprint.
    pub finding: String,
    /// Its code.
    pub code: String,
    /// How bad it is.
    pub severity: String,
    /// Its file, as reports show it.
    pub file: String,
    /// Why, and by whom.
    pub reason: String,
}

impl Statement {
    /// A statement made today that holds for so many days.
    #[must_use]
    pub fn new(today: Date, days: u32) -> Self {
        Statement {
            schema: SCHEMA.to_owned(),
            repository: String::new(),
            tree: String::new(),
            entries: 0,
            unknown: Vec::new(),
            tool: concat!("preflight ", env!("CARGO_PKG_VERSION")).to_owned(),
            configuration: String::new(),
            findings: Counts::default(),
            waivers: Vec::new(),
            created: today.to_string(),
            expires: today.plus(days).to_string(),
        }
    }

    /// Its text, which is what is signed.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads a statement.
    ///
    /// # Errors
    /// Why the bytes are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let wrong = |what: String| format!("not a statement: {what}");
        let statement: Statement = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        if statement.schema != SCHEMA {
            return Err(wrong(format!("its schema is not `{SCHEMA}`")));
        }
        statement.days().map_err(|what| wrong(what.to_owned()))?;
        if statement.text().as_bytes() != bytes {
            return Err(wrong("it is not written as `preflight signoff create` writes it".to_owned()));
        }
        Ok(statement)
    }

    /// The day on which it was made, and the first on which it does not hold.
    ///
    /// # Errors
    /// One of them is no day.
    pub fn days(&self) -> Result<(Date, Date), &'static str> {
        Ok((self.created.parse()?, self.expires.parse()?))
    }

    /// Why it does not hold on this day.
    #[must_use]
    pub fn untimely(&self, today: Date) -> Option<String> {
        let (created, expires) = match self.days() {
            Ok(days) => days,
            Err(what) => return Some(what.to_owned()),
        };
        if created > today {
            return Some(format!("it was made in the future, on {created}"));
        }
        if expires <= created || expires > created.plus(MOST_DAYS) {
            return Some(format!("it is to hold for more than {MOST_DAYS} days"));
        }
        (today >= expires).then(|| format!("it expired on {expires}"))
    }

    /// Where what was signed is not what is there.
    #[must_use]
    pub fn differences(&self, now: &Statement) -> Vec<String> {
        let Counts { errors, warnings, notes } = now.findings;
        let mut all = Vec::new();
        let mut say = |differs: bool, what: String| all.extend(differs.then_some(what));
        say(self.repository != now.repository, format!("it was made for the repository `{}`", shown(&self.repository)));
        say(self.tool != now.tool, format!("it was made by {}, and this is {}", shown(&self.tool), now.tool));
        say(
            self.configuration != now.configuration,
            "the configuration, or a flag on top of it, is not the one that was signed".to_owned(),
        );
        let tree = self.tree != now.tree || self.entries != now.entries || self.unknown != now.unknown;
        say(tree, format!("the tree is not the one that was signed: it is {}, not {}", now.tree, shown(&self.tree)));
        say(
            self.findings != now.findings,
            format!("what is found has changed: {errors} errors, {warnings} warnings and {notes} notes count now"),
        );
        say(self.waivers != now.waivers, "what is excused has changed".to_owned());
        all
    }
}

fn shown(text: &str) -> String {
    crate::diagnostic::show(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_way_to_write_it() {
        let today: Date = "2024-06-01".parse().unwrap();
        let text = Statement::new(today, 7).text();
        assert!(Statement::parse(text.as_bytes()).is_ok());
        for other in [
            text.replace('\n', "\r\n"),
            format!("\u{feff}{text}"),
            text.trim_end().to_owned(),
            text.replace("  ", " "),
            text.replace("\"entries\": 0", "\"entries\": 0,\n  \"more\": 0"),
            text.replace("\"entries\": 0", "\"entries\": 1,\n  \"entries\": 0"),
            text.replace("2024-06-08", "9999-99-99"),
            text.replace("signoff/1", "signoff/2"),
            "{}".to_owned(),
        ] {
            assert!(Statement::parse(other.as_bytes()).is_err(), "{other}");
        }
    }

    #[test]
    fn it_holds_for_a_week() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        for (days, today, holds) in [
            (7, "2024-06-01", true),
            (7, "2024-06-07", true),
            (7, "2024-06-08", false),
            (7, "2024-05-31", false),
            (8, "2024-06-01", false),
            (0, "2024-06-01", false),
            (3_000_000, "2024-06-01", false),
        ] {
            let said = Statement::new(day("2024-06-01"), days).untimely(day(today));
            assert_eq!(said.is_none(), holds, "{days} {today}: {said:?}");
        }
    }
}
