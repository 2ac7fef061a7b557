//! Where the configuration of a tree lies: in the tree's own folder, else in its parents up to the root of the
//! repository. Never above: a file in somebody's home must not decide what a gate lets through.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::FILE;
use crate::options::Place;

/// The configuration of a tree, whose path must be absolute. Outside of a repository only the tree itself is
/// looked at.
#[must_use]
pub fn find(tree: &Path) -> Option<PathBuf> {
    let repository = tree.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(tree);
    let inside = tree.ancestors().take_while(|folder| folder.starts_with(repository));
    // Also what is no file: that it cannot be read must be said.
    inside.map(|folder| folder.join(FILE)).find(|file| file.symlink_metadata().is_ok())
}

/// Where the folder of a configuration and the tree lie, both absolute.
#[must_use]
pub fn place(config: &Path, tree: &Path) -> Place {
    let base = config.parent().unwrap_or(config);
    Place::between(base.as_os_str().as_bytes(), tree.as_os_str().as_bytes())
}
