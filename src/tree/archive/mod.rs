//! An archive as the tree that ships: read, never extracted.
//!
//! An archive that does not say clearly what it would unpack to is refused whole, since programs unpack such a one
//! each in its own way: names that lead out, one name twice, a file that is a folder, too, an entry through a link,
//! and what unpacks to far more than it is. Where everything lies in one folder, that folder is the root, as
//! everybody strips it. A link that leads out stays a link, behind which nothing is known. Knowingly not read:
//! archives in archives, and formats besides tar, tar.gz and zip.

mod tar;
mod zip;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::{About, Entry, Kind, Listing, Tree};
use crate::diagnostic::show;
use crate::path;

/// Most entries of an archive.
const MAX_ENTRIES: usize = 1_000_000;
/// Longest name of an entry, in bytes.
const MAX_NAME: usize = 4096;
/// Longest target of a link, in bytes.
const MAX_TARGET: u64 = 4096;
/// Most bytes of an archive on the disk.
const MAX_PACKED: u64 = 1 << 30;
/// Most bytes that an archive may unpack to.
const MAX_UNPACKED: u64 = 2 << 30;
/// From so many unpacked bytes on, the ratio counts.
const RATIO_FROM: u64 = 64 << 20;
/// Most unpacked bytes for one packed byte. Source text comes to 4 or 5, the worst log to some 50.
const MAX_RATIO: u64 = 250;

/// An archive.
#[derive(Debug)]
pub struct Archive {
    /// Where the bytes of a file are.
    places: BTreeMap<Vec<u8>, usize>,
    entries: Vec<Entry>,
    store: Store,
}

#[derive(Debug)]
enum Store {
    Tar(tar::Tar),
    Zip(zip::Zip),
}

/// One entry as the archive has it.
#[derive(Debug)]
struct Item {
    name: Vec<u8>,
    what: What,
}

#[derive(Debug)]
enum What {
    /// A file, and the number by which the store knows its bytes.
    File(usize),
    Directory,
    Symlink(Vec<u8>),
    /// The same file as one before it.
    HardLink(Vec<u8>),
    Special,
}

/// Whether a file of this name is taken for an archive.
#[must_use]
pub fn is_archive(file: &Path) -> bool {
    format(file).is_some()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Tar,
    TarGz,
    Zip,
}

fn format(file: &Path) -> Option<Format> {
    let name = file.file_name()?.to_str()?.to_ascii_lowercase();
    [(".tar", Format::Tar), (".tar.gz", Format::TarGz), (".tgz", Format::TarGz), (".zip", Format::Zip)]
        .into_iter()
        .find_map(|(end, format)| name.ends_with(end).then_some(format))
}

impl Archive {
    /// Reads what an archive holds.
    ///
    /// # Errors
    /// It cannot be read, or is refused; in words.
    pub fn open(file: &Path) -> Result<Self, String> {
        let format = format(file).ok_or("not an archive that is read")?;
        let packed = slurp(file).map_err(|error| error.kind().to_string())??;
        Self::parse(packed, format)
    }

    fn parse(packed: Vec<u8>, format: Format) -> Result<Self, String> {
        let (items, store) = match format {
            Format::Tar => tar::read(packed).map(|(items, tar)| (items, Store::Tar(tar)))?,
            Format::TarGz => tar::read(unpacked(&packed)?).map(|(items, tar)| (items, Store::Tar(tar)))?,
            Format::Zip => zip::read(packed).map(|(items, zip)| (items, Store::Zip(zip)))?,
        };
        let mut placed = arranged(items)?;
        strip(&mut placed);
        let mut archive = Archive { places: BTreeMap::new(), entries: Vec::with_capacity(placed.len()), store };
        for (path, what) in placed {
            let kind = match what {
                What::File(number) => {
                    archive.places.insert(path.clone(), number);
                    Kind::File
                }
                What::Directory => Kind::Directory,
                What::Symlink(target) => Kind::Symlink(target),
                What::HardLink(_) | What::Special => Kind::Special,
            };
            archive.entries.push(Entry { path, kind });
        }
        Ok(archive)
    }
}

impl Tree for Archive {
    fn list(&self) -> Listing {
        Listing { entries: self.entries.clone(), ..Listing::default() }
    }

    fn read(&self, path: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        let &number = self.places.get(path).ok_or(io::ErrorKind::NotFound)?;
        match &self.store {
            Store::Tar(tar) => tar.bytes(number, limit),
            Store::Zip(zip) => zip.bytes(number, limit),
        }
    }

    fn about(&self, path: &[u8]) -> io::Result<About> {
        let Some(&number) = self.places.get(path) else { return Ok(About::default()) };
        let mode = match &self.store {
            Store::Tar(tar) => tar.mode(number),
            Store::Zip(zip) => zip.mode(number),
        };
        Ok(About::of_mode(mode))
    }
}

fn slurp(file: &Path) -> io::Result<Result<Vec<u8>, String>> {
    let file = File::open(file)?;
    let mut bytes = Vec::new();
    file.take(MAX_PACKED + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_PACKED {
        return Ok(Err(format!("larger than {} MiB", MAX_PACKED >> 20)));
    }
    Ok(Ok(bytes))
}

/// What gzip holds. It ends as soon as a limit is passed, whatever is announced.
fn unpacked(packed: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut from = flate2::read::MultiGzDecoder::new(packed);
    loop {
        let read = from.by_ref().take(RATIO_FROM).read_to_end(&mut bytes);
        let read = read.map_err(|error| format!("not whole: {error}"))?;
        bounded(bytes.len() as u64, packed.len() as u64)?;
        if read == 0 {
            return Ok(bytes);
        }
    }
}

/// Refuses what unpacks to far more than it is.
fn bounded(unpacked: u64, packed: u64) -> Result<(), String> {
    if unpacked > MAX_UNPACKED {
        return Err(format!("it unpacks to more than {} MiB", MAX_UNPACKED >> 20));
    }
    if unpacked > RATIO_FROM && unpacked / packed.max(1) > MAX_RATIO {
        return Err(format!("it unpacks to more than {MAX_RATIO} times its size"));
    }
    Ok(())
}

/// The entries by their paths; the first thing that is ambiguous or leads out refuses them all.
fn arranged(items: Vec<Item>) -> Result<BTreeMap<Vec<u8>, What>, String> {
    if items.len() > MAX_ENTRIES {
        return Err(format!("it has more than {MAX_ENTRIES} entries"));
    }
    let mut placed: BTreeMap<Vec<u8>, What> = BTreeMap::new();
    for Item { name, what } in items {
        let path = inside(&name)?;
        let what = match what {
            What::HardLink(target) => linked(&placed, &path, &inside(&target)?)?,
            what => what,
        };
        match (placed.get(&path), &what) {
            _ if path.is_empty() => {}
            (None, _) => drop(placed.insert(path, what)),
            (Some(What::Directory), What::Directory) => {}
            _ => return Err(format!("`{}` is in it twice", show(&path))),
        }
    }
    for path in placed.keys() {
        let above = path::ancestors(path::parent(path)).find(|above| match placed.get(*above) {
            None | Some(What::Directory) => false,
            Some(_) => true,
        });
        if let Some(above) = above {
            return Err(format!("`{}` lies below `{}`, which is no folder", show(path), show(above)));
        }
    }
    Ok(placed)
}

/// What a hard link stands for.
fn linked(placed: &BTreeMap<Vec<u8>, What>, path: &[u8], target: &[u8]) -> Result<What, String> {
    match placed.get(target) {
        Some(What::File(number)) => Ok(What::File(*number)),
        Some(What::Symlink(target)) => Ok(What::Symlink(target.clone())),
        Some(What::Special) => Ok(What::Special),
        _ => Err(format!("`{}` is a link to `{}`, which is no file before it", show(path), show(target))),
    }
}

/// A name as a path from the root; empty for the root itself.
fn inside(name: &[u8]) -> Result<Vec<u8>, String> {
    if name.len() > MAX_NAME {
        return Err(format!("it has a name of more than {MAX_NAME} bytes"));
    }
    let leads_out = || format!("the name `{}` leads out of it", show(name));
    if name.starts_with(b"/") || name.contains(&0) || path::segments(name).any(|segment| segment == b"..") {
        return Err(leads_out());
    }
    let segments: Vec<&[u8]> = path::segments(name).filter(|segment| *segment != b".").collect();
    Ok(segments.join(&b'/'))
}

/// Takes the one folder away that holds everything.
fn strip(placed: &mut BTreeMap<Vec<u8>, What>) {
    let first = |path: &[u8]| path::segments(path).next().map(<[u8]>::to_vec);
    let Some(top) = placed.keys().next().and_then(|path| first(path)) else { return };
    let is_folder = matches!(placed.get(&top), None | Some(What::Directory));
    if !is_folder || placed.len() < 2 || placed.keys().any(|path| first(path).as_ref() != Some(&top)) {
        return;
    }
    let all = std::mem::take(placed);
    let below = all.into_iter().filter(|(path, _)| *path != top);
    *placed = below.map(|(path, what)| (path[top.len() + 1..].to_vec(), what)).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> Item {
        Item { name: name.into(), what: What::File(0) }
    }

    fn paths(items: Vec<Item>) -> Result<Vec<String>, String> {
        let mut placed = arranged(items)?;
        strip(&mut placed);
        Ok(placed.into_keys().map(|path| String::from_utf8(path).unwrap()).collect())
    }

    #[test]
    fn one_top_folder_is_the_root() {
        assert_eq!(paths(vec![file("./app-1/a"), file("app-1/b/c")]), Ok(vec!["a".into(), "b/c".into()]));
        assert_eq!(paths(vec![file("app/a"), file("b")]), Ok(vec!["app/a".into(), "b".into()]));
        assert_eq!(paths(vec![file("a")]), Ok(vec!["a".into()]));
    }

    #[test]
    fn what_is_ambiguous_or_leads_out_is_refused() {
        for names in [&["a", "a"][..], &["../a"], &["/a"], &["a/../../b"], &["a", "a/b"], &["./a", "a"]] {
            assert!(paths(names.iter().map(|name| file(name)).collect()).is_err(), "{names:?}");
        }
        let link = Item { name: b"a".to_vec(), what: What::Symlink(b"/etc".to_vec()) };
        assert!(paths(vec![link, file("a/passwd")]).is_err());
        let hard = Item { name: b"a".to_vec(), what: What::HardLink(b"../../etc/passwd".to_vec()) };
        assert!(paths(vec![hard]).is_err());
    }

    /// A tar and a zip archive with a folder, a file and a link.
    fn archives() -> Vec<(Vec<u8>, Format)> {
        let mut tar = ::tar::Builder::new(Vec::new());
        let mut header = ::tar::Header::new_gnu();
        header.set_size(3);
        header.set_cksum();
        tar.append_data(&mut header, format!("a/{}", "long".repeat(40)), &b"abc"[..]).unwrap();
        header.set_size(0);
        header.set_entry_type(::tar::EntryType::Symlink);
        tar.append_link(&mut header, "a/link", "nowhere").unwrap();
        let mut zip = ::zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        let options = ::zip::write::SimpleFileOptions::default();
        zip.add_directory("a/", options).unwrap();
        zip.start_file("a/b", options).unwrap();
        io::Write::write_all(&mut zip, b"abcabcabcabc").unwrap();
        zip.add_symlink("a/link", "nowhere", options).unwrap();
        vec![(tar.into_inner().unwrap(), Format::Tar), (zip.finish().unwrap().into_inner(), Format::Zip)]
    }

    /// Whatever the bytes are, they are read or refused.
    #[test]
    fn spoiled_archives_are_read_or_refused() {
        for (bytes, format) in archives() {
            assert_eq!(Archive::parse(bytes.clone(), format).unwrap().list().entries.len(), 2);
            for at in 0..bytes.len() {
                for spoiled in [vec![bytes[at] ^ 0xff], vec![bytes[at] ^ 1], Vec::new()] {
                    let mut bytes = bytes.clone();
                    let end = if spoiled.is_empty() { bytes.len() } else { at + 1 };
                    bytes.splice(at..end, spoiled);
                    let Ok(archive) = Archive::parse(bytes, format) else { continue };
                    for entry in archive.list().entries {
                        let read = archive.read(&entry.path, 100);
                        assert!(read.is_err() || read.is_ok_and(|bytes| bytes.len() <= 101));
                    }
                }
            }
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_goes_off() {
        assert!(bounded(RATIO_FROM, 1).is_ok() && bounded(RATIO_FROM * 2, 1024).is_err());
        assert!(bounded(MAX_UNPACKED + 1, MAX_UNPACKED).is_err());
    }
}
