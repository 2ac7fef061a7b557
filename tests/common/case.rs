//! A case file: one text that holds a tree and what preflight must say of it.
//!
//! ```text
//! Why this case exists.
//!
//! -- index.php --
//! <?php require __DIR__ . '/Lib/db.php';
//! -- lib/db.php --
//! -- want --
//! index.php:1:15: error[case-mismatch]: …
//! ```
//!
//! A name in quotes has escapes (`\x20`, `\xff`, `\\`, `\"`); `-- a -> b --` is a link, `-- dir/ --` an empty
//! directory; `-- a.php (untracked) --` and `-- a.php (.gitattributes:1: /a.php export-ignore) --` are there and do
//! not ship. No `want` lines: the tree must be clean.

use preflight::diagnostic::KeptOut;
use preflight::tree::Memory;

/// A parsed case file.
pub struct Case {
    /// The tree.
    pub tree: Memory,
    /// The `preflight.toml` in it.
    pub config: Option<String>,
    /// Expected lines.
    pub want: Vec<String>,
    /// The file up to and with the `want` marker, for blessing.
    pub front: Vec<u8>,
}

/// Parses a case file.
///
/// # Errors
/// What is wrong with the file.
pub fn parse(bytes: &[u8]) -> Result<Case, String> {
    let mut case = Case { tree: Memory::default(), config: None, want: Vec::new(), front: Vec::new() };
    let mut open: Option<(Vec<u8>, Vec<u8>)> = None;
    let mut wanting = false;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        if wanting {
            let text = String::from_utf8_lossy(line).trim_end().to_owned();
            case.want.extend((!text.is_empty()).then_some(text));
            continue;
        }
        case.front.extend_from_slice(line);
        match marker(line) {
            Some(name) => {
                close(&mut case, open.take());
                wanting = name == b"want";
                if !wanting {
                    open = begin(&mut case, name)?;
                }
            }
            None => {
                if let Some((_, content)) = &mut open {
                    content.extend_from_slice(line);
                }
            }
        }
    }
    close(&mut case, open);
    if wanting { Ok(case) } else { Err("no `-- want --` line".into()) }
}

fn marker(line: &[u8]) -> Option<&[u8]> {
    line.trim_ascii_end().strip_prefix(b"-- ")?.strip_suffix(b" --")
}

fn close(case: &mut Case, open: Option<(Vec<u8>, Vec<u8>)>) {
    if let Some((path, content)) = open {
        if path == b"preflight.toml" {
            case.config = Some(String::from_utf8_lossy(&content).into_owned());
        }
        case.tree.file(path, content);
    }
}

/// A file that is being read: its path and its bytes so far.
type Open = (Vec<u8>, Vec<u8>);

fn begin(case: &mut Case, name: &[u8]) -> Result<Option<Open>, String> {
    let text = String::from_utf8_lossy(name);
    if let Some((from, to)) = text.split_once(" -> ") {
        case.tree.symlink(unquote(from.as_bytes())?, unquote(to.as_bytes())?);
        return Ok(None);
    }
    if let Some((path, why)) = kept_out(&text) {
        case.tree.withhold(unquote(path.as_bytes())?, why);
        return Ok(None);
    }
    let path = unquote(name)?;
    if let Some(directory) = path.strip_suffix(b"/") {
        case.tree.directory(directory);
        return Ok(None);
    }
    Ok(Some((path, Vec::new())))
}

fn kept_out(text: &str) -> Option<(&str, KeptOut)> {
    let (path, why) = text.strip_suffix(')')?.split_once(" (")?;
    if why == "untracked" {
        return Some((path, KeptOut::Untracked));
    }
    let (place, pattern) = why.split_once(": ")?;
    let (file, line) = place.split_once(':')?;
    let (file, line, pattern): (Vec<u8>, u32, Vec<u8>) = (file.into(), line.parse().ok()?, pattern.into());
    let why = match file.ends_with(b".gitignore") {
        true => KeptOut::Ignored { folder: pattern.ends_with(b"/"), file, line, pattern },
        false => KeptOut::Rule { file, line, pattern },
    };
    Some((path, why))
}

fn unquote(name: &[u8]) -> Result<Vec<u8>, String> {
    let Some(inner) = name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")) else {
        return Ok(name.to_vec());
    };
    let mut out = Vec::new();
    let mut rest = inner.iter().copied();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'x') => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                out.push(u8::from_str_radix(&digits, 16).map_err(|_| format!("bad escape \\x{digits}"))?);
            }
            Some(byte) => out.push(byte),
            None => return Err("a name ends in a backslash".into()),
        }
    }
    Ok(out)
}

/// What preflight says of a case, one line a finding.
///
/// # Errors
/// What is wrong with its configuration.
pub fn report(case: &Case) -> Result<Vec<String>, String> {
    let config = case.config.as_deref().unwrap_or_default();
    let options = preflight::config::parse(config, &preflight::options::Place::default())
        .map_err(|problem| problem.to_string())?;
    let report = preflight::check(&case.tree, &options, b".", &preflight::progress::Progress::default());
    let report = preflight::triage::apply(report, &options, None);
    let active = report.diagnostics.iter().filter(|one| one.status == preflight::diagnostic::Status::Active);
    Ok(active.map(line).collect())
}

fn line(diagnostic: &preflight::diagnostic::Diagnostic) -> String {
    let file = preflight::diagnostic::show(&diagnostic.file);
    let place = diagnostic.location.as_ref().map(|at| format!(":{}:{}", at.line, at.column)).unwrap_or_default();
    format!("{file}{place}: {}[{}]: {}", diagnostic.severity.name(), diagnostic.code, diagnostic.message)
}
