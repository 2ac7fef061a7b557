//! `preflight refs`: every reference with its evaluation, certainty and resolution.

use std::io::{self, Write};

use preflight::Listed;
use preflight::cli::Refs;
use preflight::exit::Exit;
use preflight::report::escape;
use preflight::report::refs::{self, ReferenceLine};
use preflight::resolve::Resolution;

use super::check::told;
use super::complain;
use super::inputs::inputs;

/// Lists the references of a tree.
pub fn run(args: &Refs, out: &mut dyn Write) -> io::Result<Exit> {
    let inputs = match inputs(&args.path, &args.tree) {
        Ok(inputs) => inputs,
        Err(trouble) => {
            complain(&told(&args.path, &trouble));
            return Ok(Exit::Trouble);
        }
    };
    let listed = preflight::references(&*inputs.tree, &inputs.options);
    let lines: Vec<ReferenceLine> = listed.into_iter().map(line).collect();
    refs::write(out, &lines)?;
    Ok(Exit::Clean)
}

fn line(listed: Listed) -> ReferenceLine {
    let looked_up = matches!(listed.resolution, Resolution::Found(_) | Resolution::Missing(_));
    ReferenceLine {
        resolution: resolution(&listed),
        file: listed.file,
        line: listed.location.line,
        column: listed.location.column,
        construct: listed.construct,
        text: listed.text,
        evaluation: listed.values,
        certainty: looked_up.then_some(listed.certainty),
    }
}

fn resolution(listed: &Listed) -> String {
    let missing = match listed.exempt {
        _ if listed.guarded => "missing, guarded".to_owned(),
        Some(why) => format!("missing, exempt ({why})"),
        None => "missing".to_owned(),
    };
    match &listed.resolution {
        Resolution::Found(_) => {
            format!("resolved to `{}`", escape::name(listed.target.as_deref().unwrap_or_default()))
        }
        Resolution::Defined => "defined".to_owned(),
        Resolution::Missing(candidates) => match candidates.first() {
            Some(first) => format!("{missing}: nothing at `{}`", escape::name(&first.path)),
            None => missing,
        },
        Resolution::NotDeployed(there) => {
            format!("`{}` does not ship: {}", escape::name(&there.path), there.why.reason())
        }
        Resolution::Dynamic(why) => format!("dynamic: {why}"),
        Resolution::External(why) => format!("external: {why}"),
        Resolution::Outside => "outside of the tree".to_owned(),
        Resolution::Unmounted(server) => format!("no mount for `{}`", escape::name(server)),
    }
}
