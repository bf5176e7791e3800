//! PEMs of every kind, written by OpenSSL.

use canvas_lms_tokens::json::Object;
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private, Public};
use openssl::x509::{X509Builder, X509NameBuilder};

use super::{crypto, keys};

pub(crate) fn private(jwk: &Object) -> PKey<Private> {
    crypto::private(&keys::key(jwk))
}

pub(crate) fn public(jwk: &Object) -> PKey<Public> {
    crypto::public(&keys::key(jwk))
}

fn utf8(pem: Vec<u8>) -> String {
    String::from_utf8(pem).unwrap()
}

pub(crate) fn spki(jwk: &Object) -> String {
    utf8(public(jwk).public_key_to_pem().unwrap())
}

pub(crate) fn pkcs8(jwk: &Object) -> String {
    utf8(private(jwk).private_key_to_pem_pkcs8().unwrap())
}

pub(crate) fn pkcs1_public(jwk: &Object) -> String {
    utf8(public(jwk).rsa().unwrap().public_key_to_pem_pkcs1().unwrap())
}

pub(crate) fn pkcs1_private(jwk: &Object) -> String {
    utf8(private(jwk).rsa().unwrap().private_key_to_pem().unwrap())
}

pub(crate) fn sec1(jwk: &Object) -> String {
    utf8(private(jwk).ec_key().unwrap().private_key_to_pem().unwrap())
}

/// A certificate for this key; version 1 has no extensions.
pub(crate) fn certificate(jwk: &Object, version: i32) -> String {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "school.test").unwrap();
    let name = name.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(version - 1).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(1).unwrap()).unwrap();
    builder.set_pubkey(&public(jwk)).unwrap();
    if version == 3 {
        let extension = openssl::x509::extension::BasicConstraints::new().ca().build().unwrap();
        builder.append_extension(extension).unwrap();
    }
    // Not its own signature, as X25519 signs nothing: nobody looks at it.
    builder.sign(&private(&keys::rsa()), MessageDigest::sha256()).unwrap();
    utf8(builder.build().to_pem().unwrap())
}

/// DER under any label.
pub(crate) fn armour(label: &str, der: &[u8]) -> String {
    let text = openssl::base64::encode_block(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The DER in a PEM.
pub(crate) fn der(pem: &str) -> Vec<u8> {
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    openssl::base64::decode_block(&text).unwrap()
}
