//! The report for programs: one JSON object, as `preflight schema` describes it.
//!
//! Paths and texts are written as UTF-8; one that is not stands there lossily, with its exact bytes beside it in
//! `<field>_base64`. Control and direction characters are written as `\u` escapes, so that the object is safe on
//! a terminal, too.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Counts, Format, View, escape};
use crate::diagnostic::{Coverage, Diagnostic, Edit, Fix, Location, NearMiss, Subject, Trouble};

pub(super) const FORMAT: Format =
    Format { name: "json", about: "For programs: one object, described by `preflight schema`", machine: true, write };

fn write(out: &mut dyn Write, view: &View<'_>) -> io::Result<()> {
    let diagnostics = Each(|| view.report.diagnostics.iter().map(diagnostic));
    let troubles = Each(|| view.report.troubles.iter().map(trouble));
    line(out, &Object { head: head(view), diagnostics, troubles })
}

#[derive(Serialize)]
struct Object<D: Serialize, T: Serialize> {
    #[serde(flatten)]
    head: Map<String, Value>,
    diagnostics: D,
    troubles: T,
}

/// An array whose values are made one at a time: all at once, those of a broken tree of a million files would not fit
/// into memory.
pub(super) struct Each<F>(pub(super) F);

impl<F: Fn() -> I, I: Iterator<Item = Value>> Serialize for Each<F> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// Writes a value as one line.
pub(super) fn line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Safe);
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// Compact JSON in which nothing that is invisible stands raw.
struct Safe;

impl serde_json::ser::Formatter for Safe {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(escape::hidden) {
            let (plain, tail) = rest.split_at(at);
            out.write_all(plain.as_bytes())?;
            let mut tail = tail.chars();
            for unit in tail.next().into_iter().flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec()) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = tail.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

/// All but the diagnostics and troubles.
pub(super) fn head(view: &View<'_>) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("schema".into(), "preflight-report/1".into());
    object.insert("tool".into(), json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")}));
    put(&mut object, "root", &view.report.root);
    object.insert("view".into(), json!({"kind": view.report.view.kind, "revision": view.report.view.revision}));
    object.insert("summary".into(), summary(view));
    object
}

fn summary(view: &View<'_>) -> Value {
    let Coverage { indexed, scanned, lexical, skipped, references } = view.report.coverage;
    let counts = Counts::of(view.report);
    json!({
        "files": {"indexed": indexed, "scanned": scanned, "lexical": lexical, "skipped": skipped},
        "references": {
            "found": references.found, "resolved": references.resolved, "external": references.external,
            "dynamic": references.dynamic, "outside": references.outside, "guarded": references.guarded,
            "missing": {"reported": references.reported, "open": references.open, "exempt": references.exempt},
        },
        "diagnostics": {
            "error": counts.error, "warning": counts.warning, "note": counts.note,
            "waived": counts.waived, "baselined": counts.baselined,
        },
        "troubles": view.report.troubles.len(),
        "exit": view.exit as u8,
    })
}

pub(super) fn diagnostic(one: &Diagnostic) -> Value {
    let mut object = Map::new();
    object.insert("code".into(), one.code.into());
    object.insert("severity".into(), one.severity.name().into());
    object.insert("status".into(), json!(one.status));
    object.insert("waiver".into(), json!(one.excuse));
    object.insert("message".into(), one.message.as_str().into());
    object.insert("help".into(), one.help.as_deref().into());
    put(&mut object, "file", &one.file);
    object.insert("span".into(), one.location.as_ref().map_or(Value::Null, span));
    object.insert("reference".into(), one.subject.as_ref().map_or(Value::Null, reference));
    put_all(&mut object, "tried", &one.tried);
    object.insert("near_misses".into(), one.near_misses.iter().map(near_miss).collect());
    object.insert("more".into(), one.more.into());
    object.insert("fix".into(), one.fix.as_ref().map_or(Value::Null, fix));
    object.insert("fingerprint".into(), one.fingerprint.as_str().into());
    Value::Object(object)
}

fn span(location: &Location) -> Value {
    json!({
        "start": location.span.start, "end": location.span.end, "line": location.line, "column": location.column,
        "end_line": location.end_line, "end_column": location.end_column,
    })
}

fn reference(subject: &Subject) -> Value {
    let mut object = Map::new();
    object.insert("language".into(), subject.language.into());
    object.insert("construct".into(), subject.construct.into());
    object.insert("namespace".into(), subject.namespace.into());
    put(&mut object, "text", &subject.text);
    match &subject.target {
        Some(target) => put(&mut object, "target", target),
        None => _ = object.insert("target".into(), Value::Null),
    }
    object.insert("base".into(), json!(subject.base));
    object.insert("strength".into(), json!(subject.strength));
    object.insert("guarded".into(), subject.guarded.into());
    Value::Object(object)
}

fn near_miss(near: &NearMiss) -> Value {
    let mut object = Map::new();
    put(&mut object, "path", &near.path);
    object.insert("difference".into(), near.difference.name().into());
    object.insert("cost".into(), near.cost.into());
    object.insert("rival".into(), near.rival.into());
    Value::Object(object)
}

fn fix(fix: &Fix) -> Value {
    let edits: Vec<Value> = fix.edits.iter().map(edit).collect();
    let renames: Vec<Value> = fix.renames.iter().map(rename).collect();
    json!({"applicability": fix.applicability, "edits": edits, "renames": renames})
}

fn edit(edit: &Edit) -> Value {
    let mut object = Map::new();
    put(&mut object, "file", &edit.file);
    object.insert("start".into(), edit.span.start.into());
    object.insert("end".into(), edit.span.end.into());
    put(&mut object, "new", &edit.new);
    Value::Object(object)
}

fn rename((from, to): &(Vec<u8>, Vec<u8>)) -> Value {
    let mut object = Map::new();
    put(&mut object, "from", from);
    put(&mut object, "to", to);
    Value::Object(object)
}

pub(super) fn trouble(trouble: &Trouble) -> Value {
    let mut object = Map::new();
    put(&mut object, "path", &trouble.path);
    object.insert("what".into(), trouble.what.as_str().into());
    Value::Object(object)
}

/// Bytes as text; where they are not UTF-8, exactly beside it.
fn put(object: &mut Map<String, Value>, field: &str, bytes: &[u8]) {
    object.insert(field.into(), String::from_utf8_lossy(bytes).into());
    if std::str::from_utf8(bytes).is_err() {
        object.insert(format!("{field}_base64"), STANDARD.encode(bytes).into());
    }
}

/// A list of bytes as texts; where one is not UTF-8, all of them exactly beside it.
fn put_all(object: &mut Map<String, Value>, field: &str, all: &[Vec<u8>]) {
    object.insert(field.into(), all.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect());
    if all.iter().any(|bytes| std::str::from_utf8(bytes).is_err()) {
        object.insert(format!("{field}_base64"), all.iter().map(|bytes| STANDARD.encode(bytes)).collect());
    }
}
