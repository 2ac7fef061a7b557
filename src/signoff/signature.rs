//! Detached SSH signatures, as `ssh-keygen -Y sign` makes them (`PROTOCOL.sshsig`).
//!
//! Ed25519, ECDSA over P-256, and RSA with SHA-2 (keys of up to 4,096 bits). Refused: SHA-1, certificates, keys in
//! hardware (`sk-`), other curves, and whatever else is not known.

use std::collections::BTreeSet;

use ssh_key::public::KeyData;
use ssh_key::{Algorithm, EcdsaCurve, PublicKey, SshSig};

use super::identity::{People, Told};
use super::signers::Signers;
use crate::diagnostic::{Date, Signature, show};

/// The namespace of a signature under one waiver.
pub const WAIVER: &str = "preflight-waiver";
/// The namespace of a signature under the statement of a release.
pub const RELEASE: &str = "preflight-release";

/// The key that made a signature over a text.
///
/// # Errors
/// Why it does not count.
fn verify(pem: &[u8], namespace: &str, text: &[u8]) -> Result<KeyData, &'static str> {
    let signature = SshSig::from_pem(pem).map_err(|_| "it is no SSH signature")?;
    if signature.namespace() != namespace {
        return Err("it was made for another purpose: its namespace is another one");
    }
    match signature.algorithm() {
        Algorithm::Ed25519 | Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 } | Algorithm::Rsa { hash: Some(_) } => {}
        _ => return Err("keys of its kind are not accepted; use Ed25519, ECDSA P-256 or RSA with SHA-2"),
    }
    let key = PublicKey::from(signature.public_key().clone());
    key.verify(namespace, text, &signature).map_err(|_| "it is no signature of this text")?;
    Ok(key.key_data().clone())
}

/// What signatures are asked for.
pub struct Asked<'a> {
    /// What was signed.
    pub text: &'a [u8],
    /// For which purpose.
    pub namespace: &'a str,
    /// Which key speaks for whom.
    pub signers: &'a Signers,
    /// Who is who.
    pub people: &'a People,
    /// On these days the key must speak for its owner.
    pub days: &'a [Date],
}

/// Whether two different people of these signed with two different keys; the names of those who count. A key that
/// speaks for several people may be in the hands of any of them: it makes nobody a second person.
///
/// # Errors
/// What is wrong with the signatures, in words.
pub fn two(asked: &Asked<'_>, signatures: &[Signature], names: &[&str]) -> Result<Vec<String>, String> {
    let told = asked.people.told(names.iter().copied());
    let mut wrong = Vec::new();
    let mut counted: Vec<Signed> = Vec::new();
    for signature in signatures {
        match one(asked, signature, &told) {
            Ok(signed) => counted.push(signed),
            Err(why) => wrong.push(format!("`{}`: {why}", show(signature.path.as_bytes()))),
        }
    }
    for (at, first) in counted.iter().enumerate() {
        let apart = |other: &&Signed| other.key != first.key && other.whose.is_disjoint(&first.whose);
        if let Some(second) = counted[at + 1..].iter().find(apart) {
            return Ok(vec![first.name.clone(), second.name.clone()]);
        }
    }
    if wrong.is_empty() {
        wrong.push("two different people have to sign it, each with a key of their own".to_owned());
        wrong.extend(told.wrong);
    }
    Err(wrong.join("; "))
}

/// A signature that counts.
struct Signed {
    key: KeyData,
    /// Everybody for whom the key speaks.
    whose: BTreeSet<String>,
    /// The name of one of them who is asked for.
    name: String,
}

fn one(asked: &Asked<'_>, signature: &Signature, told: &Told) -> Result<Signed, &'static str> {
    let bytes = signature.bytes.as_deref().ok_or("there is no such file in the tree")?;
    let key = verify(bytes, asked.namespace, asked.text)?;
    let times: Vec<String> = asked.days.iter().map(|day| day.to_string().replace('-', "") + "000000").collect();
    let speaks = |name: &str| times.iter().all(|at| asked.signers.speaks_for(&key, name, asked.namespace, at));
    let whose = |(person, name): (&String, &String)| speaks(name).then(|| (person.clone(), name.clone()));
    let mut asked_for = told.people.iter().filter_map(whose);
    let (person, name) = asked_for.next().ok_or("its key speaks for none of those who are to approve")?;
    let rest = asked_for.map(|(person, _)| person);
    let others = asked.signers.names().filter(|name| asked.signers.holds(&key, name));
    let others = others.filter_map(|name| asked.people.person(name).ok());
    Ok(Signed { whose: std::iter::once(person).chain(rest).chain(others).collect(), key, name })
}
