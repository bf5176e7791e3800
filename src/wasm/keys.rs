//! Keys as JavaScript gives them: JWK, JWK Set, `CryptoKey`, `{ secret }`, `{ pem }`, those that live elsewhere, and what was
//! prepared of them.

use std::rc::Rc;

use serde::Deserialize;
use wasm_bindgen::prelude::*;
use web_sys::CryptoKey;
use zeroize::Zeroizing;

use super::call::Call;
use super::error::{Result, Thrown};
use super::external::External;
use super::json;
use super::prepared::{self, Imported, Prepared, Usage};
use super::read::{self, Bytes, SecretText, Texts};
use super::remote_jwks;
use super::value::{get, is_array, is_tagged, is_text, short_string, try_get};
use super::webcrypto::{self, ALGORITHMS};
use crate::error::{Code, Error};
use crate::jose::jwa::Curve;
use crate::jose::{Ask, Decryption, Key, Keys, Material, Secret, SigningInput, Verification, jwk, pem};
use crate::lti13::jwks;

/// A key of the core, and what the platform knows of it.
pub(crate) struct JsKey<'k> {
    key: &'k Key,
    handle: Option<&'k CryptoKey>,
    prepared: Option<&'k Prepared>,
    external: Option<&'k External>,
}

impl JsKey<'_> {
    /// Signs: with the shared secret, where the key lives, or by the platform.
    pub(crate) async fn sign(&self, input: &SigningInput<'_>, call: &Call) -> Result<Vec<u8>> {
        let (alg, bytes) = (input.algorithm(), input.as_bytes());
        match (input.mac(), self.external) {
            (Some(mac), _) => Ok(mac),
            (None, Some(external)) => external.sign(alg, bytes, call).await,
            (None, None) => webcrypto::sign(alg.name, &self.handle(alg.name, Usage::Sign).await?, bytes).await,
        }
    }

    /// Whether the signature is right.
    pub(crate) async fn verify(&self, verification: &Verification<'_>, call: &Call) -> Result<bool> {
        let (alg, signature) = (verification.algorithm(), verification.signature());
        let input = verification.signing_input();
        match (verification.mac_is_right(), self.external) {
            (Some(is_right), _) => Ok(is_right),
            (None, Some(external)) => external.verify(alg, input, signature, call).await,
            (None, None) => {
                let own = self.handle(alg.name, Usage::Verify).await?;
                webcrypto::verify(alg.name, &own, input, signature).await
            }
        }
    }

    /// What has to be done before the core decrypts; nothing where that failed, or is not needed.
    pub(crate) async fn prepare_decryption(
        &self,
        decryption: &Decryption<'_>,
        call: &Call,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let alg = decryption.algorithm().name;
        match (decryption.ask(), self.external) {
            (Ask::Decrypt(encrypted), _) => {
                webcrypto::rsa_decrypt(alg, &self.handle(alg, Usage::Decrypt).await?, encrypted).await
            }
            (Ask::Agree(ephemeral), _) => webcrypto::agree(&self.handle_to_agree(ephemeral).await?, ephemeral).await,
            (Ask::Unwrap(encrypted), Some(external)) => external.unwrap_key(encrypted, decryption.header(), call).await,
            (Ask::Nothing, _) | (Ask::Unwrap(_), None) => Ok(None),
        }
    }

    /// The platform's handle of the key, imported where it was not before.
    pub(crate) async fn handle(&self, alg: &str, usage: Usage) -> Result<CryptoKey> {
        if let Some(handle) = self.handle {
            return Ok(handle.clone());
        }
        if let Some(handle) = self.prepared.and_then(|prepared| prepared.handle(self.key, alg, usage)) {
            return Ok(handle);
        }
        let handle = webcrypto::import(alg, self.key, usage.names()).await?;
        if let Some(prepared) = self.prepared {
            prepared.remember(self.key, alg, usage, &handle);
        }
        Ok(handle)
    }

    pub(crate) fn curve(&self) -> Option<Curve> {
        webcrypto::curve_of(self.key, self.handle)
    }

    /// The platform's handle of the own key, to agree with this ephemeral public key.
    pub(crate) async fn handle_to_agree(&self, public: &Key) -> Result<CryptoKey> {
        // Of keys that the platform does not hold the core has seen the curve.
        if self.handle.is_some() && self.curve() != webcrypto::curve_of(public, None) {
            let error = Error::new(Code::JweInvalid, "header epk is not on the curve of the key");
            return Err(error.at("header.epk").spec("RFC 7518 §4.6.1.1").into());
        }
        self.handle("ECDH-ES", Usage::Derive).await
    }

    /// The platform's handle of the recipient's public key.
    pub(crate) async fn handle_of_recipient(&self) -> Result<CryptoKey> {
        if self.handle.is_some_and(|handle| is_text(&get(handle, "type"), "private")) {
            return Err(Thrown::argument("key", "private, encrypting takes the public key"));
        }
        self.handle("ECDH-ES", Usage::Agree).await
    }
}

/// The keys of an argument.
pub(crate) struct JsKeys {
    source: Source,
    /// The platform's handle, where the key is one or has been imported before.
    handle: Option<CryptoKey>,
    /// The functions of a key that lives elsewhere.
    external: Option<External>,
    /// What keeps handles that are imported now.
    prepared: Option<Rc<Prepared>>,
    /// Whether the key was imported before, so that nothing but its handle was looked at.
    pub(crate) is_known: bool,
}

enum Source {
    Own(Keys),
    /// Those of `prepared`.
    Prepared,
}

/// `{ secret, alg }`
#[derive(Deserialize)]
struct SecretKey {
    secret: Bytes,
    alg: Option<String>,
}

/// `{ pem, alg, kid }`
#[derive(Deserialize)]
struct PemKey {
    pem: SecretText,
    alg: Option<String>,
    kid: Option<String>,
}

const EXPECTED: &str = "a JWK, a JWK Set, a CryptoKey, { secret }, { pem }, or { alg } with sign, verify or unwrapKey";

impl JsKeys {
    /// Reads a key or a set without asking the platform. A JWK that was imported before for this usage, and for this
    /// algorithm where one is named, is known by its digest.
    pub(crate) fn read(value: &JsValue, name: &str, wanted: Option<(Usage, Option<&str>)>) -> Result<Self> {
        if let Some(prepared) = prepared::of_object(value) {
            return Self::of_prepared(prepared, name, wanted);
        }
        if remote_jwks::is_remote(value) {
            let message = "keys at a URL verify, and do that asynchronously, expected another key or function";
            return Err(Error::new(Code::KeyNeedsAsync, message).at(name).into());
        }
        if !value.is_object() || is_array(value) {
            return Err(Thrown::wrong_type(name, value, EXPECTED));
        }
        let has = |member: &'static str| match try_get(value, member) {
            Ok(found) => Ok(!found.is_undefined()),
            Err(cause) => {
                let error = Error::argument(&format!("{name}.{member}"), "reading it failed");
                Err(Thrown::caused_by(error, cause))
            }
        };
        if has("keys")? {
            return Ok(Self::own(Keys::parse_set(&Zeroizing::new(json::to_object(value, name)?))?));
        }
        if has("kty")? {
            return Self::of_jwk(value, name, wanted);
        }
        if has("secret")? {
            let SecretKey { secret, alg } = read::required(value, name)?;
            return Ok(Self::own(Key::secret(Secret::new(secret.into_vec(), &format!("{name}.secret"))?, alg).into()));
        }
        if has("pem")? {
            let PemKey { pem, alg, kid } = read::required(value, name)?;
            let mut key = pem::parse(&pem.0)?;
            key.limit(alg, kid);
            return Ok(Self::own(key.into()));
        }
        // `instanceof` would fail for a key of another realm.
        if is_tagged(value, "[object CryptoKey]") {
            return Self::of_platform(value.unchecked_ref(), name);
        }
        if let Some((key, external)) = External::read(value, name)? {
            return Ok(Self { external: Some(external), ..Self::own(key.into()) });
        }
        Err(Thrown::wrong_type(name, value, EXPECTED))
    }

    /// Reads a key or a set; the platform is asked for what only it can tell.
    pub(crate) async fn read_whole(value: &JsValue, name: &str, wanted: Option<(Usage, Option<&str>)>) -> Result<Self> {
        Self::read(value, name, wanted)?.completed(name).await
    }

    /// Reads a key or a set to verify this token with. Keys at a URL are fetched where that is due.
    pub(crate) async fn read_to_verify(
        value: &JsValue,
        name: &str,
        (token, algorithms): (&str, Option<&[String]>),
        call: &Call,
    ) -> Result<Self> {
        match remote_jwks::of_object(value, name)? {
            Some(remote) => Self::of_prepared(remote.keys_for(token, algorithms, call).await?, name, None),
            None => Self::read_whole(value, name, Some((Usage::Verify, None))).await,
        }
    }

    fn own(keys: Keys) -> Self {
        Self { source: Source::Own(keys), handle: None, external: None, prepared: None, is_known: false }
    }

    fn imported(Imported { key, handle, .. }: &Imported) -> Self {
        Self { handle: Some(handle.clone()), is_known: true, ..Self::own(key.clone().into()) }
    }

    /// Reads the keys of a platform to verify this token with: those that are given, else those at its URL. Canvas's example
    /// key is refused by name in either case.
    pub(crate) async fn read_of_platform(
        value: &JsValue,
        name: &str,
        (token, algorithms): (&str, Option<&[String]>),
        jwks_uri: &str,
        call: &Call,
    ) -> Result<Self> {
        let remote = if value.is_undefined() {
            Some(remote_jwks::of_platform(jwks_uri, "platform.jwksUri", call)?)
        } else {
            remote_jwks::of_object(value, name)?
        };
        if let Some(remote) = remote {
            return Self::of_prepared(remote.keys_for(token, algorithms, call).await?, name, None);
        }
        if get(value, "keys").is_object() {
            return Ok(Self::own(jwks::read_set(&json::to_object(value, name)?)?));
        }
        if get(value, "kty").is_string() {
            jwks::public_key(&json::to_object(value, name)?)?;
        }
        Self::read_whole(value, name, Some((Usage::Verify, None))).await
    }

    /// Reads what was prepared.
    pub(crate) fn of_prepared(
        prepared: Rc<Prepared>,
        name: &str,
        wanted: Option<(Usage, Option<&str>)>,
    ) -> Result<Self> {
        if let Some((usage, alg)) = wanted
            && let Some(known) = prepared.find(usage, alg, Self::imported)
        {
            return Ok(known);
        }
        prepared.check(name)?;
        let handle = prepared.platform_key.clone();
        let external = prepared.external.as_ref().map(|external| external.named(name));
        Ok(Self { source: Source::Prepared, handle, external, prepared: Some(prepared), is_known: false })
    }

    fn of_jwk(value: &JsValue, name: &str, wanted: Option<(Usage, Option<&str>)>) -> Result<Self> {
        let jwk = Zeroizing::new(json::to_object(value, name)?);
        // Of a secret nothing is remembered.
        if jwk.text("kty") == Some("oct") {
            return Ok(Self::own(jwk::parse(&jwk)?.into()));
        }
        let digest = prepared::digest_of(&jwk);
        let remembered = prepared::of_jwk(value, &digest);
        if let Some((usage, alg)) = wanted
            && let Some(known) = remembered.as_ref().and_then(|prepared| prepared.find(usage, alg, Self::imported))
        {
            return Ok(known);
        }
        let keys = jwk::parse(&jwk)?.into();
        let prepared = remembered.unwrap_or_else(|| prepared::remember_jwk(value, digest));
        Ok(Self { prepared: Some(prepared), ..Self::own(keys) })
    }

    /// With what only the platform can tell: the public half of a PKCS #8 key, the bytes of a secret `CryptoKey`.
    async fn completed(self, name: &str) -> Result<Self> {
        let Source::Own(Keys::One(key)) = &self.source else { return Ok(self) };
        let (alg, kid) = (key.alg().map(str::to_owned), key.kid().map(str::to_owned));
        let completed = match (key.material(), &self.handle) {
            (Material::Pkcs8(curve, der), None) => {
                let mut key = webcrypto::complete_pkcs8(*curve, der).await?;
                key.limit(alg, kid);
                key
            }
            (_, Some(handle)) if !self.is_known && is_extractable_secret(handle) => {
                let exported = webcrypto::export(handle).await?;
                let Material::Oct(secret) = exported.material() else {
                    return Err(webcrypto::unexpected_answer("exportKey"));
                };
                // As a secret, not as a JWK: the platform took it however short it is.
                let mut key = Key::secret(secret.clone(), alg);
                key.limit_operations(usages(handle, name)?);
                key
            }
            _ => return Ok(self),
        };
        Ok(Self::own(completed.into()))
    }

    pub(crate) fn keys(&self) -> &Keys {
        static NONE: Keys = Keys::Set(Vec::new());
        match &self.source {
            Source::Own(keys) => keys,
            Source::Prepared => self.prepared.as_ref().and_then(|prepared| prepared.keys.as_ref()).unwrap_or(&NONE),
        }
    }

    /// The only key, for signing and encrypting.
    pub(crate) fn one(&self, name: &str) -> Result<&Key> {
        match self.keys() {
            Keys::One(key) => Ok(key),
            Keys::Set(_) => Err(Thrown::argument(name, "a JWK Set, expected one key")),
        }
    }

    /// One of the keys, with what the platform knows of it.
    pub(crate) fn js_key<'k>(&'k self, key: &'k Key) -> JsKey<'k> {
        let (handle, prepared) = (self.handle.as_ref(), self.prepared.as_deref());
        JsKey { key, handle, prepared, external: self.external.as_ref() }
    }

    /// The keys themselves, to be prepared.
    pub(crate) fn into_parts(self) -> Option<(Keys, Option<CryptoKey>, Option<External>)> {
        match self.source {
            Source::Own(keys) => Some((keys, self.handle, self.external)),
            Source::Prepared => None,
        }
    }

    fn of_platform(handle: &CryptoKey, name: &str) -> Result<Self> {
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
        key.limit_operations(
            usages(handle, name)?.into_iter().filter(|usage| !others.contains(&usage.as_str())).collect(),
        );
        Ok(Self { handle: Some(handle.clone()), ..Self::own(key.into()) })
    }
}

fn is_extractable_secret(handle: &CryptoKey) -> bool {
    is_text(&get(handle, "type"), "secret") && get(handle, "extractable").is_truthy()
}

/// The usages of a `CryptoKey`.
#[derive(Deserialize)]
struct Usages {
    usages: Texts,
}

fn usages(handle: &CryptoKey, name: &str) -> Result<Vec<String>> {
    read::open::<Usages>(handle, name).map(|usages| usages.usages.0)
}
