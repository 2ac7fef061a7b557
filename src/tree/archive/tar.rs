//! tar, as GNU, POSIX (pax) and old programs write it.

use std::io::{self, Cursor, Read};

use ::tar::{Archive, Entry, EntryType};

use super::{Item, MAX_ENTRIES, What};

/// An archive in memory.
#[derive(Debug)]
pub(super) struct Tar {
    bytes: Vec<u8>,
    /// Offset and length of each file, and its mode.
    files: Vec<(usize, usize, u32)>,
}

impl Tar {
    pub(super) fn bytes(&self, number: usize, limit: usize) -> io::Result<Vec<u8>> {
        let &(start, length, _) = self.files.get(number).ok_or(io::ErrorKind::NotFound)?;
        let end = start.saturating_add(length.min(limit.saturating_add(1)));
        self.bytes.get(start..end).map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    pub(super) fn mode(&self, number: usize) -> u32 {
        self.files.get(number).map_or(0, |&(_, _, mode)| mode)
    }
}

pub(super) fn read(bytes: Vec<u8>) -> Result<(Vec<Item>, Tar), String> {
    let broken = |error: io::Error| format!("not a tar archive, or not whole: {error}");
    let (mut items, mut files) = (Vec::new(), Vec::new());
    let mut archive = Archive::new(Cursor::new(bytes.as_slice()));
    for entry in archive.entries().map_err(broken)? {
        items.extend(item(entry.map_err(broken)?, &mut files).map_err(broken)?);
        if items.len() > MAX_ENTRIES {
            break;
        }
    }
    // The crate skips what it is not asked for without looking whether it is there.
    if files.iter().any(|&(start, length, _)| start.checked_add(length).is_none_or(|end| end > bytes.len())) {
        return Err(broken(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok((items, Tar { bytes, files }))
}

fn item<R: Read>(mut entry: Entry<'_, R>, files: &mut Vec<(usize, usize, u32)>) -> io::Result<Option<Item>> {
    let kind = entry.header().entry_type();
    // A note to the whole archive, such as `git archive` writes, and the label of a volume.
    if kind == EntryType::XGlobalHeader || kind.as_byte() == b'V' {
        return Ok(None);
    }
    let sparse = sparse_name(&mut entry)?;
    let name = sparse.clone().unwrap_or_else(|| entry.path_bytes().into_owned());
    let target = || entry.link_name_bytes().unwrap_or_default().into_owned();
    let what = match kind {
        EntryType::Directory => What::Directory,
        EntryType::Symlink => What::Symlink(target()),
        EntryType::Link => What::HardLink(target()),
        EntryType::Block | EntryType::Char | EntryType::Fifo | EntryType::GNUSparse => What::Special,
        _ if sparse.is_some() => What::Special,
        _ if name.ends_with(b"/") => What::Directory,
        _ => {
            let place = |number: u64| usize::try_from(number).map_err(io::Error::other);
            files.push((
                place(entry.raw_file_position())?,
                place(entry.size())?,
                entry.header().mode().unwrap_or(0o644),
            ));
            What::File(files.len() - 1)
        }
    };
    Ok(Some(Item { name, what }))
}

/// The name of a file whose holes pax describes, which is not read.
fn sparse_name<R: Read>(entry: &mut Entry<'_, R>) -> io::Result<Option<Vec<u8>>> {
    let Some(extensions) = entry.pax_extensions()? else { return Ok(None) };
    let (mut name, mut sparse) = (None, false);
    for extension in extensions {
        let extension = extension?;
        sparse |= extension.key_bytes().starts_with(b"GNU.sparse.");
        if extension.key_bytes() == b"GNU.sparse.name" {
            name = Some(extension.value_bytes().to_vec());
        }
    }
    Ok(if sparse { name } else { None })
}
