//! What a revision that the change under test cannot touch says of waivers, and what day it is.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use preflight::config;
use preflight::diagnostic::{Date, Trouble};
use preflight::git::Repository;
use preflight::options::{Place, Trusted};
use preflight::path;

use super::inputs::trouble;

/// Most bytes of a configuration or a list of signers that are read.
const MOST: usize = 1 << 20;

/// The day that was named, else that of the machine's clock.
pub fn today(named: Option<Date>) -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    named.unwrap_or_else(|| Date::of_seconds(since.as_secs()))
}

/// The rules of a revision: those of the configuration nearest to the tree, with its list of signers.
///
/// # Errors
/// There is no such revision here, or what it says cannot be read.
pub fn trusted(given: &Path, root: &Path, revision: &str) -> Result<Trusted, Trouble> {
    let read = || -> Result<Trusted, String> {
        let repository = Repository::open(root)?;
        let commit = repository.commit(revision).map_err(|what| format!("--trust: {what}; is the history fetched?"))?;
        for folder in path::ancestors(repository.prefix()) {
            let file = path::join(folder, config::FILE.as_bytes());
            let Some(text) = repository.blob(&commit, &file, MOST)? else { continue };
            let at = |what: &str| format!("`{}` of --trust: {what}", String::from_utf8_lossy(&file));
            let text = String::from_utf8(text).map_err(|_| at("not UTF-8"))?;
            let options = config::parse(&text, &Place::between(folder, repository.prefix()));
            let signoff = options.map_err(|problem| at(&problem.to_string()))?.signoff;
            let list =
                path::normalize(&path::join(folder, signoff.allowed_signers.as_bytes())).map(|at| at.into_owned());
            let list = list.ok_or_else(|| at("`allowed-signers` leads out of the repository"))?;
            let signers = repository.blob(&commit, &list, MOST)?.unwrap_or_default();
            return Ok(Trusted { signoff, signers });
        }
        Ok(Trusted::default())
    };
    read().map_err(|what| trouble(given, what))
}
