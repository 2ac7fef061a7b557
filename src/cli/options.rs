//! Options that commands share: the tree, the output, the gate.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::diagnostic::{Date, Severity};
use crate::report::{DEFAULT, FORMATS, Format, format};

/// What the tree is, and where its references start.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "The tree")]
pub struct TreeArgs {
    /// Read this instead of the preflight.toml of the tree or of a folder above it in the repository
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Neither scan nor report on paths that match, seen from the tree; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// What a leading `/` in a URL means, seen from the tree; may be repeated
    #[arg(long, value_name = "DIR")]
    pub document_root: Vec<PathBuf>,
    /// Where a folder of the tree stands on the server, such as /var/www/html=.; may be repeated
    #[arg(long, value_name = "SERVER=TREE")]
    pub mount: Vec<OsString>,
    /// What ships of it: all that is there (directory), what git would archive of a revision (git[:REV], by default
    /// HEAD), what the next commit holds (staged), or what is copied into the image of a Dockerfile (docker[:FILE],
    /// seen from the tree)
    #[allow(rustdoc::broken_intra_doc_links, reason = "brackets hold what may be left out")]
    #[arg(long, value_name = "VIEW", default_value = "directory", hide_default_value = true)]
    pub view: View,
    /// The folder that an archive was made from: waivers are read there where the archive does not hold them
    #[arg(long, value_name = "DIR")]
    pub source: Option<PathBuf>,
    /// Threads [default: as many as the machine has]
    #[arg(short, long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub jobs: usize,
}

/// What ships of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// All that is there.
    #[default]
    Directory,
    /// What git would archive of a revision.
    Git(String),
    /// What the next commit holds.
    Staged,
    /// What the image of a Dockerfile holds; without one, of the only one there is.
    Docker(Option<PathBuf>),
}

impl std::str::FromStr for View {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("git", revision)) if !revision.is_empty() => Ok(View::Git(revision.to_owned())),
            None if text == "git" => Ok(View::Git("HEAD".to_owned())),
            Some(("docker", file)) if !file.is_empty() => Ok(View::Docker(Some(PathBuf::from(file)))),
            None if text == "docker" => Ok(View::Docker(None)),
            None if text == "staged" => Ok(View::Staged),
            None if text == "directory" => Ok(View::Directory),
            _ => Err("write directory, git, git:REVISION, staged, docker or docker:FILE"),
        }
    }
}

/// What is shown, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// How to write the report to standard output; machines read one tree a run [default: text]
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub format: Option<&'static Format>,
    /// Write the report to a file, too (to `-`: to standard output, in place of text); may be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = outputs())]
    pub output: Vec<Output>,
    /// Report on these files only, against the whole tree; seen from the current folder
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub only: Vec<PathBuf>,
    /// Findings only: no summary, no progress
    #[arg(short, long)]
    pub quiet: bool,
    /// When to use colour; NO_COLOR and CLICOLOR_FORCE are heeded, too
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

/// A report that is asked for besides that on standard output.
#[derive(Clone, Debug)]
pub struct Output {
    /// How it is written.
    pub format: &'static Format,
    /// Where to; `-` is standard output.
    pub file: PathBuf,
}

impl Output {
    fn is_stdout(&self) -> bool {
        self.file.as_os_str() == "-"
    }
}

impl OutputArgs {
    /// The format of standard output.
    ///
    /// # Errors
    /// Where two reports want it, or one file.
    pub fn stdout(&self) -> Result<&'static Format, String> {
        let outputs = self.output.iter().filter(|output| output.is_stdout()).map(|output| output.format);
        let mut wanted = self.format.into_iter().chain(outputs);
        let first = wanted.next().unwrap_or(&DEFAULT);
        if let Some(second) = wanted.next() {
            return Err(format!("`{}` and `{}` both want standard output; give one a file", first.name, second.name));
        }
        let mut files: Vec<&PathBuf> = self.files().map(|output| &output.file).collect();
        files.sort();
        match files.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(format!("two reports want `{}`; give each a file", pair[0].display())),
            None => Ok(first),
        }
    }

    /// The reports that go to files.
    pub fn files(&self) -> impl Iterator<Item = &Output> {
        self.output.iter().filter(|output| !output.is_stdout())
    }
}

/// What fails the gate.
#[derive(Debug, Args)]
#[command(next_help_heading = "The gate")]
pub struct GateArgs {
    /// The lowest severity that fails
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    /// Findings that are recorded here do not fail; written by `preflight baseline update`
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Findings that were there where the tree parted from this revision of git (their merge base) do not fail; what
    /// was satisfied there and is not any more is an error
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// A waiver that covers nothing is an error
    #[arg(long)]
    pub strict_waivers: bool,
    /// What counts as approved.
    #[command(flatten)]
    pub approval: ApprovalArgs,
}

/// What counts as approved, and when.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "The gate")]
pub struct ApprovalArgs {
    /// Read what counts as approved, and who may sign, from this revision of git: one that the change under test cannot
    /// touch, such as origin/main
    #[arg(long, value_name = "REV")]
    pub trust: Option<String>,
    /// Who approved the commit, as a trusted job had it from the forge (JSON)
    #[arg(long, value_name = "FILE", requires = "trust")]
    pub reviews: Option<PathBuf>,
    /// The day on which waivers are judged, in UTC, such as 2024-05-01 [default: today]
    #[arg(long, value_name = "DATE", alias = "now")]
    pub today: Option<Date>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The lowest severity that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors fail
    Error,
    /// Errors and warnings fail
    Warning,
    /// Every finding fails
    Note,
    /// No finding fails; trouble still does
    Never,
}

impl FailOn {
    /// As a severity; `None` where nothing fails.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Note => Some(Severity::Note),
            FailOn::Never => None,
        }
    }
}

fn formats() -> impl TypedValueParser<Value = &'static Format> {
    let values = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(values).try_map(|name| format(&name).ok_or("no such format"))
}

fn outputs() -> impl TypedValueParser<Value = Output> {
    OsStringValueParser::new().try_map(|text| output(&text))
}

fn output(text: &OsStr) -> Result<Output, String> {
    let text = text.as_bytes();
    let at = text.iter().position(|&byte| byte == b'=').ok_or("write FORMAT=FILE, such as sarif=preflight.sarif")?;
    let (name, file) = (String::from_utf8_lossy(&text[..at]), &text[at + 1..]);
    let names = || FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
    let format = format(&name).ok_or_else(|| format!("`{name}` is no format; there are {}", names()))?;
    if file.is_empty() {
        return Err(format!("name a file after `{name}=`, or `-`"));
    }
    Ok(Output { format, file: PathBuf::from(OsStr::from_bytes(file)) })
}
