//! The document namespace: links of documents, as a forge follows them and as generators of sites do.
//!
//! A relative link starts where the document lies; a leading `/` is the root of the repository, of the documents, or
//! of what a generator copies as it is. A link is satisfied by any of these. It is missing where the document is read
//! as it lies, or where its extension shows that a file is meant; a name without one may be a route of the site
//! (docs.github.com "Relative links"; mkdocs.org "Linking to pages"; docutils "Directives").

use std::borrow::Cow;

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::index::Lookup;
use crate::path;
use crate::reference::{Document, Reference, Want};

/// Extensions that a link to a page may leave out.
const PAGES: [&str; 14] = [
    "md",
    "mdx",
    "markdown",
    "rst",
    "html",
    "adoc",
    "ipynb",
    "txt",
    "njk",
    "vue",
    "html.md",
    "html.erb",
    "html.md.erb",
    "html.haml",
];
/// Files that a link to a folder leads to.
const INDEX: [&str; 6] = ["index.md", "README.md", "_index.md", "index.mdx", "index.rst", "index.html"];
/// What shows that a generator makes a site of the documents around it.
const GENERATORS: [&str; 24] = [
    "mkdocs.yml",
    "mkdocs.yaml",
    "_config.yml",
    "_config.toml",
    "docusaurus.config.js",
    "docusaurus.config.ts",
    "book.toml",
    "conf.py",
    "antora.yml",
    "docfx.json",
    "hugo.toml",
    "hugo.yaml",
    "config.toml",
    ".vitepress",
    ".vuepress",
    "eleventy.config.js",
    ".eleventy.js",
    "astro.config.mjs",
    "gatsby-config.js",
    "next.config.js",
    "_sidebar.md",
    "zensical.toml",
    "doxygen.conf",
    "Doxyfile",
];
/// Folders in which an attribute may say that the pictures of documents in AsciiDoc lie.
const PICTURES: [&str; 8] =
    ["images", "img", "image", "assets", "assets/images", "_images", "media", "resources/images"];
/// Extensions of documents: a generator leads a link to one from where the document lies, whatever URL it has.
const SOURCES: [&[u8]; 6] = [b"adoc", b"ipynb", b"markdown", b"md", b"mdx", b"rst"];
/// Folders whose content a generator puts at the root of the site.
const COPIED: [&str; 7] = ["", "static", "public", "docs", "content", "src", "assets"];

/// A link without what only a browser reads.
struct Link {
    path: Vec<u8>,
    /// It starts at a root.
    rooted: bool,
}

/// Looks up what a document names.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Document) -> Resolution {
    let Some(text) = reference.expr.as_literal() else { return Resolution::Dynamic("a part is filled in later") };
    if let Some(reversed) = reversed(site, reference, text) {
        return reversed;
    }
    let link = match link(text, kind) {
        Ok(link) => link,
        Err(other) => return other,
    };
    let generated = generator(site);
    let places = places(site, &link, kind, generated.as_deref());
    if places.is_empty() {
        return outside(site, &link, kind);
    }
    for (place, _) in &places {
        match hit(site, place, kind) {
            Lookup::Missing => {}
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => return Resolution::Outside,
        }
    }
    missing(site, &link, kind, places, &Around { generated: generated.is_some(), construct: reference.construct })
}

/// `![](img\x.png)`: a backslash is written as `%5C` into the page (spec.commonmark.org, "Links"), which is no
/// separator. Told where what it would separate is there; a browser mends it in markup.
fn reversed(site: &Site<'_>, reference: &Reference<'_>, text: &[u8]) -> Option<Resolution> {
    if site.language != "markdown" || !text.contains(&b'\\') || reference.construct.contains(' ') {
        return None;
    }
    let place = |text: &[u8]| path::normalize(&path::join(site.directory(), text)).map(Cow::into_owned);
    let text = path::percent_decode(cut(text));
    let slashes: Vec<u8> = text.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
    let there = |place: &Vec<u8>| matches!(site.world.find(place, Want::Any), Lookup::Found(_));
    let meant = place(&slashes).filter(there)?;
    // What stands before the first backslash may be dots, which are a part of the name here.
    let written = place(&text).filter(|written| *written != meant && !there(written))?;
    let candidate = Candidate { want: Want::Any, near_only: true, ..Candidate::new(written, Certainty::Certain) };
    Some(Resolution::Missing(vec![candidate]))
}

/// What a miss depends on beside the link.
struct Around {
    /// A generator makes a site of the document.
    generated: bool,
    construct: &'static str,
}

/// A link that leaves the tree leads somewhere all the same; but where the tree has just what it names, it goes up too
/// far.
fn outside(site: &Site<'_>, link: &Link, kind: Document) -> Resolution {
    let rest: Vec<&[u8]> = path::segments(&link.path).skip_while(|segment| matches!(*segment, b"." | b"..")).collect();
    let rest = if rest.len() > 1 { rest.join(&b'/') } else { return Resolution::Outside };
    let Some(place) = path::normalize(&rest) else { return Resolution::Outside };
    match hit(site, &place, kind) {
        Lookup::Found(_) => Resolution::Missing(vec![Candidate::new([b"../", &*place].concat(), Certainty::Certain)]),
        _ => Resolution::Outside,
    }
}

/// The path of a link, or why it names no file.
fn link(text: &[u8], kind: Document) -> Result<Link, Resolution> {
    let text = text.trim_ascii();
    let text = if kind == Document::Include { text } else { cut(text) };
    if text.is_empty() {
        return Err(Resolution::Dynamic("a place in the document"));
    }
    if crate::language::has_scheme(text) || text.starts_with(b"www.") {
        return Err(Resolution::External("another host"));
    }
    const FILLED: &[u8] = b"{}<>$|*:\"`\\";
    if text.iter().any(|byte| FILLED.contains(byte)) || text.starts_with(b"@") || text.starts_with(b"~") {
        return Err(Resolution::Dynamic("a part is filled in later"));
    }
    // A directive takes a path; a link is a URL.
    let decoded = if kind == Document::Include { text.to_vec() } else { path::percent_decode(text).into_owned() };
    let rooted = decoded.starts_with(b"/");
    Ok(Link { path: decoded, rooted })
}

/// Whether what stands behind the last dot can be an extension: `blocks.BlockGroup` is a name.
fn is_extension(text: &[u8]) -> bool {
    let one_case =
        text.iter().all(|byte| !byte.is_ascii_lowercase()) || text.iter().all(|byte| !byte.is_ascii_uppercase());
    one_case && text.len() <= 8 && text.iter().all(u8::is_ascii_alphanumeric)
}

/// `[a](pkg.module.Class)`: Sphinx looks up what is no path among the names that it knows (myst-parser.readthedocs.io
/// "Cross-references").
fn may_be_a_name(site: &Site<'_>, link: &Link) -> bool {
    let dots = link.path.iter().filter(|&&byte| byte == b'.').count();
    let sphinx = |above: &[u8]| site.world.index.is_file(&path::join(above, b"conf.py"));
    site.language == "markdown"
        && !link.path.contains(&b'/')
        && dots > 1
        && path::ancestors(site.directory()).any(sphinx)
}

fn cut(text: &[u8]) -> &[u8] {
    let end = memchr::memchr2(b'#', b'?', text).unwrap_or(text.len());
    &text[..end]
}

/// The directory of what makes a site of the document.
fn generator(site: &Site<'_>) -> Option<Vec<u8>> {
    let index = site.world.index;
    let has =
        |directory: &&[u8]| GENERATORS.iter().any(|name| index.id(&path::join(directory, name.as_bytes())).is_some());
    path::ancestors(site.directory()).find(has).map(<[u8]>::to_vec)
}

/// Where a link may lead, surest first.
fn places(site: &Site<'_>, link: &Link, kind: Document, generated: Option<&[u8]>) -> Vec<(Vec<u8>, Certainty)> {
    let here = site.directory();
    let stem = path::without_extension(site.path());
    let mut starts: Vec<(Vec<u8>, Certainty)> = Vec::new();
    if link.rooted {
        let sphinx = generated.filter(|_| site.language == "rst");
        let sure = if generated.is_none() { Certainty::Certain } else { Certainty::Likely };
        starts.extend(sphinx.map(|home| (home.to_vec(), Certainty::Certain)));
        starts.push((Vec::new(), sure));
        let above = path::ancestors(here).chain(generated);
        starts.extend(
            above.flat_map(|home| COPIED.iter().map(|below| (path::join(home, below.as_bytes()), Certainty::Likely))),
        );
    } else {
        starts.push((here.to_vec(), Certainty::Certain));
        if site.language == "asciidoc" && kind == Document::Image {
            let folders =
                path::ancestors(here).flat_map(|above| PICTURES.map(|folder| path::join(above, folder.as_bytes())));
            let folders = folders.filter(|folder| site.world.index.is_directory(folder));
            starts[0].1 = Certainty::Likely;
            starts.extend(folders.map(|folder| (folder, Certainty::Likely)));
        } else if generated.is_some() && kind != Document::Include {
            // `guide/page.md` is served as `guide/page/`.
            if site.language != "rst" && !SOURCES.contains(&path::extension(&link.path).as_slice()) {
                starts.push((stem.to_vec(), Certainty::Likely));
                starts.push((path::parent(here).to_vec(), Certainty::Likely));
            }
            let home = generated.unwrap_or_default();
            starts.extend(COPIED.iter().map(|below| (path::join(home, below.as_bytes()), Certainty::Open)));
        }
    }
    let mut places: Vec<(Vec<u8>, Certainty)> = Vec::new();
    for (start, certainty) in starts {
        let joined = path::join(&start, link.path.strip_prefix(b"/").unwrap_or(&link.path));
        let Some(place) = path::normalize(&joined).map(std::borrow::Cow::into_owned) else { continue };
        if !places.iter().any(|(have, _)| *have == place) {
            places.push((place, certainty));
        }
    }
    places
}

/// Whether the first place lies in a directory of the tree.
fn beside(site: &Site<'_>, places: &[(Vec<u8>, Certainty)]) -> bool {
    places.first().is_some_and(|(place, _)| site.world.index.is_directory(path::parent(place)))
}

/// What stands at a place, whatever a link may leave out.
fn hit(site: &Site<'_>, place: &[u8], kind: Document) -> Lookup {
    let world = site.world;
    let want = if kind == Document::Include { Want::File } else { Want::Any };
    let found = if place.is_empty() { Lookup::Found(crate::index::EntryId::ROOT) } else { world.find(place, want) };
    if found != Lookup::Missing || kind == Document::Include {
        return found;
    }
    let exists = |name: Vec<u8>| match world.find(&name, Want::File) {
        Lookup::Found(id) => Some(Lookup::Found(id)),
        _ => None,
    };
    let page = |extension: &&str| exists([place, b".", extension.as_bytes()].concat());
    let index = |name: &&str| exists(path::join(place, name.as_bytes()));
    let stem = path::without_extension(place);
    let extension = place.get(stem.len() + 1..);
    let source = || {
        let page = |other: &&str| exists([stem, b".", other.as_bytes()].concat());
        extension.filter(|extension| extension.starts_with(b"htm")).and_then(|_| PAGES.iter().find_map(page))
    };
    let any = || star(site, stem, extension);
    PAGES
        .iter()
        .find_map(page)
        .or_else(|| INDEX.iter().find_map(index))
        .or_else(source)
        .or_else(any)
        .unwrap_or(Lookup::Missing)
}

/// `image:: x.*` is any picture of that name.
fn star(site: &Site<'_>, stem: &[u8], extension: Option<&[u8]>) -> Option<Lookup> {
    let index = site.world.index;
    let directory = index.id(path::parent(stem)).filter(|_| extension == Some(b"*"))?;
    let of_stem = |&child: &crate::index::EntryId| path::split_extension(index.name(child)).0 == path::name(stem);
    index.children(directory).find(of_stem).map(Lookup::Found)
}

fn missing(
    site: &Site<'_>,
    link: &Link,
    kind: Document,
    places: Vec<(Vec<u8>, Certainty)>,
    around: &Around,
) -> Resolution {
    let generated = around.generated;
    let index = site.world.index;
    let name = path::name(&link.path);
    let bare = path::split_extension(name).1.is_none_or(|extension| !is_extension(extension));
    let page = kind == Document::Page;
    // A generator may answer a name without extension, and copies files to where a root says.
    let route = (generated || link.rooted) && bare && kind == Document::Link;
    if generated && link.rooted && index.ending_in(link.path.strip_prefix(b"/").unwrap_or(&link.path)).next().is_some()
    {
        return Resolution::Dynamic("a generator says where it is put");
    }
    // A hyperlink of Sphinx, and markup, name what is beside the page that it makes, with what is copied there.
    let in_page = around.construct == "hyperlink" || around.construct.contains(' ');
    let of_page = generated && site.language == "rst" && in_page;
    if of_page && path::segments(&link.path).any(|segment| segment.starts_with(b"_")) && !beside(site, &places) {
        return Resolution::Dynamic("a generator says where it is put");
    }
    let route = route || of_page && !beside(site, &places) || may_be_a_name(site, link);
    let of_picture = site.language == "asciidoc" && kind == Document::Image;
    if of_picture && index.ending_in(&link.path).next().is_some() {
        return Resolution::Dynamic("an attribute says where pictures lie");
    }
    let want = if kind == Document::Link { Want::Any } else { Want::File };
    let own =
        if matches!(site.language, "contents" | "javascript") { b"md".to_vec() } else { path::extension(site.path()) };
    let whole = SOURCES.contains(&path::extension(&link.path).as_slice());
    // A page may be meant where no extension is written.
    let forms = |(place, certainty): (Vec<u8>, Certainty)| {
        let with = [place.as_slice(), b".", &own].concat();
        let with = (page && !whole || bare && kind == Document::Link)
            .then(|| Candidate { near_only: route, ..Candidate::new(with, certainty) });
        let as_it_is = Candidate { want, near_only: route, ..Candidate::new(place, certainty) };
        (!page || whole).then_some(as_it_is).into_iter().chain(with)
    };
    // Where the first place is certain, the others only add what may have been meant.
    let certain = places.first().is_some_and(|(_, certainty)| *certainty == Certainty::Certain);
    let most = if certain { 1 } else { places.len() };
    let candidates: Vec<Candidate> = places.into_iter().take(most).flat_map(forms).collect();
    Resolution::Missing(candidates)
}
