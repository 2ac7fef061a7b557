//! What is wrong about the end of a name: blanks or dots around the last dot, an extension doubled, stacked or
//! mistyped; and names that only another system reads differently.
//!
//! A mistyped extension needs evidence besides its own look: it is one slip (a letter doubled, dropped, swapped or
//! added) away from a known one that files beside it have, and fewer than three files of the tree have it.
//! Of 57 trees none has a false one under this rule.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::family::Family;
use super::family::{family, is_known, of_extension};
use super::{Finding, Meant, Named};
use crate::diagnostic::Difference;
use crate::diagnostic::Severity::{self, Error, Warning};
use crate::index::{EntryKind, Index};
use crate::path;

/// An extension that this many files have is no slip.
const COMMON: u32 = 3;

/// Extensions that people mistype, with slips of any kind told apart from others of their length.
const MISTYPED: [&str; 17] = [
    "conf", "css", "gif", "html", "ini", "jpeg", "jpg", "js", "json", "php", "png", "py", "svg", "twig", "xml", "yaml",
    "yml",
];

/// Extensions that a copy or a download puts behind another one.
const STACKED: [(&str, &str); 7] = [
    ("htaccess", "txt"),
    ("htpasswd", "txt"),
    ("env", "txt"),
    ("php", "txt"),
    ("phtml", "txt"),
    ("yaml", "yml"),
    ("yml", "yaml"),
];

/// How many files have an extension, counted when first asked.
pub(super) struct Counts<'i> {
    index: &'i Index,
    counts: OnceLock<FxHashMap<Vec<u8>, u32>>,
}

impl<'i> Counts<'i> {
    pub(super) fn new(index: &'i Index) -> Self {
        Counts { index, counts: OnceLock::new() }
    }

    fn of(&self, extension: &[u8]) -> u32 {
        let counts = self.counts.get_or_init(|| {
            let mut counts = FxHashMap::default();
            for id in self.index.entries().filter(|&id| self.index.kind(id) == EntryKind::File) {
                *counts.entry(path::extension(self.index.name(id))).or_insert(0) += 1;
            }
            counts
        });
        counts.get(extension).copied().unwrap_or(0)
    }
}

/// Whether no rule of this file, nor of [`super::exposed`], can speak about a plain name. Most names have one
/// dot and a well-known extension.
pub(super) fn is_ordinary(name: &[u8]) -> bool {
    let (stem, Some(extension)) = path::split_extension(name) else {
        return !super::exposed::is_marked(name);
    };
    let usual =
        matches!(extension, b"php" | b"html" | b"css" | b"js" | b"png" | b"jpg" | b"svg" | b"json" | b"py" | b"txt");
    usual && !stem.contains(&b'.')
}

/// `con`, `aux.c`, `COM1`: devices of Windows, whatever their extension.
pub(super) fn is_device(name: &[u8]) -> bool {
    if !matches!(name.first(), Some(b'c' | b'C' | b'p' | b'P' | b'a' | b'A' | b'n' | b'N' | b'l' | b'L')) {
        return false;
    }
    let stem = name.split(|&byte| byte == b'.').next().unwrap_or_default();
    match stem {
        [_, _, _] => ["con", "prn", "aux", "nul"].iter().any(|device| stem.eq_ignore_ascii_case(device.as_bytes())),
        [front @ .., b'1'..=b'9'] => front.eq_ignore_ascii_case(b"com") || front.eq_ignore_ascii_case(b"lpt"),
        _ => false,
    }
}

pub(super) fn check(named: &Named<'_>) -> Option<Finding> {
    let any = backslash(named).or_else(|| device(named));
    if any.is_some() || named.kind != EntryKind::File {
        return any;
    }
    let (stem, extension) = path::split_extension(named.name);
    let extension = extension?;
    blanks(stem, extension)
        .or_else(|| dots(stem, extension))
        .or_else(|| doubled(named, stem, extension))
        .or_else(|| stacked(named, stem, extension))
        .or_else(|| mistyped(named, stem, extension))
}

fn finding(code: &'static str, severity: Severity, what: &'static str, meant: Option<Meant>) -> Option<Finding> {
    Some(Finding { code, severity, what, meant })
}

fn blanks(stem: &[u8], extension: &[u8]) -> Option<Finding> {
    let (trimmed_stem, trimmed) = (stem.trim_ascii_end(), extension.trim_ascii_start());
    if trimmed_stem.len() == stem.len() && trimmed.len() == extension.len() {
        return None;
    }
    let severity = match of_extension(&trimmed.to_ascii_lowercase()) {
        Family::Code | Family::Style | Family::Page => Error,
        Family::Media if trimmed.len() == extension.len() => Warning,
        _ => return None,
    };
    let meant = Meant::perhaps([trimmed_stem, b".", trimmed].concat(), Difference::TrailingSpace);
    finding("name-space-before-ext", severity, "has white space beside its last dot", meant)
}

fn dots(stem: &[u8], extension: &[u8]) -> Option<Finding> {
    let mut rest = stem;
    while let Some(front) = rest.strip_suffix(b".") {
        rest = front;
    }
    let program = of_extension(&extension.to_ascii_lowercase()).is_program();
    if rest.len() == stem.len() || rest.is_empty() || !program {
        return None;
    }
    let meant = Meant::perhaps([rest, b".", extension].concat(), Difference::Spelling);
    finding("name-dot-oddity", Error, "has more than one dot before its extension", meant)
}

fn doubled(named: &Named<'_>, stem: &[u8], extension: &[u8]) -> Option<Finding> {
    let (first, inner) = path::split_extension(stem);
    if !inner?.eq_ignore_ascii_case(extension) || in_series(named, first, extension) {
        return None;
    }
    // `.pl` is Polish as well as Perl.
    let severity = match of_extension(&extension.to_ascii_lowercase()) {
        _ if extension == b"pl" => return None,
        // A template of a template: each rendering takes one off.
        _ if matches!(extension, b"erb" | b"j2" | b"tmpl" | b"tpl" | b"twig") => return None,
        // Files of Ruby are mostly loaded by patterns.
        Family::Code if extension == b"rb" => Warning,
        Family::Code | Family::Style | Family::Page => Error,
        Family::Media | Family::Document => Warning,
        Family::Known | Family::Unknown => return None,
    };
    let meant = Meant::perhaps([first, b".", extension].concat(), Difference::Extension);
    finding("name-double-ext", severity, "repeats its extension", meant)
}

/// `macro.html.html` beside `macro.vec.html`: the middle is a member of a series, not an extension.
fn in_series(named: &Named<'_>, first: &[u8], extension: &[u8]) -> bool {
    let index = named.around.index;
    index.children(named.directory).map(|id| index.name(id)).filter(|&name| name != named.name).any(|name| {
        let middle = name
            .strip_prefix(first)
            .and_then(|rest| rest.strip_prefix(b".")?.strip_suffix(extension)?.strip_suffix(b"."));
        middle.is_some_and(|middle| !middle.is_empty())
    })
}

fn stacked(named: &Named<'_>, stem: &[u8], outer: &[u8]) -> Option<Finding> {
    let inner = stem.rsplit(|&byte| byte == b'.').next().filter(|inner| inner.len() < stem.len())?;
    let pair = |&&(a, b): &&(&str, &str)| a.as_bytes() == inner && b.as_bytes() == outer;
    let &(inner, _) = STACKED.iter().find(pair)?;
    // Beside the real file it is a sample or a copy to read.
    if named.around.index.id(&path::join(named.around.index.path(named.directory), stem)).is_some() {
        return None;
    }
    // Applications are shipped with `.htaccess.txt`, to be renamed by whoever wants it.
    let severity = if inner == "htpasswd" { Error } else { Warning };
    let meant = Meant::perhaps(stem.to_vec(), Difference::Extension);
    finding("name-stacked-ext", severity, "has a second extension, so that nothing loads or runs it", meant)
}

fn mistyped(named: &Named<'_>, stem: &[u8], extension: &[u8]) -> Option<Finding> {
    let lower = extension.to_ascii_lowercase();
    let text = std::str::from_utf8(&lower).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_alphanumeric()))?;
    if is_known(&lower) || stem.contains(&b'.') {
        return None;
    }
    let slips = MISTYPED.iter().filter(|right| is_slip(text, right));
    let (beside, right) = slips.map(|right| (beside(named, right), *right)).max()?;
    if beside == 0 || named.around.counts.of(&lower) >= COMMON {
        return None;
    }
    let sure = beside >= COMMON as usize && named.around.counts.of(&lower) == 1;
    let meant = Meant::perhaps([stem, b".", right.as_bytes()].concat(), Difference::Extension);
    let what = "has an extension one slip away from that of the files beside it";
    finding("name-ext-typo", if sure { Error } else { Warning }, what, meant)
}

/// How many files in the same directory have an extension.
fn beside(named: &Named<'_>, extension: &str) -> usize {
    let index = named.around.index;
    index.children(named.directory).filter(|&id| path::extension(index.name(id)) == extension.as_bytes()).count()
}

/// Whether `written` is `right` with letters swapped, doubled or (in four letters and more) dropped, added or
/// replaced. Replacing a letter of a short extension makes another extension more often than a slip.
fn is_slip(written: &str, right: &str) -> bool {
    if written == right || strsim::osa_distance(written, right) != 1 {
        return false;
    }
    let swapped = written.len() == right.len() && sorted(written) == sorted(right);
    let doubled = written.len() == right.len() + 1 && is_doubled(written.as_bytes());
    let long = right.len() >= 4 && written.len() >= 4;
    swapped || doubled || (long && right != "conf")
}

fn sorted(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.sort_unstable();
    bytes
}

fn is_doubled(text: &[u8]) -> bool {
    text.windows(2).any(|pair| pair[0] == pair[1])
}

/// `app\index.php` as one name: an archive made on Windows, unpacked by something that took `\` for a letter.
fn backslash(named: &Named<'_>) -> Option<Finding> {
    let at = memchr::memrchr(b'\\', named.name)?;
    // `dev-disk-by\x2duuid.mount` is how systemd escapes.
    let escape = memchr::memmem::find(named.name, b"\\x").is_some();
    if escape || family(&named.name[at + 1..]) == Family::Unknown {
        return None;
    }
    let slashed: Vec<u8> = named.name.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
    let slashed = path::normalize(&slashed).map(std::borrow::Cow::into_owned).unwrap_or_default();
    let meant = Meant::perhaps(slashed, Difference::Separator);
    let what = "holds a backslash, which is a letter here and a separator where it was made";
    finding("name-windows-char", Warning, what, meant)
}

/// Held against a name only in a tree that is for Windows, too.
fn device(named: &Named<'_>) -> Option<Finding> {
    let index = named.around.index;
    let windows = || index.named(b"web.config").next().is_some() || named.around.counts.of(b"csproj") > 0;
    if !is_device(named.name) || !windows() {
        return None;
    }
    finding("name-windows-reserved", Warning, "is that of a device on Windows, where it cannot be created", None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mistyped_is_known() {
        assert!(MISTYPED.iter().all(|right| is_known(right.as_bytes())));
    }

    #[test]
    fn slips() {
        for (written, right) in [
            ("phpp", "php"),
            ("pph", "php"),
            ("htlm", "html"),
            ("htmll", "html"),
            ("jss", "js"),
            ("josn", "json"),
            ("cnof", "conf"),
        ] {
            assert!(is_slip(written, right), "{written}");
        }
        for (written, right) in [("pnp", "png"), ("phpx", "php"), ("cont", "conf"), ("jst", "js"), ("htm", "html")] {
            assert!(!is_slip(written, right), "{written}");
        }
    }
}
