//! Which constant Zeitwerk wants of which file of an application of Rails (guides.rubyonrails.org, "Autoloading and
//! Reloading Constants"; zeitwerk's "File structure").
//!
//! Each folder of `app`, and `concerns` in it, is a root; folders below are namespaces. A configuration that puts more
//! than acronyms and single names in between leaves it open.

use rustc_hash::FxHashMap;

use super::Stated;
use crate::index::Index;
use crate::path;
use crate::reference::{Autoloading, Fact};

/// Folders of `app` that are no roots.
const NO_ROOTS: [&[u8]; 3] = [b"assets", b"javascript", b"views"];

/// Most folders with rules of their own that one application has.
const MAX_ASIDE: usize = 64;

/// Applications whose classes are loaded by name, by their directories.
#[derive(Debug, Default)]
pub struct Applications(FxHashMap<Vec<u8>, Application>);

#[derive(Debug, Default)]
struct Application {
    /// More is changed than is understood.
    open: bool,
    /// Words that are written otherwise, by their lower case.
    acronyms: FxHashMap<Vec<u8>, Vec<u8>>,
    /// Constants by the names of files or folders.
    named: FxHashMap<Vec<u8>, Vec<u8>>,
    /// Folders with rules of their own.
    aside: Vec<Vec<u8>>,
}

impl Applications {
    pub(super) fn new(index: &Index, stated: &[Stated]) -> Self {
        let said = || {
            let facts = stated.iter().flat_map(|one| one.facts.iter().map(move |fact| (index.path(one.file), fact)));
            facts.filter_map(|(file, fact)| match fact {
                Fact::Autoloading(what) => Some((file, what)),
                _ => None,
            })
        };
        let started = said().filter(|(_, what)| matches!(what, Autoloading::Zeitwerk));
        let home = |(file, _): (&[u8], _)| (path::parent(path::parent(file)).to_vec(), Application::default());
        let mut all: FxHashMap<Vec<u8>, Application> = started.map(home).collect();
        for (file, what) in said() {
            for config in path::ancestors(path::parent(file)).filter(|above| path::name(above) == b"config") {
                if let Some(application) = all.get_mut(path::parent(config)) {
                    application.take(what);
                }
            }
        }
        Applications(all)
    }

    /// The constant that a file must define, by its parts; `None` where nothing is asked of it, or it cannot be told.
    #[must_use]
    pub fn expected(&self, file: &[u8]) -> Option<Vec<Vec<u8>>> {
        let mut folders = path::ancestors(path::parent(file)).filter(|above| path::name(above) == b"app");
        let (home, application) = folders.find_map(|app| self.0.get_key_value(path::parent(app)))?;
        let below = if home.is_empty() { file } else { file.strip_prefix(home.as_slice())?.strip_prefix(b"/")? };
        application.expected(below)
    }
}

impl Application {
    fn take(&mut self, what: &Autoloading) {
        match what {
            Autoloading::Zeitwerk => {}
            Autoloading::Unknown => self.open = true,
            Autoloading::Acronym(word) => drop(self.acronyms.insert(word.to_ascii_lowercase(), word.clone())),
            Autoloading::Named { name, constant } => drop(self.named.insert(name.clone(), constant.clone())),
            Autoloading::Aside(folder) if self.aside.len() < MAX_ASIDE => self.aside.push(folder.clone()),
            Autoloading::Aside(_) => self.open = true,
        }
    }

    /// The same for a file by its path below the application's directory.
    fn expected(&self, file: &[u8]) -> Option<Vec<Vec<u8>>> {
        if self.open || self.aside.iter().any(|folder| path::is_below(file, folder)) {
            return None;
        }
        let rest = file.strip_prefix(b"app/")?.strip_suffix(b".rb")?;
        let segments: Vec<&[u8]> = path::segments(rest).collect();
        if segments.len() < 2 || NO_ROOTS.contains(&segments[0]) {
            return None;
        }
        let concerns = segments.len() > 2 && segments[1] == b"concerns";
        segments.into_iter().skip(if concerns { 2 } else { 1 }).map(|segment| self.constant(segment)).collect()
    }

    /// `users_helper` is `UsersHelper`.
    fn constant(&self, name: &[u8]) -> Option<Vec<u8>> {
        if let Some(constant) = self.named.get(name) {
            return Some(constant.clone());
        }
        let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_';
        if !name.first()?.is_ascii_lowercase() || !name.iter().all(plain) {
            return None;
        }
        let word = |word: &[u8]| match self.acronyms.get(word) {
            Some(acronym) => acronym.clone(),
            None => capitalized(word),
        };
        Some(name.split(|&byte| byte == b'_').flat_map(word).collect())
    }
}

fn capitalized(word: &[u8]) -> Vec<u8> {
    let mut word = word.to_vec();
    word.iter_mut().take(1).for_each(|first| *first = first.to_ascii_uppercase());
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_constants() {
        let acronyms = [(b"api".to_vec(), b"API".to_vec())].into_iter().collect();
        let named = [(b"json_schemas".to_vec(), b"JSONSchemas".to_vec())].into_iter().collect();
        let aside = vec![b"app/webpacker".to_vec()];
        let application = Application { acronyms, named, aside, ..Application::default() };
        for (file, want) in [
            ("app/helpers/users_helper.rb", Some("UsersHelper")),
            ("app/models/concerns/api_user.rb", Some("APIUser")),
            ("app/models/concerns.rb", Some("Concerns")),
            ("app/lib/json_schemas/person.rb", Some("JSONSchemas::Person")),
            ("app/views/users/index.rb", None),
            ("app/webpacker/a.rb", None),
            ("app/start.rb", None),
            ("app/models/models.rb", Some("Models")),
            ("app/models/User.rb", None),
        ] {
            let got = application.expected(file.as_bytes()).map(|parts| parts.join(&b"::"[..]));
            assert_eq!(got.as_deref(), want.map(str::as_bytes), "{file}");
        }
    }
}
