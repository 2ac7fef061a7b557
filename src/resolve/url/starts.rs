//! Where a path of the site may start: the page's directory, document roots, static folders.

use super::super::Site;
use crate::diagnostic::Certainty;
use crate::path;
use crate::project::Root;

/// A directory a path may start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Relative to the root of the tree.
    pub directory: Vec<u8>,
    pub certainty: Certainty,
    /// It is right only where the file that holds the reference is an entry script.
    pub if_entry: bool,
    /// A hit there satisfies; a miss there says nothing.
    pub hits_only: bool,
}

impl Start {
    /// The root of the tree.
    pub fn at(certainty: Certainty) -> Self {
        Self::new(b"", certainty)
    }

    fn new(directory: &[u8], certainty: Certainty) -> Self {
        Start { directory: directory.to_vec(), certainty, if_entry: false, hits_only: false }
    }
}

/// How sure it is that a page is served from where it lies.
pub(super) fn page_certainty(site: &Site<'_>) -> Certainty {
    let template = |root: &Root| path::is_below(site.path(), &root.path);
    // What lies in WEB-INF is never sent from there: a servlet shows it at a path of its own.
    let inside = path::segments(path::parent(site.path())).any(|segment| segment == b"WEB-INF");
    match site.language {
        "css" => Certainty::Certain,
        _ if inside => Certainty::Open,
        "html" if is_built(site) => Certainty::Likely,
        "html" if site.project.static_site => Certainty::Certain,
        "html" if !site.project.template_roots.iter().any(template) => Certainty::Certain,
        _ => Certainty::Open,
    }
}

/// A page among the sources of a build, and not below a document root, is made into another elsewhere.
fn is_built(site: &Site<'_>) -> bool {
    let below = |directory: &Vec<u8>| path::is_below(site.path(), directory);
    let served = |root: &Root| !root.path.is_empty() && path::is_below(site.path(), &root.path);
    if is_of_source_set(site.path()) {
        return true;
    }
    site.project.built.iter().any(below) && !site.project.document_roots.iter().any(served)
}

/// Resources of a source set of Kotlin's, `src/jsMain/resources`, are put beside the script that is compiled
/// (kotlinlang.org, "Set up a Kotlin/JS project").
fn is_of_source_set(file: &[u8]) -> bool {
    let segments: Vec<&[u8]> = path::segments(file).collect();
    segments.windows(3).any(|three| three[0] == b"src" && three[1].ends_with(b"Main") && three[2] == b"resources")
}

/// Where a relative path starts.
pub(super) fn relative(site: &Site<'_>) -> Vec<Start> {
    let certainty = page_certainty(site);
    let own = Start { if_entry: site.language == "php", ..Start::new(site.directory(), certainty) };
    if certainty == Certainty::Certain {
        return vec![own];
    }
    // The page is served from elsewhere: any root may be below it.
    let above = path::ancestors(site.directory()).skip(1).map(|directory| Start::new(directory, Certainty::Open));
    std::iter::once(own).chain(above).chain(everywhere(site)).collect()
}

/// Where a path with a leading slash starts.
pub(super) fn absolute(site: &Site<'_>, text: &[u8]) -> Vec<Start> {
    let roots = &site.project.document_roots;
    // What a program shows is asked for by pages elsewhere: the root of what is served seldom holds its source.
    let program = matches!(site.language, "component" | "javascript");
    let holds = |root: &&Root| !program && path::is_below(site.path(), &root.path);
    let mut own: Vec<&Root> = roots.iter().filter(holds).collect();
    own.sort_by_key(|root| std::cmp::Reverse(root.path.len()));
    let start = |root: &Root| Start::new(&root.path, root.certainty);
    if roots.iter().any(|root| root.certainty == Certainty::Certain) {
        let own: Vec<Start> = own.into_iter().take(1).map(start).collect();
        return if own.is_empty() { roots.iter().map(start).collect() } else { own };
    }
    let outside = own.is_empty();
    let mut starts: Vec<Start> = own.into_iter().map(start).collect();
    if program {
        starts.extend(copied(site));
    }
    if outside {
        starts.extend(roots.iter().map(start));
    }
    starts.extend(pipeline(site, text));
    if starts.is_empty() && TEMPLATES.contains(&site.language) {
        starts.extend(conventional(site));
    }
    let sure = !starts.is_empty();
    let ancestors = path::ancestors(site.directory()).map(|directory| Start::new(directory, Certainty::Open));
    starts.extend(ancestors.map(|start| Start { hits_only: sure, ..start }));
    starts.extend(everywhere(site).map(|start| Start { hits_only: true, ..start }));
    starts
}

/// Folders that bundlers copy as they are to the root of what is served (vite.dev `publicDir`; Next.js, Gatsby, Nuxt
/// and SvelteKit call them `public` or `static`).
fn copied<'a>(site: &'a Site<'_>) -> impl Iterator<Item = Start> + 'a {
    let home = site.project.node.home(site.path());
    let folders = home.into_iter().flat_map(|home| ["public", "static"].map(|name| path::join(home, name.as_bytes())));
    let stands = |folder: &Vec<u8>| site.world.index.is_directory(folder);
    folders.filter(stands).map(|folder| Start::new(&folder, Certainty::Likely))
}

/// Languages of templates, whose pages are served from elsewhere.
const TEMPLATES: [&str; 7] = ["blade", "ejs", "handlebars", "jinja", "nunjucks", "pug", "twig"];
/// Folders that applications serve from their root, where nothing in them says so.
const SERVED: [&[u8]; 5] = [b"public", b"web", b"webroot", b"www", b"wwwroot"];

/// Folders at or above a template that go by such a name.
fn conventional(site: &Site<'_>) -> Vec<Start> {
    let index = site.world.index;
    let folders = path::ancestors(site.directory()).flat_map(|above| SERVED.iter().map(|name| path::join(above, name)));
    let folders = folders.filter(|folder| index.is_directory(folder));
    folders.map(|folder| Start::new(&folder, Certainty::Likely)).collect()
}

/// The folders of an asset pipeline that holds a style sheet: a path with a leading slash starts in any of them
/// (guides.rubyonrails.org "The Asset Pipeline"), and in the only one that has the folder that it names, with such
/// files.
fn pipeline(site: &Site<'_>, text: &[u8]) -> Vec<Start> {
    let index = site.world.index;
    let assets = path::ancestors(site.directory()).find(|above| path::ends_in(above, b"app/assets"));
    let Some(assets) = assets.filter(|_| site.language == "css").and_then(|assets| index.id(assets)) else {
        return Vec::new();
    };
    let folders: Vec<&[u8]> =
        index.children(assets).map(|id| index.path(id)).filter(|path| index.is_directory(path)).collect();
    let named = path::parent(text.strip_prefix(b"/").unwrap_or(text));
    let extension = path::extension(text);
    let such =
        |id: crate::index::EntryId| index.children(id).any(|child| path::extension(index.name(child)) == extension);
    let place = |folder: &[u8]| index.id(&path::join(folder, named)).filter(|&id| index.is_directory(index.path(id)));
    let holds = |folder: &&&[u8]| !named.is_empty() && place(folder).is_some_and(such);
    let holding: Vec<&&[u8]> = folders.iter().filter(holds).collect();
    match holding.as_slice() {
        [only] => vec![Start::new(only, Certainty::Certain)],
        _ => folders.iter().map(|folder| Start::new(folder, Certainty::Likely)).collect(),
    }
}

fn everywhere<'a>(site: &'a Site<'_>) -> impl Iterator<Item = Start> + 'a {
    let statics = site.project.static_roots.iter().map(|(root, _)| root);
    site.project.document_roots.iter().chain(statics).map(|root| Start::new(&root.path, Certainty::Open))
}

/// Static folders that are served under a prefix of this path, with what follows the prefix.
pub(super) fn mounted<'t>(site: &Site<'_>, text: &'t [u8]) -> Vec<(Start, &'t [u8])> {
    let under = |prefix: &[u8]| {
        let rest = text.strip_prefix(prefix.strip_suffix(b"/").unwrap_or(prefix))?;
        rest.strip_prefix(b"/")
    };
    let roots = site.project.static_roots.iter();
    roots.filter_map(|(root, prefix)| Some((Start::new(&root.path, root.certainty), under(prefix)?))).collect()
}
