//! The content namespace: what pages of Hugo and of Jekyll name by a word of their generator.
//!
//! Hugo finds a page from where the page lies that names it, from the root of the content, and by its bare name; it
//! puts paths in lower letters (gohugo.io "ref", "Shortcode templates"). Where content is brought by a module or made
//! by a template, and of a page below a folder that is not there, nothing is told. Jekyll compares the path of a file
//! in its source letter by letter, and stops without it (jekyllrb.com "Linking to pages").
//!
//! What this does not do: whether a build stops (`refLinksErrorLevel`).

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::index::{EntryId, EntryKind, Index};
use crate::path;
use crate::reference::{Content, Reference, SiteFolder};

/// What Hugo puts behind the name of a page.
const PAGES: [&str; 8] = [".md", "/_index.md", "/index.md", ".html", "/_index.html", "/index.html", ".adoc", ".org"];
/// Folders of shortcodes below the templates of a site or a theme, the first being that of old.
const SHORTCODES: [&str; 2] = ["shortcodes", "_shortcodes"];
/// Files beside a site of Hugo by which modules bring what is not in the tree.
const MODULES: [&str; 2] = ["go.mod", "hugo.work"];
/// Those by which themes may come from packages and other repositories.
pub(super) const PACKAGES: [&str; 3] = [".gitmodules", "node_modules", "package.json"];
/// What Jekyll takes for a post.
const POSTS: [&str; 6] = ["md", "markdown", "html", "mkd", "textile", "adoc"];

/// Looks up what content names.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Content) -> Resolution {
    let Some(text) = reference.expr.as_literal() else { return Resolution::Dynamic("a part is filled in later") };
    if text.iter().any(|byte| b"{}<>$*".contains(byte)) {
        return Resolution::Dynamic("a part is filled in later");
    }
    if crate::language::has_scheme(text) {
        return Resolution::External("another host");
    }
    let sites = &site.project.sites;
    let home = match kind {
        Content::HugoPage | Content::HugoShortcode => sites.hugo(site.path()),
        Content::JekyllFile | Content::JekyllPost => sites.jekyll(site.path()),
    };
    let Some(home) = home else { return Resolution::Dynamic("no site is known") };
    match kind {
        Content::HugoPage => page(site, home, text),
        Content::HugoShortcode => shortcode(site, home, text),
        Content::JekyllFile => file(site, home, text),
        Content::JekyllPost => post(site, home, text),
    }
}

/// A page of Hugo.
fn page(site: &Site<'_>, home: &[u8], text: &[u8]) -> Resolution {
    const ELSEWHERE: Resolution = Resolution::Dynamic("content may be brought or made");
    let index = site.world.index;
    let end = memchr::memchr2(b'#', b'?', text).unwrap_or(text.len());
    let name = text[..end].trim_ascii();
    let name = name.strip_suffix(b"/").unwrap_or(name);
    if name.is_empty() {
        return Resolution::Dynamic("the page itself, or the root of the content");
    }
    let root = site.project.sites.content(home);
    let name = of_folder(name);
    let relative = name.strip_prefix(b"/").unwrap_or(name);
    let from = |start: &[u8]| path::normalize(&path::join(start, relative)).map(std::borrow::Cow::into_owned);
    let here = from(site.directory()).filter(|_| relative.len() == name.len());
    let from_root = from(&root);
    for place in here.iter().chain(&from_root) {
        if let Some(id) = page_at(index, place) {
            return Resolution::Found(id);
        }
    }
    if let Some(id) = anywhere(index, &root, relative).or_else(|| anywhere(index, &root, &hugo_name(relative))) {
        return Resolution::Found(id);
    }
    if is_mounted(index, &root, relative)
        || is_brought(index, home, &[])
        || index.named(b"_content.gotmpl").next().is_some()
    {
        return ELSEWHERE;
    }
    let told = here.into_iter().chain(from_root).filter(|place| index.is_directory(path::parent(place)));
    let whole = |place: Vec<u8>| if path::extension(&place).is_empty() { [&*place, b".md"].concat() } else { place };
    // A bare name may be that of any page, in any letters.
    let near_only = !relative.contains(&b'/');
    let candidate = |place| Candidate { near_only, ..Candidate::new(whole(place), Certainty::Likely) };
    let candidates: Vec<Candidate> = told.map(candidate).collect();
    if candidates.is_empty() { ELSEWHERE } else { Resolution::Missing(candidates) }
}

/// Whether a page of that name and folder stands elsewhere in the content: a mount may show it in both places.
fn is_mounted(index: &Index, root: &[u8], name: &[u8]) -> bool {
    let segments: Vec<&[u8]> = path::segments(name).collect();
    segments.len() > 1 && anywhere(index, root, &segments[segments.len() - 2..].join(&b'/')).is_some()
}

/// A name that ends in the file of a bundle's or a section's own page is that of its folder.
fn of_folder(name: &[u8]) -> &[u8] {
    let stem = name.strip_suffix(b".md").unwrap_or(name);
    let folder = stem.strip_suffix(b"/index").or_else(|| stem.strip_suffix(b"/_index"));
    folder.filter(|folder| !folder.is_empty()).unwrap_or(name)
}

/// A page or a section at a place, whatever of its name is left out.
fn page_at(index: &Index, place: &[u8]) -> Option<EntryId> {
    let with = |end: &&str| folded(index, &[place, end.as_bytes()].concat());
    folded(index, place).or_else(|| PAGES.iter().find_map(with)).or_else(|| translated(index, place))
}

/// `page.de.md`, for the name `page` or `page.md`.
fn translated(index: &Index, place: &[u8]) -> Option<EntryId> {
    let folder = index.id(path::parent(place))?;
    let stem = path::without_extension(place);
    let starts = |child: &EntryId| {
        let other = index.name(*child);
        let stem = path::name(stem);
        other.get(..stem.len()).is_some_and(|head| head.eq_ignore_ascii_case(stem))
            && other.get(stem.len()) == Some(&b'.')
    };
    index.children(folder).find(starts)
}

/// A page by the end of its path, anywhere in the content.
fn anywhere(index: &Index, root: &[u8], name: &[u8]) -> Option<EntryId> {
    let name = path::normalize(name)?;
    let ends = std::iter::once("").chain(PAGES);
    ends.into_iter().find_map(|end| {
        let form = [&*name, end.as_bytes()].concat();
        index.ending_in(&form).find(|&id| path::is_below(index.path(id), root))
    })
}

/// The entry at a path whose letters are of either case.
fn folded(index: &Index, place: &[u8]) -> Option<EntryId> {
    if let Some(id) = index.id(place) {
        return Some(id);
    }
    path::segments(place).try_fold(EntryId::ROOT, |folder, segment| {
        let exact = index.id(&path::join(index.path(folder), segment));
        if exact.is_some() || index.kind(folder) == EntryKind::File {
            return exact;
        }
        let put = |from: u8, to: u8| segment.iter().map(|byte| if *byte == from { to } else { *byte }).collect();
        let written: [Vec<u8>; 3] = [segment.to_vec(), put(b' ', b'-'), put(b'-', b' ')];
        let same = |id: &EntryId| hugo_name(index.name(*id)) == hugo_name(segment);
        written.iter().find_map(|name| index.folded(folder).alike(name).iter().copied().find(same))
    })
}

/// How Hugo writes a segment: in lower letters, with hyphens for blanks.
fn hugo_name(segment: &[u8]) -> Vec<u8> {
    segment.iter().map(|byte| if *byte == b' ' { b'-' } else { byte.to_ascii_lowercase() }).collect()
}

/// Whether what the site names may come from elsewhere, by modules or by more.
pub(super) fn is_brought(index: &Index, home: &[u8], more: &[&str]) -> bool {
    let beside =
        |above: &[u8]| MODULES.iter().chain(more).any(|name| index.id(&path::join(above, name.as_bytes())).is_some());
    // A site that shows a theme stands in the theme.
    let shown = path::segments(home).any(|segment| segment.eq_ignore_ascii_case(b"exampleSite"));
    let themes = index.id(&path::join(home, b"themes"));
    let empty = |folder| index.children(folder).all(|theme| index.kind(theme) == EntryKind::File);
    shown || path::ancestors(home).any(beside) || themes.is_some_and(empty)
}

/// The template of a shortcode, in the site or in a theme.
fn shortcode(site: &Site<'_>, home: &[u8], name: &[u8]) -> Resolution {
    let index = site.world.index;
    let Some(name) = path::normalize(name) else { return Resolution::Dynamic("no name") };
    let themes = index.id(&path::join(home, b"themes"));
    let themes = themes.into_iter().flat_map(|folder| index.children(folder)).map(|id| index.path(id).to_vec());
    let own =
        |home: Vec<u8>| SHORTCODES.map(|folder| path::join(&site.project.sites.layouts(&home), folder.as_bytes()));
    let above = path::ancestors(home).map(<[u8]>::to_vec);
    let folders: Vec<Vec<u8>> = above.chain(themes).flat_map(own).filter(|folder| index.is_directory(folder)).collect();
    for folder in &folders {
        let place = path::join(folder, &name);
        if let Some(id) = folded(index, &[&*place, b".html"].concat()).or_else(|| translated(index, &place)) {
            return Resolution::Found(id);
        }
    }
    let form = [&*name, b".html"].concat();
    if let Some(id) = index.ending_in(&form).next() {
        return Resolution::Found(id);
    }
    if folders.is_empty() || is_brought(index, home, &PACKAGES) {
        return Resolution::Dynamic("a theme may bring it");
    }
    let candidate = |folder: &Vec<u8>| Candidate::new(path::join(folder, &form), Certainty::Likely);
    Resolution::Missing(folders.iter().map(candidate).collect())
}

/// What Jekyll makes a site of.
fn source<'s>(site: &Site<'s>, home: &'s [u8]) -> &'s [u8] {
    site.project.sites.moved(home, SiteFolder::Source).unwrap_or(home)
}

/// What holds the folders of Jekyll's collections, which are left out of the names of what is in them.
fn collections<'s>(site: &Site<'s>, home: &'s [u8]) -> &'s [u8] {
    site.project.sites.moved(home, SiteFolder::Collections).unwrap_or_else(|| source(site, home))
}

/// A file of Jekyll's, from the root of its source.
fn file(site: &Site<'_>, home: &[u8], text: &[u8]) -> Resolution {
    let index = site.world.index;
    let Some(name) = path::normalize(text.strip_prefix(b"/").unwrap_or(text)) else { return Resolution::Outside };
    let of_collection = name.starts_with(b"_");
    let place = path::join(if of_collection { collections(site, home) } else { source(site, home) }, &name);
    if let Some(id) = index.id(&place).or_else(|| index.ending_in(&name).next()) {
        return Resolution::Found(id);
    }
    // A program of the site's own makes pages where it likes.
    let made = index.is_directory(&path::join(home, b"_plugins")) || !index.is_directory(path::parent(&place));
    let certainty = if made { Certainty::Likely } else { Certainty::Certain };
    Resolution::Missing(vec![Candidate::new(place, certainty)])
}

/// A post of Jekyll's, in any folder of posts.
fn post(site: &Site<'_>, home: &[u8], text: &[u8]) -> Resolution {
    let index = site.world.index;
    let Some(name) = path::normalize(text.strip_prefix(b"/").unwrap_or(text)) else { return Resolution::Outside };
    let with = |extension: &&str| [&*name, b".", extension.as_bytes()].concat();
    let found = POSTS.iter().find_map(|extension| index.ending_in(&with(extension)).next());
    if let Some(id) = found {
        return Resolution::Found(id);
    }
    let posts = path::join(collections(site, home), b"_posts");
    // Posts are told from drafts, and from what a date in front renames, by their dates.
    let dated = path::name(&name).iter().take(4).all(u8::is_ascii_digit);
    if !dated || !index.is_directory(&posts) {
        return Resolution::Dynamic("no folder of posts is known");
    }
    let named = POSTS.iter().map(|extension| path::join(&posts, &with(extension)));
    let one = |place| Candidate::new(place, Certainty::Likely);
    Resolution::Missing(named.take(2).map(one).collect())
}
