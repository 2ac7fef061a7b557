//! Who approved a commit, as the forge tells: a JSON file that a job writes which the change under test cannot touch.
//!
//! ```json
//! {"repository": "example/shop", "commit": "6f1d…",
//!  "reviews": [{"reviewer": "@jane", "state": "approved", "commit": "6f1d…"}]}
//! ```
//!
//! An approval counts for the very commit that it was given to, while it is the last word of its reviewer: a review
//! that was dismissed has another state.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diagnostic::show;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    repository: String,
    commit: String,
    reviews: Vec<Review>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    reviewer: String,
    state: String,
    commit: String,
}

/// The reviewers who approve a commit, in the order of their names.
///
/// # Errors
/// The text is no such file, or tells of another repository or commit.
pub fn reviewers(text: &[u8], repository: &str, commit: &str) -> Result<Vec<String>, String> {
    let file: File = serde_json::from_slice(text).map_err(|error| format!("not a file of reviews: {error}"))?;
    if file.repository != repository {
        return Err(format!("it is of the repository `{}`", show(file.repository.as_bytes())));
    }
    if file.commit != commit {
        return Err(format!("it is of the commit `{}`, not of `{commit}`", show(file.commit.as_bytes())));
    }
    let mut last: BTreeMap<String, bool> = BTreeMap::new();
    for Review { reviewer, state, commit: of } in file.reviews {
        // A comment takes nothing back.
        if !state.eq_ignore_ascii_case("commented") {
            last.insert(reviewer, state.eq_ignore_ascii_case("approved") && of == commit);
        }
    }
    Ok(last.into_iter().filter(|(_, approves)| *approves).map(|(reviewer, _)| reviewer).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_on_this_commit_counts() {
        let review = |who: &str, state: &str, commit: &str| {
            format!(r#"{{"reviewer": "{who}", "state": "{state}", "commit": "{commit}"}}"#)
        };
        let file = |repository: &str, commit: &str, reviews: &[String]| {
            format!(r#"{{"repository": "{repository}", "commit": "{commit}", "reviews": [{}]}}"#, reviews.join(","))
        };
        let all = [
            review("@jane", "APPROVED", "c1"),
            review("@jane", "COMMENTED", "c1"),
            review("@bob", "approved", "c0"),
            review("@eve", "approved", "c1"),
            review("@eve", "dismissed", "c1"),
            review("@ann", "changes_requested", "c1"),
            review("@ann", "approved", "c1"),
        ];
        let said = |text: &str| reviewers(text.as_bytes(), "shop", "c1");
        assert_eq!(said(&file("shop", "c1", &all)), Ok(vec!["@ann".into(), "@jane".into()]));
        for wrong in [file("other", "c1", &all), file("shop", "c2", &all), "[]".into(), "{}".into()] {
            assert!(said(&wrong).is_err(), "{wrong}");
        }
    }
}
