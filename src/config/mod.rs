//! `preflight.toml`: what a project says of its deploy, turned into [`Options`].
//!
//! Every path in it is relative to the folder it lies in, also where a folder below that one is checked. Nothing
//! is ignored: a key that does not exist, a value of the wrong kind and a code that is none are errors that name
//! the line and the nearest right word.

mod exceptions;
mod find;
mod signoff;
mod starter;
mod stated;
mod value;

use std::fmt;

use toml_edit::Document;

pub use exceptions::exceptions;
pub use find::{find, place};
pub use starter::{Detected, starter};
use value::{Setting, Table};

use crate::diagnostic::{CODES, Certainty, Severity, code};
use crate::options::{Allow, Options, Place};
use crate::path;
use crate::project::Mount;

/// The name of the file.
pub const FILE: &str = "preflight.toml";

/// What is wrong with a configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// 1-based.
    pub line: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// How one key is read.
type Read = fn(&mut Options, &Setting<'_>, &Place) -> Result<(), Problem>;

/// Every key of the top level, sorted.
const KEYS: &[(&str, Read)] = &[
    ("allow", allow),
    ("document-root", document_root),
    ("exclude", exclude),
    ("generated", generated),
    ("include-path", include_path),
    ("mount", mount),
    ("severity", severity),
    ("signoff", signoff::signoff),
];

/// Reads a configuration whose paths start from `place.base`.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse(text: &str, place: &Place) -> Result<Options, Problem> {
    let document = Document::parse(text).map_err(|error| value::syntax(text, &error))?;
    let mut options = Options { stated: stated::stated(document.as_table()), ..Options::default() };
    let table = Table::new(text, document.as_table());
    for setting in table.settings() {
        let names = KEYS.iter().map(|(name, _)| *name);
        let Some((_, read)) = KEYS.iter().find(|(name, _)| *name == setting.key) else {
            return Err(setting.unknown("key", names));
        };
        read(&mut options, &setting, place)?;
    }
    Ok(options)
}

fn exclude(options: &mut Options, setting: &Setting<'_>, place: &Place) -> Result<(), Problem> {
    options.exclude.add(setting.globs(place)?);
    Ok(())
}

fn generated(options: &mut Options, setting: &Setting<'_>, place: &Place) -> Result<(), Problem> {
    options.generated.add(setting.globs(place)?);
    Ok(())
}

/// A root outside of the tree that is checked belongs to another part of the repository and does not count.
fn document_root(options: &mut Options, setting: &Setting<'_>, place: &Place) -> Result<(), Problem> {
    options.document_roots.extend(setting.strings()?.iter().filter_map(|path| place.inside(path.as_bytes())));
    Ok(())
}

fn include_path(options: &mut Options, setting: &Setting<'_>, place: &Place) -> Result<(), Problem> {
    options.include_path.extend(setting.strings()?.iter().filter_map(|path| place.inside(path.as_bytes())));
    Ok(())
}

fn severity(options: &mut Options, setting: &Setting<'_>, _: &Place) -> Result<(), Problem> {
    const WORDS: [&str; 4] = ["error", "note", "off", "warning"];
    for row in setting.table()?.settings() {
        if code(row.key).is_none() {
            return Err(row.unknown("code", CODES.iter().map(|code| code.name)));
        }
        let severity = match row.string()? {
            "error" => Some(Severity::Error),
            "warning" => Some(Severity::Warning),
            "note" => Some(Severity::Note),
            "off" => None,
            other => return Err(row.no_such("severity", other, WORDS)),
        };
        options.severity.insert(row.key.to_owned(), severity);
    }
    Ok(())
}

fn mount(options: &mut Options, setting: &Setting<'_>, place: &Place) -> Result<(), Problem> {
    for table in setting.tables()? {
        table.only(&["server", "tree"])?;
        let (server, tree) = (table.required("server")?, table.required("tree")?);
        let (server_path, tree_path) = (server.string()?, tree.string()?);
        if !server_path.starts_with('/') {
            return Err(server.wrong("an absolute path on the server, such as \"/var/www/html\""));
        }
        options.mounts.extend(mapped(server_path.as_bytes(), tree_path.as_bytes(), place));
    }
    Ok(())
}

/// The part of a mount that lies in the tree. Where the mounted folder lies above the tree, the tree stands that
/// much deeper on the server.
fn mapped(server: &[u8], tree: &[u8], place: &Place) -> Option<Mount> {
    let server = server.strip_suffix(b"/").unwrap_or(server);
    let certainty = Certainty::Certain;
    if let Some(tree) = place.inside(tree) {
        return Some(Mount { server: server.to_vec(), tree, certainty });
    }
    let above = place.above(tree)?;
    let deeper = place.tree.strip_prefix(above.as_slice())?;
    let deeper = deeper.strip_prefix(b"/").unwrap_or(deeper);
    path::is_below(&place.tree, &above).then(|| Mount {
        server: path::join(server, deeper),
        tree: Vec::new(),
        certainty,
    })
}

fn allow(options: &mut Options, setting: &Setting<'_>, place: &Place) -> Result<(), Problem> {
    for table in setting.tables()? {
        table.only(&["codes", "paths", "reason"])?;
        let codes = table.required("codes")?;
        for name in codes.strings()? {
            if code(name).is_none() {
                return Err(codes.no_such("code", name, CODES.iter().map(|code| code.name)));
            }
        }
        let reason = table.required("reason")?;
        if !reason.string()?.chars().any(char::is_alphanumeric) {
            return Err(reason.wrong("words that say why"));
        }
        options.allow.push(Allow {
            paths: table.required("paths")?.globs(place)?,
            codes: codes.strings()?.into_iter().map(str::to_owned).collect(),
            reason: reason.string()?.to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
