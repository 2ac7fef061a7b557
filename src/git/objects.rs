//! Reading blobs from the object store, by several threads at once: each takes a `git cat-file --batch` of its own
//! from a pool, and puts it back.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::Mutex;

use super::Repository;

/// A reader of objects.
#[derive(Debug)]
pub struct Objects {
    repository: Repository,
    idle: Mutex<Vec<Reader>>,
}

impl Objects {
    pub(super) fn new(repository: Repository) -> Self {
        Objects { repository, idle: Mutex::default() }
    }

    /// Reads a blob whole, at most `limit` bytes and one more (so that a longer one can be told).
    ///
    /// # Errors
    /// The object is not at hand, or git fails.
    pub fn read(&self, id: &str, limit: usize) -> io::Result<Vec<u8>> {
        let idle = self.lock().pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => Reader::start(&self.repository)?,
        };
        let (bytes, whole) = reader.read(id, limit)?;
        // What is left of a longer one would have to be read: the next reader is cheaper.
        if whole {
            self.lock().push(reader);
        }
        Ok(bytes)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct Reader {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Reader {
    fn start(repository: &Repository) -> io::Result<Self> {
        let mut command = repository.git(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let to = child.stdin.take();
        let from = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Reader { child, to, from: BufReader::new(from) })
    }

    /// The bytes, and whether they are all.
    fn read(&mut self, id: &str, limit: usize) -> io::Result<(Vec<u8>, bool)> {
        let to = self.to.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        to.write_all(format!("{id}\n").as_bytes())?;
        to.flush()?;
        let mut head = Vec::new();
        (&mut self.from).take(4096).read_until(b'\n', &mut head)?;
        let size = size(&head).ok_or_else(|| io::Error::other("the object is not in the repository"))?;
        let wanted = size.min(limit as u64 + 1);
        let mut bytes = Vec::with_capacity(usize::try_from(wanted.min(1 << 26)).unwrap_or_default());
        (&mut self.from).take(wanted).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != wanted {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let whole = wanted == size && self.from.read_exact(&mut [0]).is_ok();
        Ok((bytes, whole))
    }
}

/// `<id> blob <size>`
fn size(head: &[u8]) -> Option<u64> {
    let mut words = std::str::from_utf8(head).ok()?.split_whitespace().skip(1);
    let kind = words.next()?;
    if kind == "blob" { words.next()?.parse().ok() } else { None }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.to = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
