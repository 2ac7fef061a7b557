//! Twig: what a template extends, includes and imports, and the files it links (twig.symfony.com, "Tags",
//! "Functions"; symfony.com "Creating and Using Templates").
//!
//! Read: `extends`, `include`, `embed`, `import`, `from`, `use`, the functions `include()`, `source()` and `asset()`,
//! and the markup around them with every construct masked. The syntax is Jinja's: [`super::jinja`] reads the
//! constructs.
//!
//! Knowingly not read: names that pass through variables, `form_theme`, components, names of Encore's and of import
//! maps. A layout of forms comes with Symfony's bridge.

use super::jinja::{self, Dialect, tag};
use super::syntax::url;
use super::{Input, Language, Namespace, Phase, Reference, Scan, UrlKind, html};
use crate::diagnostic::Strength;
use crate::path;

/// Twig.
pub const LANGUAGE: Language = Language {
    name: "twig",
    extensions: &["twig"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`extends`, `include`, `embed`, `import`, `from`, `use`, `source()`, `asset()`, HTML around",
    leaves: "names that pass through variables, `form_theme`, components",
    scan,
};

const TWIG: Dialect = Dialect {
    tags: &[
        tag("embed", Strength::Broken),
        tag("extends", Strength::Fatal),
        tag("from", Strength::Fatal),
        tag("import", Strength::Fatal),
        tag("include", Strength::Broken),
        tag("use", Strength::Fatal),
    ],
    raw: &["verbatim"],
    functions: &[
        ("asset", Namespace::Url(UrlKind::Asset)),
        ("include", Namespace::Template),
        ("source", Namespace::Template),
    ],
};

/// Extensions before the template's own under which the result is no markup.
const PLAIN: [&[u8]; 12] =
    [b"css", b"csv", b"ics", b"js", b"json", b"md", b"php", b"sql", b"text", b"txt", b"yaml", b"yml"];

fn scan(input: Input<'_>) -> Scan<'_> {
    let (mut references, masked) = jinja::read(input, &TWIG);
    references.retain(|reference| !is_of_bridge(reference));
    references.iter_mut().for_each(url::unknown_base);
    let (result, _) = path::split_extension(path::name(input.path));
    if !PLAIN.contains(&path::extension(result).as_slice()) {
        references.extend(html::scan_fragment(input.source.bytes(), &masked, html::Page { unknown_base: true }));
    }
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// `form_div_layout.html.twig` and its kin.
fn is_of_bridge(reference: &Reference<'_>) -> bool {
    let name = reference.expr.as_literal().filter(|_| reference.namespace == Namespace::Template);
    name.is_some_and(|name| name.ends_with(b"_layout.html.twig") && !name.contains(&b'/'))
}
