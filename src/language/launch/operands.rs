//! Files that a command reads or makes, by its operands: they are not run, and have to be there all the same.

use super::Word;
use crate::path;

/// What an operand is to its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It is read.
    Read,
    /// It is made, or written over.
    Made,
}

/// Programs that read what they are given, sorted; of those with `true` the last operand is made.
const READERS: [(&[u8], bool); 25] = [
    (b"awk", false),
    (b"cat", false),
    (b"chmod", false),
    (b"chown", false),
    (b"cp", true),
    (b"diff", false),
    (b"grep", false),
    (b"head", false),
    (b"install", true),
    (b"jq", false),
    (b"less", false),
    (b"ln", true),
    (b"md5sum", false),
    (b"more", false),
    (b"mv", true),
    (b"patch", false),
    (b"psql", false),
    (b"rsync", true),
    (b"scp", true),
    (b"sed", false),
    (b"sha256sum", false),
    (b"shellcheck", false),
    (b"sort", false),
    (b"tail", false),
    (b"wc", false),
];
/// Programs that make what they are given, sorted.
const MAKERS: [&[u8]; 4] = [b"mkdir", b"mkfifo", b"tee", b"touch"];
/// Extensions of what is mostly made by a build, and is not there before.
const BUILT: [&[u8]; 10] = [b"a", b"bin", b"exe", b"gz", b"log", b"o", b"pid", b"so", b"tmp", b"zip"];

/// Which words of a command are files that it uses, by their numbers.
#[must_use]
pub fn used(words: &[Word]) -> Vec<(usize, Use)> {
    let Some(program) = words.first().and_then(|word| word.text.as_deref()) else { return Vec::new() };
    let is_operand = |word: &Word| word.text.as_deref().is_none_or(|text| !text.starts_with(b"-"));
    let operands: Vec<usize> = (1..words.len()).filter(|&at| is_operand(&words[at])).collect();
    let program = path::name(program);
    if MAKERS.contains(&program) {
        return operands.into_iter().map(|at| (at, Use::Made)).collect();
    }
    let Some(row) = READERS.iter().find(|row| row.0 == program) else { return Vec::new() };
    let last = operands.last().copied().filter(|_| row.1);
    let read = |at: &usize| Some(*at) == last || names_file(&words[*at]);
    operands
        .iter()
        .filter(|at| read(at))
        .map(|&at| (at, if Some(at) == last { Use::Made } else { Use::Read }))
        .collect()
}

/// A word that looks like the name of a file which stands in the tree.
fn names_file(word: &Word) -> bool {
    let Some(text) = word.text.as_deref() else { return false };
    let extension = path::extension(text);
    let odd = |byte: &u8| b"*?|;:=,()[]{}<>\\\"' \n^$".contains(byte);
    !extension.is_empty() && !BUILT.contains(&extension.as_slice()) && !text.iter().any(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_commands_use() {
        assert!(READERS.is_sorted() && MAKERS.is_sorted());
        for (line, wanted) in [
            ("cp -r a.txt b/c.txt dest", &[(2, Use::Read), (3, Use::Read), (4, Use::Made)][..]),
            ("cat a.txt b", &[(1, Use::Read)]),
            ("sed -i s/a.b/c.d/g;p conf/x.yml", &[(3, Use::Read)]),
            ("tee out", &[(1, Use::Made)]),
            ("rm x.txt", &[]),
            ("ln -s conf/x.yml y.yml", &[(2, Use::Read), (3, Use::Made)]),
        ] {
            let word = |text: &str| Word { text: Some(text.into()), ..Word::default() };
            let words: Vec<Word> = line.split(' ').map(word).collect();
            assert_eq!(used(&words), wanted, "{line}");
        }
    }
}
