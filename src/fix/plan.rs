//! From diagnostics to a plan: which of their fixes are wanted, and which of those fit together.
//!
//! The odd side is mended. A diagnostic's own fix says which that is, but for one case that only shows over all of
//! them: where several references ask for a name that nothing has, and none for the name that is there, the file is
//! the odd one (configs, 9.1). Nothing here touches the disk.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::{Change, Entry, Plan, Refusal, Rename, Why};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Severity, Status, show};
use crate::path;

/// References that ask for the same missing name before the file counts as the odd one.
const MAJORITY: usize = 3;

/// What mends one finding, or several that have one cause; it is done whole or not at all.
#[derive(Clone, Debug)]
pub struct Mend {
    /// Replacements in sources.
    pub edits: Vec<Edit>,
    /// Renames, `(from, to)`.
    pub renames: Vec<(Vec<u8>, Vec<u8>)>,
    /// The findings.
    pub why: Vec<Why>,
    /// Whether a rename may lead to another folder: only where a person said so.
    pub moves: bool,
    /// What to do where this would do harm: the other side.
    pub instead: Vec<Mend>,
}

/// The tree that a plan is made for.
#[derive(Clone, Copy)]
pub struct Standing<'t> {
    /// Every entry, by path.
    pub entries: &'t BTreeMap<Vec<u8>, Entry>,
    /// Reads a file whole; `None` where it cannot be read.
    pub read: &'t dyn Fn(&[u8]) -> Option<Vec<u8>>,
}

/// A finding and the fix that it carries.
type Fixable<'d> = (&'d Diagnostic, &'d Fix);

/// The mends of what counts, and how many were held back because a person should look first. `is_used` tells
/// whether any reference names an entry as it is called now.
#[must_use]
pub fn mends(diagnostics: &[Diagnostic], review: bool, is_used: &dyn Fn(&[u8]) -> bool) -> (Vec<Mend>, usize) {
    let active = diagnostics.iter().filter(|one| one.status == Status::Active);
    let fixable: Vec<Fixable<'_>> = active.filter_map(|one| Some((one, one.fix.as_ref()?))).collect();
    let (odd, mut alone) = odd_files(fixable, is_used);
    let mut all: Vec<(Applicability, Mend)> = odd.into_iter().map(|mend| (Applicability::Review, mend)).collect();
    alone.sort_by_key(|(one, _)| (&one.file, one.location.as_ref().map(|location| location.span)));
    all.extend(alone.into_iter().map(|(one, fix)| (applicability(one, fix), mend(one, fix))));
    all.retain(|(applicability, _)| *applicability != Applicability::Display);
    let before = all.len();
    all.retain(|(applicability, _)| review || *applicability == Applicability::Safe);
    let held_back = before - all.len();
    (all.into_iter().map(|(_, mend)| mend).collect(), held_back)
}

/// What is only a note is in nobody's way: it is mended where somebody asks for all there is.
fn applicability(diagnostic: &Diagnostic, fix: &Fix) -> Applicability {
    match (diagnostic.severity, fix.applicability) {
        (Severity::Note, Applicability::Safe) => Applicability::Review,
        (_, applicability) => applicability,
    }
}

/// Renames of the files whose own name is the odd one by majority; and what is left.
fn odd_files<'d>(fixable: Vec<Fixable<'d>>, is_used: &dyn Fn(&[u8]) -> bool) -> (Vec<Mend>, Vec<Fixable<'d>>) {
    let mut together: BTreeMap<(&[u8], &[u8]), Vec<Fixable<'d>>> = BTreeMap::new();
    let (mut odd, mut alone) = (Vec::new(), Vec::new());
    for (diagnostic, fix) in fixable {
        match sides(diagnostic, fix) {
            Some(sides) => together.entry(sides).or_default().push((diagnostic, fix)),
            None => alone.push((diagnostic, fix)),
        }
    }
    for ((missing, there), group) in together {
        if group.len() < MAJORITY || is_used(there) {
            alone.extend(group);
            continue;
        }
        let instead: Vec<Mend> = group.iter().map(|(one, fix)| mend(one, fix)).collect();
        let why = instead.iter().flat_map(|one| one.why.clone()).collect();
        let renames = vec![(there.to_vec(), missing.to_vec())];
        odd.push(Mend { edits: Vec::new(), renames, why, moves: false, instead });
    }
    (odd, alone)
}

/// The name that is asked for and the one that is there, where one could as well be made the other.
fn sides<'d>(diagnostic: &'d Diagnostic, fix: &Fix) -> Option<(&'d [u8], &'d [u8])> {
    let missing = diagnostic.subject.as_ref()?.target.as_deref()?;
    let there = diagnostic.near_misses.first()?.path.as_slice();
    let beside = path::parent(missing) == path::parent(there);
    (beside && fix.renames.is_empty()).then_some((missing, there))
}

fn mend(diagnostic: &Diagnostic, fix: &Fix) -> Mend {
    let (edits, renames) = (fix.edits.clone(), fix.renames.clone());
    let why = vec![Why { what: told(diagnostic), fingerprint: diagnostic.fingerprint.clone() }];
    Mend { edits, renames, why, moves: false, instead: Vec::new() }
}

fn told(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.location.as_ref().map(|at| format!(":{}:{}", at.line, at.column)).unwrap_or_default();
    let message: String = diagnostic.message.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    format!("{}{place}: {message}", show(&diagnostic.file))
}

/// Puts mends together; one that does not fit to those before it is refused.
#[must_use]
pub fn plan(mends: &[&Mend], tree: Standing<'_>) -> Plan {
    let mut draft = Draft { tree, edits: BTreeMap::new(), renames: BTreeMap::new(), why: BTreeMap::new() };
    let mut refusals = Vec::new();
    for mend in mends {
        if let Err(why) = draft.add(mend) {
            refusals.extend(mend.why.iter().map(|one| Refusal { what: one.what.clone(), why: why.clone() }));
        }
    }
    let mut plan = draft.finish();
    plan.refusals.append(&mut refusals);
    plan.refusals.sort();
    plan.refusals.dedup();
    plan
}

/// What fits together so far.
struct Draft<'t> {
    tree: Standing<'t>,
    edits: BTreeMap<Vec<u8>, Vec<Edit>>,
    renames: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Why a path is touched.
    why: BTreeMap<Vec<u8>, Vec<Why>>,
}

impl Draft<'_> {
    fn add(&mut self, mend: &Mend) -> Result<(), String> {
        for edit in &mend.edits {
            self.can_edit(edit)?;
        }
        for (from, to) in &mend.renames {
            self.can_rename(from, to, mend.moves)?;
        }
        for edit in &mend.edits {
            let edits = self.edits.entry(edit.file.clone()).or_default();
            if !edits.contains(edit) {
                edits.push(edit.clone());
            }
            self.note(&edit.file, &mend.why);
        }
        for (from, to) in &mend.renames {
            self.renames.insert(from.clone(), to.clone());
            self.note(from, &mend.why);
        }
        Ok(())
    }

    fn note(&mut self, path: &[u8], why: &[Why]) {
        let noted = self.why.entry(path.to_vec()).or_default();
        let new = |one: &&Why| !noted.contains(one);
        let why: Vec<Why> = why.iter().filter(new).cloned().collect();
        noted.extend(why);
    }

    fn can_edit(&self, edit: &Edit) -> Result<(), String> {
        match self.tree.entries.get(&edit.file) {
            Some(Entry::File) => {}
            Some(_) => return Err(format!("`{}` is no regular file", show(&edit.file))),
            None => return Err(format!("`{}` is not in the tree", show(&edit.file))),
        }
        let others = self.edits.get(&edit.file).map_or(&[][..], Vec::as_slice);
        let (start, end) = (edit.span.start, edit.span.end);
        let touches = |other: &&Edit| *other != edit && start <= other.span.end && other.span.start <= end;
        match others.iter().find(touches) {
            Some(_) => Err("another fix changes the same place".to_owned()),
            None => Ok(()),
        }
    }

    fn can_rename(&self, from: &[u8], to: &[u8], moves: bool) -> Result<(), String> {
        match self.tree.entries.get(from) {
            Some(Entry::Special) => return Err(format!("`{}` is no file", show(from))),
            Some(_) => {}
            None => return Err(format!("`{}` is not in the tree", show(from))),
        }
        if self.renames.get(from).is_some_and(|other| other != to) {
            return Err(format!("another fix renames `{}` otherwise", show(from)));
        }
        if self.renames.iter().any(|(other, taken)| taken == to && other != from) {
            return Err(format!("another fix takes the name `{}`", show(to)));
        }
        if path::parent(from) != path::parent(to) && !moves {
            return Err(format!("`{}` lies in another folder", show(to)));
        }
        if from == to {
            return Err("that is its name already".to_owned());
        }
        if matches!(path::name(to), b"" | b"." | b"..") || to.contains(&0) {
            return Err("that is no name".to_owned());
        }
        self.is_free(from, to)
    }

    /// Also under the rules of file systems that ignore case and Unicode form: what cannot be checked out
    /// everywhere is no mend.
    fn is_free(&self, from: &[u8], to: &[u8]) -> Result<(), String> {
        let directory = path::parent(to);
        if !directory.is_empty() && self.tree.entries.get(directory) != Some(&Entry::Directory) {
            return Err(format!("there is no folder `{}`", show(directory)));
        }
        let wanted = folded(path::name(to));
        let start = if directory.is_empty() { Vec::new() } else { [directory, b"/"].concat() };
        let siblings = self.tree.entries.range(start.clone()..).take_while(|(path, _)| path.starts_with(&start));
        let taken = |(path, _): &(&Vec<u8>, &Entry)| {
            path.as_slice() != from && path::parent(path) == directory && folded(path::name(path)) == wanted
        };
        match siblings.into_iter().find(taken) {
            Some((path, _)) if path == to => Err(format!("`{}` is there already", show(to))),
            Some((path, _)) => Err(format!("`{}` is there already and differs only in case or form", show(path))),
            None => Ok(()),
        }
    }

    fn finish(mut self) -> Plan {
        let mut plan = Plan::default();
        for (path, mut edits) in std::mem::take(&mut self.edits) {
            edits.sort_by_key(|edit| edit.span);
            let why = self.why.get(&path).cloned().unwrap_or_default();
            match (self.tree.read)(&path).and_then(|old| Some((edited(&old, &edits)?, old))) {
                Some((new, old)) => plan.changes.push(Change { path, old, new, edits, why }),
                None => plan.refusals.extend(
                    why.into_iter().map(|why| Refusal { what: why.what, why: "the file has changed meanwhile".into() }),
                ),
            }
        }
        for (from, to) in self.renames.into_iter().rev() {
            let entry = self.tree.entries.get(&from).copied().unwrap_or(Entry::Special);
            let why = self.why.get(&from).cloned().unwrap_or_default();
            plan.renames.push(Rename { from, to, entry, why });
        }
        plan
    }
}

fn folded(name: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(name) {
        Ok(name) => name.nfd().flat_map(char::to_lowercase).nfc().collect::<String>().into_bytes(),
        Err(_) => name.to_ascii_lowercase(),
    }
}

/// The bytes after sorted edits, done from the last to the first so that offsets hold; `None` where one does not
/// fit.
fn edited(old: &[u8], edits: &[Edit]) -> Option<Vec<u8>> {
    let mut new = old.to_vec();
    for edit in edits.iter().rev() {
        let range = edit.span.start as usize..edit.span.end as usize;
        if range.start > range.end || range.end > old.len() {
            return None;
        }
        new.splice(range, edit.new.iter().copied());
    }
    Some(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn edit(start: usize, end: usize, new: &str) -> Edit {
        Edit { file: b"a".to_vec(), span: Span::new(start, end), new: new.into() }
    }

    fn mend(edits: Vec<Edit>, renames: &[(&str, &str)]) -> Mend {
        let renames = renames.iter().map(|(from, to)| (from.as_bytes().to_vec(), to.as_bytes().to_vec())).collect();
        let why = vec![Why { what: "a finding".into(), fingerprint: String::new() }];
        Mend { edits, renames, why, moves: false, instead: Vec::new() }
    }

    fn planned(paths: &[&str], mends: &[Mend]) -> Plan {
        let entry = |path: &&str| match path.strip_suffix('/') {
            Some(path) => (path.as_bytes().to_vec(), Entry::Directory),
            None => (path.as_bytes().to_vec(), Entry::File),
        };
        let entries: BTreeMap<Vec<u8>, Entry> = paths.iter().map(entry).collect();
        let read = |_: &[u8]| Some(b"0123456789".to_vec());
        plan(&mends.iter().collect::<Vec<_>>(), Standing { entries: &entries, read: &read })
    }

    #[test]
    fn edits_are_done_together_and_conflicts_refused() {
        let edits = |list: Vec<Edit>| list.into_iter().map(|edit| mend(vec![edit], &[])).collect::<Vec<_>>();
        let done = planned(&["a"], &edits(vec![edit(1, 2, "x"), edit(8, 9, ""), edit(1, 2, "x"), edit(4, 4, "++")]));
        assert_eq!((done.changes[0].new.as_slice(), done.refusals.len()), (b"0x23++45679".as_slice(), 0));
        let done = planned(&["a"], &edits(vec![edit(1, 4, "x"), edit(3, 5, "y"), edit(20, 21, "")]));
        assert!(done.changes.is_empty(), "an edit beyond the end means that the file changed");
        assert_eq!(done.refusals.len(), 2);
    }

    #[test]
    fn a_rename_needs_a_free_place() {
        for (paths, from, to, why) in [
            (&["x ", "x"][..], "x ", "x", "is there already"),
            (&["x ", "X"], "x ", "x", "differs only in case or form"),
            (&["x ", "d/"], "x ", "d/x", "another folder"),
            (&["y"], "x", "z", "not in the tree"),
        ] {
            let done = planned(paths, &[mend(Vec::new(), &[(from, to)])]);
            assert!(done.is_empty() && done.refusals[0].why.contains(why), "{:?}", done.refusals);
        }
        let two = [mend(Vec::new(), &[("x ", "x")]), mend(Vec::new(), &[("x  ", "x")])];
        assert_eq!(planned(&["x ", "x  "], &two).refusals.len(), 1);
        assert_eq!(planned(&["X"], &[mend(Vec::new(), &[("X", "x")])]).renames.len(), 1);
    }

    #[test]
    fn what_lies_deeper_is_renamed_first() {
        let done = planned(
            &["d /", "d /x ", "d /y"],
            &[mend(Vec::new(), &[("d ", "d")]), mend(Vec::new(), &[("d /x ", "d /x")])],
        );
        let order: Vec<&[u8]> = done.renames.iter().map(|rename| rename.from.as_slice()).collect();
        assert_eq!(order, [b"d /x ".as_slice(), b"d "]);
        assert_eq!((done.place(b"d /x "), done.place(b"d /y")), (b"d/x".to_vec(), b"d/y".to_vec()));
    }
}
