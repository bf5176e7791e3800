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
use super::js_key::JsKey;
use super::prepared::{self, Imported, Prepared, Usage};
use super::read::{self, Bytes, SecretText};
use super::value::{get, is_array, is_tagged, try_get};
use super::webcrypto;
use super::{json, names, platform_key, remote_jwks};
use crate::error::{Code, Error};
use crate::jose::{Key, Keys, Material, Secret, jwk, pem};
use crate::lti13::jwks;

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

/// What is no key, and which one was probably meant.
fn no_key(value: &JsValue, name: &str) -> Thrown {
    const FORMS: &[&str] = &["secret", "pem", "kty", "keys"];
    if let Some(text) = value.dyn_ref::<js_sys::JsString>() {
        let form = if text.starts_with("-----BEGIN", 0) { "pem" } else { "secret" };
        return Thrown::argument(name, format_args!("a string, expected an object, such as {{ {form}: … }}"));
    }
    if get(value, "privateKey").is_object() && get(value, "publicKey").is_object() {
        return Thrown::argument(name, "a pair of keys, expected its privateKey or its publicKey");
    }
    if let Ok(Some(unknown)) = names::unknown(value, FORMS, names::Others::Any) {
        return Thrown::argument(
            &format!("{name}.{}", unknown.name),
            format_args!("unknown, expected {}", unknown.expected),
        );
    }
    Thrown::wrong_type(name, value, EXPECTED)
}

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
            return Err(no_key(value, name));
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
            let handle: &CryptoKey = value.unchecked_ref();
            return Ok(Self { handle: Some(handle.clone()), ..Self::own(platform_key::read(handle, name)?.into()) });
        }
        if let Some((key, external)) = External::read(value, name)? {
            return Ok(Self { external: Some(external), ..Self::own(key.into()) });
        }
        Err(no_key(value, name))
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
            (_, Some(handle)) if !self.is_known && platform_key::is_extractable_secret(handle) => {
                let exported = webcrypto::export(handle).await?;
                let Material::Oct(secret) = exported.material() else {
                    return Err(webcrypto::unexpected_answer("exportKey"));
                };
                // As a secret, not as a JWK: the platform took it however short it is.
                let mut key = Key::secret(secret.clone(), alg);
                key.limit_operations(platform_key::usages(handle, name)?);
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
}
