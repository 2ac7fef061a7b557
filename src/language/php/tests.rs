//! What cases cannot show: what the walk makes of shapes that overflow stacks, and of sources that are no PHP.

use super::*;
use crate::source::Source;

/// Scans on a thread with the stack that scans have.
fn scanned<R: Send>(source: &[u8], look: impl FnOnce(&Scan<'_>) -> R + Send) -> R {
    std::thread::scope(|threads| {
        let scan = || {
            let source = Source::new(source);
            look(&super::scan(Input { path: b"a.php", source: &source, project: None }))
        };
        std::thread::Builder::new().stack_size(256 << 20).spawn_scoped(threads, scan).unwrap().join().unwrap()
    })
}

fn spans(source: &str) -> Vec<String> {
    let text = |reference: &Reference<'_>| {
        let of = |span: Span| String::from_utf8_lossy(span.of(source.as_bytes())).into_owned();
        format!("{} {} {}", reference.construct, of(reference.span), of(reference.tail))
    };
    scanned(source.as_bytes(), |scan| scan.references.iter().map(text).collect())
}

#[test]
fn spans_and_tails() {
    for (source, want) in [
        ("require 'a.php';", "require a.php a.php"),
        ("require('a.php');", "require a.php a.php"),
        ("include ('a') . 'b';", "include ('a') . 'b' b"),
        ("include_once __DIR__ . '/a.php';", "include_once __DIR__ . '/a.php' /a.php"),
        ("require \"$x/a.php\";", "require \"$x/a.php\" /a.php"),
        ("require \"a$x\";", "require \"a$x\" "),
        ("require plugin_dir_path(__FILE__) . 'a.php';", "require plugin_dir_path(__FILE__) . 'a.php' a.php"),
        ("require get_theme_file_path('a.php');", "require get_theme_file_path('a.php') a.php"),
        ("require $x;", "require $x "),
    ] {
        assert_eq!(spans(&format!("<?php {source}")), [want], "{source}");
    }
}

#[test]
fn operands_end_where_php_ends_them() {
    let first = |source: &str| spans(&format!("<?php {source}")).into_iter().next();
    assert_eq!(first("include 'a.php' or die;").as_deref(), Some("include a.php a.php"));
    assert_eq!(first("(include 'a.php') === false;").as_deref(), Some("include a.php a.php"));
    assert_eq!(first("include 'a.php' || die();"), None);
    assert_eq!(first("f(include 'a.php', 1);").as_deref(), Some("include a.php a.php"));
}

#[test]
fn hostile_nests_do_not_crash() {
    let shapes = [
        ("(", ""),
        ("[", ""),
        ("{", ""),
        ("!", ""),
        ("if(1)", ""),
        ("'a'.", "'b'"),
        ("$a->", "b"),
        ("$a?:", "1"),
        ("$a?1:", "1"),
        ("$a??", "1"),
        ("\"{$a[", ""),
        ("\"${a[", ""),
        ("fn()=>", "1"),
        ("function(){", ""),
        ("-", "1"),
        ("new class{function f(){", ""),
        ("if(1){}else ", "1"),
        ("include ", "'a'"),
        ("print ", "1"),
        ("f(", ""),
        ("a::", "b"),
        ("$$", "a"),
        ("$x=", "1"),
        ("1 and ", "1"),
        ("<<<A\n{$a[", ""),
        ("match(1){1=>", ""),
    ];
    for (shape, end) in shapes {
        for n in [1_000, 19_000, 59_000, 180_000] {
            let source = format!("<?php require 'first.php'; {}{end}; require 'last.php';", shape.repeat(n));
            scanned(source.as_bytes(), |scan| {
                assert!(scan.lexical || n < 180_000 || !scan.references.is_empty(), "{shape}")
            });
        }
    }
    for types in ["((A", "?", "A&", "A|(B&"] {
        let source = format!("<?php function f({} $a) {{}}", types.repeat(60_000));
        scanned(source.as_bytes(), |_| ());
    }
}

#[test]
fn a_source_too_deep_is_read_lexically() {
    let source = format!(
        "<?php // require 'no.php'\n require_once 'a.php'; include(__DIR__ . \"/b.php\"); require $x . 'c'; 'require'; {}",
        "'a'.".repeat(90_000)
    );
    scanned(source.as_bytes(), |scan| {
        assert!(scan.lexical);
        let found: Vec<&str> = scan.references.iter().map(|one| one.construct).collect();
        assert_eq!(found, ["require_once", "include"]);
    });
}

#[test]
fn a_long_chain_of_variables_is_bounded() {
    let mut source = String::from("<?php $a0 = 'x';");
    for n in 1..2_000 {
        source.push_str(&format!("$a{n} = $a{}.$a{};", n - 1, n - 1));
    }
    source.push_str("require $a1999; $b = $c; $c = $b; require $b;");
    assert_eq!(spans(&source).len(), 2);
}

#[test]
fn broken_sources_give_what_they_can() {
    assert_eq!(spans("<?php function f( { } require 'a.php';").len(), 1);
    for source in
        ["", "<?", "<?php", "<?php require", "<?php require '", "<?php \"{$", "<?php <<<A", "\u{feff}<?php ?>"]
    {
        spans(source);
    }
    let bytes = b"<?php require __DIR__ . '/\xff.php';";
    scanned(bytes, |scan| assert_eq!(scan.references.len(), 1));
}
