//! What clusters are told to apply: Flux (fluxcd.io/flux/components/kustomize/kustomizations "Path"), Argo CD
//! (argo-cd.readthedocs.io "Application Specification"), KfDef of Kubeflow, helmfile (helmfile.readthedocs.io).
//!
//! A controller fetches a repository and applies a directory of it, by its path from the root. Which repository that is
//! stands elsewhere: where the path shares half of its folders with the manifest, or the first where the source goes by
//! the name that Flux gives its own, it is this one; else only near misses are told, as warnings. What helmfile names
//! lies beside it.
//!
//! Knowingly not read: charts and values of other repositories, patterns, templates, what is generated for each member
//! of a list.

use super::syntax::yaml::{Node, documents};
use super::{Base, Context, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Severity, Strength};
use crate::expr::{Here, PathExpr};
use crate::path;

/// Manifests that name directories of a repository.
pub const LANGUAGE: Language = Language {
    name: "gitops",
    extensions: &["yaml", "yml"],
    names: &["helmfile.yaml", "helmfile.yml"],
    interpreters: &[],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "directories that Flux, Argo CD and KfDef apply, values and bases of helmfile",
    leaves: "charts, patterns, templates, which repository a source is",
    scan,
};

/// What stands in a manifest of each.
const APIS: [&[u8]; 3] =
    [b"apiVersion: kustomize.toolkit.fluxcd.io/", b"apiVersion: argoproj.io/", b"apiVersion: kfdef.apps.kubeflow.org/"];
/// The name of the repository that Flux was installed from (fluxcd.io "flux bootstrap").
const OWN: &str = "flux-system";
/// Keys of helmfile, and of its releases and environments, whose members are files.
const FILES: [&str; 3] = ["bases", "secrets", "values"];
const BESIDE: Namespace = Namespace::Path(&[Base::FileDirectory], Want::File);

fn recognises(_: &[u8], head: &[u8]) -> bool {
    APIS.iter().any(|api| memchr::memmem::find(head, api).is_some())
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut reader = Reader { input, references: Vec::new() };
    let of_helmfile = path::name(input.path).starts_with(b"helmfile.");
    for document in documents(input.source) {
        if of_helmfile {
            reader.helmfile(&document);
        } else {
            reader.manifest(&document);
        }
    }
    let mut references = reader.references;
    references.sort_by_key(|reference| reference.span);
    references.dedup_by_key(|reference| reference.span);
    Scan { references, ..Scan::default() }
}

struct Reader<'s> {
    input: Input<'s>,
    references: Vec<Reference<'static>>,
}

impl Reader<'_> {
    fn manifest(&mut self, document: &Node) {
        let (Some(kind), Some(spec)) = (document.get("kind"), document.get("spec")) else { return };
        if kind.is("Kustomization") {
            self.flux(spec);
        } else if kind.is("Application") {
            self.sources(spec);
        } else if kind.is("ApplicationSet") {
            spec.get("template").and_then(|template| template.get("spec")).into_iter().for_each(|it| self.sources(it));
        } else if kind.is("KfDef") {
            let each = spec.get("applications").map(Node::list).unwrap_or_default();
            let path = |one: &Node| one.get("kustomizeConfig")?.get("repoRef")?.get("path").cloned();
            each.iter().filter_map(path).for_each(|path| self.directory(&path, "repoRef path", false));
        }
    }

    fn flux(&mut self, spec: &Node) {
        let source = spec.get("sourceRef");
        let of_git = source.and_then(|source| source.get("kind")).is_some_and(|kind| kind.is("GitRepository"));
        let own = source.and_then(|source| source.get("name")).is_some_and(|name| name.is(OWN));
        if let Some(path) = spec.get("path").filter(|_| of_git) {
            self.directory(path, "path", own);
        }
    }

    fn sources(&mut self, spec: &Node) {
        let several = spec.get("sources").map(Node::list).unwrap_or_default();
        for source in spec.get("source").into_iter().chain(several) {
            if let Some(path) = source.get("path") {
                self.directory(path, "source path", false);
            }
        }
    }

    /// A directory of a repository.
    fn directory(&mut self, node: &Node, construct: &'static str, own: bool) {
        let Some((text, span)) = node.string() else { return };
        let text = text.strip_prefix(b"/").unwrap_or(text);
        if text.is_empty() || text.iter().any(|byte| b"{}$*\n".contains(byte)) {
            return;
        }
        let own = shares_start(self.input.path, text, own);
        let exact = span.of(self.input.source.bytes()).ends_with(text);
        let root = PathExpr::Here(Here::Dir).parent(depth(self.input.path));
        let namespace = Namespace::Context(Context::Applied { open: !own });
        let reference = Reference::literal(span, text.to_vec(), construct, namespace, Strength::Silent);
        self.references.push(Reference {
            expr: root.join(PathExpr::literal(text.to_vec())),
            tail: if exact { span } else { crate::diagnostic::Span::default() },
            ceiling: if own { Severity::Error } else { Severity::Warning },
            ..reference
        });
    }

    fn helmfile(&mut self, document: &Node) {
        let releases = document.get("releases").map(Node::list).unwrap_or_default();
        let environments = document.get("environments").map(Node::entries).unwrap_or_default();
        let owners = releases.iter().chain(environments.iter().map(|(_, value)| value)).chain([document]);
        for owner in owners.filter(|owner| owner.get("missingFileHandler").is_none()) {
            for key in FILES {
                owner.get(key).map(Node::list).unwrap_or_default().iter().for_each(|node| self.file(node, key));
            }
        }
    }

    fn file(&mut self, node: &Node, construct: &'static str) {
        let Some((text, span)) = node.string() else { return };
        let open = text.iter().any(|byte| b"{}$*?\n".contains(byte)) || memchr::memmem::find(text, b"::").is_some();
        if !open && !super::has_scheme(text) && span.of(self.input.source.bytes()) == text {
            self.references.push(Reference::literal(span, text.to_vec(), construct, BESIDE, Strength::Fatal));
        }
    }
}

/// How many directories a file lies below the root.
fn depth(file: &[u8]) -> u32 {
    u32::try_from(path::segments(path::parent(file)).count()).unwrap_or(u32::MAX)
}

/// Whether a directory has at least half of its path in common with the file that names it, from the root on; where the
/// source is this repository's `own`, its first folder.
fn shares_start(file: &[u8], directory: &[u8], own: bool) -> bool {
    let segments: Vec<&[u8]> = path::segments(directory).filter(|segment| *segment != b".").collect();
    let shared = segments.iter().zip(path::segments(path::parent(file))).take_while(|(a, b)| **a == *b).count();
    shared > 0 && (own || shared * 2 >= segments.len())
}
