//! `preflight refs`: every reference with what became of it, one a line, for whoever asks why something was or was
//! not reported.

use std::io::{self, Write};

use super::escape;
use crate::diagnostic::Certainty;

/// One reference and what became of it.
#[derive(Clone, Debug)]
pub struct ReferenceLine {
    /// The file that holds it, relative to the root.
    pub file: Vec<u8>,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    /// The construct, such as `require_once`.
    pub construct: &'static str,
    /// The source text of the span.
    pub text: Vec<u8>,
    /// The paths that it was evaluated to, relative to the root; empty where it is not one.
    pub evaluation: Vec<Vec<u8>>,
    /// How sure the base is; `None` where nothing was looked up.
    pub certainty: Option<Certainty>,
    /// `resolved`, `missing`, or why it was not looked up.
    pub resolution: String,
}

/// Longest text of a reference that is shown, in bytes.
const TEXT: usize = 120;

/// Writes the references, one a line.
///
/// # Errors
/// Whatever the stream says.
pub fn write(out: &mut dyn Write, lines: &[ReferenceLine]) -> io::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{}", show(line)))
}

fn show(line: &ReferenceLine) -> String {
    let text = line.text.get(..TEXT).unwrap_or(&line.text);
    let cut = if text.len() < line.text.len() { "…" } else { "" };
    let paths: Vec<String> = line.evaluation.iter().map(|path| format!("`{}`", escape::name(path))).collect();
    let paths = if paths.is_empty() { String::new() } else { format!(" -> {}", paths.join(" | ")) };
    let certainty = match line.certainty {
        Some(Certainty::Certain) => " (certain)",
        Some(Certainty::Likely) => " (likely)",
        Some(Certainty::Open) => " (open)",
        None => "",
    };
    format!(
        "{}:{}:{}: {} `{}{cut}`{paths}{certainty}: {}",
        escape::name(&line.file),
        line.line,
        line.column,
        line.construct,
        escape::name(text),
        escape::line(&line.resolution)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_safe_and_whole() {
        let line = ReferenceLine {
            file: b"a ".to_vec(),
            line: 3,
            column: 7,
            construct: "require",
            text: b"'x\x1b'".to_vec(),
            evaluation: vec![b"x".to_vec(), b"lib/x".to_vec()],
            certainty: Some(Certainty::Likely),
            resolution: "missing".into(),
        };
        assert_eq!(show(&line), "a\\x20:3:7: require `'x\\x1b'` -> `x` | `lib/x` (likely): missing");
    }
}
