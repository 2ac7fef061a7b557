//! The ways in which people spoil names.

use preflight::path;

use super::draw::Draw;
use super::place::Place;

/// A way to spoil a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A space at the end.
    TrailingSpace,
    /// A space at the start.
    LeadingSpace,
    /// A zero-width space inside.
    Invisible,
    /// A letter in the other case.
    Case,
    /// A letter of the folder in the other case.
    DirectoryCase,
    /// A letter of another script that looks the same.
    LookAlike,
    /// A letter dropped.
    Dropped,
    /// A letter doubled.
    Doubled,
    /// Two letters swapped.
    Swapped,
    /// The extension mistyped.
    Extension,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 10] = [
        Kind::TrailingSpace,
        Kind::LeadingSpace,
        Kind::Invisible,
        Kind::Case,
        Kind::DirectoryCase,
        Kind::LookAlike,
        Kind::Dropped,
        Kind::Doubled,
        Kind::Swapped,
        Kind::Extension,
    ];

    /// Whether it must be noticed even where the base of a reference is open: white space, case and Unicode.
    pub fn is_strong(self) -> bool {
        matches!(self, Kind::TrailingSpace | Kind::LeadingSpace | Kind::Invisible | Kind::Case | Kind::DirectoryCase)
    }

    /// Whether it can happen to a reference of this namespace: browsers strip blanks around a URL, one ends the link of
    /// a document, and a blank
    /// or a strange letter ends a module's name.
    fn fits(self, place: &Place) -> bool {
        match place.namespace {
            "python" => matches!(self, Kind::Case | Kind::Dropped | Kind::Doubled | Kind::Swapped),
            "url" | "document" => !matches!(self, Kind::TrailingSpace | Kind::LeadingSpace),
            // A shell splits words at blanks.
            _ if place.construct.ends_with(" script") => !matches!(self, Kind::TrailingSpace | Kind::LeadingSpace),
            _ => true,
        }
    }
}

/// The spoiled text of a reference's last segment, or of the folder before it.
pub fn reference(kind: Kind, place: &Place, draw: &mut Draw) -> Option<Vec<u8>> {
    if !kind.fits(place) {
        return None;
    }
    if kind == Kind::DirectoryCase {
        place.directory.as_ref()?;
        return other_case(place.written_directory(), draw);
    }
    if place.namespace == "python" {
        return letters(kind, place.written(), draw);
    }
    name(kind, place.written(), draw)
}

/// The spoiled name of a file.
pub fn file_name(kind: Kind, file: &[u8], draw: &mut Draw) -> Option<Vec<u8>> {
    if kind == Kind::DirectoryCase { None } else { name(kind, file, draw) }
}

fn name(kind: Kind, name: &[u8], draw: &mut Draw) -> Option<Vec<u8>> {
    let (stem, extension) = path::split_extension(name);
    let with = |stem: Vec<u8>| match extension {
        Some(extension) => [&stem, b".".as_slice(), extension].concat(),
        None => stem,
    };
    match kind {
        Kind::TrailingSpace => Some([name, b" "].concat()),
        Kind::LeadingSpace => Some([b" ", name].concat()),
        Kind::Extension => mistyped(extension?).map(|extension| [stem, b".", &extension].concat()),
        _ => letters(kind, stem, draw).map(with),
    }
}

/// `.phpp`, `.htlm`: the last letter doubled, or where it is long enough two letters swapped.
fn mistyped(extension: &[u8]) -> Option<Vec<u8>> {
    match extension {
        [a, b, c, d] => Some(vec![*a, *b, *d, *c]).filter(|spoiled| spoiled != extension),
        [.., last] => Some([extension, &[*last]].concat()),
        [] => None,
    }
}

fn letters(kind: Kind, text: &[u8], draw: &mut Draw) -> Option<Vec<u8>> {
    let at: Vec<usize> = (0..text.len()).filter(|&at| text[at].is_ascii_alphabetic()).collect();
    if at.len() < 2 {
        return None;
    }
    match kind {
        Kind::Case => other_case(text, draw),
        Kind::Invisible => {
            let inside = 1 + draw.below(text.len() - 1);
            Some([&text[..inside], "\u{200b}".as_bytes(), &text[inside..]].concat())
        }
        Kind::LookAlike => look_alike(text, draw),
        Kind::Dropped => {
            let at = draw.pick(&at)?;
            Some([&text[..at], &text[at + 1..]].concat())
        }
        Kind::Doubled => {
            let at = draw.pick(&at)?;
            Some([&text[..=at], &text[at..]].concat())
        }
        Kind::Swapped => {
            let pairs: Vec<usize> = at
                .iter()
                .copied()
                .filter(|&at| text.get(at + 1).is_some_and(|next| next.is_ascii_alphabetic() && *next != text[at]))
                .collect();
            let at = draw.pick(&pairs)?;
            let mut swapped = text.to_vec();
            swapped.swap(at, at + 1);
            Some(swapped)
        }
        Kind::TrailingSpace | Kind::LeadingSpace | Kind::DirectoryCase | Kind::Extension => None,
    }
}

fn other_case(text: &[u8], draw: &mut Draw) -> Option<Vec<u8>> {
    let at: Vec<usize> = (0..text.len()).filter(|&at| text[at].is_ascii_alphabetic()).collect();
    let at = draw.pick(&at)?;
    let mut other = text.to_vec();
    other[at] ^= 0x20;
    Some(other)
}

fn look_alike(text: &[u8], draw: &mut Draw) -> Option<Vec<u8>> {
    const TWINS: [(u8, &str); 6] = [(b'a', "а"), (b'c', "с"), (b'e', "е"), (b'o', "о"), (b'p', "р"), (b'x', "х")];
    let twin = |byte: u8| TWINS.iter().find(|(latin, _)| *latin == byte).map(|(_, twin)| *twin);
    let at: Vec<usize> = (0..text.len()).filter(|&at| twin(text[at]).is_some()).collect();
    let at = draw.pick(&at)?;
    Some([&text[..at], twin(text[at])?.as_bytes(), &text[at + 1..]].concat())
}
