//! What several languages share: readers of the formats that manifests are written in, the shapes of constructs in
//! templates, how what is written in pages and style sheets becomes a reference, and how high a source nests.
//!
//! Nothing here is a language: it has no row in the registry, and its cases are those of the languages that ask it.

pub(super) mod called;
pub(super) mod classpath;
pub(super) mod delimited;
pub(super) mod descent;
pub(super) mod grown;
pub(super) mod indented;
pub(super) mod ini;
pub(super) mod json;
pub mod nesting;
pub(super) mod sheet;
pub(super) mod sprockets;
pub(super) mod toml;
pub(super) mod url;
pub(super) mod variables;
pub(super) mod xml;
pub(super) mod yaml;
