//! The Python namespace: dotted names of modules.
//!
//! Relative names are certain. An absolute name is looked into only where the tree owns its first segment; any
//! other belongs to the standard library or to a package. One exception: a first segment that stands in a root but
//! for case or white space, and that no package is known to own. Any directory as a root would give 4,039 false
//! findings over the 57 trees that were counted, the directories above the file and their `src` none.
//!
//! What this does not do: tell whether a name is bound in a module, beyond what a package's `__init__` shows.

use super::url::stands_elsewhere;
use super::{Candidate, Resolution, Site};
use crate::diagnostic::Certainty;
use crate::expr::PathExpr;
use crate::index::{EntryId, EntryKind};
use crate::path;
use crate::project::dependency_name;
use crate::project::modules::{Walked, relative, roots, segments, walk};
use crate::reference::Reference;

/// Names under which packages are imported that differ from the name they are installed by, or that are upper
/// case, so that a local module of the name in lower case says nothing.
const IMPORTED_AS: [&str; 24] = [
    "Crypto",
    "Cython",
    "IPython",
    "Image",
    "ImageDraw",
    "ImageFont",
    "Levenshtein",
    "MySQLdb",
    "OpenGL",
    "OpenSSL",
    "PIL",
    "PyPDF2",
    "PyQt4",
    "PyQt5",
    "PyQt6",
    "PySide",
    "PySide2",
    "PySide6",
    "RPi",
    "Xlib",
    "Foundation",
    "AppKit",
    "Quartz",
    "Adafruit_DHT",
];
/// What builds modules of compiled code, where it stands beside the description of a Python project.
const BUILDERS: [&str; 3] = ["CMakeLists.txt", "Cargo.toml", "meson.build"];
/// What describes a Python project.
const PROJECTS: [&str; 2] = ["pyproject.toml", "setup.py"];
/// Parts of names of modules that builds write.
const GENERATED: [&str; 5] = ["_pb2", "_pb2_grpc", "_version", "_generated", "_rc"];

/// Where a name is looked up from.
#[derive(Clone, Copy)]
struct Origin<'r> {
    root: &'r [u8],
    certainty: Certainty,
    /// The name is relative: a package without `__init__` is one all the same.
    relative: bool,
}

/// Looks a module up; `member`: the last segment may be a name bound in the module before it.
#[must_use]
pub fn resolve(site: &Site<'_>, reference: &Reference<'_>, member: bool) -> Resolution {
    let dotted = match &reference.expr {
        PathExpr::Literal(dotted) => dotted,
        PathExpr::Join(parts) => return started(site, parts),
        _ => return Resolution::Dynamic("the module's name is only known at run time"),
    };
    if !dotted.starts_with(b".") {
        return absolute(site, &segments(dotted), member);
    }
    match relative(site.path(), dotted) {
        None => Resolution::Outside,
        Some((root, rest)) => {
            let origin = Origin { root: &root, certainty: Certainty::Certain, relative: true };
            let resolution = from_origin(site, origin, &segments(rest), member);
            match resolution {
                Resolution::Missing(candidates) if is_copied(site, &candidates) => {
                    let near_only = |candidate| Candidate { near_only: true, ..candidate };
                    Resolution::Missing(candidates.into_iter().map(near_only).collect())
                }
                Resolution::Missing(mut candidates) if is_alone(site) => {
                    candidates.iter_mut().for_each(|candidate| candidate.certainty = Certainty::Open);
                    Resolution::Missing(candidates)
                }
                other => other,
            }
        }
    }
}

/// A module that a program is started with, in a directory: found there or wherever an import from there is. What is
/// not may be installed, so that only a near miss of it is told, unless the directory owns the name.
fn started(site: &Site<'_>, parts: &[PathExpr<'_>]) -> Resolution {
    const UNKNOWN: Resolution = Resolution::Dynamic("the directory that it is started in is only known at run time");
    let Some((PathExpr::Literal(dotted), directory)) = parts.split_last() else { return UNKNOWN };
    let segments = segments(dotted);
    let external = segments.first().is_none_or(|top| is_stdlib(top) || is_dependency(site, top));
    let directory = PathExpr::Join(directory.to_vec());
    let Some((directory, certainty)) = super::path::place(site, &directory) else {
        let server = super::path::server(site, &directory).filter(|_| !external);
        return server.map_or(UNKNOWN, |server| on_server(&server, &segments));
    };
    let index = site.world.index;
    let start = walk(index, &directory, &segments);
    if !matches!(start, Walked::Missing { .. }) {
        return found(start);
    }
    if let Resolution::Found(id) = absolute(site, &segments, false) {
        return Resolution::Found(id);
    }
    if external {
        return Resolution::External("the standard library or a package");
    }
    let certainty = if is_stated(site, &directory) { certainty.max(Certainty::Likely) } else { certainty };
    let origin = Origin { root: &directory, certainty, relative: false };
    let owned = matches!(start, Walked::Missing { at, regular, .. } if at > 0 && regular);
    missing(origin, &segments, certainty, !owned)
}

/// The file of a module in a directory of the server that no mount is known for; a package may be meant as well.
fn on_server(directory: &[u8], segments: &[&[u8]]) -> Resolution {
    Resolution::Unmounted([&path::join(directory, &segments.join(&b'/')), b".py".as_slice()].concat())
}

fn absolute(site: &Site<'_>, segments: &[&[u8]], member: bool) -> Resolution {
    const EXTERNAL: Resolution = Resolution::External("the standard library or a package");
    let Some(top) = segments.first() else { return EXTERNAL };
    let roots = roots(site.world.index, site.path(), &site.project.python_roots);
    let mut owners: Vec<&[u8]> = Vec::new();
    for root in &roots {
        match walk(site.world.index, root, segments) {
            Walked::Missing { at: 0, .. } => {}
            Walked::Missing { .. } => owners.push(root),
            walked => return found(walked),
        }
    }
    if is_stdlib(top) {
        return EXTERNAL;
    }
    owners.retain(|root| is_on_path(site, root) && holds_python(site, root, top));
    let shared = is_dependency(site, top) || owners.len() > 1;
    let sure = |root: &[u8]| !shared && (is_stated(site, root) || !is_package(site, root));
    let certainty = |root: &[u8]| if sure(root) { Certainty::Certain } else { Certainty::Open };
    let origins = owners.iter().map(|root| Origin { root, certainty: certainty(root), relative: false });
    from_any(site, origins, segments, member).or_else(|| unowned(site, &roots, segments)).unwrap_or(EXTERNAL)
}

fn found(walked: Walked) -> Resolution {
    match walked {
        Walked::Module(id) | Walked::Package(_, Some(id)) | Walked::Package(id, None) | Walked::Within(id) => {
            Resolution::Found(id)
        }
        Walked::Beyond | Walked::Missing { .. } => Resolution::Outside,
    }
}

/// Whether a directory can be one that modules are imported from: what lies in a package is reached through it. The
/// root of the tree may be a package that is imported from above, or the place where everything starts.
fn is_on_path(site: &Site<'_>, root: &[u8]) -> bool {
    root.is_empty() || !is_package(site, root) || is_stated(site, root)
}

fn is_stated(site: &Site<'_>, root: &[u8]) -> bool {
    site.project.python_roots.iter().any(|stated| stated == root)
}

fn is_package(site: &Site<'_>, directory: &[u8]) -> bool {
    site.world.index.is_file(&path::join(directory, b"__init__.py"))
}

/// What several roots own is satisfied by any of them.
fn from_any<'r>(
    site: &Site<'_>,
    origins: impl Iterator<Item = Origin<'r>>,
    segments: &[&[u8]],
    member: bool,
) -> Option<Resolution> {
    let mut candidates = Vec::new();
    for origin in origins {
        match from_origin(site, origin, segments, member) {
            Resolution::Missing(more) => candidates.extend(more),
            other => return Some(other),
        }
    }
    (!candidates.is_empty()).then_some(Resolution::Missing(candidates))
}

fn from_origin(site: &Site<'_>, origin: Origin<'_>, segments: &[&[u8]], member: bool) -> Resolution {
    let (at, regular, init) = match walk(site.world.index, origin.root, segments) {
        Walked::Missing { at, regular, init } => (at, regular, init),
        walked => return found(walked),
    };
    if member && at + 1 < segments.len() {
        return Resolution::Dynamic("its module is not there");
    }
    let known = regular || origin.relative;
    match init {
        Some(init) if member => member_of(site, origin, segments, init),
        Some(init) if extends_its_path(site, init) => missing(origin, segments, Certainty::Open, false),
        _ => {
            let certainty = if known { origin.certainty } else { Certainty::Open };
            missing(origin, segments, certainty, is_compiled(site, origin.root))
        }
    }
}

/// `from package import name`, where no submodule has the name: it is bound in the package, or one was meant.
fn member_of(site: &Site<'_>, origin: Origin<'_>, segments: &[&[u8]], init: EntryId) -> Resolution {
    let name = segments.last().copied().unwrap_or_default();
    match site.project.python_modules.get(&init) {
        Some((names, false)) if !names.contains(name) && !is_special(name) => {
            missing(origin, segments, origin.certainty, !names.is_empty())
        }
        _ => Resolution::Found(init),
    }
}

/// Submodules may come from elsewhere: the package changes `__path__` or `sys.modules`, or was not read.
fn extends_its_path(site: &Site<'_>, init: EntryId) -> bool {
    site.project.python_modules.get(&init).is_none_or(|(names, _)| names.contains(b"__path__".as_slice()))
}

/// `yaml._yaml`: what is called as its package with an underscore before it is mostly written in C.
fn is_of_c(segments: &[&[u8]]) -> bool {
    let [.., package, module] = segments else { return false };
    module.strip_prefix(b"_") == Some(*package)
}

fn missing(origin: Origin<'_>, segments: &[&[u8]], certainty: Certainty, near_only: bool) -> Resolution {
    let compiled = is_of_c(segments);
    let certainty = if compiled { Certainty::Open } else { certainty };
    let near_only = near_only || compiled || segments.iter().any(|segment| is_generated(segment));
    let place = path::join(origin.root, &segments.join(&b'/'));
    let candidate = |suffix: &[u8]| Candidate { near_only, ..Candidate::new([&place, suffix].concat(), certainty) };
    Resolution::Missing(vec![candidate(b".py"), candidate(b"/__init__.py")])
}

/// Whether a build puts modules of compiled code beside those in a directory (maturin.rs "Project layout",
/// scikit-build, meson-python).
fn is_compiled(site: &Site<'_>, directory: &[u8]) -> bool {
    let index = site.world.index;
    let stands =
        |above: &[u8], names: &[&str]| names.iter().any(|name| index.is_file(&path::join(above, name.as_bytes())));
    path::ancestors(directory).find(|above| stands(above, &PROJECTS)).is_some_and(|project| stands(project, &BUILDERS))
}

/// Names that every module has.
fn is_special(name: &[u8]) -> bool {
    name.starts_with(b"__") && name.ends_with(b"__")
}

fn is_generated(segment: &[u8]) -> bool {
    matches!(segment, b"version" | b"local_settings" | b"settings_local")
        || segment.starts_with(b"ui_")
        || GENERATED.iter().any(|part| segment.ends_with(part.as_bytes()))
}

/// Whether what a root owns under this name holds modules: a folder of pages owns no import.
fn holds_python(site: &Site<'_>, root: &[u8], top: &[u8]) -> bool {
    let index = site.world.index;
    match walk(index, root, &[top]) {
        Walked::Package(_, Some(_)) | Walked::Module(_) => true,
        Walked::Package(directory, None) => index.children(directory).any(|child| match index.kind(child) {
            EntryKind::Directory => index.is_file(&path::join(index.path(child), b"__init__.py")),
            _ => path::extension(index.name(child)) == b"py",
        }),
        _ => false,
    }
}

/// A first segment that a root holds in another spelling: case, white space, invisible characters.
fn unowned(site: &Site<'_>, roots: &[Vec<u8>], segments: &[&[u8]]) -> Option<Resolution> {
    let top = segments.first()?;
    let index = site.world.index;
    if is_dependency(site, top) || IMPORTED_AS.iter().any(|known| known.as_bytes() == *top) {
        return None;
    }
    let module = [*top, b".py"].concat();
    let mut candidates = Vec::new();
    for root in roots.iter().filter(|root| is_on_path(site, root)) {
        let Some(directory) = index.id(root).filter(|&id| index.kind(id) == EntryKind::Directory) else { continue };
        let folded = index.folded(directory);
        let alike =
            |name: &[u8], kind: EntryKind| folded.alike(name).iter().filter(|&&id| index.kind(id) == kind).count() == 1;
        if segments.len() == 1 && alike(&module, EntryKind::File) {
            candidates.push(path::join(root, &module));
        } else if alike(top, EntryKind::Directory) {
            candidates.push([path::join(root, &segments.join(&b'/')), b".py".to_vec()].concat());
        }
    }
    let one = candidates.pop().filter(|_| candidates.is_empty())?;
    Some(Resolution::Missing(vec![Candidate { near_only: true, ..Candidate::new(one, Certainty::Likely) }]))
}

fn is_dependency(site: &Site<'_>, top: &[u8]) -> bool {
    site.project.dependencies.contains(&dependency_name(top))
}

/// The only file of Python in a folder that is no package: it is put into one elsewhere.
fn is_alone(site: &Site<'_>) -> bool {
    let index = site.world.index;
    let Some(directory) = index.id(site.directory()) else { return false };
    index.children(directory).filter(|&child| path::extension(index.name(child)) == b"py").count() == 1
        && path::name(site.path()) != b"__init__.py"
}

/// Whether a file lies in a folder that is no package, while what it names stands in another folder of that name: a
/// build or a mount brings the two together.
fn is_copied(site: &Site<'_>, candidates: &[Candidate]) -> bool {
    let package = site.world.index.is_file(&path::join(site.directory(), b"__init__.py"));
    !package && candidates.iter().any(|candidate| stands_elsewhere(site.world, candidate))
}

/// Whether a top-level name is one of the standard library, of any version since 2.7.
fn is_stdlib(top: &[u8]) -> bool {
    STDLIB.binary_search_by(|name| name.as_bytes().cmp(top)).is_ok() || top.starts_with(b"_")
}

/// Top-level modules (`sys.stdlib_module_names`), and those that Python 3 renamed.
#[rustfmt::skip]
const STDLIB: [&str; 270] = [
    "BaseHTTPServer", "CGIHTTPServer", "ConfigParser", "Cookie", "HTMLParser", "Queue", "SimpleHTTPServer",
    "SimpleXMLRPCServer", "SocketServer", "StringIO", "Tkinter", "UserDict", "UserList", "UserString", "__builtin__",
    "__future__", "__main__", "_thread", "_winreg", "abc", "aifc", "annotationlib", "antigravity", "argparse",
    "array", "ast", "asynchat", "asyncio", "asyncore", "atexit", "audioop", "base64", "bdb", "binascii", "binhex",
    "bisect", "builtins", "bz2", "cPickle", "cProfile", "cStringIO", "calendar", "cgi", "cgitb", "chunk", "cmath",
    "cmd", "code", "codecs", "codeop", "collections", "colorsys", "commands", "compileall", "compression",
    "concurrent", "configparser", "contextlib", "contextvars", "cookielib", "copy", "copy_reg", "copyreg", "crypt",
    "csv", "ctypes", "curses", "dataclasses", "datetime", "dbm", "decimal", "difflib", "dis", "distutils", "doctest",
    "dummy_thread", "dummy_threading", "email", "encodings", "ensurepip", "enum", "errno", "exceptions",
    "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch", "formatter", "fractions", "ftplib", "functools",
    "gc", "genericpath", "getopt", "getpass", "gettext", "glob", "graphlib", "grp", "gzip", "hashlib", "heapq",
    "hmac", "html", "htmlentitydefs", "http", "httplib", "idlelib", "ihooks", "imaplib", "imghdr", "imp",
    "importlib", "imputil", "inspect", "io", "ipaddress", "itertools", "json", "keyword", "lib2to3", "linecache",
    "locale", "logging", "lzma", "macpath", "mailbox", "mailcap", "marshal", "math", "md5", "mimetypes", "mmap",
    "modulefinder", "msilib", "msvcrt", "multiprocessing", "netrc", "new", "nis", "nntplib", "nt", "ntpath",
    "nturl2path", "numbers", "opcode", "operator", "optparse", "os", "ossaudiodev", "parser", "pathlib", "pdb",
    "pickle", "pickletools", "pipes", "pkgutil", "platform", "plistlib", "popen2", "poplib", "posix", "posixpath",
    "pprint", "profile", "pstats", "pty", "pwd", "py_compile", "pyclbr", "pydoc", "pydoc_data", "pyexpat", "queue",
    "quopri", "random", "re", "readline", "reprlib", "resource", "rlcompleter", "robotparser", "runpy", "sched",
    "secrets", "select", "selectors", "sets", "sgmllib", "sha", "shelve", "shlex", "shutil", "signal", "site",
    "smtpd", "smtplib", "sndhdr", "socket", "socketserver", "spwd", "sqlite3", "sre_compile", "sre_constants",
    "sre_parse", "ssl", "stat", "statistics", "string", "stringprep", "struct", "subprocess", "sunau", "symbol",
    "symtable", "sys", "sysconfig", "syslog", "tabnanny", "tarfile", "telnetlib", "tempfile", "termios", "textwrap",
    "this", "thread", "threading", "time", "timeit", "tkFileDialog", "tkMessageBox", "tkinter", "token", "tokenize",
    "tomllib", "trace", "traceback", "tracemalloc", "ttk", "tty", "turtle", "turtledemo", "types", "typing",
    "unicodedata", "unittest", "urllib", "urllib2", "urlparse", "user", "uu", "uuid", "venv", "warnings", "wave",
    "weakref", "webbrowser", "winreg", "winsound", "wsgiref", "xdrlib", "xml", "xmlrpc", "xmlrpclib", "zipapp",
    "zipfile", "zipimport", "zlib", "zoneinfo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(STDLIB.is_sorted());
        assert!(is_stdlib(b"os") && is_stdlib(b"urllib2") && !is_stdlib(b"flask"));
    }
}
