//! scratch
#![allow(clippy::all, clippy::print_stdout, clippy::unwrap_used)]
use preflight::diagnostic::show;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let tree = preflight::tree::Directory::new(a[1].clone().into(), 0);
    let t = std::time::Instant::now();
    let r = preflight::check(&tree, &Default::default(), b".", &Default::default());
    for d in &r.diagnostics {
        let at = d.location.as_ref().map(|l| format!(":{}:{}", l.line, l.column)).unwrap_or_default();
        let s = d
            .subject
            .as_ref()
            .map(|s| format!(" [{} {} {:?} {:?}] {}", s.language, s.construct, s.base, s.strength, show(&s.text)))
            .unwrap_or_default();
        println!("{}{}: {}[{}]: {} +{}{}", show(&d.file), at, d.severity.name(), d.code, d.message, d.more, s);
    }
    for t in &r.troubles {
        println!("TROUBLE {} {}", show(&t.path), t.what);
    }
    eprintln!("{:?} {:?}", t.elapsed(), r.coverage);
}
