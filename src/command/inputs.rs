//! From what was typed to a tree and its [`Options`]: the folder, its configuration, the flags on top.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use preflight::cli::{TreeArgs, View};
use preflight::config;
use preflight::diagnostic::{Certainty, Shipped, Trouble};
use preflight::git::Repository;
use preflight::options::{Globs, Options, Place};
use preflight::path;
use preflight::project::Mount;
use preflight::tree::{Directory, Git, Tree, Which};

/// Most bytes of a configuration that are read.
const MAX_CONFIG: usize = 1 << 20;

/// A tree to check, and how.
pub struct Inputs {
    /// The tree.
    pub tree: Box<dyn Tree>,
    /// Its folder, absolute.
    pub root: PathBuf,
    /// How it is checked.
    pub options: Options,
    /// Which of the trees of that folder it is.
    pub view: Shipped,
}

/// Reads the configuration of a tree and puts the flags on top of it.
///
/// # Errors
/// What keeps the tree from being checked at all.
pub fn inputs(given: &Path, args: &TreeArgs) -> Result<Inputs, Trouble> {
    let root = folder(given)?;
    let opened = match &args.view {
        View::Directory => on_disk(&root, args)?,
        View::Git(revision) => {
            let repository = repository(given, &root)?;
            let commit = repository.commit(revision).map_err(|what| trouble(given, what))?;
            let opened = in_git(given, &repository, Which::Revision(&commit), args)?;
            Opened { view: Shipped { kind: "git", revision: Some(commit) }, ..opened }
        }
        View::Docker(file) => in_image(given, on_disk(&root, args)?, file.as_deref())?,
        View::Staged => in_git(given, &repository(given, &root)?, Which::Staged, args)?,
    };
    let Opened { tree, view, mut options } = opened;
    add_flags(&mut options, args).map_err(|what| Trouble { path: bytes(given), what })?;
    check_places(&root, &*tree, &view, &options)?;
    Ok(Inputs { tree, root, options, view })
}

/// The same for what writes: only a folder can be written to.
///
/// # Errors
/// Another view, or what keeps the tree from being checked at all.
pub fn writable(given: &Path, args: &TreeArgs) -> Result<Inputs, Trouble> {
    match args.view {
        View::Directory => inputs(given, args),
        _ => Err(trouble(given, "only what is on the disk can be mended; leave --view out")),
    }
}

/// A tree with its configuration.
struct Opened {
    tree: Box<dyn Tree>,
    view: Shipped,
    options: Options,
}

fn on_disk(root: &Path, args: &TreeArgs) -> Result<Opened, Trouble> {
    let options = match args.config.as_deref().map(Path::to_path_buf).or_else(|| config::find(root)) {
        Some(file) => configured(root, &file, args.config.is_some())?,
        None => Options::default(),
    };
    let tree = Box::new(Directory::new(root.to_path_buf(), args.jobs));
    Ok(Opened { tree, view: Shipped::default(), options })
}

fn repository(given: &Path, root: &Path) -> Result<Repository, Trouble> {
    Repository::open(root).map_err(|what| trouble(given, what))
}

/// The configuration comes from the same tree: what lies on the disk is another one's.
fn in_git(given: &Path, repository: &Repository, which: Which<'_>, args: &TreeArgs) -> Result<Opened, Trouble> {
    let tree = Git::new(repository, which, args.jobs).map_err(|what| trouble(given, what))?;
    let options = match &args.config {
        Some(file) => configured(&folder(given)?, file, true)?,
        None => committed(&tree, repository.prefix())?,
    };
    let view = Shipped { kind: "staged", revision: None };
    Ok(Opened { tree: Box::new(tree), view, options })
}

/// What the image of a Dockerfile holds of what lies on the disk.
fn in_image(given: &Path, opened: Opened, file: Option<&Path>) -> Result<Opened, Trouble> {
    let file = file.map(bytes);
    let normal = file.as_deref().and_then(path::normalize);
    let at = file.as_ref().map_or_else(|| given.to_path_buf(), |file| given.join(OsStr::from_bytes(file)));
    let tree =
        preflight::in_image(opened.tree, &opened.options, normal.as_deref()).map_err(|what| trouble(&at, what))?;
    Ok(Opened { tree: Box::new(tree), view: Shipped { kind: "docker", revision: None }, ..opened })
}

/// The configuration in the folder of the tree, else in one above it.
fn committed(tree: &Git, prefix: &[u8]) -> Result<Options, Trouble> {
    for folder in path::ancestors(prefix) {
        let file = path::join(folder, config::FILE.as_bytes());
        let failed = |what: String| Trouble { path: file.clone(), what };
        let Some(text) = tree.from_top(&file, MAX_CONFIG).map_err(|error| failed(error.to_string()))? else { continue };
        let text = String::from_utf8(text).map_err(|_| failed("not UTF-8".to_owned()))?;
        return config::parse(&text, &Place::between(folder, prefix)).map_err(|problem| failed(problem.to_string()));
    }
    Ok(Options::default())
}

/// A path in bytes.
pub fn bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}

/// A trouble with a path.
pub fn trouble(path: &Path, what: impl Into<String>) -> Trouble {
    Trouble { path: bytes(path), what: what.into() }
}

fn folder(given: &Path) -> Result<PathBuf, Trouble> {
    let about = fs::metadata(given).map_err(|error| trouble(given, error.kind().to_string()))?;
    if !about.is_dir() {
        return Err(trouble(given, "not a folder; `--only FILE` reports on one file of a tree"));
    }
    fs::canonicalize(given).map_err(|error| trouble(given, error.kind().to_string()))
}

fn configured(root: &Path, file: &Path, named: bool) -> Result<Options, Trouble> {
    let shown = file.strip_prefix(root).unwrap_or(file);
    // A pipe that somebody names is theirs to fill; one that lies there would be waited for forever.
    if !named && !file.is_file() {
        return Err(trouble(shown, "not a file that can be read"));
    }
    let failed = |error: io::Error| trouble(shown, error.kind().to_string());
    let absolute = fs::canonicalize(file).map_err(failed)?;
    let text = String::from_utf8(fs::read(file).map_err(failed)?).map_err(|_| trouble(shown, "not UTF-8"))?;
    config::parse(&text, &config::place(&absolute, root)).map_err(|problem| trouble(shown, problem.to_string()))
}

/// Flags add to lists; a document root or a mount on the command line takes the place of those configured.
fn add_flags(options: &mut Options, args: &TreeArgs) -> Result<(), String> {
    let here = Place::default();
    options.exclude.add(Globs::new(&args.exclude).map_err(|error| format!("--exclude {error}"))?);
    let roots: Option<Vec<Vec<u8>>> = args.document_root.iter().map(|root| here.inside(&bytes(root))).collect();
    let roots = roots.ok_or("--document-root leads out of the tree")?;
    if !roots.is_empty() {
        options.document_roots = roots;
    }
    let mounts = args.mount.iter().map(|text| mount(text)).collect::<Result<Vec<Mount>, String>>()?;
    options.mounts.retain(|old| !mounts.iter().any(|new| new.server == old.server));
    options.mounts.extend(mounts);
    options.threads = args.jobs;
    options.today = Some(super::trust::today(None));
    Ok(())
}

fn mount(text: &OsStr) -> Result<Mount, String> {
    let text = text.as_bytes();
    let wrong = || format!("--mount {}: write SERVER=TREE, such as /var/www/html=.", String::from_utf8_lossy(text));
    let at = text.iter().position(|&byte| byte == b'=').ok_or_else(wrong)?;
    let (server, tree) = (&text[..at], &text[at + 1..]);
    if !server.starts_with(b"/") {
        return Err(wrong());
    }
    let tree = Place::default().inside(tree).ok_or_else(wrong)?;
    Ok(Mount { server: server.strip_suffix(b"/").unwrap_or(server).to_vec(), tree, certainty: Certainty::Certain })
}

/// A root that is not there would turn every reference below it into nonsense.
fn check_places(root: &Path, tree: &dyn Tree, view: &Shipped, options: &Options) -> Result<(), Trouble> {
    let roots = options.document_roots.iter().map(|path| (path, "the document root is no folder of the tree"));
    let mounts = options.mounts.iter().map(|mount| (&mount.tree, "the mount leads to no folder of the tree"));
    let mut places = roots.chain(mounts).peekable();
    let on_disk = *view == Shipped::default();
    let entries = if on_disk || places.peek().is_none() { Vec::new() } else { tree.list().entries };
    let is_folder = |path: &[u8]| match on_disk {
        true => root.join(OsStr::from_bytes(path)).is_dir(),
        false => path.is_empty() || entries.iter().any(|entry| entry.path != path && path::is_below(&entry.path, path)),
    };
    match places.find(|(path, _)| !is_folder(path)) {
        Some((path, what)) => Err(Trouble { path: path.clone(), what: what.to_owned() }),
        None => Ok(()),
    }
}

/// The files to report on, relative to the tree. Those of other folders do not count: a hook names all that
/// changed.
///
/// # Errors
/// A file that is not there.
pub fn only(root: &Path, files: &[PathBuf]) -> Result<Option<Vec<Vec<u8>>>, Trouble> {
    if files.is_empty() {
        return Ok(None);
    }
    let mut only = Vec::new();
    for file in files {
        fs::symlink_metadata(file).map_err(|error| trouble(file, error.kind().to_string()))?;
        only.extend(placed(root, file)?);
    }
    Ok(Some(only))
}

/// Where a path, which need not be there, lies in the tree; `None` outside of it. Links on the way are followed,
/// but a last segment that is one is what is meant.
///
/// # Errors
/// Its folder is not there.
pub fn placed(root: &Path, file: &Path) -> Result<Option<Vec<u8>>, Trouble> {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let absolute = match file.file_name() {
        Some(name) => fs::canonicalize(parent).map(|parent| parent.join(name)),
        None => fs::canonicalize(file),
    };
    let absolute = absolute.map_err(|error| trouble(file, error.kind().to_string()))?;
    let inside = absolute.strip_prefix(root).ok();
    Ok(inside.map(|inside| path::normalize(&bytes(inside)).unwrap_or_default().into_owned()))
}
