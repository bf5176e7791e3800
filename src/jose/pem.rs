//! Keys in PEM (RFC 7468): SPKI and X.509 certificates (RFC 5280 §4.1), PKCS #8 (RFC 5208, RFC 5958) and PKCS #1
//! (RFC 8017 §A.1). A certificate is read for its key only: nothing of it is verified.

use zeroize::Zeroizing;

use super::base64url;
use super::der::{BIT_STRING, CONTEXT_0, OBJECT_IDENTIFIER, OCTET_STRING, Reader};
use super::jwa::Curve;
use super::jwk::RSA;
use super::key::{Key, Material};
use super::parts::Parts;
use super::{curve, rsa};
use crate::error::{Code, Error, Result};

/// How the algorithm of a key begins: its object identifier, and behind that of elliptic curves (1.2.840.10045.2.1) that
/// of the curve (RFC 5480 §2.1.1; RFC 8410 §3 makes the curve the algorithm).
static ALGORITHMS: [(&[u8], Option<Curve>); 6] = [
    (&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1], None),
    (&[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], Some(Curve::P256)),
    (&[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22], Some(Curve::P384)),
    (&[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x23], Some(Curve::P521)),
    (&[6, 3, 0x2b, 0x65, 0x70], Some(Curve::Ed25519)),
    (&[6, 3, 0x2b, 0x65, 0x6e], Some(Curve::X25519)),
];

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

/// RSA, or the curve; an error for any other.
fn algorithm(reader: &mut Reader<'_>) -> Option<Result<Option<Curve>>> {
    let mut reader = reader.sequence()?;
    let found = reader.rest();
    reader.take(OBJECT_IDENTIFIER)?;
    reader.skip()?;
    let row = ALGORITHMS.iter().find(|(start, _)| found.starts_with(start));
    Some(
        row.map(|row| row.1).ok_or_else(|| {
            unsupported("a key of another algorithm, expected RSA, P-256, P-384, P-521, Ed25519 or X25519")
        }),
    )
}

fn spki(reader: &mut Reader<'_>) -> Read {
    let mut reader = reader.sequence()?;
    let algorithm = algorithm(&mut reader)?;
    // The first byte counts the bits that are left over at the end.
    let [0, key @ ..] = reader.take(BIT_STRING)? else { return None };
    let read = match algorithm {
        Err(error) => Err(error),
        Ok(None) => whole(key, pkcs1_public)?,
        Ok(Some(curve)) => Ok(public(curve, key)?),
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
        Err(error) => Err(error),
        Ok(None) => whole(key, pkcs1_private)?,
        Ok(Some(curve)) => Ok(Material::Pkcs8(curve, Zeroizing::new(der.to_vec()))),
    })
}

fn pkcs1_public(reader: &mut Reader<'_>) -> Read {
    numbers(&mut reader.sequence()?, 2)
}

fn pkcs1_private(reader: &mut Reader<'_>) -> Read {
    let mut reader = reader.sequence()?;
    // Version 0: two primes.
    if reader.unsigned()? != [0] {
        return None;
    }
    numbers(&mut reader, 8)
}

fn numbers(reader: &mut Reader<'_>, count: usize) -> Read {
    let mut parts = Parts::default();
    for name in RSA.iter().take(count) {
        parts.add(name, Zeroizing::new(reader.unsigned()?.to_vec()));
    }
    reader.is_empty().then_some(Ok(Material::Rsa(parts)))
}

/// A public key: an uncompressed point (SEC 1 §2.3.3), or the bytes of RFC 8410 §4.
fn public(curve: Curve, key: &[u8]) -> Option<Material> {
    let mut parts = Parts::default();
    let mut add = |name, bytes: &[u8]| parts.add(name, Zeroizing::new(bytes.to_vec()));
    if curve::is_okp(curve) {
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
