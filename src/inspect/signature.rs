//! Why a signature is not right, as far as that can be told: the same token is tried with what people do to secrets.

use super::check::Check;
use crate::error::{Code, Error};
use crate::jose::jwa::{Hash, KeyKind, SIGNATURES};
use crate::jose::mac::{mac, same};
use crate::jose::{Layer, UntrustedJws, base64url};

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

pub(crate) fn check(signature: &Signature<'_>, layers: &[Layer], reported: &[Check]) -> Option<Check> {
    let Some(Layer::Jws(jws)) = layers.last() else { return None };
    match signature {
        Signature::NoKey => {
            let is_known = reported.iter().any(|check| check.at.as_deref() == Some("signature"));
            Some(length_fault(jws).filter(|_| !is_known).unwrap_or_else(no_key))
        }
        Signature::Right(_) => {
            Some(Check::pass("signature", &["the signature is right"]).at("signature").spec("RFC 7515 §5.2"))
        }
        Signature::Unknown(error) => {
            Some(Check::skip("signature", &["not verified: ", &error.message]).at("signature"))
        }
        Signature::Wrong(error, secret) => {
            let known = reported.iter().any(|check| check.code == Some(error.code) && check.at == error.at);
            (!known).then(|| wrong(error, *secret, jws))
        }
    }
}

fn no_key() -> Check {
    Check::skip("signature", &["no key was given, so the signature was not verified"]).at("signature")
}

/// A signature of the wrong length cannot be right, whatever the key.
fn length_fault(jws: &UntrustedJws) -> Option<Check> {
    let alg = jws.header.members().text("alg")?;
    let row = SIGNATURES.iter().find(|row| row.name == alg)?;
    let (found, expected) = match row.key {
        KeyKind::Secret => (jws.signature.len(), row.hash.size()),
        KeyKind::On(curve) => (jws.signature.len(), curve.size() * 2),
        _ if jws.signature.len() < 256 => (jws.signature.len(), 256),
        _ => return None,
    };
    if found == expected {
        return None;
    }
    let other = SIGNATURES
        .iter()
        .find(|other| other.key == row.key && row.key == KeyKind::Secret && other.hash.size() == found);
    let (id, fix) = match other {
        Some(other) => (
            "signature",
            ["the signature has the length of ", other.name, ": sign with the algorithm that alg names"].concat(),
        ),
        None if found < expected => ("cut-short", "send the whole token; its end is missing".to_owned()),
        None => ("signature", "get the token again: its end was altered".to_owned()),
    };
    let more = if matches!(row.key, KeyKind::Rsa) { "at least " } else { "" };
    let message = ["the signature has ", &found.to_string(), " bytes, ", alg, " gives ", more, &expected.to_string()];
    Some(Check::fail(id, Code::SignatureFailed, &message, &fix).at("signature").spec("RFC 7518 §3"))
}

fn wrong(error: &Error, secret: Option<&[u8]>, jws: &UntrustedJws) -> Check {
    if error.code != Code::SignatureFailed {
        let (id, fix) = key_fault(error, jws);
        return Check::of_error(id, error, fix);
    }
    let explained = secret.and_then(|secret| explain(secret, jws));
    if let Some((what, fix)) = explained {
        let message = ["the signature is wrong with this secret, but right ", what];
        return Check::fail("signature", Code::SignatureFailed, &message, fix).at("signature").spec("RFC 7515 §5.2");
    }
    length_fault(jws).unwrap_or_else(|| {
        let message = "the signature is not this key's over this token: another key, or the token was altered afterwards \
                       (which of both cannot be told)";
        let fix = "sign with the key that the reader has for this sub or kid, and send the token unchanged";
        Check::fail("signature", Code::SignatureFailed, &[message], fix).at("signature").spec("RFC 7515 §5.2")
    })
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

/// What was probably done to the secret, and what to do about it.
fn explain(secret: &[u8], jws: &UntrustedJws) -> Option<(&'static str, &'static str)> {
    let alg = jws.header.members().text("alg")?;
    let row = SIGNATURES.iter().find(|row| row.name == alg && row.key == KeyKind::Secret)?;
    let right = |hash: Hash, key: &[u8]| same(&mac(hash, key, &[jws.signing_input.as_bytes()]), &jws.signature);
    let joined = |end: &[u8]| [secret, end].concat();
    let text = core::str::from_utf8(secret).unwrap_or_default();
    let unquoted = text.trim().trim_matches(|c| matches!(c, '"' | '\'' | '`'));
    let tries: [(Option<Vec<u8>>, &str, &str); 8] = [
        (
            Some(text.trim().into()),
            "with the white space around the secret removed",
            "trim the secret when you read it from its file",
        ),
        (
            Some(joined(b"\n")),
            "with a line break behind the secret",
            "the signer reads the secret with its line break: trim it there",
        ),
        (
            Some(joined(b"\r\n")),
            "with a line break (CR LF) behind the secret",
            "the signer reads the secret with its line break: trim it there",
        ),
        (
            Some(unquoted.into()),
            "with the quotation marks around the secret removed",
            "use the secret without quotation marks",
        ),
        (
            decoded(text),
            "with the secret decoded from base64",
            "decide on one: the text itself, or the bytes it encodes",
        ),
        (
            unhex(text),
            "with the secret decoded from hexadecimal",
            "decide on one: the text itself, or the bytes it encodes",
        ),
        (
            Some(base64url::encode_standard(secret).into()),
            "with the secret encoded in base64",
            "sign with the secret itself, not with its base64",
        ),
        (Some(Vec::new()), "with an empty secret", "the signer has no secret at all: check its configuration"),
    ];
    for (key, what, fix) in tries {
        if key.is_some_and(|key| key != secret && right(row.hash, &key)) {
            return Some((what, fix));
        }
    }
    SIGNATURES
        .iter()
        .any(|other| other.key == KeyKind::Secret && other.hash != row.hash && right(other.hash, secret))
        .then_some(("for another hash than alg names", "sign with the algorithm that the header's alg names"))
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    base64url::decode_standard(text).or_else(|| base64url::decode(text.trim_end_matches('=')).ok())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let nibble = |c: char| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = text.chars().map(nibble).collect::<Option<_>>()?;
    digits
        .len()
        .is_multiple_of(2)
        .then(|| digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}
