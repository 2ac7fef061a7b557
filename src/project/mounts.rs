//! Absolute server paths mapped to places in the tree: configured, equated by a constant, or inferred.

use super::constants::Constants;
use crate::diagnostic::Certainty;
use crate::options::Options;
use crate::path;

/// An absolute server path and the place in the tree that stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Absolute, without a slash at its end.
    pub server: Vec<u8>,
    /// Relative to the root of the tree.
    pub tree: Vec<u8>,
    /// Configured mounts are certain; inferred ones are likely and never make a plain miss a finding.
    pub certainty: Certainty,
}

impl Mount {
    /// Where an absolute server path lies in the tree, compared by whole segments.
    #[must_use]
    pub fn map(&self, server_path: &[u8]) -> Option<Vec<u8>> {
        let rest = server_path.strip_prefix(self.server.as_slice())?;
        if !rest.is_empty() && !rest.starts_with(b"/") {
            return None;
        }
        Some(path::normalize(&path::join(&self.tree, rest))?.into_owned())
    }
}

pub(super) fn configured(options: &Options, constants: &Constants) -> Vec<Mount> {
    let mut mounts = options.mounts.clone();
    for (server, tree) in &constants.equated {
        let server = server.strip_suffix(b"/").unwrap_or(server).to_vec();
        if !server.is_empty() && !mounts.iter().any(|mount| mount.server == server) {
            mounts.push(Mount { server, tree: tree.clone(), certainty: Certainty::Likely });
        }
    }
    sort(&mut mounts);
    mounts
}

/// Longest prefix first, so that the first that maps is the closest.
pub(super) fn sort(mounts: &mut [Mount]) {
    mounts.sort_by(|a, b| b.server.len().cmp(&a.server.len()).then_with(|| a.server.cmp(&b.server)));
}
