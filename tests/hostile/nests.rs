//! Sources that nest deeper than any parser goes, or that cost a naive one quadratic time.
//!
//! The shapes are those on which the parsers in use overflowed the stack or slowed down when they were chosen,
//! and their relatives. Each is one statement or one page repeated; none is valid all the way.

/// How large each source is, in bytes: as large as any that is parsed.
const SIZE: usize = 4_000_000;

/// A hostile source.
pub struct Nest {
    /// What it is, for the name of the test.
    pub name: &'static str,
    /// The file that holds it.
    pub file: &'static str,
    /// What stands before the repeated part.
    before: &'static str,
    /// What is repeated.
    part: &'static str,
    /// What stands after it.
    after: &'static str,
    /// How often.
    times: usize,
    /// Whether a parser that recurses cannot take it, so that it must be counted as scanned lexically.
    pub lexical: bool,
}

impl Nest {
    /// The bytes of the source.
    pub fn source(&self) -> Vec<u8> {
        [self.before.as_bytes(), &self.part.as_bytes().repeat(self.times), self.after.as_bytes()].concat()
    }
}

const fn nest(
    name: &'static str,
    file: &'static str,
    before: &'static str,
    part: &'static str,
    after: &'static str,
) -> Nest {
    Nest { name, file, before, part, after, times: SIZE / part.len(), lexical: false }
}

const fn php(name: &'static str, before: &'static str, part: &'static str, after: &'static str) -> Nest {
    Nest { lexical: true, ..nest(name, "deep.php", before, part, after) }
}

const fn python(name: &'static str, before: &'static str, part: &'static str, after: &'static str) -> Nest {
    Nest { lexical: true, ..nest(name, "deep.py", before, part, after) }
}

/// With line ends, as a long line is taken for what a tool wrote.
const fn javascript(name: &'static str, before: &'static str, part: &'static str, after: &'static str) -> Nest {
    Nest { lexical: true, ..nest(name, "deep.js", before, part, after) }
}

const fn typescript(name: &'static str, before: &'static str, part: &'static str, after: &'static str) -> Nest {
    Nest { lexical: true, ..nest(name, "deep.ts", before, part, after) }
}

const fn jinja(name: &'static str, before: &'static str, part: &'static str, after: &'static str) -> Nest {
    nest(name, "templates/deep.j2", before, part, after)
}

/// As large as what the grammar is given.
const fn java(name: &'static str, before: &'static str, part: &'static str, after: &'static str) -> Nest {
    Nest { times: 1_000_000 / part.len(), ..nest(name, "deep.java", before, part, after) }
}

/// Every shape.
pub const NESTS: &[Nest] = &[
    Nest { lexical: true, ..nest("blocks", "nginx.conf", "events {} http { ", "location a { ", "") },
    nest("expressions", "site.conf", "server { root /r; ", "location ~ (a|b){9} {} try_files $uri /a;\n", "}"),
    php("parentheses", "<?php $a = ", "(", ""),
    php("arrays", "<?php $a = ", "[", ""),
    php("long-arrays", "<?php $a = ", "array(", ""),
    php("braces", "<?php ", "{", ""),
    php("ifs", "<?php ", "if (1) {", ""),
    php("else-ifs", "<?php if (1) {} ", "else if (1) {} ", ""),
    php("nots", "<?php $a = ", "!", "1;"),
    php("minuses", "<?php $a = ", "- ", "1;"),
    php("nullable-types", "<?php function f(", "?", "int $a) {}"),
    php("dnf-types", "<?php function f(", "((A", "){}"),
    php("concatenation", "<?php require 'a'", " . 'a'", ";"),
    php("members", "<?php $a", "->b", ";"),
    php("calls", "<?php $a", "()", ";"),
    php("ternaries", "<?php $a = ", "1 ? 1 : ", "1;"),
    php("coalescing", "<?php $a = ", "$b ?? ", "1;"),
    php("assignments", "<?php ", "$a = ", "1;"),
    php("interpolation", "<?php $a = ", "\"{$a[", ""),
    php("closures", "<?php $a = ", "fn() => ", "1;"),
    php("dirnames", "<?php require ", "dirname(", "__FILE__"),
    php("requires", "<?php ", "require ", "'x.php';"),
    php("classes", "<?php ", "class A { function f() {", ""),
    php("casts", "<?php $a = ", "(int)", "1;"),
    Nest { lexical: false, ..php("tags", "", "<?php ?>", "") },
    Nest { lexical: false, ..php("heredocs", "<?php ", "$a = <<<A\n", "") },
    Nest { lexical: false, ..php("comments", "<?php ", "/*", "") },
    javascript("parentheses", "a = ", "(\n", ""),
    javascript("assignments", "", "(a =\n", ""),
    javascript("arrays", "a = ", "[\n", ""),
    javascript("blocks", "", "{\n", ""),
    javascript("nots", "a = ", "!\n", "1"),
    javascript("sums", "a = 1", "+\n1", ""),
    javascript("members", "a", "\n.b", ""),
    javascript("calls", "a", "\n()", ""),
    javascript("templates", "a = ", "`${\n", ""),
    javascript("elements", "a = ", "<a>\n", ""),
    javascript("choices", "a = ", "b ?\n", ""),
    javascript("else-ifs", "", "if (a) {} else\n", ""),
    javascript("functions", "", "a =>\n", "1"),
    typescript("types", "let a: ", "{ a:\n", ""),
    typescript("generics", "let a: ", "A<\n", ""),
    nest("fences", "deep.js", "", "require('./x')\n", ""),
    nest("scripts", "deep.vue", "", "<script>\nimport './x'\n", ""),
    nest("brackets", "deep.md", "", "[", ""),
    nest("images", "deep.md", "", "![a](", ""),
    nest("quotes", "deep.md", "", "> ", ""),
    nest("definitions", "deep.md", "", "[a]: b\n[a]\n", ""),
    nest("modules", "deep.rs", "", "mod a {", ""),
    nest("comments", "deep.rs", "", "/*", ""),
    nest("quotes", "deep.rs", "", "'", ""),
    nest("hashes", "deep.rs", "", "r#", ""),
    nest("embeds", "deep.go", "", "//go:embed a\n", ""),
    nest("quotes", "deep.go", "", "'\\", ""),
    nest("replacements", "go.mod", "", "=> ./a ", ""),
    nest("dependencies", "Cargo.toml", "", "[a.b]\npath = \"c\"\n", ""),
    java("parentheses", "class A { Object a = getResource(", "(\n", ""),
    java("members", "class A { Object a = getResource()", ".getResource(\"a\")\n", ""),
    java("calls", "class A { void a() { ", "getClass().getResource(\"a\" + \n", ""),
    java("handlers", "class A { void a() { getResource();", "try { ", ""),
    java("blocks", "class A { void a() { getResource();", "{\n", ""),
    java("arrays", "@Sql(", "{ ", ""),
    java("resources", "class A { void a() { ", "getClass().getResource(\"a\");\n", "}}"),
    nest("included", "deep.jsp", "", "<%@ include file=\"a.jsp\" %>\n", ""),
    nest("open", "deep.jsp", "", "<jsp:include page=\"", ""),
    nest("modules", "pom.xml", "", "<modules><module>", ""),
    nest("items", "deep.csproj", "<Project>", "<Compile Include=\"a;b\"/>", ""),
    nest("projects", "deep.sln", "", "Project(\"", ""),
    nest("icons", "manifest.json", "{\"manifest_version\": 3, \"icons\": ", "[", ""),
    nest("aliases", "lighttpd.conf", "alias.url = (", "\"a\" => \"b\", ", ""),
    nest("chains", "webpack.config.js", "a.alias", ".set('a', b)\n", ""),
    nest("macros", "deep.adoc", "", "image:", ""),
    nest("references", "deep.adoc", "", "<<", ""),
    nest("attributes", "deep.adoc", ":a: b\n", ":a: {a}{a}\n", "image::{a}[]\n"),
    nest("includes", "deep.adoc", "", "----\ninclude::a[]\n", ""),
    nest("imports", "deep.mdx", "", "import 'a'\n\n", ""),
    nest("includes", "deep.md", "", "{{#include ", ""),
    nest("navigation", "mkdocs.yml", "nav: ", "[", ""),
    nest("entries", "toc.yml", "", "- href: a\n", ""),
    nest("commands", ".travis.yml", "script:\n", "- ./a b/c.d\n", ""),
    nest("markup", "deep.rst", ".. raw:: html\n\n", "   <img src=a.png>\n", ""),
    nest("hyperlinks", "deep.rst", "", "<>`_", ""),
    nest("templates", "deep.vue", "<template>", "<img src=./a.png>\n", "</template>"),
    nest("trees", "deep.rst", "", ".. toctree::\n   a\n", ""),
    nest("roles", "deep.rst", "", ":doc:`", ""),
    nest("includes", "deep.c", "", "#include \"a.h\"\n", ""),
    nest("conditions", "deep.c", "", "#if a\n", ""),
    nest("directives", "resources/views/deep.blade.php", "", "@a(", ""),
    nest("echoes", "resources/views/deep.blade.php", "", "{{ asset('a') ", ""),
    nest("components", "resources/views/tags.blade.php", "", "<x-a.b <livewire:a.b ", ""),
    nest("modules", "extension.json", "{\"manifest_version\": 2, \"ResourceModules\": ", "{\"a\": ", ""),
    nest("blocks", "theme.json", "", "{\"a\": [\"file:./b\", ", ""),
    nest("libraries", "a.libraries.yml", "", "a: {js: {", ""),
    nest("resources", "config/services.yaml", "imports:\n", "  - { resource: a/b.yaml }\n", ""),
    nest("constructs", "templates/deep.twig", "", "{{ include(", ""),
    nest("rules", "deep.scss", "", "a { @import 'b';\n", ""),
    nest("comments", "deep.sass", "", "// a\n", ""),
    nest("rules", "deep.less", "", "@import (", ""),
    nest("rules", "deep.styl", "", "@import 'a'\n", ""),
    nest("openings", "deep.ejs", "", "<% include('a'", ""),
    nest("partials", "deep.hbs", "", "{{> a", ""),
    nest("tags", "deep.njk", "", "{% include (", ""),
    nest("tags", "deep.tpl", "{include file='a'}", "{a '", ""),
    nest("tags", "deep.latte", "", "{include 'a", ""),
    nest("raw texts", "deep.liquid", "", "{% raw %}", ""),
    nest("strings", "deep.gotmpl", "", "{{ partial \"a", ""),
    nest("brackets", "deep.pug", "", "a(b='c' (", ""),
    nest("lines", "deep.jade", "", "a(\n", ""),
    nest("lists", "_config.yml", "", "[", ""),
    nest("requires", "deep.coffee", "", " x = require 'a'\n", ""),
    nest("parentheses", "deep.rb", "require_relative ", "(", "'a'"),
    nest("joins", "deep.rb", "require ", "File.join(", "'a'"),
    nest("sums", "deep.rb", "load 'a'", " + 'a'", ""),
    nest("interpolation", "deep.rb", "load ", "\"#{", ""),
    nest("blocks", "deep.rb", "", "begin\n", "require_relative 'a'"),
    nest("tags", "deep.html.erb", "", "<%= render 'a' do %>", ""),
    nest("openings", "deep.html.erb", "", "<%", ""),
    nest("documents", "deep.md.erb", "", "[a](<%= b %>", ""),
    nest("attributes", "deep.haml", "%a", "{a: {", ""),
    nest("lines", "deep.haml", "", "- a,\n", ""),
    nest("filters", "deep.haml", "", ":a\n b\n", ""),
    nest("attributes", "deep.slim", "a", " b=(", ""),
    nest("lines", "deep.slim", "", "= a,\n", ""),
    nest("texts", "deep.slim", "", "| a\n  b\n", ""),
    nest("substitutions", "deep.sh", ". ", "$(dirname ", "$0"),
    nest("quotes", "deep.sh", ". ", "\"$(", ""),
    nest("lists", "deep.sh", "", "a && ", ". ./b"),
    nest("blocks", "deep.sh", "", "if a; then\n", ". ./b"),
    nest("variables", "deep.sh", "", "A=$A/b; . $A\n", ""),
    nest("rules", "deep.mk", "", "a: b/c.d\n", ""),
    nest("recipes", "deep.mk", "a:\n", "\t./b/$(c)\n", ""),
    nest("continued", "deep.mk", "a: ", "b.c \\\n", ""),
    nest("arguments", "deep.cmake", "set(", "(a.c ", ""),
    nest("conditions", "deep.cmake", "", "if(a)\n", ""),
    nest("calls", "deep.r", "", "source('a.r')\n", ""),
    nest("strings", "deep.lua", "", "require '", ""),
    nest("calls", "deep.exs", "", "import_config \"a.exs\"\n", ""),
    nest("modules", "deep.pl", "", "use A::B;\n", ""),
    nest("conditions", "package.json", "{\"exports\": ", "{\"a\":", ""),
    nest("extends", "tsconfig.json", "{\"extends\": ", "[", ""),
    python("parentheses", "a = ", "(", ""),
    python("lists", "a = ", "[", ""),
    python("dictionaries", "a = ", "{1:", ""),
    python("nots", "a = ", "not ", "1"),
    python("minuses", "a = ", "-", "1"),
    python("sums", "a = 1", "+1", ""),
    python("powers", "a = 1", "**1", ""),
    python("attributes", "a", ".b", ""),
    python("calls", "a", "()", ""),
    python("subscripts", "a", "[0]", ""),
    python("lambdas", "a = ", "lambda: ", "1"),
    python("conditionals", "a = ", "1 if 1 else ", "1"),
    python("f-strings", "a = ", "f'{", ""),
    python("joins", "open(", "os.path.join(", "'a'"),
    python("paths", "open(Path(__file__)", " / 'a'", ")"),
    Nest { lexical: false, ..python("literals", "a = ", "'a' ", "") },
    Nest { lexical: false, ..python("comparisons", "a = 1", " < 1", "") },
    nest("divs", "deep.html", "<html>", "<div>", ""),
    nest("unclosed-tags", "deep.html", "", "<a ", ""),
    nest("unclosed-comments", "deep.html", "", "<!-- ", ""),
    nest("attributes", "deep.html", "<a", " href='x'", ">"),
    nest("scripts", "deep.html", "", "<script>", ""),
    nest("styles", "deep.html", "", "<style>a{", ""),
    nest("style-attributes", "deep.html", "<a style='", "a:url(((", "'>"),
    nest("entities", "deep.html", "<a href='", "&amp", "'>"),
    nest("sources", "deep.html", "<img srcset='", "a.png 1x,", "'>"),
    nest("template-tags", "deep.html", "", "{{ {% ", ""),
    nest("bases", "deep.html", "", "<base href='a/'>", ""),
    nest("dots", "deep.html", "<img src='", "../", "a.png'>"),
    nest("svg", "deep.svg", "<svg>", "<g>", ""),
    nest("blocks", "deep.css", "", "a{", ""),
    nest("parentheses", "deep.css", "a{b:", "(", ""),
    nest("brackets", "deep.css", "", "[", ""),
    nest("media", "deep.css", "", "@media x{", ""),
    nest("functions", "deep.css", "a{b:", "calc(", ""),
    nest("urls", "deep.css", "a{b:", "url(", ""),
    nest("imports", "deep.css", "", "@import 'a.css' ", ""),
    nest("image-sets", "deep.css", "a{b:", "image-set(", ""),
    nest("comments", "deep.css", "", "/*", ""),
    nest("escapes", "deep.css", "a{b:url(", "\\", ""),
    jinja("blocks", "", "{% if 1 %}", ""),
    jinja("parentheses", "{{ ", "(", " }}"),
    jinja("lists", "{% include ", "[", " %}"),
    jinja("sums", "{{ 1", "+1", " }}"),
    jinja("tildes", "{% include 'a'", " ~ 'a'", " %}"),
    jinja("filters", "{{ a", "|b", " }}"),
    jinja("attributes", "{{ a", ".b", " }}"),
    jinja("nots", "{{ ", "not ", "a }}"),
    jinja("calls", "{{ a", "()", " }}"),
    jinja("openings", "", "{{", ""),
    jinja("comments", "", "{# ", ""),
    jinja("conditionals", "{% include ", "a if b else ", "c %}"),
    nest("arrays", "composer.json", "", "[", ""),
    nest("objects", "composer.json", "", "{\"autoload\":", ""),
    nest("strings", "composer.json", "", "\"", ""),
    Nest { times: 2_000, ..nest("braces", ".gitignore", "", "{a,", "") },
    Nest { times: 2_000, ..nest("stars", ".gitignore", "", "**/", "x") },
    Nest { times: 2_000, ..nest("brackets", ".gitignore", "", "[", "") },
    Nest { times: 30, ..nest("alternatives", ".gitignore", "", "{a,b}", "") },
    nest("one-line", "deep.php", "<?php require 'a", "a", ".php';"),
];
