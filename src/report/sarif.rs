//! SARIF 2.1.0, the exchange format of analysers: code scanning on GitHub, and many viewers, read it.
//!
//! One result a finding, as viewers show them beside the lines and compare them one by one. What is waived or in the
//! baseline stays, marked as suppressed. Columns are UTF-16 units, as `columnKind` says; paths are URIs relative to
//! `%SRCROOT%`, the checkout, with every byte that is not plain percent-encoded, so that no name is lost. Fixes are
//! byte ranges, with lines and columns where these are known; a rename cannot be said and is left to the message.
//! (OASIS, "Static Analysis Results Interchange Format Version 2.1.0", sections by number below.)

use std::fmt::Write as _;
use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::json::{self as object, Each};
use super::{Format, View, escape};
use crate::diagnostic::{
    Applicability, CODES, Code, Diagnostic, Edit, Fix, Location, NearMiss, Status, Trouble, Written,
};

pub(super) const FORMAT: Format =
    Format { name: "sarif", about: "For code scanning: SARIF 2.1.0", machine: true, write };

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

fn write(out: &mut dyn Write, view: &View<'_>) -> io::Result<()> {
    let report = view.report;
    // Where one result tells its state against the baseline all must (3.27.24).
    let compared = report.diagnostics.iter().any(|one| one.status == Status::Baselined);
    let rules: Vec<Value> = CODES.iter().map(rule).collect();
    let notifications: Vec<Value> = report.troubles.iter().map(notification).collect();
    let run = Run {
        tool: json!({"driver": {
            "name": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        }}),
        invocations: json!([{
            "executionSuccessful": report.troubles.is_empty(),
            "exitCode": view.exit as u8,
            "toolExecutionNotifications": notifications,
        }]),
        column_kind: "utf16CodeUnits",
        results: Each(|| report.diagnostics.iter().map(|one| result(view, one, compared))),
    };
    object::line(out, &Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

/// The log file (3.13).
#[derive(Serialize)]
struct Log<R: Serialize> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [R; 1],
}

/// The run (3.14).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<R: Serialize> {
    tool: Value,
    invocations: Value,
    column_kind: &'static str,
    results: R,
}

/// A code (3.49).
fn rule(code: &Code) -> Value {
    json!({
        "id": code.name,
        "shortDescription": {"text": code.summary},
        "fullDescription": {"text": code.explanation},
        "help": {"text": code.explanation},
        "defaultConfiguration": {"level": code.severity.name()},
    })
}

/// A trouble (3.58).
fn notification(trouble: &Trouble) -> Value {
    let text = match trouble.path.as_slice() {
        b"" => escape::line(&trouble.what).into_owned(),
        path => format!("{}: {}", escape::name(path), escape::line(&trouble.what)),
    };
    json!({"level": "error", "message": {"text": unlinked(&text)}})
}

/// A finding (3.27).
fn result(view: &View<'_>, one: &Diagnostic, compared: bool) -> Value {
    let mut result = Map::new();
    result.insert("ruleId".into(), one.code.into());
    if let Ok(at) = CODES.binary_search_by(|code| code.name.cmp(one.code)) {
        result.insert("ruleIndex".into(), at.into());
    }
    result.insert("level".into(), one.severity.name().into());
    result.insert("message".into(), json!({"text": message(one)}));
    result.insert(
        "locations".into(),
        json!([location(view, &one.file, one.location.as_ref().map(|at| region(at, one)))]),
    );
    let related: Vec<Value> = one.near_misses.iter().map(|near| related(view, near)).collect();
    if !related.is_empty() {
        result.insert("relatedLocations".into(), related.into());
    }
    if one.more > 0 {
        result.insert("occurrenceCount".into(), (1 + one.more).into());
    }
    result.insert("partialFingerprints".into(), json!({"preflight/v1": one.fingerprint}));
    if compared {
        let state = if one.status == Status::Baselined { "unchanged" } else { "new" };
        result.insert("baselineState".into(), state.into());
    }
    result.insert("suppressions".into(), suppressions(one));
    if let Some(fix) = one.fix.as_ref().and_then(|fix| self::fix(view, one, fix)) {
        result.insert("fixes".into(), json!([fix]));
    }
    Value::Object(result)
}

/// What is wrong and what to do, as sentences: where space is short the first is shown alone (3.11.3).
fn message(one: &Diagnostic) -> String {
    let mut text = escape::line(&one.message).into_owned();
    if let Some(help) = &one.help {
        let help = escape::line(help);
        let mut letters = help.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        text += ". ";
        text.extend(first.into_iter().chain(letters));
        text.push('.');
    }
    unlinked(&text)
}

/// `[text](target)` is a link in a message (3.11.6), and a name may hold one.
fn unlinked(text: &str) -> String {
    text.replace("](", "\\](")
}

/// What keeps a finding from counting (3.35).
fn suppressions(one: &Diagnostic) -> Value {
    let reason = one.excuse.as_ref().map_or("waived", |excuse| excuse.reason.as_str());
    let (kind, justification) = match (one.status, one.excuse.as_ref().map(|excuse| excuse.written)) {
        (Status::Active, _) => return json!([]),
        (Status::Waived, Some(Written::Comment)) => ("inSource", reason),
        (Status::Waived, _) => ("external", reason),
        (Status::Baselined, _) => ("external", "in the baseline"),
    };
    json!([{"kind": kind, "status": "accepted", "justification": escape::line(justification)}])
}

fn location(view: &View<'_>, file: &[u8], region: Option<Value>) -> Value {
    let mut physical = Map::from_iter([("artifactLocation".to_owned(), artifact(view, file))]);
    if let Some(region) = region {
        physical.insert("region".into(), region);
    }
    json!({"physicalLocation": physical})
}

fn related(view: &View<'_>, near: &NearMiss) -> Value {
    let mut location = location(view, &near.path, None);
    location["message"] = json!({"text": format!("probably meant ({})", near.difference.name())});
    location
}

/// Where a file is (3.4): relative to the checkout, which whoever reads the report knows.
fn artifact(view: &View<'_>, file: &[u8]) -> Value {
    json!({"uri": uri(&view.seen(file)), "uriBaseId": "%SRCROOT%"})
}

/// A path as a relative URI; a colon in its first segment would make a scheme of it.
fn uri(path: &[u8]) -> String {
    let mut out = String::with_capacity(path.len() + 8);
    for &byte in path {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => _ = write!(out, "%{byte:02X}"),
        }
    }
    out
}

/// The span (3.30), as lines and columns and as bytes.
fn region(at: &Location, one: &Diagnostic) -> Value {
    let mut region = json!({
        "startLine": at.line,
        "startColumn": at.utf16.column,
        "endLine": at.end_line,
        "endColumn": at.utf16.end_column,
        "byteOffset": at.span.start,
        "byteLength": at.span.end.saturating_sub(at.span.start),
    });
    if let Some(subject) = &one.subject {
        region["snippet"] = json!({"text": String::from_utf8_lossy(&subject.text)});
    }
    region
}

/// What may be applied (3.55); `None` where it is for the eye only, or where edits alone would do harm.
fn fix(view: &View<'_>, one: &Diagnostic, fix: &Fix) -> Option<Value> {
    if fix.applicability == Applicability::Display || fix.edits.is_empty() || !fix.renames.is_empty() {
        return None;
    }
    let changes: Vec<Value> = fix
        .edits
        .chunk_by(|a, b| a.file == b.file)
        .map(|edits| {
            let replacements: Vec<Value> = edits.iter().map(|edit| replacement(edit, one)).collect();
            json!({"artifactLocation": edits.first().map(|edit| artifact(view, &edit.file)), "replacements": replacements})
        })
        .collect();
    let mut object = json!({"artifactChanges": changes, "properties": {"applicability": fix.applicability}});
    if let Some(help) = &one.help {
        object["description"] = json!({"text": unlinked(&escape::line(help))});
    }
    Some(object)
}

/// One replacement (3.57).
fn replacement(edit: &Edit, one: &Diagnostic) -> Value {
    let content = match std::str::from_utf8(&edit.new) {
        Ok(text) => json!({"text": text}),
        Err(_) => json!({"binary": STANDARD.encode(&edit.new)}),
    };
    let mut region = json!({
        "byteOffset": edit.span.start,
        "byteLength": edit.span.end.saturating_sub(edit.span.start),
    });
    if let Some((start, end)) = text_region(edit, one) {
        region["startLine"] = start.0.into();
        region["startColumn"] = start.1.into();
        region["endLine"] = end.0.into();
        region["endColumn"] = end.1.into();
    }
    json!({"deletedRegion": region, "insertedContent": content})
}

/// Line and column of both ends of an edit; known where it lies within the span of the finding.
fn text_region(edit: &Edit, one: &Diagnostic) -> Option<((u32, u32), (u32, u32))> {
    let (location, subject) = (one.location.as_ref()?, one.subject.as_ref()?);
    let length = location.span.end.checked_sub(location.span.start)?;
    if edit.file != one.file || subject.text.len() != length as usize {
        return None;
    }
    let place = |offset: u32| {
        let before = subject.text.get(..offset.checked_sub(location.span.start)? as usize)?;
        let line = memchr::memchr_iter(b'\n', before).count();
        let last = memchr::memrchr(b'\n', before).map_or(before, |at| &before[at + 1..]);
        let units = String::from_utf8_lossy(last).encode_utf16().count();
        let column = if line == 0 { location.utf16.column } else { 1 };
        Some((location.line + u32::try_from(line).ok()?, column + u32::try_from(units).ok()?))
    };
    Some((place(edit.span.start)?, place(edit.span.end)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_keeps_every_byte() {
        assert_eq!(uri(b"a b/c:\xff%\n.php "), "a%20b/c%3A%FF%25%0A.php%20");
        assert_eq!(uri("é".as_bytes()), "%C3%A9");
    }

    #[test]
    fn a_name_is_no_link() {
        assert_eq!(unlinked("`[x](http://y)`"), "`[x\\](http://y)`");
    }
}
