//! An Ansible playbook with the root of the tree as a variable (ansible-core 2.10 and later).
//!
//! No shell is involved, and a second run does nothing: `mv` runs only where there is something to move and room for
//! it, `replace` only where its text is found. Names and texts carry `!unsafe`, so that a `{{` in them is no template;
//! in `creates` and `removes`, which are patterns, their special characters stand in brackets. Knowingly not said:
//! names and texts that are not UTF-8, which no YAML string can hold, and names with `$WORD` in them, in whose place
//! modules put a variable of the server's environment. (Ansible, "ansible.builtin.command", "ansible.builtin.replace",
//! "Advanced playbook syntax"; `os.path.expandvars` and `glob` of Python.)

use std::fmt::Write;

use super::{Change, Emitted, Emitter, Plan, Rename, Why, sed};

/// The emitter.
pub const EMITTER: Emitter =
    Emitter { name: "ansible", about: "an Ansible playbook whose variable is the root of the tree", write };

/// Why a name or text cannot be said.
const NO_TEXT: &str = "a YAML string holds UTF-8 only";
/// Why a name cannot be said.
const EXPANDED: &str = "Ansible would put a variable of the environment in the place of `$` and the word after it";

fn write(plan: &Plan) -> Emitted {
    let mut out = Emitted::default();
    out.line("# Mends a tree: ansible-playbook -e preflight_root=/var/www/html fix.yml. Run again it changes nothing.");
    out.line("- name: \"Mend what preflight found\"");
    out.line("  hosts: all");
    out.line("  gather_facts: false");
    out.line("  tasks:");
    let empty = out.text.len();
    let mut number = 0;
    for change in &plan.changes {
        changed(change, &mut number, &mut out);
    }
    for rename in &plan.renames {
        renamed(rename, &mut number, &mut out);
    }
    if out.text.len() == empty {
        out.text.pop();
        out.line(" []");
    }
    out
}

fn changed(change: &Change, number: &mut usize, out: &mut Emitted) {
    let Some(rules) = sed::rules(change) else {
        return out.refuse(&change.path, "no substitution makes exactly this change");
    };
    let file = match name(&change.path) {
        Ok(file) => file,
        Err(why) => return out.refuse(&change.path, why),
    };
    let said: Option<Vec<(String, String)>> = rules.iter().map(said).collect();
    let Some(said) = said else { return out.refuse(&change.path, NO_TEXT) };
    comment(&change.why, out);
    for (find, put) in said {
        task(number, &change.why, out);
        out.line("      vars:");
        out.line(format!("        preflight_file: {}", literal(file)));
        out.line("      ansible.builtin.replace:");
        out.line("        path: \"{{ preflight_root }}/{{ preflight_file }}\"");
        out.line(format!("        regexp: {}", literal(&find)));
        out.line(format!("        replace: {}", literal(&put)));
        // A file that is not there (257) has been renamed by an earlier run.
        out.line("      register: preflight_edit");
        out.line("      failed_when: preflight_edit is failed and preflight_edit.rc | default(0) != 257");
    }
}

/// A rule in the words of Python's regular expressions: what is found, and what takes its place.
fn said(rule: &sed::Rule) -> Option<(String, String)> {
    let (find, put) = (std::str::from_utf8(&rule.find).ok()?, std::str::from_utf8(&rule.put).ok()?);
    let mut pattern = String::with_capacity(find.len() + 8);
    for c in find.chars() {
        if c.is_ascii_punctuation() || c.is_ascii_whitespace() {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    if rule.whole_line {
        // What follows the last newline is no line, though `^$` matches there.
        let end = if find.is_empty() { "(?=\n)" } else { "$" };
        pattern = format!("^{pattern}{end}");
    }
    Some((pattern, put.replace('\\', "\\\\")))
}

fn renamed(rename: &Rename, number: &mut usize, out: &mut Emitted) {
    let (from, to) = match (name(&rename.from), name(&rename.to)) {
        (Ok(from), Ok(to)) => (format!("./{from}"), format!("./{to}")),
        (Err(why), _) | (_, Err(why)) => return out.refuse(&rename.from, why),
    };
    comment(&rename.why, out);
    task(number, &rename.why, out);
    out.line("      ansible.builtin.command:");
    out.line("        chdir: \"{{ preflight_root }}\"");
    out.line(format!("        argv: [mv, -nT, --, {}, {}]", literal(&from), literal(&to)));
    out.line(format!("        removes: {}", literal(&pattern(&from))));
    out.line(format!("        creates: {}", literal(&pattern(&to))));
}

/// A title that never holds a name.
fn task(number: &mut usize, why: &[Why], out: &mut Emitted) {
    *number += 1;
    let fingerprint = why.first().map_or("", |why| why.fingerprint.trim_start_matches("pf1:"));
    let title = format!("preflight-{number}-{fingerprint}");
    out.line(format!("    - name: \"{}\"", title.trim_end_matches('-')));
}

/// YAML forbids a few characters even in comments.
fn comment(why: &[Why], out: &mut Emitted) {
    for one in why {
        let what: String =
            one.what.chars().map(|c| if matches!(c, '\u{FFFE}' | '\u{FFFF}') { '?' } else { c }).collect();
        out.line(format!("    # {what}"));
    }
}

/// A path that Ansible hands on as it is, or why there is none.
fn name(path: &[u8]) -> Result<&str, &'static str> {
    let text = std::str::from_utf8(path).map_err(|_| NO_TEXT)?;
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '{';
    let expanded = text.split('$').skip(1).any(|rest| rest.starts_with(word));
    if expanded { Err(EXPANDED) } else { Ok(text) }
}

/// A pattern that only this path matches.
fn pattern(path: &str) -> String {
    path.chars().fold(String::with_capacity(path.len() + 8), |mut out, c| {
        if matches!(c, '*' | '?' | '[') {
            out.extend(['[', c, ']'])
        } else {
            out.push(c)
        }
        out
    })
}

/// A text that is no template.
fn literal(text: &str) -> String {
    ["!unsafe ", &string(text)].concat()
}

/// A string in double quotes, in ASCII.
fn string(text: &str) -> String {
    let (front, back) = (text.len() - text.trim_start().len(), text.trim_end().len());
    let mut out = String::with_capacity(text.len() + 16);
    out.push('"');
    for (at, c) in text.char_indices() {
        match c {
            '\\' | '"' => out.extend(['\\', c]),
            ' ' if (front..back).contains(&at) => out.push(' '),
            '!'..='~' => out.push(c),
            _ => {
                let _ = match u32::from(c) {
                    code @ ..0x100 => write!(out, "\\x{code:02X}"),
                    code @ 0x100..0x1_0000 => write!(out, "\\u{code:04X}"),
                    code => write!(out, "\\U{code:08X}"),
                };
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_ascii_and_whole() {
        for (text, want) in [
            ("it's {{ x }}", "\"it's {{ x }}\""),
            (" a\\\"b ", "\"\\x20a\\\\\\\"b\\x20\""),
            ("é\u{200b}👩\n", "\"\\xE9\\u200B\\U0001F469\\x0A\""),
        ] {
            assert_eq!(string(text), want);
        }
    }

    #[test]
    fn patterns_match_one_name() {
        assert_eq!(pattern("./a*b?[c]\\"), "./a[*]b[?][[]c]\\");
    }

    #[test]
    fn what_the_environment_could_change_is_refused() {
        for (path, why) in [(&b"$id.tsx"[..], EXPANDED), (b"a${b", EXPANDED), (b"\xff", NO_TEXT)] {
            assert_eq!(name(path), Err(why));
        }
        assert_eq!((name(b"a$"), name(b"$(id)")), (Ok("a$"), Ok("$(id)")));
    }
}
