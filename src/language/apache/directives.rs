//! Directives that name files (httpd.apache.org/docs/2.4/mod, modwsgi.readthedocs.io, Passenger's reference), as rows.

use crate::diagnostic::Strength;
use crate::diagnostic::Strength::{Broken, Fatal, Silent};
use crate::reference::Want;

/// What a directive's argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A part of the configuration, from the server's root.
    Include {
        /// Nothing is said where it is absent.
        optional: bool,
    },
    /// Any other file from the server's root; mostly not in the tree.
    Configuration(Strength),
    /// An absolute path.
    Absolute(Want, Strength),
    /// A directory that settings are for: only a name near one that is there is told.
    Settings,
}

/// A directive that names a file: its name in lower case, what it names, which argument that is, counted from 0.
pub(super) type Row = (&'static str, Role, usize);

use Role::{Absolute, Configuration, Include, Settings};
use Want::{Any, Directory, File};

/// Sorted by name.
pub(super) const ROWS: &[Row] = &[
    ("alias", Absolute(Any, Broken), 1),
    ("aliasmatch", Absolute(Any, Broken), 1),
    ("authdbmgroupfile", Configuration(Broken), 0),
    ("authdbmuserfile", Configuration(Broken), 0),
    ("authdigestfile", Configuration(Broken), 0),
    ("authgroupfile", Configuration(Broken), 0),
    ("authuserfile", Configuration(Broken), 0),
    ("directory", Settings, 0),
    ("documentroot", Absolute(Directory, Fatal), 0),
    ("include", Include { optional: false }, 0),
    ("includeoptional", Include { optional: true }, 0),
    ("mdcertificatefile", Configuration(Fatal), 0),
    ("mdcertificatekeyfile", Configuration(Fatal), 0),
    ("passengerapproot", Absolute(Directory, Broken), 0),
    ("passengerstartupfile", Absolute(File, Broken), 0),
    ("scriptalias", Absolute(Any, Broken), 1),
    ("scriptaliasmatch", Absolute(Any, Broken), 1),
    ("sslcacertificatefile", Configuration(Fatal), 0),
    ("sslcacertificatepath", Configuration(Fatal), 0),
    ("sslcadnrequestfile", Configuration(Fatal), 0),
    ("sslcarevocationfile", Configuration(Fatal), 0),
    ("sslcarevocationpath", Configuration(Fatal), 0),
    ("sslcertificatechainfile", Configuration(Fatal), 0),
    ("sslcertificatefile", Configuration(Fatal), 0),
    ("sslcertificatekeyfile", Configuration(Fatal), 0),
    ("sslproxycacertificatefile", Configuration(Fatal), 0),
    ("sslproxymachinecertificatefile", Configuration(Fatal), 0),
    ("wsgiauthuserscript", Absolute(File, Broken), 0),
    ("wsgidispatchscript", Absolute(File, Broken), 0),
    ("wsgiimportscript", Absolute(File, Silent), 0),
    ("wsgiscriptalias", Absolute(Any, Broken), 1),
];

pub(super) fn find(name: &[u8]) -> Option<&'static Row> {
    let at = ROWS.binary_search_by(|row| row.0.as_bytes().cmp(name)).ok()?;
    ROWS.get(at)
}

/// Sections by which a configuration is told from another program's, in lower case.
pub(super) const SECTIONS: [&str; 16] = [
    "directory",
    "directorymatch",
    "else",
    "files",
    "filesmatch",
    "if",
    "ifdefine",
    "ifmodule",
    "ifversion",
    "limit",
    "limitexcept",
    "location",
    "locationmatch",
    "macro",
    "proxy",
    "virtualhost",
];

/// Directives by which one is told, in lower case, besides those of [`ROWS`]. Sorted.
pub(super) const TELLING: [&str; 42] = [
    "accessfilename",
    "addcharset",
    "adddefaultcharset",
    "addencoding",
    "addhandler",
    "addlanguage",
    "addoutputfilterbytype",
    "addtype",
    "allowoverride",
    "authname",
    "authtype",
    "customlog",
    "define",
    "deny",
    "directoryindex",
    "directoryslash",
    "errordocument",
    "errorlog",
    "expiresactive",
    "fallbackresource",
    "fileetag",
    "header",
    "listen",
    "loadmodule",
    "logformat",
    "loglevel",
    "options",
    "order",
    "proxypass",
    "redirect",
    "redirectmatch",
    "require",
    "requestheader",
    "rewritecond",
    "rewriteengine",
    "rewriterule",
    "serveradmin",
    "servername",
    "serverroot",
    "servertokens",
    "sslprotocol",
    "typesconfig",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(ROWS.is_sorted_by_key(|row| row.0));
        assert!(SECTIONS.is_sorted());
    }
}
