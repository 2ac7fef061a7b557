//! What Magento 2 finds by the name of a module (developer.adobe.com, "Theme inheritance", "Asset repository";
//! `Magento\Framework\View\Design\FileResolution`): in the part of the module for an area, in the one for all areas, or
//! in a theme.
//!
//! Of a module that the tree has not, nothing is told but near misses in its theme. Other modules and themes may bring
//! a file for it: a name is plainly missing only where the module itself says so, and stands nowhere below a folder of
//! that name.

use super::{Candidate, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::evaluate;
use crate::index::Lookup;
use crate::path;
use crate::reference::{Magento, Reference, Want};

/// Looks up what a module has.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Magento) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    each_choice(&evaluate(&reference.expr, &scope, 0), |value| match value.exact() {
        Some(name) => one(site, name, kind),
        None => Resolution::Dynamic("a part is only known at run time"),
    })
}

fn one(site: &Site<'_>, name: &[u8], kind: Magento) -> Resolution {
    let Some((module, rest)) = parts(name, kind) else { return Resolution::External("no name of a module") };
    let Some(below) = path::normalize(rest).map(|rest| with_folder(&rest, kind)) else { return Resolution::Outside };
    let homes = site.project.magento.get(module).map_or(&[][..], Vec::as_slice);
    let own = homes.iter().any(|home| path::is_below(site.path(), home));
    let in_modules = homes.iter().flat_map(|home| areas(site.path()).map(|area| path::join(home, &area)));
    let places: Vec<Vec<u8>> =
        in_modules.chain(theme(site, module)).map(|folder| path::join(&folder, &below)).collect();
    for place in places.iter().flat_map(|place| forms(place)) {
        if let Lookup::Found(id) = site.world.find(&place, Want::File) {
            return Resolution::Found(id);
        }
    }
    let elsewhere = path::join(module, &below);
    if let Some(id) = forms(&elsewhere).iter().find_map(|form| site.world.index.ending_in(form).next()) {
        return Resolution::Found(id);
    }
    let sure = own && kind == Magento::Template;
    let certainty = if sure { Certainty::Certain } else { Certainty::Likely };
    let candidates: Vec<Candidate> =
        places.into_iter().map(|place| Candidate { near_only: !sure, ..Candidate::new(place, certainty) }).collect();
    if candidates.is_empty() { Resolution::External("a package") } else { Resolution::Missing(candidates) }
}

/// The module and the rest of `Shop_Cart::row.phtml` or `Shop_Cart/js/row`.
fn parts(name: &[u8], kind: Magento) -> Option<(&[u8], &[u8])> {
    match kind {
        Magento::Asset | Magento::Template => {
            let at = memchr::memmem::find(name, b"::")?;
            Some((&name[..at], &name[at + 2..]))
        }
        Magento::Markup | Magento::Script => {
            let at = memchr::memchr(b'/', name)?;
            Some((&name[..at], &name[at + 1..]))
        }
    }
}

/// With its folder below that of an area, and the extension that it leaves out.
fn with_folder(rest: &[u8], kind: Magento) -> Vec<u8> {
    let (folder, extension): (&[u8], &[u8]) = match kind {
        Magento::Asset => (b"web", b""),
        Magento::Markup => (b"web/template", b".html"),
        Magento::Script => (b"web", b".js"),
        Magento::Template => (b"templates", b""),
    };
    let written = !extension.is_empty() && rest.ends_with(extension);
    let rest = if written { rest.to_vec() } else { [rest, extension].concat() };
    path::join(folder, &rest)
}

/// `x.css` is made of `x.less`.
fn forms(place: &[u8]) -> Vec<Vec<u8>> {
    let source = place.strip_suffix(b".css").map(|stem| [stem, b".less"].concat());
    std::iter::once(place.to_vec()).chain(source).collect()
}

/// The areas in which a file looks: its own, then the one for all; every one where the file is of none.
fn areas(file: &[u8]) -> impl Iterator<Item = Vec<u8>> + use<> {
    const AREAS: [&[u8]; 3] = [b"frontend", b"adminhtml", b"base"];
    let segments: Vec<&[u8]> = path::segments(file).collect();
    let of = |area: &&[u8]| segments.windows(2).any(|two| matches!(two[0], b"view" | b"design") && two[1] == *area);
    let own = AREAS.iter().copied().find(|area| of(area) && *area != b"base");
    let all = AREAS.into_iter().filter(move |area| own.is_none_or(|own| own == *area || *area == b"base"));
    all.map(|area| [b"view/", area].concat())
}

/// The folder of a module in the theme that holds a file.
fn theme(site: &Site<'_>, module: &[u8]) -> Option<Vec<u8>> {
    let index = site.world.index;
    let holds = |above: &&[u8]| index.is_file(&path::join(above, b"theme.xml"));
    let theme = path::ancestors(site.directory()).find(holds)?;
    Some(path::join(theme, module)).filter(|folder| index.is_directory(folder))
}
