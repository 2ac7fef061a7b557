//! The places that can be spoiled: the last segment of a literal that names an existing file.

use std::collections::BTreeSet;
use std::ops::Range;

use preflight::Listed;
use preflight::diagnostic::{Certainty, Strength};
use preflight::path;

use super::search;
use super::spoil::Kind;
use super::tree::Base;

/// Folders in which preflight holds back, or does not look.
const QUIET: [&[u8]; 18] = [
    b"test",
    b"tests",
    b"spec",
    b"specs",
    b"__tests__",
    b"fixture",
    b"fixtures",
    b"testdata",
    b"example",
    b"examples",
    b"demo",
    b"demos",
    b"sample",
    b"samples",
    b"testing",
    b"vendor",
    b"node_modules",
    b"bower_components",
];

/// Where a name stands in a literal.
#[derive(Clone)]
pub struct Place {
    /// The file that holds it.
    pub file: Vec<u8>,
    /// The line on which its reference begins.
    pub line: u32,
    /// The last segment, in bytes of the file.
    pub name: Range<usize>,
    /// The segment before it, where there is one that is part of the target's path.
    pub directory: Option<Range<usize>>,
    /// Quotes or brackets stand around it: without them a blank may part two words.
    pub quoted: bool,
    /// The file it names.
    pub target: Vec<u8>,
    /// Whose rules look it up.
    pub namespace: &'static str,
    /// The construct that holds it.
    pub construct: String,
    /// The certainty by which it is judged should no scanner see it.
    pub expected: Certainty,
    /// The text of the last segment and of the segment before it.
    pub text: (Vec<u8>, Vec<u8>),
}

impl Place {
    /// Finds the last segment in a literal that ends in a target's name.
    pub fn new(bytes: &[u8], file: &[u8], line: u32, literal: Range<usize>, target: &[u8]) -> Option<Self> {
        let text = bytes.get(literal.clone())?;
        let text = text.split(|byte| matches!(byte, b'?' | b'#')).next()?;
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./".contains(byte);
        let named = path::name(text) == path::name(target)
            || path::name(text) == path::split_extension(path::name(target)).0 && is_module(target)
            || path::name(text) == bare(path::name(target)) && is_view(target);
        if !text.iter().all(plain) || !named {
            return None;
        }
        let end = literal.start + text.len();
        let name = end - path::name(text).len()..end;
        let front = path::parent(text);
        let segment = path::name(front);
        let inside = !segment.is_empty() && segment == path::name(path::parent(target));
        let directory_end = literal.start + front.len();
        Some(Place {
            file: file.to_vec(),
            line,
            name,
            directory: inside.then(|| directory_end - segment.len()..directory_end),
            quoted: literal.start > 0 && bytes.get(literal.start - 1).is_some_and(|byte| b"\"'`<".contains(byte)),
            target: target.to_vec(),
            namespace: "path",
            construct: String::new(),
            expected: Certainty::Certain,
            text: (path::name(text).to_vec(), segment.to_vec()),
        })
    }

    /// The name of the file it means.
    pub fn target_name(&self) -> &[u8] {
        path::name(&self.target)
    }

    /// The name as it is written, which may lack the extension.
    pub fn written(&self) -> &[u8] {
        &self.text.0
    }

    /// The segment before the name.
    pub fn written_directory(&self) -> &[u8] {
        &self.text.1
    }

    /// The path of another name beside the target.
    pub fn sibling(&self, name: &[u8]) -> Vec<u8> {
        path::join(path::parent(&self.target), name)
    }

    /// What a mutation of this kind replaces.
    pub fn edited(&self, kind: Kind) -> Range<usize> {
        match (kind, &self.directory) {
            (Kind::DirectoryCase, Some(directory)) => directory.clone(),
            _ => self.name.clone(),
        }
    }

    fn is_quiet(&self) -> bool {
        let folders = path::segments(path::parent(&self.file));
        folders.map(<[u8]>::to_ascii_lowercase).any(|folder| QUIET.contains(&folder.as_slice()))
    }
}

/// Whether a file may be named without its extension: a module of JavaScript, or a component.
fn is_module(target: &[u8]) -> bool {
    matches!(path::extension(target).as_slice(), b"js" | b"ts" | b"tsx" | b"vue" | b"json" | b"rb")
}

/// Whether a file may be named without its extensions and its underscore: a view, or a part of a style sheet.
fn is_view(target: &[u8]) -> bool {
    matches!(path::extension(target).as_slice(), b"erb" | b"haml" | b"slim" | b"scss")
}

fn bare(name: &[u8]) -> &[u8] {
    let name = name.strip_prefix(b"_").unwrap_or(name);
    name.split(|&byte| byte == b'.').next().unwrap_or(name)
}

/// Whether an imported name is bound in the module that it is imported from: `from searx.index import index`.
fn is_member(one: &Listed, target: &[u8]) -> bool {
    let mut parts = one.values.first().map_or(&[][..], Vec::as_slice).rsplit(|&byte| byte == b'.').skip(1);
    let package = parts.next().unwrap_or_default();
    !package.is_empty() && package != path::name(path::parent(target))
}

/// Every place of a tree: from preflight's own list, and from a plain search where that list has nothing.
pub fn all(base: &Base, listed: &[Listed], reported: &BTreeSet<(Vec<u8>, u32)>) -> Vec<Place> {
    let mut places: Vec<Place> = listed.iter().filter_map(|one| of_listed(base, one)).collect();
    let seen: BTreeSet<(&[u8], u32)> =
        listed.iter().flat_map(|one| lines(one).map(|line| (one.file.as_slice(), line))).collect();
    let unseen = search::all(base).into_iter().filter(|place| !seen.contains(&(place.file.as_slice(), place.line)));
    places.extend(unseen);
    places.retain(|place| !place.is_quiet() && !reported.contains(&(place.file.clone(), place.line)));
    places
}

fn lines(one: &Listed) -> std::ops::RangeInclusive<u32> {
    one.location.line..=one.location.end_line
}

fn of_listed(base: &Base, one: &Listed) -> Option<Place> {
    let target = one.target.as_deref()?;
    if one.guarded || one.strength <= Strength::Optional || one.namespace == "class" || base.bytes(target).is_none() {
        return None;
    }
    let bytes = base.bytes(&one.file)?;
    let tail = one.tail.start as usize..one.tail.end as usize;
    let place = match one.namespace {
        "python" => module(bytes, one, target)?,
        _ => Place::new(bytes, &one.file, one.location.line, tail, target)?,
    };
    Some(Place { namespace: one.namespace, construct: one.construct.to_owned(), ..place })
}

/// The last part of a dotted name, which names `part.py` or a package.
fn module(bytes: &[u8], one: &Listed, target: &[u8]) -> Option<Place> {
    let tail = one.location.span.start as usize..one.location.span.end as usize;
    let text = bytes.get(tail.clone())?;
    let part = text.rsplit(|&byte| byte == b'.').next()?;
    let (stem, _) = path::split_extension(path::name(target));
    if part.is_empty() || stem != part || is_member(one, target) {
        return None;
    }
    Some(Place {
        file: one.file.clone(),
        line: one.location.line,
        name: tail.end - part.len()..tail.end,
        directory: None,
        quoted: true,
        target: target.to_vec(),
        namespace: "python",
        construct: String::new(),
        expected: Certainty::Certain,
        text: (part.to_vec(), Vec::new()),
    })
}
