//! The namespace of partials: what a template includes by the rules of its engine, which are rows here.
//!
//! Names start where the template lies, or at folders that go by a conventional name, the nearest first. Where only
//! the place of the template counts, a miss is certain; a folder is likely, as a program may tell the engine of
//! others: then a file that ends so and stands outside of the template's own folder of templates is silence.

use super::content::{PACKAGES, is_brought};
use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::index::{EntryId, EntryKind, Lookup};
use crate::path;
use crate::reference::{Partial, Reference, SiteFolder, Want};

/// Where names start.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Starts {
    /// Where the template lies.
    Here,
    /// There first, then at folders; there alone where they begin with dots.
    HereFirst,
    /// At folders, unless they begin with dots.
    Folders,
}

/// How an engine looks names up.
struct Rule {
    kind: Partial,
    starts: Starts,
    /// Put behind a name that leaves it out.
    extensions: &'static [&'static str],
    /// Folders that names start at.
    folders: &'static [&'static str],
    /// A program gives the names: only near misses are told, and a file in any subfolder has its bare name.
    registered: bool,
}

const fn rule(
    kind: Partial,
    starts: Starts,
    extensions: &'static [&'static str],
    folders: &'static [&'static str],
) -> Rule {
    Rule { kind, starts, extensions, folders, registered: false }
}

/// The rows (each engine's manual on includes).
const RULES: &[Rule] = &[
    rule(Partial::Ejs, Starts::HereFirst, &["ejs", "html"], &["views"]),
    Rule {
        registered: true,
        ..rule(
            Partial::Handlebars,
            Starts::Folders,
            &["hbs", "handlebars", "mustache", "html", "htm", "tpl"],
            &["partials", "_partials", "views"],
        )
    },
    rule(Partial::HugoPartial, Starts::Folders, &["html"], &["layouts/partials", "layouts/_partials"]),
    rule(Partial::JekyllInclude, Starts::Folders, &[], &["_includes"]),
    rule(Partial::JekyllLayout, Starts::Folders, &["html", "md", "liquid", "xml"], &["_layouts"]),
    rule(Partial::Jsp, Starts::Here, &[], &[]),
    rule(Partial::Latte, Starts::HereFirst, &[], &[]),
    rule(Partial::Nunjucks, Starts::Folders, &[], &["views", "templates", "_includes", "_layouts"]),
    rule(Partial::Pug, Starts::Here, &["pug", "jade"], &[]),
    rule(Partial::Razor, Starts::HereFirst, &["cshtml"], &["Views/Shared", "Pages/Shared"]),
    rule(Partial::Section, Starts::Folders, &["liquid"], &["sections"]),
    rule(Partial::Snippet, Starts::Folders, &["liquid", "html"], &["snippets", "_includes"]),
    rule(Partial::Smarty, Starts::Folders, &[], &["templates", "tpl", "views"]),
];

/// Most folders that are looked into, and that are named in a finding.
const MAX_FOLDERS: usize = 16;
const MAX_NAMED: usize = 4;

/// Looks a partial up.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Partial) -> Resolution {
    let Some(rule) = RULES.iter().find(|rule| rule.kind == kind) else { return Resolution::Dynamic("no rule") };
    let Some(name) = reference.expr.as_literal() else { return Resolution::Dynamic("a part is filled in later") };
    if name.trim_ascii().is_empty() || name.iter().any(|byte| b"{}$<>*#%\n\x1a".contains(byte)) {
        return Resolution::Dynamic("a part is filled in later");
    }
    if name.contains(&b':') || name.starts_with(b"@") {
        return Resolution::External("a package or another loader");
    }
    let asked = Asked { site, rule, name };
    let starts = asked.starts();
    for (start, _) in &starts {
        match asked.at(start) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => return Resolution::Outside,
            Lookup::Missing => {}
        }
    }
    asked.missing(&starts)
}

struct Asked<'a> {
    site: &'a Site<'a>,
    rule: &'static Rule,
    name: &'a [u8],
}

impl Asked<'_> {
    fn is_dotted(&self) -> bool {
        self.name.starts_with(b"./") || self.name.starts_with(b"../")
    }

    fn is_rooted(&self) -> bool {
        self.name.starts_with(b"/")
    }

    /// Where the name may start, surest first. Ancestors only satisfy: any may be the root that a program gives.
    fn starts(&self) -> Vec<(Vec<u8>, Certainty)> {
        let here = self.site.directory();
        let alone = self.rule.starts == Starts::Here || self.is_dotted();
        let mut starts = Vec::new();
        if self.is_rooted() && self.rule.kind == Partial::Jsp {
            return self.web_root().into_iter().map(|root| (root, Certainty::Likely)).collect();
        }
        if !self.is_rooted() && (alone || self.rule.starts == Starts::HereFirst) {
            let sure = if alone { Certainty::Certain } else { Certainty::Likely };
            starts.push((here.to_vec(), sure));
        }
        if alone && !self.is_rooted() {
            return starts;
        }
        starts.extend(self.folders().into_iter().map(|folder| (folder, Certainty::Likely)));
        starts.extend(path::ancestors(here).map(|above| (above.to_vec(), Certainty::Open)));
        starts
    }

    /// The root of the web application that holds a page: what holds `WEB-INF`, or a folder that is put there.
    fn web_root(&self) -> Option<Vec<u8>> {
        const ROOTS: [&[u8]; 2] = [b"src/main/webapp", b"META-INF/resources"];
        let holds = |above: &&[u8]| {
            ROOTS.iter().any(|root| path::ends_in(above, root))
                || self.site.world.index.is_directory(&path::join(above, b"WEB-INF"))
        };
        path::ancestors(self.site.directory()).find(holds).map(<[u8]>::to_vec)
    }

    /// Folders of the rule at or above the template, then anywhere.
    fn folders(&self) -> Vec<Vec<u8>> {
        let index = self.site.world.index;
        let moved = self.moved();
        if !moved.is_empty() {
            return moved.into_iter().filter(|folder| index.is_directory(folder)).collect();
        }
        let mut found: Vec<Vec<u8>> = Vec::new();
        let here = self.site.directory();
        for above in path::ancestors(here) {
            for folder in self.rule.folders {
                let below = path::join(above, folder.as_bytes());
                let own = path::ends_in(above, folder.as_bytes()).then(|| above.to_vec());
                let stands = Some(below).filter(|below| index.is_directory(below));
                found.extend(own.into_iter().chain(stands));
            }
        }
        // A site of Jekyll has its folders for itself.
        let is_jekyll = matches!(self.rule.kind, Partial::JekyllInclude | Partial::JekyllLayout);
        let home = self.site.project.sites.jekyll(self.site.path()).filter(|_| is_jekyll);
        for folder in self.rule.folders {
            let all = index.ending_in(folder.as_bytes()).filter(|&id| index.kind(id) == EntryKind::Directory);
            let all = all.filter(|&id| home.is_none_or(|home| path::is_below(index.path(id), home)));
            found.extend(all.take(MAX_FOLDERS).map(|id| index.path(id).to_vec()));
        }
        let mut seen = rustc_hash::FxHashSet::default();
        found.retain(|folder| seen.insert(folder.clone()));
        found.truncate(MAX_FOLDERS);
        found
    }

    /// Where a setting of the site says that the folders are.
    fn moved(&self) -> Vec<Vec<u8>> {
        let sites = &self.site.project.sites;
        let file = self.site.path();
        let (home, folder, below): (_, _, &[&str]) = match self.rule.kind {
            Partial::HugoPartial => (sites.hugo(file), SiteFolder::Layouts, &["partials", "_partials"]),
            Partial::JekyllInclude => (sites.jekyll(file), SiteFolder::Includes, &[""]),
            Partial::JekyllLayout => (sites.jekyll(file), SiteFolder::JekyllLayouts, &[""]),
            _ => return Vec::new(),
        };
        let Some(place) = home.and_then(|home| sites.moved(home, folder)) else { return Vec::new() };
        let at = |below: &&str| if below.is_empty() { place.to_vec() } else { path::join(place, below.as_bytes()) };
        below.iter().map(at).collect()
    }

    /// What stands at a start by the name, whatever it leaves out.
    fn at(&self, start: &[u8]) -> Lookup {
        let relative = self.name.strip_prefix(b"/").unwrap_or(self.name);
        let Some(place) = path::normalize(&path::join(start, relative)).map(std::borrow::Cow::into_owned) else {
            return Lookup::Missing;
        };
        let forms = self.forms(place);
        let found = forms.iter().map(|form| self.site.world.find(form, Want::File));
        found.fold(Lookup::Missing, |have, found| if have == Lookup::Missing { found } else { have })
    }

    fn forms(&self, place: Vec<u8>) -> Vec<Vec<u8>> {
        let with = |extension: &&str| [place.as_slice(), b".", extension.as_bytes()].concat();
        let mut forms: Vec<Vec<u8>> = self.rule.extensions.iter().map(with).collect();
        if self.rule.registered {
            let (folder, name) = (path::parent(&place), path::name(&place));
            let partial = |extension: &&str| path::join(folder, &[b"_", name, b".", extension.as_bytes()].concat());
            forms.extend(self.rule.extensions.iter().map(partial));
        }
        forms.insert(0, place);
        forms
    }

    /// A file anywhere that ends so, and that the template's own folder does not hold under another name.
    fn elsewhere(&self, starts: &[(Vec<u8>, Certainty)]) -> Option<EntryId> {
        let index = self.site.world.index;
        let name = path::normalize(self.name.strip_prefix(b"/").unwrap_or(self.name))?;
        let own = starts.iter().find(|(start, sure)| {
            *sure == Certainty::Likely && !start.is_empty() && path::is_below(self.site.path(), start)
        });
        let counts = |&id: &EntryId| {
            let below = own.is_some_and(|(own, _)| path::is_below(index.path(id), own));
            index.kind(id) == EntryKind::File && (self.rule.registered || !below)
        };
        self.forms(name.into_owned()).iter().find_map(|form| index.ending_in(form).find(|id| counts(id)))
    }

    fn missing(&self, starts: &[(Vec<u8>, Certainty)]) -> Resolution {
        let sure = starts.first().is_some_and(|(_, certainty)| *certainty == Certainty::Certain);
        if !sure && let Some(id) = self.elsewhere(starts) {
            return Resolution::Found(id);
        }
        let index = self.site.world.index;
        let relative = self.name.strip_prefix(b"/").unwrap_or(self.name);
        let first = path::segments(relative).next().unwrap_or_default();
        let nested = first.len() < relative.len();
        // Of a name whose first folder stands nowhere nothing is known.
        let stands = |start: &[u8]| !nested || index.is_directory(&path::join(start, first));
        let open = !sure
            && (self.rule.registered || !starts.iter().any(|(start, sure)| *sure > Certainty::Open && stands(start)));
        let told =
            starts.iter().filter(|(start, certainty)| sure || *certainty > Certainty::Open && (open || stands(start)));
        let candidates: Vec<Candidate> = told
            .filter_map(|(start, certainty)| {
                let place = path::normalize(&path::join(start, relative))?.into_owned();
                let rooted = self.is_rooted() && self.rule.kind != Partial::Jsp;
                let near_only = open || rooted || self.is_brought();
                Some(Candidate { near_only, ..Candidate::new(self.whole(place), *certainty) })
            })
            .take(MAX_NAMED)
            .collect();
        if candidates.is_empty() {
            return Resolution::Dynamic("no folder of templates is known");
        }
        Resolution::Missing(candidates)
    }

    /// Whether a theme or a package from elsewhere may bring it.
    fn is_brought(&self) -> bool {
        let sites = &self.site.project.sites;
        match self.rule.kind {
            Partial::JekyllInclude | Partial::JekyllLayout => sites.is_extended(self.site.path()),
            Partial::HugoPartial => {
                let home = sites.hugo(self.site.path());
                home.is_some_and(|home| is_brought(self.site.world.index, home, &PACKAGES))
            }
            Partial::Razor => true,
            _ => false,
        }
    }

    /// With the extension that the name leaves out: that of the template where the engine has it, else one that the
    /// folder holds.
    fn whole(&self, place: Vec<u8>) -> Vec<u8> {
        let index = self.site.world.index;
        let known = |extension: &[u8]| self.rule.extensions.iter().any(|row| row.as_bytes() == extension);
        if self.rule.extensions.is_empty() || path::split_extension(path::name(&place)).1.is_some() {
            return place;
        }
        let own = Some(path::extension(self.site.path())).filter(|own| known(own));
        let beside = || {
            let folder = index.id(path::parent(&place))?;
            index.children(folder).map(|child| path::extension(index.name(child))).find(|one| known(one))
        };
        let first = || self.rule.extensions[0].as_bytes().to_vec();
        let extension = own.or_else(beside).unwrap_or_else(first);
        [place.as_slice(), b".", &extension].concat()
    }
}
