//! What a name stands for: the module that it was imported from, or the value that it was given once.

use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, ArrowFunctionBody, BindingPattern, CallExpression, Expression, FormalParameters, IdentifierReference,
    ImportDeclarationSpecifier, ObjectPropertyKind, PropertyKey, Statement, VariableDeclarator,
};
use oxc_semantic::Semantic;
use oxc_syntax::symbol::SymbolId;

use crate::expr::MAX_DEPTH;

/// Modules that are read as another: a wrapper, or another spelling.
const SAME: [(&str, &str); 6] = [
    ("fs-extra", "fs"),
    ("fs/promises", "fs.promises"),
    ("graceful-fs", "fs"),
    ("mz/fs", "fs"),
    ("path/posix", "path"),
    ("upath", "path"),
];

/// The symbol that a name is bound to; `None` where the source does not bind it.
pub(super) fn symbol(semantic: &Semantic<'_>, name: &IdentifierReference<'_>) -> Option<SymbolId> {
    semantic.scoping().get_reference(name.reference_id.get()?).symbol_id()
}

/// The value that a name is given where it is declared, if nothing changes it.
pub(super) fn value<'a>(semantic: &Semantic<'a>, name: &IdentifierReference<'_>) -> Option<&'a Expression<'a>> {
    let (declarator, symbol) = declarator(semantic, name)?;
    if semantic.scoping().symbol_is_mutated(symbol) || !declarator.id.is_binding_identifier() {
        return None;
    }
    declarator.init.as_ref()
}

fn declarator<'a>(
    semantic: &Semantic<'a>,
    name: &IdentifierReference<'_>,
) -> Option<(&'a VariableDeclarator<'a>, SymbolId)> {
    let symbol = symbol(semantic, name)?;
    let scoping = semantic.scoping();
    if !scoping.symbol_redeclarations(symbol).is_empty() {
        return None;
    }
    match semantic.nodes().kind(scoping.symbol_declaration(symbol)) {
        AstKind::VariableDeclarator(declarator) => Some((declarator, symbol)),
        _ => None,
    }
}

/// The one parameter of a function of the source, and what it returns, where that is all it does.
pub(super) fn function<'a>(semantic: &Semantic<'a>, callee: &Expression<'_>) -> Option<(SymbolId, &'a Expression<'a>)> {
    let Expression::Identifier(name) = callee else { return None };
    let symbol = symbol(semantic, name)?;
    let declared = semantic.nodes().kind(semantic.scoping().symbol_declaration(symbol));
    let (parameters, statements) = match declared {
        AstKind::Function(function) => (&function.params, &function.body.as_deref()?.statements),
        AstKind::VariableDeclarator(declarator) => match declarator.init.as_ref()? {
            Expression::ArrowFunctionExpression(function) => match &function.body {
                ArrowFunctionBody::FunctionBody(body) => (&function.params, &body.statements),
                result => return Some((only(&function.params)?, result.as_expression()?)),
            },
            Expression::FunctionExpression(function) => (&function.params, &function.body.as_deref()?.statements),
            _ => return None,
        },
        _ => return None,
    };
    match statements.as_slice() {
        [Statement::ReturnStatement(result)] => Some((only(parameters)?, result.argument.as_ref()?)),
        _ => None,
    }
}

/// The one parameter of a function.
fn only(parameters: &FormalParameters<'_>) -> Option<SymbolId> {
    let [parameter] = parameters.items.as_slice() else { return None };
    match &parameter.pattern {
        BindingPattern::BindingIdentifier(parameter) => parameter.symbol_id.get(),
        _ => None,
    }
}

/// The dotted name of what an expression is, with the module it comes from first: `fs.readFile`, `express()`.
pub(super) fn qualified(semantic: &Semantic<'_>, expr: &Expression<'_>, depth: usize) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    match expr {
        Expression::Identifier(name) => of_identifier(semantic, name, depth),
        Expression::StaticMemberExpression(member) => {
            let object = qualified(semantic, &member.object, depth + 1)?;
            let property = member.property.name.as_str();
            Some(if property == "default" { object } else { format!("{object}.{property}") })
        }
        Expression::CallExpression(call) => match required(semantic, call) {
            Some(module) => Some(module_name(module)),
            None => Some(qualified(semantic, &call.callee, depth + 1)? + "()"),
        },
        Expression::NewExpression(new) => Some(qualified(semantic, &new.callee, depth + 1)? + "()"),
        Expression::AwaitExpression(awaited) => qualified(semantic, &awaited.argument, depth + 1),
        Expression::ImportExpression(import) => match &import.source {
            Expression::StringLiteral(module) => Some(module_name(module.value.as_str())),
            _ => None,
        },
        Expression::ImportMeta(_) => Some("import.meta".to_owned()),
        _ => None,
    }
}

/// The module that `require('…')` names.
pub(super) fn required<'a>(semantic: &Semantic<'_>, call: &CallExpression<'a>) -> Option<&'a str> {
    let Expression::Identifier(name) = &call.callee else { return None };
    let [Argument::StringLiteral(module)] = call.arguments.as_slice() else { return None };
    (name.name == "require" && symbol(semantic, name).is_none()).then(|| module.value.as_str())
}

fn of_identifier(semantic: &Semantic<'_>, name: &IdentifierReference<'_>, depth: usize) -> Option<String> {
    let Some(symbol) = symbol(semantic, name) else { return Some(name.name.to_string()) };
    let declaration = semantic.scoping().symbol_declaration(symbol);
    match semantic.nodes().kind(declaration) {
        AstKind::ImportSpecifier(_) | AstKind::ImportDefaultSpecifier(_) | AstKind::ImportNamespaceSpecifier(_) => {
            imported(semantic, name, declaration)
        }
        AstKind::VariableDeclarator(declarator) if !semantic.scoping().symbol_is_mutated(symbol) => {
            let init = qualified(semantic, declarator.init.as_ref()?, depth + 1)?;
            match &declarator.id {
                BindingPattern::BindingIdentifier(_) => Some(init),
                BindingPattern::ObjectPattern(_) => Some(format!("{init}.{}", picked(declarator, name.name.as_str())?)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The property that `const { a: b } = …` binds to `b`.
fn picked<'a>(declarator: &VariableDeclarator<'a>, bound: &str) -> Option<&'a str> {
    let BindingPattern::ObjectPattern(pattern) = &declarator.id else { return None };
    let row = pattern
        .properties
        .iter()
        .find(|row| matches!(&row.value, BindingPattern::BindingIdentifier(name) if name.name == bound))?;
    match &row.key {
        PropertyKey::StaticIdentifier(key) => Some(key.name.as_str()),
        _ => None,
    }
}

fn imported(
    semantic: &Semantic<'_>,
    name: &IdentifierReference<'_>,
    declaration: oxc_syntax::node::NodeId,
) -> Option<String> {
    let AstKind::ImportDeclaration(import) = semantic.nodes().parent_kind(declaration) else { return None };
    let module = module_name(import.source.value.as_str());
    let specifier = import.specifiers.iter().flatten().find(|one| one.local().name == name.name)?;
    match specifier {
        ImportDeclarationSpecifier::ImportSpecifier(one) => match one.imported.name().as_str() {
            "default" => Some(module),
            member => Some(format!("{module}.{member}")),
        },
        _ => Some(module),
    }
}

/// A module's name as the rows of calls have it.
pub(super) fn module_name(specifier: &str) -> String {
    let name = specifier.strip_prefix("node:").unwrap_or(specifier);
    SAME.iter().find(|(other, _)| *other == name).map_or(name, |(_, same)| same).to_owned()
}

/// The value of a property of an object that is written out.
pub(super) fn property<'a>(object: &'a Expression<'a>, key: &str) -> Option<&'a Expression<'a>> {
    let Expression::ObjectExpression(object) = object else { return None };
    object.properties.iter().find_map(|row| match row {
        ObjectPropertyKind::ObjectProperty(row) if !row.computed && row.key.static_name()? == key => Some(&row.value),
        _ => None,
    })
}
