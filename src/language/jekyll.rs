//! The configuration of a site of Jekyll: whether a theme brings files of its own (jekyllrb.com "Themes"), and where
//! the site has its folders (jekyllrb.com "Configuration Options").
//!
//! Read: `theme` and `remote_theme`, `source`, `collections_dir`, `includes_dir` and `layouts_dir`. Knowingly not read:
//! everything else; defaults and collections name no file that must be there.

use super::syntax::yaml::{self, Node};
use super::{Fact, Input, Language, Phase, Scan, SiteFolder};
use crate::path;

/// Jekyll's configuration.
pub const LANGUAGE: Language = Language {
    name: "jekyll",
    extensions: &[],
    names: &["_config.yml", "_config.yaml"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "whether a theme brings layouts and includes, where the site has its folders",
    leaves: "all else",
    scan,
};

/// Settings of folders below the source, and their values where none is given.
const FOLDERS: [(&str, &[u8], SiteFolder); 3] = [
    ("collections_dir", b"", SiteFolder::Collections),
    ("includes_dir", b"_includes", SiteFolder::Includes),
    ("layouts_dir", b"_layouts", SiteFolder::JekyllLayouts),
];

fn scan(input: Input<'_>) -> Scan<'_> {
    let documents = yaml::documents(input.source);
    let themed =
        documents.iter().any(|document| ["remote_theme", "theme"].iter().any(|key| document.get(key).is_some()));
    let mut facts = if themed { vec![Fact::Extended] } else { Vec::new() };
    facts.extend(documents.first().into_iter().flat_map(|document| folders(document, path::parent(input.path))));
    Scan { facts, ..Scan::default() }
}

/// Where the folders are that settings move; with the source, all of them move.
fn folders(document: &Node, home: &[u8]) -> Vec<Fact> {
    let text = |key: &str| document.get(key).and_then(Node::string).map(|(text, _)| text.to_vec());
    let below = |above: &[u8], name: &[u8]| Some(path::normalize(&path::join(above, name))?.into_owned());
    let moved = text("source").map(|source| below(home, &source));
    let source = match &moved {
        Some(Some(source)) => source.clone(),
        // It leaves the tree, and the folders with it.
        Some(None) => return vec![Fact::Extended],
        None => home.to_vec(),
    };
    let fact = |folder, place| Fact::SiteFolder { home: home.to_vec(), folder, place };
    let mut facts: Vec<Fact> = Vec::new();
    facts.extend(moved.is_some().then(|| fact(SiteFolder::Source, source.clone())));
    for (key, name, folder) in FOLDERS {
        let given = text(key);
        if given.is_some() || moved.is_some() {
            let place = below(&source, given.as_deref().unwrap_or(name));
            facts.extend(place.map(|place| fact(folder, place)));
        }
    }
    facts
}
