//! Annotations of Spring's: those that name what lies on the class path, and which ones a class or a method has.

use tree_sitter::Node;

use super::string;
use crate::framework::spring::{Annotation, RESOURCES};
use crate::language::syntax::classpath::Unit;
use crate::language::syntax::grown::text;

/// The names of the annotations of a class or a method.
pub(super) fn of<'s>(source: &'s [u8], declared: Node<'_>) -> Vec<&'s [u8]> {
    let mut cursor = declared.walk();
    let Some(modifiers) = declared.named_children(&mut cursor).find(|child| child.kind() == "modifiers") else {
        return Vec::new();
    };
    let mut cursor = modifiers.walk();
    let names = modifiers.named_children(&mut cursor).filter_map(|one| one.child_by_field_name("name"));
    names.map(|name| text(source, name)).collect()
}

/// What an annotation names on the class path.
pub(super) fn read(unit: &mut Unit<'_>, node: Node<'_>) {
    let Some(name) = node.child_by_field_name("name").map(|name| text(unit.source, name)) else { return };
    let Some(row) = RESOURCES.iter().find(|row| row.name.as_bytes() == name) else { return };
    let Some(list) = node.child_by_field_name("arguments") else { return };
    let mut found = Vec::new();
    let mut guarded = false;
    let mut cursor = list.walk();
    for one in list.named_children(&mut cursor) {
        let value = one.child_by_field_name("value").filter(|_| one.kind() == "element_value_pair");
        let key = one.child_by_field_name("key").map_or(&b"value"[..], |key| text(unit.source, key));
        match value {
            None => found.push(one),
            Some(value) if key == b"value" || key == row.key.as_bytes() => found.push(value),
            Some(value) => guarded |= key == b"ignoreResourceNotFound" && text(unit.source, value) == b"true",
        }
    }
    for value in found {
        values(unit, value, row, guarded);
    }
}

/// One string, or an array of them.
fn values(unit: &mut Unit<'_>, value: Node<'_>, row: &Annotation, guarded: bool) {
    let mut cursor = value.walk();
    let array = value.kind() == "element_value_array_initializer";
    let each = if array { value.named_children(&mut cursor).collect() } else { vec![value] };
    for span in each.into_iter().filter_map(string) {
        unit.annotated(span, row, guarded);
    }
}
