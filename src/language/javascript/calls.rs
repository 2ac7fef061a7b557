//! Calls of Node's own modules, and of packages that stand in for them, that take a path (nodejs.org "File system",
//! "Worker threads", "Child process"; expressjs.com "API").
//!
//! Databases, certificates and environment files are left out: they are made on the machine.

use crate::diagnostic::Strength::{Broken, Created, Fatal, Silent};
use crate::framework::{Call, Role, call};
use crate::reference::Want;

const FILE: Role = Role::Read(Want::File);
const DIRECTORY: Role = Role::Read(Want::Directory);
const ANY: Role = Role::Read(Want::Any);

/// The rows, sorted by name.
const CALLS: &[Call] = &[
    call("Bun.file", 0, "", FILE, Broken),
    call("Deno.readTextFile", 0, "", FILE, Broken),
    call("child_process.fork", 0, "", FILE, Broken),
    call("cp", 0, "", Role::Copy, Broken),
    call("express.static", 0, "", DIRECTORY, Silent),
    call("fs.access", 0, "", Role::Test, Created),
    call("fs.accessSync", 0, "", Role::Test, Created),
    call("fs.copy", 0, "", Role::Copy, Broken),
    call("fs.copyFile", 0, "", Role::Copy, Broken),
    call("fs.copyFileSync", 0, "", Role::Copy, Fatal),
    call("fs.copySync", 0, "", Role::Copy, Fatal),
    call("fs.cp", 0, "", Role::Copy, Broken),
    call("fs.cpSync", 0, "", Role::Copy, Fatal),
    call("fs.createReadStream", 0, "", FILE, Broken),
    call("fs.createWriteStream", 0, "", Role::Write, Created),
    call("fs.ensureDir", 0, "", Role::Write, Created),
    call("fs.ensureDirSync", 0, "", Role::Write, Created),
    call("fs.ensureFileSync", 0, "", Role::Write, Created),
    call("fs.exists", 0, "", Role::Test, Created),
    call("fs.existsSync", 0, "", Role::Test, Created),
    call("fs.mkdir", 0, "", Role::Write, Created),
    call("fs.mkdirSync", 0, "", Role::Write, Created),
    call("fs.mkdirp", 0, "", Role::Write, Created),
    call("fs.mkdirpSync", 0, "", Role::Write, Created),
    call("fs.outputFile", 0, "", Role::Write, Created),
    call("fs.outputFileSync", 0, "", Role::Write, Created),
    call("fs.pathExists", 0, "", Role::Test, Created),
    call("fs.promises.access", 0, "", Role::Test, Created),
    call("fs.promises.copyFile", 0, "", Role::Copy, Broken),
    call("fs.promises.mkdir", 0, "", Role::Write, Created),
    call("fs.promises.readFile", 0, "", FILE, Broken),
    call("fs.promises.readdir", 0, "", DIRECTORY, Broken),
    call("fs.promises.stat", 0, "", Role::Test, Created),
    call("fs.promises.writeFile", 0, "", Role::Write, Created),
    call("fs.readFile", 0, "", FILE, Broken),
    call("fs.readFileSync", 0, "", FILE, Fatal),
    call("fs.readJSONSync", 0, "", FILE, Fatal),
    call("fs.readJson", 0, "", FILE, Broken),
    call("fs.readJsonSync", 0, "", FILE, Fatal),
    call("fs.readdir", 0, "", DIRECTORY, Broken),
    call("fs.readdirSync", 0, "", DIRECTORY, Fatal),
    call("fs.stat", 0, "", Role::Test, Created),
    call("fs.statSync", 0, "", ANY, Fatal),
    call("fs.writeFile", 0, "", Role::Write, Created),
    call("fs.writeFileSync", 0, "", Role::Write, Created),
    call("fs.writeJson", 0, "", Role::Write, Created),
    call("fs.writeJsonSync", 0, "", Role::Write, Created),
    call("koa-static", 0, "", DIRECTORY, Silent),
    call("serve-static", 0, "", DIRECTORY, Silent),
    call("shelljs.cp", 0, "", Role::Copy, Broken),
];

/// The names of the rows.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    CALLS.iter().map(|row| row.name)
}

/// The row of a call.
pub(super) fn by_name(name: &str) -> Option<&'static Call> {
    let at = CALLS.binary_search_by(|row| row.name.cmp(name)).ok()?;
    CALLS.get(at)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::CALLS.is_sorted_by(|a, b| a.name < b.name));
    }
}
