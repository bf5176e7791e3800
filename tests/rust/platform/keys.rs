//! Keys for every algorithm, the same in every run.

use canvas_lms_tokens::jose::jwa::{ContentEncryption, Curve, KeyKind, KeyManagement, Management, SignatureAlgorithm};
use canvas_lms_tokens::jose::{Key, base64url, jwk};
use canvas_lms_tokens::json::{self, Json, Object};

use super::{crypto, vectors};

/// JSON text that is an object.
pub(crate) fn object(text: &str) -> Object {
    json::read_object(text.as_bytes()).unwrap()
}

pub(crate) fn key(jwk: &Object) -> Key {
    jwk::parse(jwk).unwrap()
}

pub(crate) fn public(jwk: &Object) -> Key {
    key(&jwk::to_public_members(&key(jwk)))
}

/// A JWK with some members changed; `None` takes one away.
pub(crate) fn changed(jwk: &Object, changes: &[(&'static str, Option<Json>)]) -> Object {
    let kept = jwk.iter().filter(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    let mut out: Object = kept.map(|(name, value)| (name, value.clone())).collect();
    for (name, value) in changes {
        if let Some(value) = value {
            out.set(name, value.clone());
        }
    }
    out
}

pub(crate) fn oct(length: usize) -> Object {
    let secret: Vec<u8> = (1..=length).map(|i| u8::try_from(i % 251).unwrap()).collect();
    [("kty", Json::from("oct")), ("k", Json::String(base64url::encode(&secret)))].into_iter().collect()
}

/// The RSA key of RFC 7520 §3.4, without its limits.
pub(crate) fn rsa() -> Object {
    let jwk = vectors::object(&vectors::named("rfc7520-3.4")["key"]);
    changed(&jwk, &[("kid", None), ("use", None)])
}

pub(crate) fn on(curve: Curve) -> Object {
    let mut d = vec![7; curve.size()];
    match curve {
        Curve::Ed25519 | Curve::X25519 => crypto::okp_jwk(curve.name(), &d),
        _ => {
            d[0] = 0; // Below the order of P-521.
            crypto::ec_jwk(curve.name(), &d)
        }
    }
}

/// A private key for this algorithm.
pub(crate) fn for_signature(row: &SignatureAlgorithm) -> Object {
    match row.key {
        KeyKind::Secret => oct(row.hash.size()),
        KeyKind::Rsa => rsa(),
        KeyKind::On(curve) => on(curve),
        KeyKind::Agreement => panic!("{} signs nothing", row.name),
    }
}

/// Private keys for this algorithm: one for every curve.
pub(crate) fn for_management(row: &KeyManagement, enc: &ContentEncryption) -> Vec<Object> {
    match row.key {
        KeyKind::Secret if row.management == Management::Direct => vec![oct(enc.cek)],
        KeyKind::Secret => vec![oct(row.kek)],
        KeyKind::Rsa => vec![rsa()],
        _ => [Curve::P256, Curve::P384, Curve::P521, Curve::X25519].map(on).to_vec(),
    }
}

/// Another key on the same curve.
pub(crate) fn other(jwk: &Object) -> Object {
    let crv = jwk.text("crv").unwrap();
    let mut d = base64url::decode(jwk.text("d").unwrap()).unwrap();
    d[20] ^= 0x55;
    if jwk.text("kty") == Some("OKP") { crypto::okp_jwk(crv, &d) } else { crypto::ec_jwk(crv, &d) }
}

/// The RSA key of RFC 7515 §A.2.
pub(crate) fn other_rsa() -> Object {
    vectors::object(&vectors::named("rfc7515-a2")["key"])
}

/// A JWK that is refused, by the name of its member.
pub(crate) fn refused(jwk: &Object, code: &str, message: &str) {
    let error = jwk::parse(jwk).expect_err(message);
    assert_eq!((error.code.as_str(), error.message.as_str()), (code, message));
    let at = error.at.as_deref().unwrap();
    assert!(at.starts_with("key.") && message.contains(at.trim_start_matches("key.")), "{at}: {message}");
    assert!(error.spec.is_some(), "{message}");
}

#[allow(clippy::unnecessary_wraps)] // As `changed` takes it.
pub(crate) fn encoded(bytes: &[u8]) -> Option<Json> {
    Some(Json::String(base64url::encode(bytes)))
}
