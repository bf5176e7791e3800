//! Keys in PEM (RFC 7468): SPKI and X.509 certificates (RFC 5280 §4.1), PKCS #8 (RFC 5208, RFC 5958) and PKCS #1
//! (RFC 8017 §A.1). A certificate is read for its key only: nothing of it is verified.

use zeroize::Zeroizing;

use super::base64url;
use super::der::{BIT_STRING, CONTEXT_0, OBJECT_IDENTIFIER, OCTET_STRING, Reader};
use super::jwa::Curve;
use super::key::{Key, Material};
use super::parts::Parts;
use super::{curve, rsa};
use crate::error::{Code, Error, Result};

/// 1.2.840.113549.1.1.1
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
/// 1.2.840.10045.2.1
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
/// 1.2.840.10045.3.1.7, 1.3.132.0.34, 1.3.132.0.35, 1.3.101.112, 1.3.101.110
const CURVES: [(&[u8], Curve); 5] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], Curve::P256),
    (&[0x2b, 0x81, 4, 0, 0x22], Curve::P384),
    (&[0x2b, 0x81, 4, 0, 0x23], Curve::P521),
    (&[0x2b, 0x65, 0x70], Curve::Ed25519),
    (&[0x2b, 0x65, 0x6e], Curve::X25519),
];

/// What a key of RFC 8017 §A.1.1 consists of.
const PUBLIC: [&str; 2] = ["n", "e"];
/// What a key of RFC 8017 §A.1.2 consists of.
const PRIVATE: [&str; 8] = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Reads and checks a key in PEM.
///
/// # Errors
/// `ERR_JWK_INVALID` for what is malformed or unsafe, `ERR_JOSE_NOT_SUPPORTED` for other kinds of PEM and keys.
pub fn parse(pem: &str) -> Result<Key> {
    let (label, der) =
        armoured(pem).ok_or_else(|| invalid("not a PEM with one key (-----BEGIN …, base64, -----END …)"))?;
    let read = match label {
        "PUBLIC KEY" => spki,
        "CERTIFICATE" => certificate,
        "PRIVATE KEY" => pkcs8,
        "RSA PUBLIC KEY" => pkcs1_public,
        "RSA PRIVATE KEY" => pkcs1_private,
        "ENCRYPTED PRIVATE KEY" => {
            return Err(unsupported("an encrypted private key; decrypt it first, with openssl pkcs8"));
        }
        "EC PRIVATE KEY" => {
            return Err(unsupported("SEC 1; convert it to PKCS #8, with openssl pkcs8 -topk8 -nocrypt"));
        }
        _ => return Err(unsupported("a PEM of another kind, expected a public key, private key or certificate")),
    };
    let material = whole(&der, read).ok_or_else(|| invalid("the DER inside is not what its label says"))??;
    check(&material)?;
    Ok(Key::new(material))
}

/// The label, and the bytes between BEGIN and END (RFC 7468 §3). Text may stand before them, nothing behind.
fn armoured(pem: &str) -> Option<(&str, Zeroizing<Vec<u8>>)> {
    let mut lines = pem.split('\n');
    let label = loop {
        if let Some(label) = lines.next()?.trim().strip_prefix(BEGIN) {
            break label.strip_suffix(DASHES)?;
        }
    };
    // Wide enough from the start: a text that grows leaves a copy of itself behind.
    let mut base64 = Zeroizing::new(String::with_capacity(pem.len()));
    let end = loop {
        match lines.next()?.trim() {
            line if line.starts_with(DASHES) => break line,
            line => base64.push_str(line),
        }
    };
    let is_whole = end.strip_prefix(END)?.strip_suffix(DASHES)? == label && lines.all(|line| line.trim().is_empty());
    let der = base64url::decode_standard(&base64).map(Zeroizing::new);
    Some((label, der.filter(|der| is_whole && !der.is_empty())?))
}

/// Nothing for a fault of the DER outside; an error for a key of an unknown kind inside.
type Read = Option<Result<Material>>;

/// What fills the DER.
fn whole<'a>(der: &'a [u8], read: fn(&mut Reader<'a>) -> Read) -> Read {
    let mut reader = Reader::new(der);
    read(&mut reader).filter(|_| reader.is_empty())
}

fn check(material: &Material) -> Result<()> {
    match material {
        Material::Rsa(parts) => rsa::check(parts),
        Material::Ec(curve, parts) if !curve::is_on(*curve, parts) => {
            Err(invalid(["the point is not on ", curve.name()].concat().as_str()))
        }
        _ => Ok(()),
    }
}

/// The algorithm of a key.
enum Kind {
    Rsa,
    On(Curve),
    Other,
}

fn algorithm(reader: &mut Reader<'_>) -> Option<Kind> {
    let mut reader = reader.sequence()?;
    let id = reader.take(OBJECT_IDENTIFIER)?;
    let on = |id: &[u8]| CURVES.iter().find(|(known, _)| *known == id).map_or(Kind::Other, |row| Kind::On(row.1));
    let kind = match (id, reader.peek()) {
        (RSA, _) => Kind::Rsa,
        // RFC 5480 §2.1.1 names the curve beside the algorithm, RFC 8410 §3 makes it the algorithm.
        (EC, Some(OBJECT_IDENTIFIER)) => match on(reader.take(OBJECT_IDENTIFIER)?) {
            Kind::On(Curve::Ed25519 | Curve::X25519) => Kind::Other,
            kind => kind,
        },
        _ => match on(id) {
            Kind::On(Curve::P256 | Curve::P384 | Curve::P521) => Kind::Other,
            kind => kind,
        },
    };
    reader.skip()?;
    Some(kind)
}

fn spki(reader: &mut Reader<'_>) -> Read {
    let mut reader = reader.sequence()?;
    let algorithm = algorithm(&mut reader)?;
    // The first byte counts the bits that are left over at the end.
    let [0, key @ ..] = reader.take(BIT_STRING)? else { return None };
    let read = match algorithm {
        Kind::Other => Err(unknown()),
        Kind::Rsa => whole(key, pkcs1_public)?,
        Kind::On(curve) => Ok(public(curve, key)?),
    };
    reader.is_empty().then_some(read)
}

/// The key of a certificate, past version, serial number, signature algorithm, issuer, validity and subject.
fn certificate(reader: &mut Reader<'_>) -> Read {
    let mut certificate = reader.sequence()?;
    let mut reader = certificate.sequence()?;
    let skipped = if reader.peek() == Some(CONTEXT_0) { 6 } else { 5 };
    for _ in 0..skipped {
        reader.any()?;
    }
    let read = spki(&mut reader)?;
    reader.skip()?;
    certificate.skip()?;
    Some(read)
}

fn pkcs8(reader: &mut Reader<'_>) -> Read {
    let der = reader.rest();
    let mut reader = reader.sequence()?;
    reader.unsigned()?;
    let algorithm = algorithm(&mut reader)?;
    let key = reader.take(OCTET_STRING)?;
    reader.skip()?;
    Some(match algorithm {
        Kind::Other => Err(unknown()),
        Kind::Rsa => whole(key, pkcs1_private)?,
        Kind::On(curve) => Ok(Material::Pkcs8(curve, Zeroizing::new(der.to_vec()))),
    })
}

fn pkcs1_public(reader: &mut Reader<'_>) -> Read {
    numbers(&mut reader.sequence()?, &PUBLIC)
}

fn pkcs1_private(reader: &mut Reader<'_>) -> Read {
    let mut reader = reader.sequence()?;
    // Version 0: two primes.
    if reader.unsigned()? != [0] {
        return None;
    }
    numbers(&mut reader, &PRIVATE)
}

fn numbers(reader: &mut Reader<'_>, names: &[&'static str]) -> Read {
    let mut parts = Parts::default();
    for name in names {
        parts.add(name, Zeroizing::new(reader.unsigned()?.to_vec()));
    }
    reader.is_empty().then_some(Ok(Material::Rsa(parts)))
}

/// A public key: an uncompressed point (SEC 1 §2.3.3), or the bytes of RFC 8410 §4.
fn public(curve: Curve, key: &[u8]) -> Option<Material> {
    let mut parts = Parts::default();
    let mut add = |name, bytes: &[u8]| parts.add(name, Zeroizing::new(bytes.to_vec()));
    if matches!(curve, Curve::Ed25519 | Curve::X25519) {
        add("x", key);
        return (key.len() == 32).then_some(Material::Okp(curve, parts));
    }
    let [4, point @ ..] = key else { return None };
    let (x, y) = point.split_at_checked(curve.size())?;
    add("x", x);
    add("y", y);
    (y.len() == curve.size()).then_some(Material::Ec(curve, parts))
}

fn invalid(message: &str) -> Error {
    refused(Code::JwkInvalid, message)
}

fn unsupported(message: &str) -> Error {
    refused(Code::NotSupported, message)
}

fn refused(code: Code, message: &str) -> Error {
    Error::told(code, "key.pem|RFC 7468|key.pem: {0}", &[message])
}

fn unknown() -> Error {
    unsupported("a key of another algorithm, expected RSA, P-256, P-384, P-521, Ed25519 or X25519")
}
