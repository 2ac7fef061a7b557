//! C# in applications of ASP.NET (learn.microsoft.com, "Views in ASP.NET Core MVC", "View discovery").
//!
//! Read: the names that a controller gives to `View()` and `PartialView()`, from its folder of views or, with `~/` or a
//! slash, from the root of the project. Parsed by tree-sitter's grammar, and only where one of these words stands.
//!
//! Knowingly not read: names that are put together or come of `nameof`, view components, pages, files by the directory
//! of the program.

use tree_sitter::Node;

use super::syntax::descent::descend;
use super::syntax::grown::{self, text};
use super::{Action, Input, Language, Namespace, Phase, Reference, Scan};
use crate::diagnostic::{Span, Strength};
use crate::expr::PathExpr;

/// C#.
pub const LANGUAGE: Language = Language {
    name: "csharp",
    extensions: &["cs"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Stream,
    reads: "`View()` and `PartialView()` of controllers",
    leaves: "`nameof`, view components, pages, files by the directory of the program",
    scan,
};

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    let names_any = [&b"View(\""[..], b"viewName:"].iter().any(|word| memchr::memmem::find(source, word).is_some());
    if !names_any || memchr::memmem::find(source, b"Controller").is_none() {
        return Scan::default();
    }
    let Some(tree) = grown::bounded_tree(&tree_sitter_c_sharp::LANGUAGE.into(), source) else {
        return Scan { lexical: true, ..Scan::default() };
    };
    let mut references = Vec::new();
    descend(tree.root_node(), &b""[..], |node, controller, _| match node.kind() {
        "class_declaration" => controller_of(source, node).unwrap_or_default(),
        "invocation_expression" if !controller.is_empty() => {
            references.extend(view(source, node, controller));
            controller
        }
        _ => controller,
    });
    Scan { references, ..Scan::default() }
}

/// `Owners` of `class OwnersController`.
fn controller_of<'s>(source: &'s [u8], class: Node<'_>) -> Option<&'s [u8]> {
    text(source, class.child_by_field_name("name")?).strip_suffix(b"Controller")
}

/// `View("List")`, `PartialView("~/Views/Owners/_Row.cshtml")`.
fn view<'s>(source: &'s [u8], call: Node<'_>, controller: &[u8]) -> Option<Reference<'s>> {
    let called = text(source, call.child_by_field_name("function")?);
    let construct = match called.strip_prefix(b"this.").unwrap_or(called) {
        b"View" => "View",
        b"PartialView" => "PartialView",
        _ => return None,
    };
    let list = call.child_by_field_name("arguments")?;
    let mut cursor = list.walk();
    let arguments: Vec<_> = list.named_children(&mut cursor).filter(|one| one.kind() == "argument").collect();
    let named = |one: &Node<'_>| one.child_by_field_name("name").map(|name| text(source, name));
    let first = arguments.first().filter(|one| named(one).is_none());
    let name = arguments.iter().find(|one| named(one) == Some(b"viewName")).or(first)?;
    let span = string(name.named_child(name.named_child_count().checked_sub(1)?.try_into().ok()?)?)?;
    let expr = place(span.of(source), controller)?;
    let namespace = Namespace::Action(Action::AspNet);
    Some(Reference { expr, ..Reference::literal(span, &b""[..], construct, namespace, Strength::Fatal) })
}

/// Where a view is looked for: from the root of the project, or in the folder of the controller.
fn place<'s>(name: &'s [u8], controller: &[u8]) -> Option<PathExpr<'s>> {
    let rooted = name.strip_prefix(b"~").unwrap_or(name);
    if rooted.starts_with(b"/") {
        return Some(PathExpr::literal(rooted));
    }
    let plain = !name.is_empty() && !name.iter().any(|byte| b"~:*?{}<>|\\".contains(byte)) && !name.starts_with(b".");
    plain.then(|| PathExpr::literal([controller, b"/"].concat()).then(PathExpr::literal(name)))
}

/// The inside of a string without escapes.
fn string(node: Node<'_>) -> Option<Span> {
    grown::plain_string(node, "string_literal", "string_literal_content")
}
