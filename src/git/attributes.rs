//! Which entries `git archive` leaves out: `export-ignore` of the archived tree's own `.gitattributes`.
//!
//! Patterns and their order are gitoxide's reading of them. A folder that is ignored takes all below it along, and
//! nothing brings a file of it back. Not read: attributes of the machine (`info/attributes`, `core.attributesFile`),
//! which no other machine has.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use gix_attributes::glob::pattern::Case;
use gix_attributes::search::{MetadataCollection, Outcome};
use gix_attributes::{Search, StateRef};
use rustc_hash::FxHashMap;

use crate::diagnostic::KeptOut;

/// The name of the files.
pub const FILE: &[u8] = b".gitattributes";

const EXPORT_IGNORE: &str = "export-ignore";

/// The attributes of a tree.
#[derive(Default)]
pub struct Attributes {
    search: Search,
    names: MetadataCollection,
    texts: FxHashMap<PathBuf, Vec<u8>>,
}

impl Attributes {
    /// Takes a `.gitattributes` in; those of folders further up must come first.
    pub fn add(&mut self, path: &[u8], text: Vec<u8>) {
        let source = PathBuf::from(OsStr::from_bytes(path));
        // Only the top of a repository may define macros.
        let top = !path.contains(&b'/');
        let added = self.search.add_patterns_buffer(&text, source.clone(), Some(Path::new("")), &mut self.names, top);
        if added.is_ok() {
            self.texts.insert(source, text);
        }
    }

    /// What keeps an entry out of an archive, by the entry's own path; whether a folder above it is kept out is the
    /// caller's to ask first.
    #[must_use]
    pub fn export_ignored(&self, path: &[u8], is_directory: bool) -> Option<KeptOut> {
        if self.texts.is_empty() {
            return None;
        }
        let mut outcome = Outcome::default();
        outcome.initialize_with_selection(&self.names, [EXPORT_IGNORE]);
        self.search.pattern_matching_relative_path(path.into(), Case::Sensitive, Some(is_directory), &mut outcome);
        let found = outcome.iter_selected().next().filter(|found| matches!(found.assignment.state, StateRef::Set))?;
        let source = found.location.source?;
        let number = found.location.sequence_number;
        let line = self.texts.get(source)?.split(|&byte| byte == b'\n').nth(number.checked_sub(1)?)?;
        let file = source.as_os_str().as_bytes().to_vec();
        Some(KeptOut::Rule { file, line: u32::try_from(number).ok()?, pattern: line.trim_ascii().to_vec() })
    }
}
