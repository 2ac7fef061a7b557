//! The program, run on a folder of its own.
#![allow(dead_code, reason = "not every test that shares this uses all of it")]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs the program in a folder.
pub fn preflight(folder: &Path, args: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_preflight"));
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "COLUMNS"] {
        command.env_remove(name);
    }
    let output = command.current_dir(folder).args(args).output().expect("the program starts");
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("complaints are UTF-8"),
    }
}

/// A folder with these files; a name that ends in `/` is a folder.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in files {
        put(folder.path(), name.as_bytes(), text);
    }
    folder
}

/// Puts one file, whose name need not be UTF-8, into a folder.
pub fn put(folder: &Path, name: &[u8], text: &str) -> PathBuf {
    let path = folder.join(OsStr::from_bytes(name));
    if name.ends_with(b"/") {
        std::fs::create_dir_all(&path).expect("a folder can be made");
        return path;
    }
    std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder can be made");
    std::fs::write(&path, text).expect("a file can be written");
    path
}
