//! `preflight fix`: shows what would mend a tree; writes only where `--apply` asks for it.
//!
//! It ends like a check of the tree as it is at its end: 1 while an error is left, 2 where something could not be
//! read or written.

use std::io::{self, Write};
use std::path::Path;

use preflight::cli::Fix;
use preflight::diagnostic::{Report, Severity};
use preflight::exit::{self, Exit};
use preflight::fix::{self, Emitter, Plan, Refusal};
use preflight::mend::{self, Mended};
use preflight::report::escape;

use super::check::told;
use super::complain;
use super::inputs::writable;

/// Plans, and does what was asked for.
pub fn run(args: &Fix, out: &mut dyn Write) -> io::Result<Exit> {
    let inputs = match writable(&args.path, &args.tree) {
        Ok(inputs) => inputs,
        Err(trouble) => {
            complain(&told(&args.path, &trouble));
            return Ok(Exit::Trouble);
        }
    };
    let mended = preflight::with_judge(&*inputs.tree, &inputs.options, |judge| mend::mend(judge, args.include_review));
    if let Some(emitter) = args.emit {
        emit(&mended.plan, emitter, out)?;
        return Ok(ended(&args.path, &mended.before));
    }
    if !args.apply {
        show(&mended.plan, out)?;
        told_of(&mended, "would make", out)?;
        return Ok(ended(&args.path, &mended.before));
    }
    if !written(&inputs.root, &mended.plan) {
        return Ok(Exit::Trouble);
    }
    told_of(&mended, "made", out)?;
    Ok(ended(&args.path, &mended.after))
}

/// How it ends with a tree of which this is the report.
fn ended(path: &Path, report: &Report) -> Exit {
    let nothing = exit::nothing_checked(&report.coverage);
    report.troubles.iter().chain(&nothing).for_each(|trouble| complain(&told(path, trouble)));
    if nothing.is_some() { Exit::Trouble } else { Exit::of(report, Some(Severity::Error)) }
}

fn told_of(mended: &Mended, made: &str, out: &mut dyn Write) -> io::Result<()> {
    refused(&mended.plan.refusals);
    let held_back = match mended.held_back {
        0 => String::new(),
        1 => "; 1 more with --include-review".to_owned(),
        more => format!("; {more} more with --include-review"),
    };
    let hint = if made == "made" || mended.plan.is_empty() { "" } else { "; --apply does" };
    writeln!(out, "{made} {}{hint}{held_back}", mended.plan.summary())
}

/// What a person should know, whoever reads the output.
pub(super) fn refused(refusals: &[Refusal]) {
    refusals.iter().for_each(|refusal| complain(&format!("not done: {}: {}", refusal.what, refusal.why)));
}

/// The plan for another program.
pub(super) fn emit(plan: &Plan, emitter: &Emitter, out: &mut dyn Write) -> io::Result<()> {
    let emitted = (emitter.write)(plan);
    out.write_all(&emitted.text)?;
    refused(&plan.refusals);
    refused(&emitted.refusals);
    Ok(())
}

/// The plan as a patch that a terminal can show.
pub(super) fn show(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let patch = fix::patch::body(plan);
    for line in String::from_utf8_lossy(&patch.text).lines() {
        let shown: Vec<_> = line.split('\t').map(escape::line).collect();
        writeln!(out, "{}", shown.join("\t").trim_end_matches('\t'))?;
    }
    for rename in plan.renames.iter().filter(|rename| rename.entry == fix::Entry::Directory) {
        writeln!(out, "rename the folder `{}` to `{}`", escape::name(&rename.from), escape::name(&rename.to))?;
    }
    Ok(())
}

/// Writes, and says what went wrong.
pub(super) fn written(root: &Path, plan: &Plan) -> bool {
    let applied = fix::apply::apply(root, plan);
    let Some(failure) = applied.failure else { return true };
    complain(&format!("{}: {}", failure.what, failure.why));
    let before = match applied.done {
        0 => "nothing was written".to_owned(),
        done => format!("stopped there; {done} of {} steps were done", plan.changes.len() + plan.renames.len()),
    };
    complain(&before);
    false
}
