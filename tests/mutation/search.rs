//! References by plain search, with no parser: what every reader would find with a pager.
//!
//! Only forms whose target is beyond doubt: a relative URL of a page or a style sheet, and a PHP include whose line
//! names the file's own directory, or whose literal is a path that ends one single file of the tree.

use std::ops::Range;

use memchr::memmem;
use preflight::diagnostic::Certainty;
use preflight::path;

use super::place::Place;
use super::tree::Base;

/// Extensions of files that a page loads, whatever routes there are.
const STATIC: [&[u8]; 12] =
    [b"css", b"js", b"png", b"jpg", b"jpeg", b"gif", b"svg", b"ico", b"webp", b"woff", b"woff2", b"pdf"];

/// Every place that the search finds.
pub fn all(base: &Base) -> Vec<Place> {
    let mut places = Vec::new();
    for (file, bytes) in base.files().filter(|(file, _)| memmem::find(file, b".min.").is_none()) {
        match path::extension(file).as_slice() {
            b"php" | b"inc" => places.extend(includes(base, file, bytes)),
            b"html" | b"htm" => {
                let visible = blank(bytes, &[(b"<!--", b"-->"), (b"<script", b"</script>"), (b"<style", b"</style>")]);
                let quoted = [b"href=\"".as_slice(), b"src=\""].into_iter();
                places.extend(quoted.flat_map(|attribute| urls(base, file, &visible, attribute, b"\"")));
            }
            b"css" => {
                let visible = blank(bytes, &[(b"/*", b"*/")]);
                places.extend(urls(base, file, &visible, b"url(", b")"));
            }
            _ => {}
        }
    }
    places
}

/// The bytes with everything between these marks blanked, line ends kept.
fn blank(bytes: &[u8], marks: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for (open, close) in marks {
        let mut at = 0;
        while let Some(start) = memmem::find(&out[at..], open).map(|found| at + found) {
            let end = memmem::find(&out[start..], close).map_or(out.len(), |found| start + found + close.len());
            out[start..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
            at = end;
        }
    }
    out
}

fn line_of(bytes: &[u8], at: usize) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1).unwrap_or(u32::MAX)
}

fn urls(base: &Base, file: &[u8], bytes: &[u8], before: &[u8], after: &[u8]) -> Vec<Place> {
    let starts = memmem::find_iter(bytes, before).map(|at| at + before.len());
    let literal = |start: usize| Some(trimmed(bytes, start..start + memmem::find(&bytes[start..], after)?));
    starts.filter_map(literal).filter_map(|literal| url(base, file, bytes, literal)).collect()
}

/// Without the quotes that a style sheet may put around a URL.
fn trimmed(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let quote = |at: usize| bytes.get(at).is_some_and(|byte| matches!(byte, b'"' | b'\''));
    if range.len() >= 2 && quote(range.start) && quote(range.end - 1) { range.start + 1..range.end - 1 } else { range }
}

fn url(base: &Base, file: &[u8], bytes: &[u8], literal: Range<usize>) -> Option<Place> {
    let text = bytes[literal.clone()].split(|byte| matches!(byte, b'?' | b'#')).next()?;
    if text.is_empty() || text.starts_with(b"/") || !STATIC.contains(&path::extension(text).as_slice()) {
        return None;
    }
    let joined = path::join(path::parent(file), text);
    let target = path::normalize(&joined)?.into_owned();
    base.bytes(&target)?;
    let place = Place::new(bytes, file, line_of(bytes, literal.start), literal, &target)?;
    Some(Place { namespace: "url", construct: "search: URL".into(), ..place })
}

fn includes(base: &Base, file: &[u8], bytes: &[u8]) -> Vec<Place> {
    let mut places = Vec::new();
    let mut start = 0;
    for (number, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
        places.extend(include(base, file, bytes, start, line, number));
        start += line.len() + 1;
    }
    places
}

fn include(base: &Base, file: &[u8], bytes: &[u8], start: usize, line: &[u8], number: u32) -> Option<Place> {
    let code = line.trim_ascii_start();
    let statement = [b"require".as_slice(), b"include"].iter().any(|word| code.starts_with(word));
    if !statement || !code.ends_with(b";") {
        return None;
    }
    let end = memchr::memrchr(b'\'', line)?;
    let open = memchr::memrchr(b'\'', &line[..end])? + 1;
    let text = line[open..end].trim_ascii();
    if path::extension(text) != b"php" || line[..open].contains(&b'?') {
        return None;
    }
    let front = &line[..open - 1];
    let here = [b"__DIR__ . ".as_slice(), b"dirname( __FILE__ ) . ", b"dirname(__FILE__) . "];
    let (target, expected) = if here
        .iter()
        .any(|here| front.ends_with(here) && front.iter().filter(|&&byte| byte == b'.').count() == 1)
    {
        (path::normalize(&path::join(path::parent(file), text.strip_prefix(b"/")?))?.into_owned(), Certainty::Certain)
    } else if text.starts_with(b"/") {
        let mut matching = base.files().map(|(path, _)| path).filter(|path| path.ends_with(text));
        (matching.next().filter(|_| matching.next().is_none())?.clone(), Certainty::Likely)
    } else {
        return None;
    };
    base.bytes(&target)?;
    let place = Place::new(bytes, file, number, start + open..start + end, &target)?;
    Some(Place { construct: "search: include".into(), expected, ..place })
}
