//! In which way the extensions of two names differ, and which extensions files bear.

use super::difference::Distance;
use crate::diagnostic::Difference;
use crate::path;

/// The same stem with another extension, one extension too many, or none.
pub(super) fn extension(written: &[u8], existing: &[u8]) -> Option<Distance> {
    let (ws, we) = path::split_extension(written);
    let (es, ee) = path::split_extension(existing);
    let (we_text, ee_text) = (we.unwrap_or_default(), ee.unwrap_or_default());
    let edits = |a: &[u8], b: &[u8]| u32::try_from(letters(a, b)).unwrap_or(u32::MAX);
    if ws == es && !ws.is_empty() && we.is_some() && ee.is_some() {
        let slip = !is_known(we_text) || !is_known(ee_text);
        // Of two other formats neither is nearer than the other by its letters.
        let cost = if slip { edits(we_text, ee_text) } else { 3 };
        return Some(Distance { difference: Difference::Extension, cost, slip });
    }
    // `index.html.html` for `index.html`, and the other way round.
    let doubled = |long_stem: &[u8], long: &[u8], short: &[u8]| {
        long_stem == short && path::split_extension(short).1.is_some_and(|inner| letters(inner, long) <= 1)
    };
    if doubled(ws, we_text, existing) || doubled(es, ee_text, written) {
        return Some(Distance { difference: Difference::Extension, cost: 1, slip: true });
    }
    // `site.conf` for `site.conf.j2`.
    if es == written && TEMPLATES.iter().any(|known| known.as_bytes() == ee_text) {
        return Some(Distance { difference: Difference::Extension, cost: 1, slip: false });
    }
    // `db` for `db.php`; a name without extension that is longer than the other's stem has nothing to do with it.
    let missing = (we.is_none() && written == es && ee.is_some_and(is_known))
        || (ee.is_none() && existing == ws && we.is_some_and(is_known));
    missing.then_some(Distance { difference: Difference::Extension, cost: 4, slip: false })
}

/// A header and its source stand beside each other on purpose: neither is taken for the other.
pub(super) fn is_pair(a: &[u8], b: &[u8]) -> bool {
    const HEADERS: [&[u8]; 4] = [b"h", b"hh", b"hpp", b"hxx"];
    let is_header = |extension: Option<&[u8]>| extension.is_some_and(|extension| HEADERS.contains(&extension));
    let ((a, of_a), (b, of_b)) = (path::split_extension(a), path::split_extension(b));
    a == b && of_a.is_some_and(is_known) && of_b.is_some_and(is_known) && is_header(of_a) != is_header(of_b)
}

/// Extensions that stand behind that of what a template gives.
pub(super) const TEMPLATES: [&str; 8] = ["epp", "erb", "j2", "jinja2", "mustache", "tftpl", "tmpl", "tpl"];

fn letters(a: &[u8], b: &[u8]) -> usize {
    strsim::osa_distance(&String::from_utf8_lossy(a).to_lowercase(), &String::from_utf8_lossy(b).to_lowercase())
}

/// Extensions that files of web deployments bear; an extension beyond them, one letter from one, is a slip. The names
/// that [`crate::hygiene`] takes for known are more: `.s` is one, and here a letter short of `.js`.
const KNOWN: &[&str] = &[
    "ai",
    "apng",
    "asp",
    "aspx",
    "astro",
    "avi",
    "avif",
    "bak",
    "bash",
    "bat",
    "bin",
    "bmp",
    "bz2",
    "c",
    "cc",
    "cer",
    "cfg",
    "cgi",
    "cjs",
    "class",
    "cnf",
    "coffee",
    "conf",
    "config",
    "cpp",
    "crt",
    "cs",
    "cshtml",
    "csr",
    "css",
    "csv",
    "ctp",
    "cts",
    "cur",
    "dat",
    "db",
    "dist",
    "doc",
    "docx",
    "dtd",
    "ejs",
    "eml",
    "env",
    "eot",
    "epp",
    "eps",
    "epub",
    "erb",
    "ex",
    "example",
    "exe",
    "exs",
    "fish",
    "flv",
    "gemspec",
    "gif",
    "go",
    "gz",
    "h",
    "haml",
    "hbs",
    "hcl",
    "heex",
    "hpp",
    "htc",
    "htm",
    "html",
    "ico",
    "ics",
    "in",
    "inc",
    "ini",
    "install",
    "ipynb",
    "j2",
    "jar",
    "java",
    "jfif",
    "jinja",
    "jinja2",
    "jpe",
    "jpeg",
    "jpg",
    "js",
    "json",
    "json5",
    "jsonc",
    "jsp",
    "jsx",
    "jxl",
    "key",
    "kt",
    "latte",
    "less",
    "lhs",
    "liquid",
    "lock",
    "log",
    "lua",
    "m4a",
    "m4v",
    "map",
    "markdown",
    "md",
    "mdx",
    "mjs",
    "mkv",
    "mo",
    "mov",
    "mp3",
    "mp4",
    "mpeg",
    "mpg",
    "mts",
    "mustache",
    "njk",
    "odt",
    "ogg",
    "ogv",
    "opus",
    "otf",
    "pcss",
    "pdf",
    "peg",
    "pem",
    "phar",
    "php",
    "php3",
    "php4",
    "php5",
    "php7",
    "php8",
    "phps",
    "phpt",
    "phtml",
    "pl",
    "pm",
    "png",
    "po",
    "pot",
    "pp",
    "ppt",
    "pptx",
    "profile",
    "properties",
    "ps",
    "psd",
    "pug",
    "py",
    "pyc",
    "pyi",
    "pyw",
    "pyx",
    "r",
    "rar",
    "rb",
    "rdf",
    "rhtml",
    "rs",
    "rss",
    "rst",
    "rtf",
    "ru",
    "sass",
    "scss",
    "service",
    "sh",
    "shtml",
    "slim",
    "so",
    "sql",
    "sqlite",
    "styl",
    "svelte",
    "svg",
    "svgz",
    "swf",
    "tar",
    "template",
    "tf",
    "tgz",
    "theme",
    "tif",
    "tiff",
    "tmpl",
    "toml",
    "tpl",
    "ts",
    "tsv",
    "tsx",
    "ttc",
    "ttf",
    "twig",
    "txt",
    "vtt",
    "vue",
    "wasm",
    "wav",
    "webm",
    "webmanifest",
    "webp",
    "wmv",
    "woff",
    "woff2",
    "xhtml",
    "xls",
    "xlsx",
    "xml",
    "xsd",
    "xsl",
    "xslt",
    "yaml",
    "yml",
    "zip",
    "zsh",
];

/// Whether an extension is one that files bear.
#[must_use]
pub fn is_known(extension: &[u8]) -> bool {
    let lower = extension.to_ascii_lowercase();
    std::str::from_utf8(&lower).is_ok_and(|text| {
        KNOWN.binary_search(&text).is_ok() || (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn extensions_are_sorted() {
        assert!(super::KNOWN.is_sorted());
    }
}
