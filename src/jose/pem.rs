//! Keys in PEM (RFC 7468): SPKI and X.509 certificates (RFC 5280 §4.1), PKCS #8 (RFC 5208, RFC 5958) and PKCS #1
//! (RFC 8017 §A.1). A certificate is read for its key only: nothing of it is verified.

use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Reader, SliceReader, Tag, TagNumber};
use jose_jwk::{Ec, EcCurves, Okp, OkpCurves, Rsa, RsaOptional, RsaPrivate};
use zeroize::Zeroizing;

use super::jwa::Curve;
use super::key::{Key, Material};
use super::{curve, rsa};
use crate::error::{Code, Error, Result};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const CURVES: [(ObjectIdentifier, Curve); 5] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), Curve::P256),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), Curve::P384),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), Curve::P521),
    (ObjectIdentifier::new_unwrap("1.3.101.112"), Curve::Ed25519),
    (ObjectIdentifier::new_unwrap("1.3.101.110"), Curve::X25519),
];

/// Reads and checks a key in PEM.
///
/// # Errors
/// `ERR_JWK_INVALID` for what is malformed or unsafe, `ERR_JOSE_NOT_SUPPORTED` for other kinds of PEM and keys.
pub fn parse(pem: &str) -> Result<Key> {
    let (label, der) = pem_rfc7468::decode_vec(pem.trim().as_bytes())
        .map_err(|_| invalid("not a PEM with one key (-----BEGIN …, base64, -----END …)"))?;
    let der = Zeroizing::new(der);
    let malformed = |_| invalid("the DER inside is not what its label says");
    let material = match label {
        "PUBLIC KEY" => reading(&der, spki).map_err(malformed)?,
        "CERTIFICATE" => reading(&der, certificate).map_err(malformed)?,
        "PRIVATE KEY" => reading(&der, |reader| pkcs8(reader, &der)).map_err(malformed)?,
        "RSA PUBLIC KEY" => Ok(Material::Rsa(reading(&der, rsa_public).map_err(malformed)?)),
        "RSA PRIVATE KEY" => Ok(Material::Rsa(reading(&der, rsa_private).map_err(malformed)?)),
        "ENCRYPTED PRIVATE KEY" => Err(unsupported("an encrypted private key; decrypt it first, with openssl pkcs8")),
        "EC PRIVATE KEY" => Err(unsupported("SEC 1; convert it to PKCS #8, with openssl pkcs8 -topk8 -nocrypt")),
        _ => Err(unsupported("a PEM of another kind, expected a public key, private key or certificate")),
    }?;
    Ok(Key::new(check(material)?))
}

/// What reading gives: a fault of the DER outside, a key of an unknown kind inside.
type Read = core::result::Result<Result<Material>, der::Error>;

fn reading<'a, T>(
    der: &'a [u8],
    read: impl FnOnce(&mut SliceReader<'a>) -> core::result::Result<T, der::Error>,
) -> core::result::Result<T, der::Error> {
    let mut reader = SliceReader::new(der)?;
    let value = read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

fn check(material: Material) -> Result<Material> {
    match material {
        Material::Rsa(key) => Ok(Material::Rsa(rsa::check(key)?)),
        Material::Ec(curve, key) if !curve::is_on(curve, &key.x, &key.y) => {
            Err(invalid(["the point is not on ", curve.name()].concat().as_str()))
        }
        other => Ok(other),
    }
}

/// The algorithm of a key.
#[derive(Clone, Copy)]
enum Kind {
    Rsa,
    On(Curve),
}

/// Reads an algorithm identifier; nothing where the algorithm is not known.
fn algorithm<'a>(reader: &mut SliceReader<'a>) -> core::result::Result<Option<Kind>, der::Error> {
    reader.sequence(|reader: &mut SliceReader<'a>| {
        let oid: ObjectIdentifier = reader.decode()?;
        let known = |oid| CURVES.iter().find(|(known, _)| *known == oid).map(|(_, curve)| *curve);
        // RFC 5480 §2.1.1 names the curve beside the algorithm, RFC 8410 §3 makes it the algorithm.
        let is_algorithm = |curve: &Curve| matches!(curve, Curve::Ed25519 | Curve::X25519);
        let found = if oid == RSA {
            Some(Kind::Rsa)
        } else if oid == EC && !reader.is_finished() && Tag::peek(reader)? == Tag::ObjectIdentifier {
            known(reader.decode()?).filter(|curve| !is_algorithm(curve)).map(Kind::On)
        } else {
            known(oid).filter(is_algorithm).map(Kind::On)
        };
        skip_rest(reader)?;
        Ok(found)
    })
}

fn skip_rest<'a>(reader: &mut SliceReader<'a>) -> core::result::Result<(), der::Error> {
    while !reader.is_finished() {
        reader.decode::<AnyRef<'a>>()?;
    }
    Ok(())
}

fn spki<'a>(reader: &mut SliceReader<'a>) -> Read {
    reader.sequence(|reader: &mut SliceReader<'a>| {
        let algorithm = algorithm(reader)?;
        let bits: BitStringRef<'a> = reader.decode()?;
        let key = bits.as_bytes().ok_or(Tag::BitString.value_error())?;
        Ok(match algorithm {
            None => Err(unknown()),
            Some(Kind::Rsa) => Ok(Material::Rsa(reading(key, rsa_public)?)),
            Some(Kind::On(curve)) => Ok(public(curve, key).ok_or(Tag::BitString.value_error())?),
        })
    })
}

/// The key of a certificate, past version, serial number, signature algorithm, issuer, validity and subject.
fn certificate<'a>(reader: &mut SliceReader<'a>) -> Read {
    reader.sequence(|reader: &mut SliceReader<'a>| {
        let found = reader.sequence(|reader: &mut SliceReader<'a>| {
            let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
            let skipped = if Tag::peek(reader)? == version { 6 } else { 5 };
            for _ in 0..skipped {
                reader.decode::<AnyRef<'a>>()?;
            }
            let found = spki(reader)?;
            skip_rest(reader)?;
            Ok::<_, der::Error>(found)
        })?;
        skip_rest(reader)?;
        Ok(found)
    })
}

fn pkcs8<'a>(reader: &mut SliceReader<'a>, der: &[u8]) -> Read {
    reader.sequence(|reader: &mut SliceReader<'a>| {
        reader.decode::<UintRef<'a>>()?;
        let algorithm = algorithm(reader)?;
        let key: &OctetStringRef = reader.decode()?;
        skip_rest(reader)?;
        Ok(match algorithm {
            None => Err(unknown()),
            Some(Kind::Rsa) => Ok(Material::Rsa(reading(key.as_bytes(), rsa_private)?)),
            Some(Kind::On(curve)) => Ok(Material::Pkcs8(curve, Zeroizing::new(der.to_vec()))),
        })
    })
}

fn rsa_public<'a>(reader: &mut SliceReader<'a>) -> core::result::Result<Rsa, der::Error> {
    reader.sequence(|reader: &mut SliceReader<'a>| {
        let n: UintRef<'a> = reader.decode()?;
        let e: UintRef<'a> = reader.decode()?;
        Ok(Rsa { n: n.as_bytes().to_vec().into(), e: e.as_bytes().to_vec().into(), prv: None })
    })
}

fn rsa_private<'a>(reader: &mut SliceReader<'a>) -> core::result::Result<Rsa, der::Error> {
    reader.sequence(|reader: &mut SliceReader<'a>| {
        let mut next = || reader.decode::<UintRef<'a>>().map(|number| number.as_bytes().to_vec());
        // Version 0: two primes.
        if next()? != [0] {
            return Err(Tag::Integer.value_error().into());
        }
        let (modulus, exponent) = (next()?.into(), next()?.into());
        let mut secret = || next().map(|number| number.into_boxed_slice().into());
        // In the order of RFC 8017 §A.1.2.
        let d = secret()?;
        let opt = RsaOptional { p: secret()?, q: secret()?, dp: secret()?, dq: secret()?, qi: secret()?, oth: vec![] };
        Ok(Rsa { n: modulus, e: exponent, prv: Some(RsaPrivate { d, opt: Some(opt) }) })
    })
}

/// A public key: an uncompressed point (SEC 1 §2.3.3), or the bytes of RFC 8410 §4.
fn public(curve: Curve, key: &[u8]) -> Option<Material> {
    let okp = |crv| (key.len() == 32).then(|| Material::Okp(curve, Okp { crv, x: key.to_vec().into(), d: None }));
    let crv = match curve {
        Curve::P256 => EcCurves::P256,
        Curve::P384 => EcCurves::P384,
        Curve::P521 => EcCurves::P521,
        Curve::Ed25519 => return okp(OkpCurves::Ed25519),
        Curve::X25519 => return okp(OkpCurves::X25519),
    };
    let (form, point) = key.split_first()?;
    let (x, y) = point.split_at_checked(curve.size())?;
    let whole = *form == 4 && y.len() == curve.size();
    whole.then(|| Material::Ec(curve, Ec { crv, x: x.to_vec().into(), y: y.to_vec().into(), d: None }))
}

fn invalid(message: &str) -> Error {
    Error::new(Code::JwkInvalid, &["key.pem: ", message]).at("key.pem").spec("RFC 7468")
}

fn unsupported(message: &str) -> Error {
    Error::new(Code::NotSupported, &["key.pem: ", message]).at("key.pem").spec("RFC 7468")
}

fn unknown() -> Error {
    unsupported("a key of another algorithm, expected RSA, P-256, P-384, P-521, Ed25519 or X25519")
}
