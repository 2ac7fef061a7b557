//! YAML as formats need it: a tree of nodes, each with the very bytes it stands in (yaml.org/spec/1.2.2).
//!
//! Anchors are expanded and merge keys (`<<`) looked through, so that a node may be met more than once with the same
//! span. Knowingly not kept: comments, tags of collections, which of two equal keys was first. A document with an
//! error gives nothing, those after it are still read; documents nested or expanded beyond bounds give nothing.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use crate::diagnostic::Span;
use crate::source::Source;

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 64;
/// Most nodes that aliases of one document are expanded to.
const MAX_EXPANDED: usize = 10_000;

/// A value of a document.
#[derive(Clone, Debug)]
pub(in crate::language) struct Node {
    /// From its first to past its last byte; of a quoted scalar, what stands between its quotes.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// Its local tag with the `!`, such as `!vault`; empty where it has none.
    pub tag: String,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(in crate::language) enum Kind {
    /// A scalar and how it is written.
    Scalar(Scalar),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the source.
    Map(Vec<(Node, Node)>),
}

/// The decoded text of a scalar.
#[derive(Clone, Debug)]
pub(in crate::language) struct Scalar {
    /// Its bytes.
    pub text: Vec<u8>,
    /// How it is written.
    pub style: Style,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::language) enum Style {
    /// Without quotes: `~`, `null`, `true` and numbers are no strings.
    Plain,
    /// In quotes.
    Quoted,
    /// `|` or `>`: its text ends in a line end unless `-` says otherwise.
    Block,
}

impl Node {
    /// The value of a key, also through merge keys; `None` where this is no mapping or has no such key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.get_within(key, MAX_DEPTH)
    }

    fn get_within(&self, key: &str, depth: usize) -> Option<&Node> {
        let own = self.entries().iter().find(|(name, _)| name.is(key)).map(|(_, value)| value);
        if own.is_some() || depth == 0 {
            return own;
        }
        let merged = self.entries().iter().find(|(name, _)| name.is("<<")).map(|(_, value)| value)?;
        let from = if merged.list().is_empty() { std::slice::from_ref(merged) } else { merged.list() };
        from.iter().find_map(|one| one.get_within(key, depth - 1))
    }

    /// The pairs of a mapping; empty where this is none.
    pub fn entries(&self) -> &[(Node, Node)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The members of a sequence; empty where this is none.
    pub fn list(&self) -> &[Node] {
        match &self.kind {
            Kind::List(members) => members,
            _ => &[],
        }
    }

    /// The members of a sequence, or the node itself where it is none.
    pub fn each(&self) -> &[Node] {
        match &self.kind {
            Kind::List(members) => members,
            _ => std::slice::from_ref(self),
        }
    }

    /// The text and place of a scalar of any style and type.
    pub fn scalar(&self) -> Option<(&[u8], Span)> {
        match &self.kind {
            Kind::Scalar(scalar) => Some((&scalar.text, self.span)),
            _ => None,
        }
    }

    /// The text and place of a scalar that is a string: quoted, or no null and no truth value, and without a tag that
    /// makes it something else (`!vault`).
    pub fn string(&self) -> Option<(&[u8], Span)> {
        match &self.kind {
            Kind::Scalar(scalar) => {
                let typed = scalar.style == Style::Plain && is_typed(&scalar.text);
                (!typed && matches!(self.tag.as_str(), "" | "!unsafe")).then_some((&scalar.text, self.span))
            }
            _ => None,
        }
    }

    /// Whether this is a scalar of that text.
    pub fn is(&self, text: &str) -> bool {
        self.scalar().is_some_and(|(own, _)| own == text.as_bytes())
    }
}

/// Plain words that YAML 1.1 or 1.2 takes for null or a truth value.
fn is_typed(text: &[u8]) -> bool {
    matches!(
        text.to_ascii_lowercase().as_slice(),
        b"" | b"~" | b"null" | b"true" | b"false" | b"yes" | b"no" | b"on" | b"off"
    )
}

/// The documents of a source that are without error.
pub(in crate::language) fn documents(source: &Source<'_>) -> Vec<Node> {
    let text = source.text();
    let mut documents = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let mut builder = Builder::new(source.bytes(), rest, start);
        let whole = builder.read(rest);
        documents.append(&mut builder.documents);
        match whole {
            true => break,
            false => start = next_document(&text, start + builder.reached),
        }
    }
    documents
}

/// Where the next `---` at the start of a line stands, past `from`.
fn next_document(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    memchr::memmem::find_iter(rest, b"\n---")
        .map(|at| from + at + 1)
        .find(|at| text.as_bytes().get(at + 3).is_none_or(u8::is_ascii_whitespace))
        .unwrap_or(text.len())
}

/// Puts nodes together from the parser's events.
struct Builder<'b> {
    bytes: &'b [u8],
    places: Places,
    open: Vec<Open>,
    anchors: FxHashMap<usize, Node>,
    expanded: usize,
    documents: Vec<Node>,
    /// Bytes of the text in which the last document that was begun starts.
    reached: usize,
}

/// A collection that is not ended yet.
struct Open {
    start: usize,
    anchor: usize,
    mapping: bool,
    tag: String,
    members: Vec<Node>,
}

impl<'b> Builder<'b> {
    fn new(bytes: &'b [u8], text: &str, offset: usize) -> Self {
        Builder {
            bytes,
            places: Places::new(text, offset),
            open: Vec::new(),
            anchors: FxHashMap::default(),
            expanded: 0,
            documents: Vec::new(),
            reached: 0,
        }
    }

    /// Reads all documents up to the first error; whether there was none.
    fn read(&mut self, text: &str) -> bool {
        // After an error the parser gives errors without end.
        for event in Parser::new_from_str(text) {
            let Ok((event, span)) = event else { return false };
            let (start, end) = (self.places.byte(span.start.index()), self.places.byte(span.end.index()));
            if !self.event(event, start, end) {
                return false;
            }
        }
        true
    }

    fn event(&mut self, event: Event<'_>, start: usize, end: usize) -> bool {
        match event {
            Event::DocumentStart(_) => {
                self.reached = start - self.places.offset;
                self.anchors.clear();
                self.expanded = 0;
                true
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(&text, style, tag, start, end);
                self.put(anchor, node)
            }
            Event::SequenceStart(anchor, tag) => self.begin(start, anchor, tag, false),
            Event::MappingStart(anchor, tag) => self.begin(start, anchor, tag, true),
            Event::SequenceEnd | Event::MappingEnd => self.end(end),
            Event::Alias(anchor) => self.alias(anchor),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => true,
        }
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<Cow<'_, Tag>>, start: usize, end: usize) -> Node {
        let end = end.max(start);
        let start = start + properties(self.bytes.get(start..end).unwrap_or_default());
        let raw = self.bytes.get(start..end).unwrap_or_default();
        let (style, span) = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => (Style::Quoted, within_quotes(raw, start)),
            ScalarStyle::Literal | ScalarStyle::Folded => (Style::Block, Span::new(start, end)),
            ScalarStyle::Plain => (Style::Plain, Span::new(start, start + raw.trim_ascii_end().len())),
        };
        // What is written as it is read keeps bytes that are no UTF-8.
        let raw = span.of(self.bytes);
        let text = if raw.len() == text.len() && !raw.contains(&b'\\') { raw } else { text.as_bytes() };
        Node { span, kind: Kind::Scalar(Scalar { text: text.to_vec(), style }), tag: local(tag) }
    }

    fn begin(&mut self, start: usize, anchor: usize, tag: Option<Cow<'_, Tag>>, mapping: bool) -> bool {
        self.open.push(Open { start, anchor, mapping, tag: local(tag), members: Vec::new() });
        self.open.len() <= MAX_DEPTH
    }

    fn end(&mut self, end: usize) -> bool {
        let Some(Open { start, anchor, mapping, tag, members }) = self.open.pop() else { return false };
        let kind = if mapping { Kind::Map(pairs(members)) } else { Kind::List(members) };
        self.put(anchor, Node { span: Span::new(start, end.max(start)), kind, tag })
    }

    fn alias(&mut self, anchor: usize) -> bool {
        let Some(node) = self.anchors.get(&anchor) else { return false };
        self.expanded += size(node);
        let node = node.clone();
        self.expanded <= MAX_EXPANDED && self.open.len() + height(&node) <= MAX_DEPTH && self.put(0, node)
    }

    fn put(&mut self, anchor: usize, node: Node) -> bool {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            Some(open) => open.members.push(node),
            None => self.documents.push(node),
        }
        true
    }
}

/// The local tag (`!x`) of a node.
fn local(tag: Option<Cow<'_, Tag>>) -> String {
    tag.filter(|tag| tag.handle == "!").map(|tag| format!("!{}", tag.suffix)).unwrap_or_default()
}

/// The length of the tag and the anchor before a scalar.
fn properties(raw: &[u8]) -> usize {
    let mut rest = raw;
    while let Some(b'!' | b'&') = rest.first() {
        let word = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
        rest = rest[word..].trim_ascii_start();
    }
    raw.len() - rest.len()
}

fn within_quotes(raw: &[u8], start: usize) -> Span {
    let quoted = raw.len() >= 2 && matches!(raw.first(), Some(b'\'' | b'"')) && raw.first() == raw.last();
    if quoted { Span::new(start + 1, start + raw.len() - 1) } else { Span::new(start, start + raw.len()) }
}

fn pairs(members: Vec<Node>) -> Vec<(Node, Node)> {
    let mut members = members.into_iter();
    let mut pairs = Vec::new();
    while let (Some(key), Some(value)) = (members.next(), members.next()) {
        pairs.push((key, value));
    }
    pairs
}

fn size(node: &Node) -> usize {
    1 + match &node.kind {
        Kind::Scalar(_) => 0,
        Kind::List(members) => members.iter().map(size).sum(),
        Kind::Map(pairs) => pairs.iter().map(|(key, value)| size(key) + size(value)).sum(),
    }
}

fn height(node: &Node) -> usize {
    match &node.kind {
        Kind::Scalar(_) => 0,
        Kind::List(members) => 1 + members.iter().map(height).max().unwrap_or(0),
        Kind::Map(pairs) => 1 + pairs.iter().map(|(key, value)| height(key).max(height(value))).max().unwrap_or(0),
    }
}

/// From characters, in which the parser counts, to bytes of the source.
struct Places {
    /// Bytes of the source before the text.
    offset: usize,
    /// The byte of every character; empty where each is one byte.
    bytes: Vec<u32>,
}

impl Places {
    fn new(text: &str, offset: usize) -> Self {
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| byte(at)).chain(std::iter::once(byte(text.len()))).collect()
        };
        Places { offset, bytes }
    }

    fn byte(&self, character: usize) -> usize {
        let last = self.bytes.last().copied();
        self.offset + self.bytes.get(character).copied().or(last).map_or(character, |byte| byte as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalars(node: &Node, source: &[u8], out: &mut Vec<String>) {
        match &node.kind {
            Kind::Scalar(scalar) => {
                let text = String::from_utf8_lossy(&scalar.text).into_owned();
                let raw = String::from_utf8_lossy(node.span.of(source)).into_owned();
                out.push(if raw == text { text } else { format!("{text}<{raw}>") });
            }
            Kind::List(members) => members.iter().for_each(|member| scalars(member, source, out)),
            Kind::Map(pairs) => pairs.iter().for_each(|(key, value)| {
                scalars(key, source, out);
                scalars(value, source, out);
            }),
        }
    }

    fn shown(text: &[u8]) -> Vec<String> {
        let source = Source::new(text.to_vec());
        let mut out = Vec::new();
        documents(&source).iter().for_each(|node| scalars(node, text, &mut out));
        out
    }

    #[test]
    fn spans_are_those_of_the_values() {
        for (text, want) in [
            ("a: b # c\n", vec!["a", "b"]),
            ("ä: 'b '\nc: \"d\\x20\"\n", vec!["ä", "b ", "c", "d <d\\x20>"]),
            ("- a b  \n- [c, 'd''e']\n", vec!["a b", "c", "d'e<d''e>"]),
            ("\u{feff}a: b\n", vec!["a", "b"]),
            ("a: b\r\nc: d\r\n", vec!["a", "b", "c", "d"]),
            ("a: !x b\n", vec!["a", "b"]),
            ("a: &x b\nc: *x\n", vec!["a", "b", "c", "b"]),
            ("a: b\n--- \nc: [\n---\nd: e\n", vec!["a", "b", "d", "e"]),
            ("a:\nb: ~\n", vec!["a", "", "b", "~"]),
        ] {
            assert_eq!(shown(text.as_bytes()), want, "{text}");
        }
        assert_eq!(shown(b"a: b\xff\n")[1].len(), "b\u{fffd}".len(), "invalid bytes stay in place");
    }

    #[test]
    fn merges_are_looked_through() {
        let source = Source::new(b"x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n".to_vec());
        let all = documents(&source);
        let y = all[0].get("y").unwrap();
        assert!(y.get("a").unwrap().is("1") && y.get("b").unwrap().is("3"));
    }

    #[test]
    fn hostile_documents_end() {
        for shape in ["- ", "[", "{a: ", "a: [\n---\n", "? ", "&a [*a, ", "'", "|\n", "!", "%"] {
            shown(shape.repeat(3000).as_bytes());
        }
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for at in 1..20 {
            let members = vec![format!("*a{}", at - 1); 10].join(", ");
            bomb.push_str(&format!("a{at}: &a{at} [{members}]\n"));
        }
        assert!(shown(bomb.as_bytes()).is_empty());
    }
}
