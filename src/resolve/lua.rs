//! The Lua namespace: what `require` loads (lua.org, "Reference Manual", 6.3).
//!
//! `a.b` is `a/b.lua` or `a/b/init.lua` in some folder that `package.path` names: found anywhere is silence, and what
//! stands nowhere is told where something is like it.

use super::{Resolution, Site, path as paths};
use crate::path;
use crate::reference::{Reference, Want};

/// Looks a module up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>) -> Resolution {
    let Some(name) = reference.expr.as_literal() else {
        return Resolution::Dynamic("a part is only known at run time");
    };
    let place: Vec<u8> = name.iter().map(|byte| if *byte == b'.' { b'/' } else { *byte }).collect();
    let folder = path::join(&place, b"init.lua");
    if let Some(id) = site.world.index.ending_in(&folder).find(|&id| site.world.fits(id, Want::File)) {
        return Resolution::Found(id);
    }
    paths::behind(site, &[b"/", place.as_slice(), b".lua"].concat(), Want::File)
}
