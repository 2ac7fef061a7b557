//! The URL namespace: what a browser asks a site for, mapped to the tree.
//!
//! A path is satisfied by any start that has it: the page's directory, a document root, a static folder, an index
//! file, a page without its extension. It is missing where the page's own place is known. Navigation may be a
//! route: it is checked in static sites, and wherever its extension says that a file is meant.

mod behind;
mod elsewhere;
mod made;
mod starts;
mod text;

pub use elsewhere::{is_left_behind, stands_above, stands_elsewhere};

use super::{Candidate, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Anchor, Part, PathExpr, Value, evaluate};
use crate::index::{EntryId, EntryKind, Lookup};
use crate::path;
use crate::reference::{Reference, UrlKind, Want};
use starts::Start;
use text::{SitePath, is_placeholder, is_plain, site_path};

/// Files that a directory's URL gives.
const INDEX: [&str; 11] = [
    "index.html",
    "index.htm",
    "index.php",
    "index.xhtml",
    "index.shtml",
    "index.asp",
    "index.aspx",
    "index.jsp",
    "index.cfm",
    "default.htm",
    "default.aspx",
];
/// What generators turn into a directory's page.
const INDEX_SOURCES: [&str; 6] = ["index.md", "_index.md", "index.mdx", "README.md", "index.rst", "index.adoc"];
/// Extensions a server or a generator puts after the URL of a page.
const CLEAN: [&str; 9] = ["html", "htm", "php", "md", "mdx", "astro", "vue", "rst", "adoc"];
/// Folders of pages that are sent by mail: no relative URL works there.
const MAIL: [&[u8]; 6] = [b"email", b"emails", b"mail", b"mails", b"newsletter", b"newsletters"];

/// Looks a URL up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: UrlKind) -> Resolution {
    let asked = Asked { site, kind, construct: reference.construct };
    if let PathExpr::Literal(text) = &reference.expr {
        return at_once(site, text).unwrap_or_else(|| asked.written(text));
    }
    let scope = site.project.scope(site.world.index, site.language, site.file);
    each_choice(&evaluate(&reference.expr, &scope, 0), |value| asked.value(value))
}

/// Nearly every URL of a sound page: plain, and a file at the first place. One look, no allocation.
fn at_once(site: &Site<'_>, text: &[u8]) -> Option<Resolution> {
    if !is_plain(text) {
        return None;
    }
    let (directory, rest) = match text.strip_prefix(b"/") {
        Some(rest) => (site.project.document_roots.first()?.path.as_slice(), rest),
        None => (site.directory(), text),
    };
    let index = site.world.index;
    let found = if directory.is_empty() {
        index.lookup(rest)
    } else {
        let mut buffer = [0; 512];
        let length = directory.len() + 1 + rest.len();
        let path = buffer.get_mut(..length)?;
        path[..directory.len()].copy_from_slice(directory);
        path[directory.len()] = b'/';
        path[directory.len() + 1..].copy_from_slice(rest);
        index.lookup(path)
    };
    match found {
        Lookup::Found(id) if index.kind(id) != EntryKind::Directory => Some(Resolution::Found(id)),
        _ => None,
    }
}

/// One URL, and what is known of its place.
#[derive(Clone, Copy)]
struct Asked<'a> {
    site: &'a Site<'a>,
    kind: UrlKind,
    construct: &'static str,
}

impl Asked<'_> {
    fn value(&self, value: &Value) -> Resolution {
        match (value.anchor, value.exact(), value.parts.as_slice()) {
            (Anchor::Text, Some(text), _) => self.written(text),
            (Anchor::Tree, Some(text), _) => self.placed(text, value.certainty),
            (Anchor::Text, None, [Part::Hole, Part::Text(tail)]) if tail.starts_with(b"/") => self.behind(tail),
            (Anchor::Text, None, [Part::Text(head), ..]) if matches!(site_path(head), Err(Resolution::External(_))) => {
                Resolution::External("a URL with a scheme")
            }
            _ => Resolution::Dynamic("a part is only known at run time"),
        }
    }

    /// A URL that is known as a whole.
    fn written(&self, text: &[u8]) -> Resolution {
        if self.kind == UrlKind::Style && (text.starts_with(b"~") || text.starts_with(b"@")) {
            return Resolution::External("a package or an alias");
        }
        let path = match site_path(text) {
            Ok(path) => path,
            Err(other) => return other,
        };
        let resolution = match path.text.strip_prefix(b"/") {
            Some(_) => self.absolute(&path),
            None => self.relative(&path),
        };
        match resolution {
            Resolution::Missing(candidates) => self.missed(&path, candidates),
            other => other,
        }
    }

    /// A URL that starts at a place of the tree.
    fn placed(&self, text: &[u8], certainty: Certainty) -> Resolution {
        let path = match site_path(text) {
            Ok(path) => path,
            Err(other) => return other,
        };
        let Some(rest) = path.text.strip_prefix(b"/") else {
            let place = path.text.into_owned();
            return Resolution::Missing(vec![Candidate { glued: true, ..Candidate::new(place, certainty) }]);
        };
        let start = Start::at(certainty);
        match self.first_of(std::iter::once((&start, rest)), path.directory) {
            Resolution::Missing(candidates) => self.missed(&path, candidates),
            other => other,
        }
    }

    fn relative(&self, path: &SitePath<'_>) -> Resolution {
        let starts = starts::relative(self.site);
        self.first_of(starts.iter().map(|start| (start, path.text.as_ref())), path.directory)
    }

    fn absolute(&self, path: &SitePath<'_>) -> Resolution {
        let mounted = starts::mounted(self.site, &path.text);
        let starts = starts::absolute(self.site, &path.text);
        let rest = path.text.strip_prefix(b"/").unwrap_or(&path.text);
        let all = mounted.iter().map(|(start, rest)| (start, *rest));
        let resolution = self.first_of(all.chain(starts.iter().map(|start| (start, rest))), path.directory);
        match resolution {
            Resolution::Missing(_) => self.without_prefix(&starts, rest, path.directory).unwrap_or(resolution),
            other => other,
        }
    }

    /// A site that is served below a path: `/project/css/a.css` is `css/a.css`. Where no directory has the name
    /// of the first segment, a hit behind it satisfies.
    fn without_prefix(&self, starts: &[Start], rest: &[u8], directory: bool) -> Option<Resolution> {
        let at = memchr::memchr(b'/', rest)?;
        let (first, behind) = (&rest[..at], &rest[at + 1..]);
        let inferred = |start: &&Start| start.certainty < Certainty::Certain;
        let index = self.site.world.index;
        let taken = |start: &Start| index.is_directory(&path::join(&start.directory, first));
        if behind.is_empty() || starts.iter().any(taken) {
            return None;
        }
        let found = starts.iter().filter(inferred).find_map(|start| self.hit(&start.directory, behind, directory));
        found.map(Resolution::Found)
    }

    /// Found at the first start that has it; else every place that was tried.
    fn first_of<'t>(&self, starts: impl Iterator<Item = (&'t Start, &'t [u8])>, directory: bool) -> Resolution {
        let (mut beyond, mut above) = (false, false);
        let mut candidates: Vec<Candidate> = Vec::new();
        for (start, rest) in starts {
            let Some(path) = joined(&start.directory, rest) else {
                // Above the root of the site a browser stays at the root.
                above = true;
                continue;
            };
            match self.at(&path, directory) {
                Place::Found(id) => return Resolution::Found(id),
                Place::Beyond => beyond = true,
                Place::Missing(_) if start.hits_only => {}
                Place::Missing(missing) => {
                    let certainty = start.certainty.min(missing.certainty);
                    if !candidates.iter().any(|have| have.path == missing.path) {
                        candidates.push(Candidate { certainty, if_entry: start.if_entry, ..missing });
                    }
                }
            }
        }
        if beyond || candidates.is_empty() {
            return Resolution::Outside;
        }
        // From one of the starts it leaves the tree: only what is near is told.
        candidates.iter_mut().for_each(|candidate| candidate.near_only |= above);
        Resolution::Missing(candidates)
    }

    fn hit(&self, directory: &[u8], rest: &[u8], slash: bool) -> Option<EntryId> {
        match self.at(&joined(directory, rest)?, slash) {
            Place::Found(id) => Some(id),
            _ => None,
        }
    }

    /// What a server gives for a path of the tree.
    fn at(&self, path: &[u8], slash: bool) -> Place {
        let index = self.site.world.index;
        match index.lookup(path) {
            Lookup::Beyond => Place::Beyond,
            Lookup::Found(id) if index.kind(id) == EntryKind::Directory => self.directory(id, path),
            Lookup::Found(id) => Place::Found(id),
            Lookup::Missing if self.is_link() && !slash => self.clean_url(path),
            Lookup::Missing => {
                let want = if slash { Want::Directory } else { Want::File };
                Place::Missing(Candidate { want, ..Candidate::new(path.to_vec(), Certainty::Certain) })
            }
        }
    }

    /// A directory gives its index file. Where there is none, a server may list it, and only a static site is
    /// likely to give nothing.
    fn directory(&self, id: EntryId, path: &[u8]) -> Place {
        let index = self.site.world.index;
        let found = INDEX.iter().find_map(|name| match index.lookup(&path::join(path, name.as_bytes())) {
            Lookup::Found(file) => Some(Place::Found(file)),
            Lookup::Beyond => Some(Place::Beyond),
            Lookup::Missing => None,
        });
        let source = || INDEX_SOURCES.iter().any(|name| index.is_file(&path::join(path, name.as_bytes())));
        match found {
            Some(place) => place,
            None if self.is_link() && self.on_static_page() && !source() => {
                Place::Missing(Candidate::new(path::join(path, b"index.html"), Certainty::Likely))
            }
            None => Place::Found(id),
        }
    }

    /// `/about` may be `about.html`, or what a generator makes of `about.md`.
    fn clean_url(&self, path: &[u8]) -> Place {
        if path::split_extension(path::name(path)).1.is_some_and(is_extension) {
            return Place::Missing(Candidate::new(path.to_vec(), Certainty::Certain));
        }
        let with = |extension: &str| [path, b".", extension.as_bytes()].concat();
        let found = CLEAN.iter().find_map(|extension| match self.site.world.find(&with(extension), Want::File) {
            Lookup::Found(id) => Some(id),
            _ => None,
        });
        match found {
            Some(id) => Place::Found(id),
            None => Place::Missing(Candidate { want: Want::Any, ..Candidate::new(path.to_vec(), Certainty::Likely) }),
        }
    }

    /// What a miss may say.
    fn missed(&self, path: &SitePath<'_>, mut candidates: Vec<Candidate>) -> Resolution {
        if is_placeholder(&path.text) {
            return Resolution::Dynamic("a placeholder");
        }
        let relative = !path.text.starts_with(b"/");
        if relative && path::segments(self.site.directory()).any(|segment| MAIL.contains(&segment)) {
            return Resolution::Dynamic("a page that is sent by mail");
        }
        let page = starts::page_certainty(self.site);
        if relative
            && page == Certainty::Open
            && let Some(id) = self.anywhere(&path.text)
        {
            return Resolution::Found(id);
        }
        if let Some(id) = self.put_by_bundler(&candidates).or_else(|| self.in_pipeline(&path.text)) {
            return Resolution::Found(id);
        }
        if self.has_variant(&candidates) {
            return Resolution::Dynamic("a server may choose a variant of it");
        }
        if let Some(why) = self.built(&candidates) {
            return Resolution::Dynamic(why);
        }
        match self.means(&path.text) {
            Means::Route => return Resolution::Dynamic("route"),
            Means::Perhaps => candidates.iter_mut().for_each(|candidate| candidate.near_only = true),
            Means::File => {}
        }
        if self.construct == "@import" && !path.text.iter().any(|byte| b"./".contains(byte)) {
            return Resolution::External("a package, by the name that a bundler knows");
        }
        if self.is_package(&path.text) || self.is_brought(&candidates) {
            candidates.iter_mut().for_each(|candidate| candidate.near_only = true);
        }
        Resolution::Missing(candidates)
    }

    /// Whether a person follows it.
    fn is_link(&self) -> bool {
        matches!(self.kind, UrlKind::Navigation | UrlKind::Routed)
    }

    /// Whether the page that holds it, and every page it can lead to, is sent as it lies there.
    fn on_static_page(&self) -> bool {
        self.site.project.static_site && self.site.language != "php" && self.kind != UrlKind::Routed
    }

    /// Whether a URL means a file.
    fn means(&self, text: &[u8]) -> Means {
        let extension = path::extension(text.strip_suffix(b"/").unwrap_or(text));
        // Servlets answer these, whatever else the tree shows (jakarta.ee "Faces", struts.apache.org).
        if self.is_link() && matches!(extension.as_slice(), b"action" | b"do" | b"faces" | b"jsf" | b"seam") {
            return Means::Route;
        }
        if !self.is_link() || self.on_static_page() {
            return Means::File;
        }
        match extension.as_slice() {
            b"html" | b"htm" | b"xhtml" => Means::Perhaps,
            b"pdf" | b"zip" | b"jpg" | b"jpeg" | b"png" | b"gif" | b"svg" | b"mp4" | b"mp3" | b"doc" | b"docx"
            | b"xls" | b"xlsx" | b"csv" | b"txt" | b"webp" => Means::File,
            other if is_extension(other) => Means::Perhaps,
            _ => Means::Route,
        }
    }

    /// An entry anywhere whose path ends in the text.
    fn anywhere(&self, text: &[u8]) -> Option<EntryId> {
        let dots = |segment: &&[u8]| matches!(*segment, b"." | b"..");
        let suffix: Vec<&[u8]> = path::segments(text).skip_while(dots).collect();
        let suffix = path::normalize(&suffix.join(&b'/'))?.into_owned();
        if suffix.is_empty() {
            return None;
        }
        self.site.world.index.ending_in(&suffix).next()
    }
}

/// Whether a URL is a file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    /// It is.
    File,
    /// An application may answer it: only a near miss says something.
    Perhaps,
    /// Nothing says so.
    Route,
}

/// What stands at a path.
enum Place {
    Found(EntryId),
    Beyond,
    Missing(Candidate),
}

fn joined(directory: &[u8], rest: &[u8]) -> Option<Vec<u8>> {
    Some(path::normalize(&path::join(directory, rest))?.into_owned())
}

/// Whether what stands behind the last dot is an extension, and no part of a name or a version.
fn is_extension(text: &[u8]) -> bool {
    matches!(text.len(), 1..=5)
        && text.iter().all(u8::is_ascii_alphanumeric)
        && text.iter().any(u8::is_ascii_alphabetic)
}
