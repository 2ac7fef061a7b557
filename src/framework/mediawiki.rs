//! MediaWiki (mediawiki.org "Manual:Extension.json/Schema", "ResourceLoader/Package files").

use crate::index::Index;
use crate::path;

/// Manifests of extensions and skins.
const MANIFESTS: [&[u8]; 2] = [b"extension.json", b"skin.json"];

/// Whether ResourceLoader may make a file for the package of a module, or bring it from elsewhere under this name: data
/// that the server puts in, and templates.
#[must_use]
pub fn packs(index: &Index, file: &[u8], target: &[u8]) -> bool {
    let registered = |above: &[u8]| MANIFESTS.iter().any(|name| index.is_file(&path::join(above, name)));
    let target = target.strip_suffix(b".js").unwrap_or(target);
    matches!(path::extension(target).as_slice(), b"json" | b"mustache")
        && path::ancestors(path::parent(file)).any(registered)
}
