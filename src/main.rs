//! The program: parse what was typed, run it, and say how it ended.

mod command;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::Parser;
use preflight::cli::{BaselineCommand, Check, Cli, Color, Command, Fix, Rename, SignoffCommand};
use preflight::exit::Exit;

fn main() -> ExitCode {
    let Cli { command, check } = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return asked_for_help_or_wrong(&error),
    };
    if let Some(command) = &command {
        warn_of_folder(command);
    }
    let command = command.unwrap_or(Command::Check(check));
    let mut out = io::BufWriter::new(AutoStream::new(io::stdout().lock(), color(&command)));
    match run(command, &mut out) {
        Ok(exit) => match out.flush() {
            Err(error) => exit.max(unwritten(&error)),
            Ok(()) => exit,
        },
        Err(error) => unwritten(&error),
    }
    .into()
}

/// Whoever closed the pipe has read enough.
fn unwritten(error: &io::Error) -> Exit {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Exit::Clean;
    }
    command::complain(&format!("the output could not be written: {error}"));
    Exit::Trouble
}

fn run(command: Command, out: &mut dyn Write) -> io::Result<Exit> {
    match command {
        Command::Check(check) => command::check::run(&check, out),
        Command::Refs(refs) => command::refs::run(&refs, out),
        Command::Fix(fix) => command::fix::run(&fix, out),
        Command::Rename(rename) => command::rename::run(&rename, out),
        Command::Explain { code } => command::reference::explain(code.as_deref(), out),
        Command::Languages => command::reference::languages(out),
        Command::Schema => command::reference::schema(out),
        Command::Init { path } => command::init::run(&path, out),
        Command::Baseline { command: BaselineCommand::Update { path, baseline, tree } } => {
            command::baseline::update(&path, &baseline, &tree, out)
        }
        Command::Signoff { command } => match command {
            SignoffCommand::Waiver { id, path, tree } => command::signoff::waiver(&path, &id, &tree, out),
            SignoffCommand::Create(create) => command::release::create(&create, out),
            SignoffCommand::Verify(verify) => command::release::verify(&verify, out),
        },
        Command::Completions { shell } => command::reference::completions(shell, out),
        Command::Man => command::reference::man(out),
    }
}

/// Help and version are answers; everything else is bad usage.
fn asked_for_help_or_wrong(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { Exit::Trouble.into() } else { Exit::Clean.into() }
}

/// A subcommand wins over a folder of its name; whoever meant the folder is told how to say so.
fn warn_of_folder(command: &Command) {
    let name = command.name();
    if Path::new(name).is_dir() {
        command::complain(&format!("`{name}` is the subcommand here; write `./{name}` for the folder"));
    }
}

fn color(command: &Command) -> ColorChoice {
    match command {
        Command::Check(Check { output, .. }) => match output.color {
            Color::Always => ColorChoice::AlwaysAnsi,
            Color::Never => ColorChoice::Never,
            Color::Auto => AutoStream::choice(&io::stdout()),
        },
        // A program's input passes as it is: a name may hold what looks like a colour.
        Command::Fix(Fix { emit: Some(_), .. }) | Command::Rename(Rename { emit: Some(_), .. }) => {
            ColorChoice::AlwaysAnsi
        }
        _ => ColorChoice::Never,
    }
}
