//! What names modules of JavaScript beside paths: `baseUrl` and `paths` of TypeScript, `imports` of packages, aliases
//! of bundlers, the tree's own packages (typescriptlang.org "TSConfig Reference"; nodejs.org "Packages").

use rustc_hash::{FxHashMap, FxHashSet};

use super::{FileScope, Stated, constants::Constants, push_new};
use crate::expr::PathExpr;
use crate::index::Index;
use crate::path;
use crate::reference::{Fact, Package, TypeScript};

/// Longest chain of configurations that extend each other.
const MAX_CHAIN: usize = 8;

/// All of it, frozen.
#[derive(Debug, Default)]
pub struct Names {
    /// Rows by the directory below which they hold.
    rows: Vec<(Vec<u8>, Row)>,
    /// `baseUrl` by the directory below which it holds.
    bases: Vec<(Vec<u8>, Vec<u8>)>,
    /// Names of packages that some manifest depends on.
    dependencies: FxHashSet<Vec<u8>>,
    /// Directories of manifests, with the packages that each depends on.
    homes: FxHashMap<Vec<u8>, FxHashSet<Vec<u8>>>,
    /// The tree's own packages: name, directory, and whether only their `exports` are to be had by it.
    own: Vec<(Vec<u8>, Vec<u8>, bool)>,
}

/// One name, or all that start and end alike.
#[derive(Debug)]
struct Row {
    start: Vec<u8>,
    /// What stands behind the `*`; `None` where there is none.
    end: Option<Vec<u8>>,
    /// Paths relative to the root, with the same `*`; empty where they lie outside of it.
    targets: Vec<Vec<u8>>,
}

/// What a name may stand for.
#[derive(Debug, PartialEq, Eq)]
pub enum Meant {
    /// These places, relative to the root.
    Places(Vec<Vec<u8>>),
    /// A place outside of the tree.
    Outside,
    /// Nothing that the tree tells of.
    Nothing,
}

impl Names {
    pub(super) fn new(index: &Index, constants: &Constants, stated: &[Stated]) -> Self {
        let mut names = Names::default();
        let mut configurations: FxHashMap<&[u8], &TypeScript> = FxHashMap::default();
        for one in stated {
            let file = index.path(one.file);
            for fact in &one.facts {
                match fact {
                    Fact::Package(package) => names.package(path::parent(file), package),
                    Fact::TypeScript(told) => drop(configurations.insert(file, told)),
                    _ => {}
                }
            }
        }
        let mut files: Vec<&[u8]> = configurations.keys().copied().collect();
        files.sort_unstable();
        for file in files {
            names.configuration(&configurations, file);
        }
        for one in stated {
            let scope = FileScope::new(constants, index, one.language, one.file);
            one.facts.iter().for_each(|fact| names.alias(index, &scope, index.path(one.file), fact));
        }
        // The nearest first, and of a directory's the longest name first.
        names.rows.sort_by_key(|(directory, row)| std::cmp::Reverse((directory.len(), row.start.len())));
        names.bases.sort_by_key(|(directory, _)| std::cmp::Reverse(directory.len()));
        names
    }

    fn package(&mut self, directory: &[u8], package: &Package) {
        self.homes.insert(directory.to_vec(), package.dependencies.iter().cloned().collect());
        if !package.name.is_empty() && !path::segments(directory).any(|segment| segment == b"node_modules") {
            self.own.push((package.name.clone(), directory.to_vec(), package.closed));
        }
        self.dependencies.extend(package.dependencies.iter().cloned());
        for (name, targets) in &package.imports {
            // Any other target is the name of a package (nodejs.org "Subpath imports").
            if targets.iter().all(|target| target.starts_with(b"./")) {
                self.row(directory, directory, name, targets);
            } else {
                self.placed(directory, name, Vec::new());
            }
        }
    }

    /// What a configuration and those it extends say.
    fn configuration(&mut self, all: &FxHashMap<&[u8], &TypeScript>, file: &[u8]) {
        let mut chain = vec![file.to_vec()];
        let mut at = 0;
        let (mut mapped, mut based) = (false, false);
        while let Some(current) = chain.get(at).cloned() {
            at += 1;
            let Some(told) = all.get(current.as_slice()) else { continue };
            let home = path::parent(&current);
            let base = told.base.as_ref().map(|base| path::join(home, base));
            if let Some(rows) = told.paths.as_ref().filter(|_| !mapped) {
                mapped = true;
                rows.iter().for_each(|(name, targets)| {
                    self.row(path::parent(file), base.as_deref().unwrap_or(home), name, targets);
                });
            }
            if let Some(base) = base.filter(|_| !based) {
                based = true;
                let normal = path::normalize(&base).map(std::borrow::Cow::into_owned);
                self.bases.extend(normal.map(|base| (path::parent(file).to_vec(), base)));
            }
            if chain.len() < MAX_CHAIN {
                chain.extend(told.extends.iter().rev().flat_map(|entry| extended(home, entry)));
            }
        }
    }

    /// A row whose targets are relative to `home`, and holds below `directory`.
    fn row(&mut self, directory: &[u8], home: &[u8], name: &[u8], targets: &[Vec<u8>]) {
        let place = |target: &Vec<u8>| Some(path::normalize(&path::join(home, target))?.into_owned());
        self.placed(directory, name, targets.iter().filter_map(place).collect());
    }

    fn placed(&mut self, directory: &[u8], name: &[u8], targets: Vec<Vec<u8>>) {
        let (start, end) = match memchr::memchr(b'*', name) {
            Some(at) => (&name[..at], Some(name[at + 1..].to_vec())),
            None => (name, None),
        };
        // `*` alone says nothing of a name: the package of the name may be meant as well.
        if !start.is_empty() {
            self.rows.push((directory.to_vec(), Row { start: start.to_vec(), end, targets }));
        }
    }

    /// What the configuration of a bundler says; it holds below the manifest above it.
    fn alias(&mut self, index: &Index, scope: &FileScope<'_>, file: &[u8], fact: &Fact) {
        let home = self.home(file).unwrap_or_default().to_vec();
        match fact {
            Fact::Alias { name, exact, target } => {
                let places = places(index, scope, &home, target);
                self.placed(&home, name, places.clone());
                if !exact {
                    let below = places.iter().map(|place| path::join(place, b"*")).collect();
                    self.placed(&home, &[name.as_slice().strip_suffix(b"/").unwrap_or(name), b"/*"].concat(), below);
                }
            }
            Fact::ModuleRoot(directory) => {
                let places = places(index, scope, &home, directory);
                self.bases.extend(places.into_iter().map(|base| (home.clone(), base)));
            }
            _ => {}
        }
    }

    /// The tree's own package that a name starts with: its directory, the rest of the name, and whether only its
    /// `exports` are to be had.
    #[must_use]
    pub fn package_of<'n>(&self, name: &'n [u8]) -> Option<(&[u8], &'n [u8], bool)> {
        self.own.iter().find_map(|(own, directory, closed)| {
            let rest = name.strip_prefix(own.as_slice())?.strip_prefix(b"/")?;
            Some((directory.as_slice(), rest, *closed))
        })
    }

    /// What a name in `file` stands for by the rows that hold there.
    #[must_use]
    pub fn meant(&self, file: &[u8], name: &[u8]) -> Meant {
        let mut places = Vec::new();
        let mut outside = false;
        let brought = self.home(file).filter(|home| self.brings(home, name));
        for (directory, row) in &self.rows {
            // What a configuration above another package maps is not what that package depends on by the same name.
            if brought.is_some_and(|home| directory.len() < home.len()) {
                continue;
            }
            let Some(middle) = row.middle(name).filter(|_| path::is_below(file, directory)) else { continue };
            outside |= row.targets.is_empty();
            row.targets.iter().for_each(|target| push_new(&mut places, filled(target, middle)));
        }
        match (outside, places.is_empty()) {
            (true, _) => Meant::Outside,
            (false, true) => Meant::Nothing,
            (false, false) => Meant::Places(places),
        }
    }

    /// Whether the manifest in a directory depends on the package of a name.
    #[must_use]
    pub fn brings(&self, home: &[u8], name: &[u8]) -> bool {
        let end = |from: usize| memchr::memchr(b'/', &name[from..]).map_or(name.len(), |at| from + at);
        let package = if name.starts_with(b"@") { end((end(0) + 1).min(name.len())) } else { end(0) };
        self.homes.get(home).is_some_and(|dependencies| dependencies.contains(&name[..package]))
    }

    /// Directories that names without a dot may start from in `file`.
    pub fn bases<'n>(&'n self, file: &'n [u8]) -> impl Iterator<Item = &'n [u8]> {
        self.bases.iter().filter(|(directory, _)| path::is_below(file, directory)).map(|(_, base)| base.as_slice())
    }

    /// Whether some manifest depends on a package.
    #[must_use]
    pub fn depends_on(&self, package: &[u8]) -> bool {
        self.dependencies.contains(package)
    }

    /// The directory of the nearest manifest above a file.
    #[must_use]
    pub fn home<'f>(&self, file: &'f [u8]) -> Option<&'f [u8]> {
        path::ancestors(path::parent(file)).find(|directory| self.homes.contains_key(*directory))
    }
}

impl Row {
    /// What the `*` stands for in a name; `None` where the row does not speak of it.
    fn middle<'n>(&self, name: &'n [u8]) -> Option<&'n [u8]> {
        let rest = name.strip_prefix(self.start.as_slice())?;
        match &self.end {
            Some(end) => rest.strip_suffix(end.as_slice()),
            None => rest.is_empty().then_some(rest),
        }
    }
}

/// The directories or modules of the tree that the target of an alias names, from the configuration or the manifest;
/// none where it is a package, or made later.
fn places(index: &Index, scope: &FileScope<'_>, home: &[u8], target: &PathExpr<'_>) -> Vec<Vec<u8>> {
    let mut places = Vec::new();
    places.extend(scope.tree_path(target));
    let relative = target.as_literal().map(|text| text.strip_prefix(b"/").unwrap_or(text));
    let of_home = relative.and_then(|text| Some(path::normalize(&path::join(home, text))?.into_owned()));
    of_home.into_iter().for_each(|place| push_new(&mut places, place));
    places.retain(|place| index.is_directory(place) || index.is_file(place));
    places
}

/// A target with its `*` filled in.
fn filled(target: &[u8], middle: &[u8]) -> Vec<u8> {
    match memchr::memchr(b'*', target) {
        Some(at) => [&target[..at], middle, &target[at + 1..]].concat(),
        None => target.to_vec(),
    }
}

/// Places of a configuration that another one extends: `.json` may be left out.
fn extended(home: &[u8], entry: &[u8]) -> Vec<Vec<u8>> {
    if !entry.starts_with(b".") {
        return Vec::new();
    }
    let Some(place) = path::normalize(&path::join(home, entry)).map(std::borrow::Cow::into_owned) else {
        return Vec::new();
    };
    let with = [place.as_slice(), b".json"].concat();
    vec![place, with]
}
