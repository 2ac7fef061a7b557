//! The path namespace.

use super::{Resolution, Site};
use crate::language::Reference;

/// Looks a reference up.
#[must_use]
pub fn resolve(_site: &Site<'_>, _reference: &Reference<'_>, _bases: &[crate::language::Base], _want: crate::language::Want) -> Resolution {
    Resolution::Dynamic("not read yet")
}
