//! Apache's own word against preflight's, over generated configurations.
//!
//! What Apache opens when: `apache2 -t` every `Include` and each `DocumentRoot`; targets of `Alias`, of
//! `RewriteRule` in `.htaccess` and of `ErrorDocument`, and password files, only as it answers, so that for these it
//! is started and asked. The very same tree is given to preflight, whose word and Apache's must agree wherever
//! preflight decides.

use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use preflight::Listed;

use crate::draw::Draw;
use crate::needs::{find, needs};
use crate::nginx::{PATIENCE, Running, ask, drawn, told, verdict, word, write};

/// Configurations that are tested.
const TESTED: usize = 200;
/// Names that are asked for.
const ASKED: usize = 240;

/// Files that may be included.
const PARTS: [&str; 5] =
    ["sites-enabled/shop.conf", "conf/spaced name.conf", "conf/odd.conf ", "conf/it's.conf", "extra/deep/part.inc"];
/// Names that are included besides.
const OTHERS: [&str; 7] = [
    "conf",
    "sites-enabled/*.conf",
    "sites-enabled/*.inc",
    "absent/*.conf",
    "extra/deep",
    "extra/deep/p?rt.*",
    "extra/deep/*.conf",
];
/// Files that are served.
const PAGES: [&str; 4] = ["index.html", "errors/50x.html", "spaced name.html", "sub/Mixed.txt"];
/// Modules that are loaded.
const MODULES: [&str; 10] = [
    "mpm_event",
    "alias",
    "auth_basic",
    "authn_core",
    "authn_file",
    "authz_core",
    "authz_user",
    "dir",
    "mime",
    "rewrite",
];

/// Both halves.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["apache2"], "apache/parts and roots are opened by -t", parts),
        needs(&["apache2"], "apache/what is served is opened as it answers", served),
    ]
}

/// What keeps Apache within its folder.
fn front(folder: &Path) -> String {
    let mut text = format!("ServerRoot \"{}\"\nServerName a\nPidFile run/pid\nErrorLog run/log\n", folder.display());
    text.push_str("DefaultRuntimeDir run\nTypesConfig run/types\nUser www-data\nGroup www-data\n");
    for module in MODULES {
        writeln!(text, "LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so").unwrap();
    }
    text
}

fn apache(folder: &Path) -> Command {
    let mut command = Command::new(find("apache2").unwrap());
    command.arg("-d").arg(folder).arg("-f").arg(folder.join("apache2.conf"));
    command
}

fn quoted(draw: &mut Draw, name: &str) -> String {
    let plain = !name.contains([' ', '\'']) && !name.is_empty();
    match draw.below(3) {
        0 if plain => format!("{name} "),
        1 if !name.contains('\'') => format!("'{name}'"),
        _ => format!("\"{name}\""),
    }
}

fn parts() -> Result<(), Failed> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path();
    for part in PARTS {
        write(&folder.join(part), "# nothing\n")?;
    }
    write(&folder.join("run/types"), "")?;
    write(&folder.join("www/index.html"), "x")?;
    let mut draw = Draw(3);
    let (mut wrong, mut found, mut missing) = (String::new(), 0, 0);
    for _ in 0..TESTED {
        let (line, construct) = match draw.below(4) {
            0 => {
                let root = folder.join(draw.spoiled("www"));
                (format!("DocumentRoot {}", quoted(&mut draw, root.to_str().unwrap())), "documentroot")
            }
            1 => {
                let name = draw.of(&OTHERS);
                (format!("Include {}", quoted(&mut draw, name)), "include")
            }
            _ => {
                let name = drawn(&mut draw, &PARTS);
                (format!("Include {}", quoted(&mut draw, &name)), "include")
            }
        };
        let nested = construct == "include" && draw.below(3) == 0;
        let part = if nested { format!("ServerAdmin a@b\n{line}\n") } else { String::new() };
        write(&folder.join("extra/nested.conf"), &part)?;
        let body = if nested { "Include extra/nested.conf" } else { &line };
        write(&folder.join("apache2.conf"), &(front(folder) + body + "\n"))?;
        let works = apache(folder).arg("-t").output()?.status.success();
        let listed = told(folder);
        let here = |one: &&Listed| one.construct == construct && one.text != b"extra/nested.conf";
        let Some(one) = listed.iter().find(here) else { return Err(format!("`{line}` is not read").into()) };
        let said = word(one);
        found += usize::from(said == Some(true));
        missing += usize::from(said == Some(false));
        if said.is_some_and(|said| said != works) {
            writeln!(wrong, "{line}\n  apache: {works}; preflight: {:?}", one.resolution)?;
        }
    }
    verdict(&wrong, found, missing, TESTED)
}

/// A name that is asked for: the file that holds it, its line, what to ask for, the construct.
fn case(draw: &mut Draw, folder: &Path, at: usize) -> (&'static str, String, String, &'static str) {
    const SERVER: &str = "apache2.conf";
    const SITE: &str = "www/.htaccess";
    let page = drawn(draw, &PAGES).trim_start_matches('/').to_owned();
    let uri = format!("/c{at}");
    match at % 4 {
        0 => (SITE, format!("RewriteRule \"^c{at}$\" \"{page}\" [END]"), uri, "RewriteRule"),
        1 => (SITE, format!("RewriteRule \"^c{at}$\" \"/{page}\" [END]"), uri, "RewriteRule"),
        2 => {
            let target = folder.join("www").join(page);
            (SERVER, format!("Alias \"{uri}\" \"{}\"", target.display()), uri, "alias")
        }
        _ => {
            let file = drawn(draw, &["passwords", "conf/users"]);
            let line = format!(
                "<Location \"{uri}\">\nAuthType Basic\nAuthName x\nRequire valid-user\nAuthUserFile \"{file}\"\n</Location>"
            );
            (SERVER, line, uri, "authuserfile")
        }
    }
}

fn served() -> Result<(), Failed> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path();
    for page in PAGES {
        write(&folder.join("www").join(page), "x")?;
    }
    for file in ["passwords", "conf/users"] {
        // `b`, as `htpasswd -s` writes it.
        write(&folder.join(file), "a:{SHA}6dcfXufJLW3J6S/9rRe4vUlBj5g=\n")?;
    }
    write(&folder.join("run/types"), "")?;
    opened(folder)?;
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let mut draw = Draw(21);
    let cases: Vec<_> = (0..ASKED).map(|at| case(&mut draw, folder, at)).collect();
    let lines =
        |file: &str| cases.iter().filter(|one| one.0 == file).map(|one| one.1.clone() + "\n").collect::<String>();
    let root = folder.join("www");
    let server = format!(
        "Listen 127.0.0.1:{port}\nDocumentRoot \"{0}\"\n<Directory \"{0}\">\nAllowOverride All\n</Directory>\n",
        root.display()
    );
    let texts = [
        ("apache2.conf", front(folder) + &server + &lines("apache2.conf")),
        ("www/.htaccess", "RewriteEngine On\n".to_owned() + &lines("www/.htaccess")),
    ];
    for (file, text) in &texts {
        write(&folder.join(file), text)?;
    }
    let _running = Running(apache(folder).arg("-X").spawn()?);
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if start.elapsed() > PATIENCE {
            return Err("Apache does not listen".into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let listed = told(folder);
    let (mut wrong, mut found, mut missing) = (String::new(), 0, 0);
    for (file, line, uri, construct) in &cases {
        let text = &texts.iter().find(|one| one.0 == *file).ok_or("no such file")?.1;
        let first = text[..text.find(line.as_str()).unwrap_or_default()].lines().count() + 1;
        let last = first + line.lines().count();
        let here = |one: &&Listed| {
            one.file == file.as_bytes()
                && one.construct == *construct
                && (first..last).contains(&(one.location.line as usize))
        };
        // A target without an extension may be a route: of it nothing is said.
        let Some(one) = listed.iter().find(here) else { return Err(format!("`{line}` is not read").into()) };
        let status = ask(port, uri)?;
        let works = match *construct {
            "authuserfile" => status == 404,
            _ => status == 200,
        };
        let said = word(one);
        found += usize::from(said == Some(true));
        missing += usize::from(said == Some(false));
        if said.is_some_and(|said| said != works) {
            writeln!(wrong, "{line}\n  apache: {status}; preflight: {:?}", one.resolution)?;
        }
    }
    verdict(&wrong, found, missing, cases.len())
}

/// Apache answers as another user: what it serves must be open to all.
fn opened(folder: &Path) -> Result<(), Failed> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?)
}
