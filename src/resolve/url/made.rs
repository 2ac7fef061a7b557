//! URLs of what stands there under another name, or comes later: sources that a build turns into it, what a bundler or
//! a pipeline finds, variants of a server.

use super::super::Candidate;
use super::{Asked, stands_elsewhere};
use crate::index::EntryId;
use crate::path;
use crate::reference::UrlKind;

/// Sources of a page, a style sheet or a script of the same stem.
const SOURCES: [(&str, &[&str]); 4] = [
    (
        "html",
        &["md", "mdx", "rst", "adoc", "markdown", "pug", "haml", "njk", "hbs", "ejs", "html.erb", "liquid", "tmpl"],
    ),
    ("css", &["scss", "sass", "less", "styl", "pcss"]),
    ("js", &["ts", "tsx", "jsx", "coffee"]),
    ("mjs", &["mts"]),
];
/// Packages that bundle style sheets.
const BUNDLERS: [&str; 6] = ["esbuild", "postcss", "postcss-easy-import", "postcss-import", "tailwindcss", "vite"];
/// Files that show a build at work.
const BUILDS: [&str; 12] = [
    "package.json",
    "gulpfile.js",
    "Gruntfile.js",
    "Makefile",
    "webpack.config.js",
    "webpack.mix.js",
    "vite.config.js",
    "vite.config.ts",
    "_config.yml",
    "mkdocs.yml",
    "conf.py",
    "Gemfile",
];
/// What a server puts behind a name by itself: compressed copies (nginx `gzip_static`), languages (Apache
/// `MultiViews`).
const VARIANTS: [&str; 4] = ["gz", "br", "zst", "en"];
impl Asked<'_> {
    /// `@import 'normalize.css'` where a bundler runs: the name of a package comes after the file's.
    pub(super) fn is_package(&self, text: &[u8]) -> bool {
        self.construct == "@import"
            && !text.starts_with(b".")
            && !text.starts_with(b"/")
            && self.has_build(&["package.json"])
    }

    /// `@import '../site'`: what bundles style sheets puts the extension (github.com/postcss/postcss-import).
    pub(super) fn put_by_bundler(&self, candidates: &[Candidate]) -> Option<EntryId> {
        let node = &self.site.project.node;
        if self.construct != "@import" || !BUNDLERS.iter().any(|bundler| node.depends_on(bundler.as_bytes())) {
            return None;
        }
        candidates.iter().find_map(|one| self.site.world.index.id(&[&one.path[..], b".css"].concat()))
    }

    /// A bare name in a sheet of Rails: any folder of its pipeline may have it (github.com/rails/propshaft).
    pub(super) fn in_pipeline(&self, text: &[u8]) -> Option<EntryId> {
        let index = self.site.world.index;
        if self.kind != UrlKind::Style || text.contains(&b'/') {
            return None;
        }
        let of_rails = |folder: &&[u8]| {
            path::name(folder) == b"app" && index.is_file(&path::join(path::parent(folder), b"Gemfile"))
        };
        let application = path::ancestors(self.site.directory()).find(of_rails)?;
        index.ending_in(text).find(|&id| path::is_below(index.path(id), application))
    }

    /// A style sheet names what lies where the tree has no folder, nor one above it, and nowhere else: a build brings
    /// packages there.
    pub(super) fn is_brought(&self, candidates: &[Candidate]) -> bool {
        let index = self.site.world.index;
        let absent = |one: &Candidate| {
            let folder = path::parent(&one.path);
            let absent = !index.is_directory(folder) && !index.is_directory(path::parent(folder));
            absent && !stands_elsewhere(self.site.world, one)
        };
        self.kind == UrlKind::Style && candidates.iter().all(absent) && self.has_build(&BUILDS)
    }

    pub(super) fn has_variant(&self, candidates: &[Candidate]) -> bool {
        let variant = |path: &[u8], suffix: &str| [path, b".", suffix.as_bytes()].concat();
        let stands = |path: &[u8]| VARIANTS.iter().any(|suffix| self.site.world.index.is_file(&variant(path, suffix)));
        candidates.iter().any(|candidate| stands(&candidate.path))
    }

    /// A source of the pipeline stands where its output is asked for, and the pipeline is there.
    pub(super) fn built(&self, candidates: &[Candidate]) -> Option<&'static str> {
        let index = self.site.world.index;
        let source = candidates.iter().any(|candidate| {
            let (stem, Some(extension)) = path::split_extension(path::name(&candidate.path)) else { return false };
            let directory = path::parent(&candidate.path);
            let row = SOURCES.iter().find(|(output, _)| output.as_bytes() == extension);
            let sources = row.map_or(&[] as &[&str], |(_, sources)| sources);
            let whole = stem.strip_suffix(b".min").map(|stem| [stem, b".", extension].concat());
            let is_file = |name: &[u8]| index.is_file(&path::join(directory, name));
            sources.iter().any(|source| is_file(&[stem, b".", source.as_bytes()].concat()))
                || whole.is_some_and(|name| is_file(&name))
        });
        (source && self.has_build(&BUILDS)).then_some("a build makes it")
    }

    fn has_build(&self, names: &[&str]) -> bool {
        let index = self.site.world.index;
        path::ancestors(self.site.directory())
            .any(|directory| names.iter().any(|name| index.is_file(&path::join(directory, name.as_bytes()))))
    }
}
