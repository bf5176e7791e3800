//! What signs and verifies: what needs the platform is asked of it, the rest is the core's.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::call::{Call, WaitOptions};
use super::error::{Result, Thrown};
use super::keys::JsKeys;
use super::prepared::Usage;
use super::read::{self, OneOrMore, Seconds, Texts};
use super::to_js::{self, BytesOut};
use super::value::get;
use super::{decode, json, runtime};
use crate::error::{Code, Error};
use crate::jose::claims::Expected;
use crate::jose::{SigningInput, Verification, Verified, VerifyOptions, verified_jwt};
use crate::json::{Json, Object};

type Js<T> = core::result::Result<T, JsValue>;

/// Signs a claims set.
#[wasm_bindgen(js_name = signJwt)]
pub async fn sign_jwt(claims: JsValue, key: JsValue, header: JsValue, options: JsValue) -> Js<JsValue> {
    let (claims, header, call) =
        (claims_text(&claims)?, jwt_header(&header, &[PARAMETERS, CLAIMS, WAITING])?, waiting(&options)?);
    Ok(sign_with(claims.as_bytes(), &key, "key", &header, &call).await?.into())
}

/// Signs a claims set with a symmetric key.
#[wasm_bindgen(js_name = signJwtSync)]
pub fn sign_jwt_sync(claims: &JsValue, key: &JsValue, header: &JsValue) -> Js<String> {
    Ok(sign_sync(claims, key, header)?)
}

fn sign_sync(claims: &JsValue, key: &JsValue, header: &JsValue) -> Result<String> {
    let (claims, header) = (claims_text(claims)?, jwt_header(header, &[PARAMETERS, CLAIMS])?);
    let keys = JsKeys::read(key, "key", None)?;
    let input = SigningInput::new(claims.as_bytes(), keys.one("key")?, &header)?;
    let mac = input.mac().ok_or_else(needs_async)?;
    Ok(input.seal(&mac))
}

/// Signs bytes or text.
#[wasm_bindgen(js_name = signJws)]
pub async fn sign_jws(payload: JsValue, key: JsValue, header: JsValue, options: JsValue) -> Js<JsValue> {
    let payload = read::payload(&payload, "payload")?;
    let header =
        if header.is_undefined() { Object::default() } else { header_object(&header, &[PARAMETERS, WAITING])? };
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

/// Verifies a token's signature.
#[wasm_bindgen(js_name = verifyJws)]
pub async fn verify_jws(token: JsValue, key: JsValue, options: JsValue) -> Js<JsValue> {
    let token = read::text(&token, "token")?;
    let (options, call) = Call::waiting_if_given::<JwsOptions>(&options, "options")?;
    let algorithms = options.algorithms.map(|texts| texts.0);
    let verified = verify_with(&token, &key, algorithms.as_deref(), &call).await?;
    let header = to_js::header(verified.header());
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

pub(crate) async fn verify(token: &str, keys: &JsKeys, algorithms: Option<&[String]>, call: &Call) -> Result<Verified> {
    let verification = Verification::new(token, keys.keys(), algorithms)?;
    let is_right = keys.js_key(verification.key()).verify(&verification, call).await?;
    Ok(verification.conclude(is_right)?)
}

fn needs_async() -> Thrown {
    let message = "this key needs the platform's WebCrypto, or lives elsewhere; call the function without Sync";
    Error::new(Code::KeyNeedsAsync, message).at("key").into()
}

/// A claims set as JSON text.
fn claims_text(claims: &JsValue) -> Result<String> {
    Ok(json::to_object(claims, "claims")?.to_json())
}

/// Names, and what is meant by them in a header.
type Meant = [(&'static str, &'static str)];
/// The options of other libraries that are parameters of a header.
pub(super) const PARAMETERS: &Meant = &[("algorithm", "header.alg"), ("keyid", "header.kid")];
/// Those that are claims: a token that is to expire would not.
const CLAIMS: &Meant = &[
    ("expiresIn", "claims.exp"),
    ("notBefore", "claims.nbf"),
    ("issuer", "claims.iss"),
    ("subject", "claims.sub"),
    ("audience", "claims.aud"),
    ("jwtid", "claims.jti"),
];
/// The argument that follows.
const WAITING: &Meant =
    &[("timeout", "options.timeout, after the header"), ("signal", "options.signal, after the header")];

/// The header of a JWT: as given, or the plainest.
fn jwt_header(header: &JsValue, elsewhere: &[&Meant]) -> Result<Object> {
    if header.is_undefined() {
        return Ok(Object::from_iter([("typ", Json::from("JWT"))]));
    }
    header_object(header, elsewhere)
}

/// A header as given. It may have any member, but none that is meant for elsewhere.
pub(super) fn header_object(header: &JsValue, elsewhere: &[&Meant]) -> Result<Object> {
    match elsewhere.iter().copied().flatten().find(|(name, _)| !get(header, name).is_undefined()) {
        Some((name, meant)) => {
            Err(Thrown::argument(&format!("header.{name}"), format_args!("no header parameter, expected {meant}")))
        }
        None => json::to_object(header, "header"),
    }
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
