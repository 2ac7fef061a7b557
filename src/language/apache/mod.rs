//! Configuration of Apache's httpd and `.htaccess` (httpd.apache.org "Configuration Files", "core", `mod_alias`,
//! `mod_rewrite`, `mod_ssl`; modwsgi.readthedocs.io).
//!
//! Read are `Include` from the server's root, certificates and password files; `DocumentRoot`, `Alias`, scripts of WSGI,
//! `<Directory>` and what PHP puts before a page, by their absolute paths; error documents; and, in `.htaccess`, what
//! `RewriteRule` answers with.
//!
//! Knowingly not read: what holds variables or patterns; rules of the server itself, whose URLs lie in other spaces;
//! logs, sockets and modules; a template of another engine (`{{ … }}`, `<% … %>`).

mod directives;
mod lexer;

use directives::{CONDITIONS, DIRECTORY, PREPENDED, Role, Row, SECTIONS, TELLING};
use lexer::{Line, Word, lines};

use super::{Fact, Input, Language, Namespace, Phase, Reference, Scan, Server, Want};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// `.htaccess`, `*.conf` and files of sites without an extension, by what they hold.
pub const LANGUAGE: Language = Language {
    name: "apache",
    extensions: &["", "conf", "vhost"],
    names: &[".htaccess", "apache2.conf", "httpd.conf"],
    interpreters: &[],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "`Include`, certificates, password files, `DocumentRoot`, `Alias`, `<Directory>`, `WSGIScriptAlias`, \
            `ErrorDocument`, PHP's `auto_prepend_file`; `RewriteRule` of `.htaccess`",
    leaves: "variables, patterns, rewriting by the server itself, modules and logs, other engines' templates",
    scan,
};

/// Most lines that are looked at to recognise a file.
const LOOKED_AT: usize = 12;
/// Most lines of a virtual host that are searched for its root.
const MAX_HOST: usize = 512;
/// Where servers are installed, as their `ServerRoot` says.
const SERVER_ROOTS: [&[u8]; 4] = [b"/etc/apache2", b"/etc/httpd", b"/usr/local/apache2", b"/etc/apache2/"];
/// Flags of a rule whose answer is no file of this site.
const NO_FILE: [&[u8]; 8] = [b"f", b"forbidden", b"g", b"gone", b"p", b"proxy", b"r", b"redirect"];

fn recognises(_: &[u8], head: &[u8]) -> bool {
    let (mut known, mut all) = (0, 0);
    for line in lines(head).take(LOOKED_AT) {
        match line {
            Line::Open(name, _) if name.starts_with(b"?") || name.starts_with(b"!") => return false,
            Line::Open(name, words) if !words.is_empty() && SECTIONS.contains(&name.as_slice()) => return true,
            Line::Directive(name, words) if is_foreign(&name, &words) => return false,
            Line::Directive(name, _) => known += usize::from(is_telling(&name)),
            _ => {}
        }
        all += 1;
    }
    known > 0 && known * 2 >= all
}

/// `a = b`, `[section]`, `a b;`, `a {`: others read these.
fn is_foreign(name: &[u8], words: &[Word]) -> bool {
    let assigns = name.contains(&b'=') || words.first().is_some_and(|word| word.text == b"=");
    assigns || name.starts_with(b"[") || words.last().is_some_and(|word| matches!(word.text.last(), Some(b';' | b'{')))
}

fn is_telling(name: &[u8]) -> bool {
    let listed = std::str::from_utf8(name).is_ok_and(|name| TELLING.binary_search(&name).is_ok());
    listed || directives::find(name).is_some_and(|row| !matches!(row.role, Role::Include { .. }))
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let bytes = input.source.bytes();
    let markers: [&[u8]; 3] = [b"{{", b"{%", b"<%"];
    if markers.iter().any(|marker| memchr::memmem::find(bytes, marker).is_some()) {
        return Scan { lexical: true, ..Scan::default() };
    }
    let all: Vec<Line> = lines(bytes).collect();
    let per_directory = path::name(input.path) == b".htaccess";
    let mut scan = Scan::default();
    scan.facts.extend(home(input.path, &all).map(|directory| Fact::ServerHome { server: LANGUAGE.name, directory }));
    let mut reader = Reader { bytes, per_directory, conditions: Vec::new(), roots: vec![None], scan };
    for (at, line) in all.iter().enumerate() {
        reader.line(line, &all[at..]);
    }
    reader.scan
}

/// The directory that relative names start from, where this is the main configuration and lies where it is used.
fn home(file: &[u8], all: &[Line]) -> Option<Vec<u8>> {
    let here = path::parent(file);
    let directory = match path::name(file) {
        b"apache2.conf" => here,
        b"httpd.conf" if path::name(here) == b"conf" => path::parent(here),
        _ => return None,
    };
    let elsewhere = all.iter().any(|line| match line {
        Line::Directive(name, words) if name == b"serverroot" => {
            words.first().is_some_and(|root| !SERVER_ROOTS.contains(&root.text.as_slice()))
        }
        _ => false,
    });
    (!elsewhere).then(|| directory.to_vec())
}

struct Reader<'s> {
    bytes: &'s [u8],
    /// It configures the directory that it lies in.
    per_directory: bool,
    /// Of each open section, whether it may not count.
    conditions: Vec<bool>,
    /// `DocumentRoot` of the server, then of the virtual host.
    roots: Vec<Option<Vec<u8>>>,
    scan: Scan<'s>,
}

impl Reader<'_> {
    /// `rest` starts with the line itself.
    fn line(&mut self, line: &Line, rest: &[Line]) {
        match line {
            Line::Open(name, words) => {
                let negated = words.first().is_some_and(|word| word.text.starts_with(b"!"));
                self.conditions.push(negated || CONDITIONS.contains(&name.as_slice()));
                match name.as_slice() {
                    b"virtualhost" => self.roots.push(document_root(rest)),
                    b"directory" if words.len() == 1 => self.named(&DIRECTORY, &words[0]),
                    _ => {}
                }
            }
            Line::Close => {
                self.conditions.pop();
                if self.conditions.is_empty() {
                    self.roots.truncate(1);
                }
            }
            Line::Directive(name, words) => self.directive(name, words),
        }
    }

    fn directive(&mut self, name: &[u8], words: &[Word]) {
        match (name, words) {
            (b"errordocument", [_, page]) => self.error_document(page),
            (b"php_value" | b"php_admin_value", [key, file]) if PREPENDED.contains(&key.text.as_slice()) => {
                if file.text.starts_with(b"/") {
                    let namespace = Namespace::Server(Server::Served { sure: true });
                    self.push(file, file.text.clone(), "auto_prepend_file", namespace, Strength::Fatal);
                }
            }
            (b"rewriterule", [_, answer, flags @ ..]) if self.per_directory => self.rewritten(answer, flags),
            _ => {
                let Some(row) = directives::find(name) else { return };
                if let Some(word) = words.get(row.argument) {
                    self.named(row, word);
                }
                if row.name == "documentroot" && self.roots.len() == 1 {
                    self.roots[0] = words.first().map(|word| word.text.clone());
                }
            }
        }
    }

    /// A file that a directive names by itself.
    fn named(&mut self, row: &Row, word: &Word) {
        let config = |secret: bool| Namespace::Server(Server::Configuration { main: false, secret });
        let absolute = word.text.starts_with(b"/");
        let (namespace, strength) = match row.role {
            Role::Include { .. } => (config(false), Strength::Fatal),
            Role::Secret(strength) => (config(true), strength),
            Role::Served(strength) if row.name == "documentroot" => {
                (Namespace::Server(Server::Prefix(Want::Directory)), strength)
            }
            Role::Served(_) if !absolute || word.text.iter().any(|byte| b"*?[~".contains(byte)) => return,
            Role::Served(strength) => {
                (Namespace::Server(Server::Served { sure: strength == Strength::Broken }), strength)
            }
        };
        if self.per_directory && !absolute {
            return;
        }
        self.push(word, word.text.clone(), row.construct, namespace, strength);
        if let (Role::Include { optional: true }, Some(reference)) = (row.role, self.scan.references.last_mut()) {
            reference.guarded = true;
        }
    }

    /// A URL, or a text; handlers and aliases may answer it, so that only near misses count.
    fn error_document(&mut self, page: &Word) {
        let Some(name) = page.text.strip_prefix(b"/").filter(|name| has_extension(name)) else { return };
        if self.per_directory {
            let namespace = Namespace::Server(Server::Url);
            return self.push(page, page.text.clone(), "ErrorDocument", namespace, Strength::Broken);
        }
        let root = self.roots.last().cloned().flatten().filter(|root| root.starts_with(b"/"));
        if let Some(root) = root {
            let namespace = Namespace::Server(Server::Served { sure: false });
            self.push(page, path::join(&root, name), "ErrorDocument", namespace, Strength::Broken);
        }
    }

    fn rewritten(&mut self, answer: &Word, flags: &[Word]) {
        let text = answer.text.split(|&byte| byte == b'?').next().unwrap_or_default();
        let flagged = flags.first().is_some_and(|word| {
            let list = word.text.strip_prefix(b"[").unwrap_or(&word.text).to_ascii_lowercase();
            let list = list.strip_suffix(b"]").unwrap_or(&list);
            list.split(|&byte| byte == b',').any(|flag| {
                let name = flag.split(|&byte| byte == b'=').next().unwrap_or_default();
                NO_FILE.contains(&name.trim_ascii())
            })
        });
        if flagged || !has_extension(text) || text.contains(&b':') {
            return;
        }
        let cut = u32::try_from(answer.text.len() - text.len()).unwrap_or(0);
        let span = Span { end: answer.span.end.saturating_sub(cut), ..answer.span };
        let word = Word { text: text.to_vec(), span };
        self.push(&word, text.to_vec(), "RewriteRule", Namespace::Server(Server::Url), Strength::Broken);
    }

    fn push(&mut self, word: &Word, path: Vec<u8>, construct: &'static str, namespace: Namespace, strength: Strength) {
        let expr = if is_dynamic(&path) { PathExpr::Hole } else { PathExpr::literal(path) };
        // Where the text has escapes, none of it is edited.
        let exact = word.span.of(self.bytes) == word.text;
        let tail = if exact { word.span } else { Span { end: word.span.start, ..word.span } };
        self.scan.references.push(Reference {
            span: word.span,
            tail,
            expr,
            construct,
            namespace,
            strength,
            guarded: self.conditions.contains(&true),
            ceiling: Severity::Error,
        });
    }
}

/// The `DocumentRoot` of the virtual host that opens `lines`.
fn document_root(lines: &[Line]) -> Option<Vec<u8>> {
    let mut depth = 0_usize;
    for line in lines.iter().take(MAX_HOST) {
        match line {
            Line::Open(..) => depth += 1,
            Line::Close => depth = depth.saturating_sub(1),
            Line::Directive(name, words) if name == b"documentroot" => return Some(words.first()?.text.clone()),
            Line::Directive(..) => {}
        }
        if depth == 0 {
            break;
        }
    }
    None
}

/// Variables of the server (`${X}`, `%{X}`, `$1`, `%1`), and those of makers of configurations (`@X@`, `__X__`).
fn is_dynamic(path: &[u8]) -> bool {
    path.iter().any(|byte| b"$%@<>".contains(byte)) || memchr::memmem::find(path, b"__").is_some()
}

fn has_extension(url: &[u8]) -> bool {
    path::split_extension(path::name(url)).1.is_some_and(|extension| !extension.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn a_file_is_told_by_what_it_holds() {
        for (text, want) in [
            ("<VirtualHost *:80>\nDocumentRoot /x\n</VirtualHost>\n", true),
            ("RewriteEngine On\nRewriteRule ^ x\n", true),
            ("# only\n", false),
            ("server {\n listen 80;\n}\n", false),
            ("listen 80;\nserver_name x;\n", false),
            ("[options]\nlisten = x\n", false),
            ("Host *\n  User x\n  Port y\n", false),
            ("<html>\n<head>\n", false),
            ("<VirtualHost *:80>\nInclude a\nSSLEngine on\n", true),
            ("<?xml version=\"1.0\"?>\n<directory a=\"b\">\n", false),
            ("Include other\n", false),
            ("<?xml version=\"1.0\"?>\n<a>\n", false),
            ("", false),
        ] {
            assert_eq!(recognises(b"a.conf", text.as_bytes()), want, "{text}");
        }
    }

    #[test]
    fn what_is_named() {
        let text = "ServerRoot /etc/apache2\nInclude a.conf\n<VirtualHost *>\nErrorDocument 404 /a.html\nErrorDocument 403 \
                    \"No\"\nDocumentRoot \"/r\"\n<IfDefine X>\nIncludeOptional b/*.conf\n</IfDefine>\nWSGIScriptAlias / \
                    /w/w.py\n</VirtualHost>\nErrorDocument 500 /b.html\n<Directory /r>\nAuthUserFile p\n</Directory>\n\
                    RewriteRule . /i.php\nphp_value auto_prepend_file none\n";
        let source = Source::new(text.as_bytes().to_vec());
        let scan = scan(Input { path: b"apache2.conf", source: &source, project: None });
        let shown = |one: &Reference| {
            let path = one.expr.as_literal().map_or("?".into(), String::from_utf8_lossy);
            format!("{} {path}{}", one.construct, if one.guarded { " guarded" } else { "" })
        };
        let named: Vec<String> = scan.references.iter().map(shown).collect();
        let want = [
            "Include a.conf",
            "ErrorDocument /r/a.html",
            "DocumentRoot /r",
            "IncludeOptional b/*.conf guarded",
            "WSGIScriptAlias /w/w.py",
            "Directory /r",
            "AuthUserFile p",
        ];
        assert_eq!(named, want);
        assert_eq!(scan.facts.len(), 1);
    }
}
