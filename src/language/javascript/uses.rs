//! What a call does with a path, by the rows of [`super::calls`]; what Angular, AMD and JSX name.

use std::borrow::Cow;
use std::sync::LazyLock;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, ArrayExpressionElement, CallExpression, Expression, JSXAttributeItem, JSXAttributeName,
    JSXAttributeValue, JSXElementName, JSXOpeningElement, NewExpression, StringLiteral,
};
use oxc_syntax::node::NodeId;
use rustc_hash::FxHashSet;

use super::calls;
use super::names;
use super::walk::Walk;
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::framework::{Call, Role};
use crate::path;
use crate::reference::{Base, Fact, Namespace, Reference, UrlKind, Want};

const FROM_CWD: &[Base] = &[Base::Package];
const BESIDE: Namespace = Namespace::Path(&[Base::FileDirectory], Want::File);
/// What a view is rendered by: an answer, and its method.
const RENDERS: [(&str, &str); 4] = [("ctx", "render"), ("reply", "view"), ("res", "render"), ("response", "render")];
/// Calls of test frameworks that name a module.
const MOCKS: [&str; 8] = [
    "jest.mock",
    "jest.unmock",
    "jest.doMock",
    "jest.requireActual",
    "vi.mock",
    "vi.doMock",
    "vi.importActual",
    "vitest.vi.mock",
];
/// Without these no source has any of it, unless it imports a module whose functions take paths.
#[rustfmt::skip]
pub(super) const WORDS: &[&str] = &[
    "require(", "require (", "require.", "require?", "import(", "import (", "import.", "define(", "define (",
    "ctx.render", "res.render", "response.render", "reply.view", "vi.mock", "vi.doMock", "vi.importActual",
    "jest.", "Bun.", "Deno.", "cp(", "@Component", "<audio", "<embed", "<img", "<link", "<source", "<video",
];
/// Calls that name modules, pages and layouts, by their last segments at least.
const NAMING: [&str; 6] =
    ["definePageMeta", "import.meta.glob", "import.meta.globEager", "require.resolve", "setPageLayout", "default"];
/// Last segments of all calls that are read: most calls are of methods that no row has.
static LAST: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let names = calls::names().chain(MOCKS).chain(NAMING);
    names.filter_map(|name| name.rsplit('.').next()).collect()
});
/// Elements of HTML, and the attribute that is a URL of what is shown.
const SHOWN: [(&str, &str, &str); 7] = [
    ("audio", "src", "audio src"),
    ("embed", "src", "embed src"),
    ("img", "src", "img src"),
    ("link", "href", "link href"),
    ("source", "src", "source src"),
    ("video", "poster", "video poster"),
    ("video", "src", "video src"),
];
/// Extensions of programs that answer with a picture.
const PROGRAMS: [&[u8]; 5] = [b"ashx", b"aspx", b"cgi", b"jsp", b"php"];
/// Extensions of what no build of a page makes.
const STATIC: [&[u8]; 16] = [
    b"avif", b"gif", b"ico", b"jpeg", b"jpg", b"mp3", b"mp4", b"ogg", b"pdf", b"png", b"svg", b"ttf", b"webm", b"webp",
    b"woff", b"woff2",
];
/// Properties of an Angular component that name a file (angular.dev, "Components").
const COMPONENT: [&str; 3] = ["templateUrl", "styleUrl", "styleUrls"];

impl<'a, 's> Walk<'a, 's, '_> {
    /// A call of the source.
    pub(super) fn call(&mut self, id: NodeId, call: &'a CallExpression<'a>) {
        self.alias_call(call);
        self.rendered(id, call);
        self.cached(call);
        self.set(call);
        if matches!(&call.callee, Expression::StaticMemberExpression(method) if !LAST.contains(method.property.name.as_str()))
        {
            return;
        }
        let Some(name) = self.lowering.qualified(&call.callee) else { return };
        let Some(first) = call.arguments.first().and_then(Argument::as_expression) else { return };
        match name.as_str() {
            "require" => self.require(id, call, first),
            "require.resolve" => self.required(id, first, "require.resolve"),
            "define" => self.amd(id, call),
            "import.meta.glob" | "import.meta.globEager" => self.globbed(first),
            name if name.ends_with("definePageMeta") => self.page_meta(first),
            name if name.ends_with("setPageLayout") => self.layout(first, "setPageLayout"),
            name if MOCKS.contains(&name) => {
                self.required(id, first, "mock");
                self.references.iter_mut().next_back().iter_mut().for_each(|one| one.ceiling = Severity::Warning);
            }
            name => {
                if let Some(row) = calls::by_name(name) {
                    self.by_row(id, row, call, first);
                }
            }
        }
    }

    /// `res.render('users/list', …)`: what answers is a parameter, told by its name.
    fn rendered(&mut self, id: NodeId, call: &'a CallExpression<'a>) {
        let Expression::StaticMemberExpression(method) = &call.callee else { return };
        let Expression::Identifier(answer) = &method.object else { return };
        let Some(Argument::StringLiteral(name)) = call.arguments.first() else { return };
        let row = (answer.name.as_str(), method.property.name.as_str());
        if RENDERS.contains(&row) && !name.value.is_empty() {
            let written = &call.arguments[0];
            let expr = self.lowering.literal(name);
            if let Some(written) = written.as_expression() {
                self.keep(id, written, expr, "render", Namespace::Rendered, Strength::Fatal);
            }
        }
    }

    /// `require`, unless a bundle's own function of the name is meant.
    fn require(&mut self, id: NodeId, call: &'a CallExpression<'a>, first: &'a Expression<'a>) {
        let Expression::Identifier(name) = &call.callee else { return };
        let bound = names::symbol(self.lowering.semantic, name);
        if bound.is_none() && !matches!(first, Expression::ArrayExpression(_)) {
            self.required(id, first, "require");
        }
    }

    /// `define(['./a', 'text!./b.html'], …)`: what is relative starts from this module (AMD, "define").
    fn amd(&mut self, id: NodeId, call: &'a CallExpression<'a>) {
        for list in call.arguments.iter().filter_map(|argument| match argument {
            Argument::ArrayExpression(list) => Some(list),
            _ => None,
        }) {
            for element in &list.elements {
                let ArrayExpressionElement::StringLiteral(text) = element else { continue };
                let name = text.value.rsplit('!').next().unwrap_or_default();
                let relative = name.starts_with("./") || name.starts_with("../");
                if let Some(written) = element.as_expression().filter(|_| relative) {
                    self.required(id, written, "define");
                }
            }
        }
    }

    fn by_row(&mut self, id: NodeId, row: &'static Call, call: &'a CallExpression<'a>, first: &'a Expression<'a>) {
        let expr = self.lowering.path(first, 0);
        match row.role {
            Role::Test => self.test(expr),
            Role::Write => self.output(expr),
            Role::Copy => {
                self.read(id, row, first, expr, Want::Any);
                if let Some(target) = call.arguments.get(1) {
                    let target = self.lowering.argument(target, 0);
                    self.output(target);
                }
            }
            Role::Read(want) => {
                self.read(id, row, first, expr, want);
                if want == Want::Directory && row.strength == Strength::Silent {
                    self.serves(id, first);
                }
            }
            _ => {}
        }
    }

    fn read(&mut self, id: NodeId, row: &'static Call, first: &'a Expression<'a>, expr: PathExpr<'s>, want: Want) {
        let strength = if self.compiled { row.strength.min(Strength::Optional) } else { row.strength };
        // What is compiled is there under another extension.
        let made = self.compiled && last_literal(&expr).is_some_and(|text| text.ends_with(b"js"));
        if expr != PathExpr::Hole && !made {
            self.keep(id, first, expr, row.construct(), Namespace::Path(FROM_CWD, want), strength);
        }
    }

    fn output(&mut self, expr: PathExpr<'s>) {
        if expr != PathExpr::Hole {
            self.facts.push(Fact::Output(expr.into_owned()));
        }
    }

    /// `app.use('/static', express.static('public'))`.
    fn serves(&mut self, id: NodeId, directory: &'a Expression<'a>) {
        let AstKind::CallExpression(used) = self.lowering.semantic.nodes().parent_kind(id) else { return };
        let url = match used.arguments.as_slice() {
            [Argument::StringLiteral(url), _, ..] => url.value.as_bytes().to_vec(),
            _ => Vec::new(),
        };
        let directory = self.lowering.path(directory, 0).into_owned();
        self.facts.push(Fact::StaticRoot { directory, url });
    }

    /// `new Worker(new URL('./worker.js', import.meta.url))`: the URL is what names the file.
    pub(super) fn new_expression(&mut self, id: NodeId, new: &'a NewExpression<'a>) {
        let [first, base] = new.arguments.as_slice() else { return };
        if !matches!(base, Argument::StaticMemberExpression(base) if matches!(base.object, Expression::ImportMeta(_))) {
            return;
        }
        let Some(first) = first.as_expression() else { return };
        let expr = match self.lowering.path(first, 0) {
            // Bundlers look for a package where the name is one of a scope.
            PathExpr::Literal(text)
                if !super::super::syntax::url::has_scheme(&text) && !text.starts_with(b"@") && !is_pattern(&text) =>
            {
                of_bundle(text, self.compiled)
            }
            _ => return,
        };
        self.keep(id, first, expr, "new URL", Namespace::Path(&[Base::FileDirectory], Want::Any), Strength::Broken);
    }

    /// `@Component({ templateUrl: './a.html', styleUrls: ['./a.css'] })`.
    pub(super) fn decorator(&mut self, expr: &'a Expression<'a>) {
        let Expression::CallExpression(call) = expr else { return };
        let Some(object) = call.arguments.first().and_then(Argument::as_expression) else { return };
        if !call.callee.is_specific_id("Component") {
            return;
        }
        for key in COMPONENT {
            match names::property(object, key) {
                Some(Expression::ArrayExpression(list)) => {
                    list.elements
                        .iter()
                        .filter_map(ArrayExpressionElement::as_expression)
                        .for_each(|one| self.beside(one));
                }
                Some(one) => self.beside(one),
                None => {}
            }
        }
    }

    /// `<img src="/logo.png">`: from the root of what is served. What is relative starts from the page, which is not
    /// known.
    pub(super) fn element(&mut self, element: &'a JSXOpeningElement<'a>) {
        let JSXElementName::Identifier(tag) = &element.name else { return };
        for attribute in &element.attributes {
            let JSXAttributeItem::Attribute(attribute) = attribute else { continue };
            let JSXAttributeName::Identifier(name) = &attribute.name else { continue };
            let Some(JSXAttributeValue::StringLiteral(text)) = &attribute.value else { continue };
            let row = SHOWN.iter().find(|(element, one, _)| *element == tag.name && *one == name.name);
            if let Some((_, _, construct)) = row {
                self.shown(text, construct, tag.name == "link");
            }
        }
    }

    fn shown(&mut self, text: &StringLiteral<'a>, construct: &'static str, link: bool) {
        let span = Span::new(text.span.start as usize + 1, (text.span.end as usize).saturating_sub(1));
        let written = span.of(self.lowering.source);
        let rooted = written.starts_with(b"/") && !written.starts_with(b"//");
        let extension = path::extension(written);
        // What is shown is a file, unless a program makes it; what is linked may be what a build makes.
        let file = STATIC.contains(&extension.as_slice())
            || !link && (2..=5).contains(&extension.len()) && !PROGRAMS.contains(&extension.as_slice());
        if rooted && file {
            let namespace = Namespace::Url(UrlKind::Asset);
            self.references.push(Reference::literal(span, written, construct, namespace, Strength::Broken));
        }
    }

    fn beside(&mut self, written: &'a Expression<'a>) {
        let Expression::StringLiteral(text) = written else { return };
        let id = text.node_id.get();
        let expr = match self.of_application(text.value.as_bytes()) {
            Some(name) => PathExpr::literal(name.to_vec()),
            None => self.lowering.literal(text),
        };
        self.keep(id, written, expr, "@Component", BESIDE, Strength::Fatal);
    }

    /// The last name of a URL that spells the folder of the component from the root of the application, which is where
    /// Angular starts it where no bundler reads it (v2.angular.io "Component-relative Paths").
    fn of_application<'u>(&self, url: &'u [u8]) -> Option<&'u [u8]> {
        let url = url.strip_prefix(b"./").unwrap_or(url);
        let folder = path::parent(url);
        let spelled = !folder.is_empty() && path::ends_in(path::parent(self.file), folder);
        spelled.then(|| path::name(url))
    }
}

/// Whether a text is filled in later.
fn is_pattern(text: &[u8]) -> bool {
    text.iter().any(|byte| b"$*<>{}".contains(byte))
}

/// A URL of a module, whose extension webpack puts where it is left out (webpack.js.org "Web Workers",
/// "resolve.extensions"). What is compiled names others by what they are compiled to.
fn of_bundle<'s>(url: Cow<'s, [u8]>, compiled: bool) -> PathExpr<'s> {
    if let Some(stem) = url.strip_suffix(b".js").or_else(|| url.strip_suffix(b".mjs")).filter(|_| compiled) {
        let sources = [&b".ts"[..], b".tsx", b".mts"].map(|extension| PathExpr::literal([stem, extension].concat()));
        return PathExpr::FirstOf(std::iter::once(PathExpr::Literal(url.clone())).chain(sources).collect());
    }
    const EXTENSIONS: [&[u8]; 5] = [b".js", b".ts", b".mjs", b".tsx", b".jsx"];
    let open = url.ends_with(b"/") || url.iter().any(|byte| b"?#".contains(byte));
    if open || path::split_extension(path::name(&url)).1.is_some() {
        return PathExpr::Literal(url);
    }
    let with = EXTENSIONS.map(|extension| PathExpr::literal([&url[..], extension].concat()));
    PathExpr::FirstOf(std::iter::once(PathExpr::Literal(url)).chain(with).collect())
}

/// The text that an expression ends with.
fn last_literal<'e>(expr: &'e PathExpr<'_>) -> Option<&'e [u8]> {
    match expr {
        PathExpr::Literal(text) => Some(text),
        PathExpr::Concat(parts) | PathExpr::Join(parts) => parts.last()?.as_literal(),
        _ => None,
    }
}
