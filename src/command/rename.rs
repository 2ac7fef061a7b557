//! `preflight rename`: a file and every reference to it, or nothing.

use std::io::{self, Write};
use std::path::Path;

use preflight::cli::Rename;
use preflight::diagnostic::Trouble;
use preflight::exit::Exit;
use preflight::mend;

use super::check::told;
use super::complain;
use super::fix::{emit, refused, show, written};
use super::inputs::{placed, trouble, writable};

/// Plans and renames.
pub fn run(args: &Rename, out: &mut dyn Write) -> io::Result<Exit> {
    match planned_and_done(args, out)? {
        Ok(exit) => Ok(exit),
        Err(trouble) => {
            complain(&told(&args.root, &trouble));
            Ok(Exit::Trouble)
        }
    }
}

fn planned_and_done(args: &Rename, out: &mut dyn Write) -> io::Result<Result<Exit, Trouble>> {
    let inputs = match writable(&args.root, &args.tree) {
        Ok(inputs) => inputs,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let inside = |path: &Path| placed(&inputs.root, path)?.ok_or_else(|| trouble(path, "it lies outside of the tree"));
    let (old, new) = match (inside(&args.old), inside(&args.new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(trouble), _) | (_, Err(trouble)) => return Ok(Err(trouble)),
    };
    let plan = preflight::with_judge(&*inputs.tree, &inputs.options, |judge| mend::rename(judge, &old, &new));
    let plan = match plan {
        Ok(plan) => plan,
        Err(refusals) => {
            refused(&refusals);
            complain("nothing was renamed");
            return Ok(Ok(Exit::Findings));
        }
    };
    if let Some(emitter) = args.emit {
        emit(&plan, emitter, out)?;
    } else if args.diff {
        show(&plan, out)?;
        writeln!(out, "would make {}", plan.summary())?;
    } else if written(&inputs.root, &plan) {
        writeln!(out, "made {}", plan.summary())?;
    } else {
        return Ok(Ok(Exit::Trouble));
    }
    Ok(Ok(Exit::Clean))
}
