//! The path namespace: what `include`, `open` and their like look up on the file system.
//!
//! A value anchored in the tree has one place. Relative text is tried from every base its language knows; where a
//! base depends on the caller, a hit anywhere silences it and only near misses are left to report.
//! Text behind an unknown front is looked for by its tail.

use std::borrow::Cow;

use super::{Candidate, Resolution, Site, each_choice};
use crate::diagnostic::Certainty;
use crate::expr::{Anchor, Part, PathExpr, Value, evaluate};
use crate::index::{EntryKind, Lookup};
use crate::path;
use crate::reference::{Base, Reference, Want};

/// Most directories in which a tail behind an unknown front is looked for.
const MAX_FRONTS: usize = 8;

/// Looks a path up from each of `bases`.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, bases: &[Base], want: Want) -> Resolution {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    let values = evaluate(&reference.expr, &scope, 0);
    each_choice(&values, |value| one(site, value, bases, want))
}

fn one(site: &Site<'_>, value: &Value, bases: &[Base], want: Want) -> Resolution {
    let Some(text) = value.exact() else { return unknown_part(site, value, want) };
    if text.contains(&0) || text.len() > 4096 {
        return Resolution::Dynamic("no path");
    }
    if text.contains(&b'<') && text.contains(&b'>') {
        return Resolution::Dynamic("a placeholder");
    }
    match value.anchor {
        _ if want == Want::File && text.ends_with(b"/") => Resolution::Dynamic("a directory, where a file is read"),
        Anchor::Tree if bases.contains(&Base::Installed) => installed(site, text, value.certainty, want),
        Anchor::Tree => anchored(site, text, value.certainty, want),
        Anchor::Text if text.is_empty() => Resolution::Dynamic("an empty path"),
        Anchor::Text if has_scheme(text) => Resolution::External("a stream or another host"),
        Anchor::Text if text.starts_with(b"~") => Resolution::Dynamic("a home directory"),
        Anchor::Text if text.starts_with(b"/") => mounted(site, text, want),
        Anchor::Text => relative(site, text, bases, want),
    }
}

/// The one place of the tree that an expression for a directory means, with its certainty.
#[must_use]
pub fn place(site: &Site<'_>, expr: &PathExpr<'_>) -> Option<(Vec<u8>, Certainty)> {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    let values = evaluate(expr, &scope, 0);
    let [value] = values.as_slice() else { return None };
    let text = value.exact()?;
    let normal = path::normalize(text)?;
    if value.anchor == Anchor::Tree {
        return Some((normal.into_owned(), value.certainty));
    }
    let server = text.starts_with(b"/").then(|| [b"/", normal.as_ref()].concat())?;
    site.project.mounts.iter().find_map(|mount| Some((mount.map(&server)?, mount.certainty)))
}

/// The one absolute server path that an expression means.
#[must_use]
pub fn server(site: &Site<'_>, expr: &PathExpr<'_>) -> Option<Vec<u8>> {
    let scope = site.project.scope(site.world.index, site.language, site.file);
    let values = evaluate(expr, &scope, 0);
    let [value] = values.as_slice() else { return None };
    let text = value.exact().filter(|text| value.anchor == Anchor::Text && text.starts_with(b"/"))?;
    Some([b"/", path::normalize(text)?.as_ref()].concat())
}

/// `scheme:` of two or more letters, or a Windows drive.
fn has_scheme(text: &[u8]) -> bool {
    let Some(colon) = memchr::memchr(b':', text) else { return false };
    let (scheme, rest) = (&text[..colon], &text[colon + 1..]);
    let word = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(byte));
    word && (rest.starts_with(b"//") || scheme.len() == 1 && rest.starts_with(b"\\") || scheme == b"data")
}

fn anchored(site: &Site<'_>, text: &[u8], certainty: Certainty, want: Want) -> Resolution {
    if text.is_empty() {
        return Resolution::Found(crate::index::EntryId::ROOT);
    }
    let Some(normal) = path::normalize(text) else { return above(site, text, certainty, want) };
    let glued = !text.starts_with(b"/");
    let candidate = Candidate { want, glued, ..Candidate::new(normal.into_owned(), certainty) };
    if glued { Resolution::Missing(vec![candidate]) } else { first_hit(site, vec![candidate]) }
}

/// A path that leaves the tree leads somewhere all the same; but where the tree is a project's, and has what is named
/// if one went up less far, it goes up too far.
fn above(site: &Site<'_>, text: &[u8], certainty: Certainty, want: Want) -> Resolution {
    const PROJECT: [&str; 4] = ["Gemfile", "composer.json", "package.json", "pyproject.toml"];
    let segments: Vec<&[u8]> = path::segments(text).filter(|segment| *segment != b".").collect();
    let is_up = |segment: &&&[u8]| **segment == b"..";
    let first = segments.iter().take_while(|segment| !is_up(segment)).count();
    let ups = segments[first..].iter().take_while(is_up).count();
    let rest = &segments[first + ups..];
    let project = PROJECT.iter().any(|name| site.world.index.is_file(name.as_bytes()));
    let less =
        |ups: usize| path::normalize(&[&segments[..first + ups], rest].concat().join(&b'/')).map(Cow::into_owned);
    let stands = |place: Vec<u8>| matches!(site.world.find(&place, want), Lookup::Found(_));
    if !project || rest.len() < 2 || !(0..ups).filter_map(less).any(stands) {
        return Resolution::Outside;
    }
    let place = [b"../".as_slice(), &rest.join(&b'/')].concat();
    Resolution::Missing(vec![Candidate { want, ..Candidate::new(place, certainty) }])
}

/// The same where what stands elsewhere in the tree may be put beside the file.
fn installed(site: &Site<'_>, text: &[u8], certainty: Certainty, want: Want) -> Resolution {
    let elsewhere = || site.world.index.named(path::name(text)).next().is_some();
    match anchored(site, text, certainty, want) {
        Resolution::Missing(mut candidates) if elsewhere() => {
            candidates.iter_mut().for_each(|one| one.certainty = one.certainty.min(Certainty::Likely));
            Resolution::Missing(candidates)
        }
        other => other,
    }
}

/// Found where any candidate is; unknown where any lies beyond the tree; else missing.
fn first_hit(site: &Site<'_>, candidates: Vec<Candidate>) -> Resolution {
    let mut beyond = false;
    for candidate in &candidates {
        match site.world.find(&candidate.path, candidate.want) {
            Lookup::Found(id) => return Resolution::Found(id),
            Lookup::Beyond => beyond = true,
            Lookup::Missing => {}
        }
    }
    if beyond || candidates.is_empty() { Resolution::Outside } else { Resolution::Missing(candidates) }
}

/// An absolute server path, by the mount with the longest prefix.
pub(super) fn mounted(site: &Site<'_>, text: &[u8], want: Want) -> Resolution {
    let Some(normal) = path::normalize(text) else { return Resolution::Outside };
    let server = [b"/", normal.as_ref()].concat();
    let mapped = site.project.mounts.iter().find_map(|mount| Some((mount, mount.map(&server)?)));
    match mapped {
        None => Resolution::Unmounted(server),
        Some((mount, place)) => {
            let near_only = mount.certainty < Certainty::Certain;
            let candidate = Candidate { want, near_only, ..Candidate::new(place, mount.certainty) };
            first_hit(site, vec![candidate])
        }
    }
}

fn relative(site: &Site<'_>, text: &[u8], bases: &[Base], want: Want) -> Resolution {
    let mut candidates: Vec<Candidate> = Vec::new();
    for base in bases {
        for (directory, certainty, if_entry) in starts(site, *base, text) {
            let joined = path::join(&directory, text);
            let Some(normal) = path::normalize(&joined) else { continue };
            if !candidates.iter().any(|have| have.path == *normal) {
                let candidate = Candidate::new(normal.into_owned(), certainty);
                let near_only = *base == Base::Headers;
                candidates.push(Candidate { want, if_entry, near_only, ..candidate });
            }
        }
    }
    let resolution = first_hit(site, candidates);
    let caller_decides = bases.iter().any(|base| !matches!(base, Base::FileDirectory | Base::Manifest));
    match resolution {
        Resolution::Missing(_) if caller_decides => anywhere(site, text, want).map_or(resolution, Resolution::Found),
        other => other,
    }
}

/// The directories a base stands for, with their certainty, and whether that holds for entry scripts only.
fn starts(site: &Site<'_>, base: Base, text: &[u8]) -> Vec<(Vec<u8>, Certainty, bool)> {
    let here = (site.directory().to_vec(), Certainty::Open, true);
    match base {
        Base::FileDirectory | Base::Manifest => vec![(here.0, Certainty::Certain, false)],
        Base::Installed => Vec::new(),
        Base::Application => application(site),
        Base::Beside => vec![(here.0, Certainty::Likely, false)],
        Base::Package => package(site),
        Base::Headers => {
            // What separates on Windows only is a slip wherever the compiler searches.
            let certainty = if text.contains(&b'\\') { Certainty::Likely } else { Certainty::Open };
            let stated = site.project.header_folders(site.path()).take(MAX_STATED);
            let stated = stated.map(|directory| (directory.to_vec(), Certainty::Likely, false));
            stated.chain(headers(site, text).map(|directory| (directory, certainty, false))).collect()
        }
        Base::WorkingDirectory => std::iter::once(here).chain(working_directories(site)).collect(),
        Base::IncludePath if text.starts_with(b"./") || text.starts_with(b"../") => {
            starts(site, Base::WorkingDirectory, text)
        }
        Base::IncludePath => {
            let listed = site.project.include_path.iter().map(|path| (path.clone(), Certainty::Open, false));
            listed.chain(std::iter::once(here)).chain(working_directories(site)).collect()
        }
    }
}

/// The directory of the application that holds the file, and of the file: blueprints start there.
fn application(site: &Site<'_>) -> Vec<(Vec<u8>, Certainty, bool)> {
    let here = site.directory();
    let homes = site.project.applications.iter().map(Vec::as_slice).filter(|home| path::is_below(site.path(), home));
    let mut starts: Vec<&[u8]> = homes.chain(std::iter::once(here)).collect();
    starts.sort_unstable();
    starts.dedup();
    let stated = starts.len() == 1 && site.project.applications.iter().any(|home| home == here);
    let certainty = if stated { Certainty::Certain } else { Certainty::Likely };
    starts.into_iter().map(|directory| (directory.to_vec(), certainty, false)).collect()
}

/// Where the programs of a package are mostly started: beside its manifest.
fn package(site: &Site<'_>) -> Vec<(Vec<u8>, Certainty, bool)> {
    let home = site.project.node.home(site.path()).map(|home| (home.to_vec(), Certainty::Likely, false));
    let here = (site.directory().to_vec(), Certainty::Open, false);
    home.into_iter().chain(std::iter::once(here)).chain(working_directories(site)).collect()
}

/// Most directories of one file that builds have searched for headers.
const MAX_STATED: usize = 64;

/// Folders of headers, by their name or by what they hold.
fn headers<'s>(site: &'s Site<'_>, text: &'s [u8]) -> impl Iterator<Item = Vec<u8>> + 's {
    const NAMES: [&[u8]; 4] = [b"include", b"inc", b"headers", b"src"];
    const MAX_HOLDING: usize = 16;
    let index = site.world.index;
    let first = memchr::memchr2(b'/', b'\\', text).map(|end| &text[..end]);
    let stands = move |id: &crate::index::EntryId| index.is_directory(index.path(*id));
    let holding = first.into_iter().flat_map(move |first| index.named(first).filter(stands).take(MAX_HOLDING));
    let holding = holding.map(move |id| path::parent(index.path(id)).to_vec());
    let above = path::ancestors(site.directory()).flat_map(|above| NAMES.iter().map(|name| path::join(above, name)));
    above.filter(move |directory| index.is_directory(directory)).chain(holding)
}

/// Where a process may stand when it runs this file: every directory above it, document roots, `chdir` targets.
fn working_directories<'s>(site: &'s Site<'_>) -> impl Iterator<Item = (Vec<u8>, Certainty, bool)> + 's {
    let above = path::ancestors(site.directory()).skip(1).map(<[u8]>::to_vec);
    let roots = site.project.document_roots.iter().map(|root| root.path.clone());
    let changed = site.project.working_directories.iter().cloned();
    above.chain(roots).chain(changed).map(|directory| (directory, Certainty::Open, false))
}

/// With an unsure base any entry whose path ends in the text is silence.
fn anywhere(site: &Site<'_>, text: &[u8], want: Want) -> Option<crate::index::EntryId> {
    let dots = |segment: &&[u8]| !matches!(*segment, b"." | b"..");
    let suffix: Vec<&[u8]> = path::segments(text).skip_while(|segment| !dots(segment)).collect();
    let suffix = path::normalize(&suffix.join(&b'/'))?.into_owned();
    if suffix.is_empty() {
        return None;
    }
    site.world.index.ending_in(&suffix).find(|&id| site.world.fits(id, want))
}

/// A value with a hole: the directory before the first hole must stand; the tail behind the last one may be known.
fn unknown_part(site: &Site<'_>, value: &Value, want: Want) -> Resolution {
    if let Some(missing) = missing_front(site, value) {
        return missing;
    }
    let starts_unknown = matches!(value.parts.first(), Some(Part::Hole)) && value.anchor == Anchor::Text;
    match value.tail() {
        Some(tail) if starts_unknown && tail.starts_with(b"/") && value.parts.len() == 2 => behind(site, tail, want),
        _ => Resolution::Dynamic("a part is only known at run time"),
    }
}

/// `__DIR__ . '/Pages/' . $page`: where `Pages` is not there, a near miss of it may be.
fn missing_front(site: &Site<'_>, value: &Value) -> Option<Resolution> {
    let head = value.head();
    if value.anchor != Anchor::Tree || !head.starts_with(b"/") {
        return None;
    }
    let directory = &head[..memchr::memrchr(b'/', head)?];
    let normal = path::normalize(directory)?.into_owned();
    if normal.is_empty() || site.world.find(&normal, Want::Directory) != Lookup::Missing {
        return None;
    }
    let candidate = Candidate::new(normal, value.certainty);
    Some(Resolution::Missing(vec![Candidate { want: Want::Directory, near_only: true, ..candidate }]))
}

/// `$base . '/lib/x.php'`: found anywhere is silence; else near misses in every `lib` above the file, or, where
/// there is none above it, in every `lib` of the tree.
pub(super) fn behind(site: &Site<'_>, tail: &[u8], want: Want) -> Resolution {
    const UNKNOWN: Resolution = Resolution::Dynamic("the front of the path is only known at run time");
    let Some(suffix) = path::normalize(tail) else { return UNKNOWN };
    if suffix.is_empty() || path::segments(tail).any(|segment| segment == b"..") {
        return UNKNOWN;
    }
    let index = site.world.index;
    if let Some(id) = index.ending_in(&suffix).find(|&id| site.world.fits(id, want)) {
        return Resolution::Found(id);
    }
    let candidates = fronts(site, &suffix)
        .into_iter()
        .map(|(front, certainty)| {
            let candidate = Candidate::new(path::join(&front, &suffix), certainty);
            Candidate { want, near_only: true, ..candidate }
        })
        .collect::<Vec<_>>();
    if candidates.is_empty() { UNKNOWN } else { Resolution::Missing(candidates) }
}

fn fronts(site: &Site<'_>, suffix: &[u8]) -> Vec<(Vec<u8>, Certainty)> {
    let index = site.world.index;
    let directory = path::parent(suffix);
    let above = path::ancestors(site.directory());
    if directory.is_empty() {
        return above.map(|front| (front.to_vec(), Certainty::Open)).collect();
    }
    let above: Vec<(Vec<u8>, Certainty)> = above
        .filter(|front| index.is_directory(&path::join(front, directory)))
        .map(|front| (front.to_vec(), Certainty::Likely))
        .collect();
    if !above.is_empty() {
        return above;
    }
    index
        .ending_in(directory)
        .filter(|&id| index.kind(id) == EntryKind::Directory)
        .take(MAX_FRONTS)
        .map(|id| {
            let front = &index.path(id)[..index.path(id).len() - directory.len()];
            (front.strip_suffix(b"/").unwrap_or(front).to_vec(), Certainty::Likely)
        })
        .collect()
}
