//! What each subcommand does: the only place, besides finding a configuration, where the command line meets the
//! disk. One file a subcommand; those that only print what the program knows share `reference`.

pub mod baseline;
pub mod check;
pub mod fix;
pub mod init;
pub mod reference;
pub mod refs;
pub mod release;
pub mod rename;
pub mod signoff;

mod authors;
mod inputs;
mod output;
mod past;
mod trust;
mod view;
mod watch;

use std::io::Write;

use preflight::report::escape;

/// Says something to the person, not to whoever reads the report. A closed stream is nobody's loss.
pub fn complain(what: &str) {
    let _ = writeln!(std::io::stderr(), "preflight: {}", escape::line(what));
}
