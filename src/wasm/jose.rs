//! The JOSE functions: what needs the platform is asked of it, the rest is the core's.

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::at::At;
use super::error::{Result, Thrown, promise};
use super::js::{Object, Promise};
use super::keys::JsKeys;
use super::names::set;
use super::options::Options;
use super::out::{self, Out};
use super::{clock, crypto, json_in, known, random, values};
use crate::error::{Code, Error};
use crate::jose::claims::Expected;
use crate::jose::jwa::{self, KeyKind, Management};
use crate::jose::{
    Ask, Decryption, Encryption, Header, Key, Material, Recipient, Secret, SigningInput, Verification, Verified,
    VerifiedJwt, VerifyOptions, jwk, thumbprint_of, verified_jwt,
};
use crate::json::{self, Json};

type Js<T> = core::result::Result<T, JsValue>;

const KEY: At<'_> = At::argument("key");
const HEADER: At<'_> = At::argument("header");
const TOKEN: At<'_> = At::argument("token");

/// Signs a claims set.
#[wasm_bindgen(js_name = signJwt)]
pub fn sign_jwt(claims: &JsValue, key: JsValue, header: &JsValue) -> Promise {
    signed(claims_in(claims).and_then(|claims| Ok((claims.into_bytes(), jwt_header(header)?))), key)
}

/// Signs a claims set with a symmetric key.
#[wasm_bindgen(js_name = signJwtSync)]
pub fn sign_jwt_sync(claims: &JsValue, key: &JsValue, header: &JsValue) -> Js<JsValue> {
    Ok(mac(claims, key, header)?)
}

fn mac(claims: &JsValue, key: &JsValue, header: &JsValue) -> Result<JsValue> {
    let claims = claims_in(claims)?;
    let keys = JsKeys::read(key, &KEY)?;
    let input = SigningInput::new(claims.as_bytes(), keys.one(&KEY)?, &jwt_header(header)?)?;
    let mac = input.mac().ok_or_else(needs_async)?;
    Ok(input.seal(&mac).into())
}

/// Signs bytes or text.
#[wasm_bindgen(js_name = signJws)]
pub fn sign_jws(payload: &JsValue, key: JsValue, header: &JsValue) -> Promise {
    let read = || {
        let payload = values::payload(payload, &At::argument("payload"))?;
        let header = if header.is_undefined() { json::Object::default() } else { json_in::to_object(header, &HEADER)? };
        Ok((payload, header))
    };
    signed(read(), key)
}

/// A promise of the payload signed.
fn signed(read: Result<(Vec<u8>, json::Object)>, key: JsValue) -> Promise {
    promise(async move {
        let (payload, header) = read?;
        let mut known = known::to_sign(&key, header.text("alg"));
        loop {
            // What is wrong with a key is said by its first reader.
            let is_known = known.is_some();
            let keys = if let Some(keys) = known.take() { keys } else { JsKeys::read_whole(&key, &KEY).await? };
            let token = sign(&payload, &keys, &header).await;
            if token.is_ok() || !is_known {
                return token;
            }
        }
    })
}

async fn sign(payload: &[u8], keys: &JsKeys, header: &json::Object) -> Result<JsValue> {
    let input = SigningInput::new(payload, keys.one(&KEY)?, header)?;
    let signature = if let Some(mac) = input.mac() {
        mac
    } else {
        let (name, key) = (input.algorithm().name, keys.one(&KEY)?);
        let answers = crypto::sign(name, key, keys, input.as_bytes())?.ask().await;
        crypto::remember(name, key, keys, "sign", &answers);
        answers.bytes()?
    };
    Ok(input.seal(&signature).into())
}

/// Verifies a token's signature and claims.
#[wasm_bindgen(js_name = verifyJwt)]
pub fn verify_jwt(token: &JsValue, key: JsValue, options: &JsValue) -> Promise {
    verified(token, key, verify_options(options), claims_out)
}

/// Verifies the MAC and claims of a token with a symmetric key.
#[wasm_bindgen(js_name = verifyJwtSync)]
pub fn verify_jwt_sync(token: &JsValue, key: &JsValue, options: &JsValue) -> Js<JsValue> {
    Ok(verify_mac(token, key, options)?)
}

fn verify_mac(token: &JsValue, key: &JsValue, options: &JsValue) -> Result<JsValue> {
    let (token, options) = (values::text(token, &TOKEN)?, verify_options(options)?);
    let keys = JsKeys::read(key, &KEY)?;
    let verification = Verification::new(&token, &keys.keys, options.algorithms.as_deref())?;
    let is_right = verification.mac_is_right().ok_or_else(needs_async)?;
    claims_out(&verification.conclude(is_right)?, &options)
}

/// Verifies a token's signature.
#[wasm_bindgen(js_name = verifyJws)]
pub fn verify_jws(token: &JsValue, key: JsValue, options: &JsValue) -> Promise {
    let mut options = Options::optional(options, "options");
    let algorithms = options.texts("algorithms");
    let options = options.give(Some(VerifyOptions { algorithms, expected: Expected::default() }));
    verified(token, key, options, |verified, _| Ok(bytes_out(verified.header(), "payload", verified.payload())))
}

/// A promise of what `out` makes of the token, when it was verified.
fn verified(
    token: &JsValue,
    key: JsValue,
    options: Result<VerifyOptions>,
    out: fn(&Verified, &VerifyOptions) -> Result<JsValue>,
) -> Promise {
    let token = values::text(token, &TOKEN);
    promise(async move {
        let (token, options) = (token?, options?);
        let algorithms = options.algorithms.as_deref();
        let mut known = known::to_verify(&key);
        loop {
            let is_known = known.is_some();
            let keys = if let Some(keys) = known.take() { keys } else { JsKeys::read_whole(&key, &KEY).await? };
            match verify(&token, &keys, algorithms).await {
                Ok(verified) => return out(&verified, &options),
                // Whoever sends wrong tokens shall not have the key read and imported for each.
                Err(thrown) if !is_known || thrown.error.code == Code::SignatureFailed => return Err(thrown),
                Err(_) => {}
            }
        }
    })
}

/// Encrypts bytes or text.
#[wasm_bindgen(js_name = encryptJwe)]
pub fn encrypt_jwe(plaintext: JsValue, key: JsValue, header: JsValue) -> Promise {
    promise(async move {
        let plaintext = Zeroizing::new(values::payload(&plaintext, &At::argument("plaintext"))?);
        let header = json_in::to_object(&header, &HEADER)?;
        let keys = JsKeys::read_whole(&key, &KEY).await?;
        let key = keys.one(&KEY)?;
        let encryption = Encryption::new(key, header, &mut random::fill)?;
        let (alg, handle) = (encryption.algorithm(), keys.handle.as_ref());
        let is_agreed = alg.management == Management::EcdhEs;
        let steps = match alg.management {
            Management::RsaOaep => Some(crypto::rsa_encrypt(alg.name, key, handle, encryption.cek())?),
            Management::EcdhEs => Some(crypto::agree_ephemeral(key, handle)?),
            _ => None,
        };
        let recipient = match steps {
            None => Recipient::Shared,
            Some(steps) => crypto::recipient(&steps.ask().await, is_agreed)?,
        };
        Ok(encryption.seal(&plaintext, recipient, &mut random::fill)?.into())
    })
}

/// Decrypts a token.
#[wasm_bindgen(js_name = decryptJwe)]
pub fn decrypt_jwe(token: JsValue, key: JsValue, options: JsValue) -> Promise {
    promise(async move {
        let token = values::text(&token, &TOKEN)?;
        let mut options = Options::optional(&options, "options");
        let (algorithms, encryptions) = (options.texts("algorithms"), options.texts("contentEncryption"));
        options.check()?;
        let keys = JsKeys::read_whole(&key, &KEY).await?;
        let (header, plaintext) = decrypt(&token, &keys, algorithms.as_deref(), encryptions.as_deref()).await?;
        Ok(bytes_out(&header, "plaintext", &plaintext))
    })
}

/// Makes a key for an algorithm.
#[wasm_bindgen(js_name = generateKey)]
pub fn generate_key(alg: JsValue, options: JsValue) -> Promise {
    promise(async move {
        let alg = values::text(&alg, &At::argument("alg"))?;
        let mut options = Options::optional(&options, "options");
        let kid = options.text("kid");
        options.check()?;
        let (usage, secret) = shape(&alg)?;
        let key = match secret {
            None => crypto::last_exported(&crypto::generate(&alg)?.ask().await)?,
            Some(length) => {
                let mut bytes = vec![0; length];
                random::fill(&mut bytes)?;
                Key::new(Material::Oct(Secret::new(bytes, "key")?))
            }
        };
        let kid = kid.unwrap_or_else(|| thumbprint_of(&key));
        let out = Object::new();
        for (name, members) in [("privateKey", jwk::to_members(&key)), ("publicKey", jwk::to_public_members(&key))] {
            let mut members = Zeroizing::new(members);
            for (name, value) in [("kid", kid.as_str()), ("alg", &alg), ("use", usage)] {
                members.set(name, Json::from(value));
            }
            set(&out, name, &out::parse(&members.to_secret_json()));
        }
        Ok(out.into())
    })
}

/// The thumbprint of a JWK (RFC 7638).
#[wasm_bindgen]
pub fn thumbprint(jwk: &JsValue) -> Js<JsValue> {
    let thumbprint =
        || Ok(thumbprint_of(&jwk::parse(&Zeroizing::new(json_in::to_object(jwk, &At::argument("jwk"))?))?).into());
    thumbprint().map_err(|thrown: Thrown| thrown.into())
}

/// The `use` of a key for this algorithm, and its length in bytes where it is a secret.
fn shape(alg: &str) -> Result<(&'static str, Option<usize>)> {
    if let Ok(row) = jwa::signature_named(alg) {
        return Ok(("sig", (row.key == KeyKind::Secret).then_some(row.hash.size())));
    }
    if let Ok(row) = jwa::content_named(alg) {
        return Ok(("enc", Some(row.cek)));
    }
    let unknown = |mut error: Error| {
        error.facts().at = Some("alg".to_owned());
        error
    };
    match jwa::management_named(alg).map_err(unknown)? {
        row if row.management == Management::Direct => {
            let message = ["dir takes a key of the content encryption's length, expected its name, such as A256GCM"];
            Err(Error::argument("alg", &message).into())
        }
        row => Ok(("enc", (row.key == KeyKind::Secret).then_some(row.kek))),
    }
}

pub(crate) async fn decrypt(
    token: &str,
    keys: &JsKeys,
    algorithms: Option<&[String]>,
    encryptions: Option<&[String]>,
) -> Result<(Header, Zeroizing<Vec<u8>>)> {
    let decryption = Decryption::new(token, &keys.keys, algorithms, encryptions)?;
    let (name, key, handle) = (decryption.algorithm().name, decryption.key(), keys.handle.as_ref());
    let (steps, is_agreed) = match decryption.ask() {
        Ask::Nothing => (None, false),
        Ask::Decrypt(encrypted) => (Some(crypto::rsa_decrypt(name, key, handle, encrypted)?), false),
        Ask::Agree(ephemeral) => (Some(crypto::agree(key, handle, ephemeral)?), true),
    };
    let answer = match steps {
        None => None,
        Some(steps) => crypto::opened(&steps.ask().await, is_agreed)?,
    };
    let answer = answer.as_ref().map(|answer| answer.as_slice());
    Ok(decryption.decrypt(answer, &mut random::fill)?)
}

pub(crate) async fn verify(token: &str, keys: &JsKeys, algorithms: Option<&[String]>) -> Result<Verified> {
    let verification = Verification::new(token, &keys.keys, algorithms)?;
    let is_right = if let Some(is_right) = verification.mac_is_right() {
        is_right
    } else {
        let (name, key) = (verification.algorithm().name, verification.key());
        let (input, signature) = (verification.signing_input(), verification.signature());
        let answers = crypto::verify(name, key, keys, input, signature)?.ask().await;
        crypto::remember(name, key, keys, "verify", &answers);
        crypto::is_right(&answers)?
    };
    Ok(verification.conclude(is_right)?)
}

fn needs_async() -> Thrown {
    let message = ["this key's algorithm needs the platform's WebCrypto, call the function without Sync"];
    Error::new(Code::KeyNeedsAsync, &message).at("key").into()
}

/// A claims set as JSON text.
fn claims_in(claims: &JsValue) -> Result<String> {
    Ok(json_in::to_object(claims, &At::argument("claims"))?.to_json())
}

/// The header of a JWT: as given, or the plainest.
fn jwt_header(header: &JsValue) -> Result<json::Object> {
    if !header.is_undefined() {
        return json_in::to_object(header, &HEADER);
    }
    Ok(json::Object::from_iter([("typ", Json::from("JWT"))]))
}

fn verify_options(options: &JsValue) -> Result<VerifyOptions> {
    let mut options = Options::optional(options, "options");
    let expected = Expected {
        issuer: options.one_or_more("issuer"),
        audience: options.one_or_more("audience"),
        subject: options.text("subject"),
        typ: options.text("typ"),
        required: options.texts("requiredClaims").unwrap_or_default(),
        max_age: options.number("maxTokenAge"),
        now: options.number("now").unwrap_or_else(clock::now),
        tolerance: options.number("clockTolerance").unwrap_or_default(),
    };
    let algorithms = options.texts("algorithms");
    options.give(Some(VerifyOptions { algorithms, expected }))
}

fn claims_out(verified: &Verified, options: &VerifyOptions) -> Result<JsValue> {
    let VerifiedJwt { header, claims, text } = verified_jwt(verified, &options.expected)?;
    let mut out = Out::new();
    out.header("header", &header);
    out.object("claims", &claims, &text);
    Ok(out.end())
}

fn bytes_out(header: &Header, name: &'static str, bytes: &[u8]) -> JsValue {
    let mut out = Out::new();
    out.header("header", header);
    out.bytes(name, bytes);
    out.end()
}
