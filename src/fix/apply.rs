//! The only writer: brings a plan to the disk.
//!
//! Everything is looked at before anything is written, and again right before it is: a file that has changed since
//! it was read, a link in place of a file or of a folder on the way to it, and a name that is taken end the run.
//! Folders are walked by handle from the root down without following links, so that nothing outside of the root
//! can be reached however the tree moves meanwhile. A file is written whole beside the old one, flushed, given its
//! mode and owner, and renamed over it: whoever is killed at any moment leaves the old file or the new one, never
//! a torn one. Knowingly not kept: hard links, and access lists beyond the mode.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::fs::{AtFlags, CWD, FlockOperation, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use super::{Change, Plan, Refusal, Rename};
use crate::diagnostic::show;
use crate::path;

/// What is being written, in the folder of the file whose place it takes. One run a tree writes at a time, so that
/// what a killed run left under this name can go.
const DRAFT: &str = ".preflight-fix.tmp";

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Files that were written and entries that were renamed.
    pub done: usize,
    /// What ended the run before it was through.
    pub failure: Option<Refusal>,
}

/// Brings a plan to the tree below `root`. It ends at the first thing that is not as it was planned.
#[must_use]
pub fn apply(root: &Path, plan: &Plan) -> Applied {
    let mut applied = Applied::default();
    if let Err(failure) = all(root, plan, &mut applied.done) {
        applied.failure = Some(failure);
    }
    applied
}

fn all(root: &Path, plan: &Plan, done: &mut usize) -> Result<(), Refusal> {
    let about = |path: &[u8]| format!("`{}`", show(path));
    let failed = |path: &[u8], why: String| Refusal { what: about(path), why };
    let tree =
        open(CWD, root.as_os_str().as_bytes(), OFlags::DIRECTORY).map_err(|why| failed(b".", why.to_string()))?;
    if rustix::fs::flock(&tree, FlockOperation::NonBlockingLockExclusive) == Err(Errno::WOULDBLOCK) {
        return Err(failed(b".", "another preflight is writing to this tree".to_owned()));
    }
    for change in &plan.changes {
        Place::of(&tree, &change.path)
            .and_then(|place| unchanged(&place, change))
            .map_err(|why| failed(&change.path, why))?;
    }
    for rename in &plan.renames {
        can_rename(&tree, rename).map_err(|why| failed(&rename.from, why))?;
    }
    for change in &plan.changes {
        write(&tree, change).map_err(|why| failed(&change.path, why))?;
        *done += 1;
    }
    for rename in &plan.renames {
        self::rename(root, &tree, rename).map_err(|why| failed(&rename.from, why))?;
        *done += 1;
    }
    Ok(())
}

/// A name in an open folder.
struct Place<'p> {
    folder: OwnedFd,
    name: &'p [u8],
}

impl<'p> Place<'p> {
    /// Walks down from the root; no step follows a link.
    fn of(tree: &OwnedFd, path: &'p [u8]) -> Result<Self, String> {
        let mut folder = tree.try_clone().map_err(said)?;
        for segment in path::segments(path::parent(path)) {
            if segment == b".." {
                return Err("it lies outside of the tree".to_owned());
            }
            folder = open(&folder, segment, OFlags::DIRECTORY)
                .map_err(|error| format!("`{}` on the way to it: {error}", show(segment)))?;
        }
        Ok(Place { folder, name: path::name(path) })
    }

    /// What stands there; a link is not followed.
    fn status(&self) -> Result<Option<rustix::fs::Stat>, String> {
        match rustix::fs::statat(&self.folder, self.name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(status) => Ok(Some(status)),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn open(folder: impl std::os::fd::AsFd, name: &[u8], flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let flags = flags | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    rustix::fs::openat(folder, name, flags, Mode::empty())
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The file, where it still holds what was planned for.
fn unchanged(place: &Place<'_>, change: &Change) -> Result<Metadata, String> {
    let file = File::from(open(&place.folder, place.name, OFlags::empty()).map_err(|error| match error {
        Errno::LOOP => "it is a link now".to_owned(),
        error => error.to_string(),
    })?);
    let about = file.metadata().map_err(said)?;
    if !about.is_file() {
        return Err("it is no regular file".to_owned());
    }
    let mut bytes = Vec::with_capacity(change.old.len());
    file.take(change.old.len() as u64 + 1).read_to_end(&mut bytes).map_err(said)?;
    if bytes != change.old {
        return Err("it has changed since it was read".to_owned());
    }
    Ok(about)
}

fn write(tree: &OwnedFd, change: &Change) -> Result<(), String> {
    let place = Place::of(tree, &change.path)?;
    let about = unchanged(&place, change)?;
    let written = draft(&place, &about, &change.new).and_then(|()| {
        let now = place.status()?.ok_or("it is gone")?;
        #[allow(clippy::unnecessary_cast, reason = "the width of these fields depends on the system")]
        let same = now.st_ino as u64 == about.ino()
            && now.st_size as u64 == about.size()
            && now.st_mtime as i64 == about.mtime()
            && now.st_mtime_nsec as i64 == about.mtime_nsec();
        if !same {
            return Err("it has changed since it was read".to_owned());
        }
        rustix::fs::renameat(&place.folder, DRAFT, &place.folder, place.name).map_err(said)
    });
    if written.is_err() {
        let _ = rustix::fs::unlinkat(&place.folder, DRAFT, AtFlags::empty());
    }
    written?;
    // Not every file system can flush a folder, and the file itself is whole either way.
    let _ = rustix::fs::fsync(&place.folder);
    Ok(())
}

/// Writes the new bytes beside the old, with the same mode and owner.
fn draft(place: &Place<'_>, about: &Metadata, bytes: &[u8]) -> Result<(), String> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let create = || rustix::fs::openat(&place.folder, DRAFT, flags, Mode::RUSR | Mode::WUSR);
    let file = match create() {
        Err(Errno::EXIST) => {
            rustix::fs::unlinkat(&place.folder, DRAFT, AtFlags::empty()).map_err(said)?;
            create()
        }
        other => other,
    };
    let mut file = File::from(file.map_err(said)?);
    file.write_all(bytes).map_err(said)?;
    let own = file.metadata().map_err(said)?;
    if (own.uid(), own.gid()) != (about.uid(), about.gid()) {
        fchown(&file, Some(about.uid()), Some(about.gid()))
            .map_err(|error| format!("its owner cannot be kept: {error}"))?;
    }
    file.set_permissions(std::fs::Permissions::from_mode(about.mode() & 0o7777)).map_err(said)?;
    file.sync_all().map_err(said)
}

/// What a rename needs to know of its two ends.
struct Ends<'p> {
    from: Place<'p>,
    to: Place<'p>,
    /// Both names lead to one file: the file system ignores case or Unicode form.
    same: bool,
}

fn can_rename<'p>(tree: &OwnedFd, rename: &'p Rename) -> Result<Ends<'p>, String> {
    let (from, to) = (Place::of(tree, &rename.from)?, Place::of(tree, &rename.to)?);
    let old = from.status()?.ok_or("it is gone")?;
    let same = match to.status()? {
        None => false,
        Some(new) if (new.st_dev, new.st_ino) == (old.st_dev, old.st_ino) && rename.from != rename.to => true,
        Some(_) => return Err(format!("`{}` is there already", show(&rename.to))),
    };
    Ok(Ends { from, to, same })
}

fn rename(root: &Path, tree: &OwnedFd, rename: &Rename) -> Result<(), String> {
    let ends = can_rename(tree, rename)?;
    if is_tracked(root, &rename.from) {
        return git_mv(root, rename, ends.same);
    }
    let Ends { from, to, same } = ends;
    if same {
        rename_at(&from, &Place { folder: from.folder.try_clone().map_err(said)?, name: DRAFT.as_bytes() })?;
        return rename_at(&Place { folder: from.folder, name: DRAFT.as_bytes() }, &to);
    }
    rename_at(&from, &to)
}

/// Never takes the place of something that appeared meanwhile, where the file system can promise that.
fn rename_at(from: &Place<'_>, to: &Place<'_>) -> Result<(), String> {
    match rustix::fs::renameat_with(&from.folder, from.name, &to.folder, to.name, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) if to.status()?.is_none() => {
            rustix::fs::renameat(&from.folder, from.name, &to.folder, to.name).map_err(said)
        }
        other => other.map_err(said),
    }
}

fn git(root: &Path, arguments: &[&str], paths: &[&[u8]]) -> Command {
    let mut command = crate::git::command(root);
    command.args(arguments).arg("--").args(paths.iter().map(|path| OsStr::from_bytes(path)));
    command.stdout(Stdio::null());
    command
}

/// Whether git is at hand and knows the entry, or something below it.
fn is_tracked(root: &Path, path: &[u8]) -> bool {
    let in_repository = root.ancestors().any(|folder| folder.join(".git").exists());
    in_repository
        && git(root, &["ls-files", "--error-unmatch"], &[path])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
}

/// Both the disk and git's index.
fn git_mv(root: &Path, rename: &Rename, same: bool) -> Result<(), String> {
    let arguments: &[&str] = if same { &["mv", "-f"] } else { &["mv"] };
    let output = git(root, arguments, &[&rename.from, &rename.to]).output().map_err(said)?;
    if output.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(format!("git mv: {}", show(complaint.lines().next().unwrap_or_default().as_bytes())))
}
