//! Ansible's own search for files against preflight's word, over generated tasks of a role and of a play.
//!
//! What opens what: `--syntax-check` playbooks, roles and imported tasks, one error a run; a task its own file, when
//! it runs on a host. So the search itself is asked, for hundreds of names in one process: what every action calls
//! with the folders of its role, of its task file and of its playbook (`DataLoader.path_dwim_relative_stack`).

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};
use preflight::options::Options;
use preflight::resolve::Resolution;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::needs::{find, needs};

/// Tasks in one file.
const CASES: usize = 500;

/// Asks Ansible of each line `folder TAB name`, with the search path of the role or of the play.
const ASK: &str = r"
import os, sys
from ansible.parsing.dataloader import DataLoader
from ansible.errors import AnsibleError
root, role = sys.argv[1], sys.argv[2] == 'role'
loader = DataLoader()
loader.set_basedir(root)
paths = [root + '/roles/web', root + '/roles/web/tasks', root] if role else [root]
for line in sys.stdin.read().split('\n'):
    if not line: continue
    folder, name = line.split('\t')
    try: found = loader.path_dwim_relative_stack(paths, folder, name, is_role=role)
    except AnsibleError: found = None
    print('yes' if found and os.path.exists(found) else 'no')
";

const TREE: [&str; 9] = [
    "roles/web/templates/site.conf.j2",
    "roles/web/templates/sub/deep.j2",
    "roles/web/files/certificate.txt",
    "roles/web/files/spaced name.txt",
    "roles/web/tasks/beside.j2",
    "roles/web/vars/debian.yml",
    "templates/common.j2",
    "files/common.txt",
    "vars/common.yml",
];

/// Of a role, and of a play.
pub fn trials() -> Vec<Trial> {
    let needed: &[&str] = &["ansible-playbook"];
    vec![
        needs(needed, "ansible/search of a role", || agrees("roles/web/tasks/main.yml", "role")),
        needs(needed, "ansible/search of a play", || agrees("site.yml", "play")),
    ]
}

/// A folder and a name that is looked for in it.
fn case(draw: &mut Draw) -> (&'static str, String) {
    let (folder, names): (_, &[&str]) = match draw.below(3) {
        0 => ("templates", &["site.conf.j2", "sub/deep.j2", "beside.j2", "common.j2", "templates/common.j2"]),
        1 => ("files", &["certificate.txt", "spaced name.txt", "common.txt", "files/common.txt"]),
        _ => ("vars", &["debian.yml", "common.yml", "vars/common.yml", "../vars/common.yml"]),
    };
    let name = draw.of(names);
    let name = draw.spoiled(name);
    (folder, draw.detour(&name))
}

fn task((folder, name): &(&str, String)) -> String {
    match *folder {
        "templates" => format!("- template: {{dest: /x, src: '{name}'}}"),
        "files" => format!("- copy: {{dest: /x, src: '{name}'}}"),
        _ => format!("- include_vars: {{file: '{name}'}}"),
    }
}

fn agrees(file: &'static str, of: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for path in TREE {
        write(&folder.path().join(path), "x\n")?;
    }
    let mut draw = Draw(17);
    let cases: Vec<_> = (0..CASES).map(|_| case(&mut draw)).collect();
    let tasks: Vec<String> = cases.iter().map(task).collect();
    // Two lines before the first task, in either.
    let (head, indent) = if of == "role" { ("---\n# x\n", "") } else { ("- hosts: all\n  tasks:\n", "  ") };
    let lines: Vec<String> = tasks.iter().map(|task| format!("{indent}{task}")).collect();
    write(&folder.path().join(file), &[head, &lines.join("\n"), "\n"].concat())?;
    let found = ask(folder.path(), of, &cases)?;
    compare(folder.path(), file, &lines, &found)
}

fn write(path: &Path, text: &str) -> Result<(), Failed> {
    std::fs::create_dir_all(path.parent().unwrap())?;
    Ok(std::fs::write(path, text)?)
}

fn ask(root: &Path, of: &str, cases: &[(&str, String)]) -> Result<Vec<bool>, Failed> {
    let questions: String = cases.iter().map(|(folder, name)| format!("{folder}\t{name}\n")).collect();
    let listed = root.join(".questions");
    std::fs::write(&listed, questions)?;
    let out = Command::new(python()?)
        .args(["-c", ASK, root.to_str().unwrap(), of])
        .env("ANSIBLE_LOCAL_TEMP", root.join(".local"))
        .stdin(Stdio::from(std::fs::File::open(&listed)?))
        .output()?;
    let answers: Vec<bool> = String::from_utf8_lossy(&out.stdout).lines().map(|line| line == "yes").collect();
    if answers.len() == cases.len() {
        Ok(answers)
    } else {
        Err(String::from_utf8_lossy(&out.stderr).into_owned().into())
    }
}

/// The interpreter that Ansible itself runs with.
fn python() -> Result<String, Failed> {
    let text = std::fs::read_to_string(find("ansible-playbook").ok_or("it was there a moment ago")?)?;
    let first = text.lines().next().and_then(|line| line.strip_prefix("#!")).ok_or("no `#!` line")?;
    Ok(first.trim().to_owned())
}

fn compare(root: &Path, file: &str, lines: &[String], found: &[bool]) -> Result<(), Failed> {
    let tree = Directory::new(root.to_path_buf(), 1);
    let told = preflight::references(&tree, &Options::default());
    let mut wrong = String::new();
    let mut counted = [0, 0];
    for one in told.iter().filter(|one| one.file == file.as_bytes()) {
        let at = one.location.line as usize - 3;
        let says = match one.resolution {
            Resolution::Found(_) => true,
            Resolution::Missing(_) => false,
            _ => continue,
        };
        counted[usize::from(says)] += 1;
        if says != found[at] {
            writeln!(wrong, "{}\n  Ansible finds it: {}; preflight: {:?}", lines[at], found[at], one.target)?;
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    if counted.iter().any(|count| *count < CASES / 6) {
        return Err(format!("too few are decided: {counted:?}").into());
    }
    Ok(())
}
