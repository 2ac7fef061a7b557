//! The namespace of Go's packages: `module/folder` is the folder of a module in the tree (go.dev/ref/mod, "Packages and
//! modules"). What begins with no such module is a package from elsewhere. A folder that is there is silence whatever
//! it holds, because generators fill some; one that is not may be a generator's (`swagger`, `protoc`), so that only
//! near misses are told.

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::index::Lookup;
use crate::path;
use crate::reference::{Reference, Want};

/// Looks a package up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    const EXTERNAL: Resolution = Resolution::External("a package");
    let Some(name) = reference.expr.as_literal() else { return EXTERNAL };
    let modules = &site.project.go_modules;
    let home = |module: &&(Vec<u8>, Vec<u8>)| path::is_below(site.path(), &module.0);
    let Some(own) = modules.iter().filter(home).max_by_key(|module| module.0.len()) else { return EXTERNAL };
    // A module in a folder of another one owns what its longer name begins.
    let owner = modules.iter().filter(|module| within(name, &module.1).is_some()).max_by_key(|module| module.1.len());
    let Some((directory, module)) = owner else { return EXTERNAL };
    let folder = path::join(directory, within(name, module).unwrap_or_default());
    let vendored = path::join(&path::join(&own.0, b"vendor"), name);
    for place in [&folder, &vendored] {
        match site.world.find(place, Want::Directory) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => return Resolution::Outside,
            Lookup::Missing => {}
        }
    }
    // Another module may be had in a version that differs from what stands here.
    if module != &own.1 {
        return EXTERNAL;
    }
    Resolution::Missing(vec![Candidate {
        want: Want::Directory,
        near_only: true,
        ..Candidate::new(folder, Certainty::Likely)
    }])
}

/// The folder of a package in a module.
fn within<'n>(name: &'n [u8], module: &[u8]) -> Option<&'n [u8]> {
    let rest = name.strip_prefix(module)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(b"/") }
}
