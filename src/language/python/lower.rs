//! From Python expressions to [`PathExpr`]s, and from callees to dotted names.
//!
//! `os.path`, `pathlib`, f-strings, `%`, `.format` and `+` are evaluated as the Library Reference says ("os.path",
//! "pathlib", "Format String Syntax"). Environment variables, arguments and everything computed are holes.

use std::borrow::Cow;
use std::cell::Cell;

use ruff_python_ast::{self as ast, Expr, FStringPart, InterpolatedStringElement, Number, Operator};
use ruff_text_size::{Ranged, TextRange};

use super::scope::{Binding, ScopeId, Scopes, is_self};
use super::text::flat;
use crate::expr::{Here, MAX_DEPTH, PathExpr, Transform};

/// Most nodes that are lowered for one expression: definitions that use each other twice double at every step.
const MAX_NODES: u32 = 2_000;
/// Longest chain of names that is followed to what they stand for.
const MAX_CHAIN: usize = 12;

/// Names of modules and what they are.
const NAMED: [(&str, &str); 6] = [
    ("os.curdir", "."),
    ("os.extsep", "."),
    ("os.pardir", ".."),
    ("os.path.pardir", ".."),
    ("os.path.sep", "/"),
    ("os.sep", "/"),
];

/// Lowers the expressions of one module.
pub(super) struct Lowering<'a, 's> {
    pub(super) scopes: Scopes<'a>,
    pub(super) source: &'s [u8],
    budget: Cell<u32>,
}

impl<'a, 's> Lowering<'a, 's> {
    pub(super) fn new(scopes: Scopes<'a>, source: &'s [u8]) -> Self {
        Lowering { scopes, source, budget: Cell::new(0) }
    }

    /// The path an expression stands for.
    pub(super) fn path(&self, expr: &Expr, scope: ScopeId) -> PathExpr<'s> {
        self.budget.set(MAX_NODES);
        self.lower(expr, scope, 0)
    }

    /// The dotted name of a callee or a value: `Path` is `pathlib.Path`, and what a call returns is written
    /// `flask.Flask()`. A name that nothing binds is a builtin.
    pub(super) fn qualified(&self, expr: &Expr, scope: ScopeId) -> Option<String> {
        self.qualify(expr, scope, MAX_CHAIN)
    }

    fn qualify(&self, expr: &Expr, scope: ScopeId, chain: usize) -> Option<String> {
        let chain = chain.checked_sub(1)?;
        match expr {
            Expr::Name(name) => match self.scopes.find(scope, name.id.as_str()) {
                None => Some(name.id.to_string()),
                Some((Binding::Import(dotted), _)) => Some(dotted.clone()),
                Some((Binding::Value(value), at)) => self.qualify(value, at, chain),
                Some(_) => None,
            },
            Expr::Attribute(attribute) => self.qualify_attribute(attribute, scope, chain),
            Expr::Call(call) => Some(format!("{}()", self.qualify(&call.func, scope, chain)?)),
            _ => None,
        }
    }

    fn qualify_attribute(&self, attribute: &ast::ExprAttribute, scope: ScopeId, chain: usize) -> Option<String> {
        if is_self(&attribute.value) {
            let (value, at) = self.class_value(attribute, scope)?;
            return self.qualify(value, at, chain);
        }
        Some(format!("{}.{}", self.qualify(&attribute.value, scope, chain)?, attribute.attr))
    }

    /// What a name is assigned, where that is once.
    pub(super) fn value_of(&self, name: &str, scope: ScopeId) -> Option<&'a Expr> {
        match self.scopes.find(scope, name)?.0 {
            Binding::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The value of `self.x`, `cls.x` or `Class.x`, where the class gives it once.
    fn class_value(&self, attribute: &ast::ExprAttribute, scope: ScopeId) -> Option<(&'a Expr, ScopeId)> {
        let class = match attribute.value.as_ref() {
            value if is_self(value) => self.scopes.class_around(scope)?,
            Expr::Name(name) => match self.scopes.find(scope, name.id.as_str())?.0 {
                Binding::Class(class) => *class,
                _ => return None,
            },
            _ => return None,
        };
        match self.scopes.get(class).names.get(attribute.attr.as_str())? {
            Binding::Value(value) => Some((value, class)),
            _ => None,
        }
    }

    pub(super) fn lower(&self, expr: &Expr, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        let budget = self.budget.get();
        if depth >= MAX_DEPTH || budget == 0 {
            return PathExpr::Hole;
        }
        self.budget.set(budget - 1);
        let depth = depth + 1;
        match expr {
            Expr::StringLiteral(string) => self.string(string),
            Expr::BytesLiteral(bytes) => bytes_literal(bytes),
            Expr::FString(string) => self.f_string(string, scope, depth),
            Expr::Name(name) => self.name(name.id.as_str(), scope, depth),
            Expr::Attribute(attribute) => self.attribute(attribute, scope, depth),
            Expr::Subscript(subscript) => self.subscript(subscript, scope, depth),
            Expr::BinOp(operation) => self.operation(operation, scope, depth),
            Expr::Call(call) => self.call(call, scope, depth),
            Expr::If(choice) => {
                PathExpr::AnyOf(vec![self.lower(&choice.body, scope, depth), self.lower(&choice.orelse, scope, depth)])
            }
            Expr::Named(named) => self.lower(&named.value, scope, depth),
            _ => PathExpr::Hole,
        }
    }

    fn string(&self, string: &ast::ExprStringLiteral) -> PathExpr<'s> {
        flat(string.value.iter().map(|part| self.literal(part)).collect())
    }

    pub(super) fn literal(&self, part: &ast::StringLiteral) -> PathExpr<'s> {
        self.text(part.content_range(), &part.value)
    }

    /// Text as it stands in the source, or decoded where it holds escapes. Bytes that are not UTF-8 are read
    /// back from the source; together with escapes they cannot be.
    pub(super) fn text(&self, range: TextRange, value: &str) -> PathExpr<'s> {
        let raw = self.source.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default();
        if raw == value.as_bytes() {
            return PathExpr::Literal(Cow::Borrowed(raw));
        }
        match std::str::from_utf8(raw) {
            Ok(_) => PathExpr::literal(value.as_bytes().to_vec()),
            Err(_) if raw.len() == value.len() => PathExpr::Literal(Cow::Borrowed(raw)),
            Err(_) => PathExpr::Hole,
        }
    }

    fn name(&self, name: &str, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        match self.scopes.find(scope, name) {
            None if name == "__file__" => PathExpr::Here(Here::File),
            Some((Binding::Value(value), at)) => self.lower(value, at, depth),
            Some((Binding::Element(each), at)) => self.elements(each, at, depth),
            Some((Binding::Import(dotted), _)) => named(dotted),
            _ => PathExpr::Hole,
        }
    }

    /// The members of a literal list, each of which is used.
    fn elements(&self, each: &Expr, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        let members = match each {
            Expr::Name(name) => match self.scopes.find(scope, name.id.as_str()) {
                Some((Binding::Value(value), at)) if depth < MAX_DEPTH => return self.elements(value, at, depth + 1),
                _ => return PathExpr::Hole,
            },
            _ => sequence(each),
        };
        match members {
            Some(members) if !members.is_empty() => {
                PathExpr::AnyOf(members.iter().map(|member| self.lower(member, scope, depth)).collect())
            }
            _ => PathExpr::Hole,
        }
    }

    fn attribute(&self, attribute: &ast::ExprAttribute, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        if let Some((value, at)) = self.class_value(attribute, scope) {
            return self.lower(value, at, depth);
        }
        let receiver = || self.lower(&attribute.value, scope, depth);
        match attribute.attr.as_str() {
            "parent" => return receiver().parent(1),
            "name" => return receiver().apply(Transform::Basename),
            "stem" => return receiver().apply(Transform::Stem),
            _ => {}
        }
        match self.qualify_attribute(attribute, scope, MAX_CHAIN).as_deref() {
            Some("flask.Flask().root_path") => PathExpr::Here(Here::Dir),
            Some(dotted) => named(dotted),
            None => PathExpr::Hole,
        }
    }

    fn subscript(&self, subscript: &ast::ExprSubscript, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        let number = integer(&subscript.slice);
        match (subscript.value.as_ref(), number) {
            (Expr::Attribute(attribute), Some(n)) if attribute.attr.as_str() == "parents" => {
                self.lower(&attribute.value, scope, depth).parent(n.saturating_add(1))
            }
            (Expr::Call(call), Some(n @ (0 | 1))) => {
                let Some(argument) = call.arguments.args.first() else { return PathExpr::Hole };
                match self.qualified(&call.func, scope).as_deref() {
                    Some("os.path.split") if n == 0 => self.lower(argument, scope, depth).parent(1),
                    Some("os.path.split") => self.lower(argument, scope, depth).apply(Transform::Basename),
                    _ => PathExpr::Hole,
                }
            }
            (value, _) => self.item(value, &subscript.slice, scope, depth),
        }
    }

    /// An entry of a list or dictionary that is written out.
    fn item(&self, value: &Expr, key: &Expr, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        match value {
            Expr::Name(name) => match self.scopes.find(scope, name.id.as_str()) {
                Some((Binding::Value(value), at)) if depth < MAX_DEPTH => self.item(value, key, at, depth + 1),
                _ => PathExpr::Hole,
            },
            Expr::Dict(dict) => {
                let Some(wanted) = constant_text(key) else { return PathExpr::Hole };
                let mut found =
                    dict.items.iter().filter(|item| item.key.as_ref().and_then(constant_text) == Some(wanted));
                match (found.next(), found.next()) {
                    (Some(item), None) => self.lower(&item.value, scope, depth),
                    _ => PathExpr::Hole,
                }
            }
            _ => {
                let at = integer(key).and_then(|n| usize::try_from(n).ok());
                match sequence(value).zip(at).and_then(|(members, at)| members.get(at)) {
                    Some(member) => self.lower(member, scope, depth),
                    None => PathExpr::Hole,
                }
            }
        }
    }

    fn operation(&self, operation: &ast::ExprBinOp, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        let left = || self.lower(&operation.left, scope, depth);
        match operation.op {
            Operator::Add => left().then(self.lower(&operation.right, scope, depth)),
            Operator::Div => left().join(self.lower(&operation.right, scope, depth)),
            Operator::Mod => match left().as_literal() {
                Some(template) => self.percent(template, &operation.right, scope, depth),
                None => PathExpr::Hole,
            },
            _ => PathExpr::Hole,
        }
    }

    fn call(&self, call: &ast::ExprCall, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        let arguments = &call.arguments.args;
        let first = || arguments.first().map_or(PathExpr::Hole, |first| self.lower(first, scope, depth));
        let qualified = self.qualified(&call.func, scope);
        match qualified.as_deref().unwrap_or_default() {
            "os.path.join" | "posixpath.join" | "flask.safe_join" | "werkzeug.utils.safe_join" => {
                self.join(arguments, scope, depth)
            }
            "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath" | "pathlib.PurePosixPath" => {
                if arguments.is_empty() {
                    PathExpr::literal(b".".as_slice())
                } else {
                    self.join(arguments, scope, depth)
                }
            }
            "os.path.dirname" => first().parent(1),
            "os.path.basename" => first().apply(Transform::Basename),
            "os.path.abspath" | "os.path.realpath" | "os.path.normpath" => first().apply(Transform::Normalize),
            "str" | "os.fspath" | "os.fsencode" | "os.fsdecode" | "os.path.normcase" => first(),
            "os.getcwd" | "pathlib.Path.cwd" => PathExpr::literal(b".".as_slice()),
            "inspect.getfile" | "inspect.getsourcefile" => PathExpr::Hole,
            _ => self.method(call, scope, depth),
        }
    }

    fn join(&self, arguments: &[Expr], scope: ScopeId, depth: usize) -> PathExpr<'s> {
        PathExpr::Join(arguments.iter().map(|argument| self.lower(argument, scope, depth)).collect())
    }

    /// A method of `str` or `Path`; of which of the two, its name says.
    fn method(&self, call: &ast::ExprCall, scope: ScopeId, depth: usize) -> PathExpr<'s> {
        let Expr::Attribute(method) = call.func.as_ref() else { return PathExpr::Hole };
        let arguments = &call.arguments.args;
        let receiver = || self.lower(&method.value, scope, depth);
        let argument = |at: usize| arguments.get(at).map_or(PathExpr::Hole, |one| self.lower(one, scope, depth));
        match (method.attr.as_str(), arguments.len()) {
            ("resolve" | "absolute" | "as_posix" | "expanduser" | "__str__" | "encode" | "decode", _) => receiver(),
            ("joinpath", 1..) => {
                PathExpr::Join(std::iter::once(receiver()).chain((0..arguments.len()).map(argument)).collect())
            }
            ("with_name", 1) => receiver().parent(1).join(argument(0)),
            ("with_suffix", 1) => receiver().parent(1).join(receiver().apply(Transform::Stem).then(argument(0))),
            _ if self.is_of_module(&method.value, scope) => PathExpr::Hole,
            ("format", _) => match receiver().as_literal() {
                Some(template) => self.format(template, &call.arguments, scope, depth),
                None => PathExpr::Hole,
            },
            ("join", 1) => self.joined(receiver(), &arguments[0], scope, depth),
            ("replace", 2) => match (argument(0).as_literal(), argument(1).as_literal()) {
                (Some(from), Some(to)) => receiver().apply(Transform::Replace(from.to_vec(), to.to_vec())),
                _ => PathExpr::Hole,
            },
            ("lower", 0) => receiver().apply(Transform::Lower),
            ("upper", 0) => receiver().apply(Transform::Upper),
            ("strip" | "rstrip" | "lstrip", 0 | 1) => {
                let mask = if arguments.is_empty() {
                    Some(b" \t\n\r\x0b\x0c".to_vec())
                } else {
                    argument(0).as_literal().map(<[u8]>::to_vec)
                };
                mask.map_or(PathExpr::Hole, |mask| strip(receiver(), method.attr.as_str(), &mask))
            }
            _ => PathExpr::Hole,
        }
    }

    /// Whether a receiver is a module or something imported, so that `x.join(…)` is no method of a string.
    fn is_of_module(&self, receiver: &Expr, scope: ScopeId) -> bool {
        self.qualified(receiver, scope).is_some()
    }
}

/// The value of a keyword argument.
pub(super) fn keyword<'e>(arguments: &'e ast::Arguments, name: &str) -> Option<&'e Expr> {
    arguments.keywords.iter().find(|one| one.arg.as_ref().is_some_and(|arg| arg.as_str() == name)).map(|one| &one.value)
}

/// A dotted name that is imported: what the module it comes from says, or a name of the standard library.
fn named<'s>(dotted: &str) -> PathExpr<'s> {
    if let Ok(at) = NAMED.binary_search_by_key(&dotted, |&(name, _)| name) {
        return PathExpr::literal(NAMED[at].1.as_bytes());
    }
    match dotted.rsplit_once('.') {
        Some((module, name)) if !dotted.contains('(') => {
            let dot = if module.bytes().all(|byte| byte == b'.') { "." } else { "" };
            PathExpr::Constant(Cow::Owned(format!("{module}{dot}:{name}").into_bytes()))
        }
        _ => PathExpr::Hole,
    }
}

fn strip<'s>(text: PathExpr<'s>, method: &str, mask: &[u8]) -> PathExpr<'s> {
    let text = if method == "rstrip" { text } else { text.apply(Transform::TrimStart(mask.to_vec())) };
    if method == "lstrip" { text } else { text.apply(Transform::TrimEnd(mask.to_vec())) }
}

fn bytes_literal<'s>(bytes: &ast::ExprBytesLiteral) -> PathExpr<'s> {
    PathExpr::literal(bytes.value.iter().flat_map(|part| part.value.iter().copied()).collect::<Vec<u8>>())
}

/// The members of a list, tuple or set that is written out, without `*` in it.
pub(super) fn sequence(expr: &Expr) -> Option<&[Expr]> {
    let members: &[Expr] = match expr {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::Set(set) => &set.elts,
        _ => return None,
    };
    members.iter().all(|member| !member.is_starred_expr()).then_some(members)
}

/// The text of a string that is written out.
pub(super) fn constant_text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::StringLiteral(string) => string.as_single_part_string().map(|part| part.as_str()),
        _ => None,
    }
}

fn integer(expr: &Expr) -> Option<u32> {
    match expr {
        Expr::NumberLiteral(number) => match &number.value {
            Number::Int(int) => int.as_usize().and_then(|n| u32::try_from(n).ok()),
            _ => None,
        },
        _ => None,
    }
}

/// Where the value of an expression stands: the inside of the quotes where it is one literal.
pub(super) fn value_range(expr: &Expr) -> TextRange {
    match expr {
        Expr::StringLiteral(string) => match string.as_single_part_string() {
            Some(part) => part.content_range(),
            None => expr.range(),
        },
        _ => expr.range(),
    }
}

/// The inside of the last literal of an expression.
pub(super) fn tail_range(expr: &Expr) -> Option<TextRange> {
    let mut expr = expr;
    for _ in 0..MAX_DEPTH {
        expr = match expr {
            Expr::StringLiteral(string) => return string.value.iter().last().map(ast::StringLiteral::content_range),
            Expr::BinOp(operation) if operation.op != Operator::Mod => &operation.right,
            Expr::Call(call) => match call.func.as_ref() {
                Expr::Attribute(method) if call.arguments.args.is_empty() => &method.value,
                _ => call.arguments.args.last()?,
            },
            Expr::FString(string) => return f_string_tail(string),
            _ => return None,
        };
    }
    None
}

fn f_string_tail(string: &ast::ExprFString) -> Option<TextRange> {
    match string.value.iter().last()? {
        FStringPart::Literal(literal) => Some(literal.content_range()),
        FStringPart::FString(inner) => match inner.elements.iter().last()? {
            InterpolatedStringElement::Literal(literal) => Some(literal.range),
            InterpolatedStringElement::Interpolation(_) => None,
        },
    }
}
