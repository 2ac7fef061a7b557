//! What is wrong, why, and what to write: a judged miss as a diagnostic.

use super::{Near, is_known};
use crate::check::Miss;
use crate::diagnostic::{
    Applicability, Certainty, Diagnostic, Difference, Edit, Fix, Severity, Span, Status, Subject, is_invisible, show,
};
use crate::language::{Namespace, Puppet};
use crate::path;
use crate::source::Source;

/// Most paths that a diagnostic says were tried.
const MAX_TRIED: usize = 3;

/// A judged miss, with all there is to explain it by.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The miss.
    pub miss: &'a Miss,
    /// Path of the file that holds it.
    pub file: &'a [u8],
    /// Its source.
    pub source: &'a Source<'a>,
    /// A row of the table of codes.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// The path it speaks of.
    pub target: &'a [u8],
    /// Certainty of the base.
    pub certainty: Certainty,
    /// What was probably meant.
    pub near: &'a [Near],
}

/// Puts a judged miss into words.
#[must_use]
pub fn explain(judged: &Judged<'_>) -> Diagnostic {
    let Judged { miss, source, .. } = *judged;
    let meant = |near: &&Near| near.miss.difference != Difference::Moved && judged.code == near.miss.difference.code();
    let best = judged.near.first().filter(meant);
    let fix = best.and_then(|near| fix(judged, near));
    Diagnostic {
        code: judged.code,
        severity: judged.severity,
        status: Status::Active,
        message: message(judged, best),
        help: help(judged, best, fix.as_ref()),
        file: judged.file.to_vec(),
        location: Some(source.locate(miss.span)),
        subject: Some(Subject {
            language: miss.language,
            construct: miss.construct,
            namespace: miss.namespace.name(),
            text: miss.span.of(source.bytes()).to_vec(),
            target: Some(judged.target.to_vec()),
            base: judged.certainty,
            strength: miss.strength,
            guarded: miss.guarded,
        }),
        tried: miss.candidates.iter().take(MAX_TRIED).map(|candidate| candidate.path.clone()).collect(),
        near_misses: judged.near.iter().map(|near| near.miss.clone()).collect(),
        more: miss.more,
        fix,
        fingerprint: String::new(),
    }
}

fn message(judged: &Judged<'_>, best: Option<&Near>) -> String {
    let target = show(judged.target);
    match best {
        Some(near) if judged.miss.namespace == Namespace::Class => {
            format!("the autoloader looks for this class in `{target}`; it is in `{}`", show(&near.miss.path))
        }
        Some(near) => format!("`{target}` is not in the tree; `{}` is", show(&near.miss.path)),
        None => format!("`{target}` is not in the tree"),
    }
}

fn help(judged: &Judged<'_>, best: Option<&Near>, fix: Option<&Fix>) -> Option<String> {
    let Some(near) = best else { return hints(judged.near) };
    let rename = fix.and_then(|fix| fix.renames.first());
    let action = match rename {
        Some((from, to)) => format!("rename `{}` to `{}`", show(path::name(from)), show(path::name(to))),
        None => format!("write `{}`", show(&changed_tail(judged.target, &near.miss.path))),
    };
    Some(match reason(judged.target, near) {
        Some(reason) => format!("{action}: {reason}"),
        None => action,
    })
}

/// Other entries that may have been meant, where none can be preferred.
fn hints(near: &[Near]) -> Option<String> {
    let names: Vec<String> = near.iter().take(3).map(|near| format!("`{}`", show(&near.miss.path))).collect();
    match (names.as_slice(), near.first()?.miss.difference) {
        ([one], Difference::Moved) => Some(format!("a file of this name is at {one}")),
        (_, Difference::Moved) => Some(format!("files of this name are at {}", names.join(" and "))),
        _ => Some(format!("near it are {}", names.join(", "))),
    }
}

/// The path that was meant, from the first segment that differs.
fn changed_tail(written: &[u8], meant: &[u8]) -> Vec<u8> {
    let same = path::segments(written).zip(path::segments(meant)).take_while(|(a, b)| a == b).count();
    let tail: Vec<&[u8]> = path::segments(meant).skip(same).collect();
    if tail.is_empty() { meant.to_vec() } else { tail.join(&b'/') }
}

/// Why the two are not the same, where that cannot be seen.
fn reason(written: &[u8], near: &Near) -> Option<String> {
    let meant = &near.miss.path;
    Some(match near.miss.difference {
        Difference::TrailingSpace => "white space at the end is part of a name".to_owned(),
        Difference::LeadingSpace => "white space at the start is part of a name".to_owned(),
        Difference::Case => "names are compared byte by byte, upper and lower case differ".to_owned(),
        Difference::UnicodeForm => "the same letters, in another Unicode form (see NFC and NFD)".to_owned(),
        Difference::Separator => "a separator is missing or wrong".to_owned(),
        Difference::Encoding => "a URL is percent-decoded exactly once".to_owned(),
        Difference::Invisible | Difference::LookAlike => {
            let odd = odd_character(written, meant).or_else(|| odd_character(meant, written))?;
            format!("there is a U+{:04X} that looks like something else or like nothing", u32::from(odd))
        }
        Difference::Extension | Difference::Spelling | Difference::Moved => return None,
    })
}

/// The first character beyond ASCII that one path has and the other has not.
fn odd_character(path: &[u8], other: &[u8]) -> Option<char> {
    let other: Vec<char> = String::from_utf8_lossy(other).chars().collect();
    String::from_utf8_lossy(path).chars().find(|c| (!c.is_ascii() || is_invisible(*c)) && !other.contains(c))
}

/// The odd side is mended: the file where its own name is odd, else the reference.
fn fix(judged: &Judged<'_>, near: &Near) -> Option<Fix> {
    let meant = near.miss.path.as_slice();
    let applicability = match near.miss.difference {
        Difference::Spelling | Difference::Encoding => Applicability::Review,
        Difference::Extension if !near.slip => Applicability::Review,
        _ if judged.certainty == Certainty::Open => Applicability::Review,
        _ => Applicability::Safe,
    };
    let same_directory = path::parent(judged.target) == path::parent(meant);
    if judged.miss.namespace == Namespace::Class
        || same_directory && is_odd(path::name(meant)) && !is_odd(path::name(judged.target))
    {
        let renames = vec![(meant.to_vec(), judged.target.to_vec())];
        return Some(Fix { applicability, edits: Vec::new(), renames });
    }
    let edit = edit(judged, meant)?;
    Some(Fix { applicability, edits: vec![edit], renames: Vec::new() })
}

/// Whether a name is wrong in itself.
fn is_odd(name: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(name) else { return true };
    let (_, extension) = path::split_extension(name);
    text.trim() != text || text.contains(is_invisible) || extension.is_some_and(|extension| !is_known(extension))
}

/// The smallest change of the reference's last literal that makes it name `meant`.
fn edit(judged: &Judged<'_>, meant: &[u8]) -> Option<Edit> {
    let tail = judged.miss.tail;
    let text = tail.of(judged.source.bytes());
    let spell = spelling(judged.miss.namespace);
    let (old, new) = changed_segments(judged.target, meant);
    let (old, new) = (spell(&old)?, spell(&new)?);
    let at = memchr::memmem::rfind(text, &old).filter(|_| !old.is_empty())?;
    let (skip, cut_old, cut_new) = smallest_change(&old, &new);
    let start = tail.start as usize + at + skip;
    let span = Span::new(start, start + cut_old.len());
    Some(Edit { file: judged.file.to_vec(), span, new: cut_new.to_vec() })
}

/// The segments in which two paths differ, from the first to the last.
fn changed_segments(written: &[u8], meant: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (w, m): (Vec<&[u8]>, Vec<&[u8]>) = (path::segments(written).collect(), path::segments(meant).collect());
    let front = w.iter().zip(&m).take_while(|(a, b)| a == b).count();
    let shorter = w.len().min(m.len()) - front;
    let back = w.iter().rev().zip(m.iter().rev()).take(shorter).take_while(|(a, b)| a == b).count();
    (w[front..w.len() - back].join(&b'/'), m[front..m.len() - back].join(&b'/'))
}

/// How a namespace spells a path in its sources; `None` where a path cannot be spelled.
fn spelling(namespace: Namespace) -> fn(&[u8]) -> Option<Vec<u8>> {
    match namespace {
        Namespace::Python { .. } => |path| {
            let (stem, _) = path::split_extension(path);
            Some(stem.iter().map(|&byte| if byte == b'/' { b'.' } else { byte }).collect())
        },
        Namespace::Puppet { kind: Puppet::Class | Puppet::Type | Puppet::Function, .. } => |path| {
            let (stem, _) = path::split_extension(path);
            Some(String::from_utf8_lossy(stem).replace('/', "::").into_bytes())
        },
        Namespace::Url(_) => |path| {
            let plain = path.iter().all(|&byte| byte.is_ascii_graphic() && !b"%?#\"'<>()\\".contains(&byte));
            plain.then(|| path.to_vec())
        },
        Namespace::Class => |_| None,
        Namespace::Path(..)
        | Namespace::Ansible { .. }
        | Namespace::Puppet { .. }
        | Namespace::Template
        | Namespace::Static => |path| {
            let plain = path.iter().all(|&byte| !byte.is_ascii_control() && !b"\\\"'$`{}".contains(&byte));
            plain.then(|| path.to_vec())
        },
    }
}

/// Drops the common front and back of two texts: offset, what to cut, what to put.
fn smallest_change<'t>(old: &'t [u8], new: &'t [u8]) -> (usize, &'t [u8], &'t [u8]) {
    let mut front = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    while front > 0 && old.get(front).is_some_and(|byte| byte & 0xC0 == 0x80) {
        front -= 1;
    }
    let room = old.len().min(new.len()) - front;
    let back = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
    (front, &old[front..old.len() - back], &new[front..new.len() - back])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_changed() {
        assert_eq!(smallest_change(b"locale.phpp", b"locale.php"), (10, b"p".as_slice(), b"".as_slice()));
        assert_eq!(changed_segments(b"a/Lib/x.php", b"a/lib/x.php"), (b"Lib".to_vec(), b"lib".to_vec()));
        assert_eq!(changed_segments(b"libx.php", b"lib/x.php"), (b"libx.php".to_vec(), b"lib/x.php".to_vec()));
    }
}
