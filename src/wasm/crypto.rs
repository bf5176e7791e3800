//! Asymmetric crypto by the platform's WebCrypto (W3C Web Cryptography), which may be missing: an `ERR_WEBCRYPTO` then.

use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::error::{Result, Thrown};
use super::names::{get, set};
use super::subtle::{is_named, odd, secret_of, subtle, view};
use super::{at::At, keys::JsKeys, known, out, values};
use crate::error::{Code, Error};
use crate::jose::jwa::Curve;
use crate::jose::{Key, Material, jwk};

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
pub(crate) async fn sign(alg: &str, key: &Key, keys: &JsKeys, input: &[u8]) -> Result<Vec<u8>> {
    let row = Row::of(alg)?;
    let key = import_once(row, key, keys, "sign").await?;
    let signature = subtle("sign", &[row.params(None).into(), key, bytes(input)]).await?;
    Ok(view("sign", &signature)?.to_vec())
}

/// Whether the signature is right.
pub(crate) async fn verify(alg: &str, key: &Key, keys: &JsKeys, input: &[u8], signature: &[u8]) -> Result<bool> {
    let row = Row::of(alg)?;
    let key = import_once(row, key, keys, "verify").await?;
    match subtle("verify", &[row.params(None).into(), key, bytes(signature), bytes(input)]).await {
        Ok(answer) => answer.as_bool().ok_or_else(|| odd("verify")),
        // Some platforms fail at a signature of a length or form that the algorithm never gives.
        Err(thrown) if is_named(&thrown, "OperationError") => Ok(false),
        Err(thrown) => Err(thrown),
    }
}

/// Encrypts a content encryption key with RSAES-OAEP.
pub(crate) async fn rsa_encrypt(alg: &str, key: &Key, handle: Option<&JsValue>, cek: &[u8]) -> Result<Vec<u8>> {
    let row = Row::of(alg)?;
    let key = import(row, key, handle, &["encrypt"]).await?;
    let copy = Uint8Array::from(cek);
    let encrypted = subtle("encrypt", &[row.params(None).into(), key, copy.clone().into()]).await;
    copy.fill(0, 0, copy.length());
    Ok(view("encrypt", &encrypted?)?.to_vec())
}

/// Decrypts a content encryption key, or gives nothing where it is not this key's.
pub(crate) async fn rsa_decrypt(
    alg: &str,
    key: &Key,
    handle: Option<&JsValue>,
    encrypted: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let row = Row::of(alg)?;
    let key = import(row, key, handle, &["decrypt"]).await?;
    secret_of("decrypt", subtle("decrypt", &[row.params(None).into(), key, bytes(encrypted)]).await)
}

/// Agrees on a value, or gives nothing where the public key forbids it.
pub(crate) async fn agree(own: &Key, handle: Option<&JsValue>, public: &Key) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let row = Row::of("ECDH-ES")?;
    // Of other keys the core has seen the curve.
    if handle.is_some() && curve_of(own, handle) != curve_of(public, None) {
        let message = ["header epk is not on the curve of the key"];
        return Err(Error::new(Code::JweInvalid, &message).at("header.epk").spec("RFC 7518 §4.6.1.1").into());
    }
    let own = import(row, own, handle, &["deriveBits"]).await?;
    match agree_with(row, public, None, &own).await {
        // A point of small order, which some platforms refuse when they read it and others when they agree with it.
        Err(thrown) if thrown.error.code == Code::JwkInvalid => Ok(None),
        answer => answer,
    }
}

async fn agree_with(
    row: &Row,
    public: &Key,
    public_handle: Option<&JsValue>,
    own: &JsValue,
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let curve = curve_of(public, public_handle);
    let public = import(row, public, public_handle, &[]).await?;
    let params = row.params(curve);
    set(&params, "public", &public);
    let bits = curve.map_or(256, |curve| curve.size() * 8);
    #[allow(clippy::cast_precision_loss)]
    let bits = JsValue::from_f64(bits as f64);
    secret_of("deriveBits", subtle("deriveBits", &[params.into(), own.clone(), bits]).await)
}

/// Makes an ephemeral key on the recipient's curve and agrees on a value: its public half as a JWK, and the value.
pub(crate) async fn agree_ephemeral(
    recipient: &Key,
    handle: Option<&JsValue>,
) -> Result<(crate::jose::json::Object, Zeroizing<Vec<u8>>)> {
    let row = Row::of("ECDH-ES")?;
    if handle.is_some_and(|handle| values::is(&get(handle, "type"), "private")) {
        return Err(Error::argument("key", &["private, encrypting takes the public key"]).into());
    }
    let pair = generate_pair(row, curve_of(recipient, handle), &["deriveBits"]).await?;
    let epk = export(&get(&pair, "publicKey")).await?;
    let z = agree_with(row, recipient, handle, &get(&pair, "privateKey")).await?;
    let z = z.filter(|z| z.iter().any(|byte| *byte != 0)).ok_or_else(|| {
        Error::new(Code::JwkInvalid, &["the key is a point of small order: whatever agrees with it agrees on nothing"])
            .at("key")
            .spec("RFC 7748 §6.1")
    })?;
    Ok((jwk::to_public_members(&epk), z))
}

/// A new private key for this algorithm.
pub(crate) async fn generate(alg: &str) -> Result<Key> {
    let row = Row::of(alg)?;
    let usages: &[&str] = match row.name {
        "RSA-OAEP" => &["encrypt", "decrypt"],
        "ECDH" => &["deriveBits"],
        _ => &["sign", "verify"],
    };
    let pair = generate_pair(row, Some(Curve::P256), usages).await?;
    export(&get(&pair, "privateKey")).await
}

async fn generate_pair(row: &Row, curve: Option<Curve>, usages: &[&str]) -> Result<JsValue> {
    let params = row.params(curve);
    set(&params, "modulusLength", &2048.into());
    set(&params, "publicExponent", &bytes(&[1, 0, 1]));
    subtle("generateKey", &[params.into(), JsValue::TRUE, names(usages)]).await
}

/// A platform's key that may be exported, as a key of the core.
pub(crate) async fn export(key: &JsValue) -> Result<Key> {
    let exported = subtle("exportKey", &["jwk".into(), key.clone()]).await?;
    let jwk = super::json_in::to_object(&exported, &At::argument("key")).map(Zeroizing::new);
    let jwk = jwk.map_err(|_| odd("exportKey"))?;
    let own = ["kty", "crv", "n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "k"];
    let own = jwk.iter().filter(|(name, _)| own.contains(name)).map(|(name, value)| (name, value.clone()));
    jwk::parse(&Zeroizing::new(own.collect())).map_err(|_| odd("exportKey"))
}

/// A private key in PKCS #8 with its public half, which the platform computes.
pub(crate) async fn complete_pkcs8(curve: Curve, der: &[u8]) -> Result<Key> {
    let alg = match curve {
        Curve::P256 => "ES256",
        Curve::P384 => "ES384",
        Curve::P521 => "ES512",
        Curve::Ed25519 => "EdDSA",
        Curve::X25519 => "ECDH-ES",
    };
    let usage = if curve == Curve::X25519 { "deriveBits" } else { "sign" };
    let params = Row::of(alg)?.params(Some(curve));
    let imported =
        subtle("importKey", &["pkcs8".into(), bytes(der), params.into(), JsValue::TRUE, names(&[usage])]).await;
    export(&imported.map_err(refused_key)?).await
}

/// The key as the platform's handle, which is remembered.
async fn import_once(row: &Row, key: &Key, keys: &JsKeys, usage: &'static str) -> Result<JsValue> {
    let handle = import(row, key, keys.handle.as_ref(), &[usage]).await?;
    if let Some(name) = keys.name {
        known::remember(name, usage, row.alg, key, &handle);
    }
    Ok(handle)
}

/// The key as the platform's handle. For verifying and encrypting the public half alone is given.
async fn import(row: &Row, key: &Key, handle: Option<&JsValue>, usages: &[&str]) -> Result<JsValue> {
    if let Some(handle) = handle {
        return Ok(handle.clone());
    }
    let is_public = usages.iter().all(|usage| matches!(*usage, "verify" | "encrypt"));
    let members = Zeroizing::new(if is_public { jwk::to_public_members(key) } else { jwk::to_members(key) });
    let text = members.to_secret_json();
    let jwk = out::parse(&text);
    let params = row.params(curve_of(key, None));
    let imported = subtle("importKey", &["jwk".into(), jwk, params.into(), JsValue::FALSE, names(usages)]).await;
    imported.map_err(refused_key)
}

/// A key that the platform does not take is the key's fault, unless the platform lacks the algorithm.
fn refused_key(thrown: Thrown) -> Thrown {
    if !["DataError", "SyntaxError", "OperationError"].iter().any(|name| is_named(&thrown, name)) {
        return thrown;
    }
    let message = ["the platform refuses the key: its parts disagree, or it is of another form"];
    Thrown::caused_by(Error::new(Code::JwkInvalid, &message).at("key").spec("RFC 7517 §4"), thrown.into_parts().cause)
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
    Uint8Array::from(bytes).into()
}
