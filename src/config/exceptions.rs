//! The waiver file: findings that two people accept for a while.
//!
//! Nothing in it is ignored: a file that cannot be read whole is a trouble, never "no waivers" and never "all
//! waived". Whether an exception counts is for triage to say.

use std::collections::BTreeSet;

use toml_edit::Document;

use super::Problem;
use super::value::{self, Setting, Table};
use crate::diagnostic::{CODES, Exception, Signature, Span, code};
use crate::source::Source;

const KEYS: [&str; 9] = ["approvers", "code", "created", "expires", "file", "finding", "id", "reason", "signatures"];

/// Reads a waiver file; the signatures that it names are not read yet.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn exceptions(text: &str) -> Result<Vec<Exception>, Problem> {
    let document = Document::parse(text).map_err(|error| value::syntax(text, &error))?;
    let source = Source::new(text.as_bytes());
    let top = Table::new(text, document.as_table());
    top.only(&["waiver"])?;
    let Some(waivers) = top.optional("waiver") else { return Ok(Vec::new()) };
    let (mut ids, mut findings) = (BTreeSet::new(), BTreeSet::new());
    let mut all = Vec::new();
    for table in waivers.tables()? {
        let one = exception(&source, table)?;
        once(&mut ids, &one.id, &table.required("id")?)?;
        once(&mut findings, &one.finding, &table.required("finding")?)?;
        all.push(one);
    }
    Ok(all)
}

/// Of two waivers of one name or one finding nobody knows which was approved.
fn once(seen: &mut BTreeSet<String>, what: &str, setting: &Setting<'_>) -> Result<(), Problem> {
    if seen.insert(what.to_owned()) {
        return Ok(());
    }
    Err(setting.problem(format!("`{}` stands here a second time", what.escape_debug())))
}

fn exception(source: &Source<'_>, table: Table<'_>) -> Result<Exception, Problem> {
    table.only(&KEYS)?;
    let text = |key| Ok(table.required(key)?.string()?.to_owned());
    let signatures = table.optional("signatures").map_or(Ok(Vec::new()), |paths| paths.strings())?;
    let signature = |path: &str| Signature { path: path.to_owned(), bytes: None };
    Ok(Exception {
        id: id(&table.required("id")?)?,
        finding: finding(&table.required("finding")?)?,
        code: known(&table.required("code")?)?,
        file: text("file")?,
        reason: text("reason")?,
        created: table.required("created")?.date()?,
        expires: table.required("expires")?.date()?,
        approvers: table.required("approvers")?.strings()?.into_iter().map(str::to_owned).collect(),
        signatures: signatures.into_iter().map(signature).collect(),
        history: None,
        location: source.locate(span(source.bytes(), table.line())),
        last_line: last_line(table),
    })
}

/// Names are shown to people and typed by them.
fn id(setting: &Setting<'_>) -> Result<String, Problem> {
    let id = setting.string()?;
    let plain = !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_graphic());
    if plain { Ok(id.to_owned()) } else { Err(setting.wrong("one word of at most 64 ASCII characters")) }
}

/// One finding, never a pattern of them.
fn finding(setting: &Setting<'_>) -> Result<String, Problem> {
    let text = setting.string()?;
    let hexadecimal = |digits: &str| {
        digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    match text.strip_prefix("pf1:") {
        Some(digits) if hexadecimal(digits) => Ok(text.to_owned()),
        _ => Err(setting.wrong("a fingerprint as reports show it: `pf1:` and 20 hexadecimal digits")),
    }
}

fn known(setting: &Setting<'_>) -> Result<String, Problem> {
    let name = setting.string()?;
    if code(name).is_none() {
        return Err(setting.no_such("code", name, CODES.iter().map(|code| code.name)));
    }
    Ok(name.to_owned())
}

fn last_line(table: Table<'_>) -> u32 {
    let last = table.settings().iter().map(Setting::end_line).max().unwrap_or(table.line());
    u32::try_from(last).unwrap_or(u32::MAX)
}

/// A line without its end.
fn span(text: &[u8], line: usize) -> Span {
    let start = match line.checked_sub(2) {
        Some(ends) => memchr::memchr_iter(b'\n', text).nth(ends).map_or(text.len(), |at| at + 1),
        None => 0,
    };
    let rest = &text[start..];
    let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    Span::new(start, start + rest[..length].trim_ascii_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "[[waiver]]\nid = 'W-1'\nfinding = 'pf1:0123456789abcdef0123'\ncode = 'missing-file'\n\
        file = 'index.php'\nreason = 'made by the installer'\ncreated = 2024-05-01\nexpires = 2024-07-01\n\
        approvers = ['a@x', 'b@x']\n";

    fn problem(text: &str) -> String {
        exceptions(text).map(|_| String::new()).unwrap_or_else(|problem| problem.to_string())
    }

    #[test]
    fn an_exception_is_read_with_its_place() {
        let text = format!("# why\n\n{ONE}signatures = ['a.sig']\n");
        let all = exceptions(&text).unwrap();
        assert_eq!(
            (all[0].id.as_str(), all[0].location.line, all[0].created.to_string().as_str()),
            ("W-1", 3, "2024-05-01")
        );
        assert_eq!(all[0].last_line, 12);
        assert_eq!(all[0].signatures, [Signature { path: "a.sig".into(), bytes: None }]);
        assert_eq!(exceptions("").unwrap(), []);
        assert_eq!(exceptions(&format!("\u{feff}{}", ONE.replace('\n', "\r\n"))).unwrap()[0].approvers, ["a@x", "b@x"]);
    }

    #[test]
    fn what_is_wrong_is_never_passed_over() {
        let with = |from: &str, to: &str| problem(&ONE.replace(from, to));
        for (said, want) in [
            (problem("[[waiver"), "line 1:"),
            (problem("[waiver]\nid = 'x'"), "line 1: `waiver` must be a list of tables"),
            (problem("[[waivers]]"), "line 1: `waivers` is no key"),
            (problem(&format!("{ONE}approver = 'c'")), "line 10: `approver` is no key; the nearest is `approvers`"),
            (problem(&format!("{ONE}{ONE}")), "line 11: `W-1` stands here a second time"),
            (
                problem(&format!("{ONE}{}", ONE.replace("W-1", "W-2"))),
                "line 12: `pf1:0123456789abcdef0123` stands here",
            ),
            (problem(&format!("{ONE}id = 'W-2'")), "line 10: duplicate key"),
            (with("0123'", "012*'"), "line 3: `finding` must be a fingerprint"),
            (with("pf1:0123456789abcdef0123", "*"), "line 3: `finding` must be a fingerprint"),
            (with("missing-file", "missing-fil"), "line 4: `missing-fil` is no code"),
            (with("2024-07-01", "'never'"), "line 8: `expires` must be a day"),
            (with("2024-07-01", "2024-07-01T00:00:00Z"), "line 8: `expires` must be a day"),
            (with("expires = 2024-07-01\n", ""), "line 1: `expires` is missing here"),
            (with("W-1", "W\\u0020"), ""),
        ] {
            assert!(said.starts_with(want), "{said} / {want}");
        }
    }
}
