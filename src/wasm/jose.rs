//! The JOSE functions: what needs the platform is asked of it, the rest is the core's.

use js_sys::{Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::error::{Result, Thrown, promise};
use super::keys::JsKeys;
use super::{clock, crypto, json_in, random, values};
use crate::error::{Code, Error};
use crate::jose::claims::Expected;
use crate::jose::json::{self, Json};
use crate::jose::jwa::{self, KeyKind, Management};
use crate::jose::{
    Ask, Decryption, Encryption, Header, Key, Material, Recipient, Secret, SigningInput, Verification, Verified,
    VerifiedJwt, VerifyOptions, jwk, thumbprint_of, verified_jwt,
};

type Js<T> = core::result::Result<T, JsValue>;

/// Signs a claims set.
#[wasm_bindgen(js_name = signJwt)]
pub fn sign_jwt(claims: JsValue, key: JsValue, header: JsValue) -> Promise {
    promise(async move {
        let claims = json_in::to_object(&claims, "claims")?.to_json();
        let header = jwt_header(&header)?;
        Ok(sign(claims.as_bytes(), &JsKeys::read_whole(&key, "key").await?, header).await?.into())
    })
}

/// Signs a claims set with a symmetric key.
#[wasm_bindgen(js_name = signJwtSync)]
pub fn sign_jwt_sync(claims: &JsValue, key: &JsValue, header: &JsValue) -> Js<String> {
    let claims = json_in::to_object(claims, "claims")?.to_json();
    let keys = JsKeys::read(key, "key")?;
    let input = SigningInput::new(claims.as_bytes(), keys.one("key")?, &jwt_header(header)?)?;
    let mac = input.mac().ok_or_else(needs_async)?;
    Ok(input.seal(&mac))
}

/// Verifies a token's signature and claims.
#[wasm_bindgen(js_name = verifyJwt)]
pub fn verify_jwt(token: JsValue, key: JsValue, options: JsValue) -> Promise {
    promise(async move {
        let (token, options) = (values::text(&token, "token")?, verify_options(&options)?);
        let keys = JsKeys::read_whole(&key, "key").await?;
        let verified = verify(&token, &keys, options.algorithms.as_deref()).await?;
        Ok(claims_out(&verified_jwt(&verified, &options.expected)?))
    })
}

/// Verifies the MAC and claims of a token with a symmetric key.
#[wasm_bindgen(js_name = verifyJwtSync)]
pub fn verify_jwt_sync(token: &JsValue, key: &JsValue, options: &JsValue) -> Js<JsValue> {
    let (token, options) = (values::text(token, "token")?, verify_options(options)?);
    let keys = JsKeys::read(key, "key")?;
    let algorithms = options.algorithms.as_deref();
    let verification = Verification::new(&token, &keys.keys, algorithms)?;
    let is_right = verification.mac_is_right().ok_or_else(needs_async)?;
    let verified = verification.conclude(is_right)?;
    Ok(claims_out(&verified_jwt(&verified, &options.expected)?))
}

/// Signs bytes or text.
#[wasm_bindgen(js_name = signJws)]
pub fn sign_jws(payload: JsValue, key: JsValue, header: JsValue) -> Promise {
    promise(async move {
        let payload = values::payload(&payload, "payload")?;
        let header =
            if header.is_undefined() { json::Object::default() } else { json_in::to_object(&header, "header")? };
        Ok(sign(&payload, &JsKeys::read_whole(&key, "key").await?, header).await?.into())
    })
}

/// Verifies a token's signature.
#[wasm_bindgen(js_name = verifyJws)]
pub fn verify_jws(token: JsValue, key: JsValue, options: JsValue) -> Promise {
    promise(async move {
        let (token, algorithms) = (values::text(&token, "token")?, list(&options, "algorithms")?);
        let verified = verify(&token, &JsKeys::read_whole(&key, "key").await?, algorithms.as_deref()).await?;
        Ok(bytes_out(verified.header(), "payload", verified.payload()))
    })
}

/// Encrypts bytes or text.
#[wasm_bindgen(js_name = encryptJwe)]
pub fn encrypt_jwe(plaintext: JsValue, key: JsValue, header: JsValue) -> Promise {
    promise(async move {
        let plaintext = Zeroizing::new(values::payload(&plaintext, "plaintext")?);
        let header = json_in::to_object(&header, "header")?;
        let keys = JsKeys::read_whole(&key, "key").await?;
        let key = keys.one("key")?;
        let encryption = Encryption::new(key, header, &mut random::fill)?;
        let (alg, handle) = (encryption.algorithm(), keys.handle.as_ref());
        let recipient = match alg.management {
            Management::RsaOaep => {
                Recipient::Encrypted(crypto::rsa_encrypt(alg.name, key, handle, encryption.cek()).await?)
            }
            Management::EcdhEs => {
                let (epk, z) = crypto::agree_ephemeral(key, handle).await?;
                Recipient::Agreed { epk, z }
            }
            _ => Recipient::Shared,
        };
        Ok(encryption.seal(&plaintext, recipient, &mut random::fill)?.into())
    })
}

/// Decrypts a token.
#[wasm_bindgen(js_name = decryptJwe)]
pub fn decrypt_jwe(token: JsValue, key: JsValue, options: JsValue) -> Promise {
    promise(async move {
        let token = values::text(&token, "token")?;
        let (algorithms, encryptions) = (list(&options, "algorithms")?, list(&options, "contentEncryption")?);
        let keys = JsKeys::read_whole(&key, "key").await?;
        let (header, plaintext) = decrypt(&token, &keys, algorithms.as_deref(), encryptions.as_deref()).await?;
        Ok(bytes_out(&header, "plaintext", &plaintext))
    })
}

/// Makes a key for an algorithm.
#[wasm_bindgen(js_name = generateKey)]
pub fn generate_key(alg: JsValue, options: JsValue) -> Promise {
    promise(async move {
        let alg = values::text(&alg, "alg")?;
        let kid = option(&options, "kid", values::text)?;
        let (usage, secret) = shape(&alg)?;
        let key = match secret {
            None => crypto::generate(&alg).await?,
            Some(length) => {
                let mut bytes = vec![0; length];
                random::fill(&mut bytes)?;
                Key::new(Material::Oct(Secret::new(bytes, "key")?))
            }
        };
        let kid = kid.unwrap_or_else(|| thumbprint_of(&key));
        let out = Object::new();
        for (name, members) in [("privateKey", jwk::to_members(&key)), ("publicKey", jwk::to_public_members(&key))] {
            let mut members = members;
            for (name, value) in [("kid", kid.as_str()), ("alg", &alg), ("use", usage)] {
                members.set(name, Json::from(value));
            }
            values::set(&out, name, &values::json_object(&members, &members.to_json()));
        }
        Ok(out.into())
    })
}

/// The thumbprint of a JWK (RFC 7638).
#[wasm_bindgen]
pub fn thumbprint(jwk: &JsValue) -> Js<String> {
    let key = jwk::parse(&json_in::to_object(jwk, "jwk")?)?;
    Ok(thumbprint_of(&key))
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
    let answer = match decryption.ask() {
        Ask::Nothing => None,
        Ask::Decrypt(encrypted) => crypto::rsa_decrypt(name, key, handle, encrypted).await?,
        Ask::Agree(ephemeral) => crypto::agree(key, handle, ephemeral).await?,
    };
    let answer = answer.as_ref().map(|answer| answer.as_slice());
    Ok(decryption.decrypt(answer, &mut random::fill)?)
}

async fn sign(payload: &[u8], keys: &JsKeys, header: json::Object) -> Result<String> {
    let key = keys.one("key")?;
    let input = SigningInput::new(payload, key, &header)?;
    let signature = match input.mac() {
        Some(mac) => mac,
        None => crypto::sign(input.algorithm().name, key, keys.handle.as_ref(), input.as_bytes()).await?,
    };
    Ok(input.seal(&signature))
}

pub(crate) async fn verify(token: &str, keys: &JsKeys, algorithms: Option<&[String]>) -> Result<Verified> {
    let verification = Verification::new(token, &keys.keys, algorithms)?;
    let is_right = if let Some(is_right) = verification.mac_is_right() {
        is_right
    } else {
        let (name, key, handle) = (verification.algorithm().name, verification.key(), keys.handle.as_ref());
        crypto::verify(name, key, handle, verification.signing_input(), verification.signature()).await?
    };
    Ok(verification.conclude(is_right)?)
}

fn needs_async() -> Thrown {
    let message = ["this key's algorithm needs the platform's WebCrypto, call the function without Sync"];
    Error::new(Code::KeyNeedsAsync, &message).at("key").into()
}

/// The header of a JWT: as given, or the plainest.
fn jwt_header(header: &JsValue) -> Result<json::Object> {
    if !header.is_undefined() {
        return json_in::to_object(header, "header");
    }
    Ok(json::Object::from_iter([("typ", Json::from("JWT"))]))
}

pub(crate) fn option<T>(
    options: &JsValue,
    name: &str,
    read: impl FnOnce(&JsValue, &str) -> Result<T>,
) -> Result<Option<T>> {
    if options.is_undefined() {
        return Ok(None);
    }
    values::optional(values::object(options, "options")?, name, "options", read)
}

fn list(options: &JsValue, name: &str) -> Result<Option<Vec<String>>> {
    option(options, name, values::texts)
}

fn verify_options(options: &JsValue) -> Result<VerifyOptions> {
    let expected = Expected {
        issuer: option(options, "issuer", values::one_or_more)?,
        audience: option(options, "audience", values::one_or_more)?,
        subject: option(options, "subject", values::text)?,
        typ: option(options, "typ", values::text)?,
        required: list(options, "requiredClaims")?.unwrap_or_default(),
        max_age: option(options, "maxTokenAge", values::number)?,
        now: option(options, "now", values::number)?.unwrap_or_else(clock::now),
        tolerance: option(options, "clockTolerance", values::number)?.unwrap_or_default(),
    };
    Ok(VerifyOptions { algorithms: list(options, "algorithms")?, expected })
}

fn claims_out(jwt: &VerifiedJwt) -> JsValue {
    let out = Object::new();
    values::set(&out, "header", &values::json_object(jwt.header.members(), jwt.header.as_json()));
    values::set(&out, "claims", &values::json_object(&jwt.claims, &jwt.text));
    out.into()
}

fn bytes_out(header: &Header, name: &str, bytes: &[u8]) -> JsValue {
    let out = Object::new();
    values::set(&out, "header", &values::json_object(header.members(), header.as_json()));
    values::set(&out, name, &Uint8Array::from(bytes));
    out.into()
}
