//! Attributes of ASP.NET whose value starts at the root of what is served (`src="~/css/site.css"`), and the views that
//! `<partial name="_Row" />` puts in (learn.microsoft.com, "Static files in ASP.NET Core", "Partial Tag Helper in
//! ASP.NET Core").

use super::attributes::has_static_extension;
use super::tokens::{self, Sink, Tag};
use crate::diagnostic::Span;

/// What the tags of a view name, each in the order of the text.
#[derive(Default)]
pub(in crate::language) struct Rooted<'s> {
    source: &'s [u8],
    /// The values behind their `~/`, and where they stand; none with code in it, and none that is a pattern.
    pub served: Vec<(Span, &'s [u8])>,
    /// Names of views that are put in, and whether one may be absent; none with a path or an extension.
    pub partials: Vec<(Span, &'s [u8], bool)>,
}

/// Reads the tags of a view.
pub(in crate::language) fn rooted(source: &[u8]) -> Rooted<'_> {
    let mut rooted = Rooted { source, ..Rooted::default() };
    tokens::read(source, false, &mut rooted);
    rooted
}

impl Rooted<'_> {
    fn partial(&mut self, tag: &Tag<'_>) {
        let Some(name) = tag.get(b"name").filter(|name| tag.name() == b"partial" && name.is_exact()) else { return };
        let span = Span::new(name.start, name.start + name.raw.len());
        let text = span.of(self.source);
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
        if !text.is_empty() && text.iter().all(plain) {
            let optional = tag.get(b"optional").is_some() || tag.get(b"fallback-name").is_some();
            self.partials.push((span, text, optional));
        }
    }
}

impl Sink for Rooted<'_> {
    fn tag(&mut self, tag: &Tag<'_>) {
        self.partial(tag);
        for (_, value) in tag.attributes().filter(|(_, value)| value.is_exact()) {
            let Some(rest) = value.raw.strip_prefix(b"~/") else { continue };
            let end = rest.iter().position(|byte| b"?#".contains(byte)).unwrap_or(rest.len());
            let span = Span::new(value.start + 2, value.start + 2 + end);
            let text = span.of(self.source);
            let plain = !text.iter().any(|byte| b"@{}*<>\"'\\%".contains(byte));
            if plain && text == &rest[..end] && has_static_extension(text) {
                self.served.push((span, text));
            }
        }
    }

    fn raw_text(&mut self, _: &Tag<'_>, _: usize, _: usize) {}

    fn comment(&mut self, _: usize, _: usize) {}
}
