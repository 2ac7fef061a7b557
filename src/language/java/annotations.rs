//! Annotations of Spring's that name what lies on the class path.

use tree_sitter::Node;

use super::{Start, Unit, prefixed};

/// An annotation, and how its values are read.
struct Row {
    name: &'static str,
    /// What may name a resource beside `value`.
    key: &'static str,
    /// Only what begins with `classpath:` lies there for sure; elsewhere a name starts at the package of the class.
    prefixed: bool,
}

const fn row(name: &'static str, key: &'static str, prefixed: bool) -> Row {
    Row { name, key, prefixed }
}

/// The rows, sorted (their documentation at docs.spring.io).
const ROWS: [Row; 6] = [
    row("ContextConfiguration", "locations", false),
    row("ImportResource", "locations", true),
    row("PropertySource", "value", true),
    row("Sql", "scripts", false),
    row("TestPropertySource", "locations", false),
    row("Value", "value", true),
];

impl Unit<'_> {
    pub(super) fn annotation(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name").map(|name| self.text(name)) else { return };
        let Some(row) = ROWS.iter().find(|row| row.name.as_bytes() == name) else { return };
        let Some(list) = node.child_by_field_name("arguments") else { return };
        let mut values = Vec::new();
        let mut guarded = false;
        let mut cursor = list.walk();
        for one in list.named_children(&mut cursor) {
            let value = one.child_by_field_name("value").filter(|_| one.kind() == "element_value_pair");
            let key = one.child_by_field_name("key").map_or(&b"value"[..], |key| self.text(key));
            match value {
                None => values.push(one),
                Some(value) if key == b"value" || key == row.key.as_bytes() => values.push(value),
                Some(value) => guarded |= key == b"ignoreResourceNotFound" && self.text(value) == b"true",
            }
        }
        for value in values {
            self.values(value, row, guarded);
        }
    }

    /// One string, or an array of them.
    fn values(&mut self, value: Node<'_>, row: &Row, guarded: bool) {
        if value.kind() != "element_value_array_initializer" {
            return self.value(value, row, guarded);
        }
        let mut cursor = value.walk();
        for one in value.named_children(&mut cursor) {
            self.value(one, row, guarded);
        }
    }

    fn value(&mut self, value: Node<'_>, row: &Row, guarded: bool) {
        let Some(span) = self.string(value) else { return };
        match prefixed(self.source, span) {
            Some(inner) => self.push(inner, Start::Roots, row.name, guarded),
            None if row.prefixed => {}
            None => self.push(span, Start::Package(self.package.clone()), row.name, guarded),
        }
    }
}
