//! What can be typed. Help, completions and the man page all come from here.

mod options;

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

pub use options::{ApprovalArgs, Color, FailOn, GateArgs, Output, OutputArgs, TreeArgs, View};

use crate::fix::{EMITTERS, Emitter, emitter};
use crate::signoff::MOST_DAYS;

/// Finds every reference to a file that the deployed tree will not satisfy, before the deploy does.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = AFTER_HELP)]
pub struct Cli {
    /// What to do; without one, the paths are checked.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// A check.
    #[command(flatten)]
    pub check: Check,
}

const AFTER_HELP: &str = "Exit status: 0 clean, 1 findings at or above --fail-on, 2 trouble (bad usage, unreadable \
                          input, nothing to check).";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check trees (what `preflight PATH` does, too)
    Check(Check),
    /// List every reference with its evaluation, certainty and resolution
    Refs(Refs),
    /// Show what would mend a tree, and with --apply mend it
    Fix(Fix),
    /// Rename a file and every reference to it
    Rename(Rename),
    /// Say what a code means, why it matters and what to do
    Explain {
        /// The code, such as `case-mismatch`; without one, all codes are listed
        code: Option<String>,
    },
    /// List what is read, and what is knowingly not
    Languages,
    /// Print the JSON Schema of the machine-readable report
    Schema,
    /// Write a commented preflight.toml from what the tree shows
    Init {
        /// The folder of the tree
        #[arg(default_value = ".")]
        path: PathBuf,
    },
    /// Record today's findings, so that only new ones fail
    Baseline {
        /// What to do with the baseline
        #[command(subcommand)]
        command: BaselineCommand,
    },
    /// Print what two people sign, and verify that they did
    Signoff {
        /// What to do
        #[command(subcommand)]
        command: SignoffCommand,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

impl Command {
    /// The word that was typed.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Command::Check(_) => "check",
            Command::Refs(_) => "refs",
            Command::Fix(_) => "fix",
            Command::Rename(_) => "rename",
            Command::Explain { .. } => "explain",
            Command::Languages => "languages",
            Command::Schema => "schema",
            Command::Init { .. } => "init",
            Command::Baseline { .. } => "baseline",
            Command::Signoff { .. } => "signoff",
            Command::Completions { .. } => "completions",
            Command::Man => "man",
        }
    }
}

/// What to do with the baseline.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Write the baseline anew; what is gone is dropped from it
    Update {
        /// The folder of the tree
        #[arg(default_value = ".")]
        path: PathBuf,
        /// The file to write
        #[arg(long, value_name = "FILE", default_value = "preflight-baseline.json")]
        baseline: PathBuf,
        /// What the tree is.
        #[command(flatten)]
        tree: TreeArgs,
    },
}

/// What to sign, and whether it is signed.
#[derive(Debug, Subcommand)]
pub enum SignoffCommand {
    /// Print the text to sign for a waiver of preflight-waivers.toml, by `ssh-keygen -Y sign -n preflight-waiver`
    Waiver {
        /// The id of the waiver
        id: String,
        /// The folder of the tree
        #[arg(default_value = ".")]
        path: PathBuf,
        /// What the tree is.
        #[command(flatten)]
        tree: TreeArgs,
    },
    /// Print the statement to sign for a release, by `ssh-keygen -Y sign -n preflight-release`
    Create(Create),
    /// Say whether two people signed the statement of this very release
    Verify(Verify),
}

/// A statement of a release.
#[derive(Debug, Args)]
pub struct Create {
    /// The folder or archive that is released
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Write it to this file, which must not be there yet
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How many days it holds, at most 7
    #[arg(long, value_name = "N", default_value_t = MOST_DAYS, value_parser = clap::value_parser!(u32).range(1..=7))]
    pub days: u32,
    /// What the tree is.
    #[command(flatten)]
    pub tree: TreeArgs,
    /// What counts as approved.
    #[command(flatten)]
    pub approval: ApprovalArgs,
}

/// Whether a release is signed.
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder or archive that is released
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// The statement
    #[arg(long, value_name = "FILE")]
    pub statement: Option<PathBuf>,
    /// A signature under it; may be repeated
    #[arg(long, value_name = "FILE")]
    pub signature: Vec<PathBuf>,
    /// What was released last: only what has changed since then is asked for in `[signoff.release]`
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// What the tree is.
    #[command(flatten)]
    pub tree: TreeArgs,
    /// What counts as approved.
    #[command(flatten)]
    pub approval: ApprovalArgs,
}

/// A check of one or more trees.
#[derive(Debug, Args)]
pub struct Check {
    /// Folders or archives (tar, tar.gz, zip) to check, each a tree of its own [default: .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What the tree is.
    #[command(flatten)]
    pub tree: TreeArgs,
    /// What is shown.
    #[command(flatten)]
    pub output: OutputArgs,
    /// What fails.
    #[command(flatten)]
    pub gate: GateArgs,
}

/// A listing of references.
#[derive(Debug, Args)]
pub struct Refs {
    /// The folder of the tree
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// What the tree is.
    #[command(flatten)]
    pub tree: TreeArgs,
}

/// A mending of a tree.
#[derive(Debug, Args)]
pub struct Fix {
    /// The folder of the tree
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Write what is safe: edits of references, renames of files (by `git mv` where git tracks them)
    #[arg(long, conflicts_with = "emit")]
    pub apply: bool,
    /// Also what a person should look at first, such as a guess at a misspelled name
    #[arg(long)]
    pub include_review: bool,
    /// Print the same plan for another server, and nothing else
    #[arg(long, value_name = "PROGRAM", value_parser = emitters())]
    pub emit: Option<&'static Emitter>,
    /// What the tree is.
    #[command(flatten)]
    pub tree: TreeArgs,
}

/// A renaming of one file.
#[derive(Debug, Args)]
pub struct Rename {
    /// The file, seen from the current folder
    pub old: PathBuf,
    /// Its new path, seen from the current folder
    pub new: PathBuf,
    /// The folder of the tree that holds both
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Show what would be done, and change nothing
    #[arg(long, conflicts_with = "emit")]
    pub diff: bool,
    /// Print the same plan for another server, and change nothing
    #[arg(long, value_name = "PROGRAM", value_parser = emitters())]
    pub emit: Option<&'static Emitter>,
    /// What the tree is.
    #[command(flatten)]
    pub tree: TreeArgs,
}

fn emitters() -> impl TypedValueParser<Value = &'static Emitter> {
    let values = EMITTERS.iter().map(|emitter| PossibleValue::new(emitter.name).help(emitter.about));
    PossibleValuesParser::new(values).try_map(|name| emitter(&name).ok_or("no such program"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
