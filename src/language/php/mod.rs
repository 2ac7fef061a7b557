//! PHP (manual: "include", "Filesystem functions", "Magic constants"; php-fig.org: PSR-0, PSR-4).
//!
//! Read are `include` and its kin, calls that open a file for reading, the class a file declares (its autoload path
//! must be its own), the classes it uses, and the markup around the islands. Path expressions are followed through
//! literals, concatenation, constants, path functions, and variables, properties and array entries that are set once.
//! Knowingly not read: methods that open files (`DOMDocument::load`; the receiver's class is unknown), autoload
//! closures, `eval`, data behind `__halt_compiler`, HTML in strings, Blade templates, variables set by reference or by
//! another file.

mod bindings;
mod calls;
mod classes;
mod depth;
mod flow;
mod functions;
mod guards;
mod lexical;
mod lower;
mod names;
mod sites;
mod text;
mod themes;
mod tree;
mod uses;

use std::cell::Cell;

use bumpalo::Bump;
use mago_database::file::FileId;
use mago_span::HasSpan;
use mago_syntax::ast::{BinaryOperator, Expression};
use mago_syntax::parser::parse_file_content_with_settings;
use mago_syntax::settings::{LexerSettings, ParserSettings};

use super::{Fact, Input, Language, Namespace, Phase, Phtml, Reference, Scan, html};
use crate::diagnostic::{Severity, Span};
use crate::expr::PathExpr;
use calls::Effect;
use lower::Lowering;
use tree::{Context, Site, Tree};

/// PHP.
pub const LANGUAGE: Language = Language {
    name: "php",
    extensions: &[
        "engine", "inc", "install", "module", "php", "php3", "php4", "php5", "php7", "php8", "phtml", "profile",
        "theme",
    ],
    names: &[],
    interpreters: &["php"],
    recognises: None,
    phase: Phase::Facts,
    reads: "include, require, functions that read files, PSR-4 class names where they are declared and used, names and path functions of frameworks (Laravel, Symfony, WordPress, CodeIgniter, Yii, CakePHP), HTML around",
    leaves: "methods that open files, autoload closures, eval, HTML in strings, Blade",
    scan,
};

thread_local! {
    /// Memory for one syntax tree after the other: a tree takes 70 bytes a byte of source, and fresh pages for each
    /// cost a tenth of the whole check of WordPress.
    static ARENA: Cell<Bump> = Cell::new(Bump::new());
}

/// Most memory of an arena that is kept for the next tree, in bytes.
const KEPT: usize = 64 << 20;

fn scan(input: Input<'_>) -> Scan<'_> {
    let source = input.source.bytes();
    if !is_php(input.path, source) {
        return Scan::default();
    }
    if depth::is_too_deep(source) {
        return lexical::scan(source);
    }
    let mut arena = ARENA.take();
    let mut scan = parsed(source, &arena);
    scan.references.retain(|reference| may_render(input.path, reference.namespace));
    if arena.allocated_bytes() <= KEPT {
        arena.reset();
        ARENA.set(arena);
    }
    scan
}

fn parsed<'s>(source: &'s [u8], arena: &Bump) -> Scan<'s> {
    let program = parse_file_content_with_settings(arena, FileId::zero(), source, settings(source));
    let tree = Tree::of(program);
    let mut lowering = Lowering::new(&tree, source);
    let mut scan = Scan { references: markup(source, &tree.markup), ..Scan::default() };
    themes::place(&mut scan.references, &tree.printed, &mut lowering);
    for site in &tree.sites {
        emit(site, &mut lowering, &mut scan);
    }
    scan.references.extend(classes::reference(&tree));
    let declared = classes::names(&tree);
    scan.facts.extend(tree.uses.fact(&declared));
    scan.references.extend(tree.uses.references(&declared));
    guards::suppress(program, source, &mut scan.references);
    scan.references.sort_by_key(|reference| reference.span);
    scan
}

/// Extensions that PHP shares with others count only where the content says so; Blade is a language of its own.
fn is_php(path: &[u8], source: &[u8]) -> bool {
    match crate::path::extension(path).as_slice() {
        b"php" => !path.ends_with(b".blade.php"),
        b"inc" => memchr::memmem::find(source, b"<?").is_some(),
        b"engine" | b"install" | b"module" | b"profile" | b"theme" => source.starts_with(b"<?php"),
        _ => true,
    }
}

/// `<?` opens PHP where the source uses it so; `<?xml` in a page is markup.
fn settings(source: &[u8]) -> ParserSettings {
    let xml = memchr::memmem::find(source, b"<?xml").is_some();
    ParserSettings { lexer: LexerSettings { enable_short_tags: !xml } }
}

/// The references of the markup outside the islands.
fn markup<'s>(source: &'s [u8], inline: &[Span]) -> Vec<Reference<'s>> {
    if !inline.iter().any(|span| span.of(source).contains(&b'<')) {
        return Vec::new();
    }
    let mut masked = vec![super::HOLE; source.len()];
    for span in inline {
        let range = span.start as usize..span.end as usize;
        if let (Some(to), Some(from)) = (masked.get_mut(range.clone()), source.get(range)) {
            to.copy_from_slice(from);
        }
    }
    html::scan_fragment(source, &masked, html::Page { unknown_base: false })
}

fn emit<'s>(site: &Site<'_>, lowering: &mut Lowering<'_, '_, 's>, scan: &mut Scan<'s>) {
    match &site.effect {
        Effect::Read(row) => arms(site.value, site.context, &mut |value, context| {
            scan.references.extend(reference(value, context, row, lowering));
        }),
        Effect::ReadPlace(row) => {
            let found = reference(lower::inner(site.value), site.context, row, lowering);
            scan.references.extend(found.filter(|found| starts_at_place(&found.expr)));
        }
        Effect::ReadTemplate(row) => {
            let found = reference(lower::inner(site.value), site.context, row, lowering);
            scan.references.extend(found.map(of_controller).filter(|found| is_template(found)));
        }
        Effect::ReadPart(row, name) => scan.references.extend(themes::part(site, row, *name, lowering)),
        Effect::ReadTheme(row, front) => scan.references.extend(themes::file(site, row, front, lowering)),
        Effect::Registers(names) => scan.facts.extend(registered(*names)),
        Effect::Write => {
            let path = lowering.lower(site.value, site.context);
            fact(path, Fact::Output, &mut scan.facts);
        }
        Effect::Pack => {
            let path = lowering.lower(site.value, site.context);
            fact(PathExpr::Join(vec![PathExpr::Hole, path]), Fact::Output, &mut scan.facts);
        }
        Effect::ChangeDirectory => {
            let path = lowering.lower(site.value, site.context);
            scan.facts.push(Fact::ChangeDirectory(path.into_owned()));
        }
        Effect::IncludePath => {
            let list = lowering.lower(site.value, site.context);
            scan.facts.extend(include_path(list).into_iter().map(|path| Fact::IncludePath(path.into_owned())));
        }
        Effect::Define(name) => {
            let value = lowering.lower(site.value, site.context);
            fact(value, |value| Fact::Constant { name: name.to_vec(), value }, &mut scan.facts);
        }
    }
}

/// `render` with a name that is none of Twig's is that of Yii's controllers.
fn of_controller(found: Reference<'_>) -> Reference<'_> {
    let twig = found.expr.as_literal().is_none_or(|name| name.ends_with(b".twig"));
    let namespace = match found.namespace {
        Namespace::Template if found.construct == "->render" && !twig => Namespace::Phtml(Phtml::Action),
        other => other,
    };
    Reference { namespace, ..found }
}

/// Whether a template in PHP may be named here: in a controller, or in another template.
fn may_render(path: &[u8], namespace: Namespace) -> bool {
    let below = |folder: &[u8]| crate::path::segments(crate::path::parent(path)).any(|segment| segment == folder);
    match namespace {
        Namespace::Phtml(Phtml::Action) => path.ends_with(b"Controller.php") && below(b"controllers"),
        Namespace::Phtml(Phtml::Element) => below(b"templates"),
        _ => true,
    }
}

/// Whether a name is written as those of Twig and of Laravel's views are: many methods are called alike.
fn is_template(found: &Reference<'_>) -> bool {
    let Some(name) = found.expr.as_literal() else { return false };
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"@!_-./:".contains(byte);
    let named = found.namespace != Namespace::Template || name.ends_with(b".twig");
    named && !name.is_empty() && name.iter().all(plain)
}

/// Each name that is written out; where none is, any may be registered.
fn registered(names: Option<[Option<&[u8]>; 2]>) -> Vec<Fact> {
    let written = names.into_iter().flatten().flatten().map(|name| Fact::Component(Some(name.to_vec())));
    let written: Vec<Fact> = written.collect();
    if written.is_empty() { vec![Fact::Component(None)] } else { written }
}

/// Whether an expression starts with a constant, or with where the file is.
fn starts_at_place(expr: &PathExpr<'_>) -> bool {
    match expr {
        PathExpr::Here(_) | PathExpr::Constant(_) => true,
        PathExpr::Parent(inner, _) | PathExpr::Apply(_, inner) => starts_at_place(inner),
        PathExpr::Concat(parts) => parts.first().is_some_and(starts_at_place),
        PathExpr::FirstOf(parts) => parts.iter().all(starts_at_place),
        _ => false,
    }
}

/// A fact that says nothing is not kept.
fn fact(value: PathExpr<'_>, make: impl FnOnce(PathExpr<'static>) -> Fact, facts: &mut Vec<Fact>) {
    let too_long = value.as_literal().is_some_and(|text| text.len() > 1024);
    if value != PathExpr::Hole && !too_long {
        facts.push(make(value.into_owned()));
    }
}

/// The arms of a ternary are references of their own, each with its place, unless one of them is enough.
fn arms<'a>(value: &'a Expression<'a>, context: Context, each: &mut dyn FnMut(&'a Expression<'a>, Context)) {
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        match lower::inner(value) {
            Expression::Conditional(choice)
                if rest.len() < crate::expr::MAX_VALUES && !guards::is_test(choice.condition) =>
            {
                rest.push(choice.r#else);
                rest.push(choice.then.unwrap_or(choice.condition));
            }
            other => each(other, context),
        }
    }
}

fn reference<'s>(
    value: &Expression<'_>,
    context: Context,
    row: &calls::Read,
    lowering: &mut Lowering<'_, '_, 's>,
) -> Option<Reference<'s>> {
    if is_truth(value) {
        return None;
    }
    let expr = lowering.lower(value, context);
    let guarded = guards::excuse(value, &expr, context, row, lowering);
    let tail = lower::last_literal(value);
    let whole = lower::span(value.span());
    let is_literal = matches!(value, Expression::Literal(_));
    Some(Reference {
        span: if is_literal && tail != Span::default() { tail } else { whole },
        tail,
        expr,
        construct: row.construct,
        namespace: row.namespace,
        strength: row.strength,
        guarded,
        ceiling: Severity::Error,
    })
}

/// `include 'a.php' || die()` includes the value of a truth test.
fn is_truth(value: &Expression<'_>) -> bool {
    use BinaryOperator as Op;
    let Expression::Binary(binary) = value else { return false };
    !matches!(binary.operator, Op::StringConcat(_) | Op::NullCoalesce(_) | Op::Addition(_))
}

/// The entries of an include path: split at `:`; what was there before says nothing new, nor does `.`.
fn include_path(list: PathExpr<'_>) -> Vec<PathExpr<'_>> {
    let parts = match list {
        PathExpr::Concat(parts) => parts,
        one => vec![one],
    };
    let mut entries = vec![Vec::new()];
    for part in parts {
        let PathExpr::Literal(text) = &part else {
            last(&mut entries).push(part);
            continue;
        };
        for (nth, piece) in text.split(|&byte| byte == b':').enumerate() {
            if nth > 0 {
                entries.push(Vec::new());
            }
            if !piece.is_empty() {
                last(&mut entries).push(PathExpr::literal(piece.to_vec()));
            }
        }
    }
    entries.into_iter().filter(|entry| !is_old_entry(entry)).map(concat).collect()
}

fn last<T>(entries: &mut [Vec<T>]) -> &mut Vec<T> {
    let at = entries.len() - 1;
    &mut entries[at]
}

fn is_old_entry(entry: &[PathExpr<'_>]) -> bool {
    match entry {
        [] => true,
        [PathExpr::Literal(text)] => matches!(text.as_ref(), b"." | b"./"),
        [PathExpr::Constant(name)] => matches!(name.as_ref(), b"get_include_path()" | b"DEFAULT_INCLUDE_PATH"),
        _ => false,
    }
}

fn concat(mut entry: Vec<PathExpr<'_>>) -> PathExpr<'_> {
    if entry.len() == 1 { entry.remove(0) } else { PathExpr::Concat(entry) }
}

#[cfg(test)]
mod tests;
