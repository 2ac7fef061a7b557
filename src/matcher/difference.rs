//! In which way two names differ, and whether one was probably meant by the other.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::{Difference, is_invisible};
use crate::path;

/// How an existing name differs from the one that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distance {
    /// The most telling difference.
    pub difference: Difference,
    /// How far; comparable within one difference.
    pub cost: u32,
    /// For [`Difference::Extension`]: one of the extensions is no extension anybody uses, or is doubled. For
    /// [`Difference::Spelling`]: the letters are the same, only what parts words is not (`GLSLmath`, `glsl_math`).
    pub slip: bool,
}

/// Shortest stem, in characters, of which one edit is telling; shorter names are near one another by chance.
const STEM_FOR_ONE_EDIT: usize = 4;
/// Shortest stem, in characters, of which two edits are telling.
const STEM_FOR_TWO_EDITS: usize = 8;

/// Compares the name that was written with an existing one; `None` where they have nothing telling in common.
#[must_use]
pub fn distance(written: &[u8], existing: &[u8]) -> Option<Distance> {
    if written == existing {
        return None;
    }
    folded(written, existing)
        .or_else(|| encoding(written, existing))
        .or_else(|| extension(written, existing))
        .or_else(|| spelling(written, existing))
        .filter(|_| !is_pair(written, existing))
}

/// A fold of text, and the difference that it removes.
type Fold = (Difference, fn(&str) -> Cow<'_, str>);

/// In order of confidence: each is applied on top of those before it.
const FOLDS: [Fold; 6] = [
    (Difference::TrailingSpace, |text| text.trim_end().into()),
    (Difference::LeadingSpace, |text| text.trim_start().into()),
    (Difference::Invisible, |text| visible(text).into()),
    (Difference::Case, |text| text.to_lowercase().into()),
    (Difference::UnicodeForm, |text| text.nfc().collect::<String>().into()),
    (Difference::LookAlike, |text| skeleton(text).into()),
];

/// Folds both names further and further until they are equal; the first fold that changed either names the
/// difference, the number of folds that did is its cost.
fn folded(written: &[u8], existing: &[u8]) -> Option<Distance> {
    let (w, e) = (std::str::from_utf8(written).ok()?, std::str::from_utf8(existing).ok()?);
    let (mut w, mut e) = (Cow::Borrowed(w), Cow::Borrowed(e));
    let mut first = None;
    let mut cost = 0;
    for (difference, fold) in FOLDS {
        let (next_w, next_e) = (fold(&w).into_owned(), fold(&e).into_owned());
        let differ_by_it = next_w.as_str() != w || next_e.as_str() != e;
        // Case folding changes both sides alike where only another fold is needed.
        let nearer = next_w == next_e || changes_one_side(&w, &e, &next_w, &next_e);
        if differ_by_it && nearer {
            first = first.or(Some(difference));
            cost += 1;
        }
        (w, e) = (Cow::Owned(next_w), Cow::Owned(next_e));
        if w == e {
            let look_alike_in_ascii = first == Some(Difference::LookAlike) && written.is_ascii() && existing.is_ascii();
            let difference = first.filter(|_| !look_alike_in_ascii)?;
            return (!w.is_empty()).then_some(Distance { difference, cost, slip: false });
        }
    }
    None
}

/// Whether a fold removed something in which the two differ: they have more in common after it than before.
fn changes_one_side(w: &str, e: &str, next_w: &str, next_e: &str) -> bool {
    let unequal = |a: &str, b: &str| {
        a.chars().count().abs_diff(b.chars().count()) + a.chars().zip(b.chars()).filter(|(a, b)| a != b).count()
    };
    unequal(next_w, next_e) < unequal(w, e)
}

fn visible(text: &str) -> String {
    text.chars().filter(|&c| !is_invisible(c)).map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

fn skeleton(text: &str) -> String {
    // Lower case again: the skeleton of `m` is `rn`, that of `0` is `O`.
    unicode_security::skeleton(text).flat_map(char::to_lowercase).collect()
}

/// Percent-encoded once too often, or a file name that itself holds `%20`.
fn encoding(written: &[u8], existing: &[u8]) -> Option<Distance> {
    let plus = |name: &[u8]| name.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect::<Vec<u8>>();
    let equal = path::percent_decode(written) == path::percent_decode(existing) || plus(written) == plus(existing);
    equal.then_some(Distance { difference: Difference::Encoding, cost: 1, slip: false })
}

/// The same stem with another extension, one extension too many, or none.
fn extension(written: &[u8], existing: &[u8]) -> Option<Distance> {
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
fn is_pair(a: &[u8], b: &[u8]) -> bool {
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

/// One edit, or two in a long name; never where only a number, a locale, an environment or a size differs.
fn spelling(written: &[u8], existing: &[u8]) -> Option<Distance> {
    let (w, e) = (String::from_utf8_lossy(written).to_lowercase(), String::from_utf8_lossy(existing).to_lowercase());
    // A dot at the start begins no extension: `.nvmrc`.
    let parts = |name: &str| name.rsplit_once('.').map(|(stem, _)| stem.chars().count()).filter(|&stem| stem > 0);
    let stem = |name: &str| parts(name).unwrap_or_else(|| name.chars().count());
    let shorter = stem(&w).min(stem(&e));
    if w.chars().count().abs_diff(e.chars().count()) > 2 || shorter + 1 < STEM_FOR_ONE_EDIT {
        return None;
    }
    let longer = stem(&w).max(stem(&e));
    let edits = strsim::osa_distance(&w, &e);
    let allowed = match longer {
        longer if shorter >= STEM_FOR_TWO_EDITS && longer >= STEM_FOR_TWO_EDITS => 2,
        longer if longer >= STEM_FOR_ONE_EDIT => 1,
        _ => 0,
    };
    let telling = edits <= allowed && !is_variant(&w, &e);
    telling.then_some(Distance {
        difference: Difference::Spelling,
        cost: u32::try_from(edits).unwrap_or(2),
        slip: shorter >= STEM_FOR_TWO_EDITS && same_letters(&w, &e),
    })
}

/// Whether two names differ only in what parts their words.
fn same_letters(a: &str, b: &str) -> bool {
    let letters = |name: &'_ str| name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect::<String>();
    letters(a) == letters(b)
}

/// How far apart the numbers of two names are that are alike but for numbers or a variant, and how many letters they
/// differ in, at most two.
#[must_use]
pub fn variant(written: &[u8], existing: &[u8]) -> Option<(u64, u32)> {
    if written.len().abs_diff(existing.len()) > 2 {
        return None;
    }
    let (w, e) = (String::from_utf8_lossy(written).to_lowercase(), String::from_utf8_lossy(existing).to_lowercase());
    let edits = is_variant(&w, &e).then(|| strsim::osa_distance(&w, &e))?;
    let edits = u32::try_from(edits).ok().filter(|&edits| edits <= 2)?;
    Some((numbers_apart(&w, &e), edits))
}

/// The sum of the differences of the numbers in two names; a word beside a number is as far as one step.
fn numbers_apart(a: &str, b: &str) -> u64 {
    let number = |token: &String| token.parse::<u64>().ok();
    let apart = |(a, b): (&String, &String)| match (number(a), number(b)) {
        (Some(a), Some(b)) => a.abs_diff(b),
        _ => u64::from(a != b),
    };
    tokens(a).iter().zip(&tokens(b)).map(apart).fold(0, u64::saturating_add)
}

/// How far two names are apart that share half of their letters in whole words, in tenths: `tutorial.md` and
/// `rules-tutorial.md`; `None` where they share less.
#[must_use]
pub fn related(written: &[u8], existing: &[u8]) -> Option<u32> {
    let words = |name: &[u8]| tokens(&spaced(&String::from_utf8_lossy(name)).to_lowercase());
    let letters = |words: &[String]| words.iter().map(String::len).sum::<usize>();
    let (written, mut rest) = (words(written), words(existing));
    let all = letters(&written) + letters(&rest);
    let mut shared = 0;
    for word in &written {
        // `numbered` and `numbers` share what they are made of.
        let begins = |other: &String| word.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        let like = |other: &String| if word == other { word.len() } else { begins(other) };
        let enough = |shared: usize, other: &String| word == other || shared >= SHARED_BEGINNING;
        let best = (0..rest.len()).max_by_key(|&at| (like(&rest[at]), std::cmp::Reverse(at)));
        if let Some(at) = best.filter(|&at| enough(like(&rest[at]), &rest[at])) {
            shared += like(&rest[at]);
            rest.swap_remove(at);
        }
    }
    // An extension alone is no likeness.
    let most = shared >= RELATED_LETTERS && 4 * shared >= all;
    most.then(|| u32::try_from(10 - 20 * shared / all.max(1)).unwrap_or(0).max(1))
}

/// `newBrick` with its words apart.
fn spaced(name: &str) -> String {
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for c in name.chars() {
        if after_small && c.is_uppercase() {
            spaced.push(' ');
        }
        after_small = c.is_lowercase();
        spaced.push(c);
    }
    spaced
}

/// Fewest letters with which two words begin that count as alike.
const SHARED_BEGINNING: usize = 5;
/// Fewest letters that related names share.
const RELATED_LETTERS: usize = 6;

/// Words that name a variant of a file and stand beside their like on purpose.
const VARIANTS: [&str; 44] = [
    "2x", "3x", "ar", "ca", "cs", "da", "de", "dev", "el", "en", "es", "fi", "fr", "he", "hu", "it", "ja", "ko", "l",
    "large", "ltr", "m", "md", "nb", "nl", "nn", "no", "pl", "prod", "pt", "ro", "rtl", "ru", "s", "sk", "sl", "sm",
    "sr", "sv", "test", "tr", "uk", "xl", "zh",
];

/// Whether two names are alike but for numbers, or for words that name a variant.
fn is_variant(a: &str, b: &str) -> bool {
    let (a, b) = (tokens(a), tokens(b));
    let numeric = |token: &str| token.bytes().all(|byte| byte.is_ascii_digit());
    let variant = |token: &str| numeric(token) || VARIANTS.binary_search(&token).is_ok();
    if a.len() == b.len() {
        let mut differing = a.iter().zip(&b).filter(|(a, b)| a != b).peekable();
        return differing.peek().is_some() && differing.all(|(a, b)| variant(a) && variant(b));
    }
    let (long, short) = if a.len() > b.len() { (&a, &b) } else { (&b, &a) };
    // `app2.js` beside `app.js`: one more token, and that a number or a variant.
    long.len() == short.len() + 1
        && (0..long.len())
            .any(|skip| variant(&long[skip]) && long[..skip] == short[..skip] && long[skip + 1..] == short[skip..])
}

/// Runs of letters and runs of digits.
fn tokens(name: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut last = 0;
    for c in name.chars() {
        let class = if c.is_ascii_digit() { 1 } else { u8::from(c.is_alphanumeric()) * 2 };
        match tokens.last_mut() {
            Some(token) if class == last && class != 0 => token.push(c),
            _ if class != 0 => tokens.push(c.to_string()),
            _ => {}
        }
        last = class;
    }
    tokens
}

/// Extensions that files of web deployments bear; an extension beyond them, one letter from one, is a slip.
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
    use super::*;
    use Difference::{
        Case, Encoding, Extension, Invisible, LeadingSpace, LookAlike, Spelling, TrailingSpace, UnicodeForm,
    };

    #[test]
    fn tables_are_sorted() {
        assert!(KNOWN.is_sorted() && VARIANTS.is_sorted());
    }

    #[test]
    fn each_difference_has_its_name() {
        for (written, existing, want) in [
            ("app.py ", "app.py", Some(TrailingSpace)),
            ("app.py", "app.py\u{3000}", Some(TrailingSpace)),
            (" app.py", "app.py", Some(LeadingSpace)),
            ("app\u{200b}.py", "app.py", Some(Invisible)),
            ("my\u{a0}app.py", "my app.py", Some(Invisible)),
            ("App.py", "app.py", Some(Case)),
            ("App.py ", "app.py", Some(TrailingSpace)),
            ("e\u{301}t.png", "\u{e9}t.png", Some(UnicodeForm)),
            ("c\u{430}fe.php", "cafe.php", Some(LookAlike)),
            ("my%20pic.png", "my pic.png", Some(Encoding)),
            ("locale.phpp", "locale.php", Some(Extension)),
            ("index.html.html", "index.html", Some(Extension)),
            ("header.php", "haeder.php", Some(Spelling)),
            ("modal.php", "model.php", Some(Spelling)),
            ("a.php", "b.php", None),
            ("img1.png", "img2.png", None),
            ("app.js", "app2.js", None),
            ("logo@2x.png", "logo@3x.png", None),
            ("messages.en.po", "messages.es.po", None),
            ("home.php", "hame.php", Some(Spelling)),
            ("rnain.php", "main.php", None),
        ] {
            let got = distance(written.as_bytes(), existing.as_bytes()).map(|distance| distance.difference);
            assert_eq!(got, want, "{written:?} {existing:?}");
        }
    }

    #[test]
    fn a_slip_of_the_extension_is_told_from_another_format() {
        let slip = |w: &str, e: &str| distance(w.as_bytes(), e.as_bytes()).map(|distance| distance.slip);
        assert_eq!(slip("a.phpp", "a.php"), Some(true));
        assert_eq!(slip("a.gif", "a.svg"), Some(false));
        assert_eq!(slip("index.html.html", "index.html"), Some(true));
    }
}
