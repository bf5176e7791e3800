//! The JOSE functions: what needs the platform is asked of it, the rest is the core's.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::call::{Call, WaitOptions};
use super::error::{Result, Thrown};
use super::keys::JsKeys;
use super::prepared::Usage;
use super::read::{self, OneOrMore, Seconds, Texts};
use super::{decode, json, runtime, to_js, webcrypto};
use crate::error::{Code, Error};
use crate::jose::claims::Expected;
use crate::jose::jwa::{self, KeyKind, Management};
use crate::jose::{
    Decryption, Encryption, Header, Key, Material, Recipient, Secret, SigningInput, Verification, Verified,
    VerifyOptions, jwk, thumbprint_of, verified_jwt,
};
use crate::json::{Json, Object};

type Js<T> = core::result::Result<T, JsValue>;

/// Signs a claims set.
#[wasm_bindgen(js_name = signJwt)]
pub async fn sign_jwt(claims: JsValue, key: JsValue, header: JsValue, options: JsValue) -> Js<JsValue> {
    let (claims, header, call) = (claims_text(&claims)?, jwt_header(&header)?, waiting(&options)?);
    Ok(sign_with(claims.as_bytes(), &key, "key", &header, &call).await?.into())
}

/// Signs a claims set with a symmetric key.
#[wasm_bindgen(js_name = signJwtSync)]
pub fn sign_jwt_sync(claims: &JsValue, key: &JsValue, header: &JsValue) -> Js<String> {
    Ok(sign_sync(claims, key, header)?)
}

fn sign_sync(claims: &JsValue, key: &JsValue, header: &JsValue) -> Result<String> {
    let (claims, header) = (claims_text(claims)?, jwt_header(header)?);
    let keys = JsKeys::read(key, "key", None)?;
    let input = SigningInput::new(claims.as_bytes(), keys.one("key")?, &header)?;
    let mac = input.mac().ok_or_else(needs_async)?;
    Ok(input.seal(&mac))
}

/// Signs bytes or text.
#[wasm_bindgen(js_name = signJws)]
pub async fn sign_jws(payload: JsValue, key: JsValue, header: JsValue, options: JsValue) -> Js<JsValue> {
    let payload = read::payload(&payload, "payload")?;
    let header = if header.is_undefined() { Object::default() } else { json::to_object(&header, "header")? };
    Ok(sign_with(&payload, &key, "key", &header, &waiting(&options)?).await?.into())
}

/// Signs bytes with a key that is the argument of this name.
async fn sign_with(payload: &[u8], key: &JsValue, name: &str, header: &Object, call: &Call) -> Result<String> {
    let wanted = Some((Usage::Sign, header.text("alg")));
    let keys = JsKeys::read_whole(key, name, wanted).await?;
    match sign(payload, &keys, name, header, call).await {
        // What is wrong with a key that is known by its handle alone is said by its first reader.
        Err(_) if keys.is_known => sign(payload, &JsKeys::read_whole(key, name, None).await?, name, header, call).await,
        signed => signed,
    }
}

async fn sign(payload: &[u8], keys: &JsKeys, name: &str, header: &Object, call: &Call) -> Result<String> {
    let key = keys.one(name)?;
    let input = SigningInput::new(payload, key, header)?;
    let signature = keys.js_key(key).sign(&input, call).await?;
    Ok(input.seal(&signature))
}

/// How long a function of the caller's is waited for.
fn waiting(options: &JsValue) -> Result<Call> {
    Call::new("options").with(read::optional::<WaitOptions>(options, "options")?.into())
}

/// `VerifyOptions` as JavaScript gives them.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct VerifyParams {
    algorithms: Option<Texts>,
    issuer: Option<OneOrMore>,
    audience: Option<OneOrMore>,
    subject: Option<String>,
    typ: Option<String>,
    required_claims: Option<Texts>,
    max_token_age: Option<Seconds>,
    now: Option<Seconds>,
    clock_tolerance: Option<Seconds>,
}

fn verify_options(params: VerifyParams) -> VerifyOptions {
    let expected = Expected {
        issuer: params.issuer.map(|texts| texts.0),
        audience: params.audience.map(|texts| texts.0),
        subject: params.subject,
        typ: params.typ,
        required: params.required_claims.map(|texts| texts.0).unwrap_or_default(),
        max_age: params.max_token_age.map(|seconds| seconds.0),
        now: params.now.map_or_else(runtime::now, |seconds| seconds.0),
        tolerance: params.clock_tolerance.map_or(0.0, |seconds| seconds.0),
    };
    VerifyOptions { algorithms: params.algorithms.map(|texts| texts.0), expected }
}

/// Verifies a token's signature and claims.
#[wasm_bindgen(js_name = verifyJwt)]
pub async fn verify_jwt(token: JsValue, key: JsValue, options: JsValue) -> Js<JsValue> {
    let token = read::text(&token, "token")?;
    let (params, call) = Call::waiting_if_given(&options, "options")?;
    let options = verify_options(params);
    let verified = verify_with(&token, &key, options.algorithms.as_deref(), &call).await?;
    Ok(claims_out(&verified, &options)?)
}

/// Verifies the MAC and claims of a token with a symmetric key.
#[wasm_bindgen(js_name = verifyJwtSync)]
pub fn verify_jwt_sync(token: &JsValue, key: &JsValue, options: &JsValue) -> Js<JsValue> {
    Ok(verify_sync(token, key, options)?)
}

fn verify_sync(token: &JsValue, key: &JsValue, options: &JsValue) -> Result<JsValue> {
    let (token, options) = (read::text(token, "token")?, verify_options(read::optional(options, "options")?));
    let keys = JsKeys::read(key, "key", None)?;
    let verification = Verification::new(&token, keys.keys(), options.algorithms.as_deref())?;
    let is_right = verification.mac_is_right().ok_or_else(needs_async)?;
    claims_out(&verification.conclude(is_right)?, &options)
}

/// Which algorithms a signature may have.
#[derive(Default, Deserialize)]
struct JwsOptions {
    algorithms: Option<Texts>,
}

/// Which algorithms may be used to decrypt.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct JweOptions {
    algorithms: Option<Texts>,
    content_encryption: Option<Texts>,
}

/// Verifies a token's signature.
#[wasm_bindgen(js_name = verifyJws)]
pub async fn verify_jws(token: JsValue, key: JsValue, options: JsValue) -> Js<JsValue> {
    let token = read::text(&token, "token")?;
    let (options, call) = Call::waiting_if_given::<JwsOptions>(&options, "options")?;
    let algorithms = options.algorithms.map(|texts| texts.0);
    let verified = verify_with(&token, &key, algorithms.as_deref(), &call).await?;
    let header = header_out(verified.header());
    Ok(super::to_value(&JwsOut { header, payload: BytesOut(verified.payload()) }))
}

async fn verify_with(token: &str, key: &JsValue, algorithms: Option<&[String]>, call: &Call) -> Result<Verified> {
    let keys = JsKeys::read_to_verify(key, "key", (token, algorithms), call).await?;
    verify_with_keys(token, keys, (key, "key"), algorithms, call).await
}

/// Verifies a token of a platform: with the key that is given under this name, else with those at the platform's URL.
pub(crate) async fn verify_of_platform(
    token: &str,
    (key, name): (&JsValue, &str),
    algorithms: Option<&[String]>,
    jwks_uri: &str,
    call: &Call,
) -> Result<Verified> {
    let keys = JsKeys::read_of_platform(key, name, (token, algorithms), jwks_uri, call).await?;
    verify_with_keys(token, keys, (key, name), algorithms, call).await
}

async fn verify_with_keys(
    token: &str,
    keys: JsKeys,
    (key, name): (&JsValue, &str),
    algorithms: Option<&[String]>,
    call: &Call,
) -> Result<Verified> {
    match verify(token, &keys, algorithms, call).await {
        // Whoever sends wrong tokens shall not have the key read and imported for each; but what else is wrong with a key
        // that is known by its handle alone is said by its first reader.
        Err(thrown) if keys.is_known && thrown.error.code != Code::SignatureFailed => {
            verify(token, &JsKeys::read_whole(key, name, None).await?, algorithms, call).await
        }
        verified => verified,
    }
}

/// Encrypts bytes or text.
#[wasm_bindgen(js_name = encryptJwe)]
pub async fn encrypt_jwe(plaintext: JsValue, key: JsValue, header: JsValue) -> Js<JsValue> {
    Ok(encrypt(&plaintext, &key, &header).await?.into())
}

async fn encrypt(plaintext: &JsValue, key: &JsValue, header: &JsValue) -> Result<String> {
    let plaintext = read::payload(plaintext, "plaintext")?;
    let header = json::to_object(header, "header")?;
    let keys = JsKeys::read_whole(key, "key", None).await?;
    let key = keys.one("key")?;
    let encryption = Encryption::new(key, header, &mut runtime::fill_random)?;
    let (alg, own) = (encryption.algorithm(), keys.js_key(key));
    let recipient = match alg.management {
        Management::RsaOaep => {
            let handle = own.handle(alg.name, Usage::Encrypt).await?;
            Recipient::Encrypted(webcrypto::rsa_encrypt(alg.name, &handle, encryption.cek()).await?)
        }
        Management::EcdhEs => webcrypto::agree_ephemeral(&own.handle_of_recipient().await?, own.curve()).await?,
        _ => Recipient::Shared,
    };
    Ok(encryption.seal(&plaintext, recipient, &mut runtime::fill_random)?)
}

/// Decrypts a token.
#[wasm_bindgen(js_name = decryptJwe)]
pub async fn decrypt_jwe(token: JsValue, key: JsValue, options: JsValue) -> Js<JsValue> {
    let token = read::text(&token, "token")?;
    let (options, call) = Call::waiting_if_given::<JweOptions>(&options, "options")?;
    let keys = JsKeys::read_whole(&key, "key", None).await?;
    let algorithms = options.algorithms.map(|texts| texts.0);
    let encryptions = options.content_encryption.map(|texts| texts.0);
    let (header, plaintext) = decrypt(&token, &keys, algorithms.as_deref(), encryptions.as_deref(), &call).await?;
    Ok(super::to_value(&JweOut { header: header_out(&header), plaintext: BytesOut(&plaintext) }))
}

pub(crate) async fn decrypt(
    token: &str,
    keys: &JsKeys,
    algorithms: Option<&[String]>,
    encryptions: Option<&[String]>,
    call: &Call,
) -> Result<(Header, Zeroizing<Vec<u8>>)> {
    let decryption = Decryption::new(token, keys.keys(), algorithms, encryptions)?;
    let answer = keys.js_key(decryption.key()).prepare_decryption(&decryption, call).await?;
    let answer = answer.as_ref().map(|answer| answer.as_slice());
    Ok(decryption.decrypt(answer, &mut runtime::fill_random)?)
}

pub(crate) async fn verify(token: &str, keys: &JsKeys, algorithms: Option<&[String]>, call: &Call) -> Result<Verified> {
    let verification = Verification::new(token, keys.keys(), algorithms)?;
    let is_right = keys.js_key(verification.key()).verify(&verification, call).await?;
    Ok(verification.conclude(is_right)?)
}

/// What is asked of `generateKey`.
#[derive(Default, Deserialize)]
struct GenerateOptions {
    kid: Option<String>,
}

/// Makes a key for an algorithm.
#[wasm_bindgen(js_name = generateKey)]
pub async fn generate_key(alg: JsValue, options: JsValue) -> Js<JsValue> {
    Ok(generate(&alg, &options).await?)
}

async fn generate(alg: &JsValue, options: &JsValue) -> Result<JsValue> {
    let alg = read::text(alg, "alg")?;
    let GenerateOptions { kid } = read::optional(options, "options")?;
    let (usage, secret) = shape(&alg)?;
    let key = match secret {
        None => webcrypto::generate(&alg).await?,
        Some(length) => {
            let mut bytes = vec![0; length];
            runtime::fill_random(&mut bytes)?;
            Key::new(Material::Oct(Secret::new(bytes, "key")?))
        }
    };
    let kid = kid.unwrap_or_else(|| thumbprint_of(&key));
    let with_facts = |members: Object| {
        let mut members = Zeroizing::new(members);
        for (name, value) in [("kid", kid.as_str()), ("alg", &alg), ("use", usage)] {
            members.set(name, Json::from(value));
        }
        to_js::parse(&members.to_secret_json())
    };
    let (private_key, public_key) = (with_facts(jwk::to_members(&key)), with_facts(jwk::to_public_members(&key)));
    Ok(super::to_value(&KeyPairOut { private_key, public_key }))
}

/// The thumbprint of a JWK (RFC 7638).
#[wasm_bindgen]
pub fn thumbprint(jwk: &JsValue) -> Js<String> {
    let jwk = Zeroizing::new(json::to_object(jwk, "jwk")?);
    Ok(thumbprint_of(&jwk::parse(&jwk).map_err(Thrown::from)?))
}

/// The `use` of a key for this algorithm, and its length in bytes where it is a secret.
fn shape(alg: &str) -> Result<(&'static str, Option<usize>)> {
    if let Ok(row) = jwa::signature_named(alg) {
        return Ok(("sig", (row.key == KeyKind::Secret).then_some(row.hash.size())));
    }
    if let Ok(row) = jwa::content_named(alg) {
        return Ok(("enc", Some(row.cek)));
    }
    match jwa::management_named(alg).map_err(|error| error.at("alg"))? {
        row if row.management == Management::Direct => {
            let message = "dir takes a key of the content encryption's length, expected its name, such as A256GCM";
            Err(Thrown::argument("alg", message))
        }
        row => Ok(("enc", (row.key == KeyKind::Secret).then_some(row.kek))),
    }
}

fn needs_async() -> Thrown {
    let message = "this key needs the platform's WebCrypto, or lives elsewhere; call the function without Sync";
    Error::new(Code::KeyNeedsAsync, message).at("key").into()
}

/// A claims set as JSON text.
fn claims_text(claims: &JsValue) -> Result<String> {
    Ok(json::to_object(claims, "claims")?.to_json())
}

/// The header of a JWT: as given, or the plainest.
fn jwt_header(header: &JsValue) -> Result<Object> {
    if header.is_undefined() {
        return Ok(Object::from_iter([("typ", Json::from("JWT"))]));
    }
    json::to_object(header, "header")
}

fn header_out(header: &Header) -> JsValue {
    to_js::parsed_object(header.members(), header.as_json())
}

fn claims_out(verified: &Verified, options: &VerifyOptions) -> Result<JsValue> {
    let jwt = verified_jwt(verified, &options.expected)?;
    Ok(decode::jwt_out(&jwt.header, (&jwt.claims, &jwt.text)))
}

/// A verified JWS as JavaScript gets it.
#[derive(Serialize)]
struct JwsOut<'a> {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    header: JsValue,
    payload: BytesOut<'a>,
}

/// A decrypted JWE as JavaScript gets it.
#[derive(Serialize)]
struct JweOut<'a> {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    header: JsValue,
    plaintext: BytesOut<'a>,
}

/// Bytes that become a `Uint8Array`; serde takes a slice for a sequence.
struct BytesOut<'a>(&'a [u8]);

impl Serialize for BytesOut<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

/// A new key as JavaScript gets it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyPairOut {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    private_key: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    public_key: JsValue,
}
