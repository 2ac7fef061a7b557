//! Names in the configuration of a web server.
//!
//! Relative ones start from the directory of the main configuration, wherever they are written: they are missing
//! only where the tree holds that configuration as a whole. Absolute ones lie on the server: in the same directory
//! where they name it, else where a mount leads.

use super::{Candidate, Resolution, Site, each_choice, path as paths};
use crate::diagnostic::{Certainty, Strength};
use crate::expr::{Value, evaluate};
use crate::framework::{WebServer, brought};
use crate::index::{EntryId, Lookup};
use crate::path;
use crate::reference::{Defined, Reference, Server, Want};

const VARIABLE: Resolution = Resolution::Dynamic("a variable of the server");

/// Looks a name up as the server does.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, kind: Server) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    let values = evaluate(&reference.expr, &scope, 0);
    let optional = reference.strength <= Strength::Optional;
    each_choice(&values, |value| one(site, value, kind, optional))
}

fn one(site: &Site<'_>, value: &Value, kind: Server, optional: bool) -> Resolution {
    let Some(text) = value.exact() else { return VARIABLE };
    if text.is_empty() || text.contains(&0) || text.len() > 4096 {
        return Resolution::Dynamic("no path");
    }
    match kind {
        Server::Configuration { main, secret } => configuration(site, text, (main, secret), optional),
        Server::Prefix(want) if text.starts_with(b"/") => paths::mounted(site, text, want),
        Server::Prefix(want) => prefix(site, text, want),
        Server::Apart => apart(site, text),
        Server::Settings => settings(site, text),
        Server::Served { sure } => near_only(paths::mounted(site, text, Want::Any), !sure),
    }
}

/// `AuthUserFile .htpasswd` in `.htaccess`: the root of the server is no part of the site, so that a file of that name
/// beside it is not the one that is read.
fn apart(site: &Site<'_>, text: &[u8]) -> Resolution {
    let beside = path::join(site.directory(), text);
    let Some(place) = path::normalize(&beside) else { return Resolution::Outside };
    if !matches!(site.world.find(&place, Want::File), Lookup::Found(_)) {
        return Resolution::Outside;
    }
    let candidate = Candidate::new(place.into_owned(), Certainty::Certain);
    Resolution::Missing(vec![Candidate { names: Some(Vec::new()), ..candidate }])
}

/// A directory that settings are for: where no mount says what lies there, one that the same file serves.
fn settings(site: &Site<'_>, text: &[u8]) -> Resolution {
    let Resolution::Unmounted(server) = paths::mounted(site, text, Want::Any) else {
        return near_only(paths::mounted(site, text, Want::Any), true);
    };
    let served = site.project.defined(Defined::Directory, 0, site.file);
    let related = |one: &&[u8]| path::is_below(one, &server) || path::is_below(&server, one);
    if served.is_empty() || served.iter().any(related) {
        return Resolution::Unmounted(server);
    }
    let names = served.into_iter().map(<[u8]>::to_vec).collect();
    let candidate = Candidate::new(server, Certainty::Certain);
    Resolution::Missing(vec![Candidate { near_only: true, names: Some(names), ..candidate }])
}

fn near_only(resolution: Resolution, only: bool) -> Resolution {
    match resolution {
        Resolution::Missing(candidates) if only => {
            let candidates = candidates.into_iter().map(|candidate| Candidate { near_only: true, ..candidate });
            Resolution::Missing(candidates.collect())
        }
        other => other,
    }
}

/// A file of the configuration, or a pattern of such: of a pattern only the directory must be there, unless the server
/// wants a match.
fn configuration(site: &Site<'_>, text: &[u8], (main, secret): (bool, bool), optional: bool) -> Resolution {
    let Some(server) = WebServer::of(site.language) else { return VARIABLE };
    let file = if server.directories { Want::Any } else { Want::File };
    let (literal, want) = match text.iter().position(|byte| b"*?[".contains(byte)) {
        Some(_) if secret => (text, file),
        Some(at) => (&text[..memchr::memrchr(b'/', &text[..at]).unwrap_or(0)], Want::Directory),
        None => (text, file),
    };
    let home = |home: &&str| literal.strip_prefix(home.as_bytes())?.strip_prefix(b"/");
    let below = server.homes.iter().find_map(home);
    if literal.is_empty() {
        return Resolution::Dynamic("a pattern may match nothing");
    }
    if literal.starts_with(b"/") && below.is_none() {
        if let Some(meant) = of_another_program(literal) {
            return meant;
        }
        return near_only(paths::mounted(site, literal, want), secret || want == Want::Directory);
    }
    let Some(name) = path::normalize(below.unwrap_or(literal)) else { return Resolution::Outside };
    let homes = Homes::of(site, server, main);
    match homes.lookup(site, &name, want) {
        Some(Resolution::Found(directory)) if want == Want::Directory && server.directories && !optional => {
            let pattern = &text[literal.len()..].strip_prefix(b"/").unwrap_or(&text[literal.len()..]);
            let whole = path::join(&name, pattern);
            let brought = server.provides(&whole) || below.is_some() || secret || !homes.sure();
            return matched(site, directory, pattern, !brought);
        }
        Some(found) => return found,
        None => {}
    }
    if server.provides(&name) {
        return Resolution::External("comes with the server");
    }
    let open = secret || below.is_some() || want == Want::Directory;
    let missing = homes.missing(site, &name, want, open);
    with_names(missing, &name, server.brings())
}

/// Apache does not start where a pattern matches nothing (`IncludeOptional` is for that); `sure` where all that it may
/// match is in the tree.
fn matched(site: &Site<'_>, directory: EntryId, pattern: &[u8], sure: bool) -> Resolution {
    let index = site.world.index;
    let each: Vec<Option<bool>> =
        index.children(directory).map(|child| path::matches_wildcard(pattern, index.name(child))).collect();
    match each.contains(&Some(true)) {
        true => Resolution::Found(directory),
        false if !sure || each.is_empty() || each.contains(&None) => Resolution::Dynamic("a pattern"),
        false => {
            let candidate = Candidate::new(path::join(index.path(directory), pattern), Certainty::Certain);
            Resolution::Missing(vec![Candidate { names: Some(Vec::new()), ..candidate }])
        }
    }
}

/// `/etc/letsencrypt/live/x/fullchian.pem`: near what a program is known to put there.
fn of_another_program(path: &[u8]) -> Option<Resolution> {
    let known = brought(path);
    if known.is_empty() {
        return None;
    }
    if known.iter().any(|one| one == path) {
        return Some(Resolution::External("comes with another program"));
    }
    let candidate = Candidate::new(path.to_vec(), Certainty::Certain);
    Some(Resolution::Missing(vec![Candidate { near_only: true, names: Some(known), ..candidate }]))
}

/// A name that the server brings may have been meant: one of the same directory, a slip of the pen away.
fn with_names(missing: Resolution, name: &[u8], brought: Vec<Vec<u8>>) -> Resolution {
    let Resolution::Missing(mut candidates) = missing else { return missing };
    let beside = |one: &Vec<u8>| path::parent(one) == path::parent(name) || path::parent(name).is_empty();
    let names: Vec<Vec<u8>> = brought.into_iter().filter(beside).collect();
    let candidate = Candidate::new(name.to_vec(), Certainty::Certain);
    if candidates.iter().any(|one| one.near_only) && !names.is_empty() {
        candidates.push(Candidate { near_only: true, names: Some(names), ..candidate });
    }
    Resolution::Missing(candidates)
}

/// A relative name below a prefix that only the server knows.
fn prefix(site: &Site<'_>, text: &[u8], want: Want) -> Resolution {
    let (Some(server), Some(name)) = (WebServer::of(site.language), path::normalize(text)) else { return VARIABLE };
    let homes = Homes::of(site, server, false);
    homes.lookup(site, &name, want).unwrap_or_else(|| homes.missing(site, &name, want, true))
}

/// The directories that relative names may start from.
struct Homes<'s> {
    /// Nearest first.
    directories: Vec<&'s [u8]>,
    /// The first is the directory of the main configuration.
    known: bool,
    /// The tree holds it as a whole.
    whole: bool,
}

impl<'s> Homes<'s> {
    fn of(site: &'s Site<'_>, server: &WebServer, main: bool) -> Self {
        let here = site.directory();
        let is_home = |directory: &&[u8]| {
            site.project.server_homes.iter().any(|(name, home)| *name == server.name && home == directory)
        };
        let home = if main { Some(here) } else { path::ancestors(here).find(is_home) };
        let index = site.world.index;
        let whole = home.is_some_and(|home| {
            server.marks.iter().any(|mark| matches!(index.lookup(&path::join(home, mark.as_bytes())), Lookup::Found(_)))
        });
        let others = path::ancestors(here).filter(|directory| Some(*directory) != home);
        Homes { directories: home.into_iter().chain(others).collect(), known: home.is_some(), whole }
    }

    /// The tree holds the main configuration and all that it is made of.
    fn sure(&self) -> bool {
        self.known && self.whole
    }

    /// Found where it should be, or, unless all is there, where it may come from.
    fn lookup(&self, site: &Site<'_>, name: &[u8], want: Want) -> Option<Resolution> {
        let sure = self.sure();
        let tried = if sure { &self.directories[..1] } else { &self.directories[..] };
        for directory in tried {
            match site.world.find(&path::join(directory, name), want) {
                Lookup::Found(id) => return Some(Resolution::Found(id)),
                Lookup::Beyond => return Some(Resolution::Outside),
                Lookup::Missing => {}
            }
        }
        let mut elsewhere = site.world.index.ending_in(name).filter(|&id| site.world.fits(id, want));
        elsewhere.next().filter(|_| !sure).map(Resolution::Found)
    }

    fn missing(&self, site: &Site<'_>, name: &[u8], want: Want, open: bool) -> Resolution {
        let candidate = |directory: &[u8], certainty: Certainty, near_only: bool| {
            let path = path::join(directory, name);
            Candidate { want, near_only, ..Candidate::new(path, certainty) }
        };
        let candidates = match self.directories.split_first() {
            Some((home, _)) if self.known => {
                let there = site.world.index.is_directory(path::parent(&path::join(home, name)));
                vec![candidate(home, Certainty::Certain, open || !self.whole || !there)]
            }
            _ => self.directories.iter().map(|directory| candidate(directory, Certainty::Open, true)).collect(),
        };
        Resolution::Missing(candidates)
    }
}
