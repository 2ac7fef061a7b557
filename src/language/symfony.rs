//! Configurations of Symfony's kernel in YAML (symfony.com "How to Import Configuration Files", "Routing", "Service
//! Container", "Twig Configuration Reference").
//!
//! Read are `imports`, `resource` of services and of routes, and the folders of Twig with their namespaces. Relative
//! names start where the file lies; of a pattern the folder before it must be there. The container is not built, and
//! no request answered, without them.
//!
//! Knowingly not read: what bundles bring (`@Bundle/…`), parameters but the folder of the project, `exclude`, which
//! may be absent, the settings of bundles, the same in XML and PHP.

use super::syntax::yaml::{Node, documents};
use super::{Base, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::{Here, PathExpr};
use crate::path;

/// YAML below a folder `config`.
pub const LANGUAGE: Language = Language {
    name: "symfony",
    extensions: &["yaml", "yml"],
    names: &[],
    interpreters: &[],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "`imports`, `resource` of services and routes, folders of Twig",
    leaves: "what bundles bring, parameters, settings of bundles, XML",
    scan,
};

const ANY: Namespace = Namespace::Path(&[Base::FileDirectory], Want::Any);
const DIRECTORY: Namespace = Namespace::Path(&[Base::FileDirectory], Want::Directory);

/// The folder of configurations.
const FOLDER: &[u8] = b"config";
/// What stands in the files that are read.
const TELLING: [&[u8]; 2] = [b"resource:", b"twig:"];
/// The parameter that names the folder of the project.
const PROJECT: &[u8] = b"%kernel.project_dir%";
/// Where templates lie if nothing else is said is told by [`crate::project`].
const DEFAULT: &str = "default_path";
/// Kinds of routes that lie in files.
const KINDS: [&str; 7] = ["annotation", "attribute", "directory", "glob", "php", "xml", "yaml"];
/// Extensions of configurations.
const FILES: [&[u8]; 4] = [b"php", b"xml", b"yaml", b"yml"];
/// Environments that are not deployed.
const ELSEWHERE: [&[u8]; 2] = [b"dev", b"test"];

fn recognises(file: &[u8], head: &[u8]) -> bool {
    path::segments(path::parent(file)).any(|segment| segment == FOLDER)
        && TELLING.iter().any(|word| memchr::memmem::find(head, word).is_some())
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut found = Found { path: input.path, source: input.source.bytes(), scan: Scan::default() };
    for document in documents(input.source) {
        found.environment(&document, found.of_development());
        for (key, inner) in document.entries() {
            if let Some(name) = key.scalar().and_then(|(text, _)| text.strip_prefix(b"when@")) {
                found.environment(inner, ELSEWHERE.contains(&name));
            }
        }
    }
    let mut scan = found.scan;
    scan.references.sort_by_key(|reference| reference.span);
    scan.references.dedup_by_key(|reference| reference.span);
    scan
}

struct Found<'s> {
    path: &'s [u8],
    source: &'s [u8],
    scan: Scan<'s>,
}

impl<'s> Found<'s> {
    /// `config_dev.yml`, `routes/dev/…`.
    fn of_development(&self) -> bool {
        let name = path::without_extension(path::name(self.path));
        let ends = |one: &&[u8]| name.strip_suffix(*one).is_some_and(|front| front.ends_with(b"_"));
        ELSEWHERE.iter().any(ends) || path::segments(path::parent(self.path)).any(|one| ELSEWHERE.contains(&one))
    }

    /// Routes stand in files of their own: elsewhere the same keys may be a bundle's.
    fn is_of_routes(&self) -> bool {
        let name = path::name(self.path);
        let folder = path::segments(path::parent(self.path)).any(|one| one == b"routes" || one == b"routing");
        folder || name.starts_with(b"routes") || name.starts_with(b"routing")
    }

    fn environment(&mut self, document: &Node, quiet: bool) {
        for import in document.get("imports").map(Node::list).unwrap_or_default() {
            self.resource(import, "imports", quiet);
        }
        for (name, service) in document.get("services").map(Node::entries).unwrap_or_default() {
            if name.scalar().is_some_and(|(name, _)| name.ends_with(b"\\")) {
                self.resource(service, "services", quiet);
            }
        }
        if self.is_of_routes() {
            for (_, route) in document.entries() {
                let kind = route.get("type");
                if kind.is_none_or(|kind| KINDS.iter().any(|known| kind.is(known))) {
                    self.resource(route, "routes", quiet);
                }
            }
        }
        if let Some(twig) = document.get("twig") {
            self.twig(twig, quiet);
        }
    }

    fn resource(&mut self, holder: &Node, construct: &'static str, quiet: bool) {
        let Some(resource) = holder.get("resource") else { return };
        let value = resource.get("path").unwrap_or(resource);
        let may_be_absent = holder.get("ignore_errors").is_some_and(|value| !value.is("false"));
        let Some((text, span)) = value.string() else { return };
        if !is_file(text) {
            return;
        }
        let guarded = may_be_absent;
        let reference = self.reference(text, span, construct, ANY, quiet);
        self.scan.references.extend(reference.map(|reference| Reference { guarded, ..reference }));
    }

    /// The folders of templates: `paths` by their namespaces, and the one that comes first.
    fn twig(&mut self, twig: &Node, quiet: bool) {
        for (directory, namespace) in twig.get("paths").map(Node::entries).unwrap_or_default() {
            let namespace = namespace.string().map(|(name, _)| name).unwrap_or_default();
            self.templates(directory, namespace, "twig.paths", Strength::Fatal, quiet);
        }
        for directory in twig.get("paths").map(Node::list).unwrap_or_default() {
            self.templates(directory, b"", "twig.paths", Strength::Fatal, quiet);
        }
        if let Some(directory) = twig.get(DEFAULT) {
            self.templates(directory, b"", "twig.default_path", Strength::Silent, quiet);
        }
    }

    fn templates(
        &mut self,
        directory: &Node,
        namespace: &[u8],
        construct: &'static str,
        strength: Strength,
        quiet: bool,
    ) {
        let Some((text, span)) = directory.string() else { return };
        let Some(reference) = self.reference(text, span, construct, DIRECTORY, quiet) else {
            self.scan.facts.push(Fact::TemplateNamespace { name: namespace.to_vec(), directory: PathExpr::Hole });
            return;
        };
        let directory = reference.expr.clone().into_owned();
        self.scan.facts.push(match namespace {
            b"" => Fact::TemplateFolder(directory),
            name => Fact::TemplateNamespace { name: name.to_vec(), directory },
        });
        self.scan.references.push(Reference { strength, ..reference });
    }

    fn reference(
        &self,
        text: &[u8],
        span: Span,
        construct: &'static str,
        namespace: Namespace,
        quiet: bool,
    ) -> Option<Reference<'s>> {
        let ceiling = if quiet { Severity::Warning } else { Severity::Error };
        let rest = text.strip_prefix(PROJECT).unwrap_or(text);
        if rest.contains(&b'%') || rest.is_empty() {
            return None;
        }
        let whole = fixed(rest);
        let expr = if rest.len() == text.len() {
            PathExpr::literal(whole.to_vec())
        } else {
            PathExpr::Here(Here::Dir).parent(self.depth()?).then(PathExpr::literal(whole.to_vec()))
        };
        let exact = span.of(self.source) == text && whole.len() == rest.len();
        let start = span.end - u32::try_from(rest.len()).unwrap_or(0).min(span.end);
        let tail = if exact { Span { start, ..span } } else { Span::default() };
        let literal = Reference::literal(span, &b""[..], construct, namespace, Strength::Fatal);
        Some(Reference { expr, tail, ceiling, ..literal })
    }

    /// How many folders the file lies below the project: `config`, or before version 4 `app/config`, stands in it.
    fn depth(&self) -> Option<u32> {
        let folders: Vec<&[u8]> = path::segments(path::parent(self.path)).collect();
        let at = folders.iter().rposition(|folder| *folder == FOLDER)?;
        let old = at > 0 && folders[at - 1] == b"app";
        u32::try_from(folders.len() - at + usize::from(old)).ok()
    }
}

/// The folder before a pattern, or the name itself.
fn fixed(text: &[u8]) -> &[u8] {
    match text.iter().position(|byte| b"*?{[".contains(byte)) {
        Some(at) => &text[..memchr::memrchr(b'/', &text[..at]).unwrap_or(0)],
        None => text,
    }
}

/// Whether a resource is one of files: not of a bundle, a class or a service.
fn is_file(text: &[u8]) -> bool {
    let strange = text.starts_with(b"@") || text.iter().any(|byte| b"\\\n:".contains(byte));
    !strange && (text.contains(&b'/') || FILES.contains(&path::extension(text).as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn hostile_configurations_are_read_as_nothing() {
        for text in [
            "",
            "imports: 1",
            "twig: [a]",
            "services: {X\\: {resource: [a/b]}}",
            "when@: {twig: ",
            "twig: {paths: {'*': ~}}",
        ] {
            let source = Source::new(text.as_bytes().to_vec());
            let references = scan(Input { path: b"config/x.yaml", source: &source, project: None }).references;
            assert!(references.iter().all(|one| one.expr.as_literal() == Some(b"")), "{text}");
        }
    }
}
