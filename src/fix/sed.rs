//! Edits as substitutions for sed, for the emitters that have no patch at hand.
//!
//! Each pattern is a literal text with what stands around it, so that a longer name cannot be hit; `s/phpp/php/g`
//! over a file is what this is not. Every set of rules is tried on the real bytes first: it must make exactly the
//! intended change, and a second run none. Where no rule does, the caller refuses.

use super::Change;

/// Longest line that is replaced whole, in bytes.
const LONGEST: usize = 2000;
/// Most bytes that are taken from each side of an edit.
const AROUND: usize = 80;

/// One substitution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The text that is found.
    pub find: Vec<u8>,
    /// What takes its place.
    pub put: Vec<u8>,
    /// `find` is a whole line.
    pub whole_line: bool,
}

impl Rule {
    /// The command for sed, in the words of basic regular expressions.
    #[must_use]
    pub fn command(&self) -> Vec<u8> {
        let find = escaped(&self.find, b"\\/.*[]^$");
        let put = escaped(&self.put, b"\\/&");
        if self.whole_line {
            [b"s/^", find.as_slice(), b"$/", &put, b"/"].concat()
        } else {
            [b"s/", find.as_slice(), b"/", &put, b"/g"].concat()
        }
    }

    fn run(&self, line: &[u8]) -> Vec<u8> {
        if self.whole_line {
            return if line == self.find { self.put.clone() } else { line.to_vec() };
        }
        let mut out = Vec::with_capacity(line.len());
        let mut rest = line;
        while let Some(at) = memchr::memmem::find(rest, &self.find) {
            out.extend_from_slice(&rest[..at]);
            out.extend_from_slice(&self.put);
            rest = &rest[at + self.find.len()..];
        }
        out.extend_from_slice(rest);
        out
    }
}

/// The substitutions that make a change; `None` where they cannot say it exactly.
#[must_use]
pub fn rules(change: &Change) -> Option<Vec<Rule>> {
    let breaks = |text: &[u8]| text.iter().any(|byte| matches!(byte, b'\n' | 0));
    let spans = |edit: &crate::diagnostic::Edit| breaks(&edit.new) || breaks(edit.span.of(&change.old));
    if change.edits.iter().any(spans) {
        return None;
    }
    [literals(change), whole_lines(change)].into_iter().flatten().find(|rules| does(rules, change))
}

/// Whether the rules make exactly this change, and nothing more when they are run again.
fn does(rules: &[Rule], change: &Change) -> bool {
    let run = |text: &[u8]| -> Vec<u8> {
        // What follows the last newline is no line, where it is empty.
        let line = |whole: &[u8]| {
            let line = whole.strip_suffix(b"\n").unwrap_or(whole);
            let end = &whole[line.len()..];
            [rules.iter().fold(line.to_vec(), |line, rule| rule.run(&line)).as_slice(), end].concat()
        };
        text.split_inclusive(|&byte| byte == b'\n').flat_map(line).collect()
    };
    run(&change.old) == change.new && run(&change.new) == change.new
}

/// Each edit with its surroundings up to the delimiters around it.
fn literals(change: &Change) -> Option<Vec<Rule>> {
    let mut rules = Vec::new();
    for edit in &change.edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let (before, after) = (change.old.get(..start)?, change.old.get(end..)?);
        let delimits = |byte: &u8| b"'\"`()<>=;, \t".contains(byte);
        let front = reach(before.iter().rev(), delimits);
        let back = reach(after.iter(), delimits);
        let (front, back) = (&before[before.len() - front..], &after[..back]);
        let find = [front, edit.span.of(&change.old), back].concat();
        let rule = Rule { find, put: [front, &edit.new, back].concat(), whole_line: false };
        if !rules.contains(&rule) && !rule.find.is_empty() {
            rules.push(rule);
        }
    }
    Some(rules)
}

/// Bytes up to and with the first delimiter; none of the next line.
fn reach<'b>(bytes: impl Iterator<Item = &'b u8>, delimits: impl Fn(&u8) -> bool) -> usize {
    let mut length = 0;
    for byte in bytes.take(AROUND).take_while(|byte| **byte != b'\n' && **byte != b'\r') {
        length += 1;
        if delimits(byte) {
            break;
        }
    }
    length
}

fn whole_lines(change: &Change) -> Option<Vec<Rule>> {
    let (old, new): (Vec<&[u8]>, Vec<&[u8]>) =
        (change.old.split(|&byte| byte == b'\n').collect(), change.new.split(|&byte| byte == b'\n').collect());
    let mut rules = Vec::new();
    for (old, new) in old.into_iter().zip(new).filter(|(old, new)| old != new) {
        let rule = Rule { find: old.to_vec(), put: new.to_vec(), whole_line: true };
        if old.len() > LONGEST {
            return None;
        }
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    Some(rules)
}

fn escaped(text: &[u8], special: &[u8]) -> Vec<u8> {
    let escape = |&byte: &u8| if special.contains(&byte) { vec![b'\\', byte] } else { vec![byte] };
    text.iter().flat_map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Edit, Span};

    fn commands(old: &str, edits: &[(usize, usize, &str)]) -> Option<Vec<String>> {
        let edit = |&(start, end, new): &(usize, usize, &str)| Edit {
            file: b"f".to_vec(),
            span: Span::new(start, end),
            new: new.into(),
        };
        let edits: Vec<Edit> = edits.iter().map(edit).collect();
        let mut new = old.as_bytes().to_vec();
        for edit in edits.iter().rev() {
            new.splice(edit.span.start as usize..edit.span.end as usize, edit.new.clone());
        }
        let change = Change { path: b"f".to_vec(), old: old.into(), new, edits, why: Vec::new() };
        let rules = rules(&change)?;
        Some(rules.iter().map(|rule| String::from_utf8(rule.command()).unwrap()).collect())
    }

    #[test]
    fn a_rule_is_no_wider_than_the_change() {
        for (old, edits, want) in [
            ("require '/x.phpp'; // x.phpps", &[(14, 15, "")][..], "s/'\\/x\\.phpp'/'\\/x.php'/g"),
            // The same literal stands where it is right: only the whole line tells.
            ("a 'x.phpp'\nb 'x.phpp'\n", &[(8, 9, "")], "s/^a 'x\\.phpp'$/a 'x.php'/"),
            ("'a&b.pn'", &[(7, 7, "g")], "s/'a&b\\.pn'/'a\\&b.png'/g"),
        ] {
            assert_eq!(commands(old, edits), Some(vec![want.to_owned()]), "{old}");
        }
    }

    #[test]
    fn what_a_second_run_would_change_is_refused() {
        assert_eq!(commands("x\ny\n", &[(0, 1, "y"), (2, 3, "x")]), None);
        assert_eq!(commands("ab", &[(1, 1, "\n")]), None);
    }
}
