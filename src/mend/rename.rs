//! A file gets another name, and every reference to it the new one; or nothing happens.

use std::collections::BTreeMap;

use super::{Broken, Ground, Judge};
use crate::diagnostic::{Edit, show};
use crate::fix::{Entry, Mend, Plan, Refusal, Why};
use crate::language::spelling::{Reach, Written};

/// Plans to rename a file of the tree.
///
/// # Errors
/// What keeps it from being done whole: a name that is taken, a reference that cannot be edited, or one that would
/// not find its file afterwards (such as those of a moved file, which start from its folder).
pub fn rename(judge: &Judge<'_>, old: &[u8], new: &[u8]) -> Result<Plan, Vec<Refusal>> {
    let ground = Ground::new(judge);
    let about = || format!("`{}`", show(old));
    match ground.entries.get(old) {
        Some(Entry::File | Entry::Link) => {}
        Some(_) => return Err(vec![Refusal { what: about(), why: "only files are renamed".to_owned() }]),
        None => return Err(vec![Refusal { what: about(), why: "it is not in the tree".to_owned() }]),
    }
    let edits = edits(&ground, old, new)?;
    let what = format!("`{}` becomes `{}`", show(old), show(new));
    let why = vec![Why { what, fingerprint: String::new() }];
    let renames = vec![(old.to_vec(), new.to_vec())];
    let plan = ground.plan(&[Mend { edits, renames, why, moves: true, instead: Vec::new() }]);
    if !plan.refusals.is_empty() {
        return Err(plan.refusals);
    }
    let overlay = ground.overlay(&plan);
    let broken = ground.broken(&plan, &overlay);
    if !broken.is_empty() {
        return Err(broken.into_iter().map(unfound).collect());
    }
    let after = (judge.check)(&overlay);
    match ground.created(&plan, &after) {
        Some(one) => Err(vec![Refusal { what: about(), why: format!("it would lead to: {}", one.message) }]),
        None => Ok(plan),
    }
}

fn unfound(broken: Broken) -> Refusal {
    Refusal { what: broken.place, why: format!("{} would no longer be found from there", broken.target) }
}

/// The edits of every reference to a file.
pub(super) fn edits(ground: &Ground<'_>, old: &[u8], new: &[u8]) -> Result<Vec<Edit>, Vec<Refusal>> {
    let (mut edits, mut refusals) = (Vec::new(), Vec::new());
    let mut sources: BTreeMap<&[u8], Vec<u8>> = BTreeMap::new();
    for one in ground.listed().iter().filter(|one| one.target.as_deref() == Some(old)) {
        let source = sources
            .entry(&one.file)
            .or_insert_with(|| ground.judge.tree.read(&one.file, usize::MAX - 1).unwrap_or_default());
        let written = Written { source, tail: one.tail, language: one.language, namespace: one.namespace };
        match written.change(old, new, Reach::Anywhere) {
            // `index.html` of a folder, or a module that becomes a package, may be named without its name.
            Some((span, new)) if span.start == span.end && new.is_empty() => {}
            Some((span, new)) => edits.push(Edit { file: one.file.clone(), span, new }),
            None => refusals.push(Refusal {
                what: Broken::of(one, old).place,
                why: format!("`{}` cannot be edited there; a person must", show(&one.text)),
            }),
        }
    }
    edits.sort_by(|a, b| (&a.file, a.span).cmp(&(&b.file, b.span)));
    edits.dedup();
    if refusals.is_empty() { Ok(edits) } else { Err(refusals) }
}
