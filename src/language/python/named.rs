//! What is a path by the name it is bound to: attributes and keywords that name templates, settings that list
//! directories (Django; rows in [`crate::framework::django`]).

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;

use super::lower::{constant_text, sequence, value_range};
use super::scope::{Binding, Kind};
use super::walk::{Walk, span};
use crate::diagnostic::{Severity, Strength};
use crate::expr::PathExpr;
use crate::framework::django::{self, BY_ITS_NAME, STATIC_DIRS, TEMPLATE_DIRS};
use crate::reference::{Fact, Namespace, Reference};

/// Extensions of what a template makes: without one of them a text is no template's name.
const RESULTS: [&[u8]; 12] =
    [b"css", b"email", b"eml", b"haml", b"htm", b"html", b"jinja", b"jinja2", b"js", b"md", b"txt", b"xml"];

impl<'a> Walk<'a, '_, '_> {
    /// `template_name = 'x.html'`, `STATICFILES_DIRS = [ … ]`.
    pub(super) fn assign(&mut self, assign: &'a ast::StmtAssign) {
        for target in &assign.targets {
            self.setting(target, &assign.value);
            let name = match target {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                _ => continue,
            };
            self.directories(name, &assign.value);
            self.named_template(name, &assign.value);
        }
    }

    /// `f(template_name='x.html')`.
    pub(super) fn named_templates(&mut self, call: &'a ast::ExprCall) {
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else { continue };
            self.named_template(name.as_str(), &keyword.value);
        }
    }

    /// `'DIRS': [ … ]`.
    pub(super) fn settings(&mut self, dict: &'a ast::ExprDict) {
        for item in &dict.items {
            let key = item.key.as_ref().and_then(constant_text);
            self.directories(key.unwrap_or_default(), &item.value);
            self.imported(key.filter(|key| *key == "context_processors").unwrap_or_default(), &item.value);
        }
    }

    /// Whether an argument is a variable whose assignments are references of their own.
    pub(super) fn is_template_name(&self, argument: &Expr) -> bool {
        let name = match argument {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return false,
        };
        django::template_name(name, self.of_django()).is_some()
    }

    fn of_django(&self) -> bool {
        self.lowering.scopes.imported.contains("django")
    }

    fn named_template(&mut self, name: &str, value: &'a Expr) {
        let Some(construct) = django::template_name(name, self.of_django()) else { return };
        let values = sequence(value).unwrap_or(std::slice::from_ref(value));
        let is_name = |value: &Expr| constant_text(value).is_some_and(|text| is_template(text.as_bytes()));
        if values.is_empty() || !values.iter().all(is_name) {
            return;
        }
        let expr = match values {
            [one] => self.lowering.path(one, self.at),
            _ => PathExpr::FirstOf(values.iter().map(|one| self.lowering.path(one, self.at)).collect()),
        };
        let span = span(value_range(value));
        let reference = Reference::literal(span, b"".as_slice(), construct, Namespace::Template, Strength::Fatal);
        let ceiling = if construct == BY_ITS_NAME { Severity::Warning } else { Severity::Error };
        let tail = if values.len() == 1 { span } else { Default::default() };
        self.keep(Reference { expr, tail, ceiling, ..reference }, value.range());
    }

    /// What a name is given outside of functions, which put lists together.
    fn fixed(&self, name: &str) -> Option<&'a Expr> {
        let (binding, scope) = self.lowering.scopes.find(self.at, name)?;
        match binding {
            Binding::Value(value) if self.lowering.scopes.get(scope).kind != Kind::Function => Some(value),
            _ => None,
        }
    }

    fn directories(&mut self, name: &str, value: &'a Expr) {
        let (templates, statics) = (TEMPLATE_DIRS.contains(&name), name == STATIC_DIRS);
        if !templates && !statics {
            return;
        }
        let given = match value {
            Expr::Name(name) => self.fixed(name.id.as_str()),
            other => Some(other),
        };
        let Some(members) = given.and_then(sequence) else {
            // What is put together at run time may hold the templates of a package.
            self.facts.extend(templates.then_some(Fact::TemplateRoot(PathExpr::Hole)));
            return;
        };
        for member in members {
            // `('prefix', directory)`
            let directory = sequence(member).and_then(<[Expr]>::last).unwrap_or(member);
            let directory = self.lowering.path(directory, self.at).into_owned();
            // It may be the folder of a package.
            self.facts.extend((templates && directory == PathExpr::Hole).then_some(Fact::TemplateRoot(PathExpr::Hole)));
            let fact = if templates { Fact::TemplateFolder } else { Fact::StaticFolder };
            self.facts.push(fact(directory));
        }
    }
}

/// Whether a text can be the name of a template.
fn is_template(text: &[u8]) -> bool {
    let written = text.iter().all(|&byte| byte.is_ascii_graphic() && !b"{}%$<>\\:".contains(&byte));
    written && RESULTS.contains(&crate::path::extension(text).as_slice())
}
