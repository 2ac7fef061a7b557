//! What calls and constructs do with a path, as rows.

use std::borrow::Cow;

use mago_syntax::ast::Expression;

use crate::diagnostic::Strength;
use crate::framework::{self, Role};
use crate::reference::{Base, Laravel, Namespace, UrlKind, Want};

/// What is done with a path.
#[derive(Clone, Debug)]
pub(super) enum Effect<'a> {
    /// It is looked up.
    Read(Read),
    /// It is looked up, if it starts at a place that is known: elsewhere such a call takes a URL.
    ReadPlace(Read),
    /// It is looked up, if it is written as names of templates are.
    ReadTemplate(Read),
    /// A part of a theme is, whose name, or none, is the next argument.
    ReadPart(Read, Option<&'a Expression<'a>>),
    /// A file of a theme is, by its name or what is put before that; there may be another in its place.
    ReadTheme(Read, &'static str),
    /// A component is registered, by what of two arguments is written out; `None` where no argument is its name.
    Registers(Option<[Option<&'a [u8]>; 2]>),
    /// It is made.
    Write,
    /// It is put into an archive, which is unpacked anywhere.
    Pack,
    /// It becomes the working directory.
    ChangeDirectory,
    /// It becomes the include path.
    IncludePath,
    /// It becomes the value of a constant.
    Define(Cow<'a, [u8]>),
}

/// How a path is looked up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Read {
    pub(super) construct: &'static str,
    pub(super) namespace: Namespace,
    pub(super) strength: Strength,
}

/// A function with a path among its arguments.
#[derive(Debug)]
pub(super) struct Row {
    /// In lower case; classes as `new splfileobject`.
    pub(super) name: &'static str,
    /// The argument that is the path.
    pub(super) argument: usize,
    pub(super) does: Does,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Does {
    /// Looks the path up.
    Read(Read),
    /// Makes it.
    Write,
    /// Looks it up, and makes what the next argument names.
    Copy(Read),
    /// Either, by the mode in the next argument.
    Open(Read),
    ChangeDirectory,
    IncludePath,
    /// `ini_set('include_path', …)`.
    Setting,
    /// `define`.
    Define,
}

const FILE: Namespace = Namespace::Path(&[Base::WorkingDirectory], Want::File);
const DIRECTORY: Namespace = Namespace::Path(&[Base::WorkingDirectory], Want::Directory);
const ANY: Namespace = Namespace::Path(&[Base::WorkingDirectory], Want::Any);
const INCLUDED: Namespace = Namespace::Path(&[Base::IncludePath], Want::File);

macro_rules! read {
    ($construct:literal, $namespace:expr, $strength:ident) => {
        Read { construct: $construct, namespace: $namespace, strength: Strength::$strength }
    };
}

pub(super) const INCLUDE: Read = read!("include", INCLUDED, Broken);
pub(super) const INCLUDE_ONCE: Read = read!("include_once", INCLUDED, Broken);
pub(super) const REQUIRE: Read = read!("require", INCLUDED, Fatal);
pub(super) const REQUIRE_ONCE: Read = read!("require_once", INCLUDED, Fatal);

/// A path that is handed to a method, which nobody knows: near an existing name it is no other.
pub(super) const HANDED: Read = read!("argument", ANY, Optional);

macro_rules! rows {
    ($($name:literal $argument:literal $does:expr),* $(,)?) => {
        &[$(Row { name: $name, argument: $argument, does: $does }),*]
    };
}

macro_rules! file {
    ($name:literal) => {
        Does::Read(read!($name, FILE, Broken))
    };
}

/// Sorted by name. Not listed: calls whose absence is an answer (`file_exists`), and databases, which are made.
const ROWS: &[Row] = rows![
    "chdir" 0 Does::ChangeDirectory,
    "copy" 0 Does::Copy(read!("copy", FILE, Broken)),
    "define" 1 Does::Define,
    "exif_read_data" 0 file!("exif_read_data"),
    "file" 0 file!("file"),
    "file_get_contents" 0 file!("file_get_contents"),
    "file_put_contents" 0 Does::Write,
    "filemtime" 0 Does::Read(read!("filemtime", ANY, Broken)),
    "filesize" 0 file!("filesize"),
    "finfo_file" 1 file!("finfo_file"),
    "fopen" 0 Does::Open(read!("fopen", FILE, Broken)),
    "getimagesize" 0 file!("getimagesize"),
    "gzopen" 0 Does::Open(read!("gzopen", FILE, Broken)),
    "hash_file" 1 file!("hash_file"),
    "highlight_file" 0 Does::Read(read!("highlight_file", INCLUDED, Broken)),
    "imagecreatefromavif" 0 file!("imagecreatefromavif"),
    "imagecreatefrombmp" 0 file!("imagecreatefrombmp"),
    "imagecreatefromgd" 0 file!("imagecreatefromgd"),
    "imagecreatefromgd2" 0 file!("imagecreatefromgd2"),
    "imagecreatefromgif" 0 file!("imagecreatefromgif"),
    "imagecreatefromjpeg" 0 file!("imagecreatefromjpeg"),
    "imagecreatefrompng" 0 file!("imagecreatefrompng"),
    "imagecreatefromwebp" 0 file!("imagecreatefromwebp"),
    "imagecreatefromxbm" 0 file!("imagecreatefromxbm"),
    "imagecreatefromxpm" 0 file!("imagecreatefromxpm"),
    "imagefttext" 6 file!("imagefttext"),
    "imageloadfont" 0 file!("imageloadfont"),
    "imagettftext" 6 file!("imagettftext"),
    "ini_set" 1 Does::Setting,
    "md5_file" 0 file!("md5_file"),
    "mime_content_type" 0 file!("mime_content_type"),
    "mkdir" 0 Does::Write,
    "move_uploaded_file" 1 Does::Write,
    "new directoryiterator" 0 Does::Read(read!("new DirectoryIterator", DIRECTORY, Broken)),
    "new filesystemiterator" 0 Does::Read(read!("new FilesystemIterator", DIRECTORY, Broken)),
    "new recursivedirectoryiterator" 0 Does::Read(read!("new RecursiveDirectoryIterator", DIRECTORY, Broken)),
    "new splfileobject" 0 file!("new SplFileObject"),
    "opendir" 0 Does::Read(read!("opendir", DIRECTORY, Broken)),
    "parse_ini_file" 0 Does::Read(read!("parse_ini_file", INCLUDED, Broken)),
    "php_strip_whitespace" 0 Does::Read(read!("php_strip_whitespace", INCLUDED, Broken)),
    "readfile" 0 file!("readfile"),
    "rename" 1 Does::Write,
    "scandir" 0 Does::Read(read!("scandir", DIRECTORY, Broken)),
    "set_include_path" 0 Does::IncludePath,
    "sha1_file" 0 file!("sha1_file"),
    "show_source" 0 Does::Read(read!("show_source", INCLUDED, Broken)),
    "simplexml_load_file" 0 file!("simplexml_load_file"),
    "symlink" 1 Does::Write,
    "touch" 0 Does::Write,
];

/// Methods that make a path, by the argument that names it, sorted: of file systems (WordPress, Symfony, Laravel),
/// whatever the receiver is called.
const WRITERS: &[(&str, usize)] =
    &[("copy", 1), ("dumpfile", 0), ("move", 1), ("put_contents", 0), ("putfile", 0), ("rename", 1), ("touch", 0)];

/// Methods of `PharData` and `ZipArchive` that put a file into an archive, by the argument that names it there.
const PACKERS: &[(&str, usize)] = &[("addfile", 1), ("addfromstring", 0)];

/// The argument in which a method takes a path that it makes, and how.
pub(super) fn writer(method: &[u8]) -> Option<(usize, Effect<'static>)> {
    let in_table = |table: &[(&str, usize)]| {
        let at = table.binary_search_by(|row| compare(row.0.as_bytes(), method)).ok()?;
        table.get(at).map(|row| row.1)
    };
    let written = in_table(WRITERS).map(|nth| (nth, Effect::Write));
    written.or_else(|| in_table(PACKERS).map(|nth| (nth, Effect::Pack)))
}

/// Parts of the names of methods that make what they are handed, take it away, or ask whether it is there.
const NO_READERS: [&[u8]; 16] = [
    b"append", b"cache", b"delete", b"dump", b"exist", b"export", b"has", b"log", b"make", b"mkdir", b"output", b"put",
    b"remove", b"save", b"target", b"write",
];

/// Whether a method may read what it is handed, as far as its name tells.
pub(super) fn reads(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    writer(&name).is_none_or(|(nth, _)| nth > 0)
        && !NO_READERS.iter().any(|part| memchr::memmem::find(&name, part).is_some())
}

/// The row of a function by its name in any case.
pub(super) fn row(name: &[u8]) -> Option<&'static Row> {
    let at = ROWS.binary_search_by(|row| compare(row.name.as_bytes(), name)).ok()?;
    ROWS.get(at)
}

/// What a framework's function or method looks up: the argument, and how.
pub(super) fn framework<'a>(name: &[u8]) -> Option<(usize, Effect<'a>)> {
    let call = framework::taking("php", name)?;
    let read = |namespace| Read { construct: call.name, namespace, strength: call.strength };
    let effect = match call.role {
        Role::Read(Want::File) => Effect::ReadPlace(read(FILE)),
        Role::Template => Effect::ReadTemplate(read(Namespace::Template)),
        Role::Read(Want::Directory) => Effect::ReadPlace(read(DIRECTORY)),
        Role::Read(Want::Any) => Effect::ReadPlace(read(ANY)),
        Role::Load => Effect::ReadPlace(read(Namespace::Url(UrlKind::Asset))),
        Role::ThemeFile(front) => Effect::ReadTheme(read(FILE), front),
        Role::ThemePart => Effect::ReadPart(read(FILE), None),
        Role::View => Effect::ReadTemplate(read(Namespace::View)),
        Role::Page => Effect::ReadTemplate(read(Namespace::Laravel(Laravel::Page))),
        Role::Built => Effect::ReadTemplate(read(Namespace::Laravel(Laravel::Built))),
        Role::Loaded(kind) => Effect::ReadTemplate(read(Namespace::Loaded(kind))),
        Role::Magento(kind) => Effect::ReadTemplate(read(Namespace::Magento(kind))),
        Role::Phtml(kind) => Effect::ReadTemplate(read(Namespace::Phtml(kind))),
        Role::Component => Effect::Registers(Some([None; 2])),
        Role::Components => Effect::Registers(None),
        _ => return None,
    };
    Some((call.argument, effect))
}

fn compare(row: &[u8], name: &[u8]) -> std::cmp::Ordering {
    row.iter().copied().cmp(name.iter().map(u8::to_ascii_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_found_in_any_case() {
        assert!(ROWS.is_sorted_by_key(|row| row.name) && WRITERS.is_sorted() && PACKERS.is_sorted());
        assert!(row(b"ReadFile").is_some() && row(b"readfiles").is_none());
    }
}
