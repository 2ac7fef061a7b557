//! Who is who: two names that one person can write are one person.
//!
//! Case, dots and a `+tag` of an address reach the same mailbox at the large providers; where they do not, two
//! such people have to be told apart by other names. What is not ASCII may look like somebody else and is nobody.

/// The person behind a name; `None` where it is nobody's, or that of a program.
#[must_use]
pub(super) fn person(name: &str) -> Option<String> {
    let name = name.trim_ascii().to_ascii_lowercase();
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) || is_robot(&name) {
        return None;
    }
    let (local, domain) = name.split_once('@').unwrap_or((name.as_str(), ""));
    let local: String = local.split('+').next().unwrap_or_default().chars().filter(|&c| c != '.').collect();
    let domain = domain.trim_end_matches('.');
    (!local.is_empty()).then(|| format!("{local}@{domain}"))
}

fn is_robot(name: &str) -> bool {
    const ROBOTS: [&str; 7] =
        ["dependabot", "github-actions", "gitlab-ci", "jenkins", "noreply", "no-reply", "renovate"];
    let local = name.split('@').next().unwrap_or_default();
    let own = local.rsplit('+').next().unwrap_or_default();
    own.ends_with("[bot]") || ROBOTS.iter().any(|robot| [local, own].contains(robot))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_one() {
        let jane = person("jane.doe@example.org");
        assert!(jane.is_some());
        for same in ["Jane.Doe@Example.org", " jane.doe@example.org ", "janedoe+x@example.org", "jane.doe@example.org."]
        {
            assert_eq!(person(same), jane, "{same}");
        }
        for other in ["jane.roe@example.org", "jane.doe@example.com", "jane.doe"] {
            assert_ne!(person(other), jane, "{other}");
        }
    }

    #[test]
    fn some_names_are_nobody() {
        // The fourth begins with a Cyrillic letter.
        for nobody in [
            "",
            " ",
            "dependabot[bot]@x",
            "\u{458}ane@x",
            "49699333+dependabot[bot]@users.noreply.x",
            "a b@x",
            "+x@y",
            "Jenkins",
        ] {
            assert_eq!(person(nobody), None, "{nobody}");
        }
    }
}
