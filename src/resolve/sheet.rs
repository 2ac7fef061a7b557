//! The namespace of preprocessed style sheets: what Sass, Less and Stylus import.
//!
//! A name starts where the sheet lies; what is not there is looked for in load paths, which are given to the compiler
//! and not known here: a name without dots that stands anywhere is silence, and so is one with dots that stands so
//! below a folder above the sheet (with two, that makes it less than certain). Else it is missing for sure where it
//! starts with dots, or where its first folder stands beside the sheet; a single name may be a package's (sass-lang.com
//! "Finding the file", lesscss.org "Import At-Rules", stylus-lang.com "import").

use std::borrow::Cow;

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::index::{EntryId, Lookup};
use crate::path;
use crate::reference::{Reference, Sheet, Want};

/// What Sass puts behind a name; those with a further extension are Sprockets' and Jekyll's.
const SASS: [&str; 7] = ["scss", "sass", "css", "css.scss", "css.sass", "scss.erb", "css.erb"];
/// What it puts for `@import` only.
const IMPORTED: [&str; 3] = ["import.scss", "import.sass", "import.css"];
/// Folders that a package manager fills.
const INSTALLED: [&[u8]; 4] = [b"bower_components", b"jspm_packages", b"node_modules", b"vendor"];
/// Libraries that a compiler brings, or that are mostly installed where load paths lead.
const LIBRARIES: [&str; 14] = [
    "bitters",
    "bootstrap",
    "bootstrap-sprockets",
    "bourbon",
    "breakpoint",
    "bulma",
    "compass",
    "font-awesome",
    "foundation",
    "materialize",
    "neat",
    "nib",
    "normalize",
    "susy",
];
/// Files that show that packages of Ruby or Bower may bring sheets.
const BRINGERS: [&str; 2] = ["Gemfile", "config.rb"];

/// Looks a style sheet up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Sheet) -> Resolution {
    let Some(text) = reference.expr.as_literal() else { return Resolution::Dynamic("a part is filled in later") };
    let name = text.split(|&byte| byte == b'?').next().unwrap_or(text);
    if crate::language::has_scheme(name) || name.starts_with(b"~") || name.starts_with(b"@") {
        return Resolution::External("a package, or another host");
    }
    // Only Sass takes a URL.
    let decoded = if kind == Sheet::Sass { path::percent_decode(name) } else { Cow::Borrowed(name) };
    if name.trim_ascii().is_empty() || name.starts_with(b"/") || decoded.iter().any(|byte| b"*#$@{}<>%".contains(byte))
    {
        return Resolution::Dynamic("a part is filled in later");
    }
    let name = &*decoded;
    let joined = path::join(site.directory(), name);
    let Some(place) = path::normalize(&joined) else { return Resolution::Outside };
    let asked = Asked { site, kind, imports: reference.construct == "@import" };
    match asked.found(&place) {
        Lookup::Found(id) => Resolution::Found(id),
        Lookup::Beyond => Resolution::Outside,
        // The compiler that is written in PHP puts the extension to any name that has neither it nor that of CSS.
        Lookup::Missing if kind == Sheet::Less && site.world.index.is_file(&[&place, b".less".as_slice()].concat()) => {
            Resolution::Dynamic("compilers of Less differ in which names get an extension")
        }
        Lookup::Missing => match asked.by_load_path(name) {
            // Few start so at a load path, many miscount.
            Some(_) if name.starts_with(b"../") => missing(site, &place, name, (kind, Certainty::Likely)),
            Some(id) => Resolution::Found(id),
            None => missing(site, &place, name, (kind, Certainty::Certain)),
        },
    }
}

fn is_dotted(name: &[u8]) -> bool {
    name.starts_with(b"./") || name.starts_with(b"../")
}

/// A sheet that imports by these rules.
struct Asked<'a> {
    site: &'a Site<'a>,
    kind: Sheet,
    /// The rule is `@import`, for which Sass takes `x.import.scss` first.
    imports: bool,
}

impl Asked<'_> {
    /// In the place that a name means, whatever it leaves out.
    fn found(&self, place: &[u8]) -> Lookup {
        let mut beyond = false;
        for path in self.forms(place) {
            match self.site.world.find(&path, Want::File) {
                Lookup::Found(id) => return Lookup::Found(id),
                Lookup::Beyond => beyond = true,
                Lookup::Missing => {}
            }
        }
        if beyond { Lookup::Beyond } else { Lookup::Missing }
    }

    /// From any load path that may be: with dots, from a folder above the sheet.
    fn by_load_path(&self, name: &[u8]) -> Option<EntryId> {
        let index = self.site.world.index;
        if is_dotted(name) {
            let places = path::ancestors(self.site.directory())
                .filter_map(|above| path::normalize(&path::join(above, name)).map(Cow::into_owned));
            return places.into_iter().find_map(|place| match self.found(&place) {
                Lookup::Found(id) => Some(id),
                _ => None,
            });
        }
        let name = path::normalize(name)?;
        let ending = |form: Vec<u8>| index.ending_in(&form).filter(|&id| self.site.world.fits(id, Want::File)).min();
        self.forms(&name).into_iter().find_map(ending)
    }

    /// The paths that satisfy a name.
    fn forms(&self, place: &[u8]) -> Vec<Vec<u8>> {
        match self.kind {
            Sheet::Less if puts_extension(place) => vec![with(place, "less")],
            Sheet::Less | Sheet::Inline => vec![place.to_vec()],
            Sheet::Stylus => {
                vec![
                    with(place, "styl"),
                    with(place, "css"),
                    place.to_vec(),
                    with(&path::join(place, b"index"), "styl"),
                ]
            }
            Sheet::Sass => self.sass(place),
        }
    }

    fn sass(&self, place: &[u8]) -> Vec<Vec<u8>> {
        let extension = path::extension(place);
        let stems = [partial(place), place.to_vec()];
        if matches!(extension.as_slice(), b"scss" | b"sass" | b"css") {
            let imported = |stem: &Vec<u8>| [path::without_extension(stem), b".import.", &extension].concat();
            let imported: Vec<Vec<u8>> = stems.iter().filter(|_| self.imports).map(imported).collect();
            return stems.into_iter().chain(imported).collect();
        }
        let indexes = [path::join(place, b"_index"), path::join(place, b"index")];
        let rows = SASS.iter().chain(IMPORTED.iter().filter(|_| self.imports));
        rows.flat_map(|row| stems.iter().chain(&indexes).map(|stem| with(stem, row))).collect()
    }
}

/// Whether Less puts its extension: all but lower letters behind the last dot make a name (`tryAppendExtension`).
fn puts_extension(place: &[u8]) -> bool {
    let end = place.iter().rposition(|byte| !byte.is_ascii_lowercase());
    end.is_none_or(|at| place[at] != b'.')
}

fn with(stem: &[u8], extension: &str) -> Vec<u8> {
    [stem, b".", extension.as_bytes()].concat()
}

/// With the underscore of a partial.
fn partial(place: &[u8]) -> Vec<u8> {
    path::join(path::parent(place), &[b"_", path::name(place)].concat())
}

/// What would have satisfied it: as the sheet beside it are called.
fn missing(site: &Site<'_>, place: &[u8], name: &[u8], (kind, dotted): (Sheet, Certainty)) -> Resolution {
    let installed = path::segments(place).any(|segment| INSTALLED.contains(&segment));
    let certainty = match is_dotted(name) {
        true => dotted,
        false if begins_here(site, name) => Certainty::Certain,
        false => Certainty::Likely,
    };
    let brought = certainty < Certainty::Certain && !is_dotted(name) && may_be_brought(site, name);
    let near_only = installed || is_remote(site, place) || brought;
    let candidate = |path: Vec<u8>| Candidate { near_only, ..Candidate::new(path, certainty) };
    let extension = path::extension(place);
    let paths = match kind {
        Sheet::Less if puts_extension(place) => vec![with(place, "less")],
        Sheet::Stylus if extension != b"styl" => vec![[place, b".styl"].concat()],
        Sheet::Less | Sheet::Inline | Sheet::Stylus => vec![place.to_vec()],
        Sheet::Sass => sass(site, place, &extension),
    };
    let folder = matches!(kind, Sheet::Sass | Sheet::Stylus)
        .then(|| Candidate { want: Want::Directory, ..candidate(place.to_vec()) });
    Resolution::Missing(paths.into_iter().map(candidate).chain(folder).collect())
}

/// Where neither the folder nor the one above it is there, something installs them, or the name starts at a load path.
fn is_remote(site: &Site<'_>, place: &[u8]) -> bool {
    let index = site.world.index;
    let folder = path::parent(place);
    !index.is_directory(folder) && !index.is_directory(path::parent(folder))
}

/// As a partial first, where the folder holds partials.
fn sass(site: &Site<'_>, place: &[u8], written: &[u8]) -> Vec<Vec<u8>> {
    let index = site.world.index;
    let partials = index
        .id(path::parent(place))
        .is_none_or(|directory| index.children(directory).any(|child| index.name(child).starts_with(b"_")));
    let mut stems = vec![place.to_vec()];
    if !path::name(place).starts_with(b"_") {
        stems.insert(usize::from(!partials), partial(place));
    }
    if matches!(written, b"scss" | b"sass" | b"css") {
        return stems;
    }
    let extensions = extensions(site, path::parent(place));
    let with = |extension: &Vec<u8>| {
        let extension = extension.clone();
        stems.iter().map(move |stem| [stem, b".".as_slice(), &extension].concat()).collect::<Vec<_>>()
    };
    extensions.iter().flat_map(with).collect()
}

/// That of the sheet itself, and the others that stand in the folder.
fn extensions(site: &Site<'_>, folder: &[u8]) -> Vec<Vec<u8>> {
    let index = site.world.index;
    let mut extensions = vec![path::extension(site.path())];
    let children = index.id(folder).into_iter().flat_map(|folder| index.children(folder));
    for child in children {
        let extension = path::extension(index.name(child));
        if SASS.iter().any(|known| known.as_bytes() == extension) && !extensions.contains(&extension) {
            extensions.push(extension);
        }
    }
    extensions
}

/// Whether the first folder of a name stands beside the sheet, and no package is called so.
fn begins_here(site: &Site<'_>, name: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'/', name) else { return false };
    let first = &name[..at];
    site.world.index.is_directory(&path::join(site.directory(), first)) && !is_package(site, first)
}

fn is_package(site: &Site<'_>, name: &[u8]) -> bool {
    site.project.node.depends_on(name) || LIBRARIES.iter().any(|library| library.as_bytes() == name)
}

/// Whether a package may bring what a name without dots means.
fn may_be_brought(site: &Site<'_>, name: &[u8]) -> bool {
    let index = site.world.index;
    let holds = |above: &[u8], file: &str| index.id(&path::join(above, file.as_bytes())).is_some();
    let first = name.split(|&byte| byte == b'/').next().unwrap_or(name);
    let folder = name.contains(&b'/');
    folder
        || is_package(site, first)
        || path::ancestors(site.directory()).any(|above| BRINGERS.iter().any(|file| holds(above, file)))
}
