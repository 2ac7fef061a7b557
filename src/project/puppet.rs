//! Puppet's modules: which directories of the tree are modules, by what name, and what their manifests define.
//!
//! A manifest says it by itself: `class web::vhost` in `x/web/manifests/vhost.pp` makes `x/web` the module `web`,
//! whatever it is called on disk, and `x` a directory of modules if it is called `web` there.

use rustc_hash::FxHashMap;

use super::{Stated, push_new};
use crate::index::{EntryId, Index};
use crate::path;
use crate::reference::Fact;

/// Folders of a module in which Puppet looks for what a name defines.
const DEFINING: [&[u8]; 2] = [b"manifests", b"types"];

/// All modules of a tree.
#[derive(Debug, Default)]
pub struct Modules {
    /// Module directories by name, where a manifest proves it.
    proven: FxHashMap<Vec<u8>, Vec<Vec<u8>>>,
    /// Directories whose directories are modules.
    paths: Vec<Vec<u8>>,
    /// Which files define a name.
    defined: FxHashMap<Vec<u8>, Vec<EntryId>>,
}

impl Modules {
    pub(super) fn new(index: &Index, stated: &[Stated]) -> Self {
        let mut modules = Modules::default();
        for one in stated {
            for fact in &one.facts {
                if let Fact::PuppetDefinition(name) = fact {
                    modules.add(index.path(one.file), one.file, name);
                }
            }
        }
        modules
    }

    fn add(&mut self, file: &[u8], id: EntryId, name: &[u8]) {
        let name = name.strip_prefix(b"::").unwrap_or(name);
        self.defined.entry(name.to_vec()).or_default().push(id);
        let Some(directory) = directory(file, name) else { return };
        let module = first_segment(name);
        if path::name(directory) == module {
            push_new(&mut self.paths, path::parent(directory).to_vec());
        }
        push_new(self.proven.entry(module.to_vec()).or_default(), directory.to_vec());
    }

    /// The directories of a module, those nearest to `file` first.
    #[must_use]
    pub fn directories(&self, index: &Index, module: &[u8], file: &[u8]) -> Vec<Vec<u8>> {
        let mut all: Vec<Vec<u8>> = self.proven.get(module).cloned().unwrap_or_default();
        for path in &self.paths {
            let below = path::join(path, module);
            if !module.is_empty() && index.is_directory(&below) {
                push_new(&mut all, below);
            }
        }
        all.sort_by(|a, b| common(b, file).cmp(&common(a, file)).then_with(|| a.cmp(b)));
        all
    }

    /// Directories whose directories are modules, those nearest to `file` first.
    #[must_use]
    pub fn paths(&self, file: &[u8]) -> Vec<&[u8]> {
        let mut all: Vec<&[u8]> = self.paths.iter().map(Vec::as_slice).collect();
        all.sort_by(|a, b| common(b, file).cmp(&common(a, file)).then_with(|| a.cmp(b)));
        all
    }

    /// The files that define a class, a defined type or a type alias, by its name in lower case.
    #[must_use]
    pub fn defining(&self, name: &[u8]) -> &[EntryId] {
        self.defined.get(name).map_or(&[], Vec::as_slice)
    }
}

/// How many segments two paths share at their front.
fn common(a: &[u8], b: &[u8]) -> usize {
    path::segments(a).zip(path::segments(b)).take_while(|(a, b)| a == b).count()
}

/// The module's directory, if `file` is where Puppet looks for `name`.
fn directory<'f>(file: &'f [u8], name: &[u8]) -> Option<&'f [u8]> {
    DEFINING.iter().find_map(|folder| {
        let front = file.strip_suffix(place(folder, name).as_slice())?;
        if front.is_empty() { Some(front) } else { front.strip_suffix(b"/") }
    })
}

/// Where below its module a manifest of this name lies.
#[must_use]
pub fn place(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let rest = &name[first_segment(name).len()..];
    let rest = if rest.is_empty() { b"::init" } else { rest };
    let mut place = folder.to_vec();
    for segment in String::from_utf8_lossy(rest).split("::").filter(|segment| !segment.is_empty()) {
        place.push(b'/');
        place.extend_from_slice(segment.as_bytes());
    }
    place.extend_from_slice(b".pp");
    place
}

/// The name of the module in a qualified name.
#[must_use]
pub fn first_segment(name: &[u8]) -> &[u8] {
    memchr::memmem::find(name, b"::").map_or(name, |at| &name[..at])
}
