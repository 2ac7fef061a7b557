//! `<NuxtLayout name="x">` in templates of Vue (nuxt.com "NuxtLayout"). Names that are bound are not known.

use super::tokens::{self, Sink, Tag};
use crate::diagnostic::{Span, Strength};
use crate::reference::{Namespace, Nuxt, Reference};

/// What the markup of a component names; `masked` is `source` with blanks for everything else.
pub(in crate::language) fn layouts<'s>(source: &'s [u8], masked: &[u8]) -> Vec<Reference<'s>> {
    let mut layouts = Layouts { source, references: Vec::new() };
    let named = [&b"NuxtLayout"[..], b"nuxt-layout"];
    if named.iter().any(|word| memchr::memmem::find(masked, word).is_some()) {
        tokens::read(masked, false, &mut layouts);
    }
    layouts.references
}

struct Layouts<'s> {
    source: &'s [u8],
    references: Vec<Reference<'s>>,
}

impl Sink for Layouts<'_> {
    fn tag(&mut self, tag: &Tag<'_>) {
        let Some(name) = tag.get(b"name").filter(|name| name.is_exact()) else { return };
        if matches!(tag.name(), b"nuxt-layout" | b"nuxtlayout") {
            let span = Span::new(name.start, name.end);
            let namespace = Namespace::Nuxt(Nuxt::Layout);
            let text = span.of(self.source);
            self.references.push(Reference::literal(span, text, "NuxtLayout name", namespace, Strength::Broken));
        }
    }

    fn raw_text(&mut self, _: &Tag<'_>, _: usize, _: usize) {}

    fn comment(&mut self, _: usize, _: usize) {}
}
