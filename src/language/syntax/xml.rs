//! XML as manifests have it: texts and attributes of elements, and where they stand (w3.org/TR/xml).
//!
//! Where the markup is broken, what stands before it counts. Values with character references are left out: no path
//! needs one.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::diagnostic::Span;

/// A value.
#[derive(Clone, Copy, Debug)]
pub(in crate::language) struct Item<'x> {
    /// Local names of the elements around it, from the root: `/project/modules/module`.
    pub path: &'x str,
    /// The attribute's local name; empty for the text of an element.
    pub attribute: &'x str,
    /// The value, without white space around it.
    pub text: &'x str,
    /// Where it stands, in bytes.
    pub span: Span,
    /// The same with the white space around it, which is part of it where a program does not take it off.
    pub whole: Span,
    /// The element or one around it holds under a condition (`Condition="…"`).
    pub conditional: bool,
}

/// Goes through every value of a text, in order.
pub(in crate::language) fn items(text: &str, each: &mut dyn FnMut(Item<'_>)) {
    // The reader passes over a byte order mark, and does not count it.
    let marked = text;
    let text = marked.strip_prefix('\u{feff}').unwrap_or(marked);
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let before = marked.len() - text.len();
    let mut open = Open { path: String::new(), lengths: Vec::new(), conditional: Vec::new(), before };
    loop {
        let start = offset(&reader);
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                open.enter(&tag);
                attributes(text, &open, &tag, each);
            }
            Ok(Event::Empty(tag)) => {
                open.enter(&tag);
                attributes(text, &open, &tag, each);
                open.leave();
            }
            Ok(Event::End(_)) => open.leave(),
            Ok(Event::Text(_)) => value(text, &open, "", (start, offset(&reader)), each),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

fn offset(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// The elements that are open.
struct Open {
    path: String,
    lengths: Vec<usize>,
    conditional: Vec<bool>,
    /// How much stands before the text, in bytes.
    before: usize,
}

impl Open {
    fn enter(&mut self, tag: &BytesStart<'_>) {
        self.lengths.push(self.path.len());
        self.path.push('/');
        self.path.push_str(tag.local_name().into_inner());
        let own = tag.attributes_raw().contains("Condition");
        self.conditional.push(own || self.is_conditional());
    }

    fn leave(&mut self) {
        self.path.truncate(self.lengths.pop().unwrap_or(0));
        self.conditional.pop();
    }

    fn is_conditional(&self) -> bool {
        self.conditional.last().copied().unwrap_or_default()
    }
}

fn attributes(text: &str, open: &Open, tag: &BytesStart<'_>, each: &mut dyn FnMut(Item<'_>)) {
    for attribute in tag.attributes().with_checks(false).flatten() {
        // It is borrowed from the text.
        let place = (attribute.value.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
        let Some(start) = place.filter(|start| start + attribute.value.len() <= text.len()) else { continue };
        value(text, open, attribute.key.local_name().into_inner(), (start, start + attribute.value.len()), each);
    }
}

fn value(text: &str, open: &Open, attribute: &str, (start, end): (usize, usize), each: &mut dyn FnMut(Item<'_>)) {
    let Some(raw) = text.get(start..end) else { return };
    let trimmed = raw.trim();
    if trimmed.is_empty() || trimmed.contains('&') {
        return;
    }
    let whole = Span::new(open.before + start, open.before + end);
    let start = open.before + start + raw.len() - raw.trim_start().len();
    let span = Span::new(start, start + trimmed.len());
    each(Item { path: &open.path, attribute, text: trimmed, span, whole, conditional: open.is_conditional() });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes_with_their_places() {
        let text = "<?xml version='1.0'?><a x='1'><!-- <b>no</b> --><n:b Condition=\"c\" y=\" 2 \"/><c> t\n</c><d>&lt;</d></a>";
        let marked = ["\u{feff}", text].concat();
        items(&marked, &mut |item| assert_eq!(item.span.of(marked.as_bytes()), item.text.as_bytes()));
        let mut found = Vec::new();
        items(text, &mut |item| {
            assert_eq!(item.span.of(text.as_bytes()), item.text.as_bytes());
            found.push(format!(
                "{}@{}={}{}",
                item.path,
                item.attribute,
                item.text,
                if item.conditional { "?" } else { "" }
            ));
        });
        assert_eq!(found, ["/a@x=1", "/a/b@Condition=c?", "/a/b@y=2?", "/a/c@=t"]);
    }
}
