//! Terraform and OpenTofu modules, and `terragrunt.hcl` (developer.hashicorp.com/terraform/language: "Functions",
//! "Module sources"; terragrunt.gruntwork.io, "Configuration blocks and attributes").
//!
//! Read are the functions that open files, local modules, and the arguments of widespread resources that name local
//! files; `path.module` is where the file lies, locals with a known value are followed.
//!
//! Knowingly not read: `*.tf.json`, variables, loops, commands of provisioners, patterns of `fileset`, `source` of
//! modules of a registry or another host, what `find_in_parent_folders` finds.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Conditional, Expression, FuncCall, Traversal, TraversalOperator};
use hcl_edit::structure::{Attribute, Block};
use hcl_edit::template::{Element, StringTemplate};
use hcl_edit::visit::{self, Visit};

use super::{Base, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::{MAX_DEPTH, PathExpr};
use crate::path;

/// `.tf`, `.tofu`, `terragrunt.hcl`.
pub const LANGUAGE: Language = Language {
    name: "terraform",
    extensions: &["tf", "tofu"],
    names: &["terragrunt.hcl"],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "functions that open files, local modules, local files of widespread resources",
    leaves: "`.tf.json`, variables, loops, provisioners' commands, remote modules",
    scan,
};

/// A bare path starts where Terraform runs: in the root module, which may be this one or one above it.
const RUN: &[Base] = &[Base::WorkingDirectory];
/// A path that starts where the file lies.
const HERE: &[Base] = &[Base::FileDirectory];
/// Functions whose first argument is a file that is read.
const READS: [&str; 9] = [
    "file",
    "filebase64",
    "filebase64sha256",
    "filebase64sha512",
    "filemd5",
    "filesha1",
    "filesha256",
    "filesha512",
    "templatefile",
];
/// Packages that a build makes before Terraform runs.
const BUILT: [&[u8]; 6] = [b"zip", b"jar", b"war", b"gz", b"tgz", b"whl"];

/// An argument that names a local file: type of the block, its first label (any, where empty), the argument.
struct Row(&'static str, &'static str, &'static str, Argument);

/// What an argument names.
#[derive(Clone, Copy)]
enum Argument {
    /// Something that is read.
    Read(&'static [Base], Want, Strength),
    /// Something that Terraform writes.
    Written,
}

/// Sorted by block, label and argument.
const ARGUMENTS: [Row; 20] = [
    Row("data", "archive_file", "output_path", Argument::Written),
    Row("data", "archive_file", "source_dir", Argument::Read(RUN, Want::Directory, Strength::Fatal)),
    Row("data", "archive_file", "source_file", Argument::Read(RUN, Want::File, Strength::Fatal)),
    Row("dependencies", "", "paths", Argument::Read(HERE, Want::Directory, Strength::Fatal)),
    Row("dependency", "", "config_path", Argument::Read(HERE, Want::Directory, Strength::Fatal)),
    Row("include", "", "path", Argument::Read(HERE, Want::File, Strength::Fatal)),
    Row("module", "", "source", Argument::Read(HERE, Want::Directory, Strength::Fatal)),
    Row("provisioner", "file", "source", Argument::Read(RUN, Want::Any, Strength::Fatal)),
    Row("provisioner", "remote-exec", "script", Argument::Read(RUN, Want::File, Strength::Fatal)),
    Row("provisioner", "remote-exec", "scripts", Argument::Read(RUN, Want::File, Strength::Fatal)),
    Row("resource", "archive_file", "output_path", Argument::Written),
    Row("resource", "aws_lambda_function", "filename", Argument::Read(RUN, Want::File, Strength::Optional)),
    Row("resource", "aws_lambda_layer_version", "filename", Argument::Read(RUN, Want::File, Strength::Optional)),
    Row("resource", "aws_s3_bucket_object", "source", Argument::Read(RUN, Want::File, Strength::Fatal)),
    Row("resource", "aws_s3_object", "source", Argument::Read(RUN, Want::File, Strength::Fatal)),
    Row("resource", "google_storage_bucket_object", "source", Argument::Read(RUN, Want::File, Strength::Fatal)),
    Row("resource", "local_file", "filename", Argument::Written),
    Row("resource", "local_file", "source", Argument::Read(RUN, Want::File, Strength::Fatal)),
    Row("resource", "local_sensitive_file", "filename", Argument::Written),
    Row("terraform", "", "source", Argument::Read(HERE, Want::Directory, Strength::Fatal)),
];

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let text = input.source.text();
    let Ok(body) = hcl_edit::parser::parse_body(&text) else { return Scan { lexical: true, ..Scan::default() } };
    let terragrunt = path::extension(input.path) == b"hcl";
    let mut reader = Reader { bytes: input.source.bytes(), scan: Scan::default(), guards: 0, terragrunt };
    reader.visit_body(&body);
    reader.scan.references.sort_by_key(|reference| reference.span);
    reader.scan
}

struct Reader<'b> {
    bytes: &'b [u8],
    scan: Scan<'static>,
    /// Conditions on the way here that ask whether a file exists, and handlers of its absence.
    guards: usize,
    terragrunt: bool,
}

impl Visit for Reader<'_> {
    fn visit_block(&mut self, block: &Block) {
        let guarded = ["count", "for_each"]
            .iter()
            .filter_map(|key| block.body.get_attribute(key))
            .any(|attribute| asks_for_a_file(&attribute.value));
        let label = block.labels.first().map_or("", |label| label.as_str());
        for attribute in block.body.attributes() {
            self.argument(block.ident.as_str(), label, attribute);
        }
        self.guards += usize::from(guarded);
        visit::visit_block(self, block);
        self.guards -= usize::from(guarded);
    }

    fn visit_conditional(&mut self, conditional: &Conditional) {
        let guarded = asks_for_a_file(&conditional.cond_expr);
        self.guards += usize::from(guarded);
        visit::visit_conditional(self, conditional);
        self.guards -= usize::from(guarded);
    }

    fn visit_func_call(&mut self, call: &FuncCall) {
        let name = call.name.name.as_str();
        let guarded = matches!(name, "try" | "can");
        if let Some(first) = call.args.iter().next() {
            self.called(name, first, call.args.len());
        }
        self.guards += usize::from(guarded);
        visit::visit_func_call(self, call);
        self.guards -= usize::from(guarded);
    }
}

impl Reader<'_> {
    fn called(&mut self, name: &str, first: &Expression, arguments: usize) {
        let known = READS.iter().find(|known| **known == name);
        if let Some(&construct) = known {
            let bases = if self.terragrunt { HERE } else { RUN };
            self.refer(first, construct, Namespace::Path(bases, Want::File), Strength::Fatal);
        }
        match name {
            "fileexists" => self.refer(first, "fileexists", Namespace::Path(RUN, Want::File), Strength::Optional),
            "fileset" => self.refer(first, "fileset", Namespace::Path(RUN, Want::Directory), Strength::Fatal),
            "read_terragrunt_config" if arguments == 1 => {
                self.refer(first, "read_terragrunt_config", Namespace::Path(HERE, Want::File), Strength::Fatal);
            }
            _ => {}
        }
    }

    fn argument(&mut self, block: &str, label: &str, attribute: &Attribute) {
        let key = attribute.key.as_str();
        if block == "locals" {
            return self.local(key, &attribute.value);
        }
        let row = ARGUMENTS.iter().find(|Row(of, first, argument, _)| {
            *of == block && *argument == key && (first.is_empty() || *first == label)
        });
        match row {
            Some(Row(_, _, _, Argument::Written)) => {
                if let Some(lowered) = self.lower(&attribute.value) {
                    self.scan.facts.push(Fact::Output(lowered.expr));
                }
            }
            Some(Row(_, _, construct, Argument::Read(bases, want, strength))) => {
                self.read(&attribute.value, construct, bases, *want, *strength);
            }
            None if (block, label, key) == ("resource", "helm_release", "chart") && self.is_local(&attribute.value) => {
                self.read(&attribute.value, "chart", RUN, Want::Any, Strength::Fatal);
            }
            None => {}
        }
    }

    fn read(
        &mut self,
        value: &Expression,
        construct: &'static str,
        bases: &'static [Base],
        want: Want,
        strength: Strength,
    ) {
        if let Expression::Array(list) = value {
            for one in list {
                self.refer(one, construct, Namespace::Path(bases, want), strength);
            }
        } else if construct != "source" || bases != HERE || self.is_local(value) {
            self.refer(value, construct, Namespace::Path(bases, want), strength);
        }
    }

    /// `./x`, `../x`, or what begins at a known place: anything else is a registry's or another host's.
    fn is_local(&self, value: &Expression) -> bool {
        match value {
            Expression::String(text) => text.starts_with("./") || text.starts_with("../") || text.as_str() == "..",
            _ => self.lower(value).is_some_and(|lowered| lowered.expr.is_anchored()),
        }
    }

    fn local(&mut self, key: &str, value: &Expression) {
        let Some(lowered) = self.lower(value) else { return };
        if matches!(value, Expression::String(_) | Expression::StringTemplate(_) | Expression::Traversal(_)) {
            let name = format!("local.{key}").into_bytes();
            self.scan.facts.push(Fact::Constant { name, value: lowered.expr });
        }
    }

    fn refer(&mut self, value: &Expression, construct: &'static str, namespace: Namespace, strength: Strength) {
        let Some(Lowered { expr, span, tail }) = self.lower(value) else { return };
        let text = tail.of(self.bytes);
        let built = BUILT.iter().any(|extension| path::extension(text) == *extension);
        // A package is made before Terraform runs; a directory may be written with the submodule that it holds.
        let strength = if built { strength.min(Strength::Optional) } else { strength };
        self.scan.references.push(Reference {
            span,
            tail,
            expr,
            construct,
            namespace,
            strength,
            guarded: self.guards > 0,
            ceiling: Severity::Error,
        });
    }

    fn lower(&self, value: &Expression) -> Option<Lowered> {
        let span = span(value.span()?);
        match value {
            Expression::String(text) => {
                let inner = Span { start: span.start + 1, end: span.end.saturating_sub(1).max(span.start + 1) };
                let expr = PathExpr::literal(self.raw(inner, text.as_str()));
                Some(Lowered { expr, span: inner, tail: inner })
            }
            Expression::StringTemplate(template) => self.template(template, span),
            other => {
                let expr = lower(other, 0);
                (expr != PathExpr::Hole).then_some(Lowered { expr, span, tail: Span::default() })
            }
        }
    }

    /// The bytes of the source where they say what the parser read: invalid UTF-8 is kept so.
    fn raw(&self, span: Span, text: &str) -> Vec<u8> {
        let raw = span.of(self.bytes);
        if raw.len() == text.len() && !raw.contains(&b'\\') { raw.to_vec() } else { text.as_bytes().to_vec() }
    }

    fn template(&self, template: &StringTemplate, span: Span) -> Option<Lowered> {
        let mut parts = Vec::new();
        let mut tail = Span::default();
        for element in template.iter() {
            match element {
                Element::Literal(text) => {
                    tail = self::span(text.span()?);
                    parts.push(PathExpr::literal(self.raw(tail, text.as_str())));
                }
                Element::Interpolation(part) => parts.push(lower(&part.expr, 0)),
                Element::Directive(_) => parts.push(PathExpr::Hole),
            }
        }
        let inner = Span { start: span.start + 1, end: span.end.saturating_sub(1).max(span.start + 1) };
        Some(Lowered { expr: PathExpr::Concat(parts), span: inner, tail })
    }
}

/// An expression for a path, its place, and the part that an edit may change.
struct Lowered {
    expr: PathExpr<'static>,
    span: Span,
    tail: Span,
}

fn span(range: Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

fn lower(value: &Expression, depth: usize) -> PathExpr<'static> {
    if depth > MAX_DEPTH {
        return PathExpr::Hole;
    }
    match value {
        Expression::String(text) => PathExpr::literal(text.as_bytes().to_vec()),
        Expression::Parenthesis(inner) => lower(inner.inner(), depth + 1),
        Expression::Traversal(traversal) => traversed(traversal),
        Expression::FuncCall(call) => passed_through(call, depth),
        Expression::StringTemplate(template) => {
            let part = |element: &Element| match element {
                Element::Literal(text) => PathExpr::literal(text.as_bytes().to_vec()),
                Element::Interpolation(part) => lower(&part.expr, depth + 1),
                Element::Directive(_) => PathExpr::Hole,
            };
            PathExpr::Concat(template.iter().map(part).collect())
        }
        _ => PathExpr::Hole,
    }
}

/// `path.module`, `path.root`, `local.name`.
fn traversed(traversal: &Traversal) -> PathExpr<'static> {
    let (Expression::Variable(first), [operator]) = (&traversal.expr, traversal.operators.as_slice()) else {
        return PathExpr::Hole;
    };
    let TraversalOperator::GetAttr(second) = operator.value() else { return PathExpr::Hole };
    match (first.as_str(), second.as_str()) {
        ("path", "module") => PathExpr::here_up(0),
        // Where Terraform runs, as for a bare path.
        ("path", "root" | "cwd") => PathExpr::literal(b".".as_slice()),
        ("local", name) => PathExpr::Constant(format!("local.{name}").into_bytes().into()),
        _ => PathExpr::Hole,
    }
}

/// Functions of a path that give a path.
fn passed_through(call: &FuncCall, depth: usize) -> PathExpr<'static> {
    let first = call.args.iter().next().map_or(PathExpr::Hole, |first| lower(first, depth + 1));
    match call.name.name.as_str() {
        "abspath" | "pathexpand" => first,
        "dirname" => first.parent(1),
        "get_terragrunt_dir" => PathExpr::here_up(0),
        _ => PathExpr::Hole,
    }
}

/// Whether an expression calls `fileexists`.
fn asks_for_a_file(value: &Expression) -> bool {
    #[derive(Default)]
    struct Asks(bool);
    impl Visit for Asks {
        fn visit_func_call(&mut self, call: &FuncCall) {
            self.0 |= matches!(call.name.name.as_str(), "fileexists" | "can");
            visit::visit_func_call(self, call);
        }
    }
    let mut asks = Asks::default();
    asks.visit_expr(value);
    asks.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn read(text: &str) -> Vec<String> {
        let source = Source::new(text.as_bytes().to_vec());
        let scan = scan(Input { path: b"main.tf", source: &source, project: None });
        let one = |reference: &Reference<'_>| {
            let mark = if reference.guarded { "?" } else { "" };
            let text = String::from_utf8_lossy(reference.tail.of(source.bytes())).into_owned();
            format!("{}{mark} {text}", reference.construct)
        };
        scan.references.iter().map(one).collect()
    }

    #[test]
    fn functions_and_arguments() {
        for (text, want) in [
            ("x = file(\"${path.module}/a.txt\")", vec!["file /a.txt"]),
            ("x = fileexists(\"a\") ? file(\"a\") : \"\"", vec!["fileexists? a", "file? a"]),
            ("x = try(file(\"a\"), \"\")", vec!["file? a"]),
            ("module \"m\" {\n source = \"../m\"\n}", vec!["source ../m"]),
            ("module \"m\" {\n source = \"hashicorp/consul/aws\"\n}", vec![]),
            ("resource \"aws_s3_object\" \"o\" {\n source = \"a\"\n}", vec!["source a"]),
            ("resource \"other\" \"o\" {\n source = \"a\"\n}", vec![]),
            ("x = [for f in y : file(\"a-${f}\")]", vec!["file a-"]),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn arguments_are_sorted() {
        assert!(ARGUMENTS.is_sorted_by_key(|Row(block, label, argument, _)| (*block, *label, *argument)));
    }

    #[test]
    fn hostile_sources_end() {
        for shape in ["x = ", "a {", "[", "${", "\"${", "x = file(", "!", "1+", "a.", "<<E\n", "?:"] {
            read(&shape.repeat(5000));
        }
    }
}
