//! Puppet's own compiler and file server against preflight's word, over generated manifests.
//!
//! What each program opens: `puppet parser validate` the manifest alone, no name in it; the compiler classes, types,
//! functions, templates and what `file` reads; `puppet apply` also what `source` names. Puppet starts slowly, so one
//! manifest holds a line a case, and a function of a module of its own (`probe::works`) tells of each whether it
//! raised an error. The very same manifest is given to preflight.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};
use preflight::Listed;
use preflight::options::Options;
use preflight::resolve::Resolution;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::needs::needs;

/// Cases in one catalog.
const CASES: usize = 600;

/// Files of the tree; what they define is what their names say.
const TREE: [(&str, &str); 18] = [
    ("modules/web/manifests/init.pp", "class web { }\nclass web::inner { }\n"),
    ("modules/web/manifests/vhost.pp", "define web::vhost($x = 1) { }\n"),
    ("modules/web/manifests/params.pp", "class web::params { }\n"),
    ("modules/web/manifests/server/proxy.pp", "class web::server::proxy { }\n"),
    ("modules/web/types/port.pp", "type Web::Port = Integer\n"),
    ("modules/web/functions/joined.pp", "function web::joined($x = 1) { $x }\n"),
    ("modules/web/files/vhost.conf", "x"),
    ("modules/web/files/certs/chain.txt", "x"),
    ("modules/web/files/spaced name.txt", "x"),
    ("modules/web/files/odd.txt ", "x"),
    ("modules/web/files/per%20cent.txt", "x"),
    ("modules/web/templates/vhost.conf.erb", "x"),
    ("modules/web/templates/sub/motd.epp", "x"),
    ("modules/web/templates/plain", "x"),
    ("modules/db/manifests/init.pp", "class db { }\n"),
    ("modules/db/manifests/backup.pp", "class db::backup { }\n"),
    ("modules/db/templates/my.cnf.erb", "x"),
    ("modules/db/files/my.cnf", "x"),
];

/// A function of Ruby that tells whether a block raised an error.
const PROBE: &str = "Puppet::Functions.create_function(:'probe::works') do
  dispatch(:works) { block_param }
  def works
    yield
    true
  rescue StandardError
    false
  end
end
";

/// How a name is used; `@` stands for the name.
const CLASSES: [&str; 5] = ["include @", "include '@'", "contain '@'", "require ['@']", "include ::@"];
const FILES: [&str; 2] = ["file('@')", "file(\"@\")"];
const TEMPLATES: [&str; 2] = ["template('@')", "template(\"@\")"];

/// The compiler, and the file server.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["puppet"], "puppet/compile", compiles),
        needs(&["puppet"], "puppet/file server", serves),
        needs(&["puppet"], "puppet/parser validate", validates),
    ]
}

/// An expression of a manifest that names something.
fn expression(draw: &mut Draw) -> String {
    let classes = ["web", "web::inner", "web::params", "web::server::proxy", "db", "db::backup", "db::inner"];
    let files = ["web/vhost.conf", "web/certs/chain.txt", "web/odd.txt ", "web/spaced name.txt", "db/my.cnf"];
    let templates = ["web/vhost.conf.erb", "web/plain", "db/my.cnf.erb"];
    let put = |form: &str, name: &str| form.replace('@', name);
    match draw.below(7) {
        0 | 1 => {
            let (form, name) = (draw.of(&CLASSES), draw.of(&classes));
            if form.contains('\'') { put(form, &draw.spoiled(name)) } else { put(form, &draw.word(name)) }
        }
        2 => {
            let name = draw.of(&files);
            let name = draw.spoiled(name);
            put(draw.of(&FILES), &draw.detour(&name))
        }
        3 => {
            let name = draw.of(&templates);
            let name = draw.spoiled(name);
            put(draw.of(&TEMPLATES), &draw.detour(&name))
        }
        4 => {
            let name = draw.of(&["web/sub/motd.epp", "web/sub/motd"]);
            put("epp('@')", &draw.spoiled(name))
        }
        5 => put("$x = @()", &draw.word("web::joined")),
        _ => {
            let at = draw.below(usize::MAX);
            put(&format!("@ {{ 'case {at}': }}"), &draw.word("web::vhost"))
        }
    }
}

fn tree() -> Result<tempfile::TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    for (path, text) in TREE {
        write(&folder.path().join(path), text)?;
    }
    write(&folder.path().join("modules/probe/lib/puppet/functions/probe/works.rb"), PROBE)?;
    Ok(folder)
}

fn write(path: &Path, text: &str) -> Result<(), Failed> {
    std::fs::create_dir_all(path.parent().unwrap())?;
    Ok(std::fs::write(path, text)?)
}

fn puppet(folder: &Path, arguments: &[&str]) -> Result<Output, Failed> {
    let state = folder.join(".state");
    let dirs = ["--confdir".into(), state.join("conf"), "--vardir".into(), state.join("var")];
    Ok(Command::new("puppet").args(arguments).args(dirs).current_dir(folder).env("HOME", &state).output()?)
}

/// What preflight made of each line of the manifest.
fn told(folder: &Path, manifest: &str) -> Vec<Listed> {
    let tree = Directory::new(folder.to_path_buf(), 1);
    let listed = preflight::references(&tree, &Options::default());
    listed.into_iter().filter(|one| one.file == manifest.as_bytes() && one.text != b"probe::works").collect()
}

/// Compares line by line: what preflight found must work, and what it misses must fail.
fn compare(lines: &[String], told: &[Listed], works: impl Fn(usize) -> bool) -> Result<(), Failed> {
    let mut wrong = String::new();
    let (mut found, mut missing) = (0, 0);
    for one in told {
        let line = one.location.line as usize - 1;
        let agrees = match one.resolution {
            Resolution::Found(_) => {
                found += 1;
                works(line)
            }
            Resolution::Missing(_) => {
                missing += 1;
                !works(line)
            }
            _ => true,
        };
        if !agrees {
            writeln!(wrong, "{}\n  works: {}; preflight calls {:?} there", lines[line], works(line), one.target)?;
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    if found < CASES / 6 || missing < CASES / 6 {
        return Err(format!("too few are decided: {found} found, {missing} missing").into());
    }
    Ok(())
}

fn compiles() -> Result<(), Failed> {
    let folder = tree()?;
    let mut draw = Draw(7);
    let lines: Vec<String> = (0..CASES)
        .map(|case| format!("if probe::works() || {{ {} }} {{ notice('works {case};') }}", expression(&mut draw)))
        .collect();
    write(&folder.path().join("site.pp"), &lines.join("\n"))?;
    let run = puppet(folder.path(), &["apply", "--noop", "--modulepath", "modules", "site.pp"])?;
    let out = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    if !out.contains("works") {
        return Err(out.into());
    }
    compare(&lines, &told(folder.path(), "site.pp"), |line| out.contains(&format!("works {line};")))
}

fn serves() -> Result<(), Failed> {
    let folder = tree()?;
    let out = folder.path().join(".out");
    std::fs::create_dir_all(&out)?;
    let mut draw = Draw(11);
    let files = [
        "web/vhost.conf",
        "web/certs/chain.txt",
        "web/certs",
        "web/odd.txt ",
        "web/spaced name.txt",
        "web/per%20cent.txt",
        "db/my.cnf",
    ];
    let mut one = |case: usize| {
        let (first, second) = (draw.of(&files), draw.of(&files));
        let first = draw.spoiled(first);
        let first = draw.detour(&first);
        let source = match draw.below(4) {
            0 => format!("['puppet:///modules/{first}', 'puppet:///modules/{}']", draw.spoiled(second)),
            _ => format!("'puppet:///modules/{first}'"),
        };
        format!("file {{ '{}/{case}': source => {source} }}", out.display())
    };
    let lines: Vec<String> = (0..CASES).map(&mut one).collect();
    write(&folder.path().join("site.pp"), &lines.join("\n"))?;
    puppet(folder.path(), &["apply", "--modulepath", "modules", "site.pp"])?;
    compare(&lines, &told(folder.path(), "site.pp"), |line| out.join(line.to_string()).exists())
}

/// The parser opens nothing that a manifest names: a manifest of misses is valid.
fn validates() -> Result<(), Failed> {
    let folder = tree()?;
    let mut draw = Draw(13);
    let lines: Vec<String> = (0..CASES).map(|_| expression(&mut draw)).collect();
    let text: Vec<String> = lines.iter().map(|line| format!("if true {{ {line} }}")).collect();
    write(&folder.path().join("site.pp"), &text.join("\n"))?;
    let run = puppet(folder.path(), &["parser", "validate", "site.pp"])?;
    if run.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&run.stderr).into_owned().into()) }
}
