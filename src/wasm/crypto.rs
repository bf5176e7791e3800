//! Asymmetric crypto by the platform's WebCrypto (W3C Web Cryptography), which may be missing: an `ERR_WEBCRYPTO` then.

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::error::Result;
use super::js::{Array, Object, Uint8Array, array};
use super::names::{get, set};
use super::subtle::{Answers, Steps, odd};
use super::{at::At, keys::JsKeys, known, out, values};
use crate::error::{Code, Error};
use crate::jose::jwa::Curve;
use crate::jose::{Key, Material, Recipient, jwk};

/// What WebCrypto calls an algorithm. Members that do not apply to a call are ignored by it.
pub(crate) struct Row {
    pub(crate) alg: &'static str,
    pub(crate) name: &'static str,
    pub(crate) hash: Option<&'static str>,
    pub(crate) curve: Option<&'static str>,
    pub(crate) salt: Option<u32>,
}

const fn row(alg: &'static str, name: &'static str, hash: Option<&'static str>) -> Row {
    Row { alg, name, hash, curve: None, salt: None }
}

const fn pss(alg: &'static str, hash: &'static str, salt: u32) -> Row {
    Row { salt: Some(salt), ..row(alg, "RSA-PSS", Some(hash)) }
}

const fn ecdsa(alg: &'static str, curve: &'static str, hash: &'static str) -> Row {
    Row { curve: Some(curve), ..row(alg, "ECDSA", Some(hash)) }
}

/// The algorithms the platform is asked for.
pub(crate) static ROWS: &[Row] = &[
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

impl Row {
    fn of(alg: &str) -> Result<&'static Self> {
        let unknown = || Error::new(Code::NotSupported, &[alg, " is not for this platform"]).into();
        ROWS.iter().find(|row| row.alg == alg).ok_or_else(unknown)
    }

    /// The algorithm as an object; the key's curve stands in for an agreement's.
    fn params(&self, curve: Option<Curve>) -> Object {
        let out = Object::new();
        let curve = curve.filter(|_| self.name == "ECDH");
        let name = if curve == Some(Curve::X25519) { "X25519" } else { self.name };
        set(&out, "name", &name.into());
        if let Some(hash) = self.hash {
            set(&out, "hash", &hash.into());
        }
        if let Some(curve) = self.curve.or(curve.map(Curve::name)) {
            set(&out, "namedCurve", &curve.into());
        }
        if let Some(salt) = self.salt {
            set(&out, "saltLength", &salt.into());
        }
        out
    }
}

/// Signs.
pub(crate) fn sign(alg: &str, key: &Key, keys: &JsKeys, input: &[u8]) -> Result<Steps> {
    let (row, steps) = (Row::of(alg)?, Steps::new());
    let own = import(&steps, row, key, keys.handle.as_ref(), &["sign"]);
    steps.call("sign", &[row.params(None).into(), own, bytes(input)]);
    Ok(steps)
}

/// Verifies.
pub(crate) fn verify(alg: &str, key: &Key, keys: &JsKeys, input: &[u8], signature: &[u8]) -> Result<Steps> {
    let (row, steps) = (Row::of(alg)?, Steps::new());
    let own = import(&steps, row, key, keys.handle.as_ref(), &["verify"]);
    steps.call("verify", &[row.params(None).into(), own, bytes(signature), bytes(input)]);
    Ok(steps)
}

/// Whether the signature is right.
pub(crate) fn is_right(answers: &Answers) -> Result<bool> {
    // Some platforms fail at a signature of a length or form that the algorithm never gives.
    match answers.last(&["OperationError"])? {
        Some(answer) => answer.as_bool().ok_or_else(|| odd("verify")),
        None => Ok(false),
    }
}

/// Encrypts a content encryption key with RSAES-OAEP.
pub(crate) fn rsa_encrypt(alg: &str, key: &Key, handle: Option<&JsValue>, cek: &[u8]) -> Result<Steps> {
    let (row, steps) = (Row::of(alg)?, Steps::new());
    let own = import(&steps, row, key, handle, &["encrypt"]);
    steps.call("encrypt", &[row.params(None).into(), own, bytes(cek)]);
    Ok(steps)
}

/// Decrypts a content encryption key.
pub(crate) fn rsa_decrypt(alg: &str, key: &Key, handle: Option<&JsValue>, encrypted: &[u8]) -> Result<Steps> {
    let (row, steps) = (Row::of(alg)?, Steps::new());
    let own = import(&steps, row, key, handle, &["decrypt"]);
    steps.call("decrypt", &[row.params(None).into(), own, bytes(encrypted)]);
    Ok(steps)
}

/// Agrees on a value.
pub(crate) fn agree(own: &Key, handle: Option<&JsValue>, public: &Key) -> Result<Steps> {
    let (row, steps) = (Row::of("ECDH-ES")?, Steps::new());
    // Of other keys the core has seen the curve.
    if handle.is_some() && curve_of(own, handle) != curve_of(public, None) {
        let message = ["header epk is not on the curve of the key"];
        return Err(Error::new(Code::JweInvalid, &message).at("header.epk").spec("RFC 7518 §4.6.1.1").into());
    }
    let own = import(&steps, row, own, handle, &["deriveBits"]);
    derive(&steps, row, public, None, own);
    Ok(steps)
}

/// What was decrypted or agreed on, or nothing where the token is not for the key.
pub(crate) fn opened(answers: &Answers, is_agreed: bool) -> Result<Option<Zeroizing<Vec<u8>>>> {
    match answers.secret() {
        // A point of small order, which some platforms refuse when they read it and others when they agree with it.
        Err(thrown) if is_agreed && thrown.error.code == Code::JwkInvalid && answers.left() < 3.0 => Ok(None),
        opened => opened,
    }
}

fn derive(steps: &Steps, row: &Row, public: &Key, handle: Option<&JsValue>, own: JsValue) {
    let curve = curve_of(public, handle);
    let params = row.params(curve);
    set(&params, "public", &import(steps, row, public, handle, &[]));
    let bits = curve.map_or(256, |curve| curve.size() * 8);
    #[allow(clippy::cast_precision_loss)]
    let bits = JsValue::from_f64(bits as f64);
    steps.call("deriveBits", &[params.into(), own, bits]);
}

/// Makes an ephemeral key on the recipient's curve and agrees on a value.
pub(crate) fn agree_ephemeral(recipient: &Key, handle: Option<&JsValue>) -> Result<Steps> {
    let (row, steps) = (Row::of("ECDH-ES")?, Steps::new());
    if handle.is_some_and(|handle| values::is(&get(handle, "type"), "private")) {
        return Err(Error::argument("key", &["private, encrypting takes the public key"]).into());
    }
    let own = pair(&steps, row, curve_of(recipient, handle), &["deriveBits"], "publicKey");
    derive(&steps, row, recipient, handle, own);
    Ok(steps)
}

/// What the recipient gets: the key encrypted, or the ephemeral key's public half with the value agreed on.
pub(crate) fn recipient(answers: &Answers, is_agreed: bool) -> Result<Recipient> {
    if !is_agreed {
        return answers.bytes().map(Recipient::Encrypted);
    }
    let z = answers.secret()?.filter(|z| z.iter().any(|byte| *byte != 0)).ok_or_else(|| {
        Error::new(Code::JwkInvalid, &["the key is a point of small order: whatever agrees with it agrees on nothing"])
            .at("key")
            .spec("RFC 7748 §6.1")
    })?;
    Ok(Recipient::Agreed { epk: jwk::to_public_members(&exported(&answers.given(1))?), z })
}

/// A new private key for this algorithm.
pub(crate) fn generate(alg: &str) -> Result<Steps> {
    let (row, steps) = (Row::of(alg)?, Steps::new());
    let usages: &[&str] = match row.name {
        "RSA-OAEP" => &["encrypt", "decrypt"],
        "ECDH" => &["deriveBits"],
        _ => &["sign", "verify"],
    };
    pair(&steps, row, Some(Curve::P256), usages, "privateKey");
    Ok(steps)
}

/// A new pair, one half of it as a JWK: what stands for the private half.
fn pair(steps: &Steps, row: &Row, curve: Option<Curve>, usages: &[&str], half: &'static str) -> JsValue {
    let params = row.params(curve);
    set(&params, "modulusLength", &2048.into());
    set(&params, "publicExponent", &bytes(&[1, 0, 1]));
    let made = steps.call("generateKey", &[params.into(), JsValue::TRUE, names(usages)]);
    let part = |name: &str| array(&[made.get(0), name.into()]).into();
    steps.call("exportKey", &["jwk".into(), part(half)]);
    part("privateKey")
}

/// A platform's key that may be exported.
pub(crate) fn export(key: &JsValue) -> Steps {
    let steps = Steps::new();
    steps.call("exportKey", &["jwk".into(), key.clone()]);
    steps
}

/// The last answer, an exported key, as a key of the core.
pub(crate) fn last_exported(answers: &Answers) -> Result<Key> {
    exported(&answers.last(&[])?.unwrap_or_default())
}

fn exported(exported: &JsValue) -> Result<Key> {
    let jwk = super::json_in::to_object(exported, &At::argument("key")).map(Zeroizing::new);
    let jwk = jwk.map_err(|_| odd("exportKey"))?;
    let own = ["kty", "crv", "n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "k"];
    let own = jwk.iter().filter(|(name, _)| own.contains(name)).map(|(name, value)| (name, value.clone()));
    jwk::parse(&Zeroizing::new(own.collect())).map_err(|_| odd("exportKey"))
}

/// A private key in PKCS #8 with its public half, which the platform computes.
pub(crate) fn complete_pkcs8(curve: Curve, der: &[u8]) -> Result<Steps> {
    let alg = match curve {
        Curve::P256 => "ES256",
        Curve::P384 => "ES384",
        Curve::P521 => "ES512",
        Curve::Ed25519 => "EdDSA",
        Curve::X25519 => "ECDH-ES",
    };
    let usage = if curve == Curve::X25519 { "deriveBits" } else { "sign" };
    let params = Row::of(alg)?.params(Some(curve));
    let steps = Steps::new();
    let own = steps.call("importKey", &["pkcs8".into(), bytes(der), params.into(), JsValue::TRUE, names(&[usage])]);
    steps.call("exportKey", &["jwk".into(), own.into()]);
    Ok(steps)
}

/// Remembers the platform's handle of a key, where the first step imported it.
pub(crate) fn remember(alg: &'static str, key: &Key, keys: &JsKeys, usage: &'static str, answers: &Answers) {
    let handle = answers.given(0);
    if let Some(name) = keys.name
        && !handle.is_undefined()
    {
        known::remember(name, usage, alg, key, &handle);
    }
}

/// The key as the platform's handle, or what stands for it. For verifying and encrypting the public half alone is given.
fn import(steps: &Steps, row: &Row, key: &Key, handle: Option<&JsValue>, usages: &[&str]) -> JsValue {
    if let Some(handle) = handle {
        return handle.clone();
    }
    let is_public = usages.iter().all(|usage| matches!(*usage, "verify" | "encrypt"));
    let members = Zeroizing::new(if is_public { jwk::to_public_members(key) } else { jwk::to_members(key) });
    let jwk = out::parse(&members.to_secret_json());
    let params = row.params(curve_of(key, None));
    steps.call("importKey", &["jwk".into(), jwk, params.into(), JsValue::FALSE, names(usages)]).into()
}

fn curve_of(key: &Key, handle: Option<&JsValue>) -> Option<Curve> {
    match (key.material(), handle) {
        (Material::Ec(curve, _) | Material::Okp(curve, _) | Material::Pkcs8(curve, _), _) => Some(*curve),
        (_, Some(handle)) => {
            let algorithm = get(handle, "algorithm");
            let text = |name| get(&algorithm, name).as_string();
            let name = text("namedCurve").or_else(|| text("name"))?;
            Curve::ALL.into_iter().find(|curve| curve.name() == name)
        }
        _ => None,
    }
}

fn names(names: &[&str]) -> JsValue {
    names.iter().map(|name| JsValue::from_str(name)).collect::<Array>().into()
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::copy_of(bytes).into()
}
