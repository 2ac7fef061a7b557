//! The rules of the repository: who may use whom, what is sorted, what every file and every language must have.
//!
//! Sources are read as text, line by line: the rules are about what a reader sees. Unit tests inside of sources
//! (`#[cfg(test)]`, `tests.rs`) may do what sources may not.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test may fail"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// The modules that may name `std::fs`: those that list, read or write what is on disk.
const MAY_TOUCH_DISK: [&str; 7] = ["command", "config", "fix", "git", "main", "source", "tree"];

/// One file of `src`.
struct Source {
    /// Its path below `src`.
    path: String,
    /// The top-level module that it belongs to.
    module: String,
    /// Numbered lines of code, without comments and without unit tests.
    lines: Vec<(usize, String)>,
    /// The whole text.
    text: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let sources: Vec<Source> = WalkDir::new(&src)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("src can be walked").into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| read(&src, &path))
        .collect();
    assert!(sources.len() > 20, "src was not found");
    sources
}

fn read(src: &Path, path: &Path) -> Source {
    let text = std::fs::read_to_string(path).expect("a source is UTF-8");
    let path = path.strip_prefix(src).expect("it lies in src").to_str().expect("its name is ASCII").to_owned();
    let module = path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
    let code =
        if path.ends_with("/tests.rs") { "" } else { text.split("#[cfg(test)]\nmod").next().unwrap_or_default() };
    let lines = code
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.split("//").next().unwrap_or_default().to_owned()))
        .filter(|(_, line)| !line.trim().is_empty())
        .collect();
    Source { path, module, lines, text }
}

fn is_wiring(module: &str) -> bool {
    matches!(module, "lib" | "main")
}

/// The modules of this crate that a line names.
fn named_modules(line: &str) -> Vec<&str> {
    let after = line.match_indices("crate::").map(|(at, found)| &line[at + found.len()..]);
    let word = |rest: &str| rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    after.map(|rest| &rest[..word(rest)]).filter(|name| !name.is_empty()).collect()
}

#[test]
fn layers_hold() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| !is_wiring(&source.module)) {
        let allowed = preflight::LAYERS.iter().find(|(module, _)| *module == source.module);
        let Some((_, allowed)) = allowed else {
            broken.push(format!("src/{}: `{}` has no row in LAYERS (src/lib.rs)", source.path, source.module));
            continue;
        };
        for (number, line) in &source.lines {
            let forbidden = |name: &&str| *name != source.module && !allowed.contains(name);
            for name in named_modules(line).into_iter().filter(forbidden) {
                let module = &source.module;
                broken.push(format!(
                    "src/{}:{number}: `{module}` may not use `{name}` (LAYERS, src/lib.rs)",
                    source.path
                ));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

/// rustfmt leaves comments alone, and lines that are as long as they like are not read.
#[test]
fn comments_are_wrapped() {
    for source in sources() {
        let is_long = |line: &&str| line.trim_start().starts_with("//") && line.chars().count() > 120;
        let long = source.text.lines().find(is_long);
        assert!(long.is_none(), "src/{}: more than 120 characters: {long:?}", source.path);
    }
}

/// A nested `use crate::{a::b, c::d}` would hide edges from the line-wise reading above.
#[test]
fn modules_are_used_one_by_one() {
    for source in sources() {
        let grouped = source.lines.iter().find(|(_, line)| line.contains("crate::{"));
        assert!(grouped.is_none(), "src/{}: write one `use crate::module` a line: {grouped:?}", source.path);
    }
}

/// The rules that are worth their own words, so that nobody widens the table without noticing.
#[test]
fn the_table_keeps_its_promises() {
    let row = |module: &str| preflight::LAYERS.iter().find(|(name, _)| *name == module).expect("it has a row").1;
    for module in ["index", "resolve", "tree", "matcher", "verdict"] {
        assert!(!row("language").contains(&module), "languages never see `{module}`");
    }
    for module in ["source", "tree"] {
        assert!(!row("resolve").contains(&module), "resolving never sees `{module}`");
    }
    assert_eq!(row("report"), ["diagnostic", "exit", "triage"], "reports see settled diagnostics only");
    assert_eq!(row("fix"), ["diagnostic", "git", "path"], "fixes see diagnostics, and git to rename with");
    assert!(preflight::LAYERS.is_sorted_by(|a, b| a.0 < b.0), "LAYERS is sorted");
    for (module, uses) in preflight::LAYERS {
        assert!(uses.is_sorted_by(|a, b| a < b), "the row of `{module}` is sorted");
    }
}

#[test]
fn few_touch_the_disk() {
    for source in sources().iter().filter(|source| !MAY_TOUCH_DISK.contains(&source.module.as_str())) {
        for (number, line) in &source.lines {
            let disk = ["std::fs", "fs::File", "File::open", "read_to_string(", "std::net", "TcpStream"];
            let touches = disk.iter().any(|name| line.contains(name));
            assert!(!touches, "src/{}:{number}: only {MAY_TOUCH_DISK:?} may: {line}", source.path);
        }
    }
}

#[test]
fn nothing_is_unsafe() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest can be read");
    assert!(manifest.contains("unsafe_code = \"forbid\""), "Cargo.toml forbids unsafe code");
    for source in sources() {
        let found =
            source.lines.iter().find(|(_, line)| line.contains("allow(unsafe_code") || line.contains("unsafe {"));
        assert!(found.is_none(), "src/{}: {found:?}", source.path);
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for source in sources() {
        assert!(source.text.starts_with("//! "), "src/{} opens with a `//!` comment", source.path);
    }
}

/// An exception to a lint is a decision, and a decision has a reason.
#[test]
fn every_allow_has_a_reason() {
    for source in sources() {
        for (at, line) in source.text.lines().enumerate().filter(|(_, line)| line.contains("allow(")) {
            let attribute = line.trim_start().starts_with("#[") || line.trim_start().starts_with("#![");
            let whole: String = source.text.lines().skip(at).take(5).collect();
            let reasoned = whole.split(")]").next().is_some_and(|attribute| attribute.contains("reason"));
            assert!(!attribute || reasoned, "src/{}:{}: {line}", source.path, at + 1);
        }
    }
}

#[test]
fn tables_are_sorted() {
    let sorted = |names: &[&str], table: &str| {
        let wrong = names.windows(2).find(|pair| pair[0] >= pair[1]);
        assert!(wrong.is_none(), "{table} is sorted by name: {wrong:?}");
    };
    sorted(&preflight::language::LANGUAGES.iter().map(|row| row.name).collect::<Vec<_>>(), "LANGUAGES");
    sorted(&preflight::diagnostic::CODES.iter().map(|row| row.name).collect::<Vec<_>>(), "CODES");
    sorted(&preflight::framework::FRAMEWORKS.iter().map(|row| row.name).collect::<Vec<_>>(), "FRAMEWORKS");
    for framework in preflight::framework::FRAMEWORKS {
        sorted(&framework.named.iter().map(|row| row.name).collect::<Vec<_>>(), framework.name);
    }
}

#[test]
fn every_language_has_cases() {
    for language in preflight::language::LANGUAGES {
        let folder = root().join("testdata").join(language.name);
        let has_case = WalkDir::new(&folder)
            .into_iter()
            .filter_map(Result::ok)
            .any(|entry| entry.path().extension().is_some_and(|extension| extension == "txt"));
        assert!(has_case, "testdata/{}/ holds no case", language.name);
    }
}

/// A code that nothing can give would be a promise to users that nobody keeps; one without a row cannot be
/// explained, configured or allowed.
#[test]
fn codes_are_given_and_explained() {
    let text: String = sources()
        .iter()
        .filter(|source| source.path != "diagnostic/codes.rs")
        .flat_map(|source| source.lines.iter().map(|(_, line)| format!("{line}\n")).collect::<Vec<_>>())
        .collect();
    for code in preflight::diagnostic::CODES {
        assert!(text.contains(&format!("\"{}\"", code.name)), "no source gives the code `{}`", code.name);
    }
    let names: BTreeSet<&str> = preflight::diagnostic::CODES.iter().map(|row| row.name).collect();
    let given = text.split('"').filter(|word| word.starts_with("name-") && word.len() > 5);
    for word in given {
        assert!(names.contains(word), "`{word}` has no row in CODES");
    }
}

/// The top of the repository and of `src` are the map by which people find their way.
#[test]
fn no_drawers_for_odds_and_ends() {
    for source in sources() {
        let odd = ["utils", "util", "helpers", "helper", "common", "misc"];
        let part = source.path.split(['/', '.']).find(|part| odd.contains(part));
        assert!(part.is_none(), "src/{}: name it after what it is for", source.path);
    }
}

/// Paths of somebody's machine, and names of services that a clone cannot reach, do not belong in sources.
#[test]
fn no_places_of_one_machine() {
    let words = [["/ho", "me/"].concat(), ["/Us", "ers/"].concat(), ["/ro", "ot/"].concat()];
    for source in sources() {
        let found = source.lines.iter().find(|(_, line)| words.iter().any(|word| line.contains(word)));
        assert!(found.is_none(), "src/{}: {found:?}", source.path);
    }
}
