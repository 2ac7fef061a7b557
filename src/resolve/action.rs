//! The namespace of actions: views that controllers name, by the rules of their frameworks (learn.microsoft.com, "Views
//! in ASP.NET Core MVC"; hexdocs.pm, `Phoenix.Controller.render/3`; docs.spring.io, "View Resolution").
//!
//! Settings, packages and code bring views as well: a view of that name anywhere in the tree is silence, and only near
//! misses are told.

use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::index::{EntryId, EntryKind, Lookup};
use crate::path;
use crate::reference::{Action, Reference, Want};

/// Extensions of Spring's engines.
const OF_SPRING: &[&str] =
    &["html", "ftl", "ftlh", "mustache", "jsp", "jspx", "tpl", "vm", "peb", "pebble", "hbs", "jte", "kte", "xhtml"];
/// Extensions of ASP.NET's views.
const OF_ASP_NET: &[&str] = &["cshtml", "vbhtml", "aspx", "ascx"];
/// What stands behind the name of a template of Phoenix.
const OF_PHOENIX: &[&str] = &["heex", "eex", "leex", "slimleex", "haml"];
/// Folders of Spring's views in a module, `*` being any one folder.
const FOLDERS: [&str; 4] =
    ["src/main/resources/templates", "src/main/webapp/WEB-INF", "src/main/webapp/WEB-INF/*", "src/main/webapp"];
/// Most folders that are looked into.
const MAX_FOLDERS: usize = 16;

/// Looks a view up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Action) -> Resolution {
    let Some(name) = super::classpath::written(&reference.expr) else {
        return Resolution::Dynamic("a part is filled in later");
    };
    let places = match kind {
        Action::AspNet => asp_net(site, &name),
        Action::Phoenix => phoenix(site, &name),
        Action::Spring => spring(site, &name),
    };
    let forms: Vec<Vec<u8>> = places.iter().flat_map(|place| forms(place, kind)).collect();
    for form in &forms {
        match site.world.find(form, Want::File) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => return Resolution::Outside,
            Lookup::Missing => {}
        }
    }
    if places.iter().any(|place| site.project.drawn.contains(place)) {
        return Resolution::Defined;
    }
    if let Some(id) = places.iter().find_map(|place| of_another_engine(site, place)) {
        return Resolution::Found(id);
    }
    let index = site.world.index;
    let elsewhere = self::forms(anywhere(&name, kind), kind);
    if let Some(id) = elsewhere.iter().find_map(|form| index.ending_in(form).next()) {
        return Resolution::Found(id);
    }
    let candidates: Vec<Candidate> = forms
        .into_iter()
        .filter(|form| is_used(site, form))
        .map(|form| Candidate { near_only: true, ..Candidate::new(form, Certainty::Likely) })
        .collect();
    if candidates.is_empty() {
        Resolution::Dynamic("no folder of views is known")
    } else {
        Resolution::Missing(candidates)
    }
}

/// A view of that name with whatever extension: engines have some that are not known here.
fn of_another_engine(site: &Site<'_>, place: &[u8]) -> Option<EntryId> {
    let index = site.world.index;
    let mut children = index.id(path::parent(place)).into_iter().flat_map(|folder| index.children(folder));
    children.find(|&child| {
        index.kind(child) == EntryKind::File && path::without_extension(index.name(child)) == path::name(place)
    })
}

/// What of a name must stand somewhere for silence: the folder of a controller of ASP.NET is not written.
fn anywhere(name: &[u8], kind: Action) -> &[u8] {
    match name.strip_prefix(b"/") {
        Some(rooted) => rooted,
        None if kind == Action::AspNet => path::name(name),
        None => name,
    }
}

/// A name with each extension that it leaves out.
fn forms(place: &[u8], kind: Action) -> Vec<Vec<u8>> {
    let extensions = match kind {
        Action::AspNet => OF_ASP_NET,
        Action::Phoenix => OF_PHOENIX,
        Action::Spring => OF_SPRING,
    };
    let written = path::extension(place);
    if extensions.iter().any(|known| known.as_bytes() == written) {
        return vec![place.to_vec()];
    }
    extensions.iter().map(|extension| [place, b".", extension.as_bytes()].concat()).collect()
}

/// Whether the folder of a view holds a file of its extension; where it is not there, whether one beside it does.
fn is_used(site: &Site<'_>, form: &[u8]) -> bool {
    let index = site.world.index;
    let extension = path::extension(form);
    let holds = |folder: EntryId| index.children(folder).any(|child| path::extension(index.name(child)) == extension);
    let folder = path::parent(form);
    match (index.id(folder), index.id(path::parent(folder))) {
        (Some(folder), _) => holds(folder),
        (None, Some(above)) => folders(site, above).any(holds),
        (None, None) => false,
    }
}

/// The folders in a folder.
fn folders(site: &Site<'_>, above: EntryId) -> impl Iterator<Item = EntryId> {
    let index = site.world.index;
    index.children(above).filter(|&child| index.kind(child) == EntryKind::Directory)
}

/// `users/list` in the folders of views of the module, and of its neighbours.
fn spring(site: &Site<'_>, name: &[u8]) -> Vec<Vec<u8>> {
    let name = name.strip_prefix(b"/").unwrap_or(name);
    let Some(name) = path::normalize(name).filter(|name| !name.is_empty()) else { return Vec::new() };
    let index = site.world.index;
    let holds = |module: &&[u8]| index.is_directory(&path::join(module, b"src/main"));
    let Some(module) = path::ancestors(site.directory()).find(holds) else { return Vec::new() };
    let each = FOLDERS.iter().flat_map(|folder| match folder.strip_suffix("/*") {
        None => index.id(&path::join(module, folder.as_bytes())).into_iter().collect(),
        Some(above) => {
            let above = index.id(&path::join(module, above.as_bytes()));
            above.into_iter().flat_map(|above| folders(site, above)).take(MAX_FOLDERS).collect::<Vec<_>>()
        }
    });
    each.map(|folder| path::join(index.path(folder), &name)).collect()
}

/// `Owners/List`, the folder being the controller's: beside `Controllers`, there or among what is shared. What begins
/// with a slash starts from the root of the project.
fn asp_net(site: &Site<'_>, name: &[u8]) -> Vec<Vec<u8>> {
    let index = site.world.index;
    let above = || path::ancestors(site.directory()).take(MAX_FOLDERS);
    if let Some(rooted) = name.strip_prefix(b"/") {
        let Some(rooted) = path::normalize(rooted) else { return Vec::new() };
        let first = path::segments(&rooted).next().unwrap_or_default().to_vec();
        let holds = above().filter(|above| index.is_directory(&path::join(above, &first)));
        return holds.map(|above| path::join(above, &rooted)).collect();
    }
    let Some(name) = path::normalize(name) else { return Vec::new() };
    let shared = path::join(b"Shared", path::name(&name));
    let views = above().map(|above| path::join(above, b"Views")).filter(|views| index.is_directory(views));
    views.flat_map(|views| [path::join(&views, &name), path::join(&views, &shared)]).collect()
}

/// `show.html` beside the controller, in the folder of its module of HTML, or, as it was before version 1.7, in the
/// folder of the controller below `templates`. A name without a format is asked for in each.
fn phoenix(site: &Site<'_>, name: &[u8]) -> Vec<Vec<u8>> {
    const FORMATS: [&[u8]; 4] = [b"html", b"json", b"text", b"xml"];
    let file = site.path();
    let Some(base) = path::without_extension(file).strip_suffix(b"_controller") else { return Vec::new() };
    let controllers = path::ancestors(path::parent(file)).find(|above| path::name(above) == b"controllers");
    let old = controllers.and_then(|controllers| {
        let below = base.get(controllers.len() + 1..)?;
        Some(path::join(&path::join(path::parent(controllers), b"templates"), below))
    });
    let (stem, format) = path::split_extension(name);
    let formats = format.map_or(FORMATS.to_vec(), |format| vec![format]);
    let each = formats.iter().flat_map(|format| {
        let template = [stem, b".", format].concat();
        let beside = path::join(&[base, b"_", format].concat(), &template);
        [Some(beside), old.as_ref().map(|old| path::join(old, &template))]
    });
    each.flatten().collect()
}
