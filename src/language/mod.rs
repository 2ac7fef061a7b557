//! The registry of languages, and what a scan gives.
//!
//! One file (or folder) a language or format; what several of them share is in [`syntax`]. A language turns one source
//! into [`Reference`]s and [`Fact`]s; it never sees the index, and never decides whether a target exists.

mod ansible;
mod apache;
mod asciidoc;
mod babel;
mod blade;
mod browserconfig;
mod c;
mod cargo;
mod ci;
mod cmake;
mod coffee;
mod component;
mod compose;
mod composer;
mod contents;
mod csharp;
mod css;
mod dockerfile;
mod dockerignore;
mod docusaurus;
mod drupal;
mod ejs;
mod elixir;
mod environment;
mod erb;
mod github;
mod gitignore;
mod gitmodules;
mod gitops;
mod go;
mod gomod;
mod haml;
mod handlebars;
mod heex;
mod hiera;
mod html;
mod hugo;
mod hugosite;
mod java;
mod javascript;
mod jekyll;
mod jinja;
mod jsp;
mod kotlin;
mod kustomize;
mod latte;
mod launch;
mod less;
mod lighttpd;
mod liquid;
mod lua;
mod magento;
mod make;
mod markdown;
mod maven;
mod mediawiki;
mod msbuild;
mod nginx;
mod npm;
mod nunjucks;
mod output;
mod perl;
mod php;
mod phpini;
mod pip;
mod procfile;
mod pug;
mod puppet;
mod pyproject;
mod python;
mod r;
mod razor;
mod rst;
mod ruby;
mod rust;
mod sass;
mod setuptools;
mod shell;
mod sitemap;
mod slim;
mod smarty;
pub mod spelling;
mod spring;
mod sql;
mod stylus;
mod supervisord;
mod symfony;
pub mod syntax;
mod systemd;
mod terraform;
mod tsconfig;
mod twig;
mod uwsgi;
mod webmanifest;
mod wordpress;

pub use javascript::LEFT_OUT;

pub(crate) use syntax::url::has_scheme;

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::path;
use crate::project::Project;
use crate::reference::{
    Action, Ansible, Autoloaded, Base, Content, Context, Defined, Document, Fact, Laravel, Loaded, Magento, Namespace,
    OwnId, Package, Partial, Phtml, Puppet, Rails, Reference, Ruby, Scan, Server, Sheet, SiteFolder, TypeScript,
    UrlKind, Want,
};
use crate::source::Source;

/// Stands for every byte of an island of another language (`<?php … ?>`, `{{ … }}`) when the text around it is
/// scanned: a part that cannot be known. ASCII SUBSTITUTE, because names never hold it, and because tokenizers take
/// it for an ordinary character (a NUL they replace).
pub(crate) const HOLE: u8 = 0x1A;

/// One source to scan.
#[derive(Clone, Copy)]
pub struct Input<'s> {
    /// Path relative to the root.
    pub path: &'s [u8],
    /// Its bytes.
    pub source: &'s Source<'s>,
    /// The frozen facts of the tree; `None` while they are being gathered ([`Phase::Facts`]).
    pub project: Option<&'s Project>,
}

/// Where, in bytes of `text`, the path of a socket after `unix:` lies; `end` is the byte that its server ends it with.
pub(crate) fn unix_socket(text: &[u8], end: u8) -> Option<std::ops::Range<usize>> {
    let start = memchr::memmem::find(text, b"unix:/")? + b"unix:".len();
    let length = memchr::memchr(end, &text[start..]).unwrap_or(text.len() - start);
    Some(start..start + length)
}

/// A socket by the path that all call it by: `/var/run` is `/run`, and several slashes are one.
pub(crate) fn socket_path(written: &[u8]) -> Vec<u8> {
    let mut path = written.to_vec();
    path.dedup_by(|next, last| *next == b'/' && *last == b'/');
    match path.strip_prefix(b"/var/run/") {
        Some(rest) => [b"/run/", rest].concat(),
        None => path,
    }
}

/// When a language is scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It gives facts: scanned first, its references are kept until the facts freeze.
    Facts,
    /// It gives references only, and may ask for facts: scanned and checked in one go.
    Stream,
    /// The same, but for files of these names, which give facts as well.
    StreamBut(&'static [&'static str]),
    /// The same; where the tree has a file of one of these names, what its files begin with is read for facts before
    /// that, and again with the rest.
    StreamAfter(&'static [&'static str]),
}

impl Phase {
    /// Whether a file gives facts.
    #[must_use]
    pub fn gives_facts(self, path: &[u8]) -> bool {
        match self {
            Phase::Facts => true,
            Phase::Stream | Phase::StreamAfter(_) => false,
            Phase::StreamBut(names) => names.iter().any(|name| name.as_bytes() == path::name(path)),
        }
    }
}

/// Tells a language by the path of a file and its first bytes.
pub type Recognises = fn(path: &[u8], head: &[u8]) -> bool;

/// A language or format that preflight reads.
#[derive(Debug)]
pub struct Language {
    /// Lower-case name, as reports show it.
    pub name: &'static str,
    /// Extensions in lower case without the dot.
    pub extensions: &'static [&'static str],
    /// Whole file names.
    pub names: &'static [&'static str],
    /// Interpreter names that a `#!` line may end in (a version may follow).
    pub interpreters: &'static [&'static str],
    /// Whether a file with one of the extensions is of this language, by its path and its first bytes
    /// ([`crate::scan`] reads 8,000); `None` where the extension says it alone. Several languages share `.yml`. Without
    /// extensions the path decides alone, before anything is read (`Dockerfile.prod`).
    pub recognises: Option<Recognises>,
    /// When it is scanned.
    pub phase: Phase,
    /// One line for people: what is read.
    pub reads: &'static str,
    /// One line for people: what is knowingly not read.
    pub leaves: &'static str,
    /// Turns a source into references and facts.
    pub scan: for<'s> fn(Input<'s>) -> Scan<'s>,
}

/// Every language, sorted by name.
pub const LANGUAGES: &[Language] = &[
    ansible::LANGUAGE,
    apache::LANGUAGE,
    asciidoc::LANGUAGE,
    babel::LANGUAGE,
    blade::LANGUAGE,
    browserconfig::LANGUAGE,
    c::LANGUAGE,
    cargo::LANGUAGE,
    ci::LANGUAGE,
    cmake::LANGUAGE,
    coffee::LANGUAGE,
    component::LANGUAGE,
    compose::LANGUAGE,
    composer::LANGUAGE,
    contents::LANGUAGE,
    csharp::LANGUAGE,
    css::LANGUAGE,
    dockerfile::LANGUAGE,
    dockerignore::LANGUAGE,
    docusaurus::LANGUAGE,
    drupal::LANGUAGE,
    ejs::LANGUAGE,
    elixir::LANGUAGE,
    environment::LANGUAGE,
    erb::LANGUAGE,
    github::LANGUAGE,
    gitignore::LANGUAGE,
    gitmodules::LANGUAGE,
    gitops::LANGUAGE,
    go::LANGUAGE,
    gomod::LANGUAGE,
    haml::LANGUAGE,
    handlebars::LANGUAGE,
    heex::LANGUAGE,
    hiera::LANGUAGE,
    html::LANGUAGE,
    hugo::LANGUAGE,
    hugosite::LANGUAGE,
    java::LANGUAGE,
    javascript::LANGUAGE,
    jekyll::LANGUAGE,
    jinja::LANGUAGE,
    jsp::LANGUAGE,
    kotlin::LANGUAGE,
    kustomize::LANGUAGE,
    latte::LANGUAGE,
    less::LANGUAGE,
    lighttpd::LANGUAGE,
    liquid::LANGUAGE,
    lua::LANGUAGE,
    magento::LANGUAGE,
    make::LANGUAGE,
    markdown::LANGUAGE,
    maven::LANGUAGE,
    mediawiki::LANGUAGE,
    msbuild::LANGUAGE,
    nginx::LANGUAGE,
    npm::LANGUAGE,
    nunjucks::LANGUAGE,
    output::LANGUAGE,
    perl::LANGUAGE,
    php::LANGUAGE,
    phpini::LANGUAGE,
    pip::LANGUAGE,
    procfile::LANGUAGE,
    pug::LANGUAGE,
    puppet::LANGUAGE,
    pyproject::LANGUAGE,
    python::LANGUAGE,
    r::LANGUAGE,
    razor::LANGUAGE,
    rst::LANGUAGE,
    ruby::LANGUAGE,
    rust::LANGUAGE,
    sass::LANGUAGE,
    setuptools::LANGUAGE,
    shell::LANGUAGE,
    sitemap::LANGUAGE,
    slim::LANGUAGE,
    smarty::LANGUAGE,
    spring::LANGUAGE,
    sql::LANGUAGE,
    stylus::LANGUAGE,
    supervisord::LANGUAGE,
    symfony::LANGUAGE,
    systemd::LANGUAGE,
    terraform::LANGUAGE,
    tsconfig::LANGUAGE,
    twig::LANGUAGE,
    uwsgi::LANGUAGE,
    webmanifest::LANGUAGE,
    wordpress::LANGUAGE,
];

/// The rows by what a name tells: asked for every file of a tree, so that no row is compared one by one.
struct Names {
    whole: FxHashMap<&'static [u8], &'static Language>,
    /// Those that tell a file by its path alone.
    by_path: Vec<(Recognises, &'static Language)>,
    /// By an extension that says it alone.
    alone: FxHashMap<&'static [u8], &'static Language>,
    /// Extensions that say it with what the file holds.
    shared: FxHashSet<&'static [u8]>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let by_path = LANGUAGES.iter().filter(|language| language.extensions.is_empty());
    let by_path = by_path.filter_map(|language| Some((language.recognises?, language))).collect();
    let mut names =
        Names { whole: FxHashMap::default(), by_path, alone: FxHashMap::default(), shared: FxHashSet::default() };
    for language in LANGUAGES {
        for name in language.names {
            names.whole.entry(name.as_bytes()).or_insert(language);
        }
        for extension in language.extensions {
            match language.recognises {
                Some(_) => drop(names.shared.insert(extension.as_bytes())),
                None => {
                    names.alone.entry(extension.as_bytes()).or_insert(language);
                }
            }
        }
    }
    names
});

/// The language of a file by its name alone.
#[must_use]
pub fn by_name(path: &[u8]) -> Option<&'static Language> {
    if let Some(language) = NAMES.whole.get(path::name(path)) {
        return Some(language);
    }
    let told = NAMES.by_path.iter().find(|(recognises, _)| recognises(path, b"")).map(|(_, language)| *language);
    told.or_else(|| NAMES.alone.get(path::extension(path).as_slice()).copied())
}

/// Whether a file must be looked into before its language can be told: several share its extension.
#[must_use]
pub fn is_shared(path: &[u8]) -> bool {
    NAMES.shared.contains(path::extension(path).as_slice())
}

/// The language of a file by its path and its first bytes: by its `#!` line, or by what it holds.
#[must_use]
pub fn by_content(path: &[u8], head: &[u8]) -> Option<&'static Language> {
    let extension = path::extension(path);
    let extension = std::str::from_utf8(&extension).ok()?;
    let recognised = |language: &&Language| {
        language.extensions.contains(&extension) && language.recognises.is_some_and(|is| is(path, head))
    };
    LANGUAGES.iter().find(recognised).or_else(|| by_shebang(head))
}

/// The language of a file by the interpreter in its first line.
#[must_use]
pub fn by_shebang(bytes: &[u8]) -> Option<&'static Language> {
    let line = bytes.strip_prefix(b"#!")?;
    let line = line.split(|&byte| byte == b'\n').next()?;
    let mut words = line.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty());
    let mut program = path::name(words.next()?);
    if program == b"env" {
        program = path::name(words.find(|word| !word.starts_with(b"-"))?);
    }
    let program = std::str::from_utf8(program).ok()?;
    let program = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    LANGUAGES.iter().find(|language| language.interpreters.contains(&program))
}
