//! Calls of builtins, of the standard library and of well-known packages that take a path (Library Reference:
//! "Built-in Functions", "os", "pathlib", "shutil", "runpy", "subprocess", "importlib").
//!
//! Data that programs load with scientific packages often lies elsewhere: such calls are optional, so that only
//! near misses are told. Databases, certificates and environment files are left out: they are made on the machine.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Strength::{Broken, Created, Fatal, Optional, Silent};
use crate::framework::{Call, FLASK, Role, STARLETTE, call, django};
use crate::reference::Want;

const FILE: Role = Role::Read(Want::File);
const DIRECTORY: Role = Role::Read(Want::Directory);
const ANY: Role = Role::Read(Want::Any);

/// The rows, sorted by name.
const CALLS: &[Call] = &[
    call(".exists", 0, "", Role::TestSelf, Created),
    call(".is_dir", 0, "", Role::TestSelf, Created),
    call(".is_file", 0, "", Role::TestSelf, Created),
    call(".mkdir", 0, "", Role::WriteSelf, Created),
    call(".read_bytes", 0, "", Role::ReadSelf, Fatal),
    call(".read_text", 0, "", Role::ReadSelf, Fatal),
    call(".savefig", 0, "fname", Role::Write, Created),
    call(".to_csv", 0, "path_or_buf", Role::Write, Created),
    call(".to_excel", 0, "excel_writer", Role::Write, Created),
    call(".to_json", 0, "path_or_buf", Role::Write, Created),
    call(".touch", 0, "", Role::WriteSelf, Created),
    call(".write_bytes", 0, "", Role::WriteSelf, Created),
    call(".write_text", 0, "", Role::WriteSelf, Created),
    call("PIL.Image.open", 0, "fp", FILE, Fatal),
    call("PIL.ImageFont.truetype", 0, "font", FILE, Optional),
    call("__import__", 0, "name", Role::Import, Fatal),
    call("bz2.open", 0, "filename", Role::Open { mode: 1 }, Fatal),
    call("codecs.open", 0, "filename", Role::Open { mode: 1 }, Fatal),
    call("configparser.ConfigParser().read", 0, "filenames", FILE, Silent),
    call("configparser.RawConfigParser().read", 0, "filenames", FILE, Silent),
    call("configparser.SafeConfigParser().read", 0, "filenames", FILE, Silent),
    call("cv2.imread", 0, "filename", FILE, Silent),
    call("execfile", 0, "", FILE, Fatal),
    call("gzip.open", 0, "filename", Role::Open { mode: 1 }, Fatal),
    call("imp.load_source", 1, "pathname", FILE, Fatal),
    call("importlib.import_module", 0, "name", Role::Import, Fatal),
    call("importlib.util.find_spec", 0, "name", Role::TestImport, Created),
    call("importlib.util.spec_from_file_location", 1, "location", FILE, Fatal),
    call("io.open", 0, "file", Role::Open { mode: 1 }, Fatal),
    call("joblib.load", 0, "filename", FILE, Optional),
    call("linecache.getlines", 0, "filename", FILE, Silent),
    call("logging.config.fileConfig", 0, "fname", FILE, Fatal),
    call("lxml.etree.parse", 0, "source", FILE, Fatal),
    call("lzma.open", 0, "filename", Role::Open { mode: 1 }, Fatal),
    call("numpy.genfromtxt", 0, "fname", FILE, Optional),
    call("numpy.load", 0, "file", FILE, Optional),
    call("numpy.loadtxt", 0, "fname", FILE, Optional),
    call("open", 0, "file", Role::Open { mode: 1 }, Fatal),
    call("os.access", 0, "path", Role::Test, Created),
    call("os.chdir", 0, "path", Role::ChangeDirectory, Fatal),
    call("os.listdir", 0, "path", DIRECTORY, Fatal),
    call("os.makedirs", 0, "name", Role::Write, Created),
    call("os.mkdir", 0, "path", Role::Write, Created),
    call("os.path.exists", 0, "path", Role::Test, Created),
    call("os.path.getmtime", 0, "filename", ANY, Fatal),
    call("os.path.getsize", 0, "filename", FILE, Fatal),
    call("os.path.isdir", 0, "s", Role::Test, Created),
    call("os.path.isfile", 0, "path", Role::Test, Created),
    call("os.path.islink", 0, "path", Role::Test, Created),
    call("os.path.lexists", 0, "path", Role::Test, Created),
    call("os.scandir", 0, "path", DIRECTORY, Fatal),
    call("os.stat", 0, "path", ANY, Fatal),
    call("pandas.read_csv", 0, "filepath_or_buffer", FILE, Optional),
    call("pandas.read_excel", 0, "io", FILE, Optional),
    call("pandas.read_json", 0, "path_or_buf", FILE, Optional),
    call("pkg_resources.resource_filename", 1, "resource_name", Role::Resource, Fatal),
    call("pkg_resources.resource_stream", 1, "resource_name", Role::Resource, Fatal),
    call("pkg_resources.resource_string", 1, "resource_name", Role::Resource, Fatal),
    call("pkgutil.get_data", 1, "resource", Role::Resource, Fatal),
    call("pygame.image.load", 0, "filename", FILE, Fatal),
    call("pygame.mixer.Sound", 0, "file", FILE, Fatal),
    call("pytest.importorskip", 0, "modname", Role::TestImport, Created),
    call("runpy.run_module", 0, "mod_name", Role::Import, Fatal),
    call("runpy.run_path", 0, "path_name", ANY, Fatal),
    call("shutil.copy", 0, "src", Role::Copy, Fatal),
    call("shutil.copy2", 0, "src", Role::Copy, Fatal),
    call("shutil.copyfile", 0, "src", Role::Copy, Fatal),
    call("shutil.copytree", 0, "src", Role::Copy, Fatal),
    call("shutil.move", 0, "src", Role::Copy, Fatal),
    call("site.addsitedir", 0, "sitedir", Role::PythonRoot, Optional),
    call("subprocess.Popen", 0, "args", Role::Run, Broken),
    call("subprocess.call", 0, "args", Role::Run, Broken),
    call("subprocess.check_call", 0, "args", Role::Run, Broken),
    call("subprocess.check_output", 0, "args", Role::Run, Broken),
    call("subprocess.run", 0, "args", Role::Run, Broken),
    call("sys.path.append", 0, "", Role::PythonRoot, Optional),
    call("sys.path.insert", 1, "", Role::PythonRoot, Optional),
    call("tkinter.PhotoImage", 9, "file", FILE, Fatal),
    call("urllib.request.urlretrieve", 1, "filename", Role::Write, Created),
    call("wave.open", 0, "f", Role::Open { mode: 1 }, Fatal),
    call("xml.dom.minidom.parse", 0, "file", FILE, Fatal),
    call("xml.etree.ElementTree.parse", 0, "source", FILE, Fatal),
    call("zipfile.ZipFile", 0, "file", Role::Open { mode: 1 }, Fatal),
];

/// Methods of `pathlib.Path`, which only a value known to be one is taken to have.
const METHODS: &[Call] = &[
    call("iterdir", 0, "", Role::ReadSelf, Fatal),
    call("open", 0, "", Role::ReadSelf, Fatal),
    call("stat", 0, "", Role::ReadSelf, Fatal),
];

static BY_NAME: LazyLock<FxHashMap<&str, &Call>> = LazyLock::new(|| {
    CALLS.iter().chain(FLASK).chain(STARLETTE).chain(django::CALLS).map(|row| (row.name, row)).collect()
});

/// What the names of all rows end with.
static LAST: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let names = BY_NAME.keys().copied().chain(METHODS.iter().map(|row| row.name));
    names.map(|name| name.rsplit('.').next().unwrap_or(name)).collect()
});

/// Whether any row's name ends with this word: most methods that are called are in none.
pub(super) fn is_last(name: &str) -> bool {
    LAST.contains(name)
}

/// The row of a callee by its dotted name.
pub(super) fn by_name(dotted: &str) -> Option<&'static Call> {
    BY_NAME.get(dotted).copied()
}

/// The row of a method, whatever it is called on; `front` is the attribute before it.
pub(super) fn by_method(front: Option<&str>, method: &str) -> Option<&'static Call> {
    let long = front.and_then(|front| BY_NAME.get(format!(".{front}.{method}").as_str()));
    long.or_else(|| BY_NAME.get(format!(".{method}").as_str())).copied()
}

/// The row of a function of this name, wherever it comes from.
pub(super) fn by_any(name: &str) -> Option<&'static Call> {
    BY_NAME.get(format!("*.{name}").as_str()).copied()
}

/// The row of a method of `pathlib.Path`.
pub(super) fn of_path(method: &str) -> Option<&'static Call> {
    METHODS.iter().find(|row| row.name == method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted() {
        for rows in [CALLS, METHODS, FLASK, STARLETTE, django::CALLS] {
            let names: Vec<&str> = rows.iter().map(|row| row.name).collect();
            assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        }
    }
}
