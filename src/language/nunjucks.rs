//! Nunjucks: what a template extends, includes and imports, and the markup around (mozilla.github.io/nunjucks,
//! "Templating").
//!
//! The syntax is Jinja's: [`super::jinja`] reads the constructs. Pages below the folders of a tree that depends on
//! Nunjucks are HTML to the registry, which asks [`is_page`].
//!
//! Knowingly not read: names that pass through variables, layouts in front matter, custom delimiters.

use super::jinja::{self, Dialect, Tag};
use super::{Input, Language, Namespace, Partial, Phase, Scan, html};
use crate::diagnostic::Strength;
use crate::path;

/// Nunjucks.
pub const LANGUAGE: Language = Language {
    name: "nunjucks",
    extensions: &["njk", "nunj", "nunjucks"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`extends`, `include`, `import`, `from`, HTML around",
    leaves: "names that pass through variables, layouts in front matter, custom delimiters",
    scan,
};

const fn tag(name: &'static str, strength: Strength) -> Tag {
    Tag { name, namespace: Namespace::Partial(Partial::Nunjucks), strength }
}

const NUNJUCKS: Dialect = Dialect {
    tags: &[
        tag("extends", Strength::Fatal),
        tag("from", Strength::Fatal),
        tag("import", Strength::Fatal),
        tag("include", Strength::Broken),
    ],
    raw: &["raw", "verbatim"],
    functions: &[],
};

/// Folders of pages that an application renders.
const FOLDERS: [&[u8]; 4] = [b"_includes", b"layouts", b"templates", b"views"];

/// Packages that bring the engine.
const PACKAGES: [&[u8]; 5] =
    [b"@11ty/eleventy", b"express-nunjucks", b"govuk-prototype-kit", b"gulp-nunjucks-render", b"nunjucks"];

/// Whether a page is a template of Nunjucks.
pub(super) fn is_page(input: Input<'_>) -> bool {
    let below = || path::segments(path::parent(input.path)).any(|segment| FOLDERS.contains(&segment));
    let used = |project: &crate::project::Project| PACKAGES.iter().any(|package| project.node.depends_on(package));
    input.project.is_some_and(used) && below()
}

pub(super) fn scan(input: Input<'_>) -> Scan<'_> {
    let (mut references, masked) = jinja::read(input, &NUNJUCKS);
    references.extend(html::scan_fragment(input.source.bytes(), &masked, html::Page { unknown_base: true }));
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}
