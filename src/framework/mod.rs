//! What frameworks give names and calls, as rows: no framework has code in a language.
//!
//! Languages lower a call without a path argument, or a well-known constant, to
//! [`crate::expr::PathExpr::Constant`] under the name used here (`get_template_directory()`, `ABSPATH`); the rows
//! say what directory that is for the file that holds it. Calls that take a path are rows of [`Call`].

mod cakephp;
mod call;
mod codeigniter;
pub mod django;
mod flask;
mod husky;
mod laravel;
mod magento;
mod mediawiki;
mod rails;
mod server;
pub mod spring;
mod starlette;
mod symfony;
mod themes;
mod units;
mod wordpress;
mod yii;

pub(crate) use call::call;
pub use call::{Call, Role};
pub use flask::{BRINGS_TEMPLATES, CALLS as FLASK, JINJA, OF_BLUEPRINT, OWN_LOADER, python_name, static_endpoint};
pub use mediawiki::packs;
pub use server::{WEB_SERVERS, WebServer, brought};
pub use starlette::CALLS as STARLETTE;
pub use themes::Themes;
pub use units::{STOCK_UNITS, is_stock_unit};
pub use wordpress::THEMES;

use crate::diagnostic::Certainty;
use crate::expr::Value;
use crate::index::{EntryKind, Index};
use crate::path;

/// A named place of a framework.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// The directory that holds this file (a path suffix such as `wp-includes/version.php` names its front).
    Holds(&'static str),
    /// The nearest directory at or above the file that holds an entry of this name.
    NearestWith(&'static str),
    /// The theme of WordPress that holds the file.
    Theme,
    /// The theme that this one is a child of; where it is none, itself.
    ParentTheme,
    /// Text that does not depend on the tree.
    Text(&'static str),
}

/// A name with a value.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The constant's name, or a call's name with `()`.
    pub name: &'static str,
    /// Where it leads.
    pub place: Place,
    /// Put after the place (`/`, `/wp-content`).
    pub suffix: &'static str,
}

/// A function that makes a path of its arguments, counted from 0.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// In lower case.
    pub name: &'static str,
    /// What it gives.
    pub gives: Gives,
}

/// The path that a function gives.
#[derive(Clone, Copy, Debug)]
pub enum Gives {
    /// The argument itself.
    Argument(usize),
    /// The argument with one slash at its end.
    WithSlash(usize),
    /// The argument without slashes at its end.
    WithoutSlash(usize),
    /// The directory of the argument, with a slash at its end.
    DirectoryOf(usize),
    /// The argument below a named place.
    Below(&'static str, usize),
    /// The argument below the first of two named places that has it.
    BelowEither([&'static str; 2], usize),
    /// The named place that a word stands for.
    Keyed(usize, &'static [(&'static str, &'static str)]),
    /// One argument in the directory of the other.
    Beside {
        /// The path.
        path: usize,
        /// The file beside which it is.
        file: usize,
    },
}

/// A framework: rows of what its names mean.
#[derive(Debug)]
pub struct Framework {
    /// Lower-case name.
    pub name: &'static str,
    /// The language its rows are for.
    pub language: &'static str,
    /// Directories whose entries people and programs put there after the deploy (path fragments).
    pub filled: &'static [&'static str],
    /// Names with a value, sorted.
    pub named: &'static [Named],
    /// Functions that make paths, sorted.
    pub functions: &'static [Function],
    /// Functions that ask whether an optional part is there, sorted.
    pub asks: &'static [&'static str],
    /// Functions that take a path, sorted.
    pub calls: &'static [Call],
}

/// A framework without rows: each begins with it.
const NONE: Framework =
    Framework { name: "", language: "", filled: &[], named: &[], functions: &[], asks: &[], calls: &[] };

/// Every framework, sorted by name.
pub const FRAMEWORKS: &[Framework] = &[
    cakephp::FRAMEWORK,
    codeigniter::FRAMEWORK,
    husky::FRAMEWORK,
    laravel::FRAMEWORK,
    magento::FRAMEWORK,
    rails::FRAMEWORK,
    symfony::FRAMEWORK,
    wordpress::FRAMEWORK,
    yii::FRAMEWORK,
];

/// Whether a path lies in what people and programs put into a framework's directories: the entry below such a
/// directory is not in the tree.
#[must_use]
pub fn is_filled_later(index: &Index, target: &[u8]) -> bool {
    let fragments = FRAMEWORKS.iter().flat_map(|framework| framework.filled);
    fragments.into_iter().any(|fragment| {
        path::ancestors(target).any(|entry| {
            let below = path::parent(entry);
            let inside = path::ends_in(below, fragment.as_bytes());
            inside && index.id(entry).is_none()
        })
    })
}

/// The values of a name for a file; empty where no framework knows it or the tree does not hold its place.
#[must_use]
pub fn value((index, themes): (&Index, &Themes), language: &'static str, file: &[u8], name: &[u8]) -> Vec<Value> {
    FRAMEWORKS
        .iter()
        .filter(|framework| framework.language == language)
        .filter_map(|framework| framework.named.iter().find(|row| row.name.as_bytes() == name))
        .flat_map(|row| places(index, themes, file, row))
        .collect()
}

/// Whether a directory that is given as the value of a framework's name cannot be its place: nothing of the
/// framework stands there but what is put into it later. Such a source waits to be copied to where that is.
#[must_use]
pub fn is_elsewhere(index: &Index, language: &'static str, name: &[u8], directory: &[u8]) -> bool {
    let row =
        |framework: &Framework| framework.named.iter().find(|row| row.name.as_bytes() == name).map(|row| row.place);
    of(language).any(|framework| match row(framework) {
        Some(Place::Holds(marker)) => !holds_part(index, framework, marker.as_bytes(), directory),
        _ => false,
    })
}

/// Whether a folder stands there whose name starts as that of the marker's does (`wp-`).
fn holds_part(index: &Index, framework: &Framework, marker: &[u8], directory: &[u8]) -> bool {
    let start = marker.split_inclusive(|&byte| byte == b'-').next().unwrap_or(marker);
    let Some(id) = index.id(directory) else { return false };
    index.children(id).any(|child| {
        let name = index.name(child);
        index.kind(child) != EntryKind::File
            && name.starts_with(start)
            && !framework.filled.iter().any(|filled| filled.as_bytes() == name)
    })
}

/// The row of a function that makes a path.
#[must_use]
pub fn function(language: &'static str, name: &[u8]) -> Option<&'static Function> {
    of(language).find_map(|framework| framework.functions.iter().find(|row| is(row.name, name)))
}

/// Whether a function asks for an optional part.
#[must_use]
pub fn asks(language: &'static str, name: &[u8]) -> bool {
    of(language).any(|framework| framework.asks.iter().any(|row| is(row, name)))
}

/// The row of a function that takes a path.
#[must_use]
pub fn taking(language: &'static str, name: &[u8]) -> Option<&'static Call> {
    of(language).find_map(|framework| framework.calls.iter().find(|row| is(row.name, name)))
}

fn of(language: &'static str) -> impl Iterator<Item = &'static Framework> {
    FRAMEWORKS.iter().filter(move |framework| framework.language == language)
}

fn is(row: &str, name: &[u8]) -> bool {
    row.as_bytes().eq_ignore_ascii_case(name)
}

fn places(index: &Index, themes: &Themes, file: &[u8], row: &Named) -> Vec<Value> {
    let put = |directory: &[u8], certainty| {
        let mut value = Value::tree(directory);
        value.append(row.suffix.as_bytes());
        value.certainty = certainty;
        value
    };
    match row.place {
        Place::Text(text) => {
            let mut value = Value::text(text.as_bytes());
            value.append(row.suffix.as_bytes());
            vec![value]
        }
        Place::Theme => themes.of(file).map(|theme| put(theme, Certainty::Certain)).into_iter().collect(),
        Place::ParentTheme => {
            themes.parent(index, file).map(|theme| put(&theme, Certainty::Certain)).into_iter().collect()
        }
        Place::NearestWith(marker) => path::ancestors(path::parent(file))
            .find(|directory| index.is_file(&path::join(directory, marker.as_bytes())))
            .map(|directory| put(directory, Certainty::Certain))
            .into_iter()
            .collect(),
        Place::Holds(marker) => {
            let fronts: Vec<&[u8]> = index
                .ending_in(marker.as_bytes())
                .filter(|&id| index.kind(id) == EntryKind::File)
                .map(|id| front(index.path(id), marker.len()))
                .collect();
            let certainty = if fronts.len() == 1 { Certainty::Certain } else { Certainty::Likely };
            fronts.into_iter().map(|directory| put(directory, certainty)).collect()
        }
    }
}

fn front(path: &[u8], suffix: usize) -> &[u8] {
    let front = &path[..path.len() - suffix];
    front.strip_suffix(b"/").unwrap_or(front)
}
