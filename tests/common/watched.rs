//! Running the binary as production does: in a process of its own, under a clock, with its report read back.

use std::fs::File;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Failed;

/// Longest that any run may take before it counts as a hang. A loaded machine with a debug build is slow;
/// what is quadratic takes hours.
const PATIENCE: Duration = Duration::from_secs(60);

/// What became of a run.
pub struct Ran {
    /// How it ended.
    pub status: ExitStatus,
    /// Everything on standard output.
    pub stdout: Vec<u8>,
    /// Everything on standard error.
    pub stderr: Vec<u8>,
}

/// Runs the binary with these arguments in a folder; kills it, and fails, when its time is up.
///
/// # Errors
/// It hung, or died by a signal.
pub fn run(directory: &Path, arguments: &[&str]) -> Result<Ran, Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_preflight"));
    command.args(arguments).current_dir(directory);
    watch(command)
}

/// Runs the binary as a user who owns nothing, so that permissions bind even where the tests run as root. Its
/// copy must lie where that user can reach it.
///
/// # Errors
/// It hung, or died by a signal.
pub fn run_unprivileged(program: &Path, directory: &Path, arguments: &[&str]) -> Result<Ran, Failed> {
    const NOBODY: u32 = 65_534;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory);
    if is_root(directory)? {
        command.uid(NOBODY).gid(NOBODY);
    }
    watch(command)
}

/// Whether files made by this process belong to root.
fn is_root(directory: &Path) -> Result<bool, Failed> {
    use std::os::unix::fs::MetadataExt;
    Ok(std::fs::metadata(directory)?.uid() == 0)
}

fn watch(mut command: Command) -> Result<Ran, Failed> {
    // Files, not pipes: a full pipe would stop the program, and reading it would take a thread.
    let scratch = tempfile::tempdir()?;
    let (out, err) = (scratch.path().join("out"), scratch.path().join("err"));
    command.stdin(Stdio::null()).stdout(File::create(&out)?).stderr(File::create(&err)?);
    command.env_remove("RUST_BACKTRACE").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    let mut child = command.spawn()?;
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            return Err(format!("still running after {PATIENCE:?}").into());
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let ran = Ran { status, stdout: std::fs::read(out)?, stderr: std::fs::read(err)? };
    match status.signal() {
        Some(signal) => Err(format!("died by signal {signal}: {}", ran.complaint()).into()),
        None => Ok(ran),
    }
}

impl Ran {
    /// The JSON report.
    ///
    /// # Errors
    /// It is none.
    pub fn report(&self) -> Result<serde_json::Value, Failed> {
        let parsed = serde_json::from_slice(&self.stdout);
        parsed.map_err(|error| format!("no report ({error}), {:?}: {}", self.status, self.complaint()).into())
    }

    /// Fails unless it ended with this code.
    ///
    /// # Errors
    /// It ended with another.
    pub fn expect(&self, code: i32) -> Result<(), Failed> {
        match self.status.code() {
            Some(got) if got == code => Ok(()),
            got => Err(format!("exit {got:?}, wanted {code}: {}\n{}", self.complaint(), self.told()).into()),
        }
    }

    fn told(&self) -> String {
        String::from_utf8_lossy(&self.stdout[..self.stdout.len().min(2000)]).into_owned()
    }

    fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.stderr[..self.stderr.len().min(2000)]).into_owned()
    }
}

/// A number in the summary of a report, by its path in dots.
pub fn count(report: &serde_json::Value, path: &str) -> u64 {
    let found = path.split('.').fold(&report["summary"], |value, key| &value[key]);
    found.as_u64().unwrap_or_else(|| panic!("the report has no number `summary.{path}`"))
}

/// The findings of a report as `file:line code`, sorted.
pub fn findings(report: &serde_json::Value) -> Vec<String> {
    let empty = Vec::new();
    let all = report["diagnostics"].as_array().unwrap_or(&empty);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let line =
        |one: &serde_json::Value| one["span"]["line"].as_u64().map(|line| format!(":{line}")).unwrap_or_default();
    let mut found: Vec<String> =
        all.iter().map(|one| format!("{}{} {}", text(&one["file"]), line(one), text(&one["code"]))).collect();
    found.sort();
    found
}
