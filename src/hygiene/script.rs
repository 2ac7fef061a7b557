//! Letters of one script inside words of another: `аdmin.php` with a Cyrillic `а`, `.рhр` for `.php`.
//!
//! A word is a run of letters. It is suspicious only where people cannot see the seam: every letter of one script's
//! run must look like a letter of the other (UTS 39). `ОтчётFinal`, `Δx` and `µs` are mixed and legitimate.
//! Names wholly in one other script are never suspicious in themselves.

use unicode_script::{Script, UnicodeScript};

use super::{Finding, Meant, Named, family};
use crate::diagnostic::Difference;
use crate::diagnostic::Severity::Error;
use crate::path;

/// Scripts whose letters pass for Latin ones.
const PASSING: [Script; 5] = [Script::Cyrillic, Script::Greek, Script::Armenian, Script::Cherokee, Script::Lisu];

pub(super) fn check(named: &Named<'_>) -> Option<Finding> {
    let text = std::str::from_utf8(named.name).ok().filter(|text| !text.is_ascii())?;
    posing_extension(text).or_else(|| mixed_word(text))
}

fn posing_extension(text: &str) -> Option<Finding> {
    let (stem, written) = path::split_extension(text.as_bytes());
    let written = std::str::from_utf8(written?).ok().filter(|written| !written.is_ascii())?;
    let latin = latin(written)?;
    if !family::is_known(&latin.to_ascii_lowercase().into_bytes()) {
        return None;
    }
    let meant = Meant::surely([stem, b".", latin.as_bytes()].concat(), Difference::LookAlike);
    let what = "has an extension that looks like a known one and is written with letters of another script";
    Some(Finding { code: "name-confusable-ext", severity: Error, what, meant })
}

/// The text with each letter that passes for a Latin one replaced by it; `None` where some other letter remains.
fn latin(text: &str) -> Option<String> {
    text.chars().map(|c| if c.is_ascii() { Some(c) } else { look_alike(c) }).collect()
}

fn look_alike(c: char) -> Option<char> {
    if !PASSING.contains(&c.script()) {
        return None;
    }
    let mut buffer = [0; 4];
    let mut skeleton = unicode_security::skeleton(c.encode_utf8(&mut buffer));
    let first = skeleton.next()?;
    (skeleton.next().is_none() && first.is_ascii_alphabetic()).then_some(first)
}

fn mixed_word(text: &str) -> Option<Finding> {
    let mut plain = String::with_capacity(text.len());
    let mut word: Vec<char> = Vec::new();
    for c in text.chars().chain(std::iter::once('\0')) {
        if c.is_alphabetic() {
            word.push(c);
            continue;
        }
        plain.extend(unmixed(&word));
        word.clear();
        plain.extend((c != '\0').then_some(c));
    }
    if plain == text {
        return None;
    }
    let meant = Meant::perhaps(plain.into_bytes(), Difference::LookAlike);
    let what = "mixes letters of two scripts within one word, where nobody can see it";
    Some(Finding { code: "name-mixed-script", severity: Error, what, meant })
}

/// A word with the hidden letters of another script replaced; as it is where nothing is hidden.
fn unmixed(word: &[char]) -> Vec<char> {
    let is_latin = |c: &char| c.script() == Script::Latin;
    let passes = |c: &char| PASSING.contains(&c.script());
    if !word.iter().any(is_latin) || !word.iter().any(passes) {
        return word.to_vec();
    }
    // Every foreign letter passes for a Latin one: the word reads as Latin.
    if word.iter().filter(|c| passes(c)).all(|&c| look_alike(c).is_some()) {
        return word.iter().map(|&c| look_alike(c).unwrap_or(c)).collect();
    }
    latin_inside(word).unwrap_or_else(|| word.to_vec())
}

/// A Latin letter between Cyrillic ones, as in `прoект` with a Latin `o`.
fn latin_inside(word: &[char]) -> Option<Vec<char>> {
    let cyrillic = |c: char| c.script() == Script::Cyrillic;
    let mut out = word.to_vec();
    for at in (0..word.len()).filter(|&at| word[at].script() == Script::Latin) {
        let before = *word.get(at.checked_sub(1)?)?;
        let after = *word.get(at + 1)?;
        if !cyrillic(before) || !cyrillic(after) {
            return None;
        }
        out[at] = cyrillic_twin(word[at])?;
    }
    Some(out)
}

fn cyrillic_twin(c: char) -> Option<char> {
    const LATIN: &str = "aceopxyABCEHKMOPTX";
    const CYRILLIC: &str = "асеорхуАВСЕНКМОРТХ";
    LATIN.chars().zip(CYRILLIC.chars()).find(|&(latin, _)| latin == c).map(|(_, twin)| twin)
}
