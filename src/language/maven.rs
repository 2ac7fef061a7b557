//! `pom.xml` (maven.apache.org "POM Reference").
//!
//! Read: modules, the relative path of the parent, folders of sources and resources. Knowingly not read: properties,
//! what plugins are told.

use super::syntax::xml;
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::Strength;

/// `pom.xml`.
pub const LANGUAGE: Language = Language {
    name: "maven",
    extensions: &[],
    names: &["pom.xml"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "modules, the parent's relative path, folders of sources and resources",
    leaves: "properties, what plugins are told",
    scan,
};

const HERE: &[Base] = &[Base::Manifest];
/// Ends of the path to an element whose text is a path. A parent is found in a repository, too, and a folder of
/// resources is skipped where it is not there.
const ROWS: [(&str, &str, Strength); 6] = [
    ("/modules/module", "module", Strength::Fatal),
    ("/project/parent/relativePath", "relativePath", Strength::Optional),
    ("/build/resources/resource/directory", "directory", Strength::Optional),
    ("/build/testResources/testResource/directory", "directory", Strength::Optional),
    ("/project/build/sourceDirectory", "sourceDirectory", Strength::Silent),
    ("/project/build/testSourceDirectory", "testSourceDirectory", Strength::Optional),
];

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = input.source.text();
    let mut references = Vec::new();
    xml::items(&text, &mut |item| {
        let row = ROWS.iter().find(|(end, _, _)| item.attribute.is_empty() && item.path.ends_with(end));
        let Some((_, construct, strength)) = row.filter(|_| !item.text.contains("${")) else { return };
        let path = item.text.trim_end_matches('/').as_bytes().to_vec();
        let namespace = Namespace::Path(HERE, Want::Any);
        // A profile counts only where it is asked for.
        let aside = item.path.starts_with("/project/profiles/") && *strength > Strength::Silent;
        let strength = if aside { Strength::Silent } else { *strength };
        references.push(Reference::literal(item.span, path, construct, namespace, strength));
    });
    Scan { references, ..Scan::default() }
}
