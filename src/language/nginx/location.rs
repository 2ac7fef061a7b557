//! Which location of a server answers a URI, and which file it answers with (nginx.org "location", "root").
//!
//! Exact ones first, then the longest prefix, then regular expressions in their order. Where an expression is one
//! that only PCRE reads, or where parts of the server stand in other files, the answer is open.

use regex_automata::meta;
use regex_automata::util::syntax;

use super::directives::ANSWERS;
use super::lexer::Directive;

/// Largest automaton that is built for an expression, in bytes.
const MAX_AUTOMATON: usize = 1 << 16;
/// Longest expression that is looked at, in bytes.
const MAX_EXPRESSION: usize = 512;
/// Most expressions of one block that are tried for a URI.
const MAX_EXPRESSIONS: usize = 64;
/// Deepest nesting of locations that is followed.
const MAX_NESTED: usize = 8;
/// Parts of a configuration that come with nginx, which pass requests to FastCGI and decide nothing else.
const HARMLESS: [&str; 6] =
    ["fastcgi.conf", "fastcgi_params", "mime.types", "scgi_params", "snippets/fastcgi-php.conf", "uwsgi_params"];

/// Where URIs are looked for on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// This file does not say.
    Unstated,
    /// It depends on the request, or replaces a part of the URI.
    Unknown,
    /// Below this path.
    At(Vec<u8>),
}

impl Root {
    /// The root of a block: its own, or the one it inherits.
    pub(super) fn of(block: &[Directive], inherited: &Root) -> Root {
        let stated = |directive: &&Directive| matches!(directive.name(), b"root" | b"alias");
        let Some(directive) = block.iter().rfind(stated) else { return inherited.clone() };
        match directive.arguments() {
            [path] if directive.name() == b"root" && !path.text.contains(&b'$') => {
                Root::At(path.text.strip_suffix(b"/").unwrap_or(&path.text).to_vec())
            }
            _ => Root::Unknown,
        }
    }
}

/// A file that a URI is answered with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Served {
    /// Where it lies.
    pub(super) root: Root,
    /// Nothing else can answer.
    pub(super) sure: bool,
}

/// How a server answers `uri`; `None` where not with a file of that name. Where it is asked for the page of an error, a
/// page for `errors` does not take its place (`recursive_error_pages` is off).
pub(super) fn answer(server: &[Directive], root: &Root, uri: &[u8], errors: bool) -> Option<Served> {
    if has(server, b"return") {
        return None;
    }
    let mut served =
        Served { root: Root::of(server, root), sure: !is_open(server) && !falls_back(server, uri, errors) };
    let mut block = server;
    let mut chosen = false;
    for _ in 0..MAX_NESTED {
        served.sure &= !rewrites(block, uri);
        let (inner, sure) = choose(block, uri)?;
        served.sure &= sure;
        let Some(inner) = inner else { break };
        (block, chosen) = (inner, true);
        served.root = Root::of(block, &served.root);
        served.sure &= !is_open(block) && !falls_back(block, uri, errors);
    }
    let answers = |directive: &Directive| {
        std::str::from_utf8(directive.name()).is_ok_and(|name| ANSWERS.binary_search(&name).is_ok())
    };
    if chosen && block.iter().any(answers) {
        return None;
    }
    if has(block, b"fastcgi_pass") {
        served.sure &= script(block);
    }
    Some(served)
}

fn has(block: &[Directive], name: &[u8]) -> bool {
    block.iter().any(|directive| directive.name() == name)
}

/// Parts of it stand in other files, or depend on a test.
fn is_open(block: &[Directive]) -> bool {
    has(block, b"if") || is_parted(block)
}

/// Parts of it stand in other files.
pub(super) fn is_parted(block: &[Directive]) -> bool {
    block.iter().any(|directive| match directive.name() {
        b"include" => !directive.arguments().first().is_some_and(|name| {
            let name = name.text.strip_prefix(b"/etc/nginx/").unwrap_or(&name.text);
            HARMLESS.iter().any(|known| known.as_bytes() == name)
        }),
        _ => false,
    })
}

/// Something else answers where the file is absent: the last of `try_files`, or what stands for a 404.
fn falls_back(block: &[Directive], uri: &[u8], errors: bool) -> bool {
    block.iter().any(|directive| {
        let Some((last, others)) = directive.arguments().split_last() else { return false };
        match directive.name() {
            b"try_files" => {
                let path = last.text.split(|&byte| byte == b'?').next().unwrap_or_default();
                !last.text.starts_with(b"=") && path != uri
            }
            b"error_page" => errors && others.iter().any(|word| word.text == b"404") && last.text != uri,
            _ => false,
        }
    })
}

/// FastCGI runs the file that the URI names below the root.
fn script(block: &[Directive]) -> bool {
    let named = |directive: &&Directive| {
        directive.name() == b"fastcgi_param"
            && directive.arguments().first().is_some_and(|name| name.text == b"SCRIPT_FILENAME")
    };
    block.iter().rfind(named).and_then(|directive| directive.arguments().get(1)).is_none_or(|value| {
        let by_uri: [&[u8]; 3] =
            [b"$document_root$fastcgi_script_name", b"$realpath_root$fastcgi_script_name", b"$request_filename"];
        by_uri.contains(&value.text.as_slice())
    })
}

/// A `rewrite` of the block may lead the URI elsewhere.
fn rewrites(block: &[Directive], uri: &[u8]) -> bool {
    let mut rules = block.iter().filter(|directive| directive.name() == b"rewrite");
    let may = |rule: &Directive| {
        rule.arguments().first().is_none_or(|pattern| matches(&pattern.text, false, uri) != Some(false))
    };
    rules.by_ref().take(MAX_EXPRESSIONS).any(may) || rules.next().is_some()
}

/// The block of the location that is chosen, `None` where none is; whether that is sure. Nothing at all where an
/// expression cannot be told.
fn choose<'d>(block: &'d [Directive], uri: &[u8]) -> Option<(Option<&'d [Directive]>, bool)> {
    let mut longest: Option<(usize, bool, &[Directive])> = None;
    let mut expressions = Vec::new();
    for directive in block.iter().filter(|directive| directive.name() == b"location") {
        let Some(inner) = directive.block.as_deref() else { continue };
        let (modifier, pattern) = split(directive)?;
        match modifier {
            b"=" if pattern == uri => return Some((Some(inner), true)),
            b"" | b"^~" if uri.starts_with(pattern) && longest.is_none_or(|(length, ..)| pattern.len() > length) => {
                longest = Some((pattern.len(), modifier == b"^~", inner));
            }
            b"~" | b"~*" => expressions.push((pattern, modifier == b"~*", inner)),
            _ => {}
        }
    }
    if let Some((_, true, inner)) = longest {
        return Some((Some(inner), true));
    }
    if expressions.len() > MAX_EXPRESSIONS {
        return None;
    }
    for (pattern, folds, inner) in expressions {
        if matches(pattern, folds, uri)? {
            return Some((Some(inner), true));
        }
    }
    Some((longest.map(|(_, _, inner)| inner), true))
}

/// Modifier and pattern of a location; they may be written as one word.
fn split(directive: &Directive) -> Option<(&[u8], &[u8])> {
    match directive.arguments() {
        [modifier, pattern] => Some((&modifier.text, &pattern.text)),
        [one] => {
            let modifiers: [&[u8]; 4] = [b"=", b"^~", b"~*", b"~"];
            let modifier = modifiers.into_iter().find(|modifier| one.text.starts_with(modifier)).unwrap_or_default();
            Some((modifier, &one.text[modifier.len()..]))
        }
        _ => None,
    }
}

/// Whether an expression matches; `None` where only PCRE can tell.
fn matches(pattern: &[u8], folds: bool, uri: &[u8]) -> Option<bool> {
    let pattern = std::str::from_utf8(pattern).ok().filter(|pattern| pattern.len() <= MAX_EXPRESSION)?;
    let syntax = syntax::Config::new().unicode(false).utf8(false).case_insensitive(folds);
    let limits = meta::Config::new().utf8_empty(false).nfa_size_limit(Some(MAX_AUTOMATON));
    let regex = meta::Regex::builder().syntax(syntax).configure(limits).build(pattern).ok()?;
    Some(regex.is_match(uri))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::nginx::lexer::parse;

    fn ask(text: &str, uri: &str) -> Option<(String, bool)> {
        let parsed = parse(text.as_bytes());
        let served = answer(&parsed.directives, &Root::Unstated, uri.as_bytes(), true)?;
        let root = match served.root {
            Root::At(path) => String::from_utf8(path).unwrap(),
            Root::Unstated => "unstated".into(),
            Root::Unknown => "unknown".into(),
        };
        Some((root, served.sure))
    }

    #[test]
    fn locations_are_chosen_as_nginx_chooses() {
        const PHP: &str = "root /r; location / { } location ~ \\.php$ { fastcgi_pass a; }";
        for (text, uri, want) in [
            ("root /r/;", "/a", Some(("/r", true))),
            (PHP, "/a.php", Some(("/r", true))),
            (
                "root /r; location ~ \\.php$ { fastcgi_pass a; fastcgi_param SCRIPT_FILENAME /x/y; }",
                "/a.php",
                Some(("/r", false)),
            ),
            ("root /r; location = /a { root /s; } location ~ a { return 1; }", "/a", Some(("/s", true))),
            ("root /r; location /a { root /s; } location ~ a { return 1; }", "/a", None),
            ("root /r; location ^~ /a { root /s; } location ~ a { return 1; }", "/a", Some(("/s", true))),
            ("root /r; location /a { proxy_pass x; } location /a/b { }", "/a/b/c", Some(("/r", true))),
            ("root /r; location /a { proxy_pass x; }", "/a/b/c", None),
            ("root /r; location ~ (?=x) { }", "/a", None),
            ("root /r; location ~* \\.PNG$ { root /s; }", "/a.png", Some(("/s", true))),
            ("root /r; location =/a { root /s; }", "/a", Some(("/s", true))),
            ("root /r; include x;", "/a", Some(("/r", false))),
            ("root /r; rewrite ^/a /b;", "/a", Some(("/r", false))),
            ("root /r; rewrite ^/c /b;", "/a", Some(("/r", true))),
            ("root /r; location / { try_files $uri /i.php?x; }", "/a", Some(("/r", false))),
            ("root /r; location / { try_files $uri /a?x; }", "/a", Some(("/r", true))),
            ("root /r; location / { try_files $uri =404; }", "/a", Some(("/r", true))),
            ("root /r; error_page 404 = /i.php;", "/a", Some(("/r", false))),
            ("root /r; location /a { alias /b; }", "/a/x", Some(("unknown", true))),
            ("root /r; location /a { location ~ \\.x$ { root /s; } }", "/a/b.x", Some(("/s", true))),
            ("root /r; return 301 x;", "/a", None),
            ("root /$host;", "/a", Some(("unknown", true))),
            ("", "/a", Some(("unstated", true))),
        ] {
            let want = want.map(|(root, sure)| (root.to_owned(), sure));
            assert_eq!(ask(text, uri), want, "{text} {uri}");
        }
    }
}
