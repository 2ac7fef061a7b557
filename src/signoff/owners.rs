//! CODEOWNERS: who owns which file, as GitHub and GitLab read it. A forge that protects its branches enforces it; this
//! only asks whether an owner is among those who approved.
//!
//! Patterns are those of `.gitignore` without `!`, `[ ]` and `\#`, and `docs/*` is one level. The last line that
//! matches wins, also where it names nobody. GitLab's `[Sections]` each have a last line of their own. Lines that
//! cannot be read are skipped, and a file of more than 3 MB is not read at all, as on the forges.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::options::Owners;
use crate::path;

/// Most bytes that a forge reads.
const MOST: usize = 3 << 20;

/// Who owns what.
#[derive(Clone, Debug, Default)]
pub struct Codeowners {
    prefix: Vec<u8>,
    sections: Vec<Section>,
}

#[derive(Clone, Debug, Default)]
struct Section {
    name: String,
    owners: Vec<String>,
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: Gitignore,
    /// It does not match what lies below.
    one_level: bool,
    owners: Vec<String>,
}

/// What is said of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// No line matches.
    Unmatched,
    /// The line that counts names nobody.
    Unowned,
    /// By one of these: addresses, `@accounts` and `@organisation/teams`.
    Owned(Vec<String>),
}

impl Codeowners {
    /// Reads a file.
    #[must_use]
    pub fn parse(owners: &Owners) -> Self {
        let mut all = Codeowners { prefix: owners.prefix.clone(), sections: vec![Section::default()] };
        if owners.text.len() > MOST {
            return all;
        }
        let text = String::from_utf8_lossy(&owners.text);
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        // GitHub alone looks into its own folder, and has no sections.
        let gitlab = !owners.file.starts_with(b".github/")
            && (owners.file.starts_with(b".gitlab/") || lines().any(|line| header(line).is_some()));
        let mut at = 0;
        for line in lines() {
            match header(line).filter(|_| gitlab) {
                Some(section) => at = all.open(section),
                None => all.sections[at].rules.extend(rule(line, gitlab)),
            }
        }
        all
    }

    /// Sections of one name are one.
    fn open(&mut self, section: Section) -> usize {
        let known = self.sections.iter().position(|one| one.name.eq_ignore_ascii_case(&section.name));
        known.unwrap_or_else(|| {
            self.sections.push(section);
            self.sections.len() - 1
        })
    }

    /// Who owns a file of the tree.
    #[must_use]
    pub fn of(&self, file: &[u8]) -> Ownership {
        let place = path::join(&self.prefix, file);
        let found: Vec<&[String]> = self.sections.iter().filter_map(|section| section.of(&place)).collect();
        let mut owners: Vec<String> = found.iter().flat_map(|owners| owners.iter().cloned()).collect();
        owners.sort();
        owners.dedup();
        match (found.is_empty(), owners.is_empty()) {
            (true, _) => Ownership::Unmatched,
            (false, true) => Ownership::Unowned,
            (false, false) => Ownership::Owned(owners),
        }
    }
}

impl Section {
    fn of(&self, place: &[u8]) -> Option<&[String]> {
        let rule = self.rules.iter().rev().find(|rule| rule.matches(place))?;
        Some(if rule.owners.is_empty() { &self.owners } else { &rule.owners })
    }
}

impl Rule {
    fn matches(&self, place: &[u8]) -> bool {
        use std::os::unix::ffi::OsStrExt;
        let place = std::path::Path::new(std::ffi::OsStr::from_bytes(place));
        // What it is asked about must lie below the place that it starts from, which is none here.
        if place.has_root() {
            return false;
        }
        let matched = match self.one_level {
            true => self.pattern.matched(place, false),
            false => self.pattern.matched_path_or_any_parents(place, false),
        };
        matched.is_ignore()
    }
}

/// `[Section][2] @default`, or `^[Optional]`.
fn header(line: &str) -> Option<Section> {
    let inner = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (name, rest) = inner.split_once(']')?;
    let approvals = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let rest = match approvals {
        Some((count, rest)) if count.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => rest,
    };
    let spaced = rest.is_empty() || rest.starts_with([' ', '\t']);
    let named = !name.trim().is_empty() && spaced;
    named.then(|| Section { name: name.trim().to_owned(), owners: owners(rest).unwrap_or_default(), rules: Vec::new() })
}

fn rule(line: &str, gitlab: bool) -> Option<Rule> {
    let (pattern, rest) = line.split_at(pattern_end(line));
    if pattern.starts_with('!') || pattern.starts_with("\\#") || pattern.contains(['[', ']']) {
        return None;
    }
    // On GitLab a pattern is looked for at every depth, unless it begins with a slash.
    let floating = gitlab && !pattern.starts_with('/') && pattern.contains('/');
    let pattern = if floating { format!("**/{pattern}") } else { pattern.to_owned() };
    let mut builder = GitignoreBuilder::new("");
    builder.add_line(None, &pattern).ok()?;
    let one_level = pattern.ends_with("/*");
    Some(Rule { pattern: builder.build().ok()?, one_level, owners: owners(rest)? })
}

/// A blank after a backslash belongs to the pattern.
fn pattern_end(line: &str) -> usize {
    let mut escaped = false;
    let end = line.find(|c: char| {
        let ends = c.is_whitespace() && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.unwrap_or(line.len())
}

/// The owners up to a comment; `None` where one of them is none, by which the forge skips the line.
fn owners(rest: &str) -> Option<Vec<String>> {
    let words = rest.split_whitespace().take_while(|word| !word.starts_with('#'));
    words.map(|word| (word.contains('@') && word.len() > 1).then(|| word.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(file: &str, text: &str, asked: &str) -> String {
        let owners = Owners { file: file.into(), text: text.into(), prefix: b"app".to_vec() };
        match Codeowners::parse(&owners).of(asked.as_bytes()) {
            Ownership::Owned(owners) => owners.join(" "),
            other => format!("{other:?}"),
        }
    }

    /// As the manual of GitHub has it ("About code owners").
    #[test]
    fn github() {
        let text = "*  @all # everything\n/app/docs/*  docs@example.org\n*.js @js @org/web\n/app/build/ @build\n\
            logs/ @ops\n/app/free\n/app/a\\ b.php @blank\n!*.php @no\n*.[ch] @no\n\\#x @no\n*.css nobody\n**/deep @deep\n";
        for (asked, want) in [
            ("x.php", "@all"),
            ("x.c", "@all"),
            ("x.css", "@all"),
            ("docs/a.md", "docs@example.org"),
            ("docs/a/b.md", "@all"),
            ("docs/a/b.js", "@js @org/web"),
            ("build/a/b", "@build"),
            ("x/build/a", "@all"),
            ("x/logs/a", "@ops"),
            ("free", "Unowned"),
            ("a b.php", "@blank"),
            ("x/deep/y/z", "@deep"),
        ] {
            assert_eq!(of("CODEOWNERS", text, asked), want, "{asked}");
        }
        assert_eq!(of("CODEOWNERS", "/other/ @x", "a"), "Unmatched");
        assert_eq!(of("CODEOWNERS", &format!("* @x\n#{}", "x".repeat(MOST)), "a"), "Unmatched");
        assert_eq!(of(".github/CODEOWNERS", "[A] @a\n* @x\n[B]\n*.php @y", "a.php"), "@y");
    }

    /// As the manual of GitLab has it ("Code Owners", "Sections").
    #[test]
    fn gitlab() {
        let text = "* @all\n[Docs][2] @docs\ndocs/\nREADME.md @readme\n^[Code] @code\n*.php\n[docs]\n*.txt @text\n";
        for (asked, want) in [
            ("docs/a", "@all @docs"),
            ("docs/a.txt", "@all @text"),
            ("README.md", "@all @readme"),
            ("x.php", "@all @code"),
        ] {
            assert_eq!(of("CODEOWNERS", text, asked), want, "{asked}");
        }
    }
}
