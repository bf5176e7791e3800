//! Why a signature is not right, as far as that can be told: the same token is tried with what people do to secrets.

use zeroize::Zeroizing;

use crate::error::{Code, Error};
use crate::inspect::check::Check;
use crate::inspect::form::QUOTATION_MARKS;
use crate::inspect::kind::Kind;
use crate::inspect::repair::{Repair, SecretChange};
use crate::jose::jwa::{Hash, KeyKind, SIGNATURES, SignatureAlgorithm};
use crate::jose::mac::{mac, same};
use crate::jose::{Header, Layer, UntrustedJws, base64url};

/// What verifying gave.
#[derive(Clone, Copy, Debug)]
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

pub(crate) fn check(kind: Kind, signature: &Signature<'_>, layers: &[Layer], checks: &mut Vec<Check>) {
    let Some(Layer::Jws(jws)) = layers.last() else { return };
    if let Some(check) = of_example_key(jws).filter(|_| !matches!(signature, Signature::Right(_))) {
        checks.push(check);
        return;
    }
    let check = match signature {
        Signature::NoKey | Signature::Wrong(..) if kind.is_for_canvas_alone() && wrong_length(jws).is_none() => {
            let message =
                "Canvas signed it for itself, with a key that it shares with nobody: it can be read, not verified";
            Check::skip("signature", message).at("signature").fix("send it back as it is, and trust nothing in it")
        }
        Signature::NoKey => {
            let is_known = checks.iter().any(|check| check.at.as_deref() == Some("signature"));
            let wrong_length = wrong_length(jws).filter(|_| !is_known);
            wrong_length.unwrap_or_else(|| {
                Check::skip("signature", "no key was given, so the signature was not verified").at("signature")
            })
        }
        Signature::Right(secret) => {
            checks.extend(secret.and_then(copied_with_more));
            Check::pass("signature", "the signature is right").at("signature").spec("RFC 7515 §5.2")
        }
        Signature::Unknown(error) => {
            Check::skip("signature", format!("the signature was not verified: {}", error.message)).at("signature")
        }
        Signature::Wrong(error, secret) => {
            if checks.iter().any(|check| check.code == Some(error.code) && check.at == error.at) {
                return;
            }
            wrong(kind, error, *secret, jws)
        }
    };
    checks.push(check);
}

/// A secret that signer and verifier share, with something around it that Canvas's own has probably not.
fn copied_with_more(secret: &[u8]) -> Option<Check> {
    let text = core::str::from_utf8(secret).ok()?;
    let (what, how) = if text.trim().len() != text.len() {
        ("white space or a line break", SecretChange::Trim)
    } else if text.len() > 2 && ["\"", "'", "`"].iter().any(|mark| text.starts_with(mark) && text.ends_with(mark)) {
        ("quotation marks", SecretChange::RemoveQuotes)
    } else {
        return None;
    };
    let message = format!("the secret has {what} around it, which Canvas's has not if it was copied with them");
    Some(
        Check::warn("secret-copied", message)
            .fix("sign again with the secret alone, and compare it with what Canvas shows")
            .repairs([Repair::ChangeSecret { how }]),
    )
}

/// Reports a signature of the key in Canvas's example of a configuration, which sites have that never made their own.
fn of_example_key(jws: &UntrustedJws) -> Option<Check> {
    const KIDS: [&str; 3] = ["2018-05-18T22:33:20Z", "2018-06-18T22:33:20Z", "2018-07-18T22:33:20Z"];
    const SIZE: usize = 64;
    let kid = jws.header.members().text("kid")?;
    if !KIDS.contains(&kid) || jws.signature.len() != SIZE {
        return None;
    }
    let message = "it is signed with Canvas's example key of 512 bits, whose private half is in Canvas's public repository: \
                   anybody can sign such a token";
    Some(
        Check::fail("example-key", Code::JwkInvalid, message)
            .at("header.kid")
            .spec("Canvas: config/dynamic_settings.yml.example")
            .fix("have the site's operator make keys of its own in config/dynamic_settings.yml"),
    )
}

/// Reports a signature that cannot be right, whatever the key.
fn wrong_length(jws: &UntrustedJws) -> Option<Check> {
    let row = algorithm(&jws.header)?;
    let found = jws.signature.len();
    let (more, expected) = match row.key {
        KeyKind::Secret => ("", row.hash.size()),
        KeyKind::On(curve) => ("", curve.size() * 2),
        _ => ("at least ", found.max(256)),
    };
    if found == expected {
        return None;
    }
    let is_other = |other: &&SignatureAlgorithm| other.key == KeyKind::Secret && other.hash.size() == found;
    let other = SIGNATURES.iter().find(is_other).filter(|_| row.key == KeyKind::Secret);
    let (id, fix) = match other {
        Some(other) => (
            "signature",
            format!("the signature has the length of {}: sign with the algorithm that alg names", other.name),
        ),
        None if found < expected => ("cut-short", "send the whole token; its end is missing".to_owned()),
        None => ("signature", "get the token again: its end was altered".to_owned()),
    };
    let message = format!("the signature has {found} bytes, {} gives {more}{expected}", row.name);
    Some(Check::fail(id, Code::SignatureFailed, message).at("signature").spec("RFC 7518 §3").fix(fix))
}

/// The algorithm that the header names.
fn algorithm(header: &Header) -> Option<&'static SignatureAlgorithm> {
    let alg = header.members().text("alg")?;
    SIGNATURES.iter().find(|row| row.name == alg)
}

/// What is begun with a state, whose key is derived from the secret.
fn begun(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Lti13LoginState => Some("login"),
        Kind::OAuthState => Some("authorization"),
        _ => None,
    }
}

fn wrong(kind: Kind, error: &Error, secret: Option<&[u8]>, jws: &UntrustedJws) -> Check {
    if error.code != Code::SignatureFailed {
        let (id, fix) = key_fault(error, jws);
        return Check::of_error(id, error).fix(fix);
    }
    let refused = |message: String| {
        Check::fail("signature", Code::SignatureFailed, message).at("signature").spec("RFC 7515 §5.2")
    };
    if let Some(begun) = begun(kind) {
        return refused("the signature is of another secret, or the state was altered".to_owned()).fix(format!(
            "verify with the secret that the {begun} was begun with; behind a new one, keep it while {begun}s are open",
        ));
    }
    if let Some((how, fix, change)) = secret.and_then(|secret| explanation(secret, jws)) {
        let repair = change.map(|how| Repair::ChangeSecret { how });
        return refused(format!("the signature is wrong with this secret, but right {how}")).fix(fix).repairs(repair);
    }
    wrong_length(jws).unwrap_or_else(|| {
        let message = "the signature is not this key's over this token: another key, \
                       or the token was altered afterwards (which of both cannot be told)";
        refused(message.to_owned())
            .fix("sign with the key that the reader has for this sub or kid, and send the token unchanged")
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
fn explanation(secret: &[u8], jws: &UntrustedJws) -> Option<(&'static str, &'static str, Option<SecretChange>)> {
    let row = algorithm(&jws.header).filter(|row| row.key == KeyKind::Secret)?;
    let is_right = |hash: Hash, key: &[u8]| same(&mac(hash, key, &[jws.signing_input.as_bytes()]), &jws.signature);
    let is_it = |key: &Zeroizing<Vec<u8>>| key.as_slice() != secret && is_right(row.hash, key);
    let mishap = mishaps(secret).into_iter().find(|(key, ..)| key.as_ref().is_some_and(is_it));
    if let Some((_, what, fix, change)) = mishap {
        return Some((what, fix, change));
    }
    let is_other = |other: &SignatureAlgorithm| other.key == KeyKind::Secret && other.hash != row.hash;
    let found = SIGNATURES.iter().any(|other| is_other(other) && is_right(other.hash, secret));
    found.then_some(("for another hash than alg names", "sign with the algorithm that the header's alg names", None))
}

/// A secret as it probably became, what that is called, what to change, and how a program does it.
type Mishap = (Option<Zeroizing<Vec<u8>>>, &'static str, &'static str, Option<SecretChange>);

/// What this secret becomes by what people do to secrets, as far as it can be done to this one.
fn mishaps(secret: &[u8]) -> [Mishap; 11] {
    // A secret that is no text is treated as an empty one.
    let trimmed = core::str::from_utf8(secret).unwrap_or_default().trim();
    let key = |bytes: &[u8]| Some(Zeroizing::new(bytes.to_vec()));
    let joined = |parts: [&[u8]; 3]| Some(Zeroizing::new(parts.concat()));
    // Other marks than one on each side take a person's eye.
    let mut inner = trimmed.chars();
    let is_quoted = inner.next().is_some() && inner.next_back().is_some() && inner.as_str() == unquoted(trimmed);
    let signer_s_break = "the signer reads the secret with its line break: trim it there";
    let signer_s_marks = "the signer reads the secret with its quotation marks: take them out there";
    let one_of_both = "decide on one: the text itself, or the bytes it encodes";
    [
        (
            key(trimmed.as_bytes()),
            "with the white space around the secret removed",
            "trim the secret when you read it from its file",
            Some(SecretChange::Trim),
        ),
        (
            key(unquoted(trimmed).as_bytes()),
            "with the quotation marks around the secret removed",
            "use the secret without quotation marks",
            is_quoted.then_some(SecretChange::RemoveQuotes),
        ),
        (joined([secret, b"\n", b""]), "with a line break behind the secret", signer_s_break, None),
        (joined([secret, b"\r\n", b""]), "with a line break (CR LF) behind the secret", signer_s_break, None),
        (joined([b"\"", secret, b"\""]), "with quotation marks around the secret", signer_s_marks, None),
        (joined([b"'", secret, b"'"]), "with apostrophes around the secret", signer_s_marks, None),
        (from_base64(trimmed), "with the secret decoded from base64", one_of_both, Some(SecretChange::DecodeBase64)),
        (
            from_hexadecimal(trimmed),
            "with the secret decoded from hexadecimal",
            one_of_both,
            Some(SecretChange::DecodeHexadecimal),
        ),
        (
            Some(base64url::encode_standard(secret).into_bytes().into()),
            "with the secret encoded in base64",
            "sign with the secret itself, not with its base64",
            None,
        ),
        (
            Some(base64url::encode(secret).into_bytes().into()),
            "with the secret encoded in base64url",
            "sign with the secret itself, not with its base64url",
            None,
        ),
        (key(&[]), "with an empty secret", "the signer has no secret at all: check its configuration", None),
    ]
}

/// What a secret is without the marks that it was copied with, and without a line break that was escaped between them.
fn unquoted(secret: &str) -> &str {
    let text = secret.trim_matches(|c: char| QUOTATION_MARKS.contains(&c) || matches!(c, ',' | ';'));
    text.strip_suffix("\\n").unwrap_or(text).trim()
}

fn from_base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let standard = base64url::decode_standard(text);
    standard.or_else(|| base64url::decode(text.trim_end_matches('=')).ok()).map(Zeroizing::new)
}

fn from_hexadecimal(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |pair: &[u8]| match pair {
        &[high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
        _ => None,
    };
    text.as_bytes().chunks(2).map(byte).collect::<Option<Vec<u8>>>().map(Zeroizing::new)
}
