//! Who is who: two names that one person can write are one person.
//!
//! White space at the ends, case, Unicode form, dots and a `+tag` of an address reach the same mailbox at the large
//! providers; where they do not, two such people have to be told apart by other names. `.mailmap` (gitmailmap(5)) and
//! the aliases of the configuration unite more. Accounts of programs are nobody, and neither is a name that looks like
//! that of somebody else (UTS 39 skeletons).

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use super::Signers;
use crate::diagnostic::{is_invisible, show};
use crate::options::{Signoff, Trusted};

/// Most names that lead from one to the next.
const HOPS: usize = 8;

/// What is known of the people who may approve.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Other names, as mailboxes, with those that count.
    aliases: BTreeMap<String, String>,
    /// Mailboxes of commits, some of them with the name beside them, and the mailboxes that count.
    mailmap: BTreeMap<(String, Option<String>), String>,
    robots: BTreeSet<String>,
    /// Who may approve; empty: whoever can.
    approvers: BTreeSet<String>,
    /// Those of whom is known by what their names look like.
    looks: BTreeMap<String, BTreeSet<String>>,
}

/// Several names, told apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Each person with the first of the names.
    pub people: BTreeMap<String, String>,
    /// Why a name is that of nobody, or of somebody who is there already.
    pub wrong: Vec<String>,
}

impl People {
    /// What a trusted revision says of people; without one, what the configuration says.
    #[must_use]
    pub fn new(trusted: Option<&Trusted>, own: &Signoff, signers: &Signers) -> Self {
        let signoff = trusted.map_or(own, |trusted| &trusted.signoff);
        let mut people = People::default();
        let mailbox = |name: &str| plain(name).map(|name| mailbox(&name)).unwrap_or_default();
        people.aliases = signoff.aliases.iter().map(|(from, to)| (mailbox(from), mailbox(to))).collect();
        people.mailmap = trusted.map(|trusted| mailmap(&trusted.mailmap)).unwrap_or_default();
        people.robots = signoff.robots.iter().map(|name| mailbox(name)).collect();
        people.approvers = signoff.approvers.iter().filter_map(|name| people.person(name).ok()).collect();
        for name in signers.names().chain(signoff.approvers.iter().map(String::as_str)) {
            if let Ok(person) = people.person(name) {
                people.looks.entry(look(&person)).or_default().insert(person);
            }
        }
        people
    }

    /// The person behind a name, which may be `Name <address>`.
    ///
    /// # Errors
    /// Why it is nobody's.
    pub fn person(&self, name: &str) -> Result<String, &'static str> {
        let (called, address) = parted(name);
        let mut one = mailbox(&plain(address)?);
        let mut called = called.map(str::to_lowercase);
        let mut hops = 0..HOPS;
        loop {
            if is_robot(&one) || self.robots.contains(&one) {
                return Err("is a robot");
            }
            let mapped = called.take().and_then(|called| self.mailmap.get(&(one.clone(), Some(called))));
            let mapped = mapped.or_else(|| self.mailmap.get(&(one.clone(), None)));
            match self.aliases.get(&one).or(mapped) {
                Some(next) if *next != one => one.clone_from(next),
                _ => break,
            }
            hops.next().ok_or("has aliases that lead round")?;
        }
        if one.len() < 2 || one.starts_with('@') && one[1..].contains(['@', '.']) {
            return Err("is no name");
        }
        if !one.is_ascii() && look(&one).is_ascii() {
            return Err("looks like the name of somebody else");
        }
        if !self.approvers.is_empty() && !self.approvers.contains(&one) {
            return Err("is not among the `approvers` of `[signoff]`");
        }
        Ok(one)
    }

    /// Tells names apart.
    pub fn told<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Told {
        let mut told = Told::default();
        let mut looks: BTreeMap<String, BTreeSet<String>> = self.looks.clone();
        for name in names {
            let shown = show(name.as_bytes());
            match self.person(name) {
                Err(why) => told.wrong.push(format!("`{shown}` {why}")),
                Ok(person) => {
                    looks.entry(look(&person)).or_default().insert(person.clone());
                    match told.people.get(&person) {
                        Some(first) => told.wrong.push(format!("`{shown}` is `{}` again", show(first.as_bytes()))),
                        None => drop(told.people.insert(person, name.to_owned())),
                    }
                }
            }
        }
        // Nobody knows who of those that look alike was meant.
        let Told { people, wrong } = &mut told;
        people.retain(|person, name| {
            let alone = looks.get(&look(person)).is_none_or(|all| all.len() < 2);
            if !alone {
                wrong.push(format!("`{}` looks like the name of somebody else", show(name.as_bytes())));
            }
            alone
        });
        told
    }
}

/// `Name <address>` in its parts.
fn parted(name: &str) -> (Option<&str>, &str) {
    let inner = name.trim().strip_suffix('>').and_then(|name| name.rsplit_once('<'));
    match inner {
        Some((called, address)) => (Some(called.trim()).filter(|called| !called.is_empty()), address),
        None => (None, name),
    }
}

/// A name in the form in which names are compared.
fn plain(name: &str) -> Result<String, &'static str> {
    let name: String = name.trim().nfc().collect::<String>().to_lowercase();
    // Lower case may take a name out of its form.
    let name: String = name.nfc().collect();
    if name.is_empty() {
        return Err("is no name");
    }
    if name.chars().any(|c| c.is_whitespace() || c.is_control() || is_invisible(c)) {
        return Err("holds what cannot be seen");
    }
    Ok(name)
}

/// An address without what its mailbox does not depend on. A name that begins with `@` is that of an account.
fn mailbox(name: &str) -> String {
    if name.starts_with('@') {
        return name.to_owned();
    }
    let (local, domain) = name.split_once('@').unwrap_or((name, ""));
    // `ID+NAME@users.noreply.…` is how forges write an account; its number says no less than its name.
    let own = if domain.starts_with("users.noreply.") { local.rsplit('+').next() } else { local.split('+').next() };
    let local: String = own.unwrap_or_default().chars().filter(|&c| c != '.').collect();
    if local.is_empty() { String::new() } else { format!("{local}@{}", domain.trim_end_matches('.')) }
}

fn look(person: &str) -> String {
    unicode_security::skeleton(person).collect()
}

fn is_robot(mailbox: &str) -> bool {
    const ROBOTS: [&str; 9] =
        ["dependabot", "github", "github-actions", "gitlab-ci", "jenkins", "noreply", "no-reply", "renovate", "root"];
    let local = mailbox.trim_start_matches('@').split('@').next().unwrap_or_default();
    local.ends_with("[bot]") || ROBOTS.contains(&local)
}

/// Which addresses of commits are whose. A line that gives a proper name alone unites nobody.
fn mailmap(text: &[u8]) -> BTreeMap<(String, Option<String>), String> {
    let address = |bytes: &[u8]| plain(&String::from_utf8_lossy(bytes)).map(|address| mailbox(&address)).ok();
    let entry = |entry: gix_mailmap::Entry<'_>| {
        let called = entry.old_name().map(|name| String::from_utf8_lossy(name).to_lowercase());
        Some(((address(entry.old_email())?, called), address(entry.new_email()?)?))
    };
    gix_mailmap::parse_ignore_errors(text).filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> People {
        let signoff = Signoff {
            aliases: [("@jane".to_owned(), "jane.doe@example.org".to_owned())].into(),
            robots: vec!["deploy@example.org".into()],
            ..Signoff::default()
        };
        let mailmap = b"# people\nJane Doe <jane.doe@example.org> <jane@home.example>\n\
            <jane.doe@example.org> Jane <shared@example.org>\nRoe <roe@example.org>\nno line\n";
        let trusted = Trusted { signoff, mailmap: mailmap.to_vec(), ..Trusted::default() };
        People::new(Some(&trusted), &Signoff::default(), &Signers::default())
    }

    #[test]
    fn one_person_is_one() {
        let people = people();
        let jane = people.person("jane.doe@example.org");
        assert_eq!(jane.as_deref(), Ok("janedoe@example.org"));
        for same in [
            "Jane.Doe@Example.org",
            "\u{2003}jane.doe@example.org ",
            "janedoe+x@example.org",
            "jane.doe@example.org.",
            "Jane <jane.doe@example.org>",
            "JANE+2@home.example",
            "@Jane",
            "jane <shared@example.org>",
        ] {
            assert_eq!(people.person(same), jane, "{same}");
        }
        for other in ["jane.roe@example.org", "jane.doe@example.com", "jane.doe", "shared@example.org", "@joe"] {
            assert!(people.person(other).is_ok_and(|other| Ok(other) != jane), "{other}");
        }
        assert_eq!(people.person("e\u{301}@x"), people.person("\u{c9}@x"));
    }

    #[test]
    fn some_names_are_nobody() {
        // The last but two begins with a Cyrillic letter.
        for nobody in [
            "",
            " ",
            "dependabot[bot]@x",
            "49699333+dependabot[bot]@users.noreply.x",
            "a b@x",
            "a\u{200b}@x",
            "+x@y.",
            "@",
            "Jenkins",
            "deploy+1@example.org",
            "\u{458}ane@x",
            "GitHub <noreply@github.com>",
        ] {
            let said = people().person(nobody);
            assert!(said.is_err(), "{nobody}: {said:?}");
        }
    }

    #[test]
    fn who_looks_like_another_is_neither() {
        let told = |names: &[&str]| people().told(names.iter().copied()).people.len();
        assert_eq!(told(&["jane@x", "bob@x"]), 2);
        assert_eq!(told(&["jane@x", "j\u{430}ne@x"]), 1);
        assert_eq!(told(&["jame@x", "jarne@x"]), 0);
        assert_eq!(told(&["\u{44e}\u{440}\u{438}\u{439}@x", "bob@x"]), 2);
    }
}
