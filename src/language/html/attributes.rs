//! Which attribute of which element bears a URL (WHATWG HTML, "Index of attributes"; SVG 2, "Linking").
//!
//! Rows, not code. Bound attributes of frameworks (`:src`, `[src]`, `ng-src`, `th:src`) are expressions and have no
//! row; `srcset`-like lists are marked. What depends on a second attribute (`link rel`, `meta name`) is in
//! [`super::elements`].

use super::super::UrlKind::{Asset, Navigation};
use super::super::syntax::url::Role;
use crate::diagnostic::{Severity, Strength};

/// How a value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One URL.
    Url,
    /// A list as in `srcset`.
    List,
    /// One URL in an attribute that scripts read: only with the extension of a static file.
    Lazy,
    /// A list in an attribute that scripts read.
    LazyList,
}

/// An attribute that bears a URL.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// In lower case.
    pub attribute: &'static str,
    /// In lower case; `*` for any.
    pub element: &'static str,
    pub shape: Shape,
    pub role: Role,
}

const fn asset(attribute: &'static str, element: &'static str, construct: &'static str) -> Row {
    Row { attribute, element, shape: Shape::Url, role: Role::broken(construct, Asset) }
}

const fn list(attribute: &'static str, element: &'static str, construct: &'static str) -> Row {
    Row { shape: Shape::List, ..asset(attribute, element, construct) }
}

const fn link(attribute: &'static str, element: &'static str, construct: &'static str) -> Row {
    Row { attribute, element, shape: Shape::Url, role: Role::broken(construct, Navigation) }
}

/// A source that nobody sees fail.
const fn quiet(row: Row) -> Row {
    Row { role: Role { strength: Strength::Silent, ceiling: Severity::Warning, ..row.role }, ..row }
}

/// An attribute that only scripts read: a plain miss says nothing.
const fn lazy(attribute: &'static str) -> Row {
    let role = Role { strength: Strength::Optional, ceiling: Severity::Warning, ..Role::broken(attribute, Asset) };
    Row { attribute, element: "*", shape: Shape::Lazy, role }
}

/// Every row, sorted by attribute, then element.
pub(super) const ROWS: &[Row] = &[
    link("action", "form", "form action"),
    asset("background", "body", "body background"),
    asset("background", "table", "table background"),
    asset("background", "tbody", "tbody background"),
    asset("background", "td", "td background"),
    asset("background", "th", "th background"),
    asset("background", "thead", "thead background"),
    asset("background", "tr", "tr background"),
    quiet(link("cite", "blockquote", "blockquote cite")),
    quiet(link("cite", "del", "del cite")),
    quiet(link("cite", "ins", "ins cite")),
    quiet(link("cite", "q", "q cite")),
    asset("data", "object", "object data"),
    lazy("data-background"),
    lazy("data-background-image"),
    lazy("data-bg"),
    lazy("data-fallback"),
    lazy("data-full"),
    lazy("data-hi-res-src"),
    lazy("data-image"),
    lazy("data-img"),
    lazy("data-large"),
    lazy("data-lazy"),
    lazy("data-lazy-src"),
    lazy("data-original"),
    lazy("data-poster"),
    lazy("data-src"),
    Row { shape: Shape::LazyList, ..lazy("data-srcset") },
    lazy("data-thumb"),
    link("formaction", "button", "button formaction"),
    link("formaction", "input", "input formaction"),
    link("href", "a", "a href"),
    link("href", "area", "area href"),
    asset("href", "cursor", "cursor href"),
    asset("href", "feimage", "feImage href"),
    asset("href", "filter", "filter href"),
    asset("href", "image", "image href"),
    asset("href", "lineargradient", "linearGradient href"),
    asset("href", "mpath", "mpath href"),
    asset("href", "pattern", "pattern href"),
    asset("href", "radialgradient", "radialGradient href"),
    asset("href", "script", "script href"),
    asset("href", "textpath", "textPath href"),
    asset("href", "tref", "tref href"),
    asset("href", "use", "use href"),
    quiet(link("longdesc", "img", "img longdesc")),
    quiet(asset("lowsrc", "img", "img lowsrc")),
    quiet(asset("manifest", "html", "html manifest")),
    asset("poster", "amp-video", "amp-video poster"),
    asset("poster", "model-viewer", "model-viewer poster"),
    asset("poster", "video", "video poster"),
    asset("src", "amp-anim", "amp-anim src"),
    asset("src", "amp-img", "amp-img src"),
    asset("src", "amp-video", "amp-video src"),
    asset("src", "audio", "audio src"),
    asset("src", "embed", "embed src"),
    quiet(asset("src", "esi:include", "esi:include src")),
    link("src", "fencedframe", "fencedframe src"),
    link("src", "frame", "frame src"),
    link("src", "iframe", "iframe src"),
    asset("src", "image", "image src"),
    asset("src", "img", "img src"),
    asset("src", "input", "input src"),
    asset("src", "ion-icon", "ion-icon src"),
    asset("src", "lottie-player", "lottie-player src"),
    asset("src", "model-viewer", "model-viewer src"),
    link("src", "portal", "portal src"),
    asset("src", "script", "script src"),
    asset("src", "source", "source src"),
    asset("src", "track", "track src"),
    asset("src", "video", "video src"),
    list("srcset", "amp-img", "amp-img srcset"),
    list("srcset", "img", "img srcset"),
    list("srcset", "source", "source srcset"),
    link("xlink:href", "a", "a xlink:href"),
    asset("xlink:href", "cursor", "cursor xlink:href"),
    asset("xlink:href", "feimage", "feImage xlink:href"),
    asset("xlink:href", "filter", "filter xlink:href"),
    asset("xlink:href", "image", "image xlink:href"),
    asset("xlink:href", "lineargradient", "linearGradient xlink:href"),
    asset("xlink:href", "mpath", "mpath xlink:href"),
    asset("xlink:href", "pattern", "pattern xlink:href"),
    asset("xlink:href", "radialgradient", "radialGradient xlink:href"),
    asset("xlink:href", "script", "script xlink:href"),
    asset("xlink:href", "textpath", "textPath xlink:href"),
    asset("xlink:href", "tref", "tref xlink:href"),
    asset("xlink:href", "use", "use xlink:href"),
];

/// The row of an attribute on an element.
pub(super) fn row(attribute: &[u8], element: &[u8]) -> Option<&'static Row> {
    if !may_bear(attribute) {
        return None;
    }
    let key = |row: &Row| row.attribute.as_bytes().cmp(attribute);
    let at = ROWS
        .binary_search_by(|row| key(row).then_with(|| row.element.as_bytes().cmp(element)))
        .or_else(|_| ROWS.binary_search_by(|row| key(row).then_with(|| row.element.as_bytes().cmp(b"*"))))
        .ok()?;
    ROWS.get(at)
}

/// Turns away what pages are full of (`class`, `id`, `alt`) before the table is searched.
fn may_bear(attribute: &[u8]) -> bool {
    match attribute.first() {
        Some(b's') => attribute.starts_with(b"src"),
        Some(b'h') => attribute == b"href",
        Some(b'd') => attribute.starts_with(b"data"),
        Some(b'c') => attribute == b"cite",
        Some(b'a') => attribute == b"action",
        Some(b'b' | b'f' | b'l' | b'm' | b'p' | b'x') => true,
        _ => false,
    }
}

/// Attributes of SVG whose value may hold `url()` (SVG 2, "Presentation attributes").
pub(super) fn is_presentation(attribute: &[u8]) -> bool {
    const NAMES: [&[u8]; 9] = [
        b"clip-path",
        b"cursor",
        b"fill",
        b"filter",
        b"marker-end",
        b"marker-mid",
        b"marker-start",
        b"mask",
        b"stroke",
    ];
    NAMES.contains(&attribute)
}

/// Whether a URL ends in the extension of a static file, one letter of which may be doubled by a slip; query and
/// fragment left off.
pub(in crate::language) fn has_static_extension(url: &[u8]) -> bool {
    const EXTENSIONS: [&str; 32] = [
        "avif", "bmp", "css", "csv", "eot", "gif", "glb", "htm", "html", "ico", "jpeg", "jpg", "js", "json", "m4a",
        "mjs", "mov", "mp3", "mp4", "ogg", "ogv", "otf", "pdf", "png", "svg", "ttf", "txt", "wav", "webm", "webp",
        "woff", "woff2",
    ];
    let end = memchr::memchr2(b'?', b'#', url).unwrap_or(url.len());
    let path = url[..end].trim_ascii();
    let extension = crate::path::split_extension(crate::path::name(path)).1.unwrap_or_default();
    let is_known = |extension: &[u8]| EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known.as_bytes()));
    let doubled = |&at: &usize| extension[at] == extension[at - 1];
    let single = |at: usize| [&extension[..at], &extension[at + 1..]].concat();
    is_known(extension) || (1..extension.len()).filter(doubled).any(|at| is_known(&single(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_found() {
        assert!(ROWS.is_sorted_by_key(|row| (row.attribute, row.element)));
        for want in ROWS {
            let found = row(want.attribute.as_bytes(), want.element.as_bytes()).unwrap();
            assert_eq!(found.role.construct, want.role.construct);
        }
        assert!(row(b"data-src", b"div").is_some() && row(b"src", b"div").is_none());
    }
}
