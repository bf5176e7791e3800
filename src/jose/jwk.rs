//! JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2): read strictly, checked, and written again. Refuses weak RSA keys
//! and points that are not on their curve.

use jose_jwk::{Ec, EcCurves, Okp, OkpCurves, Rsa, RsaOptional, RsaPrivate};
use zeroize::Zeroizing;

use super::base64url;
use super::json::{Json, Object};
use super::json_read::repeated;
use super::jwa::Curve;
use super::key::{Key, Material};
use super::secret::Secret;
use super::{curve, rsa};
use crate::error::{Code, Error, Result};

/// Reads and checks a JWK.
///
/// # Errors
/// `ERR_JWK_INVALID` for what is malformed or unsafe, `ERR_JOSE_NOT_SUPPORTED` for an unknown type or curve.
pub fn parse(jwk: &Object) -> Result<Key> {
    let kty = text(jwk, "kty")?.ok_or_else(|| invalid("kty", &["absent"]))?;
    let material = match kty {
        "oct" => Material::Oct(Secret::from_key_bytes(bytes(jwk, "k")?)),
        "RSA" => Material::Rsa(rsa::check(read_rsa(jwk)?)?),
        "EC" => read_ec(jwk)?,
        "OKP" => read_okp(jwk)?,
        _ => return Err(unsupported("kty", kty, "RSA, EC, OKP or oct")),
    };
    Ok(Key {
        material,
        kid: text(jwk, "kid")?.map(str::to_owned),
        alg: text(jwk, "alg")?.map(str::to_owned),
        usage: text(jwk, "use")?.map(str::to_owned),
        operations: operations(jwk)?,
    })
}

/// The members of the public half (all of a secret), in the order of RFC 7638 §3.2.
#[must_use]
pub fn to_public_members(key: &Key) -> Object {
    let private = ["d", "p", "q", "dp", "dq", "qi"];
    let members = to_members(key);
    members.iter().filter(|(name, _)| !private.contains(name)).map(|(name, value)| (name, value.clone())).collect()
}

/// The required members, in the order of RFC 7638 §3.2, and then the private ones.
#[must_use]
pub fn to_members(key: &Key) -> Object {
    let encoded = |bytes: &[u8]| Json::String(base64url::encode(bytes));
    let mut out = Object::default();
    match &key.material {
        Material::Secret(secret) | Material::Oct(secret) => {
            out.set("k", encoded(secret.as_bytes()));
            out.set("kty", Json::from("oct"));
        }
        Material::Rsa(rsa) => {
            out.set("e", encoded(&rsa.e));
            out.set("kty", Json::from("RSA"));
            out.set("n", encoded(&rsa.n));
            let Some(private) = &rsa.prv else { return out };
            out.set("d", encoded(&private.d));
            if let Some(opt) = &private.opt {
                for (name, part) in [("p", &opt.p), ("q", &opt.q), ("dp", &opt.dp), ("dq", &opt.dq), ("qi", &opt.qi)] {
                    out.set(name, encoded(part));
                }
            }
        }
        Material::Ec(curve, ec) => {
            out.set("crv", Json::from(curve.name()));
            out.set("kty", Json::from("EC"));
            out.set("x", encoded(&ec.x));
            out.set("y", encoded(&ec.y));
            if let Some(d) = &ec.d {
                out.set("d", encoded(d));
            }
        }
        Material::Okp(curve, okp) => {
            out.set("crv", Json::from(curve.name()));
            out.set("kty", Json::from("OKP"));
            out.set("x", encoded(&okp.x));
            if let Some(d) = &okp.d {
                out.set("d", encoded(d));
            }
        }
        Material::Pkcs8(..) | Material::Platform(..) => {}
    }
    out
}

fn read_rsa(jwk: &Object) -> Result<Rsa> {
    if jwk.get("oth").is_some() {
        return Err(invalid("oth", &["more than two primes, which no platform takes"]));
    }
    let opt = if ["p", "q", "dp", "dq", "qi"].iter().any(|name| jwk.get(name).is_some()) {
        let part = |name| bytes(jwk, name).map(|part| part.to_vec().into_boxed_slice().into());
        Some(RsaOptional {
            p: part("p")?,
            q: part("q")?,
            dp: part("dp")?,
            dq: part("dq")?,
            qi: part("qi")?,
            oth: vec![],
        })
    } else {
        None
    };
    let prv = match jwk.get("d") {
        Some(_) => Some(RsaPrivate { d: bytes(jwk, "d")?.to_vec().into_boxed_slice().into(), opt }),
        None if opt.is_some() => return Err(invalid("d", &["absent, although the primes are there"])),
        None => None,
    };
    Ok(Rsa { n: bytes(jwk, "n")?.to_vec().into(), e: bytes(jwk, "e")?.to_vec().into(), prv })
}

fn read_ec(jwk: &Object) -> Result<Material> {
    let (name, curve) = read_curve(jwk)?;
    let crv = match curve {
        Curve::P256 => EcCurves::P256,
        Curve::P384 => EcCurves::P384,
        Curve::P521 => EcCurves::P521,
        _ => return Err(unsupported("crv", name, "P-256, P-384 or P-521 with kty EC")),
    };
    // RFC 7518 §6.2.1.2: "The length of this octet string MUST be the full size of a coordinate".
    let (x, y, d) = (sized(jwk, "x", curve)?, sized(jwk, "y", curve)?, private(jwk, curve)?);
    if !curve::is_on(curve, &x, &y) {
        return Err(invalid("x", &["the point is not on ", curve.name()]).spec("RFC 7518 §6.2.1"));
    }
    let (x, y) = (x.to_vec().into(), y.to_vec().into());
    Ok(Material::Ec(curve, Ec { crv, x, y, d: d.map(|d| d.to_vec().into_boxed_slice().into()) }))
}

fn read_okp(jwk: &Object) -> Result<Material> {
    let (name, curve) = read_curve(jwk)?;
    let crv = match curve {
        Curve::Ed25519 => OkpCurves::Ed25519,
        Curve::X25519 => OkpCurves::X25519,
        _ => return Err(unsupported("crv", name, "Ed25519 or X25519 with kty OKP")),
    };
    let (x, d) = (sized(jwk, "x", curve)?, private(jwk, curve)?);
    Ok(Material::Okp(curve, Okp { crv, x: x.to_vec().into(), d: d.map(|d| d.to_vec().into_boxed_slice().into()) }))
}

fn read_curve(jwk: &Object) -> Result<(&str, Curve)> {
    let name = text(jwk, "crv")?.ok_or_else(|| invalid("crv", &["absent"]))?;
    let curve = Curve::ALL.into_iter().find(|curve| curve.name() == name);
    let curve = curve.ok_or_else(|| unsupported("crv", name, "P-256, P-384, P-521, Ed25519 or X25519"))?;
    Ok((name, curve))
}

fn private(jwk: &Object, curve: Curve) -> Result<Option<Zeroizing<Vec<u8>>>> {
    if jwk.get("d").is_none() { Ok(None) } else { sized(jwk, "d", curve).map(Some) }
}

fn sized(jwk: &Object, name: &'static str, curve: Curve) -> Result<Zeroizing<Vec<u8>>> {
    let found = bytes(jwk, name)?;
    if found.len() == curve.size() {
        return Ok(found);
    }
    let (length, expected) = (found.len().to_string(), curve.size().to_string());
    Err(invalid(name, &[&length, " bytes, ", curve.name(), " takes ", &expected]).spec("RFC 7518 §6.2.1.2"))
}

fn operations(jwk: &Object) -> Result<Option<Vec<String>>> {
    let wrong = || invalid("key_ops", &["expected an array of different strings"]).spec("RFC 7517 §4.3");
    let Some(value) = jwk.get("key_ops") else { return Ok(None) };
    let Json::Array(items) = value else { return Err(wrong()) };
    let names: Vec<&str> = items.iter().map(|item| item.as_str().ok_or_else(wrong)).collect::<Result<_>>()?;
    if repeated(names.clone()).is_some() {
        return Err(wrong());
    }
    Ok(Some(names.into_iter().map(str::to_owned).collect()))
}

fn text<'a>(jwk: &'a Object, name: &'static str) -> Result<Option<&'a str>> {
    match jwk.get(name) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(other) => Err(invalid(name, &[other.kind(), ", expected a string"])),
    }
}

fn bytes(jwk: &Object, name: &'static str) -> Result<Zeroizing<Vec<u8>>> {
    let text = text(jwk, name)?.ok_or_else(|| invalid(name, &["absent"]))?;
    let bytes = base64url::decode(text).map_err(|error| invalid(name, &[&error.message]))?;
    if bytes.is_empty() {
        return Err(invalid(name, &["empty"]));
    }
    Ok(Zeroizing::new(bytes))
}

/// An error at a member of the key.
pub(crate) fn invalid(name: &str, message: &[&str]) -> Error {
    let at = ["key.", name].concat();
    Error::new(Code::JwkInvalid, &[&at, ": ", &message.concat()]).at(&at).spec("RFC 7517 §4")
}

fn unsupported(name: &str, found: &str, expected: &str) -> Error {
    let found: String = found.chars().take(40).collect();
    let message = ["the key's ", name, " \"", &found, "\" is not supported, expected ", expected];
    Error::new(Code::NotSupported, &message).at(&["key.", name].concat()).spec("RFC 7518 §6.1")
}
