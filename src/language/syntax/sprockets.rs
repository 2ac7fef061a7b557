//! Directives of Sprockets at the head of a script or a style sheet (github.com/rails/sprockets, "Directives"):
//! `//= require x`, `*= require_tree ./x`, `//= link_tree ../images`.
//!
//! Read where the file lies in a folder of assets. Names may be a package's, so that only near misses of them are told;
//! a folder that is named from where the file lies stops the build where it is absent. What a build fills is left out.

use super::super::{Base, Namespace, Rails, Reference, Want};
use crate::diagnostic::{Span, Strength};
use crate::path;

/// Folders of assets.
const FOLDERS: [&[u8]; 3] = [b"app/assets/", b"lib/assets/", b"vendor/assets/"];
/// Directives that name one asset, and what reports call them.
const ASSETS: [(&[u8], &str); 6] = [
    (b"depend_on", "depend_on"),
    (b"depend_on_asset", "depend_on_asset"),
    (b"link", "link"),
    (b"require", "require"),
    (b"require_asset", "require_asset"),
    (b"stub", "stub"),
];
/// Directives that name a folder.
const TREES: [(&[u8], &str); 4] = [
    (b"link_directory", "link_directory"),
    (b"link_tree", "link_tree"),
    (b"require_directory", "require_directory"),
    (b"require_tree", "require_tree"),
];

/// The directives of a file.
pub(in crate::language) fn references<'s>(path: &[u8], source: &'s [u8]) -> Vec<Reference<'s>> {
    let lies_there = FOLDERS
        .iter()
        .any(|folder| memchr::memmem::find(path, folder).is_some_and(|at| at == 0 || path[at - 1] == b'/'));
    if !lies_there {
        return Vec::new();
    }
    let of_style = path::segments(path).any(|segment| segment == b"stylesheets");
    let (folder, extension) = if of_style { ("stylesheets", "css") } else { ("javascripts", "js") };
    let mut references = Vec::new();
    let mut at = 0;
    let mut block = false;
    for line in source.split(|&byte| byte == b'\n') {
        let text = line.trim_ascii();
        let opens = text.starts_with(b"/*");
        let comment = block || opens || text.starts_with(b"//") || text.starts_with(b"#") || text.is_empty();
        if !comment {
            break;
        }
        block = (block || opens) && memchr::memmem::find(text, b"*/").is_none();
        references.extend(directive(line, at, folder, extension));
        at += line.len() + 1;
    }
    references
}

/// A line of the head.
fn directive<'s>(line: &'s [u8], at: usize, folder: &'static str, extension: &'static str) -> Option<Reference<'s>> {
    let marks = line.iter().take_while(|byte| b" \t/*#".contains(byte)).count();
    let rest = line[marks..].strip_prefix(b"=").filter(|_| marks > 0)?;
    let mut words = rest.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty());
    let (word, name) = (words.next()?, words.next()?);
    let name = name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name);
    let name = name.strip_prefix(b"'").and_then(|name| name.strip_suffix(b"'")).unwrap_or(name);
    let start = at + memchr::memmem::rfind(line, name).filter(|_| !name.is_empty())?;
    let span = Span::new(start, start + name.len());
    let relative = name.starts_with(b"./") || name.starts_with(b"../");
    if let Some((_, construct)) = TREES.iter().find(|row| row.0 == word) {
        let made = memchr::memmem::find(name, b"build").is_some();
        let namespace = Namespace::Path(&[Base::FileDirectory], Want::Directory);
        let name = name.strip_suffix(b"/").unwrap_or(name);
        return (relative && !made).then(|| Reference::literal(span, name, construct, namespace, Strength::Fatal));
    }
    let (_, construct) = ASSETS.iter().find(|row| row.0 == word)?;
    let kind = match path::extension(name).as_slice() {
        b"css" => ("stylesheets", "css"),
        b"js" => ("javascripts", "js"),
        _ if matches!(word, b"require" | b"require_asset" | b"stub") => (folder, extension),
        _ => ("", ""),
    };
    let namespace = Namespace::Rails(Rails::Asset { folder: kind.0, extension: kind.1 });
    (!relative).then(|| Reference::literal(span, name, construct, namespace, Strength::Fatal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_of_the_head_only() {
        let source = b"/*\n *= require 'a/b'\n *= require_self\n *= require_tree ./c/\n */\n//= link_tree ../builds\n\n//= link d.js\n// = require e\nx = 1\n//= require late\n";
        let found = references(b"app/assets/javascripts/x.js", source);
        let shown: Vec<_> = found.iter().map(|one| (one.construct, one.span.of(source))).collect();
        assert_eq!(
            shown,
            [("require", b"a/b".as_slice()), ("require_tree", b"./c/"), ("link", b"d.js"), ("require", b"e")]
        );
        assert!(references(b"src/x.js", source).is_empty());
        references(b"app/assets/x.js", &b"//=\n".repeat(100_000));
    }
}
