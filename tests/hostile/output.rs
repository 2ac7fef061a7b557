//! What reaches a terminal: names and sources may hold anything, the output holds no raw control character.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use libtest_mimic::Failed;
use preflight::report::FORMATS;
use tempfile::TempDir;

use crate::parsed::parsed;
use crate::watched::{Ran, run};

/// Every trial of this file.
pub const TRIALS: &[(&str, fn() -> Result<(), Failed>)] = &[
    ("text", text),
    ("concise", concise),
    ("colour", colour),
    ("json", json),
    ("every-format", every_format),
    ("troubles", troubles),
];

/// Escape sequences, line ends, direction characters and broken UTF-8, in names and beside findings.
fn tree() -> Result<TempDir, Failed> {
    let tree = tempfile::tempdir()?;
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\r\u{202e}\u{9b}31m\u{85}";
    let names: [&[u8]; 4] = [b"\x1b[31mred.php", b"new\nline.php", b"bell\x07\x9b.php", b"\xc2\x9b2Jc1.php"];
    for name in names {
        let source = format!("<?php /* {evil} */ require __DIR__ . '/Real.php'; // {evil}\n");
        fs::write(tree.path().join(OsStr::from_bytes(name)), source)?;
    }
    fs::write(tree.path().join("real.php"), "<?php")?;
    let page = format!("<img src='{evil}.png'><img src='{}.png'>", "x\u{200b}");
    fs::write(tree.path().join("page.html"), page)?;
    fs::write(tree.path().join("x.png"), "")?;
    Ok(tree)
}

fn clean(bytes: &[u8]) -> Result<(), Failed> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("output is not UTF-8: {error}"))?;
    let raw = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    match text.char_indices().find(|&(_, c)| raw(c)) {
        None => Ok(()),
        Some((at, c)) => {
            let around: String = text[..at].chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
            Err(format!("raw U+{:04X} after {around:?}", u32::from(c)).into())
        }
    }
}

fn both_clean(ran: &Ran) -> Result<(), Failed> {
    clean(&ran.stdout)?;
    clean(&ran.stderr)?;
    ran.expect(1)
}

fn text() -> Result<(), Failed> {
    both_clean(&run(tree()?.path(), &["--color", "never", "."])?)
}

fn concise() -> Result<(), Failed> {
    both_clean(&run(tree()?.path(), &["--format", "concise", "--color", "never", "."])?)
}

/// Its own colours are the only escape sequences.
fn colour() -> Result<(), Failed> {
    let ran = run(tree()?.path(), &["--color", "always", "."])?;
    let mut rest = ran.stdout.as_slice();
    let mut plain = Vec::new();
    while let Some(at) = rest.iter().position(|&byte| byte == 0x1b) {
        plain.extend_from_slice(&rest[..at]);
        let end = rest[at..].iter().position(|&byte| byte == b'm').ok_or("an escape sequence without end")?;
        let sequence = &rest[at + 1..at + end];
        let colour = sequence
            .strip_prefix(b"[")
            .is_some_and(|codes| codes.iter().all(|byte| byte.is_ascii_digit() || *byte == b';'));
        if !colour {
            return Err(format!("an escape sequence that is no colour: {:?}", String::from_utf8_lossy(sequence)).into());
        }
        rest = &rest[at + end + 1..];
    }
    plain.extend_from_slice(rest);
    clean(&plain)
}

/// JSON escapes control characters; the text of a source is kept whole behind the escapes.
fn json() -> Result<(), Failed> {
    let ran = run(tree()?.path(), &["--format", "json", "."])?;
    let raw = ran.stdout.iter().find(|&&byte| byte < 0x20 && byte != b'\n');
    if let Some(raw) = raw {
        return Err(format!("raw byte {raw:#04x}").into());
    }
    ran.report()?;
    ran.expect(1)
}

/// Names that are markup, commands, links and mentions for somebody, beside those that are no text.
const MARKUP: [&[u8]; 12] = [
    b"::error::x.php",
    b"a,b=c:d%0A.php",
    b"]]><!--.php",
    b"<img src=x>.php",
    b"`@everyone`.php",
    b"```\n.php",
    b"[x](javascript:y).php",
    b"|a|b|.php",
    b"{{ x }}${{ y }}.php",
    b"https:\\x.php",
    b"\xff\xfe.php",
    "\u{202e}php.\u{ffff}\u{feff}.php".as_bytes(),
];

/// All formats of one run, on disk and on standard output: each is what its readers take, and shows nothing raw.
fn every_format() -> Result<(), Failed> {
    let tree = tree()?;
    fs::create_dir(tree.path().join("site"))?;
    for name in MARKUP {
        let source = [b"<?php require __DIR__ . '/", name, b"p'; require __DIR__ . '/Real.php';"].concat();
        fs::write(tree.path().join("site").join(OsStr::from_bytes(name)), source)?;
    }
    let outputs: Vec<String> = FORMATS.iter().map(|format| format!("--output={0}=../{0}.out", format.name)).collect();
    let folder = tempfile::tempdir()?;
    let site = folder.path().join("tree");
    fs::rename(tree.path(), &site)?;
    let mut args: Vec<&str> = outputs.iter().map(String::as_str).collect();
    args.extend(["--color", "never", "."]);
    run(&site, &args)?.expect(1)?;
    for format in FORMATS {
        let bytes = fs::read(folder.path().join(format!("{}.out", format.name)))?;
        clean(&bytes).map_err(|error| format!("{}: {}", format.name, error.message().unwrap_or_default()))?;
        let text = String::from_utf8(bytes)?;
        if text.lines().any(|line| line.trim_start().starts_with("::")) != (format.name == "github") {
            return Err(format!("{}: a line that GitHub would take for a command", format.name).into());
        }
        if format.name != "text" && format.name != "concise" && !text.contains("phpp") {
            return Err(format!("{}: nothing is reported", format.name).into());
        }
        parsed(format.name, &text).map_err(|error| format!("{}: {error}", format.name))?;
        let ran = run(&site, &["--format", format.name, "--color", "never", "."])?;
        ran.expect(1)?;
        if ran.stdout != text.as_bytes() {
            return Err(format!("{}: the file is not what standard output says", format.name).into());
        }
    }
    Ok(())
}

/// A path on the command line is somebody's input, too.
fn troubles() -> Result<(), Failed> {
    let ran = run(tree()?.path(), &["--color", "never", "not\u{1b}[31mthere"])?;
    clean(&ran.stderr)?;
    clean(&ran.stdout)?;
    ran.expect(2)
}
