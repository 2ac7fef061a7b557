//! The url namespace.

use super::{Resolution, Site};
use crate::language::{Reference, UrlKind};

/// Looks a reference up.
#[must_use]
pub fn resolve(_site: &Site<'_>, _reference: &Reference<'_>, _kind: UrlKind) -> Resolution {
    Resolution::Dynamic("not read yet")
}
