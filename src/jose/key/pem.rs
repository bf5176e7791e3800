//! Keys in PEM (RFC 7468): SPKI and X.509 certificates (RFC 5280 §4.1), PKCS #8 (RFC 5208, RFC 5958) and PKCS #1
//! (RFC 8017 §A.1). A certificate is read for its key only: nothing of it is verified.

use der::asn1::{AnyRef, ContextSpecific, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Decode, Reader, SliceReader, TagNumber};
use pem_rfc7468::Decoder;
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use super::Key;
use super::check::{check_rsa, is_on_curve};
use super::jwk::RSA;
use super::material::{Material, Parts};
use crate::error::{Code, Error, Result};
use crate::jose::jwa::Curve;

/// RFC 8017 §A.1.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// RFC 5480 §2.1.1; its parameters name the curve.
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// RFC 5480 §2.1.1.1.
const EC_CURVES: [(ObjectIdentifier, Curve); 3] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), Curve::P256),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), Curve::P384),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), Curve::P521),
];
/// RFC 8410 §3: the algorithm itself is the curve.
const OKP_CURVES: [(ObjectIdentifier, Curve); 2] = [
    (ObjectIdentifier::new_unwrap("1.3.101.112"), Curve::Ed25519),
    (ObjectIdentifier::new_unwrap("1.3.101.110"), Curve::X25519),
];

/// Reads and checks a key in PEM.
///
/// # Errors
/// `ERR_JWK_INVALID` for what is malformed or unsafe, `ERR_JOSE_NOT_SUPPORTED` for other kinds of PEM and keys.
pub fn parse(pem: &str) -> Result<Key> {
    let block = one_block(pem).ok_or_else(|| not_one_key(pem))?;
    let (label, der) = decode(&block).map_err(|_| not_one_key(pem))?;
    let material = match label {
        "PUBLIC KEY" => of_spki(&read(&der)?),
        "CERTIFICATE" => of_certificate(&der),
        "PRIVATE KEY" => of_pkcs8(&der),
        "RSA PUBLIC KEY" => of_pkcs1_public(&der),
        "RSA PRIVATE KEY" => of_pkcs1_private(&der),
        "ENCRYPTED PRIVATE KEY" => Err(unsupported("an encrypted private key; decrypt it first, with openssl pkcs8")),
        "EC PRIVATE KEY" => Err(unsupported("SEC 1; convert it to PKCS #8, with openssl pkcs8 -topk8 -nocrypt")),
        _ => Err(unsupported("a PEM of another kind, expected a public key, private key or certificate")),
    }?;
    match &material {
        Material::Rsa(parts) => check_rsa(parts)?,
        Material::Ec(curve, parts) if !is_on_curve(*curve, parts) => {
            return Err(invalid(&format!("the point is not on {}", curve.name())));
        }
        _ => {}
    }
    Ok(Key::new(material))
}

/// The lines from BEGIN on, white space around them and empty ones left out, and the base64 joined to one line: the
/// library wants lines of one length, which keys that were pasted or indented often lack. Lines may end in any way (RFC 7468 §2).
fn one_block(pem: &str) -> Option<Zeroizing<String>> {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let lines = pem.split(['\r', '\n']).map(|line| line.trim_matches(blank)).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.skip_while(|line| !line.starts_with("-----BEGIN ")).collect();
    let [begin, base64 @ .., end] = lines.as_slice() else { return None };
    // Wide enough from the start: a text that grows leaves a copy of itself behind.
    let mut block = Zeroizing::new(String::with_capacity(pem.len() + 2));
    block.push_str(begin);
    block.push('\n');
    for line in base64 {
        block.push_str(line);
    }
    block.push('\n');
    block.push_str(end);
    Some(block)
}

/// The label, and the bytes between BEGIN and END.
fn decode(block: &str) -> pem_rfc7468::Result<(&str, Zeroizing<Vec<u8>>)> {
    let mut decoder = Decoder::new_detect_wrap(block.as_bytes())?;
    let mut der = Zeroizing::new(Vec::with_capacity(decoder.remaining_len()));
    decoder.decode_to_end(&mut der)?;
    Ok((decoder.type_label(), der))
}

/// A structure that fills the DER.
fn read<'a, T: Decode<'a>>(der: &'a [u8]) -> Result<T> {
    T::from_der(der).map_err(|_| malformed())
}

fn of_spki(info: &SubjectPublicKeyInfoRef<'_>) -> Result<Material> {
    let key = info.subject_public_key.as_bytes().ok_or_else(malformed)?;
    match curve_of(&info.algorithm)? {
        None => of_pkcs1_public(key),
        Some(curve) => on_curve(curve, key).ok_or_else(malformed),
    }
}

fn of_certificate(der: &[u8]) -> Result<Material> {
    let read = || -> der::Result<SubjectPublicKeyInfoRef<'_>> {
        let mut reader = SliceReader::new(der)?;
        let info = reader.sequence(|certificate| {
            let info = certificate.sequence(subject_public_key_info);
            let (_algorithm, _signature) = (AnyRef::decode(certificate)?, AnyRef::decode(certificate)?);
            info
        })?;
        reader.finish()?;
        Ok(info)
    };
    of_spki(&read().map_err(|_| malformed())?)
}

/// The key of a `TBSCertificate` (RFC 5280 §4.1). The rest is passed over, whatever it holds.
fn subject_public_key_info<'a>(certificate: &mut SliceReader<'a>) -> der::Result<SubjectPublicKeyInfoRef<'a>> {
    let _version = ContextSpecific::<AnyRef<'_>>::decode_explicit(certificate, TagNumber(0))?;
    for _serial_number_signature_issuer_validity_subject in 0..5 {
        AnyRef::decode(certificate)?;
    }
    let info = SubjectPublicKeyInfoRef::decode(certificate)?;
    pass_over_rest(certificate)?;
    Ok(info)
}

fn pass_over_rest(reader: &mut SliceReader<'_>) -> der::Result<()> {
    while !reader.is_finished() {
        AnyRef::decode(reader)?;
    }
    Ok(())
}

/// A private key on a curve stays as it is: it need not tell its public half, which only the platform can compute. Not
/// read by the crate pkcs8, which refuses keys of version 2 without a public key: OpenSSL and the platforms read them.
fn of_pkcs8(der: &[u8]) -> Result<Material> {
    let read = || -> der::Result<(AlgorithmIdentifierRef<'_>, &OctetStringRef)> {
        let mut reader = SliceReader::new(der)?;
        let info = reader.sequence(|info: &mut SliceReader<'_>| {
            let _version = UintRef::decode(info)?;
            let read = (AlgorithmIdentifierRef::decode(info)?, <&OctetStringRef>::decode(info)?);
            // Attributes, and perhaps the public key (RFC 5958 §2).
            pass_over_rest(info)?;
            Ok::<_, der::Error>(read)
        })?;
        reader.finish()?;
        Ok(info)
    };
    let (algorithm, key) = read().map_err(|_| malformed())?;
    match curve_of(&algorithm)? {
        None => of_pkcs1_private(key.as_bytes()),
        Some(curve) => Ok(Material::Pkcs8(curve, Zeroizing::new(der.to_vec()))),
    }
}

fn of_pkcs1_public(der: &[u8]) -> Result<Material> {
    let RsaPublicKeyRef { modulus, public_exponent } = read(der)?;
    Ok(of_numbers([modulus, public_exponent]))
}

fn of_pkcs1_private(der: &[u8]) -> Result<Material> {
    let key: RsaPrivateKeyRef<'_> = read(der)?;
    if key.other_prime_infos.is_some() {
        return Err(malformed());
    }
    Ok(of_numbers([
        key.modulus,
        key.public_exponent,
        key.private_exponent,
        key.prime1,
        key.prime2,
        key.exponent1,
        key.exponent2,
        key.coefficient,
    ]))
}

/// The numbers of an RSA key, in the order of RFC 8017 §A.1, which is that of RFC 7518 §6.3.
fn of_numbers<const COUNT: usize>(numbers: [UintRef<'_>; COUNT]) -> Material {
    let mut parts = Parts::default();
    for (name, number) in RSA.iter().zip(numbers) {
        parts.add(name, Zeroizing::new(number.as_bytes().to_vec()));
    }
    Material::Rsa(parts)
}

/// The curve of the key, none where it is an RSA key.
fn curve_of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Option<Curve>> {
    if algorithm.oid == RSA_ENCRYPTION {
        return Ok(None);
    }
    let curve = if algorithm.oid == EC_PUBLIC_KEY {
        let named = algorithm.parameters_oid().ok();
        EC_CURVES.iter().find(|(oid, _)| Some(*oid) == named)
    } else {
        OKP_CURVES.iter().find(|(oid, _)| *oid == algorithm.oid)
    };
    let message = "a key of another algorithm, expected RSA, P-256, P-384, P-521, Ed25519 or X25519";
    curve.map(|(_, curve)| Some(*curve)).ok_or_else(|| unsupported(message))
}

/// A public key: an uncompressed point (SEC 1 §2.3.3), or the bytes of RFC 8410 §4.
fn on_curve(curve: Curve, key: &[u8]) -> Option<Material> {
    let mut parts = Parts::default();
    let mut add = |name, bytes: &[u8]| parts.add(name, Zeroizing::new(bytes.to_vec()));
    if curve.is_okp() {
        add("x", key);
        return (key.len() == curve.size()).then_some(Material::Okp(curve, parts));
    }
    let [4, point @ ..] = key else { return None };
    let (x, y) = point.split_at_checked(curve.size())?;
    add("x", x);
    add("y", y);
    (y.len() == curve.size()).then_some(Material::Ec(curve, parts))
}

fn not_one_key(pem: &str) -> Error {
    if pem.contains("-----\\n") {
        return invalid(
            "its line breaks are written \\n, as in a variable of the environment; put true ones in their place",
        );
    }
    invalid("not a PEM with one key (-----BEGIN …, base64, -----END …)")
}

fn malformed() -> Error {
    invalid("the DER inside is not what its label says")
}

fn invalid(message: &str) -> Error {
    refused(Code::JwkInvalid, message)
}

fn unsupported(message: &str) -> Error {
    refused(Code::NotSupported, message)
}

fn refused(code: Code, message: &str) -> Error {
    Error::new(code, format!("key.pem: {message}")).at("key.pem").spec("RFC 7468")
}
