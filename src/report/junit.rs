//! JUnit's XML, which nearly every pipeline shows as test results: one test case a cause.
//!
//! What fails the gate is a failure; what does not, and what a person excused, is skipped with its message; a trouble
//! is an error. One case more says what was checked, so that a clean report is not an empty one. A suite is a tree, a
//! class a file. No times are given: the same input gives the same bytes.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Format, View, concise, escape, excerpt, text};
use crate::diagnostic::{Diagnostic, Severity, Status, Trouble, show};
use crate::triage::group::{Group, by_cause, target};

pub(super) const FORMAT: Format =
    Format { name: "junit", about: "For test reports of pipelines: JUnit's XML", machine: true, write };

/// Most characters of an attribute.
const LONGEST: usize = 2000;
/// Most other places of a cause that are named.
const PLACES: usize = 100;

/// One test case, before it is written.
struct Case {
    class: String,
    name: String,
    /// The file, and its line where there is one.
    place: Option<(String, Option<u32>)>,
    outcome: Outcome,
    message: String,
    kind: String,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Skipped,
    Failed,
    Broken,
}

fn write(out: &mut dyn Write, view: &View<'_>) -> io::Result<()> {
    let cases = cases(view);
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = counted(BytesStart::new("testsuites"), "preflight", &cases);
    xml.write_event(Event::Start(suites))?;
    let suite = counted(BytesStart::new("testsuite"), &show(&view.report.root), &cases);
    xml.write_event(Event::Start(suite))?;
    for case in &cases {
        self::case(&mut xml, case)?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    xml.get_mut().write_all(b"\n")
}

fn counted<'x>(mut element: BytesStart<'x>, name: &str, cases: &[Case]) -> BytesStart<'x> {
    let count = |outcome| cases.iter().filter(|case| case.outcome == outcome).count().to_string();
    element.push_attribute(("name", escape::line(name).as_ref()));
    element.push_attribute(("tests", cases.len().to_string().as_str()));
    element.push_attribute(("failures", count(Outcome::Failed).as_str()));
    element.push_attribute(("errors", count(Outcome::Broken).as_str()));
    element.push_attribute(("skipped", count(Outcome::Skipped).as_str()));
    element
}

fn case(xml: &mut Writer<&mut dyn Write>, case: &Case) -> io::Result<()> {
    let mut element = BytesStart::new("testcase");
    element.push_attribute(("classname", case.class.as_str()));
    element.push_attribute(("name", case.name.as_str()));
    if let Some((file, line)) = &case.place {
        element.push_attribute(("file", file.as_str()));
        if let Some(line) = line {
            element.push_attribute(("line", line.to_string().as_str()));
        }
    }
    xml.write_event(Event::Start(element))?;
    let tag = match case.outcome {
        Outcome::Passed => "system-out",
        Outcome::Skipped => "skipped",
        Outcome::Failed => "failure",
        Outcome::Broken => "error",
    };
    let mut inner = BytesStart::new(tag);
    if case.outcome != Outcome::Passed {
        inner.push_attribute(("message", case.message.as_str()));
    }
    if matches!(case.outcome, Outcome::Failed | Outcome::Broken) {
        inner.push_attribute(("type", case.kind.as_str()));
    }
    xml.write_event(Event::Start(inner))?;
    xml.write_event(Event::Text(BytesText::new(&case.text)))?;
    xml.write_event(Event::End(BytesEnd::new(tag)))?;
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}

fn cases(view: &View<'_>) -> Vec<Case> {
    let mut cases = vec![Case {
        class: "preflight".to_owned(),
        name: "what was checked".to_owned(),
        place: None,
        outcome: Outcome::Passed,
        message: String::new(),
        kind: String::new(),
        text: text::checked(&view.report.coverage),
    }];
    cases.extend(view.report.troubles.iter().map(trouble));
    for status in [Status::Active, Status::Waived, Status::Baselined] {
        let groups = by_cause(view.report.diagnostics.iter().filter(|one| one.status == status));
        cases.extend(groups.iter().filter_map(|group| finding(view, group)));
    }
    cases
}

fn trouble(trouble: &Trouble) -> Case {
    let what = escape::clipped(&escape::line(&trouble.what), LONGEST).into_owned();
    Case {
        class: "preflight".to_owned(),
        name: escape::clipped(&format!("read {}", escape::name(&trouble.path)), LONGEST).trim_end().to_owned(),
        place: None,
        outcome: Outcome::Broken,
        text: what.clone(),
        message: what,
        kind: "trouble".to_owned(),
    }
}

fn finding(view: &View<'_>, group: &Group<'_>) -> Option<Case> {
    let first = group.first()?;
    let clipped = |text: &str| escape::clipped(text, LONGEST).into_owned();
    let message = clipped(&escape::line(&first.message));
    let (outcome, prefix) = outcome(first, view.gate);
    let class = clipped(&escape::name(&first.file));
    Some(Case {
        name: clipped(&format!("{}: {}", first.code, escape::name(target(first)))),
        place: Some((
            clipped(&escape::name(&view.seen(&first.file))),
            first.location.as_ref().map(|location| location.line),
        )),
        outcome,
        message: format!("{prefix}{message}"),
        kind: first.code.to_owned(),
        text: told(group, &class),
        class,
    })
}

/// What fails the gate fails; what else is said says why it does not.
fn outcome(one: &Diagnostic, gate: Option<Severity>) -> (Outcome, &'static str) {
    let fails = gate.is_some_and(|gate| one.severity >= gate);
    match (one.status, one.severity) {
        (Status::Waived, _) => (Outcome::Skipped, "waived: "),
        (Status::Baselined, _) => (Outcome::Skipped, "in the baseline: "),
        (Status::Active, _) if fails => (Outcome::Failed, ""),
        (Status::Active, Severity::Error) => (Outcome::Skipped, "error, not a failure here: "),
        (Status::Active, Severity::Warning) => (Outcome::Skipped, "warning: "),
        (Status::Active, Severity::Note) => (Outcome::Skipped, "note: "),
    }
}

/// The excerpt, what to do, and the other places.
fn told(group: &Group<'_>, class: &str) -> String {
    let Some(first) = group.first() else { return String::new() };
    let mut text = match &first.location {
        Some(location) => format!("{class}:{}:{}\n", location.line, location.column),
        None => format!("{class}\n"),
    };
    if let Some(location) = &first.location {
        text += &excerpt::numbered(&location.excerpt);
    }
    if let Some(excuse) = &first.excuse {
        text += &format!("waived: {}\n", escape::clipped(&escape::line(&excuse.reason), LONGEST));
    }
    if let Some(help) = &first.help {
        text += &format!("help: {}\n", escape::clipped(&escape::line(help), LONGEST));
    }
    for other in group.members.iter().skip(1).take(PLACES) {
        text += &format!("also {}\n", escape::clipped(&concise::place(other), LONGEST));
    }
    let left = group.count().saturating_sub(group.members.len().min(PLACES + 1));
    if left > 0 {
        text += &format!("… and {left} more of this cause\n");
    }
    text
}
