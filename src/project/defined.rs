//! Names that are no files': what defines them, over the whole tree or within a file.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Project, Stated};
use crate::index::EntryId;
use crate::reference::{Defined, Fact};

/// A name with the number that its language gives.
type Numbered = (u32, Vec<u8>);

/// Names by what they name, and the file where they hold in one only.
#[derive(Debug, Default)]
pub(super) struct Names {
    defined: FxHashMap<(Defined, Option<EntryId>), Vec<Numbered>>,
    /// Sockets that something connects to.
    connected: FxHashSet<Vec<u8>>,
}

impl Names {
    pub(super) fn new(stated: &[Stated]) -> Self {
        let mut names = Names::default();
        for one in stated {
            for fact in &one.facts {
                match fact {
                    Fact::Defines { what, number, name } => {
                        let place = (*what, what.is_of_file().then_some(one.file));
                        names.defined.entry(place).or_default().push((*number, name.clone()));
                    }
                    Fact::Connects(socket) => drop(names.connected.insert(socket.clone())),
                    _ => {}
                }
            }
        }
        names
    }
}

impl Project {
    /// The names that a reference in `file` may mean.
    #[must_use]
    pub fn defined(&self, what: Defined, number: u32, file: EntryId) -> Vec<&[u8]> {
        let place = (what, what.is_of_file().then_some(file));
        let all = self.defined.defined.get(&place).map(Vec::as_slice).unwrap_or_default();
        let holds = |of: u32| match what {
            Defined::Location => of == number,
            Defined::Stage => of < number,
            Defined::Directory | Defined::Socket | Defined::Unit => true,
        };
        all.iter().filter(|(of, _)| holds(*of)).map(|(_, name)| name.as_slice()).collect()
    }

    /// Whether something connects to a socket, by its path.
    #[must_use]
    pub fn is_connected(&self, socket: &[u8]) -> bool {
        self.defined.connected.contains(socket)
    }
}
