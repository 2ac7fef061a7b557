//! What a Dockerfile puts into its images, as far as it can be read off.

use super::Want;

/// The stages of one Dockerfile.
#[derive(Clone, Debug, Default)]
pub struct Image {
    /// In the order of the file; the last is what ships, unless the build is told otherwise.
    pub stages: Vec<Stage>,
}

/// One `FROM` and what follows it.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    /// The name after `AS`, in lower case; empty where it has none.
    pub name: Vec<u8>,
    /// The earlier stage that it goes on from.
    pub base: Option<usize>,
    /// What is copied into it, in order.
    pub copies: Vec<Copied>,
    /// Programs run in it: they may make and remove files.
    pub runs: bool,
}

/// One source of a `COPY` or `ADD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Where it comes from.
    pub from: Origin,
    /// Its path there, normal, without a slash at its start; a pattern in Go's syntax where it holds `*`, `?` or `[`.
    /// `None` where it is not known.
    pub source: Option<Vec<u8>>,
    /// A default that a build may override is part of the source.
    pub default: bool,
    /// Archives are unpacked (`ADD`).
    pub unpacks: bool,
    /// The absolute path in the image; it ends in `/` where it must be a directory. `None` where it is not known.
    pub target: Option<Vec<u8>>,
}

/// Where a copy comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The context of the build.
    Context,
    /// An earlier stage.
    Stage(usize),
    /// Another image, another context, the network, or the Dockerfile itself.
    Elsewhere,
}

/// The part of a source that must be there: all of it, or the directory in which a pattern is matched.
#[must_use]
pub fn copied_part(source: &[u8]) -> (&[u8], Want) {
    match source.iter().position(|byte| b"*?[\\".contains(byte)) {
        None => (source, Want::Any),
        Some(at) => (&source[..memchr::memrchr(b'/', &source[..at]).unwrap_or(0)], Want::Directory),
    }
}

impl Image {
    /// Stages that a stage goes on from, itself first, each before its base.
    pub fn chain(&self, stage: usize) -> impl Iterator<Item = &Stage> {
        let mut next = Some(stage);
        std::iter::from_fn(move || {
            let at = next?;
            let stage = self.stages.get(at)?;
            // A base is always an earlier stage: this ends.
            next = stage.base.filter(|base| *base < at);
            Some(stage)
        })
    }
}
