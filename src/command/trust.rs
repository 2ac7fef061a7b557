//! What a revision that the change under test cannot touch says of waivers, and what day it is.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use preflight::cli::ApprovalArgs;
use preflight::config;
use preflight::diagnostic::{Date, Shipped, Trouble, show};
use preflight::git::Repository;
use preflight::options::{Owners, Place, Trusted};
use preflight::path;
use preflight::signoff::reviewers;
use preflight::triage::WAIVERS;

use super::authors::Standing;
use super::inputs::{Inputs, trouble};

/// Most bytes of a configuration or a list of signers that are read.
const MOST: usize = 1 << 20;

/// Where a forge looks for the owners of files: the first that is there counts.
const OWNERS: [&[u8]; 4] = [b".github/CODEOWNERS", b"CODEOWNERS", b"docs/CODEOWNERS", b".gitlab/CODEOWNERS"];

/// The day that was named, else that of the machine's clock.
pub fn today(named: Option<Date>) -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    named.unwrap_or_else(|| Date::of_seconds(since.as_secs()))
}

/// Reads what was approved, and on which day it is judged, into the options of a check.
///
/// # Errors
/// What cannot be read. A gate that was told whom to trust does not go on without.
pub fn hear(given: &Path, inputs: &mut Inputs, approval: &ApprovalArgs) -> Result<(), Trouble> {
    inputs.options.today = Some(today(approval.today));
    let Some(revision) = approval.trust.as_deref() else { return Ok(()) };
    let mut trusted = trusted(given, &inputs.home, revision)?;
    if let Some(file) = &approval.reviews {
        let failed = |what: String| trouble(file, what);
        let past = Standing::open(&inputs.root, &inputs.view).map_err(failed)?;
        if inputs.view == Shipped::default() && !past.holds(WAIVERS.as_bytes()) {
            return Err(failed(format!("its approvals are of a commit, and {WAIVERS} is not as it is there")));
        }
        let text = fs::read(file).map_err(|error| failed(error.kind().to_string()))?;
        trusted.reviewers = reviewers(&text, &trusted.signoff.repository, &past.commit).map_err(failed)?;
    }
    inputs.options.trusted = Some(trusted);
    Ok(())
}

/// The rules of a revision: those of the configuration nearest to the tree, with its list of signers.
///
/// # Errors
/// There is no such revision here, or what it says cannot be read.
fn trusted(given: &Path, home: &Path, revision: &str) -> Result<Trusted, Trouble> {
    let read = || -> Result<Trusted, String> {
        let repository = Repository::open(home)?;
        let commit = repository.commit(revision).map_err(|what| format!("--trust: {what}; is the history fetched?"))?;
        let blob = |file: &[u8]| repository.blob(&commit, file, MOST);
        let mut trusted = Trusted { mailmap: blob(b".mailmap")?.unwrap_or_default(), ..Trusted::default() };
        for file in OWNERS {
            if let (None, Some(text)) = (&trusted.owners, blob(file)?) {
                trusted.owners = Some(Owners { file: file.to_vec(), text, prefix: repository.prefix().to_vec() });
            }
        }
        for folder in path::ancestors(repository.prefix()) {
            let file = path::join(folder, config::FILE.as_bytes());
            if let Some(text) = blob(&file)? {
                let list = configured(&mut trusted, text, folder, repository.prefix());
                let list = list.map_err(|what| format!("`{}` of --trust: {what}", show(&file)))?;
                trusted.signers = blob(&list)?.unwrap_or_default();
                break;
            }
        }
        Ok(trusted)
    };
    read().map_err(|what| trouble(given, what))
}

/// Takes a configuration in; where its list of signers lies.
fn configured(trusted: &mut Trusted, text: Vec<u8>, folder: &[u8], tree: &[u8]) -> Result<Vec<u8>, String> {
    let text = String::from_utf8(text).map_err(|_| "not UTF-8")?;
    let options = config::parse(&text, &Place::between(folder, tree)).map_err(|problem| problem.to_string())?;
    (trusted.signoff, trusted.stated) = (options.signoff, options.stated);
    let list = path::join(folder, trusted.signoff.allowed_signers.as_bytes());
    let list = path::normalize(&list).map(|at| at.into_owned());
    list.ok_or_else(|| "`allowed-signers` leads out of the repository".to_owned())
}
