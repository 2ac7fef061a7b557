//! Keys, problems, and places above and below the tree.

use super::*;

fn problem(text: &str) -> String {
    parse(text, &Place::default()).map(|_| String::new()).unwrap_or_else(|problem| problem.to_string())
}

#[test]
fn keys_are_sorted() {
    assert!(KEYS.is_sorted_by_key(|(name, _)| *name));
}

#[test]
fn everything_is_read() {
    let text = r#"
        exclude = ["old/", "*.bak"]
        document-root = "public"
        include-path = ["lib", "inc/"]
        generated = "build"
        [severity]
        misspelled = "note"
        missing-file = "off"
        [[mount]]
        server = "/var/www/html/"
        tree = "."
        [[allow]]
        paths = "legacy"
        codes = "missing-file"
        reason = "kept for reference"
    "#;
    let options = parse(text, &Place::default()).unwrap();
    assert!(options.exclude.matches(b"old/x") && options.generated.matches(b"a/build/x"));
    assert_eq!(options.document_roots, [b"public"]);
    assert_eq!(options.include_path, [b"lib".to_vec(), b"inc".to_vec()]);
    assert_eq!(
        options.mounts[0],
        Mount { server: b"/var/www/html".to_vec(), tree: vec![], certainty: Certainty::Certain }
    );
    assert_eq!(options.severity.get("missing-file"), Some(&None));
    assert!(options.allows(b"legacy/a", "missing-file").is_some() && options.allows(b"a", "missing-file").is_none());
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    for (text, want) in [
        ("\nexcude = 'x'", "line 2: `excude` is no key; the nearest is `exclude`"),
        ("exclude = 3", "line 1: `exclude` must be a string or a list of strings"),
        ("exclude = ['[']", "line 1: `[`: unclosed character class; missing ']'"),
        ("[severity]\nmispelled = 'off'", "line 2: `mispelled` is no code; the nearest is `misspelled`"),
        ("[severity]\nmisspelled = 'of'", "line 2: `of` is no severity; the nearest is `off`"),
        ("[[mount]]\nserver = '/a'", "line 1: `tree` is missing here"),
        (
            "[[mount]]\nserver = 'a'\ntree = '.'",
            "line 2: `server` must be an absolute path on the server, such as \"/var/www/html\"",
        ),
        ("[[mount]]\nserver = '/a'\ntre = '.'", "line 3: `tre` is no key; the nearest is `tree`"),
        ("[mount]\nserver = '/a'", "line 1: `mount` must be a list of tables: write `[[mount]]`"),
        (
            "[[allow]]\npaths = 'x'\ncodes = ['missing-file']\nreason = ' '",
            "line 4: `reason` must be words that say why",
        ),
        (
            "[[allow]]\npaths = 'x'\ncodes = ['missing']\nreason = 'y'",
            "line 3: `missing` is no code; the nearest is `missing-file`",
        ),
    ] {
        assert_eq!(problem(text), want);
    }
    assert!(problem("a = = 1").starts_with("line 1: "));
}

#[test]
fn a_mount_above_the_tree_stands_deeper_on_the_server() {
    let text = "[[mount]]\nserver = '/srv'\ntree = '.'\n[[mount]]\nserver = '/other'\ntree = 'docs'";
    let place = Place { base: Vec::new(), tree: b"www".to_vec() };
    let mounts = parse(text, &place).unwrap().mounts;
    assert_eq!(mounts, [Mount { server: b"/srv/www".to_vec(), tree: Vec::new(), certainty: Certainty::Certain }]);
}

#[test]
fn the_starter_is_a_configuration() {
    let mount = Mount { server: b"/var/www/html".to_vec(), tree: Vec::new(), certainty: Certainty::Likely };
    let detected = Detected { document_roots: vec![b"public".to_vec(), b"a \"b\"\xff".to_vec()], mounts: vec![mount] };
    let options = parse(&starter(&detected), &Place::default()).unwrap();
    assert_eq!((options.document_roots.len(), options.mounts.len()), (2, 1));
    let bare = starter(&Detected::default());
    assert!(parse(&bare, &Place::default()).unwrap().mounts.is_empty());
    let uncommented: String = bare
        .lines()
        .filter_map(|line| line.strip_prefix("# ").filter(|line| line.contains(" = ") || line.starts_with('[')))
        .map(|line| format!("{line}\n"))
        .collect();
    parse(&uncommented, &Place::default()).unwrap();
}
