//! The list of signers: which key speaks for whom, as `ssh-keygen` reads it (`ssh-keygen(1)`, ALLOWED SIGNERS).
//!
//! A line that cannot be read whole, or has an option that is not known, trusts nobody. Knowingly not read:
//! `cert-authority` lines, as certificates are not followed.

use ssh_key::PublicKey;
use ssh_key::public::KeyData;

/// Keys and whom they speak for.
#[derive(Clone, Debug, Default)]
pub struct Signers(Vec<Signer>);

#[derive(Clone, Debug)]
struct Signer {
    /// Patterns, some of them negated.
    principals: Vec<String>,
    namespaces: Option<Vec<String>>,
    /// From this minute on, as digits of UTC.
    after: Option<String>,
    /// Up to this one.
    before: Option<String>,
    key: KeyData,
}

impl Signers {
    /// Reads a list.
    #[must_use]
    pub fn parse(text: &[u8]) -> Self {
        let lines = text.split(|&byte| byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
        Signers(lines.filter_map(signer).collect())
    }

    /// Everybody whom it names; patterns name nobody.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.0.iter().flat_map(|signer| &signer.principals).map(String::as_str);
        names.filter(|name| !name.contains(['*', '?', '!']))
    }

    /// Whether somebody is named beside a key, whatever the purpose and the time.
    #[must_use]
    pub fn holds(&self, key: &KeyData, principal: &str) -> bool {
        self.0.iter().any(|signer| signer.key == *key && matches_any(&signer.principals, principal))
    }

    /// Whether a key speaks for somebody, for what is signed in a namespace, at a time (14 digits of UTC, year
    /// first).
    #[must_use]
    pub fn speaks_for(&self, key: &KeyData, principal: &str, namespace: &str, at: &str) -> bool {
        self.0.iter().any(|signer| {
            let named = |names: &Vec<String>| matches_any(names, namespace);
            signer.key == *key
                && matches_any(&signer.principals, principal)
                && signer.namespaces.as_ref().is_none_or(named)
                && signer.after.as_deref().is_none_or(|after| at >= after)
                && signer.before.as_deref().is_none_or(|before| at <= before)
        })
    }
}

fn signer(line: &str) -> Option<Signer> {
    let line = line.trim_matches([' ', '\t', '\r']);
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (principals, rest) = word(line)?;
    let (second, after_second) = word(rest)?;
    let no_options = is_key_type(&second);
    let key = if no_options { rest } else { after_second };
    let mut parts = key.split_ascii_whitespace();
    let key = PublicKey::from_openssh(&format!("{} {}", parts.next()?, parts.next()?)).ok()?;
    let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
    let key = key.key_data().clone();
    let mut signer = Signer { principals: list(&principals), namespaces: None, after: None, before: None, key };
    if no_options {
        return Some(signer);
    }
    for option in options(&second) {
        let (name, value) = option.split_once('=')?;
        let value = value.strip_prefix('"')?.strip_suffix('"')?;
        let slot_is_free = match name.to_ascii_lowercase().as_str() {
            "namespaces" => signer.namespaces.replace(list(value)).is_none(),
            "valid-after" => signer.after.replace(time(value)?).is_none(),
            "valid-before" => signer.before.replace(time(value)?).is_none(),
            _ => return None,
        };
        if !slot_is_free {
            return None;
        }
    }
    let in_order = signer.after.as_ref().zip(signer.before.as_ref()).is_none_or(|(after, before)| after < before);
    in_order.then_some(signer)
}

/// The next word of a line, and what follows; white space within double quotes belongs to it. Quotes around a whole
/// word are not part of it.
fn word(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start_matches([' ', '\t']);
    let mut quoted = false;
    let end = text.find(|c| {
        quoted ^= c == '"';
        !quoted && matches!(c, ' ' | '\t')
    });
    if quoted || text.is_empty() {
        return None;
    }
    let (found, rest) = text.split_at(end.unwrap_or(text.len()));
    let bare = found.strip_prefix('"').and_then(|found| found.strip_suffix('"')).unwrap_or(found);
    Some((bare.to_owned(), rest))
}

fn is_key_type(word: &str) -> bool {
    word.starts_with("ssh-") || word.starts_with("ecdsa-") || word.starts_with("sk-")
}

/// Commas within quotes part nothing.
fn options(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        !quoted && c == ','
    })
    .collect()
}

/// `YYYYMMDD[HHMM[SS]]Z` as 14 digits. Without the `Z` it would be the local time of a machine, which no other has.
fn time(text: &str) -> Option<String> {
    let digits = text.strip_suffix(['Z', 'z'])?;
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(format!("{digits:0<14}"))
}

/// A list of patterns: one that matches counts, one that is negated and matches forbids.
fn matches_any(patterns: &[String], text: &str) -> bool {
    let forbidden =
        patterns.iter().filter_map(|one| one.strip_prefix('!')).any(|one| matches(one.as_bytes(), text.as_bytes()));
    !forbidden && patterns.iter().any(|one| matches(one.as_bytes(), text.as_bytes()))
}

/// `*` and `?`. Of several stars only the last is ever taken back, so that no pattern takes long.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while seen < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(&byte) if byte == b'?' || byte == text[seen] => (at, seen) = (at + 1, seen + 1),
            _ => {
                let Some((back, from)) = star else { return false };
                star = Some((back, from + 1));
                (at, seen) = (back + 1, from + 1);
            }
        }
    }
    pattern[at..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

    fn speaks(line: &str, principal: &str, at: &str) -> bool {
        let key = PublicKey::from_openssh(KEY).unwrap();
        Signers::parse(line.as_bytes()).speaks_for(key.key_data(), principal, "preflight-waiver", at)
    }

    #[test]
    fn lines_are_read_as_ssh_keygen_reads_them() {
        let now = "20240601000000";
        for (line, want) in [
            (format!("jane@x {KEY} a comment"), true),
            (format!("bob@x,jane@x {KEY}"), true),
            (format!("\"bob@x,jane@x\" {KEY}\r"), true),
            (format!("*@x {KEY}"), true),
            (format!("*@x,!jane@x {KEY}"), false),
            (format!("bob@x {KEY}"), false),
            (format!("# jane@x {KEY}"), false),
            (format!("jane@x namespaces=\"git,preflight-*\" {KEY}"), true),
            (format!("jane@x namespaces=\"git\" {KEY}"), false),
            (format!("jane@x valid-after=\"20240101Z\",valid-before=\"20240701Z\" {KEY}"), true),
            (format!("jane@x valid-before=\"20240101Z\" {KEY}"), false),
            (format!("jane@x valid-after=\"202406010001Z\" {KEY}"), false),
            (format!("jane@x valid-before=\"20250101\" {KEY}"), false),
            (format!("jane@x cert-authority {KEY}"), false),
            (format!("jane@x namespaces=\"*\",cert-authority {KEY}"), false),
            (format!("jane@x something=\"else\" {KEY}"), false),
            (format!("jane@x namespaces=\"preflight-waiver {KEY}"), false),
            (KEY.to_owned(), false),
            ("jane@x ssh-ed25519 AAAA".to_owned(), false),
        ] {
            assert_eq!(speaks(&line, "jane@x", now), want, "{line}");
        }
    }

    #[test]
    fn patterns_end() {
        assert!(matches(b"*a*b*", b"xxaxxb") && !matches(b"*a*b", b"xxaxxbc") && matches(b"", b""));
        assert!(!matches("*a".repeat(50).as_bytes(), "a".repeat(40).as_bytes()));
    }
}
