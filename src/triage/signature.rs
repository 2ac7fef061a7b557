//! Detached SSH signatures, as `ssh-keygen -Y sign` makes them (`PROTOCOL.sshsig`).
//!
//! Ed25519, ECDSA over P-256, and RSA with SHA-2 (keys of up to 4,096 bits). Refused: SHA-1, certificates, keys in
//! hardware (`sk-`), other curves, and whatever else is not known.

use ssh_key::public::KeyData;
use ssh_key::{Algorithm, EcdsaCurve, PublicKey, SshSig};

use super::identity::person;
use super::signers::Signers;
use crate::diagnostic::{Date, Signature, show};

/// The namespace of a signature under one waiver.
pub const WAIVER: &str = "preflight-waiver";

/// The key that made a signature over a text.
///
/// # Errors
/// Why it does not count.
pub fn verify(pem: &[u8], namespace: &str, text: &[u8]) -> Result<KeyData, &'static str> {
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
    /// Who may speak.
    pub signers: &'a Signers,
    /// On these days the key must speak for its owner.
    pub days: &'a [Date],
}

/// Whether two different people signed with two different keys; the names of those who count.
///
/// # Errors
/// What is wrong with the signatures, in words.
pub fn two(asked: &Asked<'_>, signatures: &[Signature], people: &[String]) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let mut counted: Vec<(KeyData, String, &String)> = Vec::new();
    for signature in signatures {
        match one(asked, signature, people) {
            Ok(found) => counted.extend(found),
            Err(why) => wrong.push(format!("`{}`: {why}", show(signature.path.as_bytes()))),
        }
    }
    for (at, (key, who, name)) in counted.iter().enumerate() {
        let other = counted[at + 1..].iter().find(|(other, whose, _)| other != key && whose != who);
        if let Some((_, _, second)) = other {
            return Ok(vec![(*name).clone(), (*second).clone()]);
        }
    }
    if wrong.is_empty() {
        wrong.push("two different people have to sign it, each with a key of their own".to_owned());
    }
    Err(wrong.join("; "))
}

/// The key of a signature with everybody for whom it speaks.
fn one<'p>(
    asked: &Asked<'_>,
    signature: &Signature,
    people: &'p [String],
) -> Result<Vec<(KeyData, String, &'p String)>, &'static str> {
    let bytes = signature.bytes.as_deref().ok_or("there is no such file in the tree")?;
    let key = verify(bytes, asked.namespace, asked.text)?;
    let times: Vec<String> = asked.days.iter().map(|day| day.to_string().replace('-', "") + "000000").collect();
    let speaks = |name: &str| times.iter().all(|at| asked.signers.speaks_for(&key, name, asked.namespace, at));
    let found: Vec<_> =
        people.iter().filter(|name| speaks(name)).filter_map(|name| Some((key.clone(), person(name)?, name))).collect();
    if found.is_empty() { Err("its key speaks for none of those who are to approve") } else { Ok(found) }
}
