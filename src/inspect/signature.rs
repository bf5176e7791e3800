//! Why a signature is not right, as far as that can be told: the same token is tried with what people do to secrets.

use super::check::Checks;
use super::text::unquoted;
use crate::error::text::decimal;
use crate::error::{Code, Error};
use crate::jose::jwa::{Hash, KeyKind, SIGNATURES, SignatureAlgorithm};
use crate::jose::mac::{mac, same};
use crate::jose::{Header, Layer, UntrustedJws, base64url};

/// What verifying gave.
#[derive(Debug)]
pub enum Signature<'a> {
    /// No key was given.
    NoKey,
    /// The signature is right; the secret where the key was one.
    Right(Option<&'a [u8]>),
    /// Verifying failed; the secret where the key was one.
    Wrong(&'a Error, Option<&'a [u8]>),
    /// The platform could not verify.
    Unknown(&'a Error),
}

pub(crate) fn check(signature: &Signature<'_>, layers: &[Layer], checks: &mut Checks) {
    let Some(Layer::Jws(jws)) = layers.last() else { return };
    match signature {
        Signature::NoKey => {
            let is_known = checks.list.iter().any(|check| check.at.as_deref() == Some("signature"));
            if is_known || !has_wrong_length(jws, checks) {
                checks.skip("signature|signature||no key was given, so the signature was not verified", &[]);
            }
        }
        Signature::Right(_) => checks.pass("signature|signature|RFC 7515 §5.2|the signature is right", &[]),
        Signature::Unknown(error) => checks.skip("signature|signature||not verified: {0}", &[&error.message]),
        Signature::Wrong(error, secret) => {
            if !checks.list.iter().any(|check| check.code == Some(error.code) && check.at == error.at) {
                wrong(error, *secret, jws, checks);
            }
        }
    }
}

/// Reports a signature that cannot be right, whatever the key.
fn has_wrong_length(jws: &UntrustedJws, checks: &mut Checks) -> bool {
    let Some(row) = algorithm(&jws.header) else { return false };
    let found = jws.signature.len();
    let (more, expected) = match row.key {
        KeyKind::Secret => ("", row.hash.size()),
        KeyKind::On(curve) => ("", curve.size() * 2),
        _ => ("at least ", found.max(256)),
    };
    if found == expected {
        return false;
    }
    let is_other = |other: &&SignatureAlgorithm| other.key == KeyKind::Secret && other.hash.size() == found;
    let other = SIGNATURES.iter().find(is_other).filter(|_| row.key == KeyKind::Secret);
    let line = if other.is_some() {
        "signature|signature|RFC 7518 §3|the signature has {0} bytes, {1} gives {2}{3}\
         |the signature has the length of {4}: sign with the algorithm that alg names"
    } else if found < expected {
        "cut-short|signature|RFC 7518 §3|the signature has {0} bytes, {1} gives {2}{3}\
         |send the whole token; its end is missing"
    } else {
        "signature|signature|RFC 7518 §3|the signature has {0} bytes, {1} gives {2}{3}\
         |get the token again: its end was altered"
    };
    let other = other.map_or("", |other| other.name);
    let values = [&decimal(found), row.name, more, &decimal(expected), other];
    checks.fail(Code::SignatureFailed, line, &values);
    true
}

/// The algorithm that the header names.
pub(crate) fn algorithm(header: &Header) -> Option<&'static SignatureAlgorithm> {
    let alg = header.members().text("alg")?;
    SIGNATURES.iter().find(|row| row.name == alg)
}

fn wrong(error: &Error, secret: Option<&[u8]>, jws: &UntrustedJws, checks: &mut Checks) {
    if error.code != Code::SignatureFailed {
        let (id, fix) = key_fault(error, jws);
        checks.error(id, error, fix);
    } else if let Some(explained) = secret.and_then(|secret| explain(secret, jws)) {
        checks.fail(
            Code::SignatureFailed,
            "signature|signature|RFC 7515 §5.2|the signature is wrong with this secret, but right {0}|{1}",
            &explained,
        );
    } else if !has_wrong_length(jws, checks) {
        checks.fail(
            Code::SignatureFailed,
            "signature|signature|RFC 7515 §5.2|the signature is not this key's over this token: another key, \
             or the token was altered afterwards (which of both cannot be told)\
             |sign with the key that the reader has for this sub or kid, and send the token unchanged",
            &[],
        );
    }
}

fn key_fault(error: &Error, jws: &UntrustedJws) -> (&'static str, &'static str) {
    let is_mac = jws.header.members().text("alg").is_some_and(|alg| alg.starts_with("HS"));
    match error.code {
        Code::AlgNotAllowed if is_mac && error.at.as_deref() == Some("header.alg") => {
            ("key-alg", "give the shared secret that it was signed with; a public key verifies no HMAC")
        }
        Code::JwksNoMatchingKey => ("kid", "give the JWK Set that has the key with this kid, or set the header's kid"),
        Code::AlgNotAllowed => ("key-alg", "give the key that belongs to the token's alg"),
        Code::JwkInvalid => ("key", "give a key that is whole and safe"),
        Code::NotSupported => ("alg", "sign with an algorithm that is supported"),
        _ => ("form", "get the token again: it was altered on its way"),
    }
}

/// What people do to a secret, as far as it can be done to this one.
type Mishap = fn(&[u8]) -> Option<Vec<u8>>;

/// Each with its name, and what to change.
static MISHAPS: [(Mishap, &str, &str); 8] = [
    (
        |secret| Some(text(secret).trim().into()),
        "with the white space around the secret removed",
        "trim the secret when you read it from its file",
    ),
    (
        |secret| Some(followed(secret, b"\n")),
        "with a line break behind the secret",
        "the signer reads the secret with its line break: trim it there",
    ),
    (
        |secret| Some(followed(secret, b"\r\n")),
        "with a line break (CR LF) behind the secret",
        "the signer reads the secret with its line break: trim it there",
    ),
    (
        |secret| Some(unquoted(text(secret).trim(), "\"'`").into()),
        "with the quotation marks around the secret removed",
        "use the secret without quotation marks",
    ),
    (
        |secret| decoded(text(secret).trim()),
        "with the secret decoded from base64",
        "decide on one: the text itself, or the bytes it encodes",
    ),
    (
        |secret| unhex(text(secret).trim()),
        "with the secret decoded from hexadecimal",
        "decide on one: the text itself, or the bytes it encodes",
    ),
    (
        |secret| Some(base64url::encode_standard(secret).into()),
        "with the secret encoded in base64",
        "sign with the secret itself, not with its base64",
    ),
    (|_| Some(Vec::new()), "with an empty secret", "the signer has no secret at all: check its configuration"),
];

/// What was probably done to the secret, and what to do about it.
fn explain(secret: &[u8], jws: &UntrustedJws) -> Option<[&'static str; 2]> {
    let row = algorithm(&jws.header).filter(|row| row.key == KeyKind::Secret)?;
    let is_right = |hash: Hash, key: &[u8]| same(&mac(hash, key, &[jws.signing_input.as_bytes()]), &jws.signature);
    for (change, what, fix) in &MISHAPS {
        if change(secret).is_some_and(|key| key != secret && is_right(row.hash, &key)) {
            return Some([what, fix]);
        }
    }
    let is_other = |other: &SignatureAlgorithm| other.key == KeyKind::Secret && other.hash != row.hash;
    let found = SIGNATURES.iter().any(|other| is_other(other) && is_right(other.hash, secret));
    found.then_some(["for another hash than alg names", "sign with the algorithm that the header's alg names"])
}

/// The secret as text, or an empty one where it is none.
fn text(secret: &[u8]) -> &str {
    core::str::from_utf8(secret).unwrap_or_default()
}

fn followed(secret: &[u8], end: &[u8]) -> Vec<u8> {
    let mut key = secret.to_vec();
    key.extend_from_slice(end);
    key
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    base64url::decode_standard(text).or_else(|| base64url::decode(text.trim_end_matches('=')).ok())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut bytes = Vec::new();
    for pair in text.as_bytes().chunks(2) {
        let &[high, low] = pair else { return None };
        bytes.push(u8::try_from(digit(high)? << 4 | digit(low)?).ok()?);
    }
    Some(bytes)
}
