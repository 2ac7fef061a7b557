//! Typos planted in a copy of a clean tree on disk, for `preflight fix` to take back byte for byte.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use preflight::Listed;
use preflight::diagnostic::Certainty;
use preflight::options::Options;
use preflight::tree::{Kind as EntryKind, Tree};

use super::place::Place;
use super::spoil::Kind;
use super::tree::{Base, Spoiled};
use super::{Busy, Draw, Mutation, check, noticed, place, reported, score::Outcome, variants};

/// Typos of one tree.
const PLANTED: usize = 20;
/// Of these at most, names of files.
const NAMES: usize = 4;

/// Plants typos in a copy, has them fixed, and compares.
///
/// # Errors
/// What is not as it was.
pub fn plant_and_fix(base: &Base, seed: u64) -> Result<(), Failed> {
    let mutations = planted(base, seed);
    if mutations.len() < PLANTED {
        return Err(format!("only {} typos could be planted", mutations.len()).into());
    }
    let folder = tempfile::tempdir()?;
    write(&Spoiled::new(base, &mutations), folder.path())?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_preflight"));
    let said = command.args(["fix", "--apply", "--include-review"]).arg(folder.path()).output()?;
    let about = format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    let typos: Vec<String> = mutations.iter().map(described).collect();
    let differences = differences(base, folder.path())?;
    if !differences.is_empty() {
        return Err(format!("{about}\nnot as it was: {differences:#?}\nof {typos:#?}").into());
    }
    match said.status.code() {
        Some(0) => Ok(()),
        code => Err(format!("exit {code:?}: {about}").into()),
    }
}

/// Typos that are told, at references that can be edited and whose base is not open; those in names are such that the
/// name itself is odd, as of two good names the one that is asked for once is no better than the other.
fn planted(base: &Base, seed: u64) -> Vec<Mutation> {
    let options = Options::default();
    let clean = Spoiled::clean(base);
    let mut listed = preflight::references(&clean, &options);
    listed.retain(|one| one.certainty > Certainty::Open);
    let mut draw = Draw::new(seed);
    let places = place::all(base, &listed, &reported(&check(&clean, &options)));
    // An import binds the name that it imports: to change it there would leave its uses behind.
    let editable = |place: &&Place| {
        let (start, end) = (place.name.start as u32, place.name.end as u32);
        let holds = |one: &Listed| one.file == place.file && one.tail.start <= start && end <= one.tail.end;
        listed.iter().any(holds)
    };
    let places = places.iter().filter(editable);
    let mut all: Vec<Mutation> = places.flat_map(|place| variants(base, place, &mut draw)).collect();
    draw.shuffle(&mut all);
    let odd = |kind| matches!(kind, Kind::TrailingSpace | Kind::LeadingSpace | Kind::Invisible | Kind::Extension);
    all.retain(|mutation| !mutation.rename || odd(mutation.kind));
    let (mut busy, mut chosen) = (Busy::default(), Vec::new());
    // A renamed file keeps others out of its folder, so that references come first; where names run out, again.
    for (rename, most) in [(false, PLANTED - NAMES), (true, PLANTED), (false, PLANTED)] {
        for mutation in all.iter().filter(|mutation| mutation.rename == rename) {
            if chosen.len() < most && busy.admits(mutation) && is_told(base, mutation, &options) {
                chosen.push(mutation.clone());
            }
        }
    }
    chosen
}

fn is_told(base: &Base, mutation: &Mutation, options: &Options) -> bool {
    let spoiled = Spoiled::new(base, std::slice::from_ref(mutation));
    let report = check(&spoiled, options);
    let told = spoiled.told(&report, mutation).map(|diagnostic| noticed(mutation, diagnostic));
    matches!(told, Some(Outcome::Told { right: true, .. }))
}

fn described(mutation: &Mutation) -> String {
    let place = &mutation.place;
    let text = |bytes: &[u8]| bytes.escape_ascii().to_string();
    let (side, right) = if mutation.rename { ("name", place.target_name()) } else { ("reference", place.written()) };
    format!("{side} {} for {} in {}:{}", text(&mutation.name), text(right), text(&place.file), place.line)
}

fn write(tree: &Spoiled<'_>, folder: &Path) -> Result<(), Failed> {
    let mut entries = tree.list().entries;
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    for entry in entries {
        let full = folder.join(OsStr::from_bytes(&entry.path));
        match entry.kind {
            EntryKind::Directory => std::fs::create_dir_all(full)?,
            EntryKind::Symlink(target) => symlink(OsStr::from_bytes(&target), full)?,
            _ => std::fs::write(full, tree.read(&entry.path, usize::MAX - 1)?)?,
        }
    }
    Ok(())
}

fn differences(base: &Base, folder: &Path) -> Result<Vec<String>, Failed> {
    let now = Base::read(folder)?;
    let entries = |base: &Base| -> BTreeMap<Vec<u8>, EntryKind> {
        base.entries().iter().map(|entry| (entry.path.clone(), entry.kind.clone())).collect()
    };
    let (was, is) = (entries(base), entries(&now));
    let mut all: Vec<&Vec<u8>> = was.keys().chain(is.keys()).collect();
    all.sort();
    all.dedup();
    let differs = |path: &&&Vec<u8>| was.get(**path) != is.get(**path) || base.bytes(path) != now.bytes(path);
    Ok(all.iter().filter(differs).map(|path| path.escape_ascii().to_string()).collect())
}
