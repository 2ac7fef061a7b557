//! Ansible playbooks, task files and roles (docs.ansible.com: "Search paths in Ansible", "Roles", "Re-using Ansible
//! artifacts", modules of `ansible.builtin`).
//!
//! Read are the files that tasks take from the controller (`template`, `copy`, `script`, …), task files and variables
//! that are included, roles, playbooks that are imported, and `lookup('file', …)`; `{{ item }}` is every member of a
//! literal loop of the task. Of `ansible.cfg` its paths are read, of `requirements.yml` which roles are installed.
//!
//! Knowingly not read: paths of the managed hosts, variables, `with_first_found`, patterns, roles of collections,
//! `tasks_from` and its like, inventories, plugins.

mod arguments;
mod settings;

use super::syntax::yaml::{Node, documents};
use super::{Ansible, Base, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Severity, Span, Strength};
use crate::path;
use arguments::{MODULES, Module, Takes, Word, free_form, lookups, lowered};

/// Playbooks, task files, `meta/main.yml`, `requirements.yml`, `ansible.cfg`.
pub const LANGUAGE: Language = Language {
    name: "ansible",
    extensions: &["yml", "yaml"],
    names: &["ansible.cfg"],
    interpreters: &["ansible-playbook"],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "files that tasks take from the controller, included tasks and variables, roles, imported playbooks, \
            paths of `ansible.cfg`",
    leaves: "paths of managed hosts, variables, `with_first_found`, roles of collections, inventories",
    scan,
};

/// Lists of tasks of a play or a block.
const TASK_LISTS: [&str; 7] = ["tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always"];
/// Keys by which a list of YAML is one of plays or tasks.
const TELLING: [&[u8]; 20] = [
    b"hosts",
    b"import_playbook",
    b"include",
    b"include_tasks",
    b"import_tasks",
    b"include_role",
    b"import_role",
    b"include_vars",
    b"template",
    b"copy",
    b"file",
    b"script",
    b"shell",
    b"command",
    b"apt",
    b"yum",
    b"service",
    b"become",
    b"with_items",
    b"notify",
];
/// Most members of a loop that are looked at one by one.
const MAX_ITEMS: usize = 100;

/// A list of plays or tasks, by where it lies or by its keys.
fn recognises(file: &[u8], head: &[u8]) -> bool {
    let folder = |name: &[u8]| path::segments(path::parent(file)).any(|segment| segment == name);
    if matches!(path::name(file), b"requirements.yml" | b"requirements.yaml") {
        return true;
    }
    if folder(b"meta") && folder(b"roles") {
        return path::name(file).starts_with(b"main.");
    }
    let mut lines = head.split(|&byte| byte == b'\n').filter(|line| {
        let line = line.trim_ascii();
        !line.is_empty() && !line.starts_with(b"#") && line != b"---" && !line.starts_with(b"%")
    });
    let Some(first) = lines.next() else { return false };
    if !first.trim_ascii_start().starts_with(b"-") {
        return false;
    }
    folder(b"tasks") || folder(b"handlers") || std::iter::once(first).chain(lines).any(is_telling)
}

fn is_telling(line: &[u8]) -> bool {
    let indent = line.iter().take_while(|byte| b" -".contains(byte)).count();
    let Some(colon) = memchr::memchr(b':', line) else { return false };
    if indent > 6 || colon < indent {
        return false;
    }
    let key = line[indent..colon].trim_ascii();
    TELLING.contains(&key) || key.starts_with(b"ansible.builtin.")
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    if path::name(input.path) == b"ansible.cfg" {
        return settings::scan(input);
    }
    let mut reader = Reader { bytes: input.source.bytes(), path: input.path, scan: Scan::default(), play: false };
    let meta = path::name(path::parent(input.path)) == b"meta";
    for document in documents(input.source) {
        if path::name(input.path).starts_with(b"requirements.") {
            reader.requirements(&document);
        } else if meta {
            document.get("dependencies").map(Node::list).unwrap_or_default().iter().for_each(|role| reader.role(role));
        } else {
            for item in document.list() {
                reader.play = item.get("hosts").is_some();
                reader.item(item);
            }
        }
    }
    // A node that an alias repeats is met twice.
    reader.scan.references.sort_by_key(|reference| reference.span);
    reader.scan.references.dedup_by(|a, b| a.span == b.span && a.expr == b.expr);
    reader.scan
}

struct Reader<'b> {
    bytes: &'b [u8],
    path: &'b [u8],
    scan: Scan<'static>,
    /// A play holds what is read: its own directory is searched.
    play: bool,
}

/// What a task says of all that it names.
#[derive(Clone, Copy)]
struct Task<'n> {
    guarded: bool,
    /// Members of its loop, where they are literal.
    items: &'n [Node],
}

impl Reader<'_> {
    /// Roles that a package manager installs.
    fn requirements(&mut self, document: &Node) {
        let roles = document.get("roles").map_or(document.list(), Node::list);
        for role in roles {
            let name = ["name", "role", "src"].iter().find_map(|key| role.get(key)).unwrap_or(role);
            if let Some((name, _)) = name.string() {
                self.scan.facts.push(Fact::Dependency(name.to_vec()));
            }
        }
    }

    /// A play, a block or a task.
    fn item(&mut self, item: &Node) {
        for key in TASK_LISTS {
            item.get(key).map(Node::list).unwrap_or_default().iter().for_each(|task| self.item(task));
        }
        item.get("roles").map(Node::list).unwrap_or_default().iter().for_each(|role| self.role(role));
        for file in item.get("vars_files").map(Node::list).unwrap_or_default() {
            // A list in the list: the first found is used.
            if file.list().is_empty() {
                let task = Task { guarded: false, items: &[] };
                self.path_of(file, "vars_files", Takes::Path(Ansible::Vars), task);
            }
        }
        let task = Task { guarded: is_guarded(item), items: items(item) };
        for (key, value) in item.entries() {
            self.entry(key, value, item, task);
        }
    }

    fn entry(&mut self, key: &Node, value: &Node, item: &Node, task: Task<'_>) {
        let Some((name, _)) = key.scalar() else { return };
        let short = name.rsplit(|&byte| byte == b'.').next().unwrap_or_default();
        if matches!(short, b"action" | b"local_action") {
            return self.action(value, item, task);
        }
        match MODULES.iter().find(|module| module.name.as_bytes() == short) {
            Some(module) => self.module(module, value, item, task),
            None => self.texts(value, task),
        }
    }

    /// `action: template src=a dest=b`.
    fn action(&mut self, value: &Node, item: &Node, task: Task<'_>) {
        let words = free_form(value, self.bytes);
        let Some(first) = words.first().filter(|word| word.key.is_empty()) else { return };
        let module = MODULES.iter().find(|module| module.name.as_bytes() == first.text);
        if let Some(module) = module {
            self.words(module, &words[1..], item, task);
        }
    }

    fn module(&mut self, module: &Module, value: &Node, item: &Node, task: Task<'_>) {
        if value.entries().is_empty() {
            let words = free_form(value, self.bytes);
            return self.words(module, &words, item, task);
        }
        let argument = |key: &str| value.get(key).or_else(|| item.get("args").and_then(|args| args.get(key)));
        let remote = argument("remote_src").map(is_true);
        if argument("content").is_some() || !module.is_local(remote, argument("copy").map(is_true)) {
            return;
        }
        for &(key, takes) in module.arguments {
            if let Some(value) = argument(key) {
                self.taken(module, takes, value, task);
            }
        }
        self.texts(value, task);
    }

    fn taken(&mut self, module: &Module, takes: Takes, value: &Node, task: Task<'_>) {
        match takes {
            Takes::Role => self.role(value),
            takes => self.path_of(value, module.name, takes, task),
        }
    }

    /// A module with its arguments in one line.
    fn words(&mut self, module: &Module, words: &[Word], item: &Node, task: Task<'_>) {
        let find = |key: &str| words.iter().find(|word| word.key == key.as_bytes());
        let flag = |key: &str| find(key).map(|word| is_yes(&word.text));
        let remote =
            flag("remote_src").or_else(|| item.get("args").and_then(|args| args.get("remote_src")).map(is_true));
        if find("content").is_some() || !module.is_local(remote, flag("copy")) {
            return;
        }
        for &(key, takes) in module.arguments {
            let first = words.first().filter(|word| module.free && word.key.is_empty());
            if let Some(word) = find(key).or(first) {
                let text = &word.text;
                match takes {
                    Takes::Role => self.role_name(text, word.span),
                    takes => self.refer(text, word.span, module.name, takes, task),
                }
                return;
            }
        }
    }

    fn path_of(&mut self, value: &Node, construct: &'static str, takes: Takes, task: Task<'_>) {
        for one in value.each() {
            if let Some((text, span)) = one.string() {
                self.refer(text, span, construct, takes, task);
            }
        }
    }

    /// `name`, `role: name`, `name: name`.
    fn role(&mut self, role: &Node) {
        if role.get("src").is_some() {
            return;
        }
        let name = ["role", "name"].iter().find_map(|key| role.get(key)).unwrap_or(role);
        if let Some((name, span)) = name.string() {
            self.role_name(name, span);
        }
    }

    fn role_name(&mut self, name: &[u8], span: Span) {
        let known = !name.contains(&b'{');
        self.scan.facts.push(Fact::Role(known.then(|| path::name(name).to_vec())));
        // `namespace.collection.role` and `author.role` are installed.
        if name.contains(&b'.') || name.contains(&b'{') || name.contains(&b',') {
            return;
        }
        self.refer(name, span, "role", Takes::Role, Task { guarded: false, items: &[] });
    }

    /// Lookups in any text of a task.
    fn texts(&mut self, value: &Node, task: Task<'_>) {
        for (_, value) in value.entries() {
            self.texts(value, task);
        }
        value.list().iter().for_each(|value| self.texts(value, task));
        let Some((text, span)) = value.scalar() else { return };
        for (kind, name, at) in lookups(text) {
            let place = Span::new(span.start as usize + at, span.start as usize + at + name.len());
            let span = if place.of(self.bytes) == name { place } else { span };
            self.refer(name, span, "lookup", Takes::Path(kind), task);
        }
    }

    /// A path that may hold `{{ item }}`: each literal member of the loop makes a path of its own.
    fn refer(&mut self, text: &[u8], span: Span, construct: &'static str, takes: Takes, task: Task<'_>) {
        let mut looped = false;
        for item in task.items.iter().take(MAX_ITEMS) {
            let value = |key: &[u8]| {
                let key = String::from_utf8_lossy(key);
                let node = key.split('.').filter(|key| !key.is_empty()).try_fold(item, |node, key| node.get(key))?;
                node.string()
            };
            if let Some((text, place)) = arguments::with_item(text, value) {
                looped = true;
                self.push(&text, place, construct, takes, task.guarded);
            }
        }
        if !looped {
            self.push(text, span, construct, takes, task.guarded);
        }
    }

    fn push(&mut self, text: &[u8], span: Span, construct: &'static str, takes: Takes, guarded: bool) {
        let namespace = match takes {
            Takes::Role => Namespace::Ansible { kind: Ansible::Role, play: self.play },
            Takes::Playbook => Namespace::Path(&[Base::FileDirectory], Want::File),
            Takes::Path(kind) => Namespace::Ansible { kind, play: self.play },
        };
        let (expr, namespace) = lowered(text, namespace, self.path);
        self.scan.references.push(Reference {
            span,
            tail: span,
            expr,
            construct,
            namespace,
            strength: Strength::Fatal,
            guarded,
            ceiling: Severity::Error,
        });
    }
}

/// Whether the absence of what a task names is provided for.
fn is_guarded(item: &Node) -> bool {
    let asks = |node: &Node| {
        let text = |node: &Node| node.scalar().is_some_and(|(text, _)| memchr::memmem::find(text, b"exists").is_some());
        node.each().iter().any(text)
    };
    item.get("when").is_some_and(asks)
        || item.get("ignore_errors").is_some_and(is_true)
        || item
            .get("failed_when")
            .is_some_and(|node| node.scalar().is_some_and(|(text, _)| !is_yes(text) && text.len() < 6))
        || item.get("rescue").is_some()
}

/// The members of a literal loop.
fn items(item: &Node) -> &[Node] {
    let members = ["loop", "with_items", "with_list"].iter().find_map(|key| item.get(key)).map(Node::list);
    members.unwrap_or_default()
}

fn is_true(node: &Node) -> bool {
    node.scalar().is_some_and(|(text, _)| is_yes(text))
}

fn is_yes(text: &[u8]) -> bool {
    matches!(text.to_ascii_lowercase().as_slice(), b"yes" | b"true" | b"on" | b"1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::PathExpr;
    use crate::source::Source;

    fn read(text: &str) -> Vec<String> {
        let source = Source::new(text.as_bytes().to_vec());
        let scan = scan(Input { path: b"roles/web/tasks/main.yml", source: &source, project: None });
        let one = |reference: &Reference<'_>| {
            let text = match &reference.expr {
                PathExpr::Literal(text) => String::from_utf8_lossy(text).into_owned(),
                _ => "?".to_owned(),
            };
            format!("{}{} {text}", reference.construct, if reference.guarded { "?" } else { "" })
        };
        scan.references.iter().map(one).collect()
    }

    #[test]
    fn tasks_name_files() {
        for (text, want) in [
            ("- template: src=a.j2 dest=/b", vec!["template a.j2"]),
            ("- ansible.builtin.copy:\n    src: a\n    dest: b", vec!["copy a"]),
            ("- copy: {src: /a, dest: b, remote_src: yes}", vec![]),
            ("- copy: content=x dest=b", vec![]),
            ("- script: a.sh --x\n  when: b is exists", vec!["script? a.sh"]),
            ("- include_tasks: a.yml\n- include: b.yml tags=x", vec!["include_tasks a.yml", "include b.yml"]),
            ("- template: src={{ item }}.j2 dest=x\n  with_items: [a, b]", vec!["template a.j2", "template b.j2"]),
            ("- copy: src={{ item.f }} dest=x\n  loop:\n  - {f: a}\n  - {f: b}", vec!["copy a", "copy b"]),
            ("- copy: src={{ x }}.j2 dest=y", vec!["copy ?"]),
            ("- debug: msg=\"{{ lookup('file', 'a.txt') }}\"", vec!["lookup a.txt"]),
            (
                "- hosts: all\n  roles:\n  - a\n  - {role: b}\n  - x.y\n  tasks:\n  - block:\n    - script: c",
                vec!["role a", "role b", "script c"],
            ),
            ("- action: template src=a dest=b", vec!["template a"]),
            ("- import_role: name=web", vec!["role web"]),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn lists_of_plays_and_tasks_are_told_from_others() {
        for (path, head, is) in [
            ("site.yml", "---\n# x\n- hosts: all\n", true),
            ("a/tasks/x.yml", "- foo: bar\n", true),
            ("common.yml", "- name: x\n  template: src=a\n", true),
            ("docker-compose.yml", "services:\n  web:\n", false),
            ("list.yml", "- a\n- b: template\n", false),
            ("roles/a/meta/main.yml", "dependencies: []\n", true),
        ] {
            assert_eq!(recognises(path.as_bytes(), head.as_bytes()), is, "{path}");
        }
    }
}
