//! Document roots, template roots and static roots: configured, stated by sources, or conventional.

use super::Project;
use crate::diagnostic::Certainty;
use crate::index::{EntryKind, Index};
use crate::options::Options;
use crate::path;

/// Names by which a document root goes (Apache, nginx, Rails, Laravel, Symfony, Drupal and bundlers).
const WEB_ROOTS: [&str; 12] = [
    "public",
    "public_html",
    "htdocs",
    "httpdocs",
    "www",
    "web",
    "webroot",
    "html",
    "wwwroot",
    "dist",
    "_site",
    "docs",
];
/// Extensions of which a document root holds at least one file.
const SERVED: [&[u8]; 4] = [b"html", b"htm", b"php", b"ico"];

/// A directory that something starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Relative to the root of the tree.
    pub path: Vec<u8>,
    /// Configured, or by convention.
    pub certainty: Certainty,
}

pub(super) fn push(roots: &mut Vec<Root>, path: Vec<u8>, certainty: Certainty) {
    if !roots.iter().any(|root| root.path == path) {
        roots.push(Root { path, certainty });
    }
}

impl Project {
    pub(super) fn find_roots(&mut self, index: &Index, options: &Options) {
        for configured in &options.document_roots {
            push(&mut self.document_roots, configured.clone(), Certainty::Certain);
        }
        if self.document_roots.is_empty() {
            self.conventional_document_roots(index);
        }
        for path in &options.include_path {
            super::push_new(&mut self.include_path, path.clone());
        }
        // A default folder that is stated and not there holds nothing.
        self.template_roots.retain(|root| index.is_directory(&root.path));
        for id in index.entries().filter(|&id| index.kind(id) == EntryKind::Directory) {
            if index.name(id) == b"templates" {
                push(&mut self.template_roots, index.path(id).to_vec(), Certainty::Likely);
            }
        }
        self.static_site = is_static_site(index);
    }

    fn conventional_document_roots(&mut self, index: &Index) {
        if ["index.html", "index.htm", "index.php"].iter().any(|name| index.is_file(name.as_bytes())) {
            push(&mut self.document_roots, Vec::new(), Certainty::Likely);
        }
        for id in index.entries().filter(|&id| index.kind(id) == EntryKind::Directory) {
            let conventional = WEB_ROOTS.iter().any(|name| name.as_bytes() == index.name(id));
            let serves =
                || index.children(id).any(|child| SERVED.contains(&path::extension(index.name(child)).as_slice()));
            if conventional && serves() {
                push(&mut self.document_roots, index.path(id).to_vec(), Certainty::Likely);
            }
        }
    }
}

/// Pages and nothing that could route: no program text, no rewrite rules, no manifest of an application.
fn is_static_site(index: &Index) -> bool {
    const ROUTING: [&[u8]; 12] = [
        b".htaccess",
        b"_redirects",
        b"vercel.json",
        b"netlify.toml",
        b"firebase.json",
        b"package.json",
        b"composer.json",
        b"Gemfile",
        b"manage.py",
        b"go.mod",
        b"pom.xml",
        b"web.config",
    ];
    const PROGRAMS: [&[u8]; 8] = [b"php", b"py", b"rb", b"jsp", b"aspx", b"cgi", b"pl", b"go"];
    let mut pages = false;
    for id in index.entries().filter(|&id| index.kind(id) == EntryKind::File) {
        let name = index.name(id);
        let extension = path::extension(name);
        if ROUTING.contains(&name) || PROGRAMS.contains(&extension.as_slice()) {
            return false;
        }
        pages |= matches!(extension.as_slice(), b"html" | b"htm" | b"xhtml");
    }
    pages
}
