//! CSS: what a style sheet loads (CSS Values 4 "Resource locators", CSS Cascade 5 `@import`, CSS Fonts 4 `src`).
//!
//! Read: `url()` and `src()` in any property or rule, `@import`, `image-set()`, `image()`, the sources of
//! `@font-face`, `sourceMappingURL`, and what Internet Explorer loaded (`AlphaImageLoader`, `behavior`), which is
//! relative to the page. `<style>` and `style=` come here too. Sources of one `@font-face`, or of one `image-set`,
//! are alternatives: each is at most a warning, and one reference for all of them says that none exists. The head of a
//! theme of WordPress names the theme that it is a child of.
//!
//! Knowingly not read: `@namespace` and `@document` (names, not files), CSS Modules (`composes`), Tailwind's
//! directives, and the syntax of Sass, Less and PostCSS, whose variables are holes.

use std::borrow::Cow;

use cssparser::{ParseError, Parser, Token};

use super::syntax::sprockets;
use super::syntax::url::{Role, Written};
use super::{Base, Fact, HOLE, Input, Language, Namespace, Phase, Reference, Scan, UrlKind, Want};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;
use crate::source::lossless_text;

/// Cascading style sheets.
pub const LANGUAGE: Language = Language {
    name: "css",
    extensions: &["css"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::StreamBut(&["style.css"]),
    reads: "`url()`, `src()`, `@import`, `image-set()`, `@font-face` sources, `sourceMappingURL`, directives of Sprockets, the parent of a theme of WordPress",
    leaves: "CSS Modules, Sass and Less syntax",
    scan,
};

/// Blocks nested deeper are read as if they stood beside their parent: no style sheet nests so deep, and the
/// parser recurses.
const MAX_NESTING: u8 = 200;

/// How far WordPress reads for the head of a file, in bytes.
const HEAD: usize = 8 << 10;

const SOURCE_MAP: Role =
    Role { construct: "sourceMappingURL", kind: UrlKind::Style, strength: Strength::Silent, ceiling: Severity::Note };

fn scan(input: Input<'_>) -> Scan<'_> {
    let bytes = input.source.bytes();
    let mut references = sprockets::references(input.path, bytes);
    let whole = scan_block(bytes, bytes, 0, &mut references);
    let theme = theme(input.path, bytes);
    references.extend(theme.as_ref().and_then(|_| parent(input.path, bytes)));
    Scan { references, facts: theme.into_iter().collect(), lexical: !whole, ..Scan::default() }
}

/// The theme that one is a child of, by the name of its directory beside this one: without it the site has no look at
/// all. It may be installed from elsewhere, so that only near misses are told.
fn parent<'s>(file: &[u8], bytes: &'s [u8]) -> Option<Reference<'s>> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let name = field(head, b"Template:").filter(|name| !name.contains(&b'/'))?;
    let start = name.as_ptr() as usize - bytes.as_ptr() as usize;
    let span = Span::new(start, start + name.len());
    let namespace = Namespace::Path(&[Base::FileDirectory], Want::Directory);
    let expr = PathExpr::here_up(1).join(PathExpr::literal(name));
    // Among the themes of a site one that is not there may be installed later, and is never told.
    let of_site = path::ends_in(path::parent(path::parent(file)), b"wp-content/themes");
    let strength = if of_site { Strength::Fatal } else { Strength::Optional };
    Some(Reference { expr, ..Reference::literal(span, name, "Template", namespace, strength) })
}

/// What the head of `style.css` says of a theme of WordPress (developer.wordpress.org "Main Stylesheet", "Child
/// Themes").
fn theme(path: &[u8], bytes: &[u8]) -> Option<Fact> {
    if path::name(path) != b"style.css" {
        return None;
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    field(head, b"Theme Name:")?;
    Some(Fact::Theme { parent: field(head, b"Template:").map(<[u8]>::to_vec) })
}

/// The value of a field that starts a line of a comment.
fn field<'b>(head: &'b [u8], name: &[u8]) -> Option<&'b [u8]> {
    head.split(|&byte| matches!(byte, b'\n' | b'\r')).find_map(|line| {
        let start = line.iter().position(|byte| !b" \t/*#@".contains(byte))?;
        let (field, value) = line[start..].split_at_checked(name.len())?;
        let value = value.trim_ascii();
        let value = value.strip_suffix(b"*/").unwrap_or(value).trim_ascii();
        (field.eq_ignore_ascii_case(name) && !value.is_empty()).then_some(value)
    })
}

/// Reads CSS that stands at `offset` of a source; `masked` is `block` with holes. Tells whether all was read.
pub(super) fn scan_block<'s>(block: &'s [u8], masked: &[u8], offset: usize, out: &mut Vec<Reference<'s>>) -> bool {
    let Some(marker) = last_marker(masked) else {
        source_map_only(block, offset, out);
        return true;
    };
    let last = end_of_block(masked, marker);
    let text = parseable(masked);
    let mut parser = Parser::new(&text);
    parser.set_nested_block_limit(MAX_NESTING);
    let mut visitor = Visitor { block, masked, offset, last, out, whole: true };
    visitor.visit(&mut parser, Inside::Rules);
    let whole = visitor.whole;
    source_map_only(block, offset, out);
    whole
}

/// Where the last function or rule begins that may name a file: a third of all style sheets have none, and what follows
/// it in the others, mostly two fifths, is spared the parser. A backslash could spell a name in many ways.
fn last_marker(masked: &[u8]) -> Option<usize> {
    const FUNCTIONS: [&[u8]; 5] = [b"url", b"src", b"image", b"-set", b"loader"];
    const RULE: &[u8] = b"import";
    let ends = |text: &[u8], name: &[u8]| {
        text.len() >= name.len() && text[text.len() - name.len()..].eq_ignore_ascii_case(name)
    };
    memchr::memrchr3_iter(b'(', b'@', b'\\', masked).find(|&at| match masked[at] {
        b'(' => FUNCTIONS.iter().any(|name| ends(&masked[..at], name)),
        b'@' => masked[at + 1..].get(..RULE.len()).is_some_and(|word| word.eq_ignore_ascii_case(RULE)),
        _ => true,
    })
}

/// Where the block around a marker ends.
fn end_of_block(masked: &[u8], marker: usize) -> usize {
    let mut quote = None;
    let rest = masked.get(marker..).unwrap_or_default();
    let end = rest.iter().position(|&byte| {
        match byte {
            b'"' | b'\'' if quote.is_none() => quote = Some(byte),
            _ if quote == Some(byte) => quote = None,
            _ => {}
        }
        quote.is_none() && byte == b'}'
    });
    end.map_or(masked.len(), |length| marker + length)
}

/// What cssparser takes: UTF-8, and NUL for holes, as a control character would spoil a `url()` token.
fn parseable(masked: &[u8]) -> Cow<'_, str> {
    let text = lossless_text(masked);
    if memchr::memchr(HOLE, masked).is_some() { Cow::Owned(text.replace(char::from(HOLE), "\0")) } else { text }
}

/// What a rule shows where it applies. Nothing tells whether it does: of 16,477 such URLs in 57 maintained trees
/// 3.3 % lead to nothing, left behind by rules that match no element, and nobody missed them.
fn decoration(construct: &'static str) -> Role {
    Role { strength: Strength::Silent, ..Role::broken(construct, UrlKind::Style) }
}

/// Where the visitor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    /// Rules and declarations: strings mean nothing.
    Rules,
    /// After `@import`, up to its end: the first string is a URL.
    Import,
    /// The block of a `@font-face`.
    FontFace,
    /// The arguments of `url()`, `src()` or `image()`: a string is a URL.
    Url(Role),
    /// The arguments of `image-set()`.
    ImageSet,
    /// `progid:…AlphaImageLoader(…)`.
    ImageLoader,
    /// A rule whose URLs are names.
    Names,
    /// Some other function.
    Function,
}

impl Inside {
    fn role(self) -> Role {
        match self {
            Inside::Import => Role::broken("@import", UrlKind::Style),
            Inside::FontFace => Role::broken("@font-face src", UrlKind::Style),
            Inside::ImageSet => decoration("image-set()"),
            Inside::ImageLoader => {
                Role { strength: Strength::Silent, ..Role::broken("AlphaImageLoader", UrlKind::Style) }
            }
            Inside::Url(role) => role,
            Inside::Rules | Inside::Names | Inside::Function => decoration("url()"),
        }
    }

    fn has_url_strings(self) -> bool {
        matches!(self, Inside::Import | Inside::Url(_) | Inside::ImageSet | Inside::ImageLoader)
    }

    /// What the arguments of a function are.
    fn arguments(self, function: &str) -> Self {
        let is = |name: &str| function.eq_ignore_ascii_case(name);
        if self == Inside::Names {
            return Inside::Names;
        }
        if is("url") || is("src") || is("image") {
            return Inside::Url(self.role());
        }
        if is("image-set") || is("-webkit-image-set") {
            return Inside::ImageSet;
        }
        if is("AlphaImageLoader") || is("progid:DXImageTransform.Microsoft.AlphaImageLoader") {
            return Inside::ImageLoader;
        }
        Inside::Function
    }
}

/// A token that means something here, freed from the parser's borrow.
enum Met<'i> {
    At(cssparser::CowRcStr<'i>),
    Url(cssparser::CowRcStr<'i>),
    String(cssparser::CowRcStr<'i>),
    Function(cssparser::CowRcStr<'i>),
    Property(cssparser::CowRcStr<'i>),
    Curly,
    Bracket,
    End,
    Other,
}

fn meet<'i>(token: &Token<'i>) -> Met<'i> {
    match token {
        Token::AtKeyword(name) => Met::At(name.clone()),
        Token::UnquotedUrl(value) => Met::Url(value.clone()),
        Token::QuotedString(value) => Met::String(value.clone()),
        Token::Function(name) => Met::Function(name.clone()),
        Token::Ident(name) => Met::Property(name.clone()),
        Token::CurlyBracketBlock => Met::Curly,
        Token::ParenthesisBlock | Token::SquareBracketBlock => Met::Bracket,
        Token::Semicolon => Met::End,
        _ => Met::Other,
    }
}

struct Visitor<'s, 'v> {
    block: &'s [u8],
    masked: &'v [u8],
    offset: usize,
    /// Nothing behind it names a file.
    last: usize,
    out: &'v mut Vec<Reference<'s>>,
    whole: bool,
}

impl<'s> Visitor<'s, '_> {
    /// Reads one block; `outer` is what it is the block of.
    fn visit(&mut self, parser: &mut Parser<'_>, outer: Inside) {
        // The last at-rule or property decides what the block or value after it is.
        let mut inside = outer;
        let mut of_page = false;
        loop {
            let start = parser.position().byte_index();
            if start > self.last {
                break;
            }
            let Ok(token) = parser.next_including_whitespace_and_comments() else { break };
            match meet(token) {
                Met::At(name) => inside = at_rule(&name, outer),
                Met::End => (inside, of_page) = (outer, false),
                Met::Property(name) if inside == outer => of_page |= is_of_page(&name),
                Met::Url(value) if inside != Inside::Names => {
                    self.unquoted(start, parser.position().byte_index(), &value, inside, of_page);
                }
                Met::String(value) if inside.has_url_strings() => {
                    let end = parser.position().byte_index();
                    self.quoted(start, end, &value, inside, of_page);
                    inside = if inside == Inside::Import { Inside::Function } else { inside };
                }
                Met::Function(name) => self.nested(parser, inside.arguments(&name)),
                Met::Bracket => self.nested(parser, inside),
                Met::Curly => {
                    self.nested(parser, if inside == Inside::Names { Inside::Rules } else { inside });
                    (inside, of_page) = (outer, false);
                }
                _ => {}
            }
        }
    }

    fn nested(&mut self, parser: &mut Parser<'_>, inside: Inside) {
        let from = self.out.len();
        let result = parser.parse_nested_block(|inner| {
            self.visit(inner, inside);
            Ok::<(), ParseError<()>>(())
        });
        // The parser holds what was left unread against the visitor.
        self.whole &= result.is_ok() || parser.position().byte_index() > self.last;
        if matches!(inside, Inside::FontFace | Inside::ImageSet) {
            self.alternatives(from, inside.role());
        }
    }

    /// Lowers each of several alternatives to a warning, and adds one reference that any of them satisfies.
    fn alternatives(&mut self, from: usize, role: Role) {
        let members = self.out.get_mut(from..).unwrap_or_default();
        if members.len() < 2 {
            return;
        }
        let mut any = Vec::with_capacity(members.len());
        for member in members.iter_mut() {
            member.ceiling = member.ceiling.min(Severity::Warning);
            any.push(member.expr.clone());
        }
        let (Some(first), Some(last)) = (members.first(), members.last()) else { return };
        let span = Span { start: first.span.start, end: last.span.end };
        let all = Reference {
            span,
            tail: Span::default(),
            expr: PathExpr::FirstOf(any),
            ceiling: role.ceiling,
            ..first.clone()
        };
        self.out.insert(from, all);
    }

    /// `url(x)` without quotes.
    fn unquoted(&mut self, start: usize, end: usize, value: &str, inside: Inside, of_page: bool) {
        let token = self.masked.get(start..end).unwrap_or_default();
        let Some(open) = memchr::memchr(b'(', token) else { return };
        let inner = token.get(open + 1..).unwrap_or_default();
        let inner = inner.strip_suffix(b")").unwrap_or(inner);
        let from = start + open + 1 + (inner.len() - inner.trim_ascii_start().len());
        let to = from + inner.trim_ascii().len();
        self.keep(from, to, value, inside, of_page);
    }

    fn quoted(&mut self, start: usize, end: usize, value: &str, inside: Inside, of_page: bool) {
        let token = self.masked.get(start..end).unwrap_or_default();
        let closed = token.len() > 1 && token.last() == token.first();
        self.keep(start + 1, if closed { end - 1 } else { end }, value, inside, of_page);
    }

    fn keep(&mut self, start: usize, end: usize, value: &str, inside: Inside, of_page: bool) {
        let raw = self.masked.get(start..end).unwrap_or_default();
        let escaped = memchr::memchr(b'\\', raw).is_some();
        let written = if is_variable(raw) {
            Written::decoded(Span::new(start + self.offset, end + self.offset), vec![HOLE])
        } else if escaped {
            let text = value.replace('\u{FFFD}', "\u{1A}").into_bytes();
            Written::decoded(Span::new(start + self.offset, end + self.offset), text)
        } else {
            Written::at(self.block, self.masked, start, end, self.offset)
        };
        let mut role = inside.role();
        let of_page = of_page || inside == Inside::ImageLoader;
        if of_page {
            role.strength = Strength::Silent;
        }
        let Some(mut reference) = written.reference(role) else { return };
        if of_page {
            super::syntax::url::unknown_base(&mut reference);
        }
        self.out.push(reference);
    }
}

/// What follows an at-keyword.
fn at_rule(name: &str, outer: Inside) -> Inside {
    let is = |rule: &str| name.eq_ignore_ascii_case(rule);
    if is("import") {
        Inside::Import
    } else if is("font-face") {
        Inside::FontFace
    } else if is("namespace") || is("document") || is("-moz-document") {
        Inside::Names
    } else {
        outer
    }
}

/// Properties whose URL Internet Explorer and old Gecko resolved against the page.
fn is_of_page(property: &str) -> bool {
    ["behavior", "-ms-behavior", "-moz-binding"].iter().any(|name| property.eq_ignore_ascii_case(name))
}

/// A variable or an interpolation of a preprocessor: `$path`, `@{path}/x.png`, `#{$path}`.
fn is_variable(raw: &[u8]) -> bool {
    let holds = |marker: &[u8]| memchr::memmem::find(raw, marker).is_some();
    raw.starts_with(b"$") || holds(b"#{") || holds(b"@{") || holds(b"${")
}

/// The last comment that names a source map counts (ECMA-426).
fn source_map_only<'s>(block: &'s [u8], offset: usize, out: &mut Vec<Reference<'s>>) {
    let Some(marker) = memchr::memmem::rfind(block, b"sourceMappingURL=") else { return };
    let Some(start) = memchr::memmem::rfind(&block[..marker], b"/*") else { return };
    let end = memchr::memmem::find(&block[marker..], b"*/").map_or(block.len(), |at| marker + at + 2);
    out.extend(source_map(block, start, end, offset));
}

/// `/*# sourceMappingURL=x */` between these offsets (ECMA-426).
fn source_map(block: &[u8], start: usize, end: usize, offset: usize) -> Option<Reference<'_>> {
    let comment = block.get(start..end)?;
    let body = comment.strip_prefix(b"/*")?;
    let body = body.strip_suffix(b"*/").unwrap_or(body);
    let after = body.strip_prefix(b"#").or_else(|| body.strip_prefix(b"@"))?.trim_ascii_start();
    let url = after.strip_prefix(b"sourceMappingURL=")?.trim_ascii_end();
    let from = start + 2 + (body.len() - after.len()) + b"sourceMappingURL=".len();
    Written::at(block, block, from, from + url.len(), offset).reference(SOURCE_MAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(css: &str) -> Vec<(String, &'static str)> {
        let mut out = Vec::new();
        assert!(scan_block(css.as_bytes(), css.as_bytes(), 0, &mut out));
        let text = |reference: &Reference<'_>| match &reference.expr {
            PathExpr::Literal(text) => String::from_utf8_lossy(text).into_owned(),
            other => format!("{other:?}").chars().take_while(char::is_ascii_alphabetic).collect(),
        };
        out.iter().map(|reference| (text(reference), reference.construct)).collect()
    }

    #[test]
    fn urls_in_every_place() {
        for (css, want) in [
            ("a{b:url(x.png)}", vec![("x.png", "url()")]),
            ("a{b:url( 'x y.png' )}", vec![("x y.png", "url()")]),
            ("a{b:src(\"x.png\")}", vec![("x.png", "url()")]),
            ("@import 'a.css' layer(b);", vec![("a.css", "@import")]),
            ("@import url(a.css) screen;", vec![("a.css", "@import")]),
            ("@import url('a.css');", vec![("a.css", "@import")]),
            ("@namespace svg url(http://x);", vec![]),
            ("@media print{a{b:url(x)}}", vec![("x", "url()")]),
            ("a{b:url(#g)} b{c:url()}", vec![]),
            ("a{content:'x.png'}", vec![]),
            ("a{b:url($x)}", vec![("Hole", "url()")]),
            ("a{b:url(a\\20 b.png)}", vec![("a b.png", "url()")]),
            ("a{/* url(c.png) */}", vec![]),
            ("a{b:url(x", vec![("x", "url()")]),
            ("/*# sourceMappingURL=a.css.map */", vec![("a.css.map", "sourceMappingURL")]),
            ("a{b:c}\n/*# sourceMappingURL=a.css.map */", vec![("a.css.map", "sourceMappingURL")]),
            ("@font-face{src:url(a.woff)}", vec![("a.woff", "@font-face src")]),
            (
                "@font-face{src:local('x'),url(a.woff) format('woff'),url('b.ttf')}",
                vec![("FirstOf", "@font-face src"), ("a.woff", "@font-face src"), ("b.ttf", "@font-face src")],
            ),
            (
                "a{b:image-set('x.png' 1x type('image/png'),url(y.png) 2x)}",
                vec![("FirstOf", "image-set()"), ("x.png", "image-set()"), ("y.png", "image-set()")],
            ),
            ("a{behavior:url(x.htc)}", vec![("Join", "url()")]),
            (
                "a{filter:progid:DXImageTransform.Microsoft.AlphaImageLoader(src='x.png')}",
                vec![("Join", "AlphaImageLoader")],
            ),
        ] {
            let want: Vec<(String, &str)> = want.into_iter().map(|(text, name)| (text.to_owned(), name)).collect();
            assert_eq!(found(css), want, "{css}");
        }
    }

    #[test]
    fn a_sheet_that_loads_nothing_is_told_by_its_bytes() {
        for css in ["a{b:URL(x)}", "@IMPORT 'a'", "a{b:\\75rl(x)}", "a{b:-webkit-image-set(x)}", "a{b:image(x)}"] {
            assert!(last_marker(css.as_bytes()).is_some(), "{css}");
        }
        for css in ["", "a{b:rgb(0,0,0)}", "@media(x){}", "@import", "(", "a{content:'url'}"] {
            assert_eq!(last_marker(css.as_bytes()).is_some(), css == "@import", "{css}");
        }
    }

    #[test]
    fn spans_are_the_inside_of_the_quotes() {
        for (css, want) in [("a{b:url( x.png )}", "x.png"), ("a{b:url('x.png')}", "x.png"), ("@import \"x\"", "x")] {
            let mut out = Vec::new();
            scan_block(css.as_bytes(), css.as_bytes(), 0, &mut out);
            assert_eq!(out[0].span.of(css.as_bytes()), want.as_bytes(), "{css}");
        }
    }

    #[test]
    fn bytes_that_are_not_text_stay_as_they_are() {
        let css = b"a{b:url(\xff.png)}";
        let mut out = Vec::new();
        scan_block(css, css, 0, &mut out);
        assert_eq!(out[0].expr.as_literal(), Some(b"\xff.png".as_slice()));
    }

    #[test]
    fn deep_nesting_ends() {
        for open in ["{", "(", "[", "a{", "url(", "@import "] {
            let css = open.repeat(100_000);
            let mut out = Vec::new();
            scan_block(css.as_bytes(), css.as_bytes(), 0, &mut out);
        }
    }
}
