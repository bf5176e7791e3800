//! Keys that live elsewhere, in a KMS, an HSM or behind a gateway: objects whose functions sign, verify or unwrap. Such a
//! function may give, promise or throw anything: an `ERR_KEY_OPERATION` then.

use js_sys::{Function, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::call::Call;
use super::error::{Result, Thrown};
use super::promise::Settled;
use super::value::{self, is_plain, is_tagged, kind, own_keys, try_get};
use super::{json, read, to_js};
use crate::error::{Code, Error};
use crate::jose::jwa::SignatureAlgorithm;
use crate::jose::{Header, Key, Purpose, jwk};

/// `ExternalKey`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    alg: String,
    kid: Option<String>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    public_key: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    sign: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    verify: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    unwrap_key: JsValue,
}

const BYTES: &str = "a Uint8Array or ArrayBuffer";

/// The functions of a key that lives elsewhere.
#[derive(Clone)]
pub(crate) struct External {
    /// What the functions are called on.
    object: JsValue,
    /// What the key is called in an error.
    name: String,
    sign: Option<Function>,
    verify: Option<Function>,
    unwrap_key: Option<Function>,
}

impl External {
    /// Reads a key that lives elsewhere, where the value is one: what has one of the functions, or is meant to.
    pub(crate) fn read(value: &JsValue, name: &str) -> Result<Option<(Key, Self)>> {
        if !value.is_object() || !is_external(value, name)? {
            return Ok(None);
        }
        // An instance of a class may have members of its own.
        let members = if is_plain(value) { read::required(value, name)? } else { read::open(value, name)? };
        let Members { alg, kid, public_key, sign, verify, unwrap_key } = members;
        let function = |member: &str, found: JsValue| match found.dyn_into::<Function>() {
            Ok(function) => Ok(Some(function)),
            Err(absent) if absent.is_undefined() => Ok(None),
            Err(found) => Err(Thrown::wrong_type(&format!("{name}.{member}"), &found, "a function")),
        };
        let external = Self {
            object: value.clone(),
            name: name.to_owned(),
            sign: function("sign", sign)?,
            verify: function("verify", verify)?,
            unwrap_key: function("unwrapKey", unwrap_key)?,
        };
        let signs = external.sign.is_some() || external.verify.is_some();
        if signs && external.unwrap_key.is_some() {
            let message = "given beside sign or verify, expected a key of its own: a key has one algorithm";
            return Err(Thrown::argument(&format!("{name}.unwrapKey"), message));
        }
        let purpose = if signs { Purpose::Sign } else { Purpose::Decrypt };
        let key = Key::external(&alg, kid, purpose)
            .map_err(|error| error.within(&format!("{name}."), &format!("{name}.alg")))?;
        Ok(Some((with_public_half(key, &public_key, name)?, external)))
    }

    /// The same under another name.
    pub(crate) fn named(&self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self.clone() }
    }

    /// Signs; gives the signature as it stands in a JWS.
    pub(crate) async fn sign(&self, alg: &SignatureAlgorithm, input: &[u8], call: &Call) -> Result<Vec<u8>> {
        let (at, input) = (self.at("sign"), Uint8Array::from(input));
        let function = self.sign.as_ref().ok_or_else(|| absent(&at, "signs"))?;
        let sign = |options: &JsValue| function.call2(&self.object, &input, options);
        let given = ask(&at, sign, call).await?.map_err(|cause| failed(&at, cause))?;
        let bytes = bytes_of(&given).ok_or_else(|| wrong(&at, &given, &format!("{BYTES} with the signature")))?;
        let signature = alg.signature(&bytes).map_err(|error| error.within(&format!("{at} gave "), &at))?;
        Ok(signature.into_owned())
    }

    /// Whether the signature is right. Nobody is asked about one that the algorithm never gives.
    pub(crate) async fn verify(
        &self,
        alg: &SignatureAlgorithm,
        input: &[u8],
        signature: &[u8],
        call: &Call,
    ) -> Result<bool> {
        let at = self.at("verify");
        let function = self.verify.as_ref().ok_or_else(|| absent(&at, "verifies"))?;
        if !alg.signature_lengths().contains(&signature.len()) {
            return Ok(false);
        }
        let (input, signature) = (Uint8Array::from(input), Uint8Array::from(signature));
        let verify = |options: &JsValue| function.call3(&self.object, &input, &signature, options);
        let given = ask(&at, verify, call).await?.map_err(|cause| failed(&at, cause))?;
        given.as_bool().ok_or_else(|| wrong(&at, &given, "true or false"))
    }

    /// Unwraps a content encryption key; nothing where that failed, however it did: a difference would tell an attacker what
    /// RFC 7516 §11.5 keeps from him.
    pub(crate) async fn unwrap_key(
        &self,
        encrypted: &[u8],
        header: &Header,
        call: &Call,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let (at, encrypted) = (self.at("unwrapKey"), Uint8Array::from(encrypted));
        let function = self.unwrap_key.as_ref().ok_or_else(|| absent(&at, "unwraps"))?;
        let header = to_js::header(header);
        let unwrap = |options: &JsValue| function.call3(&self.object, &encrypted, &header, options);
        let given = ask(&at, unwrap, call).await?;
        Ok(given.ok().and_then(|given| bytes_of(&given)).map(Zeroizing::new))
    }

    fn at(&self, member: &str) -> String {
        format!("{}.{member}", self.name)
    }
}

fn with_public_half(key: Key, public: &JsValue, name: &str) -> Result<Key> {
    if public.is_undefined() {
        return Ok(key);
    }
    let at = format!("{name}.publicKey");
    let public = jwk::parse(&Zeroizing::new(json::to_object(public, &at)?))
        .map_err(|error| error.within(&format!("{at}: "), &at))?;
    Ok(key.with_public_half(public).map_err(|error| error.within(&format!("{name}."), &at))?)
}

/// Whether an object has one of the functions, or, being plain, `alg` and any function: one that is misspelt is told so.
fn is_external(value: &JsValue, name: &str) -> Result<bool> {
    let unreadable = |at: String| move |cause| Thrown::caused_by(Error::argument(&at, "reading it failed"), cause);
    for member in ["sign", "verify", "unwrapKey"] {
        if !try_get(value, member).map_err(unreadable(format!("{name}.{member}")))?.is_undefined() {
            return Ok(true);
        }
    }
    if !is_plain(value) || !value::get(value, "alg").is_string() {
        return Ok(false);
    }
    let keys = own_keys(value).map_err(unreadable(name.to_owned()))?;
    Ok(keys.iter().any(|key| js_sys::Reflect::get(value, &key).is_ok_and(|member| member.is_function())))
}

/// Calls a function with the signal that ends its time, and waits for what it promises.
async fn ask(at: &str, give: impl FnOnce(&JsValue) -> Settled, call: &Call) -> Result<Settled> {
    let give = |signal: &JsValue| {
        let options = value::object();
        value::set(&options, "signal", signal);
        give(&options)
    };
    call.ask(give).await.map_err(|thrown| thrown.within(&format!("{at}: "), at))
}

fn absent(at: &str, verb: &str) -> Thrown {
    Thrown::argument(at, format_args!("absent, expected a function that {verb}"))
}

fn failed(at: &str, cause: JsValue) -> Thrown {
    Thrown::caused_by(Error::new(Code::KeyOperation, format!("{at} failed, its reason is the cause")).at(at), cause)
}

fn wrong(at: &str, found: &JsValue, expected: &str) -> Thrown {
    let found = if found.is_undefined() { "nothing" } else { kind(found) };
    let hint = if found == "a string" { "; decode its base64 first" } else { "" };
    Error::new(Code::KeyOperation, format!("{at} gave {found}, expected {expected}{hint}")).at(at).into()
}

/// The bytes of a `Uint8Array` or `ArrayBuffer` of any realm.
fn bytes_of(given: &JsValue) -> Option<Vec<u8>> {
    match value::bytes(given) {
        Some(bytes) => bytes.ok(),
        None if is_tagged(given, "[object ArrayBuffer]") => value::bytes(&value::view(given).ok()?.into())?.ok(),
        None => None,
    }
}
