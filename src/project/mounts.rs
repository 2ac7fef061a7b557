//! Absolute server paths mapped to places in the tree: configured, equated by a constant, or inferred.

use std::collections::BTreeMap;

use super::constants::Constants;
use crate::diagnostic::Certainty;
use crate::index::{EntryKind, Index};
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

/// Places of a server that hold no deployed tree (configs 1.4), with what lies below them that does.
const NOT_DEPLOYED: [&str; 21] = [
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib64",
    "/media",
    "/mnt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/snap",
    "/sys",
    "/tmp",
    "/usr",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/run",
];
/// Document roots that servers are shipped with: one reference below them is evidence enough.
const KNOWN_ROOTS: [&str; 8] = [
    "/usr/local/apache2/htdocs",
    "/usr/share/nginx/html",
    "/usr/src/app",
    "/var/www/html",
    "/var/www/htdocs",
    "/srv/http",
    "/srv/www",
    "/app",
];
/// Most distinct paths that vote.
const MAX_VOTERS: usize = 10_000;

/// Infers mounts from absolute paths that nothing maps: two distinct paths that both lead to entries below one
/// directory of the tree, or one below a well-known document root. `resolves` says whether a path of the tree is
/// an entry, or differs from one by nothing that can be seen.
#[must_use]
pub fn infer(index: &Index, paths: &[Vec<u8>], resolves: impl Fn(&[u8]) -> bool) -> Vec<Mount> {
    let mut votes: BTreeMap<(Vec<u8>, Vec<u8>), usize> = BTreeMap::new();
    for server in paths.iter().take(MAX_VOTERS).filter(|path| may_be_deployed(path)) {
        for (front, rest) in splits(server) {
            for tree in places(index, front) {
                if resolves(&path::join(&tree, rest)) {
                    *votes.entry((front.to_vec(), tree)).or_default() += 1;
                }
            }
        }
    }
    let enough = |front: &[u8], count: usize| count >= 2 || KNOWN_ROOTS.iter().any(|known| known.as_bytes() == front);
    let mut mounts = Vec::new();
    for ((server, tree), &count) in votes.iter().filter(|((front, _), count)| enough(front, **count)) {
        let rivals = votes.iter().filter(|((other, _), votes)| other == server && **votes >= count).count();
        if rivals == 1 {
            mounts.push(Mount { server: server.clone(), tree: tree.clone(), certainty: Certainty::Likely });
        }
    }
    sort(&mut mounts);
    mounts
}

fn may_be_deployed(server: &[u8]) -> bool {
    let below = |directory: &&str| path::is_below(server, directory.as_bytes());
    KNOWN_ROOTS.iter().any(below) || !NOT_DEPLOYED.iter().any(below)
}

/// Every way to cut a path into a front of at least one segment and a rest of at least one.
fn splits(server: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    memchr::memchr_iter(b'/', server).filter(|&at| at > 0).map(|at| (&server[..at], &server[at + 1..]))
}

/// Where a front may lie: the root of the tree, or a directory that bears its last name.
fn places(index: &Index, front: &[u8]) -> Vec<Vec<u8>> {
    let named = index.named(path::name(front)).filter(|&id| index.kind(id) == EntryKind::Directory);
    std::iter::once(Vec::new()).chain(named.take(16).map(|id| index.path(id).to_vec())).collect()
}
