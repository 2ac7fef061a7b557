//! Elements whose URL means something by another attribute: `link rel`, `meta name`, `param name`, `input type`.

use super::super::UrlKind::{Asset, Navigation};
use super::super::syntax::url::Role;
use super::tokens::Tag;
use crate::diagnostic::{Severity, Strength};

/// What `link href` is, by the words of its `rel`; nothing where no file is meant (`preconnect`, `pingback`).
pub(super) fn link(rel: &[u8]) -> Option<Role> {
    let roles = rel.split(u8::is_ascii_whitespace).filter_map(link_type);
    // `alternate stylesheet` is a style sheet: what is loaded comes before what is followed.
    roles.reduce(|a, b| if a.kind == Asset { a } else { b })
}

fn link_type(word: &[u8]) -> Option<Role> {
    let asset = Role::broken("link href", Asset);
    let page = Role::broken("link href", Navigation).at_most(Severity::Warning);
    Some(match word {
        b"stylesheet" | b"preload" | b"modulepreload" | b"manifest" | b"import" => asset,
        // Browsers fall back to another icon, or to none.
        b"icon"
        | b"apple-touch-icon"
        | b"apple-touch-icon-precomposed"
        | b"apple-touch-startup-image"
        | b"mask-icon"
        | b"fluid-icon"
        | b"image_src" => asset.at_most(Severity::Warning),
        b"search" | b"serviceworker" => Role { strength: Strength::Silent, ..asset }.at_most(Severity::Warning),
        b"prefetch" | b"prerender" | b"canonical" | b"alternate" | b"next" | b"prev" | b"author" | b"license"
        | b"help" | b"amphtml" | b"contents" | b"index" | b"start" | b"up" | b"copyright" | b"top" | b"first"
        | b"last" => page,
        _ => return None,
    })
}

/// Names of `meta` whose `content` is the URL of a file.
const META: [&[u8]; 22] = [
    b"image",
    b"logo",
    b"msapplication-config",
    b"msapplication-square150x150logo",
    b"msapplication-square310x310logo",
    b"msapplication-square70x70logo",
    b"msapplication-tileimage",
    b"msapplication-wide310x150logo",
    b"og:audio",
    b"og:audio:secure_url",
    b"og:audio:url",
    b"og:image",
    b"og:image:secure_url",
    b"og:image:url",
    b"og:video",
    b"og:video:secure_url",
    b"og:video:url",
    b"thumbnail",
    b"thumbnailurl",
    b"twitter:image",
    b"twitter:image:src",
    b"twitter:player",
];

/// What a `meta` element's `content` is.
pub(super) enum Meta {
    /// `N; url=…`.
    Refresh,
    /// A URL.
    Url(Role),
}

pub(super) fn meta(tag: &Tag<'_>) -> Option<Meta> {
    if tag.keyword(b"http-equiv").as_ref() == b"refresh" {
        return Some(Meta::Refresh);
    }
    let named = |attribute: &[u8]| META.binary_search(&tag.keyword(attribute).as_ref()).is_ok();
    let known = named(b"property") || named(b"name") || named(b"itemprop");
    known.then_some(Meta::Url(Role::broken("meta content", Asset).at_most(Severity::Warning)))
}

/// The range of the URL in `5; url='x'` (WHATWG HTML, "Shared declarative refresh steps").
pub(super) fn refresh(content: &[u8]) -> Option<std::ops::Range<usize>> {
    let at = content.iter().position(|byte| matches!(byte, b';' | b','))? + 1;
    let rest = content.get(at..)?;
    let skip = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let mut start = at + skip(rest);
    if content.get(start..start + 3).is_some_and(|word| word.eq_ignore_ascii_case(b"url")) {
        let equals = start + 3 + skip(&content[start + 3..]);
        if content.get(equals) == Some(&b'=') {
            start = equals + 1 + skip(&content[equals + 1..]);
        }
    }
    let value = content.get(start..)?;
    match value.first() {
        Some(quote @ (b'"' | b'\'')) => {
            let length = memchr::memchr(*quote, &value[1..]).unwrap_or(value.len() - 1);
            Some(start + 1..start + 1 + length)
        }
        _ => Some(start..start + value.trim_ascii_end().len()),
    }
}

/// Whether a `param`'s value is a URL (obsolete, but players of media read it).
pub(super) fn is_url_param(name: &[u8]) -> bool {
    matches!(name, b"src" | b"movie" | b"filename" | b"url" | b"data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(META.is_sorted());
    }

    #[test]
    fn link_types() {
        assert!(link(b"preconnect").is_none() && link(b"dns-prefetch").is_none() && link(b"").is_none());
        assert_eq!(link(b"alternate stylesheet").unwrap().kind, Asset);
        assert_eq!(link(b"shortcut icon").unwrap().ceiling, Severity::Warning);
        assert_eq!(link(b"next").unwrap().kind, Navigation);
    }

    #[test]
    fn refreshes() {
        for (content, want) in [
            ("5", None),
            ("0;url=a.html", Some("a.html")),
            ("0; URL = 'a b.html' x", Some("a b.html")),
            ("0, a.html ", Some("a.html")),
            ("0;", Some("")),
        ] {
            assert_eq!(refresh(content.as_bytes()).map(|range| &content[range]), want, "{content}");
        }
    }
}
