//! A script for any POSIX shell, run with the root of the tree as its argument.
//!
//! Names that a terminal would not show as they are become `printf` escapes: the script is ASCII, and a reviewer
//! sees what it does. A file is edited only where it is, by its checksum, the file that was checked; what is
//! mended already is skipped, so that a second run changes nothing. (POSIX.1-2017, "Shell Command Language",
//! `printf`, `cksum`, `sed`.)

use super::{Emitted, Emitter, Plan, Why, sed};

/// The emitter.
pub const EMITTER: Emitter =
    Emitter { name: "sh", about: "a shell script that takes the root of the tree as its argument", write };

/// What every script begins with. `mv -n` is no help: it exits 0 where it did nothing.
const PROLOGUE: &str = r#"#!/bin/sh
# Mends the tree whose root is the first argument. Run again it changes nothing.
set -eu
LC_ALL=C
export LC_ALL
cd -- "${1:?usage: sh fix.sh ROOT}"

pf_mv() {
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then
    printf 'skip: %s is not there\n' "$3"
    return 0
  fi
  if [ -e "$2" ] || [ -L "$2" ]; then
    printf 'refuse: the place of %s is taken\n' "$3" >&2
    return 1
  fi
  mv -- "$1" "$2"
}

pf_edit() {
  pf_file=$1 pf_name=$2 pf_before=$3 pf_after=$4
  shift 4
  if [ ! -e "$pf_file" ] && [ ! -L "$pf_file" ]; then
    printf 'skip: %s is not there\n' "$pf_name"
    return 0
  fi
  if [ ! -f "$pf_file" ] || [ -L "$pf_file" ]; then
    printf 'refuse: %s is no regular file\n' "$pf_name" >&2
    return 1
  fi
  pf_now=$(cksum < "$pf_file")
  if [ "$pf_now" = "$pf_after" ]; then
    printf 'skip: %s is mended\n' "$pf_name"
    return 0
  fi
  if [ "$pf_now" != "$pf_before" ]; then
    printf 'refuse: %s is not the file that was checked\n' "$pf_name" >&2
    return 1
  fi
  pf_new=$pf_file.preflight.$$
  (set -C && sed "$@" < "$pf_file" > "$pf_new")
  if [ "$(cksum < "$pf_new")" != "$pf_after" ]; then
    rm -f -- "$pf_new"
    printf 'refuse: this sed does not make the intended change of %s\n' "$pf_name" >&2
    return 1
  fi
  cat < "$pf_new" > "$pf_file"
  rm -f -- "$pf_new"
}
"#;

fn write(plan: &Plan) -> Emitted {
    let mut out = Emitted { text: PROLOGUE.as_bytes().to_vec(), refusals: Vec::new() };
    for change in &plan.changes {
        let Some(rules) = sed::rules(change) else {
            out.refuse(&change.path, "no substitution makes exactly this change");
            continue;
        };
        comment(&change.why, &mut out);
        let mut words = Words::default();
        let file = words.add(&here(&change.path));
        let label = words.add(&label(&change.path));
        let sums = format!("'{}' '{}'", cksum(&change.old), cksum(&change.new));
        let rules: String = rules.iter().map(|rule| format!(" -e {}", words.add(&rule.command()))).collect();
        out.line(format!("{}pf_edit {file} {label} {sums}{rules}", words.lines));
    }
    for rename in &plan.renames {
        comment(&rename.why, &mut out);
        let mut words = Words::default();
        let (from, to) = (words.add(&here(&rename.from)), words.add(&here(&rename.to)));
        let label = words.add(&label(&rename.from));
        out.line(format!("{}pf_mv {from} {to} {label}", words.lines));
    }
    out
}

/// A relative path that no program takes for an option.
fn here(path: &[u8]) -> Vec<u8> {
    [b"./", path].concat()
}

/// A name for messages, in ASCII.
fn label(path: &[u8]) -> Vec<u8> {
    let blank = |byte: &u8, at: usize| *byte == b' ' && (at == 0 || at + 1 == path.len());
    let one =
        |(at, byte): (usize, &u8)| if blank(byte, at) { "\\x20".to_owned() } else { byte.escape_ascii().to_string() };
    path.iter().enumerate().map(one).collect::<String>().into_bytes()
}

fn comment(why: &[Why], out: &mut Emitted) {
    out.line("");
    why.iter().for_each(|one| out.line(format!("# {}", one.what)));
}

/// Words of one command; those that need it are assigned in lines before it.
#[derive(Default)]
struct Words {
    lines: String,
    assigned: usize,
}

impl Words {
    /// A word that the shell reads as these bytes.
    fn add(&mut self, bytes: &[u8]) -> String {
        let visible = |byte: &u8| (0x20..0x7F).contains(byte);
        if bytes.iter().all(visible) && bytes.trim_ascii() == bytes {
            return format!("'{}'", String::from_utf8_lossy(bytes).replace('\'', "'\\''"));
        }
        self.assigned += 1;
        // The `_` keeps newlines at the end, which a substitution would drop.
        self.lines += &format!("pf_{}=$(printf '%b_' '{}')\n", self.assigned, escaped(bytes));
        format!("\"${{pf_{}%_}}\"", self.assigned)
    }
}

fn escaped(bytes: &[u8]) -> String {
    let (front, back) = (bytes.len() - bytes.trim_ascii_start().len(), bytes.trim_ascii_end().len());
    let mut out = String::with_capacity(bytes.len() + 16);
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\'' => out.push_str("'\\''"),
            b' ' if (front..back).contains(&at) => out.push(' '),
            0x21..0x7F => out.push(char::from(byte)),
            _ => out += &format!("\\0{byte:03o}"),
        }
    }
    out
}

/// Checksum and length as `cksum` prints them (POSIX.1-2017, `cksum`: CRC-32 of ISO 8802-3, the length after the
/// bytes).
fn cksum(bytes: &[u8]) -> String {
    let mut length = bytes.len();
    let lengths = std::iter::from_fn(|| {
        let low = u8::try_from(length & 0xFF).ok().filter(|_| length > 0)?;
        length >>= 8;
        Some(low)
    });
    let crc = bytes.iter().copied().chain(lengths).fold(0_u32, |crc, byte| {
        (0..8)
            .fold(crc ^ u32::from(byte) << 24, |crc, _| if crc >> 31 == 1 { crc << 1 ^ 0x04C1_1DB7 } else { crc << 1 })
    });
    format!("{} {}", !crc, bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_cksum() {
        assert_eq!(cksum(b""), "4294967295 0");
        assert_eq!(cksum(b"hello\n"), "3015617425 6");
    }

    #[test]
    fn words_are_ascii() {
        let mut words = Words::default();
        assert_eq!(words.add(b"./it's"), "'./it'\\''s'");
        assert_eq!(words.add(b"./x "), "\"${pf_1%_}\"");
        assert_eq!(words.add("./é\n1".as_bytes()), "\"${pf_2%_}\"");
        assert_eq!(words.lines, "pf_1=$(printf '%b_' './x\\0040')\npf_2=$(printf '%b_' './\\0303\\0251\\00121')\n");
    }
}
