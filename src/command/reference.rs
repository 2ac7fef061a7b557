//! What the program knows and prints: codes, languages, the schema, completions, the man page.

use std::io::{self, Write};

use clap::CommandFactory;
use preflight::cli::Cli;
use preflight::diagnostic::{CODES, Code, code};
use preflight::exit::Exit;
use preflight::language::LANGUAGES;
use preflight::report::SCHEMA;
use preflight::triage::nearest_code;

use super::complain;

/// Says what a code means; without one, lists all.
pub fn explain(name: Option<&str>, out: &mut dyn Write) -> io::Result<Exit> {
    let Some(name) = name else {
        let width = CODES.iter().map(|code| code.name.len()).max().unwrap_or_default();
        for code in CODES {
            writeln!(out, "{:width$}  {}", code.name, code.summary)?;
        }
        return Ok(Exit::Clean);
    };
    let Some(code) = code(name) else {
        let near = nearest_code(name).map(|near| format!("; the nearest is `{}`", near.name)).unwrap_or_default();
        complain(&format!("`{name}` is no code{near}"));
        return Ok(Exit::Trouble);
    };
    write_code(code, out)?;
    Ok(Exit::Clean)
}

fn write_code(code: &Code, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} ({} at its worst): {}\n", code.name, code.severity.name(), code.summary)?;
    for line in wrap(code.explanation, 80) {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "\nTo allow it in one place, write this in a comment on the line above:")?;
    writeln!(out, "  preflight: allow({}) and why", code.name)
}

/// Words in lines of at most `width` characters, where words let them.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Lists the languages as the table that the README holds.
pub fn languages(out: &mut dyn Write) -> io::Result<Exit> {
    writeln!(out, "| language | read | knowingly not |\n|---|---|---|")?;
    for language in LANGUAGES {
        writeln!(out, "| {} | {} | {} |", language.name, language.reads, language.leaves)?;
    }
    Ok(Exit::Clean)
}

/// Prints the JSON Schema of the report.
pub fn schema(out: &mut dyn Write) -> io::Result<Exit> {
    out.write_all(SCHEMA.as_bytes())?;
    Ok(Exit::Clean)
}

/// Prints completions.
pub fn completions(shell: clap_complete::Shell, out: &mut dyn Write) -> io::Result<Exit> {
    // The generator panics where it cannot write, so it writes to memory.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "preflight", &mut text);
    out.write_all(&text)?;
    Ok(Exit::Clean)
}

/// Prints the man page.
pub fn man(out: &mut dyn Write) -> io::Result<Exit> {
    clap_mangen::Man::new(Cli::command()).render(&mut &mut *out)?;
    Ok(Exit::Clean)
}
