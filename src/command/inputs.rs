//! From what was typed to a tree and its [`Options`]: the folder, its configuration, the flags on top.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use preflight::cli::TreeArgs;
use preflight::diagnostic::{Certainty, Shipped, Trouble};
use preflight::options::{Globs, Options, Place};
use preflight::path;
use preflight::project::Mount;
use preflight::tree::Tree;

use super::view::{self, Opened};

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
    /// What decides how it is checked and what ships, as it is written: the configuration, the Dockerfile, the flags.
    pub rules: Vec<Vec<u8>>,
    /// The folder whose repository is meant where a revision is named.
    pub home: PathBuf,
}

/// Reads the configuration of a tree and puts the flags on top of it.
///
/// # Errors
/// What keeps the tree from being checked at all.
pub fn inputs(given: &Path, args: &TreeArgs) -> Result<Inputs, Trouble> {
    let Opened { tree, root, view, mut options, configuration, recipe, home } = view::open(given, args)?;
    add_flags(&mut options, args).map_err(|what| Trouble { path: bytes(given), what })?;
    check_places(&root, &*tree, &view, &options)?;
    let flags = format!("{:?} {:?} {:?}", args.exclude, args.document_root, args.mount);
    Ok(Inputs { tree, root, options, view, rules: vec![configuration, recipe, flags.into_bytes()], home })
}

/// The same for what writes: only a folder can be written to.
///
/// # Errors
/// Another view, or what keeps the tree from being checked at all.
pub fn writable(given: &Path, args: &TreeArgs) -> Result<Inputs, Trouble> {
    let inputs = inputs(given, args)?;
    match inputs.view == Shipped::default() {
        true => Ok(inputs),
        false => Err(trouble(given, "only a folder can be written to: name one, and leave --view out")),
    }
}

/// A path in bytes.
pub fn bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}

/// A trouble with a path.
pub fn trouble(path: &Path, what: impl Into<String>) -> Trouble {
    Trouble { path: bytes(path), what: what.into() }
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
    if !root.is_dir() {
        return Err(trouble(root, "--only names files of a folder"));
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
