//! nginx's own word against preflight's, over generated configurations.
//!
//! What nginx opens when: `nginx -t` every `include`, in any block and from any file; roots, `try_files`,
//! `error_page` and password files only as it answers, so that for these it is started and asked. The very same tree
//! is given to preflight, whose word and nginx's must agree wherever preflight decides.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use preflight::Listed;
use preflight::diagnostic::Certainty;
use preflight::options::Options;
use preflight::project::Mount;
use preflight::resolve::Resolution;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::needs::{find, needs};

/// Configurations that are tested.
const TESTED: usize = 300;
/// Locations that are asked, of each kind.
const ASKED: usize = 60;
/// How long nginx may take to answer.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Files that may be included.
const PARTS: [&str; 7] = [
    "conf.d/gzip.conf",
    "conf.d/tls.conf ",
    "conf.d/.hidden.conf",
    "snippets/spaced name.conf",
    "snippets/sub/deep.conf",
    "common.inc",
    "it's.conf",
];
/// Names that are included besides.
const OTHERS: [&str; 8] = [
    "conf.d",
    "conf.d/*.conf",
    "snippets/*.con",
    "snippets/[a-s]paced*",
    "conf.d/{gzip,tls}.conf",
    "absent/*.conf",
    "conf.d/gzip.conf",
    "common.inc",
];
/// Files that are served.
const PAGES: [&str; 5] = ["a.html", "errors/50x.html", "spaced name.html", "sub/Mixed.txt", "odd.html "];

/// Locations by name.
const NAMED: [&str; 3] = ["app", "Front_end", "fall-back"];

/// Both halves.
pub fn trials() -> Vec<Trial> {
    vec![
        needs(&["nginx"], "nginx/includes are opened by -t", includes),
        needs(&["nginx"], "nginx/what is served is opened as it answers", served),
    ]
}

pub fn write(path: &Path, text: &str) -> Result<(), Failed> {
    std::fs::create_dir_all(path.parent().unwrap())?;
    Ok(std::fs::write(path, text)?)
}

/// What keeps nginx within its folder.
fn front(folder: &Path) -> String {
    let run = folder.join("run");
    let run = run.display();
    let mut text = format!(
        "daemon off;\nmaster_process off;\npid {run}/pid;\nerror_log {run}/log;\nevents {{}}\nhttp {{\naccess_log off;\n"
    );
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        writeln!(text, "{kind}_temp_path {run}/{kind};").unwrap();
    }
    text
}

fn nginx(folder: &Path) -> Command {
    let mut command = Command::new(find("nginx").unwrap());
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf"));
    command
}

/// What preflight made of each reference, where the folder stands as it does on this machine.
pub fn told(folder: &Path) -> Vec<Listed> {
    let server = folder.to_str().unwrap().as_bytes().to_vec();
    let mounts = vec![Mount { server, tree: Vec::new(), certainty: Certainty::Certain }];
    preflight::references(&Directory::new(folder.to_path_buf(), 1), &Options { mounts, ..Options::default() })
}

/// Whether preflight says that it is there; `None` where it does not decide.
pub fn word(one: &Listed) -> Option<bool> {
    match one.resolution {
        Resolution::Found(_) | Resolution::Defined => Some(true),
        Resolution::Missing(_) => Some(false),
        _ => None,
    }
}

/// A word as nginx reads it; without quotes what stands behind a blank is another word.
fn quoted(draw: &mut Draw, name: &str) -> String {
    let bare = name.trim_end();
    let plain = !bare.contains([' ', '{', '}', '\'', ';']) && !bare.is_empty();
    match draw.below(3) {
        0 if plain => format!("{bare} "),
        1 if !name.contains('\'') => format!("'{name}'"),
        _ => format!("\"{name}\""),
    }
}

fn includes() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    for part in PARTS {
        write(&folder.join(part), "# nothing\n")?;
    }
    std::fs::create_dir_all(folder.join("run"))?;
    let mut draw = Draw(5);
    let (mut wrong, mut found, mut missing) = (String::new(), 0, 0);
    for _ in 0..TESTED {
        let name = if draw.below(4) == 0 { draw.of(&OTHERS).to_owned() } else { drawn(&mut draw, &PARTS) };
        let line = format!("include {};", quoted(&mut draw, &name));
        let place = draw.below(4);
        let body = match place {
            0 => line.clone(),
            1 => format!("map $uri $mapped {{ {line} }}"),
            2 => format!("types {{ {line} }}"),
            _ => "include snippets/sub/nested.conf;".to_owned(),
        };
        // A part that holds nothing but an include could be another program's.
        let nested = if place == 3 { format!("gzip on;\n{line}\n") } else { "# nothing\n".to_owned() };
        write(&folder.join("snippets/sub/nested.conf"), &nested)?;
        write(&folder.join("nginx.conf"), &(front(folder) + &body + "\n}\n"))?;
        let works = nginx(folder).arg("-t").output()?.status.success();
        let includes: Vec<Listed> = told(folder).into_iter().filter(|one| one.construct == "include").collect();
        let Some(one) = includes.iter().find(|one| one.text != b"snippets/sub/nested.conf") else {
            return Err(format!("`{body}` is not read").into());
        };
        // A pattern that matches nothing is none of nginx's concern; preflight tells of its directory.
        let pattern = name.contains(['*', '?', '[']);
        let said = if pattern { Some(true) } else { word(one) };
        found += usize::from(said == Some(true) && !pattern);
        missing += usize::from(said == Some(false));
        if said.is_some_and(|said| said != works) {
            writeln!(wrong, "{body} ({line})\n  nginx: {works}; preflight: {:?}", one.resolution)?;
        }
    }
    verdict(&wrong, found, missing, TESTED)
}

/// A name with a slip, or one that leads there another way.
pub fn drawn(draw: &mut Draw, names: &[&str]) -> String {
    let name = draw.of(names);
    let name = draw.spoiled(name);
    draw.detour(&name)
}

pub fn verdict(wrong: &str, found: usize, missing: usize, all: usize) -> Result<(), Failed> {
    if !wrong.is_empty() {
        return Err(wrong.to_owned().into());
    }
    if found < all / 6 || missing < all / 6 {
        return Err(format!("too few are decided of {all}: {found} found, {missing} missing").into());
    }
    Ok(())
}

/// A running nginx; ended when it is dropped.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The status of an answer.
pub fn ask(port: u16, path: &str) -> Result<u16, Failed> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: a\r\nAuthorization: Basic YTpi\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let status = String::from_utf8_lossy(&answer).split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok(status.ok_or("no status")?)
}

/// A location that names something, what to ask for, and the construct.
fn location(draw: &mut Draw, folder: &Path, case: usize) -> (String, String, &'static str) {
    let root = folder.join("www");
    let uri = format!("/{case}/a.html");
    let page = drawn(draw, &PAGES).trim_start_matches('/').to_owned();
    match case % 6 {
        5 => {
            let name = draw.of(&NAMED);
            let name = draw.spoiled(name);
            (format!("location = {uri} {{ try_files /none.html \"@{name}\"; }}"), uri, "try_files")
        }
        0 => (format!("location = {uri} {{ try_files /none.html \"/{page}\"; }}"), uri, "try_files"),
        1 => (format!("location = {uri} {{ error_page 404 =200 \"/{page}\"; }}"), uri, "error_page"),
        2 => {
            let file = drawn(draw, &["passwords", "conf.d/users"]);
            (
                format!("location = {uri} {{ auth_basic x; auth_basic_user_file \"{file}\"; }}"),
                uri,
                "auth_basic_user_file",
            )
        }
        3 => {
            let place = draw.spoiled("www");
            let place = folder.join(place);
            (format!("location = {uri} {{ root \"{}\"; try_files /a.html =404; }}", place.display()), uri, "root")
        }
        _ => {
            let place = draw.spoiled("sub");
            let place = root.join(place);
            (format!("location /{case}/ {{ alias \"{}/\"; }}", place.display()), format!("/{case}/Mixed.txt"), "alias")
        }
    }
}

fn served() -> Result<(), Failed> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path();
    for page in PAGES {
        write(&folder.join("www").join(page), "x")?;
    }
    for file in ["passwords", "conf.d/users"] {
        write(&folder.join(file), "a:{PLAIN}b\n")?;
    }
    std::fs::create_dir_all(folder.join("run"))?;
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let mut draw = Draw(9);
    let cases: Vec<_> = (0..ASKED * 6).map(|case| location(&mut draw, folder, case)).collect();
    let root = folder.join("www");
    let head = format!("server {{ listen 127.0.0.1:{port}; root {};\n", root.display());
    let lines: Vec<&str> = cases.iter().map(|(line, ..)| line.as_str()).collect();
    let named: String = NAMED.iter().map(|name| format!("location @{name} {{ return 200; }}\n")).collect();
    let text = front(folder) + &head + &lines.join("\n") + "\n" + &named + "}\n}\n";
    write(&folder.join("nginx.conf"), &text)?;
    let before = text.lines().position(|line| line == lines[0]).unwrap_or_default();
    let _running = Running(nginx(folder).spawn()?);
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if start.elapsed() > PATIENCE {
            return Err("nginx does not listen".into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let listed = told(folder);
    let (mut wrong, mut found, mut missing) = (String::new(), 0, 0);
    for (at, (line, uri, construct)) in cases.iter().enumerate() {
        let here = |one: &&Listed| one.location.line as usize == before + at + 1 && one.construct == *construct;
        // Of a location's names the last is asked for.
        let Some(one) = listed.iter().rfind(here) else { return Err(format!("`{line}` is not read").into()) };
        let status = ask(port, uri)?;
        let works = match *construct {
            "auth_basic_user_file" => status == 404,
            _ => status == 200,
        };
        let said = word(one);
        found += usize::from(said == Some(true));
        missing += usize::from(said == Some(false));
        if said.is_some_and(|said| said != works) {
            writeln!(wrong, "{line}\n  nginx: {status}; preflight: {:?}", one.resolution)?;
        }
    }
    verdict(&wrong, found, missing, cases.len())
}
