//! Where programs of Node say that their views lie, and of which engine those are (expressjs.com "app.set").

use super::{FileScope, Stated, constants::Constants, node, push_new};
use crate::index::Index;
use crate::path;
use crate::reference::Fact;

/// What the programs of one package say.
#[derive(Debug, Default)]
struct Said {
    /// Folders of views that are there.
    folders: Vec<Vec<u8>>,
    /// Extensions of views.
    engines: Vec<Vec<u8>>,
    /// A folder or an engine is only known at run time.
    open: bool,
}

/// What is said, by the directories of packages.
#[derive(Debug, Default)]
pub struct Views {
    said: Vec<(Vec<u8>, Said)>,
}

impl Views {
    pub(super) fn new(index: &Index, constants: &Constants, names: &node::Names, stated: &[Stated]) -> Self {
        let mut views = Views::default();
        for one in stated {
            let Some(home) = names.home(index.path(one.file)) else { continue };
            for fact in &one.facts {
                match fact {
                    Fact::ViewFolder(folder) => {
                        let scope = FileScope::new(constants, index, one.language, one.file);
                        let text = folder.as_literal().map(|text| path::join(home, text));
                        let of_home = text.and_then(|place| Some(path::normalize(&place)?.into_owned()));
                        let place = scope.tree_path(folder).into_iter().chain(of_home);
                        let place = place.into_iter().find(|place| index.is_directory(place));
                        let said = views.of_home(home);
                        said.open |= place.is_none();
                        place.into_iter().for_each(|place| push_new(&mut said.folders, place));
                    }
                    Fact::ViewEngine(engine) => {
                        let said = views.of_home(home);
                        said.open |= engine.is_none();
                        engine.iter().for_each(|engine| push_new(&mut said.engines, engine.clone()));
                    }
                    _ => {}
                }
            }
        }
        views
    }

    fn of_home(&mut self, home: &[u8]) -> &mut Said {
        let at = self.said.iter().position(|(one, _)| one == home).unwrap_or_else(|| {
            self.said.push((home.to_vec(), Said::default()));
            self.said.len() - 1
        });
        &mut self.said[at].1
    }

    fn said(&self, home: &[u8]) -> Option<&Said> {
        self.said.iter().find(|(one, _)| one == home).map(|(_, said)| said)
    }

    /// The folders of views that a package's programs name.
    pub fn folders(&self, home: &[u8]) -> impl Iterator<Item = &[u8]> {
        self.said(home).into_iter().flat_map(|said| said.folders.iter().map(Vec::as_slice))
    }

    /// Whether a folder of views, or an engine, is only known at run time.
    #[must_use]
    pub fn is_open(&self, home: &[u8]) -> bool {
        self.said(home).is_some_and(|said| said.open)
    }

    /// The one folder and the one extension of the views of a package, where its programs say that much.
    #[must_use]
    pub fn settled(&self, home: &[u8]) -> Option<(&[u8], &[u8])> {
        match self.said(home)? {
            Said { folders, engines, open: false } => match (folders.as_slice(), engines.as_slice()) {
                ([folder], [engine]) => Some((folder, engine)),
                _ => None,
            },
            _ => None,
        }
    }
}
