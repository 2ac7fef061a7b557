//! In which way two names differ, and whether one was probably meant by the other.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::extension::{extension, is_pair};
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

/// Words that name a variant of a file and stand beside their like on purpose.
const VARIANTS: [&str; 44] = [
    "2x", "3x", "ar", "ca", "cs", "da", "de", "dev", "el", "en", "es", "fi", "fr", "he", "hu", "it", "ja", "ko", "l",
    "large", "ltr", "m", "md", "nb", "nl", "nn", "no", "pl", "prod", "pt", "ro", "rtl", "ru", "s", "sk", "sl", "sm",
    "sr", "sv", "test", "tr", "uk", "xl", "zh",
];

/// Whether two names are alike but for numbers, or for words that name a variant.
pub(super) fn is_variant(a: &str, b: &str) -> bool {
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
pub(super) fn tokens(name: &str) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use Difference::{
        Case, Encoding, Extension, Invisible, LeadingSpace, LookAlike, Spelling, TrailingSpace, UnicodeForm,
    };

    #[test]
    fn tables_are_sorted() {
        assert!(VARIANTS.is_sorted());
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
