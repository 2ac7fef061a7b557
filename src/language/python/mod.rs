//! Python: what a module imports, opens and runs, and what it tells of its project.
//!
//! Read: `import` and `from`, `importlib.import_module`, files that are opened for reading, paths built with `os.path`,
//! `pathlib`, f-strings and concatenation, scripts that are run, calls of Django, Flask, Jinja and Starlette, modules
//! that Django's settings, URLs and migrations name. Existence tests and handlers of `ImportError` and `OSError` guard;
//! `chdir` and `wsgi_app` of gunicorn's settings. Told: constants, outputs, `sys.path`, names that a module binds,
//! folders of templates and static files.
//!
//! Knowingly not read: values that pass through function parameters or containers that change, `*.pyi` stubs,
//! notebooks, doctests, most of Django's settings, and packaging metadata.
//!
//! Manual: The Python Language Reference, chapter 5 "The import system"; Library Reference "os.path", "pathlib".

mod calls;
mod dotted;
mod guards;
mod gunicorn;
mod lexical;
mod lower;
mod named;
mod scope;
mod text;
mod uses;
mod walk;

use ruff_python_ast::Mod;
use ruff_python_ast::visitor::Visitor;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

use super::syntax::nesting::{Grammar, Quoted, is_too_deep, occurrences};
use super::{Fact, Input, Language, Phase, Scan};
use crate::framework;
use lower::Lowering;
use scope::{Binding, Scopes};
use walk::Walk;

/// The row of Python.
pub const LANGUAGE: Language = Language {
    name: "python",
    extensions: &["py", "pyw", "wsgi"],
    names: &[],
    interpreters: &["pypy", "python"],
    recognises: None,
    phase: Phase::Facts,
    reads: "imports, files that are opened, `pathlib` and `os.path` expressions, scripts that are run, calls of Django, \
            Flask, Jinja and Starlette, modules that Django's settings, URLs and migrations name, settings of gunicorn",
    leaves: "values that pass through parameters, notebooks, other settings",
    scan,
};

/// Higher trees are read lexically. The parser stands 100,000 levels on a scanning thread's stack.
const MAX_HEIGHT: usize = 50_000;
/// More f-strings in f-strings than this are read in quadratic time.
const MAX_NESTED_STRINGS: usize = 2_000;

const GRAMMAR: Grammar = Grammar {
    strings: &[
        Quoted { quote: "\"\"\"", escapes: true, one_line: false },
        Quoted { quote: "'''", escapes: true, one_line: false },
        Quoted { quote: "\"", escapes: true, one_line: true },
        Quoted { quote: "'", escapes: true, one_line: true },
    ],
    comments: &[("#", "\n")],
    inner: b"{",
    operators: b"+-*/%@&|^~<>.=:",
    words: &["and", "await", "else", "if", "in", "is", "lambda", "not", "or", "yield"],
    separators: b",;",
    lines: true,
};

/// Reads one module.
fn scan(input: Input<'_>) -> Scan<'_> {
    let bytes = input.source.bytes();
    if is_hostile(bytes) {
        return lexical::scan(bytes);
    }
    let text = input.source.text();
    let parsed = parse_unchecked(&text, ParseOptions::from(Mode::Module));
    let Mod::Module(module) = parsed.syntax() else { return lexical::scan(bytes) };
    let lowering = Lowering::new(Scopes::new(&module.body), bytes);
    let mut walk = Walk::new(&lowering);
    walk.visit_body(&module.body);
    let (mut references, mut facts) = walk.finish();
    if gunicorn::is_settings(input.path) {
        references.extend(gunicorn::references(&lowering));
        facts.extend(gunicorn::socket(&lowering));
        references.sort_by_key(|reference| reference.span);
    }
    facts.extend(told(&lowering, input.path));
    Scan { references, facts, ..Scan::default() }
}

/// Whether the parser or its tree would need more stack or time than there is.
fn is_hostile(bytes: &[u8]) -> bool {
    let nested: usize = [b"{f'", b"{f\"", b"{F'", b"{F\""].iter().map(|open| occurrences(bytes, *open)).sum();
    nested > MAX_NESTED_STRINGS || is_too_deep(bytes, &GRAMMAR, MAX_HEIGHT)
}

/// What the module tells by its names: constants, what it binds, whose templates it uses.
fn told(lowering: &Lowering<'_, '_>, path: &[u8]) -> Vec<Fact> {
    let scopes = &lowering.scopes;
    let names = &scopes.get(0).names;
    let mut bound: Vec<&str> = names.keys().copied().collect();
    bound.sort_unstable();
    let constant = |name: &&str| {
        let Some(Binding::Value(value)) = names.get(name) else { return None };
        let value = lowering.path(value, 0).into_owned();
        let tells = value.is_anchored() || (value.as_literal().is_some() && is_upper(name));
        tells.then(|| Fact::Constant { name: [path, b":", name.as_bytes()].concat(), value })
    };
    let mut facts: Vec<Fact> = bound.iter().filter_map(constant).collect();
    // `from . import x` in `__init__` binds a submodule, or nothing.
    let is_own = |name: &&&str| !matches!(names.get(**name), Some(Binding::Import(dotted)) if dotted.strip_prefix('.') == Some(**name));
    let names = bound.iter().filter(is_own).map(|name| name.as_bytes().to_vec()).collect();
    facts.push(Fact::PythonModule { names, opaque: scopes.opaque });
    let packages = framework::BRINGS_TEMPLATES.iter().map(|(package, _)| package);
    let engines = framework::JINJA.iter().chain(&["django"]).chain(packages);
    let engines = engines.filter(|engine| scopes.imported.contains(**engine));
    facts.extend(engines.map(|engine| Fact::Dependency(engine.as_bytes().to_vec())));
    facts
}

fn is_upper(name: &str) -> bool {
    !name.bytes().any(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    /// On a stack as scanning threads have.
    fn lexical(text: String) -> bool {
        let scanned = move || {
            let source = Source::new(text.into_bytes());
            scan(Input { path: b"a.py", source: &source, project: None }).lexical
        };
        std::thread::Builder::new().stack_size(256 << 20).spawn(scanned).unwrap().join().unwrap()
    }

    #[test]
    fn hostile_modules_end() {
        for shape in
            ["(", "[", "{", "not ", "-", "x.", "x+", "lambda: ", "f(a)(", "f'{", "x if y else ", "a(b=", "x[", "await "]
        {
            assert!(lexical(shape.repeat(100_000)), "{shape}");
        }
        for (open, close) in [("f'{x", ".x"), ("f\"\"\"{(", "(("), ("f'{a+", "a+")] {
            assert!(lexical(open.to_owned() + &close.repeat(200_000)), "{open}");
        }
        for shape in [
            "if x:\n ",
            "x = 1\n",
            "'",
            "\"\"\"",
            "\\",
            "f'{f'{",
            "import ",
            "def f(",
            "\u{feff}",
            "try:\n",
            "a = b + b; b = a + a;",
        ] {
            lexical(shape.repeat(1_000));
        }
    }

    #[test]
    fn definitions_that_double_are_holes() {
        let doubling: String = (0..60).map(|n| format!("x{n} = x{} + x{}\n", n + 1, n + 1)).collect();
        assert!(!lexical(doubling + "open(x0)\n"));
    }
}
