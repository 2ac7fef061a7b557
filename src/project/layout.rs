//! What of a tree ships in the image that a Dockerfile makes: what is copied into its last stage, straight or by way of
//! earlier ones, less what an ignore file keeps out.
//!
//! Knowingly not read: what programs make and remove while the image is built; what other images bring is unknown where
//! it is copied to, never missing.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::builds::Builds;
use super::patterns;
use crate::diagnostic::KeptOut;
use crate::index::{EntryId, EntryKind, Index, Lookup};
use crate::path;
use crate::reference::{Copied, Image, Origin, Stage, Want, copied_part};

/// Most files of all stages together that are followed.
const MAX_FILES: usize = 2_000_000;
/// Most entries that a pattern is followed to.
const MAX_MATCHES: usize = 100_000;
/// Most directories of one stage that are told apart.
const MAX_DIRECTORIES: usize = 1_000;
/// Extensions of archives that `ADD` unpacks.
const UNPACKED: [&[u8]; 6] = [b"bz2", b"gz", b"tar", b"tgz", b"xz", b"zst"];

/// What ships of a tree, seen from its root.
#[derive(Debug, Default)]
pub struct Layout {
    /// Files that ship, with the file of the tree that each is. One that the image has where another directory of the
    /// tree lies stands there, too.
    pub files: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Places that hold what nobody knows.
    pub unknown: Vec<Vec<u8>>,
    /// Files of the tree that an ignore file keeps out.
    pub kept_out: FxHashMap<Vec<u8>, KeptOut>,
}

/// What an image has at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    /// A file of the tree.
    File(Vec<u8>),
    /// Something from elsewhere.
    Unknown,
}

/// One stage, laid out.
#[derive(Clone, Debug, Default)]
struct Laid {
    /// By absolute path in the image, without a slash at its end.
    contents: BTreeMap<Vec<u8>, Content>,
    /// Directories of the image and the directories of the tree that are copied there.
    directories: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Layout {
    /// Lays out the last stage of a Dockerfile.
    ///
    /// # Errors
    /// What cannot be read off, in words.
    pub fn new(builds: &Builds, index: &Index, dockerfile: EntryId) -> Result<Layout, &'static str> {
        let image = builds.image(dockerfile).ok_or("it cannot be read as a Dockerfile")?;
        let contexts = builds.contexts(index, dockerfile);
        let context = contexts.directories.first().ok_or("it has no context")?;
        let file = index.path(dockerfile);
        let mut layer =
            Layer { builds, index, image, file, context, done: Vec::new(), files: 0, layout: Layout::default() };
        for (number, stage) in image.stages.iter().enumerate() {
            let laid = layer.stage(number, stage)?;
            layer.done.push(laid);
        }
        let last = layer.done.pop().ok_or("it has no stage")?;
        let mut layout = layer.layout;
        for (place, content) in &last.contents {
            let seen_from_root = last.placed(place);
            match content {
                Content::File(file) => {
                    layout.files.extend(seen_from_root.into_iter().map(|seen| (seen, file.clone())));
                    layout.files.insert(file.clone(), file.clone());
                }
                Content::Unknown => layout.unknown.extend(seen_from_root.into_iter().filter(|seen| !seen.is_empty())),
            }
        }
        Ok(layout)
    }
}

impl Laid {
    /// Where a place of the image lies in the tree, by the directories copied next above it.
    fn placed(&self, place: &[u8]) -> Vec<Vec<u8>> {
        let above: Vec<_> = self.directories.iter().filter(|(target, _)| path::is_below(place, target)).collect();
        let Some(next) = above.iter().map(|(target, _)| target.len()).max() else { return Vec::new() };
        let rest = place[next..].strip_prefix(b"/").unwrap_or(&place[next..]);
        let there = |directory: &[u8]| if rest.is_empty() { directory.to_vec() } else { path::join(directory, rest) };
        above.iter().filter(|(target, _)| target.len() == next).map(|(_, directory)| there(directory)).collect()
    }

    fn add_directory(&mut self, target: &[u8], directory: &[u8]) {
        let pair = (target.to_vec(), directory.to_vec());
        if self.directories.len() < MAX_DIRECTORIES && !self.directories.contains(&pair) {
            self.directories.push(pair);
        }
    }
}

/// Lays stages out, one after the other.
struct Layer<'a> {
    builds: &'a Builds,
    index: &'a Index,
    image: &'a Image,
    /// Path of the Dockerfile.
    file: &'a [u8],
    context: &'a [u8],
    done: Vec<Laid>,
    /// Files of all stages so far.
    files: usize,
    layout: Layout,
}

impl Layer<'_> {
    fn stage(&mut self, number: usize, stage: &Stage) -> Result<Laid, &'static str> {
        let base = stage.base.filter(|base| *base < number).and_then(|base| self.done.get(base));
        let mut laid = base.cloned().unwrap_or_default();
        self.files += laid.contents.len();
        for copied in &stage.copies {
            let target = copied.target.as_deref().ok_or("where something is copied to is only known at build time")?;
            match copied.from {
                Origin::Elsewhere => drop(laid.contents.insert(bare(target).to_vec(), Content::Unknown)),
                Origin::Stage(from) => self.copy_from_stage(&mut laid, copied, from, target)?,
                Origin::Context => self.copy_from_context(&mut laid, copied, target)?,
            }
            if self.files > MAX_FILES {
                return Err("its stages hold too many files");
            }
        }
        Ok(laid)
    }

    fn copy_from_stage(
        &mut self,
        laid: &mut Laid,
        copied: &Copied,
        from: usize,
        target: &[u8],
    ) -> Result<(), &'static str> {
        let source = copied.source.as_deref().ok_or("what is copied is only known at build time")?;
        let (Some(stage), Some(of)) = (self.done.get(from), self.image.stages.get(from)) else { return Ok(()) };
        let source = [b"/", source].concat();
        let source = bare(&source);
        for (place, content) in stage.contents.iter().filter(|(place, _)| path::is_below(place, source)) {
            let rest = &place[source.len()..];
            let one_file = rest.is_empty();
            let to = if one_file { file_target(laid, target, place) } else { [bare(target), rest].concat() };
            laid.contents.insert(to, content.clone());
            self.files += 1;
        }
        for (place, directory) in stage.directories.iter().filter(|(place, _)| path::is_below(place, source)) {
            laid.add_directory(&[bare(target), &place[source.len()..]].concat(), directory);
        }
        for directory in stage.placed(source) {
            laid.add_directory(bare(target), &directory);
        }
        // Where programs ran, what they made is copied, too.
        if of.runs && !stage.contents.contains_key(source) {
            laid.contents.entry(bare(target).to_vec()).or_insert(Content::Unknown);
        }
        Ok(())
    }

    fn copy_from_context(&mut self, laid: &mut Laid, copied: &Copied, target: &[u8]) -> Result<(), &'static str> {
        let source = copied.source.as_deref().ok_or("what is copied is only known at build time")?;
        for entry in self.matching(source) {
            let below = self.index.path(entry).len();
            let mut left = vec![entry];
            let directory = self.index.kind(entry) == EntryKind::Directory;
            if directory {
                laid.add_directory(bare(target), self.index.path(entry));
            }
            while let Some(id) = left.pop() {
                left.extend(self.index.children(id));
                let place = self.index.path(id);
                if self.index.kind(id) == EntryKind::Directory {
                    continue;
                }
                self.files += 1;
                if let Some(why) = self.builds.kept_out(self.index, self.file, self.context, id) {
                    self.layout.kept_out.insert(place.to_vec(), why);
                    continue;
                }
                let rest = place[below..].strip_prefix(b"/").unwrap_or(&place[below..]);
                let to = match directory {
                    true => [bare(target), b"/", rest].concat(),
                    false => file_target(laid, target, place),
                };
                if path::name(&to) == path::name(place) && !directory {
                    laid.add_directory(path::parent(&to), path::parent(place));
                }
                let unpacked = copied.unpacks && UNPACKED.contains(&path::extension(place).as_slice());
                let (to, content) = match unpacked {
                    true => (bare(target).to_vec(), Content::Unknown),
                    false => (to, Content::File(place.to_vec())),
                };
                laid.contents.insert(to, content);
            }
        }
        Ok(())
    }

    /// The entries of the context that a source names.
    fn matching(&self, source: &[u8]) -> Vec<EntryId> {
        let find = |place: &[u8]| match self.index.lookup(place) {
            Lookup::Found(id) => vec![id],
            _ => Vec::new(),
        };
        let whole = if source.is_empty() { self.context.to_vec() } else { path::join(self.context, source) };
        if copied_part(source).1 != Want::Directory {
            return find(&whole);
        }
        let mut matched = find(self.context);
        for segment in path::segments(source) {
            let children = matched.iter().flat_map(|&id| self.index.children(id));
            matched = children
                .filter(|&child| patterns::is_match(segment, self.index.name(child)))
                .take(MAX_MATCHES)
                .collect();
        }
        matched
    }
}

fn bare(target: &[u8]) -> &[u8] {
    target.strip_suffix(b"/").unwrap_or(target)
}

/// Where one file is put: below a target that is a directory, else in its place.
fn file_target(laid: &Laid, target: &[u8], file: &[u8]) -> Vec<u8> {
    let below = [bare(target), b"/"].concat();
    let next = laid.contents.range(below.clone()..).next();
    let directory = target.ends_with(b"/") || next.is_some_and(|(place, _)| place.starts_with(&below));
    if directory { [&below, path::name(file)].concat() } else { target.to_vec() }
}
