//! What goes to files is written whole: whoever reads one, at any moment, sees the old or the new.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstream::StripStream;
use preflight::cli::Output;
use preflight::report::View;

/// Most names that are tried for a draft; others are what killed runs left.
const DRAFTS: u32 = 16;

/// Writes a report to its file.
///
/// # Errors
/// The file stays as it was.
pub fn write(output: &Output, view: &View<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    // A file has no colours.
    (output.format.write)(&mut StripStream::new(&mut bytes), view)?;
    put(&output.file, &bytes)
}

/// Puts bytes into a file, whole: into a draft beside it, which then takes its place and keeps its mode. What is no
/// file, such as a pipe, is written to.
///
/// # Errors
/// The file stays as it was.
pub fn put(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let (target, mode) = match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => (file.to_path_buf(), None),
        Err(error) => return Err(error),
        Ok(about) if !about.is_file() => return OpenOptions::new().write(true).open(file)?.write_all(bytes),
        // A link stays one.
        Ok(about) => (fs::canonicalize(file)?, Some(about.permissions())),
    };
    let (path, draft) = draft(&target)?;
    let written = fill(draft, bytes, mode).and_then(|()| fs::rename(&path, &target));
    if written.is_err() {
        let _ = fs::remove_file(&path);
    }
    written
}

fn fill(mut draft: File, bytes: &[u8], mode: Option<fs::Permissions>) -> io::Result<()> {
    draft.write_all(bytes)?;
    if let Some(mode) = mode {
        draft.set_permissions(mode)?;
    }
    draft.sync_all()
}

/// A new file in the folder of another.
fn draft(target: &Path) -> io::Result<(PathBuf, File)> {
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for number in 0..DRAFTS {
        let path = target.with_file_name(format!(".preflight-{}-{number}.tmp", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}
