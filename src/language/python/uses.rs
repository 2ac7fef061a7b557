//! What a call does with a path, by the rows of [`super::calls`] and of the frameworks.

use ruff_python_ast::{self as ast, Expr, Operator};
use ruff_text_size::Ranged;

use super::calls;
use super::lower::{constant_text, keyword, sequence, tail_range, value_range};
use super::scope::is_self;
use super::walk::{Walk, span};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::{MAX_DEPTH, PathExpr};
use crate::framework::django::Dotted;
use crate::framework::{Call, Role, python_name, static_endpoint};
use crate::reference::{Base, Fact, Namespace, Reference, Want};

const FROM_CWD: &[Base] = &[Base::WorkingDirectory];
const FROM_APPLICATION: &[Base] = &[Base::Application];
/// Programs that take a script as their first argument.
const INTERPRETERS: [&str; 11] =
    ["bash", "dash", "node", "perl", "php", "python", "python2", "python3", "ruby", "sh", "zsh"];

impl<'a, 's> Walk<'a, 's, '_> {
    /// A call of the source.
    pub(super) fn call(&mut self, call: &'a ast::ExprCall) {
        self.extended_setting(call);
        let row = self.row(call);
        // A row says itself which argument is a template's name.
        if row.is_none_or(|row| row.role != Role::Template) {
            self.named_templates(call);
        }
        let Some(row) = row else { return };
        match row.role {
            Role::ReadSelf | Role::WriteSelf | Role::TestSelf => self.on_receiver(row, call),
            Role::Application { templates, statics } => self.application(call, templates, statics),
            Role::StaticUrl => self.static_url(call),
            Role::Response => self.response(row, call),
            Role::TemplateRoot => self.template_root(row, call),
            _ => {
                if let Some(argument) = argument(call, row.argument, row.keyword) {
                    self.on_argument(row, call, argument);
                }
            }
        }
    }

    fn row(&self, call: &ast::ExprCall) -> Option<&'static Call> {
        if let Expr::Attribute(method) = call.func.as_ref()
            && !is_self(&method.value)
            && !calls::is_last(method.attr.as_str())
        {
            return None;
        }
        let qualified = self.lowering.qualified(&call.func, self.at);
        if let Some(row) = qualified.as_deref().and_then(|name| calls::by_name(&python_name(name))) {
            return Some(row);
        }
        let last = qualified.as_deref().and_then(|name| name.rsplit('.').next());
        if let Some(row) = last.and_then(calls::by_any) {
            return Some(row);
        }
        let Expr::Attribute(method) = call.func.as_ref() else { return None };
        let front = match method.value.as_ref() {
            Expr::Attribute(front) => Some(front.attr.as_str()),
            _ => None,
        };
        let of_path = || calls::of_path(method.attr.as_str()).filter(|_| self.is_path(&method.value, 0));
        calls::by_method(front, method.attr.as_str()).or_else(of_path)
    }

    /// Whether a value is a `pathlib.Path` beyond doubt.
    fn is_path(&self, expr: &Expr, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return false;
        }
        match expr {
            Expr::BinOp(operation) => {
                operation.op == Operator::Div
                    && (operation.right.is_string_literal_expr() || self.is_path(&operation.left, depth + 1))
            }
            Expr::Attribute(attribute) if attribute.attr.as_str() == "parent" => {
                self.is_path(&attribute.value, depth + 1)
            }
            Expr::Subscript(subscript) => match subscript.value.as_ref() {
                Expr::Attribute(parents) => {
                    parents.attr.as_str() == "parents" && self.is_path(&parents.value, depth + 1)
                }
                _ => false,
            },
            Expr::Call(call) => match (self.lowering.qualified(expr, self.at).as_deref(), call.func.as_ref()) {
                (Some("pathlib.Path()" | "pathlib.PosixPath()" | "pathlib.Path.cwd()"), _) => true,
                (_, Expr::Attribute(method)) => {
                    matches!(method.attr.as_str(), "joinpath" | "resolve" | "absolute" | "with_name" | "with_suffix")
                        && self.is_path(&method.value, depth + 1)
                }
                _ => false,
            },
            Expr::Name(name) => {
                self.lowering.value_of(name.id.as_str(), self.at).is_some_and(|value| self.is_path(value, depth + 1))
            }
            _ => false,
        }
    }

    fn on_receiver(&mut self, row: &'static Call, call: &'a ast::ExprCall) {
        let Expr::Attribute(method) = call.func.as_ref() else { return };
        let receiver = method.value.as_ref();
        let expr = self.lowering.path(receiver, self.at);
        match row.role {
            Role::TestSelf => self.test(expr, receiver.range(), false),
            Role::WriteSelf => self.output(expr),
            _ if row.name == "open" && writes(call, 0) => self.output(expr),
            _ if expr == PathExpr::Hole => {}
            _ => {
                let want = if row.name == "iterdir" { Want::Directory } else { Want::Any };
                self.read(row, receiver, expr, Namespace::Path(FROM_CWD, want));
            }
        }
    }

    fn on_argument(&mut self, row: &'static Call, call: &'a ast::ExprCall, argument: &'a Expr) {
        let path = || self.lowering.path(argument, self.at);
        match row.role {
            Role::Open { mode } if writes(call, mode) => self.output(path()),
            Role::Open { .. } => self.read_each(row, argument, Namespace::Path(FROM_CWD, Want::File)),
            Role::Read(want) => self.read_each(row, argument, Namespace::Path(FROM_CWD, want)),
            Role::OfApplication(want) => self.of_application(row, call, argument, want),
            // Where it is assigned the name is a reference already.
            Role::Template if self.is_template_name(argument) => {}
            Role::Template => self.read_first(row, argument, Namespace::Template),
            Role::Static => self.read_each(row, argument, Namespace::Static),
            Role::TemplateFolder => {
                self.read_each(row, argument, Namespace::Path(FROM_CWD, Want::Directory));
                let folders = sequence(argument).unwrap_or(std::slice::from_ref(argument));
                let folders = folders.iter().map(|folder| self.lowering.path(folder, self.at).into_owned());
                self.facts.extend(folders.map(Fact::TemplateFolder));
            }
            Role::Write => self.output(path()),
            Role::Copy => {
                self.read_each(row, argument, Namespace::Path(FROM_CWD, Want::Any));
                if let Some(target) = call.arguments.args.get(row.argument + 1) {
                    self.output(self.lowering.path(target, self.at));
                }
            }
            Role::Test => self.test(path(), argument.range(), false),
            Role::TestImport => self.test(path(), argument.range(), true),
            Role::Import => self.import_call(row, call, argument),
            Role::ImportFirst => {
                let first = sequence(argument).map_or(Some(argument), <[Expr]>::first);
                first.into_iter().for_each(|name| self.dotted(row.construct(), name, Dotted::Module));
            }
            Role::ImportMember => self.dotted(row.construct(), argument, Dotted::Member),
            Role::Run => self.run(row, call, argument),
            Role::Resource => self.resource(row, call, argument),
            Role::InDirectory => self.in_directory(row, call, argument),
            Role::ChangeDirectory => {
                let to = path().into_owned();
                self.facts.push(Fact::ChangeDirectory(to));
            }
            Role::PythonRoot => {
                let root = path();
                self.facts.push(Fact::PythonRoot(root.clone().into_owned()));
                self.read(row, argument, root, Namespace::Path(FROM_CWD, Want::Any));
            }
            _ => {}
        }
    }

    fn output(&mut self, expr: PathExpr<'s>) {
        if expr != PathExpr::Hole {
            self.facts.push(Fact::Output(expr.into_owned()));
        }
    }

    /// One reference, written in `at`.
    fn read(&mut self, row: &Call, at: &Expr, expr: PathExpr<'s>, namespace: Namespace) {
        let tail = tail_range(at).map_or(Span::default(), span);
        let reference = Reference {
            span: span(value_range(at)),
            tail,
            expr,
            construct: row.construct(),
            namespace,
            strength: row.strength,
            guarded: false,
            ceiling: Severity::Error,
        };
        self.keep(reference, at.range());
    }

    /// A path, or each path of a list.
    fn read_each(&mut self, row: &'static Call, argument: &'a Expr, namespace: Namespace) {
        match sequence(argument) {
            Some(members) => members.iter().for_each(|member| self.read_each(row, member, namespace)),
            None => self.read(row, argument, self.lowering.path(argument, self.at), namespace),
        }
    }

    /// A name, or a list of names of which the first that exists is used.
    fn read_first(&mut self, row: &'static Call, argument: &'a Expr, namespace: Namespace) {
        let expr = match sequence(argument) {
            Some(members) => PathExpr::FirstOf(members.iter().map(|one| self.lowering.path(one, self.at)).collect()),
            None => self.lowering.path(argument, self.at),
        };
        self.read(row, argument, expr, namespace);
    }

    /// `TemplateResponse('x.html', …)`, `TemplateResponse(request, 'x.html')`, `TemplateResponse(name='x.html')`.
    fn response(&mut self, row: &'static Call, call: &'a ast::ExprCall) {
        let named = call.arguments.args.iter().take(2).find(|argument| constant_text(argument).is_some());
        if let Some(name) = named.or_else(|| keyword(&call.arguments, row.keyword)) {
            self.read_first(row, name, Namespace::Template);
        }
    }

    fn of_application(&mut self, row: &'static Call, call: &'a ast::ExprCall, argument: &'a Expr, want: Want) {
        let silent = keyword(&call.arguments, "silent").is_some_and(|value| !is_false(value));
        let expr = self.lowering.path(argument, self.at);
        if row.name == "flask.send_file" && expr == PathExpr::Hole {
            return;
        }
        if silent {
            self.test(expr.clone(), argument.range(), false);
        }
        self.read(row, argument, expr, Namespace::Path(FROM_APPLICATION, want));
    }

    fn in_directory(&mut self, row: &'static Call, call: &'a ast::ExprCall, directory: &'a Expr) {
        let Some(file) = argument(call, 1, "path").or_else(|| keyword(&call.arguments, "filename")) else { return };
        let expr = self.lowering.path(directory, self.at).join(self.lowering.path(file, self.at));
        self.read(row, file, expr, Namespace::Path(FROM_APPLICATION, Want::File));
    }

    fn import_call(&mut self, row: &'static Call, call: &'a ast::ExprCall, name: &'a Expr) {
        let expr = self.lowering.path(name, self.at);
        let namespace = Namespace::Python { member: false };
        let relative = expr.as_literal().is_some_and(|text| text.starts_with(b"."));
        let Some(package) = argument(call, 1, "package").filter(|_| relative) else {
            if !relative {
                self.read(row, name, expr, namespace);
            }
            return;
        };
        let own = matches!(package, Expr::Name(name) if matches!(name.id.as_str(), "__package__" | "__name__"));
        match (own, constant_text(package)) {
            (true, _) => self.read(row, name, expr, namespace),
            (_, Some(package)) if expr.as_literal().is_some_and(|text| !text.starts_with(b"..")) => {
                let absolute = PathExpr::literal(package.as_bytes().to_vec()).then(expr);
                let text = absolute_name(&absolute);
                self.read(row, name, text, namespace);
            }
            _ => {}
        }
    }

    /// `[sys.executable, 'script.py']`, `['python3', '-u', 'script.py']`, `['./script.sh']`.
    fn run(&mut self, row: &'static Call, call: &'a ast::ExprCall, list: &'a Expr) {
        let Some([program, rest @ ..]) = sequence(list) else { return };
        let interpreter = self.lowering.qualified(program, self.at).as_deref() == Some("sys.executable")
            || constant_text(program).is_some_and(|name| INTERPRETERS.contains(&name));
        let own = constant_text(program).is_some_and(|name| name.starts_with("./") || name.starts_with("../"));
        let script = match (interpreter, own) {
            (true, _) => rest.iter().find(|one| !constant_text(one).is_some_and(|text| text.starts_with('-'))),
            (_, true) => Some(program),
            _ => None,
        };
        let module = rest
            .iter()
            .filter_map(constant_text)
            .take_while(|text| text.starts_with('-'))
            .any(|flag| matches!(flag, "-m" | "-c" | "-e" | "-r"));
        let Some(script) = script.filter(|_| own || !module) else { return };
        let path = self.lowering.path(script, self.at);
        let expr = match keyword(&call.arguments, "cwd") {
            Some(cwd) => self.lowering.path(cwd, self.at).join(path),
            None => path,
        };
        self.read(row, script, expr, Namespace::Path(FROM_CWD, Want::File));
    }

    /// A file beside a module: only where the module is this one.
    fn resource(&mut self, row: &'static Call, call: &'a ast::ExprCall, file: &'a Expr) {
        if call.arguments.args.first().is_some_and(is_own_name) {
            let expr = PathExpr::here_up(0).join(self.lowering.path(file, self.at));
            self.read(row, file, expr, Namespace::Path(FROM_CWD, Want::File));
        }
    }

    /// `url_for('static', filename='…')`.
    fn static_url(&mut self, call: &'a ast::ExprCall) {
        let endpoint = argument(call, 0, "endpoint").and_then(constant_text).unwrap_or_default();
        let Some(construct) = static_endpoint(endpoint.as_bytes()) else { return };
        if let Some(file) = keyword(&call.arguments, "filename") {
            let row = crate::framework::call(construct, 0, "", Role::StaticUrl, Strength::Broken);
            self.read(&row, file, self.lowering.path(file, self.at), Namespace::Static);
        }
    }

    fn template_root(&mut self, row: &Call, call: &'a ast::ExprCall) {
        let of_package = row.name == "jinja2.PackageLoader";
        if of_package && !call.arguments.args.first().is_some_and(is_own_name) {
            return;
        }
        let Some(argument) = argument(call, row.argument, row.keyword) else {
            if of_package {
                self.facts.push(Fact::TemplateRoot(beside("templates")));
            }
            return;
        };
        let roots = sequence(argument).unwrap_or(std::slice::from_ref(argument));
        for root in roots {
            let root = self.lowering.path(root, self.at).into_owned();
            let root = if of_package { PathExpr::here_up(0).join(root) } else { root };
            self.facts.push(Fact::TemplateRoot(root));
        }
    }

    /// `template_folder=`, `static_folder=`: many blueprints state folders that they never use.
    fn folders(&mut self, call: &'a ast::ExprCall) {
        if !call.arguments.args.iter().any(is_own_name) || keyword(&call.arguments, "root_path").is_some() {
            return;
        }
        for name in ["template_folder", "static_folder"] {
            let Some(folder) = keyword(&call.arguments, name).filter(|value| !value.is_none_literal_expr()) else {
                continue;
            };
            let row = crate::framework::call(name, 0, "", Role::Read(Want::Directory), Strength::Optional);
            let namespace = Namespace::Path(&[Base::FileDirectory], Want::Directory);
            self.read(&row, folder, self.lowering.path(folder, self.at), namespace);
        }
    }

    /// `Flask(__name__, …)`, `Blueprint('x', __name__, …)`: what lies beside the module.
    fn application(&mut self, call: &'a ast::ExprCall, templates: &'static str, statics: &'static str) {
        self.instance_relative |= keyword(&call.arguments, "instance_relative_config").is_some();
        self.folders(call);
        let given =
            |name: &str| keyword(&call.arguments, name).map(|value| self.lowering.path(value, self.at).into_owned());
        let home = given("root_path").unwrap_or_else(|| PathExpr::here_up(0));
        let folder = |name: &str, default: &'static str| match given(name) {
            Some(folder) => Some(folder),
            None if default.is_empty() => None,
            None => Some(PathExpr::literal(default.as_bytes())),
        };
        let (templates, statics) = (folder("template_folder", templates), folder("static_folder", statics));
        let url = given("static_url_path").and_then(|url| url.as_literal().map(<[u8]>::to_vec));
        if let Some(folder) = templates {
            self.facts.push(Fact::TemplateRoot(home.clone().join(folder)));
        }
        if let Some(folder) = statics {
            let name = folder.as_literal().map(|text| [b"/", crate::path::name(text)].concat());
            let url = url.or(name).unwrap_or_else(|| b"/static".to_vec());
            self.facts.push(Fact::StaticRoot { directory: home.clone().join(folder), url });
        }
        let row = calls::by_name(&python_name(&self.lowering.qualified(&call.func, self.at).unwrap_or_default()));
        if row.is_some_and(|row| row.name == "flask.Flask") {
            self.facts.push(Fact::Application(home));
        }
    }
}

/// The argument at a position or of a keyword.
fn argument<'e>(call: &'e ast::ExprCall, position: usize, name: &str) -> Option<&'e Expr> {
    let positional = call.arguments.args.get(position).filter(|argument| !argument.is_starred_expr());
    positional.or_else(|| keyword(&call.arguments, name).filter(|_| !name.is_empty()))
}

/// Whether a mode makes the file, or is not known.
fn writes(call: &ast::ExprCall, position: usize) -> bool {
    match argument(call, position, "mode") {
        None => false,
        Some(mode) => constant_text(mode).is_none_or(|mode| mode.contains(['w', 'a', 'x'])),
    }
}

fn is_own_name(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if matches!(name.id.as_str(), "__name__" | "__package__"))
}

fn is_false(expr: &Expr) -> bool {
    matches!(expr, Expr::BooleanLiteral(literal) if !literal.value)
}

fn beside(name: &'static str) -> PathExpr<'static> {
    PathExpr::here_up(0).join(PathExpr::literal(name.as_bytes()))
}

/// A package's name and a name relative to it, as one literal.
fn absolute_name<'s>(expr: &PathExpr<'s>) -> PathExpr<'s> {
    match expr {
        PathExpr::Concat(parts) => {
            PathExpr::literal(parts.iter().filter_map(PathExpr::as_literal).flatten().copied().collect::<Vec<u8>>())
        }
        _ => PathExpr::Hole,
    }
}
