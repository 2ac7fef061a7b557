//! Projects and solutions of .NET (learn.microsoft.com "MSBuild items", "Solution (.sln) file").
//!
//! Read: what items include, imports, referenced projects, files that properties name, projects of a solution. Both
//! separators are one; the case of a name is not, where the build runs on Linux. What holds under a condition is
//! guarded.
//!
//! Knowingly not read: properties (`$(…)`), patterns, items in files that others import.

use super::syntax::xml;
use super::{Base, Fact, Input, Language, Namespace, Phase, Reference, Scan, Want};
use crate::diagnostic::{Severity, Span, Strength};
use crate::expr::PathExpr;
use crate::path;

/// Projects and solutions.
pub const LANGUAGE: Language = Language {
    name: "msbuild",
    extensions: &["csproj", "fsproj", "sln", "slnx", "vbproj", "vcxproj"],
    names: &[],
    interpreters: &[],
    recognises: None,
    phase: Phase::Facts,
    reads: "what items include, imports, referenced projects, projects of solutions",
    leaves: "properties, patterns, `.props` and `.targets`",
    scan,
};

const HERE: &[Base] = &[Base::Manifest];
/// Elements with an attribute that is a path, or several with `;` between them.
const SHOWN: &str = "/Solution/Folder/File";
const ITEMS: [(&str, &str, Strength); 14] = [
    ("/AdditionalFiles", "Include", Strength::Silent),
    ("/ApplicationDefinition", "Include", Strength::Fatal),
    ("/Compile", "Include", Strength::Fatal),
    ("/Content", "Include", Strength::Silent),
    ("/EmbeddedResource", "Include", Strength::Fatal),
    ("/Import", "Project", Strength::Fatal),
    ("/None", "Include", Strength::Silent),
    ("/Page", "Include", Strength::Fatal),
    ("/Project", "Path", Strength::Fatal),
    (SHOWN, "Path", Strength::Silent),
    ("/ProjectReference", "Include", Strength::Fatal),
    ("/Resource", "Include", Strength::Fatal),
    ("/SplashScreen", "Include", Strength::Fatal),
    ("/TypeScriptCompile", "Include", Strength::Fatal),
];
/// Elements whose text is a path.
const PROPERTIES: [(&str, Strength); 5] = [
    ("/ApplicationIcon", Strength::Fatal),
    ("/ApplicationManifest", Strength::Fatal),
    ("/AssemblyOriginatorKeyFile", Strength::Silent),
    ("/CodeAnalysisRuleSet", Strength::Silent),
    ("/Reference/HintPath", Strength::Optional),
];

fn scan<'s>(input: Input<'s>) -> Scan<'s> {
    let mut scan = Scan::default();
    if path::extension(input.path) == b"sln" {
        solution(input.source.bytes(), &mut scan.references);
    } else {
        let text = input.source.text();
        // Of a project in C its headers are read, and nothing else.
        let native = path::extension(input.path) == b"vcxproj";
        xml::items(&text, &mut |item| {
            if native {
                scan.facts.extend(searched(&item));
                return;
            }
            scan.facts.extend(is_of_windows(&item).then_some(Fact::OfWindows));
            project(item, &mut scan.references);
        });
    }
    scan
}

/// Directories in which a compiler of C searches for headers.
fn searched(item: &xml::Item<'_>) -> Vec<Fact> {
    if !item.path.ends_with("/ClCompile/AdditionalIncludeDirectories") {
        return Vec::new();
    }
    let known = |part: &&str| !part.is_empty() && !part.contains(['$', '%', ':']) && !part.starts_with(['/', '\\']);
    let folder = |part: &str| Fact::HeaderFolder(PathExpr::literal(part.replace('\\', "/").into_bytes()));
    item.text.split(';').map(str::trim).filter(known).map(folder).collect()
}

/// Whether a project is for the .NET Framework, or for Windows in so many words (learn.microsoft.com "Target frameworks
/// in SDK-style projects").
fn is_of_windows(item: &xml::Item<'_>) -> bool {
    let old = |name: &str| {
        let version = name.strip_prefix("net");
        version.is_some_and(|version| version.bytes().all(|byte| byte.is_ascii_digit()) && version.len() > 1)
    };
    let windows = |name: &str| old(name) || name.contains("-windows");
    match item.path.rsplit('/').next().unwrap_or_default() {
        "TargetFrameworkVersion" => item.text.starts_with('v'),
        "TargetFramework" => windows(item.text),
        "TargetFrameworks" => item.text.split(';').map(str::trim).all(windows),
        _ => false,
    }
}

fn project(item: xml::Item<'_>, out: &mut Vec<Reference<'_>>) {
    let of_item = ITEMS.iter().find(|(end, name, _)| item.attribute == *name && item.path.ends_with(end));
    let of_property = PROPERTIES.iter().find(|(end, _)| item.attribute.is_empty() && item.path.ends_with(end));
    let row = of_item.map(|(end, _, strength)| (*end, *strength));
    let Some((end, strength)) = row.or(of_property.copied()) else { return };
    let construct = end.rsplit('/').next().unwrap_or(end);
    let mut at = item.span.start as usize;
    for part in item.text.split(';') {
        let mut found = reference(part, at, construct, strength);
        // Items of a solution are shown, and no more.
        let ceiling = if end == SHOWN { Severity::Warning } else { Severity::Error };
        found.iter_mut().for_each(|one| (one.guarded, one.ceiling) = (item.conditional, ceiling));
        out.extend(found);
        at += part.len() + 1;
    }
}

/// `Project("{…}") = "Name", "src\App\App.csproj", "{…}"`; a folder of the solution has no extension.
fn solution<'s>(source: &'s [u8], out: &mut Vec<Reference<'s>>) {
    let mut at = 0;
    for line in source.split(|&byte| byte == b'\n') {
        let quotes: Vec<usize> = memchr::memchr_iter(b'"', line).take(6).collect();
        if let (true, [_, _, _, _, start, end]) = (line.starts_with(b"Project("), quotes.as_slice())
            && let Ok(text) = std::str::from_utf8(&line[start + 1..*end])
            && text.ends_with("proj")
        {
            out.extend(reference(text, at + start + 1, "Project", Strength::Fatal));
        }
        at += line.len() + 1;
    }
}

/// A path without properties and patterns, from the project.
fn reference<'s>(part: &str, at: usize, construct: &'static str, strength: Strength) -> Option<Reference<'s>> {
    let text = part.trim();
    let at = at + part.len() - part.trim_start().len();
    let known = !text.is_empty() && !text.contains(['$', '@', '%', '*', '?', ':']) && !text.starts_with(['/', '\\']);
    let span = Span::new(at, at + text.len());
    let last = text.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    let path = text.replace('\\', "/").trim_end_matches('/').as_bytes().to_vec();
    let namespace = Namespace::Path(HERE, Want::Any);
    let reference = Reference::literal(span, path, construct, namespace, strength);
    known.then(|| Reference { tail: Span::new(at + last, at + text.len()), ..reference })
}
