//! Directives that name files (httpd.apache.org "Directive Index", modwsgi.readthedocs.io), as rows.

use crate::diagnostic::Strength::{self, Broken, Fatal, Silent};

/// What a directive's argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A file or a pattern of the configuration; where it may be absent, nothing is said of it.
    Include {
        /// `IncludeOptional`.
        optional: bool,
    },
    /// A key, a certificate, a list of passwords: mostly not in the tree.
    Secret(Strength),
    /// What is served, by its absolute path.
    Served(Strength),
}

/// A directive that names a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// In lower case.
    pub(super) name: &'static str,
    /// As people write it.
    pub(super) construct: &'static str,
    pub(super) role: Role,
    /// Which argument, counted from 0.
    pub(super) argument: usize,
}

const fn row(name: &'static str, construct: &'static str, role: Role, argument: usize) -> Row {
    Row { name, construct, role, argument }
}

use Role::{Include, Secret, Served};

/// Sorted by name.
pub(super) const ROWS: &[Row] = &[
    row("alias", "Alias", Served(Broken), 1),
    row("authdbmuserfile", "AuthDBMUserFile", Secret(Broken), 0),
    row("authdigestfile", "AuthDigestFile", Secret(Broken), 0),
    row("authgroupfile", "AuthGroupFile", Secret(Broken), 0),
    row("authuserfile", "AuthUserFile", Secret(Broken), 0),
    row("documentroot", "DocumentRoot", Served(Fatal), 0),
    row("include", "Include", Include { optional: false }, 0),
    row("includeoptional", "IncludeOptional", Include { optional: true }, 0),
    row("scriptalias", "ScriptAlias", Served(Broken), 1),
    row("sslcacertificatefile", "SSLCACertificateFile", Secret(Fatal), 0),
    row("sslcarevocationfile", "SSLCARevocationFile", Secret(Fatal), 0),
    row("sslcertificatechainfile", "SSLCertificateChainFile", Secret(Fatal), 0),
    row("sslcertificatefile", "SSLCertificateFile", Secret(Fatal), 0),
    row("sslcertificatekeyfile", "SSLCertificateKeyFile", Secret(Fatal), 0),
    row("sslproxycacertificatefile", "SSLProxyCACertificateFile", Secret(Fatal), 0),
    row("sslproxymachinecertificatefile", "SSLProxyMachineCertificateFile", Secret(Fatal), 0),
    row("wsgidispatchscript", "WSGIDispatchScript", Served(Broken), 0),
    row("wsgiimportscript", "WSGIImportScript", Served(Broken), 0),
    row("wsgiscriptalias", "WSGIScriptAlias", Served(Broken), 1),
];

/// `<Directory>`: where nothing lies there, the rules in it hold for nothing.
pub(super) const DIRECTORY: Row = row("directory", "Directory", Served(Silent), 0);

/// Keys of `php_value` whose value PHP runs in every request.
pub(super) const PREPENDED: [&[u8]; 2] = [b"auto_append_file", b"auto_prepend_file"];

/// Sections whose content may not count at all.
pub(super) const CONDITIONS: [&[u8]; 4] = [b"ifdefine", b"ifdirective", b"iffile", b"ifversion"];

/// Sections that no other program's configuration holds, where they have an argument.
pub(super) const SECTIONS: [&[u8]; 8] = [
    b"directory",
    b"directorymatch",
    b"files",
    b"filesmatch",
    b"ifmodule",
    b"location",
    b"locationmatch",
    b"virtualhost",
];

/// Directives that name no file and that no other program's configuration holds. Sorted.
pub(super) const TELLING: [&str; 28] = [
    "accessfilename",
    "addhandler",
    "addoutputfilterbytype",
    "addtype",
    "allowoverride",
    "authname",
    "authtype",
    "customlog",
    "directoryindex",
    "errordocument",
    "errorlog",
    "expiresactive",
    "fallbackresource",
    "fileetag",
    "header",
    "listen",
    "loadmodule",
    "options",
    "php_admin_value",
    "php_flag",
    "php_value",
    "proxypass",
    "require",
    "rewriteengine",
    "rewriterule",
    "servername",
    "serverroot",
    "setenvif",
];

/// The row of a directive by its name in lower case.
pub(super) fn find(name: &[u8]) -> Option<&'static Row> {
    ROWS.binary_search_by(|row| row.name.as_bytes().cmp(name)).ok().map(|at| &ROWS[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(ROWS.is_sorted_by_key(|row| row.name));
        assert!(TELLING.is_sorted());
        assert!(ROWS.iter().all(|row| row.construct.to_ascii_lowercase() == row.name));
    }
}
