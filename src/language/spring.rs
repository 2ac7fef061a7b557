//! Configurations of Spring and of what runs beside it (docs.spring.io, "Externalized Configuration", "Resources", "The
//! `<import/>` element"; logback.qos.ch, "File inclusion"; mybatis.org, "mappers"; hibernate.org, "Mapping").
//!
//! Read: names behind `classpath:` in `application.properties`, its like in YAML, and XML among the resources of a
//! module; what `import` names beside a file; `resource` of mappers, mappings and includes, on the class path. A name
//! behind `optional:` may be absent.
//!
//! Knowingly not read: patterns, placeholders, names that no prefix tells, change logs of Liquibase.

use super::syntax::classpath::{Start, Unit};
use super::syntax::ini::{self, Style};
use super::syntax::xml::{self, Item};
use super::syntax::yaml::{Node, documents};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};
use crate::path;

/// Properties, YAML and XML among the resources of a module.
pub const LANGUAGE: Language = Language {
    name: "spring",
    extensions: &[],
    names: &[],
    interpreters: &[],
    recognises: Some(|path, _| is_settings(path) || is_context(path)),
    phase: Phase::Stream,
    reads: "`classpath:` in settings and contexts, `import`, mappers, mappings and includes",
    leaves: "patterns, placeholders, names that no prefix tells",
    scan,
};

const PROPERTIES: Style = Style { comments: b"#!", inline: None, joins: false };
/// Before the name of what may be absent.
const OPTIONAL: &[u8] = b"optional:";
const CLASSPATH: &[u8] = b"classpath:";
const CONSTRUCT: &str = "classpath:";

/// `src/main/resources/application-prod.yml`.
fn is_settings(file: &[u8]) -> bool {
    let name = path::name(file);
    let named = name.starts_with(b"application") || name.starts_with(b"bootstrap");
    let kind = matches!(path::extension(name).as_slice(), b"properties" | b"yaml" | b"yml");
    named && kind && is_resource(file)
}

/// `src/main/resources/x.xml`, `WEB-INF/x.xml`.
fn is_context(file: &[u8]) -> bool {
    let web = || path::segments(path::parent(file)).any(|segment| segment == b"WEB-INF");
    file.ends_with(b".xml") && (is_resource(file) || web())
}

fn is_resource(file: &[u8]) -> bool {
    let segments: Vec<&[u8]> = path::segments(file).collect();
    segments.windows(3).any(|three| three[0] == b"src" && three[2] == b"resources")
}

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let words = [CLASSPATH, b"resource="];
    if !words.iter().any(|word| memchr::memmem::find(source, word).is_some()) {
        return Scan::default();
    }
    let mut unit = Unit::new(input);
    let mut beside = Vec::new();
    match path::extension(input.path).as_slice() {
        b"xml" => xml::items(&input.source.text(), &mut |item| {
            if item.span.of(source) == item.text.as_bytes() {
                beside.extend(element(&mut unit, &item));
            }
        }),
        b"properties" => {
            for entry in ini::entries(source, PROPERTIES) {
                value(&mut unit, entry.span(0, entry.value.len()));
            }
        }
        _ => documents(input.source).iter().for_each(|document| document_values(&mut unit, document)),
    }
    let mut references = unit.finish();
    references.append(&mut beside);
    references.sort_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

/// Every scalar of a document.
fn document_values(unit: &mut Unit<'_>, document: &Node) {
    let mut open = vec![document];
    while let Some(node) = open.pop() {
        if let Some((_, span)) = node.string() {
            value(unit, span);
        }
        open.extend(node.list());
        open.extend(node.entries().iter().map(|(_, inner)| inner));
    }
}

/// `classpath:x`, `optional:classpath:x`, or several with commas between them.
fn value(unit: &mut Unit<'_>, span: Span) {
    let text = span.of(unit.source);
    let mut start = span.start as usize;
    for one in text.split(|&byte| byte == b',') {
        let blank = one.len() - one.trim_ascii_start().len();
        let optional = one.trim_ascii().starts_with(OPTIONAL);
        let from = start + blank + if optional { OPTIONAL.len() } else { 0 };
        let until = start + one.trim_ascii_end().len();
        if from < until {
            unit.resource(Span::new(from, until), None, CONSTRUCT, optional);
        }
        start += one.len() + 1;
    }
}

/// A value of an element; what it names beside its file is given.
fn element(unit: &mut Unit<'_>, item: &Item<'_>) -> Option<Reference<'static>> {
    let element = item.path.rsplit('/').next().unwrap_or_default();
    // Spring takes no white space off the value of an attribute.
    let span = if item.attribute.is_empty() { item.span } else { item.whole };
    let text = span.of(unit.source);
    match (element, item.attribute) {
        _ if text.starts_with(CLASSPATH) => unit.resource(span, None, CONSTRUCT, false),
        ("import", "resource") if !text.starts_with(b"/") && !text.iter().any(|byte| b":*${".contains(byte)) => {
            let namespace = Namespace::Path(&[Base::FileDirectory], Want::File);
            return Some(Reference::literal(span, text.to_vec(), "import", namespace, Strength::Fatal));
        }
        ("mapper" | "mapping" | "include", "resource") => {
            unit.resource(span, Some(Start::Loader), "resource", false);
        }
        _ => {}
    }
    None
}
