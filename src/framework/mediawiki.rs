//! MediaWiki (mediawiki.org "Manual:Extension.json/Schema", "ResourceLoader/Package files").

use crate::index::Index;
use crate::path;

/// Manifests of extensions and skins.
const MANIFESTS: [&[u8]; 2] = [b"extension.json", b"skin.json"];

/// Whether ResourceLoader may make a file for the package of a module: data that the server puts in.
#[must_use]
pub fn packs(index: &Index, file: &[u8], target: &[u8]) -> bool {
    let registered = |above: &[u8]| MANIFESTS.iter().any(|name| index.is_file(&path::join(above, name)));
    path::extension(target) == b"json" && path::ancestors(path::parent(file)).any(registered)
}
