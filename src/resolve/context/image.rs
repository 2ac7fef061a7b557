//! A path in the image that a Dockerfile makes, led back through what is copied to the context of the build.
//!
//! Another image lies below, and programs run in between: only what is copied file by file is known. So a path is
//! missing only where nothing ran and nothing else was copied, and names near what is copied are told of elsewhere.

use crate::diagnostic::Certainty;
use crate::expr::Value;
use crate::index::{EntryId, EntryKind, Lookup};
use crate::path;
use crate::reference::{Copied, Image, Origin, Want, copied_part};
use crate::resolve::{Candidate, NotDeployed, Resolution, Site};

/// Directories that every image has and that others fill, too.
const SYSTEM: [&[u8]; 12] = [
    b"/",
    b"/bin",
    b"/etc",
    b"/lib",
    b"/opt",
    b"/root",
    b"/sbin",
    b"/usr",
    b"/usr/bin",
    b"/usr/local",
    b"/usr/local/bin",
    b"/usr/sbin",
];
/// Extensions of what is compiled or fetched where sources bear the same name.
const COMPILED: [&[u8]; 12] =
    [b"", b"cjs", b"class", b"css", b"exe", b"html", b"jar", b"js", b"json", b"mjs", b"phar", b"pyc"];
/// Most copies of a stage that are followed.
const MAX_COPIES: usize = 200;

/// Where a path of the image comes from.
struct Source {
    /// Relative to the context.
    path: Vec<u8>,
    /// It stands beside what is copied, and is not copied itself.
    beside: bool,
    /// It is copied by its own name: what is wrong with it is told there.
    named: bool,
    /// All that the image holds there is copied from the context.
    whole: bool,
}

pub(super) fn resolve(site: &Site<'_>, value: &Value, stage: usize, built: Option<u16>) -> Resolution {
    const UNKNOWN: Resolution = Resolution::Dynamic("what the image holds there is not copied from the context");
    let (Some(wanted), Some(image)) = (value.exact(), site.project.builds.image(site.file)) else { return UNKNOWN };
    let Some(normal) = path::normalize(wanted) else { return UNKNOWN };
    let wanted = [b"/", normal.as_ref()].concat();
    let contexts = site.project.builds.contexts(site.world.index, site.file);
    let mut candidates = Vec::new();
    let mut kept = None;
    for (at, context) in contexts.directories.iter().enumerate().take(if contexts.shown { 1 } else { 8 }) {
        let Some(sources) = sources(site, image, (stage, built), context, &wanted) else { return UNKNOWN };
        for source in sources.into_iter().filter(|source| built.is_none() || !source.beside) {
            let place = path::join(context, &source.path);
            match site.world.find(&place, Want::Any) {
                Lookup::Found(_) if source.beside => {}
                Lookup::Found(id) if source.named => return Resolution::Found(id),
                Lookup::Found(id) => match site.project.builds.kept_out(site.world.index, site.path(), context, id) {
                    None => return Resolution::Found(id),
                    Some(why) => {
                        let certainty = if source.whole { Certainty::Certain } else { Certainty::Likely };
                        kept = kept.or(Some(NotDeployed { path: place, certainty, why }));
                    }
                },
                Lookup::Beyond => return UNKNOWN,
                Lookup::Missing if at == 0 && !source.whole && is_compiled(site, &place) => return UNKNOWN,
                Lookup::Missing => {
                    let sure = contexts.shown || contexts.stated || at == 0;
                    let certainty = if sure { Certainty::Certain } else { Certainty::Open };
                    let near_only = !source.whole || source.beside || !(contexts.shown || contexts.stated);
                    candidates.push(Candidate { near_only, ..Candidate::new(place, certainty) });
                }
            }
        }
    }
    match kept {
        Some(kept) => Resolution::NotDeployed(Box::new(kept)),
        None if candidates.is_empty() => UNKNOWN,
        None => Resolution::Missing(candidates),
    }
}

/// Where a path of the image may come from; `None` where something unknown is copied over it.
fn sources(
    site: &Site<'_>,
    image: &Image,
    (stage, built): (usize, Option<u16>),
    context: &[u8],
    wanted: &[u8],
) -> Option<Vec<Source>> {
    let mut sources = Vec::new();
    let ran = image.chain(stage).any(|stage| stage.runs);
    // Of the stage itself only what stands before counts, of those it goes on from everything.
    let own = image.stages.get(stage)?.copies.len();
    let later = built.map_or(0, |before| own.saturating_sub(usize::from(before)));
    for copied in image.chain(stage).flat_map(|stage| stage.copies.iter().rev()).skip(later).take(MAX_COPIES) {
        let target = copied.target.as_deref()?;
        let directory = target.strip_suffix(b"/").unwrap_or(target);
        let Some(rest) = wanted.strip_prefix(directory).filter(|rest| rest.is_empty() || rest.starts_with(b"/")) else {
            continue;
        };
        if copied.from != Origin::Context {
            return None;
        }
        let whole = !ran && !SYSTEM.contains(&directory) && !directory.is_empty();
        sources.extend(source(site, copied, context, rest.strip_prefix(b"/").unwrap_or(rest), whole)?);
    }
    Some(sources)
}

/// What a copy puts `rest` below its target from; nothing where it puts nothing there.
fn source(site: &Site<'_>, copied: &Copied, context: &[u8], rest: &[u8], whole: bool) -> Option<Option<Source>> {
    let source = copied.source.as_deref().filter(|_| !copied.default)?;
    let beside = |path: Vec<u8>| (!rest.contains(&b'/')).then_some(Source { path, beside: true, named: false, whole });
    let (front, want) = copied_part(source);
    if want == Want::Directory {
        // A pattern: whatever stands in its directory may be copied.
        return Some((!rest.is_empty()).then(|| Source {
            path: path::join(front, rest),
            beside: false,
            named: false,
            whole: false,
        }));
    }
    let place = if source.is_empty() { context.to_vec() } else { path::join(context, source) };
    let is_directory = match site.world.find(&place, Want::Any) {
        Lookup::Found(id) => site.world.index.kind(id) == EntryKind::Directory,
        // Where it is missing the copy itself says so.
        Lookup::Beyond | Lookup::Missing => return None,
    };
    let taken = path::name(source) == rest || rest.is_empty();
    Some(match (is_directory, taken) {
        (true, _) if rest.is_empty() => None,
        (true, _) => Some(Source { path: path::join(source, rest), beside: false, named: false, whole }),
        (false, true) => Some(Source { path: source.to_vec(), beside: false, named: true, whole }),
        (false, false) => beside(path::join(path::parent(source), rest)),
    })
}

/// A source of the same name, out of which a program that ran has made it.
fn is_compiled(site: &Site<'_>, place: &[u8]) -> bool {
    let index = site.world.index;
    let (stem, extension) = path::split_extension(path::name(place));
    let same_stem = |child: EntryId| path::split_extension(index.name(child)).0 == stem;
    let beside = |directory: EntryId| index.children(directory).any(same_stem);
    COMPILED.contains(&extension.unwrap_or_default()) && index.id(path::parent(place)).is_none_or(beside)
}
