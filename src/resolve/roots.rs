//! Which of several roots of templates or static files serve a file.

use super::Site;
use crate::path;
use crate::project::Root;

/// Roots in the order of how much of their way they share with a file; deterministic.
pub(super) fn nearest_first<'r>(roots: &'r [Root], file: &[u8]) -> Vec<&'r Root> {
    let shared = |root: &Root| path::segments(&root.path).zip(path::segments(file)).take_while(|(a, b)| a == b).count();
    let mut nearest: Vec<&Root> = roots.iter().collect();
    nearest.sort_by(|a, b| shared(b).cmp(&shared(a)).then_with(|| a.path.cmp(&b.path)));
    nearest
}

/// Whether a root of templates or static files serves this file: it stands beside the file or above it, or one
/// application holds both.
pub(super) fn is_of_application(site: &Site<'_>, root: &[u8]) -> bool {
    let holds = |directory: &[u8]| path::is_below(site.path(), directory);
    holds(path::parent(root)) || site.project.applications.iter().any(|home| holds(home) && path::is_below(root, home))
}
