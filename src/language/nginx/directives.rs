//! Directives that name files (nginx.org "Module ngx_…", lua-nginx-module README), as rows.

use crate::diagnostic::Strength;
use crate::diagnostic::Strength::{Broken, Fatal};

/// What a directive's argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// `include`: a file or a pattern.
    Include,
    /// Any other file that starts at the directory of the main configuration; mostly not in the tree.
    Configuration(Strength),
    /// A file that starts at the prefix nginx was built with; where that is, no configuration says.
    Prefix(Strength),
    /// A directory, or a file, that what is served lies in.
    Served,
    /// The socket of another program.
    Socket,
}

/// Which argument it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    First,
    Second,
    Last,
}

/// A directive that names a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) role: Role,
    pub(super) place: Place,
}

const fn row(name: &'static str, role: Role, place: Place) -> Row {
    Row { name, role, place }
}

use Place::{First, Last, Second};
use Role::{Configuration, Include, Prefix, Served, Socket};

/// Sorted by name.
pub(super) const ROWS: &[Row] = &[
    row("access_by_lua_file", Prefix(Broken), First),
    row("alias", Served, First),
    row("auth_basic_user_file", Configuration(Broken), First),
    row("auth_jwt_key_file", Configuration(Fatal), First),
    row("balancer_by_lua_file", Prefix(Broken), First),
    row("body_filter_by_lua_file", Prefix(Broken), First),
    row("content_by_lua_file", Prefix(Broken), First),
    row("exit_worker_by_lua_file", Prefix(Broken), First),
    row("fastcgi_pass", Socket, First),
    row("geoip_city", Configuration(Fatal), First),
    row("geoip_country", Configuration(Fatal), First),
    row("geoip_org", Configuration(Fatal), First),
    row("grpc_pass", Socket, First),
    row("grpc_ssl_certificate", Configuration(Fatal), First),
    row("grpc_ssl_certificate_key", Configuration(Fatal), First),
    row("grpc_ssl_crl", Configuration(Fatal), First),
    row("grpc_ssl_trusted_certificate", Configuration(Fatal), First),
    row("header_filter_by_lua_file", Prefix(Broken), First),
    row("include", Include, First),
    row("init_by_lua_file", Prefix(Fatal), First),
    row("init_worker_by_lua_file", Prefix(Fatal), First),
    row("js_import", Configuration(Fatal), Last),
    row("js_include", Configuration(Fatal), First),
    row("log_by_lua_file", Prefix(Broken), First),
    row("modsecurity_rules_file", Configuration(Fatal), First),
    row("perl_require", Prefix(Fatal), First),
    row("proxy_pass", Socket, First),
    row("proxy_ssl_certificate", Configuration(Fatal), First),
    row("proxy_ssl_certificate_key", Configuration(Fatal), First),
    row("proxy_ssl_crl", Configuration(Fatal), First),
    row("proxy_ssl_password_file", Configuration(Fatal), First),
    row("proxy_ssl_trusted_certificate", Configuration(Fatal), First),
    row("rewrite_by_lua_file", Prefix(Broken), First),
    row("root", Served, First),
    row("scgi_pass", Socket, First),
    row("server_rewrite_by_lua_file", Prefix(Broken), First),
    row("set_by_lua_file", Prefix(Broken), Second),
    row("ssl_certificate", Configuration(Fatal), First),
    row("ssl_certificate_by_lua_file", Prefix(Broken), First),
    row("ssl_certificate_key", Configuration(Fatal), First),
    row("ssl_client_certificate", Configuration(Fatal), First),
    row("ssl_client_hello_by_lua_file", Prefix(Broken), First),
    row("ssl_crl", Configuration(Fatal), First),
    row("ssl_dhparam", Configuration(Fatal), First),
    row("ssl_password_file", Configuration(Fatal), First),
    row("ssl_session_ticket_key", Configuration(Fatal), First),
    row("ssl_stapling_file", Configuration(Fatal), First),
    row("ssl_trusted_certificate", Configuration(Fatal), First),
    row("uwsgi_pass", Socket, First),
    row("uwsgi_ssl_certificate", Configuration(Fatal), First),
    row("uwsgi_ssl_certificate_key", Configuration(Fatal), First),
    row("uwsgi_ssl_trusted_certificate", Configuration(Fatal), First),
    row("xml_entities", Configuration(Fatal), First),
    row("xslt_stylesheet", Configuration(Fatal), First),
];

pub(super) fn find(name: &[u8]) -> Option<&'static Row> {
    let at = ROWS.binary_search_by(|row| row.name.as_bytes().cmp(name)).ok()?;
    ROWS.get(at)
}

/// Blocks whose lines are data, but for `include`.
pub(super) const DATA: [&str; 6] = ["charset_map", "geo", "map", "match", "split_clients", "types"];

/// Blocks that only nginx has, with how many words may stand before their brace.
pub(super) const BLOCKS: [(&str, std::ops::RangeInclusive<usize>); 9] = [
    ("events", 1..=1),
    ("geo", 2..=3),
    ("http", 1..=1),
    ("location", 2..=3),
    ("map", 3..=3),
    ("server", 1..=1),
    ("stream", 1..=1),
    ("types", 1..=1),
    ("upstream", 2..=2),
];

/// Directives by which a part of a configuration is told from another program's, besides those of [`ROWS`]. Sorted.
pub(super) const TELLING: [&str; 45] = [
    "access_log",
    "add_header",
    "autoindex",
    "charset",
    "client_body_buffer_size",
    "client_max_body_size",
    "daemon",
    "default_type",
    "deny",
    "error_log",
    "error_page",
    "etag",
    "expires",
    "fastcgi_buffers",
    "fastcgi_index",
    "fastcgi_param",
    "fastcgi_read_timeout",
    "fastcgi_split_path_info",
    "gzip",
    "gzip_comp_level",
    "gzip_types",
    "if",
    "index",
    "keepalive_timeout",
    "listen",
    "load_module",
    "log_format",
    "proxy_buffering",
    "proxy_cache",
    "proxy_http_version",
    "proxy_redirect",
    "proxy_set_header",
    "resolver",
    "return",
    "rewrite",
    "sendfile",
    "server_name",
    "server_tokens",
    "set",
    "ssl_ciphers",
    "ssl_prefer_server_ciphers",
    "ssl_protocols",
    "try_files",
    "user",
    "worker_processes",
];

/// Directives after which a location does not answer with a file by the URL.
pub(super) const ANSWERS: [&str; 15] = [
    "content_by_lua",
    "content_by_lua_block",
    "content_by_lua_file",
    "dav_methods",
    "empty_gif",
    "flv",
    "grpc_pass",
    "js_content",
    "memcached_pass",
    "proxy_pass",
    "return",
    "rewrite",
    "scgi_pass",
    "stub_status",
    "uwsgi_pass",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(ROWS.is_sorted_by_key(|row| row.name));
        assert!(TELLING.is_sorted());
        assert!(ANSWERS.is_sorted());
        assert!(DATA.is_sorted());
    }
}
