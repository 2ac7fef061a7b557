//! Kustomizations (kubectl.docs.kubernetes.io/references/kustomize, "kustomization").
//!
//! Read are all keys that name files or directories, relative to the kustomization; the build fails without them.
//!
//! Knowingly not read: remote resources, patches and generators that are written inline, the manifests themselves,
//! whether a directory holds a kustomization.

use super::syntax::yaml::{Node, documents};
use super::{Base, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Span, Strength};

/// `kustomization.yaml` and its two other names.
pub const LANGUAGE: Language = Language {
    name: "kustomize",
    extensions: &[],
    names: &["Kustomization", "kustomization.yaml", "kustomization.yml"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "resources, components, patches, generators, replacements, charts' values",
    leaves: "remote resources, inline patches, the manifests themselves",
    scan,
};

const FILE: Namespace = Namespace::Path(&[Base::FileDirectory], Want::File);
const ANY: Namespace = Namespace::Path(&[Base::FileDirectory], Want::Any);

/// Keys whose members are files or directories.
const LISTS: [(&str, Namespace); 11] = [
    ("bases", ANY),
    ("components", ANY),
    ("configurations", FILE),
    ("crds", ANY),
    ("generators", ANY),
    ("patchesStrategicMerge", FILE),
    ("resources", ANY),
    ("transformers", ANY),
    ("validators", ANY),
    ("openapi", FILE),
    ("patches", FILE),
];
/// Keys whose members are mappings, with the keys of these that name files.
const MEMBERS: [(&str, &[&str]); 8] = [
    ("configMapGenerator", &["env", "envs", "files"]),
    ("helmChartInflationGenerator", &["values"]),
    ("helmCharts", &["additionalValuesFiles", "valuesFile"]),
    ("openapi", &["path"]),
    ("patches", &["path"]),
    ("patchesJson6902", &["path"]),
    ("replacements", &["path"]),
    ("secretGenerator", &["env", "envs", "files"]),
];

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut scan = Scan::default();
    for document in documents(input.source) {
        for (key, namespace) in LISTS {
            for member in document.get(key).map(Node::list).unwrap_or_default() {
                refer(&mut scan, member, key, namespace, input.source.bytes());
            }
        }
        for (key, inner) in MEMBERS {
            for member in document.get(key).map(Node::each).unwrap_or_default() {
                for value in inner.iter().filter_map(|key| member.get(key)).flat_map(Node::each) {
                    refer(&mut scan, value, key, FILE, input.source.bytes());
                }
            }
        }
    }
    scan.references.sort_by_key(|reference| reference.span);
    scan.references.dedup_by_key(|reference| reference.span);
    scan
}

fn refer(scan: &mut Scan<'_>, value: &Node, construct: &'static str, namespace: Namespace, bytes: &[u8]) {
    let Some((text, span)) = value.string() else { return };
    // `key=path` of a generator.
    let cut = match construct {
        "configMapGenerator" | "secretGenerator" => memchr::memchr(b'=', text).map_or(0, |at| at + 1),
        _ => 0,
    };
    let exact = span.of(bytes) == text;
    let span = if exact { Span { start: span.start + u32::try_from(cut).unwrap_or(0), ..span } } else { span };
    let text = &text[cut..];
    if text.contains(&b'\n') || is_remote(text) {
        return;
    }
    scan.references.push(Reference::literal(span, text.to_vec(), construct, namespace, Strength::Fatal));
}

/// A resource of another host (kustomize `internal/git/repospec.go`): a scheme, a user, a known host, a query.
fn is_remote(text: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(text, part).is_some();
    let host = text.split(|&byte| byte == b'/').next().unwrap_or_default();
    has(b"://")
        || has(b"?")
        || has(b"git::")
        || has(b"@") && has(b":")
        || text.len() > host.len() && [&b"github.com"[..], b"gitlab.com", b"bitbucket.org"].contains(&host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn keys_and_what_is_left() {
        let text = b"resources:\n- a.yaml\n- ../b\n- github.com/x/y?ref=v1\n- https://x/y.yaml\npatches:\n- path: p.yaml\n- patch: |-\n    x: y\nconfigMapGenerator:\n- files: [k=c.conf, d.conf]\n  envs: [e.env]\npatchesStrategicMerge:\n- |-\n  a: b\n  c: d\n";
        let source = Source::new(text.to_vec());
        let scan = scan(Input { path: b"kustomization.yaml", source: &source, project: None });
        let spans: Vec<String> =
            scan.references.iter().map(|one| String::from_utf8_lossy(one.span.of(text)).into_owned()).collect();
        assert_eq!(spans, ["a.yaml", "../b", "p.yaml", "c.conf", "d.conf", "e.env"]);
    }
}
