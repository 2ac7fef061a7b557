//! Where Python finds a module, by lookups in the index (Language Reference 5.3 to 5.5).
//!
//! A regular package wins over a module, and a module over a namespace package. `.pyi`, compiled and Cython files
//! satisfy an import: whoever ships them knows why.

use crate::index::{EntryId, EntryKind, Index, Lookup};
use crate::path;

/// Extensions of a module.
const MODULE: [&str; 7] = [".py", ".pyc", ".pyd", ".pyi", ".pyw", ".pyx", ".so"];
/// Directories below a root that projects put on the path.
const SOURCE: [&[u8]; 7] = [b"src", b"lib", b"app", b"backend", b"server", b"python", b"source"];

/// What a dotted name leads to, from one root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walked {
    /// A module's file.
    Module(EntryId),
    /// A package: its directory, and its `__init__` unless it is a namespace package.
    Package(EntryId, Option<EntryId>),
    /// A module stands where a package must: what it makes of the rest is its own affair.
    Within(EntryId),
    /// The segment of this number is not there; so far all was regular packages, or not.
    Missing {
        /// Number of the segment.
        at: usize,
        /// Every package so far has an `__init__`.
        regular: bool,
        /// The `__init__` of the last package.
        init: Option<EntryId>,
    },
    /// A link leaves the tree.
    Beyond,
}

/// Directories from which a file imports absolutely: those above it, what projects put on the path below them,
/// and the given ones.
#[must_use]
pub fn roots(index: &Index, file: &[u8], stated: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut roots: Vec<Vec<u8>> = Vec::new();
    for above in path::ancestors(path::parent(file)) {
        roots.push(above.to_vec());
        let below = SOURCE.iter().map(|name| path::join(above, name));
        roots.extend(below.filter(|directory| index.is_directory(directory)));
    }
    roots.extend_from_slice(stated);
    let mut seen = rustc_hash::FxHashSet::default();
    roots.retain(|root| seen.insert(root.clone()));
    roots
}

/// The package a relative name starts from, and the rest of the name; `None` above the root of the tree.
#[must_use]
pub fn relative<'n>(file: &[u8], dotted: &'n [u8]) -> Option<(Vec<u8>, &'n [u8])> {
    let dots = dotted.iter().take_while(|&&byte| byte == b'.').count();
    let mut directory = path::parent(file);
    for _ in 1..dots {
        if directory.is_empty() {
            return None;
        }
        directory = path::parent(directory);
    }
    Some((directory.to_vec(), &dotted[dots..]))
}

/// The segments of a dotted name.
#[must_use]
pub fn segments(dotted: &[u8]) -> Vec<&[u8]> {
    dotted.split(|&byte| byte == b'.').filter(|segment| !segment.is_empty()).collect()
}

/// Walks a dotted name from a directory. No segments give the directory itself.
#[must_use]
pub fn walk(index: &Index, root: &[u8], segments: &[&[u8]]) -> Walked {
    let Lookup::Found(mut directory) = index.lookup(root) else { return Walked::Beyond };
    let mut init = init_of(index, directory);
    let mut regular = true;
    for (at, segment) in segments.iter().enumerate() {
        match step(index, directory, segment) {
            Step::Package(next, next_init) => {
                (directory, init) = (next, next_init);
                regular &= init.is_some();
            }
            Step::Module(module) if at + 1 == segments.len() => return Walked::Module(module),
            Step::Module(module) => return Walked::Within(module),
            Step::Missing => return Walked::Missing { at, regular, init },
            Step::Beyond => return Walked::Beyond,
        }
    }
    Walked::Package(directory, init)
}

enum Step {
    Package(EntryId, Option<EntryId>),
    Module(EntryId),
    Missing,
    Beyond,
}

fn step(index: &Index, directory: EntryId, segment: &[u8]) -> Step {
    let path = path::join(index.path(directory), segment);
    let package = match index.lookup(&path) {
        Lookup::Beyond => return Step::Beyond,
        Lookup::Found(id) if index.kind(id) == EntryKind::Directory => Some(id),
        _ => None,
    };
    if let Some(id) = package
        && let Some(init) = init_of(index, id)
    {
        return Step::Package(id, Some(init));
    }
    match module(index, directory, segment) {
        Lookup::Found(file) => Step::Module(file),
        Lookup::Beyond => Step::Beyond,
        Lookup::Missing => package.map_or(Step::Missing, |id| Step::Package(id, None)),
    }
}

fn init_of(index: &Index, directory: EntryId) -> Option<EntryId> {
    match module(index, directory, b"__init__") {
        Lookup::Found(init) => Some(init),
        _ => None,
    }
}

/// The file of a module in a directory; `x.cpython-311-x86_64-linux-gnu.so` is one of `x`.
fn module(index: &Index, directory: EntryId, name: &[u8]) -> Lookup {
    let stem = path::join(index.path(directory), name);
    for extension in MODULE {
        match index.lookup(&[&stem, extension.as_bytes()].concat()) {
            Lookup::Found(id) if index.kind(id) == EntryKind::Directory => {}
            Lookup::Missing => {}
            other => return other,
        }
    }
    let prefix = [name, b"."].concat();
    let compiled = starting_with(index, directory, &prefix)
        .find(|&id| matches!(path::extension(index.name(id)).as_slice(), b"so" | b"pyd"));
    compiled.map_or(Lookup::Missing, Lookup::Found)
}

/// Entries of a directory whose names start with `prefix`, by binary search.
fn starting_with<'i>(index: &'i Index, directory: EntryId, prefix: &'i [u8]) -> impl Iterator<Item = EntryId> + 'i {
    let name = move |at: usize| index.children(directory).nth(at).map(|id| index.name(id));
    let (mut low, mut high) = (0, index.children(directory).len());
    while low < high {
        let middle = low + (high - low) / 2;
        if name(middle).is_some_and(|name| name < prefix) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    index.children(directory).skip(low).take_while(move |&id| index.name(id).starts_with(prefix))
}

/// The name under which a module's constant is known, from how an importing file writes it (`.settings:BASE`).
#[must_use]
pub fn constant_key(index: &Index, file: &[u8], written: &[u8]) -> Option<Vec<u8>> {
    let colon = memchr::memrchr(b':', written)?;
    let (module, name) = (&written[..colon], &written[colon..]);
    let defining = if module.starts_with(b".") {
        let (root, rest) = relative(file, module)?;
        defining(walk(index, &root, &segments(rest)))
    } else {
        let parts = segments(module);
        roots(index, file, &[]).iter().find_map(|root| defining(walk(index, root, &parts)))
    }?;
    Some([index.path(defining), name].concat())
}

fn defining(walked: Walked) -> Option<EntryId> {
    match walked {
        Walked::Module(file) => Some(file),
        Walked::Package(_, init) => init,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Memory, Tree};

    fn index(files: &[&str]) -> Index {
        let mut tree = Memory::default();
        for file in files {
            tree.file(*file, "");
        }
        Index::new(tree.list().entries)
    }

    #[test]
    fn packages_win_over_modules_and_modules_over_namespaces() {
        let index = index(&["a/__init__.py", "a.py", "n.py", "n/z.py", "s/x.py", "c.cpython-311.so"]);
        let walked = |name: &str| walk(&index, b"", &segments(name.as_bytes()));
        assert!(matches!(walked("a"), Walked::Package(_, Some(_))));
        assert!(matches!(walked("n"), Walked::Module(_)));
        assert!(matches!(walked("n.z"), Walked::Within(_)));
        assert!(matches!(walked("s"), Walked::Package(_, None)));
        assert!(matches!(walked("s.x"), Walked::Module(_)));
        assert!(matches!(walked("c"), Walked::Module(_)));
        assert_eq!(walked("s.y"), Walked::Missing { at: 1, regular: false, init: None });
    }

    #[test]
    fn relative_names_climb() {
        assert_eq!(relative(b"a/b/c.py", b"..x.y"), Some((b"a".to_vec(), b"x.y".as_slice())));
        assert_eq!(relative(b"c.py", b"..x"), None);
        let index = index(&["a/b/c.py", "a/settings.py"]);
        assert_eq!(constant_key(&index, b"a/b/c.py", b"..settings:BASE"), Some(b"a/settings.py:BASE".to_vec()));
        assert_eq!(constant_key(&index, b"a/b/c.py", b"settings:BASE"), Some(b"a/settings.py:BASE".to_vec()));
    }
}
