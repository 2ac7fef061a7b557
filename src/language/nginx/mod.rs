//! Configuration of nginx (nginx.org/en/docs, "Core functionality" and the modules; lua-nginx-module README).
//!
//! Read are `include` from the directory of the main configuration, wherever it is written; certificates and
//! password files; scripts of njs and Lua; `root` and `alias`; and what is answered below a root: `try_files`,
//! `error_page`, `index`, a literal `SCRIPT_FILENAME`. The location that answers a URI is chosen as nginx does. A named
//! location must be defined in its server; a socket is told where it is near one that a program of the tree listens on.
//!
//! Knowingly not read: what holds variables; locations with expressions of PCRE alone; where logs and caches are made;
//! a template of another engine (`{{ … }}`, `<% … %>`); a root that another file states.

mod directives;
mod lexer;
mod location;

use directives::{BLOCKS, DATA, Place, Role, TELLING};
use lexer::{Directive, Word};
use location::{Root, answer, is_parted};

use super::{
    Defined, Fact, Input, Language, Namespace, Phase, Reference, Scan, Server, Want, socket_path, unix_socket,
};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// `*.conf`, templates for `envsubst`, and files of sites without an extension, by what they hold.
pub const LANGUAGE: Language = Language {
    name: "nginx",
    extensions: &["", "conf", "nginx", "template", "vhost"],
    names: &["nginx.conf"],
    interpreters: &[],
    recognises: Some(recognises),
    phase: Phase::Facts,
    reads: "`include`, certificates, password files, njs and Lua scripts, `root`, `alias`, `index`, `try_files`, \
            `error_page`, `SCRIPT_FILENAME`, named locations, sockets",
    leaves: "variables, expressions of PCRE alone, logs, other engines' templates",
    scan,
};

/// Most URIs of one file for which a location is chosen; sound configurations have some ten.
const MAX_ASKED: usize = 256;
/// Most directives that are looked at to recognise a file.
const LOOKED_AT: usize = 8;

fn recognises(path: &[u8], head: &[u8]) -> bool {
    let parsed = lexer::parse(head);
    let mut first = parsed.directives.iter().take(LOOKED_AT).peekable();
    if first.peek().is_none() {
        return false;
    }
    let telling = |directive: &Directive| {
        let Ok(name) = std::str::from_utf8(directive.name()) else { return false };
        let block = directive.block.as_ref().map(|_| directive.words.len());
        match (block, BLOCKS.iter().find(|(known, _)| *known == name)) {
            (Some(words), Some((_, wanted))) => wanted.contains(&words),
            (Some(_), None) => name == "if" || name.ends_with("_by_lua_block"),
            (None, _) => TELLING.binary_search(&name).is_ok() || directives::find(name.as_bytes()).is_some(),
        }
    };
    let known = first.clone().filter(|directive| telling(directive)).count();
    let blocks = first.clone().filter(|directive| directive.block.is_some() && telling(directive)).count();
    // `include` stands in the configuration of others, too.
    let only_includes =
        first.clone().all(|directive| directive.name() == b"include") && !is_list(&parsed.directives, head);
    let all = first.count();
    blocks > 0 && known * 2 >= all || known == all && !only_includes || known == all && is_below_nginx(path)
}

/// Several includes without quotes, of files that are called as nginx's are: others quote what they include.
fn is_list(directives: &[Directive], head: &[u8]) -> bool {
    let conf = |directive: &Directive| directive.words.last().is_some_and(|word| word.text.ends_with(b".conf"));
    directives.len() > 1 && directives.iter().take(LOOKED_AT).all(conf) && memchr::memchr2(b'"', b'\'', head).is_none()
}

fn is_below_nginx(path: &[u8]) -> bool {
    path::segments(path).any(|segment| memchr::memmem::find(segment, b"nginx").is_some())
}

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let bytes = input.source.bytes();
    let markers: [&[u8]; 3] = [b"{{", b"{%", b"<%"];
    let parsed = lexer::parse(bytes);
    if !parsed.whole || markers.iter().any(|marker| memchr::memmem::find(bytes, marker).is_some()) {
        return Scan { lexical: true, ..Scan::default() };
    }
    let mut reader =
        Reader { bytes, main: is_main(&input, &parsed.directives), asked: 0, servers: 0, scan: Scan::default() };
    if reader.main {
        let directory = path::parent(input.path).to_vec();
        reader.scan.facts.push(Fact::ServerHome { server: LANGUAGE.name, directory });
    }
    reader.block(&parsed.directives, &Scope { root: Root::Unstated, server: None });
    reader.scan.references.sort_by_key(|reference| reference.span);
    reader.scan
}

/// Whether this is what nginx is started with, and not a part of it.
fn is_main(input: &Input<'_>, directives: &[Directive]) -> bool {
    let has = |names: &[&[u8]]| directives.iter().any(|one| one.block.is_some() && names.contains(&one.name()));
    has(&[b"events", b"http"])
        || path::name(input.path) == b"nginx.conf" && !has(&[b"server", b"location", b"upstream"])
}

/// What surrounds a directive.
#[derive(Clone)]
struct Scope<'d> {
    root: Root,
    server: Option<Around<'d>>,
}

/// The server that a directive stands in.
#[derive(Clone)]
struct Around<'d> {
    block: &'d [Directive],
    /// The root around it.
    root: Root,
    /// Its place among those of the file.
    number: u32,
}

struct Reader<'s> {
    bytes: &'s [u8],
    main: bool,
    /// URIs for which a location was chosen.
    asked: usize,
    servers: u32,
    scan: Scan<'s>,
}

impl Reader<'_> {
    fn block(&mut self, block: &[Directive], scope: &Scope<'_>) {
        for directive in block {
            self.directive(directive, scope);
            let Some(inner) = directive.block.as_deref() else { continue };
            if is_data(directive) {
                for line in inner.iter().filter(|line| line.name() == b"include") {
                    self.directive(line, scope);
                }
                continue;
            }
            let root = Root::of(inner, &scope.root);
            let server = match directive.name() {
                b"server" => Some(self.server(inner, scope.root.clone())),
                _ => scope.server.clone(),
            };
            self.block(inner, &Scope { root, server });
        }
    }

    /// A server, with its named locations: they stand at its own level only.
    fn server<'d>(&mut self, block: &'d [Directive], root: Root) -> Around<'d> {
        self.servers += 1;
        let number = self.servers;
        let locations = block.iter().filter(|directive| directive.name() == b"location" && directive.block.is_some());
        for name in locations.filter_map(|location| location.arguments().first()) {
            if name.text.starts_with(b"@") {
                self.scan.facts.push(Fact::Defines { what: Defined::Location, number, name: name.text.clone() });
            }
        }
        Around { block, root, number }
    }

    fn directive(&mut self, directive: &Directive, scope: &Scope<'_>) {
        match directive.name() {
            // A member of an upstream.
            b"server" if directive.block.is_none() => {
                if let Some(word) = directive.arguments().first() {
                    self.socket("server", word);
                }
            }
            b"try_files" => self.try_files(directive.arguments(), scope),
            b"error_page" => self.error_page(directive.arguments(), scope),
            b"index" => self.index(directive.arguments(), scope),
            b"fastcgi_param" | b"uwsgi_param" | b"scgi_param" => self.script(directive.arguments(), scope),
            name => {
                let Some(row) = directives::find(name) else { return };
                let argument = match row.place {
                    Place::First => directive.arguments().first(),
                    Place::Second => directive.arguments().get(1),
                    Place::Last => directive.arguments().last(),
                };
                if let Some(word) = argument {
                    self.named(row.name, row.role, word);
                }
            }
        }
    }

    /// A file that a directive names by itself.
    fn named(&mut self, construct: &'static str, role: Role, word: &Word) {
        let main = self.main;
        let config = |secret: bool| Namespace::Server(Server::Configuration { main, secret });
        let text = word.text.as_slice();
        let (namespace, strength) = match role {
            // A pattern may match nothing: what was meant is then left out without a word.
            Role::Include if text.iter().any(|byte| b"*?[".contains(byte)) => {
                self.scan.facts.push(Fact::Loads(text.to_vec()));
                (config(false), Strength::Silent)
            }
            Role::Include => (config(false), Strength::Fatal),
            Role::Configuration(_) if text == b"off" || has_scheme(text) => return,
            Role::Configuration(strength) => (config(true), strength),
            Role::Prefix(strength) => (Namespace::Server(Server::Prefix(Want::File)), strength),
            Role::Served => (Namespace::Server(Server::Prefix(Want::Any)), Strength::Broken),
            Role::Socket => return self.socket(construct, word),
        };
        self.push(word, text.to_vec(), construct, namespace, strength);
    }

    /// `unix:/run/x.sock`, `http://unix:/run/x.sock:/`: made by another program.
    fn socket(&mut self, construct: &'static str, word: &Word) {
        let Some(range) = unix_socket(&word.text, b':') else { return };
        let path = &word.text[range.clone()];
        if path.contains(&b'$') || word.span.of(self.bytes) != word.text {
            return;
        }
        let start = word.span.start as usize + range.start;
        let word = Word { text: path.to_vec(), span: Span::new(start, start + path.len()) };
        let socket = socket_path(path);
        self.scan.facts.push(Fact::Connects(socket.clone()));
        let namespace = Namespace::Defined { what: Defined::Socket, number: 0 };
        self.push(&word, socket, construct, namespace, Strength::Broken);
    }

    /// `@app`: a location of the same server, which parts in other files may hold.
    fn named_location(&mut self, word: &Word, scope: &Scope<'_>, construct: &'static str) {
        let Some(around) = &scope.server else { return };
        let namespace = Namespace::Defined { what: Defined::Location, number: around.number };
        let strength = if is_parted(around.block) { Strength::Optional } else { Strength::Broken };
        self.push(word, word.text.clone(), construct, namespace, strength);
    }

    /// All but the last are tried; the last is a URI, a status, or a named location.
    fn try_files(&mut self, arguments: &[Word], scope: &Scope<'_>) {
        let Some((last, tried)) = arguments.split_last() else { return };
        for word in tried.iter().filter(|word| !word.text.contains(&b'$')) {
            self.below(&scope.root, false, word, "try_files", Strength::Optional);
        }
        match last.text.first() {
            Some(b'@') => self.named_location(last, scope, "try_files"),
            Some(b'=') => {}
            _ => self.answered(last, scope, "try_files"),
        }
    }

    fn error_page(&mut self, arguments: &[Word], scope: &Scope<'_>) {
        let Some(last) = arguments.last().filter(|_| arguments.len() > 1) else { return };
        match last.text.first() {
            Some(b'@') => self.named_location(last, scope, "error_page"),
            Some(b'/') => self.answered(last, scope, "error_page"),
            _ => {}
        }
    }

    /// Each name is tried; a single one may be told of.
    fn index(&mut self, arguments: &[Word], scope: &Scope<'_>) {
        let strength = if arguments.len() == 1 { Strength::Optional } else { Strength::Created };
        for word in arguments.iter().filter(|word| !word.text.contains(&b'$')) {
            self.below(&scope.root, false, word, "index", strength);
        }
    }

    /// `SCRIPT_FILENAME` with a literal behind the root.
    fn script(&mut self, arguments: &[Word], scope: &Scope<'_>) {
        let [name, value] = arguments else { return };
        if name.text != b"SCRIPT_FILENAME" {
            return;
        }
        let roots: [&[u8]; 2] = [b"$document_root", b"$realpath_root"];
        let tail = roots.iter().find_map(|root| value.text.strip_prefix(*root));
        match tail {
            Some(tail) if tail.starts_with(b"/") && !tail.contains(&b'$') => {
                let start = value.span.end.saturating_sub(u32::try_from(tail.len()).unwrap_or(0));
                let word = Word { text: tail.to_vec(), span: Span { start, ..value.span } };
                self.below(&scope.root, true, &word, "SCRIPT_FILENAME", Strength::Broken);
            }
            _ if value.text.starts_with(b"/") => {
                let namespace = Namespace::Server(Server::Served { sure: true });
                self.push(value, value.text.clone(), "SCRIPT_FILENAME", namespace, Strength::Broken);
            }
            _ => {}
        }
    }

    /// A URI that nginx answers itself.
    fn answered(&mut self, word: &Word, scope: &Scope<'_>, construct: &'static str) {
        let uri = word.text.split(|&byte| byte == b'?').next().unwrap_or_default();
        if !uri.starts_with(b"/") || uri.ends_with(b"/") {
            return;
        }
        let Some(around) = &scope.server else { return };
        self.asked += 1;
        if self.asked > MAX_ASKED {
            return;
        }
        let Some(served) = answer(around.block, &around.root, uri, construct != "error_page") else { return };
        let cut = u32::try_from(word.text.len() - uri.len()).unwrap_or(0);
        let span = Span { end: word.span.end.saturating_sub(cut), ..word.span };
        let word = Word { text: uri.to_vec(), span };
        self.below(&served.root, served.sure, &word, construct, Strength::Broken);
    }

    /// A name below a root.
    fn below(&mut self, root: &Root, sure: bool, word: &Word, construct: &'static str, strength: Strength) {
        let namespace = Namespace::Server(Server::Served { sure });
        let name = word.text.strip_prefix(b"/").unwrap_or(&word.text);
        let path = match root {
            Root::At(root) if root.starts_with(b"/") => path::join(root, name),
            _ => b"$".to_vec(),
        };
        self.push(word, path, construct, namespace, strength);
    }

    fn push(&mut self, word: &Word, path: Vec<u8>, construct: &'static str, namespace: Namespace, strength: Strength) {
        let expr = if path.contains(&b'$') { PathExpr::Hole } else { PathExpr::literal(path) };
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

fn is_data(directive: &Directive) -> bool {
    std::str::from_utf8(directive.name()).is_ok_and(|name| DATA.contains(&name))
}

/// `data:…`, `engine:…`, `store:…` are no files.
fn has_scheme(text: &[u8]) -> bool {
    let schemes: [&[u8]; 4] = [b"data:", b"engine:", b"store:", b"pkcs11:"];
    schemes.iter().any(|scheme| text.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn a_file_is_told_by_what_it_holds() {
        for (path, text, want) in [
            ("a.conf", "server {\n listen 80;\n}\n", true),
            ("a.conf", "upstream x { server a; }", true),
            ("a.conf", "location ~ \\.php$ { fastcgi_pass x; ", true),
            ("a.conf", "gzip on;\ngzip_types a b;\n", true),
            ("a.conf", "include a;\n", false),
            ("nginx/a.conf", "include a;\n", true),
            ("a.conf", "options { directory \"/var/cache/bind\"; };", false),
            ("a.conf", "zone \"x\" { type master; };\ninclude \"a\";", false),
            ("a.conf", "[program:x]\ncommand=y\n", false),
            ("a.conf", "<VirtualHost *:80>\nDocumentRoot /x\n</VirtualHost>\n", false),
            ("a.conf", "subnet 10.0.0.0 netmask 255.0.0.0 { range a b; }", false),
            ("a.conf", "", false),
            ("a", "#!/bin/sh\nif true; then return; fi\n", false),
        ] {
            assert_eq!(recognises(path.as_bytes(), text.as_bytes()), want, "{text}");
        }
    }

    #[test]
    fn what_is_named() {
        let text = "http { types { include t; a b; } map $a $b { c d; include m; } server { root /r; ssl_certificate data:x; \
                    auth_basic_user_file off; fastcgi_param SCRIPT_FILENAME $document_root/a.php; try_files $uri /i.php?$args; \
                    js_import x from n.js; include \"q \"; root '/a\\'b'; uwsgi_pass unix:/run/a.sock; } }";
        let source = Source::new(text.as_bytes().to_vec());
        let scan = scan(Input { path: b"nginx.conf", source: &source, project: None });
        let named: Vec<String> = scan
            .references
            .iter()
            .map(|one| {
                let path = one.expr.as_literal().map_or("?".into(), String::from_utf8_lossy);
                format!("{} {} {path}", one.construct, String::from_utf8_lossy(one.span.of(text.as_bytes())))
            })
            .collect();
        let want = [
            "include t t",
            "include m m",
            "root /r /r",
            "SCRIPT_FILENAME /a.php /a'b/a.php",
            "try_files /i.php /a'b/i.php",
            "js_import n.js n.js",
            "include q  q ",
            "root /a\\'b /a'b",
            "uwsgi_pass /run/a.sock /run/a.sock",
        ];
        assert_eq!(named, want);
        assert_eq!(scan.facts.len(), 2, "where it lies, and the socket");
    }
}
