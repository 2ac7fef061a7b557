//! Fingerprints: which finding this is, whatever lines were added above it.
//!
//! `pf1:` and 20 hexadecimal digits of SHA-256 over length-prefixed fields. Neither the line nor the message is in
//! it, nor the certainty of the base: better evaluation must not void a baseline. Changing the reference or the
//! name of its target changes the fingerprint, so that nothing recorded covers a new typo.

use std::fmt::Write;

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::diagnostic::{Diagnostic, Subject};

/// Bytes of the digest that are kept.
const KEPT: usize = 10;

/// Sets the fingerprint of every diagnostic. Of several that are otherwise equal the later ones have their number
/// in it, in the order of the report.
pub(super) fn set(diagnostics: &mut [Diagnostic]) {
    let mut seen: FxHashMap<String, u64> = FxHashMap::default();
    for diagnostic in diagnostics {
        let first = of(diagnostic, 0);
        let occurrence = seen.entry(first.clone()).or_default();
        diagnostic.fingerprint = if *occurrence == 0 { first } else { of(diagnostic, *occurrence) };
        *occurrence += 1;
    }
}

/// The fingerprint of the n-th of several equal findings.
pub(super) fn of(diagnostic: &Diagnostic, occurrence: u64) -> String {
    let subject = diagnostic.subject.as_ref();
    let mut hash = Sha256::new();
    field(&mut hash, Some(diagnostic.code.as_bytes()));
    field(&mut hash, Some(&diagnostic.file));
    field(&mut hash, subject.map(|subject| subject.text.as_slice()));
    field(&mut hash, subject.and_then(target));
    if occurrence > 0 {
        field(&mut hash, Some(occurrence.to_string().as_bytes()));
    }
    hash.finalize().iter().take(KEPT).fold(String::from("pf1:"), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn target(subject: &Subject) -> Option<&[u8]> {
    subject.target.as_deref()
}

/// Absent and empty differ; a length before each field keeps `ab` + `c` from `a` + `bc`.
fn field(hash: &mut Sha256, bytes: Option<&[u8]>) {
    let length = bytes.map_or(u64::MAX, |bytes| bytes.len() as u64);
    hash.update(length.to_le_bytes());
    hash.update(bytes.unwrap_or_default());
}
