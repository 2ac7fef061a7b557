//! The configuration of a site of Hugo: where it has its folders (gohugo.io "Configure Hugo", `contentDir` and
//! `layoutDir`; "Configuration directory").
//!
//! Read: what stands at the top level. Knowingly not read: a `config.yaml` beside the site, whose name others use, as
//! well; folders of one language, mounts of modules, `staticDir` and `assetDir`, of whose files nothing is sure.

use toml_edit::Document as Toml;

use super::syntax::{json, yaml};
use super::{Fact, Input, Language, Phase, Scan, SiteFolder};
use crate::path;

/// Hugo's configuration.
pub const LANGUAGE: Language = Language {
    name: "hugosite",
    extensions: &[],
    names: &["config.toml", "hugo.json", "hugo.toml", "hugo.yaml", "hugo.yml"],
    interpreters: &[],
    recognises: Some(|path, _| {
        path::ends_in(path::parent(path), DIRECTORY)
            && matches!(path::name(path), b"config.json" | b"config.yaml" | b"config.yml")
    }),
    phase: Phase::Facts,
    reads: "where a site of Hugo has its content and its templates",
    leaves: "all else",
    scan,
};

/// Where the configuration may be instead of beside the site.
const DIRECTORY: &[u8] = b"config/_default";
/// Settings, in small letters: Hugo takes them in any.
const FOLDERS: [(&str, SiteFolder); 2] = [("contentdir", SiteFolder::Content), ("layoutdir", SiteFolder::Layouts)];

fn scan(input: Input<'_>) -> Scan<'_> {
    let bytes = input.source.bytes().to_ascii_lowercase();
    if FOLDERS.iter().all(|(key, _)| memchr::memmem::find(&bytes, key.as_bytes()).is_none()) {
        return Scan::default();
    }
    let above = path::parent(input.path);
    let home = if path::ends_in(above, DIRECTORY) { path::parent(path::parent(above)) } else { above };
    let told = settings(&input).into_iter().filter_map(|(key, value)| {
        let (_, folder) = FOLDERS.iter().find(|(known, _)| key.eq_ignore_ascii_case(known))?;
        let place = path::normalize(&path::join(home, value.as_bytes()))?.into_owned();
        Some(Fact::SiteFolder { home: home.to_vec(), folder: *folder, place })
    });
    Scan { facts: told.collect(), ..Scan::default() }
}

/// The texts at the top level, by their keys.
fn settings(input: &Input<'_>) -> Vec<(String, String)> {
    let text = input.source.text();
    match path::extension(input.path).as_slice() {
        b"toml" => {
            let Ok(document) = Toml::parse(&*text) else { return Vec::new() };
            document.iter().filter_map(|(key, value)| Some((key.to_owned(), value.as_str()?.to_owned()))).collect()
        }
        b"json" => {
            let root = json::object(&text);
            let rows = root.iter().flat_map(|root| &root.properties);
            rows.filter_map(|row| Some((row.name.as_str().to_owned(), row.value.as_string_lit()?.value.to_string())))
                .collect()
        }
        _ => {
            let text = |node: &yaml::Node| Some(String::from_utf8_lossy(node.scalar()?.0).into_owned());
            let documents = yaml::documents(input.source);
            let rows = documents.iter().flat_map(yaml::Node::entries);
            rows.filter_map(|(key, value)| Some((text(key)?, text(value)?))).collect()
        }
    }
}
