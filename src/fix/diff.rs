//! The lines in which two versions of a file differ, as the hunks of a unified diff.
//!
//! By bytes, and by `\n` alone: a `\r` stays in its line, as git and patch have it.

use similar::{Algorithm, DiffOp, DiffTag};

/// Lines shown around each change.
const CONTEXT: usize = 3;

/// The hunks that make `new` of `old`; empty where they are equal.
#[must_use]
pub fn hunks(old: &[u8], new: &[u8]) -> Vec<u8> {
    let (old, new) = (lines(old), lines(new));
    let changes = similar::capture_diff_slices(Algorithm::Myers, &old, &new);
    let mut out = Vec::new();
    for group in similar::group_diff_ops(changes, CONTEXT) {
        hunk(&group, &old, &new, &mut out);
    }
    out
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|&byte| byte == b'\n').collect()
}

fn hunk(group: &[DiffOp], old: &[&[u8]], new: &[&[u8]], out: &mut Vec<u8>) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return };
    let from = range(first.old_range().start, last.old_range().end);
    let to = range(first.new_range().start, last.new_range().end);
    out.extend_from_slice(format!("@@ -{from} +{to} @@\n").as_bytes());
    for op in group {
        let (tag, before, after) = op.as_tag_tuple();
        let sign = if tag == DiffTag::Equal { b' ' } else { b'-' };
        before.filter_map(|at| old.get(at)).for_each(|text| line(sign, text, out));
        if tag != DiffTag::Equal {
            after.filter_map(|at| new.get(at)).for_each(|text| line(b'+', text, out));
        }
    }
}

/// Start and length; an empty range starts at the line before it.
fn range(start: usize, end: usize) -> String {
    match end.saturating_sub(start) {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        length => format!("{},{length}", start + 1),
    }
}

fn line(sign: u8, text: &[u8], out: &mut Vec<u8>) {
    out.push(sign);
    out.extend_from_slice(text);
    if !text.ends_with(b"\n") {
        out.extend_from_slice(b"\n\\ No newline at end of file\n");
    }
}

#[cfg(test)]
mod tests {
    use super::hunks;

    #[test]
    fn line_ends_are_kept() {
        assert_eq!(
            hunks(b"a\r\nb\rc", b"a\r\nb\rd"),
            b"@@ -1,2 +1,2 @@\n a\r\n-b\rc\n\\ No newline at end of file\n+b\rd\n\\ No newline at end of file\n"
        );
        assert_eq!(hunks(b"x\n", b"y\n"), b"@@ -1 +1 @@\n-x\n+y\n");
        assert_eq!(hunks(b"same", b"same"), b"");
    }
}
