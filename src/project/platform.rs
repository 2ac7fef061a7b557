//! On which systems the programs of a tree are built, as the descriptions of its builds tell.

use crate::index::Index;
use crate::path;

/// Descriptions that Unix builds by, by their names.
const UNIX: [&str; 14] = [
    "BUILD",
    "BUILD.bazel",
    "CMakeLists.txt",
    "GNUmakefile",
    "Kbuild",
    "Makefile",
    "Makefile.am",
    "Makefile.in",
    "SConstruct",
    "configure",
    "configure.ac",
    "makefile",
    "meson.build",
    "platformio.ini",
];
/// Projects of Visual Studio, by their extensions.
const WINDOWS: [&[u8]; 5] = [b"dsp", b"sln", b"slnx", b"vcproj", b"vcxproj"];
/// What makes such projects.
const MAKER: &[u8] = b"premake5.lua";

/// Whether some description is of Windows, and none of Unix.
pub(super) fn is_for_windows(index: &Index) -> bool {
    let unix = UNIX.iter().any(|name| index.named(name.as_bytes()).next().is_some());
    let of_windows = |name: &[u8]| name == MAKER || WINDOWS.contains(&path::extension(name).as_slice());
    !unix && index.entries().any(|id| of_windows(index.name(id)))
}
