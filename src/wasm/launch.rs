//! `beginLaunch`, `verifyLaunch`.

use js_sys::Function;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::error::{Result, Thrown};
use super::platforms::Platforms;
use super::promise::settled;
use super::read::{self, Bytes, Integer, Seconds};
use super::value::{is_array, set};
use super::{form, jose, json, runtime, to_js};
use crate::error::{Code, Error};
use crate::jose::Secret;
use crate::lti13::{
    Clock, DEFAULT_TOLERANCE, Evidence, Launch, LaunchResponse, Login, LoginOptions, LoginRequest, Nonce, RS256,
    StateKeys, Stored,
};

type Js<T> = core::result::Result<T, JsValue>;

/// What `beginLaunch` takes besides the request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BeginOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    platforms: JsValue,
    redirect_uri: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    secret: JsValue,
    lifetime: Option<Integer>,
    now: Option<Seconds>,
}

/// Answers a login request.
#[wasm_bindgen(js_name = beginLaunch)]
pub async fn begin_launch(request: JsValue, options: JsValue) -> Js<JsValue> {
    Ok(begin(&request, &options).await?)
}

async fn begin(request: &JsValue, options: &JsValue) -> Result<JsValue> {
    let form = form::read(request, "request")?;
    let BeginOptions { platforms, redirect_uri, secret, lifetime, now } = read::required(options, "options")?;
    let (platforms, keys) = (Platforms::read(&platforms)?, state_keys(&secret)?);
    let request = LoginRequest::parse(&form)?;
    let platform = platforms.find(&request.issuer, request.client_id.as_deref()).await?;
    #[allow(clippy::cast_possible_truncation)]
    let now = now.map_or_else(runtime::now_seconds, |now| now.0.floor() as i64);
    let options = LoginOptions { redirect_uri: &redirect_uri, lifetime: lifetime.map(|lifetime| lifetime.0), now };
    let login = Login::begin(&request, &platform, &keys, &options, &runtime::random_bytes()?)?;
    Ok(super::to_value(&login))
}

/// One secret or several.
fn state_keys(secret: &JsValue) -> Result<StateKeys> {
    const AT: &str = "options.secret";
    let secrets = if is_array(secret) {
        let failed = |(fault, cause): (String, JsValue)| Thrown::caused_by(Error::argument(AT, fault), cause);
        json::array_items(secret).map_err(failed)?
    } else {
        vec![secret.clone()]
    };
    let read = |secret: &JsValue| Ok(Secret::new(read::required::<Bytes>(secret, AT)?.into_vec(), AT)?);
    Ok(StateKeys::new(&secrets.iter().map(read).collect::<Result<Vec<_>>>()?)?)
}

/// What `verifyLaunch` takes besides the response.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VerifyOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    platforms: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    secret: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    keys: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    cookie: JsValue,
    stored: Option<StoredValue>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    claim_nonce: JsValue,
    clock_tolerance: Option<Seconds>,
    now: Option<Seconds>,
}

/// What the page got from the platform's storage.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct StoredValue {
    value: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    origin: JsValue,
}

/// Verifies what the platform posts to the redirect URI.
#[wasm_bindgen(js_name = verifyLaunch)]
pub async fn verify_launch(response: JsValue, options: JsValue) -> Js<JsValue> {
    Ok(verify(&response, &options).await?)
}

async fn verify(response: &JsValue, options: &JsValue) -> Result<JsValue> {
    let form = form::read(response, "response")?;
    let options: VerifyOptions = read::required(options, "options")?;
    let (platforms, state_keys) = (Platforms::read(&options.platforms)?, state_keys(&options.secret)?);
    let claim = nonce_claim(&options.claim_nonce)?;
    let cookie = nullable(&options.cookie, "options.cookie")?;
    let origin = options.stored.as_ref().map(|stored| nullable(&stored.origin, "options.stored.origin")).transpose()?;
    let now = options.now.map_or_else(runtime::now, |now| now.0);
    let tolerance = options.clock_tolerance.map_or(DEFAULT_TOLERANCE, |seconds| seconds.0);

    let response = LaunchResponse::parse(&form, &state_keys, now)?;
    let (issuer, client_id) = (&response.state().issuer, &response.state().client_id);
    let find = || platforms.find(issuer, Some(client_id));
    let stored = options.stored.as_ref().zip(origin.as_ref());
    let evidence = Evidence {
        cookie: cookie.as_deref(),
        stored: stored.map(|(stored, origin)| Stored { value: &stored.value, origin: origin.as_deref() }),
    };
    let bound = match response.bind(&evidence) {
        Ok(bound) => bound,
        Err(error) => {
            let mut thrown = Thrown::from(error);
            let storage = find().await.ok().and_then(|platform| response.storage(&platform));
            thrown.storage = storage.map_or(JsValue::UNDEFINED, |storage| super::to_value(&storage));
            return Err(thrown);
        }
    };
    let platform = find().await?;
    let verified =
        jose::verify_with(bound.id_token()?, &options.keys, "options.keys", Some(&[RS256.to_owned()])).await?;
    let launch = bound.launch(&verified, &platform, Clock { now, tolerance })?;
    claim_nonce(claim.as_ref(), &launch.nonce).await?;
    Ok(launch_out(&launch))
}

/// Text that may be null or absent, as what headers give.
fn nullable(value: &JsValue, name: &str) -> Result<Option<String>> {
    if value.is_undefined() || value.is_null() { Ok(None) } else { read::text(value, name).map(Some) }
}

const CLAIM: &str = "options.claimNonce";

fn nonce_claim(value: &JsValue) -> Result<Option<Function>> {
    if value.is_undefined() {
        return Ok(None);
    }
    let function = value.dyn_ref::<Function>().ok_or_else(|| Thrown::wrong_type(CLAIM, value, "a function"))?;
    Ok(Some(function.clone()))
}

/// Asks the caller's store whether the nonce is new.
async fn claim_nonce(function: Option<&Function>, nonce: &Nonce) -> Result<()> {
    let Some(function) = function else { return Ok(()) };
    #[allow(clippy::cast_precision_loss)]
    let until = JsValue::from_f64(nonce.until as f64);
    let call = || function.call2(&JsValue::UNDEFINED, &nonce.name.as_str().into(), &until);
    let answer = JsFuture::from(settled(call)).await.map_err(|cause| {
        let message = format!("{CLAIM} failed, so that the nonce may have been used before");
        Thrown::caused_by(Error::new(Code::Store, message).at(CLAIM), cause)
    })?;
    let is_first = answer.as_bool().ok_or_else(|| Thrown::wrong_type(CLAIM, &answer, "true or false"))?;
    Ok(nonce.check(is_first)?)
}

fn launch_out(launch: &Launch) -> JsValue {
    let out = super::to_value(launch);
    set(&out, "custom", &to_js::object(&launch.custom));
    set(&out, "header", &to_js::parsed_object(launch.header.members(), launch.header.as_json()));
    set(&out, "claims", &to_js::parsed_object(&launch.claims, &launch.text));
    out
}
