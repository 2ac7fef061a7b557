//! Document roots, template roots and static roots: configured, stated by sources, or conventional.

use super::{Project, Sites};
use crate::diagnostic::Certainty;
use crate::index::{EntryId, EntryKind, Index};
use crate::options::Options;
use crate::path;

/// Names by which a document root goes (Apache, nginx, Rails, Laravel, Symfony, Drupal, bundlers and generators).
const WEB_ROOTS: [&[u8]; 18] = [
    b"_site",
    b"build",
    b"dist",
    b"docroot",
    b"docs",
    b"htdocs",
    b"html",
    b"httpdocs",
    b"out",
    b"public",
    b"public_html",
    b"site",
    b"static",
    b"wwwroot",
    b"web",
    b"webroot",
    b"www",
    b"www-root",
];
/// Files that stand at the top of what is served.
const TOP: [&[u8]; 8] = [
    b"index.html",
    b"index.htm",
    b"index.xhtml",
    b"index.shtml",
    b"index.php",
    b"favicon.ico",
    b"robots.txt",
    b"wp-settings.php",
];
/// Files of something that routes URLs, or that makes pages elsewhere.
const ROUTING: [&[u8]; 32] = [
    b".eleventy.js",
    b".htaccess",
    b"Gemfile",
    b"_config.toml",
    b"_config.yml",
    b"_redirects",
    b"app.py",
    b"asgi.py",
    b"astro.config.mjs",
    b"composer.json",
    b"config.ru",
    b"firebase.json",
    b"gatsby-config.js",
    b"go.mod",
    b"hugo.toml",
    b"hugo.yaml",
    b"index.py",
    b"main.py",
    b"manage.py",
    b"mkdocs.yml",
    b"netlify.toml",
    b"next.config.js",
    b"package.json",
    b"pom.xml",
    b"pyproject.toml",
    b"requirements.txt",
    b"server.js",
    b"server.py",
    b"vercel.json",
    b"web.config",
    b"web.xml",
    b"wsgi.py",
];
/// Extensions of programs that a server runs in place of a page.
const PROGRAMS: [&[u8]; 8] = [b"asp", b"aspx", b"cfm", b"cgi", b"jsp", b"php", b"phtml", b"pl"];
/// Extensions of pages.
const PAGES: [&[u8]; 3] = [b"html", b"htm", b"xhtml"];
/// Folders of packages: what lies there says nothing of the site.
const VENDORED: [&[u8]; 3] = [b"vendor", b"node_modules", b"bower_components"];

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
        for path in &options.include_path {
            super::push_new(&mut self.include_path, path.clone());
        }
        // A default folder that is stated and not there holds nothing.
        self.template_roots.retain(|root| index.is_directory(&root.path));
        self.static_folders.retain(|folder| index.is_directory(folder));
        let seen = Seen::of(index, &mut self.sites);
        self.static_site = seen.pages && !seen.routes;
        for directory in seen.templates {
            push(&mut self.template_roots, index.path(directory).to_vec(), Certainty::Likely);
        }
        let django = self.uses("django");
        for directory in seen.statics.into_iter().filter(|_| django) {
            super::push_new(&mut self.static_folders, index.path(directory).to_vec());
        }
        if !self.document_roots.is_empty() {
            return;
        }
        for directory in seen.document_roots {
            push(&mut self.document_roots, index.path(directory).to_vec(), Certainty::Likely);
        }
        // A static tree that has no other root is one site from its top.
        if self.document_roots.is_empty() && self.static_site {
            push(&mut self.document_roots, Vec::new(), Certainty::Likely);
        }
    }
}

/// `templates`, or Laravel's `resources/views`.
fn is_of_templates(index: &Index, directory: EntryId) -> bool {
    match index.name(directory) {
        b"templates" => true,
        b"views" => index.name(index.parent(directory)) == b"resources",
        _ => false,
    }
}

/// What the names of a tree say of its sites, gathered in one pass.
#[derive(Default)]
struct Seen {
    document_roots: Vec<EntryId>,
    templates: Vec<EntryId>,
    statics: Vec<EntryId>,
    pages: bool,
    /// A program, a router or a generator decides what a URL gives.
    routes: bool,
}

impl Seen {
    fn of(index: &Index, sites: &mut Sites) -> Self {
        let mut seen = Seen::default();
        for id in index.entries() {
            sites.see(index, id);
            match index.kind(id) {
                EntryKind::Directory if is_of_templates(index, id) => seen.templates.push(id),
                EntryKind::Directory if index.name(id) == b"static" => seen.statics.push(id),
                EntryKind::File => seen.file(index, id),
                _ => {}
            }
        }
        seen.document_roots.sort_unstable();
        seen.document_roots.dedup();
        seen
    }

    fn file(&mut self, index: &Index, id: EntryId) {
        let name = index.name(id);
        let extension = path::split_extension(name).1.unwrap_or_default();
        let is = |list: &[&[u8]]| list.iter().any(|known| extension.eq_ignore_ascii_case(known));
        self.pages |= !self.pages && is(&PAGES);
        if !self.routes && (ROUTING.binary_search(&name).is_ok() || is(&PROGRAMS)) {
            self.routes = !path::segments(index.path(id)).any(|segment| VENDORED.contains(&segment));
        }
        if TOP.contains(&name) && self.document_roots.last() != Some(&index.parent(id)) {
            let directory = index.parent(id);
            let conventional =
                directory == EntryId::ROOT || name == b"wp-settings.php" || WEB_ROOTS.contains(&index.name(directory));
            self.document_roots.extend(conventional.then_some(directory));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Memory, Tree};

    fn project(paths: &[&str]) -> Project {
        let mut tree = Memory::default();
        for path in paths {
            tree.file(*path, "");
        }
        let mut project = Project::default();
        project.find_roots(&Index::new(tree.list().entries), &Options::default());
        project
    }

    #[test]
    fn tables_are_sorted() {
        assert!(ROUTING.is_sorted());
    }

    #[test]
    fn roots_are_where_a_site_has_its_top() {
        for (paths, roots, is_static) in [
            (&["index.html", "css/a.css"][..], &[""][..], true),
            (&["public/index.php", "public/robots.txt", "src/a.php"], &["public"], false),
            (&["a/b.html"], &[""], true),
            (&["a/b.html", "package.json"], &[], false),
            (&["a/b.html", "a/node_modules/x/package.json"], &[""], true),
            (&["doc/html/index.html", "doc/html/x.py"], &["doc/html"], true),
            (&["blog/wp-settings.php", "blog/index.php"], &["blog"], false),
            (&["a.py"], &[], false),
        ] {
            let project = project(paths);
            let found: Vec<&[u8]> = project.document_roots.iter().map(|root| root.path.as_slice()).collect();
            assert_eq!(found, roots.iter().map(|root| root.as_bytes()).collect::<Vec<_>>(), "{paths:?}");
            assert_eq!(project.static_site, is_static, "{paths:?}");
        }
    }
}
