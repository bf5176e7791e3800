//! Asymmetric crypto by the platform's WebCrypto (W3C Web Cryptography), which may be missing, throw, reject, or have been
//! replaced: an `ERR_WEBCRYPTO` then.

use js_sys::{Array, Object, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};
use zeroize::Zeroizing;

use super::error::{Result, Thrown};
use super::promise::{Settled, settled};
use super::value::{self, get, global, is_tagged, is_text};
use super::{json, to_js};
use crate::error::{Code, Error};
use crate::jose::jwa::Curve;
use crate::jose::{Key, Material, Recipient, jwk};

/// What WebCrypto calls an algorithm. Members that do not apply to a call are ignored by it.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Algorithm {
    /// Its name in RFC 7518 and RFC 8037.
    #[serde(skip)]
    pub(crate) alg: &'static str,
    pub(crate) name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hash: Option<&'static str>,
    #[serde(rename = "namedCurve", skip_serializing_if = "Option::is_none")]
    pub(crate) curve: Option<&'static str>,
    #[serde(rename = "saltLength", skip_serializing_if = "Option::is_none")]
    salt: Option<u32>,
}

const fn row(alg: &'static str, name: &'static str, hash: Option<&'static str>) -> Algorithm {
    Algorithm { alg, name, hash, curve: None, salt: None }
}

const fn pss(alg: &'static str, hash: &'static str, salt: u32) -> Algorithm {
    Algorithm { salt: Some(salt), ..row(alg, "RSA-PSS", Some(hash)) }
}

const fn ecdsa(alg: &'static str, curve: &'static str, hash: &'static str) -> Algorithm {
    Algorithm { curve: Some(curve), ..row(alg, "ECDSA", Some(hash)) }
}

/// The algorithms the platform is asked for.
pub(crate) static ALGORITHMS: &[Algorithm] = &[
    row("HS256", "HMAC", Some("SHA-256")),
    row("HS384", "HMAC", Some("SHA-384")),
    row("HS512", "HMAC", Some("SHA-512")),
    row("RS256", "RSASSA-PKCS1-v1_5", Some("SHA-256")),
    row("RS384", "RSASSA-PKCS1-v1_5", Some("SHA-384")),
    row("RS512", "RSASSA-PKCS1-v1_5", Some("SHA-512")),
    pss("PS256", "SHA-256", 32),
    pss("PS384", "SHA-384", 48),
    pss("PS512", "SHA-512", 64),
    ecdsa("ES256", "P-256", "SHA-256"),
    ecdsa("ES384", "P-384", "SHA-384"),
    ecdsa("ES512", "P-521", "SHA-512"),
    row("EdDSA", "Ed25519", None),
    row("RSA-OAEP", "RSA-OAEP", Some("SHA-1")),
    row("RSA-OAEP-256", "RSA-OAEP", Some("SHA-256")),
    row("ECDH-ES", "ECDH", None),
    row("ECDH-ES+A128KW", "ECDH", None),
    row("ECDH-ES+A192KW", "ECDH", None),
    row("ECDH-ES+A256KW", "ECDH", None),
];

impl Algorithm {
    fn of(alg: &str) -> Result<&'static Self> {
        let unknown = || Error::new(Code::NotSupported, format!("{alg} is not for this platform")).into();
        ALGORITHMS.iter().find(|row| row.alg == alg).ok_or_else(unknown)
    }

    /// The algorithm as an object; an agreement is on the curve of its key.
    fn params(self, curve: Option<Curve>) -> Result<Object> {
        let mut params = self;
        if let Some(curve) = curve.filter(|_| self.name == "ECDH") {
            params.name = if curve == Curve::X25519 { "X25519" } else { self.name };
            params.curve = Some(curve.name());
        }
        let object = serde_wasm_bindgen::to_value(&params).map_err(|error| refused("importKey", error.into()))?;
        Ok(object.unchecked_into())
    }
}

/// A copy of bytes for the platform alone, wiped when the call has ended.
struct WipedCopy(Uint8Array);

impl WipedCopy {
    fn new(bytes: &[u8]) -> Self {
        Self(Uint8Array::from(bytes))
    }
}

impl Drop for WipedCopy {
    fn drop(&mut self) {
        value::wipe(&self.0);
    }
}

/// `crypto.subtle`, or the error that says what to do.
fn subtle(method: &'static str) -> Result<SubtleCrypto> {
    let subtle = get(&global("crypto"), "subtle");
    if subtle.is_object() && get(&subtle, method).is_function() {
        return Ok(subtle.unchecked_into());
    }
    let message = "no crypto.subtle: a page on plain http, or a platform without WebCrypto; serve it over https";
    Err(Error::new(Code::WebCrypto, message).spec("W3C Web Cryptography §10").into())
}

/// Calls a method of WebCrypto, and waits for what it promises.
async fn ask<P: Into<JsValue>>(
    method: &'static str,
    call: impl FnOnce(&SubtleCrypto) -> core::result::Result<P, JsValue>,
) -> Result<Settled> {
    let subtle = subtle(method)?;
    Ok(JsFuture::from(settled(|| call(&subtle).map(Into::into))).await)
}

fn is_named(exception: &JsValue, names: &[&'static str]) -> bool {
    let name = get(exception, "name");
    names.iter().any(|known| is_text(&name, known))
}

fn refused(method: &str, cause: JsValue) -> Thrown {
    let error = Error::new(Code::WebCrypto, format!("WebCrypto refused to {method}"));
    Thrown::caused_by(error.spec("W3C Web Cryptography §14.3"), cause)
}

/// A platform, or what replaced its WebCrypto, that answers something else than it must.
pub(crate) fn unexpected_answer(method: &str) -> Thrown {
    Error::new(Code::WebCrypto, format!("WebCrypto gave another answer to {method} than it must"))
        .spec("W3C Web Cryptography §14.3")
        .into()
}

/// A key that the platform does not take is the key's fault, unless the platform lacks the algorithm.
fn refused_key(cause: JsValue) -> Thrown {
    if !is_named(&cause, &["DataError", "SyntaxError", "OperationError"]) {
        return refused("importKey", cause);
    }
    let message = "the platform refuses the key: its parts disagree, or it is of another form";
    Thrown::caused_by(Error::new(Code::JwkInvalid, message).at("key").spec("RFC 7517 §4"), cause)
}

/// The bytes of an answer: an `ArrayBuffer` of any realm, as a test's may not be the platform's own.
fn view(method: &str, answer: &JsValue) -> Result<Uint8Array> {
    // The constructor's own check throws where the tag is a lie.
    let view = is_tagged(answer, "[object ArrayBuffer]").then(|| value::view(answer).ok()).flatten();
    view.ok_or_else(|| unexpected_answer(method))
}

/// The bytes of an answer that are secret, and wiped where they were.
fn secret(method: &str, answer: &JsValue) -> Result<Zeroizing<Vec<u8>>> {
    let view = view(method, answer)?;
    let secret = Zeroizing::new(view.to_vec());
    value::wipe(&view);
    Ok(secret)
}

/// A `CryptoKey` of any realm.
fn key_of(answer: JsValue, method: &str) -> Result<CryptoKey> {
    if answer.is_object() { Ok(answer.unchecked_into()) } else { Err(unexpected_answer(method)) }
}

fn usages(names: &[&str]) -> JsValue {
    names.iter().map(|name| JsValue::from_str(name)).collect::<Array>().into()
}

/// The key as the platform's handle. For verifying and encrypting the public half alone is given.
pub(crate) async fn import(alg: &str, key: &Key, names: &[&str]) -> Result<CryptoKey> {
    let is_public = names.iter().all(|name| matches!(*name, "verify" | "encrypt"));
    let members = Zeroizing::new(if is_public { jwk::to_public_members(key) } else { jwk::to_members(key) });
    let params = Algorithm::of(alg)?.params(curve_of(key, None))?;
    let jwk: Object = to_js::parse(&members.to_secret_json()).unchecked_into();
    let call = |subtle: &SubtleCrypto| subtle.import_key_with_object("jwk", &jwk, &params, false, &usages(names));
    key_of(ask("importKey", call).await?.map_err(refused_key)?, "importKey")
}

/// Signs.
pub(crate) async fn sign(alg: &str, own: &CryptoKey, input: &[u8]) -> Result<Vec<u8>> {
    let (params, input) = (Algorithm::of(alg)?.params(None)?, WipedCopy::new(input));
    let call = |subtle: &SubtleCrypto| subtle.sign_with_object_and_js_u8_array(&params, own, &input.0);
    let answer = ask("sign", call).await?.map_err(|cause| refused("sign", cause))?;
    Ok(view("sign", &answer)?.to_vec())
}

/// Whether the signature is right.
pub(crate) async fn verify(alg: &str, own: &CryptoKey, input: &[u8], signature: &[u8]) -> Result<bool> {
    let params = Algorithm::of(alg)?.params(None)?;
    let (input, signature) = (WipedCopy::new(input), WipedCopy::new(signature));
    let call = |subtle: &SubtleCrypto| {
        subtle.verify_with_object_and_js_u8_array_and_js_u8_array(&params, own, &signature.0, &input.0)
    };
    match ask("verify", call).await? {
        Ok(answer) => answer.as_bool().ok_or_else(|| unexpected_answer("verify")),
        // Some platforms fail at a signature of a length or form that the algorithm never gives.
        Err(cause) if is_named(&cause, &["OperationError"]) => Ok(false),
        Err(cause) => Err(refused("verify", cause)),
    }
}

/// Encrypts a content encryption key with RSAES-OAEP.
pub(crate) async fn rsa_encrypt(alg: &str, own: &CryptoKey, cek: &[u8]) -> Result<Vec<u8>> {
    let (params, cek) = (Algorithm::of(alg)?.params(None)?, WipedCopy::new(cek));
    let call = |subtle: &SubtleCrypto| subtle.encrypt_with_object_and_js_u8_array(&params, own, &cek.0);
    let answer = ask("encrypt", call).await?.map_err(|cause| refused("encrypt", cause))?;
    Ok(view("encrypt", &answer)?.to_vec())
}

/// Decrypts a content encryption key; nothing where it was encrypted for another key.
pub(crate) async fn rsa_decrypt(alg: &str, own: &CryptoKey, encrypted: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let (params, encrypted) = (Algorithm::of(alg)?.params(None)?, WipedCopy::new(encrypted));
    let call = |subtle: &SubtleCrypto| subtle.decrypt_with_object_and_js_u8_array(&params, own, &encrypted.0);
    match ask("decrypt", call).await? {
        Ok(answer) => secret("decrypt", &answer).map(Some),
        Err(cause) if is_named(&cause, &["OperationError", "DataError"]) => Ok(None),
        Err(cause) => Err(refused("decrypt", cause)),
    }
}

/// Agrees on a value with an ephemeral public key; nothing where that is a point of small order, which some platforms
/// refuse when they read it and others when they agree with it.
pub(crate) async fn agree(own: &CryptoKey, public: &Key) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let public_key = match import("ECDH-ES", public, &[]).await {
        Err(thrown) if thrown.error.code == Code::JwkInvalid => return Ok(None),
        public_key => public_key?,
    };
    derive(own, &public_key, curve_of(public, None)).await
}

async fn derive(own: &CryptoKey, public: &CryptoKey, curve: Option<Curve>) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let params = Algorithm::of("ECDH-ES")?.params(curve)?;
    value::set(&params, "public", public);
    let bits = curve.map_or(256, |curve| curve.size() * 8);
    let bits = u32::try_from(bits).unwrap_or_default();
    let call = |subtle: &SubtleCrypto| subtle.derive_bits_with_object(&params, own, bits);
    match ask("deriveBits", call).await? {
        Ok(answer) => secret("deriveBits", &answer).map(Some),
        Err(cause) if is_named(&cause, &["OperationError", "DataError"]) => Ok(None),
        Err(cause) => Err(refused("deriveBits", cause)),
    }
}

/// Makes an ephemeral key on the recipient's curve and agrees on a value.
pub(crate) async fn agree_ephemeral(recipient: &CryptoKey, curve: Option<Curve>) -> Result<Recipient> {
    let pair = generate_pair("ECDH-ES", curve, &["deriveBits"]).await?;
    let own = key_of(get(&pair, "privateKey"), "generateKey")?;
    let epk = export(&key_of(get(&pair, "publicKey"), "generateKey")?).await?;
    let z = derive(&own, recipient, curve).await?.filter(|z| z.iter().any(|byte| *byte != 0)).ok_or_else(|| {
        Error::new(Code::JwkInvalid, "the key is a point of small order: whatever agrees with it agrees on nothing")
            .at("key")
            .spec("RFC 7748 §6.1")
    })?;
    Ok(Recipient::Agreed { epk: jwk::to_public_members(&epk), z })
}

/// A new private key for this algorithm.
pub(crate) async fn generate(alg: &str) -> Result<Key> {
    let usages: &[&str] = match Algorithm::of(alg)?.name {
        "RSA-OAEP" => &["encrypt", "decrypt"],
        "ECDH" => &["deriveBits"],
        _ => &["sign", "verify"],
    };
    let pair = generate_pair(alg, Some(Curve::P256), usages).await?;
    export(&key_of(get(&pair, "privateKey"), "generateKey")?).await
}

async fn generate_pair(alg: &str, curve: Option<Curve>, names: &[&str]) -> Result<JsValue> {
    let params = Algorithm::of(alg)?.params(curve)?;
    value::set(&params, "modulusLength", &2048.into());
    value::set(&params, "publicExponent", &Uint8Array::from(&[1, 0, 1][..]));
    let call = |subtle: &SubtleCrypto| subtle.generate_key_with_object(&params, true, &usages(names));
    ask("generateKey", call).await?.map_err(|cause| refused("generateKey", cause))
}

/// A platform's key that may be exported, as a key of the core.
pub(crate) async fn export(key: &CryptoKey) -> Result<Key> {
    let exported = ask("exportKey", |subtle| subtle.export_key("jwk", key)).await?;
    let exported = exported.map_err(|cause| refused("exportKey", cause))?;
    let jwk = json::to_object(&exported, "key").map(Zeroizing::new).map_err(|_| unexpected_answer("exportKey"))?;
    let own = ["kty", "crv", "n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "k"];
    let own = jwk.iter().filter(|(name, _)| own.contains(name)).map(|(name, value)| (name, value.clone()));
    jwk::parse(&Zeroizing::new(own.collect())).map_err(|_| unexpected_answer("exportKey"))
}

/// A private key in PKCS #8 with its public half, which the platform computes.
pub(crate) async fn complete_pkcs8(curve: Curve, der: &[u8]) -> Result<Key> {
    let (alg, usage) = match curve {
        Curve::P256 => ("ES256", "sign"),
        Curve::P384 => ("ES384", "sign"),
        Curve::P521 => ("ES512", "sign"),
        Curve::Ed25519 => ("EdDSA", "sign"),
        Curve::X25519 => ("ECDH-ES", "deriveBits"),
    };
    let (params, der) = (Algorithm::of(alg)?.params(Some(curve))?, WipedCopy::new(der));
    let call = |subtle: &SubtleCrypto| subtle.import_key_with_object("pkcs8", &der.0, &params, true, &usages(&[usage]));
    let key = ask("importKey", call).await?.map_err(refused_key)?;
    export(&key_of(key, "importKey")?).await
}

/// The curve of a key, or of the platform's handle of one.
pub(crate) fn curve_of(key: &Key, handle: Option<&CryptoKey>) -> Option<Curve> {
    match (key.material(), handle) {
        (Material::Ec(curve, _) | Material::Okp(curve, _) | Material::Pkcs8(curve, _), _) => Some(*curve),
        (_, Some(handle)) => {
            let algorithm = get(handle, "algorithm");
            let text = |name: &'static str| get(&algorithm, name).as_string();
            let name = text("namedCurve").or_else(|| text("name"))?;
            Curve::ALL.into_iter().find(|curve| curve.name() == name)
        }
        _ => None,
    }
}
