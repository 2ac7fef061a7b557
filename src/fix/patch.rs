//! A patch for `git apply` and for GNU patch (git-diff, "Generating patch text with -p").
//!
//! git leaves blanks in names bare: any trimming breaks one at the end, and GNU patch ends a name at one in the
//! middle. Here every name with a blank, and with whatever cannot be seen or is not ASCII, is quoted, with octal
//! escapes for blanks at the ends, which both programs read.
//! Knowingly not said: renames of folders (a patch knows files only), and files with a NUL.

use std::fmt::Write;

use super::{Change, Emitted, Emitter, Entry, Plan, Why, diff};

/// The emitter.
pub const EMITTER: Emitter = Emitter {
    name: "patch",
    about: "a patch for `git apply` at the top of a repository, or `patch -p1` in the tree",
    write,
};

/// What a reader of the file must know: elsewhere git finds nothing to do, and ends well.
const HEAD: &[u8] =
    b"# For `patch -p1` in the tree, or `git apply` at the top of its repository, with `--directory=FOLDER`\n\
    # where the tree is a folder of it.\n";

fn write(plan: &Plan) -> Emitted {
    let Emitted { text, refusals } = body(plan);
    Emitted { text: [HEAD, &text].concat(), refusals }
}

/// The patch alone.
#[must_use]
pub fn body(plan: &Plan) -> Emitted {
    let mut out = Emitted::default();
    for change in &plan.changes {
        let to =
            plan.renames.iter().find(|rename| rename.from == change.path).map_or(&change.path, |rename| &rename.to);
        if change.old.contains(&0) || change.new.contains(&0) {
            out.refuse(&change.path, "a text patch cannot hold a NUL");
        } else {
            changed(change, to, &mut out);
        }
    }
    for rename in &plan.renames {
        let is_changed = plan.changes.iter().any(|change| change.path == rename.from);
        match rename.entry {
            Entry::Directory => out.refuse(&rename.from, "a patch cannot rename a folder"),
            _ if is_changed => {}
            _ => renamed((&rename.from, &rename.to), 100, &rename.why, &mut out),
        }
    }
    out
}

fn changed(change: &Change, to: &[u8], out: &mut Emitted) {
    if change.path == to {
        head(&change.path, to, &change.why, out);
    } else {
        renamed((&change.path, to), 99, &change.why, out);
    }
    out.line(format!("--- {}", quoted("a/", &change.path)));
    out.line(format!("+++ {}", quoted("b/", to)));
    out.text.extend_from_slice(&diff::hunks(&change.old, &change.new));
}

/// `similarity` is for people; 100 says that the bytes stay.
fn renamed((from, to): (&[u8], &[u8]), similarity: u32, why: &[Why], out: &mut Emitted) {
    head(from, to, why, out);
    out.line(format!("similarity index {similarity}%"));
    out.line(format!("rename from {}", quoted("", from)));
    out.line(format!("rename to {}", quoted("", to)));
}

fn head(from: &[u8], to: &[u8], why: &[Why], out: &mut Emitted) {
    for one in why {
        out.line(format!("# {}", one.what));
    }
    out.line(format!("diff --git {} {}", quoted("a/", from), quoted("b/", to)));
}

/// A name as both programs read it back, byte for byte.
fn quoted(side: &str, path: &[u8]) -> String {
    let plain = |byte: &u8| (0x21..0x7F).contains(byte) && !b"\"\\".contains(byte);
    let at_an_end = |segment: &[u8]| segment.first() == Some(&b' ') || segment.last() == Some(&b' ');
    let blank = path.split(|&byte| byte == b'/').any(at_an_end);
    if path.iter().all(plain) {
        return format!("{side}{}", String::from_utf8_lossy(path));
    }
    let mut out = format!("\"{side}");
    for &byte in path {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' ' if !blank => out.push(' '),
            0x21..0x7F => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\{byte:03o}");
            }
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn names_are_quoted_where_trimming_or_a_terminal_would_change_them() {
        for (path, want) in [
            (&b"app/index.py"[..], "a/app/index.py"),
            (b"app/index.py ", "\"a/app/index.py\\040\""),
            (b"my app/x", "\"a/my app/x\""),
            (b" x/y", "\"a/\\040x/y\""),
            (b"a\n\"\\\xff", "\"a/a\\012\\\"\\\\\\377\""),
        ] {
            assert_eq!(quoted("a/", path), want);
        }
    }
}
