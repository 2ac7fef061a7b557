//! The constant that Zeitwerk wants of a file: at the start in production it loads every file of an application, and
//! fails with a `NameError` where one does not define what its name says (zeitwerk, "File structure").
//!
//! Told only where one part of a name differs and all others agree, so that either the file or the constant is
//! misnamed: any other difference may be a root or a folder that this does not know.

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::reference::Reference;

/// Compares what a file defines with what its name says.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let Some(names) = reference.expr.as_literal() else { return Resolution::Dynamic("no name of a constant") };
    let Some(expected) = site.project.zeitwerk.expected(site.path()) else {
        return Resolution::External("no autoloader of the tree");
    };
    let whole = expected.join(&b"::"[..]);
    let mut names = names.split(|&byte| byte == b' ');
    if names.clone().any(|name| name == whole) {
        return Resolution::Found(site.file);
    }
    let (Some((want, have)), None) =
        (names.find_map(|name| differing(&expected, name)), names.find_map(|name| differing(&expected, name)))
    else {
        return Resolution::External("nothing like the name of the file");
    };
    // A package may bring acronyms, too.
    let certainty = if want.eq_ignore_ascii_case(&have) { Certainty::Open } else { Certainty::Certain };
    Resolution::Missing(vec![Candidate { near_only: true, names: Some(vec![have]), ..Candidate::new(want, certainty) }])
}

/// The one part in which a name differs, as it is expected and as it is.
fn differing(expected: &[Vec<u8>], name: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let parts: Vec<&[u8]> = name.split(|&byte| byte == b':').filter(|part| !part.is_empty()).collect();
    let mut unlike = expected.iter().zip(&parts).filter(|(want, have)| want.as_slice() != **have);
    let (one, more) = (unlike.next()?, unlike.next());
    (parts.len() == expected.len() && more.is_none()).then(|| (one.0.clone(), one.1.to_vec()))
}
