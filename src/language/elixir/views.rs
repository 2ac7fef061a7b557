//! Views of Phoenix (hexdocs.pm, `Phoenix.Controller.render/3`, `Phoenix.View`): what controllers render by a name, and
//! what modules of views draw themselves. Parsed by tree-sitter's grammar, and only in files that go by such a name.

use tree_sitter::Node;

use super::super::syntax::descent::descend;
use super::super::syntax::grown::{self, text};
use super::super::{Action, Fact, Namespace, Reference, Scan};
use crate::diagnostic::{Span, Strength};
use crate::path;

/// Modules that draw what a controller renders in one format.
const FORMATS: [&[u8]; 4] = [b"_html", b"_json", b"_text", b"_xml"];

/// Adds what a controller or a module of views says.
pub(super) fn read<'s>(file: &[u8], source: &'s [u8], scan: &mut Scan<'s>) {
    let stem = path::without_extension(file);
    let has = |word: &[u8]| memchr::memmem::find(source, word).is_some();
    if stem.ends_with(b"_controller") && has(b"render") && !has(b"put_view") && !has(b"put_new_view") {
        each(source, |node, piped| scan.references.extend(rendered(source, node, piped)));
    } else if let Some(format) = FORMATS.iter().find(|format| stem.ends_with(format)) {
        let drawn = |name: &[u8]| [stem, b"/", name, b".", &format[1..]].concat();
        each(source, |node, _| scan.facts.extend(function(source, node).map(|name| Fact::Drawn(drawn(name)))));
    } else if let Some(folder) = folder_of_templates(stem) {
        each(source, |node, _| {
            scan.facts.extend(clause(source, node).map(|name| Fact::Drawn(path::join(&folder, name))));
        });
    }
}

/// Enters every call; `piped` tells whether something is piped into it.
fn each(source: &[u8], mut enter: impl FnMut(Node<'_>, bool)) {
    let Some(tree) = grown::bounded_tree(&tree_sitter_elixir::LANGUAGE.into(), source) else { return };
    // What is on the right of a pipe is told by where it starts: a node's parent is looked for from the root.
    descend(tree.root_node(), None, |node, right, _| {
        let piped = right == Some(node.start_byte());
        if node.kind() == "call" {
            enter(node, piped);
        }
        let pipe = node.child_by_field_name("operator").filter(|operator| operator.kind() == "|>");
        pipe.and_then(|_| node.child_by_field_name("right")).map(|operand| operand.start_byte())
    });
}

/// `views/admin/user_view` has its templates in `templates/admin/user`.
fn folder_of_templates(stem: &[u8]) -> Option<Vec<u8>> {
    let base = stem.strip_suffix(b"_view")?;
    let views = path::ancestors(path::parent(base)).find(|above| path::name(above) == b"views")?;
    let below = base.get(views.len() + 1..)?;
    Some(path::join(&path::join(path::parent(views), b"templates"), below))
}

/// `render(conn, :show)`, `render(conn, "show.html")`, `conn |> render(:show)`.
fn rendered<'s>(source: &'s [u8], call: Node<'_>, piped: bool) -> Option<Reference<'s>> {
    let arguments = called(source, call, b"render")?;
    let name = match *arguments.as_slice() {
        [name, ..] if piped => name,
        [connection, name, ..] if text(source, connection) == b"conn" => name,
        _ => return None,
    };
    let span = match name.kind() {
        "atom" => Span::new(name.start_byte() + 1, name.end_byte()),
        _ => string(name)?,
    };
    let view = span.of(source);
    let plain = !view.is_empty() && view.iter().all(|&byte| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte));
    let namespace = Namespace::Action(Action::Phoenix);
    plain.then(|| Reference::literal(span, view, "render", namespace, Strength::Fatal))
}

/// `show` of `def show(assigns)`.
fn function<'s>(source: &'s [u8], call: Node<'_>) -> Option<&'s [u8]> {
    let first = *called(source, call, b"def")?.first()?;
    // With a guard, the head is what stands before `when`.
    let head = first.child_by_field_name("left").filter(|_| first.kind() == "binary_operator").unwrap_or(first);
    Some(text(source, head.child_by_field_name("target").unwrap_or(head)))
}

/// `show.html` of `def render("show.html", assigns)`.
fn clause<'s>(source: &'s [u8], call: Node<'_>) -> Option<&'s [u8]> {
    let first = *called(source, call, b"def")?.first()?;
    let head = first.child_by_field_name("left").filter(|_| first.kind() == "binary_operator").unwrap_or(first);
    let name = called(source, head, b"render")?.first().copied().and_then(string)?;
    Some(name.of(source))
}

/// The arguments of a call of that name.
fn called<'t>(source: &[u8], call: Node<'t>, name: &[u8]) -> Option<Vec<Node<'t>>> {
    let target = call.child_by_field_name("target").filter(|target| text(source, *target) == name)?;
    let mut cursor = call.walk();
    let list = call.named_children(&mut cursor).find(|child| child.kind() == "arguments" && *child != target)?;
    let mut cursor = list.walk();
    Some(list.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect())
}

/// The inside of a string without escapes and interpolation.
fn string(node: Node<'_>) -> Option<Span> {
    grown::plain_string(node, "string", "quoted_content")
}
