//! C, C++ and Objective-C: `#include "…"` (ISO C 6.10.2; gcc.gnu.org "The C Preprocessor", "Include Syntax").
//!
//! A quoted name is searched beside the file that holds it, then, as one in angle brackets, in directories that the
//! build tells of ([`super::cmake`], [`super::make`], [`super::msbuild`]), or that go by such a name: what stands
//! nowhere may be a library's, so that only a near miss is told. Directives are told by their first characters, outside
//! comments; a parser of the language would need what the preprocessor makes of it.
//!
//! Knowingly not read: `#include <name>` without a folder, names that macros make, `#embed`, modules.

use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Severity, Span, Strength};

/// C and its kin.
pub const LANGUAGE: Language = Language {
    name: "c",
    extensions: &["c", "h", "cc", "cpp", "cxx", "hh", "hpp", "hxx", "ino", "inl", "m", "mm", "cu", "cuh"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`#include \"…\"`, `#include <folder/…>`: names near an existing file",
    leaves: "`#include <name>`, names that macros make, what configurations put into variables",
    scan,
};

/// Headers of Windows, and of precompiled headers there.
const WINDOWS: [&[u8]; 4] = [b"<afx", b"<windows.h>", b"\"stdafx.h\"", b"<atl"];

const QUOTED: Namespace = Namespace::Path(&[Base::Beside, Base::WorkingDirectory, Base::Headers], Want::File);
const IN_BRACKETS: Namespace = Namespace::Path(&[Base::Headers], Want::File);

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let mut references = Vec::new();
    let (mut at, mut conditions) = (0, 0_u32);
    let (mut fresh, mut for_windows) = (true, false);
    while let Some(&byte) = source.get(at) {
        if byte == b'#' && fresh {
            references.extend(directive(source, at + 1, &mut conditions));
            for_windows |= conditions == 0 && is_of_windows(&source[at..]);
        }
        let length = skip(&source[at..]);
        fresh = byte == b'\n' || fresh && (byte.is_ascii_whitespace() || source[at..].starts_with(b"/*"));
        at += length;
    }
    if for_windows {
        references.iter_mut().for_each(|reference| reference.ceiling = Severity::Warning);
    }
    Scan { references, ..Scan::default() }
}

/// Whether a directive includes what only Windows has: disks there do not mind case or separators.
fn is_of_windows(directive: &[u8]) -> bool {
    let line = directive.split(|&byte| byte == b'\n').next().unwrap_or_default().to_ascii_lowercase();
    WINDOWS.iter().any(|header| memchr::memmem::find(&line, header).is_some())
}

/// The length of the comment, the literal or the byte that begins here.
fn skip(rest: &[u8]) -> usize {
    match rest {
        [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
        [b'/', b'*', ..] => memchr::memmem::find(&rest[2..], b"*/").map_or(rest.len(), |end| end + 4),
        [b'"', ..] => literal(rest),
        _ => 1,
    }
}

/// The length of a literal, which ends with its line.
fn literal(rest: &[u8]) -> usize {
    let mut at = 1;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\n' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A directive whose `#` stands before `at`. In a branch that is not for every machine the name is guarded.
fn directive<'s>(source: &'s [u8], at: usize, conditions: &mut u32) -> Option<Reference<'s>> {
    let line = &source[at..];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    let text = line.trim_ascii_start();
    if text.starts_with(b"if") {
        // What keeps a header from being read twice is no condition.
        *conditions += u32::from(!text.starts_with(b"ifndef") && !text.starts_with(b"ifdef __cplusplus"));
        return None;
    }
    if text.starts_with(b"endif") {
        *conditions = conditions.saturating_sub(1);
        return None;
    }
    let rest = text.strip_prefix(b"include").or_else(|| text.strip_prefix(b"import"))?.trim_ascii_start();
    let (close, namespace) = match rest.first()? {
        b'"' => (b'"', QUOTED),
        b'<' => (b'>', IN_BRACKETS),
        _ => return None,
    };
    let name = &rest[1..];
    let name = &name[..memchr::memchr(close, name)?];
    let start = at + (line.len() - rest.len()) + 1;
    let span = Span::new(start, start + name.len());
    let reference = Reference::literal(span, name, "include", namespace, Strength::Fatal);
    // A backslash is a character of the name but on Windows: the folder before it is meant all the same.
    let told = !name.is_empty() && (close == b'"' || memchr::memchr2(b'/', b'\\', name).is_some());
    told.then_some(Reference { guarded: *conditions > 0, ..reference })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn directives_outside_comments() {
        let text = b"#include \"a.h\"\n/* #include \"b.h\" */ // x\n  # include\t\"c/d.hpp\" // y\nchar *s = \"\\\"\n#include <e.h>\n#if X\n#include \"f.h\"\n#endif\n#include \"g.h";
        let source = Source::new(&text[..]);
        let scan = scan(Input { path: b"a.c", source: &source, project: None });
        let shown: Vec<_> = scan.references.iter().map(|one| (one.span.of(text), one.guarded)).collect();
        assert_eq!(shown, [(&b"a.h"[..], false), (b"c/d.hpp", false), (b"f.h", true)]);
    }
}
