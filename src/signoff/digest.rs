//! The digest of what ships: it changes with every byte, name and mode, and with nothing else.
//!
//! SHA-256 over one line an entry, sorted by the bytes of the paths: mode, blank, SHA-256 of the content in hexadecimal
//! digits, blank, path, NUL. Modes are git's (`100644`, `100755`, `120000`, `160000`, and `040000` for a folder with
//! nothing in it), with the bits beyond 777 where a file has them; the content of a link is its target, that of a
//! submodule the name of its commit. So a revision, the archive that git makes of it and the folder that it is unpacked
//! to have the same digest, whatever the mask of permissions there.

use std::collections::BTreeSet;
use std::fmt::Write;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::diagnostic::Trouble;
use crate::path;
use crate::tree::{About, Entry, Kind, Tree};

/// What ships, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// `sha256:` and 64 hexadecimal digits.
    pub sum: String,
    /// How many entries it is of.
    pub entries: usize,
    /// Places of which nothing but the name is known, and so signed.
    pub unknown: Vec<Vec<u8>>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Where it ships.
    pub path: Vec<u8>,
    /// Mode and content, as they stand in the line.
    pub what: String,
    /// Nothing but its name is known.
    pub unknown: bool,
}

/// `sha256:` and the digits of some bytes, each part with its length before it.
#[must_use]
pub fn digest_of(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    format!("sha256:{}", hexadecimal(hash))
}

/// The lines of a tree, sorted.
///
/// # Errors
/// What could not be read.
pub fn lines(tree: &dyn Tree) -> Result<Vec<Line>, Vec<Trouble>> {
    let listing = tree.list();
    if !listing.troubles.is_empty() {
        return Err(listing.troubles);
    }
    let parents: BTreeSet<&[u8]> = listing.entries.iter().map(|entry| path::parent(&entry.path)).collect();
    let counts = |entry: &&Entry| entry.kind != Kind::Directory || !parents.contains(entry.path.as_slice());
    let entries: Vec<&Entry> = listing.entries.iter().filter(counts).collect();
    let read = |entry: &&Entry| {
        let failed = |error: std::io::Error| Trouble { path: entry.path.clone(), what: error.kind().to_string() };
        line(tree, entry).map_err(failed)
    };
    let (mut lines, mut troubles) = (Vec::new(), Vec::new());
    for one in entries.par_iter().map(read).collect::<Vec<_>>() {
        match one {
            Ok(line) => lines.push(line),
            Err(trouble) => troubles.push(trouble),
        }
    }
    lines.sort();
    if troubles.is_empty() { Ok(lines) } else { Err(troubles) }
}

/// The digest of a tree, from its lines.
#[must_use]
pub fn digest(lines: &[Line]) -> Digest {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line.what.as_bytes());
        hash.update(b" ");
        hash.update(&line.path);
        hash.update([0]);
    }
    let unknown = lines.iter().filter(|line| line.unknown).map(|line| line.path.clone()).collect();
    Digest { sum: format!("sha256:{}", hexadecimal(hash)), entries: lines.len(), unknown }
}

fn line(tree: &dyn Tree, entry: &Entry) -> std::io::Result<Line> {
    let mut hash = Sha256::new();
    let mut unknown = false;
    let mode = match &entry.kind {
        Kind::File => {
            tree.copy(&entry.path, &mut hash)?;
            let About { program, special, .. } = tree.about(&entry.path)?;
            let rights = if program { 0o755 } else { 0o644 };
            format!("{:o}", 0o100_000 | special | rights)
        }
        Kind::Symlink(target) => {
            hash.update(target);
            "120000".to_owned()
        }
        Kind::Submodule => {
            let commit = tree.about(&entry.path)?.commit;
            unknown = commit.is_none();
            hash.update(commit.unwrap_or_default());
            "160000".to_owned()
        }
        Kind::Directory => "040000".to_owned(),
        Kind::Special => "010000".to_owned(),
    };
    Ok(Line { path: entry.path.clone(), what: format!("{mode} {}", hexadecimal(hash)), unknown })
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Memory;

    /// As `printf '100644 %s a\0120000 %s b\0040000 %s c\0' … | sha256sum` has it.
    #[test]
    fn it_is_what_it_says() {
        let mut tree = Memory::default();
        tree.file("a", "x\n").symlink("b", "a").directory("c");
        let digest = digest(&lines(&tree).unwrap());
        assert_eq!((digest.entries, digest.unknown.len()), (3, 0));
        let said: Vec<String> = lines(&tree).unwrap().into_iter().map(|line| line.what).collect();
        assert_eq!(said[0], "100644 73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac");
        assert!(said[1].starts_with("120000 ca978112ca1bbdca") && said[2].starts_with("040000 e3b0c44298fc1c14"));
    }

    #[test]
    fn everything_changes_it() {
        let of = |change: &dyn Fn(&mut Memory)| {
            let mut tree = Memory::default();
            tree.file("a/b", "x").file("c", "y").symlink("l", "c");
            change(&mut tree);
            digest(&lines(&tree).unwrap()).sum
        };
        let sums: BTreeSet<String> = [
            of(&|_| {}),
            of(&|tree| _ = tree.file("a/b", "y")),
            of(&|tree| _ = tree.file("d", "")),
            of(&|tree| _ = tree.directory("d")),
            of(&|tree| _ = tree.symlink("d", "")),
            of(&|tree| _ = tree.symlink("l", "a")),
            of(&|tree| _ = tree.remove(b"c")),
            of(&|tree| _ = tree.file("a/b\n", "x").remove(b"a/b")),
        ]
        .into();
        assert_eq!(sums.len(), 8);
    }
}
