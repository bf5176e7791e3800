//! Keys as JavaScript gives them: JWK, JWK Set, `CryptoKey`, `{ secret }`, `{ pem }`.

use wasm_bindgen::prelude::*;

use super::crypto::{self, ROWS};
use super::error::Result;
use super::platform::member;
use super::subtle::odd;
use super::{json_in, values};
use crate::error::{Code, Error};
use crate::jose::{Key, Keys, Material, jwk, pem};

/// Keys of the core, and the platform's handle where the key is one.
pub(crate) struct JsKeys {
    pub(crate) keys: Keys,
    pub(crate) handle: Option<JsValue>,
}

impl JsKeys {
    /// Reads a key or a set without asking the platform.
    pub(crate) fn read(value: &JsValue, at: &str) -> Result<Self> {
        let expected = "a JWK, a JWK Set, a CryptoKey, { secret } or { pem }";
        if value.is_string() || !value.is_object() || values::is_array(value) {
            return Err(values::wrong(at, value, expected));
        }
        let get = |name: &str| values::get(value, name, &[at, ".", name].concat());
        if is_crypto_key(value) {
            return Self::of_platform(value, at);
        }
        let key = if !get("keys")?.is_undefined() {
            return Ok(Self { keys: Keys::parse_set(&json_in::to_object(value, at)?)?, handle: None });
        } else if !get("kty")?.is_undefined() {
            jwk::parse(&json_in::to_object(value, at)?)?
        } else if !get("secret")?.is_undefined() {
            let secret = values::required(value, "secret", at, values::secret)?;
            Key::secret(secret, values::optional(value, "alg", at, values::text)?)
        } else if !get("pem")?.is_undefined() {
            let mut key = pem::parse(&values::required(value, "pem", at, values::text)?)?;
            key.limit(
                values::optional(value, "alg", at, values::text)?,
                values::optional(value, "kid", at, values::text)?,
            );
            key
        } else {
            return Err(values::wrong(at, value, expected));
        };
        Ok(Self { keys: key.into(), handle: None })
    }

    /// Reads a key or a set; the platform is asked for what only it can tell.
    pub(crate) async fn read_whole(value: &JsValue, at: &str) -> Result<Self> {
        let read = Self::read(value, at)?;
        match (&read.keys, &read.handle) {
            (Keys::One(key), None) => {
                let Material::Pkcs8(curve, der) = key.material() else { return Ok(read) };
                let mut whole = crypto::complete_pkcs8(*curve, der).await?;
                whole.limit(key.alg().map(str::to_owned), key.kid().map(str::to_owned));
                Ok(Self { keys: whole.into(), handle: None })
            }
            (Keys::One(key), Some(handle)) if is_extractable_secret(handle) => {
                let exported = crypto::export(handle).await?;
                let Material::Oct(secret) = exported.material() else { return Err(odd("exportKey")) };
                // As a secret, not as a JWK: the platform took it however short it is.
                let mut secret = Key::secret(secret.clone(), key.alg().map(str::to_owned));
                secret.limit_operations(usages(handle, at)?);
                Ok(Self { keys: secret.into(), handle: None })
            }
            _ => Ok(read),
        }
    }

    /// The only key, for signing and encrypting.
    pub(crate) fn one(&self, at: &str) -> Result<&Key> {
        match &self.keys {
            Keys::One(key) => Ok(key),
            Keys::Set(_) => Err(Error::argument(at, &["a JWK Set, expected one key"]).into()),
        }
    }

    fn of_platform(value: &JsValue, at: &str) -> Result<Self> {
        let algorithm = values::get(value, "algorithm", at)?;
        let text = |object: &JsValue, name: &str| member(object, name).as_string();
        let name = text(&algorithm, "name").unwrap_or_default();
        let (hash, curve) = (text(&member(&algorithm, "hash"), "name"), text(&algorithm, "namedCurve"));
        let allowed: Vec<_> = ROWS
            .iter()
            .filter(|row| row.name == name || (row.name == "ECDH" && name == "X25519"))
            .filter(|row| row.hash == hash.as_deref() || row.name == "ECDSA")
            .filter(|row| row.curve.is_none() || row.curve == curve.as_deref())
            .map(|row| row.alg)
            .collect();
        #[allow(clippy::cast_possible_truncation)]
        let bits = |name: &str| member(&algorithm, name).as_f64().map(|bits| bits as i64);
        if bits("modulusLength").is_some_and(|bits| bits < 2048) {
            let message = ["the RSA key has less than the 2048 bits that are expected"];
            return Err(Error::new(Code::JwkInvalid, &message).at(at).spec("RFC 7518 §3.3").into());
        }
        let is_aes = ["AES-KW", "AES-GCM"].contains(&name.as_str());
        if allowed.is_empty() && !(is_aes && is_extractable_secret(value)) {
            let reason = if is_aes { " that may not be exported" } else { "" };
            let message = ["a CryptoKey for ", &name, reason, " has no use in a token"];
            return Err(Error::new(Code::NotSupported, &message).at(at).into());
        }
        let alg = match name.as_str() {
            "HMAC" => allowed.first().map(|alg| (*alg).to_owned()),
            "AES-KW" => bits("length").map(|bits| ["A", &bits.to_string(), "KW"].concat()),
            _ => None,
        };
        let is_private = text(value, "type").as_deref() != Some("public");
        let mut key = Key::new(Material::Platform(allowed, is_private));
        key.limit(alg, None);
        // Of these the platform does not allow what is asked of it: to encrypt, decrypt and derive bits.
        let others = ["wrapKey", "unwrapKey", "deriveKey"];
        key.limit_operations(usages(value, at)?.into_iter().filter(|name| !others.contains(&name.as_str())).collect());
        Ok(Self { keys: key.into(), handle: Some(value.clone()) })
    }
}

/// A `CryptoKey` of any realm: `instanceof` would fail.
fn is_crypto_key(value: &JsValue) -> bool {
    values::tag(value).is_ok_and(|tag| tag == "[object CryptoKey]")
}

fn is_extractable_secret(handle: &JsValue) -> bool {
    values::is(&member(handle, "type"), "secret") && member(handle, "extractable").is_truthy()
}

fn usages(handle: &JsValue, at: &str) -> Result<Vec<String>> {
    values::required(handle, "usages", at, values::texts)
}
