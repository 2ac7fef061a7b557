//! What kind of file a name claims to be, by its extension.
//!
//! `.jpeg` beside `.jpg`, `.htm`, `.pp`, `.cjs` and their like are known: none of them is a slip of another.

use crate::path;

/// What a file with a known extension is, as far as names go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Programs and configuration: something opens them by name.
    Code,
    /// Scripts and style sheets of pages.
    Style,
    /// Pages.
    Page,
    /// Pictures, sound, fonts.
    Media,
    /// Texts that people open.
    Document,
    /// Known, and nothing more.
    Known,
    /// Not known.
    Unknown,
}

impl Family {
    /// Opened by name by a program: an odd character in it breaks something.
    pub(super) fn is_program(self) -> bool {
        matches!(self, Family::Code | Family::Style | Family::Page)
    }

    /// Picked by people, who do not type its name.
    pub(super) fn is_served_as_is(self) -> bool {
        matches!(self, Family::Media | Family::Document)
    }
}

/// Extensions by family; each list is sorted.
const FAMILIES: [(Family, &[&str]); 6] = [
    (
        Family::Code,
        &[
            "asp", "aspx", "bash", "cfg", "cgi", "conf", "erb", "go", "inc", "ini", "json", "jsp", "less", "lua",
            "php", "phtml", "pl", "pm", "pp", "py", "rb", "scss", "sh", "tf", "toml", "tpl", "twig", "vue", "xml",
            "yaml", "yml",
        ],
    ),
    (Family::Style, &["cjs", "css", "js", "jsx", "mjs", "ts", "tsx"]),
    (Family::Page, &["htm", "html", "shtml", "xhtml"]),
    (
        Family::Media,
        &[
            "apng", "avif", "bmp", "eot", "gif", "ico", "jfif", "jpe", "jpeg", "jpg", "jxl", "m4a", "m4v", "mov",
            "mp3", "mp4", "mpeg", "mpg", "oga", "ogg", "ogv", "otf", "png", "svg", "svgz", "tif", "tiff", "ttc", "ttf",
            "wav", "webm", "webp", "woff", "woff2",
        ],
    ),
    (
        Family::Document,
        &[
            "adoc", "csv", "doc", "docx", "epub", "markdown", "md", "odp", "ods", "odt", "pdf", "ppt", "pptx", "rst",
            "rtf", "text", "tsv", "txt", "xls", "xlsx",
        ],
    ),
    (
        Family::Known,
        &[
            "a",
            "asc",
            "ash",
            "ashx",
            "asm",
            "avi",
            "awk",
            "bat",
            "bin",
            "br",
            "bz2",
            "c",
            "cc",
            "cer",
            "class",
            "cmake",
            "cmd",
            "cnf",
            "coffee",
            "com",
            "config",
            "cpp",
            "crl",
            "crt",
            "cs",
            "csh",
            "cshtml",
            "cson",
            "csproj",
            "csr",
            "cts",
            "cue",
            "cur",
            "cxx",
            "d",
            "dart",
            "dat",
            "db",
            "deb",
            "default",
            "der",
            "dhtml",
            "diff",
            "dist",
            "dll",
            "dtd",
            "dylib",
            "ejs",
            "el",
            "elm",
            "eml",
            "env",
            "epp",
            "eps",
            "erl",
            "ex",
            "example",
            "exe",
            "exs",
            "f",
            "fish",
            "flac",
            "gem",
            "geojson",
            "gmi",
            "gpg",
            "gradle",
            "graphql",
            "gz",
            "h",
            "haml",
            "hbs",
            "hcl",
            "heex",
            "hh",
            "hpp",
            "hs",
            "htc",
            "hxx",
            "icc",
            "icns",
            "ics",
            "in",
            "ipynb",
            "iso",
            "j2",
            "jar",
            "java",
            "jks",
            "jl",
            "jp2",
            "jsb",
            "jsm",
            "json5",
            "jsonc",
            "jsonl",
            "jsonnet",
            "key",
            "ko",
            "kt",
            "kts",
            "lang",
            "ldif",
            "leex",
            "liquid",
            "list",
            "lock",
            "log",
            "m",
            "m3u",
            "m4",
            "man",
            "manifest",
            "map",
            "md5",
            "mdx",
            "mhtml",
            "mid",
            "mk",
            "mkv",
            "ml",
            "mli",
            "mm",
            "mo",
            "mobi",
            "msi",
            "mts",
            "mustache",
            "nix",
            "njk",
            "o",
            "odg",
            "old",
            "opml",
            "org",
            "orig",
            "out",
            "p12",
            "pack",
            "patch",
            "pcss",
            "peg",
            "pem",
            "pfx",
            "pgn",
            "pgp",
            "phar",
            "php3",
            "php4",
            "php5",
            "php7",
            "php8",
            "phps",
            "phpt",
            "pkl",
            "plist",
            "pnm",
            "po",
            "pod",
            "pot",
            "ppm",
            "profile",
            "properties",
            "proto",
            "ps",
            "ps1",
            "psd",
            "psm1",
            "pub",
            "pug",
            "pxd",
            "pyc",
            "pyd",
            "pyi",
            "pyo",
            "pyw",
            "pyx",
            "pyz",
            "r",
            "rar",
            "rbs",
            "rbw",
            "rc",
            "rdf",
            "rels",
            "res",
            "resx",
            "rpm",
            "rs",
            "rss",
            "ru",
            "rules",
            "s",
            "sample",
            "sass",
            "scm",
            "ser",
            "service",
            "sha1",
            "sha256",
            "sha512",
            "sig",
            "slim",
            "sln",
            "snap",
            "so",
            "socket",
            "sql",
            "sqlite",
            "sqlite3",
            "stub",
            "styl",
            "sum",
            "svelte",
            "swf",
            "swift",
            "sys",
            "t",
            "tar",
            "target",
            "tcl",
            "template",
            "tex",
            "tgz",
            "timer",
            "tml",
            "tmpl",
            "torrent",
            "ui",
            "url",
            "vb",
            "vbs",
            "vcf",
            "vm",
            "war",
            "wasm",
            "webmanifest",
            "wma",
            "wmv",
            "wsdl",
            "wsgi",
            "xap",
            "xcf",
            "xht",
            "xlf",
            "xliff",
            "xlm",
            "xpi",
            "xps",
            "xsd",
            "xsl",
            "xslt",
            "xul",
            "xz",
            "yara",
            "yarn",
            "z",
            "zip",
            "zsh",
            "zst",
        ],
    ),
];

/// What kind of file a name claims to be.
pub(super) fn family(name: &[u8]) -> Family {
    of_extension(&path::extension(name))
}

/// Whether an extension, in lower case, is known.
pub(super) fn is_known(extension: &[u8]) -> bool {
    of_extension(extension) != Family::Unknown
}

pub(super) fn of_extension(extension: &[u8]) -> Family {
    let among = |list: &&[&str]| list.binary_search_by(|known| known.as_bytes().cmp(extension)).is_ok();
    FAMILIES.iter().find(|(_, list)| among(list)).map_or(Family::Unknown, |&(family, _)| family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_sorted_and_disjoint() {
        let mut all: Vec<&str> = Vec::new();
        for (family, list) in FAMILIES {
            assert!(
                list.is_sorted_by(|a, b| a < b),
                "{family:?}: {:?}",
                list.windows(2).find(|pair| pair[0] >= pair[1])
            );
            all.extend(list);
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
