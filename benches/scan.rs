//! Throughput of the stages that every page goes through: scanning HTML and CSS, resolving URLs.
//!
//! `cargo bench --bench scan`. Timings are never tests.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use preflight::index::{EntryId, Index};
use preflight::language::{self, Input};
use preflight::options::Options;
use preflight::project::Project;
use preflight::resolve::{World, resolve};
use preflight::source::Source;
use preflight::tree::{Memory, Tree};

fn main() {
    divan::main();
}

/// A page of nothing but links, as site generators' link checkers are measured with.
fn links() -> Vec<u8> {
    (0..10_000).flat_map(|n| format!("<a href=\"/{}/{}.html\">Hey</a>", n % 100, n % 97).into_bytes()).collect()
}

/// A page with text, attributes that bear no URL, styles and a script.
fn page() -> Vec<u8> {
    let paragraph = "<p class=\"lead\" id='p'>Lorem &amp; ipsum <a href=\"../a/b.html#c\" title=x>dolor</a> sit \
                     <img src=img/a.png alt=\"\" srcset=\"a.png 1x, b.png 2x\" width=1 height=1></p>\n";
    let head = "<!DOCTYPE html><head><link rel=stylesheet href=a.css><style>a{b:url(c.png)}</style>\
                <script>if (a < b && c) { d('<p>') }</script></head>";
    [head, &paragraph.repeat(500)].concat().into_bytes()
}

fn sheet() -> Vec<u8> {
    let rule = ".a > b::before { color: #fff; margin: 0 1px; background: url(\"../img/a.png\") no-repeat }\n";
    rule.repeat(2000).into_bytes()
}

fn scan(bencher: Bencher<'_, '_>, name: &'static [u8], bytes: Vec<u8>) {
    let source = Source::new(bytes.as_slice());
    let Some(language) = language::by_name(name) else { return };
    bencher
        .counter(BytesCount::of_slice(&bytes))
        .bench_local(|| (language.scan)(Input { path: name, source: &source, project: None }).references.len());
}

#[divan::bench]
fn html_links(bencher: Bencher<'_, '_>) {
    scan(bencher, b"a.html", links());
}

#[divan::bench]
fn html_page(bencher: Bencher<'_, '_>) {
    scan(bencher, b"a.html", page());
}

#[divan::bench]
fn css(bencher: Bencher<'_, '_>) {
    scan(bencher, b"a.css", sheet());
}

#[divan::bench]
fn url_resolve(bencher: Bencher<'_, '_>) {
    let mut tree = Memory::default();
    for n in 0..10_000 {
        tree.file(format!("{}/{}.html", n % 100, n % 97), "");
    }
    let index = Index::new(tree.list().entries);
    let project = Project::new(&index, &Options::default(), Vec::new());
    let world = World::new(&index);
    let bytes = links();
    let source = Source::new(bytes.as_slice());
    let Some(language) = language::by_name(b"a.html") else { return };
    let scan = (language.scan)(Input { path: b"a.html", source: &source, project: None });
    let file = index.id(b"0/0.html").unwrap_or(EntryId::ROOT);
    bencher.counter(ItemsCount::new(scan.references.len())).bench_local(|| {
        let resolved =
            |one| matches!(resolve(&world, &project, file, "html", one), preflight::resolve::Resolution::Found(_));
        scan.references.iter().filter(|one| resolved(one)).count()
    });
}
