//! Attributes of ASP.NET whose value starts at the root of what is served: `src="~/css/site.css"`
//! (learn.microsoft.com, "Tag Helpers in ASP.NET Core", "Static files in ASP.NET Core").

use super::attributes::has_static_extension;
use super::tokens::{self, Sink, Tag};
use crate::diagnostic::Span;

/// The values behind their `~/`, and where they stand; none with code in it, and none that is a pattern.
pub(in crate::language) fn rooted(source: &[u8]) -> Vec<(Span, &[u8])> {
    let mut rooted = Rooted { source, found: Vec::new() };
    tokens::read(source, false, &mut rooted);
    rooted.found
}

struct Rooted<'s> {
    source: &'s [u8],
    found: Vec<(Span, &'s [u8])>,
}

impl Sink for Rooted<'_> {
    fn tag(&mut self, tag: &Tag<'_>) {
        for (_, value) in tag.attributes().filter(|(_, value)| value.is_exact()) {
            let Some(rest) = value.raw.strip_prefix(b"~/") else { continue };
            let end = rest.iter().position(|byte| b"?#".contains(byte)).unwrap_or(rest.len());
            let span = Span::new(value.start + 2, value.start + 2 + end);
            let text = span.of(self.source);
            let plain = !text.iter().any(|byte| b"@{}*<>\"'\\%".contains(byte));
            if plain && text == &rest[..end] && has_static_extension(text) {
                self.found.push((span, text));
            }
        }
    }

    fn raw_text(&mut self, _: &Tag<'_>, _: usize, _: usize) {}

    fn comment(&mut self, _: usize, _: usize) {}
}
