//! zip, by its central directory, which is what programs unpack by.
//!
//! A name is the bytes that stand there where they are UTF-8, whatever the archive says of them, and else in the
//! code page of DOS, as the format has it.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use ::zip::ZipArchive;

use super::{Item, MAX_ENTRIES, MAX_TARGET, What, bounded};
use crate::diagnostic::show;

/// The bytes of an archive, shared by the threads that read it.
#[derive(Clone, Debug)]
struct Shared(Arc<[u8]>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// An archive in memory.
#[derive(Debug)]
pub(super) struct Zip {
    archive: ZipArchive<Cursor<Shared>>,
}

impl Zip {
    pub(super) fn bytes(&self, number: usize, limit: usize) -> io::Result<Vec<u8>> {
        let mut archive = self.archive.clone();
        let file = archive.by_index(number).map_err(io::Error::from)?;
        let mut bytes = Vec::new();
        file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// As on a Unix machine; nothing is run of an archive that another one made.
    pub(super) fn mode(&self, number: usize) -> u32 {
        let archive = self.archive.clone();
        archive.by_index_data(number).ok().and_then(|file| file.unix_mode()).unwrap_or(0o644)
    }
}

pub(super) fn read(bytes: Vec<u8>) -> Result<(Vec<Item>, Zip), String> {
    let broken = |error: ::zip::result::ZipError| format!("not a zip archive, or not whole: {error}");
    let packed = bytes.len() as u64;
    let mut archive = ZipArchive::new(Cursor::new(Shared(bytes.into()))).map_err(broken)?;
    if archive.len() > MAX_ENTRIES {
        return Err(format!("it has more than {MAX_ENTRIES} entries"));
    }
    if archive.has_duplicate_names() {
        return Err("a name is in it twice".to_owned());
    }
    if archive.has_overlapping_entries().map_err(broken)? {
        return Err("its entries overlap".to_owned());
    }
    let mut zip = Zip { archive };
    let (mut items, mut unpacked) = (Vec::with_capacity(zip.archive.len()), 0u64);
    for number in 0..zip.archive.len() {
        let (item, size) = item(&mut zip, number)?;
        unpacked = unpacked.saturating_add(size);
        bounded(unpacked, packed)?;
        items.push(item);
    }
    Ok((items, zip))
}

fn item(zip: &mut Zip, number: usize) -> Result<(Item, u64), String> {
    let broken = |error: ::zip::result::ZipError| format!("not whole: {error}");
    let file = zip.archive.by_index_data(number).map_err(broken)?;
    let raw = file.name_raw();
    let name = match std::str::from_utf8(raw) {
        Ok(_) => raw.to_vec(),
        Err(_) => file.name().map_err(broken)?.into_owned().into_bytes(),
    };
    if file.encrypted() {
        return Err(format!("`{}` is encrypted", show(&name)));
    }
    let size = file.size();
    let (is_directory, is_link) = (name.ends_with(b"/"), file.is_symlink());
    let what = match (is_directory, is_link) {
        (true, _) => What::Directory,
        (false, false) => What::File(number),
        (false, true) if size > MAX_TARGET => return Err(format!("the target of `{}` is too long", show(&name))),
        (false, true) => What::Symlink(zip.bytes(number, size as usize).map_err(|error| error.to_string())?),
    };
    Ok((Item { name, what }, size))
}
