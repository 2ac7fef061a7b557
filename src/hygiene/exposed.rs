//! What must not lie below a document root: copies that editors leave beside programs, and secrets.
//!
//! A server runs `config.php` and hands out `config.php.bak` as text. Elsewhere such copies are nobody's business.
//! A file `.env` is an error only below a root that somebody configured: a conventional root may be a folder of
//! sources (Vite keeps `.env` beside its `index.html`). Schema files (`*.sql` of an application) are ordinary;
//! only dumps by name are not. Public keys and certificates are meant to be public.

use super::family::{self, Family};
use super::{Finding, Named};
use crate::diagnostic::Certainty;
use crate::diagnostic::Severity::{Error, Warning};
use crate::index::EntryKind;
use crate::path;

/// What editors, merges and package managers put behind the name of the file they copy.
const LEFTOVERS: [&[u8]; 15] = [
    b"~",
    b".bak",
    b".orig",
    b".rej",
    b".old",
    b".save",
    b".swp",
    b".swo",
    b".un~",
    b".dpkg-old",
    b".dpkg-new",
    b".dpkg-dist",
    b".rpmsave",
    b".rpmnew",
    b".rpmorig",
];
/// Names of private keys and password files.
const SECRETS: [&[u8]; 8] =
    [b"id_rsa", b"id_dsa", b"id_ecdsa", b"id_ed25519", b".htpasswd", b".netrc", b".pgpass", b".my.cnf"];
/// What marks a `.env` that is only a template.
const TEMPLATES: [&[u8]; 7] = [b"example", b"sample", b"dist", b"template", b"test", b"defaults", b"schema"];

/// Whether a name without an extension may concern this file at all.
pub(super) fn is_marked(name: &[u8]) -> bool {
    name.starts_with(b".") || name.starts_with(b"id_") || name.ends_with(b"~") || name.ends_with(b"#")
}

pub(super) fn check(named: &Named<'_>) -> Option<Finding> {
    if named.kind != EntryKind::File {
        return None;
    }
    let what = if is_leftover(named.name) {
        Exposed::Leftover
    } else if is_secret(named.name) {
        Exposed::Secret
    } else {
        return None;
    };
    let root = served_from(named)?;
    Some(match what {
        Exposed::Leftover => Finding {
            code: "name-editor-leftover",
            severity: Error,
            what: "is an editor's copy of a program below the document root, where its source is handed out",
            meant: None,
        },
        Exposed::Secret => Finding {
            code: "name-secret-in-webroot",
            severity: if root == Certainty::Certain { Error } else { Warning },
            what: "lies below the document root, where whoever guesses it can download it",
            meant: None,
        },
    })
}

enum Exposed {
    Leftover,
    Secret,
}

/// How sure it is that the directory is served; `None` where it is not, as far as is known.
fn served_from(named: &Named<'_>) -> Option<Certainty> {
    let directory = named.around.index.path(named.directory);
    let roots = named.around.project.document_roots.iter();
    roots.filter(|root| path::is_below(directory, &root.path)).map(|root| root.certainty).max()
}

/// The copy of a program or of its configuration.
fn is_leftover(name: &[u8]) -> bool {
    let hidden = name.strip_prefix(b"#").and_then(|rest| rest.strip_suffix(b"#"));
    let behind = LEFTOVERS.iter().find_map(|suffix| name.strip_suffix(*suffix)).map(|front| {
        // Vim hides its swap files.
        if name.ends_with(b".swp") || name.ends_with(b".swo") {
            front.strip_prefix(b".").unwrap_or(front)
        } else {
            front
        }
    });
    hidden.or(behind).is_some_and(|original| is_env(original) || is_run(original))
}

/// What a server runs or reads and never hands out. Style sheets and the like are public anyway.
fn is_run(name: &[u8]) -> bool {
    let public: [&[u8]; 4] = [b"json", b"xml", b"less", b"scss"];
    matches!(name, b".htaccess" | b".htpasswd" | b".user.ini")
        || (family::family(name) == Family::Code && !public.contains(&path::extension(name).as_slice()))
}

fn is_secret(name: &[u8]) -> bool {
    SECRETS.contains(&name) || is_env(name) || is_dump(name)
}

/// `.env` or `.env.production`.
fn is_env(name: &[u8]) -> bool {
    name.strip_prefix(b".env").is_some_and(|rest| {
        rest.is_empty()
            || rest
                .strip_prefix(b".")
                .is_some_and(|kind| !kind.split(|&byte| byte == b'.').any(|word| TEMPLATES.contains(&word)))
    })
}

/// `dump.sql`, `backup-2024.sql.gz`: a data base by its name, packed or not.
fn is_dump(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let packed: [&[u8]; 5] = [b".gz", b".bz2", b".xz", b".zst", b".zip"];
    let open = packed.iter().find_map(|suffix| lower.strip_suffix(*suffix)).unwrap_or(&lower);
    let Some(stem) = open.strip_suffix(b".sql") else { return false };
    stem.split(|byte| !byte.is_ascii_alphabetic()).any(|word| matches!(word, b"dump" | b"backup" | b"mysqldump"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_and_secrets_by_name() {
        for name in ["config.php.bak", "wp-config.php~", ".config.php.swp", "#app.py#", ".env.bak", "db.inc.orig"] {
            assert!(is_leftover(name.as_bytes()), "{name}");
        }
        for name in ["style.css.bak", "readme.old", "a.tmp", "app.js.orig", "x~", "data.json.old"] {
            assert!(!is_leftover(name.as_bytes()), "{name}");
        }
        for name in [".env", ".env.production", "id_rsa", "dump.sql", "site-backup_2024.sql.gz"] {
            assert!(is_secret(name.as_bytes()), "{name}");
        }
        for name in [".env.example", ".env.local.dist", ".envrc", "id_rsa.pub", "schema.sql", "backups.php"] {
            assert!(!is_secret(name.as_bytes()), "{name}");
        }
    }
}
