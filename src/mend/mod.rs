//! What a fix would do to the tree, found out before it does: every plan is checked again in memory.
//!
//! [`crate::fix`] sees diagnostics only; here its plans meet the check. A mend that would create a finding, or
//! after which a reference that is satisfied today would not be, is dropped, and the others are kept.

mod rename;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Report, Status, show};
use crate::fix::{self, Entry, Mend, Plan, Refusal, Standing};
use crate::listing::Listed;
use crate::tree::{Kind, Overlay, Tree};

pub use rename::rename;

/// Most plans that are checked; each takes as long as a check.
const MAX_TRIALS: usize = 96;

/// The check of a tree, and of what a plan makes of it.
#[derive(Clone, Copy)]
pub struct Judge<'j> {
    /// The tree as it is.
    pub tree: &'j dyn Tree,
    /// Checks a tree: settled, nothing folded.
    pub check: &'j dyn Fn(&dyn Tree) -> Report,
    /// Lists the references of a tree.
    pub references: &'j dyn Fn(&dyn Tree) -> Vec<Listed>,
}

/// What would mend a tree.
#[derive(Debug)]
pub struct Mended {
    /// What is done; refused is what does not fit, or would do harm.
    pub plan: Plan,
    /// Mends that a person should look at first.
    pub held_back: usize,
    /// The report on the tree as it is.
    pub before: Report,
    /// The report on the tree as it will be.
    pub after: Report,
}

/// Plans what mends a tree.
#[must_use]
pub fn mend(judge: &Judge<'_>, review: bool) -> Mended {
    let ground = Ground::new(judge);
    let listed = std::cell::OnceCell::new();
    let used = |path: &[u8]| {
        let used = listed.get_or_init(|| ground.listed().iter().filter_map(|one| one.target.clone()).collect());
        BTreeSet::contains(used, path)
    };
    let (mut mends, held_back) = fix::mends(&ground.before.diagnostics, review, &used);
    for mend in &mut mends {
        ground.follow(mend, &used);
    }
    let (accepted, mut refusals, after) = ground.settle(mends);
    let mut plan = ground.plan(&accepted);
    plan.refusals.append(&mut refusals);
    plan.refusals.sort();
    plan.refusals.dedup();
    let after = after.unwrap_or_else(|| ground.before.clone());
    Mended { plan, held_back, after, before: ground.before }
}

/// A tree on which plans are tried.
struct Ground<'j> {
    judge: &'j Judge<'j>,
    listing: crate::tree::Listing,
    entries: BTreeMap<Vec<u8>, Entry>,
    before: Report,
    listed: std::cell::OnceCell<Vec<Listed>>,
}

impl<'j> Ground<'j> {
    fn new(judge: &'j Judge<'j>) -> Self {
        let listing = judge.tree.list();
        let kind = |kind: &Kind| match kind {
            Kind::File => Entry::File,
            Kind::Directory => Entry::Directory,
            Kind::Symlink(_) => Entry::Link,
            Kind::Special | Kind::Submodule => Entry::Special,
        };
        let mut entries: BTreeMap<Vec<u8>, Entry> =
            listing.entries.iter().map(|entry| (entry.path.clone(), kind(&entry.kind))).collect();
        // A tree in memory need not list the folders that its paths imply.
        for path in listing.entries.iter().flat_map(|entry| crate::path::ancestors(crate::path::parent(&entry.path))) {
            if !path.is_empty() && !entries.contains_key(path) {
                entries.insert(path.to_vec(), Entry::Directory);
            }
        }
        let before = (judge.check)(judge.tree);
        Ground { judge, listing, entries, before, listed: std::cell::OnceCell::new() }
    }

    fn listed(&self) -> &[Listed] {
        self.listed.get_or_init(|| (self.judge.references)(self.judge.tree))
    }

    /// Who names a file as it is called now is edited with its rename, where all of them can be.
    fn follow(&self, mend: &mut Mend, is_used: &dyn Fn(&[u8]) -> bool) {
        for (from, to) in mend.renames.iter().filter(|(from, _)| is_used(from)) {
            mend.edits.extend(rename::edits(self, from, to).unwrap_or_default());
        }
    }

    fn plan(&self, mends: &[Mend]) -> Plan {
        let read = |path: &[u8]| self.judge.tree.read(path, usize::MAX - 1).ok();
        let mends: Vec<&Mend> = mends.iter().collect();
        fix::plan(&mends, Standing { entries: &self.entries, read: &read })
    }

    /// Takes as many together as do no harm; what does is halved until it is alone.
    fn settle(&self, mends: Vec<Mend>) -> (Vec<Mend>, Vec<Refusal>, Option<Report>) {
        let (mut accepted, mut refusals, mut after): (Vec<Mend>, Vec<Refusal>, _) = (Vec::new(), Vec::new(), None);
        let mut waiting = vec![mends];
        let mut trials = 0;
        while let Some(group) = waiting.pop() {
            if group.is_empty() {
                continue;
            }
            trials += 1;
            let together = [accepted.clone(), group.clone()].concat();
            let judged = match trials <= MAX_TRIALS {
                true => self.harm(&self.plan(&together)),
                false => Err("too many others do harm; mend those first".to_owned()),
            };
            match (judged, group.as_slice()) {
                (Ok(report), _) => {
                    accepted = together;
                    after = Some(report);
                }
                (Err(_), [one]) if !one.instead.is_empty() => waiting.push(one.instead.clone()),
                (Err(why), [one]) => {
                    refusals.extend(one.why.iter().map(|one| Refusal { what: one.what.clone(), why: why.clone() }));
                }
                (Err(_), _) if trials <= MAX_TRIALS => {
                    let (front, back) = group.split_at(group.len() / 2);
                    waiting.extend([back.to_vec(), front.to_vec()]);
                }
                (Err(_), _) => waiting.extend(group.into_iter().map(|one| vec![one])),
            }
        }
        (accepted, refusals, after)
    }

    /// The report on the tree after a plan, or what is wrong with it.
    fn harm(&self, plan: &Plan) -> Result<Report, String> {
        let overlay = self.overlay(plan);
        let after = (self.judge.check)(&overlay);
        if let Some(new) = self.created(plan, &after) {
            return Err(format!("it would lead to: {}", new.message));
        }
        // What no scanner reads any more is not mended.
        if after.coverage.references.found < self.before.coverage.references.found {
            return Err("it would hide a reference".to_owned());
        }
        match self.broken(plan, &overlay).first() {
            Some(broken) => Err(format!("{} would no longer be found from {}", broken.target, broken.place)),
            None => Ok(after),
        }
    }

    fn overlay(&self, plan: &Plan) -> Overlay<'_> {
        let mut overlay = Overlay::new(self.judge.tree, &self.listing.entries, |path| plan.place(path));
        plan.changes.iter().for_each(|change| overlay.change(&change.path, &change.new));
        overlay
    }

    /// A finding that is there only after a plan. What the plan mends must be gone, too.
    fn created<'r>(&self, plan: &Plan, after: &'r Report) -> Option<&'r Diagnostic> {
        let mended: BTreeSet<&str> = self.mended(plan).map(|one| one.fingerprint.as_str()).collect();
        let mut known: BTreeMap<Key, usize> = BTreeMap::new();
        for one in active(&self.before) {
            let left = 1 + one.more - usize::from(mended.contains(one.fingerprint.as_str()));
            *known.entry(key(one, |path| plan.place(path))).or_default() += left;
        }
        active(after).find(|one| {
            let left = known.entry(key(one, <[u8]>::to_vec)).or_default();
            let new = 1 + one.more > *left;
            *left = left.saturating_sub(1 + one.more);
            new
        })
    }

    /// The findings that a plan mends.
    fn mended(&self, plan: &Plan) -> impl Iterator<Item = &Diagnostic> + use<'_> {
        let whys = plan.changes.iter().flat_map(|change| &change.why);
        let whys = whys.chain(plan.renames.iter().flat_map(|rename| &rename.why));
        let mended: BTreeSet<String> = whys.map(|why| why.fingerprint.clone()).collect();
        active(&self.before).filter(move |one| mended.contains(&one.fingerprint))
    }

    /// References that are satisfied now and would not lead to the same file after a plan. Edits alone touch only
    /// what is not satisfied; a rename may take a file from somebody. Whoever made do with another file (the next
    /// source of a font, the package of a module) until the one that is asked for has its name is none of them.
    fn broken(&self, plan: &Plan, overlay: &Overlay<'_>) -> Vec<Broken> {
        if plan.renames.is_empty() {
            return Vec::new();
        }
        let asked_for: BTreeSet<&[u8]> =
            self.mended(plan).filter_map(|one| one.subject.as_ref()?.target.as_deref()).collect();
        let after = (self.judge.references)(overlay);
        let mut by_file: BTreeMap<&[u8], Vec<&Listed>> = BTreeMap::new();
        after.iter().for_each(|one| by_file.entry(&one.file).or_default().push(one));
        let mut broken = Vec::new();
        for group in self.listed().chunk_by(|a, b| a.file == b.file) {
            let Some(first) = group.first() else { continue };
            let now = by_file.get(plan.place(&first.file).as_slice()).map_or(&[][..], Vec::as_slice);
            for (at, before) in group.iter().enumerate() {
                let Some(target) = &before.target else { continue };
                let place = plan.place(target);
                let same = |one: &&Listed| {
                    one.target.as_ref().is_some_and(|now| *now == place || asked_for.contains(now.as_slice()))
                };
                if now.len() != group.len() || !now.get(at).is_some_and(same) {
                    broken.push(Broken::of(before, target));
                }
            }
        }
        broken
    }
}

/// A reference that a plan would break.
struct Broken {
    place: String,
    target: String,
}

impl Broken {
    fn of(listed: &Listed, target: &[u8]) -> Self {
        let at = &listed.location;
        let place = format!("{}:{}:{}", show(&listed.file), at.line, at.column);
        Broken { place, target: format!("`{}`", show(target)) }
    }
}

/// What makes two findings the same, whatever was edited around them.
type Key = (Vec<u8>, &'static str, Option<Vec<u8>>, Option<Vec<u8>>);

fn key(one: &Diagnostic, place: impl Fn(&[u8]) -> Vec<u8>) -> Key {
    let subject = one.subject.as_ref();
    let target = subject.and_then(|subject| subject.target.as_deref()).map(&place);
    (place(&one.file), one.code, target, subject.map(|subject| subject.text.clone()))
}

fn active(report: &Report) -> impl Iterator<Item = &Diagnostic> {
    report.diagnostics.iter().filter(|one| one.status == Status::Active)
}
