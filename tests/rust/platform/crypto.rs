//! RSA, ECDSA, EdDSA, RSAES-OAEP and ECDH by `OpenSSL`. What fails for its input gives nothing, as WebCrypto's does.

use canvas_lms_tokens::jose::{Key, Material, base64url, jwk};
use canvas_lms_tokens::json::{Json, Object};
use openssl::bn::{BigNum, BigNumContext};
use openssl::derive::Deriver;
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::ecdsa::EcdsaSig;
use openssl::encrypt::{Decrypter, Encrypter};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private, Public};
use openssl::rsa::{Padding, Rsa, RsaPrivateKeyBuilder};
use openssl::sign::{RsaPssSaltlen, Signer, Verifier};

pub(crate) fn sign(alg: &str, key: &Key, input: &[u8]) -> Vec<u8> {
    let key = private(key);
    let Some(digest) = digest(alg) else {
        return Signer::new_without_digest(&key).unwrap().sign_oneshot_to_vec(input).unwrap();
    };
    let mut signer = Signer::new(digest, &key).unwrap();
    if alg.starts_with("PS") {
        signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
        signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
    }
    let signature = signer.sign_oneshot_to_vec(input).unwrap();
    let Some(size) = half(alg) else { return signature };
    // RFC 7518 §3.4: R and S, each as long as the order.
    let signature = EcdsaSig::from_der(&signature).unwrap();
    [signature.r(), signature.s()].map(|number| number.to_vec_padded(size_of(size)).unwrap()).concat()
}

pub(crate) fn verify(alg: &str, key: &Key, input: &[u8], signature: &[u8]) -> bool {
    let key = public(key);
    let Some(digest) = digest(alg) else {
        return Verifier::new_without_digest(&key).unwrap().verify_oneshot(signature, input).unwrap_or(false);
    };
    let signature = match half(alg) {
        None => signature.to_vec(),
        Some(size) if signature.len() == 2 * size => {
            let (r, s) = signature.split_at(size);
            let [r, s] = [r, s].map(|half| BigNum::from_slice(half).unwrap());
            EcdsaSig::from_private_components(r, s).unwrap().to_der().unwrap()
        }
        Some(_) => return false,
    };
    let mut verifier = Verifier::new(digest, &key).unwrap();
    if alg.starts_with("PS") {
        verifier.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
        verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
    }
    verifier.verify_oneshot(&signature, input).unwrap_or(false)
}

pub(crate) fn oaep_encrypt(alg: &str, key: &Key, cek: &[u8]) -> Vec<u8> {
    let key = public(key);
    let mut encrypter = Encrypter::new(&key).unwrap();
    encrypter.set_rsa_padding(Padding::PKCS1_OAEP).unwrap();
    encrypter.set_rsa_oaep_md(oaep_digest(alg)).unwrap();
    encrypter.set_rsa_mgf1_md(oaep_digest(alg)).unwrap();
    let mut out = vec![0; encrypter.encrypt_len(cek).unwrap()];
    let length = encrypter.encrypt(cek, &mut out).unwrap();
    out.truncate(length);
    out
}

pub(crate) fn oaep_decrypt(alg: &str, key: &Key, encrypted: &[u8]) -> Option<Vec<u8>> {
    let key = private(key);
    let mut decrypter = Decrypter::new(&key).unwrap();
    decrypter.set_rsa_padding(Padding::PKCS1_OAEP).unwrap();
    decrypter.set_rsa_oaep_md(oaep_digest(alg)).unwrap();
    decrypter.set_rsa_mgf1_md(oaep_digest(alg)).unwrap();
    let mut out = vec![0; decrypter.decrypt_len(encrypted).ok()?];
    let length = decrypter.decrypt(encrypted, &mut out).ok()?;
    out.truncate(length);
    Some(out)
}

pub(crate) fn agree(own: &Key, public_key: &Key) -> Option<Vec<u8>> {
    let (own, public_key) = (private(own), public(public_key));
    let mut deriver = Deriver::new(&own).unwrap();
    deriver.set_peer(&public_key).ok()?;
    deriver.derive_to_vec().ok()
}

/// A new key on the recipient's curve: its public half, and the value agreed on.
pub(crate) fn agree_ephemeral(recipient: &Key) -> (Object, Vec<u8>) {
    let ephemeral = match recipient.material() {
        Material::Ec(curve, _) => {
            let d = EcKey::generate(&group(curve.name())).unwrap().private_key().to_vec_padded(size_of(curve.size()));
            ec_jwk(curve.name(), &d.unwrap())
        }
        Material::Okp(curve, _) => okp_jwk(curve.name(), &PKey::generate_x25519().unwrap().raw_private_key().unwrap()),
        _ => panic!("no key to agree with"),
    };
    let ephemeral = jwk::parse(&ephemeral).unwrap();
    let z = agree(&ephemeral, recipient).unwrap();
    (jwk::to_public_members(&ephemeral), z)
}

/// The JWK of this private scalar.
pub(crate) fn ec_jwk(crv: &str, d: &[u8]) -> Object {
    let (group, mut context) = (group(crv), BigNumContext::new().unwrap());
    let mut point = EcPoint::new(&group).unwrap();
    point.mul_generator2(&group, &BigNum::from_slice(d).unwrap(), &mut context).unwrap();
    let (mut x, mut y) = (BigNum::new().unwrap(), BigNum::new().unwrap());
    point.affine_coordinates(&group, &mut x, &mut y, &mut context).unwrap();
    let padded = |number: &BigNum| number.to_vec_padded(size_of(d.len())).unwrap();
    jwk_of("EC", crv, &[("x", &padded(&x)), ("y", &padded(&y)), ("d", d)])
}

/// The JWK of this private key of RFC 8037.
pub(crate) fn okp_jwk(crv: &str, d: &[u8]) -> Object {
    let x = PKey::private_key_from_raw_bytes(d, okp_id(crv)).unwrap().raw_public_key().unwrap();
    jwk_of("OKP", crv, &[("x", &x), ("d", d)])
}

fn jwk_of(kty: &str, crv: &str, parts: &[(&'static str, &[u8])]) -> Object {
    let parts = parts.iter().map(|(name, bytes)| (*name, Json::String(base64url::encode(bytes))));
    [("kty", Json::from(kty)), ("crv", Json::from(crv))].into_iter().chain(parts).collect()
}

/// The key as OpenSSL has it.
pub(crate) fn public(key: &Key) -> PKey<Public> {
    let members = jwk::to_members(key);
    let number = |name| number(&members, name).unwrap();
    match members.text("kty") {
        Some("RSA") => PKey::from_rsa(Rsa::from_public_components(number("n"), number("e")).unwrap()).unwrap(),
        Some("EC") => {
            let group = group(members.text("crv").unwrap());
            PKey::from_ec_key(EcKey::from_public_key_affine_coordinates(&group, &number("x"), &number("y")).unwrap())
                .unwrap()
        }
        Some("OKP") => {
            let id = okp_id(members.text("crv").unwrap());
            PKey::public_key_from_raw_bytes(&bytes(&members, "x").unwrap(), id).unwrap()
        }
        // PKCS #8 does not tell its public half; OpenSSL computes it.
        _ => PKey::public_key_from_der(&private(key).public_key_to_der().unwrap()).unwrap(),
    }
}

pub(crate) fn private(key: &Key) -> PKey<Private> {
    if let Material::Pkcs8(_, der) = key.material() {
        return PKey::private_key_from_pkcs8(der).unwrap();
    }
    let members = jwk::to_members(key);
    let number = |name| number(&members, name).unwrap();
    match members.text("kty") {
        Some("RSA") => {
            let rsa = RsaPrivateKeyBuilder::new(number("n"), number("e"), number("d")).unwrap();
            let rsa = rsa.set_factors(number("p"), number("q")).unwrap();
            let rsa = rsa.set_crt_params(number("dp"), number("dq"), number("qi")).unwrap();
            PKey::from_rsa(rsa.build()).unwrap()
        }
        Some("EC") => {
            let group = group(members.text("crv").unwrap());
            let ec = EcKey::from_public_key_affine_coordinates(&group, &number("x"), &number("y")).unwrap();
            let ec = EcKey::from_private_components(&group, &number("d"), ec.public_key()).unwrap();
            PKey::from_ec_key(ec).unwrap()
        }
        _ => {
            let id = okp_id(members.text("crv").unwrap());
            PKey::private_key_from_raw_bytes(&bytes(&members, "d").unwrap(), id).unwrap()
        }
    }
}

fn bytes(members: &Object, name: &str) -> Option<Vec<u8>> {
    members.text(name).map(|text| base64url::decode(text).unwrap())
}

fn number(members: &Object, name: &str) -> Option<BigNum> {
    bytes(members, name).map(|bytes| BigNum::from_slice(&bytes).unwrap())
}

fn digest(alg: &str) -> Option<MessageDigest> {
    match alg.get(2..)? {
        "256" => Some(MessageDigest::sha256()),
        "384" => Some(MessageDigest::sha384()),
        "512" => Some(MessageDigest::sha512()),
        _ => None,
    }
}

fn oaep_digest(alg: &str) -> MessageDigest {
    if alg == "RSA-OAEP-256" { MessageDigest::sha256() } else { MessageDigest::sha1() }
}

/// The length of R and of S.
fn half(alg: &str) -> Option<usize> {
    match alg {
        "ES256" => Some(32),
        "ES384" => Some(48),
        "ES512" => Some(66),
        _ => None,
    }
}

fn size_of(length: usize) -> i32 {
    i32::try_from(length).unwrap()
}

pub(crate) fn group(crv: &str) -> EcGroup {
    let nid = match crv {
        "P-256" => Nid::X9_62_PRIME256V1,
        "P-384" => Nid::SECP384R1,
        "P-521" => Nid::SECP521R1,
        _ => panic!("no curve {crv}"),
    };
    EcGroup::from_curve_name(nid).unwrap()
}

fn okp_id(crv: &str) -> Id {
    if crv == "Ed25519" { Id::ED25519 } else { Id::X25519 }
}
