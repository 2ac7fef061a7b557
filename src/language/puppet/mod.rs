//! Puppet manifests (puppet.com/docs: "Modules fundamentals", "File serving", "Language: Data types").
//!
//! Read are the names by which a manifest loads others: classes (`include`, `contain`, `require`, `class { … }`,
//! `inherits`, `Class['…']`), defined types, type aliases and functions of modules, `puppet:///modules/…`, and what
//! `template`, `epp`, `file`, `find_file` and `find_template` open. What a manifest defines is kept as a fact: Puppet
//! also finds a class in the manifest of a name above it.
//!
//! Knowingly not read: what `file` resources name on the server, other mounts of the file server, functions without
//! a module, tasks, `hiera_include`, names computed by expressions, the text of heredocs.

mod tokens;

use super::{Fact, Input, Language, Namespace, Phase, Puppet, Reference, Scan};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use tokens::{Kind, Piece, Token, tokens};

/// `.pp`.
pub const LANGUAGE: Language = Language {
    name: "puppet",
    extensions: &["pp"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "classes, defined types, type aliases and functions of modules, `puppet:///modules/`, `template`, `epp`, `file`",
    leaves: "paths of the server, other mounts, functions without a module, tasks",
    scan,
};

/// What comes before the name of a module in the URL of a file.
const SERVED: &[u8] = b"puppet:///modules/";

fn scan(input: Input<'_>) -> Scan<'_> {
    let mut reader = Reader { tokens: tokens(input.source.bytes()), scan: Scan::default(), tested: 0, listed: 0 };
    for at in 0..reader.tokens.len() {
        reader.read(at);
    }
    reader.scan.references.sort_by_key(|reference| reference.span);
    reader.scan.references.dedup_by_key(|reference| reference.span);
    reader.scan
}

struct Reader<'s> {
    tokens: Vec<Token<'s>>,
    scan: Scan<'s>,
    /// Names before this token are asked after, not loaded (`defined(…)`).
    tested: usize,
    /// Strings before this token were read with the list that holds them.
    listed: usize,
}

impl<'s> Reader<'s> {
    fn kind(&self, at: usize) -> Option<&Kind<'s>> {
        self.tokens.get(at).map(|token| &token.kind)
    }

    fn is(&self, at: usize, mark: u8) -> bool {
        self.kind(at) == Some(&Kind::Mark(mark))
    }

    /// The name before a token, where there is one.
    fn before(&self, at: usize) -> &'s [u8] {
        match at.checked_sub(1).and_then(|at| self.kind(at)) {
            Some(Kind::Name(name)) => name,
            _ => b"",
        }
    }

    fn read(&mut self, at: usize) {
        match self.kind(at) {
            Some(&Kind::Name(name)) => self.name(at, name),
            Some(&Kind::Type(name)) => self.type_name(at, name),
            Some(Kind::Text(_)) => self.served(at),
            _ => {}
        }
    }

    fn name(&mut self, at: usize, name: &'s [u8]) {
        let called = self.is(at + 1, b'(');
        match name {
            b"source" if self.kind(at + 1) == Some(&Kind::Arrow) && self.is(at + 2, b'[') => self.sources(at + 2),
            _ if self.kind(at + 1) == Some(&Kind::Arrow) => {}
            b"class" if self.is(at + 1, b'{') => self.declared(at + 1),
            b"class" | b"define" | b"function" | b"plan" | b"type" | b"inherits" => {}
            b"include" | b"contain" | b"require" => self.classes(at),
            b"defined" if called => self.tested = self.tested.max(self.closing(at + 1)),
            b"template" | b"epp" | b"file" | b"find_file" | b"find_template" if called => self.opened(at, name),
            b"create_resources" | b"ensure_resource" | b"ensure_resources" if called => self.made(at + 2),
            _ => self.other_name(at, name, called),
        }
    }

    /// A name by what stands before it: what is defined is a fact, what is inherited a class.
    fn other_name(&mut self, at: usize, name: &'s [u8], called: bool) {
        match self.before(at) {
            b"class" | b"define" | b"function" => self.scan.facts.push(Fact::PuppetDefinition(name.to_vec())),
            b"inherits" => self.refer(at, "inherits", Puppet::Class),
            b"plan" | b"type" | b"node" => {}
            _ if !is_qualified(name) => {}
            _ if called => self.refer(at, "function", Puppet::Function),
            _ if self.is(at + 1, b'{') => self.refer(at, "defined type", Puppet::Class),
            _ => {}
        }
    }

    /// `class { 'a': … ; ['b', 'c']: … }`.
    fn declared(&mut self, open: usize) {
        let mut at = open;
        loop {
            at += 1;
            let list = self.is(at, b'[');
            if list {
                at += 1;
            }
            while let Some(Kind::Text(_) | Kind::Name(_)) = self.kind(at) {
                self.refer(at, "class", Puppet::Class);
                at += 1 + usize::from(self.is(at + 1, b','));
            }
            let Some(next) = self.body_end(at) else { return };
            at = next;
        }
    }

    /// The `;` that ends the body of a resource among several in braces.
    fn body_end(&self, from: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in from..self.tokens.len() {
            match self.kind(at)? {
                Kind::Mark(b'{' | b'(' | b'[') => depth += 1,
                Kind::Mark(b'}') if depth == 0 => return None,
                Kind::Mark(b'}' | b')' | b']') => depth = depth.saturating_sub(1),
                Kind::Mark(b';') if depth == 0 => return Some(at),
                _ => {}
            }
        }
        None
    }

    /// `include a::b, 'c'`, with parentheses or a list.
    fn classes(&mut self, at: usize) {
        let construct = match self.kind(at) {
            Some(Kind::Name(b"include")) => "include",
            Some(Kind::Name(b"contain")) => "contain",
            _ => "require",
        };
        let mut at = at + 1;
        loop {
            while self.is(at, b'(') || self.is(at, b'[') {
                at += 1;
            }
            match self.kind(at) {
                Some(Kind::Text(_) | Kind::Name(_)) if self.kind(at + 1) != Some(&Kind::Arrow) => {
                    self.refer(at, construct, Puppet::Class);
                }
                // `include $x`, `include Class['a']`: the reader meets the type by itself.
                _ => return,
            }
            if !self.is(at + 1, b',') {
                return;
            }
            at += 2;
        }
    }

    /// `create_resources('a::b', …)`: the type may be written as a string.
    fn made(&mut self, at: usize) {
        if let Some(Kind::Text(pieces)) = self.kind(at)
            && let [Piece::Known(text, _)] = pieces.as_slice()
            && is_qualified(text)
        {
            self.refer(at, "create_resources", Puppet::Class);
        }
    }

    /// `Class['a::b']`, `Web::Vhost['x']`, `Web::Port` as the type of a parameter.
    fn type_name(&mut self, at: usize, name: &'s [u8]) {
        if self.before(at) == b"type" {
            self.scan.facts.push(Fact::PuppetDefinition(name.to_ascii_lowercase()));
        } else if name == b"Class" && self.is(at + 1, b'[') {
            let mut at = at + 2;
            while let Some(Kind::Text(_) | Kind::Name(_)) = self.kind(at) {
                self.refer(at, "Class", Puppet::Class);
                if !self.is(at + 1, b',') {
                    break;
                }
                at += 2;
            }
        } else if is_qualified(name) {
            self.refer(at, "type", Puppet::Type);
        }
    }

    /// The token that closes the parenthesis or bracket at `open`.
    fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for at in open..self.tokens.len() {
            match self.kind(at) {
                Some(Kind::Mark(b'(' | b'[')) => depth += 1,
                Some(Kind::Mark(b')' | b']')) if depth <= 1 => return at,
                Some(Kind::Mark(b')' | b']')) => depth -= 1,
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// A function that opens files of modules: of `template` all, of `epp` the first, of the others the first found.
    fn opened(&mut self, at: usize, function: &'s [u8]) {
        let (construct, kind, strength) = match function {
            b"template" => ("template", Puppet::Template, Strength::Fatal),
            b"epp" => ("epp", Puppet::Epp, Strength::Fatal),
            b"find_template" => ("find_template", Puppet::Template, Strength::Optional),
            b"find_file" => ("find_file", Puppet::File, Strength::Optional),
            _ => ("file", Puppet::File, Strength::Fatal),
        };
        let names = self.strings(at + 2);
        if matches!(function, b"template" | b"epp") {
            let names = if function == b"epp" { &names[..names.len().min(1)] } else { &names };
            let lowered: Vec<_> = names.iter().filter_map(|&at| self.lower(at, b"")).collect();
            self.scan.references.extend(lowered.into_iter().map(|one| one.reference(construct, kind, strength)));
        } else {
            self.first_found(&names, b"", construct, kind, strength);
        }
    }

    /// The strings of a list of arguments or elements, up to what is none.
    fn strings(&self, from: usize) -> Vec<usize> {
        let mut at = from + usize::from(self.is(from, b'['));
        let mut found = Vec::new();
        while let Some(Kind::Text(_)) = self.kind(at) {
            found.push(at);
            if !self.is(at + 1, b',') {
                break;
            }
            at += 2;
        }
        found
    }

    /// A string that names a file of the file server, wherever it stands.
    fn served(&mut self, at: usize) {
        if at >= self.listed && self.is_served(at) {
            self.first_found(&[at], SERVED, "source", Puppet::File, Strength::Fatal);
        }
    }

    /// `source => ['puppet:///…', …]`: the first found is used; where one may be found elsewhere, none must be here.
    fn sources(&mut self, open: usize) {
        let list = self.strings(open);
        let end = list.last().map_or(open, |last| last + 1);
        if self.is(end, b']') && list.iter().all(|&at| self.is_served(at)) {
            self.first_found(&list, SERVED, "source", Puppet::File, Strength::Fatal);
            self.listed = end;
        } else {
            self.listed = self.closing(open);
        }
    }

    fn is_served(&self, at: usize) -> bool {
        let Some(Kind::Text(pieces)) = self.kind(at) else { return false };
        // A text of several lines only mentions it.
        let lines = |piece: &Piece<'_>| matches!(piece, Piece::Known(text, _) if text.contains(&b'\n'));
        matches!(pieces.first(), Some(Piece::Known(text, _)) if text.starts_with(SERVED)) && !pieces.iter().any(lines)
    }

    fn first_found(&mut self, list: &[usize], front: &[u8], construct: &'static str, kind: Puppet, strength: Strength) {
        let mut lowered: Vec<Lowered<'s>> = Vec::new();
        for &at in list {
            match self.lower(at, front) {
                Some(one) => lowered.push(one),
                // One that is looked for elsewhere may be found.
                None => return,
            }
        }
        let [.., last] = lowered.as_slice() else { return };
        if lowered.iter().all(|one| one.own == last.own) {
            let span = Span { start: lowered[0].span.start, end: last.span.end };
            let (own, single) = (last.own, lowered.len() == 1);
            let tail = if single { last.tail } else { Span::default() };
            let span = if single { last.span } else { span };
            let mut members: Vec<_> = lowered.into_iter().map(|one| one.expr).collect();
            let expr = if single { members.remove(0) } else { PathExpr::FirstOf(members) };
            self.scan.references.push(Lowered { expr, span, tail, own }.reference(construct, kind, strength));
        }
    }

    fn refer(&mut self, at: usize, construct: &'static str, kind: Puppet) {
        if at < self.tested {
            return;
        }
        if let Some(one) = self.lower(at, b"") {
            let mut reference = one.reference(construct, kind, Strength::Fatal);
            if let PathExpr::Literal(name) = &reference.expr
                && !is_name(name)
            {
                return;
            }
            // A name is edited as a whole, not by the path it stands for.
            reference.tail = reference.span;
            self.scan.references.push(reference);
        }
    }

    /// The name or string at a token without `front`; `None` where it does not begin with that.
    fn lower(&self, at: usize, front: &[u8]) -> Option<Lowered<'s>> {
        let token = self.tokens.get(at)?;
        let pieces = match &token.kind {
            Kind::Name(name) | Kind::Type(name) => {
                let expr = PathExpr::literal(*name);
                return Some(Lowered { expr, span: token.span, tail: token.span, own: false });
            }
            Kind::Text(pieces) => pieces.as_slice(),
            _ => return None,
        };
        lowered(token.span, pieces, front)
    }
}

/// A string as an expression.
struct Lowered<'s> {
    expr: PathExpr<'s>,
    span: Span,
    tail: Span,
    /// It begins with `${module_name}/`: a file of the module that holds the manifest.
    own: bool,
}

impl<'s> Lowered<'s> {
    fn reference(self, construct: &'static str, kind: Puppet, strength: Strength) -> Reference<'s> {
        Reference {
            span: self.span,
            tail: self.tail,
            expr: self.expr,
            construct,
            namespace: Namespace::Puppet { kind, own: self.own },
            strength,
            guarded: false,
            ceiling: Severity::Error,
        }
    }
}

fn lowered<'s>(span: Span, pieces: &[Piece<'s>], front: &[u8]) -> Option<Lowered<'s>> {
    let mut parts: Vec<PathExpr<'s>> = Vec::new();
    let mut tail = Span::default();
    let own = is_own(pieces, front);
    let mut skip = front.len();
    for piece in &pieces[usize::from(own && front.is_empty())..] {
        match piece {
            Piece::Known(text, at) => {
                let text = text.get(skip.min(text.len())..).unwrap_or_default();
                let text = if own && parts.is_empty() { text.strip_prefix(b"/").unwrap_or(text) } else { text };
                tail = if at.start == span.start { Span::new(at.start as usize + skip, at.end as usize) } else { *at };
                skip = 0;
                if !text.is_empty() {
                    parts.push(PathExpr::literal(text.to_vec()));
                }
            }
            Piece::Variable(name) if own && parts.is_empty() && *name == b"module_name" => {}
            Piece::Variable(_) | Piece::Unknown => parts.push(PathExpr::Hole),
        }
    }
    let expr = match parts.len() {
        0 => return None,
        1 => parts.remove(0),
        _ => PathExpr::Concat(parts),
    };
    Some(Lowered { expr, span, tail, own })
}

/// Whether what follows `front` is `${module_name}/`.
fn is_own(pieces: &[Piece<'_>], front: &[u8]) -> bool {
    let rest = match pieces.first() {
        Some(Piece::Known(text, _)) if !front.is_empty() && text.as_ref() == front => &pieces[1..],
        _ if front.is_empty() => pieces,
        _ => return false,
    };
    matches!(rest, [Piece::Variable(b"module_name"), Piece::Known(text, _), ..] if text.starts_with(b"/"))
}

fn is_qualified(name: &[u8]) -> bool {
    let name = name.strip_prefix(b"::").unwrap_or(name);
    memchr::memmem::find(name, b"::").is_some()
}

/// Whether this is written like a name of Puppet, white space at its ends aside.
fn is_name(name: &[u8]) -> bool {
    let name = String::from_utf8_lossy(name);
    let name = name.trim();
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    name.strip_prefix("::").unwrap_or(name).split("::").all(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn read(text: &str) -> Vec<String> {
        let source = Source::new(text.as_bytes().to_vec());
        let scan = scan(Input { path: b"modules/a/manifests/init.pp", source: &source, project: None });
        let one = |reference: &Reference<'_>| {
            let own = matches!(reference.namespace, Namespace::Puppet { own: true, .. });
            let text = match &reference.expr {
                PathExpr::Literal(text) => String::from_utf8_lossy(text).into_owned(),
                PathExpr::FirstOf(members) => format!("first of {}", members.len()),
                _ => "?".to_owned(),
            };
            format!("{} {}{text}", reference.construct, if own { "own " } else { "" })
        };
        scan.references.iter().map(one).collect()
    }

    #[test]
    fn names_that_load() {
        for (text, want) in [
            ("include a, ::b::c\n", vec!["include a", "include ::b::c"]),
            ("include('a', \"b\")", vec!["include a", "include b"]),
            ("contain ['a::b']", vec!["contain a::b"]),
            ("file { '/x': require => Class['a::b'] }", vec!["Class a::b"]),
            ("class { ['a', 'b']: x => { y => 1 }; 'c': }", vec!["class a", "class b", "class c"]),
            ("class a::b($x) inherits a::params {\n c::d { 'x': }\n}", vec!["inherits a::params", "defined type c::d"]),
            ("define a::b { A::C['x'] -> a::f($y) }", vec!["type A::C", "function a::f"]),
            ("if defined(Class['x']) { include y }", vec!["include y"]),
            ("create_resources('a::b', $h)", vec!["create_resources a::b"]),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn files_that_are_opened() {
        for (text, want) in [
            ("template('a/b.erb', 'a/c.erb')", vec!["template a/b.erb", "template a/c.erb"]),
            ("epp(\"${module_name}/b.epp\", {'x' => 'a/b'})", vec!["epp own b.epp"]),
            ("source => 'puppet:///modules/a/b'", vec!["source a/b"]),
            ("source => \"puppet:///modules/${module_name}/b\"", vec!["source own b"]),
            ("source => [\"puppet:///modules/a/$x\", 'puppet:///modules/a/b']", vec!["source first of 2"]),
            ("file('a/b', 'a/c')", vec!["file first of 2"]),
            ("source => 'puppet:///files/b'", vec![]),
            ("source => [$x, 'puppet:///modules/a/b']", vec![]),
            ("template($x, 'a/b')", vec![]),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }
}
