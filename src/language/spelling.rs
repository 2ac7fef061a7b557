//! How a path is written into a literal: which bytes of a source to replace, and by what, so that a reference
//! names another file.
//!
//! Apart from the languages because a fix, and a rename, must write what a scanner reads. Only the last literal of
//! an expression is ever changed. What is put there is escaped as its host wants it: after the quote before it in
//! PHP, Python and templates, percent-encoded in URLs, as JSON in manifests. Where a name would need an escape that
//! is not known to be right (an unquoted value, a raw string), nothing is proposed.

use std::borrow::Cow;

use super::{Autoloaded, Laravel, Loaded, Magento, Namespace, Puppet, Rails, Sheet};
use crate::diagnostic::{Span, is_invisible};
use crate::path;

/// A literal that names a file.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// The bytes of its source.
    pub source: &'a [u8],
    /// The inside of the literal, in bytes; empty where nothing can be changed.
    pub tail: Span,
    /// Name of the language.
    pub language: &'a str,
    /// Whose rules look it up.
    pub namespace: Namespace,
}

/// How far a change may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What stands before the changed names stays as it is.
    Below,
    /// `../` may be written to leave the directory that the literal starts from.
    Anywhere,
}

/// A way to write names: how, and which it can write.
#[derive(Clone, Copy)]
struct Style {
    write: fn(&[u8]) -> Cow<'_, [u8]>,
    can: fn(&[u8], Host) -> bool,
}

/// What stands around a literal.
#[derive(Clone, Copy)]
struct Host {
    /// The byte right before it, where it is a quote.
    quote: Option<u8>,
    /// Letters before the quote (`rb`, `f`), in lower case, as bits: raw, format, bytes.
    raw: bool,
    format: bool,
    bytes: bool,
}

impl Written<'_> {
    /// The smallest change that makes the literal, which names `old`, name `new`: where, and what to put there.
    #[must_use]
    pub fn change(&self, old: &[u8], new: &[u8], reach: Reach) -> Option<(Span, Vec<u8>)> {
        let text = self.tail.of(self.source);
        if let Some(at) = glued(text, old, new) {
            let at = self.tail.start as usize + at;
            return Some((Span::new(at, at), b"/".to_vec()));
        }
        let reach = match self.namespace {
            Namespace::Path(..)
            | Namespace::Url(_)
            | Namespace::Document(_)
            | Namespace::Node
            | Namespace::Sheet(_)
            | Namespace::Partial(_) => reach,
            _ => Reach::Below,
        };
        let whole = self.is_whole(text, old);
        let (old, new) = if whole { (old.into(), new.into()) } else { (self.named(old)?, self.named(new)?) };
        let names = (old.as_ref(), new.as_ref());
        let at_the_end = |style: &Style| self.at_the_end(style, text, names, reach);
        let inside = |style: &Style| self.inside(style, text, names);
        self.styles().iter().find_map(at_the_end).or_else(|| self.styles().iter().find_map(inside))
    }

    /// Whether a module is named with its extension, a wrong one maybe, so that none is to be left out.
    fn is_whole(&self, text: &[u8], old: &[u8]) -> bool {
        let name = path::name(text);
        self.namespace == Namespace::Node && name == path::name(old) && path::split_extension(name).1.is_some()
    }

    /// A path as a literal of this namespace names it; `None` where a class is declared.
    fn named<'p>(&self, path: &'p [u8]) -> Option<Cow<'p, [u8]>> {
        match self.namespace {
            Namespace::Rails(Rails::Constant) => None,
            Namespace::Rails(kind) => Some(as_view(self.tail.of(self.source), path, kind)),
            Namespace::Sheet(kind) => Some(as_sheet(kind, self.tail.of(self.source), path)),
            _ => self.part(path).map(Cow::Borrowed),
        }
    }

    /// The part of a path that a literal can write.
    fn part<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        match self.namespace {
            Namespace::Class(Autoloaded::Declared) => None,
            Namespace::Class(Autoloaded::Used) => path.strip_suffix(b".php"),
            // `a/b.py` and `a/b/__init__.py` are both `a/b` to an import.
            Namespace::Migration | Namespace::Python { .. } => {
                let path = path.strip_suffix(b"/__init__.py").unwrap_or(path);
                Some(path.strip_suffix(b".py").unwrap_or(path))
            }
            Namespace::Puppet { kind: Puppet::Class | Puppet::Type | Puppet::Function, .. } => {
                let extension = path::extension(path).len();
                Some(path.get(..path.len().saturating_sub(extension + 1)).filter(|_| extension > 0).unwrap_or(path))
            }
            Namespace::Puppet { kind: Puppet::Epp, .. } if !self.tail.of(self.source).ends_with(b".epp") => {
                Some(path.strip_suffix(b".epp").unwrap_or(path))
            }
            Namespace::Lua => Some(path.strip_suffix(b".lua").unwrap_or(path)),
            Namespace::Ruby(_) if !self.tail.of(self.source).ends_with(b".rb") => {
                Some(path.strip_suffix(b".rb").unwrap_or(path))
            }
            Namespace::Node => as_module(self.tail.of(self.source), path),
            Namespace::Partial(_) => {
                let extension = |name| path::split_extension(path::name(name)).1;
                let written = extension(self.tail.of(self.source));
                Some(if written.is_some() { path } else { path::without_extension(path) })
            }
            Namespace::Laravel(Laravel::Component | Laravel::Livewire) if !path.ends_with(b".blade.php") => None,
            Namespace::Loaded(Loaded::View) | Namespace::Phtml(_) => {
                let written = path::split_extension(path::name(self.tail.of(self.source))).1;
                Some(if written.is_some() { path } else { path::without_extension(path) })
            }
            Namespace::Magento(kind) => Some(as_of_module(kind, self.tail.of(self.source), path)),
            Namespace::Action(_) => Some(as_action(self.tail.of(self.source), path)),
            Namespace::Loaded(_) => None,
            Namespace::Laravel(Laravel::Page) => Some(path::without_extension(path)),
            Namespace::View | Namespace::Laravel(Laravel::Component | Laravel::Livewire) => {
                let path = path.strip_suffix(b".blade.php").unwrap_or(path::without_extension(path));
                Some(path).filter(|path| !path.contains(&b'.'))
            }
            _ => Some(path),
        }
    }

    fn spell(&self, style: &Style, path: &[u8]) -> Vec<u8> {
        let separator: &[u8] = match self.namespace {
            Namespace::Lua | Namespace::Python { .. } => b".",
            Namespace::Class(_) => b"\\",
            Namespace::Puppet { kind: Puppet::Class | Puppet::Type | Puppet::Function, .. } => b"::",
            Namespace::Laravel(Laravel::Component | Laravel::Livewire) => b".",
            Namespace::View if !self.tail.of(self.source).contains(&b'/') => b".",
            _ => b"/",
        };
        let segments: Vec<_> = path.split(|&byte| byte == b'/').map(|segment| (style.write)(segment)).collect();
        segments.join(separator)
    }

    /// Of the path's last segments as many as the text ends in are taken for what stands there.
    fn at_the_end(
        &self,
        style: &Style,
        text: &[u8],
        (old, new): (&[u8], &[u8]),
        reach: Reach,
    ) -> Option<(Span, Vec<u8>)> {
        let segments: Vec<&[u8]> = path::segments(old).collect();
        for taken in (1..=segments.len()).rev() {
            let (base, rest) = segments.split_at(segments.len() - taken);
            let rest = rest.join(&b'/');
            let Some(at) = standing(text, &self.spell(style, &rest)) else { continue };
            let wanted = relative(&base.join(&b'/'), new, reach)?;
            let (skip, cut_old, cut_new) = changed(&rest, &wanted);
            let at = at + self.spell(style, &rest[..skip]).len();
            return self.replace(style, at, cut_old, cut_new);
        }
        None
    }

    /// Where the rules of a namespace put folders between the names that are written (`a::b` is `a/manifests/b.pp`):
    /// the segments that differ, where they stand in the text.
    fn inside(&self, style: &Style, text: &[u8], (old, new): (&[u8], &[u8])) -> Option<(Span, Vec<u8>)> {
        let (_, cut_old, cut_new) = changed(old, new);
        let spelled = self.spell(style, cut_old);
        if cut_old.is_empty() || cut_new.is_empty() {
            return None;
        }
        let at = memchr::memmem::rfind(text, &spelled)?;
        let bounded = [at.checked_sub(1), Some(at + spelled.len())].into_iter().flatten();
        let whole = bounded.filter_map(|at| text.get(at)).all(|&byte| is_boundary(byte));
        if whole { self.replace(style, at, cut_old, cut_new) } else { None }
    }

    fn replace(&self, style: &Style, at: usize, old: &[u8], new: &[u8]) -> Option<(Span, Vec<u8>)> {
        if !(style.can)(new, self.host()) {
            return None;
        }
        let (old, new) = (self.spell(style, old), self.spell(style, new));
        let (front, old, new) = smallest_change(&old, &new);
        let start = self.tail.start as usize + at + front;
        Some((Span::new(start, start + old.len()), new.to_vec()))
    }

    fn styles(&self) -> &'static [Style] {
        const AS_IT_IS: Style = Style { write: |text| Cow::Borrowed(text), can: is_plain };
        const QUOTED: Style =
            Style { write: single_quoted, can: |text, host| host.quote == Some(b'\'') && is_text(text, host) };
        const DOUBLE: Style =
            Style { write: double_quoted, can: |text, host| host.quote == Some(b'"') && is_text(text, host) };
        const PHP_DOUBLE: Style = Style { write: php_double_quoted, ..DOUBLE };
        // A blank ends a URL in `srcset`, and in style sheets without quotes.
        const URL_AS_IT_IS: Style = Style {
            write: |text| Cow::Borrowed(text),
            can: |text, host| !text.contains(&b' ') && is_plain(text, host),
        };
        const URL: Style = Style { write: percent_encoded, can: |_, _| true };
        match (self.namespace, self.language) {
            (Namespace::Python { .. } | Namespace::Class(_), _) => &[AS_IT_IS],
            (Namespace::Url(_) | Namespace::Document(_), _) => &[URL_AS_IT_IS, URL],
            (_, "php") => &[AS_IT_IS, QUOTED, PHP_DOUBLE],
            (_, "python" | "jinja") => &[AS_IT_IS, QUOTED, DOUBLE],
            (_, "composer" | "npm") => &[AS_IT_IS, DOUBLE],
            _ => &[AS_IT_IS],
        }
    }

    fn host(&self) -> Host {
        let before = self.source.get(..self.tail.start as usize).unwrap_or_default();
        let quote = before.last().copied().filter(|byte| matches!(byte, b'\'' | b'"'));
        let opened = before.len() - before.iter().rev().take_while(|byte| Some(**byte) == quote).count();
        let letters = before[..opened].iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).take(3);
        let prefix: Vec<u8> = letters.map(u8::to_ascii_lowercase).collect();
        let has = |letter: u8| self.language == "python" && prefix.len() < 3 && prefix.contains(&letter);
        Host { quote, raw: has(b'r'), format: has(b'f'), bytes: has(b'b') }
    }
}

/// A path as the name of a module leaves it: without the extension, or the index, that a text leaves out. `None` where
/// the text has the extension of what a source is compiled to.
fn as_module<'p>(text: &[u8], path: &'p [u8]) -> Option<&'p [u8]> {
    let stem = path::without_extension(path);
    let extension = path.get(stem.len() + 1..).unwrap_or_default();
    let stays = !super::LEFT_OUT.iter().any(|known| known.as_bytes() == extension);
    if stays || text.ends_with(&[b".", extension].concat()) {
        return Some(path);
    }
    if matches!(path::split_extension(path::name(text)).1, Some(b"js" | b"mjs" | b"cjs" | b"jsx")) {
        return None;
    }
    let stem = stem.strip_suffix(b".d").unwrap_or(stem);
    let index = !path::name(text).starts_with(b"index");
    Some(if index { stem.strip_suffix(b"/index").unwrap_or(stem) } else { stem })
}

/// A path as the name of a view leaves it: without the `_` of a partial, and with as many extensions as the text has.
fn as_view<'p>(text: &[u8], path: &'p [u8], kind: Rails) -> Cow<'p, [u8]> {
    let name = path::name(path);
    let dots = path::name(text).iter().filter(|byte| **byte == b'.').count();
    let cut = memchr::memchr_iter(b'.', name).nth(dots).unwrap_or(name.len());
    let front = path.len() - name.len();
    match name[..cut].strip_prefix(b"_").filter(|_| matches!(kind, Rails::Partial | Rails::Part)) {
        Some(stem) => Cow::Owned([&path[..front], stem].concat()),
        None => Cow::Borrowed(&path[..front + cut]),
    }
}

/// A file of a module of Magento's, whose extension the names of scripts and of markup leave out.
fn as_of_module<'p>(kind: Magento, text: &[u8], path: &'p [u8]) -> &'p [u8] {
    let leaves_out = matches!(kind, Magento::Markup | Magento::Script);
    let written = path::extension(text) == path::extension(path);
    if leaves_out && !written { path::without_extension(path) } else { path }
}

/// A view as a text names it that leaves out the extension of its engine, and maybe the format before it.
fn as_action<'p>(text: &[u8], path: &'p [u8]) -> &'p [u8] {
    let name = path::name(path);
    match path::split_extension(path::name(text)).1 {
        None => {
            let stem = memchr::memchr(b'.', name).filter(|&dot| dot > 0).unwrap_or(name.len());
            &path[..path.len() - name.len() + stem]
        }
        Some(written) if path::extension(path) == written => path,
        Some(_) => path::without_extension(path),
    }
}

/// A style sheet as a text that leaves out its extension, the underscore of a partial, or the index of a folder, has
/// it.
fn as_sheet(kind: Sheet, text: &[u8], path: &[u8]) -> Cow<'static, [u8]> {
    let (_, written) = path::split_extension(path::name(text));
    let (_, extension) = path::split_extension(path::name(path));
    let same = written.zip(extension).is_some_and(|(written, extension)| written.eq_ignore_ascii_case(extension));
    let stem = if same { path } else { path::without_extension(path) };
    let named = |name: &[u8]| path::join(path::parent(stem), name);
    match path::name(stem) {
        b"index" | b"_index" if !path::name(text).ends_with(b"index") => Cow::Owned(path::parent(stem).to_vec()),
        name => match name.strip_prefix(b"_").filter(|_| kind == Sheet::Sass && !path::name(text).starts_with(b"_")) {
            Some(rest) => Cow::Owned(named(rest)),
            None => Cow::Owned(stem.to_vec()),
        },
    }
}

/// A slash is missing before a literal that is glued to the name of a directory: where it belongs.
fn glued(text: &[u8], old: &[u8], new: &[u8]) -> Option<usize> {
    let front = old.strip_suffix(text).filter(|front| !front.is_empty() && !front.ends_with(b"/"))?;
    let rest = new.strip_prefix(front)?.strip_prefix(b"/")?;
    (!text.is_empty() && rest == text).then_some(0)
}

/// Where the last segments stand in a text: at its end, from the start of a segment on.
fn standing(text: &[u8], spelled: &[u8]) -> Option<usize> {
    let trimmed = text.strip_suffix(b"/").unwrap_or(text);
    let at = [text, trimmed].into_iter().find_map(|text| Some(text.strip_suffix(spelled)?.len()))?;
    (at == 0 || is_boundary(text[at - 1])).then_some(at)
}

/// Whether a byte parts names.
fn is_boundary(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && byte < 0x80 && byte != b'_' && byte != b'-'
}

/// A path seen from a directory.
fn relative(base: &[u8], path: &[u8], reach: Reach) -> Option<Vec<u8>> {
    if path::is_below(path, base) {
        let rest = &path[base.len()..];
        return Some(rest.strip_prefix(b"/").unwrap_or(rest).to_vec()).filter(|rest| !rest.is_empty());
    }
    if reach == Reach::Below {
        return None;
    }
    let shared = path::segments(base).zip(path::segments(path)).take_while(|(a, b)| a == b).count();
    let up = path::segments(base).count() - shared;
    let down: Vec<&[u8]> = path::segments(path).skip(shared).collect();
    Some([b"../".repeat(up), down.join(&b'/')].concat())
}

/// The segments in which two paths differ, from the first to the last: offset in both, old, new.
fn changed<'p>(old: &'p [u8], new: &'p [u8]) -> (usize, &'p [u8], &'p [u8]) {
    let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let front = memchr::memrchr(b'/', &old[..same]).map_or(0, |at| at + 1);
    let (old, new) = (&old[front..], &new[front..]);
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    // The slash stays with what is cut, so that `a/b` for `b` is told from a name that only ends in `b`.
    let back = memchr::memchr(b'/', &old[old.len() - same..]).map_or(0, |at| same - at);
    (front, &old[..old.len() - back], &new[..new.len() - back])
}

/// Drops the common front and back of two texts: offset, what to cut, what to put.
fn smallest_change<'t>(old: &'t [u8], new: &'t [u8]) -> (usize, &'t [u8], &'t [u8]) {
    let in_character = |text: &[u8], at: usize| text.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
    let mut front = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    while front > 0 && (in_character(old, front) || in_character(new, front)) {
        front -= 1;
    }
    let room = old.len().min(new.len()) - front;
    let mut back = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
    while back > 0 && in_character(old, old.len() - back) {
        back -= 1;
    }
    (front, &old[front..old.len() - back], &new[front..new.len() - back])
}

/// Text that means itself in every language, quoted or not; a blank only where a quote holds it together.
fn is_plain(text: &[u8], host: Host) -> bool {
    const SPECIAL: &[u8] = b"\\\"'$`{}%#&;<>()*?[]|,!";
    let plain = |byte: &u8| !SPECIAL.contains(byte) && (*byte != b' ' || host.quote.is_some());
    text.iter().all(plain) && is_visible(text) && (!host.bytes || text.is_ascii())
}

/// Text that a quoted string can hold with escapes.
fn is_text(text: &[u8], host: Host) -> bool {
    let in_format = host.format && text.iter().any(|byte| matches!(byte, b'{' | b'}'));
    !host.raw && !in_format && is_visible(text) && (!host.bytes || text.is_ascii())
}

fn is_visible(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| !text.contains(is_invisible))
}

fn escaped<'t>(text: &'t [u8], special: &[u8]) -> Cow<'t, [u8]> {
    if !text.iter().any(|byte| special.contains(byte)) {
        return Cow::Borrowed(text);
    }
    let escape = |&byte: &u8| if special.contains(&byte) { vec![b'\\', byte] } else { vec![byte] };
    text.iter().flat_map(escape).collect()
}

fn single_quoted(text: &[u8]) -> Cow<'_, [u8]> {
    escaped(text, b"\\'")
}

fn double_quoted(text: &[u8]) -> Cow<'_, [u8]> {
    escaped(text, b"\\\"")
}

fn php_double_quoted(text: &[u8]) -> Cow<'_, [u8]> {
    escaped(text, b"\\\"$")
}

/// Everything but what needs no encoding in any part of a path (RFC 3986, 2.3), and slashes.
fn percent_encoded(text: &[u8]) -> Cow<'_, [u8]> {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    if text.iter().all(|&byte| keep(byte)) {
        return Cow::Borrowed(text);
    }
    let encode = |&byte: &u8| if keep(byte) { vec![byte] } else { format!("%{byte:02X}").into_bytes() };
    text.iter().flat_map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{UrlKind, Want};

    /// A source after its change; `«` and `»` stand around the literal.
    fn changed_source(marked: &str, place: (&str, Namespace), old: &str, new: &str, reach: Reach) -> Option<String> {
        let start = marked.find('«')?;
        let end = marked.find('»')? - '«'.len_utf8();
        let source = marked.replace(['«', '»'], "");
        let (language, namespace) = place;
        let written = Written { source: source.as_bytes(), tail: Span::new(start, end), language, namespace };
        let (span, put) = written.change(old.as_bytes(), new.as_bytes(), reach)?;
        let mut bytes = source.clone().into_bytes();
        bytes.splice(span.start as usize..span.end as usize, put);
        Some(String::from_utf8(bytes).unwrap())
    }

    const FILE: Namespace = Namespace::Path(&[], Want::File);
    const PHP: (&str, Namespace) = ("php", FILE);
    const HTML: (&str, Namespace) = ("html", Namespace::Url(UrlKind::Asset));
    const MODULE: (&str, Namespace) = ("python", Namespace::Python { member: false });
    const USED: (&str, Namespace) = ("php", Namespace::Class(Autoloaded::Used));
    const CLASS: (&str, Namespace) = ("puppet", Namespace::Puppet { kind: Puppet::Class, own: false });
    const NODE: (&str, Namespace) = ("javascript", Namespace::Node);
    const PUPPET: (&str, Namespace) = ("puppet", Namespace::Puppet { kind: Puppet::File, own: false });

    #[test]
    fn a_name_is_written_as_its_host_wants_it() {
        for (source, place, old, new, want) in [
            ("'«../plugin.jsno»'", NODE, "a/plugin.jsno", "a/plugin.json", "'../plugin.json'"),
            ("'«./buton»'", NODE, "src/buton.tsx", "src/button.tsx", "'./button'"),
            ("'«../Api/get»'", NODE, "src/Api/get.js", "src/api/get.js", "'../api/get'"),
            ("'«./Views»'", NODE, "src/Views/index.js", "src/views/index.js", "'./views'"),
            ("'«./data»'", NODE, "src/data.ts", "src/data.yaml", "'./data.yaml'"),
            ("'«./a.json»'", NODE, "src/a.json", "src/A.json", "'./A.json'"),
            ("'«/x.phpp»'", PHP, "lib/x.phpp", "lib/x.php", "'/x.php'"),
            ("'«/Lib/x.php»'", PHP, "Lib/x.php", "lib/x.php", "'/lib/x.php'"),
            ("'«/x.php »'", PHP, "x.php ", "x.php", "'/x.php'"),
            ("'«inc/x.php»'", PHP, "libinc/x.php", "lib/inc/x.php", "'/inc/x.php'"),
            ("'«lib\\db.php»'", PHP, "lib\\db.php", "lib/db.php", "'lib/db.php'"),
            ("'«lib\\\\db.php»'", PHP, "lib\\db.php", "lib/db.php", "'lib/db.php'"),
            ("'«/its.php»'", PHP, "its.php", "it's.php", "'/it\\'s.php'"),
            ("\"«/a.php»\"", PHP, "a.php", "$a.php", "\"/\\$a.php\""),
            ("\"«a.txt»\"", ("python", FILE), "a.txt", "\"a.txt", "\"\\\"a.txt\""),
            ("\"«img/a.png»\"", HTML, "img/a.png", "img/a b&c.png", "\"img/a%20b%26c.png\""),
            ("\"«img/a%20b.PNG»\"", HTML, "img/a b.PNG", "img/a b.png", "\"img/a%20b.png\""),
            ("url(«a.png»)", ("css", Namespace::Url(UrlKind::Style)), "a.png", "a(1).png", "url(a%281%29.png)"),
            ("\"«é.css»\"", HTML, "é.css", "è.css", "\"è.css\""),
            (
                "from «.lib.helpr» import x",
                MODULE,
                "app/lib/helpr.py",
                "app/lib/helper.py",
                "from .lib.helper import x",
            ),
            ("from «lib» import x", MODULE, "lib.py", "libs/__init__.py", "from libs import x"),
            (
                "include «web::vhots»",
                CLASS,
                "modules/web/manifests/vhots.pp",
                "modules/web/manifests/vhost.pp",
                "include web::vhost",
            ),
            (
                "include «wbe::vhost»",
                CLASS,
                "modules/wbe/manifests/vhost.pp",
                "modules/web/manifests/vhost.pp",
                "include web::vhost",
            ),
            (
                "'puppet:///modules/«web/sub/a.cnf»'",
                PUPPET,
                "modules/web/files/sub/a.cnf",
                "modules/web/files/sub/a.conf",
                "'puppet:///modules/web/sub/a.conf'",
            ),
            ("'«wbe/a.conf»'", PUPPET, "modules/wbe/files/a.conf", "modules/web/files/a.conf", "'web/a.conf'"),
            ("\"«src/»\"", ("composer", FILE), "src", "Src", "\"Src/\""),
            ("use «App\\models\\User»;", USED, "src/models/User.php", "src/Models/User.php", "use App\\Models\\User;"),
        ] {
            assert_eq!(changed_source(source, place, old, new, Reach::Below).as_deref(), Some(want), "{source}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_not_proposed() {
        for (source, place, old, new) in [
            ("r'«a.txt»'", ("python", FILE), "a.txt", "it's.txt"),
            ("f'«a.txt»'", ("python", FILE), "a.txt", "{a}.txt"),
            ("<<<X\n«a.php»\nX;", PHP, "a.php", "$a.php"),
            ("root «a.d»;", ("nginx", FILE), "a.d", "a b.d"),
            ("'«x.php»'", PHP, "other/y.php", "other/z.php"),
            ("'«x.php»'", PHP, "a/x.php", "b/x.php"),
            ("'«ax.php»'", PHP, "x.php", "y.php"),
            ("«App»", ("php", Namespace::Class(Autoloaded::Declared)), "App.php", "app.php"),
            ("'«a.php»'", PHP, "a.php", "a\u{200b}.php"),
        ] {
            assert_eq!(changed_source(source, place, old, new, Reach::Below), None, "{source}");
        }
    }

    #[test]
    fn a_moved_file_is_reached_from_where_the_literal_starts() {
        for (source, old, new, want) in [
            ("'«../lib/x.php»'", "lib/x.php", "app/x.php", "'../app/x.php'"),
            ("'«/x.php»'", "app/lib/x.php", "app/x.php", "'/../x.php'"),
            ("'«lib/x.php»'", "app/lib/x.php", "app/inc/y/x.php", "'inc/y/x.php'"),
        ] {
            assert_eq!(changed_source(source, PHP, old, new, Reach::Anywhere).as_deref(), Some(want), "{source}");
        }
        assert_eq!(
            changed_source("'«lib.x»'", MODULE, "lib/x.py", "app/x.py", Reach::Anywhere).as_deref(),
            Some("'app.x'")
        );
    }
}
