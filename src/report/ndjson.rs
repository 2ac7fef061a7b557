//! The diagnostics of the JSON report one a line, and a summary line last: for streams and line tools.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::{Format, View, json};

pub(super) const FORMAT: Format =
    Format { name: "ndjson", about: "For streams: one JSON object a line, the summary last", machine: true, write };

fn write(out: &mut dyn Write, view: &View<'_>) -> io::Result<()> {
    for diagnostic in &view.report.diagnostics {
        json::line(out, &json::diagnostic(diagnostic))?;
    }
    let mut summary = Map::from_iter([("type".to_owned(), Value::from("summary"))]);
    summary.extend(json::head(view));
    summary.insert("troubles".into(), view.report.troubles.iter().map(json::trouble).collect());
    json::line(out, &Value::Object(summary))
}
