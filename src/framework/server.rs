//! Web servers: where their configuration lies, and which files of it they bring themselves (nginx.org "Installing",
//! Debian's `nginx-common`, httpd.apache.org "Layout", Debian's `apache2`).

/// A web server.
#[derive(Clone, Copy, Debug)]
pub struct WebServer {
    /// Name of its language.
    pub name: &'static str,
    /// Directories on a server that relative names start from.
    pub homes: &'static [&'static str],
    /// Entries that show that a directory holds the whole configuration, and not one file of it.
    pub marks: &'static [&'static str],
    /// An include may name a directory: all that lies in it is read.
    pub directories: bool,
    /// Files that it brings itself, relative to its home; `*` stands for any name in a directory.
    pub provided: &'static [&'static str],
}

/// Web servers, sorted by name.
pub const WEB_SERVERS: &[WebServer] = &[APACHE, NGINX];

const APACHE: WebServer = WebServer {
    name: "apache",
    homes: &["/etc/apache2", "/etc/httpd", "/usr/local/apache2", "/usr/local/etc/apache24"],
    marks: &["conf-available", "conf-enabled", "conf.modules.d", "mods-enabled", "sites-available", "sites-enabled"],
    directories: true,
    provided: &[
        "conf-available/*",
        "conf-enabled/*",
        "conf.d/*",
        "conf.modules.d/*",
        "conf/extra/*",
        "conf/magic",
        "conf/mime.types",
        "envvars",
        "extra/*",
        "magic",
        "mods-available/*",
        "mods-enabled/*",
        "ports.conf",
    ],
};

const NGINX: WebServer = WebServer {
    name: "nginx",
    homes: &["/etc/nginx", "/usr/local/nginx/conf", "/usr/local/etc/nginx", "/usr/local/openresty/nginx/conf"],
    marks: &["conf.d", "mime.types", "modules-enabled", "sites-available", "sites-enabled", "snippets"],
    directories: false,
    provided: &[
        "conf.d/default.conf",
        "fastcgi.conf",
        "fastcgi_params",
        "koi-utf",
        "koi-win",
        "mime.types",
        "modules-enabled/*",
        "naxsi_core.rules",
        "nginx.conf",
        "proxy_params",
        "scgi_params",
        "snippets/fastcgi-php.conf",
        "snippets/snakeoil.conf",
        "uwsgi_params",
        "win-utf",
    ],
};

/// Directories of a server and the names that a program puts there; `*` is any one name.
const BROUGHT: [(&str, &[&str]); 6] = [
    ("/etc/letsencrypt", &["options-ssl-apache.conf", "options-ssl-nginx.conf", "ssl-dhparams.pem"]),
    ("/etc/letsencrypt/live/*", &["cert.pem", "chain.pem", "fullchain.pem", "privkey.pem"]),
    ("/etc/pki/tls/certs", &["ca-bundle.crt", "localhost.crt"]),
    ("/etc/pki/tls/private", &["localhost.key"]),
    ("/etc/ssl/certs", &["ca-certificates.crt", "ssl-cert-snakeoil.pem"]),
    ("/etc/ssl/private", &["ssl-cert-snakeoil.key"]),
];

/// The paths that a program brings into the directory of an absolute path (certbot, Debian's `ssl-cert` and
/// `ca-certificates`); none where nothing is known of it.
#[must_use]
pub fn brought(path: &[u8]) -> Vec<Vec<u8>> {
    let directory = crate::path::parent(path);
    let is = |pattern: &str| {
        let (front, any) = pattern.strip_suffix('*').map_or((pattern, false), |front| (front, true));
        match directory.strip_prefix(front.as_bytes()) {
            Some(rest) => any && !rest.is_empty() && !rest.contains(&b'/') || !any && rest.is_empty(),
            None => false,
        }
    };
    let names = BROUGHT.iter().filter(|(pattern, _)| is(pattern)).flat_map(|(_, names)| names.iter());
    names.map(|name| [directory, b"/", name.as_bytes()].concat()).collect()
}

impl WebServer {
    /// The files that it brings itself by name, relative to its home.
    #[must_use]
    pub fn brings(&self) -> Vec<Vec<u8>> {
        self.provided.iter().filter(|name| !name.ends_with('*')).map(|name| name.as_bytes().to_vec()).collect()
    }

    /// The server whose configuration this language reads.
    #[must_use]
    pub fn of(language: &str) -> Option<&'static WebServer> {
        WEB_SERVERS.iter().find(|server| server.name == language)
    }

    /// Whether it brings a file of this name, relative to its home.
    #[must_use]
    pub fn provides(&self, name: &[u8]) -> bool {
        self.provided.iter().any(|known| match known.strip_suffix('*') {
            Some(directory) => name.starts_with(directory.as_bytes()),
            None => known.as_bytes() == name,
        })
    }
}
