//! Every reference with its evaluation, certainty and resolution: what `preflight refs` shows, and what tests
//! take references from.

use crate::diagnostic::{Certainty, Location, Strength};
use crate::expr::{Anchor, Part, Value, evaluate};
use crate::index::EntryId;
use crate::project::Project;
use crate::reference::{Namespace, Reference};
use crate::resolve::{Resolution, World, resolve};
use crate::source::Source;

/// One reference, evaluated and resolved.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The file that holds it, relative to the root.
    pub file: Vec<u8>,
    /// Where in the file.
    pub location: Location,
    /// The source text of the span.
    pub text: Vec<u8>,
    /// The inside of its last literal, in bytes of the source; empty where there is none.
    pub tail: crate::diagnostic::Span,
    /// Name of the language.
    pub language: &'static str,
    /// The construct.
    pub construct: &'static str,
    /// Whose rules look it up.
    pub namespace: &'static str,
    /// These rules.
    pub rules: Namespace,
    /// What production does without the target.
    pub strength: Strength,
    /// An existence test or a handler excuses absence.
    pub guarded: bool,
    /// The values of its expression: places in the tree begin with `./`, unknown parts are `…`.
    pub values: Vec<Vec<u8>>,
    /// The least certain value.
    pub certainty: Certainty,
    /// What became of it.
    pub resolution: Resolution,
    /// The entry that satisfies it.
    pub target: Option<Vec<u8>>,
    /// Why its absence is normal, where it is missing.
    pub exempt: Option<&'static str>,
}

/// Where references are listed.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// Which entries exist.
    pub world: &'a World<'a>,
    /// Facts of the tree.
    pub project: &'a Project,
    /// The file that holds the references.
    pub file: EntryId,
    /// Its language.
    pub language: &'static str,
}

impl Listing<'_> {
    /// Lists the references of one source.
    #[must_use]
    pub fn list(&self, source: &Source<'_>, references: &[Reference<'_>]) -> Vec<Listed> {
        references.iter().map(|reference| self.one(source, reference)).collect()
    }

    fn one(&self, source: &Source<'_>, reference: &Reference<'_>) -> Listed {
        let index = self.world.index;
        let scope = self.project.scope(index, self.language, self.file);
        let values = evaluate(&reference.expr, &scope, 0);
        let resolution = resolve(self.world, self.project, self.file, self.language, reference);
        let target = match resolution {
            Resolution::Found(id) => Some(index.path(id).to_vec()),
            _ => None,
        };
        let exempt = match &resolution {
            Resolution::Missing(candidates) if candidates.iter().all(|one| one.names.is_none()) => {
                let asking = (index.path(self.file), reference.namespace);
                candidates.first().and_then(|first| self.project.exempt(index, asking, &first.path))
            }
            _ => None,
        };
        Listed {
            file: index.path(self.file).to_vec(),
            location: source.locate(reference.span),
            text: reference.span.of(source.bytes()).to_vec(),
            tail: reference.tail,
            language: self.language,
            construct: reference.construct,
            namespace: reference.namespace.name(),
            rules: reference.namespace,
            strength: reference.strength,
            guarded: reference.guarded,
            certainty: values.iter().map(|value| value.certainty).min().unwrap_or(Certainty::Open),
            values: values.iter().map(shown).collect(),
            resolution,
            target,
            exempt,
        }
    }
}

fn shown(value: &Value) -> Vec<u8> {
    let mut out = if value.anchor == Anchor::Tree { b".".to_vec() } else { Vec::new() };
    for part in &value.parts {
        match part {
            Part::Text(text) => out.extend_from_slice(text),
            Part::Hole => out.extend_from_slice("…".as_bytes()),
        }
    }
    out
}
