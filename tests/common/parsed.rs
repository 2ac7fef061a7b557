//! Reports read back by their readers' rules: real parsers where there are some, the published rules where not.
#![allow(dead_code, reason = "not every test that shares this uses all of it")]

use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

/// Whether a report is what the readers of its format take.
pub fn parsed(format: &str, text: &str) -> Result<(), String> {
    match format {
        "json" => json(text).map(drop),
        "ndjson" => text.lines().try_for_each(|line| json(line).map(drop)),
        "sarif" => sarif(&json(text)?),
        "gitlab" => gitlab(&json(text)?),
        "junit" => junit(text),
        "markdown" | "github-summary" => markdown(text),
        "github" => text.lines().try_for_each(github),
        "text" | "concise" => Ok(()),
        other => Err(format!("nothing reads {other}")),
    }
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn need(holds: bool, what: &str, value: &Value) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{what}: {value}")) }
}

/// What SARIF's schema and its text ask of the parts that are written here; the types are made of the schema.
fn sarif(log: &Value) -> Result<(), String> {
    serde_json::from_value::<serde_sarif::sarif::Sarif>(log.clone()).map_err(|error| error.to_string())?;
    need(log["version"] == "2.1.0", "version", log)?;
    let run = &log["runs"][0];
    need(run["tool"]["driver"]["name"] == "preflight", "driver", run)?;
    need(run["columnKind"] == "utf16CodeUnits", "columnKind", run)?;
    need(run["invocations"][0]["executionSuccessful"].is_boolean(), "invocation", run)?;
    let rules = run["tool"]["driver"]["rules"].as_array().ok_or("no rules")?;
    for result in run["results"].as_array().ok_or("no results")? {
        let rule = result["ruleIndex"].as_u64().and_then(|at| rules.get(at as usize));
        need(rule.is_some_and(|rule| rule["id"] == result["ruleId"]), "ruleIndex", result)?;
        let level = ["error", "warning", "note"].iter().any(|level| result["level"] == *level);
        need(level && result["message"]["text"].is_string(), "level or message", result)?;
        let related = result["relatedLocations"].as_array().into_iter().flatten();
        for location in result["locations"].as_array().into_iter().flatten().chain(related) {
            physical(&location["physicalLocation"])?;
        }
        for change in result["fixes"].as_array().into_iter().flatten().flat_map(|fix| fix["artifactChanges"].as_array())
        {
            change.iter().try_for_each(|change| uri(&change["artifactLocation"]))?;
        }
    }
    Ok(())
}

fn physical(place: &Value) -> Result<(), String> {
    uri(&place["artifactLocation"])?;
    let region = &place["region"];
    let number = |name: &str| region[name].as_u64().unwrap_or(0);
    let (start, end) = ((number("startLine"), number("startColumn")), (number("endLine"), number("endColumn")));
    need(region.is_null() || start >= (1, 1) && start <= end, "region", place)
}

/// RFC 3986: nothing but unreserved characters, separators and percent-encoded bytes; no scheme, no authority.
fn uri(artifact: &Value) -> Result<(), String> {
    let uri = artifact["uri"].as_str().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
    let encoded = uri.match_indices('%').all(|(at, _)| {
        uri.get(at + 1..at + 3).is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    });
    need(uri.chars().all(plain) && encoded && !uri.starts_with('/'), "uri", artifact)
}

/// The bytes of a percent-encoded path.
pub fn unpercent(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let digits = (byte == b'%').then(|| tail.get(..2)).flatten().and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(decoded) => (out.push(decoded), rest = &tail[2..]).1,
            None => (out.push(byte), rest = tail).1,
        }
    }
    out
}

/// GitLab's list of what an issue must have; equal fingerprints would be one issue.
fn gitlab(issues: &Value) -> Result<(), String> {
    let mut seen = std::collections::BTreeSet::new();
    for issue in issues.as_array().ok_or("no array")? {
        let word = |name: &str| issue[name].as_str().is_some_and(|text| !text.is_empty());
        need(word("description") && word("check_name") && word("fingerprint"), "a field is missing", issue)?;
        let severity = issue["severity"].as_str().unwrap_or_default();
        need(["info", "minor", "major", "critical", "blocker"].contains(&severity), "severity", issue)?;
        need(issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "line", issue)?;
        let path = issue["location"]["path"].as_str().unwrap_or_default();
        need(!path.is_empty() && !path.starts_with('/') && !path.starts_with("./"), "path", issue)?;
        seen.insert(issue["fingerprint"].to_string());
    }
    Ok(())
}

/// Well-formed, without a character that XML forbids, and its numbers are right.
fn junit(text: &str) -> Result<(), String> {
    use quick_xml::events::Event;
    if let Some(c) = text.chars().find(|&c| c < ' ' && !"\n\t\r".contains(c) || matches!(c, '\u{fffe}' | '\u{ffff}')) {
        return Err(format!("XML forbids U+{:04X}", u32::from(c)));
    }
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let (mut stated, mut counted, mut depth) = (Vec::new(), [0_usize; 4], 0_i32);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Eof => break,
            Event::End(_) => depth -= 1,
            Event::Start(element) => {
                depth += 1;
                let name = element.name().as_ref().to_owned();
                let slot = ["testcase", "failure", "error", "skipped"].iter().position(|known| *known == name);
                slot.into_iter().for_each(|slot| counted[slot] += 1);
                for attribute in element.attributes() {
                    let attribute = attribute.map_err(|error| error.to_string())?;
                    let key = attribute.key.as_ref().to_owned();
                    let value = attribute
                        .normalized_value(quick_xml::XmlVersion::Explicit1_0)
                        .map_err(|error| error.to_string())?;
                    if name == "testsuite" && key != "name" {
                        stated.push((key, value.parse::<usize>().map_err(|error| error.to_string())?));
                    }
                }
            }
            _ => {}
        }
    }
    let keys = ["tests", "failures", "errors", "skipped"].map(str::to_owned);
    let want: Vec<(String, usize)> = keys.into_iter().zip(counted).collect();
    if depth == 0 && stated == want { Ok(()) } else { Err(format!("depth {depth}, {stated:?}, counted {want:?}")) }
}

/// Nothing but words, lists and code: no markup, link or mention comes of a name.
fn markdown(text: &str) -> Result<(), String> {
    let mut code = 0;
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code += 1,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => code -= 1,
            Event::Start(
                Tag::Paragraph | Tag::Heading { .. } | Tag::List(_) | Tag::Item | Tag::Strong | Tag::HtmlBlock,
            ) => {}
            Event::Start(tag) => return Err(format!("{tag:?}")),
            Event::Html(html) if html.trim() == "<!-- preflight -->" => {}
            Event::Html(html) | Event::InlineHtml(html) => return Err(format!("HTML: {html}")),
            Event::Text(text) if code == 0 => {
                let odd = ["@", "#", "://", "www.", "\u{202e}", "\u{1b}"].iter().find(|odd| text.contains(**odd));
                if let Some(odd) = odd {
                    return Err(format!("{odd:?} in {text:?}"));
                }
            }
            Event::Text(_) | Event::Code(_) | Event::End(_) | Event::SoftBreak => {}
            other => return Err(format!("{other:?}")),
        }
    }
    Ok(())
}

/// As the runner reads a line: a command, its properties, and a message.
fn github(line: &str) -> Result<(), String> {
    let Some(command) = line.strip_prefix("::") else {
        return if line.starts_with("preflight: ") { Ok(()) } else { Err(format!("a line of its own: {line}")) };
    };
    let (head, message) = command.split_once("::").ok_or("no message")?;
    let (name, properties) = head.split_once(' ').ok_or("no property")?;
    if !["error", "warning", "notice"].contains(&name) || message.is_empty() {
        return Err(format!("no annotation: {line}"));
    }
    for property in properties.split(',') {
        let (key, value) = property.split_once('=').ok_or("no value")?;
        let number = ["line", "endLine", "col", "endColumn"].contains(&key);
        if number && value.parse::<u32>().is_err()
            || !number && !["file", "title"].contains(&key)
            || value.contains(':')
        {
            return Err(format!("an odd property: {property}"));
        }
    }
    Ok(())
}
