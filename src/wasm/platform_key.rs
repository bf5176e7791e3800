//! A `CryptoKey`: what it may be used for.

use serde::Deserialize;
use wasm_bindgen::prelude::*;
use web_sys::CryptoKey;

use super::error::{Result, Thrown};
use super::read::{self, Texts};
use super::value::{get, is_text, short_string, try_get};
use super::webcrypto::ALGORITHMS;
use crate::error::{Code, Error};
use crate::jose::{Key, Material};

/// A key that the platform holds, with what the platform allows it.
pub(crate) fn read(handle: &CryptoKey, name: &str) -> Result<Key> {
    let algorithm = try_get(handle, "algorithm").map_err(|cause| {
        Thrown::caused_by(Error::argument(&format!("{name}.algorithm"), "reading it failed"), cause)
    })?;
    let text = |object: &JsValue, member: &'static str| short_string(&get(object, member));
    let algorithm_name = text(&algorithm, "name").unwrap_or_default();
    let (hash, curve) = (text(&get(&algorithm, "hash"), "name"), text(&algorithm, "namedCurve"));
    let allowed: Vec<_> = ALGORITHMS
        .iter()
        .filter(|row| row.name == algorithm_name || (row.name == "ECDH" && algorithm_name == "X25519"))
        .filter(|row| row.hash == hash.as_deref() || row.name == "ECDSA")
        .filter(|row| row.curve.is_none() || row.curve == curve.as_deref())
        .map(|row| row.alg)
        .collect();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let bits = |member: &'static str| get(&algorithm, member).as_f64().map(|bits| bits as usize);
    if bits("modulusLength").is_some_and(|bits| bits < 2048) {
        let message = "the RSA key has less than the 2048 bits that are expected";
        return Err(Error::new(Code::JwkInvalid, message).at(name).spec("RFC 7518 §3.3").into());
    }
    let is_aes = ["AES-KW", "AES-GCM"].contains(&algorithm_name.as_str());
    if allowed.is_empty() && !(is_aes && is_extractable_secret(handle)) {
        let reason = if is_aes { " that may not be exported" } else { "" };
        let message = format!("a CryptoKey for {algorithm_name}{reason} has no use in a token");
        return Err(Error::new(Code::NotSupported, message).at(name).into());
    }
    let alg = match algorithm_name.as_str() {
        "HMAC" => allowed.first().map(|alg| (*alg).to_owned()),
        "AES-KW" => bits("length").map(|bits| format!("A{bits}KW")),
        _ => None,
    };
    let is_private = !is_text(&get(handle, "type"), "public");
    let mut key = Key::new(Material::Platform(allowed, is_private));
    key.limit(alg, None);
    // Of these the platform does not allow what is asked of it: to encrypt, decrypt and derive bits.
    let others = ["wrapKey", "unwrapKey", "deriveKey"];
    key.limit_operations(usages(handle, name)?.into_iter().filter(|usage| !others.contains(&usage.as_str())).collect());
    Ok(key)
}

/// Whether it is a secret whose bytes the platform gives.
pub(crate) fn is_extractable_secret(handle: &CryptoKey) -> bool {
    is_text(&get(handle, "type"), "secret") && get(handle, "extractable").is_truthy()
}

/// The usages of a `CryptoKey`.
#[derive(Deserialize)]
struct Usages {
    usages: Texts,
}

pub(crate) fn usages(handle: &CryptoKey, name: &str) -> Result<Vec<String>> {
    read::open::<Usages>(handle, name).map(|usages| usages.usages.0)
}
