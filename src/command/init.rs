//! `preflight init`: a first configuration, from what the tree shows. Never overwrites one.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use preflight::cli::TreeArgs;
use preflight::config::{self, Detected};
use preflight::exit::Exit;

use super::check::told;
use super::complain;
use super::inputs::{inputs, trouble};

/// Writes `preflight.toml` into the folder of the tree.
pub fn run(path: &Path, out: &mut dyn Write) -> io::Result<Exit> {
    let file = path.join(config::FILE);
    let detected = match inputs(path, &TreeArgs::default()) {
        Ok(inputs) => preflight::survey(&*inputs.tree, &inputs.options),
        Err(trouble) => {
            complain(&told(path, &trouble));
            return Ok(Exit::Trouble);
        }
    };
    let Detected { document_roots, mounts } = &detected;
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file)
        .and_then(|mut file| file.write_all(config::starter(&detected).as_bytes()));
    if let Err(error) = written {
        let what = match error.kind() {
            io::ErrorKind::AlreadyExists => "there is one already; it stays as it is".to_owned(),
            kind => kind.to_string(),
        };
        complain(&told(path, &trouble(&file, what)));
        return Ok(Exit::Trouble);
    }
    let found = format!("{} document roots, {} mounts", document_roots.len(), mounts.len());
    writeln!(out, "wrote {} ({found}); read it and keep what is true", file.display())?;
    Ok(Exit::Clean)
}
