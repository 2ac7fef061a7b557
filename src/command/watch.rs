//! Progress on a terminal, for whoever waits longer than a second; silent otherwise.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use preflight::progress::Progress;

/// Time until the first line.
const PATIENCE: Duration = Duration::from_secs(1);
/// Time between two lines.
const PAUSE: Duration = Duration::from_millis(200);
/// To the start of the line, and clear it.
const CLEAR: &str = "\r\x1b[2K";

/// Runs something while its progress is shown.
pub fn watched<T>(progress: &Progress, quiet: bool, run: impl FnOnce() -> T) -> T {
    if quiet || !io::stderr().is_terminal() {
        return run();
    }
    std::thread::scope(|scope| {
        let (done, wait) = mpsc::channel::<()>();
        scope.spawn(move || show(progress, &wait));
        let result = run();
        drop(done);
        result
    })
}

/// Draws until the other end is dropped.
fn show(progress: &Progress, wait: &mpsc::Receiver<()>) {
    let mut pause = PATIENCE;
    let mut drawn = false;
    while wait.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let line = match progress.get() {
            (_, 0) => "listing files".to_owned(),
            (done, total) if done < total => format!("checking {done} of {total} sources"),
            _ => "judging what is missing".to_owned(),
        };
        let _ = write!(io::stderr(), "{CLEAR}{line}");
        drawn = true;
        pause = PAUSE;
    }
    if drawn {
        let _ = write!(io::stderr(), "{CLEAR}");
    }
}
