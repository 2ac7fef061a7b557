//! Names that are no files': a named location, a stage, a socket, a unit.
//!
//! Only a location is missing for sure where nothing defines it: nginx knows no other place. A stage may be an image, a
//! socket another program's, a unit the system's; there a name is told only where it is near one that is known.

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::expr::evaluate;
use crate::framework::STOCK_UNITS;
use crate::framework::is_stock_unit;
use crate::path;
use crate::reference::{Defined, Reference};

/// Most letters that two names near each other have beyond those that they share: two of each for two edits, and those
/// that look-alikes of other scripts stand for.
const MAX_LETTERS: u32 = 6;

/// Looks a name up among those that are defined.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, what: Defined, number: u32) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    let values = evaluate(&reference.expr, &scope, 0);
    let [value] = values.as_slice() else { return Resolution::Dynamic("one of several names") };
    let Some(name) = value.exact() else { return Resolution::Dynamic("a name is only known at run time") };
    let known = site.project.defined(what, number, site.file);
    if known.contains(&name) {
        return Resolution::Defined;
    }
    if what == Defined::Unit && is_stock_unit(name) {
        return Resolution::External("a unit of the system");
    }
    let names = match what {
        // Two that find each other are not what a third one meant.
        Defined::Socket => owned(name, known.into_iter().filter(|socket| !site.project.is_connected(socket))),
        Defined::Unit => {
            let units = known.into_iter().chain(STOCK_UNITS.iter().map(|unit| unit.as_bytes()));
            owned(name, units.filter(|unit| is_of_kind(name, unit)))
        }
        Defined::Directory | Defined::Location | Defined::Stage => owned(name, known.into_iter()),
    };
    let candidate = Candidate::new(name.to_vec(), Certainty::Certain);
    let near_only = what != Defined::Location;
    Resolution::Missing(vec![Candidate { near_only, names: Some(names), ..candidate }])
}

/// Units of another kind are not meant: old ones name `syslog.target`, of which `syslog.socket` is left.
fn is_of_kind(name: &[u8], unit: &[u8]) -> bool {
    const KINDS: [&[u8]; 10] =
        [b"automount", b"device", b"mount", b"path", b"scope", b"service", b"slice", b"socket", b"target", b"timer"];
    let kind = path::extension(name);
    !KINDS.contains(&kind.as_slice()) || kind == path::extension(unit)
}

/// Names that may be near one, each once: with a thousand units, a thousand times a thousand names would be carried
/// along.
pub(super) fn owned<'n>(name: &[u8], names: impl Iterator<Item = &'n [u8]>) -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = names.filter(|other| has_its_letters(name, other)).map(<[u8]>::to_vec).collect();
    names.sort();
    names.dedup();
    names
}

/// Whether two names have the same letters but for a few, in any order; white space and what is not ASCII aside.
fn has_its_letters(a: &[u8], b: &[u8]) -> bool {
    let mut counts = [0i32; 128];
    for (name, step) in [(a, 1), (b, -1)] {
        for byte in name.iter().filter(|byte| byte.is_ascii_graphic()) {
            counts[usize::from(byte.to_ascii_lowercase())] += step;
        }
    }
    counts.iter().map(|count| count.unsigned_abs()).sum::<u32>() <= MAX_LETTERS
}
