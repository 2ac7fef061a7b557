//! From bytes to start tags, comments and raw text.
//!
//! An [`Emitter`] of html5gum that keeps one tag at a time in buffers it reuses: a page of a million links costs no
//! allocation a link. What a tag means is decided by the [`Sink`]; nothing here knows a URL.

use std::borrow::Cow;
use std::convert::Infallible;

use html5gum::{Emitter, Error, State, Tokenizer, naive_next_state};

/// A name longer than this is none that anything looks for.
const MAX_NAME: usize = 64;

/// Attributes of one tag among which a name is looked up; no page has tags with more.
const MAX_LOOKED_UP: usize = 256;

/// One attribute of the tag at hand.
#[derive(Clone, Copy, Debug)]
struct Attribute {
    /// Its name in the buffer of names.
    name: (usize, usize),
    /// Where its value stands in the source, without quotes.
    raw: (usize, usize),
    /// Its decoded value in the buffer of values.
    value: (usize, usize),
}

/// Takes what the tokenizer finds.
pub(super) trait Sink {
    /// A start tag.
    fn tag(&mut self, tag: &Tag<'_>);
    /// The content of `<style>` or `<script>`; `tag` is still the start tag.
    fn raw_text(&mut self, tag: &Tag<'_>, start: usize, end: usize);
    /// `<!-- … -->`, or what is taken for a comment (`<?xml … ?>`): the offsets of `<` and past `>`.
    fn comment(&mut self, start: usize, end: usize);
}

/// A start tag with its attributes.
#[derive(Debug, Default)]
pub(super) struct Tag<'m> {
    source: &'m [u8],
    name: Vec<u8>,
    names: Vec<u8>,
    values: Vec<u8>,
    attributes: Vec<Attribute>,
}

/// The value of an attribute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'t> {
    /// Offsets in the source, without quotes.
    pub start: usize,
    pub end: usize,
    /// The bytes there.
    pub raw: &'t [u8],
    /// The bytes with character references decoded.
    pub text: &'t [u8],
}

impl Value<'_> {
    /// The text stands in the source as it is.
    pub fn is_exact(&self) -> bool {
        self.raw == self.text
    }
}

impl<'m> Tag<'m> {
    /// The tag's name in lower case.
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Every attribute in order: its name in lower case and its value.
    pub fn attributes(&self) -> impl Iterator<Item = (&[u8], Value<'_>)> {
        self.attributes.iter().map(|attribute| (slice(&self.names, attribute.name), self.value(attribute)))
    }

    /// The first attribute of this name: HTML ignores the others.
    pub fn get(&self, name: &[u8]) -> Option<Value<'_>> {
        self.attributes().take(MAX_LOOKED_UP).find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The decoded text of an attribute in lower case, for keywords; empty where there is none.
    pub fn keyword(&self, name: &[u8]) -> Cow<'_, [u8]> {
        match self.get(name) {
            Some(value) if value.text.iter().any(u8::is_ascii_uppercase) => value.text.to_ascii_lowercase().into(),
            Some(value) => value.text.into(),
            None => Cow::Borrowed(b""),
        }
    }

    fn value(&self, attribute: &Attribute) -> Value<'_> {
        let (start, end) = attribute.raw;
        Value { start, end, raw: slice(self.source, attribute.raw), text: slice(&self.values, attribute.value) }
    }

    fn clear(&mut self) {
        self.name.clear();
        self.names.clear();
        self.values.clear();
        self.attributes.clear();
    }
}

fn slice(bytes: &[u8], (start, end): (usize, usize)) -> &[u8] {
    bytes.get(start..end).unwrap_or_default()
}

/// Runs the tokenizer over `source` and hands everything to `sink`. `xml`: an element that closes itself has no
/// content, and sections of character data exist.
pub(super) fn read(source: &[u8], xml: bool, sink: &mut impl Sink) {
    let emitter = Reader {
        source,
        sink,
        xml,
        foreign: 0,
        position: 0,
        markup: 0,
        text: 0,
        is_end: false,
        closes_itself: false,
        awaits: Vec::new(),
        tag: Tag { source, ..Tag::default() },
        end_name: Vec::new(),
    };
    let Ok(()) = Tokenizer::new_with_emitter(source, emitter).finish();
}

struct Reader<'m, S> {
    source: &'m [u8],
    sink: &'m mut S,
    xml: bool,
    /// How many `svg` and `math` elements are open.
    foreign: u32,
    position: usize,
    /// Where the markup at hand begins.
    markup: usize,
    /// Where the raw text at hand begins.
    text: usize,
    is_end: bool,
    closes_itself: bool,
    /// The element whose raw text runs; empty where none does.
    awaits: Vec<u8>,
    tag: Tag<'m>,
    end_name: Vec<u8>,
}

impl<S: Sink> Reader<'_, S> {
    fn start_tag(&mut self) -> Option<State> {
        self.sink.tag(&self.tag);
        let foreign = matches!(self.tag.name(), b"svg" | b"math");
        if foreign && !self.closes_itself {
            self.foreign = self.foreign.saturating_add(1);
        }
        self.awaits.clear();
        if self.closes_itself && (self.xml || self.foreign > 0) {
            return None;
        }
        let state = match self.tag.name() {
            // Its content is markup wherever scripts do not run, and what it loads is checked.
            b"noscript" => None,
            // In XML only these hold what is not markup, and then in a section of character data or not.
            name if self.xml && !matches!(name, b"style" | b"script") => None,
            name => naive_next_state(name),
        };
        if state.is_some() {
            self.awaits.extend_from_slice(&self.tag.name);
            self.text = self.position;
        }
        state
    }

    fn end_tag(&mut self) {
        if !self.awaits.is_empty() && self.awaits == self.end_name {
            self.raw_text(self.markup);
        }
        if matches!(self.end_name.as_slice(), b"svg" | b"math") {
            self.foreign = self.foreign.saturating_sub(1);
        }
    }

    fn raw_text(&mut self, end: usize) {
        if matches!(self.awaits.as_slice(), b"style" | b"script") && self.text < end {
            self.sink.raw_text(&self.tag, self.text, end);
        }
        self.awaits.clear();
    }

    /// Where the value that begins at `start` ends: at its closing quote, or before white space or `>`.
    fn value_end(&self, start: usize) -> usize {
        let rest = self.source.get(start..).unwrap_or_default();
        let quote = start.checked_sub(1).and_then(|before| self.source.get(before));
        let length = match quote {
            Some(&quote @ (b'"' | b'\'')) => memchr::memchr(quote, rest),
            _ => rest.iter().position(|&byte| byte.is_ascii_whitespace() || byte == b'>'),
        };
        start + length.unwrap_or(rest.len())
    }
}

impl<S: Sink> Emitter for Reader<'_, S> {
    type Token = Infallible;

    #[inline]
    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }

    #[inline]
    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn emit_eof(&mut self) {
        if !self.awaits.is_empty() {
            self.raw_text(self.source.len());
        }
    }

    fn start_open_tag(&mut self) {
        self.markup = self.position.saturating_sub(1);
    }

    fn init_start_tag(&mut self) {
        self.tag.clear();
        self.is_end = false;
        self.closes_itself = false;
    }

    fn init_end_tag(&mut self) {
        self.end_name.clear();
        self.is_end = true;
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        let buffer = if self.is_end { &mut self.end_name } else { &mut self.tag.name };
        if buffer.len() + name.len() <= MAX_NAME {
            buffer.extend_from_slice(name);
        }
    }

    fn set_self_closing(&mut self) {
        self.closes_itself = true;
    }

    fn init_attribute(&mut self) {
        if self.is_end {
            return;
        }
        let name = self.tag.names.len();
        let value = self.tag.values.len();
        self.tag.attributes.push(Attribute { name: (name, name), raw: (0, 0), value: (value, value) });
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        if self.is_end {
            return;
        }
        self.tag.names.extend_from_slice(name);
        let end = self.tag.names.len();
        if let Some(attribute) = self.tag.attributes.last_mut() {
            attribute.name.1 = end;
        }
    }

    fn init_attribute_value(&mut self) {
        if self.is_end {
            return;
        }
        let raw = (self.position, self.value_end(self.position));
        if let Some(attribute) = self.tag.attributes.last_mut() {
            attribute.raw = raw;
        }
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        if self.is_end {
            return;
        }
        self.tag.values.extend_from_slice(value);
        let end = self.tag.values.len();
        if let Some(attribute) = self.tag.attributes.last_mut() {
            attribute.value.1 = end;
        }
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        if self.is_end {
            self.end_tag();
            return None;
        }
        self.start_tag()
    }

    fn emit_current_comment(&mut self) {
        self.sink.comment(self.markup, self.position);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.is_end && !self.end_name.is_empty() && self.end_name == self.tag.name
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.xml || self.foreign > 0
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn emit_error(&mut self, _: Error) {}
    fn emit_string(&mut self, _: &[u8]) {}
    fn set_last_start_tag(&mut self, _: Option<&[u8]>) {}
    fn init_comment(&mut self) {}
    fn push_comment(&mut self, _: &[u8]) {}
    fn init_doctype(&mut self) {}
    fn emit_current_doctype(&mut self) {}
    fn set_force_quirks(&mut self) {}
    fn push_doctype_name(&mut self, _: &[u8]) {}
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Log(Vec<String>);

    impl Sink for Log {
        fn tag(&mut self, tag: &Tag<'_>) {
            let mut line = String::from_utf8_lossy(tag.name()).into_owned();
            for (name, value) in tag.attributes() {
                let raw = String::from_utf8_lossy(value.raw);
                let text = String::from_utf8_lossy(value.text);
                line += &format!(" {}={raw}", String::from_utf8_lossy(name));
                if raw != text {
                    line += &format!("({text})");
                }
            }
            self.0.push(line);
        }
        fn raw_text(&mut self, _: &Tag<'_>, start: usize, end: usize) {
            self.0.push(format!("text {start}..{end}"));
        }
        fn comment(&mut self, start: usize, end: usize) {
            self.0.push(format!("comment {start}..{end}"));
        }
    }

    fn log(html: &str, xml: bool) -> Vec<String> {
        let mut log = Log::default();
        read(html.as_bytes(), xml, &mut log);
        log.0
    }

    #[test]
    fn values_are_where_they_stand() {
        let html = "é<A HREF = 'x&amp;y' b=c d class=\"\">\r\n<img src=\"a\r\nb\"><br>";
        assert_eq!(log(html, false), ["a href=x&amp;y(x&y) b=c d= class=", "img src=a\r\nb(a\nb)", "br"]);
    }

    #[test]
    fn raw_text_and_comments() {
        assert_eq!(log("<style>a<b</style><!--x--><p>", false), ["style", "text 7..10", "comment 18..26", "p"]);
        assert_eq!(log("<title><img></title><noscript><img>", false), ["title", "noscript", "img"]);
        assert_eq!(log("<style>unclosed", false), ["style", "text 7..15"]);
        assert_eq!(
            log("<?xml version='1.0'?><svg><title/><use/></svg>", true),
            ["comment 0..21", "svg", "title", "use"]
        );
        assert_eq!(log("<svg><style/><path/></svg><script></script>", false), ["svg", "style", "path", "script"]);
    }

    #[test]
    fn unclosed_markup_ends() {
        for html in
            ["<a href=\"x", "<a href='x", "<!--", "<a href=", "<", "</a x=\"", "<a\0href=\0x>", "<![CDATA[", "<!"]
        {
            log(html, false);
            log(html, true);
        }
    }
}
