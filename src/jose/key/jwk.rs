//! JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2): read strictly, checked, and written again. Refuses weak RSA keys
//! and points that are not on their curve.

use jose_jwk::{Ec, EcCurves, Oct, Okp, OkpCurves, Rsa, RsaOptional, RsaPrivate};
use serde::Serialize;
use zeroize::Zeroizing;

use super::Key;
use super::check::{check_rsa, is_on_curve};
use super::material::{Material, Parts};
use super::secret::Secret;
use crate::error::{Code, Error, Result};
use crate::jose::base64url;
use crate::jose::jwa::Curve;
use crate::jose::mac::sha256;
use crate::json::{self, Json, Object, repeated};

/// The members of a JWK that make up the key: those that a thumbprint is of, in its order (RFC 7638 §3.2).
static PUBLIC: [&str; 7] = ["crv", "e", "k", "kty", "n", "x", "y"];
/// Those of an RSA key, the private ones from the third on.
pub(crate) static RSA: [&str; 8] = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];

/// Reads and checks a JWK.
///
/// # Errors
/// `ERR_JWK_INVALID` for what is malformed or unsafe, `ERR_JOSE_NOT_SUPPORTED` for an unknown type or curve.
pub fn parse(jwk: &Object) -> Result<Key> {
    let kty = text(jwk, "kty")?.ok_or_else(|| invalid("kty", "absent"))?;
    let material = match kty {
        "oct" => Material::Oct(Secret::from_key_bytes(bytes(jwk, "k")?)),
        "RSA" => Material::Rsa(read_rsa(jwk)?),
        "EC" | "OKP" => read_curve(jwk, kty)?,
        _ => return Err(unsupported("kty", kty, "RSA, EC, OKP or oct")),
    };
    let mut key = Key::new(material);
    let own = |name| Ok::<_, Error>(text(jwk, name)?.map(str::to_owned));
    key.kid = own("kid")?;
    key.alg = own("alg")?;
    key.usage = own("use")?;
    key.operations = operations(jwk)?;
    Ok(key)
}

/// The members of the public half (all of a secret), in the order of RFC 7638 §3.2. None for a key whose parts are not
/// known.
#[must_use]
pub fn to_public_members(key: &Key) -> Object {
    members(key, false)
}

/// The required members, in the order of RFC 7638 §3.2, and then the private ones. None for a key whose parts are not
/// known.
#[must_use]
pub fn to_members(key: &Key) -> Object {
    members(key, true)
}

fn members(key: &Key, with_private: bool) -> Object {
    let written = to_jose_jwk(&key.material, with_private).and_then(|jwk| to_object(&jwk).ok()).unwrap_or_default();
    let names = PUBLIC.iter().chain(RSA.iter().skip(2));
    names.filter_map(|name| Some((*name, written.get(name)?.clone()))).collect()
}

/// What the key is made of; without its private part unless that is wanted (of a secret, all of it). None where nobody
/// but the platform knows it.
pub(super) fn to_jose_jwk(material: &Material, with_private: bool) -> Option<jose_jwk::Key> {
    let public = |name| material.part(name).unwrap_or_default().to_vec().into();
    let private = |name| material.part(name).filter(|_| with_private).map(|part| part.to_vec().into());
    let primes = || {
        let (p, q, dp, dq, qi) = (private("p")?, private("q")?, private("dp")?, private("dq")?, private("qi")?);
        Some(RsaOptional { p, q, dp, dq, qi, oth: Vec::new() })
    };
    Some(match material {
        Material::Secret(secret) | Material::Oct(secret) => Oct { k: secret.as_bytes().to_vec().into() }.into(),
        Material::Rsa(_) => {
            let prv = private("d").map(|d| RsaPrivate { d, opt: primes() });
            Rsa { n: public("n"), e: public("e"), prv }.into()
        }
        Material::Ec(curve, _) | Material::Okp(curve, _) => {
            let ec = |crv| Ec { crv, x: public("x"), y: public("y"), d: private("d") }.into();
            let okp = |crv| Okp { crv, x: public("x"), d: private("d") }.into();
            match curve {
                Curve::P256 => ec(EcCurves::P256),
                Curve::P384 => ec(EcCurves::P384),
                Curve::P521 => ec(EcCurves::P521),
                Curve::Ed25519 => okp(OkpCurves::Ed25519),
                Curve::X25519 => okp(OkpCurves::X25519),
            }
        }
        Material::External(_, Some(public)) => return to_jose_jwk(public, false),
        Material::Pkcs8(..) | Material::Platform(..) | Material::External(_, None) => return None,
    })
}

/// What jose-jwk writes, as an object of ours.
pub(super) fn to_object(written: &impl Serialize) -> Result<Zeroizing<Object>> {
    Ok(Zeroizing::new(json::read_object(json::secret_text_of(written).as_bytes())?))
}

/// The thumbprint of a JWK (RFC 7638) with SHA-256, in base64url: of a private key, its public half's.
///
/// ```
/// use canvas_lms_tokens::jose::thumbprint;
/// use canvas_lms_tokens::json;
///
/// let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"mine"}"#;
/// let jwk = json::read_object(jwk.as_bytes()).expect("an object");
/// assert_eq!(thumbprint(&jwk)?, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
/// # Ok::<(), canvas_lms_tokens::Error>(())
/// ```
///
/// # Errors
/// Those of reading the JWK.
pub fn thumbprint(jwk: &Object) -> Result<String> {
    Ok(thumbprint_of(&parse(jwk)?))
}

/// The thumbprint of a key.
#[must_use]
pub fn thumbprint_of(key: &Key) -> String {
    // RFC 7638 §3.2: the required members only, in lexicographic order.
    let members = Zeroizing::new(to_public_members(key));
    base64url::encode(&sha256(&[members.to_secret_json().as_bytes()]))
}

fn read_rsa(jwk: &Object) -> Result<Parts> {
    if jwk.get("oth").is_some() {
        return Err(invalid("oth", "more than two primes, which no platform takes"));
    }
    let has = |name: &&str| jwk.get(name).is_some();
    let length = match (has(&"d"), RSA.iter().skip(3).any(has)) {
        (true, true) => 8,
        (true, false) => 3,
        (false, false) => 2,
        (false, true) => return Err(invalid("d", "absent, although the primes are there")),
    };
    let parts = read(jwk, RSA.get(..length).unwrap_or(&RSA))?;
    check_rsa(&parts)?;
    Ok(parts)
}

/// The curves of RFC 7518 §6.2 under `EC`, those of RFC 8037 §2 under `OKP`.
fn read_curve(jwk: &Object, kty: &str) -> Result<Material> {
    let name = text(jwk, "crv")?.ok_or_else(|| invalid("crv", "absent"))?;
    let is_okp = kty == "OKP";
    let (names, expected): (&[&str], _) = if is_okp {
        (&["x", "d"], "Ed25519 or X25519 with kty OKP")
    } else {
        (&["x", "y", "d"], "P-256, P-384 or P-521 with kty EC")
    };
    let is_named = |curve: &Curve| curve.name() == name && curve.is_okp() == is_okp;
    let curve = Curve::ALL.into_iter().find(is_named).ok_or_else(|| unsupported("crv", name, expected))?;
    let names = if jwk.get("d").is_some() { names } else { names.split_last().map_or(names, |(_, public)| public) };
    let parts = read(jwk, names)?;
    // RFC 7518 §6.2.1.2: "The length of this octet string MUST be the full size of a coordinate".
    for name in names {
        let found = parts.get(name).map_or(0, <[u8]>::len);
        if found != curve.size() {
            let message = format!("{found} bytes, {} takes {}", curve.name(), curve.size());
            return Err(invalid(name, &message).spec("RFC 7518 §6.2.1.2"));
        }
    }
    if is_okp {
        return Ok(Material::Okp(curve, parts));
    }
    if !is_on_curve(curve, &parts) {
        return Err(invalid("x", &format!("the point is not on {}", curve.name())).spec("RFC 7518 §6.2.1"));
    }
    Ok(Material::Ec(curve, parts))
}

fn read(jwk: &Object, names: &[&'static str]) -> Result<Parts> {
    let mut parts = Parts::default();
    for name in names {
        parts.add(name, bytes(jwk, name)?);
    }
    Ok(parts)
}

fn operations(jwk: &Object) -> Result<Option<Vec<String>>> {
    let wrong = || invalid("key_ops", "expected an array of different strings").spec("RFC 7517 §4.3");
    let Some(value) = jwk.get("key_ops") else { return Ok(None) };
    let Json::Array(items) = value else { return Err(wrong()) };
    let mut operations = Vec::new();
    for item in items {
        operations.push(item.as_str().ok_or_else(wrong)?.to_owned());
    }
    if repeated(operations.iter().map(String::as_str)).is_some() {
        return Err(wrong());
    }
    Ok(Some(operations))
}

fn text<'a>(jwk: &'a Object, name: &'static str) -> Result<Option<&'a str>> {
    match jwk.get(name) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(other) => Err(invalid(name, &format!("{}, expected a string", other.kind()))),
    }
}

fn bytes(jwk: &Object, name: &'static str) -> Result<Zeroizing<Vec<u8>>> {
    let text = text(jwk, name)?.ok_or_else(|| invalid(name, "absent"))?;
    let bytes = base64url::decode(text).map_err(|error| invalid(name, &error.message))?;
    if bytes.is_empty() {
        return Err(invalid(name, "empty"));
    }
    Ok(Zeroizing::new(bytes))
}

/// An error at a member of the key.
fn invalid(name: &str, message: &str) -> Error {
    let at = format!("key.{name}");
    Error::new(Code::JwkInvalid, format!("{at}: {message}")).at(at).spec("RFC 7517 §4")
}

fn unsupported(name: &str, found: &str, expected: &str) -> Error {
    let found: String = found.chars().take(40).collect();
    let message = format!("the key's {name} \"{found}\" is not supported, expected {expected}");
    Error::new(Code::NotSupported, message).at(format!("key.{name}")).spec("RFC 7518 §6.1")
}
