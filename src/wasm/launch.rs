//! `beginLaunch`, `verifyLaunch`.

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::call::{Call, RequestOptions};
use super::error::{Result, Thrown};
use super::id_token::{IdToken, NonceClaim};
use super::names::members_of;
use super::platforms::{PlatformKeys, Platforms};
use super::read::{self, Integer, Seconds, nullable};
use super::value::set;
use super::{form, runtime, to_js};
use crate::inspect::Kind;
use crate::lti13::{
    Clock, DEFAULT_TOLERANCE, Evidence, Launch, LaunchResponse, Login, LoginOptions, LoginRequest, StateKeys, Stored,
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
    let call = call(options)?;
    let params = read::among(options, "options", &[members_of::<VerifyOptions>(), members_of::<RequestOptions>()])?;
    let BeginOptions { platforms, redirect_uri, secret, lifetime, now } = params;
    let (platforms, keys) = (Platforms::read(&platforms)?, state_keys(&secret)?);
    let request = LoginRequest::parse(&form)?;
    let platform = platforms.find(&request.issuer, request.client_id.as_deref(), &call).await?;
    #[allow(clippy::cast_possible_truncation)]
    let now = now.map_or_else(runtime::now_seconds, |now| now.0.floor() as i64);
    let options = LoginOptions { redirect_uri: &redirect_uri, lifetime: lifetime.map(|lifetime| lifetime.0), now };
    let login = Login::begin(&request, &platform, &keys, &options, &runtime::random_bytes()?)?;
    Ok(super::to_value(&login))
}

/// How a request is sent. Options of a login serve its launch too, and the other way round: a tool may keep them in one object.
fn call(options: &JsValue) -> Result<Call> {
    let others = [members_of::<BeginOptions>(), members_of::<VerifyOptions>()];
    Call::new("options").with(read::among(options, "options", &others)?)
}

fn state_keys(secret: &JsValue) -> Result<StateKeys> {
    Ok(StateKeys::new(&read::secrets(secret, "options.secret")?)?)
}

/// What `verifyLaunch` takes besides the response and `RequestOptions`.
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
    #[serde(with = "serde_wasm_bindgen::preserve")]
    stored: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    claim_nonce: JsValue,
    clock_tolerance: Option<Seconds>,
    now: Option<Seconds>,
}

/// What the page got from the platform's storage.
#[derive(Deserialize)]
struct StoredOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    value: JsValue,
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
    let call = call(options)?;
    let others = [members_of::<BeginOptions>(), members_of::<RequestOptions>()];
    let options: VerifyOptions = read::among(options, "options", &others)?;
    let (platforms, state_keys) = (Platforms::read(&options.platforms)?, state_keys(&options.secret)?);
    let keys = PlatformKeys::read(&options.keys, &platforms)?;
    let claim = NonceClaim::read(&options.claim_nonce)?;
    let (cookie, stored) = (nullable(&options.cookie, "options.cookie")?, stored(&options.stored)?);
    let now = options.now.map_or_else(runtime::now, |now| now.0);
    let clock = Clock { now, tolerance: options.clock_tolerance.map_or(DEFAULT_TOLERANCE, |seconds| seconds.0) };

    let response = LaunchResponse::parse(&form, &state_keys, now)?;
    let (issuer, client_id) = (&response.state().issuer, &response.state().client_id);
    let find = || platforms.find(issuer, Some(client_id), &call);
    let stored = stored.as_ref().map(|(value, origin)| Stored { value, origin: origin.as_deref() });
    let evidence = Evidence { cookie: cookie.as_deref(), stored };
    let bound = match response.bind(&evidence) {
        Ok(bound) => bound,
        Err(error) => {
            let mut thrown = Thrown::from(error);
            if response.offers_storage() {
                let storage = find().await.ok().and_then(|platform| response.storage(&platform));
                thrown.storage = storage.map_or(JsValue::UNDEFINED, |storage| super::to_value(&storage));
            }
            return Err(thrown);
        }
    };
    let platform = find().await?;
    let (kind, nonce) = (Kind::Lti13IdToken, Some(response.state().nonce.as_str()));
    let token = IdToken { text: bound.id_token()?, kind, platform: &platform, nonce, clock };
    let verified = token.verify(&keys, &call).await?;
    let launch = bound.launch(&verified, &platform, clock).map_err(|error| token.refused(error))?;
    if let Some(claim) = claim {
        claim.claim(&launch.nonce, clock, &call).await?;
    }
    Ok(launch_out(&launch))
}

/// The stored value and the origin that it came from. There is none in what a platform posts, only in what the page posts
/// after it.
fn stored(stored: &JsValue) -> Result<Option<(String, Option<String>)>> {
    const AT: &str = "options.stored";
    if stored.is_undefined() || stored.is_null() {
        return Ok(None);
    }
    let StoredOptions { value, origin } = read::required(stored, AT)?;
    let (value, origin) = (nullable(&value, &format!("{AT}.value"))?, nullable(&origin, &format!("{AT}.origin"))?);
    Ok(value.map(|value| (value, origin)))
}

fn launch_out(launch: &Launch) -> JsValue {
    let out = super::to_value(launch);
    set(&out, "custom", &to_js::object(&launch.custom));
    set(&out, "header", &to_js::header(&launch.header));
    set(&out, "claims", &to_js::parsed_object(&launch.claims, &launch.text));
    out
}
