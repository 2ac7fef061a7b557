//! Which tree a path stands for: the folder as it is, what git would ship of it, or an archive; each with the
//! configuration that lies in that very tree.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use preflight::cli::{TreeArgs, View};
use preflight::config;
use preflight::diagnostic::{Shipped, Trouble};
use preflight::git::{self, Repository};
use preflight::options::{Options, Place};
use preflight::path;
use preflight::tree::{Archive, Directory, Git, Sourced, Tree, Which, is_archive};

use super::inputs::{bytes, trouble};

/// Most bytes of a configuration that are read from a tree.
const MAX_CONFIG: usize = 1 << 20;

/// A tree with its configuration.
pub struct Opened {
    /// The tree.
    pub tree: Box<dyn Tree>,
    /// Its folder or archive, absolute.
    pub root: PathBuf,
    /// Which of the trees of that folder it is.
    pub view: Shipped,
    /// What its configuration says.
    pub options: Options,
    /// The configuration as it is written; empty where there is none.
    pub configuration: Vec<u8>,
    /// What else decides what ships: the Dockerfile of an image.
    pub recipe: Vec<u8>,
    /// The folder whose repository is meant where a revision is named.
    pub home: PathBuf,
}

/// A configuration, and its text.
type Configured = (Options, Vec<u8>);

/// Opens what was asked for.
///
/// # Errors
/// What keeps the tree from being checked at all.
pub fn open(given: &Path, args: &TreeArgs) -> Result<Opened, Trouble> {
    let about = fs::metadata(given).map_err(|error| trouble(given, error.kind().to_string()))?;
    let root = fs::canonicalize(given).map_err(|error| trouble(given, error.kind().to_string()))?;
    if let Some(source) = args.source.as_deref().filter(|_| about.is_dir()) {
        return Err(trouble(source, "--source is for archives: what is read in a folder lies there"));
    }
    match (&args.view, about.is_dir()) {
        (View::Directory, true) => on_disk(root, args),
        (View::Directory, false) if about.is_file() && is_archive(given) => in_archive(given, root, args),
        (View::Docker(file), true) => in_image(given, on_disk(root, args)?, file.as_deref()),
        (View::Git(revision), true) => at_revision(given, root, revision, args),
        (View::Staged, true) => in_git(given, &repository(given, &root)?, Which::Staged, args),
        (_, false) => Err(trouble(
            given,
            "not a folder; `--only FILE` reports on one file of a tree, and archives end in .tar, .tar.gz or .zip",
        )),
    }
}

fn on_disk(root: PathBuf, args: &TreeArgs) -> Result<Opened, Trouble> {
    let (options, configuration) = match (&args.config, config::find(&root)) {
        (Some(file), _) => configured(&root, file, true)?,
        (None, Some(file)) => configured(&root, &file, false)?,
        (None, None) => Configured::default(),
    };
    let tree = Box::new(Directory::new(root.clone(), args.jobs).beside(git::tracked(&root)));
    let home = root.clone();
    Ok(Opened { tree, root, view: Shipped::default(), options, configuration, recipe: Vec::new(), home })
}

/// The configuration comes from the archive, too: what lies on the disk is another tree's.
fn in_archive(given: &Path, root: PathBuf, args: &TreeArgs) -> Result<Opened, Trouble> {
    let tree = Archive::open(given).map_err(|what| trouble(given, what))?;
    let read = |path: &[u8]| match tree.read(path, MAX_CONFIG) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    };
    let (options, configuration) = match &args.config {
        Some(file) => configured(&root, file, true)?,
        None => within(b"", read)?,
    };
    let view = Shipped { kind: "archive", revision: None };
    let named = args.source.as_deref();
    let home = named.unwrap_or(Path::new("."));
    let home = fs::canonicalize(home).map_err(|error| trouble(home, error.kind().to_string()))?;
    let tree: Box<dyn Tree> = match named {
        Some(_) => Box::new(Sourced::new(Box::new(tree), Directory::new(home.clone(), args.jobs))),
        None => Box::new(tree),
    };
    Ok(Opened { tree, root, view, options, configuration, recipe: Vec::new(), home })
}

/// What the image of a Dockerfile holds of what lies on the disk.
fn in_image(given: &Path, opened: Opened, file: Option<&Path>) -> Result<Opened, Trouble> {
    let file = file.map(bytes);
    let normal = file.as_deref().and_then(path::normalize);
    let at = file.as_ref().map_or_else(|| given.to_path_buf(), |file| given.join(OsStr::from_bytes(file)));
    let tree =
        preflight::in_image(opened.tree, &opened.options, normal.as_deref()).map_err(|what| trouble(&at, what))?;
    let view = Shipped { kind: "docker", revision: None };
    let recipe = tree.source().map(|source| source.read(tree.recipe(), MAX_CONFIG)).transpose();
    let recipe = recipe.map_err(|error| trouble(&at, error.kind().to_string()))?.unwrap_or_default();
    let recipe = [tree.recipe(), b"\0", &recipe].concat();
    Ok(Opened { tree: Box::new(tree), view, recipe, ..opened })
}

fn at_revision(given: &Path, root: PathBuf, revision: &str, args: &TreeArgs) -> Result<Opened, Trouble> {
    let repository = repository(given, &root)?;
    let commit = repository.commit(revision).map_err(|what| trouble(given, what))?;
    let opened = in_git(given, &repository, Which::Revision(&commit), args)?;
    Ok(Opened { view: Shipped { kind: "git", revision: Some(commit) }, ..opened })
}

fn in_git(given: &Path, repository: &Repository, which: Which<'_>, args: &TreeArgs) -> Result<Opened, Trouble> {
    let tree = Git::new(repository, which, args.jobs).map_err(|what| trouble(given, what))?;
    let root = repository.folder().to_path_buf();
    let (options, configuration) = match &args.config {
        Some(file) => configured(&root, file, true)?,
        None => within(repository.prefix(), |path| tree.from_top(path, MAX_CONFIG))?,
    };
    let view = Shipped { kind: "staged", revision: None };
    let home = root.clone();
    Ok(Opened { tree: Box::new(tree), root, view, options, configuration, recipe: Vec::new(), home })
}

fn repository(given: &Path, root: &Path) -> Result<Repository, Trouble> {
    Repository::open(root).map_err(|what| trouble(given, what))
}

/// The configuration in a folder of a tree that is not on the disk, else in one above it.
fn within(folder: &[u8], read: impl Fn(&[u8]) -> io::Result<Option<Vec<u8>>>) -> Result<Configured, Trouble> {
    for above in path::ancestors(folder) {
        let file = path::join(above, config::FILE.as_bytes());
        let failed = |what: String| Trouble { path: file.clone(), what };
        let Some(text) = read(&file).map_err(|error| failed(error.to_string()))? else { continue };
        if text.len() > MAX_CONFIG {
            return Err(failed(format!("larger than {MAX_CONFIG} bytes")));
        }
        let text = String::from_utf8(text).map_err(|_| failed("not UTF-8".to_owned()))?;
        let options = config::parse(&text, &Place::between(above, folder));
        return Ok((options.map_err(|problem| failed(problem.to_string()))?, text.into_bytes()));
    }
    Ok(Configured::default())
}

fn configured(root: &Path, file: &Path, named: bool) -> Result<Configured, Trouble> {
    let shown = file.strip_prefix(root).unwrap_or(file);
    // A pipe that somebody names is theirs to fill; one that lies there would be waited for forever.
    if !named && !file.is_file() {
        return Err(trouble(shown, "not a file that can be read"));
    }
    let failed = |error: io::Error| trouble(shown, error.kind().to_string());
    let absolute = fs::canonicalize(file).map_err(failed)?;
    let text = String::from_utf8(fs::read(file).map_err(failed)?).map_err(|_| trouble(shown, "not UTF-8"))?;
    let options = config::parse(&text, &config::place(&absolute, root));
    Ok((options.map_err(|problem| trouble(shown, problem.to_string()))?, text.into_bytes()))
}
