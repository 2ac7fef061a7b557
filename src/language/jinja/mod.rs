//! Jinja templates: what a template extends, includes and imports, and the static files it links.
//!
//! Read: `extends`, `include`, `import`, `from` with literals, `~`, lists and inline `if`, and
//! `url_for('static', filename=…)` in any expression. Pages below a root of templates are HTML to the registry:
//! that language asks [`is_template`] and leaves them to [`scan_page`], which reads the markup around the constructs
//! with every construct masked. A page with tags of Django's is read by its rules: `extends`, `include`, `static`.
//!
//! Knowingly not read: names that pass through `set` or macro arguments, custom delimiters, line statements.
//!
//! Manual: jinja.palletsprojects.com, "Template Designer Documentation".

mod constructs;
mod reader;

use super::{Input, Language, Namespace, Phase, Reference, Scan, html};
use crate::diagnostic::Strength;
use crate::path;
use constructs::Template;
use reader::Reader;

/// The row of Jinja.
pub const LANGUAGE: Language = Language {
    name: "jinja",
    extensions: &["j2", "jinja", "jinja2"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`extends`, `include`, `import`, `from`, `url_for('static', …)`, Django's `static`",
    leaves: "names that pass through variables, custom delimiters",
    scan,
};

/// Tags that only Django has.
const OF_DJANGO: [&[u8]; 4] = [b"{% load ", b"{% csrf_token", b"{% url ", b"{% static "];

/// Extensions before the template's own under which the result is markup.
const MARKUP: [&[u8]; 5] = [b"htm", b"html", b"svg", b"xhtml", b"xml"];

fn scan(input: Input<'_>) -> Scan<'_> {
    let (result, _) = path::split_extension(path::name(input.path));
    if MARKUP.contains(&path::extension(result).as_slice()) {
        return scan_page(input);
    }
    let (references, _) = read(input, &JINJA);
    Scan { references, ..Scan::default() }
}

/// The constructs of a template, and the markup around them. Where the page will be served is not known.
pub(super) fn scan_page(input: Input<'_>) -> Scan<'_> {
    let django = OF_DJANGO.iter().any(|tag| memchr::memmem::find(input.source.bytes(), tag).is_some());
    let (mut references, masked) = read(input, if django { &DJANGO } else { &JINJA });
    references.extend(html::scan_fragment(input.source.bytes(), &masked, html::Page { unknown_base: true }));
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// Whether a page is a template of Jinja's: it lies below a root of templates in a tree that uses Jinja.
pub(super) fn is_template(input: Input<'_>) -> bool {
    input.project.is_some_and(|project| project.is_template(input.path))
}

/// A tag that names a file first.
pub(super) struct Tag {
    pub name: &'static str,
    pub namespace: Namespace,
    pub strength: Strength,
}

/// A tag that names a template first.
pub(super) const fn tag(name: &'static str, strength: Strength) -> Tag {
    Tag { name, namespace: Namespace::Template, strength }
}

/// What engines of one syntax do not share.
pub(super) struct Dialect {
    /// Tags that name a file first.
    pub tags: &'static [Tag],
    /// Tags whose content is text.
    pub raw: &'static [&'static str],
    /// Functions that name a file by their first argument, and whose rules look it up.
    pub functions: &'static [(&'static str, Namespace)],
}

const JINJA: Dialect = Dialect {
    tags: &[
        tag("extends", Strength::Fatal),
        tag("from", Strength::Fatal),
        tag("import", Strength::Fatal),
        tag("include", Strength::Broken),
    ],
    raw: &["raw"],
    functions: &[("static", Namespace::Static)],
};

/// Django's own engine (docs.djangoproject.com, "Built-in template tags and filters").
const DJANGO: Dialect = Dialect {
    tags: &[
        tag("extends", Strength::Fatal),
        tag("include", Strength::Broken),
        Tag { name: "static", namespace: Namespace::Static, strength: Strength::Broken },
    ],
    raw: &["comment", "verbatim"],
    functions: &[],
};

/// The references of the constructs, and the source at equal length with every construct masked by [`HOLE`].
pub(super) fn read<'s>(input: Input<'s>, dialect: &'static Dialect) -> (Vec<Reference<'s>>, Vec<u8>) {
    let source = input.source.bytes();
    let text = input.source.text();
    let template = Template::read(&text, dialect.raw);
    let mut references = Vec::new();
    for tokens in &template.constructs {
        let mut reader = Reader { source, tokens, at: 0 };
        reader.tag(dialect.tags, &mut references);
        reader.urls(&mut references);
        reader.calls(dialect.functions, &mut references);
    }
    references.sort_by_key(|reference| reference.span);
    (references, template.masked(source))
}

#[cfg(test)]
mod tests {
    use super::super::HOLE;
    use super::*;
    use crate::expr::PathExpr;
    use crate::source::Source;

    fn read(text: &str) -> (Vec<String>, String) {
        let source = Source::new(text.as_bytes().to_vec());
        let (references, masked) = super::read(Input { path: b"t.j2", source: &source, project: None }, &JINJA);
        let show = |one: &Reference<'_>| {
            let expr = match &one.expr {
                PathExpr::Literal(text) => String::from_utf8_lossy(text).into_owned(),
                PathExpr::FirstOf(members) => format!("first of {}", members.len()),
                PathExpr::AnyOf(members) => format!("any of {}", members.len()),
                _ => "?".to_owned(),
            };
            format!("{}{} {expr}", one.construct, if one.guarded { "?" } else { "" })
        };
        (references.iter().map(show).collect(), String::from_utf8_lossy(&masked).replace(HOLE as char, "~"))
    }

    #[test]
    fn tags_and_urls() {
        for (text, want) in [
            ("{% extends 'a.html' %}", "extends a.html"),
            ("{%- include \"a\" ignore missing with context -%}", "include? a"),
            ("{% import 'm' as m %}", "import m"),
            ("{% from 'm' import a, b %}", "from m"),
            ("{% include ['a', 'b'] %}", "include first of 2"),
            ("{% include 'a' if x else 'b' %}", "include any of 2"),
            ("{% include name %}", "include ?"),
            ("{% include 'a' ~ name|lower %}", "include ?"),
            ("{% include ('a') %}", "include a"),
            ("{{ url_for('static', filename='x.css') }}", "url_for x.css"),
            ("{{ url_for('bp.static', v=f(1, 2), filename='x.css')|e }}", "url_for of a blueprint x.css"),
            ("{% set u = url_for('static', filename='it\\'s') %}", "url_for it's"),
        ] {
            assert_eq!(read(text).0, [want], "{text}");
        }
        for text in [
            "{# {% include 'a' %} #}",
            "{% raw %}{% include 'a' %}{% endraw %}",
            "{{ url_for('user.x') }}",
            "include 'a'",
        ] {
            assert!(read(text).0.is_empty(), "{text}");
        }
    }

    #[test]
    fn constructs_are_masked_at_equal_length() {
        assert_eq!(read("<a href=\"{{ x }}/y\">").1, "<a href=\"~~~~~~~/y\">");
        assert_eq!(read("a {%- if x -%} b {# c #}\n").1, "a ~~~~~~~~~~~~ b ~~~~~~~\n");
        assert_eq!(
            read("{{ a && b }}c{% include 'd' %}"),
            (vec!["include d".to_owned()], "~~~~~~~~~~~~c~~~~~~~~~~~~~~~~~".to_owned())
        );
    }

    #[test]
    fn hostile_templates_end() {
        for shape in [
            "{{ ((((",
            "{{ [",
            "{% include [",
            "{# ",
            "{{ ' ",
            "{{ \\\" }}",
            "{% raw %}",
            "{%- raw -%} {% endraw %}",
            "{{ 'a' if 'b' else ",
            "{{ a && b }}",
        ] {
            let (_, masked) = read(&shape.repeat(20_000));
            assert_eq!(masked.len(), shape.len() * 20_000);
        }
    }
}
