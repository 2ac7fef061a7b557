//! `preflight signoff waiver`: the text that people sign to approve a waiver.

use std::io::{self, Write};
use std::path::Path;

use preflight::cli::TreeArgs;
use preflight::config;
use preflight::diagnostic::{Trouble, show};
use preflight::exit::Exit;
use preflight::triage::{WAIVERS, text_to_sign};

use super::complain;
use super::inputs::{inputs, trouble};

/// Prints the text that is signed to approve a waiver.
pub fn waiver(path: &Path, id: &str, tree: &TreeArgs, out: &mut dyn Write) -> io::Result<Exit> {
    match text(path, id, tree) {
        Ok(text) => out.write_all(text.as_bytes()).map(|()| Exit::Clean),
        Err(trouble) => {
            complain(&super::check::told(path, &trouble));
            Ok(Exit::Trouble)
        }
    }
}

fn text(path: &Path, id: &str, tree: &TreeArgs) -> Result<String, Trouble> {
    let inputs = inputs(path, tree)?;
    let failed = |what: String| trouble(Path::new(WAIVERS), what);
    let repository = &inputs.options.signoff.repository;
    if repository.is_empty() {
        let what = "`repository` of `[signoff]` is not set; it keeps a signature from counting in another repository";
        return Err(trouble(Path::new(config::FILE), what));
    }
    let all = preflight::exceptions(&*inputs.tree).map_err(failed)?;
    let one = all.iter().find(|one| one.id == id);
    let one = one.ok_or_else(|| failed(format!("there is no waiver `{}`", show(id.as_bytes()))))?;
    Ok(text_to_sign(one, repository))
}
