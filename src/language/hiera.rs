//! `hiera.yaml`, version 5 (puppet.com/docs, "Hiera configuration file syntax").
//!
//! Read are `path`, `paths` and `datadir` of the levels: a level whose file is absent is skipped without a word, so
//! that only a name near an existing one is told.
//!
//! Knowingly not read: `glob`, `globs`, `mapped_paths`, levels without a file, older versions, the data itself.

use super::syntax::yaml::{Node, documents};
use super::{Input, Language, Namespace, Phase, Puppet, Reference, Scan};
use crate::diagnostic::{Severity, Strength};
use crate::expr::PathExpr;

/// `hiera.yaml`.
pub const LANGUAGE: Language = Language {
    name: "hiera",
    extensions: &[],
    names: &["hiera.yaml"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "paths of the levels: names near an existing file",
    leaves: "globs, mapped paths, the data itself",
    scan,
};

/// Where data lies if nothing else is said.
const DATA: &[u8] = b"data";

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut scan = Scan::default();
    for document in documents(input.source) {
        let common = document.get("defaults").and_then(|defaults| defaults.get("datadir"));
        for level in document.get("hierarchy").map(Node::list).unwrap_or_default() {
            let datadir = level.get("datadir").or(common);
            for path in ["path", "paths"].iter().filter_map(|key| level.get(key)).flat_map(Node::each) {
                scan.references.extend(reference(datadir, path));
            }
        }
    }
    scan.references.sort_by_key(|reference| reference.span);
    scan.references.dedup_by_key(|reference| reference.span);
    scan
}

fn reference(datadir: Option<&Node>, path: &Node) -> Option<Reference<'static>> {
    let (text, span) = path.string()?;
    let datadir = match datadir {
        Some(node) => node.string()?.0,
        None => DATA,
    };
    let whole = [datadir, b"/", text].concat();
    // `%{facts.os.family}`.
    let expr = if memchr::memmem::find(&whole, b"%{").is_some() { PathExpr::Hole } else { PathExpr::literal(whole) };
    Some(Reference {
        span,
        tail: span,
        expr,
        construct: "path",
        namespace: Namespace::Puppet { kind: Puppet::Data, own: true },
        strength: Strength::Silent,
        guarded: false,
        ceiling: Severity::Error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn levels_name_files() {
        let text = "version: 5\ndefaults: {datadir: hieradata}\nhierarchy:\n- name: a\n  paths: [common.yaml, 'os/%{x}.yaml']\n- name: b\n  datadir: d\n  path: e.yaml\n";
        let source = Source::new(text.as_bytes().to_vec());
        let scan = scan(Input { path: b"hiera.yaml", source: &source, project: None });
        let shown: Vec<_> = scan.references.iter().map(|one| one.expr.as_literal().map(<[u8]>::to_vec)).collect();
        assert_eq!(shown, [Some(b"hieradata/common.yaml".to_vec()), None, Some(b"d/e.yaml".to_vec())]);
    }
}
