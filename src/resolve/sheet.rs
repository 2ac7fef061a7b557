//! The namespace of preprocessed style sheets: what Sass, Less and Stylus import.
//!
//! A name starts where the sheet lies; what is not there is looked for in load paths, which are given to the compiler
//! and not known here: a name without dots that stands anywhere is silence. It is missing for sure where it starts
//! with dots, or where its first folder stands beside the sheet; a single name may be a package's
//! (sass-lang.com "Finding the file", lesscss.org "Import At-Rules", stylus-lang.com "import").

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::index::{EntryId, Lookup};
use crate::language::{Reference, Sheet, Want};
use crate::path;

/// What Sass puts behind a name; those with a further extension are Sprockets' and Jekyll's.
const SASS: [&str; 9] =
    ["scss", "sass", "css", "import.scss", "import.sass", "css.scss", "css.sass", "scss.erb", "css.erb"];
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
    if name.trim_ascii().is_empty() || name.starts_with(b"/") || name.iter().any(|byte| b"*#$@{}<>%".contains(byte)) {
        return Resolution::Dynamic("a part is filled in later");
    }
    let name = &*path::percent_decode(name);
    let joined = path::join(site.directory(), name);
    let Some(place) = path::normalize(&joined) else { return Resolution::Outside };
    match found(site, &place, kind) {
        Lookup::Found(id) => Resolution::Found(id),
        Lookup::Beyond => Resolution::Outside,
        Lookup::Missing if is_dotted(name) => missing(site, &place, name, kind),
        Lookup::Missing => match anywhere(site, name, kind) {
            Some(id) => Resolution::Found(id),
            None => missing(site, &place, name, kind),
        },
    }
}

fn is_dotted(name: &[u8]) -> bool {
    name.starts_with(b"./") || name.starts_with(b"../")
}

/// In the place that a name means, whatever it leaves out.
fn found(site: &Site<'_>, place: &[u8], kind: Sheet) -> Lookup {
    let mut beyond = false;
    for path in forms(place, kind) {
        match site.world.find(&path, Want::File) {
            Lookup::Found(id) => return Lookup::Found(id),
            Lookup::Beyond => beyond = true,
            Lookup::Missing => {}
        }
    }
    if beyond { Lookup::Beyond } else { Lookup::Missing }
}

/// In any load path.
fn anywhere(site: &Site<'_>, name: &[u8], kind: Sheet) -> Option<EntryId> {
    let name = path::normalize(name)?;
    let index = site.world.index;
    forms(&name, kind)
        .into_iter()
        .find_map(|form| index.ending_in(&form).filter(|&id| site.world.fits(id, Want::File)).min())
}

/// The paths that satisfy a name.
fn forms(place: &[u8], kind: Sheet) -> Vec<Vec<u8>> {
    let with = |stem: &[u8], extension: &str| [stem, b".", extension.as_bytes()].concat();
    let written = path::extension(place);
    match kind {
        Sheet::Less if written.is_empty() => vec![with(place, "less"), place.to_vec()],
        Sheet::Less => vec![place.to_vec(), with(place, "less")],
        Sheet::Stylus => {
            vec![with(place, "styl"), with(place, "css"), place.to_vec(), with(&path::join(place, b"index"), "styl")]
        }
        Sheet::Sass => {
            let stems = [partial(place), place.to_vec()];
            let indexes = [path::join(place, b"_index"), path::join(place, b"index")];
            let whole = stems.iter().filter(|_| !written.is_empty()).cloned();
            let left_out = stems.iter().chain(&indexes).flat_map(|stem| SASS.iter().map(|row| with(stem, row)));
            whole.chain(left_out).collect()
        }
    }
}

/// With the underscore of a partial.
fn partial(place: &[u8]) -> Vec<u8> {
    let name = path::name(place);
    let name = if name.starts_with(b"_") { name.to_vec() } else { [b"_", name].concat() };
    path::join(path::parent(place), &name)
}

/// What would have satisfied it: as the sheet beside it are called.
fn missing(site: &Site<'_>, place: &[u8], name: &[u8], kind: Sheet) -> Resolution {
    let installed = path::segments(place).any(|segment| INSTALLED.contains(&segment));
    let certainty = if is_dotted(name) || begins_here(site, name) { Certainty::Certain } else { Certainty::Likely };
    let near_only = installed || is_remote(site, place) || certainty < Certainty::Certain && may_be_brought(site, name);
    let candidate = |path: Vec<u8>| Candidate { near_only, ..Candidate::new(path, certainty) };
    let extension = path::extension(place);
    let paths = match kind {
        Sheet::Less if extension.is_empty() => vec![[place, b".less"].concat()],
        Sheet::Stylus if extension != b"styl" => vec![[place, b".styl"].concat()],
        Sheet::Less | Sheet::Stylus => vec![place.to_vec()],
        Sheet::Sass => sass(site, place, &extension),
    };
    let folder = (kind != Sheet::Less).then(|| Candidate { want: Want::Directory, ..candidate(place.to_vec()) });
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
