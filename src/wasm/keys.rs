//! Keys as JavaScript gives them: JWK, JWK Set, `CryptoKey`, `{ secret }`, `{ pem }`.

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::at::At;
use super::crypto::{self, ROWS};
use super::error::Result;
use super::names::get;
use super::options::Options;
use super::subtle::{Steps, odd};
use super::{js, json_in, known, values};
use crate::error::text::decimal;
use crate::error::{Code, Error};
use crate::jose::{Key, Keys, Material, jwk, pem};

/// Keys of the core, and the platform's handle where the key is one.
pub(crate) struct JsKeys {
    pub(crate) keys: Keys,
    pub(crate) handle: Option<JsValue>,
    /// What a JWK is remembered by.
    pub(crate) name: Option<known::Name>,
}

impl JsKeys {
    /// Reads a key or a set without asking the platform.
    pub(crate) fn read(value: &JsValue, at: &At<'_>) -> Result<Self> {
        let expected = || values::wrong(at, value, "a JWK, a JWK Set, a CryptoKey, { secret } or { pem }");
        if !value.is_object() || values::is_array(value) {
            return Err(expected());
        }
        let mut options = Options::at(value, *at);
        let [set, jwk, secret, pem] = ["keys", "kty", "secret", "pem"].map(|name| options.value(name).is_some());
        options.check()?;
        let key = if set {
            return Ok(Self::of_core(Keys::parse_set(&Zeroizing::new(json_in::to_object(value, at)?))?));
        } else if jwk {
            let jwk = Zeroizing::new(json_in::to_object(value, at)?);
            let name = known::name_of(&jwk);
            return Ok(Self { name, ..Self::of_core(jwk::parse(&jwk)?.into()) });
        } else if secret {
            let (secret, alg) = (options.secret("secret"), options.text("alg"));
            Key::secret(options.give(secret)?, alg)
        } else if pem {
            let (pem, alg, kid) = (options.text("pem").map(Zeroizing::new), options.text("alg"), options.text("kid"));
            let mut key = pem::parse(&options.give(pem)?)?;
            key.limit(alg, kid);
            key
        } else if is_crypto_key(value) {
            return Self::of_platform(value, at);
        } else {
            return Err(expected());
        };
        Ok(Self::of_core(key.into()))
    }

    fn of_core(keys: Keys) -> Self {
        Self { keys, handle: None, name: None }
    }

    /// Reads a key or a set; the platform is asked for what only it can tell.
    pub(crate) async fn read_whole(value: &JsValue, at: &At<'_>) -> Result<Self> {
        let mut read = Self::read(value, at)?;
        if let Some(steps) = read.asks()? {
            let answers = steps.ask().await;
            read = read.completed(crypto::last_exported(&answers)?, at)?;
        }
        Ok(read)
    }

    /// What only the platform can tell.
    fn asks(&self) -> Result<Option<Steps>> {
        let Keys::One(key) = &self.keys else { return Ok(None) };
        match (key.material(), &self.handle) {
            (Material::Pkcs8(curve, der), None) => crypto::complete_pkcs8(*curve, der).map(Some),
            (_, Some(handle)) if is_extractable_secret(handle) => Ok(Some(crypto::export(handle))),
            _ => Ok(None),
        }
    }

    /// With what it told.
    fn completed(self, mut exported: Key, at: &At<'_>) -> Result<Self> {
        let key = self.one(at)?;
        let (alg, kid) = (key.alg().map(str::to_owned), key.kid().map(str::to_owned));
        if let Some(handle) = &self.handle {
            let Material::Oct(secret) = exported.material() else { return Err(odd("exportKey")) };
            // As a secret, not as a JWK: the platform took it however short it is.
            exported = Key::secret(secret.clone(), alg);
            exported.limit_operations(usages(handle, at)?);
        } else {
            exported.limit(alg, kid);
        }
        Ok(Self::of_core(exported.into()))
    }

    /// The only key, for signing and encrypting.
    pub(crate) fn one(&self, at: &At<'_>) -> Result<&Key> {
        match &self.keys {
            Keys::One(key) => Ok(key),
            Keys::Set(_) => Err(values::fault(at, &["a JWK Set, expected one key"])),
        }
    }

    fn of_platform(value: &JsValue, at: &At<'_>) -> Result<Self> {
        let algorithm = values::get(value, "algorithm", at)?;
        let text = |object: &JsValue, name| get(object, name).as_string();
        let name = text(&algorithm, "name").unwrap_or_default();
        let (hash, curve) = (text(&get(&algorithm, "hash"), "name"), text(&algorithm, "namedCurve"));
        let allowed: Vec<_> = ROWS
            .iter()
            .filter(|row| row.name == name || (row.name == "ECDH" && name == "X25519"))
            .filter(|row| row.hash == hash.as_deref() || row.name == "ECDSA")
            .filter(|row| row.curve.is_none() || row.curve == curve.as_deref())
            .map(|row| row.alg)
            .collect();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let bits = |name| get(&algorithm, name).as_f64().map(|bits| bits as usize);
        if bits("modulusLength").is_some_and(|bits| bits < 2048) {
            let message = ["the RSA key has less than the 2048 bits that are expected"];
            return Err(Error::new(Code::JwkInvalid, &message).at(&at.text()).spec("RFC 7518 §3.3").into());
        }
        let is_aes = ["AES-KW", "AES-GCM"].contains(&name.as_str());
        if allowed.is_empty() && !(is_aes && is_extractable_secret(value)) {
            let reason = if is_aes { " that may not be exported" } else { "" };
            let message = ["a CryptoKey for ", &name, reason, " has no use in a token"];
            return Err(Error::new(Code::NotSupported, &message).at(&at.text()).into());
        }
        let alg = match name.as_str() {
            "HMAC" => allowed.first().map(|alg| (*alg).to_owned()),
            "AES-KW" => bits("length").map(|bits| ["A", &decimal(bits), "KW"].concat()),
            _ => None,
        };
        let is_private = text(value, "type").as_deref() != Some("public");
        let mut key = Key::new(Material::Platform(allowed, is_private));
        key.limit(alg, None);
        // Of these the platform does not allow what is asked of it: to encrypt, decrypt and derive bits.
        let others = ["wrapKey", "unwrapKey", "deriveKey"];
        key.limit_operations(usages(value, at)?.into_iter().filter(|name| !others.contains(&name.as_str())).collect());
        Ok(Self { handle: Some(value.clone()), ..Self::of_core(key.into()) })
    }
}

/// A `CryptoKey` of any realm: `instanceof` would fail.
fn is_crypto_key(value: &JsValue) -> bool {
    js::is_tagged(value, "[object CryptoKey]")
}

fn is_extractable_secret(handle: &JsValue) -> bool {
    values::is(&get(handle, "type"), "secret") && get(handle, "extractable").is_truthy()
}

fn usages(handle: &JsValue, at: &At<'_>) -> Result<Vec<String>> {
    values::texts(&values::get(handle, "usages", at)?, &at.member("usages"))
}
