//! Apache's configuration and `.htaccess` (httpd.apache.org/docs/2.4/mod, modwsgi.readthedocs.io).
//!
//! Read are `Include` from the server's root; `DocumentRoot`, `Alias` and scripts of mod_wsgi; `<Directory>`, whose
//! rules a misspelt name drops; certificates and password files; what `ErrorDocument`, `FallbackResource` and
//! `RewriteRule` answer with, `php_value auto_prepend_file` and `auto_append_file`.
//!
//! Knowingly not read: what holds variables or a part of the request; rules of a whole server; macros; modules; where
//! logs and sockets are made; patterns of `<DirectoryMatch>`; a template of another engine.

mod directives;
mod lexer;
mod rewrite;

use rustc_hash::FxHashMap;

use directives::{Role, SECTIONS, TELLING};
use lexer::{Line, Word};

use super::{
    Base, Defined, Fact, Input, Language, Namespace, Phase, Reference, Scan, Server, Want, socket_path, unix_socket,
};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// `.htaccess`, main configurations, and `*.conf` and files of sites without an extension, by what they hold.
pub const LANGUAGE: Language = Language {
    name: "apache",
    extensions: &["", "conf", "template", "vhost"],
    names: &[".htaccess", "apache2.conf", "httpd.conf"],
    interpreters: &[],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "`Include`, `DocumentRoot`, `Alias`, `<Directory>`, mod_wsgi's scripts, certificates, password files, \
            `ErrorDocument`, `FallbackResource`, `RewriteRule`, PHP's files put before and after each",
    leaves: "variables, macros, modules, logs, rules of a whole server",
    scan,
};

/// Name of the file that configures a directory.
const PER_DIRECTORY: &[u8] = b".htaccess";
/// Names of main configurations.
const MAIN: [&[u8]; 2] = [b"apache2.conf", b"httpd.conf"];
/// Sections that may be skipped as a whole.
const CONDITIONAL: [&[u8]; 4] = [b"ifmodule", b"ifdefine", b"ifversion", b"iffile"];
/// Most lines that are looked at to recognise a file.
const LOOKED_AT: usize = 8;
/// Most directories above a file that a URL may start from.
const MAX_ABOVE: u32 = 8;

fn recognises(_: &[u8], head: &[u8]) -> bool {
    let mut sections = 0;
    let mut known = 0;
    let mut all = 0;
    let lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with(b"#")).take(LOOKED_AT) {
        let word = line.split(u8::is_ascii_whitespace).next().unwrap_or_default().to_ascii_lowercase();
        let Ok(word) = std::str::from_utf8(&word) else { return false };
        all += 1;
        if line.ends_with(b";") || line.ends_with(b"{") {
            return false;
        }
        match word.strip_prefix('<') {
            Some(section) => {
                let section = section.trim_start_matches('/').trim_end_matches('>');
                let is = SECTIONS.contains(&section) && line.ends_with(b">");
                sections += usize::from(is);
                known += usize::from(is);
            }
            None => known += usize::from(TELLING.contains(&word) || directives::find(word.as_bytes()).is_some()),
        }
    }
    sections > 0 && known * 2 >= all || all > 1 && known == all
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let bytes = input.source.bytes();
    let markers: [&[u8]; 2] = [b"{{", b"<%"];
    let template = markers.iter().any(|marker| memchr::memmem::find(bytes, marker).is_some());
    let Some(lines) = lexer::parse(bytes).filter(|_| !template) else {
        return Scan { lexical: true, ..Scan::default() };
    };
    let per_directory = path::name(input.path) == PER_DIRECTORY;
    let above = path::ancestors(path::parent(input.path)).count();
    let mut reader = Reader {
        bytes,
        lines: &lines,
        above: u32::try_from(above).unwrap_or(MAX_ABOVE).min(MAX_ABOVE),
        roots: document_roots(&lines),
        based: lines.iter().any(|line| line.name == b"rewritebase"),
        catches_all: rewrite::any_catches_all(&lines),
        scan: Scan::default(),
    };
    for line in &lines {
        if per_directory {
            reader.in_directory(line);
        } else {
            reader.in_server(line);
        }
    }
    let mut scan = reader.scan;
    scan.facts.extend(lines.iter().filter_map(served));
    if MAIN.contains(&path::name(input.path)) || lines.iter().any(|line| line.name == b"serverroot") {
        let directory = path::parent(input.path);
        let directory = if path::name(directory) == b"conf" { path::parent(directory) } else { directory };
        scan.facts.push(Fact::ServerHome { server: LANGUAGE.name, directory: directory.to_vec() });
    }
    scan
}

/// A directory that is served, which sections speak of.
fn served(line: &Line) -> Option<Fact> {
    let word = match line.name.as_slice() {
        b"documentroot" => line.arguments.first(),
        b"alias" | b"scriptalias" => line.arguments.get(1),
        _ => None,
    }?;
    let name = word.text.strip_suffix(b"/").unwrap_or(&word.text).to_vec();
    let known = name.starts_with(b"/") && !name.iter().any(|byte| b"$%".contains(byte));
    known.then_some(Fact::Defines { what: Defined::Directory, number: 0, name })
}

fn document_roots(lines: &[Line]) -> FxHashMap<Option<usize>, &[u8]> {
    let stated = lines.iter().filter(|line| line.name == b"documentroot");
    let words = stated.filter_map(|line| Some((line.inside, line.arguments.first()?)));
    words.map(|(inside, word)| (inside, word.text.strip_suffix(b"/").unwrap_or(&word.text))).collect()
}

struct Reader<'s, 'l> {
    bytes: &'s [u8],
    lines: &'l [Line],
    /// How many directories, its own and those above, a URL may start from.
    above: u32,
    /// Document roots by the section that states them.
    roots: FxHashMap<Option<usize>, &'l [u8]>,
    /// `RewriteBase` says which URL the directory has.
    based: bool,
    /// A rule takes every URL that no other takes.
    catches_all: bool,
    scan: Scan<'s>,
}

impl Reader<'_, '_> {
    /// `SetHandler "proxy:unix:/run/x.sock|fcgi://localhost"`, `ProxyPass / unix:/run/x.sock|http://localhost/`.
    fn socket(&mut self, line: &Line) {
        let construct = match line.name.as_slice() {
            b"proxypass" => "ProxyPass",
            b"proxypassmatch" => "ProxyPassMatch",
            b"sethandler" => "SetHandler",
            _ => return,
        };
        for word in line.arguments.iter().filter(|word| word.span.of(self.bytes) == word.text) {
            let Some(range) = unix_socket(&word.text, b'|') else { continue };
            let path = &word.text[range.clone()];
            let start = word.span.start as usize + range.start;
            let word = Word { text: path.to_vec(), span: Span::new(start, start + path.len()) };
            let socket = socket_path(path);
            self.scan.facts.push(Fact::Connects(socket.clone()));
            let namespace = Namespace::Defined { what: Defined::Socket, number: 0 };
            self.push(&word, socket, construct, namespace, Strength::Broken);
        }
    }

    /// A line of the server's own configuration.
    fn in_server(&mut self, line: &Line) {
        self.socket(line);
        match line.name.as_slice() {
            b"errordocument" => self.error_document_of_server(line),
            b"wsgidaemonprocess" => self.daemon(line),
            _ => self.named(line),
        }
    }

    /// A line of `.htaccess`.
    fn in_directory(&mut self, line: &Line) {
        // A part of a site that is left out of a catch-all may be one of its routes.
        self.socket(line);
        let page = if self.catches_all { Strength::Optional } else { Strength::Silent };
        match line.name.as_slice() {
            b"errordocument" => {
                if let Some(word) = line.arguments.get(1).filter(|word| word.text.starts_with(b"/")) {
                    self.url(word, "ErrorDocument", page);
                }
            }
            b"fallbackresource" => {
                if let Some(word) = line.arguments.first().filter(|word| word.text.starts_with(b"/")) {
                    self.url(word, "FallbackResource", Strength::Broken);
                }
            }
            b"rewriterule" => self.rewrite_rule(line, page),
            _ if directives::find(&line.name).is_some_and(|row| matches!(row.1, Role::Configuration(_))) => {
                match line.arguments.first() {
                    Some(word) if word.text.starts_with(b"/") => {
                        self.absolute(word, "AuthUserFile", Want::File, Strength::Broken);
                    }
                    Some(word) => {
                        let namespace = Namespace::Server(Server::Apart);
                        self.push(word, written(word), "AuthUserFile", namespace, Strength::Silent);
                    }
                    None => {}
                }
            }
            _ => self.named(line),
        }
    }

    /// A file that a directive names by itself.
    fn named(&mut self, line: &Line) {
        if line.name == b"php_value" || line.name == b"php_admin_value" {
            return self.php(line);
        }
        let Some(&(construct, role, place)) = directives::find(&line.name) else { return };
        let Some(word) = line.arguments.get(place) else { return };
        match role {
            Role::Include { optional } => {
                let conditional = self.is_conditional(line);
                // What is optional is left out without a word.
                let strength = if optional { Strength::Optional } else { Strength::Fatal };
                self.configuration(word, construct, conditional, strength);
                self.scan.facts.push(Fact::Loads(written(word)));
            }
            Role::Configuration(strength) => self.configuration(word, construct, true, strength),
            Role::Absolute(want, strength) => self.absolute(word, construct, want, strength),
            Role::Settings if line.section && word.text.starts_with(b"/") && word.text != b"/" => {
                let pattern = word.text.iter().any(|byte| b"*?[".contains(byte));
                if !pattern {
                    let namespace = Namespace::Server(Server::Settings);
                    self.push(word, written(word), construct, namespace, Strength::Silent);
                }
            }
            Role::Settings => {}
        }
    }

    fn is_conditional(&self, line: &Line) -> bool {
        let mut inside = line.inside;
        for _ in 0..self.lines.len() {
            let Some(section) = inside.and_then(|at| self.lines.get(at)) else { return false };
            if CONDITIONAL.contains(&section.name.as_slice()) {
                return true;
            }
            inside = section.inside;
        }
        false
    }

    fn configuration(&mut self, word: &Word, construct: &'static str, secret: bool, strength: Strength) {
        let namespace = Namespace::Server(Server::Configuration { main: false, secret });
        self.push(word, written(word), construct, namespace, strength);
    }

    fn absolute(&mut self, word: &Word, construct: &'static str, want: Want, strength: Strength) {
        self.push(word, written(word), construct, Namespace::Server(Server::Prefix(want)), strength);
    }

    /// `python-path=/a:/b home=/c`.
    fn daemon(&mut self, line: &Line) {
        for word in &line.arguments {
            let keys: [&[u8]; 2] = [b"home=", b"python-path="];
            let Some(key) = keys.into_iter().find(|key| word.text.starts_with(key)) else { continue };
            if word.text.contains(&b':') || word.span.of(self.bytes) != word.text {
                continue;
            }
            let start = word.span.start + u32::try_from(key.len()).unwrap_or(0);
            let part = Word { text: word.text[key.len()..].to_vec(), span: Span { start, ..word.span } };
            self.absolute(&part, "WSGIDaemonProcess", Want::Directory, Strength::Broken);
        }
    }

    /// Files that PHP runs before and after each script.
    fn php(&mut self, line: &Line) {
        let [key, value] = line.arguments.as_slice() else { return };
        let construct = match key.text.as_slice() {
            b"auto_prepend_file" => "auto_prepend_file",
            b"auto_append_file" => "auto_append_file",
            _ => return,
        };
        if value.text.starts_with(b"/") {
            self.absolute(value, construct, Want::File, Strength::Broken);
        }
    }

    /// `ErrorDocument 404 /404.html` below the document root of its host.
    fn error_document_of_server(&mut self, line: &Line) {
        let Some(word) = line.arguments.get(1).filter(|word| word.text.starts_with(b"/")) else { return };
        let root = self.roots.get(&line.inside).filter(|root| root.starts_with(b"/"));
        let place = match root {
            Some(root) if !word.text.contains(&b'?') => path::join(root, &word.text[1..]),
            _ => b"$".to_vec(),
        };
        // An alias or a program may answer in its place.
        let namespace = Namespace::Server(Server::Served { sure: false });
        self.push(word, place, "ErrorDocument", namespace, Strength::Broken);
    }

    fn rewrite_rule(&mut self, line: &Line, page: Strength) {
        let Some(rule) = rewrite::rule(line) else { return };
        let strength = if rule.catches_all { Strength::Broken } else { page };
        let Some(word) = rewrite::file(rule.target) else {
            const FILE: Namespace = Namespace::Path(&[Base::FileDirectory], Want::File);
            return self.push(rule.target, b"$".to_vec(), "RewriteRule", FILE, strength);
        };
        // Where what takes all stands above, that is where the site starts, and nobody asks for this directory by
        // itself.
        if word.text.starts_with(b"/") || self.based || rule.catches_all {
            self.url(&word, "RewriteRule", strength);
        } else {
            let expr = PathExpr::here_up(0).then(PathExpr::literal([b"/", word.text.as_slice()].concat()));
            self.anchored(&word, expr, "RewriteRule", strength);
        }
    }

    /// A URL of the site: the document root is the directory itself or one above it.
    fn url(&mut self, word: &Word, construct: &'static str, strength: Strength) {
        let Some(word) = rewrite::file(word) else { return };
        let tail = [b"/", word.text.strip_prefix(b"/").unwrap_or(&word.text)].concat();
        let starts = (0..self.above).map(|up| PathExpr::here_up(up).then(PathExpr::literal(tail.clone())));
        self.anchored(&word, PathExpr::FirstOf(starts.collect()), construct, strength);
    }

    fn anchored(&mut self, word: &Word, expr: PathExpr<'static>, construct: &'static str, strength: Strength) {
        const FILE: Namespace = Namespace::Path(&[Base::FileDirectory], Want::File);
        self.push(word, Vec::new(), construct, FILE, strength);
        if let Some(last) = self.scan.references.last_mut() {
            last.expr = expr;
        }
    }

    fn push(&mut self, word: &Word, path: Vec<u8>, construct: &'static str, namespace: Namespace, strength: Strength) {
        let variable = path.iter().any(|byte| b"$%".contains(byte));
        let expr = if variable { PathExpr::Hole } else { PathExpr::literal(path) };
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
            guarded: false,
            ceiling: Severity::Error,
        });
    }
}

fn written(word: &Word) -> Vec<u8> {
    word.text.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn a_file_is_told_by_what_it_holds() {
        for (text, want) in [
            ("<VirtualHost *:80>\n  DocumentRoot /x\n</VirtualHost>\n", true),
            ("# x\nAlias /a /b\n<Directory /b>\nRequire all granted\n</Directory>", true),
            ("Listen 80\nServerRoot /etc\n", true),
            ("server {\n listen 80;\n}\n", false),
            ("<configuration>\n</configuration>\n", false),
            ("[program:x]\ncommand=y\n", false),
            ("Include a\n", false),
            ("options {\n", false),
            ("", false),
        ] {
            assert_eq!(recognises(b"a.conf", text.as_bytes()), want, "{text}");
        }
    }

    fn named(path: &str, text: &str) -> Vec<String> {
        let source = Source::new(text.as_bytes().to_vec());
        let scan = scan(Input { path: path.as_bytes(), source: &source, project: None });
        let shown = |one: &Reference<'_>| {
            format!("{} {}", one.construct, String::from_utf8_lossy(one.span.of(text.as_bytes())))
        };
        scan.references.iter().map(shown).collect()
    }

    #[test]
    fn what_is_named() {
        let text = "ServerRoot /etc/httpd\nDocumentRoot \"/var/www/html\"\nErrorDocument 404 /404.html\nErrorDocument 403 \"No\"\n\
                    <Directory /var/www/*>\n</Directory>\n<Directory \"/var/www/htlm\">\n</Directory>\n\
                    WSGIDaemonProcess x user=a python-path=/srv/app home=/srv\nCustomLog \"|/usr/bin/x\" y\n\
                    WSGIScriptAlias / /srv/app/x.wsgi process-group=x\n";
        let want = [
            "documentroot /var/www/html",
            "ErrorDocument /404.html",
            "directory /var/www/htlm",
            "WSGIDaemonProcess /srv/app",
            "WSGIDaemonProcess /srv",
            "wsgiscriptalias /srv/app/x.wsgi",
        ];
        assert_eq!(named("conf/httpd.conf", text), want);
        let text = "RewriteRule . /index.php?q=1 [L]\nRewriteRule ^a$ b.php\nRewriteRule ^c$ d.php [R=301]\nRewriteRule x - [F]\n\
                    RewriteRule ^(.*)$ /api/$1 [P]\nRewriteRule ^e http://x/y.php\nErrorDocument 404 default\n\
                    php_value auto_prepend_file \"/x/pre.php \"\n";
        let want = ["RewriteRule /index.php", "RewriteRule b.php", "auto_prepend_file /x/pre.php "];
        assert_eq!(named("public/.htaccess", text), want);
    }
}
